"""When meetings are held, who is there, and how much of a person's week that takes.

Whoever holds a participating position and is there on the day takes part; where none of them is, the holders of its
nearest deputy do. Nobody goes up the line for it: a manager is not thought to sit in for every vacant position.

A meeting belongs to the day on which it begins on the clocks of its own zone. Lengths are real elapsed time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.absences import people_away
from community_ops.org.deputising import ActingChart, acting, deputies_in_force
from community_ops.org.holding import places_in_force, positions_in_existence
from community_ops.org.lookup import look_up
from community_ops.org.records import Meeting, Person
from community_ops.org.recurring import times


@frozen(kw_only=True)
class Occurrence:
    """A meeting held once.

    Attributes:
        meeting: the id of the meeting.
        start: when it begins, in its zone.
        end: when it ends.
        people: the ids of those who are there, each once, in the order of the positions.
    """

    meeting: str
    start: datetime
    end: datetime
    people: tuple[str, ...]


@frozen(kw_only=True)
class Clash:
    """Two meetings that one person is wanted in at the same time.

    Attributes:
        person: the id of the person.
        first: the id of the meeting that begins first.
        second: the id of the other.
        start: when both are on.
        end: until when both are on.
    """

    person: str
    first: str
    second: str
    start: datetime
    end: datetime


@frozen(kw_only=True)
class MeetingLoad:
    """What meetings take of a person's time.

    Attributes:
        person: the id of the person.
        meetings: how many they are wanted in; each time one is held counts.
        booked: how long these are in sum; time in which two are on counts twice.
        busy: how long at least one of them is on; time in which two are on counts once.
        clashes: where they overlap. A meeting that begins during several others is given once, with the one that lasts
            longest.
    """

    person: str
    meetings: int
    booked: timedelta
    busy: timedelta
    clashes: tuple[Clash, ...]

    def __str__(self) -> str:
        return f"{self.meetings} meetings, {_hours(self.busy)} h" + (
            f" ({_hours(self.booked)} h with clashes)" if self.clashes else ""
        )


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.2f}".rstrip("0").rstrip(".")


@derived
def occurrences(m: ModelView, first: date, last: date) -> tuple[Occurrence, ...]:
    """Return the meetings held from one day to another, both included, earliest first.

    Meetings whose start is open are held on no day. Cancelled or moved dates are not known to a recurrence rule.

    Args:
        m: the model.
        first: the first day, on the clocks of each meeting's zone.
        last: the last day.

    Example:
        >>> from community_ops import Meeting, OperatingModel
        >>> weekly = Meeting(id="w", name="Weekly", start="2026-03-02T10:00", recurrence="FREQ=WEEKLY")
        >>> [str(one.start) for one in occurrences(OperatingModel.of(weekly), date(2026, 3, 2), date(2026, 3, 15))]
        ['2026-03-02 10:00:00+00:00', '2026-03-09 10:00:00+00:00']
    """
    found: list[Occurrence] = []
    charts: dict[Any, ActingChart] = {}
    for id, start, zone, recurrence, duration, participants in zip(
        m.ids(Meeting), m.column(Meeting.start), m.column(Meeting.zone), m.column(Meeting.recurrence),
        m.column(Meeting.duration), m.column(Meeting.participants), strict=True,
    ):  # fmt: skip
        for begins in times(start, zone, recurrence, first, last) if start is not None else ():
            people = _attending(_chart(m, begins.date(), charts), participants) if participants else ()
            ends = (begins.astimezone(UTC) + duration).astimezone(begins.tzinfo)  # on the wall it would be off by an
            found.append(Occurrence(meeting=id, start=begins, end=ends, people=people))  # hour when the clocks change
    return tuple(sorted(found, key=lambda one: (one.start.astimezone(UTC), one.meeting)))


def _chart(m: ModelView, day: date, known: dict[Any, ActingChart]) -> ActingChart:
    """Return who acts on a day; from another day on which the same people are there for the same positions."""
    if day not in known:
        away = frozenset(people_away(m, day))
        same = (places_in_force(m, day), positions_in_existence(m, day), away, deputies_in_force(m, day))
        known[day] = known[same] if same in known else acting(m, day)
        known[same] = known[day]
    return known[day]


def _attending(whole: ActingChart, positions: Sequence[str]) -> tuple[str, ...]:
    people: dict[str, None] = {}
    for id in positions:
        place = whole.place(id)
        if place is not None:  # a participant that does not exist has its own finding
            instead = whole.deputy(id)
            there = whole.manned(id) or (whole.manned(instead) if instead is not None else ())
            people.update(dict.fromkeys(there))
    return tuple(people)


@frozen(eq=False, repr=False)
class MeetingLoads:
    """What meetings take of everybody's time; made by `meeting_loads`.

    Attributes:
        first: the first day.
        last: the last day.
        loads: that of each person who is wanted in any meeting, by the person's id.
    """

    first: date
    last: date
    loads: Mapping[str, MeetingLoad]
    _people: tuple[str, ...] = field(alias="people")
    _index: Mapping[str, int] = field(alias="index")

    def of(self, person: str) -> MeetingLoad:
        """Return what meetings take of a person's time.

        Raises:
            UnknownRecord: there is no such person.
        """
        id = self._people[look_up(self._index, "person", person)]
        return self.loads.get(id) or _load(id, ())

    def __repr__(self) -> str:
        return f"<MeetingLoads {self.first} to {self.last}: {len(self.loads)} people in meetings>"


def meeting_loads(m: ModelView, at: date, weeks: int = 1) -> MeetingLoads:
    """Return what meetings take of everybody's time in the week of a day, Monday to Sunday.

    Args:
        m: the model.
        at: any day of the first week.
        weeks: how many weeks to take together.

    Example:
        >>> from community_ops import Assignment, Meeting, OperatingModel, Person, Position
        >>> model = OperatingModel.of(
        ...     Person(id="ann", name="Ann"),
        ...     Position(id="ceo", title="CEO", unit="hq"),
        ...     Assignment(id="a1", person="ann", position="ceo"),
        ...     Meeting(id="w", name="W", participants=["ceo"], start="2026-03-02T10:00", recurrence="FREQ=WEEKLY"),
        ...     Meeting(
        ...         id="d", name="D", participants=["ceo"], start="2026-03-02T10:30", recurrence="FREQ=DAILY;COUNT=3"
        ...     ),
        ... )
        >>> print(meeting_loads(model, date(2026, 3, 4)).of("ann"))
        4 meetings, 3.5 h (4 h with clashes)
    """
    monday = max(at.toordinal() - at.weekday(), 1)
    last = min(monday + 7 * weeks - 1, date.max.toordinal())
    return _loads(m, date.fromordinal(monday), date.fromordinal(last))


@derived
def _loads(m: ModelView, first: date, last: date) -> MeetingLoads:
    wanted: dict[str, list[Occurrence]] = {}
    for one in occurrences(m, first, last):
        for person in one.people:
            wanted.setdefault(person, []).append(one)
    loads = {person: _load(person, held) for person, held in wanted.items()}
    people, index = m.ids(Person), m.place_index(Person)
    return MeetingLoads(first=first, last=last, loads=MappingProxyType(loads), people=people, index=index)


def _load(person: str, held: Iterable[Occurrence]) -> MeetingLoad:
    """Return the load of meetings given in the order in which they begin."""
    booked = busy = timedelta()
    clashes: list[Clash] = []
    number, longest = 0, None
    reach = datetime.min.replace(tzinfo=UTC)
    for one in held:
        start, end = one.start.astimezone(UTC), one.end.astimezone(UTC)
        number, booked = number + 1, booked + (end - start)
        busy += max(end - max(start, reach), timedelta())
        if longest is not None and start < reach:
            both = min(end, reach).astimezone(one.start.tzinfo)
            clashes.append(Clash(person=person, first=longest, second=one.meeting, start=one.start, end=both))
        if end > reach:
            reach, longest = end, one.meeting
    return MeetingLoad(person=person, meetings=number, booked=booked, busy=busy, clashes=tuple(clashes))
