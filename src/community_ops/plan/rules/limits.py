"""Rules about dates that people have set and the plan does not keep (PLN201 to PLN205)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Duration, Task
from community_ops.plan.rules.addresses import plan_ref, task_ref
from community_ops.plan.rules.dating import Dated, dated, wired
from community_ops.plan.rules.samples import MONDAY, launch, piece
from community_ops.plan.wiring import DRIVING
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule

FRIDAY = MONDAY + timedelta(days=4)
_CAPS = ("SNLT", "FNLT")
_MUSTS = ("MSO", "MFO")
_OF_SUMMARY = frozenset({"ASAP", "SNET", "FNLT"})


@rule(
    "PLN201",
    name="deadline-missed",
    severity=WARNING,
    status=True,
    en={
        "one": "{subject}: {task} will be finished on {finish}, and its deadline is {deadline}.",
        "several": "{subject}: {tasks} will be finished after their deadlines; {task} on {finish}, due {deadline}, "
        "is the latest.",
    },
    zh={
        "one": "{subject}：{task}预计 {finish} 完成，晚于截止日 {deadline}。",
        "several": "{subject}：{tasks}将晚于截止日完成；其中{task}最晚，预计 {finish} 完成，截止日 {deadline}。",
    },
    needs=("plan", "task"),
    date_use="ignored",
)
def deadline_missed(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task will be finished after its deadline, by the dates of the plan.

    Why it matters: somebody relies on that day. Known now, there is time to help it or to tell them.

    How to fix: ask the schedule what drives the task (`schedule(...).explain(id)`) and shorten that, or put more people
    on it; or agree on another deadline.

    When it is wrong to heed it: never while the deadline stands.

    One finding a plan. Finished tasks are not judged, nor are plans that have no dates.
    """
    deadlines, finished = m.column(Task.deadline), m.column(Task.actual_finish)
    for id, found in dated(m):
        net = found.net
        late: list[tuple[int, int]] = []
        for task, place in enumerate(net.parts.places):
            deadline = deadlines[place]
            if deadline is not None and finished[place] is None:
                over = found.finish(task) - net.clocks.end(deadline, net.calendars[task])
                if over > 0:
                    late.append((-over, task))
        if late:
            late.sort()
            worst = late[0][1]
            tasks = tuple([task_ref(net.parts.ids[task]) for _, task in late])
            yield deadline_missed.finding(
                plan_ref(id), "one" if len(late) == 1 else "several", related=tasks, tasks=tasks, task=tasks[0],
                finish=found.last_day(worst), deadline=deadlines[net.parts.places[worst]],
            )  # fmt: skip


@deadline_missed.fires()
def _too_late() -> Iterable[Record]:
    return [launch(), piece("write", 6, deadline=FRIDAY)]


@deadline_missed.fires()
def _both_too_late() -> Iterable[Record]:
    return [launch(), piece("write", 6, deadline=FRIDAY), piece("print", 2, "write", deadline=FRIDAY)]


@deadline_missed.silent()
def _in_time() -> Iterable[Record]:
    return [launch(), piece("write", 5, deadline=FRIDAY)]


