"""The index over all reporting lines, with size, depth and span of every position, against networkx.

networkx is asked in two ways, of which the faster counts: by its topological sort, and by its layers from the roots,
whose order backwards adds up the sizes just as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx

import community_ops as co
from bench.organisations import collector_off, lines
from bench.timing import Job, Result, clocked, in_turn
from community_ops.org.structure import hierarchy

ROW = "hierarchy"
GOAL = 0.3
JUDGED_AT = 100_000
REPEAT = 5
CHAIN = 1_000_000


def by_networkx(ids: Sequence[str], above: Sequence[str | None]) -> tuple[dict[str, int], ...]:
    """Return depth, subtree size and span by id."""
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from(ids)
    graph.add_edges_from([(up, id) for id, up in zip(ids, above, strict=True) if up is not None])
    depths: dict[str, int] = {}
    roots = [id for id, up in zip(ids, above, strict=True) if up is None]
    for depth, layer in enumerate(nx.bfs_layers(graph, roots)):
        for id in layer:
            depths[id] = depth
    sizes = dict.fromkeys(ids, 1)
    for id in reversed(depths):
        for up in graph.pred[id]:
            sizes[up] += sizes[id]
    return depths, sizes, dict(graph.out_degree())


def by_topological_sort(ids: Sequence[str], above: Sequence[str | None]) -> tuple[dict[str, int], ...]:
    """Return the same by the algorithm networkx offers for it."""
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from(ids)
    graph.add_edges_from([(up, id) for id, up in zip(ids, above, strict=True) if up is not None])
    depths = dict.fromkeys(ids, 0)
    sizes = dict.fromkeys(ids, 1)
    order = list(nx.topological_sort(graph))
    for id in order:
        for below in graph.adj[id]:
            depths[below] = depths[id] + 1
    for id in reversed(order):
        for up in graph.pred[id]:
            sizes[up] += sizes[id]
    return depths, sizes, dict(graph.out_degree())


def model_of(ids: Sequence[str], above: Sequence[str | None]) -> co.OperatingModel:
    """Return a model of nothing but reporting lines."""
    return co.OperatingModel(
        co.Position(id=id, title="Position", unit="hq", reports_to=up) for id, up in zip(ids, above, strict=True)
    )


def by_us(model: co.OperatingModel) -> tuple[dict[str, int | None], ...]:
    """Return depth, subtree size and span by id."""
    tree = hierarchy(model)
    return tuple(dict(zip(tree.ids, values, strict=True)) for values in (tree.depths, tree.sizes, tree.spans))


def measure(sizes: Sequence[int]) -> list[Result]:
    found = []
    for size in sizes:
        ids, above = lines(size)
        records = tuple(model_of(ids, above))
        ours = by_us(co.OperatingModel(records))
        if not ours == by_networkx(ids, above) == by_topological_sort(ids, above):
            raise AssertionError("the two disagree about the tree")
        del ours
        found.append(_against_networkx(ids, above, records, size))
        with collector_off():
            found.append(_against_networkx(ids, above, records, size, ", collector off"))
    return [*found, _chain()]


def _against_networkx(
    ids: Sequence[str], above: Sequence[str | None], records: Sequence[co.Record], size: int, how: str = ""
) -> Result:
    repeat = REPEAT if size <= JUDGED_AT else 2
    # A model remembers its hierarchy, so each run takes one that has never been asked; its columns are read from the
    # records while the clock runs.
    models = [co.OperatingModel(records) for _ in range(repeat)]
    jobs: dict[str, Job] = {
        "networkx, bfs_layers": lambda: by_networkx(ids, above),
        "networkx, topological_sort": lambda: by_topological_sort(ids, above),
        "ours": lambda: hierarchy(models.pop()),
    }
    best = in_turn(jobs, repeat)
    ours = best.pop("ours")
    peer = min(best, key=best.__getitem__)
    job = f"index, size, depth, span of every node{how}"
    return Result(ROW, job, size, ours, peer, best[peer], GOAL, size == JUDGED_AT)


def _chain() -> Result:
    ids = [f"p{number}" for number in range(CHAIN)]
    model = model_of(ids, [None, *ids[:-1]])
    took, tree = clocked(lambda: hierarchy(model))
    if tree.depth(ids[-1]) != CHAIN - 1 or tree.subtree_size(ids[0]) != CHAIN or tree.layers != CHAIN:
        raise AssertionError("the chain has come out wrong")
    return Result(ROW, "the same of a single chain", CHAIN, took)
