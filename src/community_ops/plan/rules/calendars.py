"""Rules about the working time of plans (PLN206 to PLN208)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.records import Unit
from community_ops.org.scoping import thresholds_by_unit
from community_ops.org.structure import unit_tree
from community_ops.plan.records import Duration, Link, Plan
from community_ops.plan.rules.addresses import plan_ref
from community_ops.plan.rules.dating import Dated, dated, outcome, wired
from community_ops.plan.rules.samples import MONDAY, launch, office, piece
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule
from community_ops.worktime.records import Calendar

_HOUR = timedelta(hours=1)


@rule(
    "PLN206",
    name="plan-without-dates",
    en={
        "closed": "{subject} has no dates: there is not enough working time in {calendars} for its tasks.",
        "beyond": "{subject} has no dates: it leads out of the years 1 to 9999.",
    },
    zh={
        "closed": "{subject}无法排期：日历{calendars}没有足够的工作时间。",
        "beyond": "{subject}无法排期：日期超出公元 1 年至 9999 年。",
    },
    needs=("plan",),
    date_use="ignored",
)
def plan_without_dates(m: ModelView, context: Context) -> Iterator[Finding]:
    """A plan cannot be dated, because its calendars are closed when its tasks should be done.

    Why it matters: nothing in the plan has a start or a finish, and no other rule on dates can judge it.

    How to fix: give the calendar hours, or the plan and its tasks another calendar. Where only dates of the past are
    open, add the coming ones. Look for durations and lags that are far too long.

    When it is wrong to heed it: never.

    That a calendar is never open is said by WRK101; a circle of links, which leaves a plan without dates as well, by
    PLN101.
    """
    for id in m.ids(Plan):
        found = outcome(m, id)
        if found.calendars == ("real time",):
            yield plan_without_dates.finding(plan_ref(id), "beyond", field="start")
        elif found.calendars:
            refs = tuple([Ref("calendar", name) for name in found.calendars])
            yield plan_without_dates.finding(plan_ref(id), "closed", field="calendar", related=refs, calendars=refs)


@plan_without_dates.fires()
def _always_closed() -> Iterable[Record]:
    return [launch(calendar="office"), office(hours={}), piece("write")]


@plan_without_dates.fires()
def _for_ever() -> Iterable[Record]:
    far = Link("write", lag=Duration(10**7), lag_time="elapsed")
    return [launch(), piece("write"), piece("print", 1, far)]


@plan_without_dates.silent()
def _open() -> Iterable[Record]:
    return [launch(calendar="office"), office(), piece("write")]


@rule(
    "PLN207",
    name="calendar-too-short",
    severity=WARNING,
    en="The holidays of {subject} are known for {covers}, and {plans} {verb} by it from {first} to {last}.",
    zh="{subject}的节假日只覆盖{covers}，而{plans}按它排期的时间为 {first} 至 {last}。",
    needs=("plan", "calendar"),
)
def calendar_too_short(m: ModelView, context: Context) -> Iterator[Finding]:
    """A plan works by a calendar outside the time for which its holidays are known.

    Why it matters: holidays that nobody has entered yet count as working days, so the plan comes out too early.

    How to fix: enter the holidays of those years and extend `covers`.

    When it is wrong to heed it: for a plan so far ahead that nobody knows its holidays; a waiver says so.

    One finding a calendar. Calendars without `covers` are not judged, nor is one that does not cover the date of the
    check, of which WRK104 speaks.
    """
    covered = {
        id: covers
        for id, covers in zip(m.ids(Calendar), m.column(Calendar.covers), strict=True)
        if covers is not None and not covers.backward and (context.at is None or covers.covers(context.at))
    }
    outside: dict[str, dict[str, tuple[date, date]]] = {}
    for id, found in dated(m) if covered else ():
        for calendar, (first, last) in _worked_by(found).items():
            covers = covered.get(calendar)
            if covers is not None and not (covers.covers(first) and covers.covers(last)):
                outside.setdefault(calendar, {})[id] = first, last
    for calendar, spans in outside.items():
        plans = tuple(map(plan_ref, spans))
        yield calendar_too_short.finding(
            Ref("calendar", calendar), field="covers", related=plans, covers=covered[calendar], plans=plans,
            verb="works" if len(plans) == 1 else "work", first=min(span[0] for span in spans.values()),
            last=max(span[1] for span in spans.values()),
        )  # fmt: skip


def _worked_by(found: Dated) -> dict[str, tuple[date, date]]:
    """Return the first and the last day on which tasks are done by each calendar."""
    net, dates = found.net, found.dates
    spans: dict[int, tuple[int, int]] = {}
    for task in net.nodes:
        calendar = net.calendars[task]
        first, last = spans.get(calendar, (dates.start[task], dates.finish[task]))
        spans[calendar] = min(first, dates.start[task]), max(last, dates.finish[task])
    days = {}
    for place, (first, last) in spans.items():
        work = net.clocks.times[place]
        # What ends at midnight ends on the day before.
        days[net.clocks.calendars[place].id] = work.shown(first).date(), work.shown(max(first, last - 1)).date()
    return days


_YEAR = DateRange(date(2026, 1, 1), date(2026, 12, 31))


@calendar_too_short.fires(at=MONDAY)
def _into_next_year() -> Iterable[Record]:
    return [launch(calendar="office", start=date(2026, 12, 28)), office(covers=_YEAR), piece("write", 10)]


@calendar_too_short.silent(at=MONDAY)
def _within_the_year() -> Iterable[Record]:
    return [launch(calendar="office"), office(covers=_YEAR), piece("write", 10)]


@calendar_too_short.silent(at=date(2027, 1, 4))
def _said_of_the_calendar() -> Iterable[Record]:
    return [launch(calendar="office", start=date(2026, 12, 28)), office(covers=_YEAR), piece("write", 10)]


@frozen
class ZoneThresholds(Value):
    """How far the clocks of a plan and of its team may be apart.

    Attributes:
        hours: the most hours.
    """

    hours: Decimal = field(default=Decimal(3), metadata=at_least(0))


@rule(
    "PLN208",
    name="time-zones-at-odds",
    severity=INFO,
    en={
        "": "{subject} goes by {calendar}, {apart} hours apart from {team}, by which {unit} works.",
        "none": "{subject} names no calendar and goes by UTC, {apart} hours apart from {team}, by which {unit} works.",
    },
    zh={
        "": "{subject}采用{calendar}，与{unit}所用的{team}相差 {apart} 小时。",
        "none": "{subject}未指定日历，因而按 UTC 计算，与{unit}所用的{team}相差 {apart} 小时。",
    },
    needs=("plan", "unit"),
    date_use="ignored",
    thresholds=ZoneThresholds(),
    scoped=True,
)
def time_zones_at_odds(m: ModelView, context: Context) -> Iterator[Finding]:
    """A plan's working time and that of the unit whose plan it is are hours apart.

    Why it matters: the plan counts hours in which its team sleeps. Starts, finishes and deadlines are off by as much,
    and a link within a day is not possible.

    How to fix: give the plan the team's calendar, and tasks that others do calendars of their own.

    When it is wrong to heed it: where a team works on another one's clocks on purpose, such as a night shift; a policy
    sets another number of hours for it.

    The clocks of the day on which the plan starts count. A unit without a calendar works by that of the unit above it.
    Plans that name no unit are not judged. A policy for a unit holds for the plans of that unit.
    """
    stated = dict(zip(m.ids(Plan), zip(m.column(Plan.unit), m.column(Plan.calendar), strict=True), strict=True))
    tree, limits = unit_tree(m), thresholds_by_unit(m, context)
    teams = tree.inherit(m.column(Unit.calendar))
    for id, net in wired(m):
        unit, named = stated[id]
        team = teams[tree.place(unit)] if unit is not None and unit in tree else None
        other = m.get(Ref("calendar", team)) if team is not None else None
        own = net.clocks.calendars[0]
        if not isinstance(other, Calendar) or named not in (None, own.id):
            continue
        start = net.clocks.times[0].shown(net.start)
        apart = abs(_offset(own, start) - _offset(other, start)) / _HOUR
        if apart > limits.of(unit).hours:
            related = [Ref("calendar", name) for name in (named, other.id) if name is not None]
            yield time_zones_at_odds.finding(
                plan_ref(id), "" if named else "none", field="calendar", related=related, calendar=related[0],
                team=other.ref, unit=Ref("unit", unit or ""), apart=f"{apart:g}",
            )  # fmt: skip


def _offset(calendar: Calendar, when: datetime) -> timedelta:
    return when.astimezone(UTC).astimezone(ZoneInfo(calendar.timezone)).utcoffset() or timedelta()


def _far(timezone: str, calendar: str | None = "office") -> Iterable[Record]:
    team = office(id="team", name="Team", timezone=timezone)
    top = Unit(id="hq", name="Head office", kind="organisation", calendar="team")
    sales = Unit(id="sales", name="Sales", parent="hq")
    return [launch(calendar=calendar, unit="sales"), office(), team, top, sales, piece("write")]


@time_zones_at_odds.fires()
def _half_a_world() -> Iterable[Record]:
    return _far("Asia/Shanghai")


@time_zones_at_odds.fires()
def _nobody_asked() -> Iterable[Record]:
    return _far("Asia/Shanghai", calendar=None)


@time_zones_at_odds.silent()
def _next_door() -> Iterable[Record]:
    return _far("Europe/Athens")


RULES = (plan_without_dates, calendar_too_short, time_zones_at_odds)
"""The rules of this module."""
