"""`Calendar`: what it takes through its constructor and through JSON, and what it refuses."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

import community_ops as co
from community_ops import Calendar

OFFICE = (("09:00", "17:00"),)
FULL = Calendar(
    id="full",
    name="Full",
    timezone="Asia/Shanghai",
    hours={"mon": OFFICE, "tue": (("22:00", "06:00"), ("09:00", "24:00")), "sun": ()},
    shifts={"2026-02-14": OFFICE, "2026-02-15": ()},
    breaks={"2026-02-14": (("12:00", "13:00"),)},
    holidays=(date(2026, 2, 16),),
    covers=co.DateRange(date(2026, 1, 1), date(2026, 12, 31)),
    day_length=timedelta(hours=7, minutes=30),
    week_length=timedelta(hours=37, minutes=30),
    days_per_month=21,
    owner="coo",
)


def test_a_calendar_survives_the_trip_through_json() -> None:
    model = co.OperatingModel.of(FULL, Calendar(id="empty"))
    text = co.dumps(model)
    assert co.loads(text) == model
    assert co.dumps(co.loads(text)) == text
    Draft202012Validator(co.json_schema(co.OperatingModel)).validate(json.loads(text))
    assert co.loads(text).calendars["full"].hours["tue"] == (("22:00", "06:00"), ("09:00", "24:00"))


def test_days_may_be_given_as_dates_or_as_text_and_are_the_same() -> None:
    day = date(2026, 2, 14)
    by_date = Calendar(id="c", shifts={day: OFFICE}, breaks={day: OFFICE}, holidays=[day])
    by_text = Calendar(id="c", shifts={"2026-02-14": OFFICE}, breaks={"2026-02-14": OFFICE}, holidays=["2026-02-14"])
    assert by_date == by_text
    assert hash(by_date) == hash(by_text)
    assert list(by_date.shifts) == ["2026-02-14"]
    assert by_text.holidays == (day,)
    assert Calendar(id="c", holidays={date(2026, 5, 2), date(2026, 5, 1)}).holidays == (
        date(2026, 5, 1),
        date(2026, 5, 2),
    )


def test_windows_are_kept_as_they_are_written() -> None:
    windows = [["13:00", "18:00"], ["09:00", "12:00"], ["11:00", "12:00"]]
    assert Calendar(id="c", hours={"mon": windows}).hours["mon"] == tuple(map(tuple, windows))  # type: ignore[dict-item]


BAD: list[tuple[str, Any, str]] = [
    ("timezone", "Mars/Olympus", "must be a time zone"),
    ("timezone", "../etc/passwd", "must be a time zone"),
    ("timezone", "", "must be a time zone"),
    ("hours", {"monday": OFFICE}, "must be of days mon, tue, wed, thu, fri, sat, sun, got 'monday'"),
    ("hours", {"Mon": OFFICE}, "must be of days"),
    ("hours", {"mon": (("9:00", "17:00"),)}, "of mon must start at a time written 09:00"),
    ("hours", {"mon": (("24:00", "17:00"),)}, "must start"),
    ("hours", {"mon": (("09:60", "17:00"),)}, "must start"),
    ("hours", {"mon": (("09:00", "25:00"),)}, "must end at a time written 17:00"),
    ("hours", {"mon": (("09:00", "24:01"),)}, "must end"),
    ("hours", {"mon": (("09:00", "17:00\n"),)}, "must end"),
    ("hours", {"mon": (("09:00", "１７:00"),)}, "must end"),
    ("hours", {"mon": (("09:00", "09:00"),)}, "must not start and end both at 09:00"),
    ("hours", {"mon": (("00:00", "00:00"),)}, "a whole day is 00:00 to 24:00"),
    ("shifts", {"2026-02-30": OFFICE}, "must be of dates that exist"),
    ("shifts", {"20260214": OFFICE}, "must be of dates that exist"),
    ("shifts", {"2026-W07-6": OFFICE}, "must be of dates that exist"),
    ("shifts", {"0000-01-01": OFFICE}, "must be of dates that exist"),
    ("shifts", {"2026-02-14": (("12:00", "12:00"),)}, "of 2026-02-14 must not start and end"),
    ("breaks", {"tomorrow": OFFICE}, "must be of dates that exist"),
    ("breaks", {"2026-02-14": (("a", "b"),)}, "of 2026-02-14 must start"),
    ("day_length", timedelta(), "must be more than nothing"),
    ("week_length", timedelta(-1), "must be more than nothing"),
    ("days_per_month", 0, "must be at least 1"),
]


@pytest.mark.parametrize(("field", "value", "complaint"), BAD)
def test_what_has_no_meaning_is_refused_by_the_constructor(field: str, value: Any, complaint: str) -> None:
    with pytest.raises(co.InvalidRecord) as caught:
        Calendar(id="c", **{field: value})
    assert (caught.value.kind, caught.value.id, caught.value.field) == ("calendar", "c", field)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(("field", "value", "complaint"), BAD)
def test_and_by_json(field: str, value: Any, complaint: str) -> None:
    written = f"PT{value.total_seconds():.0f}S".replace("PT-", "-PT") if isinstance(value, timedelta) else value
    row = {"id": "c", field: written}
    document = {"format": "community-ops", "version": 2, "calendars": [row]}
    with pytest.raises(co.InvalidDocument) as caught:
        co.loads(json.dumps(document))
    assert caught.value.pointer == f"/calendars/0/{field}"
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("hours", {"mon": "09:00-17:00"}, "hours.mon"),
        ("hours", {"mon": (("09:00",),)}, "hours.mon.0"),
        ("hours", {"mon": ((9, 17),)}, "hours.mon.0.0"),
        ("hours", [OFFICE], "hours"),
        ("shifts", {date(2026, 2, 14): OFFICE, "2026-02-14": OFFICE}, "shifts"),
        ("shifts", {datetime(2026, 2, 14): OFFICE}, "shifts"),
        ("shifts", "2026-02-14", "shifts"),
        ("holidays", ["2026-02-30"], "holidays.0"),
        ("holidays", [datetime(2026, 2, 14)], "holidays.0"),
        ("holidays", "2026-02-14", "holidays"),
    ],
)
def test_what_is_of_the_wrong_type_is_named_by_its_place(field: str, value: Any, where: str) -> None:
    with pytest.raises(co.InvalidRecord) as caught:
        Calendar(id="c", **{field: value})
    assert caught.value.field.startswith(where)


@given(co.strategies.records("calendar"))
def test_drawn_calendars_can_be_worked_with(calendar: Any) -> None:
    assert co.loads(co.dumps(co.OperatingModel.of(calendar))).calendars[calendar.id] == calendar
    work = co.worktime.WorkTime(calendar)
    assert work.elapsed(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)) <= timedelta(days=7)
