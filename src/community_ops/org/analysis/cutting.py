"""Cut points of a graph: nodes without which a connected part falls apart, and into what.

The depth-first search of Hopcroft and Tarjan (Algorithm 447, 1973), without recursion: a child from which no way leads
back above a node hangs on that node alone. One pass over nodes and ties.
"""

from __future__ import annotations

from collections.abc import Sequence


def parts_without(neighbours: Sequence[Sequence[int]], weights: Sequence[int]) -> list[list[int]]:
    """Return, for every node, how heavy the parts are into which its connected part falls without it.

    Args:
        neighbours: what each node is tied to, both ways.
        weights: what each node weighs.

    Returns:
        One list a node, largest part first: several numbers for a cut point, one for any other node that is tied to
        anything, none for a node that stands alone.

    Example:
        >>> parts_without([[1], [0, 2], [1]], [1, 1, 1])
        [[2], [1, 1], [2]]
    """
    entered, lowest = [-1] * len(neighbours), [0] * len(neighbours)
    heavy = list(weights)
    parts: list[list[int]] = [[] for _ in neighbours]
    count = 0
    for root in range(len(neighbours)):
        if entered[root] >= 0:
            continue
        path, walks, found = [root], [iter(neighbours[root])], [root]
        entered[root] = lowest[root] = count
        count += 1
        while path:
            node = path[-1]
            for other in walks[-1]:
                if entered[other] < 0:
                    entered[other] = lowest[other] = count
                    count += 1
                    path.append(other)
                    walks.append(iter(neighbours[other]))
                    found.append(other)
                    break
                lowest[node] = min(lowest[node], entered[other])
            else:
                path.pop()
                walks.pop()
                if path:
                    _step_back(node, path[-1], entered, lowest, heavy, parts)
        for node in found:
            rest = heavy[root] - weights[node] - sum(parts[node])
            parts[node] = sorted([*parts[node], *([rest] if rest else [])], reverse=True)
    return parts


def _step_back(
    child: int, above: int, entered: Sequence[int], lowest: list[int], heavy: list[int], parts: list[list[int]]
) -> None:
    lowest[above] = min(lowest[above], lowest[child])
    heavy[above] += heavy[child]
    if lowest[child] >= entered[above]:
        parts[above].append(heavy[child])
