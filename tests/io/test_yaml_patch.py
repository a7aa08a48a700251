"""Small edits of a YAML file: what changed is changed, and everything else stays as it was, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import DateRange, OperatingModel, Person, Unit, dump, dumps, load, loads, strategies
from community_ops.io.yaml_patch import patched
from community_ops.kernel.ref import Ref

TEXT = """\
# our organisation
format: community-ops
version: 2   # do not touch

units:
  # the whole
  - id: hq       # top
    name: "HQ"
    heads:   # who leads
      - ceo   # boss
      # the deputy
      - 'coo'

  # computers
  - name: IT  # two letters
    parent: hq
    mission: |
      Keep things
      running.

    id: it

  - {id: hr, name: HR, parent: hq}  # people
  - id: lab
    name: >-
      The
      lab
    parent:
# the posts
positions: [{id: ceo, title: CEO, unit: hq, monthly_cost: {amount: 1.10, currency: EUR}}]
people:
- id: ann
  name: Ann
# the end
"""


def edited(tmp_path: Path, change, text: str = TEXT) -> str:
    path = tmp_path / "m.yaml"
    path.write_bytes(text.encode())
    model = change(load(path))
    dump(model, path)
    assert load(path) == model
    return path.read_bytes().decode()


def unit(id: str, **fields):
    return lambda model: model.replace(evolve(model.units[id], **fields))


CASES = {
    "nothing": (lambda model: model, []),
    "plain scalar": (unit("it", name="no"), [("name: IT  #", 'name: "no"  #')]),
    "quoted scalar": (unit("hq", name="Head: office"), [('"HQ"', '"Head: office"')]),
    "id": (lambda m: m.rename(Ref("unit", "hr"), "people"), [("{id: hr,", "{id: people,")]),
    "reference in brackets": (unit("hr", parent="it"), [("name: HR, parent: hq", "name: HR, parent: it")]),
    "field added in brackets": (
        unit("hr", kind="group"),
        [("{id: hr, name: HR, parent: hq}", "{id: hr, name: HR, parent: hq, kind: group}")],
    ),
    "field removed in brackets": (unit("hr", parent=None), [(", name: HR, parent: hq}", ", name: HR}")]),
    "block of text": (
        unit("it", mission="Run it"),
        [("mission: |\n      Keep things\n      running.\n", "mission: Run it\n")],
    ),
    "field removed": (unit("it", parent=None), [("    parent: hq\n    mission", "    mission")]),
    "block removed": (unit("it", mission=""), [("    mission: |\n      Keep things\n      running.\n", "")]),
    "field added": (
        unit("it", kind="department", period=DateRange()),
        [("    id: it\n", "    id: it\n    kind: department\n    period: {}\n")],
    ),
    "empty value filled": (unit("lab", parent="it"), [("    parent:\n", "    parent: it\n")]),
    "folded text": (unit("lab", name="Lab"), [("name: >-\n      The\n      lab\n", "name: Lab\n")]),
    "entry removed": (unit("hq", heads=("coo",)), [("      - ceo   # boss\n", "")]),
    "entry added": (unit("hq", heads=("ceo", "coo", "no")), [("- 'coo'\n", "- 'coo'\n      - \"no\"\n")]),
    "entry put first": (unit("hq", heads=("x", "ceo", "coo")), [("      - ceo ", "      - x\n      - ceo ")]),
    "entry replaced": (unit("hq", heads=("ceo", "cto")), [("- 'coo'\n", "- cto\n")]),
    "all entries replaced": (
        unit("hq", heads=("x",)),
        [("heads:   # who leads\n      - ceo   # boss\n      # the deputy\n      - 'coo'\n", "heads: [x]\n")],
    ),
    "decimal": (
        lambda m: m.replace(evolve(m.positions["ceo"], monthly_cost=m.positions["ceo"].monthly_cost * 2)),
        [("{amount: 1.10, currency: EUR}", "{amount: 2.20, currency: EUR}")],
    ),
    "record added": (
        lambda m: m.add(Person(id="bob", name="Bob")),
        [("  name: Ann\n", "  name: Ann\n- id: bob\n  name: Bob\n")],
    ),
    "record removed": (
        lambda m: m.remove(Ref("unit", "hr")),
        [("  - {id: hr, name: HR, parent: hq}  # people\n", "")],
    ),
    "table gone": (lambda m: m.remove(Ref("person", "ann")), [("people:\n- id: ann\n  name: Ann\n", "")]),
    "table in brackets gone": (
        lambda m: m.remove(Ref("position", "ceo"), dangling=True),
        [("positions: [{id: ceo, title: CEO, unit: hq, monthly_cost: {amount: 1.10, currency: EUR}}]\n", "")],
    ),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("case", CASES)
def test_only_what_changed_is_written(tmp_path: Path, case: str, newline: str) -> None:
    change, replaced = CASES[case]
    expected = TEXT
    for before, after in replaced:
        assert expected.count(before) == 1
        expected = expected.replace(before, after)
    assert edited(tmp_path, change, TEXT.replace("\n", newline)) == expected.replace("\n", newline)


def test_a_first_field_shares_its_line_with_the_dash(tmp_path: Path) -> None:
    text = TEXT.replace("  - name: IT  # two letters\n    parent: hq\n", "  - parent: hq # up\n    name: IT\n")
    assert "  - name: IT\n" in edited(tmp_path, unit("it", parent=None), text)


def test_a_new_table_comes_last_also_without_a_line_end(tmp_path: Path) -> None:
    text = TEXT.removesuffix("\n").split("people:")[0] + "# end"
    after = edited(tmp_path, lambda m: m.add(Person(id="bob", name="Bob")), text)
    assert after == text + "\npeople:\n  - id: bob\n    name: Bob\n"


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    assert edited(tmp_path, unit("hr", parent="it"), "\ufeff" + TEXT).startswith("\ufeff# our organisation")


def test_a_file_of_an_older_version_says_the_newer_one_afterwards(tmp_path: Path) -> None:
    text = TEXT.replace("version: 2 ", "version: 1 ").replace("monthly_cost", "cost")
    path = tmp_path / "m.yaml"
    path.write_text(text)
    model = load(path)
    dump(model, path)
    assert load(path) == model
    assert "monthly_cost" in path.read_text()
    older = text.split("# the posts")[0]
    assert edited(tmp_path, lambda m: m, older) == older.replace("version: 1 ", "version: 2 ")


def test_a_model_from_elsewhere_replaces_the_file(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(TEXT)
    model = OperatingModel.of(Unit(id="x", name="X"))
    dump(model, path)
    assert path.read_text() == dumps(model, format="yaml")
    other = tmp_path / "other.yaml"
    dump(load(path), other)
    assert other.read_text() == path.read_text()


def test_a_file_that_somebody_else_edited_says_what_the_model_says(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(TEXT)
    model = load(path)
    path.write_text(TEXT.replace("name: Ann", "name: Anne").replace("# the end", "# changed"))
    dump(model, path)
    assert path.read_text() == TEXT.replace("# the end", "# changed")
    for broken in ("units: [", "", "- a", "a: &x b", "strange: 1"):
        path.write_text(broken)
        dump(model, path)
        assert load(path) == model


@pytest.mark.parametrize(
    "text",
    [
        "{format: community-ops, version: 2, units: [{id: hq, name: HQ}]}",
        "? format\n: community-ops\n? version\n: 2\nunits:\n-\n  ? id\n  : hq\n  ? name\n  : HQ\n",
        "--- # one\nformat: community-ops\nversion: 2\nunits:\n  -\n    id: hq\n    name: HQ\n",
        "format: community-ops\nversion: 2\nunits: [\n  {id: hq, name: HQ},\n]\n...\n",
        "format: community-ops\nversion: 2\nunits: [{id: hq, name: HQ}]\n...\n",
    ],
)
@pytest.mark.parametrize(
    "change",
    [
        unit("hq", name="Head office"),
        unit("hq", heads=("x",)),
        lambda m: m.add(Unit(id="it", name="IT")),
        lambda m: m.remove(Ref("unit", "hq")),
        lambda m: m.add(Person(id="bob", name="Bob")),
    ],
)
def test_whatever_the_layout_the_file_says_what_the_model_says(tmp_path: Path, text: str, change) -> None:
    edited(tmp_path, change, text)


def test_unknown_fields_and_tables_stay_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    text = TEXT.replace("  name: Ann\n", "  name: Ann\n  colour: red # really\n") + "planets: [mars, 3]\n"
    path.write_text(text)
    model = load(path, unknown="keep")
    dump(unit("hr", parent="it")(model), path)
    assert path.read_text() == text.replace("HR, parent: hq", "HR, parent: it")


@settings(max_examples=20)
@given(strategies.models(max_size=6).filter(lambda model: len(model) > 1), st.data())
def test_the_lines_of_untouched_records_stay(model: OperatingModel, data: st.DataObject) -> None:
    lines = dumps(model, format="yaml").splitlines()
    commented = [f"{line}  # {n}" if not line.endswith(":") else line for n, line in enumerate(lines)]
    text = "# before\n" + "\n\n# between\n".join(commented) + "\n# after\n"
    record = data.draw(st.sampled_from(list(model)))
    other = data.draw(strategies.records(type(record)))
    if data.draw(st.booleans()):
        after = model.remove(record.ref, dangling=True)
    else:
        after = model.replace(evolve(other, id=record.id))
    written = patched(text, after)
    assert written is not None
    assert loads(written, format="yaml") == after
    source = loads(text, name="m", format="yaml").provenance.source
    starts = sorted(source.locate(each.ref).line for each in model)
    begin = source.locate(record.ref).line
    end = min((line for line in starts if line > begin), default=len(text.splitlines()) + 1)
    # Whatever was written, it begins and ends with what stood before and after the record.
    before = text.splitlines()[: begin - 4]  # the table's own line goes with its last record
    rest = text.splitlines()[end:]
    assert written.splitlines()[: len(before)] == before
    assert written.splitlines()[len(written.splitlines()) - len(rest) :] == rest
