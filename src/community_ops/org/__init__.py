"""The organisation: units, positions, people, who reports to whom, who holds what, who answers for what."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from community_ops.org.records import (
    Assignment,
    Duty,
    Goal,
    Person,
    Position,
    ReportingLine,
    Responsibility,
    Skill,
    SkillLevel,
    Unit,
)

if TYPE_CHECKING:
    from community_ops.org.answering import RaciChart, accountable_for, duty_tree, raci, unassigned_duties
    from community_ops.org.holding import Staffing, assignments_at, holders, staffing
    from community_ops.org.lines import Line, contested_lines, lines_at, solid_managers
    from community_ops.org.placement import headed_by, heads_of, positions_in, unit_of, units_under
    from community_ops.org.reach import PersonSpan, Spans, spans
    from community_ops.org.seating import Seating
    from community_ops.org.strength import Headcount, Strength, headcount
    from community_ops.org.structure import Hierarchy, hierarchy, unit_tree
    from community_ops.org.workload import (
        Load,
        Outside,
        Overlap,
        Overload,
        Workloads,
        outside_employment,
        overlaps,
        workloads,
    )

__all__ = [
    "Assignment",
    "Duty",
    "Goal",
    "Headcount",
    "Hierarchy",
    "Line",
    "Load",
    "Outside",
    "Overlap",
    "Overload",
    "Person",
    "PersonSpan",
    "Position",
    "RaciChart",
    "ReportingLine",
    "Responsibility",
    "Seating",
    "Skill",
    "SkillLevel",
    "Spans",
    "Staffing",
    "Strength",
    "Unit",
    "Workloads",
    "accountable_for",
    "assignments_at",
    "contested_lines",
    "duty_tree",
    "headcount",
    "headed_by",
    "heads_of",
    "hierarchy",
    "holders",
    "lines_at",
    "outside_employment",
    "overlaps",
    "positions_in",
    "raci",
    "solid_managers",
    "spans",
    "staffing",
    "unassigned_duties",
    "unit_of",
    "unit_tree",
    "units_under",
    "workloads",
]

# The verbs are loaded when first asked for: a program that only loads and edits records never pays for them.
_VERBS = {
    "RaciChart": "answering",
    "accountable_for": "answering",
    "duty_tree": "answering",
    "raci": "answering",
    "unassigned_duties": "answering",
    "Staffing": "holding",
    "assignments_at": "holding",
    "holders": "holding",
    "staffing": "holding",
    "Line": "lines",
    "contested_lines": "lines",
    "lines_at": "lines",
    "solid_managers": "lines",
    "headed_by": "placement",
    "heads_of": "placement",
    "positions_in": "placement",
    "unit_of": "placement",
    "units_under": "placement",
    "PersonSpan": "reach",
    "Spans": "reach",
    "spans": "reach",
    "Seating": "seating",
    "Headcount": "strength",
    "Strength": "strength",
    "headcount": "strength",
    "Hierarchy": "structure",
    "hierarchy": "structure",
    "unit_tree": "structure",
    "Load": "workload",
    "Outside": "workload",
    "Overlap": "workload",
    "Overload": "workload",
    "Workloads": "workload",
    "outside_employment": "workload",
    "overlaps": "workload",
    "workloads": "workload",
}


def __getattr__(name: str) -> Any:
    module = _VERBS.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
