"""The list of Kubernetes' groups as a model: what the data's README says of it, and that nothing of a file is lost."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import frozen

import community_ops as co
from community_ops.errors import MissingExtra

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SMALL = EXAMPLES / "sigs.yaml"
DAY = date(2026, 3, 2)
LISTS = {"sigs": "SIG ", "workinggroups": "WG ", "usergroups": "UG ", "committees": "Committee "}
ROLES = ("chairs", "tech_leads", "emeritus_leads")


@pytest.fixture(scope="module")
def example() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLES)
        yield import_module("kubernetes_sigs")


@frozen
class Read:
    """A file as another reader has it, every scalar as text, and as the example has it."""

    document: dict[str, Any]
    model: co.OperatingModel
    told: list[tuple[str, str]]


def read(example: Any, path: Path) -> Read:
    return Read(plain(path), *example.read(path, DAY))


@pytest.fixture(scope="module")
def real(example: Any, data_dir: Path) -> Read:
    path = data_dir / "kubernetes-sigs.yaml"
    if not path.is_file():
        pytest.skip(f"no {path.name} in the test data")
    return read(example, path)


@pytest.fixture(scope="module")
def small(example: Any) -> Read:
    return read(example, SMALL)


@pytest.fixture(params=["small", "real"])
def file(request: pytest.FixtureRequest) -> Read:
    """Both the small file and the real one, which may be absent."""
    found: Read = request.getfixturevalue(request.param)
    return found


def plain(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def groups(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [group for listed in LISTS for group in document.get(listed, ())]


def subprojects(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for group in groups(document) for part in group.get("subprojects", ())]


def rewritten(tmp_path: Path, change: Any) -> Path:
    """The small file with something changed in it."""
    document = plain(SMALL)
    change(document)
    found = tmp_path / "changed.yaml"
    found.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return found


class TestTheRealFile:
    def test_holds_what_its_readme_says(self, real: Read) -> None:
        model = real.model
        assert Counter(unit.extra["listed"] for unit in model.units if unit.parent == "kubernetes") == {
            "sigs": 24, "workinggroups": 8, "committees": 3,
        }  # fmt: skip
        assert sum(unit.parent not in (None, "kubernetes") for unit in model.units) == 236
        seats: Counter[str] = Counter()
        for position in model.positions:
            seats[position.extra["role"]] += position.seats
        assert (seats["chairs"], seats["tech_leads"], seats["emeritus_leads"], seats["liaison"]) == (112, 54, 120, 34)
        assert Counter(line.kind for line in model.reporting_lines) == {"functional": 31, "administrative": 34}
        # The README counts the meetings of groups; those of subprojects come on top.
        held_by = Counter(model.units[meeting.extra["unit"]].parent == "kubernetes" for meeting in model.meetings)
        assert held_by == {
            True: 72,
            False: sum(len(part.get("meetings", ())) for part in subprojects(real.document)),
        }

    def test_leaves_open_when_most_meetings_are_held(self, real: Read) -> None:
        model, told = real.model, real.told
        undated = {meeting.name for meeting in model.meetings if meeting.start is None}
        fortnightly = {
            meeting["description"]
            for one in (*groups(real.document), *subprojects(real.document))
            for meeting in one.get("meetings", ())
            if re.match("bi|every four", meeting["frequency"].lower())
            and "start" not in meeting["frequency"] + meeting["day"]
        }
        # Read by hand: a Wednesday that may lie in the next month, and two months without a week.
        others = {"APAC SIG Meeting", "SIG Network Ingress NGINX Meeting", "Regular Alibaba Cloud Subproject Meeting"}
        assert undated == fortnightly | others
        unknown = {record for what, record in told if what.startswith("not told or not known: ")}
        assert unknown == {f"meeting {one.id}" for one in model.meetings if one.start is None}
        unmeasured = [record for what, record in told if what.startswith("not told: how long")]
        assert unmeasured == [f"meeting {one.id}" for one in model.meetings]
        assert len(told) == 61 + len(unmeasured), "one for each open meeting, and two for the one in IST"


class TestAnyFile:
    def test_it_has_as_much_of_everything_as_another_reader_counts(self, file: Read) -> None:
        listed, model = groups(file.document), file.model
        roles = Counter(
            position.extra["role"] for one in model.assignments for position in [model.positions[one.position]]
        )
        for role in ROLES:
            assert roles[role] == sum(len(group["leadership"].get(role, ())) for group in listed)
        assert roles["liaison"] == sum("liaison" in group["contact"] for group in listed)
        assert roles["leads"] == sum(len(part.get("leads", ())) for part in subprojects(file.document))
        stakeholders = sum(len(group.get("stakeholder_sigs", ())) for group in listed)
        assert len(model.reporting_lines) == stakeholders + roles["liaison"]
        assert len(model.units) == 1 + len(listed) + len(subprojects(file.document))
        assert len(model.meetings) == sum(
            len(one.get("meetings", ())) for one in (*listed, *subprojects(file.document))
        )

    def test_nothing_of_it_is_lost(self, file: Read) -> None:
        model = file.model
        assert as_document(model) == without_people(file.document)

    def test_everybody_listed_is_one_person_with_all_that_is_said(self, file: Read) -> None:
        model, told = file.model, file.told
        listed = list(entries(file.document))
        assert {person.id for person in model.people} == {entry["github"] for entry in listed}
        for entry in listed:
            person = model.people[entry["github"]]
            assert {"github": person.id, "name": person.name, **person.extra}.items() >= entry.items()
        assert not [what for what, _ in told if "listed" in what]

    def test_it_has_no_errors(self, file: Read) -> None:
        model = file.model
        for at in (None, DAY):
            assert model.check(at=at).errors == ()

    def test_leaders_of_several_groups_are_those_listed_twice(self, example: Any, file: Read) -> None:
        led: dict[str, set[str]] = {}
        for group in groups(file.document):
            for role in ("chairs", "tech_leads"):
                for entry in group["leadership"].get(role, ()):
                    led.setdefault(entry["github"], set()).add(group["dir"])
        model = file.model
        found = example.leading(model)
        assert {person: set(units) for person, units in found.items()} == led
        assert all(len(set(units)) == len(units) for units in found.values())

    def test_groups_with_a_single_chair_are_those_that_list_one(self, example: Any, file: Read) -> None:
        model, document = file.model, file.document
        assert example.held_by_one(model, "chairs") == [
            group["dir"] for group in groups(document) if len(group["leadership"]["chairs"]) == 1
        ]
        assert len(example.held_by_one(model, "leads")) == sum(
            len(part.get("leads", ())) == 1 for part in subprojects(document)
        )

    def test_meetings_are_held_on_the_day_and_at_the_time_written(self, file: Read) -> None:
        model = file.model
        held: dict[str, list[Any]] = {}
        for one in co.org.occurrences(model, DAY, DAY + timedelta(days=12 * 7 - 1)):
            held.setdefault(one.meeting, []).append(one.start)
        assert set(held) == {meeting.id for meeting in model.meetings if meeting.start is not None}
        for meeting in model.meetings:
            for start in held.get(meeting.id, ()):
                assert start.strftime("%A") in meeting.extra["day"]
                assert meeting.extra["time"] in spoken(start)
            if meeting.id in held:
                often = meeting.extra["frequency"].lower()
                times = {12} if often.startswith("weekly") else {6} if often.startswith("bi") else {2, 3}
                assert len(held[meeting.id]) in times, often

    def test_units_are_headed_by_those_listed_as_leading_them(self, file: Read) -> None:
        heads = {"kubernetes": ("committee-steering/chairs",)}
        for group in groups(file.document):
            heads[group["dir"]] = (f"{group['dir']}/chairs",)
            for part in group.get("subprojects", ()):
                id = f"{group['dir']}/{part['name']}"
                heads[id] = (f"{id}/leads",) if part.get("leads") else ()
        assert {unit.id: unit.heads for unit in file.model.units} == heads

    def test_emeritus_leads_lead_nothing_and_attend_nothing(self, file: Read) -> None:
        model = file.model
        former = {position.id for position in model.positions if position.extra["role"] == "emeritus_leads"}
        assert former
        assert former.isdisjoint(head for unit in model.units for head in unit.heads)
        assert former.isdisjoint(id for meeting in model.meetings for id in meeting.participants)

    def test_each_line_leads_from_chairs_to_the_liaison_or_to_the_chairs_of_a_stakeholder(self, file: Read) -> None:
        model, document = file.model, file.document
        homes = {group["name"]: group["dir"] for group in document["sigs"]}
        expected = set()
        for group in groups(document):
            for name in group.get("stakeholder_sigs", ()):
                expected.add((group["dir"], f"{homes[name]}/chairs"))
            if "liaison" in group["contact"]:
                expected.add((group["dir"], f"{group['dir']}/liaison"))
                assert [one.person for one in co.org.holders(model, f"{group['dir']}/liaison", DAY)] == [
                    group["contact"]["liaison"]["github"]
                ]
        assert {(line.position.removesuffix("/chairs"), line.manager) for line in model.reporting_lines} == expected

    def test_it_can_be_written_and_read_again(self, file: Read) -> None:
        model = file.model
        assert co.loads(co.dumps(model)) == model


def entries(document: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Everybody listed anywhere."""
    if "gb_rep" in document:
        yield document["gb_rep"]
    for group in groups(document):
        for listed in group["leadership"].values():
            yield from listed
        yield from [group["contact"]["liaison"]] if "liaison" in group["contact"] else []
    for part in subprojects(document):
        yield from part.get("leads", ())


