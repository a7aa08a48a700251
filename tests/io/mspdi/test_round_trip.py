"""Plans of the subset come back from MSPDI as they were; what is outside it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

import community_ops as co
from community_ops.io import read_mspdi, write_mspdi
from community_ops.io.mspdi.nodes import parsed
from community_ops.io.mspdi.reading import model_of
from community_ops.io.mspdi.writing import uids
from tests.io.mspdi.plan_models import ZONE, plans


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@settings(max_examples=25)
@given(plans())
def test_a_plan_of_the_subset_comes_back_as_it_was(folder: Path, model: co.OperatingModel) -> None:
    path = folder / "plan.xml"
    changes = write_mspdi(model, "p", path)
    again, report = read_mspdi(path, timezone=ZONE)
    assert str(co.diff(model, again)) == "(no changes)"
    assert again == model
    assert not changes
    assert report.where(code="IMP").findings == ()


@settings(max_examples=8)
@given(plans())
def test_what_was_read_is_written_and_read_alike(folder: Path, model: co.OperatingModel) -> None:
    first, second = folder / "first.xml", folder / "second.xml"
    write_mspdi(model, "p", first)
    write_mspdi(read_mspdi(first, timezone=ZONE)[0], "p", second)
    assert first.read_bytes() == second.read_bytes()


WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "12:00"), ("13:00", "18:00")))
OFFICE = co.Calendar(id="1", name="Office", timezone="Europe/Berlin", hours=WEEK)


def office(*records: co.Record, **plan: object) -> co.OperatingModel:
    given: dict[str, object] = {"start": date(2026, 3, 2), "calendar": "1", **plan}
    return co.OperatingModel.of(OFFICE, co.Plan(id="p", name="Launch", **given), *records)


def back(model: co.OperatingModel, path: Path, timezone: str = "Europe/Berlin") -> co.OperatingModel:
    write_mspdi(model, "p", path)
    return read_mspdi(path, timezone=timezone)[0]


def test_the_schedule_of_what_comes_back_is_the_same(tmp_path: Path) -> None:
    model = office(
        co.Task(id="1", name="Content", plan="p"),
        co.Task(id="2", name="Write", plan="p", parent="1", duration=co.Duration(3)),
        co.Task(id="3", name="Check", plan="p", parent="1", duration=co.Duration(4, "hour"), links=[co.Link("2")]),
        co.Task(id="4", name="Live", plan="p", kind="milestone", links=[co.Link("1", lag=co.Duration(1))]),
        co.Task(
            id="5", name="Ads", plan="p", duration=co.Duration(1, "week"), links=[co.Link("2", "SS", lag_percent=50)]
        ),
    )
    before, after = (co.plan.schedule(one, "p") for one in (model, back(model, tmp_path / "p.xml")))
    assert dict(before.tasks) == dict(after.tasks)


def test_ids_that_are_no_numbers_get_the_next_free_ones_and_references_follow(tmp_path: Path) -> None:
    model = office(
        co.Task(id="write", name="Write", plan="p", duration=co.Duration(1)),
        co.Task(id="7", name="Check", plan="p", duration=co.Duration(1), links=[co.Link("write")]),
        co.Task(id="part", name="Part", plan="p", parent="write", duration=co.Duration(1)),
    )
    assert uids(["write", "7", "part"]) == {"write": 8, "7": 7, "part": 9}
    read = back(model, tmp_path / "p.xml")
    assert {task.id: task.name for task in read.tasks} == {"8": "Write", "9": "Part", "7": "Check"}
    assert read.tasks["9"].parent == "8"
    assert read.tasks["7"].links == (co.Link("8"),)


def test_a_uid_of_32_bits_is_the_largest_and_the_rest_is_counted_from_below() -> None:
    assert uids(["2147483647", "a", "2147483648", "1"]) == {"2147483647": 2147483647, "a": 2, "2147483648": 3, "1": 1}
    assert uids(["0", "01", "1"]) == {"0": 2, "01": 3, "1": 1}


@pytest.mark.parametrize(
    ("given", "lost"),
    [
        ({"area": "promotion"}, "area"),
        ({"owner": "cmo"}, "owner"),
        ({"percent_complete": Decimal("33.5")}, "percent_complete"),
        ({"estimate": co.Estimate(1, 2, 3)}, "estimate"),
        ({"kind": "level_of_effort"}, "kind"),
        ({"duration": co.Duration(1), "links": [co.Link("elsewhere")]}, "links"),
        ({"links": [co.Link("2", lag=co.Duration(1), lag_time="predecessor")]}, "links"),
        ({"links": [co.Link("2", lag_percent=Decimal("12.5"))]}, "links"),
        ({"planned_cost": co.Money(0, "CNY")}, "planned_cost"),
        ({"name": "x" * 600}, "name"),
        ({"description": "a\x00b"}, "description"),
        ({"actual_start": datetime(2026, 3, 2, 10, 0, 0, 5, UTC)}, "actual_start"),
        ({"deliverables": [co.Deliverable("Film")]}, "deliverables"),
        ({"reworks": "2"}, "reworks"),
        ({"progress": [co.plan.Progress(date(2026, 3, 2), 10)]}, "progress"),
        ({"allocations": [co.Allocation("nobody")]}, "allocations"),
    ],
)
def test_what_a_file_cannot_say_is_told(tmp_path: Path, given: dict[str, object], lost: str) -> None:
    other = co.Task(id="2", name="Other", plan="p", duration=co.Duration(1))
    model = office(co.Task(**{"id": "1", "name": "Write", "plan": "p", **given}), other)
    changes = write_mspdi(model, "p", tmp_path / "p.xml")
    assert lost in {update.field for update in changes.updated}
    assert {str(update.ref) for update in changes.updated} == {"task:1"}


def test_a_second_currency_is_lost_and_told(tmp_path: Path) -> None:
    model = office(
        co.Task(id="1", name="A", plan="p", planned_cost=co.Money(5, "EUR")),
        co.Task(id="2", name="B", plan="p", planned_cost=co.Money(7, "CNY")),
    )
    changes = write_mspdi(model, "p", tmp_path / "p.xml")
    assert [(str(one.ref), one.field) for one in changes.updated] == [("task:2", "planned_cost")]


def test_costs_are_hundredths(tmp_path: Path) -> None:
    model = office(co.Task(id="1", name="A", plan="p", planned_cost=co.Money("12000.50", "EUR")))
    write_mspdi(model, "p", tmp_path / "p.xml")
    assert "<FixedCost>1200050" in (tmp_path / "p.xml").read_text("utf-8")


def test_effort_comes_back_as_work_in_hours_and_takes_as_long(tmp_path: Path) -> None:
    model = office(
        co.Unit(id="resources", name="Resources"),
        co.Position(id="1", title="Writer", unit="resources", seats=2),
        co.Task(
            id="1", name="Write", plan="p", effort=co.Duration(24, "hour"), allocations=[co.Allocation("1", Decimal(2))]
        ),
    )
    read = back(model, tmp_path / "p.xml")
    assert read.tasks["1"].effort == co.Duration(24, "hour")
    assert read.tasks["1"].duration is None
    assert read.positions["1"].seats == 2
    assert co.plan.schedule(read, "p").tasks["1"].work == timedelta(hours=12)


def test_a_task_in_real_time_is_one_again(tmp_path: Path) -> None:
    always = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (("00:00", "24:00"),))
    elapsed = co.Calendar(
        id="elapsed", name="Elapsed time", timezone="Europe/Berlin", hours=always,
        day_length=timedelta(days=1), week_length=timedelta(weeks=1),
    )  # fmt: skip
    model = office(
        elapsed,
        co.Task(id="1", name="Dry", plan="p", duration=co.Duration(2), calendar="elapsed"),
        co.Task(
            id="2", name="Cure", plan="p", duration=co.Duration(1), calendar="elapsed",
            links=[co.Link("1", lag=co.Duration(1), lag_time="project"),
                   co.Link("1", lag=co.Duration(1), lag_time="elapsed")],
        ),
    )  # fmt: skip
    path = tmp_path / "p.xml"
    assert str(write_mspdi(model, "p", path)) == "(no changes)"
    assert "<DurationFormat>8<" in path.read_text("utf-8")
    assert read_mspdi(path, timezone="Europe/Berlin")[0] == model


def test_a_plan_without_a_calendar_comes_back_with_the_one_it_goes_by(tmp_path: Path) -> None:
    model = office(co.Task(id="1", name="A", plan="p", duration=co.Duration(1)), calendar=None)
    path = tmp_path / "p.xml"
    changes = write_mspdi(model, "p", path)
    assert [str(record.ref) for record in changes.added] == ["calendar:standard"]
    read = read_mspdi(path)[0]
    assert co.plan.schedule(read, "p").finish == co.plan.schedule(model, "p").finish


def test_instants_are_told_on_the_clocks_of_the_plans_calendar(tmp_path: Path) -> None:
    when = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)  # 10:30 in Berlin in summer
    model = office(co.Task(id="1", name="A", plan="p", constraint="SNET", constraint_date=when))
    path = tmp_path / "p.xml"
    assert not write_mspdi(model, "p", path)
    assert "<ConstraintDate>2026-07-01T10:30:00<" in path.read_text("utf-8")
    assert read_mspdi(path, timezone="Europe/Berlin")[0].tasks["1"].constraint_date == when


@pytest.mark.parametrize(
    ("constraint", "day", "text"),
    [
        ("SNET", date(2026, 3, 3), "2026-03-03T09:00:00"),
        ("FNLT", date(2026, 3, 3), "2026-03-03T18:00:00"),
        ("SNET", date(2026, 3, 7), "2026-03-07T00:00:00"),  # a Saturday
        ("FNLT", date(2026, 3, 7), "2026-03-08T00:00:00"),
    ],
)
def test_a_day_is_the_beginning_or_the_end_of_its_work(tmp_path: Path, constraint: str, day: date, text: str) -> None:
    model = office(co.Task(id="1", name="A", plan="p", constraint=constraint, constraint_date=day))
    assert not write_mspdi(model, "p", tmp_path / "p.xml")
    assert f"<ConstraintDate>{text}<" in (tmp_path / "p.xml").read_text("utf-8")


def test_nights_and_breaks_are_cut_at_midnight_and_leave_the_same_working_time(tmp_path: Path) -> None:
    calendar = co.Calendar(
        id="1", name="Nights", timezone="Europe/Berlin",
        hours={"mon": (("22:00", "06:00"),), "fri": (("20:00", "04:00"),)},
        holidays=[date(2026, 3, 9)], shifts={date(2026, 3, 13): (("18:00", "02:00"),)},
        breaks={date(2026, 3, 16): (("23:00", "01:00"),)},
    )  # fmt: skip
    model = co.OperatingModel.of(
        calendar, co.Plan(id="p", name="Launch", start=date(2026, 3, 2), calendar="1"),
    )  # fmt: skip
    read = back(model, tmp_path / "p.xml").calendars["1"]
    one, other = co.worktime.WorkTime(calendar), co.worktime.WorkTime(read)
    begin = datetime(2026, 3, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    # 29 March, when the clocks change, is a Sunday without work.
    for hour in range(40 * 24):
        at = begin + timedelta(hours=hour, minutes=30)
        assert one.is_open(at) == other.is_open(at), at


def test_a_plan_that_goes_in_a_circle_is_written_without_dates_and_found_when_read(tmp_path: Path) -> None:
    model = office(
        co.Task(id="1", name="A", plan="p", duration=co.Duration(1), links=[co.Link("2")]),
        co.Task(id="2", name="B", plan="p", duration=co.Duration(1), links=[co.Link("1")]),
    )
    path = tmp_path / "p.xml"
    assert not write_mspdi(model, "p", path)
    assert "<Start>" not in path.read_text("utf-8")
    read, report = read_mspdi(path, timezone="Europe/Berlin")
    assert read == model
    assert [found.code for found in report.errors] == ["PLN101"]


def test_a_summary_in_a_circle_has_no_length_and_whoever_works_on_a_summary_is_kept(tmp_path: Path) -> None:
    model = office(
        co.Unit(id="resources", name="Resources"),
        co.Position(id="1", title="Editor", unit="resources"),
        co.Task(id="1", name="Top", plan="p", allocations=[co.Allocation("1")]),
        co.Task(id="2", name="A", plan="p", parent="1", duration=co.Duration(1), links=[co.Link("3")]),
        co.Task(id="3", name="B", plan="p", parent="1", duration=co.Duration(1), links=[co.Link("2")]),
    )
    path = tmp_path / "p.xml"
    assert not write_mspdi(model, "p", path)
    assert read_mspdi(path, timezone="Europe/Berlin")[0] == model


def test_who_is_no_position_is_not_written_and_who_is_is(tmp_path: Path) -> None:
    shared = [co.Allocation("1"), co.Allocation("gone", Decimal("0.5"))]
    model = office(
        co.Position(id="1", title="Editor", unit="hq"),
        co.Task(id="1", name="A", plan="p", duration=co.Duration(1), allocations=shared),
    )
    changes = write_mspdi(model, "p", tmp_path / "p.xml")
    assert [update.after for update in changes.updated if update.field == "allocations"] == [(co.Allocation("1"),)]


def test_deep_outlines_need_no_recursion(tmp_path: Path) -> None:
    deep = [co.Task(id=str(n), name=f"T{n}", plan="p", parent=str(n - 1) if n > 1 else None) for n in range(1, 1500)]
    path = tmp_path / "p.xml"
    changes = write_mspdi(office(*deep), "p", path)
    assert not changes


def test_an_unknown_plan_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(co.UnknownRecord):
        write_mspdi(office(), "q", tmp_path / "p.xml")
    assert list(tmp_path.iterdir()) == []


def test_the_text_is_read_back_before_the_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "p.xml"
    write_mspdi(office(), "p", path)
    model = model_of(parsed(path.read_bytes(), "p.xml"), "p.xml", ZoneInfo("Europe/Berlin"))
    assert model == office()
