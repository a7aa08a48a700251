"""Where tickets go: by hand, one reason at a time, and against going through the rules one after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import (
    Absence,
    Assignment,
    Calendar,
    DateRange,
    OperatingModel,
    Person,
    Position,
    SkillLevel,
    Unit,
)
from community_ops.errors import IllegalTransition, NotAnInstant, UnknownRecord
from community_ops.service import Queue, SlaPolicy, Ticket
from community_ops.service.routing import Candidate, Routing, route
from tests.service.logs import DAY, WEEK, event, ticket, z

TODAY = DateRange(DAY.date(), DAY.date())


def job(id: str, unit: str = "u", **own: Any) -> Position:
    return Position(id=id, title=id, unit=unit, **own)


def held(position: str, person: str = "", **own: Any) -> Assignment:
    return Assignment(id=f"{position}-{person}", person=person or f"p-{position}", position=position, **own)


def agents(*ids: str, unit: str = "u") -> list[Any]:
    return [record for id in ids for record in (job(id, unit), held(id))]


def busy(position: str, *, since: str = "06:00", id: str = "", then: str = "") -> Ticket:
    """Return a ticket that a position was given, and what happened to it then."""
    log = ["05:00 opened", event(f"{since} assigned", position=position), *([then] if then else [])]
    return ticket(*log, id=id or f"{position}-{since}")


def hours(id: str, start: str, end: str, **own: Any) -> Calendar:
    return Calendar(id=id, hours=dict.fromkeys(WEEK, ((start, end),)), **own)


def routed(*records: Any, at: Any = None, log: Any = ("05:00 opened",), **queue: Any) -> Routing:
    """Return where a ticket goes at ten."""
    own = Queue(id="q", name="Q", **{"unit": "u", **queue})
    model = OperatingModel.of(Unit(id="u", name="U"), own, ticket(*log), *records)
    return route(model, "t", z("10:00") if at is None else at)


def rejections(found: Routing) -> dict[str, str | None]:
    return {one.position: one.rejected for one in found.candidates}


class TestWhoCan:
    def test_all_positions_of_the_unit_and_of_those_under_it_are_considered(self) -> None:
        below = [Unit(id="v", name="V", parent="u"), Unit(id="w", name="W", parent="v"), Unit(id="x", name="X")]
        found = routed(*below, *agents("a"), *agents("b", unit="w"), *agents("c", unit="x"))
        assert rejections(found) == {"a": None, "b": None}

    def test_somebody_has_to_be_there(self) -> None:
        found = routed(
            job("empty"), job("planned", status="planned"), *agents("away", "here"),
            Absence(id="x", person="p-away", period=TODAY),
        )  # fmt: skip
        assert rejections(found) == {"here": None, "away": "away", "empty": "vacant", "planned": "not there"}
        assert [str(one) for one in found.candidates[1:]] == [
            "away is away, back on 2013-06-05", "empty is vacant", "planned is not there",
        ]  # fmt: skip

    def test_whoever_is_away_without_a_known_end_is_just_away(self) -> None:
        gone = Absence(id="x", person="p-a", period=DateRange(DAY.date(), None))
        assert str(routed(*agents("a"), gone)) == "t: nobody can take it; a is away"

    def test_one_of_those_who_are_there_needs_every_skill(self) -> None:
        needed = [SkillLevel("chat", 2), SkillLevel("law", 1)]
        people = [
            Person(id="p-a", name="A", skills=[SkillLevel("chat", 2), SkillLevel("law", 3)]),
            Person(id="p-b", name="B", skills=[SkillLevel("chat", 1), SkillLevel("law", 1)]),
            Person(id="p-c", name="C", skills=[SkillLevel("law", 1)]),
            Person(id="half", name="H", skills=[SkillLevel("chat", 5)]),
        ]
        found = routed(*people, *agents("a", "b", "c", "d"), held("c", "half"), held("a", "half"), skills=needed)
        assert rejections(found) == {"a": None, **dict.fromkeys("bcd", "lacks skills")}
        # Those of c have both, but neither of them has: the one who lacks least by id is told of.
        assert [(one.position, one.missing) for one in found.candidates] == [
            ("a", ()), ("b", ("chat",)), ("c", ("chat",)), ("d", ("chat", "law")),
        ]  # fmt: skip
        assert (set(found.candidates[0].people), found.candidates[0].skilled) == ({"p-a", "half"}, ("p-a",))
        assert str(found.candidates[3]) == "d lacks skills chat, law"

    def test_one_who_has_the_skills_but_is_away_does_not_help(self) -> None:
        able = Person(id="able", name="A", skills=[SkillLevel("chat")])
        away = Absence(id="x", person="able", period=TODAY)
        found = routed(*agents("a"), held("a", "able"), able, away, skills=[SkillLevel("chat")])
        assert rejections(found) == {"a": "lacks skills"}

    def test_the_calendar_of_the_unit_says_who_is_on_shift_else_that_of_the_queue(self) -> None:
        calendars = [hours("day", "09:00", "18:00"), hours("night", "22:00", "06:00")]
        units = [
            Unit(id="nightly", name="N", parent="u", calendar="night"),
            Unit(id="under", name="U", parent="nightly"),
            Unit(id="daily", name="D", parent="u", calendar="day"),
            Unit(id="lost", name="L", parent="u", calendar="gone"),
        ]
        everyone = [*agents("a", unit="under"), *agents("b", unit="daily"), *agents("c"), *agents("d", unit="lost")]
        found = routed(*calendars, *units, *everyone, calendar="night")
        assert rejections(found) == {"b": None, **dict.fromkeys("acd", "off shift")}
        assert "a is off shift" in str(found)
        assert rejections(routed(*calendars, *units, *everyone, calendar="gone")) == {
            "a": "off shift", "b": None, "c": None, "d": None,
        }  # fmt: skip

    def test_at_closing_time_nobody_is_on_shift_any_more(self) -> None:
        found = [
            routed(hours("c", "09:00", "10:00"), *agents("a"), calendar="c", at=z(at)) for at in ("09:59", "10:00")
        ]
        assert [rejections(one) for one in found] == [{"a": None}, {"a": "off shift"}]

    def test_whether_somebody_is_there_is_asked_on_the_clocks_of_the_shift(self) -> None:
        # At 20:00 UTC it is the day after in Shanghai.
        tomorrow = DateRange(DAY.date() + timedelta(days=1), None)
        far = hours("far", "00:00", "24:00", timezone="Asia/Shanghai")
        away = Absence(id="x", person="p-a", period=tomorrow)
        assert rejections(routed(far, *agents("a"), away, calendar="far", at=z("20:00"))) == {"a": "away"}
        assert rejections(routed(*agents("a"), away, at=z("20:00"))) == {"a": None}

    def test_each_person_can_have_fewer_tickets_than_the_cap_before_there_is_one_more(self) -> None:
        full = [busy("a", id="1"), busy("a", id="2"), busy("b", id="3"), busy("b", id="4")]
        found = routed(*agents("a", "b"), held("b", "second"), *full, cap=2)
        assert rejections(found) == {"b": None, "a": "at the cap"}
        assert [one.load for one in found.candidates] == [1, 2]
        assert str(found.candidates[1]) == "a is at the cap: 2 open for 1, last given one at 2013-06-04 06:00:00+00:00"
        assert rejections(routed(*agents("a"), cap=0)) == {"a": "at the cap"}

    def test_the_ticket_itself_is_no_load(self) -> None:
        mine = ("05:00 opened", event("06:00 assigned", position="a"))
        assert rejections(routed(*agents("a"), log=mine, cap=1)) == {"a": None}


class TestWhoDoes:
    def test_the_lowest_load_wins_be_it_ever_so_busy(self) -> None:
        found = routed(*agents("a", "b"), held("b", "2"), held("b", "3"), busy("a", id="1"), busy("b", id="2"),
                       busy("b", id="3", since="09:00"))  # fmt: skip
        assert found.chosen is not None
        assert (found.chosen.position, found.decided, found.chosen.load) == ("b", "lowest load", Fraction(2, 3))
        assert str(found) == (
            "t: b, lowest load; b can take it: 2 open for 3, last given one at 2013-06-04 09:00:00+00:00; "
            "a can take it: 1 open for 1, last given one at 2013-06-04 06:00:00+00:00"
        )

    def test_of_those_alike_the_one_idle_for_longest_wins(self) -> None:
        found = routed(*agents("a", "b"), busy("a", since="07:00"), busy("b", since="06:59"))
        assert (found.candidates[0].position, found.decided) == ("b", "longest idle")

    def test_what_is_over_still_says_when_it_was_given(self) -> None:
        done = [busy("a", since="07:00", then="08:00 resolved"), busy("b", since="06:00", then="08:00 resolved")]
        found = routed(*agents("a", "b"), *done)
        assert (found.candidates[0].position, found.decided) == ("b", "longest idle")
        assert [(one.open, one.idle_since) for one in found.candidates] == [(0, z("06:00")), (0, z("07:00"))]

    def test_one_that_never_had_any_goes_before_all_others(self) -> None:
        found = routed(*agents("a", "b"), busy("a", since="06:00", then="08:00 resolved"))
        assert (found.candidates[0].position, found.decided) == ("b", "longest idle")
        assert str(found.candidates[0]) == "b can take it: 0 open for 1, never given any"

    def test_of_those_idle_since_the_same_instant_the_smallest_id_wins(self) -> None:
        found = routed(*agents("b", "a"), busy("b"), busy("a"))
        assert (found.candidates[0].position, found.decided) == ("a", "smallest id")

    def test_one_alone_is_the_only_one(self) -> None:
        assert routed(*agents("a")).decided == "the only one"

    def test_what_happens_later_does_not_count(self) -> None:
        later = busy("a", since="10:01")
        assert routed(*agents("a"), later).candidates[0].idle_since is None


class TestNobody:
    @pytest.mark.parametrize(
        "log",
        [
            ("05:00 opened", "06:00 resolved"),
            ("05:00 opened", "06:00 resolved", "07:00 closed"),
            ("05:00 opened", "06:00 cancelled"),
            ("05:00 opened", event("06:00 merged", into="u")),
        ],
    )
    def test_a_ticket_that_is_over_goes_to_nobody(self, log: Any) -> None:
        found = routed(*agents("a"), log=log)
        assert (found.chosen, found.decided, found.reason, found.candidates) == (None, None, "over", ())
        assert str(found) == "t: over"

    def test_one_that_has_not_been_opened_goes_to_nobody(self) -> None:
        assert routed(*agents("a"), log=()).reason == "not opened"
        assert routed(*agents("a"), at=z("04:59")).reason == "not opened"

    @pytest.mark.parametrize("queue", [None, "gone"])
    def test_one_in_no_queue_goes_to_nobody(self, queue: str | None) -> None:
        found = route(OperatingModel.of(ticket("05:00 opened", queue=queue)), "t", z("10:00"))
        assert (found.reason, found.queue) == ("no queue", queue)

    def test_the_queue_it_is_in_at_the_instant_counts(self) -> None:
        log = ("05:00 opened", event("10:00 queue_changed", queue=None))
        assert routed(*agents("a"), log=log).reason == "no queue"
        assert routed(*agents("a"), log=log, at=z("09:59")).reason is None

    @pytest.mark.parametrize("unit", [None, "gone"])
    def test_one_in_a_queue_without_a_unit_goes_to_nobody(self, unit: str | None) -> None:
        assert routed(*agents("a"), unit=unit).reason == "no unit"

    def test_a_unit_without_positions_has_none(self) -> None:
        assert (routed().reason, routed().candidates) == ("no positions", ())

    def test_where_all_are_rejected_it_says_why(self) -> None:
        found = routed(job("b"), job("a"))
        assert (found.chosen, found.reason) == (None, "nobody can take it")
        assert str(found) == "t: nobody can take it; a is vacant; b is vacant"

    def test_what_cannot_be_answered_is_an_error(self) -> None:
        with pytest.raises(UnknownRecord):
            route(OperatingModel.of(), "t", z("10:00"))
        with pytest.raises(IllegalTransition):
            routed(log=("05:00 opened", "06:00 closed"))
        with pytest.raises(NotAnInstant):
            routed(at=datetime(2013, 6, 4))

    def test_another_ticket_whose_log_does_not_hold_together_is_no_load(self) -> None:
        broken = ticket("05:00 opened", event("06:00 assigned", position="a"), "07:00 closed", id="broken")
        assert routed(*agents("a"), broken).candidates[0].open == 0


def test_instants_are_shown_on_the_clocks_of_the_policy_and_dates_begin_on_them() -> None:
    berlin = hours("berlin", "00:00", "24:00", timezone="Europe/Berlin")
    policy = SlaPolicy(id="p", name="P", calendar="berlin")
    found = routed(berlin, policy, *agents("a"), busy("a", id="x", since="21:00"), policy="p", at=date(2013, 6, 5))
    assert found.at.isoformat() == "2013-06-05T00:00:00+02:00"
    assert found.candidates[0].idle_since == z("21:00")
    assert str(found.candidates[0]).endswith("last given one at 2013-06-04 23:00:00+02:00")


# -- against going through the rules one after the other ---------------------------------------------------------------


@st.composite
def rooms(draw: st.DrawFn) -> list[Any]:
    """Draw a queue, its unit, five positions in two units, people with skills, and what they have to do."""
    skills = st.lists(st.sampled_from((SkillLevel("x", 1), SkillLevel("x", 2), SkillLevel("y", 1))), max_size=2)
    calendars = [hours("early", "06:00", "12:00"), hours("late", "12:00", "20:00")]
    named = st.sampled_from((None, None, "early", "early", "late"))
    records: list[Any] = [
        *calendars,
        Unit(id="u", name="U", calendar=draw(named)),
        Unit(id="v", name="V", parent="u", calendar=draw(named)),
        Queue(
            id="q", name="Q", unit="u", calendar=draw(named), cap=draw(st.none() | st.integers(1, 3)),
            skills=draw(st.sampled_from(((), (), (SkillLevel("x", 1),), (SkillLevel("x", 2), SkillLevel("y", 1))))),
        ),
    ]  # fmt: skip
    records += [Person(id=who, name=who, skills=tuple(draw(skills))) for who in "klmn"]
    for id in "abcde":
        records.append(
            job(id, draw(st.sampled_from("uv")), status=draw(st.sampled_from(("approved", "hiring", "closed"))))
        )
        records += [held(id, who) for who in sorted(draw(st.sets(st.sampled_from("klmn"), max_size=2)))]
    records += [Absence(id=who, person=who, period=TODAY) for who in sorted(draw(st.sets(st.sampled_from("klmn"))))[:1]]
    for number in range(draw(st.integers(0, 8))):
        clock = draw(st.sampled_from(("06:00", "07:00", "08:00")))
        then = draw(st.sampled_from(("", "", "", "09:00 resolved", "11:00 resolved", "09:00 pending")))
        records.append(busy(draw(st.sampled_from("abcde")), since=clock, id=f"t{number}", then=then))
    records.append(ticket("05:00 opened"))
    return records


def naive(model: OperatingModel, at: datetime) -> tuple[str | None, dict[str, str | None]]:
    """Return the position chosen for ticket t, and why each is rejected."""
    queue, hour = model.queues["q"], at.hour
    open_at = {"early": 6 <= hour < 12, "late": 12 <= hour < 20, None: True}
    verdicts: dict[str, str | None] = {}
    merits = []
    for position in model.positions:
        holders = [one.person for one in model.assignments if one.position == position.id]
        here = [who for who in holders if who not in [one.person for one in model.absences]]
        able = [
            who
            for who in here
            if all(
                any(has.skill == needed.skill and has.level >= needed.level for has in model.people[who].skills)
                for needed in queue.skills
            )
        ]
        unit = model.units[position.unit]
        calendar = unit.calendar or model.units["u"].calendar or queue.calendar
        given = [
            (one.events[1].at, len(one.events) < 3 or one.events[2].type == "pending" or one.events[2].at > at)
            for one in model.tickets
            if len(one.events) > 1 and one.events[1].position == position.id
        ]
        load = sum(still for _, still in given)
        if position.status == "closed":
            verdicts[position.id] = "not there"
        elif not here:
            verdicts[position.id] = "away" if holders else "vacant"
        elif not able:
            verdicts[position.id] = "lacks skills"
        elif not open_at[calendar]:
            verdicts[position.id] = "off shift"
        elif queue.cap is not None and load / len(here) >= queue.cap:
            verdicts[position.id] = "at the cap"
        else:
            verdicts[position.id] = None
            last = max([when for when, _ in given], default=datetime.min.replace(tzinfo=UTC))
            merits.append((Fraction(load, len(here)), last, position.id))
    return (min(merits)[2] if merits else None), verdicts


@given(rooms(), st.sampled_from(("10:00", "13:00")), st.integers(0, 99))
@settings(max_examples=300, deadline=None)
def test_tickets_go_where_the_rules_say_whatever_the_order_of_the_tables(
    records: list[Any], clock: str, seed: int
) -> None:
    at = z(clock)
    found = route(OperatingModel(records), "t", at)
    chosen, verdicts = naive(OperatingModel(records), at)
    assert (found.chosen and found.chosen.position) == chosen
    assert rejections(found) == verdicts
    Random(seed).shuffle(records)
    again = route(OperatingModel(records), "t", at)
    assert list(map(without_order, again.candidates)) == list(map(without_order, found.candidates))
    assert (again.decided, again.reason) == (found.decided, found.reason)


def without_order(one: Candidate) -> tuple[Any, ...]:
    people, skilled = frozenset(one.people), frozenset(one.skilled)
    return one.position, people, skilled, one.open, one.load, one.idle_since, one.rejected, one.missing, one.back
