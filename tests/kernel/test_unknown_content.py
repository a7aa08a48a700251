"""What a schema does not know: refused, or kept word for word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops.errors import InvalidDocument
from community_ops.kernel.changes import diff
from community_ops.kernel.codec import dumps, from_data, loads
from community_ops.kernel.frozenmap import FrozenMap
from community_ops.kernel.jsontext import DEPTH_LIMIT
from community_ops.kernel.provenance import NOTHING_KNOWN
from community_ops.kernel.ref import Ref
from tests.kernel.kinds import Team, World, json_values, texts, world, worlds
from tests.kernel.test_codec import Embedded

HEAD: dict[str, Any] = {"format": "community-ops", "version": 2}
A = {"id": "a", "name": "A"}


def keep(**tables: Any) -> World:
    return from_data({**HEAD, **tables}, World, unknown="keep")


def problems(text: str, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as caught:
        loads(text, World, unknown="keep", **options)
    return [(problem.code, problem.pointer) for problem in caught.value.problems]


def text_of(tables: str) -> str:
    return '{"format": "community-ops", "version": 2, ' + tables + "}"


def test_it_is_refused_unless_asked_for():
    for data in ({**HEAD, "ships": []}, {**HEAD, "teams": [{**A, "colour": "red"}]}):
        with pytest.raises(InvalidDocument):
            from_data(data, World)
        with pytest.raises(InvalidDocument):
            from_data(data, World, unknown="refuse")
        assert len(from_data(data, World, unknown="keep").provenance.tables) == ("ships" in data)


def test_there_is_no_third_way():
    with pytest.raises(ValueError, match='must be "refuse" or "keep", got \'drop\''):
        from_data(HEAD, World, unknown="drop")  # type: ignore[arg-type]


def test_a_model_without_it_carries_nothing():
    assert keep(teams=[A]).provenance is NOTHING_KNOWN
    assert loads(dumps(world()), World, unknown="keep") == world()


def test_it_is_named_and_cannot_be_changed():
    model = keep(ships=[{"id": 1}], teams=[{**A, "colour": ["red"]}, {"id": "b", "name": "B"}])
    assert model.provenance.tables == {"ships": (FrozenMap({"id": 1}),)}
    assert model.provenance.fields == {Ref("team", "a"): {"colour": ("red",)}}
    with pytest.raises(TypeError):
        model.provenance.fields[Ref("team", "a")] = {}  # type: ignore[index]
    assert model == keep(teams=[A, {"id": "b", "name": "B"}])  # it is no content of the model


def test_it_is_written_behind_what_is_known():
    model = keep(ships=[{"id": 1}, {"id": 2}], teams=[{"colour": "red", **A}], note={"by": None}, empty=[])
    assert dumps(model) == (
        '{\n"format": "community-ops",\n"version": 2,\n'
        '"teams": [\n{"id": "a", "name": "A", "colour": "red"}\n],\n'
        '"ships": [\n{"id": 1},\n{"id": 2}\n],\n"note": {"by": null},\n"empty": []\n}\n'
    )


def test_numbers_stay_what_they_are():
    text = text_of('"ships": [1, 1.0, -0.0, 1e5, 0.1, true, null, 123456789012345678901234567890]')
    again = dumps(loads(text, World, unknown="keep"))
    assert '"ships": [\n1,\n1.0,\n-0.0,\n100000.0,\n0.1,\ntrue,\nnull,\n123456789012345678901234567890\n]' in again


def test_documents_with_it_can_be_read_the_fast_way_or_the_slow_way():
    fast = keep(teams=[{**A, "colour": "red"}])
    slow = keep(teams=[{"id": "\u3000", "name": ""}, {**A, "colour": "red"}])
    assert fast.provenance.fields == slow.provenance.fields
    decomposed = keep(teams=[{"id": "cafe\u0301", "name": "", "colour": "red"}])
    assert list(decomposed.provenance.fields) == [Ref("team", "caf\u00e9")]


def test_a_class_that_changes_ids_keeps_it_under_the_new_ones():
    rows = [{"id": "c", "name": " C ", "owner": "ceo", "colour": "red"}]
    model = from_data({**HEAD, "contracts": rows}, Embedded, unknown="keep")
    assert dict(model.provenance.fields) == {Ref("contract", "c"): {"colour": "red"}}


# -- what is refused all the same -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ('"tasks": [{"id": "a", "links": [{"task": "b", "colour": 1}]}]', [("unknown-key", "/tasks/0/links/0/colour")]),
        ('"ships": [{"a": 1, "a": 2}]', [("duplicate-key", "/ships/0/a")]),
        ('"ships": 1, "ships": 2', [("duplicate-key", "/ships")]),
        ('"ships": [NaN, 1e999]', [("bad-number", "/ships/0"), ("bad-number", "/ships/1")]),
        ('"ships": ["\\ud800"]', [("bad-text", "/ships/0")]),
        ('"\\ud800": 1', [("bad-text", "/\ud800")]),
        ('"teams": [{"id": "a", "name": "A", "x": NaN}]', [("bad-number", "/teams/0/x")]),
        ('"teams": [{"id": "a", "name": "A", "x": {"y": 1, "y": 2}}]', [("duplicate-key", "/teams/0/x/y")]),
        ('"teams": [{"id": "a", "name": "A", "x": 1, "x": 2}]', [("duplicate-key", "/teams/0/x")]),
        (
            '"teams": [{"id": "a", "name": 5, "x": ["\\ud800", NaN]}]',
            [("bad-number", "/teams/0/x/1"), ("bad-text", "/teams/0/x/0"), ("wrong-type", "/teams/0/name")],
        ),
        ('"teams": [7]', [("wrong-type", "/teams/0")]),
        ('"teams": {"x": 1}', [("wrong-type", "/teams")]),
        ('"ships": 1%s' % ("0" * 5_000), [("bad-number", "/ships")]),
    ],
)
def test_what_no_document_may_hold_is_refused_at_its_pointer(tables, expected):
    assert problems(text_of(tables)) == expected


def test_the_limits_hold_for_it_too():
    assert problems(text_of('"ships": ["123456"]'), string_limit=5) == [("too-large", "/ships/0")]
    row = '"teams": [{"id": "a", "name": "A", "x": "123456"}]'
    assert problems(text_of(row), string_limit=5) == [("too-large", "/teams/0/x")]
    deep = "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT
    found = problems(text_of(f'"ships": {deep}'))
    assert [code for code, _ in found] == ["too-deep"]


def test_what_nests_as_deep_as_the_extra_of_a_known_record_can_be_kept():
    deep = '{"a":' * 63 + "{}" + "}" * 63
    text = text_of(f'"ships": [{{"id": "x", "extra": {deep}}}]')
    assert json.loads(dumps(loads(text, World, unknown="keep"))) == json.loads(text)


# -- through edits --------------------------------------------------------------------------------------------------


def test_it_stays_with_records_that_change_and_goes_with_those_that_go():
    model = keep(teams=[{**A, "colour": "red"}, {"id": "b", "name": "B", "colour": "blue"}])
    changed = model.replace(Team(id="a", name="Alpha")).remove(Ref("team", "b")).add(Team(id="c", name="C"))
    assert json.loads(dumps(changed))["teams"] == [
        {"id": "a", "name": "Alpha", "colour": "red"},
        {"id": "c", "name": "C"},
    ]
    back = changed.apply(diff(changed, model))
    assert json.loads(dumps(back))["teams"][0] == {**A, "colour": "red"}
    assert {"id": "b", "name": "B", "colour": "blue"} in json.loads(dumps(back))["teams"]


def test_it_follows_a_rename_also_where_two_swap():
    model = keep(teams=[{**A, "colour": "red"}, {"id": "b", "name": "B", "size": 5}, {"id": "c", "name": "C"}])
    renamed = model.rename(Ref("team", "a"), "z")
    assert json.loads(dumps(renamed))["teams"][0] == {"id": "z", "name": "A", "colour": "red"}
    swapped = renamed.rename(Ref("team", "b"), "a").rename(Ref("team", "z"), "b")
    assert {row["id"]: row for row in json.loads(dumps(swapped))["teams"]} == {
        "b": {"id": "b", "name": "A", "colour": "red"},
        "a": {"id": "a", "name": "B", "size": 5},
        "c": {"id": "c", "name": "C"},
    }
    gone = model.remove(Ref("team", "a")).rename(Ref("team", "c"), "a")
    assert json.loads(dumps(gone))["teams"][1] == {"id": "a", "name": "C"}  # not what another of this id had


# -- there and back -------------------------------------------------------------------------------------------------

strange = st.dictionaries(texts.map(lambda text: "?" + text), json_values, max_size=3)


@settings(max_examples=50)
@given(worlds(), strange, st.lists(strange, min_size=9, max_size=9))
def test_there_and_back_nothing_is_lost(model, keys, fields):
    data = json.loads(dumps(model))
    rows = [row for value in data.values() if isinstance(value, list) for row in value]
    for row, more in zip(rows, fields, strict=False):
        row.update(more)
    data.update(keys)
    text = json.dumps(data)
    read = loads(text, World, unknown="keep")
    assert read == model
    assert repr(json.loads(dumps(read))) == repr(data)  # in the very order too, for nothing known stands behind it
