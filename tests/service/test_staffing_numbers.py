"""Erlang B, C and A against published rows, exact sums and the chain itself; and how many agents it takes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, exp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.errors import InvalidRecord
from community_ops.service.staffing import (
    deferred_fte,
    erlang_a,
    erlang_b,
    erlang_c,
    offered_load,
    required_agents,
)
from tests.service.erlang_oracle import Impatient, blocking, waiting

MICROSECOND, SECOND, MINUTE, HOUR = [timedelta(**{unit: 1}) for unit in ("microseconds", "seconds", "minutes", "hours")]
loads = st.fractions(Fraction(1, 100), 60, max_denominator=100)
lengths = st.timedeltas(SECOND, HOUR)


# --- Erlang B and C -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("load", "agents", "handling", "answer", "expected"),
    [
        (10, 14, 180, 20, (0.1741319335950499, 0.8883500191794669, 7.835937011777246, 5 / 7)),
        (48, 55, 240, 15, (0.2387009363780092, 0.8458830921705803, 8.184032104388887, 48 / 55)),
    ],
)
def test_erlang_c_gives_the_published_rows(load, agents, handling, answer, expected) -> None:
    found = erlang_c(load, agents, handling * SECOND, answer * SECOND)
    measures = (found.wait_probability, found.service_level, found.asa_seconds, found.occupancy)
    assert measures == pytest.approx(expected, rel=0, abs=1e-12)


def test_two_erlangs_make_four_ninths_wait_for_three_agents() -> None:
    found = erlang_c(2, 3)
    assert found.wait_probability == pytest.approx(4 / 9, rel=0, abs=1e-12)
    assert (found.service_level, found.asa_seconds) == (None, None)  # nobody said how long anything takes
    timed = erlang_c(2, 3, 90 * SECOND)  # 4/9 of a handling time, as one agent is to spare
    assert timed.service_level is None
    assert timed.asa_seconds == pytest.approx(40, rel=0, abs=1e-12)


@pytest.mark.parametrize(
    ("agents", "least", "most"),
    [
        (1, 0.0101, 0.0102),
        (2, 0.152, 0.154),
        (5, 1.355, 1.365),
        (10, 4.455, 4.465),
        (20, 11.95, 12.05),
        (100, 84.0, 84.1),
    ],
)
def test_erlang_b_gives_the_published_table_for_one_call_in_a_hundred_lost(agents, least, most) -> None:
    assert erlang_b(least, agents) < 0.01 < erlang_b(most, agents)


@given(loads, st.integers(0, 90))
def test_erlang_b_is_its_sum(load, agents) -> None:
    assert erlang_b(load, agents) == pytest.approx(float(blocking(load, agents)), rel=1e-13)


@given(loads, st.integers(1, 40), lengths, lengths)
def test_erlang_c_is_its_sum(load, more, handling, answer) -> None:
    agents = int(load) + more
    exact = waiting(load, agents)
    found = erlang_c(load, agents, handling, answer)
    assert found.wait_probability == pytest.approx(float(exact), rel=1e-12)
    spare = agents - load
    assert found.asa_seconds == pytest.approx(float(exact / spare) * handling.total_seconds(), rel=1e-12)
    exponent = spare * Fraction(answer // MICROSECOND, handling // MICROSECOND)
    assert found.service_level == pytest.approx(1 - float(exact) * exp(-exponent), abs=1e-12)
    assert found.occupancy == pytest.approx(float(load / agents), rel=1e-15)


@given(loads, st.integers(0, 60))
def test_a_queue_without_end_answers_nobody(load, less) -> None:
    agents = max(int(load) - less, 0)
    found = erlang_c(load, agents, MINUTE, HOUR)
    assert (found.wait_probability, found.service_level, found.asa_seconds) == (1, 0, None)
    assert found.occupancy == (1 if agents else None)


def test_as_many_agents_as_erlangs_are_too_few() -> None:
    found = erlang_c(10, 10, MINUTE, HOUR)
    assert (found.wait_probability, found.service_level, found.asa_seconds, found.occupancy) == (1, 0, None, 1)


def test_no_load_is_answered_at_once() -> None:
    found = erlang_c(0, 2, MINUTE, SECOND)
    assert (found.wait_probability, found.service_level, found.asa_seconds, found.occupancy) == (0, 1, 0, 0)
    assert (erlang_b(0, 2), erlang_b(0, 0), erlang_b(3, 0)) == (0, 1, 1)


def test_far_more_agents_than_load_never_all_are_busy() -> None:
    assert erlang_b(1, 1_000_000_000) == 0
    assert erlang_c(1, 1_000_000_000, MINUTE, SECOND).service_level == 1
    assert erlang_c(Decimal("1e-399"), 1).wait_probability == 0
    found = erlang_a(1, 1_000_000_000, MINUTE, MINUTE, SECOND)
    assert (found.wait_probability, found.abandon_probability, found.service_level, found.asa_seconds) == (0, 0, 1, 0)


@given(loads, st.integers(1, 90))
def test_waiting_is_likelier_than_being_lost_and_rarer_with_each_agent(load, agents) -> None:
    # Below 1e-300 floats end.
    assert erlang_b(load, agents) <= erlang_c(load, agents).wait_probability + 1e-300
    assert erlang_b(load, agents + 1) < erlang_b(load, agents) + 1e-300
    assert erlang_c(load, agents + 1).wait_probability <= erlang_c(load, agents).wait_probability


@given(loads, loads, st.integers(1, 90), lengths, lengths)
def test_more_load_makes_more_wait(one, other, agents, handling, answer) -> None:
    less, more = sorted([one, other])
    low: Any = erlang_c(less, agents, handling, answer)
    high: Any = erlang_c(more, agents, handling, answer)
    assert low.wait_probability <= high.wait_probability + 1e-15
    assert low.service_level >= high.service_level - 1e-15
    assert erlang_b(less, agents) <= erlang_b(more, agents) + 1e-15


@pytest.mark.parametrize("more", [1, 100, 447, 1_500])
def test_two_hundred_thousand_erlangs_agree_with_the_recurrence_to_fifty_digits(more) -> None:
    load, agents = 200_000, 200_000 + more
    with localcontext() as context:
        context.prec = 50
        blocked = Decimal(1)
        for n in range(1, agents + 1):
            blocked = load * blocked / (n + load * blocked)
        waits = agents * blocked / (agents - load * (1 - blocked))
    assert erlang_b(load, agents) == pytest.approx(float(blocked), rel=1e-12)
    assert erlang_c(load, agents).wait_probability == pytest.approx(float(waits), rel=1e-12)


def test_numbers_of_every_type_are_taken() -> None:
    same = {erlang_b(load, 3) for load in (2, 2.0, Decimal(2), Fraction(2))}
    assert len(same) == 1


# --- Erlang A -----------------------------------------------------------------------------------------------


def test_erlang_a_gives_the_published_row_to_the_digits_given() -> None:
    found = erlang_a(10, 14, 3 * MINUTE, 5 * MINUTE, 20 * SECOND)
    assert round(found.wait_probability, 5) == 0.14526
    assert round(found.service_level or 0, 6) == 0.916792
    assert round(found.asa_seconds, 2) == 4.20
    assert round(found.abandon_probability, 5) == 0.01398


def agrees_with_the_chain(load: Decimal, agents: int, patience: Decimal, within: float) -> None:
    found = erlang_a(load, agents, HOUR, float(patience) * HOUR, within * HOUR)
    exact = Impatient(load, agents, patience).measures(within)
    assert found.wait_probability == pytest.approx(exact.waits, rel=1e-11)
    assert found.abandon_probability == pytest.approx(exact.abandons, rel=1e-11, abs=1e-300)
    assert found.service_level == pytest.approx(exact.level, rel=1e-11, abs=1e-11)
    assert found.asa_seconds == pytest.approx(exact.wait * 3600, rel=1e-11, abs=1e-300)
    assert found.answered_asa_seconds == pytest.approx(exact.answered_wait * 3600, rel=1e-11, abs=1e-300)
    served = float(load) * (1 - exact.abandons)
    assert found.occupancy == pytest.approx(served / agents, rel=1e-11)


# Powers of two are lengths that a timedelta holds exactly, as near as 3,600 s divided by 128.
@given(
    st.decimals(Decimal("0.1"), 40, places=1),
    st.integers(1, 50),
    st.integers(-5, 4).map(lambda power: Decimal(2) ** power),
    st.integers(0, 256).map(lambda part: part / 128),
)
def test_erlang_a_is_what_the_chain_does(load, agents, patience, within) -> None:
    agrees_with_the_chain(load, agents, patience, within)


@pytest.mark.parametrize(
    ("load", "agents", "patience", "within"),
    [
        (300, 100, 2, 2.25),  # everybody waits, and most about as long as the answer time
        (300, 100, 2, 0.5),
        (300, 100, 2, 4),
        (400, 20, 1, 3),  # the shape of the queue below 100
        (200, 2, 1, 4.5),  # and below 16
        (2_000, 2_000, 1, 0.015625),
        (2_000, 1_950, 0.5, 0.015625),
        (1_000, 1_030, 8, 0.03125),
    ],
)
def test_erlang_a_is_what_the_chain_does_under_heavy_load(load, agents, patience, within) -> None:
    agrees_with_the_chain(Decimal(load), agents, Decimal(patience), within)


@pytest.mark.parametrize("agents", [199_000, 200_000, 200_300])
def test_two_hundred_thousand_erlangs_of_impatient_contacts_agree_with_the_chain(agents) -> None:
    queue = Impatient(Decimal(200_000), agents, Decimal("0.25")).queue()
    waits, length = sum(queue), sum(k * state for k, state in enumerate(queue))
    found = erlang_a(200_000, agents, HOUR, HOUR / 4)
    assert found.wait_probability == pytest.approx(float(waits), rel=1e-11)
    assert found.asa_seconds == pytest.approx(float(length) / 200_000 * 3600, rel=1e-11)
    assert found.service_level is None


@given(loads, st.integers(2, 30))
def test_erlang_a_becomes_erlang_c_as_patience_grows(load, more) -> None:
    agents = int(load) + more
    endless: Any = erlang_c(load, agents, MINUTE, MINUTE / 2)
    errors = []
    for patience in (1_000, 100_000):
        found: Any = erlang_a(load, agents, MINUTE, patience * MINUTE, MINUTE / 2)
        pairs = [
            (found.wait_probability, endless.wait_probability),
            (found.service_level, endless.service_level),
            (found.asa_seconds, endless.asa_seconds),
            (found.answered_asa_seconds, endless.asa_seconds),
            (found.occupancy, endless.occupancy),
            (found.abandon_probability, 0),
        ]
        errors.append([abs(got - wanted) for got, wanted in pairs])
    # The difference is of the order of 1 / patience, once that is long beside what there is to wait.
    for before, after in zip(*errors, strict=True):
        assert after <= before / 50 + 1e-11


@given(loads, st.integers(1, 40), st.timedeltas(SECOND, 10 * HOUR), lengths)
def test_erlang_a_lies_between_losing_and_keeping_everybody(load, agents, patience, answer) -> None:
    found: Any = erlang_a(load, agents, MINUTE, patience, answer)
    endless = erlang_c(load, agents, MINUTE, answer)
    assert 0 <= found.abandon_probability <= erlang_b(load, agents) * (1 + 1e-12)
    assert 0 <= found.wait_probability <= endless.wait_probability * (1 + 1e-12)
    assert 0 <= found.service_level <= 1 - found.abandon_probability + 1e-12
    assert found.answered_asa_seconds <= found.asa_seconds * (1 + 1e-9) / min(1, 1 - found.abandon_probability)
    more: Any = erlang_a(load, agents + 1, MINUTE, patience, answer)
    assert more.service_level >= found.service_level - 1e-12
    assert more.abandon_probability <= found.abandon_probability + 1e-12
    assert more.occupancy <= found.occupancy + 1e-12


def test_without_agents_everybody_waits_until_patience_ends() -> None:
    found = erlang_a(2, 0, MINUTE, 5 * MINUTE, HOUR)
    assert (found.wait_probability, found.abandon_probability, found.service_level) == (1, 1, 0)
    assert (found.asa_seconds, found.answered_asa_seconds, found.occupancy) == (300, None, None)


# --- required agents ----------------------------------------------------------------------------------------


def test_thirty_six_chats_an_hour_take_five_agents_and_eight_on_the_roster() -> None:
    load = offered_load(36, 5 * MINUTE)
    found = required_agents(load, 5 * MINUTE, service_level=0.8, answer_time=60 * SECOND, shrinkage=0.3)
    assert load == 3
    assert (found.agents, found.rostered) == (5, 8)
    # 3^5/5! 5/2 / (1 + 3 + 9/2 + 27/6 + 81/24 + 3^5/5! 5/2) = 81/343; 1 - 81/343 e^(-2/5)
    assert found.reached is not None
    assert found.reached.service_level == pytest.approx(1 - 81 / 343 * exp(-0.4), abs=1e-12)
    assert found.reached == erlang_c(3, 5, 5 * MINUTE, 60 * SECOND)


shares = st.integers(0, 99).map(lambda percent: percent / 100)


@given(loads, lengths, shares, lengths, st.integers(1, 100).map(lambda percent: percent / 100))
def test_required_agents_keep_what_is_asked_and_one_less_does_not(load, handling, level, answer, cap) -> None:
    found = required_agents(load, handling, service_level=level, answer_time=answer, max_occupancy=cap)
    exact_cap = Fraction(str(cap))

    def kept(agents: int) -> bool:
        got: Any = erlang_c(load, agents, handling, answer)
        return bool(agents > load and got.service_level >= level - 1e-12 and load <= agents * exact_cap)

    assert kept(found.agents)
    assert not kept(found.agents - 1)
    assert found.reached == erlang_c(load, found.agents, handling, answer)


@given(
    loads, lengths, shares, lengths, st.integers(1, 100).map(lambda percent: percent / 100), st.timedeltas(SECOND, HOUR)
)
def test_impatient_contacts_take_the_least_agents_that_keep_what_is_asked(
    load, handling, level, answer, cap, patience
) -> None:
    found = required_agents(
        load, handling, service_level=level, answer_time=answer, max_occupancy=cap, patience=patience
    )

    def kept(agents: int) -> bool:
        got: Any = erlang_a(load, agents, handling, patience, answer)
        return bool(got.service_level >= level - 1e-12 and got.occupancy <= cap + 1e-12)

    assert kept(found.agents)
    assert found.agents == 1 or not kept(found.agents - 1)
    assert found.reached == erlang_a(load, found.agents, handling, patience, answer)


@given(loads, st.integers(1, 6), shares, lengths, st.none() | lengths)
def test_an_agent_of_several_contacts_counts_as_so_many_places(load, concurrency, level, answer, patience) -> None:
    def required(places: int) -> Any:
        return required_agents(
            load, HOUR, service_level=level, answer_time=answer, patience=patience, concurrency=places
        )

    places, found = required(1), required(concurrency)
    assert found.agents == ceil(places.agents / concurrency)
    assert found.reached.agents == found.agents * concurrency


def test_two_hundred_thousand_erlangs_take_the_least_agents() -> None:
    found = required_agents(200_000, 3 * MINUTE, service_level=0.8, answer_time=20 * SECOND)
    levels: list[Any] = [
        erlang_c(200_000, agents, 3 * MINUTE, 20 * SECOND).service_level for agents in range(200_001, 200_040)
    ]
    assert found.agents == 200_001 + next(place for place, level in enumerate(levels) if level >= 0.8)


@pytest.mark.parametrize("percent", range(1, 100))
def test_a_level_that_is_just_kept_is_kept(percent) -> None:
    # One agent with a load of A makes A of all contacts wait, so that 1 - A are answered at once.
    load = Decimal(percent) / 100
    found = required_agents(float(load), HOUR, service_level=float(1 - load), answer_time=timedelta())
    assert found.agents == 1


@pytest.mark.parametrize(("agents", "shrinkage"), [(5, 0.3), (7, 0.3), (9, 0.1), (63, 0.37), (77, 0.23), (86, 0.14)])
def test_shrinkage_is_rounded_up_once_and_exactly(agents, shrinkage) -> None:
    found = required_agents(agents - 0.5, HOUR, service_level=0, answer_time=HOUR, shrinkage=shrinkage)
    assert (found.agents, found.rostered) == (agents, ceil(agents / (1 - Fraction(str(shrinkage)))))


@pytest.mark.parametrize("cap", [0.1, 0.3, 0.7, 0.85, 0.9])
def test_an_occupancy_that_is_just_kept_is_kept(cap) -> None:
    for agents in range(1, 101):
        load = float(agents * Decimal(str(cap)))  # a decimal that floats do not divide without a remainder
        found = required_agents(load, HOUR, service_level=0, answer_time=HOUR, max_occupancy=cap)
        assert found.agents == agents


def test_no_load_takes_no_agents_and_the_least_load_takes_one() -> None:
    asked: dict[str, Any] = {"service_level": 0.8, "answer_time": MINUTE}
    nothing = required_agents(0, MINUTE, shrinkage=0.3, **asked)
    assert (nothing.agents, nothing.rostered, nothing.reached) == (0, 0, None)
    assert required_agents(1e-6, MINUTE, **asked).agents == 1
    assert required_agents(1e-6, MINUTE, patience=HOUR, **asked).agents == 1
    assert required_agents(0.5, MINUTE, patience=HOUR, service_level=0, answer_time=MINUTE).agents == 1


# --- load and deferred work ---------------------------------------------------------------------------------


def test_load_and_full_time_equivalents_are_exact_where_decimals_are() -> None:
    assert offered_load(10, 7 * MINUTE, 30 * MINUTE) == pytest.approx(Decimal(70) / 30)
    assert offered_load(0.3, 6 * MINUTE) == Decimal("0.03")
    assert str(offered_load(1_200, 5 * MINUTE)) == "100"
    # 340 x 0.2 h = 68 h; 32 h x 0.85 = 27.2 h
    assert deferred_fte(340, 12 * MINUTE, 32 * HOUR, 0.85) == Decimal("2.5")
    assert deferred_fte(0, 12 * MINUTE, 32 * HOUR) == 0
    assert deferred_fte(1, HOUR, 3 * HOUR) == Decimal(1) / 3


# --- what has no meaning ------------------------------------------------------------------------------------

NO_LOADS = [
    -1,
    -0.5,
    float("nan"),
    float("inf"),
    Decimal("nan"),
    Decimal("sNaN"),
    Decimal("inf"),
    "3",
    None,
    True,
    10**400,
]


@pytest.mark.parametrize("load", [*NO_LOADS, 1_000_001, Decimal("1e999999"), Decimal("1e-999999")])
def test_a_load_without_meaning_is_named(load) -> None:
    asked: dict[str, Any] = {"service_level": 0.8, "answer_time": MINUTE}
    for call in (
        lambda: erlang_b(load, 1),
        lambda: erlang_c(load, 1),
        lambda: erlang_a(load, 1, MINUTE, MINUTE),
        lambda: required_agents(load, MINUTE, **asked),
    ):
        with pytest.raises(InvalidRecord) as caught:
            call()
        assert caught.value.field == "load"


@pytest.mark.parametrize("contacts", NO_LOADS[:-1])
def test_contacts_without_meaning_are_named(contacts) -> None:
    for call, name in ((offered_load, "contacts"), (deferred_fte, "volume")):
        with pytest.raises(InvalidRecord) as caught:
            call(contacts, MINUTE, HOUR)
        assert caught.value.field == name


@pytest.mark.parametrize("agents", [-1, 1.0, Decimal(1), "1", None, True, 1_000_000_001])
def test_agents_are_whole_numbers(agents) -> None:
    for call in (
        lambda: erlang_b(1, agents),
        lambda: erlang_c(1, agents),
        lambda: erlang_a(1, agents, MINUTE, MINUTE),
    ):
        with pytest.raises(InvalidRecord) as caught:
            call()
        assert caught.value.field == "agents"


REQUIRED: dict[str, Any] = {"load": 1, "handling_time": MINUTE, "service_level": 0.8, "answer_time": MINUTE}


@pytest.mark.parametrize(
    ("call", "given", "field"),
    [
        (erlang_c, {"load": 1, "agents": 2, "handling_time": timedelta()}, "handling_time"),
        (erlang_c, {"load": 1, "agents": 2, "handling_time": 180}, "handling_time"),
        (erlang_c, {"load": 1, "agents": 2, "answer_time": MINUTE}, "answer_time"),
        (erlang_c, {"load": 1, "agents": 2, "handling_time": MINUTE, "answer_time": -SECOND}, "answer_time"),
        (erlang_a, {"load": 1, "agents": 2, "handling_time": timedelta(), "patience": HOUR}, "handling_time"),
        (erlang_a, {"load": 1, "agents": 2, "handling_time": MINUTE, "patience": timedelta()}, "patience"),
        (erlang_a, {"load": 1, "agents": 2, "handling_time": MINUTE, "patience": None}, "patience"),
        (erlang_a, {"load": 1, "agents": 2, "handling_time": SECOND, "patience": timedelta(days=9)}, "patience"),
        (
            erlang_a,
            {"load": 1, "agents": 2, "handling_time": SECOND, "patience": HOUR, "answer_time": 20},
            "answer_time",
        ),
        (required_agents, {**REQUIRED, "handling_time": timedelta()}, "handling_time"),
        (required_agents, {**REQUIRED, "service_level": 1}, "service_level"),
        (required_agents, {**REQUIRED, "service_level": -0.1}, "service_level"),
        (required_agents, {**REQUIRED, "service_level": "0.8"}, "service_level"),
        (required_agents, {**REQUIRED, "answer_time": None}, "answer_time"),
        (required_agents, {**REQUIRED, "max_occupancy": 0}, "max_occupancy"),
        (required_agents, {**REQUIRED, "max_occupancy": 1.01}, "max_occupancy"),
        (required_agents, {**REQUIRED, "shrinkage": 1}, "shrinkage"),
        (required_agents, {**REQUIRED, "shrinkage": Decimal("nan")}, "shrinkage"),
        (required_agents, {**REQUIRED, "patience": timedelta()}, "patience"),
        (required_agents, {**REQUIRED, "concurrency": 0}, "concurrency"),
        (required_agents, {**REQUIRED, "concurrency": 1.5}, "concurrency"),
        (offered_load, {"contacts": 1, "handling_time": timedelta()}, "handling_time"),
        (offered_load, {"contacts": 1, "handling_time": HOUR, "period": timedelta()}, "period"),
        (deferred_fte, {"volume": 1, "handling_time": timedelta(), "productive_time": HOUR}, "handling_time"),
        (deferred_fte, {"volume": 1, "handling_time": HOUR, "productive_time": timedelta()}, "productive_time"),
        (deferred_fte, {"volume": 1, "handling_time": HOUR, "productive_time": HOUR, "occupancy": 0}, "occupancy"),
    ],
)
def test_what_has_no_meaning_is_named(call, given, field) -> None:
    with pytest.raises(InvalidRecord) as caught:
        call(**given)
    assert [name for name, _, _ in caught.value.problems] == [field]


def test_everything_that_has_no_meaning_is_named_at_once() -> None:
    with pytest.raises(InvalidRecord) as caught:
        required_agents(-1, timedelta(), service_level=2, answer_time=MINUTE)
    assert [name for name, _, _ in caught.value.problems] == ["load", "handling_time", "service_level"]
