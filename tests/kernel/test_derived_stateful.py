"""Whatever is done to a model, what was remembered along the way says what a model made afresh would say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from community_ops.kernel.changes import diff
from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import dangling, pairs, referrers_by
from tests.kernel.kinds import IDS, MAKERS, Post, World, world


@derived
def chain(m, id: str) -> tuple[str, ...]:
    """The bosses above a post, read row by row."""
    post = m.get(Ref("post", id))
    found = []
    while post is not None and post.boss is not None and post.boss not in found:
        found.append(post.boss)
        post = m.get(Ref("post", post.boss))
    return tuple(found)


@derived
def chains(m) -> tuple[tuple[str, ...], ...]:
    return tuple(chain(m, id) for id in m.ids(Post))


@derived
def in_a_pool(m) -> tuple[int, ...]:
    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(lambda id: len(chain(m, id)) + len(m[Ref("post", id)].title), m.ids(Post)))


@derived
def tops_or_trouble(m, strict: bool) -> str:
    try:
        return strictly_one_top(m, strict)
    except ValueError as error:
        return f"trouble: {error}"


@derived
def strictly_one_top(m, strict: bool) -> str:
    tops = [id for id, boss in zip(m.ids(Post), m.column(Post.boss), strict=True) if boss is None]
    if strict and len(tops) != 1:
        raise ValueError(len(tops))
    return m.label(Ref("post", tops[0])) if tops else "nobody"


def everything(model: World) -> list:
    told = [chains(model), in_a_pool(model), tops_or_trouble(model, True), tops_or_trouble(model, False)]
    for relation in model.schema.relations:
        for ask in (pairs, dangling, referrers_by):
            told.append(ask(model, relation.kind, relation.name))
    return told


class Editing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model = world()
        self.kept = [self.model]

    def _take(self, model: World) -> None:
        self.model = model
        self.kept = [*self.kept[-3:], model]

    @rule(data=st.data(), kind=st.sampled_from(sorted(MAKERS)), id=st.sampled_from(IDS))
    def put(self, data, kind, id):
        self._take(self.model.put(data.draw(MAKERS[kind](id))))

    @rule(data=st.data(), boss=st.none() | st.sampled_from([*IDS, "ceo", "coo", "dev"]))
    def move(self, data, boss):
        post = data.draw(st.sampled_from([*self.model.posts] or [None]))
        if post is not None:
            self._take(self.model.replace(evolve(post, boss=boss)))

    @rule(data=st.data())
    def remove(self, data):
        record = data.draw(st.sampled_from([*self.model] or [None]))
        if record is not None:
            self._take(self.model.remove(record.ref, dangling=True))

    @rule(data=st.data(), id=st.sampled_from(IDS))
    def rename(self, data, id):
        record = data.draw(st.sampled_from([*self.model] or [None]))
        if record is not None and Ref(record.kind_name, id) not in self.model:
            self._take(self.model.rename(record.ref, id))

    @rule(data=st.data())
    def go_back_by_a_change_set(self, data):
        self._take(self.model.apply(diff(self.model, data.draw(st.sampled_from(self.kept)))))

    @rule(data=st.data())
    def go_on_from_an_earlier_model(self, data):
        self._take(data.draw(st.sampled_from(self.kept)))

    @invariant()
    def tells_what_a_fresh_model_tells(self):
        assert everything(self.model) == everything(World(self.model))


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=12, stateful_step_count=10, deadline=None)
