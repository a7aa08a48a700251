"""Rules about what is missing where nearly all siblings have it (ORG512, ORG513)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import not_

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_units
from community_ops.org.placement import positions_by_unit
from community_ops.org.records import Duty, Position, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.org.scoping import thresholds_by_unit
from community_ops.org.structure import unit_tree
from community_ops.validation.finding import INFO, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule

_NOT_THERE = ("planned", "closed")


@frozen
class SiblingThresholds(Value):
    """When so many have something that its lack is a gap.

    Attributes:
        percent: how many of a hundred must have it.
        least: how many must have it at least.
    """

    percent: int = field(default=75, metadata=at_least(0))
    least: int = field(default=3, metadata=at_least(1))

    def usual(self, having: int, every: int) -> bool:
        """Tell whether so many of so many have it that it is the rule."""
        return having >= self.least and 100 * having >= self.percent * every


@rule(
    "ORG512",
    name="cost-missing",
    severity=INFO,
    en="In {subject}, {positions} {verb} no monthly cost, as {count} of its positions do.",
    zh="{subject}中，{positions}没有月度成本，而同部门 {count} 个岗位都有。",
    needs=("unit", "position"),
    date_use="ignored",
    thresholds=SiblingThresholds(),
    scoped=True,
)
def cost_missing(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position has no monthly cost where most positions of its unit have one.

    Why it is worth knowing: what the unit costs is understated, and nobody sees by how much.

    How to fix: fill in `monthly_cost`; 0 for what really costs nothing.

    When it is wrong to heed it: for volunteers among employees; give them a cost of 0.

    Planned and closed positions are not looked at. Where costs are not recorded at all, nothing is missing.
    """
    cost = m.column(Position.monthly_cost)
    if None not in cost or not any(cost):
        return
    index, status, limits = m.place_index(Position), m.column(Position.status), thresholds_by_unit(m, context)
    for home, ids in positions_by_unit(m).items():
        there = [id for id in ids if status[index[id]] not in _NOT_THERE]
        bare = tuple([position(id) for id in there if cost[index[id]] is None])
        having = len(there) - len(bare)
        if bare and limits.of(home).usual(having, len(there)):
            yield cost_missing.finding(
                unit(home), related=bare, positions=bare, count=having, verb="has" if len(bare) == 1 else "have"
            )


def _paid(*costs: int | None) -> list[Record]:
    money = [None if cost is None else Money(cost, "CNY") for cost in costs]
    clerks = [Position(id=f"c{n}", title=f"Clerk {n}", unit="hq", monthly_cost=cost) for n, cost in enumerate(money)]
    return [Unit(id="hq", name="Head office", kind="organisation", heads=("c0",)), *clerks]


@cost_missing.fires()
def _one_without() -> Iterable[Record]:
    return _paid(9_000, 8_000, None, 8_000)


@cost_missing.silent()
def _half_recorded() -> Iterable[Record]:
    return _paid(9_000, 8_000, 0, None, None)


@rule(
    "ORG513",
    name="purpose-missing",
    severity=INFO,
    en={
        "": "{units} {verb} neither mission nor mandate; {count} units beside them under {parent} say what they are "
        "for.",
        "positions": "In {subject}, {positions} {verb} no mission, as {count} of its positions do.",
    },
    zh={
        "": "{units}既没有使命也没有职能；{parent}下其余 {count} 个部门都写明了用途。",
        "positions": "{subject}中，{positions}没有使命，而同部门 {count} 个岗位都有。",
    },
    needs=("unit",),
    thresholds=SiblingThresholds(),
)
def purpose_missing(m: ModelView, context: Context) -> Iterator[Finding]:
    """A unit has neither a mission nor a mandate, or a position no mission, where most beside it have one.

    Why it is worth knowing: what nobody wrote down is expected of it all the same, by everybody something else.

    How to fix: write its `mission` in a sentence, or name the duties it is charged with in `mandates`.

    When it is wrong to heed it: for units that only gather others.

    Only units with a parent are judged, beside the others of that parent; what has ended is left out. Positions are
    judged beside the others of their unit, planned and closed ones left out. Whether a position has anything to do is
    not asked here but by ORG510.
    """
    yield from _units_without(m, context)
    yield from _positions_without(m, context)


def _units_without(m: ModelView, context: Context) -> Iterator[Finding]:
    silent = list(map(not_, map(any, zip(m.column(Unit.mission), m.column(Unit.mandates), strict=True))))
    if all(silent) or not any(silent):
        return
    tree, past, limit = unit_tree(m), ended_units(m, context.at), thresholds_for_all(m, context)
    for parent, span in zip(tree.ids, tree.spans, strict=True):
        if span <= limit.least:
            continue
        there = [id for id in tree.children(parent) if id not in past]
        bare = tuple([unit(id) for id in there if silent[tree.place(id)]])
        having = len(there) - len(bare)
        if bare and limit.usual(having, len(there)):
            yield purpose_missing.finding(
                bare[0], gathered=True, key=sorted(ref.id for ref in bare), related=(*bare[1:], unit(parent)),
                units=bare, count=having, parent=unit(parent), verb="has" if len(bare) == 1 else "have",
            )  # fmt: skip


def _positions_without(m: ModelView, context: Context) -> Iterator[Finding]:
    missions = m.column(Position.mission) if m.schema.heirs(Position) else ()
    if not any(missions) or all(missions):
        return
    index, status, limit = m.place_index(Position), m.column(Position.status), thresholds_for_all(m, context)
    for home, ids in positions_by_unit(m).items():
        there = [id for id in ids if status[index[id]] not in _NOT_THERE]
        bare = tuple([position(id) for id in there if not missions[index[id]]])
        having = len(there) - len(bare)
        if bare and limit.usual(having, len(there)):
            yield purpose_missing.finding(
                unit(home), "positions", related=bare, positions=bare, count=having,
                verb="has" if len(bare) == 1 else "have",
            )  # fmt: skip


def _teams(*missions: str) -> list[Record]:
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("boss",), mission="Run it.")
    mandated = Unit(id="m", name="Mandated", parent="hq", heads=("boss",), mandates=("post",))
    teams = [
        Unit(id=f"t{n}", name=f"Team {n}", parent="hq", heads=("boss",), mission=mission)
        for n, mission in enumerate(missions)
    ]
    return [
        hq, mandated, *teams, Position(id="boss", title="Manager", unit="hq"),
        Duty(id="post", name="Open the post", owner="boss"),
    ]  # fmt: skip


@purpose_missing.fires()
def _one_unsaid() -> Iterable[Record]:
    return _teams("Sell.", "Build.", "")


def _clerks(*missions: str) -> list[Record]:
    clerks = [
        Position(id=f"c{n}", title=f"Clerk {n}", unit="hq", mission=mission) for n, mission in enumerate(missions)
    ]
    return [Unit(id="hq", name="Head office", kind="organisation", heads=("c0",)), *clerks]


@purpose_missing.fires()
def _one_clerk_unsaid() -> Iterable[Record]:
    return _clerks("Lead.", "Sell.", "", "Build.")


@purpose_missing.silent()
def _most_clerks_unsaid() -> Iterable[Record]:
    return _clerks("Lead.", "Sell.", "", "Build.", "")


@purpose_missing.silent()
def _most_unsaid() -> Iterable[Record]:
    return _teams("Sell.", "Build.", "", "")


RULES = (cost_missing, purpose_missing)
"""The rules of this module."""
