"""The nouns of a plan: plans, tasks, the links between them, and what they deliver.

The words are those of project scheduling as the PMI's Practice Standard for Scheduling and MS Project use them. A task
names its predecessors by `links`; what is worked, by whom and how much, stands in `duration`, or in `effort` and
`allocations`. All of a task's dates are derived (see `scheduling.py`); the only dates it holds are what people decided
- constraints, deadlines - and what has happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from attrs import field, frozen
from attrs.converters import optional

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least, ref
from community_ops.kernel.values import Estimate, Money
from community_ops.org.recurring import wrong_with

LinkType = Literal["FS", "SS", "FF", "SF"]
LagTime = Literal["successor", "predecessor", "project", "elapsed"]
TaskKind = Literal["task", "milestone", "level_of_effort", "recurring"]
Area = Literal["positioning", "operation", "promotion", "service", "control"]
Earning = Literal["percent", "0/100", "50/50", "weights"]
Constraint = Literal["ASAP", "ALAP", "SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO"]
UNDATED: frozenset[str] = frozenset({"ASAP", "ALAP"})
"""The constraints that name no date."""


@frozen
class Duration(Value):
    """A length of working time.

    Args:
        amount: how many of the unit; an int, a decimal, or a float taken as the decimal it prints as.
        unit: minutes and hours are what a clock shows; a day and a week are as long as the calendar says.

    Example:
        >>> Duration(5), Duration("2.5", "hour")
        (Duration(amount=Decimal('5')), Duration(amount=Decimal('2.5'), unit='hour'))
    """

    amount: Decimal = field(converter=exact)
    unit: Literal["minute", "hour", "day", "week"] = "day"

    def __str__(self) -> str:
        return f"{self.amount:f}{self.unit[0]}"


@frozen
class Link(Value):
    """A dependency of a task on another.

    Attributes:
        task: the predecessor.
        type: which end of it holds back which end of this task: finish to start, start to start, finish to finish, or
            start to finish.
        lag: how long after it; less than nothing for a lead.
        lag_percent: in place of `lag`, percents of the predecessor's duration.
        lag_time: whose working time the lag runs in, or real time; the successor's as in MS Project.

    Example:
        >>> Link("content", lag=Duration(2))
        Link(task='content', lag=Duration(amount=Decimal('2')))
    """

    task: str = field(metadata=ref("task", "follows", inverse="followed by"))
    type: LinkType = "FS"
    lag: Duration = Duration(Decimal(0))
    lag_percent: Decimal | None = field(default=None, converter=optional(exact))
    lag_time: LagTime = "successor"


@frozen
class Allocation(Value):
    """A position that works on a task.

    Attributes:
        position: the position.
        fte: how much of full-time equivalents it puts in while it works on the task.
    """

    position: str = field(metadata=ref("position", "worked on by", inverse="works on"))
    fte: Decimal = field(default=Decimal(1), converter=exact, metadata=at_least(0))


@frozen
class Deliverable(Value):
    """Something a task delivers, and the gate it has to pass.

    Attributes:
        name: what it is.
        criteria: what it is accepted by.
        reviewer: the position that accepts it.
        result: what the review came to.
        reviewed: when it was reviewed.
    """

    name: str
    criteria: tuple[str, ...] = ()
    reviewer: str | None = field(default=None, metadata=ref("position", "accepted by", inverse="accepts"))
    result: Literal["pending", "passed", "failed"] = "pending"
    reviewed: date | None = None


@frozen
class Step(Value):
    """A step on the way through a task, which earns its share of the task once it is done.

    Attributes:
        name: what it is.
        weight: how much of the task it is, against the weights of the other steps.
        done: when it was done; a day counts to its end.

    Example:
        >>> Step("Draft", 3, date(2026, 3, 4))
        Step(name='Draft', weight=Decimal('3'), done=datetime.date(2026, 3, 4))
    """

    name: str
    weight: Decimal = field(default=Decimal(1), converter=exact, metadata=at_least(0))
    done: date | datetime | None = None


@frozen
class Progress(Value):
    """How much of a task was done on a day, as it was reported then.

    Attributes:
        day: when it was reported; a day counts to its end.
        percent: how much of the task was done, from 0 to 100.

    Example:
        >>> Progress(date(2026, 3, 4), 30)
        Progress(day=datetime.date(2026, 3, 4), percent=Decimal('30'))
    """

    day: date | datetime
    percent: Decimal = field(converter=exact, metadata=at_least(0))

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.percent > 100:
            yield "percent", f"must be at most 100, got {self.percent}"


@frozen
class Cost(Value):
    """What a task has really cost on a day: work done or goods received, whether or not paid for.

    Attributes:
        day: the day on which it arose; it counts from the end of the day's work on.
        amount: how much.
        note: what for.

    Example:
        >>> Cost(date(2026, 3, 4), Money(500, "CNY"))
        Cost(day=datetime.date(2026, 3, 4), amount=Money(amount=Decimal('500'), currency='CNY'))
    """

    day: date
    amount: Money
    note: str = ""


@frozen(kw_only=True)
class Plan(Record):
    """What is to be done from a day on, as tasks and links between them.

    Attributes:
        name: what it is called.
        start: when work starts at the earliest; a day stands for its beginning on the calendar's clocks.
        calendar: the working time of its tasks; None for Monday to Friday, 9 to 17, UTC.
        unit: the unit whose plan it is.
        owner: the position accountable for it.
        goals: the goals it serves.
        description: what it is about, at length.

    Example:
        >>> Plan(id="launch", name="Launch", start=date(2026, 3, 2), calendar="office")
        Plan(id='launch', name='Launch', start=datetime.date(2026, 3, 2), calendar='office')
    """

    kind_name: ClassVar[str] = "plan"
    table_name: ClassVar[str] = "plans"

    name: str
    start: date | datetime
    calendar: str | None = field(default=None, metadata=ref("calendar", "works by", inverse="working time of"))
    unit: str | None = field(default=None, metadata=ref("unit", "plan of", inverse="has plan"))
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))
    goals: tuple[str, ...] = field(default=(), metadata=ref("goal", "serves", inverse="served by"))
    description: str = ""


@frozen(kw_only=True)
class Task(Record):
    """A piece of work of a plan; one that has parts is a summary of them.

    Of how long it takes, the first that is given counts: `duration`; `effort` shared out among the allocations, or done
    by one full-time equivalent where there are none; the PERT mean of `estimate`. A milestone takes no time.

    Attributes:
        name: what is to be done.
        plan: the plan it belongs to.
        parent: the task it is a part of.
        kind: a task; a milestone, which is a moment; a level of effort, which goes on as long as what it spans and
            holds nothing back; a recurring task, which is done on the days of `recurrence`.
        area: which of the five areas of a community's plan it belongs to.
        owner: the position accountable for it; further roles are `Responsibility` records.
        allocations: the positions that work on it, and how much.
        duration: how long it takes.
        effort: how much work it is, as the duration it has for one full-time equivalent.
        estimate: how long it takes at best, most likely and at worst, in working days.
        links: the tasks it depends on.
        overlaps: the tasks whose work is its own, seen in another way; what adds up cost, effort or progress over both
            leaves this one out.
        constraint: as soon or as late as possible; start or finish no earlier than or no later than a date; must start
            or must finish on a date.
        constraint_date: the date of the constraint. A day stands for its beginning where it holds a start, for its end
            where it holds a finish.
        deadline: when it should be finished; moves its late dates only. A day counts to its end.
        calendar: its own working time; None for the plan's.
        recurrence: when a recurring task is done, as an RFC 5545 recurrence rule such as `"FREQ=WEEKLY;BYDAY=MO"`.
        planned_cost: what it is to cost.
        contingency: what is set aside for its known risks, beyond that.
        costs: what it has cost so far.
        deliverables: what it delivers.
        reworks: the task whose work it does again, as a review found that wanting; what it delivers under the same
            name stands in for what that task delivered.
        earning: by what it earns its planned cost: the percents complete; all of it when finished; half when started
            and half when finished; or the weights of the steps that are done.
        steps: the steps on the way through it.
        percent_complete: how much of it is done by now, from 0 to 100.
        progress: how much of it was done on earlier days, up to now; empty where nobody keeps that.
        actual_start: when it was started.
        actual_finish: when it was finished.
        remaining: how much of its duration is left by now.
        description: what it is about, at length.

    Example:
        >>> Task(id="b", name="Build", plan="p", duration=Duration(5), links=(Link("a"),))
        Task(id='b', name='Build', plan='p', duration=Duration(amount=Decimal('5')), links=(Link(task='a'),))
    """

    kind_name: ClassVar[str] = "task"
    table_name: ClassVar[str] = "tasks"
    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "constraint": {"examples": ["SNET"]},  # one that has a date, like the example's
        "recurrence": {"examples": ["FREQ=WEEKLY;BYDAY=MO"]},
    }

    name: str
    plan: str = field(metadata=ref("plan", "part of", inverse="has task"))
    parent: str | None = field(default=None, metadata=ref("task", "part of", acyclic=True, inverse="has part"))
    kind: TaskKind = "task"
    area: Area | None = None
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))
    allocations: tuple[Allocation, ...] = ()
    duration: Duration | None = None
    effort: Duration | None = None
    estimate: Estimate | None = None
    links: tuple[Link, ...] = ()
    overlaps: tuple[str, ...] = field(default=(), metadata=ref("task", "overlaps", inverse="overlapped by"))
    constraint: Constraint = "ASAP"
    constraint_date: date | datetime | None = None
    deadline: date | datetime | None = None
    calendar: str | None = field(default=None, metadata=ref("calendar", "works by", inverse="working time of"))
    recurrence: str = ""
    planned_cost: Money | None = None
    contingency: Money | None = None
    costs: tuple[Cost, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    reworks: str | None = field(default=None, metadata=ref("task", "reworks", acyclic=True, inverse="reworked by"))
    earning: Earning = "percent"
    steps: tuple[Step, ...] = ()
    percent_complete: Decimal = field(default=Decimal(0), converter=exact, metadata=at_least(0))
    progress: tuple[Progress, ...] = ()
    actual_start: date | datetime | None = None
    actual_finish: date | datetime | None = None
    remaining: Duration | None = None
    description: str = ""

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.percent_complete > 100:
            yield "percent_complete", f"must be at most 100, got {self.percent_complete}"
        if self.constraint in UNDATED and self.constraint_date is not None:
            yield "constraint_date", f"{self.constraint} has no date"
        if self.constraint not in UNDATED and self.constraint_date is None:
            yield "constraint_date", f"{self.constraint} needs a date"
        for name in ("duration", "effort", "remaining"):
            length = getattr(self, name)
            if length is not None and length.amount < 0:
                yield name, f"must be at least 0, got {length}"
        if self.recurrence and (wrong := wrong_with(self.recurrence)):
            yield "recurrence", wrong
