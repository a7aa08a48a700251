"""When meetings are held, who is there, and how much of a person's week that takes.

Whoever holds a participating position and is there on the day takes part; where none of them is, the holders of its
nearest deputy do. Nobody goes up the line for it: a manager is not thought to sit in for every vacant position.

A meeting belongs to the day on which it begins on the clocks of its own zone. Lengths are real elapsed time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from types import MappingProxyType

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.agendas import perhaps_laden, perhaps_torn
from community_ops.org.crews import Crews
from community_ops.org.lookup import look_up
from community_ops.org.records import Meeting, Person, Position
from community_ops.org.recurring import times
from community_ops.org.weeks import AHEAD, weeks_from


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

    Meetings whose start is open are held on no day, and none on a day that it excepts. A meeting that is moved is left
    out on its day and is another meeting on the new one.

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
    return tuple(_held(m, first, last))


def _held(m: ModelView, first: date, last: date, only: Collection[int] | None = None) -> list[Occurrence]:
    """Return the meetings held, of all or of those that stand in some places of their table, earliest first."""
    found: list[tuple[datetime, str, Occurrence]] = []
    crews, index = Crews(m, first, last), m.place_index(Position)
    for place, (id, start, zone, recurrence, without, duration, participants) in enumerate(zip(
        m.ids(Meeting), m.column(Meeting.start), m.column(Meeting.zone), m.column(Meeting.recurrence),
        m.column(Meeting.except_dates), m.column(Meeting.duration), m.column(Meeting.participants), strict=True,
    )):  # fmt: skip
        if start is None or (only is not None and place not in only):
            continue
        wanted = [index[one] for one in participants if one in index]  # what does not exist has its own finding
        settled = crews.settled(wanted)
        for begins in times(start, zone, recurrence, first, last, without):
            people = crews.people(wanted, begins.date()) if settled is None else settled
            at = begins.astimezone(UTC)
            ends = (at + duration).astimezone(begins.tzinfo)  # on the wall it would be off when the clocks change
            found.append((at, id, Occurrence(meeting=id, start=begins, end=ends, people=people)))
    found.sort(key=itemgetter(0, 1))
    return [one for _, _, one in found]


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
    return _loads(m, *weeks_from(at, weeks))


def clashes(m: ModelView, at: date, weeks: int = AHEAD) -> tuple[Clash, ...]:
    """Return where anybody is wanted in two different meetings at once, in the week of a day and those after it.

    Args:
        m: the model.
        at: any day of the first week.
        weeks: how many weeks to take together.
    """
    return _clashes(m, *weeks_from(at, weeks))


def loads_over(m: ModelView, at: date, most: timedelta) -> tuple[MeetingLoad, ...]:
    """Return what meetings take of the time of those for whom it is more than so much in the week of a day."""
    return _loads_over(m, *weeks_from(at), most)


@derived
def _loads_over(m: ModelView, first: date, last: date, most: timedelta) -> tuple[MeetingLoad, ...]:
    end = min(first.toordinal() + 6, last.toordinal())
    held = _held_with(m, first, last, perhaps_laden(m, first, last, most))
    wanted = _wanted((one, people) for one, people in held if one.start.toordinal() <= end)
    loads = [_load(person, those) for person, those in wanted.items()]
    return tuple([load for load in loads if load.busy > most])


def _held_with(
    m: ModelView, first: date, last: date, wanted: Mapping[str, Iterable[int]]
) -> list[tuple[Occurrence, list[str]]]:
    """Return the meetings of some people, given for each of these, and which of the people are there."""
    meetings = {meeting for those in wanted.values() for meeting in those}
    held = _held(m, first, last, meetings) if meetings else ()
    return [(one, [person for person in one.people if person in wanted]) for one in held]


@derived
def _clashes(m: ModelView, first: date, last: date) -> tuple[Clash, ...]:
    wanted = _wanted(_held_with(m, first, last, perhaps_torn(m, first, last)))
    every = [clash for person, those in wanted.items() for clash in _load(person, those).clashes]
    return tuple([clash for clash in every if clash.first != clash.second])


@derived
def _loads(m: ModelView, first: date, last: date) -> MeetingLoads:
    wanted = _wanted((one, one.people) for one in occurrences(m, first, last))
    loads = {person: _load(person, held) for person, held in wanted.items()}
    people, index = m.ids(Person), m.place_index(Person)
    return MeetingLoads(first=first, last=last, loads=MappingProxyType(loads), people=people, index=index)


_NOTHING = timedelta()
_EVER = datetime.min.replace(tzinfo=UTC)
_Held = tuple[datetime, datetime, Occurrence]
"""A meeting held once, with its beginning and its end in UTC, where later and earlier mean what they say."""


def _wanted(held: Iterable[tuple[Occurrence, Iterable[str]]]) -> dict[str, list[_Held]]:
    """Return what each of some people is wanted in, in the order in which it begins."""
    found: dict[str, list[_Held]] = {}
    for one, people in held:
        times_of_it = one.start.astimezone(UTC), one.end.astimezone(UTC), one
        for person in people:
            found.setdefault(person, []).append(times_of_it)
    return found


def _load(person: str, held: Iterable[_Held]) -> MeetingLoad:
    """Return the load of meetings given in the order in which they begin."""
    booked = busy = _NOTHING
    clashes: list[Clash] = []
    number, longest, reach = 0, None, _EVER
    for start, end, one in held:
        number, booked = number + 1, booked + (end - start)
        if start >= reach:
            busy += end - start
        else:
            both = min(end, reach)
            busy += end - both
            assert longest is not None  # something reaches that far
            until = both.astimezone(one.start.tzinfo)
            clashes.append(Clash(person=person, first=longest, second=one.meeting, start=one.start, end=until))
        if end > reach:
            reach, longest = end, one.meeting
    return MeetingLoad(person=person, meetings=number, booked=booked, busy=busy, clashes=tuple(clashes))
