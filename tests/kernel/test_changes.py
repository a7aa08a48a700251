from __future__ import annotations

import copy
import pickle
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

import attrs
import pytest
from attrs import evolve, field, frozen
from hypothesis import example, given, settings
from hypothesis import strategies as st

from community_ops.errors import Conflict, DuplicateRecord, InvalidRecord, UnknownRecord
from community_ops.kernel import changes as module
from community_ops.kernel.changes import ChangeSet, Update, diff, renamed
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record, Value, ref
from community_ops.kernel.ref import Ref
from community_ops.kernel.schema import Schema
from tests.kernel.kinds import IDS, Clause, Link, Post, Task, Team, World, world, worlds


def P(id: str) -> Ref:
    return Ref("post", id)


def exactly(a: Model, b: Model) -> bool:
    """Equal, and written alike to the last digit."""
    return a == b and sorted(map(repr, a)) == sorted(map(repr, b))


def there_and_back(a: Model, b: Model) -> ChangeSet:
    changes = diff(a, b)
    assert exactly(a.apply(changes), b)
    assert exactly(b.apply(changes.invert()), a)
    assert exactly(a.apply(changes).apply(changes.invert()), a)
    assert changes.invert().invert() == changes
    assert (len(changes) == 0) is exactly(a, b)
    return changes


def conflicts(model: Model, changes: ChangeSet) -> list[tuple[str, tuple[str, ...]]]:
    with pytest.raises(Conflict) as caught:
        model.apply(changes)
    return [(str(ref), fields) for ref, fields, _ in caught.value.conflicts]


# -- properties -----------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(worlds(), worlds())
def test_applying_a_difference_reproduces_and_inverting_it_returns(a, b):
    there_and_back(a, b)
    there_and_back(b, a)


@settings(max_examples=20)
@given(worlds(), st.data())
def test_a_difference_between_neighbours_is_exact_too(model, data):
    other = model
    for _ in range(data.draw(st.integers(0, 3))):
        records = [record.ref for record in other]
        if not records:
            break
        ref = data.draw(st.sampled_from(records))
        new = data.draw(st.sampled_from([*IDS, "new"]))
        if Ref(ref.kind, new) not in other:
            other = other.rename(ref, new)
        elif data.draw(st.booleans()):
            other = other.remove(ref, dangling=True)
    there_and_back(model, other)


@settings(max_examples=20)
@given(worlds(), worlds(), worlds())
def test_changes_that_do_not_fit_raise_and_nothing_else(a, b, c):
    try:
        result = c.apply(diff(a, b))
    except Conflict as conflict:
        assert conflict.conflicts
        assert conflict.kind in World.schema.kinds
    else:
        assert isinstance(result, World)


# -- what a difference says -----------------------------------------------------------------------------------------


def test_equal_models_do_not_differ():
    assert diff(world(), world()) == ChangeSet()
    assert str(ChangeSet()) == "(no changes)"
    assert not ChangeSet()


def test_a_difference_names_additions_removals_and_fields():
    a = world()
    b = (
        a.remove(Ref("task", "build"))
        .add(Team(id="lab", name="Lab"))
        .replace(evolve(a.posts["dev"], title="Engineer", seats=3))
    )
    changes = there_and_back(a, b)
    assert changes.removed == (a.tasks["build"],)
    assert changes.added == (b.teams["lab"],)
    assert changes.updated == (
        Update(P("dev"), "title", "Developer", "Engineer"),
        Update(P("dev"), "seats", 1, 3),
    )
    assert changes.renamed == ()
    assert len(changes) == 3  # records, however many fields


def test_an_equal_number_written_otherwise_is_a_difference():
    a = World.of(Post(id="a", title="A", team="t", share="1.0"))
    b = World.of(Post(id="a", title="A", team="t", share="1"))
    assert a == b
    assert there_and_back(a, b).updated == (Update(P("a"), "share", Decimal("1.0"), Decimal("1")),)


def test_order_alone_is_no_difference():
    a = World.of(Team(id="a", name="A"), Team(id="b", name="B"))
    assert diff(a, World.of(Team(id="b", name="B"), Team(id="a", name="A"))) == ChangeSet()


def test_models_of_two_classes_are_not_compared():
    class Other(World):
        __slots__ = ()

    with pytest.raises(TypeError, match="cannot compare a World with a Other"):
        diff(World(), Other())


