"""The JSON Schema says what the codec does: every document it writes is valid, every valid one is read.

What no schema can say is listed in `community_ops.kernel.json_schema`, and here by the code of the problem, with the
reason that must hold for each.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from attrs import field, frozen
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from community_ops.errors import InvalidDocument, Problem
from community_ops.kernel.codec import dumps, from_data
from community_ops.kernel.frozenmap import MAX_INT_BITS
from community_ops.kernel.json_schema import json_schema, schema_text
from community_ops.kernel.migration import RenamedTable
from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.schema import Schema
from community_ops.kernel.shapes import Shape
from community_ops.kernel.text import ID_LENGTH, clean_id
from community_ops.kernel.values import Money
from community_ops.kernel.written import DECIMAL_DIGITS
from tests.kernel.kinds import World, world, worlds
from tests.kernel.test_codec import FULL


@frozen
class Bounds(Value):
    """Numbers with a least value, of every sort."""

    low: Decimal = field(default=Decimal(-2), converter=exact, metadata=at_least(-2))
    high: Decimal = field(default=Decimal(3), converter=exact, metadata=at_least(3))
    share: float = field(default=0.5, metadata=at_least(0))
    nothing: tuple[()] = ()


@frozen(kw_only=True)
class Odd(Record):
    """A kind with all that the others do not have.

    And a second paragraph, which is no part of the summary.

    Attributes:
        bounds: inside a value,
            and told in two lines.
        by: no field of this kind

    Example:
        >>> 1 + 1
        2
    """

    kind_name: ClassVar[str] = "odd"
    table_name: ClassVar[str] = "odds"
    json_hints: ClassVar[Any] = {"word": {"pattern": "^[a-z]"}}

    bounds: Bounds = Bounds()
    word: str = "x"
    parts: tuple[tuple[str, int], ...] = ()

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if not re.match("[a-z]", self.word):
            yield "word", "must begin with a small letter"


class Wide(World):
    __slots__ = ()
    schema = World.schema.extend(Odd)


SCHEMA = json_schema(Wide)
VALIDATOR = Draft202012Validator(SCHEMA)
HEAD: dict[str, Any] = {"format": "community-ops", "version": 2}


def valid(data: Any) -> bool:
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)  # the validator writes what it refuses into a message, however long it is
    try:
        return bool(VALIDATOR.is_valid(data))
    finally:
        sys.set_int_max_str_digits(digits)


# -- the schema as a document ---------------------------------------------------------------------------------------


def test_it_is_a_valid_schema_and_plain_json():
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(schema_text(Wide)) == SCHEMA
    assert schema_text(Wide).isascii()  # no character that reorders what a reader sees


def test_every_kind_and_every_value_has_one_definition():
    kinds = {"team", "post", "task", "odd"}
    assert set(SCHEMA["$defs"]) == kinds | {"Link", "Clause", "Money", "Estimate", "DateRange", "Bounds"}
    assert SCHEMA["properties"]["odds"] == {"type": "array", "items": {"$ref": "#/$defs/odd"}}
    assert all(made["additionalProperties"] is False for made in SCHEMA["$defs"].values())


def _purse() -> type:
    @frozen
    class Money(Value):
        coins: int = 0

    return Money


Purse: Any = _purse()


@frozen(kw_only=True)
class Wallet(Record):
    kind_name: ClassVar[str] = "wallet"
    table_name: ClassVar[str] = "wallets"

    money: Money | None = None
    purse: Purse | None = None


def test_two_classes_of_one_name_are_told_apart():
    made = json_schema(Schema.of(Wallet))
    assert set(made["$defs"]) == {"wallet", "Money", "Money-2"}
    assert set(made["$defs"]["Money-2"]["properties"]) == {"coins"}
    assert made["$defs"]["wallet"]["properties"]["purse"]["anyOf"][0] == {"$ref": "#/$defs/Money-2"}


def test_docstrings_describe_kinds_and_fields():
    odd = SCHEMA["$defs"]["odd"]
    assert odd["description"] == "A kind with all that the others do not have."
    described = {name: made.get("description") for name, made in odd["properties"].items()}
    assert described == {
        "id": "unique among the records of its kind.",
        "bounds": "inside a value, and told in two lines.",
        "word": None,
        "parts": None,
        "extra": "JSON values that an embedding application owns: kept and round-tripped, never interpreted.",
    }


def test_references_are_annotated():
    post = SCHEMA["$defs"]["post"]["properties"]
    assert post["team"]["x-reference"] == {"kind": "team", "label": "in"}
    assert post["boss"]["x-reference"] == {"kind": "post", "label": "reports to", "acyclic": True}
    assert SCHEMA["$defs"]["task"]["properties"]["about"]["x-reference"] == {"label": "about"}
    assert "x-reference" not in post["title"]


def test_defaults_are_told_as_they_would_be_written():
    post = SCHEMA["$defs"]["post"]
    assert post["required"] == ["id", "title", "team"]
    assert (post["properties"]["share"]["default"], post["properties"]["seats"]["default"]) == ("1", 1)
    assert "default" not in post["properties"]["team"]


def test_it_names_the_model_and_its_version():
    class Counted(World):
        __slots__ = ()
        migrations = (RenamedTable("a", "b"),)

    made = json_schema(Counted)
    assert made["$id"] == "urn:community-ops:document:2:Counted:2"
    assert made["properties"]["model_version"] == {"const": 2}
    assert made["required"] == ["format", "version", "model_version"]
    assert json_schema(World.schema)["$id"] == "urn:community-ops:document:2"
    assert json_schema(World.schema)["$defs"] == json_schema(World)["$defs"]
    Draft202012Validator(made).validate(json.loads(dumps(Counted(world()))))


def test_a_shape_has_to_say_what_it_is():
    with pytest.raises(NotImplementedError):
        Shape().json_schema(str)


def test_the_characters_an_id_may_not_hold_are_the_same_for_both():
    unfit = re.compile(SCHEMA["$defs"]["team"]["properties"]["id"]["not"]["pattern"])
    unicode = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    doubtful = {c for c in unicode if unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp")}
    assert set(unfit.findall(unicode)) == {character for character in doubtful if _refused(character)}
    assert not any(map(_refused, "a\u0378\ue000\u0301\U0001f469"))  # of the other sorts, one each


def _refused(character: str) -> bool:
    try:
        clean_id("a" + character)
    except ValueError:
        return True
    return False


# -- what is written is valid ---------------------------------------------------------------------------------------


@example(World.of(FULL))
@example(world())
@settings(max_examples=40)
@given(worlds())
def test_every_document_that_is_written_is_valid(model):
    data = json.loads(dumps(model))
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


# -- what is valid is read ------------------------------------------------------------------------------------------

EDGES: dict[str, list[Any]] = {
    "id": ["a", "", "a\n", "\u2028", "\ufb2c" * 70, "e\u0301" * 150, "x" * 200, "x" * 201, "\U0001f469", "\u200d", 5],
    "cost": ["0", "-0", "-0.0", "00", "1.", ".5", "1.50\n", "1" * 60, "1" * 61, "0." + "0" * 59, "0." + "0" * 60,
             "-0." + "0" * 58 + "1", "1e5", "+1", "\uff11", 1, None],
    "due": ["2024-02-29", "2023-02-29", "2023-02-30", "2023-04-31", "0000-01-01", "0001-01-01", "9999-12-31",
            "2024-01-01\n", "2024-13-01", "2024-00-01", "2024-01-00", "20240101", None],
    "at": ["2024-01-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T23:59:59.123456-23:59:59",
           "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+01:60", "2024-01-01T00:00:00", "2024-01-01T00:00:60Z",
           "2024-01-01T00:00:00.1234567Z", "2023-02-29T00:00:00Z", "2024-01-01T00:00:00Z\n", "2024-01-01t00:00:00z"],
    "spent": ["PT0S", "P", "PT", "P1D", "-P1DT1H", "PT1H1S", "P1DT", "PT1M1H", "PT5", "P5", "PT1M1", "P1H", "PT1D",
              "PT0.5S", "PT1.5M", "P1W", "PT1S\n",
              "P999999999DT24H", "-P999999999D", "P1000000000D"],
    "about": ["team:a", "team:", ":a", "Team:a", "team:a\n", "team:\u2028", "a:b:c", "team:" + "x" * 200,
              "team:" + "x" * 201, "_:a", "team:\U0001f469", None],
    "effort": [0, 1.0, 1.5, True, 10**20, 10**5000, "1", None],
    "weight": [0, 1.5, True, 10**400, -1, "1"],
    "pair": [["a", 1], ["a"], ["a", 1, 2], [], ["a", 1.0], None],
    "state": ["open", "ajar", None],
    "labels": [{}, {"a": "b"}, {"a": 1}, []],
    "clauses": [{"a": {"text": "x"}}, {"a": {}}, {"a": {"text": "x", "y": 1}}],
    "extra": [{}, {"a": [1, None]}, [], None],
    "period": [{}, {"start": None}, {"begin": None}],
    "name": ["", "\ud800", "x\n", None],
}  # fmt: skip
POST_EDGES: dict[str, list[Any]] = {
    "share": ["0", "-0", "-0.0", "-0.1", "-1", "0.5", "-00"],
    "seats": [0, -1, 1, 0.0],
    "pay": [{"amount": "1", "currency": c} for c in ("EUR", "eur", "EURO", "EUR\n", "\uff25UR")] + [None, {}],
}
ODD_EDGES: dict[str, list[Any]] = {
    "bounds": [{"low": low} for low in ("-2", "-3", "-0", "7")]
    + [{"high": high} for high in ("3", "2", "-3", "-0", "3.0")]
    + [{"share": share} for share in (0, -0.0, -1e-9, 2)]
    + [{"nothing": []}, {"nothing": [1]}],
    "word": ["a", "A", ""],
    "parts": [[["a", 1]], [["a"]], ["a"], []],
}
CASES = [
    (table, {"title": "", "team": "t"} if table == "posts" else {}, name, value)
    for table, edges in (("tasks", EDGES), ("posts", POST_EDGES), ("odds", ODD_EDGES))
    for name, values in edges.items()
    for value in values
]


def agreed(data: Any) -> None:
    """Assert that schema and codec agree on a document, or have one of the listed reasons not to."""
    try:
        from_data(data, Wide)
    except InvalidDocument as error:
        if valid(data):
            for problem in error.problems:
                assert unsayable(problem, at(data, problem.pointer)), (problem, data)
        return
    assert valid(data) or any(clean_id(id) != id for id in ids_in(data)), list(VALIDATOR.iter_errors(data))


def at(data: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


def unsayable(problem: Problem, value: Any) -> bool:
    """Tell whether a value that the schema lets pass is bad for a reason that no schema can give."""
    code = problem.code
    if code == "duplicate-id":
        return True
    if code in ("wrong-type", "wrong-version"):
        return isinstance(value, float) and value.is_integer()
    if code == "bad-text":
        return any("\ud800" <= character < "\ue000" for character in value)
    if code == "bad-id":
        text = value.partition(":")[2] or value
        return not unicodedata.is_normalized("NFC", text) and len(unicodedata.normalize("NFC", text)) > ID_LENGTH
    if code == "bad-date":
        year, day = int(value[:4]), value[4:10]
        return day == "-02-29" and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    if code == "bad-duration":
        return int(re.findall(r"[0-9]+", value)[0]) > 10**8
    if code == "out-of-range":
        return problem.pointer.endswith(("/low", "/high"))  # the least values, of decimals, other than 0
    if code == "bad-number" and isinstance(value, str):
        return sum(map(str.isdigit, value)) + len(value.partition(".")[2]) > DECIMAL_DIGITS
    if code == "bad-number":
        return isinstance(value, int) and (value.bit_length() > MAX_INT_BITS or value > 2**1023)
    return False


def ids_in(data: Any) -> list[str]:
    found, waiting = [], [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str):
            found += [text for text in (value, value.partition(":")[2]) if text and is_id(text)]
    return found


def is_id(text: str) -> bool:
    try:
        clean_id(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(("table", "row", "name", "value"), CASES, ids=[f"{c[2]} {i}" for i, c in enumerate(CASES)])
def test_schema_and_codec_agree_on_the_edges(table, row, name, value):
    agreed({**HEAD, table: [{"id": "a", **row, name: value}]})


def test_the_edges_of_the_envelope():
    for data in (
        HEAD,
        {},
        {**HEAD, "version": 2.0},
        {**HEAD, "version": 3},
        {**HEAD, "version": "2"},
        {**HEAD, "format": "x"},
        {**HEAD, "model_version": 1},
        {**HEAD, "teams": None},
        {**HEAD, "ships": []},
        {**HEAD, "teams": [5]},
        {**HEAD, "teams": [{"id": "a", "name": ""}, {"id": "a", "name": ""}]},
        [],
        None,
    ):
        agreed(data)


@st.composite
def made_by(draw: st.DrawFn, schema: dict[str, Any], depth: int = 0) -> Any:
    """Draw a value from nothing but a schema: a second reader of it, which knows the few keywords we use."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" in schema:
        return draw(made_by(draw(st.sampled_from(schema["anyOf"])), depth))
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    match schema["type"]:
        case "null":
            return None
        case "boolean":
            return draw(st.booleans())
        case "integer":
            return draw(st.integers(min_value=schema.get("minimum")))
        case "number":
            return draw(st.floats(min_value=schema.get("minimum"), allow_nan=False, allow_infinity=False))
        case "string":
            return draw(strings(schema))
        case "array":
            places = schema.get("prefixItems", [])
            size = draw(st.integers(schema.get("minItems", 0), schema.get("maxItems", 2)))
            return [draw(made_by(places[i] if i < len(places) else schema["items"], depth + 1)) for i in range(size)]
        case "object":
            more = schema.get("additionalProperties", True)
            if isinstance(more, dict):
                return draw(st.dictionaries(st.text(max_size=3), made_by(more, depth + 1), max_size=2))
            if "properties" not in schema:
                return draw(st.dictionaries(st.text(max_size=3), st.none() | st.integers(), max_size=2))
            wanted = [n for n in schema["properties"] if n in schema["required"] or draw(st.integers(0, 3)) == 0]
            return {name: draw(made_by(schema["properties"][name], depth + 1)) for name in wanted}
    raise AssertionError(f"a schema of a sort not known here: {schema}")