@rule(
    "PLN202",
    name="negative-float",
    severity=WARNING,
    en={
        "SNLT": "{subject} has to start by {date} at the latest, and can start on {day} at the earliest.",
        "FNLT": "{subject} has to be finished by {date} at the latest, and can be finished on {day} at the earliest.",
    },
    zh={
        "SNLT": "{subject}最迟须在 {date} 开始，但最早只能在 {day} 开始。",
        "FNLT": "{subject}最迟须在 {date} 完成，但最早只能在 {day} 完成。",
    },
    needs=("plan", "task"),
    date_use="ignored",
)
def negative_float(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task cannot keep the date by which it has to start or finish.

    Why it matters: the task, and all that it waits for, has negative float: time that would have to be made up. The
    plan promises what it cannot do.

    How to fix: shorten what drives the task, or move the date. Where it is a wish rather than a must, make it a
    deadline.

    When it is wrong to heed it: never while the constraint stands.

    Every task with negative float has one cause, which gives one finding: a constraint (SNLT, FNLT) here, a deadline in
    PLN201, a must-date against a link in PLN203. A constraint of a task whose deadline is missed gives none. Finished
    tasks are not judged, nor are plans that have no dates.

    Source: Project Management Institute, Practice Standard for Scheduling: negative float.
    """
    for found, task, name, when in _constrained(m, _CAPS):
        net, calendar = found.net, found.net.calendars[task]
        if name == "SNLT":  # a day stands for its beginning, when nobody works yet: what counts is the work between
            line = found.line(calendar)
            late = line.worked(found.start(task)) > line.worked(net.clocks.instant(when, calendar))
        else:
            late = found.finish(task) > net.clocks.end(when, calendar)
        day = found.first_day(task) if name == "SNLT" else found.last_day(task)
        if late and not _missed(m, found, task):
            subject = task_ref(net.parts.ids[task])
            yield negative_float.finding(subject, name, field="constraint_date", date=when, day=day)


def _constrained(m: ModelView, names: Sequence[str]) -> Iterator[tuple[Dated, int, str, date]]:
    """Yield the tasks, not finished, for which constraints of some names count, with these and their dates."""
    constraints, dates = m.column(Task.constraint), m.column(Task.constraint_date)
    finished = m.column(Task.actual_finish)
    for _, found in dated(m):
        net = found.net
        for task, place in enumerate(net.parts.places):
            name, when = constraints[place], dates[place]
            if name not in names or when is None or finished[place] is not None:
                continue
            counts = name in _OF_SUMMARY if net.parts.is_summary(task) else net.kinds[task] in DRIVING
            if counts:
                yield found, task, name, when


def _missed(m: ModelView, found: Dated, task: int) -> bool:
    """Tell whether a task's deadline is missed, which PLN201 says."""
    deadline = m.column(Task.deadline)[found.net.parts.places[task]]
    end = found.net.clocks.end
    return deadline is not None and found.finish(task) > end(deadline, found.net.calendars[task])


@negative_float.fires()
def _starts_too_late() -> Iterable[Record]:
    return [launch(), piece("write", 3), piece("print", 1, "write", constraint="SNLT", constraint_date=MONDAY)]


@negative_float.fires()
def _ends_too_late() -> Iterable[Record]:
    return [launch(), piece("write", 6, constraint="FNLT", constraint_date=FRIDAY)]


@negative_float.silent()
def _just_in_time() -> Iterable[Record]:
    return [launch(), piece("write", 5, constraint="FNLT", constraint_date=FRIDAY)]


@negative_float.silent()
def _said_by_the_deadline() -> Iterable[Record]:
    return [launch(), piece("write", 6, constraint="FNLT", constraint_date=FRIDAY, deadline=FRIDAY)]


@rule(
    "PLN203",
    name="constraint-against-logic",
    en={
        "MSO": "{subject} must start on {date}, before its links to {others} allow it.",
        "MFO": "{subject} must finish on {date}, before its links to {others} allow it.",
    },
    zh={
        "MSO": "{subject}必须在 {date} 开始，早于其与{others}的依赖关系所允许的时间。",
        "MFO": "{subject}必须在 {date} 完成，早于其与{others}的依赖关系所允许的时间。",
    },
    needs=("plan", "task"),
    date_use="ignored",
)
def constraint_against_logic(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task must start or finish on a date, and its links do not let it be so early.

    Why it matters: the date wins, so the plan shows the task under way before what it waits for is done. One of the
    two is not true.

    How to fix: remove the link if the task does not need what it waits for; else make the constraint one that gives
    way (SNET, FNET), or a deadline, and see what the delay comes to.

    When it is wrong to heed it: never; even where the date is fixed from outside, the link then does not hold.

    Finished tasks are not judged, nor are plans that have no dates.
    """
    links = m.column(Task.links)
    for found, task, name, when in _constrained(m, _MUSTS):
        net, dates = found.net, found.dates
        broken: dict[Ref, None] = {}
        for wire in found.incoming.get(task, ()):
            ends = dates.early_start if wire.type in ("FS", "SS") else dates.early_finish
            if found.led(wire) > ends[task]:
                assert wire.origin is not None  # only hubs are reached by wires without one
                at, place = wire.origin
                broken[task_ref(links[net.parts.places[at]][place].task)] = None
        if broken:
            others = tuple(broken)
            yield constraint_against_logic.finding(
                task_ref(net.parts.ids[task]), name, field="constraint_date", related=others, others=others, date=when
            )


@constraint_against_logic.fires()
def _printed_before_written() -> Iterable[Record]:
    return [launch(), piece("write", 3), piece("print", 1, "write", constraint="MSO", constraint_date=MONDAY)]


@constraint_against_logic.fires()
def _done_before_written() -> Iterable[Record]:
    return [launch(), piece("write", 3), piece("print", 1, "write", constraint="MFO", constraint_date=MONDAY)]


@constraint_against_logic.silent()
def _printed_after() -> Iterable[Record]:
    return [launch(), piece("write", 3), piece("print", 1, "write", constraint="MSO", constraint_date=FRIDAY)]


@rule(
    "PLN204",
    name="constraint-without-effect",
    severity=WARNING,
    en={
        "summary": "{subject} is a summary of its parts, and {constraint} has no effect on it.",
        "span": "{subject} goes on all the time or recurs, and {constraint} has no effect on it.",
    },
    zh={
        "summary": "{subject}是摘要任务，约束 {constraint} 对它不起作用。",
        "span": "{subject}属于持续性或重复性工作，约束 {constraint} 对它不起作用。",
    },
    needs=("plan", "task"),
    date_use="ignored",
)
def constraint_without_effect(m: ModelView, context: Context) -> Iterator[Finding]:
    """A constraint stands on a task whose dates follow from others: a summary, a level of effort, a recurring task.

    Why it matters: whoever set it believes that it holds.

    How to fix: give it to the part that it is meant for. A summary may have a date to start no earlier than (SNET) or
    to finish no later than (FNLT), which then hold for each of its parts, and a deadline.

    When it is wrong to heed it: never.
    """
    constraints = m.column(Task.constraint)
    for _, net in wired(m):
        for task, place in enumerate(net.parts.places):
            name = constraints[place]
            summary = net.parts.is_summary(task)
            idle = name not in _OF_SUMMARY if summary else name != "ASAP" and net.kinds[task] not in DRIVING
            if idle:
                yield constraint_without_effect.finding(
                    task_ref(net.parts.ids[task]), "summary" if summary else "span", field="constraint", constraint=name
                )


@constraint_without_effect.fires()
def _on_the_whole() -> Iterable[Record]:
    build = piece("build", None, constraint="MSO", constraint_date=MONDAY)
    return [launch(), build, piece("roof", 2, parent="build")]


@constraint_without_effect.fires()
def _on_what_never_ends() -> Iterable[Record]:
    answer = piece("answer", None, kind="level_of_effort", constraint="SNET", constraint_date=FRIDAY)
    return [launch(), piece("write"), answer]


@constraint_without_effect.silent()
def _on_the_part() -> Iterable[Record]:
    build = piece("build", None, constraint="SNET", constraint_date=MONDAY)
    return [launch(), build, piece("roof", 2, parent="build", constraint="MSO", constraint_date=FRIDAY)]


@rule(
    "PLN205",
    name="not-started",
    severity=WARNING,
    status=True,
    en={
        "one": "{subject}: {tasks} should have started on {first} and has not.",
        "several": "{subject}: {tasks} should have started, the first on {first}, and have not.",
    },
    zh={
        "one": "{subject}：{tasks}应于 {first} 开始，但尚未开始。",
        "several": "{subject}：{tasks}应已开始（最早的应于 {first} 开始），但尚未开始。",
    },
    needs=("plan", "task"),
    date_use="needed",
)
def not_started(m: ModelView, context: Context) -> Iterator[Finding]:
    """By the dates of the plan a task should be under way, and nothing says that it has started.

    Why it matters: each day that it waits, what follows it waits as well.

    How to fix: start it, or record that it has (`actual_start`, `percent_complete`); where it was put off on purpose,
    plan it anew.

    When it is wrong to heed it: where nobody records progress in the model; leave the rule out there.

    One finding a plan. What should start on the day itself is not judged; nor are levels of effort, recurring tasks,
    and plans that have no dates.
    """
    started, finished = m.column(Task.actual_start), m.column(Task.actual_finish)
    progress = m.column(Task.percent_complete)
    for id, found in dated(m):
        net, starts = found.net, found.dates.start
        today = [net.clocks.instant(context.day, calendar) for calendar in range(len(net.clocks.calendars))]
        late = []
        for task in net.nodes:
            place = net.parts.places[task]
            idle = started[place] is None and finished[place] is None and not progress[place]
            if idle and starts[task] < today[net.calendars[task]]:
                late.append((starts[task], task))
        if late:
            late.sort()
            tasks = tuple([task_ref(net.parts.ids[task]) for _, task in late])
            yield not_started.finding(
                plan_ref(id), "one" if len(late) == 1 else "several", related=tasks, tasks=tasks,
                first=found.first_day(late[0][1]),
            )  # fmt: skip


@not_started.fires(at=FRIDAY)
def _one_waits() -> Iterable[Record]:
    return [launch(), piece("write", 3)]


@not_started.fires(at=FRIDAY)
def _two_wait() -> Iterable[Record]:
    return [launch(), piece("write", 3), piece("print", 1, "write")]


@not_started.silent(at=FRIDAY)
def _under_way() -> Iterable[Record]:
    return [launch(), piece("write", 4, actual_start=MONDAY, remaining=Duration(1)), piece("print", 1, "write")]


RULES = (deadline_missed, negative_float, constraint_against_logic, constraint_without_effect, not_started)
"""The rules of this module."""
