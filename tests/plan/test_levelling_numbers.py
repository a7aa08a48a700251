"""The numeric core of levelling: PSPLIB J30 against proven optima, any network against its definition."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops.errors import CyclicNetwork, InvalidRecord
from community_ops.plan.network import Levelling, level
from tests.plan.oracle import gap

TYPES = ("FS", "SS", "FF", "SF")


def broken(starts: Any, durations: Any, links: Any, requests: Any, capacity: Any) -> list[str]:
    """Name all that is wrong with a schedule, unit of time by unit of time."""
    found = [f"link {link}" for link in links if gap(list(map(Fraction, starts)), durations, link) < 0]
    found += [f"task {task} before the start" for task, start in enumerate(starts) if start < 0]
    end = max([start + length for start, length in zip(starts, durations, strict=True)], default=0)
    for resource, there in enumerate(capacity):
        used = [0] * end
        for start, length, row in zip(starts, durations, requests, strict=True):
            for time in range(start, start + length):
                used[time] += row[resource]
        found += [f"resource {resource} at {time}" for time, amount in enumerate(used) if amount > there]
    return found


@st.composite
def projects(draw: st.DrawFn, most: int = 7) -> tuple[Any, ...]:
    durations = draw(st.lists(st.integers(0, 5), min_size=1, max_size=most))
    count = len(durations)
    capacity = draw(st.lists(st.integers(1, 3), max_size=2))
    requests = [[draw(st.integers(0, there)) for there in capacity] for _ in durations]
    links = []
    if count > 1:
        for _ in range(draw(st.integers(0, count + 1))):
            after = draw(st.integers(1, count - 1))
            before = draw(st.integers(0, after - 1))
            links.append((before, after, draw(st.sampled_from(TYPES)), draw(st.integers(-3, 3))))
    return durations, links, requests, capacity


def test_psplib_j30_is_levelled_within_four_percent_of_the_proven_optima_and_every_capacity_holds(
    data_dir: Path,
) -> None:
    lines = (data_dir / "psplib-j30.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 480
    gaps = []
    for line in lines:
        project = json.loads(line)
        links = [
            (before, after - 1, "FS", 0)
            for before, successors in enumerate(project["successors"])
            for after in successors
        ]
        given = project["durations"], links, project["requests"], project["capacity"]
        found = level(*given, budget=20)
        assert broken(found.starts, *given) == [], project["id"]
        ends = [start + length for start, length in zip(found.starts, project["durations"], strict=True)]
        assert found.length == max(ends)
        assert found.lower_bound is not None
        assert found.lower_bound <= project["optimal_makespan"] <= found.length, project["id"]
        gaps.append(found.length / project["optimal_makespan"] - 1)
    assert sum(gaps) / len(gaps) <= 0.04


@given(projects(), st.integers(1, 20))
def test_no_link_and_no_capacity_is_ever_broken(project, budget) -> None:
    durations, links, requests, capacity = project
    found = level(*project, budget=budget)
    assert broken(found.starts, durations, links, requests, capacity) == []
    assert found.length == max(start + length for start, length in zip(found.starts, durations, strict=True))
    assert found.lower_bound is not None
    assert found.lower_bound <= found.length
    assert found.proven is (found.length == found.lower_bound)
    assert level(*project, budget=budget) == found


@settings(max_examples=25)
@given(projects(most=3))
def test_the_lower_bound_is_at_most_the_shortest_of_all_schedules(project) -> None:
    durations, links, requests, capacity = project
    found = level(*project)
    assert found.length is not None
    lengths = [
        max(start + length for start, length in zip(starts, durations, strict=True))
        for starts in product(range(found.length + 1), repeat=len(durations))
        if not broken(starts, durations, links, requests, capacity)
    ]
    assert found.lower_bound is not None
    assert found.lower_bound <= min(lengths) <= found.length


def test_tasks_that_share_one_pair_of_hands_are_done_one_after_the_other() -> None:
    found = level([3, 2, 4], [], [[1], [1], [1]], [1])
    assert (found.length, found.lower_bound, found.gap, found.proven) == (9, 9, 0, True)


def named(data_dir: Path, name: str) -> tuple[Any, int]:
    """Return a project of PSPLIB as `level` takes it, and its proven optimum."""
    lines = (data_dir / "psplib-j30.jsonl").read_text("utf-8").splitlines()
    found = next(one for one in map(json.loads, lines) if one["id"] == name)
    links = [
        (before, after - 1, "FS", 0) for before, successors in enumerate(found["successors"]) for after in successors
    ]
    return (found["durations"], links, found["requests"], found["capacity"]), found["optimal_makespan"]


def test_noise_finds_what_the_rules_alone_do_not(data_dir: Path) -> None:
    given, best = named(data_dir, "j3017_1")
    few, many = level(*given, budget=1), level(*given, budget=400)
    assert few.length is not None
    assert many.length is not None
    assert few.length > many.length >= best
    assert "with noise" in many.rule
    assert few.tried == 5  # every rule once, whatever the budget


def test_another_seed_may_find_another_schedule_and_the_same_seed_the_same(data_dir: Path) -> None:
    given, _ = named(data_dir, "j3025_2")
    found = [level(*given, budget=40, seed=seed) for seed in range(5)]
    assert found == [level(*given, budget=40, seed=seed) for seed in range(5)]
    assert len({one.starts for one in found}) > 1


def test_a_project_without_tasks_has_no_length() -> None:
    assert level([], [], [], [3]) == Levelling((), None, "latest finish", None, 0)
    assert level([], [], [], []).gap is None


def test_tasks_that_take_no_time_take_up_nothing() -> None:
    found = level([0, 0], [], [[1], [1]], [1])
    assert (found.starts, found.length, found.gap) == ((0, 0), 0, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (([1, 2], [], [[1], [2]], [1]), "requests[1][0]"),
        (([1], [], [[1, 1]], [1]), "requests[0]"),
        (([1, 1], [], [[1]], [1]), "requests"),
        (([1], [], [[-1]], [1]), "requests[0][0]"),
        (([1], [], [[1]], [-1]), "capacity[0]"),
        (([1.5], [], [[1]], [1]), "durations[0]"),
        (([True], [], [[1]], [1]), "durations[0]"),
        (([1, 1], [(0, 1, "FS", 0.5)], [[1], [1]], [1]), "links[0].lag"),
        (([1, 1], [(0, 2, "FS", 0)], [[1], [1]], [1]), "links[0].successor"),
    ],
)
def test_what_has_no_meaning_or_can_never_be_done_is_named(given, field) -> None:
    with pytest.raises(InvalidRecord) as caught:
        level(*given)
    assert caught.value.field == field


def test_a_circle_is_named() -> None:
    with pytest.raises(CyclicNetwork) as caught:
        level([1, 1], [(0, 1, "FS", 0), (1, 0, "FS", 0)], [[], []], [])
    assert caught.value.cycle == (0, 1)


def test_the_network_offers_it_and_nothing_that_is_not_there() -> None:
    assert co.plan.network.level is level
    with pytest.raises(AttributeError, match="crash"):
        co.plan.network.crash
