"""Independence: a position that must not depend on what it judges (ORG301)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from attrs import evolve

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.derived import derived
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions
from community_ops.org.lines import Line, lines_at
from community_ops.org.placement import heads_by_unit, home_at
from community_ops.org.records import Position, ReportingLine, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.org.rules.naming import fresh_id, in_chinese, opened
from community_ops.org.structure import hierarchy, unit_tree
from community_ops.validation.finding import Finding
from community_ops.validation.rule import Context, rule


class Ties(NamedTuple):
    """What ties a position to a unit it must be independent of.

    Attributes:
        inside: whether it sits in the unit or a part of it.
        chain: the positions above it that head the unit or sit in it, nearest first.
        lines: the managers of dotted lines that head the unit or sit in it.
    """

    inside: bool
    chain: tuple[str, ...]
    lines: tuple[str, ...]


@derived(cutoff=True)
def _dotted_managers(m: ModelView, at: date | None) -> Mapping[str, tuple[str, ...]]:
    """Return the managers of dotted lines in force by the position they start from."""
    found: dict[str, list[str]] = {}
    for line in lines_at(m, at):
        if line.kind != "solid":
            found.setdefault(line.position, []).append(line.manager)
    return MappingProxyType({id: tuple(managers) for id, managers in found.items()})


@derived
def _independent(m: ModelView) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the positions that must be independent of some units, with these units, each once."""
    named = zip(m.ids(Position), m.column(Position.independent_of), strict=True)
    return tuple([(id, tuple(dict.fromkeys(units))) for id, units in named if units])


def ties(m: ModelView, id: str, of: str, context: Context) -> Ties:
    """Return what ties a position to a unit it must be independent of."""
    units = unit_tree(m)
    index = m.place_index(Position)

    def within(home: str | None) -> bool:
        return home is not None and (home == of or units.is_above(of, home))

    heads = heads_by_unit(m).get(of, ())

    def belongs(other: str) -> bool:
        return other != id and (other in heads or within(home_at(m, index.get(other))))

    chain = tuple(other for other in hierarchy(m, context.at).chain(id) if belongs(other))
    lines = tuple(manager for manager in _dotted_managers(m, context.at).get(id, ()) if belongs(manager))
    return Ties(within(home_at(m, index.get(id))), chain, lines)


