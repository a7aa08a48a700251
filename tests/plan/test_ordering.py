"""Tasks come after those they depend on, whatever the order of the links; a cycle is named, and a short one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.errors import CyclicNetwork
from community_ops.plan.ordering import adjacency, order


def ordered(count: int, *links: tuple[int, int]) -> list[int]:
    return order(count, [before for before, _ in links], [after for _, after in links])


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(st.integers(1, 9))
    task = st.integers(0, count - 1)
    return count, draw(st.lists(st.tuples(task, task), max_size=14))


def test_links_are_sorted_by_task_and_ascend_within_it() -> None:
    links = adjacency(4, [2, 0, 2, 3, 0])
    assert links.offsets == [0, 2, 2, 4, 5]
    assert [links.of(task) for task in range(4)] == [[1, 4], [], [0, 2], [3]]


def test_without_tasks_there_is_nothing_to_order() -> None:
    assert ordered(0) == []
    assert adjacency(0, []).offsets == [0]


def test_generations_follow_each_other_and_are_sorted_within() -> None:
    # 4 waits for nothing, as 0 does; 1 and 3 wait for 4; 2 waits for both.
    assert ordered(5, (4, 3), (3, 2), (4, 1), (1, 2)) == [0, 4, 1, 3, 2]


def test_several_links_between_two_tasks_count_as_each_other_does() -> None:
    assert ordered(2, (1, 0), (1, 0), (1, 0)) == [1, 0]


def test_an_adjacency_that_is_at_hand_is_used() -> None:
    assert order(3, [2, 1], [1, 0], adjacency(3, [2, 1])) == [2, 1, 0]


@given(graphs(), st.randoms(use_true_random=False))
def test_every_task_comes_once_and_after_its_predecessors_or_a_cycle_of_links_is_named(graph, rnd) -> None:
    count, links = graph
    try:
        found = ordered(count, *links)
    except CyclicNetwork as error:
        circle = list(zip(error.cycle, (*error.cycle[1:], error.cycle[0]), strict=True))
        assert set(circle) <= set(links)
        assert len(set(error.cycle)) == len(error.cycle)
        outcome: object = error.cycle
    else:
        assert sorted(found) == list(range(count))
        assert all(found.index(before) < found.index(after) for before, after in links)
        outcome = found
    rnd.shuffle(links)
    try:
        again: object = ordered(count, *links)
    except CyclicNetwork as error:
        again = error.cycle
    assert again == outcome


@pytest.mark.parametrize(
    ("count", "links", "cycle"),
    [
        (1, [(0, 0)], (0,)),
        (3, [(0, 2), (2, 0), (1, 2)], (0, 2)),
        (4, [(3, 2), (2, 1), (1, 3), (1, 0)], (1, 3, 2)),  # 0 is behind the cycle, not on it
        (4, [(0, 1), (1, 2), (2, 3), (3, 1)], (1, 2, 3)),  # 0 is before it
        (4, [(0, 1), (1, 2), (2, 3), (3, 0), (2, 0)], (0, 1, 2)),  # the shorter way round
        (5, [(0, 1), (1, 0), (1, 2), (2, 3), (3, 4), (4, 3)], (0, 1)),  # 2 lies between two cycles
    ],
)
def test_the_cycle_named_is_a_short_one_in_the_direction_of_its_links(count, links, cycle) -> None:
    with pytest.raises(CyclicNetwork) as caught:
        ordered(count, *links)
    assert caught.value.cycle == cycle
