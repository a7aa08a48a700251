"""Who answers for what: the letters of RACI, from `owner` fields and `Responsibility` records.

A record's `owner` is its accountable position, whatever its kind; a `Responsibility` adds letters to any record. A
duty that is part of a larger one, and has nobody accountable of its own, is accounted for by whoever accounts for
the nearest larger duty. Only accountability is handed down: that somebody is responsible for the whole does not say
who does a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import chain
from types import MappingProxyType

from attrs import field, frozen

from community_ops.errors import UnknownRecord
from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import pairs, plain_column
from community_ops.kernel.view import ModelView
from community_ops.org.records import Position, Responsibility, Role
from community_ops.org.structure import Hierarchy

Address = tuple[str, str]
"""Kind and id; cheaper to make than a `Ref`, of which there may be one for every record."""
Answers = Mapping[Address, tuple[str, ...]]


@frozen(eq=False, repr=False)
class Accountability:
    """Which position is accountable for what; made by `accountability`.

    Questions about a record that nobody answers for, or that does not exist, have an empty answer. Positions are
    given as they are written, whether or not they exist.
    """

    _own: Answers = field(alias="own")
    """Those accountable in their own right: by `owner` fields, before those by rows."""
    _heirs: Mapping[Address, Address] = field(alias="heirs")
    """For each duty without anyone accountable of its own the larger duty that has someone."""

    @cached_property
    def _answering(self) -> frozenset[str]:
        """The positions that are themselves accountable for anything."""
        return frozenset(chain.from_iterable(self._own.values()))

    @cached_property
    def _accounts(self) -> Mapping[str, tuple[Address, ...]]:
        """What each position is itself accountable for."""
        accounts: dict[str, list[Address]] = {}
        for address, positions in self._own.items():
            for position in positions:
                accounts.setdefault(position, []).append(address)
        return {position: tuple(addresses) for position, addresses in accounts.items()}

    @property
    def accountable_positions(self) -> Mapping[str, int]:
        """How many records each position is itself accountable for; positions without any are left out."""
        return MappingProxyType({position: len(addresses) for position, addresses in self._accounts.items()})

    def is_accountable(self, position: str) -> bool:
        """Tell whether a position is itself accountable for anything."""
        return position in self._answering

    def accountable(self, subject: Ref, inherited: bool = True) -> tuple[str, ...]:
        """Return the positions accountable for a record, each once: its `owner` first, then by rows.

        Args:
            subject: the record.
            inherited: whether a duty without anyone of its own takes those of the larger duty it is part of.
        """
        source = self.inherited_from(subject) if inherited else None
        address = source or subject
        return self._own.get((address.kind, address.id), ())

    def inherited_from(self, subject: Ref) -> Ref | None:
        """Return the larger duty that a duty takes its accountable positions from; None where it takes none."""
        source = self._heirs.get((subject.kind, subject.id))
        return None if source is None else Ref(*source)

    def accountable_for(self, position: str, inherited: bool = False) -> tuple[Ref, ...]:
        """Return what a position is accountable for.

        Args:
            position: its id.
            inherited: whether to add the parts of duties that inherit it.
        """
        own = self._accounts.get(position, ())
        if inherited:
            sources = set(own)
            own += tuple([part for part, source in self._heirs.items() if source in sources])
        return tuple([Ref(*address) for address in own])


@frozen(eq=False, repr=False)
class RaciChart(Accountability):
    """Which position is what to which record; made by `raci`. Accountability as in `Accountability`."""

    _letters: Mapping[Role, Answers] = field(alias="letters")
    """Own answers by role; `owner` fields are among those of the accountable, before the rows."""
    _accountable_rows: Answers = field(alias="accountable_rows")
    """Those accountable by rows alone."""

    @property
    def subjects(self) -> tuple[Ref, ...]:
        """Every record that some position has a letter for in its own right, each once.

        Those with an `owner` come first, by kind and in table order; then the others by role, accountable first,
        in the order of the rows.
        """
        found = dict.fromkeys(address for letters in self._letters.values() for address in letters)
        return tuple([Ref(*address) for address in found])

    @property
    def lines(self) -> tuple[Ref, ...]:
        """The lines of the responsibility chart: records for which somebody is consulted and somebody informed.

        A record for which only those are named who do it or answer for it is a task, not a line of a chart.
        """
        informed = self._letters["informed"]
        return tuple([Ref(*address) for address in self._letters["consulted"] if address in informed])

    @property
    def responsible_positions(self) -> frozenset[str]:
        """The positions that do the work of anything."""
        return frozenset(chain.from_iterable(self._letters["responsible"].values()))

    def undone(self) -> tuple[tuple[Ref, tuple[str, ...]], ...]:
        """Return the records with a `Responsibility` in force and nobody responsible, with those accountable.

        An `owner` alone is no such letter. A part of a duty is accounted for by whoever accounts for the larger duty.
        """
        responsible, rows = self._letters["responsible"], (self._accountable_rows, *self._asked_or_told())
        found = dict.fromkeys(address for letters in rows for address in letters if address not in responsible)
        return tuple([(subject, self.accountable(subject)) for subject in (Ref(*address) for address in found)])

    def _asked_or_told(self) -> Iterator[Answers]:
        return (self._letters[role] for role in ("consulted", "informed"))

    def responsible(self, subject: Ref) -> tuple[str, ...]:
        """Return the positions that do the work, each once."""
        return self._get("responsible", subject)

    def consulted(self, subject: Ref) -> tuple[str, ...]:
        """Return the positions that are asked before, each once."""
        return self._get("consulted", subject)

    def informed(self, subject: Ref) -> tuple[str, ...]:
        """Return the positions that are told afterwards, each once."""
        return self._get("informed", subject)

    def unclear(self) -> tuple[tuple[Ref, tuple[str, ...]], ...]:
        """Return the records for which not just one position is accountable, with those that are, in order of subjects.

        A part of a duty counts as accounted for by whoever accounts for the larger duty.
        """
        accountable, found = self._letters["accountable"], {}
        for letters in self._letters.values():
            for address, positions in letters.items():
                if letters is not accountable:
                    positions = accountable.get(self._heirs.get(address, address), ())
                if len(positions) != 1:
                    found[address] = positions
        return tuple([(Ref(*address), positions) for address, positions in found.items()])

    def _get(self, role: Role, subject: Ref) -> tuple[str, ...]:
        return self._letters[role].get((subject.kind, subject.id), ())


@derived
def raci(m: ModelView, at: date | None = None) -> RaciChart:
    """Return who answers for what.

    Args:
        m: the model.
        at: the day; None leaves out responsibilities that have a period.

    Example:
        >>> from community_ops import Duty, OperatingModel, Responsibility
        >>> model = OperatingModel.of(
        ...     Duty(id="support", name="Support", owner="coo"),
        ...     Duty(id="answer", name="Answer questions", part_of="support"),
        ...     Responsibility(id="r1", subject=Ref("duty", "answer"), position="agent", role="responsible"),
        ... )
        >>> chart = raci(model)
        >>> chart.accountable(Ref("duty", "answer")), chart.responsible(Ref("duty", "answer"))
        (('coo',), ('agent',))
        >>> chart.inherited_from(Ref("duty", "answer"))
        Ref('duty', 'support')
    """
    who = accountability(m, at)
    rows = _rows(m, at)
    return RaciChart(who._own, who._heirs, {**rows, "accountable": who._own}, rows["accountable"])


@derived
def accountability(m: ModelView, at: date | None = None) -> Accountability:
    """Return which position is accountable for what; outlives changes of all other letters.

    Args:
        m: the model.
        at: the day; None leaves out responsibilities that have a period.
    """
    own = dict(_owners(m))
    for address, positions in _accountable_rows(m, at).items():
        own[address] = tuple(dict.fromkeys((*own.get(address, ()), *positions)))
    return Accountability(own, _heirs(m, own))


@derived(cutoff=True)
def _accountable_rows(m: ModelView, at: date | None) -> Answers:
    return MappingProxyType(dict(_rows(m, at)["accountable"]))


@derived
def _owners(m: ModelView) -> Answers:
    """Return the `owner` of every record that has one."""
    found: dict[Address, tuple[str, ...]] = {}
    for kind in m.schema.kinds.values():
        for relation in kind.relations:
            if relation.name == "owner" and relation.reference.kind in ("position", None):
                for id, owner in _owners_of(m, kind.name):
                    found[kind.name, id] = (*found.get((kind.name, id), ()), owner)
    return MappingProxyType(found)


def _owners_of(m: ModelView, kind: str) -> Iterator[tuple[str, str]]:
    plain = plain_column(m, kind, "owner")
    if plain is not None:
        return ((id, owner) for id, owner in zip(m.ids(kind), plain, strict=True) if owner is not None)
    return ((id, owner.id) for id, owner in pairs(m, kind, "owner") if owner.kind == "position")


@derived
def _rows(m: ModelView, at: date | None) -> Mapping[Role, Answers]:
    """Return the positions by role and record, from the responsibilities in force."""
    found: dict[Role, dict[Address, dict[str, None]]] = {
        "accountable": {},
        "responsible": {},
        "consulted": {},
        "informed": {},
    }
    roles: tuple[Role, ...] = m.column(Responsibility.role)
    rows = zip(
        m.column(Responsibility.subject),
        m.column(Responsibility.position),
        roles,
        m.column(Responsibility.period),
        strict=True,
    )
    for subject, position, role, period in rows:
        if period is None or (at is not None and period.covers(at)):
            found[role].setdefault((subject.kind, subject.id), {})[position] = None
    return MappingProxyType(
        {role: {address: tuple(positions) for address, positions in held.items()} for role, held in found.items()}
    )


def _heirs(m: ModelView, own: Answers) -> Mapping[Address, Address]:
    """Return the larger duty that each duty takes its accountable positions from, for those that have none."""
    tree, owned = duty_tree(m), {id for kind, id in own if kind == "duty"}
    sources = tree.inherit([id if id in owned else None for id in tree.ids])
    return {
        ("duty", id): ("duty", source)
        for id, source in zip(tree.ids, sources, strict=True)
        if source is not None and source != id
    }


@derived
def duty_tree(m: ModelView) -> Hierarchy:
    """Return which duty is part of which."""
    return Hierarchy.along(m, "duty", "part_of")


@derived
def unassigned_duties(m: ModelView, at: date | None = None) -> tuple[str, ...]:
    """Return the ids of the duties without parts that no position is responsible for, in table order.

    Args:
        m: the model.
        at: the day; None leaves out responsibilities that have a period.
    """
    tree, responsible = duty_tree(m), _rows(m, at)["responsible"]
    leaves = zip(tree.ids, tree.spans, strict=True)
    return tuple([id for id, parts in leaves if not parts and ("duty", id) not in responsible])


def accountable_for(m: ModelView, position: str, at: date | None = None, inherited: bool = False) -> tuple[Ref, ...]:
    """Return what a position is accountable for, by `owner` fields and by rows.

    Args:
        m: the model.
        position: its id.
        at: the day; None leaves out responsibilities that have a period.
        inherited: whether to add the parts of duties that inherit it.

    Raises:
        UnknownRecord: there is no such position.
    """
    address = Ref("position", position)
    if address.id not in m.id_set(Position):
        raise UnknownRecord(address.kind, position)
    return raci(m, at).accountable_for(address.id, inherited)
