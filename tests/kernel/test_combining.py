from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops.errors import DuplicateRecord, IdClash
from community_ops.kernel.codec import dumps, from_data
from community_ops.kernel.combining import Combined, Connected, Merged, Renamed, combine
from community_ops.kernel.model import Model
from community_ops.kernel.provenance import Location, Provenance, Source
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import targets
from community_ops.kernel.text import ID_LENGTH
from tests.kernel.kinds import Post, Task, Team, World, world, worlds

HQ = Ref("team", "hq")
SOUTH = World.of(Team(id="hq", name="South"), Post(id="ceo", title="Chief", team="hq"))
NORTH = World.of(
    Team(id="hq", name="North"),
    Team(id="ops", name="Operations", parent="hq"),
    Post(id="head", title="Head", team="hq"),
    Task(id="move", about=HQ, also=(HQ, Ref("post", "head"))),
)


# -- the three ways -------------------------------------------------------------------------------------------------


def test_two_models_without_a_common_id_stand_behind_one_another():
    other = World.of(Team(id="it", name="IT"), Post(id="dev", title="Developer", team="it"))
    both = combine(SOUTH, other)
    assert both == Combined(World.of(*SOUTH, *other), ())
    assert both.model.teams.ids == ("hq", "it")


def test_every_common_id_is_named_when_they_are_refused():
    other = World.of(
        Team(id="hq", name="South"), Post(id="ceo", title="Boss", team="hq", seats=2), Team(id="x", name="")
    )
    with pytest.raises(IdClash) as caught:
        combine(SOUTH, other)
    assert caught.value.clashes == ((HQ, ()), (Ref("post", "ceo"), ("title", "seats")))
    assert (caught.value.kind, caught.value.id) == ("team", "hq")
    assert isinstance(caught.value, DuplicateRecord)
    assert str(caught.value) == ("both models have team:hq (they are the same), post:ceo (they differ in title, seats)")


def test_a_long_list_of_common_ids_is_kept_whole_and_shown_in_part():
    many = World(Team(id=str(n), name="") for n in range(12))
    with pytest.raises(IdClash, match=r"team:9 \(they are the same\), and 2 more$") as caught:
        combine(many, many)
    assert len(caught.value.clashes) == 12


def test_a_prefix_renames_what_clashes_and_nothing_else():
    both = combine(SOUTH, NORTH, "prefix", prefix="north-")
    assert both.decisions == (Renamed(HQ, "north-hq"),)
    assert str(both.decisions[0]) == "team:hq of the second model is now called north-hq"
    new = Ref("team", "north-hq")
    assert list(both.model) == [
        Team(id="hq", name="South"),
        Team(id="north-hq", name="North"),
        Team(id="ops", name="Operations", parent="north-hq"),
        Post(id="ceo", title="Chief", team="hq"),
        Post(id="head", title="Head", team="north-hq"),
        Task(id="move", about=new, also=(new, Ref("post", "head"))),
    ]


def test_a_new_id_is_one_that_nothing_has_and_nothing_points_at():
    a = World.of(Team(id="hq", name=""), Team(id="n-hq", name=""), Post(id="p", title="", team="n-hq-2"))
    b = World.of(Team(id="hq", name=""), Team(id="n-hq-3", name=""), Post(id="q", title="", team="n-hq-4"))
    assert combine(a, b, "prefix", prefix="n-").decisions == (Renamed(HQ, "n-hq-5"),)


def test_two_new_ids_are_never_the_same():
    long = ["x" * (ID_LENGTH - 1) + end for end in "ab"]
    model = World(Team(id=id, name=id[-1]) for id in long)
    both = combine(model, model, "prefix", prefix="y" * 5)
    new = [decision.new_id for decision in both.decisions if isinstance(decision, Renamed)]
    assert new == ["yyyyy" + "x" * 195, "yyyyy" + "x" * 193 + "-2"]
    assert [both.model.teams[id].name for id in new] == ["a", "b"]


def test_a_prefix_and_an_id_that_grow_together_are_brought_into_normal_form():
    model = World.of(Team(id="\u0301x", name=""))
    both = combine(model, model, "prefix", prefix="e")
    assert both.model.teams.ids == ("\u0301x", "\u00e9x")


def test_the_same_record_in_both_is_taken_once():
    other = World.of(Team(id="hq", name="South"), Post(id="cfo", title="Finance", team="hq"))
    both = combine(SOUTH, other, "same-if-equal")
    assert both.decisions == (Merged(HQ),)
    assert str(both.decisions[0]) == "team:hq is the same in both models"
    assert both.model == World.of(*SOUTH, Post(id="cfo", title="Finance", team="hq"))