def strings(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if "pattern" not in schema:
        return st.text(min_size=schema.get("minLength", 0), max_size=5).filter(
            lambda text: "not" not in schema or not re.search(schema["not"]["pattern"], text)
        )
    return st.from_regex(schema["pattern"]).filter(
        lambda text: (
            "\n" not in text
            and len(text) <= schema.get("maxLength", len(text))
            and not ("not" in schema and re.search(schema["not"]["pattern"], text))
        )
    )


@st.composite
def valid_documents(draw: st.DrawFn) -> Any:
    tables = draw(st.lists(st.sampled_from(["teams", "posts", "tasks", "odds"]), min_size=1, max_size=2, unique=True))
    return {**HEAD, **{name: draw(made_by(SCHEMA["properties"][name])) for name in tables}}


@settings(max_examples=60)
@given(valid_documents())
def test_documents_made_from_the_schema_alone_are_read(data):
    assert valid(data)
    agreed(data)


JUNK = st.one_of(
    *(st.sampled_from(values) for edges in (EDGES, POST_EDGES, ODD_EDGES) for values in edges.values()),
    st.text(max_size=3),
    st.dates().map(date.isoformat),
)


@settings(max_examples=80)
@given(worlds(most=2), st.data())
def test_schema_and_codec_agree_on_spoilt_documents(model, draws):
    data = json.loads(dumps(model))
    for _ in range(draws.draw(st.integers(1, 2))):
        tables = [value for value in data.values() if isinstance(value, list) and value]
        if not tables:
            break
        row = draws.draw(st.sampled_from(draws.draw(st.sampled_from(tables))))
        names = sorted({*row, "name", "boss", "state", "colour"})
        if draws.draw(st.booleans()):
            row[draws.draw(st.sampled_from(names))] = draws.draw(JUNK)
        else:
            row.pop(draws.draw(st.sampled_from(names)), None)
    agreed(data)
