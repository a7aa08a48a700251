"""Rules that hold for every kind alike, because they follow from its declaration: references and periods."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType
from typing import Any

from attrs import evolve

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.containers import Nested, Optional
from community_ops.kernel.declaration import Kind, Relation, layout_of
from community_ops.kernel.derived import derived
from community_ops.kernel.frozenmap import FrozenMap
from community_ops.kernel.model import Model
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import Pair, dangling, pairs, plain_column, target_places
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import Finding
from community_ops.validation.rule import Context, Rows, rule
from community_ops.validation.wording import in_one_line

_PATH_SHOWN = 12

_DIFFERENCES = {
    "case and width": FrozenMap({"en": "case and width", "zh": "大小写和全半角"}),
    "leading zeros": FrozenMap({"en": "leading zeros", "zh": "前导零"}),
}
NORMALISERS: dict[str, Callable[[str], str]] = {
    "case and width": lambda id: unicodedata.normalize("NFKC", id).casefold().strip(),
    "leading zeros": lambda id: unicodedata.normalize("NFKC", id).casefold().strip().lstrip("0"),
}
"""Ways in which two ids may be meant to be the same, mildest first."""


@derived
def _spellings(m: ModelView, kind: str, normaliser: str) -> MappingProxyType[str, str | None]:
    """Return the id behind every normalised spelling; None where two ids share one."""
    normal = NORMALISERS[normaliser]
    counts = Counter(map(normal, m.ids(kind)))
    return MappingProxyType({normal(id): id if counts[normal(id)] == 1 else None for id in m.ids(kind)})


def meant(m: ModelView, target: Ref) -> tuple[str, str] | None:
    """Return `(normaliser, id)` of the one existing record whose id differs from the target's only in spelling."""
    if target.kind not in m.schema.kinds:
        return None
    for name, normal in NORMALISERS.items():
        id = _spellings(m, target.kind, name).get(normal(target.id))
        if id is not None:
            return name, id
    return None


@rule(
    "REF101",
    name="dangling-reference",
    date_use="ignored",
    en={
        "one": "{subject} names '{target}' as {field}, but there is no {kind} of that id.",
        "many": "{count} records, {subject} first, name '{target}' as {field}, but there is no {kind} of that id.",
        "spelling": "{subject} names '{target}' as {field}; there is only a {kind} '{meant}', which differs in "
        "{normaliser}.",
        "spellings": "{count} references from {field}, {subject} first, name a {kind} that is not there ({targets}); "
        "all are found once differences in {normaliser} are ignored.",
    },
    zh={
        "one": "{subject}的 {field} 指向 {kind}“{target}”，但没有这条记录。",
        "many": "{subject}等 {count} 条记录的 {field} 指向 {kind}“{target}”，但没有这条记录。",
        "spelling": "{subject}的 {field} 指向 {kind}“{target}”，没有这条记录；只有“{meant}”，仅{normaliser}不同。",
        "spellings": "{subject}等 {count} 处 {field} 指向不存在的 {kind}（{targets}）；"
        "忽略{normaliser}差异后全部可以找到。",
    },
)
def dangling_reference(m: ModelView, context: Context) -> Iterator[Finding]:
    """A record refers to another that does not exist.

    Why it matters: whatever follows the reference - a reporting line, an owner, a unit - silently ends there.

    How to fix: add the missing record, or correct the id. Where an existing id differs only in case, width or leading
    zeros, the rule says so and its fix rewrites the references. That is safe for case and width, which nobody uses to
    tell records apart; leading zeros may have told this record from one that is gone.

    When it is wrong to heed it: never; where the target lives in another system, keep its id in `extra`.

    One missing record gives one finding, however many point at it; targets that one difference in spelling explains
    are gathered into one. What tells of what was, as the snapshot in a baseline does, may name what is gone.
    """
    for relation in m.schema.relations:
        # Most models use few of the kinds; what has no records is not asked one relation at a time.
        told = not relation.reference.historic and m.ids(relation.kind)
        if told and (broken := dangling(m, relation.kind, relation.name)):
            yield from _dangling_findings(m, relation, broken)


def _dangling_findings(m: ModelView, relation: Relation, broken: tuple[Pair, ...]) -> Iterator[Finding]:
    holders: dict[Ref, list[Ref]] = {}
    for id, target in dict.fromkeys(broken):  # a record may name the same one twice
        holders.setdefault(target, []).append(Ref(relation.kind, id))
    spelled: dict[tuple[str, str], list[Ref]] = {}
    for target, everyone in holders.items():
        found = meant(m, target)
        if found is None:
            yield _missing(relation, target, everyone)
        else:
            spelled.setdefault((target.kind, found[0]), []).append(target)
    for (kind, normaliser), targets in spelled.items():
        count = sum(len(holders[target]) for target in targets)
        everyone = list(dict.fromkeys(holder for target in targets for holder in holders[target]))
        shared: dict[str, Any] = {"kind": kind, "normaliser": _DIFFERENCES[normaliser]}
        if count == 1:
            found = meant(m, targets[0])
            assert found is not None
            yield dangling_reference.finding(
                everyone[0], "spelling", field=relation.field, key=(*_name(relation), str(targets[0])), gathered=True,
                target=targets[0].id, meant=found[1], **shared,
            )  # fmt: skip
        else:
            yield dangling_reference.finding(
                everyone[0], "spellings", field=relation.field, key=(*_name(relation), kind, normaliser), gathered=True,
                related=everyone[1:],
                **shared, count=count, targets=tuple(target.id for target in targets),
            )  # fmt: skip


