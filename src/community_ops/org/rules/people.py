"""Rules about people and what they hold: shared addresses, acting for long, units that are gone (ORG503 to ORG505)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions, ended_units
from community_ops.org.holding import places_in_force, positions_held
from community_ops.org.placement import home_at
from community_ops.org.records import Assignment, Person, Position, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.org.scoping import thresholds_by_unit
from community_ops.org.timeline import interval
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule

DAY = date(2026, 3, 2)


@rule(
    "ORG503",
    name="same-e-mail",
    en="{subject} and {others} have the same e-mail address, {email}.",
    zh="{subject}与{others}的电子邮箱相同：{email}。",
    needs=("person",),
    date_use="ignored",
)
def same_email(m: ModelView, context: Context) -> Iterator[Finding]:
    """Several people who are there at the same time have one e-mail address.

    Why it matters: it is one person recorded twice, whose time, skills and positions are then counted for two; or two
    people of whom one never gets what is written to them.

    How to fix: merge the two records; or correct the address.

    When it is wrong to heed it: for a mailbox that several share; that is no personal address, so leave it out.

    Addresses are compared without regard to case, width and outer spaces. An address that was given to somebody else
    after its first owner had left is not found. Equal names are never taken for equal people.
    """
    emails, employments = m.column(Person.email), m.column(Person.employment)
    if _all_different([email for email in emails if email]):
        return
    first: dict[str, int] = {}
    several: dict[str, list[int]] = {}
    for place, email in enumerate(emails):
        if email is not None and (plain := _plain(email)) and (met := first.setdefault(plain, place)) != place:
            several.setdefault(plain, [met]).append(place)
    ids = m.ids(Person)
    for plain, places in several.items():
        there = _at_one_time(places, employments)
        if there:
            subject, *others = refs = [Ref("person", ids[place]) for place in there]
            yield same_email.finding(
                subject, field="email", gathered=True, key=[plain, *sorted(ref.id for ref in refs)], related=others,
                others=tuple(others), email=plain,
            )  # fmt: skip


def _all_different(emails: list[str]) -> bool:
    """Tell at a glance whether no two addresses are the same; False where that takes a closer look."""
    lines = "\n".join(emails)
    folded = lines.lower().split("\n") if lines.isascii() else []
    return len(folded) == len(emails) == len(set(map(str.strip, folded)))


def _plain(email: str) -> str:
    folded = email if email.isascii() else unicodedata.normalize("NFKC", email)
    return folded.casefold().strip()


def _at_one_time(places: Iterable[int], employments: tuple[DateRange | None, ...]) -> list[int]:
    """Return those who are employed on a day on which another of them is, in order."""
    days = sorted((*interval(employments[place]), place) for place in places)
    days = [(first, stop, place) for first, stop, place in days if first < stop]
    found: set[int] = set()
    reach, longest = 0, -1
    for first, stop, place in days:
        if longest >= 0 and first < reach:
            found |= {longest, place}
        if stop > reach:
            reach, longest = stop, place
    return sorted(found)


@same_email.fires()
def _twice() -> Iterable[Record]:
    return [
        Person(id="ann", name="Ann", email="ann@example.org"),
        Person(id="ann-2", name="Ann B.", email="Ann@Example.org "),
    ]


@same_email.silent()
def _namesakes() -> Iterable[Record]:
    left = DateRange(end=date(2025, 12, 31))
    return [
        Person(id="w1", name="张伟", email="w1@example.org"),
        Person(id="w2", name="张伟", email="w2@example.org"),
        Person(id="gone", name="Gone", email="desk@example.org", employment=left),
        Person(id="new", name="New", email="desk@example.org", employment=DateRange(date(2026, 1, 1))),
    ]


@frozen
class ActingThresholds(Value):
    """How long somebody may stand in.

    Attributes:
        days: the most days.
    """

    days: int = field(default=180, metadata=at_least(0))


@rule(
    "ORG504",
    name="acting-for-long",
    severity=WARNING,
    status=True,
    en="{person} has been acting as {position} since {since}, {days} days; {most} are the most.",
    zh="{person}自 {since} 起代理{position}，已 {days} 天；最多宜 {most} 天。",
    needs=("assignment",),
    date_use="needed",
    thresholds=ActingThresholds(),
    scoped=True,
)
def acting_for_long(m: ModelView, context: Context) -> Iterator[Finding]:
    """Somebody has been standing in for longer than the threshold.

    Why it matters: an acting holder decides little that reaches far, and the work they came from waits.

    How to fix: make them the regular holder, or find one.

    When it is wrong to heed it: where the regular holder comes back on a known day after long leave; raise the
    threshold for the unit.

    Assignments without a first day are not judged.
    """
    acting, periods = m.column(Assignment.acting), m.column(Assignment.period)
    if True not in acting:
        return
    limits, held, people = thresholds_by_unit(m, context), positions_held(m), m.column(Assignment.person)
    ids, positions = m.ids(Assignment), m.column(Assignment.position)
    for place in places_in_force(m, context.day):
        period = periods[place]
        if acting[place] and period is not None and period.start is not None:
            days = (context.day - period.start).days
            known = held[place] < len(m.ids(Position))
            most = limits.of(home_at(m, held[place] if known else None)).days
            if days > most:
                who, what = Ref("person", people[place]), position(positions[place])
                yield acting_for_long.finding(
                    Ref("assignment", ids[place]), related=[who, what], person=who, position=what,
                    since=period.start, days=days, most=most,
                )  # fmt: skip


def _acting(since: date) -> list[Record]:
    return [
        Unit(id="hq", name="Head office", heads=("boss",)),
        Position(id="boss", title="Manager", unit="hq"),
        Person(id="ann", name="Ann"),
        Assignment(id="a1", person="ann", position="boss", fte=0, acting=True, period=DateRange(since)),
    ]


@acting_for_long.fires(at=DAY)
def _for_a_year() -> Iterable[Record]:
    return _acting(date(2025, 3, 2))


@acting_for_long.silent(at=DAY)
def _since_autumn() -> Iterable[Record]:
    return _acting(date(2025, 9, 3))


@rule(
    "ORG505",
    name="assigned-in-dissolved-unit",
    en="{subject} was dissolved on {day}, but {people} still {verb} {positions} there.",
    zh="{subject}已于 {day} 撤销，但{people}仍任{positions}。",
    needs=("unit", "position", "assignment"),
    date_use="needed",
)
def assigned_in_dissolved_unit(m: ModelView, context: Context) -> Iterator[Finding]:
    """Somebody holds a position of a unit whose last day is past.

    Why it matters: these people are in no unit that exists: nobody heads, counts or pays for them.

    How to fix: move the positions to the units that took over the work; or end the assignments and positions.

    When it is wrong to heed it: never; a unit that winds down with people in it has not ended.

    Positions that ended themselves are not looked at, nor are units whose period is backward.
    """
    past = ended_units(m, context.day)
    if not past:
        return
    homes, held, people = m.column(Position.unit), positions_held(m), m.column(Assignment.person)
    over, ids = ended_positions(m, context.day), m.ids(Position)
    found: dict[str, list[int]] = {}
    for place in places_in_force(m, context.day):
        seat = held[place]
        if seat < len(ids) and homes[seat] in past and ids[seat] not in over:
            found.setdefault(homes[seat], []).append(place)
    for home, places in found.items():
        who = tuple(dict.fromkeys(Ref("person", people[place]) for place in places))
        seats = tuple(dict.fromkeys(position(ids[held[place]]) for place in places))
        period = m.column(Unit.period)[m.place_index(Unit)[home]]
        assert period is not None  # it has a last day
        if period.backward:
            continue  # such a unit never was, which REF201 says
        yield assigned_in_dissolved_unit.finding(
            unit(home), related=(*seats, *who), day=period.end, people=who, positions=seats,
            verb="holds" if len(who) == 1 else "hold",
        )  # fmt: skip


def _dissolved(until: date) -> list[Record]:
    return [
        Unit(id="fax", name="Fax team", heads=("clerk",), period=DateRange(end=until)),
        Position(id="clerk", title="Clerk", unit="fax"),
        Person(id="ann", name="Ann"),
        Assignment(id="a1", person="ann", position="clerk"),
    ]


@assigned_in_dissolved_unit.fires(at=DAY)
def _forgotten() -> Iterable[Record]:
    return _dissolved(date(2026, 3, 1))


@assigned_in_dissolved_unit.silent(at=DAY)
def _last_day() -> Iterable[Record]:
    return _dissolved(DAY)


RULES = (same_email, acting_for_long, assigned_in_dissolved_unit)
"""The rules of this module."""
