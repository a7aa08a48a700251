"""Who is there for some positions on each of some days, deputies included.

Only what changes from day to day is worked out by day: most positions are steady, as `presence` calls it, and who
stands in is asked only for those that are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from community_ops.kernel.derived import derived
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.presence import People, Roster, roster
from community_ops.org.records import Deputy
from community_ops.org.standing import deputies_asked, following_deputies

Asked = Mapping[int, Sequence[tuple[int, DateRange | None]]]
"""The deputies of positions, as places, in the order in which they are asked, and when each is one."""


@derived
def _asked(m: ModelView, first: date, last: date) -> Asked:
    """Return the deputies for everything of the positions that are not steady, for those that have any."""
    every = deputies_asked(m)
    if not every:
        return MappingProxyType({})
    steady, periods = roster(m, first, last).steady, m.column(Deputy.period)
    found: dict[int, list[tuple[int, DateRange | None]]] = {}
    for place, position, one in every:
        if not one.scope and position not in steady:
            found.setdefault(position, []).append((one.deputy, periods[place]))
    return MappingProxyType({position: tuple(those) for position, those in found.items()})


class Crews:
    """The crews of some days, made while somebody asks for them and dropped with that.

    Positions are known by where they stand in their table.
    """

    def __init__(self, m: ModelView, first: date, last: date) -> None:
        self.roster: Roster = roster(m, first, last)
        self._asked = _asked(m, first, last)
        self._nearest: dict[date, dict[int, int]] = {}

    def settled(self, positions: Iterable[int]) -> People | None:
        """Return who is there for some positions, each once, where it is the same on every day; else None."""
        steady, people = self.roster.steady, list[str]()
        for place in positions:
            if place not in steady:
                if place in self.roster.held or place in self._asked:
                    return None
                continue
            people += steady[place]
        return tuple(dict.fromkeys(people))

    def people(self, positions: Iterable[int], day: date) -> People:
        """Return who is there for some positions, each once: the holders, or else those of the nearest deputy."""
        people: list[str] = []
        for place in positions:
            people += self.roster.present(self._instead(place, day), day)
        return tuple(dict.fromkeys(people))

    def standing_in(self, day: date) -> Iterator[tuple[int, int, str]]:
        """Yield each position for which somebody stands in on a day, from which one, and each of those who do."""
        for place, instead in self._on(day).items() if self._asked else ():
            for who in self.roster.present(instead, day):
                yield place, instead, who

    def _instead(self, place: int, day: date) -> int:
        """Return the nearest manned deputy of a position; the position itself where it is manned or there is none."""
        return self._on(day).get(place, place) if place in self._asked else place

    def _on(self, day: date) -> Mapping[int, int]:
        """Return the nearest manned deputy of each position that is not manned on a day and has any."""
        if day not in self._nearest:
            today = {
                place: tuple([deputy for deputy, period in those if period is None or period.covers(day)])
                for place, those in self._asked.items()
            }
            places = {place for position, those in today.items() for place in (position, *those)}
            manned = {place for place in places if self.roster.present(place, day)}
            nearest = self._nearest[day] = dict[int, int]()
            for place, towards in following_deputies(today, manned.__contains__).items():  # nearest first
                nearest[place] = nearest.get(towards, towards)
        return self._nearest[day]


@derived(cutoff=True)
def several_places(m: ModelView, first: date, last: date, days: tuple[date, ...]) -> Mapping[str, tuple[int, ...]]:
    """Return the positions for which somebody may be there, for people with more than one.

    They hold these on some day from the first to the last, or stand in on one of the days given for those who do.
    """
    crews = Crews(m, first, last)
    found = {who: set(places) for who, places in crews.roster.several.items()}
    for day in days:
        for place, instead, who in crews.standing_in(day):
            found.setdefault(who, {instead}).add(place)
    return MappingProxyType({who: tuple(sorted(places)) for who, places in found.items() if len(places) > 1})
