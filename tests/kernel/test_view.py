from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pytest
from attrs import evolve, field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.schema import Schema
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from tests.kernel.kinds import Clause, Link, Post, Task, Team, World, world
from tests.kernel.test_schema import Contract, Seat


class Wider(World):
    __slots__ = ()
    schema = World.schema.extend(Seat, Contract)


# -- columns --------------------------------------------------------------------------------------------------------


def test_a_column_is_named_by_its_field():
    model = world()
    assert model.column(Post.title) == ("Chief", "Operations chief", "Developer")
    assert model.column(Post.boss) == (None, "ceo", "coo")
    assert model.column_of("post", "id") == model.column_of(Post, "id") == model.ids(Post) == ("ceo", "coo", "dev")
    assert model.id_set("post") == {"ceo", "coo", "dev"}


def test_a_column_of_a_base_is_that_of_the_subclass_in_use():
    model = Wider.of(Post(id="a", title="A", team="t"))
    assert model.column(Post.title) == model.column(Seat.title) == ("A",)
    assert model.column(Seat.band) == ("",)


@frozen(kw_only=True)
class Lease(Contract):
    """Another kind that inherits the fields of one."""

    kind_name: ClassVar[str] = "lease"
    table_name: ClassVar[str] = "leases"
    rent: int = 0


class Leasing(World):
    __slots__ = ()
    schema = Schema.of(Team, Post, Task, Contract, Lease)


def test_a_field_that_two_kinds_share_does_not_say_which_is_meant():
    model = Leasing.of(Contract(id="c", name="C"), Lease(id="l", name="L", rent=5))
    for shared in (Lease.name, Contract.owner, Record.extra, Post.id):
        with pytest.raises(TypeError, match=r"use ids\(\) or column_of\(\)"):
            model.column(shared)
    assert model.column(Lease.rent) == (5,)
    assert model.column_of(Lease, "name") == ("L",)
    assert model.column_of("contract", "name") == ("C",)


@pytest.mark.parametrize("field_", ["title", None, Post, Post.ref, World.posts, lambda m: m])
def test_a_column_needs_a_field(field_):
    with pytest.raises(TypeError, match="takes a field of a record class"):
        world().column(field_)


@pytest.mark.parametrize("field_", [Contract.name, Seat.band, Money.amount, Link.task])
def test_a_field_of_no_kind_of_the_schema_is_refused(field_):
    with pytest.raises(LookupError, match="no kind of this schema has the field"):
        world().column(field_)


def test_unknown_names_are_refused():
    with pytest.raises(LookupError, match="post has no field 'sets'"):
        world().column_of("post", "sets")
    for ask in (World.ids, World.id_set, World.table):
        with pytest.raises(LookupError, match="no kind"):
            ask(world(), "elsewhere")


def test_the_base_leaves_reading_to_its_subclasses():
    class Nothing(ModelView):
        pass

    view = Nothing()
    for ask in (
        lambda: view.schema,
        lambda: view._cell("post", "id"),
        lambda: view._row("post", "a"),
        lambda: view._whole(None),
        view._origin,
    ):
        with pytest.raises(NotImplementedError):
            ask()


# -- labels ---------------------------------------------------------------------------------------------------------


def test_a_label_is_what_people_say():
    model = world().put(Team(id="blank", name=""))
    assert model.label(Ref("post", "ceo")) == "Chief"
    assert model.label(Ref("team", "hq")) == "Headquarters"
    assert model.label(Ref("team", "blank")) == "blank"
    assert model.label(Ref("post", "nobody")) == "nobody"
    assert model.label(Ref("elsewhere", "a")) == "a"


# -- following ------------------------------------------------------------------------------------------------------


def test_one_reference_leads_to_one_record():
    model = world()
    dev = model.posts["dev"]
    assert model.follow(dev, "boss") is model.posts["coo"]
    assert model.follow(dev, "team") is model.teams["ops"]
    assert model.follow(model.posts["ceo"], "boss") is None
    assert model.follow(evolve(dev, boss="nobody"), "boss") is None
    assert model.follow(model.tasks["plan"], "about") is model.teams["ops"]
    assert model.follow(model.tasks["build"], "about") is None


