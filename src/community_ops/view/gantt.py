"""Gantt charts as SVG: bars over a time axis, links, days without work, the status date, a legend.

Nothing is told by colour alone: the bar of a critical task is hatched and its name in bold, milestones are diamonds,
summaries brackets, levels of effort have a dashed border, recurring tasks a bar for each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree import ElementTree as ET

from attrs import frozen

from community_ops.kernel.view import ModelView
from community_ops.plan.scheduling import TaskDates
from community_ops.validation.wording import Language
from community_ops.view import svg
from community_ops.view.chart import SAMPLE, key_rows
from community_ops.view.gantt_marks import BAR, draw_mark
from community_ops.view.plan_rows import Row
from community_ops.view.plan_scene import ROWS, PlanScene, Tie, plan_scene
from community_ops.view.svg import Point, Rect
from community_ops.view.textwidth import cut, drawn_width, ems, wrap
from community_ops.view.timescale import Timescale, timescale
from community_ops.view.words import say

MARGIN, ROW = 24.0, 22.0
NAMES, INDENT, DEEPEST = 300.0, 14.0, 8
WIDE, WIDEST_DAY, NARROWEST = 900.0, 40.0, 460.0
"""How wide the time is drawn, a day at most, and the whole picture at least."""
TIES_DRAWN = 80
_SMALL, _NORMAL, _HEADING = 10.0, 11.0, 16.0
_BESIDE = 14.0  # room for what sticks out of the first and the last day: diamonds, links
_SLIPS = ("task", "milestone")
_CLOSED, _GRID, _LINK = "#eceff3", "#d5dae1", "#6b7580"


@frozen
class _Plot:
    """Where things go: the left end of the time, the top of the first row, how wide a day is."""

    scene: PlanScene
    left: float
    top: float
    day: float

    def x(self, place: float) -> float:
        return self.left + place * self.day

    def middle(self, row: int) -> float:
        return self.top + (row + 0.5) * ROW

    @property
    def foot(self) -> float:
        return self.top + len(self.scene.rows) * ROW

    def ends(self, row: Row) -> tuple[float, float]:
        """Return where a row's task starts and finishes; what never does would do so off the right edge."""
        start, finish = row.dates.start, row.dates.finish
        never = float(self.scene.days)
        places = [never if when is None else self.scene.place(when) for when in (start, finish)]
        return self.x(places[0]), self.x(places[1])


def gantt_chart(
    m: ModelView, plan_id: str, at: date | None = None, language: Language = "en", *, limit: int = ROWS
) -> str:
    """Draw when the tasks of a plan are done, what they wait for, and which of them may not slip.

    Args:
        m: the model.
        plan_id: the plan.
        at: the status date, a day or an aware instant, drawn as a line; None for none.
        language: of the words; names are as the model has them.
        limit: the most tasks to draw; beyond it the top levels are drawn, and the chart says how much is not.

    Returns:
        A stand-alone SVG document.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: tasks wait for each other in a circle.
        NoWorkTime: a calendar has no time in which a task could be done.
        NotAnInstant: the status date is a datetime without a time zone.

    Example:
        >>> from community_ops import Duration, OperatingModel, Plan, Task
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="ads", name="Plan the ads", plan="p", duration=Duration(2)),
        ... )
        >>> "Launch: 1 task, 2026-03-02 to 2026-03-03, 1 critical" in gantt_chart(model, "p")
        True
    """
    return svg.svg_text(draw_plan(plan_scene(m, plan_id, at, language, limit)))


def draw_plan(scene: PlanScene) -> ET.Element:
    """Draw the scene of a plan as an SVG element tree."""
    names = [_name(row) for row in scene.rows]
    column = max([_inset(row) + drawn_width(name, _NORMAL) for row, name in zip(scene.rows, names, strict=True)] or [0])
    day = min(WIDEST_DAY, WIDE / scene.days)
    left = MARGIN + column + _BESIDE
    width = max(NARROWEST, left + day * scene.days + _BESIDE + MARGIN)
    lead = wrap(scene.summary, (width - 2 * MARGIN) / _NORMAL, ems)
    head = MARGIN + (_HEADING + _NORMAL * len(lead)) * svg.LINE_HEIGHT + 12
    plot = _Plot(scene, left, head + 2 * ROW, day)
    keys = list(key_rows(_keys(scene), width - 2 * MARGIN))
    notes = [line for note in plan_notes(scene) for line in wrap(note, (width - 2 * MARGIN) / _NORMAL, ems)]
    bottom = plot.foot + 20
    height = bottom + 20 * len(keys) + _NORMAL * svg.LINE_HEIGHT * len(notes) + MARGIN

    description = " ".join([scene.summary, *plan_notes(scene)])
    root = svg.picture(width, height, plan_headline(scene), description, scene.language)
    svg.text(root, (MARGIN, MARGIN + _HEADING), cut(scene.title, (width - 2 * MARGIN) / _HEADING, ems), size=_HEADING,
             bold=True)  # fmt: skip
    svg.lines_of_text(root, (MARGIN, MARGIN + _HEADING * svg.LINE_HEIGHT), lead, size=_NORMAL, fill=svg.MUTED)
    if scene.rows:
        _draw_time(root, plot, timescale(scene.begin, scene.days, day, _SMALL, scene.language), head)
        _draw_ties(root, plot)
        _draw_rows(root, plot, names)
        _draw_status(root, plot)
    _draw_keys(root, scene, keys, bottom)
    svg.lines_of_text(root, (MARGIN, bottom + 20 * len(keys)), notes, size=_NORMAL, fill=svg.MUTED)
    return root


