"""Rules about who stands in for whom (ORG603 and ORG604)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions
from community_ops.org.placement import heads_by_unit
from community_ops.org.records import Deputy, Position, Unit
from community_ops.org.rules.absence import DAY, ann, office
from community_ops.org.rules.addresses import position, unit
from community_ops.org.rules.independence import ties
from community_ops.org.standing import Standing, standing
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    "ORG603",
    name="deputy-chain-without-end",
    severity=WARNING,
    en={
        "self": "{subject} is its own deputy.",
        "loop": "The deputies of {subject} lead back to it: {deputies} {verb} no holder who is there but its own.",
        "vacant": "The deputies of {subject} lead to nobody: no holder of {deputies} is there.",
    },
    zh={
        "self": "{subject}是自己的代理人。",
        "loop": "{subject}的代理关系绕回自身：除其自身外，{deputies}无人在岗。",
        "vacant": "{subject}的代理关系没有着落：{deputies}无人在岗。",
    },
    needs=("deputy", "position"),
    date_use="needed",
)
def chain_without_end(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position has deputies, and following them leads to nobody who could stand in.

    Why it matters: everyone believes that somebody stands in, and nobody does.

    How to fix: name a deputy that is held, or fill one of those there are.

    When it is wrong to heed it: for a few days on which the deputies are away as well; the rule looks at one day.

    Two positions that stand in for each other are no fault while both are held. Closed positions are not judged.
    """
    at = context.day
    ids, closed = m.ids(Position), ended_positions(m, at)
    found = standing(m, at)
    lost = [place for place, those in found.deputies.items() if not any(one.deputy in found.manned for one in those)]
    ends = _ends(found) if lost else {}
    for id in _own_deputies(m, at):
        if id not in closed:
            yield chain_without_end.finding(position(id), "self", field="deputy")
    for place in lost:
        those = found.deputies[place]
        reached = {end for one in those for end in ends.get(one.deputy, ())}
        if ids[place] in closed or reached - {place}:
            continue
        refs = tuple(position(ids[one.deputy]) for one in those)
        yield chain_without_end.finding(
            position(ids[place]), "loop" if reached else "vacant", related=refs, deputies=refs,
            verb="has" if len(refs) == 1 else "have",
        )  # fmt: skip


def _own_deputies(m: ModelView, at: date) -> tuple[str, ...]:
    rows = zip(m.column(Deputy.position), m.column(Deputy.deputy), m.column(Deputy.period), strict=True)
    found = [one for one, other, period in rows if one == other and (period is None or period.covers(at))]
    return tuple([id for id in dict.fromkeys(found) if id in m.id_set(Position)])


def _ends(found: Standing) -> dict[int, set[int]]:
    """Return up to two manned positions that following deputies, of whatever scope, leads to from each position.

    Two are enough to tell whether there is another than a given one, so that no node is passed more than twice.
    """
    manned = found.manned
    asked_by: dict[int, list[int]] = {}
    for place, those in found.deputies.items():
        for one in those:
            asked_by.setdefault(one.deputy, []).append(place)
    ends = {place: {place} for place in asked_by if place in manned}
    queue = [(place, place) for place in ends]
    for here, end in queue:
        for place in asked_by.get(here, ()):
            known = ends.setdefault(place, set())
            if len(known) < 2 and end not in known and place not in manned:
                known.add(end)
                queue.append((place, end))
    return ends


def _deputy(position: str, deputy: str) -> Deputy:
    return Deputy(id=f"{position}-{deputy}", position=position, deputy=deputy)


def _aide(**fields: object) -> Position:
    return Position(id="aide", title="Aide", unit="hq", reports_to="boss", **fields)  # type: ignore[arg-type]


@chain_without_end.fires(at=DAY)
def _to_a_ghost() -> Iterable[Record]:
    return [*office(_aide()), ann(), _deputy("boss", "aide")]


@chain_without_end.fires(at=DAY)
def _round_and_round() -> Iterable[Record]:
    lead = Position(id="lead", title="Lead", unit="hq", reports_to="boss")
    circle = [_deputy("boss", "aide"), _deputy("aide", "lead"), _deputy("lead", "boss")]
    return [*office(_aide(), lead), ann(), *circle]


