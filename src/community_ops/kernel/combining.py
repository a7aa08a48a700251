"""`combine`: two models into one - what stands in both under one id, and what now points somewhere new.

Nothing is guessed: an id that both models use is refused, renamed or found to mean the same record, as the caller
says, and every decision is told. References of the second model follow its renamed records before the two meet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

from attrs import frozen

from community_ops.errors import IdClash
from community_ops.kernel.changes import _updates, renamed
from community_ops.kernel.frozenmap import EMPTY, FrozenMap, same
from community_ops.kernel.model import Model
from community_ops.kernel.provenance import NOTHING_KNOWN, Location, Provenance, Source
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import dangling
from community_ops.kernel.text import ID_LENGTH, BadValue, clean_id

M = TypeVar("M", bound=Model)
OnClash = Literal["refuse", "prefix", "same-if-equal"]


@frozen
class Renamed:
    """A record of the second model has another id, because the first has one of the same kind and id.

    Example:
        >>> print(Renamed(Ref("unit", "hq"), "north-hq"))
        unit:hq of the second model is now called north-hq
    """

    ref: Ref
    new_id: str

    def __str__(self) -> str:
        return f"{self.ref} of the second model is now called {self.new_id}"


@frozen
class Merged:
    """Both models have the same record, and the result has it once.

    Example:
        >>> print(Merged(Ref("skill", "sql")))
        skill:sql is the same in both models
    """

    ref: Ref

    def __str__(self) -> str:
        return f"{self.ref} is the same in both models"


@frozen
class Connected:
    """A reference that led nowhere in its own model leads to a record of the other one now.

    Attributes:
        holder: the record that holds the reference, as the result calls it.
        relation: the relation's name.
        target: the record that it leads to now.
        side: which model the holder comes from.

    Example:
        >>> print(Connected(Ref("position", "cmo"), "reports_to", Ref("position", "ceo"), "second"))
        position:cmo of the second model now points at position:ceo of the first (reports_to)
    """

    holder: Ref
    relation: str
    target: Ref
    side: Literal["first", "second"]

    def __str__(self) -> str:
        other = "first" if self.side == "second" else "second"
        return f"{self.holder} of the {self.side} model now points at {self.target} of the {other} ({self.relation})"


Decision = Renamed | Merged | Connected


@frozen
class Combined(Generic[M]):
    """Two models in one.

    Attributes:
        model: the records of the first model, and behind them those of the second, table by table.
        decisions: all that was decided on the way; each prints as a sentence.
    """

    model: M
    decisions: tuple[Decision, ...]


def combine(a: M, b: M, on_clash: OnClash = "refuse", *, prefix: str | None = None) -> Combined[M]:
    """Put the records of two models into one.

    Args:
        a: the first model; its records stay as they are.
        b: the second model, of the same class.
        on_clash: what becomes of records that have the same kind and id. `"refuse"` raises; `"prefix"` gives those of
            `b`, and only those, another id, which all references of `b` follow; `"same-if-equal"` takes two that agree
            in every field for one and raises where any two differ.
        prefix: what goes before the ids of renamed records, needed for `"prefix"` only. Where the id is taken, or too
            long with it, a number behind it makes it free.

    Raises:
        TypeError: the models are of different classes.
        IdClash: both models use ids in a way that the policy does not allow; names all of them.
        ValueError: a prefix is missing, is none, or is given where none is used; or both models keep something that
            their schema does not know under one key of the document, and it is not the same.

    Example:
        >>> from community_ops import OperatingModel, Position, Unit
        >>> south = OperatingModel.of(Unit(id="hq", name="South"), Position(id="ceo", title="CEO", unit="hq"))
        >>> north = OperatingModel.of(Unit(id="hq", name="North"), Position(id="head", title="Head", unit="hq"))
        >>> both = combine(south, north, "prefix", prefix="north-")
        >>> both.model.follow(both.model.positions["head"], "unit").name
        'North'
        >>> print(*both.decisions)
        unit:hq of the second model is now called north-hq
    """
    if type(a) is not type(b):
        raise TypeError(f"cannot combine a {type(a).__name__} with a {type(b).__name__}")
    _check_arguments(on_clash, prefix)
    _check_unread_keys(a, b)
    shared = [record.ref for record in b if record.ref in a]
    clashes = [(ref, fields) for ref in shared if (fields := _differing(a, b, ref)) or on_clash == "refuse"]
    if clashes and not prefix:
        raise IdClash(clashes)
    renames = _free_ids(a, b, shared, prefix) if prefix else {}
    theirs = renamed(b, renames)
    decided = [Renamed(old, new.id) for old, new in renames.items()] if prefix else [Merged(ref) for ref in shared]
    model = _together(a, theirs, {new: old for old, new in renames.items()})
    return Combined(model, (*decided, *dict.fromkeys(_connected(a, theirs))))


def _check_arguments(on_clash: str, prefix: str | None) -> None:
    if on_clash not in ("refuse", "prefix", "same-if-equal"):
        raise ValueError(f'on_clash must be "refuse", "prefix" or "same-if-equal", got {on_clash!r}')
    if (on_clash == "prefix") != (prefix is not None):
        raise ValueError('a prefix belongs to on_clash="prefix", and to nothing else')
    if prefix is not None:
        try:
            clean_id(prefix)
        except BadValue as bad:
            raise ValueError(f"prefix {bad}") from None


def _check_unread_keys(a: Model, b: Model) -> None:
    ours, theirs = a.provenance.tables, b.provenance.tables
    both = [key for key in theirs if key in ours and not same(ours[key], theirs[key])]
    if both:
        raise ValueError(f"both documents have keys that the schema does not know, and they differ: {', '.join(both)}")


def _differing(a: Model, b: Model, ref: Ref) -> tuple[str, ...]:
    """Return the names of the fields in which a record of one model is not that of the other, unread ones included."""
    ours, theirs = a.provenance.fields.get(ref, EMPTY), b.provenance.fields.get(ref, EMPTY)
    unread = [name for name in {**ours, **theirs} if not same(ours.get(name, ...), theirs.get(name, ...))]
    return (*[update.field for update in _updates(a[ref], b[ref])], *unread)


def _free_ids(a: Model, b: Model, shared: Iterable[Ref], prefix: str) -> dict[Ref, Ref]:
    """Return new addresses that no record has and no reference leads to, in either model."""
    renames: dict[Ref, Ref] = {}
    taken = {target for model in (a, b) for _, _, target in _dangling(model)}
    for old in shared:
        candidates = _candidates(old, prefix)
        new = next(ref for ref in candidates if ref not in taken and ref not in a and ref not in b)
        renames[old] = new
        taken.add(new)
    return renames


def _candidates(old: Ref, prefix: str) -> Iterator[Ref]:
    whole = unicodedata.normalize("NFC", prefix + old.id)

    def candidate(number: int) -> Ref:
        tail = f"-{number}" if number > 1 else ""
        return Ref(old.kind, whole[: ID_LENGTH - len(tail)] + tail)

    return map(candidate, count(1))


def _dangling(model: Model) -> Iterator[tuple[Ref, str, Ref]]:
    for relation in model.schema.relations:
        for id, target in dangling(model, relation.kind, relation.name):
            yield Ref(relation.kind, id), relation.name, target


def _connected(a: Model, b: Model) -> Iterator[Connected]:
    for holder, relation, target in _dangling(a):
        if target in b:
            yield Connected(holder, relation, target, "first")
    for holder, relation, target in _dangling(b):
        if target in a:
            yield Connected(holder, relation, target, "second")


# -- putting together -------------------------------------------------------------------------------------------------


class _TwoSources(Source):
    """Finds the records of two models that became one, each in what it was read from."""

    __slots__ = ("_former", "_ours", "_theirs")

    def __init__(self, ours: Source | None, theirs: Source | None, former: Mapping[Ref, Ref]) -> None:
        self._ours, self._theirs, self._former = ours, theirs, former

    def locate(self, ref: Ref, field: str | None = None) -> Location | None:
        source = self._theirs if ref in self._former else self._ours
        return None if source is None else source.locate(self._former.get(ref, ref), field)


def _together(a: M, b: M, former: Mapping[Ref, Ref]) -> M:
    coming = [record for record in b if record.ref not in a]
    model = a._edited(coming)
    ours, theirs = a.provenance, b.provenance
    if ours is theirs is NOTHING_KNOWN:
        return model
    origins = {record.ref: former.get(record.ref, record.ref) for record in coming}
    # Both may still carry fields of records that have gone; those of the other model under their ids are others.
    fields = {ref: kept for ref, kept in ours.fields.items() if ref not in origins}
    fields.update((ref, kept) for ref, kept in theirs.fields.items() if ref not in a)
    provenance = Provenance(
        source=_TwoSources(ours.source, theirs.source, origins),
        tables=FrozenMap({**ours.tables, **theirs.tables}),
        fields=MappingProxyType(fields),
    )
    return type(a)._of_tables(model._tables, model._memo, provenance)