def test_several_references_lead_to_those_records_that_exist():
    model = world()
    ops = evolve(model.teams["ops"], heads=("coo", "nobody", "ceo", "coo"))
    assert [post.id for post in model.follow(ops, "heads")] == ["coo", "ceo", "coo"]
    assert model.follow(evolve(ops, heads=()), "heads") == ()
    build = model.tasks["build"]
    assert [record.id for record in model.follow(build, "also")] == ["coo", "plan"]
    assert [record.id for record in model.follow(build, "links.task")] == ["plan", "plan"]
    assert [record.id for record in model.follow(build, "clauses.link.task")] == ["build"]


def test_a_reference_in_a_value_in_a_value_is_one_reference():
    model = world()
    assert model.follow(model.tasks["build"], "clause.link.task") is model.tasks["plan"]
    assert model.follow(model.tasks["plan"], "clause.link.task") is None
    assert model.follow(Task(id="x", clause=Clause("no link")), "clause.link.task") is None


def test_a_plain_record_is_followed_through_the_relations_of_the_subclass():
    model = Wider.of(Post(id="a", title="A", team="t"))
    assert model.follow(Post(id="a", title="A", team="t"), "deputy") is None
    assert model.follow(Seat(id="b", title="B", team="t", deputy="a"), "deputy") is model.posts["a"]


def test_an_unknown_relation_is_refused():
    with pytest.raises(LookupError, match="post has no relation 'manager'"):
        world().follow(world().posts["dev"], "manager")
    with pytest.raises(LookupError, match="no kind"):
        world().follow(Contract(id="c", name="C"), "owner")


# -- referrers ------------------------------------------------------------------------------------------------------


def names(records) -> list[str]:
    return [str(record.ref) for record in records]


def test_referrers_are_found_through_every_relation_once_each():
    model = world()
    assert names(model.referrers(Ref("post", "ceo"))) == ["team:hq", "team:ops", "post:coo", "task:plan"]
    assert names(model.referrers(Ref("task", "plan"))) == ["task:build"]
    assert names(model.referrers(Ref("task", "build"))) == ["task:build"]
    assert names(model.referrers(Ref("team", "ops"))) == ["post:coo", "post:dev", "task:plan"]
    assert model.referrers(Ref("post", "dev")) == (model.tasks["build"],)


def test_referrers_may_be_asked_by_relation():
    model = world()
    assert names(model.referrers(Ref("post", "ceo"), "boss")) == ["post:coo"]
    assert names(model.referrers(Ref("task", "plan"), "links.task")) == ["task:build"]
    assert model.referrers(Ref("post", "ceo"), "never heard of") == ()


def test_referrers_of_what_is_not_there_are_found_too():
    model = World.of(Post(id="a", title="A", team="gone"), Task(id="t", about=Ref("elsewhere", "x")))
    assert names(model.referrers(Ref("team", "gone"))) == ["post:a"]
    assert names(model.referrers(Ref("elsewhere", "x"))) == ["task:t"]
    assert model.referrers(Ref("elsewhere", "y")) == ()


def test_a_false_value_still_refers():
    assert not Link("plan")
    model = World.of(Task(id="plan"), Task(id="a", clause=Clause("x", Link("plan"))))
    assert names(model.referrers(Ref("task", "plan"))) == ["task:a"]

    @frozen(kw_only=True)
    class Step(Record):
        kind_name: ClassVar[str] = "step"
        table_name: ClassVar[str] = "steps"
        after: Link | None = field(default=None)

    class Steps(World):
        __slots__ = ()
        schema = World.schema.extend(Step)

    steps = Steps.of(Task(id="plan"), Step(id="s", after=Link("plan")), Step(id="t", after=Link("plan", timedelta(1))))
    assert names(steps.referrers(Ref("task", "plan"))) == ["step:s", "step:t"]


def test_navigation_reads_the_same_through_a_reader():
    seen = {}

    @derived
    def look(m) -> int:
        dev = m[Ref("post", "dev")]
        seen.update(
            boss=m.follow(dev, "boss").id,
            referrers=names(m.referrers(Ref("post", "coo"))),
            label=m.label(dev.ref),
            missing=m.get(Ref("elsewhere", "a")),
            there=Ref("post", "ceo") in m,
        )
        return 1

    look(world())
    assert seen == {
        "boss": "coo",
        "referrers": ["team:ops", "post:dev", "task:build"],
        "label": "Developer",
        "missing": None,
        "there": True,
    }
