"""Who gets the places of trainings that have too few for all who could use them: the best sharing there is.

People are gone through one by one; for every number of places left so far, only the best way to get there is kept
(dynamic programming; Bellman, 1957). People whose trainings have nothing scarce in common are looked at apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from community_ops.org.routes import Route

MOST_STEPS = 5_000_000
"""How many steps are taken in all; where it takes more, only the ways of the least score are followed."""
_LEAST_WAYS = 10

Best = Callable[[int, frozenset[int]], Route]
"""Returns the best route of somebody without some of the trainings."""


def shared(able: Sequence[Collection[int]], places: Mapping[int, int], best: Best) -> tuple[list[Route], bool]:
    """Return a route for each person, so that the most goals are reached in all, at the least score.

    Args:
        able: the trainings that each person could use.
        places: how many places those trainings have left that are limited.
        best: the best route of a person without some trainings.

    Returns:
        The routes, and whether they are known to be the best: with very many ways, not all are followed.
    """
    users: dict[int, list[int]] = {}
    for person, trainings in enumerate(able):
        for training in trainings:
            if training in places:
                users.setdefault(training, []).append(person)
    scarce = {training: those for training, those in users.items() if len(those) > places[training]}
    choices = [_choices(person, scarce.keys() & set(mine), best) for person, mine in enumerate(able)]
    routes = [options[0] for options in choices]
    proven, groups = True, _together(scarce.values())
    steps = sum([len(choices[person]) for people in groups for person in people])
    most_ways = max(_LEAST_WAYS, MOST_STEPS // max(1, steps))
    for people in groups:
        found, all_ways = _divided([choices[person] for person in people], scarce.keys(), places, most_ways)
        proven = proven and all_ways
        for person, route in zip(people, found, strict=True):
            routes[person] = route
    return routes, proven


def _choices(person: int, scarce: Collection[int], best: Best) -> list[Route]:
    """Return the routes among which the best of somebody is, whichever scarce places they get; the best of all first.

    Whoever does not get some place loses at most the routes that use it; so each place used is taken away in turn.
    """
    found: dict[tuple[int, ...], Route] = {}
    waiting, met = [frozenset[int]()], {frozenset[int]()}
    for barred in waiting:
        route = best(person, barred)
        found.setdefault(route.courses, route)
        more = [barred | {place} for place in route.courses if place in scarce]
        waiting += [one for one in more if one not in met]
        met.update(more)
    return list(found.values())


def _together(groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """Return the people of groups that overlap together, in order."""
    parent: dict[int, int] = {}

    def top(person: int) -> int:
        parent.setdefault(person, person)
        while parent[person] != person:
            parent[person] = person = parent[parent[person]]
        return person

    for first, *others in groups:
        for other in others:
            a, b = sorted((top(first), top(other)))
            parent[b] = a
    found: dict[int, list[int]] = {}
    for person in sorted(parent):
        found.setdefault(top(person), []).append(person)
    return list(found.values())


def _divided(
    choices: Sequence[Sequence[Route]], scarce: Collection[int], places: Mapping[int, int], most_ways: int
) -> tuple[list[Route], bool]:
    """Return the best choice of each of some people within the places, and whether all ways were followed.

    How many places are left is one number, of which each training has its digit; so is how good a way is.
    """
    used = sorted({place for options in choices for route in options for place in route.courses if place in scarce})
    digits: dict[int, tuple[int, int]] = {}
    radix, start = 1, 0
    for place in used:
        digits[place] = radix, places[place] + 1
        start, radix = start + radix * places[place], radix * (places[place] + 1)
    rank = _ranking(choices)
    ways: dict[int, int] = {start: 0}
    steps: list[dict[int, tuple[int, Route]]] = []
    proven = True
    for options in choices:
        after, step = dict[int, int](), dict[int, tuple[int, Route]]()
        for route in reversed(options):  # so that of equals, those who come first get the place
            able, taken, worth = list(ways), 0, rank(route)
            for unit, most in [digits[place] for place in route.courses if place in digits]:
                able, taken = [left for left in able if left // unit % most], taken + unit
            for left in able:
                rest, here = left - taken, ways[left] + worth
                if rest not in after or here < after[rest]:
                    after[rest], step[rest] = here, (left, route)
        if len(after) > most_ways:
            proven = False
            after = dict(sorted(after.items(), key=lambda way: (way[1], way[0]))[:most_ways])
        steps.append(step)
        ways = after
    left = min(ways, key=lambda one: (ways[one], one))
    found = []
    for step in reversed(steps):
        left, route = step[left]
        found.append(route)
    return found[::-1], proven


def _ranking(choices: Sequence[Sequence[Route]]) -> Callable[[Route], int]:
    """Return what makes one number of how good a route is, so that sums compare as the parts do, one after the other.

    The most goals come first, then the fewest trainings of unknown cost, the least cost, the fewest trainings.
    """
    most = [sum([max([abs(route.score[part]) for route in those]) for those in choices]) + 1 for part in range(3)]

    def rank(route: Route) -> int:
        unpriced, cost, number = route.score
        return ((-route.closed * most[0] + unpriced) * (2 * most[1]) + cost) * most[2] + number

    return rank
