"""The serial scheme keeps the order of links and of keys; the rules rank tasks as their names say."""

from __future__ import annotations

import pytest

from community_ops.plan import levelling_order
from community_ops.plan.levelling_order import priorities, serially, total_successors

FOLLOWERS = [[2, 2], [2], [3], []]  # two links from 0 to 2
WAITS = [0, 0, 3, 1]


def placed(keys: list[int]) -> list[int]:
    found: list[int] = []
    serially(WAITS, FOLLOWERS, keys, found.append)
    return found


def test_of_the_tasks_that_may_come_next_the_one_with_the_smallest_key_does() -> None:
    assert placed([5, 1, 0, -9]) == [1, 0, 2, 3]


def test_of_equal_keys_the_smaller_number_comes_first() -> None:
    assert placed([0, 0, 0, 0]) == [0, 1, 2, 3]


def test_rules_rank_tasks_by_what_they_are_called() -> None:
    # A project of 1 + 4 + 2: task 1 takes 1, 2 takes 4, 3 takes 2, and 0, which takes nothing, may start at 1.
    found = priorities([0, 1, 4, 2], [1, 0, 1, 5], [1, 1, 5, 7], [1, 0, 0, 0], FOLLOWERS, [0, 1, 2, 3])
    assert dict(found) == {
        "latest finish": [1, 1, 5, 7],
        "latest start": [1, 0, 1, 5],
        "least slack": [1, 0, 0, 0],
        "greatest rank positional weight": [-4, -5, -6, -2],
        "most total successors": [-2, -2, -1, 0],
    }


def test_successors_are_counted_once_however_many_ways_lead_to_them() -> None:
    diamond = [[1, 2], [3], [3], []]
    assert total_successors(diamond, [0, 1, 2, 3]) == [3, 1, 1, 0]


def test_with_too_many_tasks_nobody_counts_all_successors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levelling_order, "_MANY", 3)
    found = priorities([0] * 4, [0] * 4, [0] * 4, [0] * 4, FOLLOWERS, [0, 1, 2, 3])
    assert "most total successors" not in found
