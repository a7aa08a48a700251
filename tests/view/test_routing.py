from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from community_ops.view.layout import Layout, arrange
from community_ops.view.routing import routes
from tests.view.drawing import Box, crossed
from tests.view.sample import forests

SIZE = (100.0, 60.0)


def boxes_of(layout: Layout) -> list[Box]:
    return [Box(box.x, box.y, box.width, box.height) for box in layout.boxes[: len(layout.elbows)]]


@given(forests(30), st.data())
def test_lines_run_from_border_to_border_through_no_box(above: list[int | None], data: st.DataObject) -> None:
    layout = arrange(above, [SIZE] * len(above))
    boxes = boxes_of(layout)
    if not boxes:
        return
    nodes = st.integers(0, len(boxes) - 1)
    ties = data.draw(st.lists(st.tuples(nodes, nodes), max_size=8))
    ways = routes(layout, ties)
    assert len(ways) == len(ties)
    for (source, target), way in zip(ties, ways, strict=True):
        assert boxes[source].has_on_border(way[0])
        assert boxes[target].has_on_border(way[-1])
        assert not crossed(way, boxes)
        assert all(start[0] == end[0] or start[1] == end[1] for start, end in pairwise(way))


def test_a_line_to_itself_is_a_loop_beside_the_box() -> None:
    layout = arrange([None], [SIZE])
    (way,) = routes(layout, [(0, 0)])
    assert way[0][0] == way[-1][0] == 100
    assert way[0][1] < way[-1][1]
    assert max(x for x, _ in way) > 100


def test_two_lines_between_the_same_boxes_do_not_lie_on_one_another() -> None:
    layout = arrange([None, 0, 0, 1, 2], [SIZE] * 5)
    first, second = routes(layout, [(3, 4), (3, 4)])
    parts = [{(*a, *b) for a, b in pairwise(way)} for way in (first, second)]
    assert parts[0].isdisjoint(parts[1])
    verticals = [{a[0] for a, b in pairwise(way) if a[0] == b[0]} for way in (first, second)]
    assert verticals[0].isdisjoint(verticals[1])


def test_between_neighbours_in_a_pile_the_line_stays_beside_the_pile() -> None:
    layout = arrange([None, 0, 0, 0], [SIZE] * 4)
    (way,) = routes(layout, [(1, 3)])
    assert len(way) == 4
    assert way[0][0] == way[-1][0] == layout.boxes[1].right
