"""The nouns of an organisation: units, positions, people and how they belong together.

Positions carry accountability, people hold positions: a person leaves, the position stays. The terms follow the W3C
Organization Ontology (https://www.w3.org/TR/vocab-org/): a `Position` is its Post, an `Assignment` its Membership,
`Unit.heads` its headOf, `Position.reports_to` its reportsTo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal

from attrs import field, frozen
from attrs.converters import optional

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least, ref
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange, Money

Role = Literal["responsible", "accountable", "consulted", "informed"]
LineKind = Literal["solid", "functional", "project", "administrative"]
LOCAL_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]"
"""A date and time on some zone's clocks, to the minute."""


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
        calendar: the working time of its people; None for that of the unit it is part of.

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
    calendar: str | None = field(default=None, metadata=ref("calendar", "works by", inverse="working time of"))


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
        metric: what it is measured by.
        target: the value of the metric that is to be reached.
        due: the day by whose end it is to be reached.
        reached: the day on which it was reached.
    """

    kind_name: ClassVar[str] = "goal"
    table_name: ClassVar[str] = "goals"

    name: str
    parent: str | None = field(default=None, metadata=ref("goal", "serves", acyclic=True, inverse="served by"))
    unit: str | None = field(default=None, metadata=ref("unit", "goal of", inverse="has goal"))
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))
    description: str = ""
    metric: str | None = field(default=None, metadata=ref("metric", "measured by", inverse="measures"))
    target: Decimal | None = field(default=None, converter=optional(exact))
    due: date | None = None
    reached: date | None = None


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


@frozen(kw_only=True)
class Absence(Record):
    """A time in which a person does none of what they hold.

    Attributes:
        person: who is away.
        kind: why: on leave, lent to somebody else, or ill. Where even that is private, say leave.
        period: from when to when; one without an end goes on until it is given one.

    Example:
        >>> Absence(id="a1", person="ann", period=DateRange(date(2026, 3, 2), date(2026, 3, 6)))
        Absence(id='a1', person='ann', period=DateRange(start=datetime.date(2026, 3, 2), end=datetime.date(2026, 3, 6)))
    """

    kind_name: ClassVar[str] = "absence"
    table_name: ClassVar[str] = "absences"

    person: str = field(metadata=ref("person", "absence of", inverse="is away by"))
    kind: Literal["leave", "secondment", "sick"] = "leave"
    period: DateRange


@frozen(kw_only=True)
class Deputy(Record):
    """A position that stands in for another when nobody who holds it is there.

    Attributes:
        position: whom it stands in for.
        deputy: the position that stands in.
        scope: the records it stands in for; a duty includes its parts. Empty for everything.
        order: which of several is asked first, from 1; those of one order by their ids.
        period: from when to when; None where it has always been so.

    Example:
        >>> Deputy(id="d1", position="cmo", deputy="coo")
        Deputy(id='d1', position='cmo', deputy='coo')
    """

    kind_name: ClassVar[str] = "deputy"
    table_name: ClassVar[str] = "deputies"

    position: str = field(metadata=ref("position", "stands in for", inverse="has deputy"))
    deputy: str = field(metadata=ref("position", "stood in by", inverse="is deputy by"))
    scope: tuple[Ref, ...] = field(default=(), metadata=ref(None, "as regards", inverse="has deputies by"))
    order: int = field(default=1, metadata=at_least(1))
    period: DateRange | None = None


@frozen(kw_only=True)
class Training(Record):
    """A course, or any other way in which people reach a level of a skill.

    Attributes:
        name: what it is called.
        skill: the skill it raises.
        level: the level that people have afterwards, from 1 to 5.
        people: who is booked.
        places: how many can be taught at once; None for no limit.
        requires: what people must be able to do before.
        period: when it takes place; None where that is open, as for an offer that may be taken up any time.
        cost: what it costs for one person; None where that is not known.
        owner: the position accountable for it.

    Example:
        >>> Training(id="t1", name="Moderation", skill="moderation", level=4, people=["ann"])
        Training(id='t1', name='Moderation', skill='moderation', level=4, people=('ann',))
    """

    kind_name: ClassVar[str] = "training"
    table_name: ClassVar[str] = "trainings"

    name: str
    skill: str = field(metadata=ref("skill", "raises", inverse="raised by"))
    level: int = field(default=3, metadata=at_least(1))
    people: tuple[str, ...] = field(default=(), metadata=ref("person", "teaches", inverse="is taught by"))
    places: int | None = field(default=None, metadata=at_least(0))
    requires: tuple[SkillLevel, ...] = ()
    period: DateRange | None = None
    cost: Money | None = None
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))


@frozen(kw_only=True)
class Incentive(Record):
    """A reward that holders of positions get for what becomes of a metric.

    Attributes:
        name: what it is called.
        positions: whose holders get it.
        metric: what it is paid for.
        pays_for: which way the metric has to go; None for the way the metric itself is meant to go.
        reward: what there is to get, in words.
        amount: what that is worth for one person, at its full size.
        period: from when to when it is offered; None where it has always been so.
        owner: the position accountable for it.

    Example:
        >>> Incentive(id="i1", name="Growth bonus", positions=["cmo"], metric="members", reward="a month's pay")
        Incentive(id='i1', name='Growth bonus', positions=('cmo',), metric='members', reward="a month's pay")
    """

    kind_name: ClassVar[str] = "incentive"
    table_name: ClassVar[str] = "incentives"

    name: str
    positions: tuple[str, ...] = field(default=(), metadata=ref("position", "rewards", inverse="rewarded by"))
    metric: str | None = field(default=None, metadata=ref("metric", "paid for", inverse="pays"))
    pays_for: Literal["higher", "lower"] | None = None
    reward: str = ""
    amount: Money | None = None
    period: DateRange | None = None
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))


@frozen(kw_only=True)
class Meeting(Record):
    """A meeting of positions, held once or again and again.

    Attributes:
        name: what it is called.
        participants: the positions that take part; whoever holds them is there.
        purpose: what it is for.
        decision: whether decisions are taken there.
        start: when it is held first, on the clocks of its zone, such as `"2026-03-02T10:00"`; None while that is open.
        zone: the time zone whose clocks it goes by, as IANA names it.
        duration: how long it takes.
        recurrence: when it is held again, as an RFC 5545 recurrence rule such as `"FREQ=WEEKLY;BYDAY=MO"`; empty for
            a meeting held once.
        except_dates: the days on which it is left out all the same, on the clocks of its zone, as RFC 5545's EXDATE;
            COUNT counts what is left out on them.
        owner: the position accountable for it, which usually has the chair.

    Example:
        >>> Meeting(id="m1", name="Weekly", participants=["ceo"], start="2026-03-02T10:00", recurrence="FREQ=WEEKLY")
        Meeting(id='m1', name='Weekly', participants=('ceo',), start='2026-03-02T10:00', recurrence='FREQ=WEEKLY')
    """

    kind_name: ClassVar[str] = "meeting"
    table_name: ClassVar[str] = "meetings"
    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "start": {"pattern": f"^{LOCAL_TIME}$", "maxLength": 16, "examples": ["2026-03-02T10:00"]},
        "zone": {"examples": ["Asia/Shanghai"]},
        "duration": {"examples": ["PT1H30M"]},
        "recurrence": {"examples": ["FREQ=WEEKLY;BYDAY=MO"]},
    }

    name: str
    participants: tuple[str, ...] = field(default=(), metadata=ref("position", "attended by", inverse="attends"))
    purpose: str = ""
    decision: bool = False
    start: str | None = None
    zone: str = "UTC"
    duration: timedelta = timedelta(hours=1)
    recurrence: str = ""
    except_dates: tuple[date, ...] = ()
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        from community_ops.org.recurring import complaints  # noqa: PLC0415 - most models have no meetings

        return complaints(self.start, self.zone, self.duration, self.recurrence)
