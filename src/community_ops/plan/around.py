"""What stands around the driving tasks of a plan: summaries, levels of effort, recurring tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from attrs import frozen

from community_ops.errors import NoWorkTime
from community_ops.org.recurring import times
from community_ops.plan.instants import Line, RealTime, open_from, reached
from community_ops.plan.linking import ELAPSED, Wire
from community_ops.plan.passes import Dates
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import LAST


class Span(NamedTuple):
    """The dates of a task, as instants in microseconds.

    Attributes:
        total: its total float; of a summary, the least of those of its parts; None where it drives nothing.
        first: the id of the part or of the predecessor that starts it; None where the plan does.
        occurrences: when a recurring task is done.
    """

    start: int
    finish: int
    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    work: int
    total: int | None = None
    first: str | None = None
    occurrences: tuple[tuple[int, int], ...] = ()

    @classmethod
    def fixed(cls, start: int, finish: int, work: int, first: str | None) -> Span:
        """Return the dates of something that is done just when it is done."""
        return cls(start, finish, start, finish, start, finish, work, None, first)


class Within(NamedTuple):
    """From when to when something lasts, and the id of the task that starts it; None where the plan does."""

    start: int
    finish: int
    first: str | None


@frozen(eq=False)
class Around:
    """The dates of all tasks that dates do not run through, by number."""

    spans: Mapping[int, Span]


def around(net: Wiring, recurrences: Sequence[str], lines: Sequence[Line], dates: Dates) -> Around:
    """Work out the dates of what holds nothing back.

    Args:
        net: the plan.
        recurrences: for each task when it recurs.
        lines: the working time of each of the plan's calendars.
        dates: when the tasks are done that do hold others back.

    Raises:
        NoWorkTime: the calendar of a level of effort is never open.
    """
    if len(net.nodes) == len(net.kinds):
        return Around({})
    driving = {task: driving_span(net, dates, task) for task in net.nodes}
    summaries = _gathered(net, driving)
    within = _within(net, dates, summaries)
    followed: dict[int, list[Wire]] = {}
    for wire in net.spans:
        followed.setdefault(wire.after, []).append(wire)
    others: dict[int, Span] = {}
    for task, kind in enumerate(net.kinds):
        if net.parts.is_summary(task):
            continue
        if kind == "recurring":
            lasting = within[task]._replace(finish=min(within[task].finish, dates.end))
            others[task] = _recurring(net, lines, task, recurrences[task], lasting)
        elif kind == "level_of_effort":
            others[task] = _effort(net, lines, dates, task, followed.get(task, ()), within[task])
    # A summary is as long as the parts that drive; only one that has none is as long as the others.
    summaries = {**_gathered(net, others), **summaries}
    counted = {task: _worked(net, lines, task, span) for task, span in summaries.items()}
    return Around({**others, **counted})


def driving_span(net: Wiring, dates: Dates, task: int) -> Span:
    """Return the dates of a task that dates run through."""
    return Span(
        dates.start[task], dates.finish[task], dates.early_start[task], dates.early_finish[task],
        dates.late_start[task], dates.late_finish[task], net.works[task],
        None if task in dates.settled else dates.total[task], net.parts.ids[task],
    )  # fmt: skip


def _gathered(net: Wiring, leaves: Mapping[int, Span]) -> dict[int, Span]:
    """Return for each summary from when to when its parts last."""
    found: dict[int, Span] = {}
    for task in reversed(net.parts.order):
        up = net.parts.parents[task]
        span = leaves.get(task) or found.get(task)
        if up is not None and span is not None:
            found[up] = _together(found[up], span) if up in found else span._replace(occurrences=())
    return found


def _together(a: Span, b: Span) -> Span:
    return Span(
        min(a.start, b.start), max(a.finish, b.finish), min(a.early_start, b.early_start),
        max(a.early_finish, b.early_finish), min(a.late_start, b.late_start), max(a.late_finish, b.late_finish),
        0, min((one.total for one in (a, b) if one.total is not None), default=None),
        min((a.start, a.first or ""), (b.start, b.first or ""))[1] or None,
    )  # fmt: skip


def _worked(net: Wiring, lines: Sequence[Line], task: int, span: Span) -> Span:
    line = lines[net.calendars[task]]
    return span._replace(work=0 if span.finish == LAST else line.worked(span.finish) - line.worked(span.start))


def _within(net: Wiring, dates: Dates, summaries: Mapping[int, Span]) -> list[Within]:
    """Return for each task the time of the nearest summary above it that has driving parts, else that of the plan."""
    found = [Within(net.start, dates.end, None)] * len(net.kinds)
    for task in net.parts.order:
        up = net.parts.parents[task]
        if up is not None:
            span = summaries.get(up)
            found[task] = Within(span.start, span.finish, span.first) if span is not None else found[up]
    return found


def _effort(net: Wiring, lines: Sequence[Line], dates: Dates, task: int, wires: Sequence[Wire], within: Within) -> Span:
    """Date a level of effort: from the first of the starts it follows to the last of the finishes."""
    start, finish, first = within
    starts = [(led(lines, dates, wire), _name(net, wire.before)) for wire in wires if wire.type in ("FS", "SS")]
    finishes = [led(lines, dates, wire) for wire in wires if wire.type in ("FF", "SF")]
    if starts:
        start, first = min(starts)
    finish = max(finishes, default=finish)
    line = lines[net.calendars[task]]
    if LAST in (start, finish):  # of what is never finished
        return Span.fixed(start if start == LAST else line.opening(line.worked(start)), LAST, 0, first)
    begun, done = line.worked(start), line.worked(finish)
    if done <= begun:  # no time between them
        moment = _open_near(line, start)
        return Span.fixed(moment, moment, 0, first)
    return Span.fixed(line.opening(begun), line.closing(done), done - begun, first)


def _open_near(line: Line, instant: int) -> int:
    """Return the first instant from one on at which work is possible; where there is none, the last before it."""
    try:
        return open_from(line, instant)
    except NoWorkTime:
        return line.closing(line.worked(instant))


def led(lines: Sequence[Line], dates: Dates, wire: Wire) -> int:
    """Return the instant to which a link leads from when its predecessor is meant to be done."""
    begin = (dates.start if wire.type in ("SS", "SF") else dates.finish)[wire.before]
    if not wire.lag or begin == LAST:
        return begin
    line = RealTime() if wire.lag_calendar == ELAPSED else lines[wire.lag_calendar]
    return reached(line, line.worked(begin) + wire.lag)


def _name(net: Wiring, node: int) -> str:
    count = len(net.parts.ids)
    return net.parts.ids[node if node < count else net.hubs[node - count].summary]


def _recurring(net: Wiring, lines: Sequence[Line], task: int, recurrence: str, within: Within) -> Span:
    """Date a recurring task: its work from the first opening of each of its days on, while what it is within lasts."""
    if within.start == LAST:
        return Span.fixed(LAST, LAST, 0, within.first)
    clocks = net.clocks.times[net.calendars[task]]
    line, work = lines[net.calendars[task]], net.works[task]
    days: list[date] = [clocks.shown(instant).date() for instant in (within.start, within.finish)]
    held: list[tuple[int, int]] = []
    for time in times(f"{days[0].isoformat()}T00:00", clocks.zone.key, recurrence, days[0], days[1]):
        begun = line.worked(max(within.start, clocks.instant(time)))
        try:
            start = line.opening(begun)
            finish = line.closing(begun + work) if work else start
        except NoWorkTime:  # the calendar comes to an end, or has nothing
            break
        if start < within.finish and (not held or start > held[-1][0]):
            held.append((start, finish))
    if not held:
        return Span.fixed(within.start, within.start, 0, within.first)
    span = Span.fixed(held[0][0], held[-1][1], work * len(held), within.first)
    return span._replace(occurrences=tuple(held))
