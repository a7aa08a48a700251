"""Locations in JSON documents, held against `json.JSONDecoder.raw_decode` at the place they name."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import InvalidDocument, OperatingModel, Position, Unit, dump, dumps, load, loads, strategies
from community_ops.errors import Problem
from community_ops.io.json_places import JsonPlaces
from community_ops.io.places import Lines
from community_ops.kernel.provenance import Location
from community_ops.kernel.ref import Ref

HEAD = '"format": "community-ops", "version": 2'


def place(text: str, ref: str, field: str | None = None) -> str:
    source = loads(text, name="m.json").provenance.source
    assert source is not None
    return str(source.locate(Ref.parse(ref), field))


def value_at(text: str, location: Location | None) -> Any:
    """Read the JSON value at a location, counting lines the slow way."""
    assert location is not None
    assert location.line is not None
    assert location.column is not None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rest = "\n".join(lines[location.line - 1 :])[location.column - 1 :]
    return json.JSONDecoder().raw_decode(rest)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, 1)),
        ("ab", (1, 3)),
        ("a\n", (2, 1)),
        ("a\r\nb", (2, 2)),
        ("a\rb", (2, 2)),
        ("a\n\rb", (3, 2)),
        ("a\u2028b\x85", (1, 5)),
        ("😀é", (1, 3)),
    ],
)
def test_the_end_of_a_text_is_where_an_editor_shows_it(text: str, expected: tuple[int, int]) -> None:
    assert Lines(text).location("f", len(text)) == Location("f", *expected)


@given(strategies.models(max_size=6), st.sampled_from([None, 0, 1, 2]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_location_holds_the_value_of_its_record_and_field(model, indent, newline):
    text = dumps(model)
    if indent is not None:
        text = json.dumps(json.loads(text), indent=indent or None)
    text = text.replace("\n", newline)
    source = loads(text, name="m").provenance.source
    for table in model.tables:
        for record, row in zip(table, json.loads(text).get(table.kind.table, []), strict=True):
            assert value_at(text, source.locate(record.ref)) == row
            for field in table.kind.layout.by_name:
                assert value_at(text, source.locate(record.ref, field)) == row.get(field, row)


@pytest.mark.parametrize(
    ("rows", "ref", "field", "expected"),
    [
        ('{"id": "a", "name": "A"}', "unit:a", None, "m.json:2:11"),
        ('{"id": "a", "name": "A"}', "unit:a", "name", "m.json:2:31"),
        ('{"id": "a", "name": "A"}', "unit:a", "parent", "m.json:2:11"),
        ('{"name": "A", "id": "a"}', "unit:a", "id", "m.json:2:31"),
        ('{"\\u0069d": "\\u0061", "n\\u0061me": "A"}', "unit:a", "name", "m.json:2:46"),
        ('{"id": "cafe\u0301", "name": "A"}', "unit:caf\u00e9", "name", "m.json:2:35"),
        ('{"id": "😀", "name": "A"}', "unit:😀", "name", "m.json:2:31"),
        ('{"id": "a", "name": "}]{[\\"", "period": {"start": null, "end": "2026-01-01"}}', "unit:a", "period.end",
         "m.json:2:74"),
        ('{"id": "a", "name": "A", "heads": ["x", "y"]}', "unit:a", "heads.1", "m.json:2:51"),
        ('{"id": "a", "name": "A", "heads": ["x", "y"]}', "unit:a", "heads.2", "m.json:2:45"),
        ('{"id": "a", "name": "A"}', "unit:b", None, "None"),
        ('{"id": "a", "name": "A"}', "position:a", None, "None"),
        ('{"id": "a", "name": "A"}', "stranger:a", None, "None"),
    ],
)  # fmt: skip
def test_places_in_one_record(rows: str, ref: str, field: str | None, expected: str) -> None:
    assert place("{" + HEAD + ',\n"units": [' + rows + "]}", ref, field) == expected


def test_a_document_of_an_older_version_is_located_by_the_names_it_uses() -> None:
    text = '{"format": "community-ops", "version": 1, "positions": [\n{"id": "a", "title": "A", "unit": "u",\n'
    text += '"cost": {"amount": "1", "currency": "EUR"}}]}'
    assert place(text, "position:a", "monthly_cost") == "m.json:3:9"


def test_a_byte_order_mark_takes_up_no_column(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(b"\xef\xbb\xbf" + ("{" + HEAD + ', "units": [{"id": "a", "name": "A"}]}').encode())
    found = load(path).provenance.source.locate(Ref("unit", "a"))
    path.write_text("{" + HEAD + ', "units": [{"id": "a", "name": "A"}]}')
    assert found == load(path).provenance.source.locate(Ref("unit", "a")) == Location(str(path), 1, 53)


def test_findings_name_the_line_also_after_an_edit(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    dump(OperatingModel.of(Unit(id="hq", name="HQ"), Position(id="ceo", title="CEO", unit="gone")), path)
    model = load(path).add(Unit(id="it", name="IT"))
    (finding,) = model.check(select=["REF101"]).findings
    assert str(finding.location) == f"{path}:8:39"
    assert finding.bound(model.rename(Ref("position", "ceo"), "boss")).location == finding.location


def test_a_renamed_or_new_record_has_no_location(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    dump(OperatingModel.of(Unit(id="hq", name="HQ")), path)
    source = load(path).rename(Ref("unit", "hq"), "top").provenance.source
    assert source.locate(Ref("unit", "top")) is None
    assert source.locate(Ref("unit", "hq")).line == 5


def test_text_without_a_name_has_no_source() -> None:
    assert loads(dumps(OperatingModel())).provenance.source is None


def test_a_file_that_changed_or_went_is_named_without_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.json"
    model = OperatingModel.of(Unit(id="hq", name="HQ"))
    dump(model, path)
    monkeypatch.chdir(tmp_path)
    source = load("m.json").provenance.source
    monkeypatch.chdir("/")
    assert str(source.locate(Ref("unit", "hq"))) == "m.json:5:1"
    text = path.read_bytes()
    path.write_bytes(b"\n" + text)
    assert str(source.locate(Ref("unit", "hq"))) == "m.json"
    path.write_bytes(text)
    assert str(source.locate(Ref("unit", "hq"))) == "m.json:5:1"
    path.unlink()
    assert str(source.locate(Ref("unit", "hq"))) == "m.json"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_read_once_and_still_located(tmp_path: Path) -> None:
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = dumps(OperatingModel.of(Unit(id="hq", name="HQ")))
    writer = threading.Thread(target=pipe.write_text, args=(text,))
    writer.start()
    model = load(pipe)
    writer.join()
    assert model.provenance.source.locate(Ref("unit", "hq")) == Location(str(pipe), 5, 1)


# -- problems ---------------------------------------------------------------------------------------------------------


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        loads(text, name="<stdin>")
    return [f"{problem.location} {problem.code}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["<stdin>:1:1 bad-json"]),
        ('{\n "format": }', ["<stdin>:2:12 bad-json"]),
        ('\ufeff{"a": }', ["<stdin>:1:7 bad-json"]),
        ("[" * 5000, ["<stdin> too-deep"]),
        ("[]", ["<stdin> wrong-type"]),
        ("{}", ["<stdin>:1:1 wrong-format", "<stdin>:1:1 wrong-version"]),
        ("{" + HEAD + ',\n"units": 5}', ["<stdin>:2:10 wrong-type"]),
        ("{" + HEAD + ',\n"units": [{"id": "a"},\n 7]}', ["<stdin>:2:11 missing-key", "<stdin>:3:2 wrong-type"]),
        (
            "{" + HEAD + ',\n"units": [{"id": "a", "name": "A", "name": 1' + "0" * 5000 + "}]}",
            ["<stdin>:2:44 duplicate-key", "<stdin>:2:44 bad-number"],
        ),
        ("{" + HEAD + ',\n"units": [],\n"units": [],\n"a/~b": {"0": []}}',
         ["<stdin>:4:9 unknown-key", "<stdin>:3:10 duplicate-key"]),
        (
            "{" + HEAD + ',\n"units": [{"id": "a", "name": "A"},\n{"id": "a", "name": "A"}]}',
            ["<stdin>:3:8 duplicate-id"],
        ),
    ],
)  # fmt: skip
def test_every_problem_names_its_place(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_the_message_of_an_error_begins_each_problem_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text("{" + HEAD + ',\n"units": [{"id": "a", "name": 5}]}')
    with pytest.raises(InvalidDocument, match=f"\n  {path}:2:31: /units/0/name: must be text"):
        load(path)


def test_bytes_that_are_not_utf8_are_named_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_bytes("\ufeffé\n总x".encode() + b"\xff")
    with pytest.raises(InvalidDocument) as caught:
        load(path)
    assert caught.value.problems[0].location == Location(str(path), 2, 3)


def test_unknown_formats_are_refused() -> None:
    with pytest.raises(ValueError, match="not 'toml'"):
        loads("", format="toml")  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="not 'toml'"):
        dumps(OperatingModel(), format="toml")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"m\.json is a name for json, not for yaml"):
        dump(OperatingModel(), "m.json", format="yaml")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], 1),
        (["b"], 1),
        (["a"], 7),
        (["a", 0, "c", "d"], 14),
        (["a", 1], 17),
        (["a", 2, 0], 7),
        (["a", "x"], 7),
        (["n", 0], 33),
        (["n", 0, 0], 33),
    ],
)
def test_what_is_not_there_has_the_place_of_what_is_around_it(steps: list[str | int], expected: int) -> None:
    text = ' {"a": [{"c": 1},5], "version": 2, "n": "x"}'
    offset = JsonPlaces(text).offset(steps)
    assert text[offset:].startswith({1: "{", 7: "[", 14: "1", 17: "5", 33: '"x"'}[expected])


def test_a_document_that_is_no_object_has_one_place() -> None:
    assert JsonPlaces(" [1]").offset(["units", 0]) == 1
    assert JsonPlaces(" [1]").row("units", "hq") is None


def test_the_place_of_a_problem_survives_pickling_and_counts_in_no_comparison() -> None:
    import pickle

    problem = Problem("wrong-type", "/units", "must be a list")
    placed = problem.at(Location("m.json", 2, 3))
    assert problem.location is None
    assert placed == problem
    assert pickle.loads(pickle.dumps(InvalidDocument([placed]))).problems[0].location == Location("m.json", 2, 3)
    assert str(placed) == "m.json:2:3: /units: must be a list [wrong-type]"
