"""Rules about the links between tasks (PLN101 to PLN106)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.plan.linking import Why, Wire
from community_ops.plan.records import Duration, Link, Task
from community_ops.plan.rules.addresses import task_ref
from community_ops.plan.rules.dating import Dated, dated, outcome, wired
from community_ops.plan.rules.samples import launch, piece
from community_ops.plan.scheduling import link_text
from community_ops.plan.wiring import Wiring
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import in_one_line

_PATH_SHOWN = 12


@rule(
    "PLN101",
    name="dependency-cycle",
    en="None of these tasks can ever start, for each waits for the one before: {path}.",
    zh="这些任务互相等待，谁也无法开始：{path}。",
    needs=("plan", "task"),
    date_use="ignored",
)
def dependency_cycle(m: ModelView, context: Context) -> Iterator[Finding]:
    """Tasks depend on each other in a circle.

    Why it matters: none of them can start, and nothing in the plan has dates until the circle is broken; the other
    rules on dates say nothing of such a plan.

    How to fix: decide which link is wrong. Where two tasks really go hand in hand, let one follow the start of the
    other (SS) or split it in two.

    When it is wrong to heed it: never.

    Tasks that all wait for each other give one finding, which shows a shortest circle among them. A circle through a
    summary means that a part of it both waits for something and is waited for.
    """
    for id, _ in wired(m):
        for cycle in outcome(m, id).cycles:
            refs = [task_ref(task) for task in cycle]
            steps = [in_one_line(m.label(ref), ref) for ref in [*refs, refs[0]][:_PATH_SHOWN]]
            path = " → ".join([*steps, "…"] if len(cycle) >= _PATH_SHOWN else steps)
            yield dependency_cycle.finding(refs[0], field="links", key=sorted(cycle), related=refs[1:], path=path)


@dependency_cycle.fires()
def _round() -> Iterable[Record]:
    return [launch(), piece("write", 1, "check"), piece("check", 1, "write")]


@dependency_cycle.silent()
def _straight() -> Iterable[Record]:
    return [launch(), piece("write"), piece("check", 1, "write")]


@rule(
    "PLN102",
    name="link-to-another-plan",
    severity=WARNING,
    en="{subject} follows {others}, which {verb} to another plan, so it does not wait for {pronoun}.",
    zh="{subject}的前置任务{others}属于其他计划，不会真正约束其日期。",
    needs=("plan", "task"),
    date_use="ignored",
)
def link_to_another_plan(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task depends on a task of another plan.

    Why it matters: each plan is dated by itself. The task starts whether or not the other is finished.

    How to fix: put both tasks into one plan, or give the task the date on which the other plan delivers as a
    constraint (SNET).

    When it is wrong to heed it: where the link is kept as a note to the reader; a waiver says so.
    """
    known = m.id_set(Task)
    for net, task, links in _loose(m, "other plan"):
        others = tuple(dict.fromkeys(task_ref(link.task) for link in links if link.task in known))
        if others:
            yield link_to_another_plan.finding(
                task_ref(net.parts.ids[task]), field="links", related=others, others=others,
                verb="belongs" if len(others) == 1 else "belong", pronoun="it" if len(others) == 1 else "them",
            )  # fmt: skip


@link_to_another_plan.fires()
def _elsewhere() -> Iterable[Record]:
    other = launch(id="office", name="New office")
    return [launch(), other, piece("move", plan="office"), piece("party", 1, "move")]


@link_to_another_plan.silent()
def _here() -> Iterable[Record]:
    return [launch(), piece("move"), piece("party", 1, "move")]


def _loose(m: ModelView, why: Why) -> Iterator[tuple[Wiring, int, list[Link]]]:
    """Yield the tasks with links that hold nothing back for a reason, and these links."""
    column = m.column(Task.links)
    for _, net in wired(m):
        found: dict[int, list[Link]] = {}
        for one in net.loose:
            if one.why == why:
                found.setdefault(one.task, []).append(column[net.parts.places[one.task]][one.place])
        for task, links in found.items():
            yield net, task, links


