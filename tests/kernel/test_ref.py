from __future__ import annotations

import copy
import enum
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.errors import InvalidRecord
from community_ops.kernel import ref as module
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import BadValue


class Sort(enum.StrEnum):
    UNIT = "unit"


def test_is_written_kind_colon_id():
    assert str(Ref("campaign", "spring")) == "campaign:spring"
    assert repr(Ref("campaign", "spring")) == "Ref('campaign', 'spring')"


@given(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), st.text("ab:c ~/社", min_size=1, max_size=5))
def test_is_read_back_from_its_writing(kind, id):
    assert Ref.parse(str(Ref(kind, id))) == Ref(kind, id)


def test_the_first_colon_ends_the_kind():
    assert Ref.parse("unit:a:b") == Ref("unit", "a:b")


def test_addresses_are_compared_ordered_hashed_and_normalised():
    assert Ref("unit", "cafe\u0301") == Ref("unit", "caf\u00e9")
    assert len({Ref("unit", "a"), Ref("unit", "a"), Ref("post", "a")}) == 2
    assert sorted([Ref("unit", "b"), Ref("post", "z"), Ref("unit", "a")])[0] == Ref("post", "z")


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda r: pickle.loads(pickle.dumps(r))])
def test_survives_copying(copied):
    assert copied(Ref("unit", "hq")) == Ref("unit", "hq")


@pytest.mark.parametrize("text", ["", "unit", ":a", "Unit:a", "1unit:a", "un it:a", "unit:", "ünit:a", "unit :a"])
def test_other_texts_are_no_references(text):
    with pytest.raises(BadValue):
        Ref.parse(text)


@pytest.mark.parametrize("kind", ["", "Unit", "1", "un it", "ünit", "_x", None, 5, ["unit"], {}, Sort.UNIT])
def test_the_kind_is_a_lower_case_name(kind):
    Ref("unit", "a")  # a name that has been seen lets nothing else through
    with pytest.raises(InvalidRecord) as caught:
        Ref(kind, "a")
    assert (caught.value.kind, caught.value.field) == ("Ref", "kind")


@pytest.mark.parametrize("id", ["", "a\x00", "\u202e", "\ud800", "x" * 201, None, 5, ["a"]])
def test_the_id_is_an_id(id):
    Ref("unit", "a")
    with pytest.raises(InvalidRecord) as caught:
        Ref("unit", id)
    assert caught.value.field == "id"


def test_both_problems_come_together():
    with pytest.raises(InvalidRecord) as caught:
        Ref(5, "")
    assert [name for name, _, _ in caught.value.problems] == ["kind", "id"]


def test_an_id_that_is_a_kind_of_text_becomes_plain_text():
    assert type(Ref("unit", Sort.UNIT).id) is str


def test_names_of_kinds_are_remembered_only_so_many_times():
    for i in range(module._SEEN_AT_MOST + 10):
        assert Ref(f"kind{i}", "a").kind == f"kind{i}"
    assert len(module._seen) <= module._SEEN_AT_MOST