def plan_headline(scene: PlanScene) -> str:
    """Return what a scene is and its counts, in a line."""
    return say("titled", scene.language, title=scene.title, summary=scene.summary)


def plan_notes(scene: PlanScene) -> list[str]:
    """Return the sentences that belong under the chart."""
    undrawn = len(scene.ties) - TIES_DRAWN
    more = [say("links_not_drawn", scene.language, n=len(scene.ties))] if undrawn > 0 else []
    return [*scene.notes, *more]


def _inset(row: Row) -> float:
    return INDENT * min(row.depth, DEEPEST)


def _name(row: Row) -> str:
    return cut(row.title, (NAMES - _inset(row)) / _NORMAL, ems)


# -- time ----------------------------------------------------------------------------------------------------------


def _draw_time(root: ET.Element, plot: _Plot, scale: Timescale, head: float) -> None:
    for first, last in plot.scene.closed:
        start, end = plot.x(first), plot.x(last + 1)
        svg.rect(root, Rect(start, plot.top, end - start, plot.foot - plot.top), fill=_CLOSED)
    for ticks, y in ((scale.coarse, head), (scale.fine, head + ROW)):
        for tick in ticks:
            x = plot.x(tick.start)
            svg.path(root, [(x, y), (x, plot.foot)], stroke=_GRID, width=1)
            if tick.label:
                svg.text(root, (x + 3, y + 15), tick.label, size=_SMALL, fill=svg.MUTED)
    end = plot.x(plot.scene.days)
    svg.path(root, [(plot.left, plot.top), (end, plot.top)], [(end, head), (end, plot.foot)], stroke=_GRID, width=1)


def _draw_status(root: ET.Element, plot: _Plot) -> None:
    when = plot.scene.status
    if when is not None:
        x = plot.x(plot.scene.place(when))
        title = say("bar_status", plot.scene.language, day=when.date())
        line = [(x, plot.top), (x, plot.foot)]
        svg.path(root, line, stroke=svg.PURPLE, width=1.6, dash="6 3", title=title)


# -- rows ----------------------------------------------------------------------------------------------------------


def _draw_rows(root: ET.Element, plot: _Plot, names: Sequence[str]) -> None:
    words = plot.scene.language
    for number, (row, name) in enumerate(zip(plot.scene.rows, names, strict=True)):
        middle = plot.middle(number)
        group = svg.group(root, " - ".join(_spelled(row, words)))
        place = (MARGIN + _inset(row), middle + 4)
        bold = row.dates.critical
        svg.text(group, place, name, size=_NORMAL, bold=bold, fill=svg.RED if bold else svg.INK)
        _draw_slack(group, plot, row, middle)
        for begun, done in row.occurrences:
            begins, ends = plot.x(plot.scene.place(begun)), plot.x(plot.scene.place(done))
            draw_mark(group, _look(row), begins, ends if row.dates.finish else plot.ends(row)[1], middle)


def _draw_slack(group: ET.Element, plot: _Plot, row: Row, middle: float) -> None:
    """Draw by how much a task may slip, from its finish to its late finish."""
    if row.dates.late_finish is None:
        return
    finish, late = plot.ends(row)[1], plot.x(min(plot.scene.place(row.dates.late_finish), plot.scene.days))
    if row.dates.kind in _SLIPS and late > finish + 1:
        stop = [(late, middle - 3), (late, middle + 3)]
        svg.path(group, [(finish, middle), (late, middle)], stop, stroke=svg.NAVY, width=1, dash="1 2")


def _slips(dates: TaskDates) -> bool:
    finish, late = dates.finish, dates.late_finish
    return dates.kind in _SLIPS and finish is not None and late is not None and late > finish


def _look(row: Row) -> str:
    kind = row.dates.kind
    return "critical" if kind == "task" and row.dates.critical else kind


