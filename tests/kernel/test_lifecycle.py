from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from community_ops.errors import IllegalTransition, InvalidSchema
from community_ops.kernel.lifecycle import Lifecycle, Transition, When
from tests.kernel.lifecycles import CLAIM, LAMP, naive_next, subsets

STATES = ("a", "b", "c", "d", "e")
GUARDS = ("g", "h")


def declared(**changes: Any) -> Lifecycle:
    """A sound table but for what is changed."""
    sound = {"name": "form", "initial": "a", "final": ["z"], "table": {"a": {"go": "z"}}}
    return Lifecycle(**{**sound, **changes})


def complaint(**changes: Any) -> str:
    with pytest.raises(InvalidSchema) as caught:
        declared(**changes)
    return str(caught.value)


@st.composite
def declarations(draw: st.DrawFn) -> dict[str, Any]:
    """Tables without a misprint, whose states may lie anywhere."""
    states = STATES[: draw(st.integers(1, len(STATES)))]
    state = st.sampled_from(states)
    guarded = st.lists(st.builds(When, st.sampled_from(GUARDS), state), max_size=2, unique_by=lambda when: when.guard)
    otherwise = st.lists(state, max_size=1)
    alternatives = st.tuples(guarded, otherwise).map(lambda pair: (*pair[0], *pair[1])).filter(bool)
    row = st.dictionaries(st.sampled_from(["x", "y", "z"]), state | alternatives, max_size=3)
    return {
        "name": "thing",
        "initial": draw(state),
        "begins": draw(st.sampled_from([None, "start"])),
        "final": tuple(draw(st.lists(state, max_size=2, unique=True))),
        "guards": GUARDS,
        "table": {name: draw(row) for name in states},
    }


def closure(table: dict[str, dict[str, Any]]) -> dict[tuple[str, str], bool]:
    """Whether there is a way of any length from one state to another, by Warshall's algorithm."""
    reach = {(a, b): a == b for a in table for b in table}
    for state, row in table.items():
        for following in row.values():
            for one in [following] if isinstance(following, str) else following:
                reach[state, one if isinstance(one, str) else one.state] = True
    for through in table:
        for a in table:
            for b in table:
                reach[a, b] = reach[a, b] or (reach[a, through] and reach[through, b])
    return reach


@given(declarations())
@example({"name": "thing", "initial": "a", "final": ("a",), "table": {"a": {}}})
def test_a_table_is_refused_exactly_for_states_that_are_cut_off_stuck_or_not_final_after_all(given: dict[str, Any]):
    reach = closure(given["table"])
    final = given["final"]
    left = {a: any(reach[a, b] for b in given["table"] if b != a) for a in given["table"]}
    wrong = [
        *(f"nothing leads to {state!r}" for state in left if not reach[given["initial"], state]),
        *(f"no way out of {state!r}" for state in left if state not in final and not left[state]),
        *(f"{state!r} is final, and yet" for state in left if state in final and left[state]),
    ]
    try:
        cycle = Lifecycle(**given)
    except InvalidSchema as error:
        assert wrong
        assert len(str(error).split("; ")) == len(wrong)
        assert [text for text in wrong if text not in str(error)] == []
    else:
        assert not wrong
        assert cycle.states == tuple(given["table"])


def mended(given: dict[str, Any]) -> Lifecycle:
    """The same table without what cannot be reached, and with the right states as final."""
    reach = closure(given["table"])
    table = {a: row for a, row in given["table"].items() if reach[given["initial"], a]}
    stuck = [a for a in table if not any(reach[a, b] for b in table if b != a)]
    return Lifecycle(**{**given, "table": table, "final": stuck})


@given(declarations().map(mended))
@example(CLAIM)
@example(LAMP)
def test_every_event_leads_where_the_table_says_in_every_state_and_under_all_guards(cycle: Lifecycle):
    taken = set()
    for state in (None, *cycle.states, "nowhere"):
        possible = set()
        for holds in subsets(cycle.guards):
            here = set()
            for event in (*cycle.events, "unheard_of"):
                way = naive_next(cycle, state, event, holds)
                assert cycle.next(state, event, holds) == (way and way.target)
                if way is None:
                    with pytest.raises(IllegalTransition):
                        cycle.step(state, event, holds)
                else:
                    assert cycle.step(state, event, holds) == way.target
                    here.add(event)
                    taken.add(way)
            assert set(cycle.allowed(state, holds)) == here
            possible |= here
        assert set(cycle.allowed(state)) == possible
    assert set(cycle.transitions) == taken
    assert len(cycle.transitions) == len(taken)


