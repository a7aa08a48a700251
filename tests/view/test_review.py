"""Changes as people review them: everything that changed is there, by name, and nothing in it acts."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import DateRange, OperatingModel, Person, Position, Ref, Skill, SkillLevel, Unit, diff
from community_ops.kernel.text import clean_line
from community_ops.view import review
from community_ops.view.review import review_markdown, review_text
from tests.properties.material import some_models

HQ = Unit(id="hq", name="Head office")


def text(a: OperatingModel, b: OperatingModel) -> list[str]:
    return review_text(diff(a, b), a, b).splitlines()


def markdown(a: OperatingModel, b: OperatingModel) -> list[str]:
    return review_markdown(diff(a, b), a, b).splitlines()


@settings(max_examples=12)
@given(some_models, some_models, st.sampled_from(["en", "zh"]))
def test_every_record_that_changes_is_named_and_every_row_has_its_cells(a, b, language):
    changes = diff(a, b)
    lines = review_text(changes, a, b, language).splitlines()
    touched = {ref for ref, _ in changes.renamed} | {update.ref for update in changes.updated}
    touched |= {record.ref for record in (*changes.removed, *changes.added)}
    for ref in touched:
        assert any(line[0] in "><-~+" and clean_line(line).endswith(clean_line(f"({ref})")) for line in lines)
    rows = review_markdown(changes, a, b, language).splitlines()[2:]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in rows if row.startswith("|"))
    assert (len(lines) == 1) is (not changes)


def test_each_kind_of_change_has_its_mark():
    a = OperatingModel.of(HQ, Unit(id="old", name="Old"), Unit(id="ops", name="Operations"), Skill(id="s", name="SQL"))
    b = OperatingModel.of(
        HQ,
        Unit(id="operations", name="Operations"),
        Skill(id="s", name="SQL", description="Databases"),
        Person(id="p", name="Ada", skills=(SkillLevel(skill="s", level=4),)),
    )
    assert text(a, b) == [
        "> Operations (unit:ops)",
        "    id: ops -> operations",
        "- Old (unit:old)",
        "~ SQL (skill:s)",
        '    description: "" -> "Databases"',
        "+ Ada (person:p)",
        '    skills: [{"skill": "s", "level": 4}]',
        "1 renamed, 1 removed, 1 changed, 1 added",
    ]
    assert review_text(diff(a, b), a, b, "zh").splitlines()[-1] == "改编号 1 项，删除 1 项，修改 1 项，新增 1 项"
    assert markdown(a, b)[4:6] == [
        "| renamed | Operations<br><code>unit:ops</code> | id | ops | operations |",
        "| removed | Old<br><code>unit:old</code> |  |  |  |",
    ]


def test_references_have_the_name_of_their_time():
    a = OperatingModel.of(
        Unit(id="x", name="Before", heads=["p"]), Position(id="p", title="Clerk", unit="x"), Unit(id="y", name="Y")
    )
    b = OperatingModel.of(
        Unit(id="x", name="After", heads=["p"]),
        Position(id="p", title="Head", unit="y"),
        Unit(id="y", name="Y", heads=["p", "nobody"]),
    )
    assert text(a, b) == [
        "~ Before (unit:x)",
        '    name: "Before" -> "After"',
        "~ Y (unit:y)",
        "    heads: - -> Head (p), nobody",
        "~ Clerk (position:p)",
        '    title: "Clerk" -> "Head"',
        "    unit: Before (x) -> Y (y)",
        "3 changed",
    ]


def test_a_renamed_target_keeps_its_old_name_in_old_values():
    a = OperatingModel.of(HQ, Unit(id="lab", name="Lab", parent="hq"), Unit(id="a", name="A", parent="lab"))
    b = a.rename(Ref("unit", "lab"), "laboratory").replace(Unit(id="a", name="A", parent="hq"))
    assert "    parent: Lab (laboratory) -> Head office (hq)" in text(a, b)


def test_names_cannot_break_lines_or_act_as_markup():
    a = OperatingModel()
    b = OperatingModel.of(Unit(id="u", name="a\n\x1b[31m+ b | <b> @all \u202eevil", period=DateRange(None, None)))
    assert text(a, b)[0] == "+ a \ufffd[31m+ b | <b> @all \ufffdevil (unit:u)"
    shown = "\n".join(markdown(a, b))
    assert not re.search(r"<b>|@all|\x1b", shown)


def test_a_table_ends_before_it_is_too_long_for_a_comment(monkeypatch):
    b = OperatingModel(Unit(id=f"u{number}", name="N") for number in range(40))
    monkeypatch.setattr(review, "ROOM", 500)
    lines = markdown(OperatingModel(), b)
    shown = sum(line.startswith("| added") for line in lines)
    assert lines[-1] == f"{40 - shown} more rows are not shown."
    assert sum(len(line) + 1 for line in lines if line.startswith("| added")) <= 500
