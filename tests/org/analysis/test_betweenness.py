"""Bottlenecks: by hand, against every shortest way written down, with samples and through a backend."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from unittest.mock import patch

import networkx
import pytest
from hypothesis import given, settings

from community_ops import OperatingModel, Position
from community_ops.org.analysis.betweenness import bottlenecks
from community_ops.org.analysis.collaboration import collaboration
from tests.org.analysis.organisations import DAY, organisations


def tree(size: int, width: int = 3) -> OperatingModel:
    return OperatingModel(
        Position(id=f"p{n}", title="P", unit="hq", reports_to=f"p{(n - 1) // width}" if n else None)
        for n in range(size)
    )


def test_by_hand() -> None:
    # A chain of five: of the six pairs of others, four lead over the middle, three over its neighbours.
    chain = tree(5, 1)
    found = bottlenecks(chain, DAY)
    assert {id: round((share or 0) * 6) for id, share in found.shares.items()} == {
        "p0": 0, "p1": 3, "p2": 4, "p3": 3, "p4": 0,
    }  # fmt: skip
    assert [id for id, _ in found.top(2)] == ["p2", "p1"]
    assert str(found).splitlines() == [
        "shortest ways through a position on 2026-03-02",
        "position  share",
        "p2        0.667",
        "p1        0.500",
        "p3        0.500",
    ]


@pytest.mark.parametrize("size", [0, 1, 2])
def test_with_fewer_than_three_nodes_there_is_no_share(size: int) -> None:
    found = bottlenecks(tree(size), DAY)
    assert list(found.shares.values()) == [None] * size
    assert found.top() == ()
    assert "position  share" in str(found)


def ways(graph: networkx.Graph, start: object, end: object) -> Iterator[tuple[object, ...]]:
    """All ways without a repetition, shortest first."""
    found = [(start,)]
    while found:
        yield from [way for way in found if way[-1] == end]
        if any(way[-1] == end for way in found):
            return
        found = [(*way, other) for way in found for other in graph[way[-1]] if other not in way]


@settings(max_examples=25)
@given(organisations())
def test_shares_are_those_of_all_shortest_ways(model: OperatingModel) -> None:
    graph, found = collaboration(model, DAY).graph(), bottlenecks(model, DAY)
    pairs = {(a, b): list(ways(graph, a, b)) for a, b in combinations(graph, 2)}
    for id, share in found.shares.items():
        name = f"position:{id}"
        others = [shortest for ends, shortest in pairs.items() if name not in ends]
        expected = sum(sum(name in way for way in shortest) / len(shortest) for shortest in others if shortest)
        assert share == (pytest.approx(expected / len(others)) if others else None)


def test_a_sample_is_an_estimate_that_can_be_repeated() -> None:
    model = tree(120)
    exact, first = bottlenecks(model, DAY).shares, bottlenecks(model, DAY, k=60, seed=1)
    assert (first.sampled, first.nodes) == (60, 120)
    assert first.shares == bottlenecks(tree(120), DAY, k=60, seed=1).shares
    assert first.shares != bottlenecks(model, DAY, k=60, seed=2).shares
    assert all(abs((first.shares[id] or 0) - (share or 0)) < 0.15 for id, share in exact.items())
    assert ", estimated from 60 of 120 nodes" in str(first)
    assert bottlenecks(model, DAY, k=500).shares == exact


def test_a_sample_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 node"):
        bottlenecks(tree(5), DAY, k=0)


def test_the_backend_is_asked_by_name() -> None:
    with patch("networkx.betweenness_centrality", return_value=dict.fromkeys(range(5), 0.5)) as asked:
        assert set(bottlenecks(tree(5), DAY, backend="parallel").shares.values()) == {0.5}
    assert asked.call_args.kwargs["backend"] == "parallel"
    with pytest.raises(ImportError, match="nobody-has-this"):
        bottlenecks(tree(5), DAY, backend="nobody-has-this")