def test_changes_print_as_a_person_reviews_them():
    changes = ChangeSet(
        renamed=[(P("coo"), "chief")],
        removed=[Team(id="old", name="Old")],
        updated=[
            Update(P("dev"), "title", "Developer", "Engineer"),
            Update(P("dev"), "seats", 1, 3),
            Update(P("ceo"), "boss", None, "dev"),
        ],
        added=[Team(id="new", name="New")],
    )
    renames = "> post:coo is now called chief"
    edits = (
        "- team:old  Team(id='old', name='Old')\n"
        "~ post:dev\n"
        "    title: 'Developer' -> 'Engineer'\n"
        "    seats: 1 -> 3\n"
        "~ post:ceo\n"
        "    boss: None -> 'dev'\n"
        "+ team:new  Team(id='new', name='New')"
    )
    assert str(changes) == f"{renames}\n{edits}"
    assert str(evolve(changes, rename_last=True)) == f"{edits}\n{renames}"
    assert str(changes.invert()).endswith("> post:chief is now called coo")
    assert changes.renamed == ((P("coo"), "chief"),)  # lists become tuples


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
def test_changes_are_values(copied):
    changes = diff(world(), world().rename(P("coo"), "chief").remove(Ref("task", "build")))
    assert copied(changes) == changes
    assert hash(copied(changes)) == hash(changes)


# -- renames --------------------------------------------------------------------------------------------------------


def test_a_rename_is_recognised_and_references_follow():
    a = world()
    changes = there_and_back(a, a.rename(P("coo"), "chief"))
    assert changes == ChangeSet(renamed=[(P("coo"), "chief")])
    assert changes.invert() == ChangeSet(renamed=[(P("chief"), "coo")], rename_last=True)


def test_a_rename_with_a_change_elsewhere_is_both():
    a = world()
    b = a.rename(P("coo"), "chief")
    b = b.replace(evolve(b.posts["dev"], title="Engineer"))
    changes = there_and_back(a, b)
    assert changes.renamed == ((P("coo"), "chief"),)
    assert [update.field for update in changes.updated] == ["title"]


def test_records_that_point_at_one_another_are_renamed_together():
    a = World.of(
        Team(id="t1", name="Team", heads=("p1",)),
        Post(id="p1", title="Post", team="t1", boss="p1"),
        Task(id="x", about=Ref("team", "t1"), owner="p1"),
    )
    b = a.rename(Ref("team", "t1"), "t2").rename(P("p1"), "p2").rename(Ref("task", "x"), "y")
    changes = there_and_back(a, b)
    assert set(changes.renamed) == {(Ref("team", "t1"), "t2"), (P("p1"), "p2"), (Ref("task", "x"), "y")}
    assert not (changes.removed)
    assert not (changes.updated)
    assert not (changes.added)


def test_a_chain_of_renames_is_recognised():
    ids = [f"p{i}" for i in range(10)]
    posts = [Post(id=id, title=id, team="t", boss=boss) for id, boss in zip(ids, [None, *ids], strict=False)]
    a = World(posts)
    b = a
    for id in ids:
        b = b.rename(P(id), id.upper())
    assert len(there_and_back(a, b).renamed) == 10


def test_a_change_of_id_and_content_is_a_removal_and_an_addition():
    a = World.of(Team(id="a", name="A"))
    changes = there_and_back(a, World.of(Team(id="b", name="B")))
    assert (len(changes.removed), len(changes.added), changes.renamed) == (1, 1, ())


def test_twins_are_not_guessed_at():
    a = World.of(Team(id="a", name="T"), Team(id="b", name="T"))
    assert there_and_back(a, World.of(Team(id="c", name="T"), Team(id="d", name="T"))).renamed == ()
    assert there_and_back(a, World.of(Team(id="c", name="T"))).renamed == ()
    assert there_and_back(World.of(Team(id="c", name="T")), a).renamed == ()


def test_records_that_swap_their_ids_are_updated():
    a = World.of(Team(id="a", name="A"), Team(id="b", name="B"), Post(id="p", title="P", team="a"))
    b = World.of(Team(id="a", name="B"), Team(id="b", name="A"), Post(id="p", title="P", team="b"))
    changes = there_and_back(a, b)
    assert changes.renamed == ()
    assert [(str(update.ref), update.field) for update in changes.updated] == [
        *[("team:a", "name"), ("team:b", "name"), ("post:p", "team")]
    ]


