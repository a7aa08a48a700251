from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.org.structure import Hierarchy
from community_ops.view.scene import LABEL_LENGTH, fault_words, label, select
from tests.view.sample import forests


@st.composite
def hierarchies(draw: st.DrawFn) -> Hierarchy:
    """Draw a hierarchy that may have cycles and dangling managers."""
    count = draw(st.integers(0, 12))
    ids = [f"p{place}" for place in range(count)]
    above = [draw(st.sampled_from([None, "ghost", *ids])) for _ in ids]
    return Hierarchy.of("position", ids, above)


@given(hierarchies())
def test_nothing_is_lost_however_broken_the_lines(tree: Hierarchy) -> None:
    chosen = select(tree)
    assert sorted(chosen.ids) == sorted(tree.ids)
    assert chosen.left_out == 0
    assert set(chosen.hidden) <= {0}
    shown_lines = {(chosen.ids[place], chosen.ids[over]) for place, over in enumerate(chosen.above) if over is not None}
    shown_lines |= {(chosen.ids[place], chosen.ids[over]) for place, over in chosen.cuts if over is not None}
    lines = {(id, tree.ids[over]) for id, over in zip(tree.ids, tree.parents, strict=True) if over is not None}
    assert shown_lines == lines


@given(hierarchies(), st.integers(1, 12))
def test_a_limit_keeps_the_top_and_counts_the_rest(tree: Hierarchy, limit: int) -> None:
    chosen = select(tree, limit)
    assert len(chosen.ids) == min(limit, len(tree))
    assert chosen.left_out == len(tree) - len(chosen.ids)
    for place, over in enumerate(chosen.above):
        assert over is None or over < place
    for place, id in enumerate(chosen.ids):
        shown = sum(tree.parent(other) == id for other in chosen.ids)
        assert chosen.hidden[place] == tree.span(id) - shown


@given(forests(), st.integers(1, 20))
def test_what_is_shown_is_never_deeper_than_what_is_not(above: list[int | None], limit: int) -> None:
    ids = [str(place) for place in range(len(above))]
    tree = Hierarchy.of("position", ids, [None if over is None else str(over) for over in above])
    shown = set(select(tree, limit).ids)
    depths = dict(zip(tree.ids, tree.depths, strict=True))
    deepest = max((depths[id] or 0 for id in shown), default=0)
    assert all((depths[id] or 0) >= deepest for id in ids if id not in shown)


def test_faults_are_named_by_record() -> None:
    tree = Hierarchy.of("position", ["a", "b", "c", "d", "e"], ["b", "a", "c", "ghost", None])
    chosen = select(tree)
    assert dict(zip(chosen.ids, chosen.faults, strict=True)) == {
        "a": "in_cycle",
        "b": "in_cycle",
        "c": "to_itself",
        "d": "dangling",
        "e": "",
    }


@pytest.mark.parametrize(
    ("fault", "above", "words"),
    [
        ("", None, []),
        ("in_cycle", "Ben", ["in a cycle: above it is Ben"]),
        ("to_itself", "Ben", ["in a cycle: above itself"]),
        ("dangling", "ghost", ["above it stands 'ghost', which does not exist"]),
        ("dangling", None, ["what is above it does not exist"]),
    ],
)
def test_faults_are_put_in_words(fault: str, above: str | None, words: list[str]) -> None:
    assert list(fault_words(fault, above, "en")) == words


def test_a_label_is_bounded_however_long_the_name() -> None:
    assert label("长" * 1_000_000) == "长" * LABEL_LENGTH + "…"
    assert label("x" * LABEL_LENGTH) == "x" * LABEL_LENGTH
    assert label(" \n", "the-id") == "the-id"
    assert label(" ") == ""