def test_without_guards_only_the_otherwise_is_open():
    assert CLAIM.next("new", "examined") == "waiting"
    assert CLAIM.next("rejected", "appealed") is None
    assert CLAIM.step("new", "examined", {"insured", "late"}) == "rejected", "the first that holds counts"


def test_states_and_events_come_in_the_order_of_the_table():
    assert CLAIM.states == ("new", "waiting", "rejected", "accepted", "paid", "dropped")
    assert CLAIM.events == ("filed", "noted", "examined", "dropped", "appealed", "transferred")
    assert (CLAIM.initial, CLAIM.final, CLAIM.begins) == ("new", ("paid", "dropped"), "filed")
    assert CLAIM.transitions[:3] == (
        Transition(None, "filed", None, "new"),
        Transition("new", "noted", None, "new"),
        Transition("new", "examined", "late", "rejected"),
    )
    assert CLAIM.allowed("new") == ("noted", "examined", "dropped")
    assert CLAIM.allowed("rejected", set()) == ("dropped",)


def test_a_log_is_replayed_from_before_the_beginning():
    assert CLAIM.allowed(None) == ("filed",)
    assert CLAIM.next(None, "filed") == "new"
    assert CLAIM.next(None, "noted") is None
    assert CLAIM.next("new", "filed") is None
    assert LAMP.allowed(None) == ()


def test_a_lifecycle_cannot_be_changed_afterwards():
    table = {"a": {"go": "z"}}
    cycle = declared(table=table)
    table["a"]["go"] = table["b"] = "a"
    assert cycle.table == {"a": {"go": "z"}}
    with pytest.raises(TypeError):
        cycle.table["a"]["go"] = "a"  # type: ignore[index]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        cycle.initial = "z"  # type: ignore[misc]


def test_a_state_that_is_no_state_is_named():
    assert "the initial 'start' is no state" in complaint(initial="start")
    assert "'go' in 'a' leads to 'y', which is no state" in complaint(table={"a": {"go": "y"}})
    assert "'go' in 'a' leads to 'y', which is no state" in complaint(
        guards=["g"], table={"a": {"go": (When("g", "y"), "z")}}
    )
    assert "nothing leads to 'gone'" in complaint(final=["z", "gone"])


def test_alternatives_must_be_able_to_come():
    assert "'go' in 'a' leads nowhere" in complaint(table={"a": {"go": ()}})
    assert "'go' in 'a' asks for 'h', which is no guard" in complaint(
        guards=["g"], table={"a": {"go": (When("h", "z"),)}}
    )
    assert "'go' in 'a' never leads to 'a', which stands after the otherwise" in complaint(
        guards=["g"], table={"a": {"go": ("z", When("g", "a"))}}
    )
    assert "'go' in 'a' never leads to 'a', which stands after the otherwise" in complaint(
        table={"a": {"go": ("z", "a")}}
    )
    assert "'go' in 'a' asks for 'g' twice" in complaint(
        guards=["g"], table={"a": {"go": (When("g", "z"), When("g", "a"))}}
    )


def test_what_begins_a_lifecycle_cannot_happen_again():
    assert "'go' begins it, and so cannot happen in 'a'" in complaint(begins="go")


@pytest.mark.parametrize("word", ["", "on hold", "on-hold", "a\nb", 'a"b', "1st", "a;b"])
def test_names_are_words_that_no_diagram_stumbles_over(word: str):
    said = f"{word!r} is no word of letters, digits and underscores"
    assert said in complaint(name=word)
    assert said in complaint(begins=word)
    assert said in complaint(guards=[word])
    assert said in complaint(table={"a": {"go": "z", word: "z"}})
    assert said in complaint(table={"a": {"go": word}, word: {"go": "z"}})


def test_names_may_be_of_any_script():
    cycle = Lifecycle(name="工单", initial="新建", final=("关闭",), table={"新建": {"解决": "关闭"}})
    assert cycle.next("新建", "解决") == "关闭"


def test_everything_wrong_is_told_together_with_the_name_of_the_lifecycle():
    assert complaint(final=[], table={"a": {}, "b": {"go": "a"}, "c": {"go": "b"}}) == (
        "lifecycle 'form': there is no way out of 'a', which is not declared final; nothing leads to 'b'; "
        "nothing leads to 'c'"
    )
    assert complaint(table={"a": {"go": "z"}, "z": {"back": "a"}}) == (
        "lifecycle 'form': 'z' is final, and yet leads to 'a'"
    )