def test_records_that_only_look_the_same_are_refused():
    a = World.of(Post(id="p", title="", team="t", share="1.0"), Team(id="x", name=""))
    b = World.of(Post(id="p", title="", team="t", share="1"), Team(id="x", name=""))
    with pytest.raises(IdClash) as caught:
        combine(a, b, "same-if-equal")
    assert caught.value.clashes == ((Ref("post", "p"), ("share",)),)


# -- references that led nowhere ------------------------------------------------------------------------------------


def test_a_reference_that_led_nowhere_and_leads_to_a_stranger_now_is_told():
    a = World.of(Post(id="ceo", title="Chief", team="board"))
    b = World.of(Team(id="board", name="Board", heads=("ceo", "ceo", "cfo")), Task(id="t", about=Ref("ship", "x")))
    both = combine(a, b)
    assert both.decisions == (
        Connected(Ref("post", "ceo"), "team", Ref("team", "board"), "first"),
        Connected(Ref("team", "board"), "heads", Ref("post", "ceo"), "second"),
    )
    assert [str(decision) for decision in both.decisions] == [
        "post:ceo of the first model now points at team:board of the second (team)",
        "team:board of the second model now points at post:ceo of the first (heads)",
    ]


def test_a_renamed_holder_is_told_under_its_new_id():
    a = World.of(Team(id="hq", name=""), Post(id="ceo", title="", team="hq"))
    b = World.of(Team(id="hq", name="", heads=("ceo",)))
    both = combine(a, b, "prefix", prefix="b-")
    assert both.decisions == (
        Renamed(HQ, "b-hq"),
        Connected(Ref("team", "b-hq"), "heads", Ref("post", "ceo"), "second"),
    )


# -- what is asked for wrongly --------------------------------------------------------------------------------------


def test_models_of_two_classes_do_not_combine():
    class Other(World):
        __slots__ = ()

    with pytest.raises(TypeError, match="cannot combine a World with a Other"):
        combine(World(), Other())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"on_clash": "merge"}, 'on_clash must be "refuse", "prefix" or "same-if-equal", got \'merge\''),
        ({"on_clash": "prefix"}, "a prefix belongs to"),
        ({"on_clash": "refuse", "prefix": "x"}, "a prefix belongs to"),
        ({"on_clash": "prefix", "prefix": ""}, "prefix must not be empty"),
        ({"on_clash": "prefix", "prefix": "a\n"}, r"prefix holds the character U\+000A"),
        ({"on_clash": "prefix", "prefix": 5}, "prefix must be text"),
    ],
)
def test_options_that_mean_nothing_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        combine(SOUTH, NORTH, **options)


# -- what the schema does not know ----------------------------------------------------------------------------------


def read(**tables: Any) -> World:
    return from_data({"format": "community-ops", "version": 2, **tables}, World, unknown="keep")


def test_unread_fields_come_along_and_follow_renames():
    a = read(teams=[{"id": "hq", "name": "South", "colour": "red"}], ships=[1])
    b = read(teams=[{"id": "hq", "name": "North", "colour": "blue"}, {"id": "x", "name": "", "size": 1}], boats=[2])
    both = json.loads(dumps(combine(a, b, "prefix", prefix="n-").model))
    assert both["teams"] == [
        {"id": "hq", "name": "South", "colour": "red"},
        {"id": "n-hq", "name": "North", "colour": "blue"},
        {"id": "x", "name": "", "size": 1},
    ]
    assert (both["ships"], both["boats"]) == ([1], [2])


@pytest.mark.parametrize("other", [{"colour": "blue"}, {}, {"colour": None}, {"size": 5, "colour": "red"}])
def test_records_with_other_unread_fields_are_not_the_same(other):
    a, b = (read(teams=[{"id": "hq", "name": "", **more}]) for more in ({"colour": "red"}, other))
    with pytest.raises(IdClash) as caught:
        combine(a, b, "same-if-equal")
    assert caught.value.clashes == ((HQ, ("size",) if "size" in other else ("colour",)),)


def test_unread_fields_of_records_that_have_gone_do_not_come_back():
    a = read(teams=[{"id": "hq", "name": "", "colour": "red"}]).remove(HQ)
    b = World.of(Team(id="hq", name="North"))
    for model in (combine(a, b).model, combine(b, a).model):
        assert json.loads(dumps(model))["teams"] == [{"id": "hq", "name": "North"}]


