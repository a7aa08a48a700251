"""Lifecycles that several tests share, and what follows from a table by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import chain, combinations

from community_ops.kernel.lifecycle import Lifecycle, Transition, When

CLAIM = Lifecycle(
    name="claim",
    begins="filed",
    initial="new",
    final=("paid", "dropped"),
    guards=("insured", "late"),
    table={
        "new": {
            "noted": "new",
            "examined": (When("late", "rejected"), When("insured", "accepted"), "waiting"),
            "dropped": "dropped",
        },
        "waiting": {"noted": "waiting", "examined": (When("insured", "accepted"), "rejected")},
        "rejected": {"appealed": (When("insured", "waiting"),), "dropped": "dropped"},
        "accepted": {"transferred": "paid"},
        "paid": {"noted": "paid"},
    },
)
LAMP = Lifecycle(name="lamp", initial="off", table={"off": {"press": "on"}, "on": {"press": "off"}})


def subsets(guards: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(chosen) for size in range(len(guards) + 1) for chosen in combinations(guards, size)]


def naive_next(cycle: Lifecycle, state: str | None, event: str, holds: Set[str]) -> Transition | None:
    """The way taken, read off the table as it was written down."""
    if state is None:
        return Transition(None, event, None, cycle.initial) if event == cycle.begins else None
    alternatives = cycle.table.get(state, {}).get(event, ())
    for one in [alternatives] if isinstance(alternatives, str) else alternatives:
        if isinstance(one, str):
            return Transition(state, event, None, one)
        if one.guard in holds:
            return Transition(state, event, one.guard, one.state)
    return None


def naive_sequences(
    cycle: Lifecycle, size: int, holds: Set[str] = frozenset(), fails: Set[str] = frozenset()
) -> Iterator[tuple[Transition, ...]]:
    """Every legal sequence of exactly so many events, each event under every set of guards that may hold."""
    allowed = [chosen for chosen in subsets(cycle.guards) if chosen >= holds and not chosen & fails]
    sequences: set[tuple[Transition, ...]] = {()}
    for _ in range(size):
        longer = set()
        for done in sequences:
            state = done[-1].target if done else (cycle.initial if cycle.begins is None else None)
            for event, chosen in chain.from_iterable([[(e, c) for c in allowed] for e in cycle.events]):
                step = naive_next(cycle, state, event, chosen)
                if step is not None:
                    longer.add((*done, step))
        sequences = longer
    yield from sequences
