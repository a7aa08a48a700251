"""The cheapest way for one person to the levels they need: which trainings, and in which order.

A training raises one skill to a level, may ask for levels of others before, and takes place on given days or whenever
it suits. Taking one more training never stands in the way of another, so what can be reached at all is found by taking
everything; the cheapest choice is then searched for with A* (Hart, Nilsson and Raphael, 1968) over sets of trainings.

The search is exact. It grows with the number of trainings that lead to one another for one person, not with that of
people or of all trainings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush

from attrs import frozen

Goal = tuple[str, int]
"""A skill and the level of it that is needed."""
State = Mapping[str, Sequence[tuple[int, int]]]
"""For each skill the levels somebody has or will have, each with the day from which on."""
Score = tuple[int, int, int]
"""How many trainings of unknown cost there are, what the others cost in sum, and how many there are in all."""

NEVER = 10**7
"""A day after all others."""


@frozen(eq=False)
class Course:
    """A training as the search sees it.

    Attributes:
        place: where it stands in its table.
        skill: the skill it raises.
        level: the level it leads to.
        requires: what it asks for before.
        start: its first day; None where it can be taken at any time.
        done: the day after its last; of no matter where it can be taken at any time.
        cost: what it costs, in whole units of one size; None where that is not known.
    """

    place: int
    skill: str
    level: int
    requires: tuple[Goal, ...]
    start: int | None
    done: int
    cost: int | None

    @property
    def score(self) -> Score:
        """What it adds to the score of a route."""
        return (1, 0, 1) if self.cost is None else (0, self.cost, 1)


@frozen
class Route:
    """What one person takes.

    Attributes:
        courses: the places of the trainings, in an order in which they can be taken.
        closed: how many goals are reached.
        score: what they cost; the least is the best.
    """

    courses: tuple[int, ...]
    closed: int
    score: Score


def plus(one: Score, other: Score) -> Score:
    """Return the score of two together."""
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def since(state: State, goal: Goal) -> int | None:
    """Return the first day on which a level is there; None where it never is."""
    skill, needed = goal
    return min([day for level, day in state.get(skill, ()) if level >= needed], default=None)


def taken(state: State, courses: Iterable[Course], today: int) -> tuple[dict[str, list[tuple[int, int]]], list[Course]]:
    """Return what somebody has after taking all of some courses that they can, and these in order."""
    have = {skill: list(levels) for skill, levels in state.items()}
    begun: dict[int, tuple[int, int, Course]] = {}
    waiting, turn, changed = list(courses), 0, True
    while changed:
        changed = False
        for course in waiting:
            days = [since(have, goal) for goal in course.requires]
            if None in days:
                continue
            ready = max([today, *[day for day in days if day is not None]])
            if ready > (NEVER - 1 if course.start is None else course.start):
                continue
            begins = ready if course.start is None else course.start
            known = begun.get(course.place)
            if known is None or begins < known[0]:
                turn, changed = turn + 1, True
                begun[course.place] = begins, turn, course
                ends = begins if course.start is None else course.done
                have.setdefault(course.skill, []).append((course.level, ends))
    return have, [course for _, _, course in sorted(begun.values(), key=lambda one: one[:2])]


def leading_to(goal: Goal, state: State, offers: Mapping[str, Sequence[Course]], today: int) -> frozenset[int]:
    """Return the courses that may be part of a way to a goal; empty where there is none."""
    found: dict[int, Course] = {}
    needs, asked = [goal], {goal}
    for skill, level in needs:
        for course in offers.get(skill, ()):
            if course.level >= level and course.place not in found:
                found[course.place] = course
                more = [one for one in course.requires if one not in asked and since(state, one) != today]
                asked.update(more)
                needs += more
    have, able = taken(state, found.values(), today)
    return frozenset([course.place for course in able]) if since(have, goal) is not None else frozenset()


def cheapest(goals: Sequence[Goal], state: State, courses: Sequence[Course], today: int) -> Route:
    """Return the cheapest route to as many goals as some courses lead to.

    Args:
        goals: what is needed, each skill once.
        state: what there is.
        courses: what there is to choose from.
        today: the day from which on.
    """
    most, _ = taken(state, courses, today)
    wanted = [goal for goal in goals if since(most, goal) is not None]
    least = {goal: min([one.score for one in courses if _fits(one, goal)]) for goal in wanted}
    by_place, met = {course.place: course for course in courses}, set[tuple[int, ...]]()
    waiting: list[tuple[Score, int, tuple[int, ...], Score]] = [((0, 0, 0), 0, (), (0, 0, 0))]
    while True:
        _, _, chosen, score = heappop(waiting)
        mine = [by_place[place] for place in chosen]
        have, order = taken(state, mine, today)
        if not any(since(have, goal) is None for goal in wanted):
            return Route(tuple([course.place for course in order]), len(wanted), score)
        for course in _next(wanted, have, mine, courses):
            more = tuple(sorted((*chosen, course.place)))
            if more not in met:
                met.add(more)
                spent = plus(score, course.score)
                heappush(waiting, (_at_least(spent, [*mine, course], least), -len(more), more, spent))


def _fits(course: Course, goal: Goal) -> bool:
    return course.skill == goal[0] and course.level >= goal[1]


def _at_least(spent: Score, chosen: Collection[Course], least: Mapping[Goal, Score]) -> Score:
    """Return a score that no choice with these courses comes below.

    Each goal that none of them fits takes a course more; since a course raises one skill, another one for each.
    """
    for goal, score in least.items():
        if not any(_fits(course, goal) for course in chosen):
            spent = plus(spent, score)
    return spent


def _next(wanted: Iterable[Goal], have: State, chosen: Sequence[Course], courses: Iterable[Course]) -> Iterator[Course]:
    """Yield the courses of which at least one is missing from a choice that does not reach all goals.

    One goal that is not reached needs a course that is not chosen, or one of the chosen that fits needs, by the day it
    begins, a level that is not there by then, which asks for the same again.
    """
    goal = next(goal for goal in wanted if since(have, goal) is None)
    needs = [(goal, NEVER)]
    asked = set(needs)
    for need, deadline in needs:
        for course in chosen:
            if _fits(course, need):
                by = min(deadline, NEVER - 1) if course.start is None else course.start
                late = [one for one in course.requires if (day := since(have, one)) is None or day > by]
                needs += [(one, by) for one in late[:1] if (one, by) not in asked]
                asked.update([(one, by) for one in late[:1]])
    held = {course.place for course in chosen}
    for course in courses:
        if course.place not in held and any(_fits(course, need) for need, _ in needs):
            yield course
