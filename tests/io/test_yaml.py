"""YAML documents: what is read as what, what is refused, and that PyYAML reads what is written the same."""

from __future__ import annotations

import builtins
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import (
    Assignment,
    InvalidDocument,
    MissingExtra,
    OperatingModel,
    Unit,
    dump,
    dumps,
    load,
    loads,
    strategies,
)
from community_ops.io.yaml_writer import scalar
from tests.kernel.kinds import World, worlds

HEAD = "format: community-ops\nversion: 2\n"


def read(text: str) -> OperatingModel:
    return loads(HEAD + text, format="yaml")


def problems(text: str, **limits: int) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        loads(text, name="m", format="yaml", **limits)
    return [f"{problem.location} {problem.code} {problem.pointer}".rstrip() for problem in caught.value.problems]


def unit(fields: str) -> list[str]:
    return problems(HEAD + "units:\n- id: a\n  " + fields.replace("\n", "\n  "))


# -- round trips ------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(worlds())
def test_what_is_written_is_read_back(model: World) -> None:
    assert loads(dumps(model, format="yaml"), World, format="yaml") == model


def plain(value: Any) -> Any:
    """What JSON would hold: PyYAML makes dates and floats of what has no quotes."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@given(strategies.models(max_size=6))
def test_another_reader_of_yaml_finds_the_same_texts(model: OperatingModel) -> None:
    found = plain(yaml.safe_load(dumps(model, format="yaml")))
    for table in model.tables:
        for record, row in zip(table, found.get(table.kind.table, []), strict=True):
            assert row["id"] == record.id
            for field in ("name", "title", "parent", "unit", "reports_to", "kind"):
                assert row.get(field) in (getattr(record, field, None), None)


@given(st.text() | st.from_regex(r"[-+]?[0-9a-fxoyntsNO_.:~ ]{0,8}", fullmatch=True))
def test_a_text_is_the_same_text_to_readers_of_both_versions(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    written = scalar(text)
    assert yaml.safe_load(f"a: {written}\n") == {"a": text}
    assert yaml.safe_load(f"[{written}, {{{written}: 1}}]") == [text, {text: 1}]
    model = read(f"units:\n- id: a\n  name: {written}\n  extra: {{k: {written}}}\n")
    assert (model.units["a"].name, model.units["a"].extra["k"]) == (text, text)


MISTAKEN = ["yes", "No", "ON", "off", "y", "n", "true", "null", "~", "012", "0x1f", "1:30", "1_0", "2026-01-01", "1e3"]
MISTAKEN += ["2026-1-1", ".5", ".inf", "<<", "=", "#", "*a", "&a", "!a", "%a", "@a", "`a", "a,b", "[a", "a]", "{", "|"]
MISTAKEN += [">", "?", "'", '"', "---", "..."]


@pytest.mark.parametrize(
    "word", [*MISTAKEN, "", "- a", "a: b", "a #b", "a ", " a", "\t", "a\tb", "\x7f", "\x85", "\u2028"]
)
def test_what_could_be_mistaken_is_written_in_quotes(word: str) -> None:
    assert scalar(word).startswith('"')


@pytest.mark.parametrize(
    "text", ["HQ", "Head office", "R.O.C.", "社群运营（中国）", "1.2.3", "a/b", "Vice-President (acting)"]
)
def test_ordinary_words_need_no_quotes(text: str) -> None:
    assert scalar(text) == text


def test_files_are_yaml_by_their_name(tmp_path: Path) -> None:
    model = OperatingModel.of(Unit(id="hq", name="总部"))
    for name in ("m.yaml", "m.YML"):
        dump(model, tmp_path / name)
        assert (tmp_path / name).read_text("utf-8") == HEAD + "units:\n  - id: hq\n    name: 总部\n"
        assert load(tmp_path / name) == model


# -- what scalars mean ------------------------------------------------------------------------------------------------


def test_the_field_decides_what_a_plain_scalar_means() -> None:
    model = read(
        "units:\n- id: no\n  name: yes\n  period: {start: 2026-01-01, end: ~}\n  parent:\n"
        "  extra: {a: 1, b: 1.5, c: true, d: null, e: 2026-01-01, f: text, g: [-1, 'no'], h: \"no\", i: 5e3}\n"
        "assignments:\n- {id: a, person: p, position: 1:30, fte: 0.50}\n"
        "- {id: b, person: p, position: q, fte: '0.25'}\n"
    )
    unit = model.units["no"]
    assert (unit.name, unit.parent) == ("yes", None)
    assert (unit.period.start, unit.period.end) == (date(2026, 1, 1), None)
    assert dict(unit.extra) == {
        "a": 1, "b": 1.5, "c": True, "d": None, "e": "2026-01-01", "f": "text", "g": (-1, "no"), "h": "no", "i": 5000.0
    }  # fmt: skip
    assert [str(a.fte) for a in model.assignments] == ["0.50", "0.25"]
    assert model.assignments["a"] == Assignment(id="a", person="p", position="1:30", fte=Decimal("0.50"))


@pytest.mark.parametrize("written", ["'A\n\n  B'", '"A\\nB"', "|-\n    A\n    B", ">-\n    A\n\n    B"])
def test_text_may_be_quoted_or_a_block(written: str) -> None:
    assert read(f"units:\n- id: a\n  name: {written}\n").units["a"].name == "A\nB"


@pytest.mark.parametrize(
    "written", ["123", "1.5", "012", "0x1F", "0o17", "+5", ".5", "5.", "1e3", ".inf", ".nan", "true", "FALSE"]
)
def test_a_number_or_truth_value_is_no_text_until_it_is_quoted(written: str) -> None:
    with pytest.raises(InvalidDocument, match=r"/units/0/name: must be text, and .* in quotes") as caught:
        read(f"units:\n- id: a\n  name: {written}\n")
    assert caught.value.code == "wrong-type"
    assert f'write "{written}" in quotes' in str(caught.value)
    assert read(f"units:\n- id: a\n  name: '{written}'\n").units["a"].name == written


@pytest.mark.parametrize(
    "written", ["no", "Yes", "ON", "off", "y", "012", "0o17", "0x1F", "1_000", "1:30", "+5", ".5", "5.", "-.inf"]
)
def test_what_readers_disagree_on_is_refused_where_no_field_decides(written: str) -> None:
    assert unit(f"name: A\nextra:\n  list:\n  - x\n  - {written}") == ["m:9:7 ambiguous /units/0/extra/list/1"]
    assert unit(f"name: A\nunheard: {written}") == ["m:6:12 ambiguous /units/0/unheard"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("name:", ["m:5:8 wrong-type /units/0/name"]),
        ("name: ~", ["m:5:9 wrong-type /units/0/name"]),
        ("name: [a]", ["m:5:9 wrong-type /units/0/name"]),
        ("name: {a: b}", ["m:5:9 wrong-type /units/0/name"]),
        ("name: A\nkind: tribe", ["m:6:9 bad-choice /units/0/kind"]),
        ("name: A\nheads: x", ["m:6:10 wrong-type /units/0/heads"]),
        ("name: A\nheads: [x,\n  7]", ["m:7:5 wrong-type /units/0/heads/1"]),
        ("name: A\nperiod: {start: 2026-02-30}", ["m:6:19 bad-date /units/0/period/start"]),
        ("name: A\nperiod: {start: 2026-1-1}", ["m:6:19 bad-date /units/0/period/start"]),
        ("name: A\nname: B", ["m:6:9 duplicate-key /units/0/name"]),
        ("name: A\n'name': B", ["m:6:11 duplicate-key /units/0/name"]),
        ("name: A\nextra: {a: {b: 1, b: 2}}", ["m:6:24 duplicate-key /units/0/extra/a/b"]),
        ("mission: A", ["m:4:3 missing-key /units/0/name"]),
        ("name: A\nextra: {big: 1e999}", ["m:6:16 bad-number /units/0/extra/big"]),
        ("name: A\nextra: {big: 1" + "0" * 5000 + "}", ["m:6:16 bad-number /units/0/extra/big"]),
    ],
)  # fmt: skip
def test_bad_fields_are_named_with_their_place(fields: str, expected: list[str]) -> None:
    assert unit(fields) == expected


@pytest.mark.parametrize("written", ["no", "'1'", "true", "1.0", "012", "+1", "1_0", "0x1"])
def test_what_is_no_whole_number_to_json_is_none_in_yaml(written: str) -> None:
    text = HEAD + "positions:\n- id: p\n  title: P\n  unit: u\n  seats: "
    assert problems(text + written) == ["m:7:10 wrong-type /positions/0/seats"]
    assert loads(text + "12 # a dozen", format="yaml").positions["p"].seats == 12


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["m wrong-type"]),
        ("# nothing\n", ["m wrong-type"]),
        ("text", ["m wrong-type"]),
        ("- a", ["m wrong-type"]),
        ("units: []\n", ["m:1:1 wrong-format /format", "m:1:1 wrong-version /version"]),
        (HEAD + "units:\n", ["m:3:7 wrong-type /units"]),
        (HEAD + "units: {a: b}\n", ["m:3:8 wrong-type /units"]),
        (HEAD + "units: []\nunits: []\n", ["m:4:8 duplicate-key /units"]),
        (HEAD + "strange: []\n", ["m:3:10 unknown-key /strange"]),
        (HEAD.replace("2", "1.0"), ["m:2:10 wrong-version /version"]),
        (HEAD.replace("2", "'2'"), ["m:2:10 wrong-version /version"]),
        (HEAD.replace("2", "99"), ["m:2:10 wrong-version /version"]),
        (HEAD + "\tunits: []\n", ["m:3:1 bad-yaml"]),
        (HEAD + "units: [\n", ["m:4:1 bad-yaml"]),
        (HEAD + "units: a: b\n", ["m:3:9 bad-yaml"]),
        (HEAD + "units: \x01\n", ["m:3:8 bad-yaml"]),
        (HEAD + 'units: "\\U00110000"\n', ["m:3:6 bad-yaml"]),
        (HEAD + 'units: "\u2028"\n', ["m:3:9 bad-yaml"]),
        ("---\n" + HEAD + "---\n" + HEAD, ["m:4:1 bad-yaml"]),
        ("%YAML 1.1\n---\n" + HEAD, ["m:2:1 bad-yaml"]),
        ("%TAG ! tag:x,2000:\n---\n" + HEAD, ["m:2:1 bad-yaml"]),
        (HEAD + "? [a]\n: b\n", ["m:3:3 bad-yaml"]),
        (HEAD + "? {a: b}\n: b\n", ["m:3:3 bad-yaml"]),
        (HEAD + ": b\n", ["m:3:3 bad-key /"]),
        (HEAD + "units: &a []\n", ["m:3:8 alias /units"]),
        (HEAD + "units: &a []\npositions: *a\n", ["m:3:8 alias /units", "m:4:12 alias /positions"]),
        (HEAD + "units:\n- &a {id: x, name: X}\n- {<<: *a, id: y}\n",
         ["m:4:3 alias /units/0", "m:5:8 merge-key /units/1/<<", "m:5:8 alias /units/1/<<"]),
        (HEAD + "units: !!python/object:os.system []\n", ["m:3:8 tag /units"]),
        (HEAD + "units:\n- {id: !!str 1, name: ! 2}\n", ["m:4:8 tag /units/0/id", "m:4:23 tag /units/0/name"]),
        (HEAD + "units: " + "[" * 20_000, ["m too-deep"]),
        (HEAD + "units:\n- {id: a, name: A}\n- {name: B, id: a}\n", ["m:5:17 duplicate-id /units/1/id"]),
    ],
)  # fmt: skip
def test_traps_are_refused_where_they_stand(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_syntax_errors_name_the_line_also_without_a_file() -> None:
    with pytest.raises(InvalidDocument, match=r"\(document\): line 3, column 9: mapping values are not allowed here"):
        read("units: a: b\n")


def test_limits_hold() -> None:
    assert problems(HEAD + "units: []\n", document_limit=20) == ["m too-large"]
    assert problems(HEAD + "units: [{id: a, name: abcdefgh}]\n", string_limit=5) == ["m:3:23 too-large /units/0/name"]
    with pytest.raises(TypeError, match="read bytes as UTF-8 first"):
        loads(b"a: b", format="yaml")  # type: ignore[call-overload]


def test_files_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_bytes(HEAD.encode("utf-16"))
    with pytest.raises(InvalidDocument) as caught:
        load(tmp_path / "m.yaml")
    assert caught.value.code == "bad-encoding"


def test_a_byte_order_mark_and_other_line_ends_are_read(tmp_path: Path) -> None:
    text = "\ufeff" + (HEAD + "units:\n- id: a\n  name: A\n").replace("\n", "\r\n")
    (tmp_path / "m.yaml").write_bytes(text.encode())
    model = load(tmp_path / "m.yaml")
    assert str(model.provenance.source.locate(model.units["a"].ref, "name")) == f"{tmp_path / 'm.yaml'}:5:9"


def test_an_older_version_keeps_the_digits_of_fields_that_had_another_name() -> None:
    text = HEAD.replace("2", "1") + "positions:\n- {id: p, title: P, unit: u, cost: {amount: 1.10, currency: EUR}}\n"
    assert str(loads(text, format="yaml").positions["p"].monthly_cost.amount) == "1.10"


def test_unknown_fields_are_kept_when_asked() -> None:
    text = HEAD + "units:\n  - id: a\n    name: A\n    colour: red\nplanets:\n  - id: mars\n"
    assert problems(text) == ["m:8:3 unknown-key /planets", "m:6:13 unknown-key /units/0/colour"]
    model = loads(text, format="yaml", unknown="keep")
    assert dumps(model, format="yaml") == text


PIECES = [
    *"[]{}:,-?&*!|>'\"%@`# \n\t\r~<=a1\\\x00\x85\ufeffé\ud800",
    "---",
    "...",
    "<<: ",
    "%YAML 9.9\n",
    "!!x ",
    "|+9\n",
    "\\U",
]


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 80), st.sampled_from(PIECES)), min_size=1, max_size=6), st.booleans())
def test_whatever_the_text_it_is_read_or_refused(pieces: list[tuple[int, str]], inside: bool) -> None:
    text = HEAD + "units:\n- id: a\n  name: A # c\n  heads: [x]\n" if inside else ""
    for at, piece in pieces:
        text = text[:at] + piece + text[at:]
    try:
        assert isinstance(loads(text, name="m", format="yaml"), OperatingModel)
    except InvalidDocument as error:
        assert all(problem.location.file == "m" for problem in error.problems)


# -- places -----------------------------------------------------------------------------------------------------------


@given(strategies.models(max_size=5))
def test_places_are_those_that_another_parser_finds(model: OperatingModel) -> None:
    text = dumps(model, format="yaml")
    source = loads(text, name="m", format="yaml").provenance.source
    root = yaml.compose(text)
    tables = {key.value: value.value for key, value in root.value}
    for table in model.tables:
        for record, node in zip(table, tables.get(table.kind.table, []), strict=True):
            fields = {key.value: value for key, value in node.value}
            for field in table.kind.layout.by_name:
                found, mark = source.locate(record.ref, field), fields.get(field, node).start_mark
                assert (found.line, found.column) == (mark.line + 1, mark.column + 1)


# -- the extra --------------------------------------------------------------------------------------------------------


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("ruamel"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"ruamel\.yaml is not installed; .*community-ops\[yaml\]"):
        read("units: []\n")


def test_json_documents_load_no_yaml() -> None:
    script = (
        "import sys, community_ops as co; co.loads(co.dumps(co.OperatingModel()));"
        "print([m for m in sys.modules if 'yaml' in m or 'directories' in m or m.endswith('io.layout')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
