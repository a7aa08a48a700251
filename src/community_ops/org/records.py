"""The nouns of an organisation: units, positions, people and how they belong together.

Positions carry accountability, people hold positions: a person leaves, the position stays. The terms follow the W3C
Organization Ontology (https://www.w3.org/TR/vocab-org/): a `Position` is its Post, an `Assignment` its Membership,
`Unit.heads` its headOf, `Position.reports_to` its reportsTo.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from attrs import field, frozen

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least, ref
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange, Money

Role = Literal["responsible", "accountable", "consulted", "informed"]
LineKind = Literal["solid", "functional", "project", "administrative"]


@frozen(kw_only=True)
class Unit(Record):
    """A part of an organisation: the whole, a department, a team, a group.

    Attributes:
        name: what people call it.
        parent: the unit it is part of; None for the whole.
        kind: what sort of unit it is.
        mission: what it is there for, in a sentence.
        heads: the positions that head it; several share the headship.
        mandates: the duties it is charged with as a unit.
        period: from when to when it exists; None where that is not recorded.

    Example:
        >>> Unit(id="ops", name="Operations", parent="hq", kind="department", heads=("coo",))
        Unit(id='ops', name='Operations', parent='hq', kind='department', heads=('coo',))
    """

    kind_name: ClassVar[str] = "unit"
    table_name: ClassVar[str] = "units"

    name: str
    parent: str | None = field(default=None, metadata=ref("unit", "part of", acyclic=True, inverse="has part"))
    kind: Literal["organisation", "division", "department", "team", "group", "network"] = "team"
    mission: str = ""
    heads: tuple[str, ...] = field(default=(), metadata=ref("position", "headed by", inverse="heads"))
    mandates: tuple[str, ...] = field(default=(), metadata=ref("duty", "mandated with", inverse="mandate of"))
    period: DateRange | None = None


@frozen
class SkillLevel(Value):
    """A skill at a level: what a person has, or what a position needs.

    Attributes:
        skill: the skill.
        level: how well, from 1 (knows the basics) to 5 (teaches others), as in Dreyfus and Dreyfus (1980).
    """

    skill: str = field(metadata=ref("skill", "skilled in"))
    level: int = field(default=3, metadata=at_least(1))


@frozen(kw_only=True)
class Position(Record):
    """A place in the organisation that exists with or without a holder; it may have several seats.

    Attributes:
        title: what it is called.
        unit: the unit it sits in.
        reports_to: the position it reports to by the solid line; None at the top. A solid `ReportingLine` in force
            at a date overrides it on that date.
        seats: how many holders it is meant to have.
        seat_fte: full-time equivalents of one seat; 1 is full time.
        level: the management level in the organisation's own words, such as `"executive"`; thresholds refer to it.
        status: where it stands between an idea and its end.
        independent_of: units it must stay independent of, as an auditor of what it audits.
        requires: the skills it needs.
        monthly_cost: what one seat costs a month.
        mission: what it is there for, in a sentence.
        period: from when to when it exists; None where that is not recorded.
        opened: since when it has been looking for a holder; None where that is not recorded.

    Example:
        >>> Position(id="cmo", title="Chief Marketing Officer", unit="hq", reports_to="ceo")
        Position(id='cmo', title='Chief Marketing Officer', unit='hq', reports_to='ceo')
    """

    kind_name: ClassVar[str] = "position"
    table_name: ClassVar[str] = "positions"

    title: str
    unit: str = field(metadata=ref("unit", "in", inverse="has position"))
    reports_to: str | None = field(
        default=None,
        metadata=ref("position", "reports to", acyclic=True, inverse="manages", checked_by="ORG101"),
    )
    seats: int = field(default=1, metadata=at_least(0))
    seat_fte: Decimal = field(default=Decimal(1), converter=exact, metadata=at_least(0))
    level: str | None = None
    status: Literal["planned", "approved", "hiring", "frozen", "closed"] = "approved"
    independent_of: tuple[str, ...] = field(default=(), metadata=ref("unit", "independent of"))
    requires: tuple[SkillLevel, ...] = ()
    monthly_cost: Money | None = None
    mission: str = ""
    period: DateRange | None = None
    opened: date | None = None


@frozen(kw_only=True)
class Person(Record):
    """Someone who can hold positions.

    Attributes:
        name: what they are called; not unique.
        email: where to write to.
        employment: from when to when they belong to the organisation; None where that is not recorded.
        skills: what they can do, and how well.
    """

    kind_name: ClassVar[str] = "person"
    table_name: ClassVar[str] = "people"

    name: str
    email: str | None = None
    employment: DateRange | None = None
    skills: tuple[SkillLevel, ...] = ()


@frozen(kw_only=True)
class Assignment(Record):
    """A person holding a position for a time.

    Attributes:
        person: who.
        position: which position.
        fte: full-time equivalents given to it; 0 for someone who only acts in it.
        period: from when to when; None where it has always been so.
        acting: whether the person stands in until a regular holder comes.
    """

    kind_name: ClassVar[str] = "assignment"
    table_name: ClassVar[str] = "assignments"

    person: str = field(metadata=ref("person", "held by", inverse="has"))
    position: str = field(metadata=ref("position", "holds", inverse="held through"))
    fte: Decimal = field(default=Decimal(1), converter=exact, metadata=at_least(0))
    period: DateRange | None = None
    acting: bool = False


@frozen(kw_only=True)
class ReportingLine(Record):
    """A dated or second reporting line between two positions.

    Attributes:
        position: who reports.
        manager: to whom.
        kind: a `solid` line in force takes the place of `Position.reports_to`; the others are dotted lines.
        period: from when to when; None where it has always been so.
    """

    kind_name: ClassVar[str] = "reporting_line"
    table_name: ClassVar[str] = "reporting_lines"

    position: str = field(metadata=ref("position", "line from", inverse="reports by"))
    manager: str = field(metadata=ref("position", "line to", inverse="is reported to by"))
    kind: LineKind = "functional"
    period: DateRange | None = None


@frozen(kw_only=True)
class Duty(Record):
    """The smallest thing a position can be responsible for; larger ones are made of parts.

    Attributes:
        name: what is to be done.
        part_of: the larger duty it is a part of.
        owner: the position accountable for it, the A of RACI; None where a `Responsibility` says so.
        description: what it takes, at length.
    """

    kind_name: ClassVar[str] = "duty"
    table_name: ClassVar[str] = "duties"

    name: str
    part_of: str | None = field(default=None, metadata=ref("duty", "part of", acyclic=True, inverse="has part"))
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))
    description: str = ""


@frozen(kw_only=True)
class Responsibility(Record):
    """One letter of a RACI chart: what a position is to a record.

    Attributes:
        subject: the record, of any kind.
        position: the position.
        role: what the position is to it.
        period: from when to when; None where it has always been so.
    """

    kind_name: ClassVar[str] = "responsibility"
    table_name: ClassVar[str] = "responsibilities"

    subject: Ref = field(metadata=ref(None, "for", inverse="has role"))
    position: str = field(metadata=ref("position", "role of", inverse="has role in"))
    role: Role = "responsible"
    period: DateRange | None = None


@frozen(kw_only=True)
class Goal(Record):
    """Something the organisation wants to reach.

    Attributes:
        name: what is to be reached.
        parent: the goal it serves.
        unit: the unit whose goal it is.
        owner: the position accountable for it.
        description: what it means, at length.
    """

    kind_name: ClassVar[str] = "goal"
    table_name: ClassVar[str] = "goals"

    name: str
    parent: str | None = field(default=None, metadata=ref("goal", "serves", acyclic=True, inverse="served by"))
    unit: str | None = field(default=None, metadata=ref("unit", "goal of", inverse="has goal"))
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))
    description: str = ""


@frozen(kw_only=True)
class Skill(Record):
    """Something people can do and positions need.

    Attributes:
        name: what it is called.
        description: what it covers.
    """

    kind_name: ClassVar[str] = "skill"
    table_name: ClassVar[str] = "skills"

    name: str
    description: str = ""
