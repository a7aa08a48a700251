"""Spans of control: how many positions, and how many people, report directly to a position and to a person.

One person who holds three seats with four direct positions each has a span of 12, although no seat shows more
than four. Only positions that exist on the day count; nobody counts as reporting to themselves.
"""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.holding import staffing
from community_ops.org.lookup import look_up
from community_ops.org.records import Person
from community_ops.org.structure import Hierarchy, hierarchy


@frozen
class PersonSpan:
    """What reports directly to one person, through all positions they hold.

    Attributes:
        person: the id of the person.
        held: the ids of the positions they hold, in table order.
        positions: the ids of the positions that report to these, without those held by this person alone.
        people: the ids of the people who hold them, each once, without the person.
    """

    person: str
    held: tuple[str, ...]
    positions: tuple[str, ...]
    people: tuple[str, ...]


@frozen(eq=False, repr=False)
class Spans:
    """Spans on a day; made by `spans`."""

    _tree: Hierarchy = field(alias="tree")
    _people: dict[str, tuple[str, ...]] = field(alias="people")
    """Who holds each position that exists on the day."""
    _held: dict[str, list[str]] = field(alias="held")
    """What each person holds of these."""

    def positions(self, position: str) -> tuple[str, ...]:
        """Return the ids of the positions that report directly to a position and exist on the day; never itself.

        Raises:
            UnknownRecord: there is no such position.
        """
        own = self._tree.ids[self._tree.place(position)]
        return tuple([below for below in self._tree.children(own) if below in self._people and below != own])

    def people(self, position: str) -> tuple[str, ...]:
        """Return the ids of the people who hold these, each once; not who alone holds the position itself.

        Raises:
            UnknownRecord: there is no such position.
        """
        below = dict.fromkeys(person for held in self.positions(position) for person in self._people[held])
        own = self._people.get(self._tree.ids[self._tree.place(position)], ())
        return tuple([person for person in below if own != (person,)])

    def of_person(self, person: str) -> PersonSpan:
        """Return what reports directly to a person through all positions they hold.

        Raises:
            UnknownRecord: there is no such person.
        """
        return self._of(person, look_up(self._held, "person", person))

    def by_person(self) -> tuple[PersonSpan, ...]:
        """Return the spans of all people to whom anything reports, in table order."""
        leading = {id for id, span in zip(self._tree.ids, self._tree.spans, strict=True) if span}
        found = [self._of(person, held) for person, held in self._held.items() if not leading.isdisjoint(held)]
        return tuple([span for span in found if span.positions])

    def _of(self, person: str, held: list[str]) -> PersonSpan:
        below = [position for seat in held for position in self.positions(seat)]
        below = [position for position in below if self._people[position] != (person,)]
        people = dict.fromkeys(holder for position in below for holder in self._people[position])
        people.pop(person, None)
        return PersonSpan(person, tuple(held), tuple(below), tuple(people))


@derived
def spans(m: ModelView, at: date) -> Spans:
    """Return the spans of control on a day, by position and by person.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Person, Position
        >>> model = OperatingModel.of(
        ...     Position(id="ceo", title="CEO", unit="hq"),
        ...     Position(id="agent", title="Agent", unit="hq", reports_to="ceo", seats=2),
        ...     Person(id="ann", name="Ann"),
        ...     Person(id="ben", name="Ben"),
        ...     Assignment(id="a1", person="ann", position="agent"),
        ...     Assignment(id="a2", person="ben", position="agent"),
        ... )
        >>> found = spans(model, date(2026, 3, 2))
        >>> found.positions("ceo"), found.people("ceo")
        (('agent',), ('ann', 'ben'))
    """
    staffed = staffing(m, at)
    people = dict(zip(staffed.positions, staffed.people, strict=True))
    held: dict[str, list[str]] = {person: [] for person in m.ids(Person)}
    for position, holders in people.items():
        for person in holders:
            if person in held:
                held[person].append(position)
    return Spans(hierarchy(m, at), people, held)