def spoken(start: Any) -> set[str]:
    """The ways in which the files have a time: 9:00, 09:00 or 9AM."""
    whole = {f"{start:%I%p}".lstrip("0")} if not start.minute else set()
    return {f"{start:%H:%M}", f"{start.hour}:{start:%M}", *whole}


def without_people(document: dict[str, Any]) -> Any:
    """A document with handles for people, without empty lists, and without white space around texts."""

    def walk(value: Any) -> Any:
        if isinstance(value, Mapping):
            if "github" in value:
                return value["github"]
            return {key: walk(one) for key, one in value.items() if one not in ([], (), "", {})}
        return [walk(one) for one in value] if isinstance(value, list | tuple) else value.strip()

    return walk(document)


def as_document(model: co.OperatingModel) -> Any:
    """What file the model came from, by the fields of its records."""
    document: dict[str, Any] = {}
    held = {
        position.id: [one.person for one in model.assignments if one.position == position.id]
        for position in model.positions
    }
    names = {unit.id: unit.name.partition(" ")[2] for unit in model.units if unit.parent == "kubernetes"}
    for unit in model.units:
        if unit.parent != "kubernetes":
            continue
        extra = dict(unit.extra)
        prefix = LISTS[listed := extra.pop("listed")]
        group = {"dir": unit.id, "name": unit.name.removeprefix(prefix), "mission_statement": unit.mission, **extra}
        group["leadership"] = {role: held[f"{unit.id}/{role}"] for role in ROLES if f"{unit.id}/{role}" in held}
        liaison = held.get(f"{unit.id}/liaison")
        group["contact"] = {**extra["contact"], **({"liaison": liaison[0]} if liaison else {})}
        group["stakeholder_sigs"] = [
            names[line.manager.removesuffix("/chairs")] for line in model.reporting_lines
            if line.position == f"{unit.id}/chairs" and line.kind == "functional"
        ]  # fmt: skip
        group["meetings"] = meetings_of(model, unit.id)
        group["subprojects"] = [
            {
                "name": part.name, "description": part.mission, "leads": held.get(f"{part.id}/leads", []),
                "meetings": meetings_of(model, part.id), **part.extra,
            }
            for part in model.units if part.parent == unit.id
        ]  # fmt: skip
        document.setdefault(listed, []).append(group)
    return without_people({**document, "gb_rep": held["kubernetes/gb_rep"][0], **model.units["kubernetes"].extra})


