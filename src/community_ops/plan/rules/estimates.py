"""Rules about how long tasks take (PLN301 to PLN303)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from attrs import evolve

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.values import Estimate
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Duration, Task
from community_ops.plan.rules.addresses import plan_ref, task_ref
from community_ops.plan.rules.dating import wired
from community_ops.plan.rules.samples import launch, piece
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    "PLN301",
    name="milestone-with-duration",
    severity=WARNING,
    en="{subject} is a milestone, which takes no time, but its {fields} say that it does.",
    zh="{subject}是里程碑，不占用时间，但其 {fields} 却表示需要时间。",
    needs=("task",),
    date_use="ignored",
)
def milestone_with_duration(m: ModelView, context: Context) -> Iterator[Finding]:
    """A milestone has a duration, an effort or an estimate.

    Why it matters: a milestone is a moment, so the time given is not counted and the plan comes out too short.

    How to fix: make it a task; or put the work into a task before it and leave the milestone without a duration.

    When it is wrong to heed it: where the time is kept as a note to the reader; a waiver says so.
    """
    ids, kinds = m.ids(Task), m.column(Task.kind)
    durations, efforts, estimates = m.column(Task.duration), m.column(Task.effort), m.column(Task.estimate)
    for place, kind in enumerate(kinds):
        if kind != "milestone":
            continue
        duration, effort, estimate = durations[place], efforts[place], estimates[place]
        lengths = {
            "duration": duration.amount if duration else Decimal(0),
            "effort": effort.amount if effort else Decimal(0),
            "estimate": estimate.pessimistic if estimate else Decimal(0),
        }
        names = tuple([name for name, amount in lengths.items() if amount])
        if names:
            yield milestone_with_duration.finding(task_ref(ids[place]), field=names[0], fields=names)


@milestone_with_duration.fires()
def _long_moment() -> Iterable[Record]:
    return [launch(), piece("opening", 2, kind="milestone", effort=Duration(3))]


@milestone_with_duration.silent()
def _moment() -> Iterable[Record]:
    return [launch(), piece("opening", 0, kind="milestone"), piece("party", 1)]


@milestone_with_duration.fix
def _make_it_a_task(model: Model, finding: Finding) -> ChangeSet | None:
    task = model[finding.subject]
    assert isinstance(task, Task)
    return diff(model, model.replace(evolve(task, kind="task")))


@rule(
    "PLN302",
    name="missing-estimate",
    severity=WARNING,
    en="{subject}: nothing says how long {tasks} {verb}; the plan counts no time for {pronoun}.",
    zh="{subject}：{tasks}没有工期、工作量或估算，排期时按零计算。",
    needs=("plan", "task"),
    date_use="ignored",
)
def missing_estimate(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task has neither a duration nor an effort nor an estimate.

    Why it matters: it counts as no time at all, so all that follows it, and the plan, come out too early.

    How to fix: ask who will do it for the best, the most likely and the worst case (`estimate`); or give a duration.

    When it is wrong to heed it: never while somebody reads the dates; what takes no time is a milestone.

    One finding a plan. Summaries, levels of effort and recurring tasks need none; nor do finished tasks.
    """
    finished = m.column(Task.actual_finish)
    for id, net in wired(m):
        missing = [task for task in net.unestimated if finished[net.parts.places[task]] is None]
        if missing:
            tasks = tuple([task_ref(net.parts.ids[task]) for task in missing])
            one = len(tasks) == 1
            yield missing_estimate.finding(
                plan_ref(id),
                related=tasks,
                tasks=tasks,
                verb="takes" if one else "take",
                pronoun="it" if one else "them",
            )


@missing_estimate.fires()
def _who_knows() -> Iterable[Record]:
    return [launch(), piece("write", None), piece("print", None, "write")]


@missing_estimate.silent()
def _somebody_knows() -> Iterable[Record]:
    write = piece("write", None, estimate=Estimate(1, 2, 4))
    return [launch(), write, piece("print", None, "write", effort=Duration(2))]


@rule(
    "PLN303",
    name="estimate-out-of-order",
    en="The estimate of {subject} is {optimistic} at best, {likely} most likely and {pessimistic} at worst.",
    zh="{subject}的估算顺序不对：乐观 {optimistic}，最可能 {likely}，悲观 {pessimistic}。",
    needs=("task",),
    date_use="ignored",
)
def estimate_out_of_order(m: ModelView, context: Context) -> Iterator[Finding]:
    """The best case of an estimate is longer than the most likely one, or that is longer than the worst.

    Why it matters: mean and spread of such an estimate mean nothing, nor does any date or risk worked out from it.

    How to fix: ask again; mostly two of the three have changed places.

    When it is wrong to heed it: never.
    """
    for id, estimate in zip(m.ids(Task), m.column(Task.estimate), strict=True):
        if estimate is not None and not estimate.ordered:
            yield estimate_out_of_order.finding(
                task_ref(id), field="estimate", optimistic=estimate.optimistic, likely=estimate.most_likely,
                pessimistic=estimate.pessimistic,
            )  # fmt: skip


@estimate_out_of_order.fires()
def _upside_down() -> Iterable[Record]:
    return [launch(), piece("write", None, estimate=Estimate(8, 5, 2))]


@estimate_out_of_order.silent()
def _certain() -> Iterable[Record]:
    return [launch(), piece("write", None, estimate=Estimate(5, 5, 5))]


RULES = (milestone_with_duration, missing_estimate, estimate_out_of_order)
"""The rules of this module."""
