"""Random plans of the subset that MSPDI can say in full, with ids that are UIDs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

import community_ops as co

ZONE = "Asia/Shanghai"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
) | st.sampled_from(['推广 <活动> & "x"', "a\r\nb\tc", "  spaces  "])
WINDOWS = st.sampled_from(
    [
        (("09:00", "17:00"),),
        (("08:00", "12:00"), ("13:00", "17:30")),
        (("00:00", "24:00"),),
        (("13:00", "24:00"),),
        (("00:00", "06:00"), ("22:15", "24:00")),
    ]
)
DATES = st.dates(date(2026, 1, 1), date(2026, 12, 31))
# Neither midnight nor the beginning or end of any window above: as such a time comes back as its day.
MOMENTS = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, 10, minute, tzinfo=ZoneInfo(ZONE)),
    DATES,
    st.integers(1, 59),
)
WHENS = DATES | MOMENTS
AMOUNTS = st.integers(0, 400).map(lambda n: Decimal(n) / 4)
DURATIONS = st.builds(co.Duration, AMOUNTS.map(lambda a: a.normalize() + 0), st.sampled_from(["hour", "day", "week"]))
LAGS = st.builds(co.Duration, st.integers(-20, 20), st.sampled_from(["minute", "hour", "day", "week"]))
PERCENTS = st.integers(0, 100).map(Decimal)


def calendars(id: str) -> st.SearchStrategy[co.Calendar]:
    days = st.lists(DATES, max_size=4, unique=True).map(sorted)

    def with_shifts(holidays: list[date], shifts: dict[date, object], hours: dict[str, object]) -> co.Calendar:
        kept = {day: windows for day, windows in sorted(shifts.items()) if day not in holidays}
        return co.Calendar(
            id=id, name=f"Calendar {id}", timezone=ZONE, hours=hours, holidays=holidays, shifts=kept,
            day_length=timedelta(hours=8), week_length=timedelta(hours=40), days_per_month=20,
        )  # fmt: skip

    week = st.dictionaries(st.sampled_from(DAYS), WINDOWS, min_size=1).map(
        lambda hours: {day: hours[day] for day in DAYS if day in hours}
    )
    return st.builds(with_shifts, days, st.dictionaries(DATES, WINDOWS, max_size=3), week)


@st.composite
def tasks(draw: st.DrawFn, number: int, parent: str | None, summary: bool, count: int) -> co.Task:
    name = draw(st.sampled_from(["ASAP", "ALAP", "SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO"]))
    dated = name not in ("ASAP", "ALAP")
    kind = "task" if summary else draw(st.sampled_from(["task", "task", "milestone"]))
    given: dict[str, object] = {}
    if not summary:
        given["percent_complete"] = draw(PERCENTS)
        given["actual_start"] = draw(st.none() | WHENS)
        given["actual_finish"] = draw(st.none() | WHENS)
        if kind == "task":
            given["duration"] = draw(st.none() | DURATIONS)
        fte = draw(st.lists(st.tuples(st.sampled_from(["1", "2"]), st.sampled_from(["0.5", "1", "2"])), max_size=2))
        given["allocations"] = [co.Allocation(position, Decimal(share)) for position, share in fte]
    cents = draw(st.none() | st.integers(1, 10**9))
    before = st.integers(1, number - 1).map(str) if number > 1 else st.nothing()
    return co.Task(
        id=str(number), name=draw(TEXTS), plan="p", parent=parent, kind=kind,
        links=draw(st.lists(links(before), max_size=2)) if number > 1 else [],
        constraint=name, constraint_date=draw(WHENS) if dated else None, deadline=draw(st.none() | WHENS),
        calendar=draw(st.sampled_from([None, "2"])),
        planned_cost=None if cents is None else co.Money(_plain(Decimal(cents).scaleb(-2)), "CNY"),
        description=draw(st.just("") | TEXTS),
        **given,
    )  # fmt: skip


def _plain(amount: Decimal) -> Decimal:
    text = f"{amount:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def links(before: st.SearchStrategy[str]) -> st.SearchStrategy[co.Link]:
    types = st.sampled_from(["FS", "SS", "FF", "SF"])
    plain = st.builds(co.Link, before, types)
    # Where there is no lag, nothing is left that could say in whose time it runs.
    lagging = st.builds(
        co.Link, before, types, LAGS.filter(lambda lag: lag.amount != 0),
        lag_time=st.sampled_from(["successor", "elapsed"]),
    )  # fmt: skip
    percents = st.integers(-90, 200).filter(bool).map(Decimal)
    return (
        plain
        | lagging
        | st.builds(co.Link, before, types, lag_percent=percents, lag_time=st.sampled_from(["successor", "elapsed"]))
    )


@st.composite
def plans(draw: st.DrawFn) -> co.OperatingModel:
    """Draw a model that holds a plan `p`, its calendars, and the positions that work on it."""
    count = draw(st.integers(0, 6))
    parents: list[int | None] = []
    for number in range(count):  # in the order of the outline: a part of the task before, or of one it is a part of
        line: list[int | None] = [None]
        at = number - 1 if number else None
        while at is not None:
            line.append(at)
            at = parents[at]
        parents.append(draw(st.sampled_from(line)))
    summaries = set(parents)
    made = [
        draw(tasks(number + 1, None if up is None else str(up + 1), number in summaries, count))
        for number, up in enumerate(parents)
    ]
    used = {one.position for task in made for one in task.allocations}
    positions = [co.Position(id=id, title=f"Role {id}", unit="resources") for id in ("1", "2") if id in used]
    shown = [draw(calendars("1"))]
    if any(task.calendar == "2" for task in made):
        shown.append(draw(calendars("2")))
    plan = co.Plan(id="p", name=draw(TEXTS), start=draw(WHENS), calendar="1", description=draw(st.just("") | TEXTS))
    unit = [co.Unit(id="resources", name="Resources")] if positions else []
    return co.OperatingModel([*shown, *unit, *positions, plan, *made])
