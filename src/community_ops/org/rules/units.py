"""Rules about how units hang together and who heads them (ORG103, ORG104, ORG105, ORG107)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.containers import Many
from community_ops.kernel.derived import derived
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.shapes import Id
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions, ended_units
from community_ops.org.placement import home_at, positions_by_unit
from community_ops.org.records import Position, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.org.rules.samples import hq
from community_ops.org.structure import unit_tree
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted


@derived
def _open_positions(m: ModelView) -> Mapping[str, tuple[str, ...]]:
    """Return the positions that are not closed directly in each unit; units without any are left out."""
    left = dict(positions_by_unit(m))
    closed = ended_positions(m, None)
    homes = {home_at(m, place) for place in map(m.place_index(Position).get, closed)}
    left.update({home: tuple([id for id in left[home] if id not in closed]) for home in homes if home is not None})
    return MappingProxyType({home: ids for home, ids in left.items() if ids})


@rule(
    "ORG103",
    name="unit-without-head",
    severity=WARNING,
    en={
        "": "{subject} has {count} and nobody at its head.",
        "closed": "{subject} has {count} and nobody at its head: {heads} {verb} closed.",
    },
    zh={
        "": "{subject}有 {count} 个岗位，但没有负责人。",
        "closed": "{subject}有 {count} 个岗位，但没有负责人：{heads}已关闭。",
    },
    needs=("unit", "position"),
)
def unit_without_head(m: ModelView, context: Context) -> Iterator[Finding]:
    """A unit that has positions names no position as its head, or only closed ones.

    Why it matters: nobody answers for the unit, so escalations, approvals and budgets have no owner there.

    How to fix: name the head in `Unit.heads`; the head may sit in the unit, below it or above it, and may head several
    units.

    When it is wrong to heed it: for groups and networks, which are not judged, and in self-managed teams, where a
    waiver says so once. A unit without positions of its own is not judged either: its parts have heads.
    """
    positions, closed, past = _open_positions(m), ended_positions(m, None), ended_units(m, context.at)
    for id, heads, kind in zip(m.ids(Unit), m.column(Unit.heads), m.column(Unit.kind), strict=True):
        if id in past or kind in ("group", "network") or id not in positions or not closed.issuperset(heads):
            continue
        gone = tuple(map(position, dict.fromkeys(heads)))
        yield unit_without_head.finding(
            unit(id), "closed" if gone else "", field="heads", related=gone, heads=gone,
            count=counted(len(positions[id]), "position"), verb="is" if len(gone) == 1 else "are",
        )  # fmt: skip


@unit_without_head.fires()
def _headless() -> Iterable[Record]:
    return [hq(), Position(id="clerk", title="Clerk", unit="hq")]


@unit_without_head.fires()
def _headed_by_a_ghost() -> Iterable[Record]:
    boss = Position(id="boss", title="Manager", unit="hq", status="closed")
    return [hq("boss"), boss, Position(id="clerk", title="Clerk", unit="hq")]


@unit_without_head.silent()
def _headed() -> Iterable[Record]:
    return [hq("boss"), Position(id="boss", title="Manager", unit="hq"), Unit(id="spare", name="Spare")]


@rule(
    "ORG104",
    name="head-from-elsewhere",
    severity=WARNING,
    en="{head} heads {subject} but sits in {home}, which is neither part of it nor above it.",
    zh="{head}是{subject}的负责人，但所在的{home}既不属于它，也不是它的上级。",
    needs=("unit", "position"),
)
def head_from_elsewhere(m: ModelView, context: Context) -> Iterator[Finding]:
    """A unit is headed by a position of an unrelated unit.

    Why it matters: the head's own chain of command does not contain the unit, so two lines disagree about it.

    How to fix: head the unit from within, or from a unit above it; or move the unit.

    When it is wrong to heed it: for an interim head during a reorganisation.
    """
    tree, past = unit_tree(m), ended_units(m, context.at)
    index, homes = m.place_index(Position), m.column(Position.unit)
    for id, heads in zip(m.ids(Unit), m.column(Unit.heads), strict=True):
        for head in () if id in past else dict.fromkeys(heads):
            place = index.get(head)
            home = id if place is None else homes[place]
            if home == id or home not in tree:  # most heads sit in their unit
                continue
            if not tree.is_above(id, home) and not tree.is_above(home, id):
                yield head_from_elsewhere.finding(
                        unit(id), field="heads", key=(head,), related=[position(head), unit(home)],
                        head=position(head), home=unit(home),
                    )  # fmt: skip


@head_from_elsewhere.fires()
def _stranger() -> Iterable[Record]:
    sales = Unit(id="sales", name="Sales", parent="hq", heads=("cook",))
    return [
        hq(),
        sales,
        Unit(id="canteen", name="Canteen", parent="hq"),
        Position(id="cook", title="Cook", unit="canteen"),
    ]


@head_from_elsewhere.silent()
def _from_above() -> Iterable[Record]:
    sales = Unit(id="sales", name="Sales", parent="hq", heads=("ceo", "seller"))
    team = Unit(id="team", name="Team", parent="sales")
    return [
        hq(),
        sales,
        team,
        Position(id="ceo", title="CEO", unit="hq"),
        Position(id="seller", title="Seller", unit="team"),
    ]


@rule(
    "ORG105",
    name="empty-department",
    severity=WARNING,
    en="{subject} has no position, nor has any part of it.",
    zh="{subject}及其下属单位没有任何岗位。",
    needs=("unit", "position"),
)
def empty_department(m: ModelView, context: Context) -> Iterator[Finding]:
    """A department has no position anywhere below it.

    Why it matters: work and money are planned for it and nobody is there; readers of the chart are misled.

    How to fix: move the positions that do its work into it, or dissolve it. The fix dissolves it: its parts and
    whatever else refers to it go to the unit above.

    When it is wrong to heed it: while a department is being founded. Teams, groups and networks are not judged.
    """
    tree, past = unit_tree(m), ended_units(m, context.at)
    positions = _open_positions(m)
    held = tree.rollup([len(positions.get(id, ())) for id in tree.ids])
    for place, kind in enumerate(m.column(Unit.kind)):
        if kind in ("department", "division") and not held[place] and tree.ids[place] not in past:
            above = tree.parents[place]
            outermost = above is None or held[above] or m.column(Unit.kind)[above] not in ("department", "division")
            if outermost:  # an empty part of an empty department is the same fault
                yield empty_department.finding(unit(tree.ids[place]))


@empty_department.fires()
def _hollow() -> Iterable[Record]:
    return [
        hq(),
        Unit(id="content", name="Content", kind="department", parent="hq"),
        Position(id="a", title="A", unit="hq"),
    ]


@empty_department.silent()
def _through_parts() -> Iterable[Record]:
    content = Unit(id="content", name="Content", kind="department", parent="hq")
    return [hq(), content, Unit(id="team", name="Team", parent="content"), Position(id="a", title="A", unit="team")]


@empty_department.fix  # not safe: it removes a unit, which somebody may be about to fill
def _dissolve(model: Model, found: Finding) -> ChangeSet | None:
    gone = model[found.subject]
    assert isinstance(gone, Unit)
    heir, tree = gone.parent, unit_tree(model)
    if heir is not None and (heir not in tree or heir == gone.id or tree.is_above(gone.id, heir)):
        return None  # what is above it is missing, or is itself a part of it: that comes first
    mended = []
    for holder in model.referrers(found.subject):
        values: dict[str, Any] = {}
        for spec in model.schema.kind(holder).layout.fields:
            value = spec.get(holder)
            if not any(ref == found.subject for _, ref, _ in spec.shape.references(value)):
                continue
            if spec.shape == Many(Id("unit")):
                values[spec.name] = tuple(id for id in value if id != gone.id)
            elif heir is None:
                return None  # nothing is above it, so there is nowhere for this reference to go
            else:
                values[spec.name] = spec.shape.rewrite(value, instead(found.subject, unit(heir)))
        mended.append(evolve(holder, **values))
    return diff(model, model.replace(*mended).remove(found.subject))


def instead(old: Ref, new: Ref) -> Callable[[Ref], Ref]:
    """Return what turns one address into another and leaves all others alone."""
    return lambda ref: new if ref == old else ref


@rule(
    "ORG107",
    name="one-position-unit",
    severity=INFO,
    opt_in=True,
    en="{subject} consists of one position, {only}.",
    zh="{subject}只有一个岗位：{only}。",
    needs=("unit", "position"),
)
def one_position_unit(m: ModelView, context: Context) -> Iterator[Finding]:
    """A unit with a single position of one seat and no parts.

    Why it is worth knowing: such units add a layer of names without dividing work.

    How to fix: merge it into the unit above, or leave it where independence demands it.

    When it is wrong to heed it: for functions that must stand apart, such as audit; so it is opt-in.
    """
    tree, past = unit_tree(m), ended_units(m, context.at)
    seats = dict(zip(m.ids(Position), m.column(Position.seats), strict=True))
    for id, held in _open_positions(m).items():
        if id not in past and len(held) == 1 and seats[held[0]] <= 1 and not tree.span(id):
            yield one_position_unit.finding(unit(id), only=position(held[0]))


@one_position_unit.fires()
def _alone() -> Iterable[Record]:
    return [hq(), Position(id="a", title="A", unit="hq")]


@one_position_unit.silent()
def _many_seats() -> Iterable[Record]:
    return [hq(), Position(id="a", title="A", unit="hq", seats=3)]


RULES = (unit_without_head, head_from_elsewhere, empty_department, one_position_unit)
"""The rules of this module."""
