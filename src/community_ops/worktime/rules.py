"""Rules about calendars (WRK101 to WRK104)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise

from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import ERROR, INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAY_MINUTES, DAYS, Span, Windows, merged, minutes, shared

_DAY_NAMES = {
    "mon": {"en": "Monday", "zh": "星期一"}, "tue": {"en": "Tuesday", "zh": "星期二"},
    "wed": {"en": "Wednesday", "zh": "星期三"}, "thu": {"en": "Thursday", "zh": "星期四"},
    "fri": {"en": "Friday", "zh": "星期五"}, "sat": {"en": "Saturday", "zh": "星期六"},
    "sun": {"en": "Sunday", "zh": "星期日"},
}  # fmt: skip
_OFFICE = dict.fromkeys(DAYS[:5], (("09:00", "12:00"), ("13:00", "18:00")))


def _office(**fields: object) -> Calendar:
    values = {"name": "Office", "timezone": "Asia/Shanghai", "hours": _OFFICE, **fields}
    return Calendar(id="office", **values)  # type: ignore[arg-type]


def _calendar(id: str) -> Ref:
    return Ref("calendar", id)


@rule(
    "WRK101",
    name="calendar-never-open",
    severity=ERROR,
    en="{subject} is never open: it has no hours, and no shift.",
    zh="{subject}从不开放：既没有每周工作时间，也没有任何班次。",
    needs=("calendar",),
    date_use="ignored",
)
def calendar_never_open(m: ModelView, context: Context) -> Iterator[Finding]:
    """A calendar has no window on any day of the week, and no date with a shift.

    Why it matters: no deadline can be worked out by it, and no task scheduled; asking for one is an error.

    How to fix: give it the hours of at least one day of the week, or shifts for the dates on which work is done.

    When it is wrong to heed it: never; a team that does no work needs no calendar.
    """
    for id, hours, shifts in zip(m.ids(Calendar), m.column(Calendar.hours), m.column(Calendar.shifts), strict=True):
        if not any(hours.values()) and not any(shifts.values()):
            yield calendar_never_open.finding(_calendar(id), field="hours")


@calendar_never_open.fires()
def _no_hours() -> Iterable[Record]:
    return [_office(hours={"mon": ()}, shifts={"2026-02-14": ()})]


@calendar_never_open.silent()
def _one_shift() -> Iterable[Record]:
    return [_office(hours={}, shifts={"2026-02-14": (("09:00", "12:00"),)})]


@lru_cache(maxsize=4096)
def _overlap(windows: Windows) -> tuple[str, str] | None:
    """Return the first two windows that have time in common, as text."""
    spans = sorted(zip(minutes(windows), windows, strict=True))
    for (one, text), (other, next_text) in pairwise(spans):
        if other[0] < one[1]:
            return "-".join(text), "-".join(next_text)
    return None


@rule(
    "WRK102",
    name="windows-overlap",
    severity=WARNING,
    en="The windows {one} and {other} of {subject} overlap on {days}.",
    zh="{subject}在{days}的时段 {one} 与 {other} 重叠。",
    needs=("calendar",),
    date_use="ignored",
)
def windows_overlap(m: ModelView, context: Context) -> Iterator[Finding]:
    """Two windows of one day have time in common.

    Why it matters: the time counts once, so one of the two says less than it seems to; mostly it is a slip of the pen,
    and the day is longer or shorter than somebody meant.

    How to fix: correct the times, or make one window of the two.

    When it is wrong to heed it: where windows stand for groups of people whose hours overlap on purpose; then the
    findings tell nothing new, and a waiver says so.

    Days that show the same two windows give one finding. Windows that only touch do not overlap.
    """
    columns = m.column(Calendar.hours), m.column(Calendar.shifts)
    for id, hours, shifts in zip(m.ids(Calendar), *columns, strict=True):
        for field, by_day in (("hours", hours), ("shifts", shifts)):
            days: dict[tuple[str, str], list[str]] = {}
            for day, windows in by_day.items():
                found = _overlap(windows) if len(windows) > 1 else None
                if found is not None:
                    days.setdefault(found, []).append(day)
            for (one, other), named in days.items():
                shown = tuple([_DAY_NAMES[day] if field == "hours" else day for day in named])
                yield windows_overlap.finding(
                    _calendar(id), field=field, key=(one, other), one=one, other=other, days=shown
                )


@windows_overlap.fires()
def _long_lunch() -> Iterable[Record]:
    return [_office(hours={**_OFFICE, "fri": (("09:00", "13:00"), ("12:00", "18:00"))})]


@windows_overlap.silent()
def _touching() -> Iterable[Record]:
    return [_office(hours={**_OFFICE, "fri": (("12:00", "18:00"), ("09:00", "12:00"))})]


def _open_around(day: date, hours: Mapping[str, Windows], shifts: Mapping[str, Windows], off: set[date]) -> list[Span]:
    """Return when a calendar is open on a day and its neighbours, in minutes from the day's midnight."""
    found: list[Span] = []
    for step in (-1, 0, 1):
        near = date.fromordinal(min(max(day.toordinal() + step, 1), date.max.toordinal()))
        usual: Windows = () if near in off else hours.get(DAYS[near.weekday()], ())
        windows = shifts.get(near.isoformat(), usual)
        found += [(a + step * DAY_MINUTES, b + step * DAY_MINUTES) for a, b in minutes(windows)]
    return merged(found)


