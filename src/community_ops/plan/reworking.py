"""Rework: what a review found wanting, done again by a task of its own.

The task that failed stays as it was, with what it has cost; the one that does its work again names it in `reworks`, has
its own dates and cost, and delivers what failed under the same name. A gate has passed once anything that stands in for
the deliverable has passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from attrs import evolve

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.derived import derived
from community_ops.kernel.model import Model
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.org.rules.naming import fresh_id, in_chinese
from community_ops.plan.records import Deliverable, Duration, Link, Task


class Gate(NamedTuple):
    """How a deliverable stands, with all that stands in for it; made by `gate`.

    Attributes:
        result: what its reviews came to; `"none"` where nothing delivers it.
        task: the task whose deliverable that is.
        passed: when it passed; None where it has not, or nobody knows.
    """

    result: Literal["none", "pending", "passed", "failed"]
    task: str
    passed: date | None = None


@derived(cutoff=True)
def _redoing(m: ModelView) -> Mapping[str, tuple[str, ...]]:
    """Return the tasks that redo each task, by its id."""
    found: dict[str, list[str]] = {}
    for id, reworks in zip(m.ids(Task), m.column(Task.reworks), strict=True):
        if reworks is not None:
            found.setdefault(reworks, []).append(id)
    return MappingProxyType({id: tuple(ids) for id, ids in found.items()})


def redone_by(m: ModelView, task_id: str) -> tuple[str, ...]:
    """Return the tasks that do a task's work again, those that redo these among them, each once.

    Example:
        >>> from community_ops import OperatingModel
        >>> first, again = Task(id="a", name="A", plan="p"), Task(id="b", name="B", plan="p", reworks="a")
        >>> redone_by(OperatingModel.of(first, again), "a")
        ('b',)
    """
    redoing = _redoing(m)
    found = {task_id: None}
    waiting = [task_id]
    for one in waiting:
        new = [other for other in redoing.get(one, ()) if other not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return tuple(waiting[1:])


def gate(m: ModelView, task_id: str, name: str) -> Gate:
    """Return how a deliverable of a task stands, by the task itself or any that redoes it.

    It has passed with the first review that it passed; otherwise the last task that delivers it has the word.

    Args:
        m: the model.
        task_id: the task.
        name: what the deliverable is called.

    Example:
        >>> from community_ops import OperatingModel
        >>> first = Task(id="a", name="A", plan="p", deliverables=[Deliverable("Copy", result="failed")])
        >>> again = Task(id="b", name="B", plan="p", reworks="a", deliverables=[Deliverable("Copy")])
        >>> gate(OperatingModel.of(first, again), "a", "Copy")
        Gate(result='pending', task='b', passed=None)
    """
    index, every = m.place_index(Task), m.column(Task.deliverables)
    found = Gate("none", task_id)
    for id in (task_id, *redone_by(m, task_id)):
        for one in every[index[id]]:
            if one.name != name:
                continue
            now = Gate(one.result, id, one.reviewed if one.result == "passed" else None)
            if found.result != "passed" or (now.result == "passed" and _earlier(now.passed, found.passed)):
                found = now
    return found


def _earlier(one: date | None, other: date | None) -> bool:
    """Tell whether one day is before another; one that nobody knows is before all."""
    return other is not None and (one is None or one < other)


def rework(
    model: Model,
    task_id: str,
    *,
    id: str | None = None,
    name: str | None = None,
    duration: Duration | None = None,
    planned_cost: Money | None = None,
) -> ChangeSet:
    """Return the change that plans a task's work to be done again, after the task and by the same people.

    The new task delivers what failed its review, or everything where nothing did, and the reviews are to come. Tasks
    that follow the finish of the first and have not begun follow that of the new one instead.

    Args:
        model: the model.
        task_id: the task whose work is to be done again.
        id: the new task's own id; None for one made from the task's.
        name: what it is called; None for the task's name with a word for rework.
        duration: how long it takes; None for as long as the task. A summary has no length of its own to go by.
        planned_cost: what it is to cost; None where nobody says: the cost of the task is not counted twice.

    Raises:
        UnknownRecord: there is no such task.
        DuplicateRecord: there is a task with that id already.

    Example:
        >>> from community_ops import OperatingModel, Plan
        >>> copy = Deliverable("Copy", ["No errors of fact"], result="failed", reviewed=date(2026, 3, 3))
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="write", name="Write", plan="p", duration=Duration(2), deliverables=[copy]),
        ...     Task(id="print", name="Print", plan="p", duration=Duration(1), links=[Link("write")]),
        ... )
        >>> after = model.apply(rework(model, "write", id="again", duration=Duration(1)))
        >>> after.tasks["again"].deliverables[0].result, after.tasks["print"].links
        ('pending', (Link(task='again'),))
    """
    first = model[Ref("task", task_id)]
    assert isinstance(first, Task)
    suffix = "（返工）" if in_chinese(first.name) else " (rework)"
    again = Task(
        id=fresh_id(model, "task", f"{task_id}-rework") if id is None else id,
        name=f"{first.name}{suffix}" if name is None else name,
        plan=first.plan,
        parent=first.parent,
        area=first.area,
        owner=first.owner,
        allocations=first.allocations,
        duration=first.duration if duration is None else duration,
        effort=first.effort if duration is None else None,
        estimate=first.estimate if duration is None else None,
        links=(Link(task_id),),
        calendar=first.calendar,
        planned_cost=planned_cost,
        deliverables=_anew(first.deliverables),
        reworks=task_id,
    )
    redoing = {task_id, *redone_by(model, task_id)}
    waiting = [
        evolve(task, links=tuple([_moved(link, task_id, again.id) for link in task.links]))
        for task in model.table(Task)
        if task.id not in redoing and not _begun(task) and any(_awaits(link, task_id) for link in task.links)
    ]
    return diff(model, model.add(again).replace(*waiting))


def _anew(deliverables: Sequence[Deliverable]) -> tuple[Deliverable, ...]:
    failed = [one for one in deliverables if one.result == "failed"]
    return tuple([evolve(one, result="pending", reviewed=None) for one in failed or deliverables])


def _begun(task: Task) -> bool:
    return bool(task.actual_start is not None or task.actual_finish is not None or task.percent_complete)


def _awaits(link: Link, task_id: str) -> bool:
    return link.task == task_id and link.type == "FS"


def _moved(link: Link, task_id: str, to: str) -> Link:
    return evolve(link, task=to) if _awaits(link, task_id) else link
