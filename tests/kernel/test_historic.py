"""References that tell of what was: they follow an id, and hold back nothing that goes."""

from __future__ import annotations

import pytest
from attrs import field, frozen

from community_ops.errors import StillReferenced
from community_ops.kernel.json_schema import json_schema
from community_ops.kernel.record import Record, ref
from community_ops.kernel.ref import Ref
from tests.kernel.kinds import Post, World

GONE, BY = Ref("post", "gone"), Ref("post", "by")


@frozen(kw_only=True)
class Note(Record):
    kind_name = "note"
    table_name = "notes"

    about: str = field(metadata=ref("post", "was about", historic=True))
    author: str = field(metadata=ref("post", "written by"))


class Archive(World):
    schema = World.schema.extend(Note)


def archive() -> Archive:
    posts = [Post(id=id, title=id.upper(), team="t") for id in ("gone", "by")]
    return Archive.of(Note(id="n", about="gone", author="by"), *posts)


def test_what_is_only_remembered_can_go() -> None:
    after = archive().remove(GONE)
    assert "gone" not in after.posts
    assert after.table(Note)["n"].about == "gone"
    with pytest.raises(StillReferenced):
        archive().remove(BY)


def test_memories_count_among_the_referrers_unless_they_are_left_out() -> None:
    model = archive()
    assert [record.id for record in model.referrers(GONE)] == ["n"]
    assert model.referrers(GONE, historic=False) == ()
    assert [record.id for record in model.referrers(BY, historic=False)] == ["n"]


def test_memories_follow_an_id() -> None:
    assert archive().rename(GONE, "new").table(Note)["n"].about == "new"


def test_the_json_schema_says_so() -> None:
    said = json_schema(Archive)["$defs"]["note"]["properties"]
    assert said["about"]["x-reference"] == {"kind": "post", "label": "was about", "historic": True}
    assert said["author"]["x-reference"] == {"kind": "post", "label": "written by"}