@rule(
    "ORG301",
    name="not-independent",
    en={
        "both": "{subject} must be independent of {of}, but sits in it and reports to {manager}.",
        "inside": "{subject} must be independent of {of}, but sits in it.",
        "chain": "{subject} must be independent of {of}, but reports to {manager}.",
        "lines": "{subject} must be independent of {of}, but a dotted line ties it to {manager}.",
    },
    zh={
        "both": "{subject}必须独立于{of}，却设在其中并向{manager}汇报。",
        "inside": "{subject}必须独立于{of}，却设在其中。",
        "chain": "{subject}必须独立于{of}，却向{manager}汇报。",
        "lines": "{subject}必须独立于{of}，却通过虚线向{manager}汇报。",
    },
    needs=("position",),
)
def not_independent(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position depends on a unit that it must be independent of.

    Why it matters: whoever audits or controls people who decide about their pay, tasks or career cannot be relied on.

    How to fix: move it to a unit outside, let it report to someone who neither heads the unit nor sits in it, and end
    every dotted line into the unit. The fix opens a unit for it and gives it the nearest independent manager above.

    When it is wrong to heed it: never while `independent_of` says so; if independence is not needed, say that instead.

    A position depends on a unit if it sits in it or in a part of it, or if anyone above it along the solid line, or
    the manager of a dotted line, heads the unit or sits in it. Closed positions are not judged.

    Source: The Institute of Internal Auditors, Global Internal Audit Standards (2024), principle 7: positioned
    independently.
    """
    closed = ended_positions(m, context.at)
    for id, units in _independent(m):
        for of in () if id in closed else units:
            if of not in m.id_set(Unit):
                continue  # a dangling reference, which has its own finding
            tied = ties(m, id, of, context)
            managers = tied.chain[:1] or tied.lines
            if tied.inside or managers:
                variant = ("both" if tied.chain else "inside") if tied.inside else "chain" if tied.chain else "lines"
                yield not_independent.finding(
                    position(id), variant, field="independent_of", key=(of,), of=unit(of),
                    related=[unit(of), *map(position, dict.fromkeys((*tied.chain, *tied.lines)))],
                    manager=tuple(map(position, managers)),
                )  # fmt: skip


def _firm(auditor: Position, *more: Record) -> list[Record]:
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("ceo",))
    finance = Unit(id="finance", name="Finance", parent="hq", heads=("cfo",))
    ceo = Position(id="ceo", title="CEO", unit="hq")
    cfo = Position(id="cfo", title="CFO", unit="finance", reports_to="ceo")
    return [hq, finance, Unit(id="audit", name="Audit", parent="hq", heads=("auditor",)), ceo, cfo, auditor, *more]


def _auditor(unit: str, reports_to: str) -> Position:
    return Position(id="auditor", title="Auditor", unit=unit, reports_to=reports_to, independent_of=("finance",))


@not_independent.fires()
def _captured() -> Iterable[Record]:
    return _firm(_auditor("finance", "cfo"))


@not_independent.fires()
def _hosted() -> Iterable[Record]:
    return _firm(_auditor("finance", "ceo"))


@not_independent.fires()
def _led() -> Iterable[Record]:
    return _firm(_auditor("audit", "cfo"))


@not_independent.fires()
def _dotted() -> Iterable[Record]:
    return _firm(_auditor("audit", "ceo"), ReportingLine(id="l", position="auditor", manager="cfo"))


@not_independent.silent()
def _apart() -> Iterable[Record]:
    return _firm(_auditor("audit", "ceo"))


@not_independent.fix  # not safe: it opens a unit and moves a position
def _set_apart(model: Model, found: Finding) -> ChangeSet | None:
    judge = model[found.subject]
    assert isinstance(judge, Position)
    context = Context(found.at)
    tied = [ties(model, judge.id, of, context) for of in judge.independent_of if of in model.id_set(Unit)]
    bound = {id for tie in tied for id in (*tie.chain, *tie.lines)}
    led = any(tie.chain for tie in tied)
    edited = model
    if any(tie.inside for tie in tied):
        office = _office(model, judge, found.parameters["of"].id)
        with_office = opened(model, office)
        if with_office is None:
            return None
        edited, judge = with_office, evolve(judge, unit=office.id)
    if led:
        chain = hierarchy(model, context.at).chain(judge.id)
        above = chain[max(place for place, id in enumerate(chain) if id in bound) + 1 :]
        if not above:
            return None  # the top itself is tied; who should be above is not for a rule to say
        judge = evolve(judge, reports_to=above[0])
    over = [
        line
        for line in lines_at(model, context.at)
        if line.position == judge.id
        and (line.manager in bound or (led and line.kind == "solid" and line.manager != judge.reports_to))
    ]
    edited = _without(edited.replace(judge), over, context.at)
    freed = not any(
        any(ties(edited, judge.id, of, context)) for of in judge.independent_of if of in edited.id_set(Unit)
    )
    return diff(model, edited) if freed and not (led and _circling(edited, judge.id, context.at)) else None


def _circling(model: Model, id: str, at: date | None) -> bool:
    return hierarchy(model, at).depth(id) is None


def _without(model: Model, lines: Iterable[Line], at: date | None) -> Model:
    """End lines on the day before; those that are not dated, or start on the day, go altogether."""
    for one in lines:
        line = model.table(ReportingLine)[one.id]
        period = line.period
        if at is not None and period is not None and period.start is not None and period.start < at:
            model = model.replace(evolve(line, period=DateRange(period.start, at - timedelta(days=1))))
        else:
            model = model.remove(line.ref)
    return model


def _office(model: Model, judge: Position, of: str) -> Unit:
    tree = unit_tree(model)
    avoid = {id for id in judge.independent_of if id in tree}
    above = next((id for id in tree.chain(of) if not any(id == a or tree.is_above(a, id) for a in avoid)), None)
    name = f"{judge.title}办公室" if in_chinese(judge.title) else f"{judge.title}'s office"
    return Unit(id=fresh_id(model, "unit", f"{judge.id}-office"), name=name, parent=above, heads=(judge.id,))


RULES = (not_independent,)
"""The rules of this module."""