def test_ids_can_be_swapped_by_renames_at_once():
    a = World.of(Team(id="a", name="A"), Team(id="b", name="B", parent="a"), Post(id="p", title="P", team="a"))
    swap = ChangeSet(renamed=[(Ref("team", "a"), "b"), (Ref("team", "b"), "a")])
    b = a.apply(swap)
    assert b == World.of(Team(id="b", name="A"), Team(id="a", name="B", parent="b"), Post(id="p", title="P", team="b"))
    assert exactly(b.apply(swap.invert()), a)


def test_a_rename_is_not_claimed_while_something_dangles_at_either_id():
    # `x` pointed at nothing called `b`; a rename would make it point at the record from then on.
    a = World.of(Post(id="a", title="A", team="t"), Post(id="x", title="X", team="t", boss="b"))
    b = World.of(Post(id="b", title="A", team="t"), Post(id="x", title="X", team="t", boss="b"))
    assert there_and_back(a, b).renamed == ()
    # `x` still points at `a`, which is gone.
    c = World.of(Post(id="a", title="A", team="t"), Post(id="x", title="X", team="t", boss="a"))
    d = World.of(Post(id="b", title="A", team="t"), Post(id="x", title="X", team="t", boss="a"))
    assert there_and_back(c, d).renamed == ()


def test_a_match_that_leant_on_one_that_fell_through_falls_too():
    # p1 -> q1 would be a rename if t1 -> t2 were, but something still points at t1.
    a = World.of(Team(id="t1", name="T"), Post(id="p1", title="P", team="t1"), Task(id="x", about=Ref("team", "t1")))
    b = World.of(Team(id="t2", name="T"), Post(id="q1", title="P", team="t2"), Task(id="x", about=Ref("team", "t1")))
    assert there_and_back(a, b).renamed == ()


def test_matches_that_do_not_settle_are_given_as_removed_and_added(monkeypatch):
    ids = [f"p{i}" for i in range(20)]
    posts = [Post(id=id, title=id, team="t", boss=boss) for id, boss in zip(ids, [None, *ids], strict=False)]
    a = World([*posts, Task(id="x", owner="p0")])
    # Everyone but the first has a new id; the first is held by a reference that did not follow.
    b = World([evolve(p, id=p.id.upper(), boss=p.boss and p.boss.upper()) for p in posts] + [Task(id="x", owner="p0")])
    monkeypatch.setattr(module, "_ROUNDS", 3)
    changes = there_and_back(a, b)
    assert (changes.renamed, len(changes.removed), len(changes.added)) == ((), 20, 20)
    monkeypatch.setattr(module, "_ROUNDS", 30)
    assert there_and_back(a, b).renamed == ()


def test_thousands_of_renames_are_made_and_recognised():
    model = World(Team(id=f"t{i}", name=str(i)) for i in range(3_000))
    after = renamed(model, {Ref("team", f"t{i}"): Ref("team", f"u{i}") for i in range(3_000)})
    assert after.teams.ids[-1] == "u2999"
    assert len(there_and_back(model, after).renamed) == 3_000


def test_renaming_is_refused_where_ids_would_meet():
    model = world()
    with pytest.raises(DuplicateRecord):
        renamed(model, {P("ceo"): P("new"), P("coo"): P("new")})
    with pytest.raises(DuplicateRecord):
        renamed(model, {P("ceo"): P("coo")})
    with pytest.raises(UnknownRecord):
        renamed(model, {P("nobody"): P("new")})
    assert renamed(model, {}) is model


# -- classes with checks of their own -------------------------------------------------------------------------------


@frozen
class Strict(Value):
    task: str = field(metadata=ref("task", "after"), validator=attrs.validators.matches_re("[a-z]+"))


@frozen(kw_only=True)
class Contract(Record):
    """Its id has a form, and it names its team twice."""

    kind_name: ClassVar[str] = "contract"
    table_name: ClassVar[str] = "contracts"

    team: str = field(metadata=ref("team", "of"))
    code: str = ""
    strict: Strict | None = None

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if not self.id.startswith("c-"):
            yield "id", "must start with c-"
        if self.code and self.code != self.team:
            yield "code", "must be the team's id"


class Office(World):
    __slots__ = ()
    schema = World.schema.extend(Contract)


