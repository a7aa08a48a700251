"""How much of a position is really there, day by day.

A position has on a day the full-time equivalents of those who hold it, are employed and are not away. Where that is
nothing and a deputy for everything stands in (see `org/deputising.py`), it has those of the deputy's position.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.deputising import who_acts
from community_ops.org.exact import Scale
from community_ops.org.records import Absence, Assignment, Deputy, Person
from community_ops.org.timeline import EVER, NEVER, Step, interval, steps

Days = tuple[int, int]
"""Days as `[first, stop)` in day numbers."""


@frozen(eq=False, repr=False)
class Manning:
    """How much of some positions is there over time; made by `manning`.

    Attributes:
        scale: what one part of a full-time equivalent is.
        lines: for each position what is there in parts, from the beginning of time to its end without a gap.
    """

    scale: Scale
    lines: Mapping[str, Sequence[Step]]

    def at(self, position: str, on: date) -> Decimal:
        """Return the full-time equivalents of a position that are there on a day."""
        return self.scale.decimal(self.parts(position, on.toordinal()))

    def parts(self, position: str, on: int) -> int:
        """Return how much of a position is there on a day, in parts, by the day's number."""
        return _held(self.lines[position], on)


@derived
def manning(m: ModelView, positions: frozenset[str], since: date) -> Manning:
    """Return how much of some positions is there over time.

    Args:
        m: the model.
        positions: their ids; of one that does not exist nothing is there.
        since: the day from which on deputies are asked after.

    Example:
        >>> from community_ops import DateRange, OperatingModel, Position, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="hq", name="HQ"),
        ...     Position(id="clerk", title="Clerk", unit="hq"),
        ...     Person(id="ann", name="Ann"),
        ...     Assignment(id="a", person="ann", position="clerk", fte="0.5"),
        ...     Absence(id="b", person="ann", period=DateRange(date(2026, 3, 2), date(2026, 3, 6))),
        ... )
        >>> there = manning(model, frozenset({"clerk"}), date(2026, 3, 1))
        >>> there.at("clerk", date(2026, 3, 1)), there.at("clerk", date(2026, 3, 6))
        (Decimal('0.5'), Decimal('0'))
    """
    ftes = m.column(Assignment.fte)
    scale = Scale.of(ftes)
    behind = _deputies(m)
    asked = positions | {other for position in positions for other in _reached(behind, position)}
    held: dict[str, list[tuple[int, int, int]]] = {position: [] for position in asked}
    absences = _absences(m)
    employments = dict(zip(m.ids(Person), m.column(Person.employment), strict=True))
    columns = (m.column(Assignment.position), m.column(Assignment.person), m.column(Assignment.period), ftes)
    for position, person, period, fte in zip(*columns, strict=True):
        if position in held:
            employed = employments.get(person)  # of somebody who is no record nothing says that they are away
            whole = (EVER, NEVER) if employed is None or employed.backward else interval(employed)
            for first, stop in _outside(_shared(interval(period), whole), absences.get(person, ())):
                held[position].append((first, stop, scale.part(fte)))
    lines = {position: steps(pieces) for position, pieces in held.items()}
    covered = {position: tuple(_covered(m, position, lines, behind, since)) for position in positions}
    return Manning(scale, MappingProxyType(covered))


def _deputies(m: ModelView) -> Mapping[str, list[tuple[str, Days]]]:
    """Return for each position who may stand in for it in everything, and on which days."""
    found: dict[str, list[tuple[str, Days]]] = {}
    if m.schema.heirs(Deputy):
        columns = (m.column(Deputy.position), m.column(Deputy.deputy), m.column(Deputy.scope), m.column(Deputy.period))
        for position, deputy, scope, period in zip(*columns, strict=True):
            if not scope:
                found.setdefault(position, []).append((deputy, interval(period)))
    return found


def _reached(behind: Mapping[str, list[tuple[str, Days]]], position: str) -> list[str]:
    """Return the positions that may stand in for one, directly or for those who do."""
    found = {position: None}
    waiting = [position]
    while waiting:
        for deputy, _ in behind.get(waiting.pop(), ()):
            if deputy not in found:
                found[deputy] = None
                waiting.append(deputy)
    return list(found)


def _absences(m: ModelView) -> dict[str, list[Days]]:
    found: dict[str, list[Days]] = {}
    if m.schema.heirs(Absence):
        for person, period in zip(m.column(Absence.person), m.column(Absence.period), strict=True):
            found.setdefault(person, []).append(interval(period))
    return found


def _shared(a: Days, b: Days) -> Days:
    return max(a[0], b[0]), min(a[1], b[1])


def _outside(days: Days, taken: Iterable[Days]) -> Iterator[Days]:
    """Yield what is left of some days once others are taken out."""
    first, stop = days
    for begin, end in sorted(taken):
        if begin < end and end > first:
            if begin > first:
                yield first, min(begin, stop)
            first = max(first, end)
        if first >= stop:
            return
    if first < stop:
        yield first, stop


def _covered(
    m: ModelView,
    position: str,
    lines: Mapping[str, Sequence[Step]],
    behind: Mapping[str, list[tuple[str, Days]]],
    since: date,
) -> Iterator[Step]:
    """Yield what is there of a position, deputies included from a day on."""
    if position not in behind or position not in m.id_set("position"):
        yield from lines[position]
        return
    reached = _reached(behind, position)
    days = {step.first for other in reached for step in lines[other]}
    days.update(mark for other in reached for _, period in behind.get(other, ()) for mark in period)
    changes = sorted(mark for mark in days | {since.toordinal()} if since.toordinal() <= mark < NEVER)
    for step in lines[position]:
        later = changes[bisect_right(changes, step.first) : bisect_left(changes, step.stop)]
        marks = [step.first, *later]
        for first, stop in zip(marks, [*later, step.stop], strict=True):
            held = step.held
            if not held and first >= since.toordinal():
                acting = who_acts(m, position, date.fromordinal(first))
                held = _held(lines[acting.by], first) if acting.by is not None and acting.step == "deputy" else 0
            yield Step(first, stop, held, step.number)


def _held(line: Sequence[Step], on: int) -> int:
    return line[bisect_right([step.first for step in line], on) - 1].held
