"""`event_sequences` and `lifecycle_machine`: whatever can happen to something that goes through a lifecycle.

A random walk hardly ever gets to what lies behind several particular events, and soon ends in a final state. So these
draw transitions as goals, and go to each on a shortest way. Every legal sequence can come, since each of its
transitions may be drawn when it is the next; and what fails shrinks to the few goals that matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from hypothesis.strategies import SearchStrategy

from community_ops.kernel.lifecycle import Lifecycle, Transition

_NOTHING: frozenset[str] = frozenset()
# To every state that can be reached, a shortest way.
_Ways = Mapping[str | None, tuple[Transition, ...]]


def event_sequences(
    lifecycle: Lifecycle, *, holds: Set[str] = _NOTHING, fails: Set[str] = _NOTHING, max_size: int = 20
) -> SearchStrategy[tuple[Transition, ...]]:
    """Return a strategy for legal sequences of events, from the one that begins the lifecycle on.

    Each event comes as the transition that it makes: its `event`, the state after it as `target`, and the `guard` that
    must hold to get there, while those before that one in the table must not.

    Args:
        lifecycle: the table.
        holds: guards that always hold.
        fails: guards that never do. All others may hold at one event and not at the next.
        max_size: the most events, the one that begins it included.

    Raises:
        ValueError: the lifecycle has no such guard, or one is both to hold and to fail.

    Example:
        >>> from hypothesis import given
        >>> lamp = Lifecycle(name="lamp", initial="off", table={"off": {"press": "on"}, "on": {"press": "off"}})
        >>> @given(event_sequences(lamp))
        ... def it_shines_after_an_odd_number_of_presses(sequence):
        ...     state = sequence[-1].target if sequence else "off"
        ...     assert state == ("on" if len(sequence) % 2 else "off")
        >>> it_shines_after_an_odd_number_of_presses()
    """
    atlas = _atlas(lifecycle, holds, fails)

    def walk(goals: Sequence[Transition]) -> tuple[Transition, ...]:
        state = atlas.start
        taken: list[Transition] = []
        # What cannot be come back to goes first, or the first goal would put most others out of reach. A legal sequence
        # is in this order already: the more it has behind it, the fewer states can be reached.
        for goal in sorted(goals, key=lambda goal: -len(atlas.ways[goal.source])):
            way = atlas.way(state, goal)
            taken += way
            state = way[-1].target if way else state
        return tuple(taken[:max_size])

    if not atlas.goals:
        return st.just(())
    return st.lists(st.sampled_from(atlas.goals), max_size=max_size).map(walk)


class LifecycleMachine(RuleBasedStateMachine):
    """A Hypothesis state machine that leads a system under test through a lifecycle. See `lifecycle_machine`.

    Attributes:
        state: the state that the system should be in; None before the lifecycle has begun.
    """

    state: str | None

    def happens(self, step: Transition) -> None:
        """Do to the system what happens; afterwards, `step.target` is the state that it should be in. Override it."""


def lifecycle_machine(
    lifecycle: Lifecycle, *, holds: Set[str] = _NOTHING, fails: Set[str] = _NOTHING
) -> type[LifecycleMachine]:
    """Return a base class for a Hypothesis state machine: events come in any legal order, and yours does what they say.

    Inherit from it, override `happens`, and add invariants and rules of your own.

    Args:
        lifecycle: the table.
        holds: guards that always hold.
        fails: guards that never do. All others may hold at one event and not at the next.

    Raises:
        ValueError: the lifecycle has no such guard, or one is both to hold and to fail; or no event is possible at all.

    Example:
        >>> from hypothesis.stateful import invariant, run_state_machine_as_test
        >>> lamp = Lifecycle(name="lamp", initial="off", table={"off": {"press": "on"}, "on": {"press": "off"}})
        >>> class Lamp(lifecycle_machine(lamp)):
        ...     shines = False
        ...
        ...     def happens(self, step):
        ...         self.shines = not self.shines
        ...
        ...     @invariant()
        ...     def it_shines_when_it_is_on(self):
        ...         assert self.shines == (self.state == "on")
        >>> run_state_machine_as_test(Lamp)
    """
    atlas = _atlas(lifecycle, holds, fails)
    if not atlas.goals:
        raise ValueError(f"nothing can happen to a {lifecycle.name}")

    class Machine(LifecycleMachine):
        def __init__(self) -> None:
            super().__init__()
            self.state = atlas.start

        @rule(goal=st.sampled_from(atlas.goals))
        def go_on(self, goal: Transition) -> None:
            for step in atlas.way(self.state, goal):
                self.happens(step)
                self.state = step.target

    return Machine


@frozen(eq=False)
class _Atlas:
    """Where a lifecycle starts, the transitions that can come, and how to get from every state to every other."""

    start: str | None
    goals: tuple[Transition, ...]
    ways: Mapping[str | None, _Ways]

    def way(self, state: str | None, goal: Transition) -> tuple[Transition, ...]:
        """Return a shortest way from a state to a transition, which ends it; nothing where there is none."""
        before = self.ways[state].get(goal.source)
        return () if before is None else (*before, goal)


def _atlas(lifecycle: Lifecycle, holds: Set[str], fails: Set[str]) -> _Atlas:
    if unknown := sorted((holds | fails) - {*lifecycle.guards}):
        raise ValueError(f"a {lifecycle.name} has no guard {', '.join(map(repr, unknown))}")
    if both := sorted(holds & fails):
        raise ValueError(f"cannot both hold and fail: {', '.join(map(repr, both))}")
    onward: dict[str | None, list[Transition]] = {None: [], **{state: [] for state in lifecycle.states}}
    for transition in _possible(lifecycle.transitions, holds, fails):
        onward[transition.source].append(transition)
    start = lifecycle.initial if lifecycle.begins is None else None
    ways = {state: _ways(onward, state) for state in _ways(onward, start)}
    return _Atlas(start, tuple([step for state in ways for step in onward[state]]), ways)


def _possible(transitions: Iterable[Transition], holds: Set[str], fails: Set[str]) -> Iterator[Transition]:
    decided: set[tuple[str | None, str]] = set()  # by a guard that always holds: what stands after it never comes
    for transition in transitions:
        key = (transition.source, transition.event)
        if transition.guard not in fails and key not in decided:
            yield transition
        if transition.guard in holds:
            decided.add(key)


def _ways(onward: Mapping[str | None, Sequence[Transition]], start: str | None) -> _Ways:
    ways: dict[str | None, tuple[Transition, ...]] = {start: ()}
    nearest: list[str | None] = [start]
    for state in nearest:  # breadth first: the list grows while it is read
        for step in onward[state]:
            if step.target not in ways:
                ways[step.target] = (*ways[state], step)
                nearest.append(step.target)
    return ways
