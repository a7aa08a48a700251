"""The nouns of steering: what a plan rests on, what was promised, and what was decided since.

Studies say what is known, strategies which way to go, and plans what to do. A baseline keeps what a plan promised on a
day, so that what has become of it can be measured; a decision says why it no longer holds.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Literal

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, ref
from community_ops.kernel.values import DateRange, Money
from community_ops.plan.records import Area

StudyKind = Literal["market", "competitor", "audience", "content"]
PlannedKind = Literal["task", "milestone", "level_of_effort", "recurring", "summary"]
DecisionStatus = Literal["proposed", "approved", "rejected"]


@frozen(kw_only=True)
class Study(Record):
    """What was found out about a market, competitors, an audience or content.

    Attributes:
        name: what it is called.
        kind: what it looks at.
        question: what it was to find out.
        conclusion: what it found.
        sources: what it relies on: data, interviews, publications.
        concluded: the day on which it was concluded; None while it goes on.
        valid_until: the last day on which it can be relied on; None where it does not age.
        owner: the position accountable for it.

    Example:
        >>> Study(id="s1", name="Who stays", kind="audience", question="Who is active after a month?")
        Study(id='s1', name='Who stays', kind='audience', question='Who is active after a month?')
    """

    kind_name: ClassVar[str] = "study"
    table_name: ClassVar[str] = "studies"

    name: str
    kind: StudyKind = "market"
    question: str = ""
    conclusion: str = ""
    sources: tuple[str, ...] = ()
    concluded: date | None = None
    valid_until: date | None = None
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))


@frozen(kw_only=True)
class Strategy(Record):
    """Which way to go in an area, towards which goals, and what that rests on.

    Attributes:
        name: what it is called.
        area: the area of a community's plan it is for; None for all of them.
        statement: the direction, in a few sentences.
        goals: the goals it directs.
        studies: the studies it rests on.
        owner: the position accountable for it.
        period: from when to when it holds; None where that is not recorded.

    Example:
        >>> Strategy(id="help", name="Members help members", area="operation", goals=["retention"], studies=["s1"])
        Strategy(id='help', name='Members help members', area='operation', goals=('retention',), studies=('s1',))
    """

    kind_name: ClassVar[str] = "strategy"
    table_name: ClassVar[str] = "strategies"

    name: str
    area: Area | None = None
    statement: str = ""
    goals: tuple[str, ...] = field(default=(), metadata=ref("goal", "directs", inverse="directed by"))
    studies: tuple[str, ...] = field(default=(), metadata=ref("study", "rests on", inverse="supports"))
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))
    period: DateRange | None = None


@frozen(kw_only=True)
class Decision(Record):
    """A change to a plan that was asked for, and what was decided.

    Attributes:
        name: what is to change.
        reason: why.
        plan: the plan it changes.
        tasks: the tasks it concerns; some may be gone since.
        status: whether it is still to be decided, or how it was.
        proposed: the day on which it was asked for.
        decided: the day on which it was decided.
        decided_by: the position that decided, or is to decide.
        baseline: the baseline that carries it out.

    Example:
        >>> Decision(id="d1", name="Launch a week later", plan="launch", status="approved", tasks=["opening"])
        Decision(id='d1', name='Launch a week later', plan='launch', tasks=('opening',), status='approved')
    """

    kind_name: ClassVar[str] = "decision"
    table_name: ClassVar[str] = "decisions"

    name: str
    reason: str = ""
    plan: str = field(metadata=ref("plan", "changes", inverse="changed by"))
    tasks: tuple[str, ...] = field(default=(), metadata=ref("task", "concerns", inverse="subject of", historic=True))
    status: DecisionStatus = "proposed"
    proposed: date | None = None
    decided: date | None = None
    decided_by: str | None = field(default=None, metadata=ref("position", "decided by", inverse="decides"))
    baseline: str | None = field(default=None, metadata=ref("baseline", "carried out by", inverse="carries out"))


@frozen
class PlannedTask(Value):
    """What a baseline says of one task.

    Attributes:
        task: the task; it may be gone since.
        start: when it was to start.
        finish: when it was to be finished.
        work: how much working time it was to take.
        cost: what it was to cost; None for a summary, whose parts say so.
        contingency: what was set aside for its known risks.
        name: what it was called.
        kind: what it was.
        area: the area it belonged to, by itself or by what it was a part of.
        parent: the task it was a part of.
    """

    task: str = field(metadata=ref("task", "promises", inverse="promised in", historic=True))
    start: datetime
    finish: datetime
    work: timedelta = timedelta()
    cost: Money | None = None
    contingency: Money | None = None
    name: str = ""
    kind: PlannedKind = "task"
    area: Area | None = None
    parent: str | None = field(default=None, metadata=ref("task", "promises under", historic=True))


@frozen(kw_only=True)
class Baseline(Record):
    """What a plan promised from a day on: dates, work and cost of every task; `take_baseline` makes one.

    It is kept as it was, whatever becomes of the tasks; should a task be there twice, its last row counts.

    Attributes:
        name: what it is called.
        plan: the plan.
        since: from when on it is in force, until the next; a day stands for its beginning on the plan's clocks.
        tasks: what it says of each task.
        management_reserve: what is set aside for what nobody knows yet; no part of any task's budget.
        approved_by: the position that approved it.

    Example:
        >>> Baseline(id="b1", name="As approved", plan="launch", since=date(2026, 3, 2))
        Baseline(id='b1', name='As approved', plan='launch', since=datetime.date(2026, 3, 2))
    """

    kind_name: ClassVar[str] = "baseline"
    table_name: ClassVar[str] = "baselines"

    name: str = ""
    plan: str = field(metadata=ref("plan", "baseline of", inverse="has baseline"))
    since: date | datetime
    tasks: tuple[PlannedTask, ...] = ()
    management_reserve: Money | None = None
    approved_by: str | None = field(default=None, metadata=ref("position", "approved by", inverse="approves"))
