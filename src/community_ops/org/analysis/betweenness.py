"""Bottlenecks: positions through which the shortest ways between the others lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.analysis.collaboration import collaboration
from community_ops.org.analysis.text import table

_LEAST = 3


@frozen(eq=False, repr=False)
class Bottlenecks:
    """Through which positions the shortest ways lead on a day; made by `bottlenecks`.

    Attributes:
        at: the day.
        nodes: how many nodes the graph has: positions and what they share.
        sampled: from how many of the nodes ways were followed.
        shares: for every position the share, from 0 to 1, of the shortest ways between pairs of other nodes that lead
            through it, several ways between one pair counting in parts; None where the graph has fewer than three
            nodes, so that there is no pair of others. Estimated, and so perhaps above 1, where only some nodes were
            sampled.
    """

    at: date
    nodes: int
    sampled: int
    shares: Mapping[str, float | None]

    def top(self, count: int = 10) -> tuple[tuple[str, float], ...]:
        """Return the positions with the greatest shares above 0, greatest first, at a tie in table order.

        Args:
            count: how many at most.
        """
        known = [(id, share) for id, share in self.shares.items() if share]
        return tuple(sorted(known, key=lambda pair: -pair[1])[:count])

    def __str__(self) -> str:
        how = "" if self.sampled == self.nodes else f", estimated from {self.sampled} of {self.nodes} nodes"
        rows = [(id, f"{share:.3f}") for id, share in self.top()]
        return f"shortest ways through a position on {self.at}{how}\n{table(('position', 'share'), rows)}"


@derived
def bottlenecks(
    m: ModelView, at: date, *, k: int | None = None, seed: int = 0, backend: str | None = None
) -> Bottlenecks:
    """Return through which positions the shortest ways of the collaboration graph lead on a day.

    Not linear: with nodes n and ties t it takes n x t steps, which is too many for 100,000 positions. With `k` it takes
    k x t and estimates; with `backend` networkx hands the work to an installed backend.

    Args:
        m: the model.
        at: the day.
        k: from how many nodes, drawn at random, ways are followed; None follows them from all.
        seed: what the draw starts from, so that it can be repeated.
        backend: the name of a networkx backend, such as `"parallel"` (nx-parallel) or `"cugraph"` (nx-cugraph).

    Raises:
        ValueError: `k` is less than 1.
        ImportError: the backend is not installed.

    Source: Freeman, "A set of measures of centrality based on betweenness" (1977); Brandes, "A faster algorithm for
    betweenness centrality" (2001); estimated as in Brandes and Pich, "Centrality estimation in large networks" (2007).

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> lines = {"ceo": None, "coo": "ceo", "a1": "coo", "a2": "coo"}.items()
        >>> model = OperatingModel(Position(id=id, title=id, unit="hq", reports_to=up) for id, up in lines)
        >>> dict(bottlenecks(model, date(2026, 3, 2)).shares)
        {'ceo': 0.0, 'coo': 1.0, 'a1': 0.0, 'a2': 0.0}
    """
    if k is not None and k < 1:
        raise ValueError(f"ways must be followed from at least 1 node, got k={k}")
    graph = collaboration(m, at)
    nodes = len(graph)
    if nodes < _LEAST:
        return Bottlenecks(at, nodes, nodes, MappingProxyType(dict.fromkeys(graph.positions)))
    sampled = nodes if k is None else min(k, nodes)
    import networkx  # noqa: PLC0415 - takes longer to load than all else here

    drawn: networkx.Graph[int] = networkx.Graph()
    drawn.add_nodes_from(range(nodes))
    drawn.add_edges_from((a, b) for a, tied in enumerate(graph.neighbours) for b in tied if a < b)
    draw = None if sampled == nodes else sampled
    # The stubs know `backend` as text only; None is what networkx itself takes for "my own".
    found: Any = networkx.betweenness_centrality(drawn, k=draw, seed=seed, backend=backend)  # type: ignore[arg-type]
    return Bottlenecks(at, nodes, sampled, MappingProxyType({id: found[row] for row, id in enumerate(graph.positions)}))