def test_unread_tables_of_one_name_must_be_the_same():
    a = read(ships=[1])
    assert json.loads(dumps(combine(a, read(ships=[1])).model))["ships"] == [1]
    for other in ([2], [True], [1.0]):
        with pytest.raises(ValueError, match="that the schema does not know, and they differ: ships"):
            combine(a, read(ships=other))


class Named(Source):
    def __init__(self, file: str) -> None:
        self.file = file

    def locate(self, ref: Ref, field: str | None = None) -> Location | None:
        return Location(f"{self.file}:{ref}.{field}")


def sourced(model: World, file: str) -> World:
    return World._of_tables(model._tables, None, Provenance(source=Named(file)))


def test_each_record_is_still_found_where_it_was_read():
    source = combine(sourced(SOUTH, "south"), sourced(NORTH, "north"), "prefix", prefix="n-").model.provenance.source
    assert source is not None
    assert str(source.locate(HQ, "name")) == "south:team:hq.name"
    assert str(source.locate(Ref("team", "n-hq"), "name")) == "north:team:hq.name"
    assert str(source.locate(Ref("team", "ops"))) == "north:team:ops.None"
    source = combine(SOUTH, sourced(NORTH, "north"), "prefix", prefix="n-").model.provenance.source
    assert source is not None
    assert source.locate(HQ) is None


# -- properties -----------------------------------------------------------------------------------------------------

ways: Any = st.sampled_from([("refuse", None), ("prefix", "b-"), ("same-if-equal", None)])


def exact(model: Model) -> list[str]:
    return [repr(record) for record in model]


@given(worlds(), ways)
def test_nothing_added_changes_nothing(model, way):
    for both in (combine(model, World(), way[0], prefix=way[1]), combine(World(), model, way[0], prefix=way[1])):
        assert exact(both.model) == exact(model)
        assert both.decisions == ()


@settings(max_examples=100)
@given(worlds(), worlds(), ways)
def test_every_record_is_there_and_no_reference_has_changed_its_meaning_untold(a, b, way):
    shared = [record.ref for record in b if record.ref in a]
    try:
        both = combine(a, b, way[0], prefix=way[1])
    except IdClash as clash:
        assert way[0] != "prefix"
        told = [ref for ref, _ in clash.clashes]
        unequal = [ref for ref in shared if repr(a[ref]) != repr(b[ref])]
        assert told == (shared if way[0] == "refuse" else unequal) != []
        return
    new = {d.ref: Ref(d.ref.kind, d.new_id) for d in both.decisions if isinstance(d, Renamed)}
    once = {d.ref for d in both.decisions if isinstance(d, Merged)}
    told = {(d.holder, d.relation, d.target, d.side) for d in both.decisions if isinstance(d, Connected)}
    assert set(new) | once == set(shared)
    assert len(both.model) == len(a) + len(b) - len(once)
    seen = set()
    for side, model, names in (("first", a, {}), ("second", b, new)):
        for record in model:
            here = names.get(record.ref, record.ref)
            for relation in model.schema.kind(record).relations:
                before = targets(model.schema.kind(record), relation, record)
                after = targets(model.schema.kind(record), relation, both.model[here])
                assert after == tuple(names.get(target, target) for target in before)
                for old, now in zip(before, after, strict=True):
                    if (old in model) != (now in both.model):
                        seen.add((here, relation.name, now, side))
                    elif old in model and old not in once:  # it is the very record, but for its id and references
                        kept = both.model[now]
                        assert type(kept) is type(model[old])
                        assert getattr(kept, "name", None) == getattr(model[old], "name", None)
                        assert (side == "first") == (now in a)
    assert seen == told


@given(worlds())
def test_a_model_combined_with_itself_is_itself_or_there_twice(model):
    assert exact(combine(model, model, "same-if-equal").model) == exact(model)
    twice = combine(model, model, "prefix", prefix="2-")
    assert len(twice.model) == 2 * len(model)
    assert all(f"2-{record.id}" in twice.model.table(type(record)) for record in model)


def test_three_of_a_kind_can_be_put_together_one_by_one():
    model, number = World(), count()
    for _ in range(3):
        model = combine(model, world(), "prefix", prefix=f"{next(number)}-").model
    assert len(model) == 3 * len(world())
    assert not any(model.follow(post, "team") is None for post in model.posts)
