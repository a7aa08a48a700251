from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Mapping
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops.errors import DuplicateRecord, InvalidRecord, StillReferenced, UnknownRecord
from community_ops.kernel import display
from community_ops.kernel.derived import derived
from community_ops.kernel.model import Model, TableOf
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import dangling, pairs
from tests.kernel.kinds import IDS, Clause, Link, Post, Task, Team, World, world, worlds
from tests.kernel.test_schema import Seat


def P(id: str) -> Ref:
    return Ref("post", id)


def T(id: str) -> Ref:
    return Ref("task", id)


def reachable(model: World) -> list[tuple[str, str, Ref]]:
    """Every reference of a model, found without the code under test: by walking all attributes."""
    found = []
    for record in model:
        for field in [spec.name for spec in model.schema.kind(record).layout.fields]:
            stack = [getattr(record, field)]
            while stack:
                value = stack.pop()
                if isinstance(value, Ref):
                    found.append((str(record.ref), field, value))
                elif isinstance(value, Link):
                    found.append((str(record.ref), field, T(value.task)))
                elif isinstance(value, Clause):
                    stack.append(value.link)
                elif isinstance(value, tuple):
                    stack.extend(value)
                elif isinstance(value, Mapping):
                    stack.extend(value.values())
            target = {"parent": "team", "team": "team", "heads": "post", "boss": "post", "owner": "post"}.get(field)
            if target:
                value = getattr(record, field)
                plain = value if isinstance(value, tuple) else () if value is None else (value,)
                found += [(str(record.ref), field, Ref(target, id)) for id in plain]
    return sorted(found)


# -- reading --------------------------------------------------------------------------------------------------------


def test_tables_are_named_on_the_class():
    model = world()
    assert model.teams["hq"].name == "Headquarters"
    assert model.table(Post) is model.posts
    assert [table.kind.name for table in model.tables] == ["team", "post", "task"]
    assert isinstance(World.posts, TableOf)
    assert World.posts.__doc__ == "The table of all posts."


def test_records_come_table_by_table():
    model = World.of(Post(id="a", title="A", team="t"), Team(id="t", name="T"), Post(id="b", title="B", team="t"))
    assert [str(record.ref) for record in model] == ["team:t", "post:a", "post:b"]
    assert len(model) == 3


def test_records_are_found_by_address():
    model = world()
    assert model[P("ceo")] is model.posts["ceo"]
    assert model.get(P("nobody")) is None
    assert model.get(Ref("elsewhere", "ceo")) is None
    assert P("ceo") in model
    assert P("nobody") not in model
    assert "post:ceo" not in model
    for ref in (P("nobody"), Ref("elsewhere", "a")):
        with pytest.raises(UnknownRecord) as caught:
            model[ref]
        assert (caught.value.kind, caught.value.id) == (ref.kind, ref.id)


def test_a_model_shows_what_it_holds():
    assert repr(world()) == "<World: 2 teams, 3 posts, 2 tasks>"
    assert repr(World.of(Team(id="a", name="A"))) == "<World: 1 team>"
    assert repr(World()) == "<World: empty>"


def test_a_notebook_is_shown_what_the_view_draws(monkeypatch):
    monkeypatch.setitem(display.RENDERERS, "model", "tests.kernel.test_display:render")
    assert World()._repr_mimebundle_() == {"text/plain": "<World: empty>"}


def test_only_records_make_a_model():
    with pytest.raises(TypeError, match="a model is made of records, got list"):
        World.of([Team(id="a", name="A")])
    with pytest.raises(DuplicateRecord):
        World.of(Team(id="a", name="A"), Team(id="a", name="B"))
    with pytest.raises(DuplicateRecord):
        World.of(Team(id="caf\u00e9", name="A"), Team(id="cafe\u0301", name="B"))


def test_the_same_id_may_stand_in_two_tables():
    model = World.of(Team(id="a", name="A"), Post(id="a", title="A", team="a"))
    assert len(model) == 2


@given(worlds())
@settings(max_examples=25)
def test_models_compare_by_content_whatever_the_order(model):
    records = list(model)
    random.Random(1).shuffle(records)
    assert World(records) == model
    if records:
        assert World(records[1:]) != model
        assert model != World()


def test_models_of_two_classes_differ_and_none_can_be_hashed():
    class Other(World):
        __slots__ = ()

    assert World() != Other()
    assert World() != "a model"
    with pytest.raises(TypeError):
        hash(World())


@derived
def titles(m) -> frozenset:
    return frozenset(m.column(Post.title))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_are_equal_and_start_with_an_empty_memo(copied):
    model = world()
    titles(model)
    assert len(model._memo) == 1
    again = copied(model)
    assert again == model
    assert [record.id for record in again] == [record.id for record in model]
    assert len(again._memo) == 0
    assert titles(again) == titles(model)


