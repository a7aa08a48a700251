"""An executable operating model: an organisation as one typed graph, and all that follows from it.

Names are loaded when first used, so that `import community_ops` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attrs import evolve, field, frozen

    from community_ops import (
        errors,
        extensions,
        io,
        monitoring,
        org,
        plan,
        service,
        strategies,
        templates,
        validation,
        view,
        worktime,
    )
    from community_ops.errors import (
        CommunityOpsError,
        Conflict,
        DuplicateRecord,
        IdClash,
        IllegalTransition,
        InvalidDocument,
        InvalidRecord,
        InvalidSchema,
        LateRead,
        MissingExtra,
        Problem,
        StillReferenced,
        UnknownRecord,
    )
    from community_ops.io.documents import dump, dumps, load, loads
    from community_ops.kernel.changes import ChangeSet, Update, diff
    from community_ops.kernel.combining import Combined, combine
    from community_ops.kernel.derived import derived
    from community_ops.kernel.frozenmap import FrozenMap
    from community_ops.kernel.json_schema import json_schema
    from community_ops.kernel.lifecycle import Lifecycle, Transition, When
    from community_ops.kernel.merge_conflict import MergeConflict
    from community_ops.kernel.merging import Merge, merge
    from community_ops.kernel.migration import RenamedField, RenamedTable
    from community_ops.kernel.model import Model, TableOf
    from community_ops.kernel.record import Record, Value, at_least, ref
    from community_ops.kernel.ref import Ref
    from community_ops.kernel.schema import Schema
    from community_ops.kernel.table import Table
    from community_ops.kernel.values import DateRange, Estimate, Money
    from community_ops.kernel.view import ModelView
    from community_ops.monitoring.records import Metric
    from community_ops.operating_model import OperatingModel
    from community_ops.org.records import (
        Absence,
        Assignment,
        Deputy,
        Duty,
        Goal,
        Incentive,
        Meeting,
        Person,
        Position,
        ReportingLine,
        Responsibility,
        Skill,
        SkillLevel,
        Training,
        Unit,
    )
    from community_ops.plan.records import Allocation, Cost, Deliverable, Duration, Link, Plan, Progress, Step, Task
    from community_ops.plan.steering import Baseline, Decision, PlannedTask, Strategy, Study
    from community_ops.service.demand import Demand, Volume
    from community_ops.service.records import (
        EscalationLevel,
        Queue,
        Recipient,
        SlaPolicy,
        SlaTarget,
        Ticket,
        TicketEvent,
    )
    from community_ops.validation.baseline import FindingsBaseline
    from community_ops.validation.book import Profile, RuleBook
    from community_ops.validation.finding import Finding, Severity
    from community_ops.validation.records import Policy, Waiver
    from community_ops.validation.report import FindingError, Report
    from community_ops.validation.rule import Context, Rule, rule
    from community_ops.worktime.records import Calendar

    __version__: str

_NAMES = {
    "attrs": "evolve field frozen",
    "community_ops.errors": "CommunityOpsError Conflict DuplicateRecord IdClash IllegalTransition InvalidDocument "
    "InvalidRecord InvalidSchema LateRead MissingExtra Problem StillReferenced UnknownRecord",
    "community_ops.io.documents": "dump dumps load loads",
    "community_ops.kernel.changes": "ChangeSet Update diff",
    "community_ops.kernel.combining": "Combined combine",
    "community_ops.kernel.derived": "derived",
    "community_ops.kernel.frozenmap": "FrozenMap",
    "community_ops.kernel.json_schema": "json_schema",
    "community_ops.kernel.lifecycle": "Lifecycle Transition When",
    "community_ops.kernel.merge_conflict": "MergeConflict",
    "community_ops.kernel.merging": "Merge merge",
    "community_ops.kernel.migration": "RenamedField RenamedTable",
    "community_ops.kernel.model": "Model TableOf",
    "community_ops.kernel.record": "Record Value at_least ref",
    "community_ops.kernel.ref": "Ref",
    "community_ops.kernel.schema": "Schema",
    "community_ops.kernel.table": "Table",
    "community_ops.kernel.values": "DateRange Estimate Money",
    "community_ops.kernel.view": "ModelView",
    "community_ops.operating_model": "OperatingModel",
    "community_ops.monitoring.records": "Metric",
    "community_ops.org.records": "Absence Assignment Deputy Duty Goal Incentive Meeting Person Position ReportingLine "
    "Responsibility Skill SkillLevel Training Unit",
    "community_ops.plan.records": "Allocation Cost Deliverable Duration Link Plan Progress Step Task",
    "community_ops.plan.steering": "Baseline Decision PlannedTask Strategy Study",
    "community_ops.service.demand": "Demand Volume",
    "community_ops.service.records": "EscalationLevel Queue Recipient SlaPolicy SlaTarget Ticket TicketEvent",
    "community_ops.validation.baseline": "FindingsBaseline",
    "community_ops.validation.book": "Profile RuleBook",
    "community_ops.validation.finding": "Finding Severity",
    "community_ops.validation.records": "Policy Waiver",
    "community_ops.validation.report": "FindingError Report",
    "community_ops.validation.rule": "Context Rule rule",
    "community_ops.worktime.records": "Calendar",
}
_ROOMS = (
    "errors", "extensions", "io", "monitoring", "org", "plan", "service", "strategies", "templates", "validation",
    "view", "worktime",
)  # fmt: skip
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "Absence",
    "Allocation",
    "Assignment",
    "Baseline",
    "Calendar",
    "ChangeSet",
    "Combined",
    "CommunityOpsError",
    "Conflict",
    "Context",
    "Cost",
    "DateRange",
    "Decision",
    "Deliverable",
    "Demand",
    "Deputy",
    "DuplicateRecord",
    "Duration",
    "Duty",
    "EscalationLevel",
    "Estimate",
    "Finding",
    "FindingError",
    "FindingsBaseline",
    "FrozenMap",
    "Goal",
    "IdClash",
    "IllegalTransition",
    "Incentive",
    "InvalidDocument",
    "InvalidRecord",
    "InvalidSchema",
    "LateRead",
    "Lifecycle",
    "Link",
    "Meeting",
    "Merge",
    "MergeConflict",
    "Metric",
    "MissingExtra",
    "Model",
    "ModelView",
    "Money",
    "OperatingModel",
    "Person",
    "Plan",
    "PlannedTask",
    "Policy",
    "Position",
    "Problem",
    "Profile",
    "Progress",
    "Queue",
    "Recipient",
    "Record",
    "Ref",
    "RenamedField",
    "RenamedTable",
    "Report",
    "ReportingLine",
    "Responsibility",
    "Rule",
    "RuleBook",
    "Schema",
    "Severity",
    "Skill",
    "SkillLevel",
    "SlaPolicy",
    "SlaTarget",
    "Step",
    "StillReferenced",
    "Strategy",
    "Study",
    "Table",
    "TableOf",
    "Task",
    "Ticket",
    "TicketEvent",
    "Training",
    "Transition",
    "Unit",
    "UnknownRecord",
    "Update",
    "Value",
    "Volume",
    "Waiver",
    "When",
    "at_least",
    "combine",
    "derived",
    "diff",
    "dump",
    "dumps",
    "errors",
    "evolve",
    "extensions",
    "field",
    "frozen",
    "io",
    "json_schema",
    "load",
    "loads",
    "merge",
    "monitoring",
    "org",
    "plan",
    "ref",
    "rule",
    "service",
    "strategies",
    "templates",
    "validation",
    "view",
    "worktime",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    elif name in _ROOMS:
        value = import_module(f"community_ops.{name}")
    elif name == "__version__":
        value = _version()
    else:
        raise AttributeError(f"module 'community_ops' has no attribute {name!r}")
    globals()[name] = value
    return value


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow to import

    try:
        return version("community-ops")
    except PackageNotFoundError:  # the source is on the path, but nothing is installed
        return "0+unknown"


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])