def test_ids_that_a_class_checks_are_never_made_up():
    a = Office.of(Team(id="t", name="T"), Contract(id="c-1", team="t"))
    b = Office.of(Team(id="t", name="T"), Contract(id="c-2", team="t"))
    assert there_and_back(a, b).renamed == ((Ref("contract", "c-1"), "c-2"),)


def test_references_that_a_value_checks_are_never_made_up():
    def office(task: str, contract: str) -> Office:
        return Office.of(Task(id=task, name="T"), Contract(id=contract, team="t", strict=Strict(task)))

    assert there_and_back(office("a", "c-1"), office("b", "c-1")).renamed == ((Ref("task", "a"), "b"),)
    # Both at once: the contract cannot be matched with its reference blanked out.
    both = there_and_back(office("a", "c-1"), office("b", "c-2"))
    assert (both.renamed, len(both.removed), len(both.added)) == (((Ref("task", "a"), "b"),), 1, 1)


def test_a_rename_that_a_class_refuses_by_itself_is_not_claimed():
    a = Office.of(Team(id="t1", name="T"), Contract(id="c-1", team="t1", code="t1"))
    b = Office.of(Team(id="t2", name="T"), Contract(id="c-1", team="t2", code="t2"))
    changes = there_and_back(a, b)
    assert changes.renamed == ()
    assert [update.field for update in changes.updated] == ["team", "code"]
    with pytest.raises(InvalidRecord):
        a.rename(Ref("team", "t1"), "t2")


@frozen(kw_only=True)
class Badge(Record):
    """Its id is made of the id it points at."""

    kind_name: ClassVar[str] = "badge"
    table_name: ClassVar[str] = "badges"
    team: str = field(metadata=ref("team", "of"))

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.id != f"badge-{self.team}":
            yield "id", f"must be badge-{self.team}"


class Gate(World):
    __slots__ = ()
    schema = World.schema.extend(Badge)


def test_ids_and_references_change_at_once():
    a = Gate.of(Team(id="t1", name="T"), Badge(id="badge-t1", team="t1"))
    b = Gate.of(Team(id="t2", name="T"), Badge(id="badge-t2", team="t2"))
    assert set(there_and_back(a, b).renamed) == {(Ref("team", "t1"), "t2"), (Ref("badge", "badge-t1"), "badge-t2")}


def test_a_match_that_a_class_refuses_is_none():
    a = Gate.of(Team(id="t1", name="T"), Badge(id="badge-t1", team="t1"), Task(id="x", about=Ref("team", "t1")))
    b = Gate.of(Team(id="t2", name="T"), Badge(id="badge-t2", team="t2"), Task(id="x", about=Ref("team", "t1")))
    assert there_and_back(a, b).renamed == ()


# -- conflicts ------------------------------------------------------------------------------------------------------


def update(id: str, field: str, before, after) -> ChangeSet:
    return ChangeSet(updated=[Update(P(id), field, before, after)])


def test_a_field_that_is_not_as_expected_is_named_with_both_values():
    with pytest.raises(Conflict) as caught:
        world().apply(update("dev", "title", "Designer", "Engineer"))
    assert (caught.value.kind, caught.value.id, caught.value.fields) == ("post", "dev", ("title",))
    assert str(caught.value) == ("the changes do not fit: post:dev: title should be 'Designer' but is 'Developer'")


