"""Small organisations with everything that the analysis reads, whole and broken, and plain questions about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from community_ops import (
    Assignment,
    DateRange,
    Duty,
    Money,
    OperatingModel,
    Person,
    Position,
    Ref,
    ReportingLine,
    Responsibility,
    SkillLevel,
    Unit,
)
from tests.org import naive

DAY = date(2026, 3, 2)
UNITS, POSITIONS, PEOPLE, DUTIES, SKILLS = "uvwx", "abcdefgh", "PQRST", "jkl", "xyz"

periods = st.sampled_from(
    [
        None,
        None,
        DateRange(end=DAY),
        DateRange(start=DAY),
        DateRange(DAY - timedelta(9), DAY + timedelta(9)),
        DateRange(end=DAY - timedelta(1)),
        DateRange(start=DAY + timedelta(1)),
        DateRange(DAY + timedelta(1), DAY - timedelta(1)),
    ]
)
skills = st.lists(st.builds(SkillLevel, st.sampled_from(SKILLS), st.integers(1, 4)), max_size=3).map(tuple)
costs = st.none() | st.builds(
    Money,
    st.sampled_from(["0", "0.10", "0.25", "7", "1000000000000000000000000000001"]),
    st.sampled_from(["CNY", "EUR"]),
)
statuses = st.sampled_from(["approved", "approved", "hiring", "frozen", "planned", "closed"])
levels = st.sampled_from([None, "top", "mid", "low"])


@st.composite
def organisations(draw: st.DrawFn) -> OperatingModel:
    """A model in which anything may be missing, going in circles, or not in force on the day."""
    units = [Unit(id=id, name=id, parent=up) for id, up in draw(naive.lines(UNITS)).items()]
    above = draw(naive.lines(POSITIONS))
    positions = [_position(draw, id, up) for id, up in above.items()]
    people = [
        Person(id=id, name=id, employment=draw(periods), skills=draw(skills))
        for id in draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    ]
    seats = st.sampled_from([*above, "ghost"])
    held = [
        Assignment(
            id=f"a{n}",
            person=draw(st.sampled_from(PEOPLE)),
            position=draw(seats),
            fte=draw(st.sampled_from(["0", "0.5", "1", "0.333"])),
            period=draw(periods),
        )
        for n in range(draw(st.integers(0, 8)))
    ]
    lines = [
        ReportingLine(
            id=f"l{n}",
            position=draw(seats),
            manager=draw(seats),
            kind=draw(st.sampled_from(["solid", "functional", "project"])),
            period=draw(periods),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    return OperatingModel([*units, *positions, *people, *held, *lines, *_duties(draw, seats)])


def _position(draw: st.DrawFn, id: str, up: str | None) -> Position:
    return Position(
        id=id,
        title=id,
        unit=draw(st.sampled_from([*UNITS, "ghost"])),
        reports_to=up,
        seats=draw(st.integers(0, 3)),
        seat_fte=draw(st.sampled_from(["1", "0.5", "0"])),
        level=draw(levels),
        status=draw(statuses),
        requires=draw(skills),
        monthly_cost=draw(costs),
        period=draw(periods),
        opened=draw(st.sampled_from([None, DAY - timedelta(40), DAY + timedelta(3)])),
    )


def _duties(draw: st.DrawFn, seats: st.SearchStrategy[str]) -> list[Any]:
    made = [
        Duty(id=id, name=id, part_of=up, owner=draw(st.none() | seats)) for id, up in draw(naive.lines(DUTIES)).items()
    ]
    letters = [
        Responsibility(
            id=f"r{n}",
            subject=Ref("duty", draw(st.sampled_from(DUTIES))),
            position=draw(seats),
            role=draw(st.sampled_from(["responsible", "accountable", "consulted", "informed"])),
            period=draw(periods),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    return [*made, *letters]


# -- plain questions -----------------------------------------------------------------------------------------


def on(period: DateRange | None) -> bool:
    return period is None or ((period.start or date.min) <= DAY <= (period.end or date.max))


def existing(model: OperatingModel) -> list[Position]:
    return [p for p in model.positions if p.status not in ("planned", "closed") and on(p.period)]


def held_by(model: OperatingModel, position: str) -> list[str]:
    """Who holds a position, each once."""
    return list(dict.fromkeys(a.person for a in model.assignments if a.position == position and on(a.period)))


def filled(model: OperatingModel, position: Position) -> int:
    held = [a for a in model.assignments if a.position == position.id and on(a.period)]
    if not held or position.seats == 0:
        return 0
    if position.seat_fte == 0:
        return min(position.seats, len(held))
    whole, rest = divmod(sum(a.fte for a in held), position.seat_fte)
    return min(position.seats, max(1, int(whole) + (rest > 0)))


def managers(model: OperatingModel) -> dict[str, str | None]:
    """Who is above whom by solid lines in force; of several the one that started last, then the smallest id."""
    found = {p.id: p.reports_to for p in model.positions}
    for line in sorted(model.reporting_lines, key=lambda line: line.id, reverse=True):
        if line.kind == "solid" and on(line.period) and line.position in found:
            found[line.position] = None
    for position in found:
        solid = [x for x in model.reporting_lines if x.position == position and x.kind == "solid" and on(x.period)]
        if solid:
            started = {x.id: (x.period is not None, (x.period and x.period.start) or date.min) for x in solid}
            last = max(started.values())
            found[position] = min((x for x in solid if started[x.id] == last), key=lambda x: x.id).manager
    return found


def reports(model: OperatingModel) -> dict[str, list[Position]]:
    """What reports to each existing position, among existing positions, nobody to themselves."""
    above, there = managers(model), existing(model)
    found = {m.id: [p for p in there if above[p.id] == m.id and p.id != m.id] for m in there}
    return {id: below for id, below in found.items() if below}


def employed(model: OperatingModel) -> list[Person]:
    return [p for p in model.people if on(p.employment)]


def within(model: OperatingModel, unit: str) -> set[str]:
    """A unit and all under it."""
    lines = {u.id: u.parent for u in model.units}
    return naive.descendants(lines, unit) | {unit}
