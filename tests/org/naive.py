"""What a hierarchy means, written from the definition: slow, obvious, and without the library."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

Lines = Mapping[str, str | None]


def parent(lines: Lines, id: str) -> str | None:
    return lines[id] if lines[id] in lines else None


def chain(lines: Lines, id: str) -> list[str]:
    """Everyone above, until the top or until somebody would come twice."""
    met = [id]
    above = parent(lines, id)
    while above is not None and above not in met:
        met.append(above)
        above = parent(lines, above)
    return met[1:]


def has_top(lines: Lines, id: str) -> bool:
    return parent(lines, [id, *chain(lines, id)][-1]) is None


def on_cycle(lines: Lines, id: str) -> bool:
    return parent(lines, [id, *chain(lines, id)][-1]) == id


def children(lines: Lines, id: str) -> list[str]:
    return [other for other in lines if parent(lines, other) == id]


def descendants(lines: Lines, id: str) -> set[str]:
    return {other for other in lines if id in chain(lines, other)}


def preorder(lines: Lines, id: str) -> list[str]:
    """Everyone below, each manager before their reports; only for those with a top."""
    return [found for child in children(lines, id) for found in [child, *preorder(lines, child)]]


def cycles(lines: Lines) -> set[frozenset[str]]:
    return {frozenset([id, *chain(lines, id)]) for id in lines if on_cycle(lines, id)}


def lowest_common(lines: Lines, a: str, b: str) -> str | None:
    up_a, up_b = [a, *chain(lines, a)], [b, *chain(lines, b)]
    from_a = next((id for id in up_a if id in up_b), None)
    from_b = next((id for id in up_b if id in up_a), None)
    return from_a if from_a == from_b else None


@st.composite
def lines(draw: st.DrawFn, ids: str = "abcdefghijkl", broken: bool = True) -> dict[str, str | None]:
    """Who is above whom, in any order of ids; where `broken`, with cycles and managers who do not exist."""
    names = draw(st.lists(st.sampled_from(ids), unique=True, max_size=len(ids)))
    found: dict[str, str | None] = {}
    for name in names:
        above = [None, *found]
        if broken and draw(st.integers(0, 3)) == 0:
            above = [*names, "ghost"]
        found[name] = draw(st.sampled_from(above))
    return {name: found[name] for name in draw(st.permutations(names))}
