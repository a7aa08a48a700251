"""Rules about what is recorded as done (PLN501 to PLN504, PLN508)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from community_ops.kernel.record import Record
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Cost, Progress, Step, Task
from community_ops.plan.rules.addresses import task_ref
from community_ops.plan.rules.promised import yuan
from community_ops.plan.rules.samples import MONDAY, launch, piece
from community_ops.plan.tasktree import breakdown
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, day_of, rule

_TUESDAY = date(2026, 3, 3)


@rule(
    "PLN501",
    name="percent-against-actuals",
    severity=WARNING,
    en={
        "unfinished": "{subject} was finished on {day}, but is {percent} % complete.",
        "undated": "{subject} is complete, but has no actual finish.",
        "unstarted": "{subject} is {percent} % complete, but has no actual start.",
    },
    zh={
        "unfinished": "{subject}已于 {day} 完成，但完成百分比只有 {percent}%。",
        "undated": "{subject}完成百分比为 100%，但没有实际完成日期。",
        "unstarted": "{subject}已完成 {percent}%，但没有实际开始日期。",
    },
    needs=("task",),
    date_use="ignored",
)
def percent_against_actuals(m: ModelView, context: Context) -> Iterator[Finding]:
    """How much of a task is said to be done does not go with its actual dates.

    Why it matters: dates and earned value are worked out from both, and one of them is wrong.

    How to fix: record the actual start and finish, or correct the percents.

    When it is wrong to heed it: never.

    Summaries are not judged: what is done of them is what is done of their parts. Where a task earns by other means
    than percents, none need be recorded once it is finished.
    """
    tree, ids = breakdown(m), m.ids(Task)
    columns = (
        tree.spans, m.column(Task.percent_complete), m.column(Task.actual_start), m.column(Task.actual_finish),
        m.column(Task.earning),
    )  # fmt: skip
    for id, (span, percent, start, finish, earning) in zip(ids, zip(*columns, strict=True), strict=True):
        if span or not (percent or finish):
            continue
        subject = task_ref(id)
        if finish is not None:
            if percent != 100 and (percent or earning == "percent"):
                yield percent_against_actuals.finding(
                    subject, "unfinished", field="percent_complete", day=day_of(finish), percent=percent
                )
        elif percent == 100:
            yield percent_against_actuals.finding(subject, "undated", field="actual_finish")
        elif start is None:
            yield percent_against_actuals.finding(subject, "unstarted", field="actual_start", percent=percent)


@percent_against_actuals.fires()
def _nearly() -> Iterable[Record]:
    return [launch(), piece("write", percent_complete=90, actual_start=MONDAY, actual_finish=MONDAY)]


@percent_against_actuals.fires()
def _sometime() -> Iterable[Record]:
    return [launch(), piece("write", percent_complete=100, actual_start=MONDAY)]


@percent_against_actuals.fires()
def _by_itself() -> Iterable[Record]:
    return [launch(), piece("write", percent_complete=10)]


@percent_against_actuals.silent()
def _as_it_should_be() -> Iterable[Record]:
    done = piece("write", percent_complete=100, actual_start=MONDAY, actual_finish=MONDAY)
    halves = piece("print", earning="50/50", actual_start=MONDAY, actual_finish=MONDAY)
    return [launch(), done, halves, piece("send", percent_complete=10, actual_start=MONDAY), piece("rest")]


@rule(
    "PLN502",
    name="progress-in-future",
    date_use="needed",
    en="{subject} records something as done on {day}, which is after {at}.",
    zh="{subject}记录的实际情况发生在 {day}，晚于 {at}。",
    needs=("task",),
)
def progress_in_future(m: ModelView, context: Context) -> Iterator[Finding]:
    """Something is recorded as done, reviewed or paid on a day that is still to come.

    Why it matters: it is a wish or a slip of the pen, and counts as a fact.

    How to fix: correct the date; what is expected belongs into constraints and estimates.

    When it is wrong to heed it: where the model is judged at a date in the past.

    Actual start and finish, percents reported, steps done, costs and reviews are looked at; the latest of them is told.
    """
    columns = (
        m.column(Task.actual_start), m.column(Task.actual_finish), m.column(Task.steps), m.column(Task.costs),
        m.column(Task.deliverables), m.column(Task.progress),
    )  # fmt: skip
    for id, row in zip(m.ids(Task), zip(*columns, strict=True), strict=True):
        start, finish, steps, costs, deliverables, reports = row
        days = [
            start, finish, *[step.done for step in steps], *[cost.day for cost in costs],
            *[one.reviewed for one in deliverables], *[one.day for one in reports],
        ]  # fmt: skip
        latest = max([day_of(day) for day in days if day is not None], default=context.day)
        if latest > context.day:
            yield progress_in_future.finding(task_ref(id), day=latest, at=context.day)


@progress_in_future.fires(at=MONDAY)
def _tomorrow() -> Iterable[Record]:
    return [launch(), piece("write", actual_start=MONDAY, costs=(Cost(_TUESDAY, yuan(5)),))]


@progress_in_future.fires(at=MONDAY)
def _reported_ahead() -> Iterable[Record]:
    return [launch(), piece("write", percent_complete=9, actual_start=MONDAY, progress=(Progress(_TUESDAY, 9),))]


@progress_in_future.silent(at=_TUESDAY)
def _today() -> Iterable[Record]:
    return [launch(), piece("write", actual_start=MONDAY, costs=(Cost(_TUESDAY, yuan(5)),))]


@rule(
    "PLN503",
    name="finish-before-start",
    en="{subject} was finished on {finish}, before it was started on {start}.",
    zh="{subject}的实际完成（{finish}）早于实际开始（{start}）。",
    needs=("task",),
    date_use="ignored",
)
def finish_before_start(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task was finished before it was started.

    Why it matters: one of the dates is wrong, and all that follows the task hangs on it.

    How to fix: correct the date.

    When it is wrong to heed it: never.

    Times of day are compared only where both dates have one.
    """
    columns = (m.ids(Task), m.column(Task.actual_start), m.column(Task.actual_finish))
    for id, start, finish in zip(*columns, strict=True):
        if start is not None and finish is not None and _before(finish, start):
            yield finish_before_start.finding(task_ref(id), field="actual_finish", finish=finish, start=start)


