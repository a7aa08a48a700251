from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import networkx as nx
import pytest
from attrs import field, frozen
from hypothesis import given, settings

from community_ops.kernel.record import Record, Value, ref
from community_ops.kernel.ref import Ref
from tests.kernel.kinds import Clause, Link, Post, Task, Team, World, world, worlds
from tests.kernel.test_model import reachable


def test_there_is_a_node_a_record():
    graph = world().graph()
    assert isinstance(graph, nx.MultiDiGraph)
    assert list(graph) == ["team:hq", "team:ops", "post:ceo", "post:coo", "post:dev", "task:plan", "task:build"]
    assert graph.nodes["post:coo"] == {"kind": "post", "id": "coo", "label": "Operations chief"}


def test_there_is_an_edge_a_reference_keyed_by_its_relation():
    graph = world().graph()
    assert graph.has_edge("post:dev", "post:coo", "boss")
    assert graph.has_edge("team:ops", "post:coo", "heads")
    assert graph.edges["post:dev", "post:coo", "boss"] == {"relation": "boss"}
    assert sorted(key for _, _, key in graph.out_edges("task:build", keys=True)) == [
        *["also", "also", "clause.link.task", "clauses.link.task", "links.task", "links.task#2", "owner"]
    ]


def test_what_stands_beside_a_reference_is_on_its_edge():
    graph = world().graph()
    first, second = (graph.edges["task:build", "task:plan", key] for key in ("links.task", "links.task#2"))
    assert first == {"relation": "links.task", "lag": timedelta()}
    assert second == {"relation": "links.task", "lag": timedelta(days=2)}
    deep = graph.edges["task:build", "task:plan", "clause.link.task"]
    assert deep == {"relation": "clause.link.task", "lag": timedelta(), "text": "as agreed", "weight": 1}


def test_keys_count_each_relation_and_target_for_itself():
    task = Task(
        id="a",
        also=(Ref("task", "b"), Ref("task", "c"), Ref("task", "b"), Ref("task", "b")),
        links=(Link("b"),),
    )
    graph = World.of(task, Task(id="b"), Task(id="c"), Task(id="d", also=(Ref("task", "b"),))).graph()
    assert sorted((v, key) for _, v, key in graph.out_edges("task:a", keys=True)) == [
        *[("task:b", "also"), ("task:b", "also#2"), ("task:b", "also#3"), ("task:b", "links.task"), ("task:c", "also")]
    ]
    assert list(graph["task:d"]["task:b"]) == ["also"]


def test_what_is_pointed_at_and_not_there_is_marked_missing():
    graph = World.of(Post(id="a", title="A", team="gone", boss="a"), Task(id="t", about=Ref("elsewhere", "x"))).graph()
    assert graph.nodes["team:gone"] == {"kind": "team", "id": "gone", "label": "gone", "missing": True}
    assert graph.nodes["elsewhere:x"]["missing"]
    assert "missing" not in graph.nodes["post:a"]
    assert graph.has_edge("post:a", "post:a", "boss")


def test_the_graph_is_frozen():
    graph = world().graph()
    assert nx.is_frozen(graph)
    with pytest.raises(nx.NetworkXError):
        graph.add_edge("post:dev", "post:ceo")


@frozen
class Entry(Value):
    """With fields named as networkx names its arguments."""

    to: str = field(metadata=ref("team", "to"))
    key: str = "k"
    u_for_edge: str = "u"
    relation: str = "mine"


@frozen(kw_only=True)
class Book(Record):
    kind_name: ClassVar[str] = "book"
    table_name: ClassVar[str] = "books"
    entries: tuple[Entry, ...] = ()


class Library(World):
    __slots__ = ()
    schema = World.schema.extend(Book)


def test_a_values_fields_may_have_any_name():
    graph = Library.of(Team(id="t", name="T"), Book(id="b", entries=(Entry("t"),))).graph()
    assert graph.edges["book:b", "team:t", "entries.to"] == {"key": "k", "u_for_edge": "u", "relation": "entries.to"}


def test_an_unnamed_record_is_labelled_with_its_id():
    assert World.of(Task(id="a")).graph().nodes["task:a"]["label"] == "a"
    assert World.of(Task(id="a", clause=Clause("x"))).graph().number_of_edges() == 0


@given(worlds())
@settings(max_examples=20)
def test_the_graph_has_exactly_the_models_records_and_references(model):
    graph = model.graph()
    references = reachable(model)
    there = {str(record.ref) for record in model}
    assert set(graph) == there | {str(target) for _, _, target in references}
    assert {node for node, missing in graph.nodes(data="missing") if missing} == set(graph) - there
    assert sorted((u, v) for u, v in graph.edges()) == sorted((holder, str(to)) for holder, _, to in references)
