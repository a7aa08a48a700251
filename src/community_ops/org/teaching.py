"""Which people should take part in which trainings, and in which order, so that skill gaps close at the least cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.values import DateRange, Money
from community_ops.kernel.view import ModelView
from community_ops.org.places import shared
from community_ops.org.records import Person, Training
from community_ops.org.routes import NEVER, Course, Goal, Route, cheapest, leading_to
from community_ops.org.skills import Gap, levels, skill_coverage


@frozen(kw_only=True)
class Booking:
    """A person taking part in a training, and the gaps that closes.

    Attributes:
        person: who.
        training: in what.
        cost: what that costs; None where it is not known.
        gaps: what it closes; nothing where it only prepares for another training.
    """

    person: str
    training: str
    cost: Money | None
    gaps: tuple[Gap, ...]


@frozen(kw_only=True)
class TrainingPlan:
    """Which people should take part in which trainings; made by `training_plan`.

    Attributes:
        bookings: who should be booked for what; those of one person in an order in which they can be taken.
        booked: those who are booked already for a training that closes their gaps.
        costs: what the bookings cost in sum, one amount a currency.
        unpriced: how many of the bookings have no known cost, which is not in the sum.
        unmet: gaps that no training closes, or none with a place left.
        undecided: gaps whose trainings are priced in several currencies, so that nothing says which is cheapest.
        proven: whether no other plan closes more, or as much for less. False only where so many linked trainings are
            short of places that not every way to share them was followed.
    """

    bookings: tuple[Booking, ...]
    booked: tuple[Booking, ...]
    costs: tuple[Money, ...]
    unpriced: int
    unmet: tuple[Gap, ...]
    undecided: tuple[Gap, ...]
    proven: bool


@derived
def training_plan(m: ModelView, at: date) -> TrainingPlan:
    """Return who should take part in which trainings to close the most gaps at the least cost.

    A training can be booked that has not begun on the day, or has no date, and has places left; one that is on counts
    for those booked. It closes a gap if it leads to the level needed. Where somebody needs a skill for several
    positions, one training to the greatest level closes all. What a training requires the person must have before it
    begins, if need be from other trainings, which are then part of the plan and come before it. Whoever is booked
    already is taken to be fit for it.

    The plan closes the most gaps there is a way for and is the cheapest that does. One without a known cost is taken
    only where no other will do. Of several at one cost the first in the table is taken. Discounts for groups are not
    known to the records, nor whether two trainings on the same days suit one person.

    Args:
        m: the model.
        at: the day.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Person, Position, SkillLevel, Training
        >>> model = OperatingModel.of(
        ...     Position(id="mod", title="Moderator", unit="hq", requires=[SkillLevel("care", 4)]),
        ...     Person(id="ann", name="Ann"),
        ...     Assignment(id="a1", person="ann", position="mod"),
        ...     Training(
        ...         id="expert",
        ...         name="Expert",
        ...         skill="care",
        ...         level=4,
        ...         cost=Money(900, "CNY"),
        ...         requires=[SkillLevel("care", 2)],
        ...     ),
        ...     Training(id="basic", name="Basics", skill="care", level=2, cost=Money(300, "CNY")),
        ... )
        >>> plan = training_plan(model, date(2026, 3, 2))
        >>> [(one.person, one.training) for one in plan.bookings], *map(str, plan.costs)
        ([('ann', 'basic'), ('ann', 'expert')], '1,200 CNY')
    """
    wanting = _wanting(m, at)
    if not wanting:
        return TrainingPlan(bookings=(), booked=(), costs=(), unpriced=0, unmet=(), undecided=(), proven=True)
    desk = _Desk.of(m, at)
    booked, unmet, undecided, cases = list[Booking](), list[Gap](), list[Gap](), list[_Case]()
    for person, goals in wanting.items():
        state, ways = desk.state(m, person), dict[Goal, frozenset[int]]()
        for goal, gaps in goals.items():
            held = desk.booked(person, goal)
            if held is not None:
                booked.append(_booking(person, held, gaps))
            elif found := desk.ways(goal, state):
                ways[goal] = found
            else:
                unmet += gaps
        for case in _cases(person, state, ways):
            if len(desk.currencies(case.courses)) > 1:
                undecided += [gap for goal in case.goals for gap in goals[goal]]
            else:
                cases.append(case)
    routes, proven = desk.divide(cases)
    bookings = list[Booking]()
    for case, route in zip(cases, routes, strict=True):
        gaps_of = {goal: wanting[case.person][goal] for goal in case.goals}
        bookings += _bookings(case.person, [desk.trainings[place] for place in route.courses], gaps_of)
        unmet += [gap for gaps in gaps_of.values() for gap in gaps]
    costs = [one.cost for one in bookings if one.cost is not None]
    return TrainingPlan(
        bookings=tuple(bookings), booked=tuple(booked), costs=tuple(_sums(costs).values()),
        unpriced=len(bookings) - len(costs), unmet=tuple(unmet), undecided=tuple(undecided), proven=proven,
    )  # fmt: skip


def _wanting(m: ModelView, at: date) -> dict[str, dict[Goal, list[Gap]]]:
    """Return the gaps of each person by skill and the greatest level needed."""
    by_skill: dict[tuple[str, str], list[Gap]] = {}
    for gap in skill_coverage(m, at).gaps:
        by_skill.setdefault((gap.person, gap.skill), []).append(gap)
    found: dict[str, dict[Goal, list[Gap]]] = {}
    for (person, skill), gaps in by_skill.items():
        found.setdefault(person, {})[skill, max(gap.needed for gap in gaps)] = gaps
    return found


def _bookings(person: str, trainings: Iterable[Training], gaps_of: dict[Goal, list[Gap]]) -> list[Booking]:
    """Return what a person is booked for, in order, each with the gaps it closes, which are taken out."""
    found = []
    for one in trainings:
        closed = [goal for goal in gaps_of if goal[0] == one.skill and goal[1] <= one.level]
        found.append(_booking(person, one, [gap for goal in closed for gap in gaps_of.pop(goal)]))
    return found


_Held = tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
"""A state that can be looked up: skills in order, each with its levels."""


@frozen
class _Case:
    """Goals of one person that trainings in common lead to."""

    person: str
    state: _Held
    goals: tuple[Goal, ...]
    courses: frozenset[int]


def _cases(person: str, state: _Held, ways: Mapping[Goal, frozenset[int]]) -> list[_Case]:
    """Return the goals that have no training in common apart; those that have some, together."""
    cases: list[_Case] = []
    for goal, courses in ways.items():
        goals: tuple[Goal, ...] = (goal,)
        for other in [case for case in cases if case.courses & courses]:
            cases.remove(other)
            goals, courses = (*other.goals, *goals), courses | other.courses
        cases.append(_Case(person, state, goals, courses))
    return cases


@frozen(eq=False)
class _Desk:
    """What is known of trainings on a day, and what was found out already for people alike."""

    today: int
    trainings: Sequence[Training]
    courses: Mapping[int, Course]
    """Those that can be booked."""
    offers: Mapping[str, Sequence[Course]]
    bookings: Mapping[str, Sequence[int]]
    """The trainings that are not over and for which each person is booked."""
    _ways: dict[tuple[Goal, _Held], frozenset[int]] = field(factory=dict)
    _routes: dict[tuple[_Held, tuple[Goal, ...], frozenset[int]], Route] = field(factory=dict)

    @classmethod
    def of(cls, m: ModelView, at: date) -> _Desk:
        trainings = m.table(Training).records
        unit = _unit(trainings)
        courses: dict[int, Course] = {}
        offers: dict[str, list[Course]] = {}
        bookings: dict[str, list[int]] = {}
        for place, one in enumerate(trainings):
            if _over(one.period, at):
                continue
            people = dict.fromkeys(one.people)
            for person in people:
                bookings.setdefault(person, []).append(place)
            if not _begun(one.period, at) and (one.places is None or one.places > len(people)):
                courses[place] = course = _course(place, one, unit)
                offers.setdefault(one.skill, []).append(course)
        return cls(at.toordinal(), trainings, courses, offers, bookings)

    def state(self, m: ModelView, person: str) -> _Held:
        """Return what somebody has, or will have from what they are booked for."""
        place = m.place_index(Person).get(person)
        known = levels(m.column(Person.skills)[place]) if place is not None else {}
        found = {skill: [(level, self.today)] for skill, level in known.items()}
        for number in self.bookings.get(person, ()):
            one = self.trainings[number]
            day = self.today if one.period is None else _after(one.period)
            found.setdefault(one.skill, []).append((one.level, day))
        return tuple([(skill, tuple(sorted(found[skill]))) for skill in sorted(found)])

    def booked(self, person: str, goal: Goal) -> Training | None:
        """Return the first training that reaches a goal and for which somebody is booked."""
        those = [self.trainings[place] for place in self.bookings.get(person, ())]
        return next((one for one in those if one.skill == goal[0] and one.level >= goal[1]), None)

    def ways(self, goal: Goal, state: _Held) -> frozenset[int]:
        """Return the trainings that may be part of a way to a goal; empty where there is none."""
        if (goal, state) not in self._ways:
            self._ways[goal, state] = leading_to(goal, dict(state), self.offers, self.today)
        return self._ways[goal, state]

    def currencies(self, courses: Collection[int]) -> set[str]:
        costs = [self.trainings[place].cost for place in courses]
        return {cost.currency for cost in costs if cost is not None}

    def divide(self, cases: Sequence[_Case]) -> tuple[list[Route], bool]:
        """Return the route of each case within the places there are, and whether no others are better."""
        places: dict[int, int] = {}
        for place in self.courses:
            one = self.trainings[place]
            if one.places is not None:
                places[place] = one.places - len(set(one.people))
        return shared([case.courses for case in cases], places, lambda n, barred: self._best(cases[n], barred))

    def _best(self, case: _Case, barred: frozenset[int]) -> Route:
        left = case.courses - barred
        key = case.state, case.goals, left
        if key not in self._routes:
            courses = [self.courses[place] for place in sorted(left)]
            self._routes[key] = cheapest(case.goals, dict(case.state), courses, self.today)
        return self._routes[key]


def _course(place: int, one: Training, unit: Fraction) -> Course:
    start = one.period.start if one.period is not None else None
    return Course(
        place=place, skill=one.skill, level=one.level, requires=tuple(levels(one.requires).items()),
        start=None if start is None else start.toordinal(),
        done=0 if one.period is None else _after(one.period),
        cost=None if one.cost is None else int(Fraction(one.cost.amount) / unit),
    )  # fmt: skip


def _unit(trainings: Iterable[Training]) -> Fraction:
    """Return an amount of which every cost is a whole number."""
    exponents = [one.cost.amount.as_tuple().exponent for one in trainings if one.cost is not None]
    return Fraction(10) ** min([0, *[number for number in exponents if isinstance(number, int)]])


def _after(period: DateRange) -> int:
    """Return the day after the last, as a number."""
    return NEVER if period.end is None else period.end.toordinal() + 1


def _sums(costs: Iterable[Money]) -> Mapping[str, Money]:
    found: dict[str, Money] = {}
    for cost in costs:
        found[cost.currency] = found[cost.currency] + cost if cost.currency in found else cost
    return found


def _booking(person: str, training: Training, gaps: Iterable[Gap]) -> Booking:
    return Booking(person=person, training=training.id, cost=training.cost, gaps=tuple(gaps))


def _over(period: DateRange | None, at: date) -> bool:
    return period is not None and period.end is not None and period.end < at


def _begun(period: DateRange | None, at: date) -> bool:
    return period is not None and (period.start is None or period.start < at)
