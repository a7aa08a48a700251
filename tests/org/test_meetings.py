"""Meetings: who is there, and how much of a week they take, by hand and minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Absence, Assignment, DateRange, Deputy, Meeting, OperatingModel, Person, Position
from community_ops.errors import UnknownRecord
from community_ops.org.meetings import clashes, meeting_loads, occurrences

MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def office(*more: Any) -> OperatingModel:
    records: list[Any] = []
    for id in ("ceo", "cmo"):
        records += [Person(id=f"p-{id}", name=id), Position(id=id, title=id, unit="hq")]
        records.append(Assignment(id=id, person=f"p-{id}", position=id))
    return OperatingModel.of(*records, *more)


def meeting(id: str, start: str | None = "2026-03-02T10:00", **fields: Any) -> Meeting:
    return Meeting(id=id, name=id, start=start, **{"participants": ["ceo", "cmo"], **fields})


def people(model: OperatingModel, day: date = MONDAY) -> list[tuple[str, ...]]:
    return [one.people for one in occurrences(model, day, day)]


class TestWhoIsThere:
    def test_those_who_hold_the_positions_each_once(self) -> None:
        assert people(office(meeting("m"))) == [("p-ceo", "p-cmo")]
        also = Assignment(id="also", person="p-ceo", position="cmo")
        assert people(office(meeting("m"), also)) == [("p-ceo", "p-cmo")]

    def test_a_deputy_for_who_is_away_and_nobody_from_above(self) -> None:
        away = Absence(id="a", person="p-cmo", period=DateRange(MONDAY, MONDAY))
        assert people(office(meeting("m"), away)) == [("p-ceo",)]
        aide = [Position(id="aide", title="Aide", unit="hq"), Assignment(id="x", person="eve", position="aide")]
        stands_in = Deputy(id="d", position="cmo", deputy="aide")
        assert people(office(meeting("m"), away, *aide, stands_in)) == [("p-ceo", "eve")]

    def test_what_changes_from_one_day_to_the_next_is_seen(self) -> None:
        away = Absence(id="a", person="p-cmo", period=DateRange(date(2026, 3, 3), date(2026, 3, 3)))
        until, later = DateRange(None, date(2026, 3, 4)), DateRange(date(2026, 3, 5), None)
        aide = [Position(id="aide", title="Aide", unit="hq"), Assignment(id="x", person="eve", position="aide")]
        stands_in = Deputy(id="d", position="cmo", deputy="aide", period=DateRange(date(2026, 3, 7), None))
        model = office(meeting("m", participants=["cmo"], recurrence="FREQ=DAILY"), away, *aide, stands_in)
        model = model.replace(Assignment(id="cmo", person="p-cmo", position="cmo", period=until))
        model = model.add(Assignment(id="y", person="kim", position="cmo", period=later))
        model = model.add(Absence(id="b", person="kim", period=DateRange(date(2026, 3, 6), date(2026, 3, 7))))
        found = [one.people for one in occurrences(model, MONDAY, date(2026, 3, 8))]
        assert found == [("p-cmo",), (), ("p-cmo",), ("kim",), (), ("eve",), ("kim",)]

    def test_nobody_for_participants_that_do_not_exist_or_are_none(self) -> None:
        assert people(office(meeting("m", participants=["ghost"]))) == [()]
        assert people(office(meeting("m", participants=[]))) == [()]

    def test_a_meeting_without_a_start_is_held_on_no_day(self) -> None:
        assert people(office(meeting("m", None))) == []


class TestWhen:
    def test_not_on_a_day_that_is_left_out(self) -> None:
        weekly = meeting("m", recurrence="FREQ=WEEKLY", except_dates=[date(2026, 3, 9)])
        assert [one.start.day for one in occurrences(office(weekly), MONDAY, date(2026, 3, 16))] == [2, 16]
        assert str(meeting_loads(office(weekly), date(2026, 3, 9)).of("p-ceo")) == "0 meetings, 0 h"

    def test_earliest_first_in_any_zone(self) -> None:
        model = office(meeting("berlin", zone="Europe/Berlin"), meeting("tokyo", "2026-03-02T17:00", zone="Asia/Tokyo"))
        assert [one.meeting for one in occurrences(model, MONDAY, MONDAY)] == ["tokyo", "berlin"]  # 08:00 and 09:00 UTC

    def test_an_end_after_a_change_of_clocks_is_after_the_elapsed_time(self) -> None:
        (night,) = occurrences(
            office(meeting("m", "2026-03-29T01:00", zone="Europe/Berlin", duration=2 * HOUR)),
            date(2026, 3, 29),
            date(2026, 3, 29),
        )
        assert night.end.isoformat() == "2026-03-29T04:00:00+02:00"
        assert night.end.astimezone(UTC) - night.start.astimezone(UTC) == 2 * HOUR


class TestLoad:
    def test_with_and_without_clashes(self) -> None:
        model = office(
            meeting("a", duration=2 * HOUR), meeting("b", "2026-03-02T11:00"), meeting("c", "2026-03-02T12:00")
        )
        load = meeting_loads(model, date(2026, 3, 5)).of("p-ceo")
        assert (load.meetings, load.booked, load.busy) == (3, 4 * HOUR, 3 * HOUR)
        (clash,) = load.clashes
        assert (clash.first, clash.second, clash.start.hour, clash.end.hour) == ("a", "b", 11, 12)
        assert str(load) == "3 meetings, 3 h (4 h with clashes)"

    def test_a_week_is_from_monday_to_sunday(self) -> None:
        model = office(meeting("m", recurrence="FREQ=DAILY"))
        for day in (MONDAY, date(2026, 3, 8)):
            whole = meeting_loads(model, day)
            assert (whole.first, whole.last) == (MONDAY, date(2026, 3, 8))
            assert str(whole.of("p-ceo")) == "7 meetings, 7 h"
        assert meeting_loads(model, MONDAY, weeks=2).of("p-ceo").meetings == 14
        assert repr(meeting_loads(model, MONDAY)) == "<MeetingLoads 2026-03-02 to 2026-03-08: 2 people in meetings>"

    def test_who_is_in_no_meeting_has_no_load_and_unknown_people_are_refused(self) -> None:
        whole = meeting_loads(office(meeting("m", participants=["cmo"])), MONDAY)
        assert str(whole.of("p-ceo")) == "0 meetings, 0 h"
        with pytest.raises(UnknownRecord):
            whole.of("ghost")

    def test_the_first_and_the_last_week_there_are(self) -> None:
        assert meeting_loads(office(), date.min).first == date.min
        assert meeting_loads(office(), date.max).last == date.max


def test_clashes_are_those_of_all_loads_between_two_meetings() -> None:
    model = office(
        meeting("a", recurrence="FREQ=WEEKLY"), meeting("b", "2026-03-09T10:30", participants=["cmo"]),
        meeting("long", "2026-03-03T00:00", participants=["ceo"], recurrence="FREQ=DAILY;COUNT=2", duration=30 * HOUR),
    )  # fmt: skip
    found = clashes(model, MONDAY, 2)
    assert [(one.person, one.first, one.second, one.start.day) for one in found] == [("p-cmo", "a", "b", 9)]
    of_all = [clash for load in meeting_loads(model, MONDAY, 2).loads.values() for clash in load.clashes]
    assert {one for one in of_all if one.first != one.second} == set(found)
    assert clashes(model, MONDAY) == clashes(model, MONDAY, 4)
    assert clashes(model, MONDAY, 1) == ()


def test_whoever_stands_in_on_one_day_alone_may_be_wanted_twice_on_that() -> None:
    away = Absence(id="a", person="p-cmo", period=DateRange(MONDAY, MONDAY))
    aide = [Position(id="aide", title="Aide", unit="hq"), Assignment(id="x", person="eve", position="aide")]
    stands_in = Deputy(id="d", position="cmo", deputy="aide")
    meetings = [
        meeting("a", participants=["cmo"], recurrence="FREQ=DAILY"),
        meeting("b", "2026-03-02T10:30", participants=["aide"], recurrence="FREQ=DAILY"),
    ]
    found = clashes(office(away, *aide, stands_in, *meetings), MONDAY, 1)
    assert [(one.person, one.first, one.second, one.start.day) for one in found] == [("eve", "a", "b", 2)]


quarters = st.integers(0, 40)


@given(st.lists(st.tuples(quarters, st.integers(1, 12)), max_size=7))
def test_against_looking_at_every_quarter_of_an_hour(held: list[tuple[int, int]]) -> None:
    begin = datetime(2026, 3, 2, 8)
    meetings = [
        meeting(
            f"m{i}", f"{begin + timedelta(minutes=15 * at):%Y-%m-%dT%H:%M}", duration=timedelta(minutes=15 * length)
        )
        for i, (at, length) in enumerate(held)
    ]
    load = meeting_loads(office(*meetings), MONDAY).of("p-ceo")
    on = [sum(at <= quarter < at + length for at, length in held) for quarter in range(60)]
    assert load.booked == timedelta(minutes=15 * sum(on))
    assert load.busy == timedelta(minutes=15 * sum(count > 0 for count in on))
    assert bool(load.clashes) == any(count > 1 for count in on)
    assert len(load.clashes) == sum(
        any((other, k) < (at, i) and at < other + more for k, (other, more) in enumerate(held))
        for i, (at, _) in enumerate(held)
    )
    for clash in load.clashes:
        first, second = (held[int(id[1:])] for id in (clash.first, clash.second))
        both = min(first[0] + first[1], second[0] + second[1]) - second[0]
        assert clash.end - clash.start == timedelta(minutes=15 * both) > timedelta()


def test_a_meeting_that_is_over_or_far_off_is_not_judged() -> None:
    held = {
        "over": "2026-02-02T10:00",
        "soon": "2026-06-01T10:00",
        "far": "2027-06-01T10:00",
        "same": "2027-06-01T10:00",
    }
    model = office(meeting("w", purpose="Talk"), *[meeting(id, start) for id, start in held.items()])
    (found,) = [one for one in model.check(MONDAY).findings if one.code == "ORG702"]
    assert found.subject.id == "soon"
    assert not found.related
