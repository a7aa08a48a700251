"""Rules about second lines, and about lines between unrelated units (ORG506 to ORG508)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import target_places
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions
from community_ops.org.lines import lines_at, solid_managers
from community_ops.org.placement import home_at
from community_ops.org.records import LineKind, Position, ReportingLine, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.org.scoping import thresholds_by_unit
from community_ops.org.structure import hierarchy, unit_tree
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule


def _firm(*more: Record) -> list[Record]:
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("boss",))
    boss = Position(id="boss", title="Manager", unit="hq")
    return [hq, boss, Position(id="clerk", title="Clerk", unit="hq", reports_to="boss"), *more]


def _line(id: str, manager: str, kind: LineKind = "functional") -> ReportingLine:
    return ReportingLine(id=id, position="clerk", manager=manager, kind=kind)


@rule(
    "ORG506",
    name="dotted-line-beside-solid",
    severity=WARNING,
    en="{position} reports to {manager} by the solid line already; the {kind} line adds nothing.",
    zh="{position}已通过实线向{manager}汇报；这条{kind}汇报线没有增加任何内容。",
    needs=("reporting_line",),
)
def dotted_beside_solid(m: ModelView, context: Context) -> Iterator[Finding]:
    """A dotted line leads to the same manager as the solid one.

    Why it matters: whoever counts lines counts this one twice; usually it was meant to lead to somebody else.

    How to fix: remove the dotted line, or correct its manager.

    When it is wrong to heed it: where a project is led by one's own manager and all its members are listed by lines.
    """
    dotted = [line for line in lines_at(m, context.at) if line.kind != "solid"]
    if not dotted:
        return
    tree = hierarchy(m, context.at)
    for line in dotted:
        if line.position in tree and line.manager == tree.parent(line.position):
            manager = position(line.manager)
            yield dotted_beside_solid.finding(
                Ref("reporting_line", line.id), related=[position(line.position), manager],
                position=position(line.position), manager=manager, kind={"en": line.kind, "zh": _KINDS[line.kind]},
            )  # fmt: skip


_KINDS: dict[LineKind, str] = {"functional": "职能", "project": "项目", "administrative": "行政"}


@dotted_beside_solid.fires()
def _doubled() -> Iterable[Record]:
    return _firm(_line("l1", "boss"))


@dotted_beside_solid.silent()
def _matrix() -> Iterable[Record]:
    return _firm(Position(id="lead", title="Lead", unit="hq", reports_to="boss"), _line("l1", "lead"))


@frozen
class DottedThresholds(Value):
    """How many dotted lines a position may have.

    Attributes:
        most: the most managers by dotted lines; 1 is as many as there are by solid ones.
    """

    most: int = field(default=1, metadata=at_least(0))


@rule(
    "ORG507",
    name="more-dotted-lines-than-solid",
    severity=INFO,
    en={
        "beside": "{subject} reports to {managers} by dotted lines; {most} is the most beside one solid line.",
        "alone": "{subject} reports to {managers} by dotted lines, and to nobody by a solid one.",
    },
    zh={
        "beside": "{subject}通过虚线向{managers}汇报；一条实线之外最多宜 {most} 条虚线。",
        "alone": "{subject}通过虚线向{managers}汇报，却没有实线上级。",
    },
    needs=("reporting_line", "position"),
    thresholds=DottedThresholds(),
    scoped=True,
)
def more_dotted_than_solid(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position has more dotted lines than the threshold, by default more than solid ones.

    Why it is worth knowing: who reports to three people is told three priorities, and settles them alone.

    How to fix: keep the lines that decide something, and make the other managers consulted or informed.

    When it is wrong to heed it: for liaisons, whose work is to report to many; raise the threshold for their unit.

    Several lines to one manager count once, and one to the solid manager not at all: that is ORG506.
    """
    managers: dict[str, dict[str, None]] = {}
    for line in lines_at(m, context.at):
        if line.kind != "solid":
            managers.setdefault(line.position, {})[line.manager] = None
    limits = thresholds_by_unit(m, context)
    least = min(limit.most for limit in limits.every)
    tree, gone = hierarchy(m, context.at), ended_positions(m, context.at)
    for id, found in managers.items():
        if len(found) <= least or id not in tree or id in gone:
            continue
        refs = tuple([position(manager) for manager in found if manager != tree.parent(id)])
        most = limits.of(home_at(m, tree.place(id))).most
        if len(refs) > most:
            variant = "alone" if tree.parent(id) is None else "beside"
            yield more_dotted_than_solid.finding(position(id), variant, related=refs, managers=refs, most=most)


