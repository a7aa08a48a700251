"""The relation graph of a model, as networkx has it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from community_ops.kernel.model import Model
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import edges

if TYPE_CHECKING:
    import networkx as nx


def relation_graph(model: Model) -> nx.MultiDiGraph[str]:
    """Return a frozen graph with a node a record and an edge a reference; see `Model.graph`."""
    import networkx as nx  # noqa: PLC0415 - slow to import

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for table in model.tables:
        label = table.kind.label_field
        for record in table:
            shown = getattr(record, label) or record.id
            graph.add_node(str(record.ref), kind=table.kind.name, id=record.id, label=shown)
    for table in model.tables:
        specs = [spec for spec in table.kind.layout.fields if spec.shape.has_references]
        for record in table if specs else ():
            source = str(record.ref)
            repeats: Counter[tuple[Ref, str]] = Counter()
            for spec in specs:
                for name, target, beside in edges(spec, spec.get(record)):
                    repeats[target, name] += 1
                    count = repeats[target, name]
                    key = name if count == 1 else f"{name}#{count}"
                    graph.add_edge(source, str(target), key)
                    graph[source][str(target)][key].update(beside, relation=name)
                    if target not in model:
                        graph.add_node(str(target), kind=target.kind, id=target.id, label=target.id, missing=True)
    return nx.freeze(graph)  # type: ignore[no-any-return]