def meetings_of(model: co.OperatingModel, unit: str) -> list[dict[str, Any]]:
    return [
        {"description": one.name, **{key: value for key, value in one.extra.items() if key != "unit"}}
        for one in model.meetings if one.extra["unit"] == unit
    ]  # fmt: skip


class TestTheSmallFile:
    def test_has_what_was_written_into_it(self, example: Any, capsys: pytest.CaptureFixture[str]) -> None:
        example.main([str(SMALL), "--at", "2026-03-02"])
        shown = capsys.readouterr().out
        for line in (
            "  sigs: 2", "  workinggroups: 1", "  committees: 1", "  subprojects: 3", "  chairs: 7",
            "  meetings: 8, of which 5 are known to the day", "  Ann Example: sig-garden, wg-harvest",
            "Groups with a single chair: sig-kitchen", "Subprojects with a single lead: sig-garden/compost",
            "Meetings in the week from 2026-03-02, as far as known: 4",
            "  not told or not known: the time zone 'IST': meeting sig-garden/compost/meeting-1",
        ):  # fmt: skip
            assert line in shown.splitlines()
        # 9:00 in California is 17:00 in UTC before the clocks change, and both meetings take an hour.
        assert "Ann Example is wanted in Regular SIG Meeting and in Harvest Meeting at the same time" in shown

    def test_is_shown_in_the_docs(self, example: Any, capsys: pytest.CaptureFixture[str]) -> None:
        example.main([str(SMALL)])
        page = (EXAMPLES.parent / "docs" / "community.md").read_text("utf-8")
        (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
        assert capsys.readouterr().out.startswith(shown)

    def test_is_what_a_missing_file_points_to(
        self, example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("COMMUNITY_OPS_DATA", str(tmp_path))
        with pytest.raises(SystemExit) as left:
            example.main([])
        assert left.value.code == 2
        said = capsys.readouterr().err
        assert f"no file at {tmp_path / 'kubernetes-sigs.yaml'}" in said
        assert str(SMALL) in said

    def test_needs_the_extra(self, example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "ruamel.yaml", None)
        with pytest.raises(MissingExtra, match=r"community-ops\[yaml\]"):
            example.read(SMALL, DAY)


class TestOddFiles:
    def test_a_committee_without_chairs_is_found_by_the_check(self, example: Any, tmp_path: Path) -> None:
        model, told = example.read(
            rewritten(tmp_path, lambda document: document["committees"][0]["leadership"].pop("chairs")), DAY
        )
        assert {found.code for found in model.check(at=DAY).errors} == {"REF101"}
        assert ("the liaison is not on the steering committee", "unit sig-kitchen") in told

    def test_a_stakeholder_that_is_no_group_is_found_by_the_check(self, example: Any, tmp_path: Path) -> None:
        def change(document: dict[str, Any]) -> None:
            document["workinggroups"][0]["stakeholder_sigs"].append("Cellar")

        model, _ = example.read(rewritten(tmp_path, change), DAY)
        (found,) = model.check(at=DAY).errors
        assert found.code == "REF101"
        assert "Cellar" in found.message

    def test_a_liaison_who_is_not_on_the_committee_is_told_and_reports_to_nobody(
        self, example: Any, tmp_path: Path
    ) -> None:
        def change(document: dict[str, Any]) -> None:
            document["sigs"][0]["contact"]["liaison"] = {"github": "joy-example", "name": "Joy Example"}

        model, told = example.read(rewritten(tmp_path, change), DAY)
        assert ("the liaison is not on the steering committee", "unit sig-garden") in told
        assert model.positions["sig-garden/liaison"].reports_to is None
        assert model.positions["sig-kitchen/liaison"].reports_to == "committee-steering/chairs"

    def test_without_a_steering_committee_liaisons_sit_in_the_whole(self, example: Any, tmp_path: Path) -> None:
        model, _ = example.read(rewritten(tmp_path, lambda document: document.pop("committees")), DAY)
        assert model.positions["sig-garden/liaison"].unit == model.units["sig-garden"].parent == "kubernetes"
        assert model.check(at=DAY).errors == ()

    def test_leaders_of_an_unknown_kind_are_kept_and_told(self, example: Any, tmp_path: Path) -> None:
        def change(document: dict[str, Any]) -> None:
            document["sigs"][0]["leadership"]["mascots"] = [{"github": "kit-example", "name": "Kit Example"}]

        model, told = example.read(rewritten(tmp_path, change), DAY)
        assert ("an unknown kind of leadership, kept in extra: mascots", "unit sig-garden") in told
        (kept,) = model.units["sig-garden"].extra["leadership"]["mascots"]
        assert dict(kept) == {"github": "kit-example", "name": "Kit Example"}

    def test_a_handle_in_other_case_is_the_same_person_and_what_differs_is_told(
        self, example: Any, tmp_path: Path
    ) -> None:
        def change(document: dict[str, Any]) -> None:
            entry = document["workinggroups"][0]["leadership"]["chairs"][0]
            entry.update(github="Ann-Example", name="A. Example", company="Another Ltd", pronoun="she")

        model, told = example.read(rewritten(tmp_path, change), DAY)
        assert "Ann-Example" not in model.people
        assert dict(model.people["ann-example"].extra) == {"company": "Example Ltd", "pronoun": "she"}
        assert ("is also listed with the name A. Example", "person ann-example") in told
        assert ("is also listed with the company Another Ltd", "person ann-example") in told

    def test_unquoted_times_are_no_numbers(self, example: Any, tmp_path: Path) -> None:
        file = tmp_path / "unquoted.yaml"
        file.write_text(SMALL.read_text("utf-8").replace('"9:00"', "9:00"), "utf-8")
        model, _ = example.read(file, DAY)
        assert model.meetings["sig-garden/meeting-1"].start == "2026-03-03T09:00"
