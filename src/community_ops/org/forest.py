"""The arithmetic of trees: from "who is above whom" to sizes, depths and a pre-order, on integers only.

Theory of operation. Nodes are numbered from 0 to n - 1; `up[i]` is the node above node i, or n, the *ground*,
where there is none. Leaves are peeled off from below, so that every node comes after all nodes under it: what
never gets peeled lies on a cycle. Each cycle is cut open at one member, which makes all of it a forest again.
In its pre-order the nodes under a node follow it without a gap, so that a subtree is a slice. Every step is
one pass over a list: nothing recurses, and nothing depends on how deep or how wide the trees are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TypeVar

from attrs import evolve, field, frozen

T = TypeVar("T")
Loop = tuple[int, ...]


@frozen(eq=False)
class Forest:
    """Trees over nodes 0 to n - 1; the tuples hold one value a node unless said otherwise. Made by `plant`.

    Attributes:
        parents: the node above each, cycles whole; None where there is none.
        spans: how many nodes are directly under each, cycles whole.
        depths: how many nodes are above each; None on a cycle and below one.
        layers: one more than the greatest depth; 0 where no node has a depth.
        loops: the cycles, each from the node with its smallest name on, upwards; cut above that node.
        sizes: how many nodes the subtree holds, the node itself included. A node on a cycle has on and below
            the cycle under it.
        tops: for each node on a cycle the node above which the cycle was cut, so that all of it is under that node.
    """

    parents: tuple[int | None, ...]
    spans: tuple[int, ...]
    depths: tuple[int | None, ...]
    layers: int
    loops: tuple[Loop, ...]
    sizes: tuple[int, ...]
    tops: Mapping[int, int]
    _cut: Sequence[int] = field(alias="cut")
    """For each node the one above it with cycles cut, or n."""
    _cut_sizes: Sequence[int] = field(alias="cut_sizes")
    """The sizes with cycles cut, which is what steps from sibling to sibling."""
    _peeled: list[int] = field(alias="peeled")
    """The nodes, each after all nodes under it."""

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where each node stands in pre-order; found when first asked for, as `order` is."""
        return tuple(_pre_order(self._cut, self._peeled, self._cut_sizes))

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The nodes in pre-order, cycles cut."""
        order = [0] * len(self.places)
        for node, place in enumerate(self.places):
            order[place] = node
        return tuple(order)

    def slice(self, node: int) -> tuple[int, int]:
        """Return where in pre-order the subtree of a node begins and ends."""
        first = self.places[self.tops.get(node, node)]
        return first, first + self.sizes[node]

    def children(self, node: int) -> list[int]:
        """Return the nodes directly under a node, in their own order."""
        found, here = [], self.places[node]
        at, stop = here + 1, here + self._cut_sizes[node]
        while at < stop:
            child = self.order[at]
            found.append(child)
            at += self._cut_sizes[child]
        top = self.tops.get(node)
        if top is not None and self.parents[top] == node:  # the cycle was cut just here
            found = sorted([*found, top])
        return found

    def sums(self, values: Sequence[int]) -> tuple[int, ...]:
        """Return for each node the sum of a value over its subtree."""
        so_far = [0, *accumulate(map(values.__getitem__, self.order))]
        firsts: Sequence[int] = self.places
        if self.tops:
            firsts = [firsts[self.tops.get(node, node)] for node in range(len(firsts))]
        return tuple([so_far[first + size] - so_far[first] for first, size in zip(firsts, self.sizes, strict=True)])

    def count_distinct(self, values: Sequence[Iterable[Hashable]]) -> tuple[int, ...]:
        """Return for each node how many different things its subtree holds."""
        held: list[set[Hashable]] = list(map(set, values))
        counts = [0] * len(held)
        for node in reversed(self.order):
            few, above = held[node], self._above(node)
            counts[node] = len(few)
            held[node] = set()  # what was here goes up
            if above is not None:
                # The smaller set goes into the larger, so that nothing moves more than log n times.
                many = held[above]
                if len(many) < len(few):
                    few, many = many, few
                many |= few
                held[above] = many
        return tuple([counts[self.tops.get(node, node)] for node in range(len(counts))])

    def inherit(self, values: Sequence[T | None]) -> tuple[T | None, ...]:
        """Return for each node its own value or else that of the nearest node above which has one."""
        found = list(values)
        for node in self.order:
            above = self._above(node)
            if found[node] is None and above is not None:
                found[node] = found[above]
        for loop in self.loops:
            # The walk down began at the cut; what was found at its other end is what is above the cut.
            first, stop = self.slice(loop[0])
            for node in self.order[first:stop]:
                above = self.parents[node]
                if found[node] is None and above is not None:
                    found[node] = found[above]
        return tuple(found)

    def _above(self, node: int) -> int | None:
        return None if self.tops.get(node) == node else self.parents[node]


def plant(up: Sequence[int], names: Sequence[str]) -> Forest:
    """Number the nodes of a forest.

    Args:
        up: for each node the node above it, or `len(up)` where there is none.
        names: the nodes' names, all different; they decide only where a cycle starts.

    Example:
        >>> trees = plant([3, 0, 0], "abc")
        >>> trees.sizes, trees.depths, trees.order
        ((3, 1, 1), (0, 1, 1), (0, 1, 2))
        >>> plant([1, 0, 1], "abc").loops
        ((0, 1),)
    """
    ground = len(up)
    spans = [0] * (ground + 1)
    for above in up:
        spans[above] += 1
    left = spans.copy()
    left[ground] = -1  # it only falls from here, so that the ground itself is never peeled
    sizes = [1] * (ground + 1)
    peeled = _peel([node for node, count in enumerate(left) if not count], up, left, sizes)
    loops: tuple[Loop, ...] = ()
    cut = up
    if len(peeled) < ground:
        loops = _loops(up, left, names)
        cut = list(up)
        for loop in loops:
            cut[loop[0]] = ground
            # All that hung below the cycle is off, so the node that its first member reports to is free now.
            freed = loop[1 % len(loop)]
            left[freed] -= 1
            peeled += _peel([freed], cut, left, sizes)
    depths = _depths(cut, peeled)
    del spans[ground], sizes[ground]
    tops = {node: loop[0] for loop in loops for node in loop}
    bare = Forest(
        parents=tuple([None if above == ground else above for above in up]),
        spans=tuple(spans),
        depths=tuple(depths),
        layers=max(depths, default=-1) + 1,
        loops=loops,
        sizes=tuple(sizes),
        tops=tops,
        cut=cut,
        cut_sizes=sizes,
        peeled=peeled,
    )
    return _closed(bare, depths) if loops else bare


def _closed(bare: Forest, depths: list[int]) -> Forest:
    """Turn what was found for cycles cut open into what is true of them whole."""
    known: list[int | None] = list(depths)
    for loop in bare.loops:
        first = bare.places[loop[0]]
        for node in bare.order[first : first + bare.sizes[loop[0]]]:
            known[node] = None
            depths[node] = -1
    sizes = [bare.sizes[bare.tops.get(node, node)] for node in range(len(known))]
    return evolve(bare, depths=tuple(known), layers=max(depths, default=-1) + 1, sizes=tuple(sizes))


def _peel(free: list[int], up: Sequence[int], left: list[int], sizes: list[int]) -> list[int]:
    """Take nodes off from below as long as one has nothing left under it; `free` grows while it is walked."""
    add = free.append
    for node in free:
        above = up[node]
        sizes[above] += sizes[node]
        count = left[above] = left[above] - 1
        if not count:
            add(above)
    return free


def _depths(up: Sequence[int], peeled: list[int]) -> list[int]:
    """Return how many nodes are above each."""
    depths = [-1] * (len(up) + 1)
    for node in reversed(peeled):
        depths[node] = depths[up[node]] + 1
    del depths[-1]
    return depths


def _pre_order(up: Sequence[int], peeled: list[int], sizes: Sequence[int]) -> list[int]:
    """Return the place of every node in pre-order."""
    ground = len(up)
    # First each node's place counted from the node above it: siblings earlier in the order of nodes come
    # first.
    taken = [1] * ground + [0]
    places = []
    for above, size in zip(up, sizes, strict=True):
        place = taken[above]
        places.append(place)
        taken[above] = place + size
    places.append(0)
    for node in reversed(peeled):
        places[node] += places[up[node]]
    del places[ground]
    return places


def _loops(up: Sequence[int], left: list[int], names: Sequence[str]) -> tuple[Loop, ...]:
    """Return the cycles; whatever still has something left under it lies on one."""
    found = []
    seen: set[int] = set()
    for start in range(len(up)):
        if left[start] > 0 and start not in seen:
            loop = [start]
            node = up[start]
            while node != start:
                loop.append(node)
                node = up[node]
            seen.update(loop)
            first = min(range(len(loop)), key=lambda i: names[loop[i]])
            found.append((*loop[first:], *loop[:first]))
    return tuple(sorted(found, key=lambda loop: names[loop[0]]))
