"""Three organograms as the British government published them: the README of the data says what is to be found."""

from __future__ import annotations

from pathlib import Path

import pytest

import community_ops as co
from community_ops.io import SheetSource, read_posts_csv
from community_ops.org import hierarchy
from community_ops.org.ending import ended_positions


def read(data_dir: Path, name: str) -> tuple[co.OperatingModel, co.Report, SheetSource]:
    path = data_dir / f"organogram-{name}.csv"
    if not path.is_file():
        pytest.skip(f"no {path.name} in the test data")
    model, report = read_posts_csv(path)
    source = model.provenance.source
    assert isinstance(source, SheetSource)
    return model, report, source


def said(report: co.Report, code: str, **parameters: object) -> co.Finding:
    (found,) = [
        one for one in report.findings
        if one.code == code and all(one.parameters.get(name) == value for name, value in parameters.items())
    ]  # fmt: skip
    return found


def live_roots(model: co.OperatingModel) -> list[str]:
    return [id for id in hierarchy(model).roots if id not in ended_positions(model, None)]


def test_135_of_136_parents_dangle_and_leading_zeros_explain_them_all(data_dir: Path) -> None:
    model, report, source = read(data_dir, "des-2013-10")
    assert len(model.positions) == 136
    found = said(report, "REF101")
    assert found.parameters["count"] == 1 + len(found.related) == 135
    assert found.parameters["normaliser"]["en"] == "leading zeros"
    assert all(source.lines_of(ref) for ref in (found.subject, *found.related))
    assert len(hierarchy(model).dangling) == 135, "nothing was merged silently"
    assert found.fix is not None
    mended = model.apply(found.fix)
    assert hierarchy(mended).dangling == ()
    assert mended.check(select=["REF"]).findings == ()


def test_four_posts_are_eliminated_and_27_are_held_by_somebody_named(data_dir: Path) -> None:
    model, report, _ = read(data_dir, "des-2013-10")
    assert len(ended_positions(model, None)) == 4
    assert len(said(report, "IMP201", words=("Eliminated",)).related) == 4
    secret = [person for person in model.people if person.extra.get("not_disclosed")]
    assert (len(secret), len(model.people) - len(secret)) == (107, 25)
    assert {"N/D", "Eliminated"}.isdisjoint(person.name for person in model.people if person not in secret)


def test_143_rows_report_to_the_top_of_which_one_is_a_root(data_dir: Path) -> None:
    model, report, _ = read(data_dir, "dclg-2013-09")
    assert len(model.positions) == 223
    top = said(report, "IMP201", words=("XX",))
    assert len(top.parameters["lines"]) == 143
    assert top.parameters["eliminated"] == 142
    assert live_roots(model) == ["CLG131"] == [ref.id for ref in top.parameters["roots"]]
    assert report.ok, "a job share and words for states are no errors"
    assert "several-roots" not in {found.rule for found in model.check().findings}


def test_a_job_share_is_one_post_with_one_seat_and_two_holders(data_dir: Path) -> None:
    model, report, source = read(data_dir, "dclg-2013-09")
    found = said(report, "IMP302")
    assert str(found.subject) == "position:CLG178"
    assert source.lines_of(found.subject) == (159, 160) == found.parameters["lines"]
    post = model.positions["CLG178"]
    assert (post.seats, str(post.seat_fte)) == (1, "1.18")
    assert [str(a.fte) for a in model.assignments if a.position == "CLG178"] == ["0.71", "0.47"]
    assert not report.where(code="IMP303").findings
    assert not report.where(code="IMP304").findings


def test_162_rows_bear_158_refs_of_which_four_repeat(data_dir: Path) -> None:
    model, report, source = read(data_dir, "hocs-2013-09")
    repeated = [*report.where(code="IMP302").findings, *report.where(code="IMP304").findings]
    assert {found.parameters["ref"] for found in repeated} == {"108754", "172696", "194481", "1131246"}
    assert said(report, "IMP302").parameters["ref"] == "108754"
    refs = {id.partition("#")[0] for id in model.positions.ids}
    assert len(refs) == 158
    assert sum(len(source.lines_of(position.ref)) for position in model.positions) == 162


def test_84_rows_dangle_all_for_leading_zeros_and_one_post_reports_to_itself(data_dir: Path) -> None:
    model, report, source = read(data_dir, "hocs-2013-09")
    found = said(report, "REF101")
    assert found.parameters["normaliser"]["en"] == "leading zeros"
    # 84 rows are 83 posts: the two rows of the job share both write their manager with zeros.
    assert sum(len(source.lines_of(ref)) for ref in (found.subject, *found.related)) == 84
    assert found.fix is not None
    assert hierarchy(model.apply(found.fix)).dangling == ()
    assert [str(one.subject) for one in report.where(code="ORG101").findings] == ["position:110709"]


@pytest.mark.parametrize("name", ["des-2013-10", "dclg-2013-09", "hocs-2013-09"])
def test_nothing_that_stands_in_a_row_is_lost(data_dir: Path, name: str) -> None:
    import csv

    model, _, _ = read(data_dir, name)
    kept = {text for record in model for text in texts(record)}
    words = {"xx", "eliminated", "vacant"}
    with open(data_dir / f"organogram-{name}.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for header, cell in row.items():
                cell = cell.strip()
                if cell and cell.casefold() not in words and header != "FTE":
                    assert cell in kept


def texts(record: co.Record) -> list[str]:
    from community_ops.kernel.declaration import layout_of

    found: list[str] = []
    waiting = list(layout_of(type(record)).write(record).values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found += [value]
        elif isinstance(value, dict):
            waiting += value.values()
    return found
