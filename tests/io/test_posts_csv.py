"""Reading posts from CSV: headers, delimiters, ids, people and what is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import community_ops as co
from community_ops.io import SheetSource, read_posts_csv
from community_ops.io.cells import Unique, day, id_of
from community_ops.io.headers import FIELDS, UnknownHeader, mapped
from community_ops.kernel.declaration import layout_of


def read(tmp_path: Path, text: str | bytes, **options: object) -> tuple[co.OperatingModel, co.Report]:
    path = tmp_path / "posts.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_posts_csv(path, **options)  # type: ignore[arg-type]


def codes(report: co.Report) -> list[str]:
    return [found.code for found in report.findings]


def test_posts_people_and_assignments_are_kept_apart(tmp_path: Path) -> None:
    text = "ref,title,company,department,reports to,name,grade,fte,function,e-mail,start date,end date\n"
    text += "1,Chief,Acme,,,Ann,G7,1.0,Leads,ann@acme.example,2024-01-15,\n"
    text += "2,Clerk,Acme,Sales,1,Ben,G1,0.50,Sells,,2024/3/1,2024年12月31日\n"
    model, report = read(tmp_path, text)
    assert report.findings == ()
    assert model == co.OperatingModel.of(
        co.Unit(id="Acme", name="Acme", kind="organisation"),
        co.Unit(id="Acme / Sales", name="Sales", parent="Acme", kind="department"),
        co.Position(id="1", title="Chief", unit="Acme", level="G7", mission="Leads"),
        co.Position(id="2", title="Clerk", unit="Acme / Sales", reports_to="1", level="G1", mission="Sells",
                    seat_fte=Decimal("0.5")),
        co.Person(id="Ann @ 1", name="Ann", email="ann@acme.example"),
        co.Person(id="Ben @ 2", name="Ben"),
        co.Assignment(id="Ann @ 1", person="Ann @ 1", position="1", period=co.DateRange(date(2024, 1, 15), None)),
        co.Assignment(id="Ben @ 2", person="Ben @ 2", position="2", fte=Decimal("0.5"),
                      period=co.DateRange(date(2024, 3, 1), date(2024, 12, 31))),
    )  # fmt: skip


def test_records_made_from_columns_are_those_the_constructor_makes(tmp_path: Path) -> None:
    model, _ = read(tmp_path, "ref,title,unit,reports to,name,Desk\n1,Chief,Acme,,Ann,4711\n2,Clerk,Acme,1,N/D,\n")
    for record in model:
        values = {spec.name: spec.get(record) for spec in layout_of(type(record)).fields}
        made = type(record)(**values)
        assert made == record
        assert repr(made) == repr(record)
    assert co.loads(co.dumps(model)) == model
    assert model.positions["1"].extra == {"Desk": "4711"}
    assert model.people["N/D @ 2"].extra == {"not_disclosed": True}


def test_chinese_headers_and_names_as_refs(tmp_path: Path) -> None:
    text = "姓名,岗位,部门,上级\n张伟,总经理,公司,无\n李娜,会计,财务部,张伟\n空缺,出纳,财务部,李娜\n"
    model, report = read(tmp_path, text.encode("gb18030"))
    assert model.positions["李娜"].reports_to == "张伟"
    assert model.positions["出纳"].reports_to == "李娜"
    assert model.positions["张伟"].title == "总经理"
    assert [person.name for person in model.people] == ["张伟", "李娜"]
    assert sorted(codes(report)) == ["IMP101", "IMP105", "IMP201", "IMP201"]


def test_without_refs_titles_tell_posts_apart_where_managers_are_titles(tmp_path: Path) -> None:
    model, report = read(tmp_path, "岗位,部门,汇报对象,姓名\n总经理,公司,,张伟\n会计,财务部,总经理,李娜\n")
    assert model.positions["会计"].reports_to == "总经理"
    assert codes(report) == ["IMP105"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(tmp_path: Path, delimiter: str) -> None:
    text = 'ref,title,unit,reports to,name\n1,"Chief, of all",Acme,,Ann\n'.replace(",", delimiter)
    model, report = read(tmp_path, text)
    assert report.findings == ()
    assert model.positions["1"].title == f"Chief{delimiter} of all"
    source = model.provenance.source
    assert isinstance(source, SheetSource)
    assert source.delimiter == delimiter
    assert source.headers["reports_to"] == ("reports to",)


def test_a_decimal_comma_counts_where_semicolons_part_the_cells(tmp_path: Path) -> None:
    row = "ref;title;unit;reports to;name;fte\n1;Chief;Acme;;Ann;0,5\n"
    model, report = read(tmp_path, row)
    assert (model.positions["1"].seat_fte, report.findings) == (Decimal("0.5"), ())
    model, report = read(tmp_path, row.replace("0,5", '"0,5"').replace(";", ","))
    assert (model.positions["1"].seat_fte, codes(report)) == (Decimal(1), ["IMP401"])
    assert model.positions["1"].extra == {"fte": "0,5"}


def test_lines_count_the_line_breaks_inside_cells(tmp_path: Path) -> None:
    model, _ = read(
        tmp_path, 'ref,title,unit,reports to,name\r\n1,"Chief\r\nof all",Acme,,Ann\r\n2,Clerk,Acme,1,Ben\r\n'
    )
    source = model.provenance.source
    assert source is not None
    assert str(source.locate(co.Ref("position", "2"))).endswith("posts.csv:4")
    assert str(source.locate(co.Ref("unit", "Acme"))).endswith("posts.csv:2")
    assert str(source.locate(co.Ref("assignment", "Ben @ 2"))).endswith("posts.csv:4")
    assert source.locate(co.Ref("position", "3")) is None


def test_quotes_that_never_close_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    model, report = read(
        tmp_path, 'ref,title,unit,reports to,name\n1,Chief,Acme,,Ann\n2,"Clerk,Acme,1,Ben\n3,Cook,Acme,1,Cem\n'
    )
    assert "1" in model.positions
    (found,) = report.where(code="IMP102").findings
    assert found.parameters["lines"] == (3,)


def test_columns_may_be_named(tmp_path: Path) -> None:
    text = "Nr,Was,Bereich,Team,Chef,Wer\n1,Chief,Acme,HQ,,Ann\n2,Clerk,Acme,Sales,1,Ben\n"
    columns = {"ref": "Nr", "title": "Was", "unit": ("Bereich", "Team"), "reports_to": "Chef", "name": "wer"}
    model, report = read(tmp_path, text, columns=columns)
    assert report.findings == ()
    assert model.positions["2"].unit == "Acme / Sales"
    assert model.units["Acme / Sales"].parent == "Acme"


@pytest.mark.parametrize("columns", [{"ref": "Nobody"}, {"shoe size": "title"}, {"ref": ("ref", "title")}])
def test_columns_that_are_not_there_are_an_error_that_names_those_that_are(
    tmp_path: Path, columns: dict[str, object]
) -> None:
    with pytest.raises(co.InvalidDocument) as caught:
        read(tmp_path, "ref,title\n1,Chief\n", columns=columns)
    assert caught.value.code == "missing-column"
    with pytest.raises(UnknownHeader):
        mapped(["ref", "title"], columns)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "\n\n", "1,2,3\n4,5,6\n", "reports to,unit\n1,2\n"])
def test_what_is_no_list_of_posts_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(co.InvalidDocument) as caught:
        read(tmp_path, text)
    assert caught.value.problems[0].location is not None


def test_headers_alone_make_an_empty_model(tmp_path: Path) -> None:
    model, report = read(tmp_path, "ref,title,unit,reports to,name\n")
    assert (len(model), report.findings) == (0, ())


def test_a_person_is_one_by_number_and_never_by_name(tmp_path: Path) -> None:
    text = "ref,title,unit,reports to,name,staff number\n1,A,Acme,,Wei,7\n2,B,Acme,1,Wei,7\n"
    text += "3,C,Acme,1,Wei,8\n4,D,Acme,1,Wei,\n"
    model, report = read(tmp_path, text)
    assert model.people.ids == ("7", "8", "Wei @ 4")
    assert [(a.person, a.position) for a in model.assignments] == [("7", "1"), ("7", "2"), ("8", "3"), ("Wei @ 4", "4")]
    assert codes(report) == ["IMP403"]


def test_what_a_later_row_says_otherwise_is_kept(tmp_path: Path) -> None:
    head = "ref,title,unit,reports to,name,grade,Desk\n1,A,Acme,,Ann,G1,4711\n"
    model, _ = read(tmp_path, head + "1,A,Acme,,Ben,G2,4712\n")
    assert model.positions["1"].seats == 2
    assert model.assignments["Ben @ 1"].extra == {"Desk": "4712", "grade": "G2"}
    model, _ = read(tmp_path, head + "1,A,Acme,,Vacant,G1,4712\n")
    assert model.positions["1"].extra == {"Desk": "4711", "row 3": {"Desk": "4712"}}


def test_what_is_said_of_no_holder_stays_with_the_post(tmp_path: Path) -> None:
    model, _ = read(tmp_path, "ref,title,unit,reports to,name,email,staff id\n1,A,Acme,,Vacant,a@acme.example,9\n")
    assert model.positions["1"].extra == {"email": "a@acme.example", "staff id": "9"}
    assert len(model.people) == 0


def test_units_of_one_name_in_two_places_are_two(tmp_path: Path) -> None:
    text = "ref,title,company,team,reports to,name\n1,A,North,Sales,,Ann\n2,B,South,Sales,,Ben\n3,C,South,South,,Cem\n"
    model, _ = read(tmp_path, text)
    assert model.units.ids == ("North", "North / Sales", "South", "South / Sales")
    assert model.positions["3"].unit == "South"


def test_a_fix_that_respells_can_be_applied_and_the_file_is_still_known(tmp_path: Path) -> None:
    model, report = read(tmp_path, "ref,title,unit,reports to,name\n1,A,Acme,,Ann\n2,B,Acme,001,Ben\n")
    (found,) = report.errors
    assert found.fix is not None
    mended = model.apply(found.fix)
    assert mended.positions["2"].reports_to == "1"
    assert mended.provenance.source is model.provenance.source


def test_what_is_no_id_becomes_one_that_shows_it() -> None:
    assert id_of("a\nb") == "a b"
    assert "\ufffd" in id_of("a\u202eb")
    assert len({id_of("x" * 300), id_of("x" * 301)}) == 2
    assert id_of("").startswith("\ufffd")
    assert Unique(["a"])("a") == "a (2)"


def test_every_field_has_a_header_that_people_use() -> None:
    headers = [
        "ref",
        "title",
        "unit",
        "reports to",
        "name",
        "staff id",
        "grade",
        "fte",
        "mission",
        "email",
        "start",
        "end",
    ]
    found = mapped(headers)
    assert {*found.by_field, "unit"} == set(FIELDS)
    assert found.units == (2,)


def test_empty_lines_at_the_end_of_a_file_are_its_end(tmp_path: Path) -> None:
    model, report = read(tmp_path, "ref,title,unit,reports to,name\n1,A,Acme,,Ann\n\n\n")
    assert (len(model.positions), report.findings) == (1, ())


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    model, report = read(tmp_path, "ref,title,unit,reports to,name,Desk,Desk,\n1,A,Acme,,Ann,4711,4712,x\n")
    assert model.positions["1"].extra == {"Desk": "4711", "Desk (column 7)": "4712", "column 8": "x"}
    assert [found.parameters["headers"] for found in report.findings] == [("Desk", "Desk (column 7)", "column 8")]


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30", "2026-2/3", "20260302", "yesterday"])
def test_no_day_is_guessed(text: str) -> None:
    assert day(text) is None


def test_a_cell_too_long_to_be_one_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(co.InvalidDocument) as caught:
        read(tmp_path, f"ref,title\n1,{'x' * 1_100_000}\n")
    assert caught.value.code == "bad-csv"


def test_a_report_of_a_spreadsheet_shows_in_notebooks(tmp_path: Path) -> None:
    _, report = read(tmp_path, "ref,title,unit,reports to,name\n1,A,Acme,XX,Ann\n")
    assert "IMP201" in str(report._repr_mimebundle_())
