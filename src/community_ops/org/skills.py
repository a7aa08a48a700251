"""How far the holders of positions have the skills that these need, and what closing the gaps costs at least."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.values import DateRange, Money
from community_ops.kernel.view import ModelView
from community_ops.org.holding import staffing
from community_ops.org.records import Person, Position, SkillLevel, Training


@frozen(kw_only=True)
class Gap:
    """A skill that a position needs and one of its holders lacks at that level.

    Attributes:
        position: the position.
        person: the holder.
        skill: the skill.
        needed: the level needed.
        has: the level the holder has; 0 for none.
    """

    position: str
    person: str
    skill: str
    needed: int
    has: int


@frozen(kw_only=True)
class SkillCoverage:
    """How far holders have the skills that their positions need on a day; made by `skill_coverage`.

    A skill that a position needs counts once for each of its holders.

    Attributes:
        at: the day.
        required: how many skills are needed of holders.
        gaps: those of them that the holder lacks, by position in table order.
        unheld: the positions that need skills and that nobody holds.
    """

    at: date
    required: int
    gaps: tuple[Gap, ...]
    unheld: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """The share of what is needed that holders have; None where nothing is needed of anybody."""
        return (self.required - len(self.gaps)) / self.required if self.required else None

    def __str__(self) -> str:
        return f"{self.required - len(self.gaps)} of {self.required} required skills are there"


def levels(skills: Iterable[SkillLevel]) -> dict[str, int]:
    """Return the greatest level of each skill."""
    found: dict[str, int] = {}
    for one in skills:
        found[one.skill] = max(one.level, found.get(one.skill, 0))
    return found


@derived
def skill_coverage(m: ModelView, at: date) -> SkillCoverage:
    """Return how far those who hold positions on a day have the skills that these need.

    Positions count that exist on the day; people who are not there count as having no skill. Who is away on the day
    counts like anybody else.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Person, Position, SkillLevel
        >>> model = OperatingModel.of(
        ...     Position(
        ...         id="mod", title="Moderator", unit="hq", requires=[SkillLevel("care", 2), SkillLevel("law", 1)]
        ...     ),
        ...     Person(id="ann", name="Ann", skills=[SkillLevel("care", 3)]),
        ...     Assignment(id="a1", person="ann", position="mod"),
        ... )
        >>> found = skill_coverage(model, date(2026, 3, 2))
        >>> print(found), found.gaps[0].skill
        1 of 2 required skills are there
        (None, 'law')
    """
    requires, skills, index = m.column(Position.requires), m.column(Person.skills), m.place_index(Person)
    gaps, unheld, required = [], [], 0
    staffed = staffing(m, at)
    for id, place, people in zip(staffed.positions, staffed.places, staffed.people, strict=True):
        needs = levels(requires[place]) if requires[place] else {}
        if needs and not people:
            unheld.append(id)
        for person in people if needs else ():
            has = levels(skills[index[person]]) if person in index else {}
            required += len(needs)
            for skill, needed in needs.items():
                if has.get(skill, 0) < needed:
                    gaps.append(Gap(position=id, person=person, skill=skill, needed=needed, has=has.get(skill, 0)))
    return SkillCoverage(at=at, required=required, gaps=tuple(gaps), unheld=tuple(unheld))


@frozen(kw_only=True)
class Booking:
    """A person taking part in a training, and the gaps that closes.

    Attributes:
        person: who.
        training: in what.
        cost: what that costs; None where it is not known.
        gaps: what it closes.
    """

    person: str
    training: str
    cost: Money | None
    gaps: tuple[Gap, ...]


@frozen(kw_only=True)
class TrainingPlan:
    """Which people should take part in which trainings; made by `training_plan`.

    Attributes:
        bookings: who should be booked for what.
        booked: those who are booked already for a training that closes their gaps.
        costs: what the bookings cost in sum, one amount a currency.
        unpriced: how many of the bookings have no known cost, which is not in the sum.
        unmet: gaps that no training closes.
        undecided: gaps whose trainings are priced in several currencies, so that nothing says which is cheapest.
    """

    bookings: tuple[Booking, ...]
    booked: tuple[Booking, ...]
    costs: tuple[Money, ...]
    unpriced: int
    unmet: tuple[Gap, ...]
    undecided: tuple[Gap, ...]


@derived
def training_plan(m: ModelView, at: date) -> TrainingPlan:
    """Return who should take part in which trainings to close all gaps at least cost.

    A training counts that has not begun on the day, or has no date; one that is on counts for those booked. It closes a
    gap if it leads to the level needed. Where somebody needs a skill for several positions, one training to the
    greatest level closes all.

    The plan is the cheapest there is, given what the records say: a training raises one skill, its cost is for one
    person, and places are not limited; so no booking makes another cheaper, and the cheapest training for each person
    and skill is part of the cheapest plan. One without a known cost is taken only where no other will do. Of several at
    one cost the first in the table is taken. Discounts for groups are not known to the records.

    Args:
        m: the model.
        at: the day.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Person, Position, SkillLevel, Training
        >>> model = OperatingModel.of(
        ...     Position(id="mod", title="Moderator", unit="hq", requires=[SkillLevel("care", 2)]),
        ...     Person(id="ann", name="Ann"),
        ...     Assignment(id="a1", person="ann", position="mod"),
        ...     Training(id="long", name="Long course", skill="care", level=4, cost=Money(900, "CNY")),
        ...     Training(id="short", name="Short course", skill="care", level=2, cost=Money(300, "CNY")),
        ... )
        >>> plan = training_plan(model, date(2026, 3, 2))
        >>> [(one.person, one.training) for one in plan.bookings], *map(str, plan.costs)
        ([('ann', 'short')], '300 CNY')
    """
    wanting: dict[tuple[str, str], list[Gap]] = {}
    for gap in skill_coverage(m, at).gaps:
        wanting.setdefault((gap.person, gap.skill), []).append(gap)
    offers: dict[str, list[Training]] = {}
    for training in m.table(Training) if wanting else ():
        if not _over(training.period, at):
            offers.setdefault(training.skill, []).append(training)
    bookings, booked, unmet, undecided = list[Booking](), list[Booking](), list[Gap](), list[Gap]()
    for (person, skill), gaps in wanting.items():
        fitting = [one for one in offers.get(skill, ()) if one.level >= max(gap.needed for gap in gaps)]
        taken = next((one for one in fitting if person in one.people), None)
        if taken is not None:
            booked.append(_booking(person, taken, gaps))
            continue
        fitting = [one for one in fitting if not _begun(one.period, at)]
        if len({one.cost.currency for one in fitting if one.cost is not None}) > 1:
            undecided += gaps
        elif fitting:
            cheapest = min(fitting, key=lambda one: (one.cost is None, one.cost.amount if one.cost else 0))
            bookings.append(_booking(person, cheapest, gaps))
        else:
            unmet += gaps
    costs = [one.cost for one in bookings if one.cost is not None]
    return TrainingPlan(
        bookings=tuple(bookings), booked=tuple(booked), costs=tuple(_sums(costs).values()),
        unpriced=len(bookings) - len(costs), unmet=tuple(unmet), undecided=tuple(undecided),
    )  # fmt: skip


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