def test_events_that_stay_are_no_way_out_and_are_allowed_in_a_final_state():
    assert "no way out of 'z'" in complaint(final=[], table={"a": {"go": "z"}, "z": {"note": "z"}})
    assert declared(table={"a": {"go": "z"}, "z": {"note": "z"}}).next("z", "note") == "z"


def test_a_long_lifecycle_is_followed_to_its_end():
    table = {f"s{number}": {"go": f"s{number + 1}"} for number in range(20_000)}
    cycle = Lifecycle(name="stairs", initial="s0", final=("s20000",), table=table)
    assert cycle.next("s19999", "go") == "s20000"


@pytest.mark.parametrize(
    ("state", "event", "message"),
    [
        ("accepted", "noted", "claim: 'noted' is not possible in 'accepted', only 'transferred'"),
        ("new", "filed", "claim: 'filed' is not possible in 'new', only 'noted', 'examined', 'dropped'"),
        ("dropped", "noted", "claim: 'noted' is not possible in 'dropped', nothing is"),
        ("rejected", "appealed", "claim: 'appealed' is not possible in 'rejected', unless 'insured' holds"),
        (None, "noted", "claim: 'noted' is not possible at the start, only 'filed'"),
        ("new", "eaten", "claim: 'eaten' is not possible in 'new', for a claim has no such event"),
        ("lost", "noted", "claim: 'noted' is not possible in 'lost', for a claim has no such state"),
    ],
)
def test_an_illegal_event_is_told_with_what_would_be_possible(state: str | None, event: str, message: str):
    with pytest.raises(IllegalTransition) as caught:
        CLAIM.step(state, event)
    assert str(caught.value) == message
    assert (caught.value.kind, caught.value.state, caught.value.event) == ("claim", state, event)
    assert caught.value.id is caught.value.place is None


def test_an_illegal_event_is_named_by_its_place_in_the_log():
    with pytest.raises(IllegalTransition) as caught:
        CLAIM.step("paid", "examined", id="c-7", place=4)
    error = caught.value
    assert (error.kind, error.id, error.state, error.event, error.place) == ("claim", "c-7", "paid", "examined", 4)
    assert str(error) == "claim 'c-7': 'examined' at events[4] is not possible in 'paid', only 'noted'"


def test_rows_say_when_each_transition_is_taken():
    rows = CLAIM.rows()
    assert len(rows) == len(CLAIM.transitions)
    assert rows[0] == {"from": None, "event": "filed", "when": None, "to": "new"}
    assert [row for row in rows if row["from"] == "waiting"] == [
        {"from": "waiting", "event": "noted", "when": None, "to": "waiting"},
        {"from": "waiting", "event": "examined", "when": "insured", "to": "accepted"},
        {"from": "waiting", "event": "examined", "when": "otherwise", "to": "rejected"},
    ]


DIAGRAM = """\
stateDiagram-v2
    state "new" as n0
    state "waiting" as n1
    state "rejected" as n2
    state "accepted" as n3
    state "paid" as n4
    state "dropped" as n5
    [*] --> n0 : filed
    n0 --> n2 : examined [late]
    n0 --> n3 : examined [insured]
    n0 --> n1 : examined [otherwise]
    n0 --> n5 : dropped
    n1 --> n3 : examined [insured]
    n1 --> n2 : examined [otherwise]
    n2 --> n1 : appealed [insured]
    n2 --> n5 : dropped
    n3 --> n4 : transferred
    n4 --> [*]
    n5 --> [*]"""


def test_a_diagram_shows_every_way_between_two_states_once():
    assert CLAIM.mermaid() == DIAGRAM
    two = declared(table={"a": {"go": "z", "fly": "z", "wait": "a"}})
    assert "n0 --> n1 : go, fly" in two.mermaid()
    assert "wait" not in two.mermaid()


def test_a_diagram_shows_events_that_stay_when_asked_to():
    added = set(CLAIM.mermaid(loops=True).splitlines()) - set(DIAGRAM.splitlines())
    assert added == {"    n0 --> n0 : noted", "    n1 --> n1 : noted", "    n4 --> n4 : noted"}


def test_a_diagram_of_what_nothing_begins_starts_in_the_first_state():
    assert "    [*] --> n0\n" in LAMP.mermaid()
