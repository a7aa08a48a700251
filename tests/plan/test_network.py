"""The critical path method: textbook and benchmark networks, traps, and equality with the definitions."""

from __future__ import annotations

import json
import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import community_ops as co
from community_ops.plan.network import Network, solve
from tests.plan import oracle

TYPES = ("FS", "SS", "FF", "SF")
DATES = ("early_start", "early_finish", "late_start", "late_finish", "total_float", "free_float")
A, B, C, D, E, F, G, H = range(8)


def columns(network: Network[Any]) -> dict[str, tuple[Any, ...]]:
    return {name: getattr(network, name) for name in DATES}


def numbers(low: int, high: int) -> st.SearchStrategy[Fraction]:
    return st.builds(Fraction, st.integers(low, high), st.sampled_from([1, 1, 2, 3]))


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Fraction], list[tuple[int, int, str, Fraction]]]:
    """Tasks in any order, links of all types with lags and leads, several between two tasks."""
    durations = draw(st.lists(numbers(0, 9), min_size=1, max_size=7))
    count = len(durations)
    names = draw(st.permutations(range(count)))
    links = []
    if count > 1:
        for _ in range(draw(st.integers(0, 12))):
            after = draw(st.integers(1, count - 1))
            before = draw(st.integers(0, after - 1))
            links.append((names[before], names[after], draw(st.sampled_from(TYPES)), draw(numbers(-6, 6))))
    return durations, links


# --- networks that others have solved ----------------------------------------------------------------------


def test_general_foundry_takes_fifteen_weeks_and_three_activities_have_slack() -> None:
    # Render, Stair, Hanna, Quantitative Analysis for Management: the dates of its table.
    links = [(A, C), (B, D), (C, E), (C, F), (D, G), (E, G), (F, H), (G, H)]
    found = solve([2, 3, 2, 4, 4, 3, 5, 2], [(before, after, "FS", 0) for before, after in links])
    assert (found.length, found.finish) == (15, 15)
    assert found.early_start == (0, 0, 2, 3, 4, 4, 8, 13)
    assert found.early_finish == (2, 3, 4, 7, 8, 7, 13, 15)
    assert found.late_start == (0, 1, 2, 4, 4, 10, 8, 13)
    assert found.late_finish == (2, 4, 4, 8, 8, 13, 13, 15)
    assert found.total_float == (0, 1, 0, 1, 0, 6, 0, 0)
    assert found.free_float == (0, 0, 0, 1, 0, 6, 0, 0)  # B's slack is D's as well
    assert found.critical() == (A, C, E, G, H)
    assert found.longest_path() == (A, C, E, G, H)


def test_all_critical_paths_of_psplib_j30_have_the_length_that_is_published(data_dir: Path) -> None:
    projects = [json.loads(line) for line in (data_dir / "psplib-j30.jsonl").read_text("utf-8").splitlines()]
    assert len(projects) == 480
    for project in projects:
        links = [
            (before, after - 1, "FS", 0)
            for before, successors in enumerate(project["successors"])
            for after in successors
        ]
        found = solve(project["durations"], links)
        assert found.length == project["critical_path_length"], project["id"]
        path = found.longest_path()
        assert sum(project["durations"][task] for task in path) == found.length
        assert set(path) <= set(found.critical())


@pytest.mark.parametrize(
    ("type", "lag", "start"),
    # By hand, for a predecessor of 5 from 10 to 15 and a successor of 3.
    [
        *[("FS", 0, 15), ("FS", 2, 17), ("FS", -2, 13), ("SS", 0, 10), ("SS", 2, 12), ("SS", -2, 10)],
        *[("FF", 0, 12), ("FF", 2, 14), ("FF", -9, 10), ("SF", 0, 10), ("SF", 4, 11), ("SF", -1, 10)],
    ],
)
def test_each_type_of_link_with_lag_and_lead_never_before_the_project_starts(type: str, lag: int, start: int) -> None:
    found = solve([5, 3], [(0, 1, type, lag)], start=10)
    assert found.early_start == (10, start)
    assert found.early_finish == (15, start + 3)
    assert found.driver(1) == (0 if start > 10 else None)
    assert found.start == 10
    assert found.length == max(15, start + 3) - 10


# --- traps -------------------------------------------------------------------------------------------------


def test_a_predecessor_that_outlasts_what_it_starts_is_critical() -> None:
    found = solve([10, 2], [(0, 1, "SS", 0)])
    assert found.length == 10
    assert found.late_finish == (10, 10)
    assert found.total_float == (0, 8)
    assert found.critical() == (0,)
    assert found.longest_path() == (0,)


def test_a_start_to_finish_predecessor_is_late_when_the_project_is() -> None:
    found = solve([10, 2], [(0, 1, "SF", 5)])
    assert found.early_start == (0, 3)
    assert found.late_finish == (10, 10)
    assert found.free_float == (0, 5)


