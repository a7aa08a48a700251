from __future__ import annotations

from typing import ClassVar

import attrs
import pytest
from attrs import field, frozen

from community_ops.errors import InvalidRecord, InvalidSchema
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record, ref
from community_ops.kernel.schema import Schema
from tests.kernel.kinds import Link, Post, Task, Team, World


@frozen(kw_only=True)
class Seat(Post):
    band: str = ""
    deputy: str | None = field(default=None, metadata=ref("post", "stood in for by"))


@frozen(kw_only=True)
class Contract(Record):
    kind_name: ClassVar[str] = "contract"
    table_name: ClassVar[str] = "contracts"

    name: str
    owner: str | None = field(default=None, metadata=ref("post", "owned by"))


@frozen(kw_only=True)
class Linked(Record):
    kind_name: ClassVar[str] = "linked"
    table_name: ClassVar[str] = "linkeds"
    links: tuple[Link, ...] = ()


def test_kinds_keep_their_order_and_are_found_by_name_and_table():
    schema = Schema.of(Team, Post, Task)
    assert list(schema.kinds) == ["team", "post", "task"]
    assert schema.tables["posts"] is schema.kinds["post"]
    assert [relation.name for relation in schema.relations][:4] == ["parent", "heads", "team", "boss"]


def test_extending_adds_a_kind_and_leaves_the_schema_alone():
    schema = World.schema.extend(Contract)
    assert list(schema.kinds) == ["team", "post", "task", "contract"]
    assert "contract" not in World.schema.kinds
    assert schema.relation("contract", "owner").reference.kind == "post"


def test_extending_with_a_subclass_takes_the_place_of_its_base():
    schema = World.schema.extend(Seat)
    assert list(schema.kinds) == ["team", "post", "task"]
    assert schema.kinds["post"].cls is Seat
    assert schema.relation("post", "deputy").field == "deputy"


def test_a_subclass_may_rename_its_table():
    @frozen(kw_only=True)
    class Chair(Post):
        table_name: ClassVar[str] = "chairs"

    schema = World.schema.extend(Chair)
    assert "posts" not in schema.tables
    assert schema.tables["chairs"].name == "post"


def test_a_base_does_not_take_the_place_of_its_subclass():
    with pytest.raises(InvalidSchema, match="both called 'post'"):
        Schema.of(Team, Seat, Post, Task)


def test_two_kinds_do_not_share_a_name():
    @frozen(kw_only=True)
    class Other(Record):
        kind_name: ClassVar[str] = "post"
        table_name: ClassVar[str] = "others"

    with pytest.raises(InvalidSchema, match="Other and Post are both called 'post'"):
        World.schema.extend(Other)


def test_two_kinds_do_not_share_a_table():
    @frozen(kw_only=True)
    class Other(Record):
        kind_name: ClassVar[str] = "other"
        table_name: ClassVar[str] = "posts"

    with pytest.raises(InvalidSchema, match="share a table name"):
        World.schema.extend(Other)


def test_a_relation_points_at_a_kind_of_the_schema():
    with pytest.raises(InvalidSchema, match=r"contract\.owner points at the kind 'post'"):
        Schema.of(Contract)
    with pytest.raises(InvalidSchema, match=r"links\.task"):
        Schema.of(Linked)


@pytest.mark.parametrize("of", ["post", Post, Seat, Post(id="a", title="A", team="t")], ids=str)
def test_a_kind_is_found_by_name_class_subclass_or_record(of):
    assert World.schema.kind(of).cls is Post


def test_a_kind_is_found_by_the_base_of_its_class():
    assert World.schema.extend(Seat).kind(Post).cls is Seat


@pytest.mark.parametrize("of", ["posts", "", Contract, Record, int, None, 5, ["post"]], ids=str)
def test_an_unknown_kind_is_told_with_those_there_are(of):
    with pytest.raises(LookupError, match="it has team, post, task"):
        World.schema.kind(of)


def test_an_unknown_relation_is_told():
    with pytest.raises(LookupError, match="post has no relation 'manager'"):
        World.schema.relation("post", "manager")


def test_relations_that_may_point_at_a_kind_are_found():
    assert [f"{r.kind}.{r.name}" for r in World.schema.pointing_at("post")] == [
        *["team.heads", "post.boss", "task.owner", "task.about", "task.also"]
    ]
    assert [r.name for r in World.schema.pointing_at("never heard of")] == ["about", "also"]


# -- adopting -------------------------------------------------------------------------------------------------------


class Wider(World):
    __slots__ = ()
    schema = World.schema.extend(Seat)


def test_a_record_of_the_schemas_own_class_is_taken_as_it_is():
    post = Post(id="a", title="A", team="t", extra={"k": 1})
    assert World.schema.adopt(post) is post


def test_a_plain_record_is_lifted_to_the_subclass_in_use():
    lifted = Wider.schema.adopt(Post(id="a", title="A", team="t", seats=3, extra={"k": 1}))
    assert lifted == Seat(id="a", title="A", team="t", seats=3, extra={"k": 1})
    assert Wider.of(Post(id="a", title="A", team="t")).posts["a"] == Seat(id="a", title="A", team="t")


def test_a_record_that_the_subclass_refuses_is_refused():
    @frozen(kw_only=True)
    class Careful(Post):
        def __meaning__(self):
            if self.seats > 1:
                yield "seats", "must be 1 or less here"

    with pytest.raises(InvalidRecord, match="seats must be 1 or less here"):
        World.schema.extend(Careful).adopt(Post(id="a", title="A", team="t", seats=2))


def test_a_plain_record_without_what_the_subclass_needs_is_refused():
    @frozen(kw_only=True)
    class Demanding(Post):
        band: str

    with pytest.raises(InvalidRecord, match=r"cannot become a Demanding: .*band") as caught:
        World.schema.extend(Demanding).adopt(Post(id="a", title="A", team="t"))
    assert (caught.value.kind, caught.value.id) == ("post", "a")


def test_a_subclass_is_not_cut_down_to_its_base():
    with pytest.raises(InvalidRecord, match="is a Seat; this schema's class is Post"):
        World.schema.adopt(Seat(id="a", title="A", team="t", band="3"))


def test_a_kind_that_is_not_there_is_refused():
    with pytest.raises(InvalidRecord, match="contract 'c': kind is not a kind of this schema"):
        World.schema.adopt(Contract(id="c", name="C"))


def test_a_bare_record_is_of_no_kind():
    with pytest.raises(InvalidRecord, match="Record 'x': kind is not a kind of this schema"):
        World.schema.adopt(Record(id="x"))


@pytest.mark.parametrize("thing", [None, "post", {"id": "a"}, [Post(id="a", title="A", team="t")], Post])
def test_only_records_are_adopted(thing):
    with pytest.raises(TypeError, match="a model is made of records"):
        World.schema.adopt(thing)


def test_an_empty_schema_is_a_schema():
    assert Model().schema.kinds == {}
    assert repr(Model()) == "<Model: empty>"


def test_a_schema_cannot_be_written_to():
    with pytest.raises(TypeError):
        World.schema.kinds["post"] = None
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        World.schema.kinds = {}
