"""What words about meetings say, and what they leave open: read off a calendar by hand."""

from __future__ import annotations

import doctest
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = date(2026, 3, 2)


@pytest.fixture
def when(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(EXAMPLES)
    return import_module("meeting_words").when


def on(day: str, frequency: str, time: str = "9:00", tz: str = "UTC") -> dict[str, str]:
    return {"day": day, "time": time, "tz": tz, "frequency": frequency}


class TestWords:
    # The starts are read off a calendar: 2 March 2026 is a Monday.
    @pytest.mark.parametrize(
        ("said", "rule", "start"),
        [
            (on("Monday", "weekly"), "WEEKLY;BYDAY=MO", "2026-03-02T09:00"),
            (on("Thursdays", "Weekly", "09:05"), "WEEKLY;BYDAY=TH", "2026-03-05T09:05"),
            (on("Sunday", "weekly", "12AM"), "WEEKLY;BYDAY=SU", "2026-03-08T00:00"),
            (on("Sunday", "weekly", "12PM"), "WEEKLY;BYDAY=SU", "2026-03-08T12:00"),
            (on("Tuesday", "biweekly starting Tuesday Oct 28, 2025"), "WEEKLY;INTERVAL=2;BYDAY=TU", "2025-10-28T09:00"),
            (on("Friday", "biweekly 2019 start date: Jan. 11th"), "WEEKLY;INTERVAL=2;BYDAY=FR", "2019-01-11T09:00"),
            (on("Thursdays (starting February 15th 2024)", "weekly", "4PM"), "WEEKLY;BYDAY=TH", "2024-02-15T16:00"),
            (on("third Wednesday", "monthly"), "MONTHLY;BYDAY=3WE", "2026-03-18T09:00"),
            (on("Wednesday", "monthly - last Wednesday every month"), "MONTHLY;BYDAY=-1WE", "2026-03-25T09:00"),
            (on("Thursday", "Monthly on 4th Thursday"), "MONTHLY;BYDAY=4TH", "2026-03-26T09:00"),
            (on("Thursday", "every first Thursday of the month"), "MONTHLY;BYDAY=1TH", "2026-03-05T09:00"),
            (on("first Sunday", "First Sunday of each month"), "MONTHLY;BYDAY=1SU", "2026-04-05T09:00"),
        ],
    )  # fmt: skip
    def test_that_leave_nothing_open(self, when: Any, said: dict[str, str], rule: str, start: str) -> None:
        since = DAY if start < "2026-04" else date(2026, 3, 3)
        found = when(said, since)
        assert found.fields == {"zone": "UTC", "recurrence": f"FREQ={rule}", "start": start}
        assert found.open == []

    @pytest.mark.parametrize(
        ("said", "rule"),
        [
            (on("Monday", "biweekly"), "WEEKLY;INTERVAL=2;BYDAY=MO"),
            (on("Monday", "every four weeks"), "WEEKLY;INTERVAL=4;BYDAY=MO"),
            (on("Monday", "weekly", tz="IST"), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly", tz=""), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly", time="9"), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly", time="24:00"), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly", time="13PM"), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly", time="after lunch"), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly starting Tuesday Oct 28, 2025"), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly starting Monday Oct 28, 2025"), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly starting Feb 30, 2026"), "WEEKLY;BYDAY=MO"),
            (on("Monday", "weekly starting Smarch 2, 2026"), "WEEKLY;BYDAY=MO"),
            (on("Monday", ""), ""),
            (on("Monday", "monthly"), ""),
            (on("Monday", "weekly, but not in summer"), ""),
            (on("Monday", "every third Monday"), ""),
            (on("Monday", "first Tuesday of the month"), ""),
            (on("second Monday", "first Monday of the month"), ""),
            (on("first Monday", "weekly"), ""),
            (on("someday", "weekly"), ""),
            (on("", "weekly"), ""),
        ],
    )
    def test_that_leave_something_open_give_no_start(self, when: Any, said: dict[str, str], rule: str) -> None:
        found = when(said, DAY)
        assert "start" not in found.fields
        assert found.fields.get("recurrence", "") == (f"FREQ={rule}" if rule else "")
        assert len(found.open) == 1


def test_the_docstrings_show_what_happens(when: Any) -> None:
    tried = doctest.testmod(sys.modules[when.__module__])
    assert tried.attempted > 0
    assert tried.failed == 0