def test_a_longer_successor_that_finishes_with_its_predecessor_does_not_start_before_the_project() -> None:
    found = solve([2, 10], [(0, 1, "FF", 0)])
    assert found.early_start == (0, 0)
    assert found.total_float == (8, 0)
    assert found.free_float == (8, 0)
    assert found.longest_path() == (1,)


def test_two_links_between_the_same_tasks_both_hold() -> None:
    # SS + 2 asks for a start at 2, FF + 4 for a finish at 14.
    found = solve([10, 5], [(0, 1, "SS", 2), (0, 1, "FF", 4)])
    assert found.early_start == (0, 9)
    assert found.length == 14
    assert found.driver(1) == 1
    again = solve([10, 20], [(0, 1, "SS", 2), (0, 1, "FF", 4)])
    assert again.early_start == (0, 2)
    assert again.driver(1) == 0


def test_free_float_is_never_more_than_total_float() -> None:
    # A's only link is slack by 9, but A itself ends only one before the project does.
    found = solve([10, 1, 11], [(0, 1, "SS", -9)])
    assert found.total_float == (1, 10, 0)
    assert found.free_float == (1, 10, 0)


def test_milestones_take_no_time_and_hold_their_place_on_the_path() -> None:
    found = solve([3, 0, 2, 0], [(0, 1, "FS", 0), (1, 2, "FS", 1), (2, 3, "FS", 0)])
    assert found.early_start == (0, 3, 4, 6)
    assert found.longest_path() == (0, 1, 2, 3)


def test_the_first_of_several_links_that_demand_the_same_is_the_driver() -> None:
    links = [(2, 3, "FS", -1), (1, 3, "FS", 0), (0, 3, "FS", 0)]
    assert solve([4, 4, 4, 1], links).driver(3) == 1
    assert solve([4, 4, 4, 1], links).longest_path() == (1, 3)


# --- deadline, threshold, nothing --------------------------------------------------------------------------


def test_a_deadline_that_is_missed_makes_floats_negative_and_moves_no_early_date() -> None:
    links = [(0, 1, "FS", 0), (2, 1, "FS", 0)]
    found = solve([4, 3, 1], links, start=100, deadline=105)
    assert found.early_start == (100, 104, 100)
    assert (found.finish, found.length) == (107, 7)
    assert found.late_finish == (102, 105, 102)
    assert found.total_float == (-2, -2, 1)
    assert found.free_float == (0, 0, 1)  # 3 up to the start of its successor, but only 1 in total
    assert found.critical() == (0, 1)
    assert found.critical(threshold=-3) == ()
    assert found.longest_path() == (0, 1)


@pytest.mark.parametrize("deadline", [7, 8, 1_000])
def test_a_deadline_that_is_met_changes_nothing(deadline: int) -> None:
    links = [(0, 1, "FS", 0)]
    assert columns(solve([4, 3], links, deadline=deadline)) == columns(solve([4, 3], links))


def test_tasks_with_little_float_are_critical_below_a_threshold() -> None:
    found = solve([10, 9, 7, Decimal("9.5")], [])
    assert found.critical() == (0,)
    assert found.critical(1) == (0, 1, 3)
    assert found.critical(0.5) == found.critical(Fraction(1, 2)) == (0, 3)


def test_a_project_without_tasks_starts_but_has_neither_finish_nor_length() -> None:
    found = solve([], [], start=5)
    assert (found.start, found.finish, found.length) == (5, None, None)
    assert set(columns(found).values()) == {()}
    assert found.critical() == found.longest_path() == ()


def test_a_project_of_milestones_alone_has_a_length_of_nothing() -> None:
    found = solve([0, 0], [(0, 1, "FS", 0)])
    assert (found.length, found.critical(), found.longest_path()) == (0, (0, 1), (1,))


def test_a_network_prints_as_what_it_is() -> None:
    assert repr(solve([1, 2], [(0, 1, "FS", 0)])) == "Network(2 tasks, 1 links, length 3)"


def test_the_solver_is_found_from_the_top_of_the_library() -> None:
    assert co.plan.network.solve is solve


def test_links_may_come_as_lists_and_from_a_generator() -> None:
    found = solve((length for length in [1, 2]), ([0, 1, "FS", 0] for _ in range(1)))  # type: ignore[call-overload]
    assert found.early_start == (0, 1)


# --- kinds of numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [int, float, Decimal, Fraction])
def test_results_are_of_the_type_that_went_in(kind: type) -> None:
    found = solve([kind(2), kind(3)], [(0, 1, "FS", 1)], start=1)
    for values in ((found.start, found.finish, found.length), *columns(found).values()):
        assert {type(value) for value in values} == {kind}
    assert found.early_start == (1, 4)


