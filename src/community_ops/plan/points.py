"""The fourteen points of the DCMA's assessment: what each counts, of what, and how much of it is still good.

Source: Defense Contract Management Agency, Earned Value Management System Program Analysis Pamphlet, DCMA-EA PAM 200.1
(2012), section 4. What each point looks at:

- Points 1 to 5 look at links and constraints, whatever the dates are.
- Points 8 to 10 look at the plan as it was made: how long tasks were to take, and what should have happened by now; in
  the status schedule nothing that is left lies before the status date.
- Points 6, 7, 12 and 13 look at the status schedule, for what may still slip, and what ends the plan, depends on what
  has happened. Without a status date 6, 7 and 12 look at the plan as it was made, and 13 has no verdict.
- Points 11 and 14 look at the dates of the baseline in force at the status date, and 13 at its finish; 11 looks at the
  plan as it was made where there is no baseline.

Where the pamphlet leaves a choice, this is what counts here:

- Tasks are those that dates run through: no summaries, levels of effort or recurring tasks. Milestones are tasks, but
  where length or resources are asked for. A task is incomplete unless it has an actual finish or is done to 100 %.
- A link counts once, also where it leads from or to a summary, while what follows it is incomplete. Links that hold
  nothing back do not count. A link to or from a summary counts as logic for each of its parts.
- Each task needs a predecessor and a successor, the first and the last of a plan as well: the 5 % leave room for them.
- A status date that is a day stands for its beginning: on the plan's clocks, and where it is compared with dates that a
  task gives or was made with (9, and 11 without a baseline), on the task's.
- A working day is as long as the task's calendar says; for the critical path length index, as the plan's does.
- For the critical path test, the first of the most critical tasks is made 600 working days longer in a copy of the
  model, and what was the last to finish is to finish as much later.
- The critical path of the length index is the working time of the plan's calendar from the status date - or the plan's
  start, where that is later - to the finish of the status schedule. Its float is that from there to the last finish in
  the baseline, less than nothing where the plan ends later. What is finished is as `progress.py` says.
- What a baseline promised of a task that was broken down since is done once all its parts are, and of one that the plan
  no longer has, never: a new baseline takes such promises back. Tasks the baseline does not know count in neither 11
  nor 14, finished or not. (The pamphlet adds those without baseline dates to what should have been completed.)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, frozen

from community_ops.errors import NoWorkTime
from community_ops.plan.assessed import Counted, Subject, Unknown, begun, done
from community_ops.plan.records import Duration, Task
from community_ops.plan.scheduling import schedule, sure

HIGH_DAYS = 44
"""How many working days of float, or of duration, are not yet high: two months."""
SLIP_DAYS = 600
"""By how many working days a critical task is delayed to see what that does to the finish."""
_HARD = frozenset({"MSO", "MFO", "SNLT", "FNLT"})
_MINUTE = 60_000_000
_NOTHING_AT_ALL = timedelta()
_MICROSECOND = timedelta(0, 0, 1)
_NONE_CRITICAL = Unknown("no incomplete task is critical", "没有未完成的关键任务")
_NO_ROOM = Unknown("the calendars end before the delay does", "日历在延后的时间之前就已结束")
_NEVER = Unknown("some of it is never finished as things stand", "按目前情况有任务无法完成")
_NOTHING_LEFT = Unknown("nothing is left to be done", "没有剩余的工作")
_NOTHING_PROMISED = Unknown("the baseline has no tasks", "基线中没有任务")


Look = Callable[[Subject], Counted | Unknown]


@frozen
class Point:
    """One of the points.

    Attributes:
        number: its number.
        name: what it is called.
        name_zh: the same in Chinese.
        counts: what is counted, and of what.
        counts_zh: the same in Chinese.
        look: counts it.
        threshold: the percentage that is still good.
        at_least: whether that is the least, rather than the most.
        dated: whether a status date is needed.
    """

    number: int
    name: str
    name_zh: str
    counts: str
    counts_zh: str
    look: Look
    threshold: Decimal
    at_least: bool = False
    dated: bool = False


def _logic(subject: Subject) -> Counted:
    follows = {wire.after for wire in subject.net.wires}
    leads = {wire.before for wire in subject.net.wires}
    return subject.of_open([task for task in subject.open if task not in follows or task not in leads])


def _leads(subject: Subject) -> Counted:
    return subject.of_links(lambda wire: wire.lag < 0)


def _lags(subject: Subject) -> Counted:
    return subject.of_links(lambda wire: wire.lag > 0)


def _types(subject: Subject) -> Counted:
    # What is counted is good here, and what is to be looked at are the others.
    others = subject.of_links(lambda wire: wire.type != "FS")
    return Counted(others.out_of - others.count, others.out_of, others.tasks)


def _hard(subject: Subject) -> Counted:
    return subject.of_open([task for task in subject.open if subject.tasks[task].constraint in _HARD])


def _high_float(subject: Subject) -> Counted:
    return _of_slack(subject, lambda slack, task: slack > subject.days(HIGH_DAYS, task))


def _negative_float(subject: Subject) -> Counted:
    return _of_slack(subject, lambda slack, _: slack < _NOTHING_AT_ALL)


def _of_slack(subject: Subject, fits: Callable[[timedelta, int], bool]) -> Counted:
    floats = [(subject.slack(task), task) for task in subject.open]
    return subject.of_open([task for slack, task in floats if slack is not None and fits(slack, task)])


def _long(subject: Subject) -> Counted:
    most, dates = HIGH_DAYS, subject.dates
    found = [task for task in subject.working if subject.lasts(dates(task), task) > subject.days(most, task)]
    return Counted(len(found), len(subject.working), subject.named(found))


def _invalid(subject: Subject) -> Counted:
    found = [task for task in subject.every if _is_invalid(subject, task)]
    return Counted(len(found), len(subject.every), subject.named(found))


def _is_invalid(subject: Subject, task: int) -> bool:
    """Tell whether what is yet to come lies before the status date, or what has happened after it."""
    record, dates, status = subject.tasks[task], subject.dates(task), subject.status_of(task)
    happened = [when for when in (record.actual_start, record.actual_finish) if when is not None]
    if any(subject.time(when, task) > status for when in happened):
        return True
    if done(record):
        return False
    return sure(dates.finish) < status or (not begun(record) and sure(dates.start) < status)


def _resources(subject: Subject) -> Counted:
    # The pamphlet asks it of what takes at least a day.
    records, dates = subject.tasks, subject.dates
    asked = [task for task in subject.working if subject.lasts(dates(task), task) >= subject.days(1, task)]
    without = [task for task in asked if not records[task].allocations and records[task].planned_cost is None]
    return Counted(len(without), len(asked), subject.named(without))


def _missed(subject: Subject) -> Counted:
    if subject.baseline is None:
        planned = [(task, sure(subject.dates(task).finish)) for task in subject.every]
        due = [(task, finish) for task, finish in planned if finish <= subject.status_of(task)]
        late = [task for task, finish in due if not _in_time(subject, task, finish)]
        return Counted(len(late), len(due), subject.named(late))
    promised = subject.due()
    missed = [id for id in promised if not _kept(subject, id)]
    return Counted(len(missed), len(promised), tuple(missed), subject.baseline.id)


def _kept(subject: Subject, id: str) -> bool:
    """Tell whether what the baseline promised of a task was done in time."""
    carriers, finish = subject.carriers(id), subject.promised[id].finish
    return bool(carriers) and all(_in_time(subject, task, finish) for task in carriers)


def _in_time(subject: Subject, task: int, planned: datetime) -> bool:
    record = subject.tasks[task]
    finish = record.actual_finish
    if finish is None:
        return done(record)
    if isinstance(finish, datetime):
        return finish <= planned
    return subject.time(finish, task) < planned  # on that day, or before


def _critical_path(subject: Subject) -> Counted | Unknown:
    """Delay the first of the most critical tasks, and see by how much what ends the plan is put off."""
    if subject.now.never:
        return _NEVER
    critical = frozenset(subject.now.critical())
    tasks = [(subject.left(task), task) for task in subject.working if subject.net.parts.ids[task] in critical]
    if not tasks:
        return _NONE_CRITICAL
    task = min(tasks, key=lambda one: (one[0].total_float, sure(one[0].start), one[1]))[1]
    dates = [subject.left(each) for each in subject.every]
    finish = max(sure(each.finish) for each in dates)
    try:
        after = schedule(subject.model.replace(_longer(subject, task)), subject.now.plan, subject.moment).tasks
    except NoWorkTime:
        return _NO_ROOM
    # The finish is that of what ends the plan. That the delayed task itself now ends last, shows nothing of the links.
    late = max(sure(after[each.id].finish) for each in dates if each.finish == finish)
    moved = subject.net.clocks.times[subject.net.calendars[task]].elapsed(finish, late)
    return Counted(moved // subject.days(1, task), SLIP_DAYS, subject.named([task]))


def _longer(subject: Subject, task: int) -> Task:
    """Return a task made so much longer; of one that has started, what is left of it."""
    slip, started = subject.days(SLIP_DAYS, task) // _MICROSECOND, subject.progress.done.get(task)
    if started is not None:
        return evolve(subject.tasks[task], remaining=_minutes(started.left + slip))
    lasts = subject.lasts(subject.left(task), task) // _MICROSECOND
    return evolve(subject.tasks[task], duration=_minutes(lasts + slip))


def _minutes(microseconds: int) -> Duration:
    return Duration(Decimal(microseconds) / _MINUTE, "minute")


def _length_index(subject: Subject) -> Counted | Unknown:
    """Compare the working time up to the baseline's finish with what the rest of the plan takes."""
    if subject.baseline is None:
        return subject.unpromised()
    if not subject.promised:
        return _NOTHING_PROMISED
    if subject.now.never:
        return _NEVER
    rest = [dates for dates in map(subject.left, subject.every) if dates.total_float is not None]
    if not rest:
        return _NOTHING_LEFT
    clocks = subject.net.clocks
    finish = max(sure(dates.finish) for dates in rest)
    promised = max(row.finish for row in subject.promised.values())
    begin, *ends = [clocks.times[0].axis.worked(clocks.instant(when, 0)) for when in (subject.status, finish, promised)]
    begin = max(begin, clocks.times[0].axis.worked(subject.net.start))
    path, in_time = [Fraction(end - begin, clocks.day(0)) for end in ends]
    last = [dates.id for dates in rest if dates.finish == finish] if path > in_time else []
    return Counted(in_time, path, tuple(last), subject.baseline.id)


