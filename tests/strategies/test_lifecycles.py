from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from community_ops.kernel.lifecycle import Lifecycle, Transition, When
from community_ops.strategies import event_sequences, lifecycle_machine
from tests.kernel.lifecycles import CLAIM, LAMP, naive_next, naive_sequences, subsets

many = settings(max_examples=300, derandomize=True, database=None, suppress_health_check=(), deadline=None)
NONE: frozenset[str] = frozenset()
quick = settings(many, phases=[Phase.generate], stateful_step_count=10, report_multiple_bugs=False, print_blob=False)
SETTLED = [(NONE, NONE), (frozenset(["insured"]), NONE), (NONE, frozenset(["insured"])), (frozenset(["late"]), NONE)]


STILL = Lifecycle(name="stone", initial="lying", final=("lying",), table={"lying": {}})
BARRED = Lifecycle(
    name="gate",
    initial="shut",
    guards=("key",),
    table={"shut": {"push": (When("key", "open"),)}, "open": {"push": "shut", "knock": "open"}},
)


def minimal(strategy: SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    return find(strategy, condition, settings=settings(many, max_examples=5_000))


def test_what_comes_is_a_replay_that_the_table_allows() -> None:
    sizes = set()

    @given(event_sequences(CLAIM, max_size=9))
    @many
    def look(sequence: tuple[Transition, ...]) -> None:
        state = None
        for step in sequence:
            assert step.source == state
            assert step in {naive_next(CLAIM, state, step.event, holds) for holds in subsets(CLAIM.guards)}
            state = CLAIM.step(state, step.event, {step.guard} if step.guard else set())
            assert state == step.target
        sizes.add(len(sequence))

    look()
    assert sizes == set(range(10))


@pytest.mark.parametrize(("holds", "fails"), SETTLED)
def test_every_transition_comes_that_the_guards_leave_and_no_other(
    holds: frozenset[str], fails: frozenset[str]
) -> None:
    seen: set[Transition] = set()

    @given(event_sequences(CLAIM, holds=holds, fails=fails, max_size=8))
    @many
    def look(sequence: tuple[Transition, ...]) -> None:
        seen.update(sequence)

    look()
    assert seen == naive_transitions(holds, fails)


def naive_transitions(holds: frozenset[str], fails: frozenset[str]) -> set[Transition]:
    return {step for size in range(7) for sequence in naive_sequences(CLAIM, size, holds, fails) for step in sequence}


def test_settled_guards_leave_fewer_transitions() -> None:
    assert naive_transitions(NONE, NONE) == set(CLAIM.transitions)
    assert max(len(naive_transitions(*pair)) for pair in SETTLED[1:]) < len(CLAIM.transitions)


def test_what_can_only_happen_at_first_is_not_rarer_than_the_rest() -> None:
    events = [f"e{number}" for number in range(40)]
    loops = {state: dict.fromkeys(events, state) for state in ("first", "second")}
    cycle = Lifecycle(
        name="rocket",
        initial="first",
        final=("second",),
        table={**loops, "first": {**loops["first"], "parted": "second"}},
    )
    seen: set[Transition] = set()

    @given(event_sequences(cycle))
    @many
    def look(sequence: tuple[Transition, ...]) -> None:
        seen.update(sequence)

    look()
    assert seen == set(cycle.transitions)


def test_every_legal_sequence_can_come() -> None:
    wanted = {sequence for size in range(4) for sequence in naive_sequences(BARRED, size)}
    assert max(map(len, wanted)) == 3
    seen = set()

    @given(event_sequences(BARRED, max_size=3))
    @many
    def look(sequence: tuple[Transition, ...]) -> None:
        seen.add(sequence)

    look()
    assert seen == wanted


def test_what_lies_deep_is_found_and_told_on_the_shortest_way() -> None:
    found = minimal(event_sequences(CLAIM), lambda sequence: any(step.event == "appealed" for step in sequence))
    assert found == (
        Transition(None, "filed", None, "new"),
        Transition("new", "examined", "late", "rejected"),
        Transition("rejected", "appealed", "insured", "waiting"),
    )


def test_sequences_may_be_as_long_as_they_may_and_no_longer() -> None:
    assert len(minimal(event_sequences(LAMP, max_size=50), lambda sequence: len(sequence) > 30)) == 31
    assert minimal(event_sequences(CLAIM, max_size=0), lambda sequence: True) == ()


def test_where_nothing_can_happen_nothing_comes() -> None:
    assert minimal(event_sequences(STILL), lambda sequence: True) == ()
    assert minimal(event_sequences(BARRED, fails={"key"}), lambda sequence: True) == ()
    assert minimal(event_sequences(BARRED, holds={"key"}), bool) == (Transition("shut", "push", "key", "open"),)
    with pytest.raises(ValueError, match="nothing can happen to a stone"):
        lifecycle_machine(STILL)


@pytest.mark.parametrize("make", [event_sequences, lifecycle_machine])
def test_guards_that_make_no_sense_are_an_error_at_once(make: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="a claim has no guard 'insurance', 'tardy'"):
        make(CLAIM, holds={"tardy"}, fails={"insurance", "late"})
    with pytest.raises(ValueError, match="cannot both hold and fail: 'late'"):
        make(CLAIM, holds={"insured", "late"}, fails={"late"})


def office(wrong: Transition | None) -> type:
    """A claims office that keeps states of its own, and forgets to at one transition."""

    class Office(lifecycle_machine(CLAIM)):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.own: str | None = None

        def happens(self, step: Transition) -> None:
            assert step.source == self.state
            if step != wrong:
                self.own = step.target

        @invariant()
        def both_agree(self) -> None:
            assert self.own == self.state

    return Office


def test_a_system_that_keeps_to_the_table_passes() -> None:
    run_state_machine_as_test(office(None), settings=settings(many, max_examples=30))


@pytest.mark.parametrize("wrong", [t for t in CLAIM.transitions if t.source != t.target], ids=str)
def test_a_system_that_is_wrong_at_any_one_transition_is_caught(wrong: Transition) -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(office(wrong), settings=quick)
