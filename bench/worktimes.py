"""10,000 durations and 10,000 deadlines in work time, against a bare table, worktimecalc and pandas.

One calendar throughout, of which all of them are capable: Monday to Friday, one window a day, some holidays, a zone
without summer time. The bare table is what one would write by hand for it: running totals of two years, and `bisect`;
it is asked once with aware datetimes, as we are, and once with integers, as our integer layer is. Making the tables
counts, on both sides. The others are given naive local times, which spares them the zones; worktimecalc knows no
deadlines, and pandas no durations.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bench.timing import Result, in_turn
from community_ops import Calendar
from community_ops.worktime.axis import Axis, _shared_axis, axis_of
from community_ops.worktime.counting import WorkTime

ROW = "work time"
BARE, OTHERS = 3.0, 0.2
JUDGED_AT = 10_000
REPEAT = 5
ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 1, 1)
DAYS = 730
HOLIDAYS = tuple(date(2026, 1, 1) + timedelta(days=40 * n) for n in range(18))
OFFICE = Calendar(
    id="office",
    timezone="Asia/Shanghai",
    hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "17:00"),)),
    holidays=HOLIDAYS,
)
Pair = tuple[datetime, datetime]


class BareTable:
    """Two years of windows in seconds of UTC, with running totals; no more than it takes."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.done: list[int] = []
        total = 0
        for n in range(DAYS + 60):
            day = FIRST + timedelta(days=n)
            if day.weekday() < 5 and day not in HOLIDAYS:
                start = int(datetime(day.year, day.month, day.day, 9, tzinfo=ZONE).timestamp())
                end = int(datetime(day.year, day.month, day.day, 17, tzinfo=ZONE).timestamp())
                self.starts.append(start)
                self.ends.append(end)
                self.done.append(total)
                total += end - start

    def worked(self, at: int) -> int:
        i = bisect_right(self.starts, at) - 1
        return 0 if i < 0 else self.done[i] + min(at, self.ends[i]) - self.starts[i]

    def opening(self, work: int) -> int:
        i = bisect_right(self.done, work) - 1
        return self.starts[i] + work - self.done[i]

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return timedelta(seconds=self.worked(int(end.timestamp())) - self.worked(int(start.timestamp())))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        work = self.worked(int(start.timestamp())) + int(amount.total_seconds())
        return datetime.fromtimestamp(self.opening(work), ZONE)


def questions(size: int) -> tuple[list[Pair], list[timedelta]]:
    """Return pairs of instants within two years, no more than 60 days apart, and whole hours of work."""
    random = Random(size)
    pairs = []
    for _ in range(size):
        start = datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(minutes=random.randrange(DAYS * 1440))
        pairs.append((start, start + timedelta(minutes=random.randrange(60 * 1440))))
    return pairs, [timedelta(hours=random.randint(1, 80)) for _ in range(size)]


def fresh_work_time() -> WorkTime:
    """Return work time of which no table has been made."""
    _shared_axis.cache_clear()
    return WorkTime(OFFICE)


def measure(sizes: Sequence[int]) -> list[Result]:
    found = []
    for size in sizes:
        if size <= JUDGED_AT:
            pairs, amounts = questions(size)
            found += [*_durations(pairs), *_deadlines(pairs, amounts), *_integers(pairs, amounts)]
    return found


def _durations(pairs: Sequence[Pair]) -> list[Result]:
    from worktimecalc.calc import WorkTimeCalculator  # type: ignore[import-untyped]

    naive = [(a.replace(tzinfo=None), b.replace(tzinfo=None)) for a, b in pairs]

    def ours() -> list[timedelta]:
        elapsed = fresh_work_time().elapsed
        return [elapsed(a, b) for a, b in pairs]

    def bare() -> list[timedelta]:
        elapsed = BareTable().elapsed
        return [elapsed(a, b) for a, b in pairs]

    def worktimecalc() -> list[timedelta]:
        peer: Any = WorkTimeCalculator(start=9, end=17, week="1111100", holidays=list(HOLIDAYS))
        return [peer(a, b) for a, b in naive]

    if not ours() == bare() == worktimecalc():
        raise AssertionError("they disagree about durations")
    best = in_turn({"ours": ours, "bare": bare, "worktimecalc": worktimecalc}, REPEAT)
    return _results("durations", len(pairs), best, {"bare": "a bare table", "worktimecalc": "worktimecalc"})


def _deadlines(pairs: Sequence[Pair], amounts: Sequence[timedelta]) -> list[Result]:
    import pandas as pd  # type: ignore[import-untyped]
    from pandas.tseries.offsets import CustomBusinessHour  # type: ignore[import-untyped]

    starts = [start for start, _ in pairs]
    naive = [pd.Timestamp(start.replace(tzinfo=None)) for start in starts]
    offsets: Any = {
        amount: CustomBusinessHour(n=int(amount / timedelta(hours=1)), start="09:00", end="17:00", holidays=HOLIDAYS)
        for amount in set(amounts)
    }

    def ours() -> list[datetime]:
        add = fresh_work_time().add
        return [add(start, amount) for start, amount in zip(starts, amounts, strict=True)]

    def bare() -> list[datetime]:
        add = BareTable().add
        return [add(start, amount) for start, amount in zip(starts, amounts, strict=True)]

    def pandas() -> list[Any]:
        return [start + offsets[amount] for start, amount in zip(naive, amounts, strict=True)]

    if ours() != bare():
        raise AssertionError("we and the bare table disagree about deadlines")
    # What is complete exactly at closing time, pandas leaves there.
    closing = WorkTime(OFFICE).finish
    for start, amount, theirs in zip(starts, amounts, pandas(), strict=True):
        if theirs.replace(tzinfo=ZONE) not in (closing(start, amount), WorkTime(OFFICE).add(start, amount)):
            raise AssertionError(f"we and pandas disagree about {start} and {amount}")
    best = in_turn({"ours": ours, "bare": bare}, REPEAT) | in_turn({"pandas": pandas}, 1)
    return _results("deadlines", len(pairs), best, {"bare": "a bare table", "pandas": "pandas CustomBusinessHour"})


def _integers(pairs: Sequence[Pair], amounts: Sequence[timedelta]) -> list[Result]:
    epoch, second, micro = datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1), timedelta(microseconds=1)
    starts = [(start - epoch, amount) for (start, _), amount in zip(pairs, amounts, strict=True)]
    seconds = [(start // second, amount // second) for start, amount in starts]
    micros = [(start // micro, amount // micro) for start, amount in starts]

    def ours() -> list[int]:
        _shared_axis.cache_clear()
        axis: Axis = axis_of([OFFICE])
        worked, opening = axis.worked, axis.opening
        return [opening(worked(start) + amount) for start, amount in micros]

    def bare() -> list[int]:
        table = BareTable()
        worked, opening = table.worked, table.opening
        return [opening(worked(start) + amount) for start, amount in seconds]

    if [instant // 1_000_000 for instant in ours()] != bare():
        raise AssertionError("we and the bare table disagree about integers")
    best = in_turn({"ours": ours, "bare": bare}, REPEAT)
    return _results("deadlines, integers", len(pairs), best, {"bare": "a bare table"})


def _results(job: str, size: int, best: dict[str, float], peers: dict[str, str]) -> list[Result]:
    found = []
    for name, said in peers.items():
        goal, against = (BARE, "") if name == "bare" else (OTHERS, f", against {name}")  # the growth goes by the job
        found.append(Result(ROW, job + against, size, best["ours"], said, best[name], goal, size == JUDGED_AT))
    return found