def _execution_index(subject: Subject) -> Counted | Unknown:
    if subject.baseline is None:
        return subject.unpromised()
    completed = frozenset([id for id in subject.promised if _is_completed(subject, id)])
    due = subject.due()
    behind = tuple([id for id in due if id not in completed])
    return Counted(len(completed), len(due), behind, subject.baseline.id)


def _is_completed(subject: Subject, id: str) -> bool:
    carriers = subject.carriers(id)
    return bool(carriers) and all(map(subject.is_over, carriers))


_FIVE, _NONE = Decimal(5), Decimal(0)
# Where tasks behind the delayed one have other calendars, or wait in real time, weekends take up a day or two.
_AS_MUCH = Decimal("99.5")
POINTS = (
    Point(1, "Missing logic", "逻辑缺失",
          "incomplete tasks without a predecessor or a successor, of all incomplete tasks",
          "缺少前置或后续任务的未完成任务，占全部未完成任务", _logic, _FIVE),
    Point(2, "Leads", "提前量", "links with a lead, of all links to incomplete tasks",
          "带提前量的依赖关系，占指向未完成任务的全部依赖关系", _leads, _NONE),
    Point(3, "Lags", "滞后量", "links with a lag, of all links to incomplete tasks",
          "带滞后量的依赖关系，占指向未完成任务的全部依赖关系", _lags, _FIVE),
    Point(4, "Relationship types", "关系类型", "links from finish to start, of all links to incomplete tasks",
          "完成—开始关系，占指向未完成任务的全部依赖关系", _types, Decimal(90), at_least=True),
    Point(5, "Hard constraints", "硬约束",
          "incomplete tasks that must start or finish on, or no later than, a date, of all incomplete tasks",
          "带硬约束（必须或最迟在某日开始或完成）的未完成任务，占全部未完成任务", _hard, _FIVE),
    Point(6, "High float", "高浮动时间",
          "incomplete tasks with more than 44 working days of total float, of all incomplete tasks",
          "总浮动时间超过 44 个工作日的未完成任务，占全部未完成任务", _high_float, _FIVE),
    Point(7, "Negative float", "负浮动时间", "incomplete tasks with less than no total float, of all incomplete tasks",
          "总浮动时间为负的未完成任务，占全部未完成任务", _negative_float, _NONE),
    Point(8, "High duration", "长工期", "incomplete tasks that last more than 44 working days, of all that take time",
          "工期超过 44 个工作日的未完成任务，占全部有工期的未完成任务", _long, _FIVE),
    Point(9, "Invalid dates", "无效日期", "tasks planned before the status date or done after it, of all tasks",
          "计划日期早于状态日期或实际日期晚于状态日期的任务，占全部任务", _invalid, _NONE, dated=True),
    Point(10, "Resources", "资源",
          "incomplete tasks of a day or more without allocations or cost, of all of a day or more",
          "工期不少于一天却没有资源或费用的未完成任务，占全部此类任务", _resources, _NONE),
    Point(11, "Missed tasks", "延误任务",
          "tasks finished late or not at all, of all that were due by the status date",
          "未按时完成的任务，占状态日期之前应完成的全部任务", _missed, _FIVE, dated=True),
    Point(12, "Critical path test", "关键路径测试",
          "working days by which the last task is put off, of the 600 by which a critical one is delayed",
          "关键任务延后 600 个工作日时，最后完成的任务随之推后的工作日数", _critical_path, _AS_MUCH, at_least=True),
    Point(13, "Critical path length index", "关键路径长度指数",
          "working days of the critical path that is left and its float to the baseline's finish, of that path",
          "剩余关键路径的工作日与其到基线完成日的浮动时间之和，占剩余关键路径", _length_index, Decimal(95),
          at_least=True),
    Point(14, "Baseline execution index", "基准执行指数",
          "tasks of the baseline finished by the status date, of those it has finished by then",
          "状态日期前已完成的基线任务，占基线中届时应已完成的任务", _execution_index, Decimal(95), at_least=True),
)  # fmt: skip
"""All of them, from 1 to 14."""