def _name(relation: Relation) -> tuple[str, str]:
    return relation.kind, relation.name


def _missing(relation: Relation, target: Ref, holders: list[Ref]) -> Finding:
    return dangling_reference.finding(
        holders[0], "one" if len(holders) == 1 else "many", field=relation.field, key=(*_name(relation), str(target)),
        gathered=True, related=holders[1:], kind=target.kind, target=target.id, count=len(holders),
    )  # fmt: skip


@dangling_reference.fires()
def _nobody() -> Rows:
    return {"units": [{"id": "sales", "name": "Sales", "parent": "company"}]}


@dangling_reference.fires()
def _zeros() -> Rows:
    teams = [{"id": f"t{i}", "name": f"Team {i}", "parent": "7"} for i in (1, 2)]
    return {"units": [{"id": "007", "name": "Sales"}, *teams]}


@dangling_reference.fires()
def _both() -> Rows:
    return {"units": [{"id": id, "name": id, "parent": "company"} for id in ("sales", "service")]}


@dangling_reference.fires()
def _capitals() -> Rows:
    return {"units": [{"id": "HQ", "name": "Head office"}, {"id": "sales", "name": "Sales", "parent": "hq"}]}


@dangling_reference.silent()
def _everybody() -> Rows:
    return {"units": [{"id": "company", "name": "Company"}, {"id": "sales", "name": "Sales", "parent": "company"}]}


def _only_case_and_width(found: Finding) -> bool:
    return bool(found.parameters.get("normaliser") == _DIFFERENCES["case and width"])


@dangling_reference.fix(safe=_only_case_and_width)
def _respell(model: Model, found: Finding) -> ChangeSet | None:
    if "normaliser" not in found.parameters:
        return None
    normaliser = found.parameters["normaliser"]["en"]
    relation = next(
        relation for relation in model.schema.kind(found.subject.kind).relations if relation.name == found.key[1]
    )
    corrections = {}
    for _, target in dangling(model, relation.kind, relation.name):
        other = meant(model, target)
        if other is not None and other[0] == normaliser and target.kind == found.parameters["kind"]:
            corrections[target] = Ref(target.kind, other[1])
    holders = [model[ref] for ref in (found.subject, *found.related)]
    spec = model.schema.kind(found.subject.kind).layout.by_name[relation.field]
    mended = [
        evolve(holder, **{spec.name: spec.shape.rewrite(spec.get(holder), lambda ref: corrections.get(ref, ref))})
        for holder in holders
    ]
    edited = model.replace(*mended)
    if relation.reference.acyclic and set(circles(edited, relation)) - set(circles(model, relation)):
        return None  # then the spelling was not all that is wrong
    return diff(model, edited)


@rule(
    "REF102",
    name="circular-reference",
    date_use="ignored",
    en="{subject} comes back to itself through {field}: {path}.",
    zh="{subject}沿 {field} 回到自身：{path}。",
)
def circular_reference(m: ModelView, context: Context) -> Iterator[Finding]:
    """Following a relation that must lead upwards comes back to where it started.

    Why it matters: a unit that is part of itself has no top, and nothing that rolls up along the relation is defined.

    How to fix: decide which of the references in the path is wrong, and clear or correct it.

    When it is wrong to heed it: never; a relation is declared acyclic only where a cycle has no meaning.
    """
    for relation in m.schema.relations:
        if relation.reference.acyclic and not relation.reference.checked_by:
            for path in circles(m, relation):
                subject = Ref(relation.kind, path[0])
                everyone = [Ref(relation.kind, id) for id in path]
                shown = " → ".join([in_one_line(m.label(ref), ref) for ref in [*everyone, subject][:_PATH_SHOWN]])
                yield circular_reference.finding(
                    subject,
                    field=relation.field,
                    key=(*_name(relation), *sorted(path)),
                    gathered=True,
                    related=everyone[1:],
                    path=shown + (" → …" if len(path) >= _PATH_SHOWN else ""),
                )


@circular_reference.fires()
def _snake() -> Rows:
    return {"units": [{"id": "a", "name": "A", "parent": "b"}, {"id": "b", "name": "B", "parent": "a"}]}


@circular_reference.silent()
def _ladder() -> Rows:
    return {"units": [{"id": "a", "name": "A"}, {"id": "b", "name": "B", "parent": "a"}]}