@rule(
    "PLN103",
    name="link-without-effect",
    severity=WARNING,
    en={
        "from": "{subject} follows {others}, but nothing waits for what goes on all the time or recurs.",
        "to": "{subject} follows {others}, but what goes on all the time or recurs does not wait so.",
    },
    zh={
        "from": "{subject}的前置任务{others}属于持续性或重复性工作，不会约束任何任务。",
        "to": "{subject}属于持续性或重复性工作，其前置任务{others}不起作用。",
    },
    needs=("plan", "task"),
    date_use="ignored",
)
def link_without_effect(m: ModelView, context: Context) -> Iterator[Finding]:
    """A link leads from or to something that drives no dates: a level of effort or a recurring task.

    Why it matters: people read the link as a promise that one waits for the other, and the dates do not keep it.

    How to fix: link the task to what really has to be finished; or make the other a task of its own with a duration.

    When it is wrong to heed it: where the link is kept as a note to the reader; a waiver says so.

    A level of effort may follow tasks: such links say when it begins and ends. A summary all of whose parts drive
    nothing drives nothing either.
    """
    for net, task, links in _loose(m, "drives nothing"):
        numbers = {id: number for number, id in enumerate(net.parts.ids)}
        driving = frozenset(net.nodes)
        for variant in ("from", "to"):
            others = tuple(
                dict.fromkeys(
                    task_ref(link.task)
                    for link in links
                    if (variant == "to") is not driving.isdisjoint(net.parts.leaves(numbers[link.task]))
                )
            )
            if others:
                subject = task_ref(net.parts.ids[task])
                yield link_without_effect.finding(subject, variant, field="links", related=others, others=others)


@link_without_effect.fires()
def _after_what_never_ends() -> Iterable[Record]:
    return [launch(), piece("answer", None, kind="level_of_effort"), piece("party", 1, "answer")]


@link_without_effect.fires()
def _weekly() -> Iterable[Record]:
    weekly = piece("meet", 1, "move", kind="recurring", recurrence="FREQ=WEEKLY;BYDAY=MO")
    return [launch(), piece("move", 15), weekly]


@link_without_effect.silent()
def _spans() -> Iterable[Record]:
    return [launch(), piece("move"), piece("answer", None, Link("move", "SS"), kind="level_of_effort")]


@rule(
    "PLN104",
    name="percent-lag-of-summary",
    severity=WARNING,
    en="{subject} follows {others} by percents of how long that takes, but of a summary no percents are taken; "
    "it follows without a lag.",
    zh="{subject}以百分比时距跟随摘要任务{others}，但摘要任务不能按百分比计算，时距被忽略。",
    needs=("plan", "task"),
    date_use="ignored",
)
def percent_lag_of_summary(m: ModelView, context: Context) -> Iterator[Finding]:
    """A link lags by percents of the duration of a summary.

    Why it matters: how long a summary takes follows from the dates, so the dates cannot follow from it. The lag counts
    as none, and the task comes out too early.

    How to fix: give the lag in days, or link to the part that it is meant to follow.

    When it is wrong to heed it: never.
    """
    for net, task, links in _loose(m, "percent of a summary"):
        others = tuple(dict.fromkeys(task_ref(link.task) for link in links))
        subject = task_ref(net.parts.ids[task])
        yield percent_lag_of_summary.finding(subject, field="links", related=others, others=others)


@percent_lag_of_summary.fires()
def _half_of_all() -> Iterable[Record]:
    parts = [piece("build", None), piece("frame", 4, parent="build"), piece("roof", 2, "frame", parent="build")]
    return [launch(), *parts, piece("paint", 2, Link("build", "SS", lag_percent=Decimal(50)))]


@percent_lag_of_summary.silent()
def _half_of_one() -> Iterable[Record]:
    return [launch(), piece("frame", 4), piece("paint", 2, Link("frame", "SS", lag_percent=Decimal(50)))]


