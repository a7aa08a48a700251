"""What each person holds over time: full-time equivalents in sum, one position twice, time outside employment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from operator import itemgetter
from types import MappingProxyType

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.lookup import look_up
from community_ops.org.records import Assignment, Person
from community_ops.org.timeline import EVER, NEVER, interval, period_of, steps

FULL_TIME = Decimal(1)


@frozen
class Load:
    """What a person holds between two changes.

    Attributes:
        period: the days.
        fte: full-time equivalents in sum.
        number: how many assignments that is.
    """

    period: DateRange
    fte: Decimal
    number: int


@frozen
class Overload:
    """A person who holds more than a limit on some days.

    Attributes:
        person: the id of the person.
        periods: the days, as unbroken runs, earliest first.
        peak: the greatest sum of full-time equivalents on any of them.
        assignments: the ids of the assignments that count on any of them, in table order.
    """

    person: str
    periods: tuple[DateRange, ...]
    peak: Decimal
    assignments: tuple[str, ...]


@frozen(eq=False, repr=False)
class Workloads:
    """What every person holds over time; made by `workloads`."""

    _ids: tuple[str, ...] = field(alias="ids")
    _periods: tuple[DateRange | None, ...] = field(alias="periods")
    _parts: tuple[int, ...] = field(alias="parts")
    _scale: Scale = field(alias="scale")
    _held: Mapping[str, list[int]] = field(alias="held")
    """For every person the places of their assignments."""
    _totals: Mapping[str, int] = field(alias="totals")
    """For every person the sum of all assignments, whenever they are."""

    def of(self, person: str) -> tuple[Load, ...]:
        """Return what a person holds, one period after the other, without times in which it is nothing.

        Raises:
            UnknownRecord: there is no such person.
        """
        line = steps(self._pieces(look_up(self._held, "person", person)))
        return tuple(
            [
                Load(period_of(step.first, step.stop), self._scale.decimal(step.held), step.number)
                for step in line
                if step.number
            ]
        )

    def over(self, limit: Decimal | int = FULL_TIME) -> tuple[Overload, ...]:
        """Return the people who hold more than a limit on some days, in table order.

        Args:
            limit: full-time equivalents.
        """
        numerator, denominator = limit.as_integer_ratio()
        most = numerator * 10**self._scale.digits // denominator
        found = []
        for person, total in self._totals.items():
            if total > most:  # else it can be on no day
                overload = self._overload(person, self._held[person], most)
                found += [overload] if overload else []
        return tuple(found)

    def _pieces(self, places: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        return ((*interval(self._periods[place]), self._parts[place]) for place in places)

    def _overload(self, person: str, places: Sequence[int], most: int) -> Overload | None:
        over = [step for step in steps(self._pieces(places)) if step.held > most]
        if not over:
            return None
        runs: list[tuple[int, int]] = []
        for step in over:
            if runs and runs[-1][1] == step.first:
                runs[-1] = runs[-1][0], step.stop
            else:
                runs.append((step.first, step.stop))
        return Overload(
            person=person,
            periods=tuple([period_of(first, stop) for first, stop in runs]),
            peak=self._scale.decimal(max(step.held for step in over)),
            assignments=tuple([self._ids[place] for place in places if self._touches(place, runs)]),
        )

    def _touches(self, place: int, runs: Sequence[tuple[int, int]]) -> bool:
        first, stop = interval(self._periods[place])
        # The first run that ends after the assignment begins is the only one that has to be looked at.
        at = bisect_right(runs, first, key=itemgetter(1))
        return at < len(runs) and runs[at][0] < stop and first < stop


@derived
def workloads(m: ModelView) -> Workloads:
    """Return what every person holds over time.

    Assignments of people who are not there belong to nobody.

    Example:
        >>> from community_ops import Assignment, DateRange, OperatingModel, Person
        >>> may, june = DateRange(date(2026, 5, 1), date(2026, 5, 31)), DateRange(start=date(2026, 5, 20))
        >>> model = OperatingModel.of(
        ...     Person(id="ann", name="Ann"),
        ...     Assignment(id="a1", person="ann", position="coo", fte="0.8", period=may),
        ...     Assignment(id="a2", person="ann", position="cmo", fte="0.4", period=june),
        ... )
        >>> for overload in workloads(model).over(limit=1):
        ...     print(overload.person, overload.peak, *overload.periods)
        ann 1.2 2026-05-20 to 2026-05-31
    """
    scale, parts = _parts(m)
    return Workloads(m.ids(Assignment), m.column(Assignment.period), parts, scale, _places_by_person(m), _totals(m))


@derived
def _parts(m: ModelView) -> tuple[Scale, tuple[int, ...]]:
    """Return the FTE of every assignment as whole parts of a scale."""
    fte = m.column(Assignment.fte)
    scale = Scale.of(fte)
    return scale, tuple(scale.parts(fte))


@derived
def _places_by_person(m: ModelView) -> Mapping[str, list[int]]:
    """Return the places of all assignments of each person, in table order."""
    held: dict[str, list[int]] = {person: [] for person in m.ids(Person)}
    for place, person in enumerate(m.column(Assignment.person)):
        if person in held:
            held[person].append(place)
    return MappingProxyType(held)


@derived
def _totals(m: ModelView) -> Mapping[str, int]:
    """Return the sum of all assignments of each person; reads no periods, so that it outlives their edits."""
    totals = dict.fromkeys(m.ids(Person), 0)
    for person, part in zip(m.column(Assignment.person), _parts(m)[1], strict=True):
        if person in totals:
            totals[person] += part
    return MappingProxyType(totals)


@frozen
class Overlap:
    """Two assignments of one person to one position that share days.

    Attributes:
        person: the id of the person.
        position: the id of the position.
        first: the id of the assignment that starts first.
        second: the id of the other.
        period: the days they share.
    """

    person: str
    position: str
    first: str
    second: str
    period: DateRange


@derived
def overlaps(m: ModelView) -> tuple[Overlap, ...]:
    """Return where one person holds one position twice on the same days.

    An assignment that starts during several others of the same person to the same position is given once,
    with the one that lasts longest; so n assignments give at most n - 1 overlaps.
    """
    pairs = list(zip(m.column(Assignment.person), m.column(Assignment.position), strict=True))
    if len(set(pairs)) == len(pairs):
        return ()
    groups: dict[tuple[str, str], list[int]] = {}
    for place, pair in enumerate(pairs):
        groups.setdefault(pair, []).append(place)
    ids, periods = m.ids(Assignment), m.column(Assignment.period)
    found = []
    for (person, position), places in groups.items():
        days = sorted([(*interval(periods[place]), place) for place in places])
        days = [(first, stop, place) for first, stop, place in days if first < stop]
        for (_, reach, longest), (first, stop, place) in zip(accumulate(days, _longer), days[1:], strict=False):
            if first < reach:
                shared = period_of(first, min(stop, reach))
                found.append(Overlap(person, position, ids[longest], ids[place], shared))
    return tuple(found)


def _longer(a: tuple[int, int, int], b: tuple[int, int, int]) -> tuple[int, int, int]:
    return b if b[1] > a[1] else a


@frozen
class Outside:
    """An assignment on days on which the person is not employed.

    Attributes:
        assignment: the id of the assignment.
        person: the id of the person.
        periods: the days, before and after the employment.
    """

    assignment: str
    person: str
    periods: tuple[DateRange, ...]


@derived
def outside_employment(m: ModelView, at: date | None = None) -> tuple[Outside, ...]:
    """Return the assignments on days outside the employment of their person, in table order.

    Only what is written counts: a person without a recorded employment (or with a backward one) is passed
    over; an assignment without a start claims no day before the employment; one without an end is followed up
    to `at`, so that it is found once the employment is over.

    Args:
        m: the model.
        at: the day up to which assignments without an end are followed; None follows them nowhere.
    """
    employed = _employed(m)
    if not employed:
        return ()
    today = EVER if at is None else at.toordinal()
    found = []
    rows = zip(m.ids(Assignment), m.column(Assignment.person), m.column(Assignment.period), strict=True)
    for id, person, period in rows:
        if person in employed:
            joined, left = employed[person]
            first, stop = interval(period)
            ongoing = stop == NEVER and max(first, left) > today
            if (first == EVER or first >= joined) and (stop <= left or ongoing):
                continue
            before = (first, min(stop, joined)) if first != EVER else (EVER, EVER)
            after = (NEVER, NEVER) if ongoing else (max(first, left), stop)
            outside = [period_of(*days) for days in (before, after) if days[0] < days[1]]
            if outside:
                found.append(Outside(id, person, tuple(outside)))
    return tuple(found)


@derived
def _employed(m: ModelView) -> Mapping[str, tuple[int, int]]:
    """Return the employment of everybody who has one on record that is not backward."""
    employments = zip(m.ids(Person), m.column(Person.employment), strict=True)
    return MappingProxyType(
        {person: interval(period) for person, period in employments if period is not None and not period.backward}
    )
