"""What each person holds over time: full-time equivalents in sum, one position twice, time outside employment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from types import MappingProxyType

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.relations import target_places
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
    _people: tuple[str, ...] = field(alias="people")
    _periods: tuple[DateRange | None, ...] = field(alias="periods")
    _parts: tuple[int, ...] = field(alias="parts")
    _scale: Scale = field(alias="scale")
    _several: Mapping[str, Sequence[int]] = field(alias="several")
    """The places of the assignments of whoever has more than one."""
    _known: Mapping[str, int] = field(alias="known")
    """Where in their table the people stand."""

    @cached_property
    def _held(self) -> Mapping[str, list[int]]:
        """For every person the places of their assignments."""
        held: dict[str, list[int]] = {person: [] for person in self._known}
        for place, person in enumerate(self._people):
            if person in held:
                held[person].append(place)
        return held

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
        suspects: dict[str, list[int]] = {}
        if max(self._parts, default=0) > most:
            suspects = {self._people[i]: [i] for i, part in enumerate(self._parts) if part > most}
        for person, places in self._several.items():
            if sum([self._parts[place] for place in places]) > most:  # else it can be on no day
                suspects[person] = list(places)
        known = sorted(suspects.keys() & self._known.keys(), key=self._known.__getitem__)
        found = [self._overload(person, suspects[person], most) for person in known]
        return tuple([overload for overload in found if overload])

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
    people, periods = m.column(Assignment.person), m.column(Assignment.period)
    return Workloads(m.ids(Assignment), people, periods, parts, scale, several_assignments(m), m.place_index(Person))


@derived
def _parts(m: ModelView) -> tuple[Scale, tuple[int, ...]]:
    """Return the FTE of every assignment as whole parts of a scale."""
    fte = m.column(Assignment.fte)
    scale = Scale.of(fte)
    return scale, tuple(scale.parts(fte))


@derived
def several_assignments(m: ModelView) -> Mapping[str, Sequence[int]]:
    """Return the places of the assignments of each person with more than one, in table order, whenever they are.

    The people are those that assignments name, whether or not they exist. Nearly everybody has one assignment, so
    whatever needs two of one person looks only here.
    """
    people, places = m.column(Assignment.person), target_places(m, "assignment", "person")
    nowhere = len(m.ids(Person))
    counts = [0] * (nowhere + 1)
    for who in places:
        counts[who] += 1
    found: dict[str, list[int]] = {}
    for place, who in enumerate(places):
        if counts[who] > 1:
            found.setdefault(people[place], []).append(place)
    if counts[nowhere]:  # several who are not there need not be one
        found = {person: held for person, held in found.items() if len(held) > 1}
    return MappingProxyType(found)


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
    positions = m.column(Assignment.position)
    groups: dict[tuple[str, str], list[int]] = {}
    for person, places in several_assignments(m).items():
        for place in places:
            groups.setdefault((person, positions[place]), []).append(place)
    if len(groups) == sum(map(len, groups.values())):
        return ()
    ids, periods = m.ids(Assignment), m.column(Assignment.period)
    found = []
    for (person, position), places in groups.items():
        # By id where the days are the same, so that it does not matter in which order the records stand.
        days = sorted([(*interval(periods[place]), ids[place]) for place in places])
        days = [(first, stop, id) for first, stop, id in days if first < stop]
        for (_, reach, longest), (first, stop, id) in zip(accumulate(days, _longer), days[1:], strict=False):
            if first < reach:
                found.append(Overlap(person, position, longest, id, period_of(first, min(stop, reach))))
    return tuple(found)


def _longer(a: tuple[int, int, str], b: tuple[int, int, str]) -> tuple[int, int, str]:
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
    joined, people = _joined(m), target_places(m, "assignment", "person")
    ids, employments = m.ids(Assignment), m.column(Person.employment)
    periods = m.column(Assignment.period)
    # Nearly everybody is employed without an end and was assigned later: seen before any days are counted.
    suspects = [
        place
        for place, (who, period) in enumerate(zip(people, periods, strict=True))
        if (since := joined[who]) is None or (period is not None and (period.start or date.max) < since)
    ]
    found = []
    for place in suspects:
        employment, period = employments[people[place]] or _ALWAYS, periods[place]
        outside = () if _within(period, employment, at) else _outside(interval(period), interval(employment), at)
        if outside:
            found.append(Outside(ids[place], m.column(Assignment.person)[place], outside))
    return tuple(found)


_ALWAYS = DateRange()


def _within(period: DateRange | None, employment: DateRange, at: date | None) -> bool:
    """Tell from dates alone that an assignment claims no day outside the employment; else days must be counted."""
    start, end = (period.start, period.end) if period else (None, None)
    if start is not None and employment.start is not None and start < employment.start:
        return False
    left = employment.end
    return left is None or (end <= left if end is not None else at is not None and left >= at)


def _outside(held: tuple[int, int], employed: tuple[int, int], at: date | None) -> tuple[DateRange, ...]:
    """Return the days that an assignment claims before and after the employment."""
    (first, stop), (joined, left) = held, employed
    ongoing = stop == NEVER and (at is None or max(first, left) > at.toordinal())
    before = (first, min(stop, joined)) if first != EVER else (EVER, EVER)
    after = (NEVER, NEVER) if ongoing else (max(first, left), stop)
    return tuple([period_of(*days) for days in (before, after) if days[0] < days[1]])


@derived
def _joined(m: ModelView) -> tuple[date | None, ...]:
    """Return since when each person is employed who is still, in table order; None for one whose employment ends.

    The beginning of time stands for people without a recorded employment or with a backward one, and, after the
    last, for those who are not there.
    """
    found: list[date | None] = []
    for employment in m.column(Person.employment):
        if employment is None or employment.backward:
            found.append(date.min)
        else:
            found.append((employment.start or date.min) if employment.end is None else None)
    return (*found, date.min)
