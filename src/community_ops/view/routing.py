"""Ways for further lines through a chart that cross no box.

A line leaves a box at its side, follows the strip beside the box's column upwards to the space under the box above,
goes on so from level to level up to the space under the lowest box above both ends, and down again in the same way.
All of these spaces are free of boxes (see `layout`). Lines keep to one of a few lanes in them, so that several do not
lie on one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from community_ops.view.layout import ACROSS, DOWN, GROUND, Column, Layout
from community_ops.view.svg import Point, Rect

# Where the lanes run, across and down, and how far from the middle of a box's side they begin and end. In the space
# below a box the middle is left to the solid lines.
_ACROSS = (9.0, 13.0, 17.0, 21.0, 25.0, 11.0)
_DOWN = (8.0, 29.0, 12.0, 25.0, 33.0, 10.0)
_ASIDE = (-5.0, 6.0, -10.0, 11.0, -15.0, 16.0)
_LOOP = 12.0
_Lane = tuple[int, float]


def routes(layout: Layout, ties: Sequence[tuple[int, int]]) -> list[tuple[Point, ...]]:
    """Lead several lines, each in the lane in which it lies on the fewest of those before it.

    Args:
        layout: where the boxes are.
        ties: for each line the box it starts from and the box it leads to.

    Returns:
        The corners of each line.

    Example:
        >>> from community_ops.view.layout import arrange
        >>> layout = arrange([None, 0, 0], [(100, 40)] * 3)
        >>> routes(layout, [(1, 2)])
        [((122.0, 93.0), (131.0, 93.0), (131.0, 147.0), (122.0, 147.0))]
    """
    taken: dict[_Lane, list[tuple[float, float]]] = {}
    ways = []
    for source, target in ties:
        choices = [_route(layout, source, target, lane) for lane in range(len(_DOWN))]
        way = min(choices, key=lambda way: sum(_crowd(taken, *part) for part in pairwise(way)))
        for start, end in pairwise(way):
            lane, stretch = _stretch(start, end)
            taken.setdefault(lane, []).append(stretch)
        ways.append(way)
    return ways


def _stretch(start: Point, end: Point) -> tuple[_Lane, tuple[float, float]]:
    axis = 0 if start[0] == end[0] else 1
    first, last = sorted((start[1 - axis], end[1 - axis]))
    return (axis, round(start[axis], 1)), (first, last)


def _crowd(taken: dict[_Lane, list[tuple[float, float]]], start: Point, end: Point) -> int:
    lane, (first, last) = _stretch(start, end)
    return sum(first < there_last and there_first < last for there_first, there_last in taken.get(lane, ()))


def _route(layout: Layout, source: int, target: int, lane: int) -> tuple[Point, ...]:
    boxes = layout.boxes
    if source == target:
        return _loop(boxes[source])
    top = _lowest_common(layout, source, target)
    rightwards = _middle(boxes[target]) >= _middle(boxes[source])
    # Within one column both ends look to the same side, so that the way is the strip beside it.
    opposite = top in (source, target) or _column(layout, source, top) is not _column(layout, target, top)
    leaving = _climb(layout, source, top, lane, right=rightwards)
    coming = _climb(layout, target, top, lane, right=rightwards ^ opposite)
    return tuple(_simplified([*leaving, *reversed(coming)]))


def _column(layout: Layout, node: int, top: int) -> Column:
    """Return the column under `top` in which a box stands."""
    while layout.above[node] != top:
        node = layout.above[node]
    return layout.columns[node]


def _climb(layout: Layout, node: int, top: int, lane: int, *, right: bool) -> list[Point]:
    """Return the way from a box up to the space under `top`."""
    box = layout.boxes[node]
    if node == top:
        # Beside the middle, where the solid line is.
        x = _middle(box) + (1 if right else -1) * min(10.0 + 5 * lane, box.width / 2 - 2)
        return [(x, box.bottom), (x, box.bottom + _DOWN[lane])]
    y = box.y + box.height / 2 + _ASIDE[lane] * min(1.0, box.height / 40)
    way = [(box.right if right else box.x, y)]
    while True:
        column, node = layout.columns[node], layout.above[node]
        x = column.right + _ACROSS[lane] if right else column.x - ACROSS + _ACROSS[lane]
        bottom = -DOWN if node == GROUND else layout.boxes[node].bottom
        y = bottom + _DOWN[lane]
        way += [(x, way[-1][1]), (x, y)]
        if node == top:
            return way


def _lowest_common(layout: Layout, a: int, b: int) -> int:
    above = {GROUND}
    while a != GROUND:
        above.add(a)
        a = layout.above[a]
    while b not in above:
        b = layout.above[b]
    return b


def _loop(box: Rect) -> tuple[Point, ...]:
    upper, lower = box.y + box.height / 3, box.y + 2 * box.height / 3
    return (box.right, upper), (box.right + _LOOP, upper), (box.right + _LOOP, lower), (box.right, lower)


def _middle(box: Rect) -> float:
    return box.x + box.width / 2


def _simplified(points: Sequence[Point]) -> list[Point]:
    """Leave out corners between which a line goes straight on, or back on itself."""
    kept: list[Point] = []
    for point in points:
        while len(kept) > 1 and any(kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)):
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept
