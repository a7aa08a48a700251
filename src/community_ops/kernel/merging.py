"""`merge`: two models that come from a third, made into one; what does not fit together is listed, never guessed.

The unit of a merge is the field of a record. A field that one side changed takes the new value; a field that both
changed to the same value has it; a field that both changed to different values is a conflict, and keeps the value of
ours. A field with several items - heads, skills - is one value: which of two orders is meant nobody can tell.

Renames are followed: a reference that one side added to a record that the other side renamed leads to its new id. A
rename is known as `diff` knows it, from a record that changed nothing but its id, or that the other side renamed alike.

A reference that one side added to a record that the other side removed is no conflict: the record was not changed, and
whoever removed it could not know. Such a reference dangles in the merged model, and REF101 finds it: check what you
merge.

What the documents held beyond the schema is merged too, an unknown field or an unknown table as one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from attrs import define, evolve, field, frozen

from community_ops.kernel.declaration import layout_of
from community_ops.kernel.frozenmap import same
from community_ops.kernel.layout import REFUSALS
from community_ops.kernel.merge_conflict import MergeConflict, Reason
from community_ops.kernel.merge_ids import Common, common_ids
from community_ops.kernel.merge_unknown import merged_provenance
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.table import Table

M = TypeVar("M", bound=Model)


@frozen(eq=False)
class Merge(Generic[M]):
    """What came of a merge.

    Attributes:
        model: the merged model; holds what ours says wherever there is a conflict.
        conflicts: what the two sides do not agree on.
    """

    model: M
    conflicts: tuple[MergeConflict, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no conflict."""
        return not self.conflicts

    def __str__(self) -> str:
        if self.ok:
            return "merged without conflict"
        count = "1 conflict" if len(self.conflicts) == 1 else f"{len(self.conflicts)} conflicts"
        return "\n".join([f"{count}; ours is kept:", *(f"  {conflict}" for conflict in self.conflicts)])


def merge(base: M, ours: M, theirs: M) -> Merge[M]:
    """Merge two models that come from a third.

    Args:
        base: what both sides started from.
        ours: the one side; its order of records is kept.
        theirs: the other side; what it added comes after the record that it follows there.

    Returns:
        The merged model and the conflicts. `merge(base, theirs, ours)` finds the same conflicts, and without any
        makes an equal model.

    Raises:
        TypeError: the three are not models of one class.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> base = OperatingModel.of(Unit(id="hq", name="HQ"), Unit(id="lab", name="Lab"))
        >>> ours = base.replace(Unit(id="hq", name="Head office"))
        >>> theirs = base.replace(Unit(id="hq", name="HQ", mission="Lead"), Unit(id="lab", name="Laboratory"))
        >>> merged = merge(base, ours, theirs)
        >>> merged.ok, merged.model.units["hq"]
        (True, Unit(id='hq', name='Head office', mission='Lead'))
        >>> print(merge(base, ours, base.replace(Unit(id="hq", name="Centre"))))
        1 conflict; ours is kept:
          unit:hq name: ours 'Head office', theirs 'Centre', was 'HQ'
    """
    for side in (ours, theirs):
        if type(side) is not type(base):
            raise TypeError(f"cannot merge a {type(side).__name__} into what comes from a {type(base).__name__}")
    common = common_ids(base, ours, theirs)
    work = _Work(common, list(common.conflicts))
    tables = zip(common.base.tables, common.ours.tables, common.theirs.tables, strict=True)
    merged = {table.kind.name: table for table in [work.table(*three) for three in tables]}
    model = type(ours)._of_tables(merged, ours._memo, merged_provenance(common, work.conflicts))
    return Merge(model, tuple(work.conflicts))


@define
class _Work:
    """A merge under way: three models under common ids, and the conflicts found so far."""

    common: Common[Any]
    conflicts: list[MergeConflict] = field(factory=list)

    def conflict(
        self, record: Record, name: str | None, reason: Reason, base: Any, ours: Any, theirs: Any
    ) -> None:  # fmt: skip
        ref = self.common.origin.get(record.ref, record.ref)
        self.conflicts.append(MergeConflict(ref, name, base, ours, theirs, reason))

    def table(self, base: Table[Any], ours: Table[Any], theirs: Table[Any]) -> Table[Any]:
        if theirs is base or theirs is ours:
            return ours
        put: list[Record] = []
        come: list[Record] = []
        for there in theirs:
            before, here = base.get(there.id), ours.get(there.id)
            if here is not None:
                put += self.record(before, here, there)
            elif before is None:
                come.append(there)
            elif self.touched(before, there):
                self.conflict(before, None, "removed", before, None, there)
        gone: list[str] = []
        for before in base:
            here = ours.get(before.id)
            if here is None or before.id in theirs:
                continue
            if self.touched(before, here):
                self.conflict(before, None, "removed", before, here, None)
            else:
                gone.append(before.id)
        edited = ours.edited(put, gone) if put or gone else ours
        return Table(ours.kind, _in_order(edited, theirs, come)) if come else edited

    def touched(self, before: Record, after: Record) -> bool:
        return after.ref in self.common.renamed or not same(before, after)

    def record(self, before: Record | None, here: Record, there: Record) -> Iterator[Record]:
        """Yield what is to take the place of a record that both sides have, if anything."""
        if here is there or before is there:
            return
        taken: dict[str, Any] = {}
        for spec in layout_of(type(here)).fields:
            old = None if before is None else spec.get(before)
            own, other = spec.get(here), spec.get(there)
            if same(own, other) or (before is not None and same(old, other)):
                continue
            if before is not None and same(old, own):
                taken[spec.name] = other
            else:
                self.conflict(here, spec.name, "added" if before is None else "changed", old, own, other)
        if taken:
            try:
                yield evolve(here, **taken)
            except REFUSALS:  # the class's own check sees something wrong in the two together
                self.conflict(here, None, "refused", before, here, there)


def _in_order(ours: Table[Any], theirs: Table[Any], come: list[Record]) -> Iterator[Record]:
    """Yield all records in the order of ours, and each that came after the one it follows in theirs.

    Where both sides added something in one place, ours comes first.
    """
    added = {record.id for record in come}
    following: dict[str | None, list[Record]] = {}
    last: str | None = None
    for record in theirs:
        if record.id in added:
            following.setdefault(last, []).append(record)
        elif record.id in ours:
            last = record.id
    waiting = following.get(None, [])
    for record in ours:
        if record.id in theirs:
            yield from waiting
            waiting = following.get(record.id, [])
        yield record
    yield from waiting
