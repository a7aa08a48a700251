"""What each position is wanted in, and when meetings are on: enough to see where two may clash, without anybody's name.

Many meetings are held at the same times, and most people are there for one position: whether the meetings of one
position clash is worked out once for all that are wanted at the same times, and people are looked at one by one only
where more than one position is theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.crews import several_places
from community_ops.org.presence import roster
from community_ops.org.records import Meeting, Position
from community_ops.org.recurring import times


@derived
def agendas(m: ModelView) -> Mapping[int, Sequence[int]]:
    """Return the meetings that each position is wanted in, both by where they stand in their table."""
    place_of, found = m.place_index(Position).get, defaultdict[int | None, list[int]](list)
    for meeting, participants in enumerate(m.column(Meeting.participants)):
        for place in set(map(place_of, participants)):
            found[place].append(meeting)
    found.pop(None, None)  # what does not exist has its own finding
    return MappingProxyType({place: meetings for place, meetings in found.items() if place is not None})


@frozen(eq=False)
class Timetable:
    """When meetings are on; made by `timetable`.

    Attributes:
        slots: the number of the slot of each meeting, in table order; meetings with one number are held at the same
            times.
        spans: when what has each slot begins and ends, in UTC, earliest first.
        booked: how long it is on in sum in the first week.
        days: the days on which any begins, on the clocks of its zone.
    """

    slots: tuple[int, ...]
    spans: tuple[tuple[tuple[datetime, datetime], ...], ...]
    booked: tuple[timedelta, ...]
    days: tuple[date, ...]

    def overlap(self, slots: Sequence[int]) -> bool:
        """Tell whether any of several meetings, given by their slots, is on while it or another is on."""
        if len(slots) < 2:
            return False
        ends: datetime | None = None
        for begins, until in sorted([span for slot in slots for span in self.spans[slot]]):
            if ends is not None and begins < ends:
                return True
            ends = until  # what is on before is over
        return False

    def sum(self, slots: Iterable[int]) -> timedelta:
        """Return for how long several meetings, given by their slots, are on in sum in the first week."""
        return sum([self.booked[slot] for slot in slots], timedelta())


@derived
def timetable(m: ModelView, first: date, last: date) -> Timetable:
    """Return when meetings are on that begin from one day to another, both included, on the clocks of their zones."""
    week = min(first.toordinal() + 6, last.toordinal())
    numbers: dict[tuple[object, ...], int] = {}
    spans, booked, slots = list[tuple[tuple[datetime, datetime], ...]](), list[timedelta](), list[int]()
    days: set[date] = set()
    for row in zip(
        m.column(Meeting.start), m.column(Meeting.zone), m.column(Meeting.recurrence), m.column(Meeting.except_dates),
        m.column(Meeting.duration), strict=True,
    ):  # fmt: skip
        if row not in numbers:
            numbers[row] = len(numbers)
            start, zone, recurrence, without, duration = row
            begin = times(start, zone, recurrence, first, last, without) if start is not None else ()
            at = [one.astimezone(UTC) for one in begin]
            spans.append(tuple([(one, one + duration) for one in at]))
            days.update([one.date() for one in begin])
            booked.append(duration * sum([one.toordinal() <= week for one in begin]))
        slots.append(numbers[row])
    return Timetable(slots=tuple(slots), spans=tuple(spans), booked=tuple(booked), days=tuple(sorted(days)))


@derived
def _alike(m: ModelView, first: date, last: date) -> Mapping[tuple[int, ...], Sequence[int]]:
    """Return the positions that are wanted in meetings of the same slots, by these."""
    slots, found = timetable(m, first, last).slots, dict[tuple[int, ...], list[int]]()
    for place, meetings in agendas(m).items():
        found.setdefault(tuple(map(slots.__getitem__, meetings)), []).append(place)
    return MappingProxyType(found)


@derived(cutoff=True)
def _torn(m: ModelView, first: date, last: date) -> frozenset[int]:
    """Return the positions that are wanted in two meetings at once."""
    found = timetable(m, first, last)
    return frozenset(
        [place for slots, those in _alike(m, first, last).items() if found.overlap(slots) for place in those]
    )


@derived(cutoff=True)
def _laden(m: ModelView, first: date, last: date, most: timedelta) -> frozenset[int]:
    """Return the positions that are wanted in meetings for longer than so much in the first week."""
    found = timetable(m, first, last)
    return frozenset(
        [place for slots, those in _alike(m, first, last).items() if found.sum(slots) > most for place in those]
    )


def perhaps_torn(m: ModelView, first: date, last: date) -> Mapping[str, Sequence[int]]:
    """Return everybody who may be wanted in two meetings at once, and perhaps others, with all their meetings."""
    found = timetable(m, first, last)
    return _people(m, first, last, _torn(m, first, last), found.overlap)


def perhaps_laden(m: ModelView, first: date, last: date, most: timedelta) -> Mapping[str, Sequence[int]]:
    """Return everybody who may be in meetings for longer than so much in the first week, and perhaps others.

    Returns:
        By the person's id where all their meetings stand in their table.
    """
    found = timetable(m, first, last)
    return _people(m, first, last, _laden(m, first, last, most), lambda slots: found.sum(slots) > most)


def _people(
    m: ModelView, first: date, last: date, places: Iterable[int], doubtful: Callable[[Sequence[int]], bool]
) -> Mapping[str, Sequence[int]]:
    """Return the people of doubtful positions, and those for whom all their positions together are doubtful."""
    wanted, found = agendas(m), timetable(m, first, last)
    doubted = {who: wanted[place] for place in places for who in roster(m, first, last).ever(place)}
    for who, theirs in several_places(m, first, last, found.days).items():
        meetings = list(dict.fromkeys([meeting for place in theirs for meeting in wanted.get(place, ())]))
        if doubtful([found.slots[meeting] for meeting in meetings]):
            doubted[who] = meetings
    return doubted
