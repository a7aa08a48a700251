"""No recursion over data: a million records in one chain, and a million that point at one."""

from __future__ import annotations

import sys

import pytest
from attrs import evolve

from community_ops.kernel.changes import diff, renamed
from community_ops.kernel.changes_codec import changes_from_data, changes_to_data
from community_ops.kernel.codec import dumps, loads
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import dangling, pairs, referrers_by
from tests.kernel.kinds import Post, Team, World


def chain(size: int) -> World:
    """Every post reports to the one before it."""
    posts = (Post(id=f"p{i}", title="P", team="t", boss=f"p{i - 1}" if i else None) for i in range(size))
    return World([Team(id="t", name="T"), *posts])


def star(size: int) -> World:
    """Every post reports to the first."""
    posts = (Post(id=f"p{i}", title="P", team="t", boss="p0" if i else None) for i in range(size))
    return World([Team(id="t", name="T"), *posts])


def everything_works_on(model: World, size: int) -> None:
    limit = sys.getrecursionlimit()
    assert len(model.posts) == size
    assert len(pairs(model, "post", "boss")) == size - 1
    assert dangling(model, "post", "boss") == ()
    turned = referrers_by(model, "post", "boss")
    assert sum(map(len, turned.values())) == size - 1

    text = dumps(model)
    again = loads(text, World)
    assert again == model
    assert dumps(again) == text

    middle, last = f"p{size // 2}", f"p{size - 1}"
    edited = model.replace(evolve(model.posts[middle], title="changed", boss=None))
    edited = edited.remove(Ref("post", last)) if not turned.get(Ref("post", last)) else edited
    changes = diff(model, edited)
    assert len(changes) == 2
    assert model.apply(changes) == edited
    assert edited.apply(changes.invert()) == model
    assert changes_from_data(changes_to_data(changes), World) == changes

    moved = model.rename(Ref("post", "p0"), "top")
    assert dangling(moved, "post", "boss") == ()
    assert len(model.referrers(Ref("post", "p0"))) == len(moved.referrers(Ref("post", "top")))
    assert diff(model, moved).renamed == ((Ref("post", "p0"), "top"),)
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize("make", [chain, star])
def test_thousands_in_a_chain_or_under_one(make):
    everything_works_on(make(3_000), 3_000)
    assert make(3_000).graph().number_of_edges() == 3_000 + 2_999


@pytest.mark.scale
@pytest.mark.parametrize("make", [chain, star])
def test_many_in_a_chain_or_under_one(make):
    everything_works_on(make(100_000), 100_000)


@pytest.mark.scale
def test_a_hundred_thousand_renames_at_once():
    model = chain(100_000)
    after = renamed(model, {Ref("post", f"p{i}"): Ref("post", f"q{i}") for i in range(100_000)})
    assert dangling(after, "post", "boss") == ()
    changes = diff(model, after)
    assert len(changes.renamed) + len(changes.removed) + len(changes.added) >= 100_000
    assert model.apply(changes) == after
