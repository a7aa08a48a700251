"""Directories of files as one document: reading all of them, and writing those that change."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import (
    Assignment,
    InvalidDocument,
    OperatingModel,
    Person,
    Position,
    Unit,
    dump,
    dumps,
    load,
    strategies,
)
from community_ops.io import layout
from community_ops.io.layout import file_name
from community_ops.kernel.provenance import Location
from community_ops.kernel.ref import Ref

ENVELOPE = '{"format": "community-ops", "version": 2'
MODEL = OperatingModel.of(
    Unit(id="hq", name="HQ"),
    Unit(id="IT", name="IT", parent="hq"),
    Position(id="ceo", title="CEO", unit="hq"),
    Position(id="dev", title="Developer", unit="IT"),
    Person(id="ann", name="Ann"),
    Person(id="bob", name="Bob"),
    Assignment(id="a1", person="ann", position="dev"),
)


@pytest.fixture
def org(tmp_path: Path) -> Path:
    """Return a directory of three documents, one of them YAML without format and version."""
    top = tmp_path / "org"
    write(top / "b.json", ENVELOPE + ',\n"units": [\n{"id": "hq", "name": "HQ"}\n]}')
    write(top / "a" / "it.yaml", "# computers\nunits:\n- id: it\n  name: IT  # two letters\n  parent: hq\n")
    write(top / "a" / "people.yml", "people:\n- id: ann\n  name: Ann\npositions:\n- {id: dev, title: Dev, unit: it}\n")
    return top


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def texts(top: Path) -> dict[str, str]:
    return {str(path.relative_to(top)): path.read_text("utf-8") for path in sorted(top.rglob("*")) if path.is_file()}


def problems(top: Path) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        load(top)
    return [f"{p.location} {p.code} {p.pointer}".replace(f"{top}{os.sep}", "").strip() for p in caught.value.problems]


# -- reading ----------------------------------------------------------------------------------------------------------


def test_all_documents_below_are_one_model_in_the_order_of_their_paths(org: Path) -> None:
    model = load(org)
    assert model == OperatingModel.of(
        Unit(id="hq", name="HQ"),
        Unit(id="it", name="IT", parent="hq"),
        Person(id="ann", name="Ann"),
        Position(id="dev", title="Dev", unit="it"),
    )
    assert model.units.ids == ("it", "hq")


def test_hidden_and_other_files_are_left_out(org: Path) -> None:
    before = load(org)
    for name in (".hidden.json", ".git/x.json", "notes.txt", "x.json.bak", "a/.b.yaml.tmp"):
        write(org / name, "not a document")
    assert load(org) == before


def test_findings_name_the_file_and_line_of_their_record(org: Path) -> None:
    source = load(org).provenance.source
    assert source.locate(Ref("unit", "hq")) == Location(str(org / "b.json"), 3, 1)
    assert source.locate(Ref("unit", "it"), "name") == Location(str(org / "a" / "it.yaml"), 4, 9)
    assert source.locate(Ref("position", "dev"), "unit") == Location(str(org / "a" / "people.yml"), 5, 31)
    assert source.locate(Ref("position", "ann")) is None
    assert source.locate(Ref("planet", "mars")) is None
    write(org / "a" / "it.yaml", "units: []\n")
    assert source.locate(Ref("unit", "it")) == Location(str(org / "a" / "it.yaml"))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("c.json", "{", ["c.json:1:2 bad-json"]),
        ("c.json", "[]", ["c.json wrong-type"]),
        ("c.yaml", "a: b: c", ["c.yaml:1:5 bad-yaml"]),
        ("c.json", '{"format": "other"}', ["c.json:1:12 wrong-format /format"]),
        ("c.json", '{\n"version": 99, "units": 5}', ["c.json:2:12 wrong-version /version"]),
        ("c.json", '{\n"version": 0}', ["c.json:2:12 wrong-version /version"]),
        ("c.json", '{"units": 5}', ["c.json:1:11 wrong-type /units"]),
        ("c.json", '{"units": [],\n"units": []}', ["c.json:2:10 duplicate-key /units"]),
        ("c.yaml", "strange: []", ["c.yaml:1:10 unknown-key /strange"]),
        ("c.yaml", "units:\n- {id: x}\n-  5",
         ["c.yaml:2:3 missing-key /units/0/name", "c.yaml:3:4 wrong-type /units/1"]),
        ("c.yaml", "units:\n- name: X\n  id: hq", ["c.yaml:3:7 duplicate-id /units/0/id"]),
        ("c.yaml", "people:\n- id: x\n  name: A\n  name: B", ["c.yaml:4:9 duplicate-key /people/0/name"]),
        ("c.yaml", "version: 1\npositions:\n- {id: x, title: X, unit: hq, cost: 5}",
         ["c.yaml:3:37 wrong-type /positions/0/cost"]),
    ],
)  # fmt: skip
def test_problems_name_the_file_and_place(org: Path, name: str, text: str, expected: list[str]) -> None:
    write(org / name, text)
    assert problems(org) == expected


def test_a_broken_migration_or_encoding_of_one_file_hides_no_problem_of_another(org: Path) -> None:
    (org / "c.json").write_bytes(b"\xff")
    write(org / "d.yaml", "units: 5")
    assert problems(org) == ["c.json:1:1 bad-encoding", "d.yaml:1:8 wrong-type /units"]


def test_an_id_used_twice_is_reported_with_both_files(org: Path) -> None:
    write(org / "c.yaml", "units:\n- name: X\n  id: it\n")
    with pytest.raises(InvalidDocument) as caught:
        load(org)
    (problem,) = caught.value.problems
    assert problem.location == Location(str(org / "c.yaml"), 3, 7)
    assert problem.message == f"the id 'it' is already used at {org / 'a' / 'it.yaml'}:3:7"


def test_documents_of_several_versions_lie_side_by_side(org: Path) -> None:
    write(
        org / "c.yaml", "version: 1\npositions:\n- {id: x, title: X, unit: hq, cost: {amount: 1.10, currency: EUR}}\n"
    )
    model = load(org)
    assert str(model.positions["x"].monthly_cost.amount) == "1.10"
    assert model.provenance.source.locate(Ref("position", "x"), "monthly_cost").column == 37


def test_an_empty_directory_is_no_document(tmp_path: Path) -> None:
    write(tmp_path / "readme.txt", "")
    with pytest.raises(InvalidDocument, match="the directory holds no document") as caught:
        load(tmp_path)
    assert caught.value.code == "no-documents"
    assert caught.value.problems[0].location == Location(str(tmp_path))


def test_a_yaml_file_of_comments_only_holds_no_records(org: Path) -> None:
    before = load(org)
    write(org / "c.yaml", "# nothing yet\n")
    write(org / "d.yaml", "")
    assert load(org) == before


def test_limits_hold_for_every_file(org: Path) -> None:
    with pytest.raises(InvalidDocument, match="over the limit of 5 characters"):
        load(org, document_limit=5)
    with pytest.raises(InvalidDocument, match="the limit is 2"):
        load(org, string_limit=2)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed_and_loops_are_errors(org: Path, tmp_path: Path) -> None:
    before = load(org)
    write(tmp_path / "elsewhere" / "x.yaml", "people:\n- {id: eve, name: Eve}\n")
    (org / "link").symlink_to(tmp_path / "elsewhere")
    assert load(org) == before.add(Person(id="eve", name="Eve"))
    (org / "a" / "up").symlink_to(org)
    with pytest.raises(OSError, match="leads back to a directory it lies in") as caught:
        load(org)
    assert caught.value.filename == str(org / "a" / "up")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_file_that_cannot_be_read_is_an_os_error(org: Path) -> None:
    (org / "c.json").symlink_to(org / "nowhere")
    with pytest.raises(FileNotFoundError):
        load(org)


# -- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["kind", "unit"])
@pytest.mark.parametrize("format", ["json", "yaml"])
def test_a_new_directory_gives_back_its_model(tmp_path: Path, by, format) -> None:
    dump(MODEL, tmp_path / "new", by=by, format=format)
    assert load(tmp_path / "new") == MODEL
    kinds = ["assignments", "people", "positions", "units"]
    units = ["people", f"units{os.sep}%49%54", f"units{os.sep}hq"]
    assert list(texts(tmp_path / "new")) == [f"{name}.{format}" for name in (kinds if by == "kind" else units)]


def test_by_unit_people_and_assignments_follow_their_position(tmp_path: Path) -> None:
    dump(MODEL, tmp_path, by="unit")
    it = OperatingModel.of(MODEL.units["IT"], MODEL.positions["dev"], MODEL.people["ann"], MODEL.assignments["a1"])
    assert load(tmp_path / "units" / "%49%54.json") == it


def test_a_name_with_a_slash_at_its_end_is_a_directory(tmp_path: Path) -> None:
    dump(MODEL, f"{tmp_path / 'new'}/")
    assert load(tmp_path / "new") == MODEL


def test_records_go_back_to_their_files_and_only_those_that_changed_are_written(org: Path) -> None:
    before = texts(org)
    stamps = {path: path.stat().st_ino for path in org.rglob("*.*")}
    model = load(org)
    dump(model.replace(evolve(model.units["it"], name="Technology")), org)
    assert texts(org) == {**before, "a/it.yaml": before["a/it.yaml"].replace("name: IT", "name: Technology")}
    assert [path.name for path, stamp in stamps.items() if path.stat().st_ino != stamp] == ["it.yaml"]


def test_an_unchanged_model_writes_nothing(org: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "write_whole", None)
    dump(load(org), org)


def test_a_renamed_record_stays_in_its_file(org: Path) -> None:
    before = texts(org)
    dump(load(org).rename(Ref("unit", "it"), "tech"), org)
    after = texts(org)
    assert after["a/it.yaml"] == before["a/it.yaml"].replace("id: it", "id: tech")
    assert after["a/people.yml"] == before["a/people.yml"].replace("unit: it", "unit: tech")
    assert after["b.json"] == before["b.json"]


def test_new_records_go_to_a_file_of_their_kind_and_removed_ones_leave_theirs(org: Path) -> None:
    model = load(org).add(Person(id="bob", name="Bob")).remove(Ref("person", "ann"))
    dump(model, org)
    assert load(org) == model
    assert texts(org)["people.json"] == dumps(OperatingModel.of(Person(id="bob", name="Bob")))
    assert texts(org)["a/people.yml"] == "positions:\n- {id: dev, title: Dev, unit: it}\n"


def test_new_files_are_yaml_where_all_others_are(org: Path) -> None:
    (org / "b.json").unlink()
    model = load(org).add(Unit(id="hq", name="HQ"))
    dump(model, org, by="unit")
    assert texts(org)["units/hq.yaml"].endswith("units:\n  - id: hq\n    name: HQ\n")
    assert load(org) == model


def test_a_file_that_lost_all_its_records_stays_as_an_empty_one(org: Path) -> None:
    model = load(org).remove(Ref("unit", "hq"), Ref("unit", "it"), dangling=True)
    dump(model, org)
    assert load(org) == model
    assert load(org / "b.json") == OperatingModel()


def test_foreign_documents_are_not_mixed_in(org: Path) -> None:
    before = texts(org)
    with pytest.raises(FileExistsError, match=r"the model was not read from, such as .*it\.yaml"):
        dump(MODEL, org)
    model = load(org)
    write(org / "new.json", ENVELOPE + "}")
    with pytest.raises(FileExistsError, match=r"new\.json"):
        dump(model.remove(Ref("person", "ann")), org)
    (org / "new.json").unlink()
    assert texts(org) == before


def test_the_same_layout_may_be_written_again(tmp_path: Path) -> None:
    dump(MODEL, tmp_path, by="kind")
    dump(MODEL.remove(Ref("person", "bob")), tmp_path, by="kind")
    assert load(tmp_path) == MODEL.remove(Ref("person", "bob"))


def test_what_somebody_else_did_meanwhile_does_not_stand_in_the_way(org: Path) -> None:
    model = load(org)
    write(org / "b.json", "{")
    write(org / "a" / "it.yaml", "units:\n- {id: hq, name: Elsewhere}\npeople:\n- {id: ann, name: Twice}\n")
    (org / "a" / "people.yml").unlink()
    dump(model, org)
    assert load(org) == model


def test_files_that_gain_records_are_written_before_those_that_lose_them(org: Path, monkeypatch) -> None:
    model = load(org)
    moved = org / "a" / "it.yaml"
    write(org / "b.json", ENVELOPE + "}")  # a crash left the record of this file in the other one
    write(moved, moved.read_text() + "- {id: hq, name: HQ}\n")
    written: list[str] = []
    whole = layout.write_whole
    monkeypatch.setattr(layout, "write_whole", lambda name, text: (written.append(Path(name).name), whole(name, text)))
    dump(model, org)
    assert written == ["b.json", "it.yaml"]
    assert load(org) == model


def test_unknown_fields_and_tables_go_back_where_they_were(org: Path) -> None:
    write(org / "c.yaml", "planets:\n- mars  # red\nlabel: x\npeople:\n- {id: eve, name: Eve, colour: red}\n")
    write(org / "d.json", ENVELOPE + ', "planets": [{"id": "venus"}]}')
    before = texts(org)
    model = load(org, unknown="keep")
    dump(model, org)
    assert texts(org) == before
    dump(model.replace(evolve(model.people["eve"], name="Eva")), org)
    assert texts(org) == {**before, "c.yaml": before["c.yaml"].replace("Eve", "Eva")}
    other = org.parent / "other"
    dump(model, other, by="unit")
    assert dict(load(other, unknown="keep").provenance.tables) == dict(model.provenance.tables)
    assert load(other, unknown="keep").provenance.fields == model.provenance.fields


def test_a_key_that_is_no_list_may_stand_in_one_file_only(org: Path) -> None:
    write(org / "c.yaml", "label: x\n")
    write(org / "d.yaml", "label: z\n")
    with pytest.raises(InvalidDocument) as caught:
        load(org, unknown="keep")
    assert [(str(p.location), p.code) for p in caught.value.problems] == [(f"{org / 'd.yaml'}:1:8", "duplicate-key")]


def test_other_layouts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not by 'colour'"):
        dump(MODEL, tmp_path, by="colour")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not 'toml'"):
        dump(MODEL, tmp_path, format="toml")  # type: ignore[arg-type]


@settings(max_examples=15)
@given(
    strategies.models(max_size=5),
    strategies.models(max_size=5),
    st.sampled_from(["kind", "unit"]),
    st.sampled_from(["json", "yaml"]),
)
def test_any_model_comes_back_and_so_does_what_it_turns_into(tmp_path_factory, model, other, by, format) -> None:
    top = tmp_path_factory.mktemp("org")
    if not len(model):
        return
    dump(model, top, by=by, format=format)
    loaded = load(top)
    assert loaded == model
    after = loaded.put(*other)
    dump(after, top, by=by)
    assert load(top) == after


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("hq", "hq"),
        ("客服", "客服"),
        ("R&D", "%52%26%44"),
        ("..", "%2e%2e"),
        (".hidden", "%2ehidden"),
        ("a/b\\c", "a%2fb%5cc"),
        ("con", "%63on"),
        ("lpt1.x", "%6cpt1.x"),
        ("console", "console"),
        ("%41", "%2541"),
        ("😀", "%u01f600"),
        ("É", "%c9"),
    ],
)
def test_file_names_suit_every_file_system(id: str, expected: str) -> None:
    assert file_name(id) == expected


@given(st.lists(st.text(min_size=1, max_size=200), min_size=2, max_size=8, unique=True))
def test_different_ids_have_different_names_also_where_capitals_do_not_count(ids: list[str]) -> None:
    names = [file_name(id) for id in ids]
    assert len({name.lower() for name in names}) == len(ids)
    assert all(len(name.encode()) <= 150 and not {"/", "\\", ":", "\0"} & set(name) for name in names)
