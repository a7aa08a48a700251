"""What a schema's declarations say of how many records of which kinds a model can have.

A kind whose records must point at another kind can only be there when that one is. The kinds are therefore taken in
the order *targets first*, and a kind that lacks what it needs stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cache
from math import sqrt

from attrs import frozen

from community_ops.kernel import shapes
from community_ops.kernel.declaration import Kind
from community_ops.kernel.schema import Schema
from community_ops.strategies.resolving import layout_needs

# A kind is a hub if at least this many kinds point at it, or in a small schema at least one kind in this many.
_HUB = 3
# More records than any model has: what a kind needs each record of which needs an earlier one, without end.
_NEVER = 1 << 60


Needs = Mapping[str, Mapping[str | None, int]]


@frozen(eq=False)
class Plan:
    """How the kinds of a schema depend on one another.

    Attributes:
        kinds: every kind, those that others must point at first.
        needs: for every kind, how many records of which kinds there must be before there can be one of it; None
            stands for any earlier record.
        weights: for every kind, its share of a model: the more relations it takes part in, and the more it must point
            at, the larger.
        hubs: kinds that so many others point at that a model says little without them.
        others: the names of all other kinds of which there can be records at all.
    """

    kinds: tuple[Kind, ...]
    needs: Needs
    weights: Mapping[str, int]
    hubs: tuple[str, ...]
    others: tuple[str, ...]

    def with_targets(self, names: Set[str]) -> list[Kind]:
        """Return the kinds of these names, the hubs, and all that they must point at; what others point at first."""
        wanted: set[str] = set()
        waiting = [*names, *self.hubs]
        while waiting:
            name = waiting.pop()
            wanted.add(name)
            waiting += [target for target in self.needs[name] if target is not None and target not in wanted]
        return [kind for kind in self.kinds if kind.name in wanted]

    def affordable(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """Return how many records of each kind there can be, given how many are wanted."""
        return _affordable(self.kinds, self.needs, wanted)


def _affordable(kinds: tuple[Kind, ...], needs: Needs, wanted: Mapping[str, int]) -> dict[str, int]:
    kept = {kind.name: wanted.get(kind.name, 0) for kind in kinds}
    names = list(kept)

    def met(name: str) -> bool:
        earlier = sum(kept[other] for other in names[: names.index(name)])
        return all((earlier if target is None else kept[target]) >= count for target, count in needs[name].items())

    while lacking := [name for name, count in kept.items() if count and not met(name)]:
        kept[lacking[0]] = 0
    return kept


@cache
def plan_of(schema: Schema) -> Plan:
    """Return the plan of a schema."""
    needs = {kind.name: _needs(kind) for kind in schema.kinds.values()}
    kinds = tuple(_targets_first(schema, needs))
    possible = [name for name, count in _affordable(kinds, needs, dict.fromkeys(needs, _NEVER - 1)).items() if count]
    touching = {name: [r for r in schema.relations if name in (r.kind, r.reference.kind)] for name in needs}
    pointing = {name: {r.kind for r in found if r.reference.kind == name} for name, found in touching.items()}
    hubs = tuple(
        name for name in possible if pointing[name] and len(pointing[name]) * _HUB >= min(len(kinds), _HUB * _HUB)
    )
    return Plan(
        kinds=kinds,
        needs=needs,
        weights={name: round(sqrt(1 + len(found))) + len(needs[name]) for name, found in touching.items()},
        hubs=hubs,
        others=tuple(name for name in possible if name not in hubs),
    )


@cache
def link_ends(kind: Kind) -> dict[str, int]:
    """Return, by field, how many further ends of the same link follow it; empty where the kind is no link.

    A record that must point at one kind twice links two of its records, as a reporting line does. Its ends point from
    later to earlier, the way acyclic references point, so that links and these together form no cycle.
    """
    found: dict[str, list[str]] = {}
    for spec in kind.layout.fields:
        target = spec.shape.target if isinstance(spec.shape, shapes.Id) else None
        if spec.required and target is not None and target != kind.name:
            found.setdefault(target, []).append(spec.name)
    return {
        name: len(names) - place
        for names in found.values()
        if len(names) > 1
        for place, name in enumerate(names, start=1)
    }


def _needs(kind: Kind) -> dict[str | None, int]:
    wanted: dict[str | None, int] = {}
    for reference in layout_needs(kind.layout):
        if reference.kind == kind.name and reference.acyclic:
            wanted[kind.name] = _NEVER
        elif reference.kind not in (None, kind.name) or reference.acyclic:
            wanted.setdefault(reference.kind, 1)  # any other may point at itself
    for name, further in link_ends(kind).items():
        target = kind.layout.by_name[name].shape.target  # type: ignore[attr-defined]  # ends are ids
        wanted[target] = max(wanted[target], further + 1)
    return wanted


def _targets_first(schema: Schema, needs: Needs) -> Iterator[Kind]:
    waiting = dict(schema.kinds)

    def waits(name: str) -> bool:
        wanted = needs[name].keys() - {name}
        before = (
            wanted & waiting.keys() if None not in wanted else {other for other in waiting if None not in needs[other]}
        )
        return bool(before)

    while waiting:
        free = [name for name in waiting if not waits(name)]
        for name in free or [next(iter(waiting))]:  # kinds that need one another: begin anywhere
            yield waiting.pop(name)
