from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.view.layout import ACROSS, BETWEEN, DOWN, INDENT, PILE, WIDTH, Layout, arrange
from tests.view.drawing import Box, crossed, overlaps
from tests.view.sample import forests

SIZE = (100.0, 40.0)


def boxes_of(layout: Layout) -> list[Box]:
    return [Box(box.x, box.y, box.width, box.height) for box in layout.boxes[: len(layout.elbows)]]


def test_nothing_is_laid_out_of_nothing() -> None:
    layout = arrange([], [])
    assert (layout.boxes, layout.elbows) == ((), ())
    assert (layout.extent().width, layout.extent().height) == (0, 0)


def test_an_only_child_stands_straight_below() -> None:
    parent, child = arrange([None, 0], [SIZE, SIZE]).boxes
    assert (child.x, child.y) == (parent.x, parent.bottom + DOWN)


def test_leaves_hang_in_a_pile_below_the_parents_left_edge() -> None:
    layout = arrange([None, 0, 0], [SIZE] * 3)
    top, first, second = layout.boxes
    assert (first.x, first.y) == (top.x + INDENT, top.bottom + DOWN)
    assert (second.x, second.y) == (first.x, first.bottom + BETWEEN)
    assert layout.elbows[2] == (
        (INDENT / 2, top.bottom),
        (INDENT / 2, second.y + 20),
        (second.x, second.y + 20),
    )


def test_managers_stand_side_by_side_below_the_middle_of_their_manager() -> None:
    layout = arrange([None, 0, 0, 1, 2], [SIZE] * 5)
    top, left, right, *_ = layout.boxes
    assert left.y == right.y
    assert right.x == left.right + ACROSS
    assert top.x + 50 == (left.x + right.right) / 2


def test_many_leaves_are_shared_out_among_several_piles() -> None:
    layout = arrange([None, *[0] * (3 * PILE)], [SIZE] * (3 * PILE + 1))
    assert len({box.x for box in layout.boxes[1:]}) == 3


def test_several_roots_stand_side_by_side_without_a_line() -> None:
    layout = arrange([None, None], [SIZE, SIZE])
    assert layout.boxes[0].y == layout.boxes[1].y
    assert layout.elbows == ((), ())


def test_a_chart_stays_about_as_wide_as_a_page() -> None:
    # 40 managers with 3 reports each would take 40 columns of 122 units.
    above: list[int | None] = [None, *[0] * 40]
    above += [1 + place // 3 for place in range(120)]
    layout = arrange(above, [SIZE] * len(above))
    assert layout.extent().width <= WIDTH + INDENT
    assert not overlaps(boxes_of(layout))
    assert all(layout.elbows[1:])


@given(forests(), st.lists(st.tuples(st.floats(40, 400), st.floats(20, 200)), min_size=40, max_size=40))
def test_no_two_boxes_overlap_and_every_line_runs_between_borders(
    above: list[int | None], sizes: list[tuple[float, float]]
) -> None:
    layout = arrange(above, sizes[: len(above)])
    boxes = boxes_of(layout)
    assert [(box.width, box.height) for box in boxes] == sizes[: len(above)]
    assert not overlaps(boxes)
    for node, (over, elbow) in enumerate(zip(above, layout.elbows, strict=True)):
        assert bool(elbow) == (over is not None)
        if over is not None:
            assert boxes[over].has_on_border(elbow[0])
            assert elbow[0][1] == boxes[over].bottom
            assert boxes[node].has_on_border(elbow[-1])
            assert not crossed(elbow, boxes)


@given(forests())
def test_everybody_stands_below_their_manager(above: list[int | None]) -> None:
    layout = arrange(above, [SIZE] * len(above))
    for node, over in enumerate(above):
        if over is not None:
            assert layout.boxes[node].y >= layout.boxes[over].bottom + DOWN


@pytest.mark.parametrize("count", [400, 5_000])
def test_a_chain_however_deep_is_a_straight_column(count: int) -> None:
    layout = arrange([None, *range(count - 1)], [SIZE] * count)
    assert {box.x for box in layout.boxes} == {0.0}
    assert layout.boxes[-1].y == (count - 1) * (SIZE[1] + DOWN)


def test_the_work_grows_with_the_number_of_boxes() -> None:
    # Counts instructions by lines of Python run, which no busy machine disturbs.
    def effort(count: int) -> int:
        import sys

        steps = 0

        def trace(frame: object, event: str, argument: object) -> object:
            nonlocal steps
            steps += event == "line"
            return trace

        shuffled = random.Random(7)
        above = [None, *(shuffled.randrange(max(0, node - 50), node) for node in range(1, count))]
        before = sys.gettrace()
        sys.settrace(trace)  # type: ignore[arg-type]
        try:
            arrange(above, [SIZE] * count)
        finally:
            sys.settrace(before)
        return steps

    assert effort(2000) < 2.6 * effort(1000)
