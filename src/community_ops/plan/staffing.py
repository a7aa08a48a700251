"""How much of positions a plan can count on, day by day: who is there, or the seats there are.

Who is there says `manning.py`. Where nobody is, all seats of a position count from the day on that a policy for PLN403
names as `backfill`. Schedules, loads and levelled plans all ask here, so that none counts on somebody whom another
does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

from attrs import frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.derived import derived
from community_ops.kernel.record import Value
from community_ops.kernel.text import shown
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.records import Position
from community_ops.org.timeline import Step, interval, steps
from community_ops.plan.lengths import Clocks
from community_ops.plan.manning import held_on, manning
from community_ops.validation.policies import values_for_all
from community_ops.worktime.axis import FIRST, LAST

RULE = "PLN403"
"""The rule on work that nobody is there to do; its policy says from when on vacant positions are counted as filled."""
Basis = Literal["held", "seats"]
Changes = Sequence[tuple[int, int]]
"""From when on how much is there, earliest first; from the beginning of time."""


@frozen
class BackfillThresholds(Value):
    """What is expected of vacant positions.

    Attributes:
        backfill: the day from which on positions that nobody is in count as filled, all their seats; None for no such
            day.
    """

    backfill: date | None = None


@frozen
class Staffing:
    """How much of some positions a plan can count on over time; made by `staffing`.

    Attributes:
        scale: what one part of a full-time equivalent is.
        days: for each position from which day numbers on how many parts of it there are.
    """

    scale: Scale
    days: Mapping[str, Changes]

    def instants(self, clocks: Clocks, scale: Scale) -> Mapping[str, Changes]:
        """Return the same by instants: a day begins when it does on the clocks of a plan's own calendar.

        Args:
            clocks: the calendars of the plan.
            scale: what one part is to be, as fine as their own or finer.
        """
        finer = 10 ** (scale.digits - self.scale.digits)
        return {
            position: [(_instant(first, clocks), parts * finer) for first, parts in changes]
            for position, changes in self.days.items()
        }


@derived(cutoff=True)
def staffing(m: ModelView, positions: frozenset[str], since: date, basis: Basis = "held") -> Staffing:
    """Return how much of some positions a plan can count on.

    Args:
        m: the model.
        positions: their ids; of one that does not exist there is nothing.
        since: the day from which on deputies stand in.
        basis: whether those count who really hold a position, or the seats it has while it exists.

    Raises:
        InvalidRecord: there is no such basis.

    Example:
        >>> from community_ops import DateRange, OperatingModel, Policy, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="hq", name="HQ"),
        ...     Position(id="clerk", title="Clerk", unit="hq", seats=2),
        ...     Policy(id="filled", rule="PLN403", values={"backfill": "2026-04-01"}),
        ... )
        >>> found = staffing(model, frozenset({"clerk"}), date(2026, 3, 2))
        >>> [(date.fromordinal(day), parts) for day, parts in found.days["clerk"] if day]
        [(datetime.date(2026, 4, 1), 2)]
    """
    if basis not in get_args(Basis):
        raise InvalidRecord("staffing", None, [("basis", basis, f"must be held or seats, got {shown(basis)}")])
    fine, seats = _seats(m, positions)
    if basis == "seats":
        return Staffing(fine, MappingProxyType({id: _changes(line) for id, line in seats.items()}))
    held = manning(m, positions, since)
    backfill = values_for_all(m, RULE, BackfillThresholds()).backfill
    if backfill is None:
        return Staffing(held.scale, MappingProxyType({id: _changes(line) for id, line in held.lines.items()}))
    scale = Scale(max(held.scale.digits, fine.digits))
    wide, filled = 10 ** (scale.digits - held.scale.digits), 10 ** (scale.digits - fine.digits)
    first = backfill.toordinal()
    found = {}
    for id, line in held.lines.items():
        marks = sorted({step.first for step in (*line, *seats[id])} | {first})
        found[id] = tuple(
            [
                (day, held_on(line, day) * wide or (held_on(seats[id], day) * filled if day >= first else 0))
                for day in marks
            ]
        )
    return Staffing(scale, MappingProxyType(found))


def _changes(line: Sequence[Step]) -> Changes:
    return tuple([(step.first, step.held) for step in line])


def _seats(m: ModelView, positions: frozenset[str]) -> tuple[Scale, Mapping[str, Sequence[Step]]]:
    """Return what the seats of positions amount to while the positions exist; closed ones have none."""
    index = m.place_index(Position)
    seats, ftes = m.column(Position.seats), m.column(Position.seat_fte)
    statuses, periods = m.column(Position.status), m.column(Position.period)
    places = {position: index[position] for position in positions if position in index}
    scale = Scale.of([ftes[place] for place in places.values()])
    found: dict[str, Sequence[Step]] = {position: steps([]) for position in positions}
    for id, place in places.items():
        if statuses[place] != "closed":
            found[id] = steps([(*interval(periods[place]), seats[place] * scale.part(ftes[place]))])
    return scale, found


def _instant(day: int, clocks: Clocks) -> int:
    if not date.min.toordinal() < day < date.max.toordinal():
        return FIRST if day <= date.min.toordinal() else LAST
    return clocks.instant(date.fromordinal(day), 0)