def test_a_number_written_otherwise_is_not_as_expected():
    assert conflicts(world(), update("dev", "share", Decimal("0.50"), Decimal("0.6"))) == [("post:dev", ("share",))]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (update("nobody", "title", "A", "B"), [("post:nobody", ("title",))]),
        (update("dev", "sets", 1, 2), [("post:dev", ("sets",))]),
        (update("dev", "id", "dev", "developer"), [("post:dev", ("id",))]),
        (ChangeSet(updated=[Update(Ref("elsewhere", "x"), "a", 1, 2)]), [("elsewhere:x", ("a",))]),
        (ChangeSet(removed=[Team(id="gone", name="G")]), [("team:gone", ())]),
        (ChangeSet(removed=[Team(id="hq", name="HQ")]), [("team:hq", ("name", "heads"))]),
        (ChangeSet(added=[Team(id="hq", name="HQ")]), [("team:hq", ())]),
        (ChangeSet(renamed=[(P("nobody"), "x")]), [("post:nobody", ())]),
        (ChangeSet(renamed=[(P("dev"), "coo")]), [("post:coo", ("id",))]),
        (ChangeSet(renamed=[(Ref("elsewhere", "x"), "y")]), [("elsewhere:x", ())]),
        (ChangeSet(renamed=[(P("dev"), "x"), (P("coo"), "x")]), [("post:x", ("id",))]),
        (ChangeSet(renamed=[(P("dev"), "x"), (P("dev"), "y")]), [("post:dev", ())]),
        (ChangeSet(renamed=[(P("dev"), "coo")], rename_last=True), [("post:coo", ("id",))]),
        (
            ChangeSet(updated=[Update(P("dev"), "seats", 1, 2), Update(P("dev"), "seats", 1, 3)]),
            [("post:dev", ("seats",))],
        ),
        (
            ChangeSet(removed=[world().posts["dev"]], updated=[Update(P("dev"), "seats", 1, 2)]),
            [("post:dev", ())],
        ),
        (ChangeSet(added=[Team(id="x", name="X"), Team(id="x", name="Y")]), [("team:x", ())]),
    ],
)
def test_what_does_not_fit_is_a_conflict_that_names_record_and_fields(changes, expected):
    assert conflicts(world(), changes) == expected


def test_all_conflicts_come_together():
    changes = ChangeSet(
        removed=[Team(id="gone", name="G")],
        updated=[Update(P("dev"), "title", "X", "Y"), Update(P("coo"), "seats", 5, 6)],
        added=[Team(id="hq", name="HQ")],
    )
    assert conflicts(world(), changes) == [
        *[("team:gone", ()), ("post:dev", ("title",)), ("post:coo", ("seats",)), ("team:hq", ())]
    ]


def test_conflicts_of_an_inverted_set_use_the_ids_after_the_renames():
    a = world()
    changes = diff(a, a.rename(P("coo"), "chief"))
    assert conflicts(a, changes.invert()) == [("post:chief", ()), ("post:coo", ("id",))]


def test_what_is_removed_may_be_added_anew():
    a = world()
    after = a.apply(ChangeSet(removed=[a.teams["hq"]], added=[Team(id="hq", name="Back")]))
    assert after.teams["hq"] == Team(id="hq", name="Back")


def test_what_an_update_makes_of_a_record_is_checked():
    with pytest.raises(InvalidRecord, match="seats must be at least 0"):
        world().apply(update("dev", "seats", 1, -1))


def test_an_addition_of_an_unknown_kind_is_refused():
    with pytest.raises(InvalidRecord, match="not a kind of this schema"):
        world().apply(ChangeSet(added=[Contract(id="c-1", team="t")]))


def test_plain_records_of_a_change_set_are_lifted():
    @frozen(kw_only=True)
    class Crew(Team):
        size: int = 0

    class Ship(Model):
        __slots__ = ()
        schema = Schema.of(Crew, Post, Task)

    ship = Ship.of(Team(id="a", name="A"))
    after = ship.apply(ChangeSet(removed=[Team(id="a", name="A")], added=[Team(id="b", name="B")]))
    assert list(after) == [Crew(id="b", name="B")]


def test_several_fields_of_a_record_change_at_once():
    class Rush(Office):
        __slots__ = ()

    model = Rush.of(Contract(id="c-1", team="a", code="a"))
    both = ChangeSet(
        updated=[Update(Ref("contract", "c-1"), "team", "a", "b"), Update(Ref("contract", "c-1"), "code", "a", "b")]
    )
    assert model.apply(both)[Ref("contract", "c-1")].code == "b"


def test_columns_that_a_change_set_leaves_alone_are_kept():
    a = world()
    after = a.apply(update("dev", "title", "Developer", "Engineer"))
    assert after.posts._cell("boss") is a.posts._cell("boss")
    assert after.teams is a.teams


@example(world())
@settings(max_examples=15)
@given(worlds())
def test_every_reference_may_be_renamed_away_and_back(model):
    renames = [(record.ref, "new " + record.id) for record in model]
    there = model.apply(ChangeSet(renamed=renames))
    assert exactly(there.apply(ChangeSet(renamed=renames).invert()), model)


def test_values_inside_values_are_compared():
    a = World.of(Task(id="x", clause=Clause("a", Link("b"))))
    b = World.of(Task(id="x", clause=Clause("a", Link("b", timedelta(1)))))
    assert there_and_back(a, b).updated[0].field == "clause"