@more_dotted_than_solid.fires()
def _torn() -> Iterable[Record]:
    leads = [Position(id=id, title=id.title(), unit="hq", reports_to="boss") for id in ("sales", "legal")]
    return _firm(*leads, _line("l1", "sales"), _line("l2", "legal", "project"))


@more_dotted_than_solid.fires()
def _dotted_alone() -> Iterable[Record]:
    liaison = Position(id="liaison", title="Liaison", unit="hq")
    lines = [ReportingLine(id=to, position="liaison", manager=to, kind="functional") for to in ("boss", "clerk")]
    return _firm(liaison, *lines)


@more_dotted_than_solid.silent()
def _once() -> Iterable[Record]:
    sales = Position(id="sales", title="Sales", unit="hq", reports_to="boss")
    return _firm(sales, _line("l1", "sales"), _line("l2", "sales", "project"))


@rule(
    "ORG508",
    name="line-across-units",
    severity=INFO,
    en="{positions} of {subject} {verb} to {managers} in {other}, which is neither above it nor part of it.",
    zh="{subject}的{positions}向{other}的{managers}汇报，而后者既不是其上级部门，也不是其下属部门。",
    needs=("unit", "position"),
    date_use="used",
)
def line_across_units(m: ModelView, context: Context) -> Iterator[Finding]:
    """A solid line leads into a unit that is neither above the position's unit nor part of it.

    Why it is worth knowing: the unit's head does not lead everybody in it, and costs, leave and reviews go elsewhere
    than the chart of units shows.

    How to fix: move the position to the manager's unit, or let it report within its own and add a functional line.

    When it is wrong to heed it: in shared services and matrix organisations, where it is the design.

    Dotted lines cross units by nature and are not judged; nor is a solid `ReportingLine`, which is a secondment or
    another step on purpose. Findings are gathered by pair of units.
    """
    homes = target_places(m, "position", "unit")
    moved, gone = solid_managers(m, context.at), ended_positions(m, context.at)
    tree, ids = unit_tree(m), m.ids(Position)
    nowhere, above = len(tree), tree.parents
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place, up in enumerate(target_places(m, "position", "reports_to")):
        # Nearly all lines stay in the unit or lead to the one right above it: seen before anything else is asked.
        if up == len(ids) or (here := homes[place]) == (there := homes[up]) or nowhere in (here, there):
            continue
        if above[here] != there:
            found.setdefault((here, there), []).append((place, up))
    for (here, there), lines in found.items():
        a, b = tree.ids[here], tree.ids[there]
        if tree.is_above(a, b) or tree.is_above(b, a):
            continue
        held = [(ids[low], ids[high]) for low, high in lines if ids[low] not in moved]
        held = [pair for pair in held if gone.isdisjoint(pair)]
        if held:
            positions = tuple([position(low) for low, _ in held])
            managers = tuple(dict.fromkeys(position(high) for _, high in held))
            yield line_across_units.finding(
                unit(a), key=(b,), related=(unit(b), *positions, *managers), positions=positions, managers=managers,
                other=unit(b), verb="reports" if len(positions) == 1 else "report",
            )  # fmt: skip


def _apart(up: str) -> list[Record]:
    units = [Unit(id=id, name=id.title(), parent="hq", heads=(f"{id}-lead",)) for id in ("sales", "legal")]
    leads = [Position(id=f"{id}-lead", title=f"Head of {id}", unit=id, reports_to="boss") for id in ("sales", "legal")]
    return _firm(*units, *leads, Position(id="seller", title="Seller", unit="sales", reports_to=up))


@line_across_units.fires()
def _across() -> Iterable[Record]:
    return _apart("legal-lead")


@line_across_units.silent()
def _upwards() -> Iterable[Record]:
    return _apart("boss")


RULES = (dotted_beside_solid, more_dotted_than_solid, line_across_units)
"""The rules of this module."""