# -- editing --------------------------------------------------------------------------------------------------------


def test_adding_shares_the_tables_it_does_not_touch():
    model = world()
    more = model.add(Team(id="lab", name="Lab", parent="hq"))
    assert more.teams.ids == ("hq", "ops", "lab")
    assert more.posts is model.posts
    assert model.teams.ids == ("hq", "ops")


def test_adding_what_is_there_is_refused_as_a_whole():
    model = world()
    with pytest.raises(DuplicateRecord) as caught:
        model.add(Team(id="lab", name="Lab"), Post(id="ceo", title="Other", team="hq"))
    assert (caught.value.kind, caught.value.id) == ("post", "ceo")
    with pytest.raises(DuplicateRecord):
        model.add(Team(id="lab", name="Lab"), Team(id="lab", name="Laboratory"))


def test_replacing_keeps_the_place_and_the_columns():
    model = world()
    after = model.replace(evolve(model.posts["coo"], title="COO"))
    assert after.posts.ids == model.posts.ids
    assert after.posts["coo"].title == "COO"
    assert after.posts._cell("team") is model.posts._cell("team")
    assert after.posts._cell("title") is not model.posts._cell("title")
    assert after.posts["ceo"] is model.posts["ceo"]


def test_replacing_what_is_not_there_is_refused():
    with pytest.raises(UnknownRecord):
        world().replace(Post(id="nobody", title="N", team="hq"))
    with pytest.raises(DuplicateRecord):
        world().replace(world().posts["ceo"], world().posts["ceo"])


def test_putting_adds_or_replaces():
    after = world().put(Post(id="ceo", title="CEO", team="hq"), Post(id="new", title="New", team="ops"))
    assert after.posts.ids == ("ceo", "coo", "dev", "new")
    assert after.posts["ceo"].title == "CEO"
    with pytest.raises(DuplicateRecord):
        world().put(Team(id="x", name="X"), Team(id="x", name="Y"))


@pytest.mark.parametrize("edit", [World.add, World.put])
def test_edits_take_only_records_of_the_schema(edit):
    with pytest.raises(TypeError):
        edit(world(), "post:ceo")
    with pytest.raises(InvalidRecord, match="is a Seat"):
        edit(world(), Seat(id="a", title="A", team="hq"))


def test_editing_nothing_gives_an_equal_model():
    model = world()
    assert model.add() == model.replace() == model.put() == model.remove() == model


def test_edits_lift_plain_records_to_the_subclass_in_use():
    class Wider(World):
        __slots__ = ()
        schema = World.schema.extend(Seat)

    model = Wider.of(Team(id="hq", name="HQ")).add(Post(id="a", title="A", team="hq"))
    assert type(model.posts["a"]) is Seat
    assert type(model.put(Post(id="a", title="B", team="hq")).posts["a"]) is Seat
    assert model.posts["a"] == Seat(id="a", title="A", team="hq")


def test_removing_what_something_points_at_is_refused():
    model = world()
    with pytest.raises(StillReferenced) as caught:
        model.remove(P("coo"))
    assert caught.value.ref == P("coo")
    assert set(caught.value.referrers) == {Ref("team", "ops"), P("dev"), T("build")}
    with pytest.raises(StillReferenced):  # only through a reference to any kind, inside a tuple
        model.replace(evolve(model.posts["dev"], boss=None), evolve(model.teams["ops"], heads=())).remove(P("coo"))
    with pytest.raises(StillReferenced):  # only through a value inside a value
        World.of(Task(id="a"), Task(id="b", clause=Clause("x", Link("a")))).remove(T("a"))
    with pytest.raises(StillReferenced):  # only through a value in a mapping
        World.of(Task(id="a"), Task(id="b", clauses={"k": Clause("x", Link("a"))})).remove(T("a"))


def test_what_points_only_at_itself_can_go():
    model = World.of(Task(id="a", links=(Link("a"),)), Team(id="t", name="T", parent="t"))
    assert len(model.remove(T("a"), Ref("team", "t"))) == 0


def test_several_that_point_at_one_another_go_together():
    model = world()
    with pytest.raises(StillReferenced):
        model.remove(T("plan"))
    assert len(model.remove(T("plan"), T("build")).tasks) == 0


def test_dangling_references_may_be_left_on_purpose():
    after = world().remove(P("coo"), dangling=True)
    assert "coo" not in after.posts
    assert dangling(after, "post", "boss") == (("dev", P("coo")),)


def test_removing_what_is_not_there_is_refused():
    for ref in (P("nobody"), Ref("elsewhere", "a")):
        with pytest.raises(UnknownRecord):
            world().remove(ref)