@chain_without_end.fires(at=DAY)
def _itself() -> Iterable[Record]:
    return [*office(), ann(), _deputy("boss", "boss")]


@chain_without_end.silent(at=DAY)
def _each_for_the_other() -> Iterable[Record]:
    return [*office(), ann(), _deputy("boss", "clerk"), _deputy("clerk", "boss")]


@rule(
    "ORG604",
    name="deputy-not-independent",
    en={
        "stands": "{deputy} stands in for {subject}, which must be independent of {of}, but belongs to {of} or reports "
        "into it.",
        "judges": "{deputy} must be independent of {of} and stands in for {subject}, which belongs to it.",
    },
    zh={
        "stands": "{subject}必须独立于{of}，其代理人{deputy}却属于{of}或向其汇报。",
        "judges": "{deputy}必须独立于{of}，却代理属于{of}的{subject}。",
    },
    needs=("deputy", "position"),
)
def deputy_not_independent(m: ModelView, context: Context) -> Iterator[Finding]:
    """A deputy brings a dependence with it that the position, or the deputy itself, must not have.

    Why it matters: independence is needed most in the days when the usual holder is away; one who acts for what they
    judge has judged themselves.

    How to fix: name a deputy from outside the unit, such as a position that is itself independent of it.

    When it is wrong to heed it: never while `independent_of` says so.

    A position belongs to a unit if it sits in it or in a part of it, or heads it. Closed positions are not judged, nor
    are deputies that are over.

    Source: The Institute of Internal Auditors, Global Internal Audit Standards (2024), principle 7: positioned
    independently.
    """
    at = context.at
    judges = {
        id: set(units) for id, units in zip(m.ids(Position), m.column(Position.independent_of), strict=True) if units
    }
    if not judges:
        return
    closed, units = ended_positions(m, at), m.id_set(Unit)
    rows = zip(m.ids(Deputy), m.column(Deputy.position), m.column(Deputy.deputy), m.column(Deputy.period), strict=True)
    index = m.place_index(Position)
    for id, whom, by, period in rows:
        over = period is not None and period.end is not None and at is not None and period.end < at
        if over or whom == by or closed & {whom, by} or not {whom, by} <= index.keys():
            continue
        for judge, other, variant in ((whom, by, "stands"), (by, whom, "judges")):
            for of in sorted(judges.get(judge, set()) & units):
                if _belongs(m, other, of, context, chain=variant == "stands"):
                    yield deputy_not_independent.finding(
                        position(whom), variant, key=(id, of), of=unit(of), deputy=position(by),
                        related=[position(by), unit(of), Ref("deputy", id)],
                    )  # fmt: skip


def _belongs(m: ModelView, id: str, of: str, context: Context, chain: bool) -> bool:
    tied = ties(m, id, of, context)
    return tied.inside or id in heads_by_unit(m)[of] or (chain and bool(tied.chain))


def _firm(*more: Record) -> list[Record]:
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("ceo",))
    finance = Unit(id="finance", name="Finance", parent="hq", heads=("cfo",))
    audit = Unit(id="audit", name="Audit", parent="hq", heads=("auditor",))
    ceo = Position(id="ceo", title="CEO", unit="hq")
    cfo = Position(id="cfo", title="CFO", unit="finance", reports_to="ceo")
    auditor = Position(id="auditor", title="Auditor", unit="audit", reports_to="ceo", independent_of=("finance",))
    return [hq, finance, audit, ceo, cfo, auditor, *more]


@deputy_not_independent.fires()
def _audited_by_themselves() -> Iterable[Record]:
    return _firm(_deputy("auditor", "cfo"))


@deputy_not_independent.fires()
def _audits_what_they_did() -> Iterable[Record]:
    return _firm(_deputy("cfo", "auditor"))


@deputy_not_independent.silent()
def _from_outside() -> Iterable[Record]:
    return _firm(_deputy("auditor", "ceo"))


RULES = (chain_without_end, deputy_not_independent)
"""The rules of this module."""
