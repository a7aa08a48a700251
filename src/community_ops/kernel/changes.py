"""`ChangeSet`: the difference between two models as data - reviewable, applicable, invertible.

Renames rewrite references, so it matters when they happen. `diff` makes change sets that rename first: the ids in all
other parts are those after the renames. Inverting one gives a change set that renames last. Nothing has to be
translated between the two spaces of ids, which makes `apply` and `invert` exact opposites.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from community_ops.errors import Conflict, DuplicateRecord
from community_ops.kernel.declaration import FieldSpec, layout_of
from community_ops.kernel.frozenmap import same
from community_ops.kernel.layout import REFUSALS
from community_ops.kernel.model import Model
from community_ops.kernel.provenance import moved
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.shapes import Rewrite

M = TypeVar("M", bound=Model)
T = TypeVar("T")
Finding = tuple[Ref, tuple[str, ...], str]
Content = tuple[str, ...]
# Matches that lean on one another are tested in rounds; where that does not settle, records are given as removed and
# added, which is as right, only longer to read.
_ROUNDS = 12


def _tupled(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(items)


@frozen
class Update:
    """A change of one field of one record."""

    ref: Ref
    field: str
    before: Any
    after: Any


@frozen
class ChangeSet:
    """What turns one model into another; made by `diff`.

    Attributes:
        renamed: `(ref, new id)` of records that change their id; references to them follow.
        removed: whole records that go.
        updated: fields that change.
        added: whole records that come.
        rename_last: whether the renames come after all else, as in an inverted change set.

    Example:
        >>> from community_ops import OperatingModel, Unit, diff
        >>> a = OperatingModel.of(Unit(id="hq", name="HQ"))
        >>> b = OperatingModel.of(Unit(id="hq", name="Head office"))
        >>> print(diff(a, b))
        ~ unit:hq
            name: 'HQ' -> 'Head office'
        >>> a.apply(diff(a, b)) == b
        True
    """

    renamed: tuple[tuple[Ref, str], ...] = field(default=(), converter=_tupled)
    removed: tuple[Record, ...] = field(default=(), converter=_tupled)
    updated: tuple[Update, ...] = field(default=(), converter=_tupled)
    added: tuple[Record, ...] = field(default=(), converter=_tupled)
    rename_last: bool = False

    def __len__(self) -> int:
        """Return how many records change."""
        return len(self.renamed) + len(self.removed) + len({u.ref for u in self.updated}) + len(self.added)

    def invert(self) -> ChangeSet:
        """Return the change set that undoes this one."""
        return ChangeSet(
            renamed=tuple((Ref(ref.kind, new), ref.id) for ref, new in self.renamed),
            removed=self.added,
            updated=tuple(Update(u.ref, u.field, u.after, u.before) for u in self.updated),
            added=self.removed,
            rename_last=not self.rename_last,
        )

    def __str__(self) -> str:
        renames = [f"> {ref} is now called {new}" for ref, new in self.renamed]
        edits = [f"- {record.ref}  {record!r}" for record in self.removed]
        last = None
        for update in self.updated:
            if update.ref != last:
                edits.append(f"~ {update.ref}")
            last = update.ref
            edits.append(f"    {update.field}: {update.before!r} -> {update.after!r}")
        edits += [f"+ {record.ref}  {record!r}" for record in self.added]
        return "\n".join(edits + renames if self.rename_last else renames + edits) or "(no changes)"


def diff(a: Model, b: Model) -> ChangeSet:
    """Return what turns model `a` into model `b`.

    A record that only changed its id is given as renamed where that is beyond doubt: one record of the kind is gone,
    exactly one with the same content has come, and nothing points at the id that is not there.

    Raises:
        TypeError: the two are models of different classes.
    """
    if type(a) is not type(b):
        raise TypeError(f"cannot compare a {type(a).__name__} with a {type(b).__name__}")
    renames, start = renames_between(a, b)
    removed: list[Record] = []
    updated: list[Update] = []
    added: list[Record] = []
    for before, after in zip(start.tables, b.tables, strict=True):
        if before is after:
            continue
        removed += [record for record in before if record.id not in after]
        added += [record for record in after if record.id not in before]
        for record in before:
            other = after.get(record.id)
            if other is not None and other is not record:
                updated += _updates(record, other)
    pairs = tuple((ref, to.id) for ref, to in renames.items())
    return ChangeSet(pairs, tuple(removed), tuple(updated), tuple(added))


def renames_between(a: M, b: M) -> tuple[dict[Ref, Ref], M]:
    """Return the new addresses of the records of `a` that `diff` gives as renamed, and `a` with these renames made."""
    renames = _renames(a, b)
    try:
        return renames, renamed(a, renames)
    except REFUSALS:  # a class's own checks do not bear the new ids without the changes that come with them
        return {}, a


def _updates(before: Record, after: Record) -> Iterator[Update]:
    for spec in layout_of(type(before)).fields:
        old, new = spec.get(before), spec.get(after)
        if not same(old, new):
            yield Update(before.ref, spec.name, old, new)


def _renames(a: Model, b: Model) -> dict[Ref, Ref]:
    pairs = [(x, y) for x, y in zip(a.tables, b.tables, strict=True) if x.ids is not y.ids and x.ids != y.ids]
    gone = {record.ref: record for before, after in pairs for record in before if record.id not in after}
    come = {record.ref: record for before, after in pairs for record in after if record.id not in before}
    arrivals = _by_content(come)
    found = {
        old[0]: arrivals[content][0]
        for content, old in _by_content(gone).items()
        if len(old) == 1 and len(arrivals.get(content, ())) == 1
    }
    found = {old: to for old, to in found.items() if not a.referrers(to) and not b.referrers(old)}
    for _ in range(_ROUNDS):  # a match that leant on another that fell through falls too
        change = _mapping(found)
        kept = {old: to for old, to in found.items() if _becomes(gone[old], change, come[to])}
        if len(kept) == len(found):
            return found
        found = kept
    return {}


def _by_content(records: Mapping[Ref, Record]) -> dict[Content, list[Ref]]:
    """Group records by all but their ids, and the ids of one another."""

    def blank(ref: Ref) -> Ref:
        return Ref(ref.kind, "?") if ref in records else ref

    grouped: dict[Content, list[Ref]] = {}
    for ref, record in records.items():
        specs = [spec for spec in layout_of(type(record)).fields if spec.name != "id"]
        content = (record.kind_name, *[repr(_rewritten(spec, record, blank)) for spec in specs])
        grouped.setdefault(content, []).append(ref)
    return grouped


def _rewritten(spec: FieldSpec, record: Record, change: Rewrite) -> Any:
    value = spec.get(record)
    try:
        return spec.shape.rewrite(value, change)
    except REFUSALS:  # a value's own checks refuse the made-up id; then only equal references match
        return value


def _becomes(record: Record, change: Rewrite, other: Record) -> bool:
    try:
        return bool(layout_of(type(record)).rewrite(record, change, id=other.id) == other)
    except REFUSALS:
        return False


def _mapping(changes: Mapping[Ref, Ref]) -> Rewrite:
    return lambda ref: changes.get(ref, ref)


def renamed(model: M, renames: Mapping[Ref, Ref]) -> M:
    """Return a model in which records have other ids, all at once, and every reference follows.

    Raises:
        UnknownRecord: a record to rename is not there.
        DuplicateRecord: two records would share an id.
    """
    if not renames:
        return model
    for new, count in Counter(renames.values()).items():
        if (new in model and new not in renames) or count > 1:
            raise DuplicateRecord(new.kind, new.id)
    change = _mapping(renames)
    holders = {holder.ref: holder for old in renames for holder in (model[old], *model.referrers(old))}
    replaced: dict[str, dict[str, Record]] = {}
    for ref, record in holders.items():
        own = {"id": renames[ref].id} if ref in renames else {}
        replaced.setdefault(ref.kind, {})[ref.id] = layout_of(type(record)).rewrite(record, change, **own)
    tables = {**model._tables, **{kind: model._tables[kind].replaced(others) for kind, others in replaced.items()}}
    return type(model)._of_tables(tables, model._memo, moved(model._provenance, renames))


def applied(model: M, changes: ChangeSet) -> M:
    """Return the model that a change set makes of another; see `Model.apply`."""
    if not changes.rename_last:
        model = _renamed_or_conflict(model, changes)
    conflicts = [*_misfits(model, changes)]
    if conflicts:
        raise Conflict(conflicts)
    put: dict[Ref, Record] = {}
    fields: dict[Ref, dict[str, Any]] = {}
    for update in changes.updated:
        fields.setdefault(update.ref, {})[update.field] = update.after
    for ref, values in fields.items():
        put[ref] = evolve(model[ref], **values)
    put.update((record.ref, model.schema.adopt(record)) for record in changes.added)
    model = model._edited(put.values(), [record.ref for record in changes.removed])
    return _renamed_or_conflict(model, changes) if changes.rename_last else model


def _renamed_or_conflict(model: M, changes: ChangeSet) -> M:
    renames = {ref: Ref(ref.kind, new) for ref, new in changes.renamed}
    conflicts: list[Finding] = []
    conflicts += [(ref, (), "is to be renamed twice") for ref in _repeated(ref for ref, _ in changes.renamed)]
    conflicts += [(new, ("id",), "is the new id of two records") for new in _repeated(renames.values())]
    for old, new in renames.items():
        if old not in model:
            conflicts.append((old, (), "is to be renamed and is not there"))
        if new in model and new not in renames:
            conflicts.append((new, ("id",), f"is already there, so {old} cannot take this id"))
    if conflicts:
        raise Conflict(conflicts)
    return renamed(model, renames)


def _repeated(items: Iterable[T]) -> list[T]:
    return [item for item, count in Counter(items).items() if count > 1]


def _misfits(model: Model, changes: ChangeSet) -> Iterator[Finding]:
    yield from _contradictions(changes)
    for record in changes.removed:
        current = model.get(record.ref)
        if current is None:
            yield record.ref, (), "is to be removed and is not there"
        elif updates := list(_updates(model.schema.adopt(record), current)):
            names = tuple(update.field for update in updates)
            yield record.ref, names, f"is to be removed, but has changed in {', '.join(names)}"
    for update in changes.updated:
        current = model.get(update.ref)
        if current is None:
            yield update.ref, (update.field,), "is to be changed and is not there"
        elif update.field == "id" or update.field not in layout_of(type(current)).by_name:
            yield update.ref, (update.field,), f"has no field {update.field!r} that an update can change"
        elif not same(getattr(current, update.field), update.before):
            value = getattr(current, update.field)
            yield update.ref, (update.field,), f"{update.field} should be {update.before!r} but is {value!r}"
    going = {record.ref for record in changes.removed}
    for record in changes.added:
        if record.ref in model and record.ref not in going:
            yield record.ref, (), "is to be added and is already there"


def _contradictions(changes: ChangeSet) -> Iterator[Finding]:
    """Yield where a change set contradicts itself: `diff` makes nothing of the kind, but hands and files may."""
    going = {record.ref for record in changes.removed}
    for ref, name in _repeated((update.ref, update.field) for update in changes.updated):
        yield ref, (name,), f"{name} is to be changed twice"
    for ref in dict.fromkeys(update.ref for update in changes.updated if update.ref in going):
        yield ref, (), "is to be changed and to be removed"
    for ref in _repeated(record.ref for record in changes.added):
        yield ref, (), "is to be added twice"
