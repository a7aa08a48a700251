"""Who is there on each of some days, and whoever two meetings want at once: against going through everything by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from community_ops import Absence, Assignment, DateRange, Deputy, Meeting, OperatingModel, Person, Position, Ref
from community_ops.org.crews import Crews, several_places
from community_ops.org.deputising import who_acts
from community_ops.org.meetings import clashes, loads_over, meeting_loads, occurrences

MONDAY = date(2026, 3, 2)
LAST = MONDAY + timedelta(27)
PLACES, PEOPLE = "abcd", "uvwxy"
HOUR = timedelta(hours=1)

days = st.one_of(st.none(), st.integers(-4, 32).map(lambda number: MONDAY + timedelta(number)))
periods = st.builds(DateRange, days, days)  # backward ones among them
maybe = st.one_of(st.none(), periods)


@st.composite
def offices(draw: st.DrawFn) -> OperatingModel:
    """Return a few positions, people, absences and deputies, many of which change in the weeks looked at."""
    records: list[Any] = [Person(id=id, name=id, employment=draw(maybe)) for id in PEOPLE[:-1]]  # y is nobody known
    for id in PLACES:
        status = draw(st.sampled_from(["approved", "approved", "closed"]))
        records.append(Position(id=id, title=id, unit="hq", period=draw(maybe), status=status))
    ids, holders = st.sampled_from(PLACES), st.sampled_from(PEOPLE)
    for number, (who, where, period) in enumerate(draw(st.lists(st.tuples(holders, ids, maybe), max_size=6))):
        records.append(Assignment(id=f"h{number}", person=who, position=where, period=period))
    for number, (who, period) in enumerate(draw(st.lists(st.tuples(holders, periods), max_size=4))):
        records.append(Absence(id=f"l{number}", person=who, period=period))
    deputies = st.tuples(ids, st.sampled_from([*PLACES, "ghost"]), maybe, st.integers(1, 3), st.booleans())
    for number, (who, by, period, order, limited) in enumerate(draw(st.lists(deputies, max_size=5))):
        scope = (Ref("unit", "hq"),) if limited else ()
        records.append(Deputy(id=f"d{number}", position=who, deputy=by, period=period, order=order, scope=scope))
    return OperatingModel.of(*records)


@st.composite
def diaries(draw: st.DrawFn) -> list[Meeting]:
    """Return a few meetings in the weeks looked at, which often overlap."""
    rows = st.tuples(
        st.integers(0, 9), st.integers(8, 12), st.integers(1, 4),
        st.lists(st.sampled_from([*PLACES, "ghost"]), max_size=3),
        st.sampled_from(["", "FREQ=WEEKLY", "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;INTERVAL=2"]), st.integers(0, 4),
        st.sampled_from(["UTC", "Asia/Shanghai"]),
    )  # fmt: skip
    return [
        Meeting(
            id=f"m{number}", name="m", participants=those, recurrence=again, duration=HOUR * length, zone=zone,
            start=f"{MONDAY + timedelta(day)}T{hour:02}:00", except_dates=[MONDAY + timedelta(7)][without:],
        )
        for number, (day, hour, length, those, again, without, zone) in enumerate(draw(st.lists(rows, max_size=6)))
    ]  # fmt: skip


def there(model: OperatingModel, position: str, day: date) -> tuple[str, ...]:
    """Return who is there for a position, from the definition: its holders, else those of the nearest deputy."""
    met, queue = {position}, [position]
    for here in queue:
        if here in model.positions:
            people = present(model, here, day)
            if people:
                return people
            deputies = [one for one in model.deputies if one.position == here and not one.scope]
            deputies = [one for one in deputies if one.deputy in model.positions]
            for one in sorted(deputies, key=lambda one: (one.order, one.id)):
                if (one.period is None or one.period.covers(day)) and one.deputy not in met:
                    met.add(one.deputy)
                    queue.append(one.deputy)
    return ()


def present(model: OperatingModel, position: str, day: date) -> tuple[str, ...]:
    post = model.positions[position]
    if post.status in ("closed", "planned") or (post.period is not None and not post.period.covers(day)):
        return ()
    held = [one for one in model.assignments if one.position == position]
    held = [one for one in held if one.period is None or one.period.covers(day)]
    return tuple(dict.fromkeys([one.person for one in held if not away(model, one.person, day)]))


def away(model: OperatingModel, person: str, day: date) -> bool:
    employment = model.people[person].employment if person in model.people else None
    if employment is not None and not employment.backward and not employment.covers(day):
        return True
    return any(one.person == person and one.period.covers(day) for one in model.absences)


@given(offices())
def test_each_day_is_as_if_it_were_the_only_one(model: OperatingModel) -> None:
    crews, all_of = Crews(model, MONDAY, LAST), range(len(PLACES))
    settled = crews.settled(all_of)
    for number in range(28):
        day = MONDAY + timedelta(number)
        expected = [there(model, id, day) for id in model.positions.ids]
        assert [crews.people([place], day) for place in all_of] == expected
        everybody = tuple(dict.fromkeys([who for those in expected for who in those]))
        assert crews.people(all_of, day) == everybody
        assert settled in (None, everybody)
        for place, people in zip(all_of, expected, strict=True):
            assert crews.settled([place]) in (None, people)
        for id, people in zip(model.positions.ids, expected, strict=True):
            by = who_acts(model, id, day)
            if by.step in ("holder", "deputy"):
                assert by.people == people


def test_a_deputy_of_a_deputy_is_there_for_both() -> None:
    model = OperatingModel.of(
        *[Position(id=id, title=id, unit="hq") for id in "abc"],
        Assignment(id="h", person="u", position="c"),
        Deputy(id="d1", position="a", deputy="b"),
        Deputy(id="d2", position="b", deputy="c"),
    )
    crews = Crews(model, MONDAY, MONDAY)
    assert [crews.people([place], MONDAY) for place in range(3)] == [("u",)] * 3
    assert several_places(model, MONDAY, MONDAY, (MONDAY,)) == {"u": (0, 1, 2)}


@given(offices())
def test_whoever_is_there_for_two_positions_on_some_day_is_among_the_several(model: OperatingModel) -> None:
    found = several_places(model, MONDAY, LAST, tuple([MONDAY + timedelta(number) for number in range(28)]))
    ids = model.positions.ids
    for place, id in enumerate(ids):
        for number in range(28):
            for who in there(model, id, MONDAY + timedelta(number)):
                for other in found.get(who, (place,)):
                    assert other in range(len(ids))
                assert place in found.get(who, (place,))
    everywhere: dict[str, set[int]] = {}
    for place, id in enumerate(ids):
        for number in range(28):
            for who in there(model, id, MONDAY + timedelta(number)):
                everywhere.setdefault(who, set()).add(place)
    for who, places in everywhere.items():
        assert len(places) == 1 or places <= set(found[who])


@given(offices(), diaries(), st.integers(0, 20), st.sampled_from([1, 4]))
def test_what_is_found_without_looking_at_everybody_is_all_there_is(
    model: OperatingModel, meetings: list[Meeting], hours: int, weeks: int
) -> None:
    model = model.add(*meetings)
    for one in occurrences(model, MONDAY, LAST):
        asked = model.meetings[one.meeting].participants
        those = [there(model, id, one.start.date()) for id in asked if id in model.positions]
        assert one.people == tuple(dict.fromkeys([who for people in those for who in people]))
    every = [clash for load in meeting_loads(model, MONDAY, weeks).loads.values() for clash in load.clashes]
    assert clashes(model, MONDAY, weeks) == tuple([one for one in every if one.first != one.second])
    loads = meeting_loads(model, MONDAY).loads.values()
    assert loads_over(model, MONDAY, HOUR * hours) == tuple([load for load in loads if load.busy > HOUR * hours])
