"""When queues are served and the positions that serve them work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from community_ops import Calendar, OperatingModel, Position, Unit
from community_ops.errors import UnknownRecord
from community_ops.service import Queue
from community_ops.service.shifts import calendar_named, calendars_of_units, service_time, shift_time, week_length
from community_ops.service.terms import UTC_TIME
from community_ops.worktime.counting import WorkTime

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = Calendar(id="day", hours=dict.fromkeys(WEEK, (("09:00", "17:00"),)), week_length=timedelta(hours=35))
NIGHT = Calendar(id="night", hours=dict.fromkeys(WEEK, (("22:00", "06:00"),)), week_length=timedelta(hours=30))


def model(above: str | None, own: str | None, *records: Any) -> OperatingModel:
    """Return a queue of a unit below another, with a position in each, and one in a unit that does not exist."""
    return OperatingModel.of(
        Unit(id="top", name="Top", calendar=above),
        Unit(id="part", name="Part", parent="top", calendar=own),
        *[Position(id=f"in {unit}", title=unit, unit=unit) for unit in ("top", "part", "nowhere")],
        DAY,
        NIGHT,
        *records,
    )


def queue(**fields: Any) -> Queue:
    return Queue(**{"id": "q", "name": "Q", "unit": "part"} | fields)


@pytest.mark.parametrize(
    ("above", "own", "of_queue", "expected"),
    [
        ("day", "night", None, "night"),
        ("day", None, "night", "day"),
        ("day", "lost", "night", "day"),  # one that does not exist counts as none
        (None, None, "night", "night"),
        (None, "lost", "day", "day"),
        (None, None, None, None),
        (None, "lost", "lost", None),
    ],
)
def test_a_position_works_by_the_nearest_calendar(
    above: str | None, own: str | None, of_queue: str | None, expected: str | None
) -> None:
    found, asked = model(above, own), queue(calendar=of_queue)
    calendars = {"day": WorkTime(DAY), "night": WorkTime(NIGHT), None: UTC_TIME}
    assert shift_time(found, "in part", asked) == calendars[expected]
    lengths = {"day": timedelta(hours=35), "night": timedelta(hours=30), None: timedelta(hours=40)}
    assert week_length(found, asked) == lengths[expected]


def test_a_position_of_a_unit_that_does_not_exist_works_as_the_queue_is_served() -> None:
    found = model("day", "day")
    assert shift_time(found, "in nowhere", queue(calendar="night")) == WorkTime(NIGHT)
    assert shift_time(found, "in nowhere", queue()) == UTC_TIME
    with pytest.raises(UnknownRecord):
        shift_time(found, "in no table", queue())


def test_a_queue_is_served_by_its_own_calendar_alone() -> None:
    found = model("day", "day")
    assert service_time(found, queue(calendar="night")) == WorkTime(NIGHT)
    assert service_time(found, queue()) == service_time(found, queue(calendar="lost")) == UTC_TIME


@pytest.mark.parametrize("unit", [None, "nowhere"])
def test_the_week_of_a_queue_without_a_unit_is_that_of_its_calendar(unit: str | None) -> None:
    found = model("day", "day")
    assert week_length(found, queue(unit=unit, calendar="night")) == timedelta(hours=30)
    assert week_length(found, queue(unit=unit)) == timedelta(hours=40)


def test_calendars_are_handed_down() -> None:
    assert calendars_of_units(model("day", None)) == {"top": "day", "part": "day"}
    assert calendars_of_units(model(None, "night")) == {"top": None, "part": "night"}


def test_a_calendar_has_a_name_that_exists() -> None:
    found = model(None, None)
    assert calendar_named(found, "day") == DAY
    assert calendar_named(found, "lost") is calendar_named(found, None) is None