def test_one_number_that_is_no_int_decides_the_type_wherever_it_stands() -> None:
    assert type(solve([2], [], start=Fraction(1)).finish) is Fraction  # type: ignore[call-overload]
    assert type(solve([2], [], deadline=0.5).finish) is float
    assert type(solve([2, 1], [(0, 1, "FS", 0.5)]).finish) is float
    assert type(solve([2, 1], [(0, 1, "FS", Decimal(1))]).finish) is Decimal  # type: ignore[call-overload]


class Hours(float):
    def __repr__(self) -> str:
        return f"{float(self)} h"


class Count(int):
    pass


def test_subclasses_of_numbers_count_as_what_they_are() -> None:
    assert solve([Hours(0.1), Count(2)], [(0, 1, "FS", 0)]).finish == 2.1
    assert solve([Count(1), Count(2)], [(Count(0), Count(1), "FS", Count(0))]).finish == 3


def test_thirds_and_sevenths_add_up() -> None:
    durations = [Fraction(1, 3)] * 3 + [Fraction(1, 7)] * 7
    links = [(task, task + 1, "FS", 0) for task in range(9)]
    found = solve(durations, links)
    assert found.length == 2
    assert set(found.total_float) == {0}


def test_decimals_are_not_rounded_to_the_precision_of_the_day() -> None:
    with localcontext() as context:
        context.prec = 3
        found = solve([Decimal("1000.001"), Decimal("0.0002"), Decimal("1E+3")], [(0, 1, "FS", 0)])
    assert found.length == Decimal("1000.0012")
    assert found.total_float == (0, 0, Decimal("0.0012"))


def test_floats_add_up_as_the_decimals_they_print_as() -> None:
    # In binary 0.1 + 0.2 is more than 0.3, and 0.6 less 0.3 less 0.2 is less than 0.1.
    found = solve([0.1, 0.2, 0.3, 0.3], [(0, 1, "FS", 0), (1, 2, "FS", 0), (3, 2, "FS", 0)])
    assert found.early_finish == (0.1, 0.3, 0.6, 0.3)
    assert found.critical() == (0, 1, 2, 3)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=8), st.floats(-1e6, 1e6))
def test_a_chain_of_floats_is_critical_all_along_and_as_long_as_its_exact_sum(durations, start) -> None:
    found = solve(durations, [(task, task + 1, "FS", 0) for task in range(len(durations) - 1)], start=start)
    assert found.length == pytest.approx(math.fsum(durations), rel=1e-15)
    assert set(found.total_float) == {0.0}
    assert found.critical() == tuple(range(len(durations)))


def test_floats_that_outgrow_a_float_are_refused() -> None:
    with pytest.raises(co.InvalidRecord, match="Network: durations and lags add up to more than a float can hold"):
        solve([1.7e308, 1.7e308], [(0, 1, "FS", 0)])


# --- equality with the definitions -------------------------------------------------------------------------


@given(networks(), numbers(-5, 5), st.none() | numbers(-3, 20))
def test_dates_and_floats_are_what_the_definitions_say(network, start, deadline) -> None:
    durations, links = network
    found = solve(durations, links, start=start, deadline=deadline)
    early = oracle.early_starts(durations, links, start)
    finish = max(date + length for date, length in zip(early, durations, strict=True))
    late = oracle.late_starts(durations, links, finish if deadline is None else min(finish, deadline))
    total = [last - first for last, first in zip(late, early, strict=True)]
    assert (found.start, found.finish, found.length) == (start, finish, finish - start)
    assert list(found.early_start) == early
    assert list(found.early_finish) == [date + length for date, length in zip(early, durations, strict=True)]
    assert list(found.late_start) == late
    assert list(found.late_finish) == [date + length for date, length in zip(late, durations, strict=True)]
    assert list(found.total_float) == total
    free = oracle.free_floats(durations, links, early)
    assert list(found.free_float) == [min(max(slack, 0), max(most, 0)) for slack, most in zip(free, total, strict=True)]


@given(networks(), numbers(-5, 5))
def test_drivers_hold_their_tasks_in_place_and_the_longest_path_leads_from_start_to_finish(network, start) -> None:
    durations, links = network
    found = solve(durations, links, start=start)
    for task, date in enumerate(found.early_start):
        link = found.driver(task)
        if link is None:
            assert date == start
        else:
            assert links[link][1] == task
            assert oracle.gap(found.early_start, durations, links[link]) == 0
    path = found.longest_path()
    assert found.early_start[path[0]] == start
    assert found.early_finish[path[-1]] == found.finish
    for before, after in pairwise(path):
        driver = found.driver(after)
        assert driver is not None
        assert links[driver][0] == before
    assert set(path) <= set(found.critical())