def _spelled(row: Row, language: Language) -> Iterator[str]:
    """Yield everything a row states, for those who read rather than look."""
    yield row.title
    yield say("kind_" + row.dates.kind, language)
    ends = (row.dates.start, row.dates.finish)
    start, finish = [say("never", language) if when is None else f"{when:%m-%d %H:%M}" for when in ends]
    yield say("from_to", language, start=start, finish=finish)
    if row.dates.critical:
        yield say("critical", language)
    elif row.slack:
        yield f"{say('slack', language)} {row.slack}"


# -- links ---------------------------------------------------------------------------------------------------------


def _draw_ties(root: ET.Element, plot: _Plot) -> None:
    if len(plot.scene.ties) > TIES_DRAWN:
        return
    for tie in sorted(plot.scene.ties, key=lambda tie: tie.critical):  # what drives the finish lies on top
        stroke, width = (svg.RED, 1.8) if tie.critical else (_LINK, 1.0)
        way = _way(plot, tie)
        one, other = plot.scene.rows[tie.source].title, plot.scene.rows[tie.target].title
        svg.path(root, way, stroke=stroke, width=width, title=f"{one} → {other} {tie.type}")
        svg.arrow(root, way[-1], way[-2], fill=stroke, size=5)


def _way(plot: _Plot, tie: Tie) -> list[Point]:
    """Return the corners of a link: out of one end, down or up beside it, and into the other."""
    source, target = plot.scene.rows[tie.source], plot.scene.rows[tie.target]
    from_finish, to_start = tie.type in ("FS", "FF"), tie.type in ("FS", "SS")
    x1, x2 = plot.ends(source)[from_finish], plot.ends(target)[not to_start]
    x1 += _half(source) * (1 if from_finish else -1)
    x2 += _half(target) * (-1 if to_start else 1)
    y1, y2 = plot.middle(tie.source), plot.middle(tie.target)
    out, into = x1 + (4 if from_finish else -4), x2 + (-7 if to_start else 7)
    if from_finish == to_start and (into >= out if from_finish else into <= out):
        return [(x1, y1), (out, y1), (out, y2), (x2, y2)]
    if from_finish != to_start:
        beside = max(out, into) if from_finish else min(out, into)
        return [(x1, y1), (beside, y1), (beside, y2), (x2, y2)]
    between = y2 + (-ROW / 2 if y2 > y1 else ROW / 2)
    return [(x1, y1), (out, y1), (out, between), (into, between), (into, y2), (x2, y2)]


def _half(row: Row) -> float:
    """Return how far what stands for a task sticks out of its dates."""
    return BAR / 2 if row.dates.kind == "milestone" else 0.0


# -- the legend ----------------------------------------------------------------------------------------------------


def _keys(scene: PlanScene) -> Iterator[tuple[str, str]]:
    """Yield what the legend explains: what it looks like, and what it means."""
    looks = {_look(row) for row in scene.rows}
    for look in ("task", "critical", "milestone", "summary", "level_of_effort", "recurring"):
        if look in looks:
            yield look, say("bar_critical" if look == "critical" else "kind_" + look, scene.language)
    if any(_slips(row.dates) for row in scene.rows):
        yield "slack", say("bar_slack", scene.language)
    if len(scene.ties) <= TIES_DRAWN:
        if not all(tie.critical for tie in scene.ties):
            yield "link", say("bar_link", scene.language)
        if any(tie.critical for tie in scene.ties):
            yield "critical_link", say("bar_critical_link", scene.language)
    if scene.closed:
        yield "closed", say("bar_closed", scene.language)
    if scene.status is not None:
        yield "status", say("bar_status", scene.language, day=scene.status.date())


_LINES = {
    "slack": (svg.NAVY, 1.0, "1 2"),
    "link": (_LINK, 1.0, ""),
    "critical_link": (svg.RED, 1.8, ""),
    "status": (svg.PURPLE, 1.6, "6 3"),
}


def _draw_keys(root: ET.Element, scene: PlanScene, rows: Sequence[list[tuple[float, str, str]]], top: float) -> None:
    for number, row in enumerate(rows):
        middle = top + 20 * number + 7
        for x, look, meaning in row:
            left, right = MARGIN + x, MARGIN + x + SAMPLE
            if look in _LINES:
                stroke, width, dash = _LINES[look]
                svg.path(root, [(left, middle), (right, middle)], stroke=stroke, width=width, dash=dash)
            elif look == "closed":
                svg.rect(root, Rect(left, middle - 6, SAMPLE, 12), fill=_CLOSED)
            else:
                draw_mark(root, look, left, (left + right) / 2 if look == "milestone" else right, middle)
            svg.text(root, (right + 6, middle + 4), meaning, size=_NORMAL, fill=svg.MUTED)
