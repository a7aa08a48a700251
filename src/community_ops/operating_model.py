"""`OperatingModel`: the built-in schema, with a named table for every kind, and checking by the built-in rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from community_ops.kernel.migration import Migration, RenamedField
from community_ops.kernel.model import Model, TableOf
from community_ops.kernel.schema import Schema
from community_ops.monitoring import records as monitoring
from community_ops.org import records as org
from community_ops.plan import records as plan
from community_ops.plan import steering
from community_ops.service import records as service
from community_ops.validation import records as checking
from community_ops.worktime import records as worktime

if TYPE_CHECKING:
    from community_ops.validation.book import RuleBook
    from community_ops.validation.report import Report


class OperatingModel(Model):
    """An organisation and how it works, as one immutable graph of records.

    To add kinds, extend the schema in a subclass: `schema = OperatingModel.schema.extend(Contract)`; to add rules,
    extend the rule book in its `rules`.

    Example:
        >>> from community_ops import OperatingModel, Position, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="hq", name="HQ", heads=("ceo",)), Position(id="ceo", title="CEO", unit="hq", reports_to="board")
        ... )
        >>> print(model.check())
        REF101 error position:ceo  CEO names 'board' as reports_to, but there is no position of that id.
        not judged without a date: ORG401 and ORG708
        1 error
    """

    __slots__ = ()

    schema: ClassVar[Schema] = Schema.of(
        org.Unit,
        org.Position,
        org.Person,
        org.Assignment,
        org.ReportingLine,
        org.Duty,
        org.Responsibility,
        org.Goal,
        org.Skill,
        org.Absence,
        org.Deputy,
        org.Training,
        org.Incentive,
        org.Meeting,
        worktime.Calendar,
        plan.Plan,
        plan.Task,
        steering.Strategy,
        steering.Study,
        steering.Decision,
        steering.Baseline,
        service.Queue,
        service.SlaPolicy,
        service.Ticket,
        monitoring.Metric,
        checking.Waiver,
        checking.Policy,
    )

    _built_in_migrations: ClassVar[tuple[Migration, ...]] = (
        RenamedField("positions", "cost", "monthly_cost"),  # version 2: what a reader of the JSON could not know
    )

    units: TableOf[org.Unit] = TableOf(org.Unit)
    positions: TableOf[org.Position] = TableOf(org.Position)
    people: TableOf[org.Person] = TableOf(org.Person)
    assignments: TableOf[org.Assignment] = TableOf(org.Assignment)
    reporting_lines: TableOf[org.ReportingLine] = TableOf(org.ReportingLine)
    duties: TableOf[org.Duty] = TableOf(org.Duty)
    responsibilities: TableOf[org.Responsibility] = TableOf(org.Responsibility)
    goals: TableOf[org.Goal] = TableOf(org.Goal)
    skills: TableOf[org.Skill] = TableOf(org.Skill)
    absences: TableOf[org.Absence] = TableOf(org.Absence)
    deputies: TableOf[org.Deputy] = TableOf(org.Deputy)
    trainings: TableOf[org.Training] = TableOf(org.Training)
    incentives: TableOf[org.Incentive] = TableOf(org.Incentive)
    meetings: TableOf[org.Meeting] = TableOf(org.Meeting)
    calendars: TableOf[worktime.Calendar] = TableOf(worktime.Calendar)
    plans: TableOf[plan.Plan] = TableOf(plan.Plan)
    tasks: TableOf[plan.Task] = TableOf(plan.Task)
    strategies: TableOf[steering.Strategy] = TableOf(steering.Strategy)
    studies: TableOf[steering.Study] = TableOf(steering.Study)
    decisions: TableOf[steering.Decision] = TableOf(steering.Decision)
    baselines: TableOf[steering.Baseline] = TableOf(steering.Baseline)
    queues: TableOf[service.Queue] = TableOf(service.Queue)
    sla_policies: TableOf[service.SlaPolicy] = TableOf(service.SlaPolicy)
    tickets: TableOf[service.Ticket] = TableOf(service.Ticket)
    metrics: TableOf[monitoring.Metric] = TableOf(monitoring.Metric)
    waivers: TableOf[checking.Waiver] = TableOf(checking.Waiver)
    policies: TableOf[checking.Policy] = TableOf(checking.Policy)

    @classmethod
    def rules(cls) -> RuleBook:
        """Return the rules that `check` runs; a subclass may extend them."""
        return _built_in_rules()

    def check(
        self,
        at: date | datetime | None = None,
        *,
        rules: RuleBook | None = None,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
    ) -> Report:
        """Judge the model by its rules.

        Args:
            at: the date to judge at, or an instant, an aware datetime; rules that need what was not given are listed
                as skipped. Of an instant, the rules that need no more see the date that its own zone's clocks show.
            rules: the rules to judge by; None for `self.rules()`.
            select: prefixes of the codes to run; empty for all. An opt-in rule runs only when its whole code is given.
            ignore: prefixes of the codes not to run.

        Raises:
            LookupError: a prefix fits no rule.
            NotAnInstant: `at` is a datetime without a time zone.
        """
        book = self.rules() if rules is None else rules
        if select:
            book = book.select(*select)
        if ignore:
            book = book.ignore(*ignore)
        return book.check(self, at)


@cache
def _built_in_rules() -> RuleBook:
    from community_ops.org.rules import RULES as ORG  # noqa: PLC0415 - rules are loaded when something is checked
    from community_ops.plan.rules import RULES as PLAN  # noqa: PLC0415
    from community_ops.service.rules import RULES as SERVICE  # noqa: PLC0415
    from community_ops.validation.book import RuleBook  # noqa: PLC0415
    from community_ops.validation.references import RULES as REFERENCES  # noqa: PLC0415
    from community_ops.validation.unknown import RULES as UNKNOWN  # noqa: PLC0415
    from community_ops.validation.waiving import RULES as WAIVERS  # noqa: PLC0415
    from community_ops.worktime.rules import RULES as WORKTIME  # noqa: PLC0415

    return RuleBook.of(*REFERENCES, *UNKNOWN, *ORG, *WORKTIME, *PLAN, *SERVICE, *WAIVERS)
