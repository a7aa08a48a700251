"""What the tasks of one plan say that its dates depend on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import is_

from attrs import fields, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.values import Estimate
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Allocation, Duration, Link, Task
from community_ops.plan.tasktree import parts


@frozen(eq=False, repr=False)
class Told:
    """Columns of the tasks of one plan, a value a task in table order; made by `told`.

    Two are equal where they hold the very same values: then nothing was edited, and what was made of them holds.
    """

    calendar: Sequence[str | None]
    kind: Sequence[str]
    duration: Sequence[Duration | None]
    effort: Sequence[Duration | None]
    allocations: Sequence[tuple[Allocation, ...]]
    estimate: Sequence[Estimate | None]
    links: Sequence[tuple[Link, ...]]
    constraint: Sequence[str]
    constraint_date: Sequence[date | None]
    deadline: Sequence[date | None]
    recurrence: Sequence[str]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Told):
            return NotImplemented
        pairs = [(getattr(self, name), getattr(other, name)) for name in _NAMES]
        return all(len(a) == len(b) and all(map(is_, a, b)) for a, b in pairs)

    def __hash__(self) -> int:
        return hash(self.kind)

    def __repr__(self) -> str:
        return f"<what {len(self.kind)} tasks say>"


_NAMES = tuple([one.name for one in fields(Told)])


@derived(cutoff=True)
def told(m: ModelView, plan_id: str) -> Told:
    """Return what the tasks of a plan say that its dates depend on.

    Columns belong to the tasks of all plans; read here, an edit to one plan does not reach what is made of another.
    """
    places = parts(m, plan_id).places
    columns = [m.column(getattr(Task, name)) for name in _NAMES]
    return Told(*[tuple(map(column.__getitem__, places)) for column in columns])