@given(networks(), st.randoms(use_true_random=False))
def test_neither_the_order_of_tasks_nor_that_of_links_changes_a_date(network, rnd) -> None:
    durations, links = network
    count = len(durations)
    new = rnd.sample(range(count), count)  # the new number of each task
    moved = [Fraction(0)] * count
    for task, length in enumerate(durations):
        moved[new[task]] = length
    relinked = [(new[before], new[after], type, lag) for before, after, type, lag in links]
    rnd.shuffle(relinked)
    first, second = solve(durations, links), solve(moved, relinked)
    assert first.length == second.length
    for name, values in columns(first).items():
        assert [columns(second)[name][new[task]] for task in range(count)] == list(values)


# --- what has no meaning -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("durations", "links", "dates", "field", "message"),
    [
        ([1, -2], [], {}, "durations[1]", "must not be negative, got -2 (int)"),
        ([1, -0.5], [], {}, "durations[1]", "must not be negative, got -0.5 (float)"),
        ([math.nan], [], {}, "durations[0]", "must be finite, got nan (float)"),
        ([1, 2], [(0, 1, "FS", math.inf)], {}, "links[0].lag", "must be finite, got inf (float)"),
        ([1], [], {"start": Decimal("sNaN")}, "start", "must be finite, got Decimal('sNaN') (Decimal)"),
        ([1], [], {"deadline": -math.inf}, "deadline", "must be finite, got -inf (float)"),
        ([True], [], {}, "durations[0]", "must be an int, a float, a Decimal or a Fraction, got True (bool)"),
        (["1"], [], {}, "durations[0]", "must be an int, a float, a Decimal or a Fraction, got '1' (str)"),
        (
            [1, 2],
            [(0, 1, "FS", None)],
            {},
            "links[0].lag",
            "must be an int, a float, a Decimal or a Fraction, got None",
        ),
        ([Decimal("1E+999999999")], [], {}, "durations[0]", "must have at most 1,000 digits"),
        ([Decimal("1E-999999999")], [], {}, "durations[0]", "must have at most 1,000 digits"),
        ([Decimal("1." + "1" * 1_200)], [], {}, "durations[0]", "must have at most 1,000 digits"),
        (
            [1, 0.5],
            [(0, 1, "FS", Decimal(1))],
            {},
            "links[0].lag",
            "must be an int or a float, as durations[1] is, got",
        ),
        ([1, 2], [(0, 1, "FS", 0), (0, 2, "FS", 0)], {}, "links[1].successor", "must be the number of a task, 0 to 1"),
        ([1, 2], [(-1, 1, "FS", 0)], {}, "links[0].predecessor", "must be the number of a task, 0 to 1, got -1 (int)"),
        ([1, 2], [(True, 0, "FS", 0)], {}, "links[0].predecessor", "must be the number of a task, 0 to 1, got True"),
        ([1, 2], [("0", 1, "FS", 0)], {}, "links[0].predecessor", "must be the number of a task, 0 to 1, got '0'"),
        ([], [(0, 0, "FS", 0)], {}, "links[0].predecessor", "must be the number of a task, but there is none, got 0"),
        ([1, 2], [(0, 1, "fs", 0)], {}, "links[0].type", "must be one of FS, SS, FF, SF, got 'fs' (str)"),
        ([1, 2], [(0, 1, ["FS"], 0)], {}, "links[0].type", "must be one of FS, SS, FF, SF, got a list of 1"),
        ([1, 2], [(0, 1, "FS", 0), (0, 1, "FS")], {}, "links[1]", "must be (predecessor, successor, type, lag), got"),
        ([1, 2], ["01FS"], {}, "links[0]", "must be (predecessor, successor, type, lag), got '01FS' (str)"),
        ([1, 2], [None], {}, "links[0]", "must be (predecessor, successor, type, lag), got None"),
    ],
)
def test_what_has_no_meaning_is_refused_and_its_place_named(durations, links, dates, field, message) -> None:
    with pytest.raises(co.InvalidRecord) as caught:
        solve(durations, links, **dates)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"Network: {field} {message}")


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(co.InvalidRecord) as caught:
        solve([-1, 2], [(0, 5, "FF", 0), (0, 1, "XX", math.nan)])
    assert [field for field, _, _ in caught.value.problems] == [
        "links[0].successor",
        "links[1].type",
        "durations[0]",
        "links[1].lag",
    ]


def test_tasks_in_a_circle_are_named() -> None:
    with pytest.raises(co.errors.CyclicNetwork, match="in a circle: 1 -> 2 -> 1") as caught:
        solve([1, 1, 1], [(0, 1, "FS", 0), (1, 2, "SS", 0), (2, 1, "FF", -9)])
    assert caught.value.cycle == (1, 2)
