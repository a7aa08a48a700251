"""The collaboration graph and its cut points: by hand, against networkx, and by taking positions out one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import (
    DateRange,
    Duty,
    Meeting,
    Model,
    OperatingModel,
    Position,
    Ref,
    ReportingLine,
    Responsibility,
    Schema,
)
from community_ops.org.analysis.collaboration import Collaboration, collaboration
from community_ops.org.analysis.cutting import parts_without
from community_ops.org.analysis.fragility import CutPoint, cut_points
from tests.org.analysis.organisations import DAY, existing, managers, on, organisations


def seat(id: str, up: str | None = None, **fields: object) -> Position:
    return Position(id=id, title=id, unit="hq", reports_to=up, **fields)  # type: ignore[arg-type]


MODEL = OperatingModel.of(
    seat("ceo"),
    seat("coo", "ceo"),
    seat("cmo", "ceo"),
    seat("a1", "coo"),
    seat("a2", "coo"),
    seat("gone", "cmo", status="closed"),
    seat("self", "self"),
    ReportingLine(id="l1", position="a2", manager="cmo"),
    ReportingLine(id="l2", position="a1", manager="cmo", period=DateRange(end=DAY.replace(day=1))),
    ReportingLine(id="l3", position="a1", manager="gone"),
    Duty(id="fair", name="Fair", owner="cmo"),
    Duty(id="stand", name="Stand", part_of="fair"),
    Responsibility(id="r1", subject=Ref("duty", "stand"), position="a2", role="responsible"),
    Responsibility(id="r2", subject=Ref("position", "ceo"), position="a2", role="informed"),
    Responsibility(id="r3", subject=Ref("position", "ceo"), position="a1", role="consulted"),
)


def test_by_hand() -> None:
    found = collaboration(MODEL, DAY)
    names = found.positions
    assert names == ("ceo", "coo", "cmo", "a1", "a2", "self")
    assert {frozenset({names[a], names[b]}) for a, b in found.lines} == {
        frozenset(pair) for pair in (("coo", "ceo"), ("cmo", "ceo"), ("a1", "coo"), ("a2", "coo"), ("a2", "cmo"))
    }
    assert {str(thing): {names[row] for row in rows} for thing, rows in found.shared} == {
        "duty:stand": {"cmo", "a2"},  # accountability for the fair is inherited by its part
        "position:ceo": {"a1", "a2"},
    }
    graph = found.graph()
    assert len(graph) == len(found) == 8
    assert set(graph["shared position:ceo"]) == {"position:a1", "position:a2"}
    assert str(found) == "who works with whom on 2026-03-02: 6 positions, 5 reporting lines, 2 shared things"


@pytest.mark.parametrize(
    ("meeting", "met"),
    [
        ({}, True),  # at no set time yet
        ({"start": "2026-04-17T10:00"}, True),
        ({"start": "2026-04-18T10:00"}, False),
        ({"start": "2026-01-15T10:00"}, True),
        ({"start": "2026-01-14T10:00"}, False),
        ({"start": "2020-01-15T10:00", "recurrence": "FREQ=MONTHLY;INTERVAL=3"}, True),
        ({"start": "2020-01-15T10:00", "recurrence": "FREQ=WEEKLY;UNTIL=20251231"}, False),
        ({"start": "2026-03-03T10:00", "except_dates": [date(2026, 3, 3)]}, False),
        ({"start": "2026-03-03T10:00", "recurrence": "FREQ=WEEKLY", "except_dates": [date(2026, 3, 3)]}, True),
    ],
)
def test_meetings_held_within_a_quarter_tie_their_participants(meeting: dict[str, Any], met: bool) -> None:
    board = Meeting(id="m", name="Board", participants=("a1", "cmo", "ghost"), **meeting)
    alone = Meeting(id="n", name="Alone", participants=("a1", "ghost"))
    found = collaboration(MODEL.add(board, alone), DAY)
    shared = {str(thing): {found.positions[row] for row in rows} for thing, rows in found.shared}
    assert shared.get("meeting:m") == ({"a1", "cmo"} if met else None)
    assert "meeting:n" not in shared


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_of_all_days_have_no_quarter_beyond(day: date) -> None:
    board = Meeting(id="m", name="Board", participants=("a1", "cmo"), start="2026-03-02T10:00")
    assert "meeting:m" not in {str(thing) for thing, _ in collaboration(MODEL.add(board), day).shared}


def test_a_schema_without_meetings_has_none() -> None:
    class Small(Model):
        schema = Schema.of(*(kind.cls for kind in OperatingModel.schema.kinds.values() if kind.cls is not Meeting))

    assert str(collaboration(Small(iter(MODEL)), DAY)) == str(collaboration(MODEL, DAY))


def test_cut_points_by_hand() -> None:
    # Without the dotted line and the shared work, whoever leads anybody is one.
    lines = {"ceo": None, "coo": "ceo", "cmo": "ceo", "a1": "coo", "a2": "coo"}
    bare = OperatingModel(seat(id, up) for id, up in lines.items())
    found = cut_points(bare, DAY)
    assert found.points == (CutPoint(position="ceo", parts=(3, 1)), CutPoint(position="coo", parts=(2, 1, 1)))
    assert [point.cut_off for point in found.points] == [1, 2]
    assert str(found).splitlines() == [
        "2 of 5 positions are cut points on 2026-03-02",
        "position  parts  cut off",
        "coo           3        2",
        "ceo           2        1",
    ]
    assert cut_points(MODEL, DAY).points == ()
    assert str(cut_points(MODEL, DAY)) == "0 of 6 positions are cut points on 2026-03-02"


def test_a_chain_deeper_than_the_stack() -> None:
    length = 5_000
    neighbours = [[other for other in (n - 1, n + 1) if 0 <= other < length] for n in range(length)]
    parts = parts_without(neighbours, [1] * length)
    assert parts[0] == [length - 1]
    assert parts[1_000] == [3_999, 1_000]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    size = draw(st.integers(0, 9))
    nodes = st.integers(0, max(size - 1, 0))
    edges = draw(st.sets(st.tuples(nodes, nodes), max_size=14)) if size else set()
    pairs = {frozenset(edge) for edge in edges if edge[0] != edge[1]}
    neighbours = [sorted({other for pair in pairs if node in pair for other in pair - {node}}) for node in range(size)]
    return neighbours, draw(st.lists(st.integers(1, 4), min_size=size, max_size=size))


@given(graphs())
def test_parts_are_what_is_left_when_a_node_is_taken_out(drawn: tuple[list[list[int]], list[int]]) -> None:
    neighbours, weights = drawn
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(neighbours)))
    graph.add_edges_from((a, b) for a, tied in enumerate(neighbours) for b in tied)
    found = parts_without(neighbours, weights)
    assert {node for node, parts in enumerate(found) if len(parts) > 1} == set(networkx.articulation_points(graph))
    for node, parts in enumerate(found):
        rest = graph.subgraph(networkx.node_connected_component(graph, node) - {node})
        heavy = [sum(weights[one] for one in part) for part in networkx.connected_components(rest)]
        assert parts == sorted(heavy, reverse=True)


def ties(model: OperatingModel) -> set[frozenset[str]]:
    """All pairs of positions that work with one another, each written down as a pair."""
    there, above = {p.id for p in existing(model)}, managers(model)
    pairs = {frozenset((id, up)) for id, up in above.items() if up is not None}
    pairs |= {frozenset((x.position, x.manager)) for x in model.reporting_lines if on(x.period)}
    duties = {duty.id: duty for duty in model.duties}

    def accountable(id: str, met: tuple[str, ...] = ()) -> set[str]:
        own = {r.position for r in letters if r.subject.id == id and r.role == "accountable"}
        own |= {duties[id].owner} - {None} if id in duties else set()
        larger = duties[id].part_of if id in duties else None
        if own or larger not in duties or larger in met:
            return own
        return accountable(larger, (*met, id))

    letters = [r for r in model.responsibilities if on(r.period)]
    for id in {r.subject.id for r in letters}:
        sharing = accountable(id) | {r.position for r in letters if r.subject.id == id}
        pairs |= {frozenset((a, b)) for a in sharing for b in sharing}
    return {pair for pair in pairs if len(pair) == 2 and pair <= there}


@given(organisations())
def test_cut_points_part_those_who_would_otherwise_be_connected(model: OperatingModel) -> None:
    graph = networkx.Graph(tuple(pair) for pair in ties(model))
    graph.add_nodes_from(p.id for p in existing(model))
    expected = {}
    for id in graph:
        rest = graph.subgraph(networkx.node_connected_component(graph, id) - {id})
        parts = sorted(map(len, networkx.connected_components(rest)), reverse=True)
        if len(parts) > 1:
            expected[id] = tuple(parts)
    found = cut_points(model, DAY)
    assert {point.position: point.parts for point in found.points} == expected
    assert found.positions == len(graph)
    assert str(DAY) in str(found)


@given(organisations())
def test_the_graph_ties_just_those_who_report_or_share(model: OperatingModel) -> None:
    found: Collaboration = collaboration(model, DAY)
    names, graph = found.positions, found.graph()
    assert list(names) == [p.id for p in existing(model)]
    tied = {frozenset((names[a], names[b])) for a, b in found.lines}
    tied |= {frozenset((names[a], names[b])) for _, rows in found.shared for a in rows for b in rows if a != b}
    assert tied == ties(model)
    numbers = [f"position:{id}" for id in names] + [f"shared {thing}" for thing, _ in found.shared]
    for row, tied_to in enumerate(found.neighbours):
        assert {numbers[other] for other in tied_to} == set(graph[numbers[row]])
