"""Posts as a spreadsheet: what comes back, what does not, and that no cell is a formula."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops.io import read_posts_csv, write_posts_csv
from community_ops.io.posts import posts_of
from community_ops.io.posts_csv import grid_of_bytes
from community_ops.io.posts_out import neutral, posts_text
from community_ops.io.sheet import sheet_of
from community_ops.org import hierarchy
from tests.io.oddity_injection import Sheet, odd_sheets

HQ = co.Unit(id="HQ", name="HQ", kind="department")


def parsed(data: bytes) -> co.OperatingModel:
    return posts_of(sheet_of(grid_of_bytes(data, "posts.csv")))


def shape(model: co.OperatingModel) -> tuple[object, ...]:
    """What a spreadsheet can say of a model, with no ids but those of posts."""
    units = {unit.id: unit for unit in model.units}

    def path(id: str) -> tuple[str, ...]:
        unit = units[id]
        return (*(path(unit.parent) if unit.parent else ()), unit.name)

    posts = {
        p.id: (p.title, path(p.unit), p.reports_to, p.seats, p.level, p.status, p.mission) for p in model.positions
    }
    held = sorted(
        (a.position, model.people[a.person].name, str(model.people[a.person].email), str(a.fte), str(a.period))
        for a in model.assignments
    )
    return posts, held


@settings(max_examples=40)
@given(odd_sheets())
def test_what_was_read_from_a_spreadsheet_comes_back_from_one(sheet: Sheet) -> None:
    model = parsed(sheet.data())
    again = parsed(posts_text(model).encode())
    assert shape(again) == shape(model)


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"], exclude_characters="0"), min_size=1, max_size=6)


@settings(max_examples=40)
@given(st.lists(NAMES, min_size=1, max_size=6, unique_by=lambda name: name.casefold()), st.data())
def test_a_plain_organisation_comes_back_whole(names: list[str], data: st.DataObject) -> None:
    records: list[co.Record] = [HQ]
    for i, name in enumerate(names):
        to = f"p{data.draw(st.integers(0, i - 1))}" if i else None
        records.append(co.Position(id=f"p{i}", title=f"t {name}", unit="HQ", reports_to=to))
        person = f"s{i}"
        records.append(co.Person(id=person, name=f"n {name}"))
        records.append(co.Assignment(id=f"{person} @ p{i}", person=person, position=f"p{i}"))
    model = co.OperatingModel(records)
    assert parsed(posts_text(model).encode()) == model


def test_nothing_is_lost_where_nothing_can_be(tmp_path: Path) -> None:
    model = co.OperatingModel.of(
        HQ,
        co.Unit(id="HQ / Sales", name="Sales", parent="HQ", kind="department"),
        co.Position(id="1", title="Chief", unit="HQ"),
        co.Position(id="2", title="Clerk", unit="HQ / Sales", reports_to="1", seats=2, level="G1", mission="Sells"),
        co.Position(id="3", title="Cook", unit="HQ", status="closed"),
        co.Person(id="a", name="Ann"),
        co.Assignment(id="a @ 2", person="a", position="2", period=co.DateRange(date(2024, 1, 1), None)),
    )
    path = tmp_path / "posts.csv"
    lost = write_posts_csv(model, path)
    assert [update.field for update in lost.updated] == ["kind"], "the widest of several units is an organisation"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    back, _ = read_posts_csv(path)
    assert model.apply(lost) == back


def test_every_loss_is_told(tmp_path: Path) -> None:
    model = co.OperatingModel.of(
        co.evolve(HQ, mission="Leads", heads=("1",)),
        co.Position(id="1", title="=1+1", unit="HQ", monthly_cost=co.Money(Decimal(5), "EUR")),
        co.Goal(id="g", name="Grow"),
    )
    lost = write_posts_csv(model, tmp_path / "posts.csv")
    assert {(str(u.ref), u.field) for u in lost.updated} == {
        ("unit:HQ", "mission"), ("unit:HQ", "heads"), ("position:1", "title"), ("position:1", "monthly_cost"),
    }  # fmt: skip
    assert [str(record.ref) for record in lost.removed] == ["goal:g"]
    assert read_posts_csv(tmp_path / "posts.csv")[0].positions["1"].title == "'=1+1"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u3000@"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    assert neutral(f"{start}1") == f"'{start}1"
    model = co.OperatingModel.of(co.Unit(id="u", name=f"{start}1"), co.Position(id="1", title=f"{start}1", unit="u"))
    for row in csv.reader(posts_text(model).splitlines(keepends=True)):
        for cell in row:
            assert cell.lstrip()[:1] not in set("=+-@＝＋－＠")


def test_a_day_decides_who_holds_what_and_what_is_closed() -> None:
    model = co.OperatingModel.of(
        HQ,
        co.Position(id="1", title="Chief", unit="HQ"),
        co.Position(id="2", title="Clerk", unit="HQ", reports_to="9", period=co.DateRange(None, date(2024, 6, 30))),
        co.Person(id="a", name="Ann"),
        co.Person(id="b", name="Ben"),
        co.Assignment(id="x", person="a", position="1", period=co.DateRange(None, date(2024, 3, 31))),
        co.Assignment(id="y", person="b", position="1", period=co.DateRange(date(2024, 4, 1), None)),
    )
    before, after = (
        parsed(posts_text(model, date(2024, 3, 1)).encode()),
        parsed(posts_text(model, date(2024, 7, 1)).encode()),
    )
    assert [person.name for person in before.people] == ["Ann"]
    assert [person.name for person in after.people] == ["Ben"]
    assert (before.positions["2"].status, after.positions["2"].status) == ("approved", "closed")
    assert hierarchy(before).dangling == ("2",), "a manager that is not there is written all the same"
    assert [a.person for a in parsed(posts_text(model).encode()).assignments] == ["a", "b"]


def test_a_model_without_posts_makes_headers_alone(tmp_path: Path) -> None:
    lost = write_posts_csv(co.OperatingModel.of(HQ), tmp_path / "posts.csv")
    assert [record.id for record in lost.removed] == ["HQ"]
    assert read_posts_csv(tmp_path / "posts.csv")[0] == co.OperatingModel()
