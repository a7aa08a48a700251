"""Which positions sit in which unit, and who heads what."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from community_ops.kernel.derived import derived
from community_ops.kernel.relations import target_places
from community_ops.kernel.view import ModelView
from community_ops.org.lookup import look_up
from community_ops.org.records import Position, Unit
from community_ops.org.structure import unit_tree


@derived
def positions_by_unit(m: ModelView) -> Mapping[str, tuple[str, ...]]:
    """Return the positions directly in each unit, in table order; every unit that exists has an entry."""
    units = m.ids(Unit)
    found: list[list[str]] = [[] for _ in range(len(units) + 1)]  # the last for units that are not there
    for id, place in zip(m.ids(Position), target_places(m, "position", "unit"), strict=True):
        found[place].append(id)
    return MappingProxyType(dict(zip(units, map(tuple, found[:-1]), strict=True)))


@derived
def heads_by_unit(m: ModelView) -> Mapping[str, tuple[str, ...]]:
    """Return the positions that head each unit, each once, without those that do not exist."""
    positions = m.id_set(Position)
    return MappingProxyType(
        {
            unit: tuple([head for head in dict.fromkeys(heads) if head in positions])
            for unit, heads in zip(m.ids(Unit), m.column(Unit.heads), strict=True)
        }
    )


@derived
def units_by_head(m: ModelView) -> Mapping[str, tuple[str, ...]]:
    """Return the units that each position heads, in table order; positions that head none are left out."""
    found: dict[str, list[str]] = {}
    for unit, heads in heads_by_unit(m).items():
        for head in heads:
            found.setdefault(head, []).append(unit)
    return MappingProxyType({position: tuple(units) for position, units in found.items()})


def heads_of(m: ModelView, unit: str) -> tuple[str, ...]:
    """Return the ids of the positions that head a unit.

    Raises:
        UnknownRecord: there is no such unit.

    Example:
        >>> from community_ops import OperatingModel, Position, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="hq", name="HQ", heads=("ceo",)),
        ...     Position(id="ceo", title="CEO", unit="hq"),
        ... )
        >>> heads_of(model, "hq"), headed_by(model, "ceo")
        (('ceo',), ('hq',))
    """
    return look_up(heads_by_unit(m), "unit", unit)


def headed_by(m: ModelView, position: str) -> tuple[str, ...]:
    """Return the ids of the units that a position heads.

    Raises:
        UnknownRecord: there is no such position.
    """
    place = look_up(m.place_index(Position), "position", position)
    return units_by_head(m).get(m.ids(Position)[place], ())


def unit_of(m: ModelView, position: str) -> str | None:
    """Return the id of the unit that a position sits in; None where that unit does not exist.

    Raises:
        UnknownRecord: there is no such position.
    """
    return home_at(m, look_up(m.place_index(Position), "position", position))


def home_at(m: ModelView, place: int | None) -> str | None:
    """Return the id of the unit that the position at a place in its table sits in.

    Returns:
        None where that unit does not exist, or for no place.
    """
    home = None if place is None else m.column(Position.unit)[place]
    return home if home in m.id_set(Unit) else None


def units_under(m: ModelView, unit: str) -> tuple[str, ...]:
    """Return the ids of the units that are part of a unit, directly or not.

    Raises:
        UnknownRecord: there is no such unit.
    """
    return unit_tree(m).descendants(unit)


def positions_in(m: ModelView, unit: str, deep: bool = False) -> tuple[str, ...]:
    """Return the ids of the positions in a unit.

    Args:
        m: the model.
        unit: the unit.
        deep: whether to add those of the units under it, unit by unit.

    Raises:
        UnknownRecord: there is no such unit.
    """
    sitting = positions_by_unit(m)
    own = look_up(sitting, "unit", unit)
    if not deep:
        return own
    return own + tuple([position for part in units_under(m, unit) for position in sitting[part]])
