"""`Lifecycle`: which event leads from which state to which, as a table that is checked when it is declared.

How it works. What goes through a lifecycle keeps a log of its events and never its state: the state is what a replay of
the log ends in. A replay starts before the lifecycle, in the state None. Where an event `begins` the lifecycle, it is
the only one possible there, is possible nowhere else, and leads to the `initial` state; where none does, a replay
starts in the initial state itself. From there on the table has a row for every state, and in it, for every event that
is possible in that state, what it leads to: a state, or alternatives of which the first whose guard holds is taken. A
plain state at the end of the alternatives is the otherwise; without one, the event is illegal unless a guard holds.

A guard is only a name. What holds is given with every step, by whoever knows the circumstances: so the table needs no
records, no clock and no callbacks, and diagrams and tests are made from it as well.

In a final state nothing is possible but events that stay in it. One in which nothing at all is possible needs no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from types import MappingProxyType
from typing import Any, NamedTuple

from attrs import Factory, field, frozen

from community_ops.errors import IllegalTransition, InvalidSchema

_NOTHING: frozenset[str] = frozenset()
# What an event leads to, as compiled: a state, or pairs of a guard, None for the otherwise, and a state.
_Compiled = str | tuple[tuple[str | None, str], ...]


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(words)


@frozen
class When:
    """An alternative that is open while a guard holds.

    Attributes:
        guard: the guard's name.
        state: the state that the alternative leads to.
    """

    guard: str
    state: str


Following = str | tuple[When | str, ...]
"""What an event leads to, as declared: a state; or alternatives, with the otherwise last."""


class Transition(NamedTuple):
    """One way from state to state.

    Attributes:
        source: the state it leads from; None for the one that begins the lifecycle.
        event: what happens.
        guard: what must hold, while no guard before it in the table does; None where no guard is asked for.
        target: the state it leads to.
    """

    source: str | None
    event: str
    guard: str | None
    target: str


def _kept(table: Mapping[str, Mapping[str, Following]]) -> Mapping[str, Mapping[str, Following]]:
    return MappingProxyType({state: MappingProxyType({**row}) for state, row in table.items()})


def _derived(function: Any) -> Any:
    return field(init=False, repr=False, default=Factory(function, takes_self=True))


@frozen(eq=False, kw_only=True)
class Lifecycle:
    """States, and the events that lead from one to another.

    Args:
        name: what goes through it, such as `"ticket"`.
        initial: the first state.
        table: for every state, by event, the state that follows; or alternatives, the first that is open counting.
        begins: the event that leads to the first state; None where nothing does.
        final: the states that nothing leads out of.
        guards: the names that alternatives may use.

    Attributes:
        states: every state, in the order of the table.
        events: every event, in the order of the table, after the one that begins.
        transitions: every way from state to state, in the order of the table, after the one that begins.

    Raises:
        InvalidSchema: a name is no word of letters, digits and underscores; the first state or one that an event leads
            to is no state; a guard is unknown; something stands after the otherwise, which cannot be reached; a state
            cannot be reached; a state that is not final has no way out, or a final one has.

    Example:
        >>> door = Lifecycle(
        ...     name="door",
        ...     begins="built",
        ...     initial="open",
        ...     final=("walled_up",),
        ...     guards=("key",),
        ...     table={
        ...         "open": {"shut": "closed"},
        ...         "closed": {"pushed": (When("key", "open"), "closed"), "bricked": "walled_up"},
        ...     },
        ... )
        >>> state = None
        >>> for event in ("built", "shut", "pushed"):
        ...     state = door.step(state, event)
        >>> state, door.next(state, "pushed", {"key"}), door.allowed("closed")
        ('closed', 'open', ('pushed', 'bricked'))
        >>> door.step("closed", "shut")
        Traceback (most recent call last):
        community_ops.errors.IllegalTransition: door: 'shut' is not possible in 'closed', only 'pushed', 'bricked'
    """

    name: str
    initial: str
    table: Mapping[str, Mapping[str, Following]] = field(repr=False, converter=_kept)
    begins: str | None = None
    final: tuple[str, ...] = field(default=(), converter=_words)
    guards: tuple[str, ...] = field(default=(), converter=_words)

    states: tuple[str, ...] = _derived(lambda self: tuple(dict.fromkeys([*self.table, *self.final])))
    transitions: tuple[Transition, ...] = _derived(lambda self: tuple(_transitions(self)))
    events: tuple[str, ...] = _derived(lambda self: tuple(dict.fromkeys([t.event for t in self.transitions])))
    _next: Mapping[tuple[str | None, str], _Compiled] = _derived(lambda self: _compiled(self.transitions))
    _rows: Mapping[str | None, tuple[str, ...]] = _derived(lambda self: _rows(self._next))

    def __attrs_post_init__(self) -> None:
        complaints = list(_misnamed(self)) or list(_stranded(self))
        if complaints:
            raise InvalidSchema(f"lifecycle {self.name!r}: {'; '.join(complaints)}")

    def next(self, state: str | None, event: str, holds: Set[str] = _NOTHING) -> str | None:
        """Return the state that an event leads to; None where it is illegal.

        Args:
            state: the state it happens in; None before the lifecycle has begun.
            event: what happens.
            holds: the guards that hold.
        """
        following = self._next.get((state, event))
        if following is None or isinstance(following, str):
            return following
        for guard, target in following:
            if guard is None or guard in holds:
                return target
        return None

    def step(
        self,
        state: str | None,
        event: str,
        holds: Set[str] = _NOTHING,
        *,
        id: str | None = None,
        place: int | None = None,
    ) -> str:
        """Return the state that an event leads to.

        Args:
            state: the state it happens in; None before the lifecycle has begun.
            event: what happens.
            holds: the guards that hold.
            id: of what goes through the lifecycle, for the error.
            place: of the event in its log, counted from 0, for the error.

        Raises:
            IllegalTransition: the event is not possible in that state.
        """
        following = self.next(state, event, holds)
        if following is None:
            raise IllegalTransition(self.name, id, state, event, place, self._reason(state, event))
        return following

    def allowed(self, state: str | None, holds: Set[str] | None = None) -> tuple[str, ...]:
        """Return the events that are possible in a state, in the order of the table.

        Args:
            state: the state; None before the lifecycle has begun.
            holds: the guards that hold; None asks for what is possible with whichever guards.
        """
        events = self._rows.get(state, ())
        if holds is None:
            return events
        return tuple([event for event in events if self.next(state, event, holds) is not None])

    def rows(self) -> list[dict[str, str | None]]:
        """Return the transitions as plain rows, for a table in a document: `from`, `event`, `when` and `to`."""
        return [
            {"from": t.source, "event": t.event, "when": self._condition(t), "to": t.target} for t in self.transitions
        ]

    def mermaid(self, *, loops: bool = False) -> str:
        """Write the lifecycle as a Mermaid state diagram, with one arrow from a state to another.

        Args:
            loops: whether to draw events that stay in a state.

        Example:
            >>> lamp = Lifecycle(name="lamp", initial="off", table={"off": {"press": "on"}, "on": {"press": "off"}})
            >>> print(lamp.mermaid())
            stateDiagram-v2
                state "off" as n0
                state "on" as n1
                [*] --> n0
                n0 --> n1 : press
                n1 --> n0 : press
        """
        # Made-up names, since a state may be called `end` or `note`.
        nodes: dict[str | None, str] = {state: f"n{place}" for place, state in enumerate(self.states)}
        lines = [f'state "{state}" as {node}' for state, node in nodes.items()]
        nodes[None] = "[*]"
        if self.begins is None:
            lines.append(f"[*] --> {nodes[self.initial]}")
        arrows: dict[tuple[str | None, str], list[str]] = {}
        for t in self.transitions:
            if loops or t.source != t.target:
                condition = self._condition(t)
                text = t.event if condition is None else f"{t.event} [{condition}]"
                arrows.setdefault((t.source, t.target), []).append(text)
        lines += [f"{nodes[a]} --> {nodes[b]} : {', '.join(texts)}" for (a, b), texts in arrows.items()]
        lines += [f"{nodes[state]} --> [*]" for state in self.final]
        return "\n    ".join(["stateDiagram-v2", *lines])

    def _condition(self, transition: Transition) -> str | None:
        if transition.guard is None and not isinstance(self._next[transition.source, transition.event], str):
            return "otherwise"
        return transition.guard

    def _reason(self, state: str | None, event: str) -> str:
        following = self._next.get((state, event))
        if isinstance(following, tuple):
            return f"unless {' or '.join([repr(guard) for guard, _ in following])} holds"
        if event not in self.events:
            return f"for a {self.name} has no such event"
        if state is not None and state not in self.states:
            return f"for a {self.name} has no such state"
        possible = self._rows.get(state)
        return f"only {', '.join(map(repr, possible))}" if possible else "nothing is"


def _transitions(cycle: Lifecycle) -> Iterator[Transition]:
    if cycle.begins is not None:
        yield Transition(None, cycle.begins, None, cycle.initial)
    for state, row in cycle.table.items():
        for event, following in row.items():
            for guard, target in _alternatives(following):
                yield Transition(state, event, guard, target)


def _alternatives(following: Following) -> list[tuple[str | None, str]]:
    if isinstance(following, str):
        return [(None, following)]
    return [(one.guard, one.state) if isinstance(one, When) else (None, one) for one in following]


def _compiled(transitions: Iterable[Transition]) -> Mapping[tuple[str | None, str], _Compiled]:
    alternatives: dict[tuple[str | None, str], tuple[tuple[str | None, str], ...]] = {}
    for source, event, guard, target in transitions:
        alternatives[source, event] = (*alternatives.get((source, event), ()), (guard, target))
    return {key: found[0][1] if found[0][0] is None else found for key, found in alternatives.items()}


def _rows(keys: Iterable[tuple[str | None, str]]) -> Mapping[str | None, tuple[str, ...]]:
    rows: dict[str | None, list[str]] = {}
    for state, event in keys:
        rows.setdefault(state, []).append(event)
    return {state: tuple(events) for state, events in rows.items()}


def _misnamed(cycle: Lifecycle) -> Iterator[str]:
    """Yield what is wrong with single entries; where something is, there is no sense in following the ways."""
    for word in (cycle.name, *cycle.states, *cycle.events, *cycle.guards):
        if not word.isidentifier():
            yield f"{word!r} is no word of letters, digits and underscores"
    states = {*cycle.states}
    if cycle.initial not in states:
        yield f"the initial {cycle.initial!r} is no state"
    for state, row in cycle.table.items():
        if cycle.begins in row:
            yield f"{cycle.begins!r} begins it, and so cannot happen in {state!r}"
        for event, following in row.items():
            faults = _faults(_alternatives(following), states, cycle.guards)
            yield from (f"{event!r} in {state!r} {fault}" for fault in faults)


def _faults(alternatives: list[tuple[str | None, str]], states: Set[str], guards: tuple[str, ...]) -> Iterator[str]:
    if not alternatives:
        yield "leads nowhere"
    before: set[str | None] = set()
    for guard, target in alternatives:
        if target not in states:
            yield f"leads to {target!r}, which is no state"
        if guard is not None and guard not in guards:
            yield f"asks for {guard!r}, which is no guard"
        if None in before:
            yield f"never leads to {target!r}, which stands after the otherwise"
        elif guard in before:
            yield f"asks for {guard!r} twice"
        before.add(guard)


def _stranded(cycle: Lifecycle) -> Iterator[str]:
    """Yield the states that cannot be reached, that cannot be left, and that can be left although they are final."""
    onward: dict[str, list[str]] = {state: [] for state in cycle.states}
    for source, _, _, target in cycle.transitions:
        if source is not None and source != target and target not in onward[source]:
            onward[source].append(target)
    reached = {cycle.initial}
    waiting = [cycle.initial]
    while waiting:
        new = [state for state in onward[waiting.pop()] if state not in reached]
        reached.update(new)
        waiting += new
    for state, targets in onward.items():
        if state not in reached:
            yield f"nothing leads to {state!r}"
        if state in cycle.final and targets:
            yield f"{state!r} is final, and yet leads to {', '.join(map(repr, targets))}"
        if state not in cycle.final and not targets:
            yield f"there is no way out of {state!r}, which is not declared final"