# -- renaming -------------------------------------------------------------------------------------------------------


def renamed_by_hand(references: list, old: Ref, new: Ref) -> list:
    """What the references of a model should be after a rename."""
    change = {old: new}
    return sorted(
        (str(new) if holder == str(old) else holder, field, change.get(target, target))
        for holder, field, target in references
    )


@given(worlds(), st.data())
@settings(max_examples=40)
def test_renaming_rewrites_every_reference_and_nothing_else(model, data):
    if not len(model):
        return
    old = data.draw(st.sampled_from([record.ref for record in model]))
    new = Ref(old.kind, "brand new")
    after = model.rename(old, new.id)
    assert reachable(after) == renamed_by_hand(reachable(model), old, new)
    assert [str(r.ref) for r in after] == [str(new) if r.ref == old else str(r.ref) for r in model]
    back = after.rename(new, old.id)
    assert back == model
    assert [repr(record) for record in back] == [repr(record) for record in model]


def test_renaming_keeps_the_place_and_every_column_but_the_ids():
    model = world()
    after = model.rename(P("coo"), "ops-chief")
    assert after.posts.ids == ("ceo", "ops-chief", "dev")
    assert after.posts["dev"].boss == "ops-chief"
    assert after.teams["ops"].heads == ("ops-chief", "ceo")
    assert after.tasks["build"].also == (P("ops-chief"), T("plan"))
    kept = {"title", "team", "seats", "share", "pay", "extra"}
    assert all(after.posts._cell(name) is model.posts._cell(name) for name in kept)
    assert after.posts._cell("id") is not model.posts._cell("id")
    assert after.posts._cell("boss") is not model.posts._cell("boss")
    assert after.teams._cell("name") is model.teams._cell("name")
    assert after.teams._cell("heads") is not model.teams._cell("heads")


def test_renaming_reaches_into_values():
    model = World.of(
        Task(id="a", links=(Link("a", timedelta(1)), Link("b"))),
        Task(id="b", clause=Clause("x", Link("a")), clauses={"k": Clause("y", Link("a"))}, about=T("a")),
    )
    after = model.rename(T("a"), "z")
    assert after.tasks["z"].links == (Link("z", timedelta(1)), Link("b"))
    assert after.tasks["b"] == Task(
        id="b", clause=Clause("x", Link("z")), clauses={"k": Clause("y", Link("z"))}, about=T("z")
    )


def test_renaming_to_an_id_that_is_taken_is_refused():
    with pytest.raises(DuplicateRecord) as caught:
        world().rename(P("ceo"), "coo")
    assert (caught.value.kind, caught.value.id) == ("post", "coo")
    with pytest.raises(UnknownRecord):
        world().rename(P("nobody"), "somebody")
    with pytest.raises(InvalidRecord):
        world().rename(P("ceo"), "")


def test_renaming_to_the_same_id_changes_nothing():
    assert world().rename(P("ceo"), "ceo") == world()


def test_an_id_taken_by_another_kind_is_free():
    assert world().rename(P("ceo"), "hq").posts["hq"].title == "Chief"


def test_references_that_dangled_at_the_new_id_point_at_the_record_from_then_on():
    model = World.of(Post(id="a", title="A", team="t"), Post(id="b", title="B", team="t", boss="z"))
    after = model.rename(P("a"), "z")
    assert after.follow(after.posts["b"], "boss") == after.posts["z"]


def test_a_dangling_reference_follows_no_rename_of_another_kind():
    model = World.of(Team(id="a", name="A"), Task(id="x", about=P("a")))
    assert model.rename(Ref("team", "a"), "b").tasks["x"].about == P("a")


# -- sequences of edits ---------------------------------------------------------------------------------------------


@given(worlds(), st.data())
@settings(max_examples=30)
def test_any_sequence_of_edits_equals_a_model_made_afresh(model, data):
    for _ in range(3):
        kind = data.draw(st.sampled_from(["put", "remove", "rename"]))
        refs = [record.ref for record in model]
        if kind == "put":
            model = model.put(Task(id=data.draw(st.sampled_from(IDS)), about=P("a")))
        elif refs and kind == "remove":
            model = model.remove(data.draw(st.sampled_from(refs)), dangling=True)
        elif refs:
            old = data.draw(st.sampled_from(refs))
            free = [id for id in IDS if Ref(old.kind, id) not in model]
            model = model.rename(old, data.draw(st.sampled_from([*free, old.id])))
        fresh = World(model)
        assert model == fresh
        for relation in model.schema.relations:
            assert pairs(model, relation.kind, relation.name) == pairs(fresh, relation.kind, relation.name)


def test_a_model_of_no_kinds_is_possible():
    assert len(Model()) == 0
    assert Model() == Model()
