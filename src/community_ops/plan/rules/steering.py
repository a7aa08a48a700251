"""Rules about baselines and decisions (PLN705 to PLN707)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.scoping import thresholds_by_unit
from community_ops.plan.baselines import Variance, baselines_of, status_moment
from community_ops.plan.records import Duration, Plan
from community_ops.plan.rules.addresses import plan_ref, task_ref
from community_ops.plan.rules.promised import promise, promised, varied
from community_ops.plan.rules.samples import MONDAY, launch, piece
from community_ops.plan.scheduling import schedule, sure
from community_ops.plan.steering import Baseline, Decision
from community_ops.plan.wiring import wiring
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, day_of, rule


@rule(
    "PLN705",
    name="baselines-at-once",
    en="{baselines} of {plan} are all in force from {since}; {subject} counts.",
    zh="{plan}的{baselines}都自 {since} 起生效，以{subject}为准。",
    needs=("baseline",),
    date_use="ignored",
)
def baselines_at_once(m: ModelView, context: Context) -> Iterator[Finding]:
    """Two baselines of a plan are in force from the same moment.

    Why it matters: it depends on the order of a file what the plan is measured by.

    How to fix: remove the one that was not approved, or give the later its own date.

    When it is wrong to heed it: never.
    """
    plans, since = m.id_set(Plan), dict(zip(m.ids(Baseline), m.column(Baseline.since), strict=True))
    for plan in dict.fromkeys(m.column(Baseline.plan)):
        if plan not in plans:
            continue
        by_instant: dict[int, list[str]] = {}
        for instant, id in baselines_of(m, plan):
            by_instant.setdefault(instant, []).append(id)
        for ids in by_instant.values():
            if len(ids) > 1:
                refs = tuple([Ref("baseline", id) for id in ids])
                yield baselines_at_once.finding(
                    refs[-1], field="since", gathered=True, key=sorted(ids), related=refs[:-1],
                    baselines=refs, plan=plan_ref(plan), since=since[ids[-1]],
                )  # fmt: skip


@baselines_at_once.fires()
def _twice() -> Iterable[Record]:
    return [launch(), promised(), promised(id="second", name="Second promise")]


@baselines_at_once.silent()
def _in_turn() -> Iterable[Record]:
    return [launch(), promised(), promised(id="second", name="Second promise", since=date(2026, 3, 9))]


@rule(
    "PLN706",
    name="decision-not-carried-out",
    severity=WARNING,
    en={
        "none": "{subject} was approved, but no baseline carries it out.",
        "before": "{subject} was approved on {decided}, after {baseline}, which is to carry it out, came into force.",
        "elsewhere": "{subject} changes {plan}, but {baseline}, which is to carry it out, is of another plan.",
    },
    zh={
        "none": "{subject}已获批准，但没有任何基线体现该变更。",
        "before": "{subject}于 {decided} 获批，晚于其所指基线{baseline}的生效日期。",
        "elsewhere": "{subject}变更的是{plan}，而其所指基线{baseline}属于其他计划。",
    },
    needs=("decision", "baseline"),
    date_use="ignored",
)
def decision_not_carried_out(m: ModelView, context: Context) -> Iterator[Finding]:
    """A change was approved, but the plan is still measured by what it promised before.

    Why it matters: the plan looks late or dear for a change that was wanted, and nobody can tell that from real
    trouble.

    How to fix: take a baseline after the decision, and name it in the decision's `baseline`.

    When it is wrong to heed it: in the days between a decision and the next baseline.

    Plans without any baseline are not judged.
    """
    based = set(m.column(Baseline.plan))
    whose = dict(zip(m.ids(Baseline), zip(m.column(Baseline.plan), m.column(Baseline.since), strict=True), strict=True))
    columns = (
        m.column(Decision.plan),
        m.column(Decision.status),
        m.column(Decision.decided),
        m.column(Decision.baseline),
    )
    for id, (plan, status, decided, baseline) in zip(m.ids(Decision), zip(*columns, strict=True), strict=True):
        if status != "approved" or plan not in based:
            continue
        subject = Ref("decision", id)
        if baseline is None:
            yield decision_not_carried_out.finding(subject, "none", field="baseline")
        elif baseline in whose:
            other, since = whose[baseline]
            target = Ref("baseline", baseline)
            if other != plan:
                yield decision_not_carried_out.finding(
                    subject, "elsewhere", field="baseline", related=[target], baseline=target, plan=plan_ref(plan)
                )
            elif decided is not None and day_of(since) < decided:
                yield decision_not_carried_out.finding(
                    subject, "before", field="baseline", related=[target], baseline=target, decided=decided
                )


def _change(**fields: object) -> list[Record]:
    values = {
        "id": "later",
        "name": "Launch later",
        "plan": "launch",
        "status": "approved",
        "decided": date(2026, 3, 6),
    }
    return [launch(), promised(), Decision(**{**values, **fields})]  # type: ignore[arg-type]


@decision_not_carried_out.fires()
def _forgotten() -> Iterable[Record]:
    return _change()


@decision_not_carried_out.fires()
def _backdated() -> Iterable[Record]:
    return _change(baseline="first")


@decision_not_carried_out.fires()
def _of_another() -> Iterable[Record]:
    other = launch(id="office", name="New office")
    return [*_change(baseline="moved"), other, promised(id="moved", name="Move", plan="office", since=date(2026, 3, 9))]


@decision_not_carried_out.silent()
def _carried_out() -> Iterable[Record]:
    return [*_change(baseline="second"), promised(id="second", name="Second promise", since=date(2026, 3, 9))]


@decision_not_carried_out.silent()
def _not_yet() -> Iterable[Record]:
    return _change(status="proposed", decided=None)


@frozen
class SlipThresholds(Value):
    """How much a task may slip without a decision.

    Attributes:
        days: how many working days of the plan's calendar.
    """

    days: Decimal = field(default=Decimal(5), converter=exact, metadata=at_least(0))


@rule(
    "PLN707",
    name="slip-without-decision",
    severity=WARNING,
    status=True,
    date_use="needed",
    en="{subject} is to be finished on {finish}, {days} working days later than {baseline} has it, and no decision "
    "names it.",
    zh="{subject}预计 {finish} 完成，比{baseline}晚 {days} 个工作日，且没有相应的变更决定。",
    needs=("plan", "task", "baseline"),
    thresholds=SlipThresholds(),
    scoped=True,
)
def slip_without_decision(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task slips against the baseline by more than a few days, and nobody has decided on it.

    Why it matters: who relies on the promised date is told nothing, and the plan is quietly another one.

    How to fix: catch up; or write down a decision that names the task, and take a new baseline once it is approved.

    When it is wrong to heed it: where the float of the task takes it up and nobody relies on its date.

    Tasks that slip because one before them does are left out, as are summaries. Decisions that were rejected do not
    count, nor those that were made, or without that proposed, before the baseline came into force.
    """
    limits = thresholds_by_unit(m, context)
    for id, unit in zip(m.ids(Plan), m.column(Plan.unit), strict=True):
        found, limit = varied(m, id, context.day), limits.of(unit)
        if found is None:
            continue
        net, base = wiring(m, id), Ref("baseline", found.baseline)
        least = net.clocks.length(Duration(limit.days), 0)
        slips = {task: one.finish for task, one in found.tasks.items() if one.finish is not None}
        late = {task: slip for task, slip in slips.items() if slip.total_seconds() * 10**6 > least}
        if not late:
            continue
        dates = schedule(m, id, status_moment(net, context.day)).tasks
        decided, day = _decided(m, found), net.clocks.day(0)
        for task, slip in late.items():
            own = dates[task]
            if own.kind in ("task", "milestone") and own.driver.task not in late and task not in decided:
                days = Decimal(slip.days * 86_400 + slip.seconds) * 10**6 / day
                yield slip_without_decision.finding(
                    task_ref(task), related=[base], finish=sure(own.finish).date(), days=round(days, 1), baseline=base
                )


