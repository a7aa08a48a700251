"""The analysis of an organisation grows as the organisation does, and takes seconds for 100,000 positions.

Seconds of processor time, because the machine may be shared.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import community_ops as co
from bench.organisations import AT, organisation
from tests.scale.test_growth import lines_run

pytestmark = pytest.mark.scale

LINEAR: dict[str, Callable[[co.OperatingModel], Any]] = {
    "spans": lambda model: co.org.span_distribution(model, AT, "people"),
    "layers": lambda model: co.org.layers(model, AT),
    "managers": lambda model: co.org.manager_ratios(model, AT),
    "costs": lambda model: co.org.costs(model, AT),
    "costs below": lambda model: co.org.costs_below(model, AT),
    "headcount below": lambda model: co.org.headcount_below(model, AT),
    "vacancies": lambda model: co.org.vacancies(model, AT),
    "collaboration": lambda model: co.org.collaboration(model, AT).neighbours,
    "key people": lambda model: co.org.key_people(model, AT),
    "succession": lambda model: co.org.succession(model, AT),
    "channels": lambda model: co.org.channels(model, AT),
    "loads": lambda model: co.org.person_loads(model, AT),
    "acting": lambda model: co.org.acting(model, AT).uncovered,
    "occurrences": lambda model: co.org.occurrences(model, AT, AT + timedelta(27)),
    "meeting loads": lambda model: co.org.meeting_loads(model, AT),
    "clashes": lambda model: co.org.clashes(model, AT),
    "skill coverage": lambda model: co.org.skill_coverage(model, AT),
    "bottlenecks from 3 nodes": lambda model: co.org.bottlenecks(model, AT, k=3),
}
_EVERY = pytest.mark.parametrize("job", LINEAR.values(), ids=LINEAR.keys())


@pytest.fixture(scope="module")
def company() -> co.OperatingModel:
    return organisation(100_000)


@_EVERY
def test_ten_times_the_positions_are_ten_times_the_work(job: Callable[[co.OperatingModel], Any]) -> None:
    small, large = organisation(1_000), organisation(10_000)
    job(organisation(100))  # whatever is done only once, such as imports
    records = sum(map(len, large.tables)) / sum(map(len, small.tables))
    assert lines_run(lambda: job(large)) < 1.25 * records * lines_run(lambda: job(small))


@_EVERY
def test_a_hundred_thousand_positions_take_seconds(
    job: Callable[[co.OperatingModel], Any], company: co.OperatingModel
) -> None:
    started = time.process_time()
    job(company)
    assert time.process_time() - started < 15


def test_a_training_plan_for_everybody_takes_seconds_and_keeps_to_the_places(company: co.OperatingModel) -> None:
    started = time.process_time()
    plan = co.org.training_plan(company, AT)
    assert time.process_time() - started < 60
    taken = Counter(one.training for one in plan.bookings)
    assert taken
    for id, count in taken.items():
        training = company.trainings[id]
        assert training.places is not None
        assert count + len(training.people) <= training.places


def test_who_could_act_for_whom_is_asked_of_all_positions_in_seconds(company: co.OperatingModel) -> None:
    found = co.org.succession(company, AT)
    started = time.process_time()
    covered = [found.cover(position) for position in found.positions[::10]]
    assert time.process_time() - started < 15
    assert any(cover.candidates for cover in covered)
