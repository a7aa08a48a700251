"""Scenes of what is not positions with holders: the units of an organisation, and a hierarchy by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import evolve

from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.records import Unit
from community_ops.org.structure import Hierarchy, unit_tree
from community_ops.validation.wording import Language
from community_ops.view.scene import HOLDERS_NAMED, LIMIT, Box, Scene, cycle_ties, fault_words, label, select
from community_ops.view.words import say


def has_units(m: ModelView) -> bool:
    """Tell whether a model's schema knows units and positions, and it holds a unit."""
    return {"unit", "position"} <= m.schema.kinds.keys() and bool(m.ids(Unit))


def unit_scene(m: ModelView, language: Language = "en", limit: int = LIMIT) -> Scene:
    """Return the scene of which unit is part of which, and who heads it.

    Args:
        m: the model.
        language: of the words; names are as the model has them.
        limit: the most units to show.
    """
    units = m.table(Unit)

    def box(id: str, above: str | None) -> Box:
        unit = units[id]
        return Box(
            id=id,
            title=label(unit.name, id),
            caption=say("kind_" + unit.kind, language),
            above=label(m.label(Ref("unit", above)), above) if above else "",
            holders=tuple([label(m.label(Ref("position", head)), head) for head in unit.heads[:HOLDERS_NAMED]]),
            unnamed=max(0, len(unit.heads) - HOLDERS_NAMED),
        )

    tree = unit_tree(m)
    return _scene(tree, language, limit, box, {id: units[id].parent for id in tree.dangling})


def hierarchy_scene(tree: Hierarchy, language: Language = "en", limit: int = LIMIT) -> Scene:
    """Return the scene of a hierarchy by itself, which knows ids only.

    Args:
        tree: the hierarchy.
        language: of the words.
        limit: the most records to show.
    """
    return _scene(tree, language, limit, lambda id, above: Box(id=id, title=label(id), above=label(above or "")), {})


def _scene(
    tree: Hierarchy,
    language: Language,
    limit: int,
    box: Callable[[str, str | None], Box],
    missing: Mapping[str, str | None],
) -> Scene:
    chosen = select(tree, limit)
    unit = tree.kind == "unit"
    boxes = []
    for place, id in enumerate(chosen.ids):
        hidden = chosen.hidden[place]
        remark = say("hidden_parts" if unit else "hidden_reports", language, n=hidden)
        plain = box(id, tree.parent(id))
        faults = fault_words(chosen.faults[place], plain.above or missing.get(id), language)
        boxes.append(evolve(plain, faults=tuple(faults), remarks=(remark,) if hidden else (), hidden=hidden))
    note = say("units_not_shown" if unit else "not_shown", language, n=chosen.left_out, limit=limit)
    return Scene(
        title=say("unit_chart" if unit else "org_chart", language),
        summary=say("units_count" if unit else "positions_count", language, n=len(tree)),
        language=language,
        kind=tree.kind,
        boxes=tuple(boxes),
        above=chosen.above,
        ties=tuple(cycle_ties(chosen, language)),
        notes=(note,) if chosen.left_out else (),
        hidden=chosen.left_out,
    )
