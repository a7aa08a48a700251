"""What the rules about calendars say beyond their own examples."""

from __future__ import annotations

from datetime import date
from typing import Any

import community_ops as co

OFFICE = (("09:00", "17:00"),)


def found(code: str, at: date | None = None, **fields: Any) -> list[co.Finding]:
    model = co.OperatingModel.of(co.Calendar(id="c", name="Office", **{"hours": {"mon": OFFICE}, **fields}))
    return list(model.check(at=at, select=[code]).findings)


def test_days_with_the_same_overlap_are_one_finding() -> None:
    twice = (("09:00", "13:00"), ("12:00", "18:00"))
    (one,) = found("WRK102", hours={"mon": twice, "tue": twice, "wed": OFFICE})
    assert one.message == "The windows 09:00-13:00 and 12:00-18:00 of Office overlap on Monday and Tuesday."
    assert "星期一" in one.text("zh")
    by_field = found("WRK102", hours={"mon": twice}, shifts={"2026-02-14": twice})
    assert [each.field for each in by_field] == ["hours", "shifts"]


def test_a_window_over_midnight_overlaps_one_later_in_its_evening() -> None:
    assert found("WRK102", hours={"mon": (("22:00", "06:00"), ("23:00", "24:00"))})
    assert not found("WRK102", hours={"mon": (("22:00", "06:00"), ("05:00", "07:00"))})


def test_a_break_cuts_what_is_open_on_its_day_or_reaches_into_it() -> None:
    noon, night = (("12:00", "13:00"),), (("22:00", "02:00"),)
    monday, tuesday = "2026-03-02", "2026-03-03"
    assert not found("WRK103", breaks={monday: noon, tuesday: ()})
    (one,) = found("WRK103", breaks={monday: noon, tuesday: noon})
    assert "2026-03-03" in one.message
    assert "2026-03-02" not in one.message
    assert found("WRK103", breaks={monday: noon}, holidays=[date(2026, 3, 2)])
    assert not found("WRK103", breaks={tuesday: noon}, shifts={tuesday: OFFICE}, holidays=[date(2026, 3, 3)])
    assert not found("WRK103", hours={"tue": (("00:00", "03:00"),)}, breaks={monday: night})
    assert found("WRK103", breaks={"0001-01-01": night, "9999-12-31": night})


def test_holidays_run_out_on_either_side_of_what_is_covered() -> None:
    year = co.DateRange(date(2026, 1, 1), date(2026, 12, 31))
    (one,) = found("WRK104", at=date(2025, 12, 31), covers=year)
    assert one.message == "The holidays of Office are known for 2026-01-01 to 2026-12-31 only, and not for 2025-12-31."
    assert one.status
    assert not found("WRK104", at=date(2030, 1, 1), covers=co.DateRange(date(2026, 1, 1)))
    assert not found("WRK104", at=date(2030, 1, 1), covers=co.DateRange(date(2026, 1, 1), date(2025, 1, 1)))
