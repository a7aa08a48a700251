"""`Axis`: work as a number that grows while calendars are open, and the way back from the number to the instant.

Instants are integers, microseconds since 1970-01-01 UTC. `worked(t)` is how much work time lies between a fixed origin
and `t`; it stands still while a calendar is closed, so it has two inverses: `opening`, the last instant with so much
work behind it, from where work goes on, and `closing`, the first. Then

- work between two instants is `worked(b) - worked(a)`;
- work added to an instant goes on at `opening(worked(a) + d)`, and was complete at `closing(worked(a) + d)`;
- work taken away from it began at `closing(worked(a) - d)`.

Time is cut into blocks of 189 days, of which 773 make the 400 years after which the Gregorian calendar repeats itself.
A block's windows become a table with running totals when something in it is first asked for; sums over blocks are kept
from the origin outwards. Far from all dates and changes of the clocks, a block has as much work as the one 400 years
on, so that the year 9999 costs some hundred blocks rather than all up to it.

Tables and sums only ever grow, and are made under a lock; readers need none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from threading import RLock

from community_ops.errors import NoWorkTime
from community_ops.worktime.openings import DAY, EPOCH, ZONES_UNSETTLED, Openings
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import Span, shared

FIRST = (date.min.toordinal() + 1 - EPOCH) * DAY
LAST = (date.max.toordinal() - EPOCH) * DAY
"""Work is counted between these instants, a day inside what a datetime can say, so that every zone can show them."""

BLOCK_DAYS = 189
_CYCLE = 146_097 // BLOCK_DAYS
_BLOCK = BLOCK_DAYS * DAY
_LEAST, _MOST = FIRST // _BLOCK, LAST // _BLOCK
_ORIGIN = (date(2026, 1, 1).toordinal() - EPOCH) // BLOCK_DAYS  # near what is asked for most
_KEPT = 256
_MICROSECOND = timedelta(microseconds=1)
Table = tuple[int, list[int], list[int], list[int]]
"""The work before a block; the starts and ends of its windows; the work before each of them."""
LongTable = tuple[timedelta, list[timedelta], list[timedelta], list[timedelta]]
"""The same in timedeltas."""


class Axis:
    """The work time that calendars have in common, measured from a fixed origin.

    Attributes:
        calendars: the ids of the calendars.
        lengths: the tables in timedeltas that were asked for, by block.
    """

    __slots__ = (
        "_ahead", "_behind", "_cycle", "_lock", "_openings", "_recent", "_tables", "_unsettled", "calendars", "lengths"
    )  # fmt: skip

    def __init__(self, calendars: Sequence[Calendar]) -> None:
        self.calendars: tuple[str, ...] = tuple([calendar.id for calendar in calendars])
        self._openings = tuple([Openings(calendar) for calendar in calendars])
        self._unsettled = _blocks_of(self._openings)
        self._tables: dict[int, Table] = {}
        self.lengths: dict[int, LongTable] = {}
        self._recent: tuple[int, list[Span]] = (_MOST + 1, [])
        self._cycle: dict[tuple[bool, int], int] = {}
        self._ahead = [0]  # the work from the origin to the beginning of each block after it
        self._behind = [0]  # and from the beginning of each block before it
        self._lock = RLock()

    def worked(self, instant: int) -> int:
        """Return the work time from the origin to an instant; negative before it."""
        table = self._tables.get(instant // _BLOCK)
        before, starts, ends, done = table if table is not None else self._table(instant // _BLOCK)
        i = bisect_right(starts, instant) - 1
        if i < 0:
            return before
        end = ends[i]
        return done[i] + (instant if instant < end else end) - starts[i]

    def is_open(self, instant: int) -> bool:
        """Tell whether the calendars are open at an instant; at closing time they are not."""
        _, starts, ends, _ = self._table(instant // _BLOCK)
        i = bisect_right(starts, instant) - 1
        return i >= 0 and instant < ends[i]

    def opening(self, work: int) -> int:
        """Return the last instant with so much work behind it: from there work goes on.

        Raises:
            NoWorkTime: no work comes after it.
        """
        if work >= 0:
            while self._ahead[-1] <= work:
                self._look_ahead()
            block = _ORIGIN + bisect_right(self._ahead, work) - 1
        else:
            while self._behind[-1] < -work:
                self._look_behind()
            block = _ORIGIN - bisect_left(self._behind, -work)
        table = self._tables.get(block)
        _, starts, _, done = table if table is not None else self._table(block)
        i = bisect_right(done, work) - 1
        return starts[i] + work - done[i]

    def closing(self, work: int) -> int:
        """Return the first instant with so much work behind it: there it was complete.

        Raises:
            NoWorkTime: no work comes before it.
        """
        if work > 0:
            while self._ahead[-1] < work:
                self._look_ahead()
            block = _ORIGIN + bisect_left(self._ahead, work) - 1
        else:
            while self._behind[-1] <= -work:
                self._look_behind()
            block = _ORIGIN - bisect_right(self._behind, -work)
        table = self._tables.get(block)
        _, starts, _, done = table if table is not None else self._table(block)
        i = bisect_left(done, work) - 1
        return starts[i] + work - done[i]

    def periods(self, instant: int) -> Iterator[Span]:
        """Yield when the calendars are open from an instant on, each period whole, however long it is."""
        begun = reach = max(instant, FIRST)
        for block in range(min(begun // _BLOCK, _MOST), _MOST + 1):
            for start, end in self._windows(block):
                if end <= begun:
                    continue
                if start > reach:
                    if begun < reach:
                        yield begun, reach
                    begun = start
                reach = end
        if begun < reach:
            yield begun, reach

    def _windows(self, block: int) -> Iterator[Span]:
        if block not in self._unsettled:  # what is wholly open or closed for thousands of years needs no tables
            total = self._total(block)
            if total == _BLOCK:
                return iter([_span(block)])
            if not total:
                return iter(())
        _, starts, ends, _ = self._table(block)
        return zip(starts, ends, strict=True)

    def _table(self, block: int) -> Table:
        block = min(max(block, _LEAST), _MOST)
        found = self._tables.get(block)
        if found is not None:
            return found
        with self._lock:
            before = self._before(block)
            windows = self._open_in(block)
            starts, ends = [start for start, _ in windows], [end for _, end in windows]
            done = []
            total = before
            for start, end in windows:
                done.append(total)
                total += end - start
            made = (before, starts, ends, done)
            if len(self._tables) >= _KEPT:
                self._tables, self.lengths = {}, {}
            self._tables[block] = made
        return made

    def length_table(self, block: int) -> LongTable:
        """Return the table of a block in timedeltas, for durations: to make integers of them and back takes longer."""
        before, *columns = self._table(block)
        starts, ends, done = ([number * _MICROSECOND for number in column] for column in columns)
        made = self.lengths[block] = (before * _MICROSECOND, starts, ends, done)
        return made

    def _before(self, block: int) -> int:
        while len(self._ahead) <= block - _ORIGIN:
            self._look_ahead()
        while len(self._behind) <= _ORIGIN - block:
            self._look_behind()
        return self._ahead[block - _ORIGIN] if block >= _ORIGIN else -self._behind[_ORIGIN - block]

    def _look_ahead(self) -> None:
        with self._lock:
            block = _ORIGIN + len(self._ahead) - 1
            if block > _MOST:
                raise NoWorkTime(self.calendars, "after")
            self._ahead.append(self._ahead[-1] + self._total(block))

    def _look_behind(self) -> None:
        with self._lock:
            block = _ORIGIN - len(self._behind)
            if block < _LEAST:
                raise NoWorkTime(self.calendars, "before")
            self._behind.append(self._behind[-1] + self._total(block))

    def _total(self, block: int) -> int:
        if block in self._unsettled or block in (_LEAST, _MOST):  # of the ends of time only a part counts
            return _length(self._open_in(block))
        place = (block > _ORIGIN, block % _CYCLE)  # before the first clocks and after the last changes differs
        if place not in self._cycle:
            self._cycle[place] = _length(self._open_in(block))
        return self._cycle[place]

    def _open_in(self, block: int) -> list[Span]:
        recent, found = self._recent
        if recent == block:
            return found
        start, end = _span(block)
        start, end = max(start, FIRST), min(end, LAST)
        found = self._openings[0].between(start, end)
        for openings in self._openings[1:]:
            if found:
                found = shared(found, openings.between(start, end))
        self._recent = (block, found)  # a sum is often followed by the table
        return found


def _span(block: int) -> Span:
    return block * _BLOCK, (block + 1) * _BLOCK


def _length(spans: list[Span]) -> int:
    return sum([end - start for start, end in spans])


def _blocks_of(all_openings: Sequence[Openings]) -> frozenset[int]:
    """Return the blocks in which something happens that does not repeat itself every 400 years."""
    blocks = {(day - EPOCH) // BLOCK_DAYS for openings in all_openings for day in openings.special}
    if not all(openings.fixed for openings in all_openings):
        blocks.update(range(*((day - EPOCH) // BLOCK_DAYS for day in ZONES_UNSETTLED)))
    return frozenset(blocks)


def axis_of(calendars: Sequence[Calendar]) -> Axis:
    """Return the axis of calendars; those that are open alike share one.

    Args:
        calendars: one or more; several are open where all of them are.
    """
    return _shared_axis(tuple([_OpenAlike(calendar) for calendar in calendars]))


class _OpenAlike:
    """A calendar that counts as equal to another where both are open at the same times, by the same words."""

    __slots__ = ("_hash", "_key", "calendar")

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        # The id is in it for the sake of the error that names it.
        self._key = (
            calendar.id, calendar.timezone, calendar.hours, calendar.shifts, calendar.breaks, calendar.holidays
        )  # fmt: skip
        self._hash = hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _OpenAlike) and self._key == other._key


@lru_cache(maxsize=128)
def _shared_axis(calendars: tuple[_OpenAlike, ...]) -> Axis:
    return Axis([one.calendar for one in calendars])
