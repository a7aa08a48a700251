"""Three models brought to the same ids: what a merge has to do about renames, before anything else.

Each side may call a record of base by another name. Once it is decided which id every record has in the end, base,
ours and theirs are each rewritten to these ids, references and all. From then on the id tells what a record is in all
three, and a merge is a comparison of fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Generic, TypeVar

from attrs import frozen

from community_ops.kernel.changes import renamed, renames_between
from community_ops.kernel.declaration import layout_of
from community_ops.kernel.layout import REFUSALS
from community_ops.kernel.merge_conflict import MergeConflict, Reason
from community_ops.kernel.model import Model
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import ID_LENGTH

M = TypeVar("M", bound=Model)
Renames = Mapping[Ref, Ref]
_TAIL_LENGTH = 20


@frozen(eq=False)
class Common(Generic[M]):
    """The three models of a merge under common ids.

    Attributes:
        base: what both sides started from.
        ours: the one side.
        theirs: the other.
        origin: the address in base of records that have another here.
        renamed: the records, by their addresses here, that a side has renamed.
        conflicts: the renames that the sides do not agree on.
    """

    base: M
    ours: M
    theirs: M
    origin: Renames
    renamed: frozenset[Ref]
    conflicts: tuple[MergeConflict, ...]


def common_ids(base: M, ours: M, theirs: M) -> Common[M]:
    """Return three models with every record under the same id in all of them.

    A record keeps the id that ours gave it; what only theirs renamed takes that id. Where theirs has added a record
    under an id that ours has given to another, the one from theirs is set aside under an id of its own.
    """
    (by_ours, _), (by_theirs, _) = renames_between(base, ours), renames_between(base, theirs)
    by_ours, by_theirs = (
        {**by_ours, **_likewise(by_theirs, by_ours, ours)},
        {**by_theirs, **_likewise(by_ours, by_theirs, theirs)},
    )
    final, conflicts = _decided(ours, theirs, by_ours, by_theirs)
    aside = _set_aside(ours, theirs, by_ours, by_theirs)
    try:
        return Common(
            _translated(base, final),
            _translated(ours, _leading_to(final, by_ours)),
            _translated(theirs, {**_leading_to(final, by_theirs), **aside}),
            {to: ref for ref, to in final.items()},
            frozenset(final.values()),
            conflicts,
        )
    except REFUSALS:  # a class's own checks do not bear an id that the other side gave: then nothing was renamed
        return Common(base, ours, theirs, {}, frozenset(), ())


def _likewise(others: Renames, own: Renames, side: Model) -> dict[Ref, Ref]:
    """Return the renames of the other side that this side has made too, and changed the record besides.

    By itself that looks as if the one record had been removed and another added.
    """
    made = set(own.values())
    return {
        ref: to
        for ref, to in others.items()
        if ref not in own and ref not in side and to in side and to not in made
    }  # fmt: skip


def _decided(
    ours: Model, theirs: Model, by_ours: Renames, by_theirs: Renames
) -> tuple[dict[Ref, Ref], tuple[MergeConflict, ...]]:
    """Return the final address of every record that a side renamed, and where the sides do not agree."""
    final: dict[Ref, Ref] = {}
    conflicts: list[MergeConflict] = []

    def conflict(ref: Ref, reason: Reason) -> None:
        here, there = (by.get(ref, ref).id for by in (by_ours, by_theirs))
        conflicts.append(MergeConflict(ref, "id", ref.id, here, there, reason))

    for ref in {**by_ours, **by_theirs}:
        here, there = by_ours.get(ref), by_theirs.get(ref)
        final[ref] = here or ref
        if here is not None and there is not None:
            if here != there:
                conflict(ref, "renamed")
        elif here is not None:
            if ref in theirs and here in theirs:
                conflict(ref, "taken")
        elif there is not None and ref in ours:  # what ours has removed keeps the id that ours knew
            if there in ours:
                conflict(ref, "taken")
            else:
                final[ref] = there
    return final, tuple(conflicts)


def _set_aside(ours: Model, theirs: Model, by_ours: Renames, by_theirs: Renames) -> dict[Ref, Ref]:
    renamed_there = set(by_theirs.values())
    added = [to for to in by_ours.values() if to in theirs and to not in renamed_there]
    return {ref: _unused(ref, ours, theirs) for ref in added}


def _unused(ref: Ref, *models: Model) -> Ref:
    stem = ref.id[: ID_LENGTH - _TAIL_LENGTH]
    tails = (f"~theirs{number if number > 1 else ''}" for number in count(1))
    return next(new for tail in tails if not any((new := Ref(ref.kind, stem + tail)) in model for model in models))


def _leading_to(final: Renames, own: Renames) -> dict[Ref, Ref]:
    """Return what turns the addresses of one side into the final ones, including those that still dangle there."""
    return {**final, **{own[ref]: to for ref, to in final.items() if ref in own}}


def _translated(model: M, addresses: Renames) -> M:
    moves = {old: to for old, to in addresses.items() if old != to}
    model = renamed(model, {old: to for old, to in moves.items() if old in model})
    lost = {old: to for old, to in moves.items() if old not in model}
    holders = {holder.ref: holder for old in lost for holder in model.referrers(old)}
    return model._edited(
        [layout_of(type(holder)).rewrite(holder, lambda ref: lost.get(ref, ref)) for holder in holders.values()]
    )