@rule(
    "PLN105",
    name="link-to-own-part",
    en={
        "self": "{subject} follows itself.",
        "above": "{subject} follows {others}, of which it is a part itself.",
        "part": "{subject} follows {others}, which {verb} of it.",
    },
    zh={
        "self": "{subject}以自身为前置任务。",
        "above": "{subject}的前置任务{others}是它所属的摘要任务。",
        "part": "{subject}的前置任务{others}是它自己的组成部分。",
    },
    needs=("plan", "task"),
    date_use="ignored",
)
def link_to_own_part(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task depends on itself, on a summary that it is a part of, or on a part of its own.

    Why it matters: a summary lasts from the first of its parts to the last, so neither can wait for the other. The
    link is left out of account.

    How to fix: link to the part beside it that is meant, or remove the link.

    When it is wrong to heed it: never.
    """
    for net, task, links in _loose(m, "own part"):
        numbers = {id: number for number, id in enumerate(net.parts.ids)}
        by_variant: dict[str, dict[Ref, None]] = {}
        for link in links:
            other = numbers[link.task]
            variant = "self" if other == task else "above" if net.parts.contains(other, task) else "part"
            by_variant.setdefault(variant, {})[task_ref(link.task)] = None
        for variant, refs in by_variant.items():
            others = tuple(refs)
            yield link_to_own_part.finding(
                task_ref(net.parts.ids[task]), variant, field="links", key=(variant,),
                related=[] if variant == "self" else others, others=others,
                verb="is a part" if len(others) == 1 else "are parts",
            )  # fmt: skip


@link_to_own_part.fires()
def _own_tail() -> Iterable[Record]:
    return [launch(), piece("write", 1, "write")]


@link_to_own_part.fires()
def _after_the_whole() -> Iterable[Record]:
    return [launch(), piece("build", None), piece("roof", 2, "build", parent="build")]


@link_to_own_part.fires()
def _after_its_part() -> Iterable[Record]:
    return [launch(), piece("build", None, "roof"), piece("roof", 2, parent="build")]


@link_to_own_part.silent()
def _beside() -> Iterable[Record]:
    parts = [piece("frame", 4, parent="build"), piece("roof", 2, "frame", parent="build")]
    return [launch(), piece("build", None), *parts]


@rule(
    "PLN106",
    name="lead-too-long",
    severity=WARNING,
    en="{subject} follows {other} by {link}, which is before {other} has even started.",
    zh="{subject}以 {link} 跟随{other}，提前量超过了后者的工期，等于在其开始之前。",
    needs=("plan", "task"),
    date_use="ignored",
)
def lead_too_long(m: ModelView, context: Context) -> Iterator[Finding]:
    """A link leads by more than its predecessor takes.

    Why it matters: a task is said to follow another and may be started, or finished, before that one starts. Often
    the predecessor has become shorter since, or the unit is wrong.

    How to fix: shorten the lead; where the start of the other is what counts, use a link from its start (SS).

    When it is wrong to heed it: where the lead is meant to reach back so far; a waiver says so.

    Leads from a finish (FS, FF) are judged, in the time that they run in. What takes no time, such as a milestone, is
    not judged as a predecessor: "a week before the opening" is a plain way to plan.
    """
    column = m.column(Task.links)
    for _, found in dated(m):
        net = found.net
        long = {wire.origin: wire for wire in net.wires if wire.lag < 0 and wire.origin and _too_long(found, wire)}
        for task, place in long:
            link = column[net.parts.places[task]][place]
            other = task_ref(link.task)
            yield lead_too_long.finding(
                task_ref(net.parts.ids[task]), field="links", key=(link.task, link.type), related=[other],
                other=other, link=link_text(link),
            )  # fmt: skip


def _too_long(found: Dated, wire: Wire) -> bool:
    if wire.type not in ("FS", "FF"):
        return False
    count = len(found.net.parts.ids)
    begin = found.start(wire.before if wire.before < count else found.net.hubs[wire.before - count].summary)
    finish, line = found.dates.finish[wire.before], found.line(wire.lag_calendar)
    return begin < finish and line.worked(finish) + wire.lag < line.worked(begin)


@lead_too_long.fires()
def _days_for_hours() -> Iterable[Record]:
    return [launch(), piece("write", 3), piece("print", 1, Link("write", lag=Duration(-4)))]


@lead_too_long.silent()
def _overlaps() -> Iterable[Record]:
    return [launch(), piece("write", 3), piece("print", 1, Link("write", lag=Duration(-3)))]


@lead_too_long.silent()
def _week_before() -> Iterable[Record]:
    opening = piece("opening", None, kind="milestone", constraint="SNET", constraint_date=launch().start)
    return [launch(), opening, piece("invite", 1, Link("opening", lag=Duration(-5)))]


RULES = (
    dependency_cycle,
    link_to_another_plan,
    link_without_effect,
    percent_lag_of_summary,
    link_to_own_part,
    lead_too_long,
)
"""The rules of this module."""
