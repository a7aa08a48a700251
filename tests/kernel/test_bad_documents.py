"""Every kind of bad document, with the code and the JSON pointer that it must be refused with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from community_ops.errors import InvalidDocument
from community_ops.kernel.codec import dumps, from_data, loads
from tests.kernel.kinds import Task, World, world

TEAM = '{"id": "a", "name": "A"}'
OTHER = '{"id": "b", "name": "B"}'


def text_of(tables: str, head: str = '"format": "community-ops", "version": 2') -> str:
    return "{" + head + (", " if head and tables else "") + tables + "}"


def problems(text: str, **limits: int) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as caught:
        loads(text, World, **limits)
    str(caught.value).encode("utf-8")
    return [(problem.code, problem.pointer) for problem in caught.value.problems]


def task(**fields: Any) -> list[tuple[str, str]]:
    """The problems of a document with one good task and one with the given fields."""
    row = {"id": "x", **fields}
    with pytest.raises(InvalidDocument) as caught:
        from_data({"format": "community-ops", "version": 2, "tasks": [{"id": "good"}, row]}, World)
    return [(problem.code, problem.pointer) for problem in caught.value.problems]


# -- the document as a whole ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("bad-json", "")]),
        ("nothing", [("bad-json", "")]),
        (text_of(f'"teams": [{TEAM}')[:-1], [("bad-json", "")]),
        (text_of(f'"teams": [{TEAM},]'), [("bad-json", "")]),
        ("[]", [("wrong-type", "")]),
        ("null", [("wrong-type", "")]),
        ("NaN", [("wrong-type", "")]),
        ('"text"', [("wrong-type", "")]),
        ("{}", [("wrong-format", "/format"), ("wrong-version", "/version")]),
        (text_of("", '"format": "other", "version": 2'), [("wrong-format", "/format")]),
        (text_of("", '"format": 5, "version": 2'), [("wrong-format", "/format")]),
        (text_of("", '"format": ["community-ops"], "version": 2'), [("wrong-format", "/format")]),
        (text_of("", '"format": "community-ops"'), [("wrong-version", "/version")]),
        (text_of("", '"format": "community-ops", "version": 3'), [("wrong-version", "/version")]),
        (text_of("", '"format": "community-ops", "version": 0'), [("wrong-version", "/version")]),
        (text_of("", '"format": "community-ops", "version": 2.0'), [("wrong-version", "/version")]),
        (text_of("", '"format": "community-ops", "version": true'), [("wrong-version", "/version")]),
        (text_of("", '"format": "community-ops", "version": "1"'), [("wrong-version", "/version")]),
        (text_of("", '"format": "community-ops", "version": NaN'), [("wrong-version", "/version")]),
        (text_of('"units": []'), [("unknown-key", "/units")]),
        (text_of('"": []'), [("unknown-key", "/")]),
        (text_of('"a/b~c": []'), [("unknown-key", "/a~1b~0c")]),
        (text_of('"\\ud800": 1'), [("unknown-key", "/\ud800")]),
        (text_of('"teams": null'), [("wrong-type", "/teams")]),
        (text_of('"teams": {"a": {"name": "A"}}'), [("wrong-type", "/teams")]),
        (text_of('"teams": "ab"'), [("wrong-type", "/teams")]),
        (text_of('"teams": NaN'), [("wrong-type", "/teams")]),
    ],
)
def test_documents_that_are_none(text, expected):
    assert problems(text) == expected


def test_a_document_is_text():
    with pytest.raises(TypeError, match="a document is text, got bytes"):
        loads(dumps(world()).encode(), World)


def test_a_byte_order_mark_is_no_problem():
    assert loads("\ufeff" + dumps(world()), World) == world()


def test_a_document_over_the_limit_is_refused_before_it_is_parsed():
    text = dumps(world())
    assert loads(text, World, document_limit=len(text)) == world()
    assert problems(text, document_limit=len(text) - 1) == [("too-large", "")]
    assert problems("[" * 100, document_limit=99) == [("too-large", "")]


def test_an_unknown_version_is_named():
    with pytest.raises(
        InvalidDocument, match=r"this library reads versions 1 to 2, got 7 \(int\); a newer .* upgrade community-ops"
    ):
        loads(text_of("", '"format": "community-ops", "version": 7'), World)


def test_of_a_document_from_the_future_nothing_else_is_told():
    head = '"format": "other", "version": 3'
    assert problems(text_of('"teams": [5], "x": 1', head)) == [
        ("wrong-format", "/format"),
        ("wrong-version", "/version"),
    ]


# -- rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("null", [("wrong-type", "/teams/1")]),
        ("[]", [("wrong-type", "/teams/1")]),
        ('"b"', [("wrong-type", "/teams/1")]),
        ("5", [("wrong-type", "/teams/1")]),
        ("1e999", [("bad-number", "/teams/1")]),
        ("{}", [("missing-key", "/teams/1/id"), ("missing-key", "/teams/1/name")]),
        ('{"id": "b"}', [("missing-key", "/teams/1/name")]),
        ('{"id": "b", "name": null}', [("wrong-type", "/teams/1/name")]),
        ('{"id": null, "name": "B"}', [("wrong-type", "/teams/1/id")]),
        ('{"id": 5, "name": "B"}', [("wrong-type", "/teams/1/id")]),
        ('{"id": "", "name": "B"}', [("bad-id", "/teams/1/id")]),
        ('{"id": "b\\u0000", "name": "B"}', [("bad-id", "/teams/1/id")]),
        ('{"id": "b\\n", "name": "B"}', [("bad-id", "/teams/1/id")]),
        ('{"id": "\\u202eb", "name": "B"}', [("bad-id", "/teams/1/id")]),
        ('{"id": "\\u2066b", "name": "B"}', [("bad-id", "/teams/1/id")]),
        ('{"id": "\\ud800", "name": "B"}', [("bad-text", "/teams/1/id")]),
        ('{"id": "%s", "name": "B"}' % ("x" * 201), [("bad-id", "/teams/1/id")]),
        ('{"id": "b", "name": "\\udfff"}', [("bad-text", "/teams/1/name")]),
        ('{"id": "b", "name": "B", "nick": 1}', [("unknown-key", "/teams/1/nick")]),
        ('{"id": "b", "name": "B", "kind_name": "team"}', [("unknown-key", "/teams/1/kind_name")]),
        (
            '{"id": "b", "name": "B", "": 1, "a/~": 2}',
            [("unknown-key", "/teams/1/"), ("unknown-key", "/teams/1/a~1~0")],
        ),
        ('{"id": "b", "name": "B", "parent": ""}', [("bad-id", "/teams/1/parent")]),
        ('{"id": "b", "name": "B", "heads": "ab"}', [("wrong-type", "/teams/1/heads")]),
        ('{"id": "b", "name": "B", "heads": null}', [("wrong-type", "/teams/1/heads")]),
        (
            '{"id": "b", "name": "B", "heads": ["x", 5, "", null]}',
            [
                ("wrong-type", "/teams/1/heads/1"),
                ("bad-id", "/teams/1/heads/2"),
                ("wrong-type", "/teams/1/heads/3"),
            ],
        ),
        (TEAM, [("duplicate-id", "/teams/1/id")]),
        ('{"id": "caf\u00e9", "name": ""}, {"id": "cafe\u0301", "name": ""}', [("duplicate-id", "/teams/2/id")]),
    ],
)
def test_rows_that_are_none(rows, expected):
    assert problems(text_of(f'"teams": [{TEAM}, {rows}]')) == expected


def test_the_first_of_two_ids_is_named():
    with pytest.raises(InvalidDocument, match="the id 'a' is already used at /teams/0"):
        loads(text_of(f'"teams": [{TEAM}, {OTHER}, {TEAM}]'), World)


# -- values, wherever a type stands ---------------------------------------------------------------------------------

STRANGERS = {
    "name": [None, 5, True, 1.5, [], {}, ["x"]],
    "owner": [5, True, [], {}, ["a"], {"id": "a"}],
    "about": [5, True, [], {}, "", "team", "team:", ":a", "Team:a", {"kind": "team", "id": "a"}, ["team", "a"]],
    "also": [None, "team:a", {}, ["team"], [None], [["team", "a"]]],
    "links": [
        None,
        {},
        "a",
        [None],
        ["a"],
        [[]],
        [{}],
        [{"task": 5}],
        [{"task": "a", "lag": 5}],
        [{"task": "a", "x": 1}],
    ],
    "clause": ["x", [], 5, {}, {"text": None}, {"text": "x", "link": "a"}, {"text": "x", "link": {}}],
    "clauses": [None, [], "x", [{"text": "x"}], {"k": None}, {"k": []}, {"k": {"text": "x", "link": {"task": ""}}}],
    "pair": ["ab", {}, [], ["a"], ["a", 1, 2], ["a", "1"], [1, 1], ["a", 1.0], ["a", True]],
    "done": [None, 0, 1, "true", "", [], {}],
    "effort": [1.0, 1.5, "5", True, [], {}],
    "weight": [None, "1", True, [], {}],
    "cost": [1, 1.5, True, "", "1e5", "NaN", "Infinity", "1,5", "+1", " 1", "0x1", "１", "--1", "1" * 61, [], {}],
    "due": [20240101, 5, True, "20240101", "2024-1-1", "2023-02-29", "2024-02-30", "2024-13-01", "0000-01-01", [], {}],
    "at": [0, "2024-01-01", "2024-01-01T00:00:00", "2024-02-30T00:00:00Z", "2024-01-01T24:00:00Z", "now", [], {}],
    "spent": [5, 1.5, "5", "1 day", "PT", "P1M", "-P999999999DT1S", "P1000000000D", [], {}],
    "state": [None, "ajar", "OPEN", "", 5, True, [], {}],
    "estimate": [5, "5", [1, 2, 3], {}, {"optimistic": 1, "most_likely": 2, "pessimistic": 3}],
    "period": ["2024", [None, None], {"start": "x"}, {"start": "2024-01-01", "until": None}, 5],
    "labels": [None, [], "x", {"a": 5}, {"a": None}, {"a": []}],
    "extra": [None, [], "x", 5, True],
}


def test_every_field_of_the_widest_kind_is_covered():
    fields = {spec.name for spec in World.schema.kind(Task).layout.fields}
    assert set(STRANGERS) == fields - {"id"}


@pytest.mark.parametrize(
    ("name", "place"), [(name, i) for name, values in STRANGERS.items() for i in range(len(values))]
)
def test_wrong_values_are_refused_at_their_pointer(name, place):
    found = task(**{name: STRANGERS[name][place]})
    assert found
    assert all(where == f"/tasks/1/{name}" or where.startswith(f"/tasks/1/{name}/") for _, where in found)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("links", [{"task": "a"}, {"task": "", "lag": "x", "y": 1}], ["links/1/y", "links/1/task", "links/1/lag"]),
        ("clause", {"text": "x", "link": {"task": "a\n"}}, ["clause/link/task"]),
        ("clauses", {"a/b": {"text": 1}, "~": {"text": "x", "weight": 1}}, ["clauses/a~1b/text", "clauses/~0/weight"]),
        ("pair", [1, "1"], ["pair/0", "pair/1"]),
        ("labels", {"": 5, "\ud800": ""}, ["labels/", "labels/\ud800"]),
        ("estimate", {"optimistic": "1", "pessimistic": 3}, ["estimate/most_likely", "estimate/pessimistic"]),
        ("extra", {"a": [0, {"b/c": "\ud800"}], "~": 10**5000}, ["extra/a/1/b~1c", "extra/~0"]),
        ("also", ["team:a", "x", "y"], ["also/1", "also/2"]),
    ],
)
def test_pointers_lead_into_values(name, value, expected):
    assert [where for _, where in task(**{name: value})] == [f"/tasks/1/{path}" for path in expected]


CODES = [
    ("name", None, "wrong-type"),
    ("effort", 10**5000, "bad-number"),
    ("weight", 10**400, "bad-number"),
    ("cost", "1e5", "bad-number"),
    ("due", "2023-02-29", "bad-date"),
    ("at", "2024-01-01T00:00:00", "bad-date"),
    ("spent", "P1M", "bad-duration"),
    ("state", "ajar", "bad-choice"),
    ("about", "team", "bad-reference"),
    ("owner", "a\x00", "bad-id"),
    ("name", "\ud800", "bad-text"),
]


@pytest.mark.parametrize(("name", "value", "code"), CODES, ids=[f"{name} {code}" for name, _, code in CODES])
def test_codes_are_stable(name, value, code):
    assert task(**{name: value}) == [(code, f"/tasks/1/{name}")]


def test_a_minimum_is_kept_at_its_pointer():
    rows = '{"id": "p", "title": "P", "team": "t", "seats": -1, "share": "-0.5"}'
    assert problems(text_of(f'"posts": [{rows}]')) == [
        ("out-of-range", "/posts/0/seats"),
        ("out-of-range", "/posts/0/share"),
    ]


def test_a_value_without_a_meaning_is_told_at_its_pointer():
    rows = '{"id": "p", "title": "P", "team": "t", "pay": {"amount": "1", "currency": "yuan"}}'
    assert problems(text_of(f'"posts": [{rows}]')) == [("no-meaning", "/posts/0/pay/currency")]


@pytest.mark.parametrize("bare", ["0.5", "1"])
def test_a_decimal_without_quotes_is_told_how_to_write_it(bare):
    with pytest.raises(InvalidDocument, match=rf"/posts/0/share: .* as text, such as '12.50'; got {bare}") as caught:
        loads(text_of(f'"posts": [{{"id": "p", "title": "P", "team": "t", "share": {bare}}}]'), World)
    assert [problem.code for problem in caught.value.problems] == ["wrong-type"]


# -- what is wrong with the JSON itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ('"version": 2', [("duplicate-key", "/version")]),
        ('"teams": [], "teams": []', [("duplicate-key", "/teams")]),
        ('"teams": [{"id": "a", "name": "A", "name": "B"}]', [("duplicate-key", "/teams/0/name")]),
        (
            '"teams": [{"id": "a", "name": "A", "name": 5, "nick": 1, "heads": "x"}]',
            [("duplicate-key", "/teams/0/name"), ("unknown-key", "/teams/0/nick"), ("wrong-type", "/teams/0/heads")],
        ),
        ('"tasks": [{"id": "a", "links": [{"task": "a", "task": "a"}]}]', [("duplicate-key", "/tasks/0/links/0/task")]),
        (
            '"tasks": [{"id": "a", "clauses": {"k": {"text": ""}, "k": {"text": ""}}}]',
            [("duplicate-key", "/tasks/0/clauses/k")],
        ),
        ('"tasks": [{"id": "a", "labels": {"k": "", "k": ""}}]', [("duplicate-key", "/tasks/0/labels/k")]),
        ('"tasks": [{"id": "a", "extra": {"k": 1, "k": 1}}]', [("duplicate-key", "/tasks/0/extra/k")]),
        ('"tasks": [{"id": "a", "extra": {"x": [{"k": 1, "k": 1}]}}]', [("duplicate-key", "/tasks/0/extra/x/0/k")]),
        ('"tasks": [{"id": "a", "weight": NaN}]', [("bad-number", "/tasks/0/weight")]),
        ('"tasks": [{"id": "a", "weight": Infinity}]', [("bad-number", "/tasks/0/weight")]),
        ('"tasks": [{"id": "a", "weight": -1e999}]', [("bad-number", "/tasks/0/weight")]),
        ('"tasks": [{"id": "a", "effort": %s}]' % ("1" * 5_000), [("bad-number", "/tasks/0/effort")]),
        ('"tasks": [{"id": "a", "extra": {"x": [1, NaN]}}]', [("bad-number", "/tasks/0/extra/x/1")]),
        (
            '"tasks": [{"id": "a", "extra": {"x": 1e999, "y": %s}}]' % ("1" * 5_000),
            [
                ("bad-number", "/tasks/0/extra/x"),
                ("bad-number", "/tasks/0/extra/y"),
            ],
        ),
        ('"tasks": [{"id": "a", "pair": ["x", -Infinity]}]', [("bad-number", "/tasks/0/pair/1")]),
        ('"tasks": [{"id": NaN}]', [("bad-number", "/tasks/0/id")]),
    ],
)
def test_repeated_keys_and_impossible_numbers_are_refused_at_every_level(tables, expected):
    assert problems(text_of(tables)) == expected


def test_strings_over_the_limit_are_refused_wherever_they_stand():
    text = text_of(
        '"teams": [{"id": "a", "name": "123456"}, {"id": "b", "name": "12345"}],'
        '"tasks": [{"id": "a", "also": ["team:1234"], "labels": {"k": "123456"}, "extra": {"x": ["123456"]}},'
        '{"id": "b", "owner": "123456", "extra": {"' + "k" * 201 + '": 1}, "clause": {"text": "123456"}}]'
    )
    assert problems(text, string_limit=5) == [
        ("too-large", "/teams/0/name"),
        ("too-large", "/tasks/0/also/0"),
        ("too-large", "/tasks/0/labels/k"),
        ("too-large", "/tasks/0/extra/x/0"),
        ("too-large", "/tasks/1/owner"),
        ("too-large", "/tasks/1/extra"),
        ("too-large", "/tasks/1/clause/text"),
    ]


def test_the_usual_limit_of_a_string_is_a_mebibyte_of_characters():
    fits = World.of(Task(id="a", name="社" * (1 << 20)))
    assert loads(dumps(fits), World) == fits
    assert problems(dumps(World.of(Task(id="a", name="x" * ((1 << 20) + 1))))) == [("too-large", "/tasks/0/name")]


def nested(depth: int) -> str:
    return '{"a":' * (depth - 1) + "{}" + "}" * (depth - 1)


@pytest.mark.parametrize("depth", [65, 90])
def test_extra_holds_64_levels_and_says_where_there_are_more(depth):
    text = text_of('"tasks": [{"id": "x", "extra": %s}]')
    assert len(dumps(loads(text % nested(64), World))) > 64
    assert problems(text % nested(depth)) == [("too-deep", "/tasks/0/extra" + "/a" * 64)]


@pytest.mark.parametrize("depth", [5_000, 200_000])
def test_extra_nested_far_too_deep_is_refused(depth):
    text = text_of(f'"tasks": [{{"id": "x", "extra": {nested(depth)}}}]')
    assert problems(text) == [("too-deep", "")]


def test_nesting_where_none_belongs_is_refused_without_being_walked():
    deep = "[" * 500 + "]" * 500
    text = text_of(f'"teams": [{{"id": "a", "name": {deep}}}], "nonsense": {deep}')
    assert problems(text) == [("unknown-key", "/nonsense"), ("wrong-type", "/teams/0/name")]


# -- everything at once ---------------------------------------------------------------------------------------------


def test_all_problems_come_together():
    text = json.dumps(
        {
            "format": "something else",
            "version": "3",
            "colour": "red",
            "teams": [{"id": "a", "name": 5, "nick": "x"}, "rubbish", {"id": "b", "name": "B"}],
            "posts": {"id": "p"},
            "tasks": [
                {"id": "x", "due": "2023-02-29", "links": [{"task": "a"}, {"lag": "long"}]},
                {"id": "x"},
                {"id": "x"},
            ],
        }
    )
    assert problems(text) == [
        ("wrong-format", "/format"),
        ("wrong-version", "/version"),
        ("unknown-key", "/colour"),
        ("unknown-key", "/teams/0/nick"),
        ("wrong-type", "/teams/0/name"),
        ("wrong-type", "/teams/1"),
        ("wrong-type", "/posts"),
        ("missing-key", "/tasks/0/links/1/task"),
        ("bad-duration", "/tasks/0/links/1/lag"),
        ("bad-date", "/tasks/0/due"),
        ("duplicate-id", "/tasks/2/id"),
    ]


def test_a_hundred_thousand_problems_are_all_kept_and_twenty_shown():
    rows = ",".join(['{"id": 5}'] * 20_000)
    with pytest.raises(InvalidDocument) as caught:
        loads(text_of(f'"tasks": [{rows}]'), World)
    assert len(caught.value.problems) == 20_000
    assert len(str(caught.value)) < 5_000
