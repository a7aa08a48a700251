"""What each person carries on a day: time, positions, reports, and what they answer for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.analysis.presence import people_employed
from community_ops.org.analysis.text import table
from community_ops.org.answering import raci
from community_ops.org.exact import Scale
from community_ops.org.holding import fte_parts, places_in_force, positions_held, positions_in_existence
from community_ops.org.lookup import look_up
from community_ops.org.reach import spans
from community_ops.org.records import Assignment, Person, Position


@frozen(kw_only=True)
class PersonLoad:
    """What one person carries on a day, through all positions they hold that exist then.

    Attributes:
        person: the id.
        fte: full-time equivalents assigned.
        positions: how many positions they hold.
        reports: how many people report to them directly, each once.
        accountable: how many records their positions are themselves accountable for, each once.
        responsible: how many records their positions do the work of, each once.
    """

    person: str
    fte: Decimal
    positions: int
    reports: int
    accountable: int
    responsible: int

    def __str__(self) -> str:
        holds = f"{self.person}: {self.fte} FTE, {self.positions} positions, {self.reports} reports"
        return f"{holds}, accountable for {self.accountable}, responsible for {self.responsible}"


@frozen(eq=False, repr=False)
class PersonLoads:
    """What everybody carries on a day; made by `person_loads`.

    Attributes:
        at: the day.
        loads: of everybody who belongs to the organisation on the day, in table order.
    """

    at: date
    loads: tuple[PersonLoad, ...]
    _rows: Mapping[str, int] = field(alias="rows")

    def of(self, person: str) -> PersonLoad:
        """Return what a person carries.

        Raises:
            UnknownRecord: no such person belongs to the organisation on the day.
        """
        return self.loads[look_up(self._rows, "person", person)]

    def __str__(self) -> str:
        heavy = sorted(self.loads, key=lambda one: (one.fte, one.reports, one.accountable), reverse=True)
        rows = [(one.person, one.fte, one.positions, one.reports, one.accountable, one.responsible) for one in heavy]
        header = ("person", "FTE", "positions", "reports", "accountable", "responsible")
        return f"load per person on {self.at}\n{table(header, rows)}"


@derived
def person_loads(m: ModelView, at: date) -> PersonLoads:
    """Return what everybody carries on a day who belongs to the organisation then. Linear.

    What people hold over all time, and when it is more than full time, `workloads` says.

    Example:
        >>> from community_ops import Duty, OperatingModel
        >>> model = OperatingModel.of(
        ...     Position(id="coo", title="COO", unit="hq"),
        ...     Person(id="ann", name="Ann"),
        ...     Assignment(id="a1", person="ann", position="coo", fte="0.8"),
        ...     Duty(id="post", name="Open the post", owner="coo"),
        ... )
        >>> person_loads(model, date(2026, 3, 2)).of("ann").accountable
        1
    """
    held, fte, scale = _held(m, at)
    ids, names = m.ids(Position), m.ids(Person)
    answers, works = _letters(m, at)
    reports = {span.person: len(span.people) for span in spans(m, at).by_person()}
    loads = []
    for place in people_employed(m, at):
        person = names[place]
        positions = [ids[seat] for seat in held.get(person, ())]
        loads.append(
            PersonLoad(
                person=person,
                fte=scale.decimal(fte[person]),
                positions=len(positions),
                reports=reports.get(person, 0),
                accountable=_distinct(answers, positions),
                responsible=_distinct(works, positions),
            )
        )
    return PersonLoads(at=at, loads=tuple(loads), rows={load.person: row for row, load in enumerate(loads)})


def _held(m: ModelView, at: date) -> tuple[Mapping[str, Sequence[int]], Mapping[str, int], Scale]:
    """Return the places of the existing positions that each holds, each once, and the FTE in parts."""
    there, positions, people = frozenset(positions_in_existence(m, at)), positions_held(m), m.column(Assignment.person)
    parts = fte_parts(m)
    held: dict[str, dict[int, None]] = {}
    fte: Counter[str] = Counter()
    for place in places_in_force(m, at):
        if positions[place] in there:
            held.setdefault(people[place], {})[positions[place]] = None
            fte[people[place]] += parts.fte[place]
    return {person: tuple(seats) for person, seats in held.items()}, fte, parts.scale


def _letters(m: ModelView, at: date) -> tuple[Mapping[str, list[int]], Mapping[str, list[int]]]:
    """Return the numbers of the records that each position answers for, and does the work of."""
    chart = raci(m, at)
    answers: dict[str, list[int]] = {}
    works: dict[str, list[int]] = {}
    for number, subject in enumerate(chart.subjects):
        for position in chart.accountable(subject, inherited=False):
            answers.setdefault(position, []).append(number)
        for position in chart.responsible(subject):
            works.setdefault(position, []).append(number)
    return answers, works


def _distinct(letters: Mapping[str, list[int]], positions: Sequence[str]) -> int:
    if len(positions) == 1:
        return len(letters.get(positions[0], ()))
    return len({number for position in positions for number in letters.get(position, ())})
