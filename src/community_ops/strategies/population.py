"""`models`: strategies for whole models whose records fit together.

First a list of drafts is drawn, each by itself; then it is decided which ids there are; then the drafts are resolved.
At the end the records are put in another order, so that nobody comes to rely on targets standing first.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar, overload

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from community_ops.kernel import containers
from community_ops.kernel.declaration import Kind
from community_ops.kernel.model import Model
from community_ops.kernel.text import ID_LENGTH
from community_ops.operating_model import OperatingModel
from community_ops.strategies import meanings, texts
from community_ops.strategies.planning import Plan, link_ends, plan_of
from community_ops.strategies.resolving import Census, Standing, resolved
from community_ops.strategies.scalars import below
from community_ops.strategies.shaping import DRAFT, POINTERS, Anything, given_strategy, made, may_default, strategy_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from community_ops.kernel.record import Record

M = TypeVar("M", bound=Model)
_ORDERS = 16
# So many kinds besides the hubs: fewer records of more kinds would hardly touch one another.
_OTHER_KINDS = 4


@overload
def models(*, max_size: int = ...) -> SearchStrategy[OperatingModel]: ...
@overload
def models(model: type[M], max_size: int = ...) -> SearchStrategy[M]: ...
def models(model: type[Any] = OperatingModel, max_size: int = 20) -> SearchStrategy[Any]:
    """Return a strategy for models whose records fit together.

    Every reference points at a record that is there, whatever is declared acyclic is acyclic, and so are reporting
    lines and other links together with it. There are several roots, units with several heads or none, positions with
    many seats or no holder, dated lines, and names and ids in many scripts; the rules may well find fault with them.

    Args:
        model: the class of model, which names the schema; kinds that you added come with it.
        max_size: the most records it may have.

    Example:
        >>> from community_ops import OperatingModel
        >>> from hypothesis import given
        >>> @given(models(max_size=10))
        ... def nothing_dangles(model):
        ...     assert all(position.unit in model.units for position in model.positions)
        >>> nothing_dangles()
    """
    if max_size < 0:
        raise ValueError(f"max_size must be at least 0, got {max_size}")
    return _models(model, max_size)


@st.composite
def _models(draw: DrawFn, model: type[M], max_size: int) -> M:
    plan = plan_of(model.schema)
    records = records_of(plan, _drafts(draw, plan, max_size))
    # Its own seed, drawn: the same choices make the same order, and the simplest choice keeps it.
    if len(records) > 1 and (seed := draw(below(_ORDERS))):
        Random(seed).shuffle(records)
    return draw(st.just(tuple(records)).map(model))  # mapped by a strategy, so that failures show the call


@frozen(eq=False)
class Draft:
    """What a record of a model is made from.

    Attributes:
        kind: its kind.
        id: its id, if it has one of its own.
        fields: its other fields, with numbers in place of references.
    """

    kind: Kind
    id: str | None
    fields: dict[str, Any]


def _drafts(draw: DrawFn, plan: Plan, max_size: int) -> list[Draft]:
    """Draw which kinds the model is to have, then so many drafts of their records.

    The simplest choice for a draft is that there is none. A shrinking failure can so drop any record without moving
    the others, which dropping it from a list would.
    """
    chosen = {plan.others[draw(below(len(plan.others)))] for _ in range(_OTHER_KINDS) if plan.others}
    present = plan.with_targets(chosen)
    needed = {target for kind in present for target in plan.needs[kind.name]}
    # What others cannot be there without is likely, not left to luck.
    slots = [_slot((None, kind, kind, kind)) for kind in present if kind.name in needed][:max_size]
    anything = _slot((None, *(kind for kind in present for _ in range(plan.weights[kind.name]))))
    slots += [anything] * draw(below(max_size - len(slots) + 1))
    return [draft for slot in slots if (draft := draw(slot)) is not None]


@st.composite
def _slot(draw: DrawFn, table: tuple[Kind | None, ...]) -> Draft | None:
    # What a model costs is how often something is drawn for it, so one number often decides two things.
    place, own = divmod(draw(below(len(table) * _PARTS)), _PARTS)
    kind = table[place]
    if kind is None:
        return None
    fields = _fields(kind)
    id = draw(texts.ids()) if own == _OWN_ID else None
    given = {name: draw(strategy) for name, strategy in fields.always}
    for name in fields.pointers:
        if (number := draw(below(_NOWHERE + POINTERS))) >= _NOWHERE:
            given[name] = number - _NOWHERE
    for name, strategy in fields.lists:
        if (number := draw(below(_EMPTY + _MANY))) >= _EMPTY:
            given[name] = tuple([draw(strategy) for _ in range(number - _EMPTY + 1)])
    for name, strategy in fields.references:
        if draw(below(2)):
            given[name] = draw(strategy)
    if fields.others:
        unusual = {draw(below(len(fields.others))) for _ in range(draw(below(_UNUSUAL)))}
        given.update({name: draw(strategy) for name, strategy in map(fields.others.__getitem__, sorted(unusual))})
    return Draft(kind, id, given)


# -- which fields are drawn how often ----------------------------------------------------------------------------

# Fields with a default are seldom given, so that records stay small and say something where they differ. References
# are given more often, since what is between records is what a model is about: a single one in three cases of four,
# several in half of them.
_UNUSUAL = 4
_PARTS = 4
_OWN_ID = 3
_NOWHERE = POINTERS // 3
_EMPTY = _MANY = 3


@frozen
class Fields:
    """The fields of a kind but its id, by how they are drawn.

    Attributes:
        always: those that have to be given.
        pointers: the names of those that may point at one record.
        lists: those that may point at several, and what their items are drawn from.
        references: the others that hold references and may be left out.
        others: those with a default, of which fewer than `_UNUSUAL` are given at a time.
    """

    always: tuple[tuple[str, Anything], ...]
    pointers: tuple[str, ...]
    lists: tuple[tuple[str, Anything], ...]
    references: tuple[tuple[str, Anything], ...]
    others: tuple[tuple[str, Anything], ...]


@cache
def _fields(kind: Kind) -> Fields:
    always, pointers, lists, references, others = [], [], [], [], []
    for spec in kind.layout.fields[1:]:  # the id comes first
        strategy = given_strategy(kind.cls, spec, DRAFT)
        if not may_default(spec):
            always.append((spec.name, strategy))
        elif not spec.shape.has_references:
            others.append((spec.name, strategy))
        elif strategy is below(POINTERS):
            pointers.append(spec.name)
        elif isinstance(spec.shape, containers.Many) and spec.default == ():
            lists.append((spec.name, strategy_for(spec.shape.item, DRAFT)))
        else:
            references.append((spec.name, strategy))
    return Fields(tuple(always), tuple(pointers), tuple(lists), tuple(references), tuple(others))


# -- from drafts to records ----------------------------------------------------------------------------------------


def records_of(plan: Plan, drafts: Iterable[Draft]) -> list[Record]:
    """Return the records that drafts stand for; drafts of kinds that lack what they must point at are left out."""
    by_kind: dict[str, list[Draft]] = {kind.name: [] for kind in plan.kinds}
    for draft in drafts:
        by_kind[draft.kind.name].append(draft)
    sizes = plan.affordable({name: len(found) for name, found in by_kind.items()})
    by_kind = {name: found for name, found in by_kind.items() if sizes[name]}
    census = Census({name: _ids(by_kind.get(name, [])) for name in sizes})
    return [
        _record(draft, Standing(census, name, place))
        for name, found in by_kind.items()
        for place, draft in enumerate(found)
    ]


def _record(draft: Draft, standing: Standing) -> Record:
    ends = _linked(draft, standing)
    given = resolved(draft.kind.layout, {k: v for k, v in draft.fields.items() if k not in ends}, standing)
    assert given is not None, "the plan admits only kinds whose needs are met"
    given = {**meanings.plausible(draft.kind.cls, given), **ends}
    return made(draft.kind.layout, {"id": standing.id, **given})  # type: ignore[no-any-return]


def _linked(draft: Draft, standing: Standing) -> dict[str, str]:
    """Return the ends of a link: each further to the front than the one before, with room for those that follow."""
    given: dict[str, str] = {}
    room: dict[str, int] = {}
    for name, further in link_ends(draft.kind).items():
        target = draft.kind.layout.by_name[name].shape.target  # type: ignore[attr-defined]  # ends are ids
        ids = standing.census.ids[target]
        room[target] = further + draft.fields[name] % (room.get(target, len(ids)) - further)
        given[name] = ids[room[target]]
    return given


def _ids(drafts: list[Draft]) -> tuple[str, ...]:
    """Return ids that differ: mostly the kind's name and a number, which reads best in a failure."""
    taken: dict[str, None] = {}
    for number, draft in enumerate(drafts, start=1):
        taken[_unused(draft.id or f"{draft.kind.name}{number}", taken)] = None
    return tuple(taken)


def _unused(id: str, taken: dict[str, None]) -> str:
    number, fresh = 1, id
    while fresh in taken:
        number += 1
        tail = f"-{number}"
        fresh = id[: ID_LENGTH - len(tail)] + tail
    return fresh
