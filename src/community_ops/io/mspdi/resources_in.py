"""Resources and assignments from MSPDI: who works is a position, and how much of it works on what an allocation.

In MS Project a resource is whoever a task needs: a role, a team or a named person, and nothing tells which. It is read
as a position, since positions are what tasks are allocated to and accountability points at; people are never made up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from community_ops.io.cells import Unique
from community_ops.io.mspdi.nodes import Node
from community_ops.io.mspdi.notes import Notes
from community_ops.io.mspdi.values import Values, number
from community_ops.io.mspdi.words import (
    ASSIGNMENT_READ,
    ASSIGNMENT_RESULTS,
    NOBODY,
    RESOURCE_READ,
    RESOURCE_RESULTS,
    UNASSIGNED,
    WORK_RESOURCE,
)  # fmt: skip
from community_ops.org.records import Position
from community_ops.plan.records import Allocation

UNIT = "resources"
"""The id of the unit that the positions of a file sit in."""


def positions_of(project: Node, notes: Notes) -> tuple[dict[int, Position], dict[str, int]]:
    """Return the positions that work on a project, by UID, and the line of each by id."""
    found: dict[int, Position] = {}
    lines: dict[str, int] = {}
    unique = Unique()
    for node in project.within("Resources", "Resource"):
        values = Values(node, notes)
        uid = values.integer("UID")
        if values.flag("IsNull") or uid == NOBODY:
            continue
        if uid is None:
            notes.add("IMP605", "missing", "Resource", node.line, values.text("Name"))
            continue
        kind = values.integer("Type")
        if kind not in (None, WORK_RESOURCE):
            notes.add("IMP604", "resources", "Resource", node.line, values.text("Name"))
            continue
        values.note_others(RESOURCE_READ, RESOURCE_RESULTS, values.text("Name"))
        id = unique(str(uid), "{}#{}")
        if uid in found:
            notes.add("IMP605", "duplicate", "Resource", node.line, str(uid))
        one = Position(id=id, title=values.text("Name"), unit=UNIT, **_seats(values))
        lines[id] = node.line
        found[uid if uid not in found else -len(found) - 1] = one
    return found, lines


def _seats(values: Values) -> Mapping[str, Any]:
    """Return how many hold a position: whole numbers are seats, the rest is one that is smaller or larger."""
    units = values.read("MaxUnits", number)
    if units is None or units < 0:
        if units is not None:
            values.unreadable("MaxUnits")
        return {}
    if units == units.to_integral_value() and units:
        return {"seats": int(units)}
    return {"seat_fte": units}


def allocations_of(
    project: Node, positions: Mapping[int, Position], tasks: Collection[int], notes: Notes
) -> dict[int, tuple[Allocation, ...]]:
    """Return who works on each task, by its UID."""
    found: dict[int, list[Allocation]] = {}
    for node in project.within("Assignments", "Assignment"):
        values = Values(node, notes)
        task, resource = values.integer("TaskUID"), values.integer("ResourceUID")
        if resource in (UNASSIGNED, NOBODY, None) and task is not None:
            continue
        position = positions.get(resource or NOBODY)
        if task not in tasks or task is None or position is None:
            notes.add("IMP604", "assignments", "Assignment", node.line, values.text("UID"))
            continue
        values.note_others(ASSIGNMENT_READ, ASSIGNMENT_RESULTS, values.text("UID"), several=("TimephasedData",))
        units = values.read("Units", number)
        if units is not None and units < 0:
            values.unreadable("Units")
            units = None
        found.setdefault(task, []).append(Allocation(position.id, Decimal(1) if units is None else units))
    return {task: tuple(each) for task, each in found.items()}
