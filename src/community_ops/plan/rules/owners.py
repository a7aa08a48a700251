"""Rules about who is accountable for tasks, and whether anybody is there (PLN401, PLN402)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.answering import accountability
from community_ops.org.deputising import who_acts
from community_ops.org.records import Assignment, Deputy, Position
from community_ops.org.rules.addresses import position
from community_ops.org.rules.samples import ann, hq
from community_ops.org.scoping import thresholds_by_unit
from community_ops.org.timeline import Step
from community_ops.plan.manning import manning
from community_ops.plan.records import Task
from community_ops.plan.rules.addresses import plan_ref, task_ref
from community_ops.plan.rules.dating import dated, wired
from community_ops.plan.rules.samples import MONDAY, launch, lead, piece
from community_ops.plan.wiring import Wiring
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule


def _owners(m: ModelView, net: Wiring) -> list[str | None]:
    """Return for each task the position accountable for it: its own, else that of the nearest summary above."""
    column = m.column(Task.owner)
    found = [column[place] for place in net.parts.places]
    for task in net.parts.order:
        up = net.parts.parents[task]
        if found[task] is None and up is not None:
            found[task] = found[up]
    return found


@rule(
    "PLN401",
    name="task-without-owner",
    severity=WARNING,
    en={
        "one": "{subject}: nobody is accountable for {tasks}.",
        "several": "{subject}: nobody is accountable for {count} of {total} tasks: {tasks}.",
    },
    zh={
        "one": "{subject}：{tasks}没有负责岗位。",
        "several": "{subject}：{total} 个任务中有 {count} 个没有负责岗位：{tasks}。",
    },
    needs=("plan", "task"),
)
def task_without_owner(m: ModelView, context: Context) -> Iterator[Finding]:
    """No position is accountable for a task.

    Why it matters: nobody sees to it that it starts and is finished, and nobody says when it will not be.

    How to fix: name the position in `owner`, of the task or of the summary that it is a part of.

    When it is wrong to heed it: for milestones that merely mark a date from outside; a waiver says so.

    One finding a plan. The owner of a summary counts for its parts, and so does whoever a responsibility record makes
    accountable for the task. Tasks without parts that drive dates are judged, but finished ones are not.
    """
    finished, chart = m.column(Task.actual_finish), accountability(m, context.at)
    for id, net in wired(m):
        owners = _owners(m, net)
        without = [
            task_ref(net.parts.ids[task])
            for task in net.nodes
            if owners[task] is None and finished[net.parts.places[task]] is None
        ]
        tasks = tuple([task for task in without if not chart.accountable(task, inherited=False)])
        if tasks:
            yield task_without_owner.finding(
                plan_ref(id), "one" if len(tasks) == 1 else "several", related=tasks, tasks=tasks, count=len(tasks),
                total=len(net.nodes),
            )  # fmt: skip


@task_without_owner.fires()
def _nobodys() -> Iterable[Record]:
    return [hq("lead"), lead(), launch(owner="lead"), piece("write"), piece("print", 1, "write", owner="lead")]


@task_without_owner.fires()
def _nobodys_at_all() -> Iterable[Record]:
    return [launch(), piece("write"), piece("print", 1, "write")]


@task_without_owner.silent()
def _owned_above() -> Iterable[Record]:
    return [hq("lead"), lead(), launch(), piece("book", None, owner="lead"), piece("write", parent="book")]


@frozen
class AbsenceThresholds(Value):
    """How long the owner of a task may be away.

    Attributes:
        days: the most days in a row of a task that lasts longer.
    """

    days: int = field(default=14, metadata=at_least(0))


class _Due(NamedTuple):
    """A task that somebody has to answer for, from one day until before another, as ordinals."""

    owner: str
    task: Ref
    first: int
    stop: int


@rule(
    "PLN402",
    name="owner-not-there",
    severity=WARNING,
    status=True,
    en={
        "one": "Nobody holds {subject} or stands in for it from {first} on, while {tasks} is due.",
        "several": "Nobody holds {subject} or stands in for it while {count} tasks are due: {tasks}; of "
        "the first, from {first} on.",
    },
    zh={
        "one": "自 {first} 起{subject}无人在岗，也无人代理，而{tasks}正需进行。",
        "several": "{subject}负责的 {count} 个任务（{tasks}）进行期间无人在岗，也无人代理；最早自 {first} 起。",
    },
    needs=("plan", "task", "position"),
    date_use="needed",
    thresholds=AbsenceThresholds(),
    scoped=True,
)
def owner_not_there(m: ModelView, context: Context) -> Iterator[Finding]:
    """While a task is done, nobody is there who holds the position accountable for it, nor a deputy.

    Why it matters: what has to be decided about the task waits, and so does all that follows it.

    How to fix: fill the position in time, name a deputy for those days, move the task, or give it to another position.

    When it is wrong to heed it: where a successor is certain and merely not recorded yet.

    One finding a position. A task is judged from the date of the check on; finished tasks, and what lies before that
    date, are not. It counts if nobody is there on any of its days, or for more days in a row than the threshold, so
    that a holiday in the midst of a long task does not. A holder who is absent, or no longer employed, is not there.
    Whoever is above the position does not count as standing in: they would, but need not know. That a position is
    vacant today is a matter of its own, ORG401. A policy for a unit holds for the positions in it.
    """
    limits, index, homes = thresholds_by_unit(m, context), m.place_index(Position), m.column(Position.unit)
    due = list(_due(m, context.day))
    there, limited = manning(m, frozenset(one.owner for one in due), context.day), _limited(m)
    gaps: dict[str, list[tuple[int, Ref]]] = {}
    for one in due:
        gap = _gap(there.lines[one.owner], one, limits.of(homes[index[one.owner]]).days)
        if gap is None or (one.owner in limited and _stood_in(m, one, date.fromordinal(gap))):
            continue
        gaps.setdefault(one.owner, []).append((gap, one.task))
    for owner, found in gaps.items():
        found.sort()
        tasks = tuple([task for _, task in found])
        yield owner_not_there.finding(
            position(owner), "one" if len(tasks) == 1 else "several", related=tasks, tasks=tasks, count=len(tasks),
            first=date.fromordinal(found[0][0]),
        )  # fmt: skip


def _due(m: ModelView, at: date) -> Iterator[_Due]:
    """Yield what is done from a day on, and not finished, for an existing position to answer for."""
    positions, finished = m.place_index(Position), m.column(Task.actual_finish)
    today = at.toordinal()
    for _, found in dated(m):
        net = found.net
        for task, owner in enumerate(_owners(m, net)):
            if owner is None or owner not in positions or net.parts.is_summary(task):
                continue
            if net.kinds[task] == "recurring" or finished[net.parts.places[task]] is not None:
                continue
            first, last = found.first_day(task).toordinal(), found.last_day(task).toordinal()
            if last >= today:
                yield _Due(owner, task_ref(net.parts.ids[task]), max(first, today), last + 1)


def _gap(line: Sequence[Step], due: _Due, most: int) -> int | None:
    """Return the day from which on nobody is there: all the time, or for more days in a row than need be."""
    begun: int | None = None
    for step in line:
        if step.stop <= due.first:
            continue
        if step.first >= due.stop:
            break
        if step.held or step.number:  # who merely acts has no full-time equivalents and is there all the same
            begun = None
            continue
        begun, stop = max(step.first, due.first) if begun is None else begun, min(step.stop, due.stop)
        if stop - begun > most or (begun == due.first and stop == due.stop):
            return begun
    return None


def _limited(m: ModelView) -> frozenset[str]:
    """Return the positions with deputies who stand in for some records only."""
    if not m.schema.heirs(Deputy):
        return frozenset()
    rows = zip(m.column(Deputy.position), m.column(Deputy.scope), strict=True)
    return frozenset([position for position, scope in rows if scope])


def _stood_in(m: ModelView, due: _Due, on: date) -> bool:
    return who_acts(m, due.owner, on, due.task).step in ("holder", "deputy")


def _led_by_ann(*more: Record, until: date | None = None, days: int = 5) -> list[Record]:
    held = Assignment(id="a", person="ann", position="lead", period=DateRange(None, until))
    return [hq("lead"), lead(), ann(), held, launch(), piece("write", days, owner="lead"), *more]


@owner_not_there.fires(at=MONDAY)
def _leaves() -> Iterable[Record]:
    return _led_by_ann(until=MONDAY + timedelta(days=6), days=30)


@owner_not_there.fires(at=MONDAY)
def _left() -> Iterable[Record]:
    return _led_by_ann(piece("print", 1, "write", owner="lead"), until=MONDAY - timedelta(days=1))


@owner_not_there.silent(at=MONDAY)
def _stays() -> Iterable[Record]:
    return _led_by_ann(until=MONDAY + timedelta(days=4))


@owner_not_there.silent(at=MONDAY)
def _deputised() -> Iterable[Record]:
    aide = Position(id="aide", title="Aide", unit="hq", reports_to="lead")
    held = Assignment(id="b", person="ann", position="aide")
    stands_in = Deputy(id="d", position="lead", deputy="aide")
    return _led_by_ann(aide, held, stands_in, until=MONDAY - timedelta(days=1))


RULES = (task_without_owner, owner_not_there)
"""The rules of this module."""
