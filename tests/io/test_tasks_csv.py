"""Tables of tasks: what they say, what is odd about them, and that what is written comes back."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops.io import read_tasks_csv, write_tasks_csv
from community_ops.io.posts_out import neutral

START = date(2026, 3, 2)


def read(folder: Path, text: str | bytes, **options: Any) -> tuple[co.OperatingModel, co.Report]:
    path = folder / "plan.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_tasks_csv(path, **{"start": START, **options})


def test_a_table_as_ms_project_exports_it(tmp_path: Path) -> None:
    text = (
        "ID,Active,Task Mode,Name,Duration,Start,Finish,Predecessors,Outline Level,Notes\n"
        "1,Yes,Auto,Content,5 days,2026-03-09,2026-03-13,,1,\n"
        "2,Yes,Auto,Write,4 days,2026-03-09,2026-03-12,,2,\n"
        "3,Yes,Auto,Check,1 day?,2026-03-13,2026-03-13,2FS+1d,2,twice\n"
        "4,Yes,Auto,Live,0 days,2026-03-13,2026-03-13,1,1,\n"
    )
    model, report = read(tmp_path, text, start=None)
    assert model.plans["plan"].start == date(2026, 3, 9)
    assert [(one.id, one.parent, one.kind, one.duration and str(one.duration)) for one in model.tasks] == [
        ("1", None, "task", None), ("2", "1", "task", "4d"), ("3", "1", "task", "1d"), ("4", None, "milestone", None),
    ]  # fmt: skip
    assert model.tasks["3"].links == (co.Link("2", lag=co.Duration(1)),)
    assert model.tasks["3"].description == "twice"
    assert model.tasks["1"].extra == {"Active": "Yes", "Task Mode": "Auto"}
    assert [found.code for found in report.findings] == ["IMP104"]


def test_chinese_headers_in_a_chinese_encoding(tmp_path: Path) -> None:
    text = (
        "任务编号;任务名称;上级任务;类型;工期;前置任务;完成百分比;负责人\n"
        "甲;写稿;;任务;3天;;50%;编辑\n乙;上线;;里程碑;;甲FS+2天;;编辑\n"
    )
    model, report = read(tmp_path, text.encode("gb18030"))
    assert model.tasks["甲"].duration == co.Duration(3)
    assert model.tasks["甲"].percent_complete == 50
    assert model.tasks["乙"].kind == "milestone"
    assert model.tasks["乙"].links == (co.Link("甲", lag=co.Duration(2)),)
    assert model.positions["编辑"].unit == "resources"
    assert {found.code for found in report.findings} == {"IMP101"}


def test_headers_of_ones_own_and_rows_without_ids(tmp_path: Path) -> None:
    model, _ = read(tmp_path, "Was,Wie lange\nText,2d\nDruck,1d\n", columns={"name": "Was", "duration": "Wie lange"})
    assert [(one.id, one.name, str(one.duration)) for one in model.tasks] == [("1", "Text", "2d"), ("2", "Druck", "1d")]


def test_the_calendar_and_the_start_are_the_callers(tmp_path: Path) -> None:
    model, _ = read(tmp_path, "name\nA\n", start=datetime.fromisoformat("2026-03-02T09:00+01:00"), calendar="office")
    assert model.plans["plan"].calendar == "office"
    assert str(model.plans["plan"].start) == "2026-03-02 09:00:00+01:00"


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("duration", "soon"), ("duration", "3ed"), ("duration", "-3d"), ("kind", "idea"), ("level", "deep"),
        ("% complete", "150"), ("% complete", "half"), ("predecessors", "later"), ("predecessors", "1FS+x"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line_and_left_out(tmp_path: Path, header: str, cell: str) -> None:
    model, report = read(tmp_path, f"id,name,{header}\n1,A,\n2,B,{cell}\n")
    (found,) = report.findings
    assert found.code == "IMP602"
    assert cell in found.message
    assert "line 3" in found.message
    assert model.tasks["2"] == co.Task(id="2", name="B", plan="plan")


def test_a_start_that_is_no_date_is_told_where_it_is_wanted(tmp_path: Path) -> None:
    _, report = read(tmp_path, "id,name,start\n1,A,02/03/2026\n2,B,2026-03-03 09:00\n", start=None)
    assert [found.code for found in report.findings] == ["IMP602"]


def test_ids_that_lack_or_come_twice(tmp_path: Path) -> None:
    model, report = read(tmp_path, "id,name,predecessors\n1,A,\n,B,\n1,C,\n2,D,1\n")
    assert [(one.id, one.name) for one in model.tasks] == [("1", "A"), ("1#2", "C"), ("2", "D")]
    assert [found.code for found in report.errors] == ["IMP605", "IMP605"]


def test_dangling_predecessors_and_parents_stand_on_their_lines(tmp_path: Path) -> None:
    _, report = read(tmp_path, "id,name,parent,predecessors\n1,A,,\n2,B,9,8\n")
    assert {found.code[:3] for found in report.findings} == {"REF"}
    assert {str(found.location).rpartition(":")[2] for found in report.findings} == {"3"}


def test_blank_rows_and_cells_too_many(tmp_path: Path) -> None:
    model, report = read(tmp_path, "id,name\n\n1,A\n,\n2,B,extra\n")
    assert model.tasks.ids == ("1", "2")
    assert [(found.code, "line 5" in found.message) for found in report.findings] == [("IMP601", True)]


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("", {}, "no-headers"),
        ("a,b\n1,2\n", {}, "no-headers"),
        ("id,name\n1,A\n", {"columns": {"boss": "x"}}, "missing-column"),
        ("id,name\n1,A\n", {"columns": {"duration": "Dauer"}}, "missing-column"),
        ("id,name\n1,A\n", {"start": None}, "missing-start"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, text: str, options: dict[str, Any], code: str) -> None:
    with pytest.raises(co.InvalidDocument) as caught:
        read(tmp_path, text, **options)
    assert caught.value.code == code
    assert caught.value.problems[0].location is not None


# --- writing ------------------------------------------------------------------------------------------------


def plan(*tasks: co.Task) -> co.OperatingModel:
    return co.OperatingModel.of(co.Plan(id="p", name="Launch", start=START), *tasks)


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_of_a_schedule(tmp_path: Path) -> None:
    model = plan(
        co.Task(id="top", name="Content", plan="p"),
        co.Task(id="a", name="Write", plan="p", parent="top", duration=co.Duration(2), owner="editor"),
        co.Task(id="b", name="Check", plan="p", parent="top", effort=co.Duration(4, "hour"), links=[co.Link("a")]),
        co.Task(id="c", name="Ads", plan="p", duration=co.Duration(1), percent_complete=Decimal("12.5")),
        co.Task(
            id="d", name="Live", plan="p", kind="milestone", links=[co.Link("b", lag=co.Duration(1)), co.Link("c")]
        ),
    )  # fmt: skip
    path = tmp_path / "tasks.csv"
    changes = write_tasks_csv(model, "p", path)
    table = {row["ID"]: row for row in rows(path)}
    assert list(table) == ["top", "a", "b", "c", "d"]
    assert [table["b"][name] for name in ("Parent", "Start", "Finish", "Duration", "Predecessors")] == [
        "top", "2026-03-04 09:00", "2026-03-04 13:00", "0.5d", "a",
    ]  # fmt: skip
    # Write and check take 2.5 days, a day passes, and the ads take one of these 3.5.
    assert [table["c"][name] for name in ("Total float", "Free float", "Critical", "% complete")] == [
        "2.5d", "2.5d", "no", "12.5",
    ]  # fmt: skip
    assert table["d"]["Predecessors"] == "bFS+1d,c"
    assert (table["top"]["Kind"], table["d"]["Kind"], table["d"]["Duration"]) == ("summary", "milestone", "0d")
    assert {(str(one.ref), one.field) for one in changes.updated} == {("task:b", "effort"), ("task:b", "duration")}


def test_a_plan_in_a_circle_has_no_dates(tmp_path: Path) -> None:
    one = co.Task(id="1", name="A", plan="p", duration=co.Duration(1), links=[co.Link("2")])
    other = co.Task(id="2", name="B", plan="p", duration=co.Duration(1), links=[co.Link("1")])
    assert not write_tasks_csv(plan(one, other), "p", tmp_path / "tasks.csv")
    assert [row["Start"] for row in rows(tmp_path / "tasks.csv")] == ["", ""]


def test_chinese_headers_come_back(tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    model = plan(co.Task(id="1", name="写稿", plan="p", duration=co.Duration(2)))
    assert not write_tasks_csv(model, "p", path, language="zh")
    again, report = read_tasks_csv(path)
    assert again.tasks["1"].duration == co.Duration(2)
    assert report.findings == ()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1", "'=1"])
def test_no_cell_is_a_formula_and_the_apostrophe_comes_off_again(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tasks.csv"
    write_tasks_csv(plan(co.Task(id="1", name=text, plan="p")), "p", path)
    (row,) = rows(path)
    assert all(neutral(cell) == cell for cell in row.values())
    assert read_tasks_csv(path)[0].tasks["1"].name == text.removeprefix("'")


def test_an_unknown_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(co.UnknownRecord):
        write_tasks_csv(plan(), "q", tmp_path / "tasks.csv")
    assert list(tmp_path.iterdir()) == []


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "Sm"]), min_size=1, max_size=8)


@st.composite
def models(draw: st.DrawFn) -> co.OperatingModel:
    """Draw a plan whose ids and texts a table can say in full."""
    count = draw(st.integers(1, 5))
    parents = [draw(st.sampled_from([None, *range(number)])) for number in range(count)]
    made = []
    for number, up in enumerate(parents):
        leaf = number not in parents
        before = st.builds(
            co.Link, st.integers(1, count).map(str), st.sampled_from(["FS", "SS", "FF", "SF"]),
            st.builds(co.Duration, st.integers(-9, 9).filter(bool), st.sampled_from(["hour", "day"])),
        )  # fmt: skip
        kind = draw(st.sampled_from(["task", "milestone"])) if leaf else "task"
        made.append(
            co.Task(
                id=str(number + 1), name=draw(NAMES), plan="p", parent=None if up is None else str(up + 1), kind=kind,
                duration=co.Duration(draw(st.integers(0, 40)), "hour") if leaf and kind == "task" else None,
                links=draw(st.lists(before, max_size=2)), owner=draw(st.sampled_from([None, "编辑", "cmo"])),
                percent_complete=draw(st.integers(0, 100)) if leaf else 0,
            )
        )  # fmt: skip
    return plan(*made)


@settings(max_examples=12)
@given(models())
def test_what_a_table_can_say_comes_back(tmp_path_factory: pytest.TempPathFactory, model: co.OperatingModel) -> None:
    path = tmp_path_factory.mktemp("table") / "p.csv"
    changes = write_tasks_csv(model, "p", path)
    again = read_tasks_csv(path, start=START)[0]
    names = {task.id: task.name for task in model.tasks}
    kept = {task.id: task for task in again.tasks}
    assert kept.keys() == names.keys()
    for task in model.tasks:
        other = kept[task.id]
        assert (other.parent, other.kind, other.links, other.owner) == (task.parent, task.kind, task.links, task.owner)
        assert (other.duration, other.percent_complete) == (task.duration, task.percent_complete)
    # A name may begin with the very apostrophe that keeps cells from being formulas.
    assert {update.field for update in changes.updated} <= {"name"}


def test_what_a_table_has_no_column_for_is_told(tmp_path: Path) -> None:
    history = (co.plan.Progress(date(2026, 3, 2), 10),)
    model = co.OperatingModel.of(
        co.Plan(id="p", name="Plan", start=date(2026, 3, 2)),
        co.Task(id="1", name="Write", plan="p", duration=co.Duration(2), percent_complete=10, progress=history),
        co.Task(id="2", name="Rewrite", plan="p", duration=co.Duration(1), reworks="1"),
    )
    changes = co.io.write_tasks_csv(model, "p", tmp_path / "p.csv")
    assert [(str(one.ref), one.field) for one in changes.updated] == [("task:1", "progress"), ("task:2", "reworks")]
