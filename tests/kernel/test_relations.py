from __future__ import annotations

import pytest
from hypothesis import given, settings

from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import dangling, edges, is_single, pairs, referrers_by, target_places, targets
from tests.kernel.kinds import Clause, Link, Post, Task, Team, World, world, worlds
from tests.kernel.test_model import reachable


def test_pairs_are_in_table_order():
    model = world()
    assert pairs(model, "post", "boss") == (("coo", Ref("post", "ceo")), ("dev", Ref("post", "coo")))
    assert pairs(model, "team", "heads") == (
        *(("hq", Ref("post", "ceo")), ("ops", Ref("post", "coo")), ("ops", Ref("post", "ceo"))),
    )
    assert pairs(model, "task", "links.task") == (("build", Ref("task", "plan")), ("build", Ref("task", "plan")))
    assert pairs(model, "task", "about") == (("plan", Ref("team", "ops")),)
    assert pairs(World(), "post", "boss") == ()


@given(worlds())
@settings(max_examples=30)
def test_pairs_are_all_references_there_are(model):
    found = []
    for relation in model.schema.relations:
        for id, target in pairs(model, relation.kind, relation.name):
            found.append((f"{relation.kind}:{id}", relation.field, target))
    assert sorted(found) == reachable(model)


@given(worlds())
@settings(max_examples=30)
def test_what_dangles_is_what_leads_nowhere(model):
    there = {record.ref for record in model}
    for relation in model.schema.relations:
        every = pairs(model, relation.kind, relation.name)
        expected = tuple(pair for pair in every if pair[1] not in there)
        assert dangling(model, relation.kind, relation.name) == expected


@given(worlds())
@settings(max_examples=20)
def test_referrers_are_the_pairs_turned_round(model):
    for relation in model.schema.relations:
        turned = referrers_by(model, relation.kind, relation.name)
        assert sorted((id, to) for to, ids in turned.items() for id in ids) == sorted(
            pairs(model, relation.kind, relation.name)
        )


def test_the_index_of_referrers_cannot_be_written_to():
    with pytest.raises(TypeError):
        referrers_by(world(), "post", "boss")[Ref("post", "a")] = ()


def test_what_dangles_stays_known_while_other_fields_change():
    model = World.of(Team(id="t", name="T"), Post(id="a", title="A", team="t", boss="gone"))
    before = dangling(model, "post", "boss")
    assert before == (("a", Ref("post", "gone")),)
    after = model.replace(Post(id="a", title="B", team="t", boss="gone", seats=2))
    assert dangling(after, "post", "boss") is before
    assert dangling(after.add(Post(id="gone", title="G", team="t")), "post", "boss") == ()


@pytest.mark.parametrize("ask", [pairs, referrers_by, dangling])
def test_unknown_relations_are_refused(ask):
    with pytest.raises(LookupError, match="post has no relation 'manager'"):
        ask(world(), "post", "manager")
    with pytest.raises(LookupError, match="no kind 'elsewhere'"):
        ask(world(), "elsewhere", "boss")


def test_single_relations_hold_at_most_one_reference():
    single = {f"{r.kind}.{r.name}": is_single(World.schema.kinds[r.kind], r) for r in World.schema.relations}
    assert single == {
        "team.parent": True,
        "team.heads": False,
        "post.team": True,
        "post.boss": True,
        "task.owner": True,
        "task.about": True,
        "task.also": False,
        "task.links.task": False,
        "task.clause.link.task": True,
        "task.clauses.link.task": False,
    }


def test_targets_are_those_of_one_relation():
    kind = World.schema.kinds["task"]
    task = Task(id="x", also=(Ref("post", "b"), Ref("post", "a")), clause=Clause("x", Link("y")))
    assert targets(kind, World.schema.relation("task", "also"), task) == (Ref("post", "b"), Ref("post", "a"))
    assert targets(kind, World.schema.relation("task", "clause.link.task"), task) == (Ref("task", "y"),)
    assert targets(kind, World.schema.relation("task", "owner"), task) == ()


def test_edges_name_the_relation_and_the_neighbours():
    spec = World.schema.kinds["task"].layout.by_name["links"]
    (edge,) = edges(spec, (Link("a"),))
    assert edge == ("links.task", Ref("task", "a"), {"lag": Link("a").lag})


def test_places_of_targets_are_where_they_stand_in_their_table():
    model = World.of(
        *(Post(id=id, title=id, team="t", boss=boss) for id, boss in zip("abc", ("b", None, "x"), strict=True))
    )
    assert target_places(model, "post", "boss") == (1, 3, 3)


@pytest.mark.parametrize(("kind", "relation"), [("team", "heads"), ("task", "about")])
def test_places_are_for_plain_ids_only(kind, relation):
    with pytest.raises(LookupError, match="may hold more than a plain id"):
        target_places(world(), kind, relation)
