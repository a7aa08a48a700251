"""What a Gantt chart shows, before anybody decides where it goes: rows, links between them, days without work, notes.

A scene is small whatever the plan: it holds the top levels of its breakdown up to a number of rows, and says how much
it leaves out. The picture and the table of a plan are made from the same scene, so that they state the same facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from attrs import frozen

from community_ops.errors import NotAnInstant
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.plan.scheduling import Schedule, schedule
from community_ops.plan.tasktree import Parts
from community_ops.plan.wiring import Wiring, wiring
from community_ops.validation.wording import Language
from community_ops.view.plan_rows import Row, predecessor, rows_of, rows_table
from community_ops.view.scene import label
from community_ops.view.words import say
from community_ops.worktime import WorkTime

ROWS = 200
"""The most tasks a chart draws, unless told otherwise."""
_SHADED = 800
"""Of a plan of more days than this, the days without work are not looked for: they would be finer than a hair."""
_DAY = timedelta(days=1)


@frozen
class Tie:
    """A link: the rows it leads from and to, its type, and whether it is what makes the plan as long as it is."""

    source: int
    target: int
    type: str
    critical: bool


@frozen(kw_only=True)
class PlanScene:
    """What a Gantt chart shows.

    Attributes:
        title: what it is.
        summary: the counts, in a line.
        language: the language of its words.
        zone: the time zone of the plan's calendar, on whose clocks everything is drawn.
        begin: its first day.
        days: how many days there are.
        rows: the tasks, each followed by its parts.
        ties: links between rows shown.
        closed: days without work by the plan's calendar, as their places from `begin`, in runs of first and last.
        status: the moment it is looked at; None where none was given, or where that lies outside.
        notes: sentences that belong under the chart.
    """

    title: str
    summary: str
    language: Language
    zone: ZoneInfo
    begin: date
    days: int
    rows: tuple[Row, ...] = ()
    ties: tuple[Tie, ...] = ()
    closed: tuple[tuple[int, int], ...] = ()
    status: datetime | None = None
    notes: tuple[str, ...] = ()

    def place(self, when: datetime) -> float:
        """Return how many days after the beginning something is; all days are equally long, as the clocks show them."""
        wall = when.astimezone(self.zone)
        seconds = ((wall.hour * 60 + wall.minute) * 60 + wall.second) + wall.microsecond / 1e6
        return (wall.date() - self.begin).days + seconds / 86_400


def plan_scene(
    m: ModelView, plan_id: str, at: date | None = None, language: Language = "en", limit: int = ROWS
) -> PlanScene:
    """Return the scene of a plan.

    Args:
        m: the model.
        plan_id: the plan.
        at: the status date, a day or an aware instant; a day stands for its beginning on the plan's clocks.
        language: of the words; names are as the model has them.
        limit: the most tasks to show.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: tasks wait for each other in a circle.
        NoWorkTime: a calendar has no time in which a task could be done.
        NotAnInstant: the status date is a datetime without a time zone.
    """
    dated, when = dated_plan(m, plan_id, at)
    return schedule_scene(dated, m, when, language, limit)


def plan_table(scene: PlanScene) -> ET.Element:
    """Return a table of what a Gantt chart shows, a task a row."""
    return rows_table(scene.rows, scene.language)


def dated_plan(m: ModelView, plan_id: str, at: date | None) -> tuple[Schedule, datetime | None]:
    """Return the schedule of a plan, and the status date as an instant; see `plan_scene`."""
    if at is not None and not isinstance(at, datetime):
        at = datetime.combine(at, time(), _zone(wiring(m, plan_id)))
    if at is not None and at.tzinfo is None:
        raise NotAnInstant(at)
    return schedule(m, plan_id, at), at


def _zone(net: Wiring) -> ZoneInfo:
    return ZoneInfo(net.clocks.calendars[0].timezone)


def schedule_scene(
    dated: Schedule, m: ModelView | None, at: datetime | None, language: Language, limit: int = ROWS
) -> PlanScene:
    """Return the scene of a schedule, which without a model knows ids only; see `plan_scene`."""
    net = dated.net
    shown, depths = _shown(net.parts, limit)
    rows = rows_of(dated, m, language, shown, depths)
    zone = _zone(net)
    ends = [moment for row in rows for times in row.occurrences for moment in times] or [dated.start]
    begin, last = min(ends).astimezone(zone).date(), max(ends).astimezone(zone).date()
    days = (last - begin).days + 1
    inside = at is not None and begin <= at.astimezone(zone).date() <= last
    return PlanScene(
        title=dated.plan if m is None else label(m.label(Ref("plan", dated.plan)), dated.plan),
        summary=counts_of(dated, language),
        language=language,
        zone=zone,
        begin=begin,
        days=days,
        rows=rows,
        ties=tuple(_ties(dated, {task: place for place, task in enumerate(shown)})),
        closed=tuple(_closed(net, zone, begin, days)) if days <= _SHADED else (),
        status=at if inside else None,
        notes=tuple(_notes(dated, len(net.parts.ids) - len(shown), None if inside else at, language, limit)),
    )


def _shown(shape: Parts, limit: int) -> tuple[list[int], dict[int, int]]:
    """Return the tasks to show, each followed by its parts, and how deep each is: of very many the top levels."""
    depths: dict[int, int] = {}
    for task in shape.order:
        up = shape.parents[task]
        depths[task] = 0 if up is None else depths[up] + 1
    chosen = set(sorted(shape.order, key=depths.__getitem__)[:limit])
    return [task for task in shape.order if task in chosen], depths


def counts_of(dated: Schedule, language: Language) -> str:
    """Return how many tasks a schedule has, from when to when they last, and how many are critical, in a line."""
    counts = [say("tasks_count", language, n=len(dated))]
    if dated.finish is not None:
        counts.append(say("from_to", language, start=dated.start.date(), finish=dated.finish.date()))
        counts.append(say("critical_count", language, n=len(dated.critical())))
    return ("，" if language == "zh" else ", ").join(counts)


def _ties(dated: Schedule, places: Mapping[int, int]) -> Iterator[Tie]:
    """Yield the links between the rows shown; those of levels of effort hold nothing back, and are not among them."""
    net = dated.net
    seen = set()
    for wire in net.wires:
        if wire.origin is None or wire.origin in seen:
            continue
        seen.add(wire.origin)
        source, target = places.get(predecessor(net, wire)), places.get(wire.origin[0])
        if source is None or target is None:
            continue
        one, other = (dated.tasks[net.parts.ids[task]] for task in (predecessor(net, wire), wire.origin[0]))
        decides = other.driver.task == one.id
        yield Tie(source, target, wire.type, one.critical and other.critical and decides)


def _closed(net: Wiring, zone: ZoneInfo, begin: date, days: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of days without work, as the places of their first and last."""
    work = WorkTime(net.clocks.calendars[0])
    midnights = [
        datetime(day.year, day.month, day.day, tzinfo=zone) for day in (begin + n * _DAY for n in range(days + 1))
    ]
    first = None
    for place in range(days + 1):
        shut = place < days and not work.elapsed(midnights[place], midnights[place + 1])
        if shut and first is None:
            first = place
        elif not shut and first is not None:
            yield first, place - 1
            first = None


def _notes(dated: Schedule, hidden: int, outside: datetime | None, language: Language, limit: int) -> Iterator[str]:
    if hidden:
        yield say("tasks_not_shown", language, n=hidden, limit=limit)
    if dated.unestimated:
        yield say("unestimated", language, n=len(dated.unestimated))
    if outside is not None:
        yield say("status_outside", language, day=outside.date())
    if not len(dated):
        yield say("nothing", language)
