from __future__ import annotations

import copy
import pickle

import pytest

from community_ops import errors
from community_ops.errors import (
    CommunityOpsError,
    Conflict,
    DuplicateRecord,
    InvalidDocument,
    InvalidRecord,
    LateRead,
    MissingExtra,
    Problem,
    StillReferenced,
    UnknownRecord,
)
from community_ops.kernel.ref import Ref

EXAMPLES = [
    CommunityOpsError("anything"),
    errors.InvalidSchema("no such kind"),
    InvalidRecord("post", "ceo", [("seats", -1, "must be at least 0, got -1"), ("title", 5, "must be text")]),
    InvalidRecord("Money", None, [("currency", "yuan", "must be a three-letter code")]),
    InvalidDocument([Problem("wrong-type", "/units/0/name", "must be text")]),
    UnknownRecord("post", "nobody"),
    DuplicateRecord("post", "ceo"),
    errors.IdClash([(Ref("post", "ceo"), ("title",)), (Ref("post", "coo"), ())]),
    StillReferenced(Ref("post", "ceo"), [Ref("post", "coo")]),
    Conflict([(Ref("post", "ceo"), ("title",), "title should be 'A' but is 'B'")]),
    errors.CyclicNetwork([1, 4, 2]),
    errors.IllegalTransition("ticket", "t-1", "closed", "resolved", 4, "only 'reopened'"),
    errors.CyclicMerger(["t-1", "t-2"]),
    errors.NoBaseline("launch", "2026-03-02"),
    errors.MixedCurrencies("plan 'launch'", ["CNY", "EUR"]),
    errors.NoWorkTime(["office"], "after"),
    errors.NotAnInstant("noon"),
    LateRead("too late"),
    MissingExtra("matplotlib", "charts"),
    errors.NotInSchema("this schema has no kind 'dragon'"),
    errors.UnknownExtension("acme", ["contracts", "vehicles"]),
    errors.InvalidExtension(["acme 1.0"], "cannot be loaded"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_every_error_survives_copying_with_its_message_and_attributes(error, copied):
    again = copied(error)
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.args == error.args
    assert vars(again) == vars(error)


def test_every_error_of_the_module_is_an_example_here_and_a_community_ops_error():
    declared = {
        thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, BaseException)
    }
    assert declared == {type(error) for error in EXAMPLES}
    assert all(issubclass(error, CommunityOpsError) for error in declared)


@pytest.mark.parametrize(
    ("error", "base"),
    [
        (errors.InvalidSchema, TypeError),
        (InvalidRecord, ValueError),
        (InvalidDocument, ValueError),
        (UnknownRecord, LookupError),
        (DuplicateRecord, ValueError),
        (StillReferenced, ValueError),
        (Conflict, ValueError),
        (errors.CyclicNetwork, ValueError),
        (errors.IllegalTransition, ValueError),
        (LateRead, RuntimeError),
        (MissingExtra, ImportError),
        (errors.NotInSchema, LookupError),
        (errors.UnknownExtension, LookupError),
    ],
)
def test_errors_can_be_caught_as_what_python_calls_them(error, base):
    assert issubclass(error, base)


def test_invalid_record_names_the_kind_the_id_and_every_field():
    error = EXAMPLES[2]
    assert (error.kind, error.id, error.field, error.value) == ("post", "ceo", "seats", -1)
    assert [name for name, _, _ in error.problems] == ["seats", "title"]
    assert str(error) == "post 'ceo': seats must be at least 0, got -1; title must be text"


def test_invalid_record_shows_twenty_problems_and_counts_the_rest():
    error = InvalidRecord("Network", None, [(f"links[{i}]", i, "is bad") for i in range(23)])
    assert len(error.problems) == 23
    assert str(error).endswith("; links[19] is bad; and 3 more")
    assert "links[20]" not in str(error)


def test_a_circle_of_tasks_is_told_round_to_its_first_task_and_a_long_one_in_part():
    short, long = errors.CyclicNetwork([1, 4, 2]), errors.CyclicNetwork(range(1_000))
    assert short.cycle == (1, 4, 2)
    assert str(short) == "tasks depend on each other in a circle: 1 -> 4 -> 2 -> 1"
    assert long.cycle == tuple(range(1_000))
    assert str(long).endswith(" -> 18 -> 19 -> ... 980 more ... -> 0")


def test_a_circle_of_mergers_is_told_round_to_its_first_ticket_and_a_long_one_in_part():
    short, long = errors.CyclicMerger(["a", "c", "b"]), errors.CyclicMerger(map(str, range(1_000)))
    assert short.tickets == ("a", "c", "b")
    assert str(short) == "tickets are merged in a circle: a -> c -> b -> a"
    assert len(long.tickets) == 1_000
    assert str(long).endswith(" -> 18 -> 19 -> ... 980 more ... -> 0")


def test_invalid_record_of_a_value_names_its_class_alone():
    assert str(EXAMPLES[3]) == "Money: currency must be a three-letter code"


def test_the_message_about_an_endless_id_stays_short():
    error = InvalidRecord("post", "x" * 1_000_000, [("id", "", "is too long")])
    assert len(str(error)) < 300
    assert len(error.id) == 1_000_000


@pytest.mark.parametrize("strange", ["\ud800", "\x1b[2J", "\u202e", "\n"])
def test_messages_never_carry_what_a_terminal_or_a_log_would_choke_on(strange):
    record = InvalidRecord("post", "ceo", [(f"extra.{strange}", 1, "is bad")])
    document = InvalidDocument([Problem("unknown-key", f"/units/0/{strange}", "is not a field")])
    for error in (record, document.problems[0]):
        assert str(error).isprintable()
        str(error).encode("utf-8")
    assert document.pointer == f"/units/0/{strange}"  # the pointer itself stays exact


def test_invalid_document_shows_twenty_problems_and_counts_the_rest():
    error = InvalidDocument(Problem("wrong-type", f"/units/{i}", "must be an object") for i in range(23))
    assert (error.code, error.pointer, len(error.problems)) == ("wrong-type", "/units/0", 23)
    assert str(error).startswith("the document has 23 problems:\n  /units/0: must be an object [wrong-type]\n")
    assert "/units/19:" in str(error)
    assert "/units/20:" not in str(error)
    assert str(error).endswith("... and 3 more")


def test_one_problem_is_told_in_the_singular_and_the_document_by_name():
    error = InvalidDocument([Problem("bad-json", "", "line 1, column 1: Expecting value")])
    assert str(error) == "the document has 1 problem:\n  (document): line 1, column 1: Expecting value [bad-json]"


def test_a_problem_is_its_code_pointer_and_message():
    problem = Problem("too-deep", "/a", "is nested too deep")
    assert (
        tuple(problem) == (problem.code, problem.pointer, problem.message) == ("too-deep", "/a", "is nested too deep")
    )
    assert copy.copy(problem) == pickle.loads(pickle.dumps(problem)) == problem


def test_still_referenced_shows_five_referrers():
    few = StillReferenced(Ref("post", "ceo"), [Ref("post", "coo"), Ref("team", "hq")])
    many = StillReferenced(Ref("post", "ceo"), [Ref("post", str(i)) for i in range(9)])
    assert str(few) == "post:ceo is still referenced by post:coo, team:hq"
    assert (few.kind, few.id) == ("post", "ceo")
    assert str(many).endswith("post:3, post:4, ...")
    assert len(many.referrers) == 9


def test_conflict_names_the_first_record_and_its_fields_and_tells_all():
    error = Conflict([(Ref("post", "a"), ("title", "seats"), "has changed"), (Ref("team", "b"), (), "is not there")])
    assert (error.kind, error.id, error.fields) == ("post", "a", ("title", "seats"))
    assert str(error) == "the changes do not fit: post:a: has changed; team:b: is not there"


def test_an_illegal_transition_tells_what_is_known_of_the_event():
    error = errors.IllegalTransition("ticket", "t-1", "closed", "resolved", 4, "only 'reopened'")
    told = (error.kind, error.id, error.state, error.event, error.place, error.reason)
    assert told == ("ticket", "t-1", "closed", "resolved", 4, "only 'reopened'")
    assert str(error) == "ticket 't-1': 'resolved' at events[4] is not possible in 'closed', only 'reopened'"
    bare = errors.IllegalTransition("ticket", None, None, "resolved", None, "only 'opened'")
    assert str(bare) == "ticket: 'resolved' is not possible at the start, only 'opened'"


def test_a_missing_extra_says_what_to_install():
    error = MissingExtra("matplotlib", "charts")
    assert (error.package, error.extra) == ("matplotlib", "charts")
    assert str(error) == "matplotlib is not installed; install it with: pip install 'community-ops[charts]'"