@rule(
    "WRK103",
    name="break-cuts-nothing",
    severity=INFO,
    en="The break of {subject} on {days} lies outside its open time and cuts nothing.",
    zh="{subject}在{days}的休息时段不在开放时间内，不起作用。",
    needs=("calendar",),
    date_use="ignored",
)
def break_cuts_nothing(m: ModelView, context: Context) -> Iterator[Finding]:
    """A break is given for a time in which the calendar is closed anyway.

    Why it matters: somebody meant to stop work then, and nothing stops; often the date or the time is wrong.

    How to fix: correct the break, or take it out.

    When it is wrong to heed it: where breaks are laid down for all calendars alike, closed or not.

    A break that cuts something and has other windows that do not is not found. Times are compared on the clocks.
    """
    columns = (m.column(Calendar.hours), m.column(Calendar.shifts), m.column(Calendar.breaks))
    for id, hours, shifts, breaks, holidays in zip(m.ids(Calendar), *columns, m.column(Calendar.holidays), strict=True):
        off = set(holidays) if breaks else set()
        idle = [
            day
            for day, windows in breaks.items()
            if windows
            and not shared(_open_around(date.fromisoformat(day), hours, shifts, off), merged(minutes(windows)))
        ]
        if idle:
            yield break_cuts_nothing.finding(_calendar(id), field="breaks", days=tuple(idle))


@break_cuts_nothing.fires()
def _lunch_break() -> Iterable[Record]:
    return [_office(breaks={"2026-03-02": (("12:00", "13:00"),)})]


@break_cuts_nothing.silent()
def _afternoon_off() -> Iterable[Record]:
    return [_office(breaks={"2026-03-02": (("12:00", "15:00"),)})]


@break_cuts_nothing.silent()
def _end_of_a_night() -> Iterable[Record]:
    return [_office(hours={"mon": (("22:00", "06:00"),)}, breaks={"2026-03-03": (("05:00", "06:00"),)})]


@rule(
    "WRK104",
    name="holidays-run-out",
    severity=WARNING,
    status=True,
    en="The holidays of {subject} are known for {period} only, and not for {day}.",
    zh="{subject}的节假日仅覆盖 {period}，未包含 {day}。",
    needs=("calendar",),
    date_use="needed",
)
def holidays_run_out(m: ModelView, context: Context) -> Iterator[Finding]:
    """A calendar says for which time its holidays are known, and the date lies outside it.

    Why it matters: deadlines and schedules take coming holidays for working days, and come out too early.

    How to fix: add the holidays of the years to come, and extend the period that they cover.

    When it is wrong to heed it: for a calendar that is kept for times gone by; a waiver says so.

    Calendars that do not say what their holidays cover are not judged.
    """
    for id, covers in zip(m.ids(Calendar), m.column(Calendar.covers), strict=True):
        if covers is not None and not covers.backward and context.day not in covers:
            yield holidays_run_out.finding(_calendar(id), field="covers", period=covers, day=context.day)


_YEAR = DateRange(date(2026, 1, 1), date(2026, 12, 31))


@holidays_run_out.fires(at=date(2027, 1, 4))
def _last_years() -> Iterable[Record]:
    return [_office(holidays=(date(2026, 1, 1),), covers=_YEAR)]


@holidays_run_out.silent(at=date(2026, 12, 31))
def _this_years() -> Iterable[Record]:
    return [_office(holidays=(date(2026, 1, 1),), covers=_YEAR)]


@holidays_run_out.silent(at=date(2027, 1, 4))
def _nobody_said() -> Iterable[Record]:
    return [_office(holidays=(date(2026, 1, 1),))]


RULES = (calendar_never_open, windows_overlap, break_cuts_nothing, holidays_run_out)
"""All rules of the room."""
