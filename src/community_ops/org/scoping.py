"""Which thresholds hold for which unit: those of the nearest policy up the tree of units, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from community_ops.kernel.view import ModelView
from community_ops.org.structure import Hierarchy, unit_tree
from community_ops.validation.policies import changed, thresholds_for_all, values_by_unit
from community_ops.validation.rule import Context


@frozen(eq=False)
class Scoped:
    """The thresholds of a rule by unit; made by `thresholds_by_unit`.

    Attributes:
        everywhere: what holds where no policy says otherwise.
        every: all thresholds that hold somewhere.
    """

    everywhere: Any
    every: tuple[Any, ...]
    _by_unit: Mapping[str, Any] = field(alias="by_unit", repr=False)
    """Empty where no unit has any of its own."""

    def of(self, unit: str | None) -> Any:
        """Return what holds in a unit; for none, or one that does not exist, what holds everywhere."""
        return self._by_unit.get(unit or "", self.everywhere)


def thresholds_by_unit(m: ModelView, context: Context) -> Scoped:
    """Return the thresholds of the rule being judged, by unit.

    Args:
        m: the model.
        context: the rule's context.
    """
    everywhere, values = thresholds_for_all(m, context), values_by_unit(m, context)
    if not values:
        return Scoped(everywhere, (everywhere,), {})
    tree = unit_tree(m)
    stated = {tree.place(id): said for id, said in values.items() if id in tree}
    own: list[Any] = [None] * len(tree)
    for place, nearest in _nearest(tree, stated).items():
        own[place] = changed(everywhere, nearest)
    by_unit = {id: found for id, found in zip(tree.ids, tree.inherit(own), strict=True) if found is not None}
    return Scoped(everywhere, tuple({id(each): each for each in (everywhere, *by_unit.values())}.values()), by_unit)


def _nearest(tree: Hierarchy, stated: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return for each unit with a policy every threshold that it or a unit above it states, from the nearest."""
    found: dict[int, dict[str, Any]] = {place: {} for place in stated}
    for name in dict.fromkeys(name for said in stated.values() for name in said):
        # A walk down the tree a threshold, however many policies a chain has; boxed, for None may be a threshold.
        values: list[tuple[Any] | None] = [None] * len(tree)
        for place, said in stated.items():
            values[place] = (said[name],) if name in said else None
        inherited = tree.inherit(values)
        for place in stated:
            if (box := inherited[place]) is not None:
                (found[place][name],) = box
    return found
