"""Monte Carlo over numbers: exact moments, criticality, determinism; and the shapes that lengths are drawn from."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest
from hypothesis import given, settings

import community_ops as co
from community_ops import Estimate
from community_ops.errors import CyclicNetwork, InvalidRecord
from community_ops.plan.network import simulate, solve
from tests.plan.test_network import networks

CHAIN: Any = [Estimate(2, 3, 10), Estimate(1, 1, 4), Estimate(5, 9, 9), 2.5]
LINKS = [(0, 1, "FS", 0), (1, 2, "FS", 1.5), (2, 3, "FS", 0)]


def pert(one: Estimate) -> tuple[float, float]:
    """Return the exact mean and variance of a PERT-beta: those of a beta distribution of its two parameters."""
    a, m, b = map(Fraction, (one.optimistic, one.most_likely, one.pessimistic))
    p, q = 1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a)
    return float(a + (b - a) * p / (p + q)), float((b - a) ** 2 * p * q / ((p + q) ** 2 * (p + q + 1)))


def triangular(one: Estimate) -> tuple[float, float]:
    a, m, b = map(float, (one.optimistic, one.most_likely, one.pessimistic))
    return (a + m + b) / 3, (a * a + m * m + b * b - a * m - a * b - m * b) / 18


@pytest.mark.parametrize(("shape", "moments"), [("pert", pert), ("triangular", triangular)])
def test_mean_and_deviation_of_a_single_path_are_the_exact_sums_within_four_standard_errors(shape, moments) -> None:
    trials = 4_000
    found = simulate(CHAIN, LINKS, trials=trials, seed=7, shape=shape)
    exact = [moments(one) for one in CHAIN[:3]]
    mean, variance = sum(one[0] for one in exact) + 2.5 + 1.5, sum(one[1] for one in exact)
    assert abs(found.mean - mean) <= 4 * sqrt(variance / trials)
    # The standard error of a sample variance of something nearly normal is its size times the root of 2 / n.
    assert found.deviation is not None
    assert abs(found.deviation**2 - variance) <= 4 * variance * sqrt(2 / trials)


@pytest.mark.parametrize("shape", ["pert", "triangular"])
def test_lengths_lie_within_their_estimate(shape) -> None:
    found = simulate([Estimate(2, 3, 10), Estimate(1, 1, 4), Estimate(5, 9, 9)], [], trials=500, shape=shape)
    for task, (low, high) in enumerate([(2, 10), (1, 4), (5, 9)]):
        assert low <= min(found.drawn[task]) < max(found.drawn[task]) <= high


def test_every_task_of_a_chain_is_always_critical() -> None:
    assert simulate(CHAIN, LINKS, trials=300).criticality == (1, 1, 1, 1)


def test_of_two_equal_tasks_side_by_side_each_is_critical_half_the_time() -> None:
    trials = 2_500
    found = simulate([Estimate(1, 2, 6), Estimate(1, 2, 6)], [], trials=trials, seed=3)
    assert all(abs(share - 0.5) <= 4 * 0.5 / sqrt(trials) for share in found.criticality)
    assert sum(found.criticality) == pytest.approx(1)


def test_a_task_that_is_always_critical_but_certain_has_no_sensitivity_and_one_that_decides_has_one_of_1() -> None:
    found = simulate([10, Estimate(1, 2, 6)], [(0, 1, "FS", 0)], trials=200)
    assert found.criticality == (1, 1)
    assert found.sensitivity == {1: pytest.approx(1)}


def test_sensitivity_is_the_rank_correlation_and_none_where_nothing_varied() -> None:
    found = simulate([Estimate(1, 2, 3), Estimate(4, 4, 4), Estimate(1, 5, 9)], [], trials=200)
    ranks = {task: _ranked(column) for task, column in found.drawn.items()}
    project = _ranked(found.lengths)
    assert found.sensitivity[1] is None
    for task in (0, 2):
        squares = sum((a - b) ** 2 for a, b in zip(ranks[task], project, strict=True))
        if len(set(found.lengths)) == 200:  # without ties, Spearman's own formula
            assert found.sensitivity[task] == pytest.approx(1 - 6 * squares / (200 * (200**2 - 1)))
    assert found.sensitivity[2] == pytest.approx(1, abs=0.2)


def _ranked(values: Any) -> list[float]:
    """Rank by counting: half of the equal ones, and all that are smaller."""
    return [sum(one < value for one in values) + (sum(one == value for one in values) + 1) / 2 for value in values]


def test_equal_lengths_share_a_rank() -> None:
    # The second is longer than the first in every trial, so the project never notices the first but for ties.
    found = simulate([Estimate(1, 1, 2), 3], [], trials=50)
    assert found.lengths == (3,) * 50
    assert found.sensitivity == {0: None}
    assert found.criticality == (0, 1)


@settings(max_examples=40)
@given(networks())
def test_with_nothing_uncertain_every_trial_is_the_critical_path_method(network) -> None:
    durations, links = network
    numbers = [float(one) for one in durations]
    tied = [(before, after, type, float(lag)) for before, after, type, lag in links]
    exact = solve(durations, links)
    found = simulate(numbers, tied, trials=3)
    assert found.lengths == pytest.approx([float(exact.length)] * 3)
    assert [task for task, share in enumerate(found.criticality) if share == 1] == list(exact.critical())
    assert set(found.criticality) <= {0, 1}


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_same_seed_gives_the_same_result_however_many_workers(workers) -> None:
    alone = simulate(CHAIN, LINKS, trials=350, seed=11)
    with ThreadPoolExecutor(workers) as executor:
        shared = simulate(CHAIN, LINKS, trials=350, seed=11, executor=executor)
    assert shared.lengths == alone.lengths
    assert shared.criticality == alone.criticality
    assert shared.drawn == alone.drawn


def test_more_trials_begin_with_the_same_ones_and_another_seed_with_others() -> None:
    few, more = simulate(CHAIN, LINKS, trials=130, seed=5), simulate(CHAIN, LINKS, trials=260, seed=5)
    assert more.lengths[:130] == few.lengths
    assert simulate(CHAIN, LINKS, trials=130, seed=6).lengths != few.lengths
    assert len(set(more.lengths)) == 260  # and no chunk repeats another


def test_quantiles_are_lengths_that_a_share_of_trials_did_not_exceed() -> None:
    found = simulate(CHAIN, LINKS, trials=100)
    ordered = sorted(found.lengths)
    assert [found.quantile(share) for share in (1e-12, 0.01, 0.07, 0.29, 0.5, 0.8, 1)] == [
        ordered[place] for place in (0, 0, 6, 28, 49, 79, 99)
    ]
    for share in (0, 1.01, -1):
        with pytest.raises(InvalidRecord) as caught:
            found.quantile(share)
        assert caught.value.field == "share"


def test_a_project_without_tasks_takes_no_time() -> None:
    found = simulate([], [], trials=120)
    assert (found.lengths, found.criticality, found.sensitivity) == ((0,) * 120, (), {})


def test_a_single_trial_has_no_deviation() -> None:
    found = simulate([2], [], trials=1)
    assert (found.mean, found.deviation, repr(found)) == (2, None, "<Trials: 1, mean length 2>")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"trials": 0}, "trials"),
        ({"trials": 1.5}, "trials"),
        ({"shape": "normal"}, "shape"),
        ({"durations": [1, Estimate(3, 2, 1)]}, "durations[1]"),
        ({"durations": [Estimate(-1, 2, 3)]}, "durations[0]"),
        ({"durations": [-1.0]}, "durations[0]"),
        ({"durations": [1], "links": [(0, 1, "FS", 0)]}, "links[0].successor"),
    ],
)
def test_what_has_no_meaning_is_named(change, field) -> None:
    with pytest.raises(InvalidRecord) as caught:
        simulate(**{"durations": [1], "links": [], **change})
    assert caught.value.field == field


def test_a_circle_is_named() -> None:
    with pytest.raises(CyclicNetwork):
        simulate([1, 1], [(0, 1, "FS", 0), (1, 0, "FS", 0)])


def test_the_network_loads_the_simulation_only_when_asked() -> None:
    import subprocess

    code = (
        "import sys, community_ops.plan.network as network; network.solve([1], []);"
        "print('community_ops.plan.simulating_numbers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert co.plan.network.simulate is simulate