def _before(one: date, other: date) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one) < day_of(other)


@finish_before_start.fires()
def _backwards() -> Iterable[Record]:
    return [launch(), piece("write", percent_complete=100, actual_start=_TUESDAY, actual_finish=MONDAY)]


@finish_before_start.silent()
def _same_day() -> Iterable[Record]:
    return [launch(), piece("write", percent_complete=100, actual_start=MONDAY, actual_finish=MONDAY)]


@rule(
    "PLN504",
    name="steps-against-earning",
    severity=WARNING,
    en={
        "none": "{subject} earns by the weights of its steps, but has none that weigh anything.",
        "unused": "{subject} has steps, but earns by {method}; they do not count.",
    },
    zh={
        "none": "{subject}按步骤权重计算挣值，却没有任何有权重的步骤。",
        "unused": "{subject}设有步骤，但按 {method} 计算挣值，步骤不起作用。",
    },
    needs=("task",),
    date_use="ignored",
)
def steps_against_earning(m: ModelView, context: Context) -> Iterator[Finding]:
    """The steps of a task and the way it earns its planned cost do not go together.

    Why it matters: a task that earns by steps and has none never earns anything; steps that do not count are ticked off
    in vain.

    How to fix: give the steps weights, or choose the `earning` that is meant.

    When it is wrong to heed it: where the steps are merely a list to work through.
    """
    columns = (m.ids(Task), m.column(Task.earning), m.column(Task.steps))
    for id, earning, steps in zip(*columns, strict=True):
        if earning == "weights" and not any(step.weight for step in steps):
            yield steps_against_earning.finding(task_ref(id), "none", field="steps")
        elif earning != "weights" and steps:
            yield steps_against_earning.finding(task_ref(id), "unused", field="earning", method=earning)


@steps_against_earning.fires()
def _weightless() -> Iterable[Record]:
    return [launch(), piece("write", earning="weights", steps=(Step("Draft", Decimal(0)),))]


@steps_against_earning.fires()
def _in_vain() -> Iterable[Record]:
    return [launch(), piece("write", earning="0/100", steps=(Step("Draft"), Step("Proof")))]


@steps_against_earning.silent()
def _step_by_step() -> Iterable[Record]:
    return [launch(), piece("write", earning="weights", steps=(Step("Draft"), Step("Proof"))), piece("print")]


@rule(
    "PLN508",
    name="progress-history-contradicts",
    severity=WARNING,
    en={
        "backward": "The percents of {subject} reported on {day} stand after those of {before}; one of the dates is "
        "wrong, or they are out of order.",
        "current": "{subject} was last reported to be {reported} % complete, on {day}, but is said to be {percent} %.",
    },
    zh={
        "backward": "{subject}在 {day} 的进度记录排在 {before} 的记录之后，日期有误或顺序颠倒。",
        "current": "{subject}最近一次（{day}）报告的完成百分比为 {reported}%，而当前完成百分比为 {percent}%。",
    },
    needs=("task",),
    date_use="ignored",
)
def history_contradicts(m: ModelView, context: Context) -> Iterator[Finding]:
    """The history of a task's percents goes backward in date, or ends with other percents than the task has now.

    Why it matters: on a date the last report counts, and without one the percents of now: the same plan is measured in
    two ways, and a report on a wrong day changes what was earned in between.

    How to fix: correct the date; whoever records percents adds them to `progress` and sets `percent_complete`.

    When it is wrong to heed it: never for long; somebody may have half of it recorded.

    Reports of one day are compared by their times only where both have one. That percents go down is no contradiction:
    work turns out to be more than was thought. Summaries are not judged.
    """
    every = m.column(Task.progress)
    if not any(every):
        return
    columns = (m.ids(Task), breakdown(m).spans, every, m.column(Task.percent_complete))
    for id, span, reports, percent in zip(*columns, strict=True):
        if span or not reports:
            continue
        wrong = next(((one, two) for one, two in pairwise(reports) if _before(two.day, one.day)), None)
        if wrong is not None:
            yield history_contradicts.finding(
                task_ref(id), "backward", field="progress", day=wrong[1].day, before=wrong[0].day
            )
        elif reports[-1].percent != percent:
            yield history_contradicts.finding(
                task_ref(id), "current", field="percent_complete",
                day=day_of(reports[-1].day), reported=reports[-1].percent, percent=percent,
            )  # fmt: skip


def _followed(*reports: tuple[date, int], percent: int = 30) -> list[Record]:
    history = tuple([Progress(day, done) for day, done in reports])
    return [launch(), piece("write", 5, actual_start=MONDAY, percent_complete=percent, progress=history)]


@history_contradicts.fires()
def _slip_of_the_pen() -> Iterable[Record]:
    return _followed((_TUESDAY, 10), (MONDAY, 30))


@history_contradicts.fires()
def _half_recorded() -> Iterable[Record]:
    return _followed((MONDAY, 10), (_TUESDAY, 20))


@history_contradicts.silent()
def _day_by_day() -> Iterable[Record]:
    return _followed((MONDAY, 40), (_TUESDAY, 30))


RULES = (
    percent_against_actuals,
    progress_in_future,
    finish_before_start,
    steps_against_earning,
    history_contradicts,
)
"""The rules of this module."""