def circles(m: ModelView, relation: Relation) -> tuple[tuple[str, ...], ...]:
    """Return one cycle of ids from every knot of a relation among records of one kind, starting at its first record."""
    return _circles(m, relation.kind, relation.name)


@derived
def _circles(m: ModelView, kind: str, relation: str) -> tuple[tuple[str, ...], ...]:
    if m.schema.relation(kind, relation).reference.kind == kind and plain_column(m, kind, relation) is not None:
        return tuple(_loops(m.ids(kind), target_places(m, kind, relation)))
    return tuple(_knots(m, kind, relation))


def _loops(ids: tuple[str, ...], to: tuple[int, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the cycles of a relation that leads from each record to one at most."""
    nowhere = len(ids)
    seen = [0] * nowhere + [-1]
    found = []
    for start in range(nowhere):
        place, mark = start, start + 1
        while not seen[place]:
            seen[place] = mark
            place = to[place]
        if seen[place] == mark:  # this walk has met itself
            loop = [place]
            while (place := to[place]) != loop[0]:
                loop.append(place)
            first = loop.index(min(loop))
            found.append(loop[first:] + loop[:first])
    for loop in sorted(found):
        yield tuple([ids[place] for place in loop])


def _knots(m: ModelView, kind: str, relation: str) -> Iterator[tuple[str, ...]]:
    """Yield one cycle from every knot of a relation that may lead from one record to several."""
    onward: dict[str, list[str]] = {}
    for id, target in pairs(m, kind, relation):
        if target.kind == kind:
            onward.setdefault(id, []).append(target.id)
    _peel(onward)
    if not onward:
        return
    import networkx as nx  # noqa: PLC0415 - slow to import, and healthy models never come here

    onward = {id: [target for target in targets if target in onward] for id, targets in onward.items()}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(onward)
    graph.add_edges_from((id, target) for id, targets in onward.items() for target in targets)
    place = {id: i for i, id in enumerate(onward)}
    knots = [knot for knot in nx.strongly_connected_components(graph) if len(knot) > 1 or _returns(onward, knot)]
    for knot in sorted(knots, key=lambda ids: min(place[id] for id in ids)):
        first = min(knot, key=place.__getitem__)
        within = graph.subgraph(knot)
        steps = nx.single_source_shortest_path_length(within, first)
        end = min((id for id in knot if first in onward[id]), key=lambda id: (steps[id], place[id]))
        yield tuple(nx.shortest_path(within, first, end))


def _returns(onward: dict[str, list[str]], knot: Iterable[str]) -> bool:
    return any(id in onward[id] for id in knot)


def _peel(onward: dict[str, list[str]]) -> None:
    """Take away, again and again, what leads nowhere; what is left leads into cycles."""
    into: dict[str, list[str]] = {}
    for id, targets in onward.items():
        for target in targets:
            into.setdefault(target, []).append(id)
    left = {id: sum(target in onward for target in targets) for id, targets in onward.items()}
    idle = [id for id, count in left.items() if count == 0]
    while idle:
        id = idle.pop()
        del onward[id]
        for before in into.get(id, ()):
            left[before] -= 1
            if left[before] == 0:
                idle.append(before)


@rule(
    "REF201",
    name="backward-period",
    date_use="ignored",
    en="{subject} ends on {end}, before it starts on {start} ({field}).",
    zh="{subject}的 {field} 结束日 {end} 早于开始日 {start}。",
)
def backward_period(m: ModelView, context: Context) -> Iterator[Finding]:
    """A period ends before it starts.

    Why it matters: such a period covers no day, so what it dates is never in force.

    How to fix: swap or correct the dates. The last day is inclusive: a one-day period starts and ends on the same day.

    When it is wrong to heed it: never.
    """
    for kind in m.schema.kinds.values():
        for field in _period_fields(kind) if m.ids(kind.name) else ():
            for id, period in _backward(m, kind.name, field):
                yield backward_period.finding(Ref(kind.name, id), field=field, start=period.start, end=period.end)


@derived
def _backward(m: ModelView, kind: str, field: str) -> tuple[tuple[str, DateRange], ...]:
    """Return `(id, period)` of the backward periods in one column."""
    column = enumerate(m.column_of(kind, field))
    # `DateRange.backward` in part: most periods have no end, and this runs over all of them.
    backward = [(i, period) for i, period in column if period is not None and period.end and period.backward]
    return tuple([(m.ids(kind)[i], period) for i, period in backward])


@backward_period.fires()
def _upside_down() -> Rows:
    return {"people": [{"id": "p", "name": "P", "employment": {"start": "2026-02-01", "end": "2026-01-31"}}]}


@backward_period.silent()
def _one_day() -> Rows:
    return {"people": [{"id": "p", "name": "P", "employment": {"start": "2026-02-01", "end": "2026-02-01"}}]}


def _period_fields(kind: Kind) -> Iterator[str]:
    period = Nested(layout_of(DateRange))
    return (spec.name for spec in kind.layout.fields if spec.shape in (period, Optional(period)))


RULES = (dangling_reference, circular_reference, backward_period)
"""The rules of this module."""