def _decided(m: ModelView, found: Variance) -> set[str]:
    """Return the tasks of a plan that some decision names which its baseline cannot know."""
    since = day_of(m.column(Baseline.since)[m.place_index(Baseline)[found.baseline]])
    columns = (m.column(Decision.plan), m.column(Decision.tasks), m.column(Decision.status))
    when = zip(m.column(Decision.decided), m.column(Decision.proposed), strict=True)
    return {
        task
        for plan, tasks, status, (decided, proposed) in zip(*columns, when, strict=True)
        if plan == found.plan and status != "rejected" and (decided or proposed or since) >= since
        for task in tasks
    }


def _late(*more: Record) -> list[Record]:
    # Printing waits for writing, which takes seven days instead of one.
    return [
        launch(), piece("write", 7), piece("print", 1, "write"),
        promised(promise("write", 0, 0), promise("print", 1, 1)), *more,
    ]  # fmt: skip


@slip_without_decision.fires(at=MONDAY)
def _quietly() -> Iterable[Record]:
    return _late()


@slip_without_decision.silent(at=MONDAY)
def _asked_for() -> Iterable[Record]:
    return _late(Decision(id="d", name="Write more", plan="launch", tasks=("write",), proposed=MONDAY))


@slip_without_decision.silent(at=MONDAY)
def _a_little() -> Iterable[Record]:
    return [launch(), piece("write", 6), promised(promise("write", 0, 0))]


RULES = (baselines_at_once, decision_not_carried_out, slip_without_decision)
"""The rules of this module."""
