"""Public holidays against what the governments published, and what is said of years nobody can know."""

from __future__ import annotations

import sys
import warnings
from datetime import UTC, date, datetime, timedelta

import pytest

import community_ops as co
from community_ops.errors import MissingExtra
from community_ops.worktime import Calendar, PublicHolidays, UnknownHolidays, WorkTime, holidays

OFFICE = Calendar(
    id="office",
    timezone="Asia/Shanghai",
    hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "18:00"),)),
)


def days(month: int, *numbers: int) -> list[date]:
    return [date(2025, month, number) for number in numbers]


def test_china_in_2025_is_as_the_state_council_announced_it() -> None:
    # General Office of the State Council, notice on the holidays of 2025, 12 November 2024. Days off that are
    # weekends anyway are left out, for no office is open then.
    off = [
        *days(1, 1, 28, 29, 30, 31), *days(2, 3, 4), *days(4, 4), *days(5, 1, 2, 5), *days(6, 2),
        *days(10, 1, 2, 3, 6, 7, 8),
    ]  # fmt: skip
    found = holidays("CN", 2025)
    assert [day for day in found.names if day.weekday() < 5] == off
    assert list(found.workdays) == [*days(1, 26), *days(2, 8), *days(4, 27), *days(9, 28), *days(10, 11)]
    assert str(found.covers) == "2025-01-01 to 2025-12-31"
    assert found.names[date(2025, 1, 1)] == "元旦"


def test_a_calendar_filled_with_them_works_on_the_days_that_make_up() -> None:
    work = WorkTime(holidays("CN", 2025).put_into(OFFICE))
    start = datetime(2025, 9, 27, tzinfo=UTC)  # a Saturday
    assert work.next_opening(start) == datetime(2025, 9, 28, 1, tzinfo=UTC)  # 09:00 on the Sunday that makes up
    # Six days of nine hours: 28 to 30 September, the Thursday and Friday after the feast, the Saturday that makes up.
    assert work.elapsed(start, datetime(2025, 10, 12, tzinfo=UTC)) == 6 * timedelta(hours=9)


def test_a_state_has_holidays_of_its_own_and_names_come_in_a_language() -> None:
    bavaria, germany = holidays("DE", 2026, "BY"), holidays("DE", [2026], language="en_US")
    # Epiphany, Corpus Christi and All Saints; the Assumption is one in the mostly Catholic places of Bavaria only.
    own = {date(2026, 1, 6), date(2026, 6, 4), date(2026, 11, 1)}
    # Epiphany, Corpus Christi and All Saints; the Assumption is one in the mostly Catholic places of Bavaria only.
    own = {date(2026, 1, 6), date(2026, 6, 4), date(2026, 11, 1)}
    assert set(bavaria.names) - set(germany.names) == own
    assert germany.names[date(2026, 10, 3)] == "German Unity Day"
    assert (bavaria.subdivision, bavaria.workdays) == ("BY", ())


@pytest.mark.parametrize(
    ("country", "year"),
    [("CN", 2090), ("US", 1500), ("AE", 2040)],
    ids=["no decision yet", "before the country had any", "estimated"],
)
def test_a_year_that_is_not_known_is_a_warning_and_not_covered(country: str, year: int) -> None:
    with pytest.warns(UnknownHolidays, match=f"the holidays of {country} in {year} are not known for certain"):
        found = holidays(country, year)
    assert found.covers is None
    assert found.years == ()
    assert found.put_into(OFFICE).covers is None


def test_known_years_beside_an_unknown_one_are_covered() -> None:
    with pytest.warns(UnknownHolidays) as caught:
        found = holidays("CN", [2090, 2023, 2024, 2021])
    assert len(caught) == 1
    assert found.years == (2021, 2023, 2024)
    assert str(found.covers) == "2023-01-01 to 2024-12-31"
    assert date(2090, 10, 1) in found.names


def test_what_the_calendar_has_already_stays() -> None:
    own = co.evolve(OFFICE, holidays=(date(2026, 7, 1),), shifts={"2026-02-14": (("10:00", "12:00"),)})
    spring = PublicHolidays(
        country="CN", names={date(2026, 2, 16): "x"}, workdays=(date(2026, 2, 14), date(2026, 2, 28)), years=(2026,)
    )
    filled = spring.put_into(own, workdays_like="fri")
    assert filled.holidays == (date(2026, 2, 16), date(2026, 7, 1))
    assert filled.shifts == {"2026-02-14": (("10:00", "12:00"),), "2026-02-28": (("09:00", "18:00"),)}
    with pytest.raises(ValueError, match="a day of the week is one of mon"):
        spring.put_into(own, workdays_like="friday")


YEAR_2026 = PublicHolidays(country="CN", names={}, years=(2026,))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("2025-01-01", "2025-12-31"), "2025-01-01 to 2026-12-31"),
        (("2026-06-01", "2027-06-30"), "2026-01-01 to 2027-06-30"),
        (("2024-01-01", "2024-12-31"), "2026-01-01 to 2026-12-31"),
        (("2025-06-01", None), "2025-06-01 to ..."),
        (("2026-06-01", None), "2026-01-01 to 2026-12-31"),
        (("2027-12-31", "2025-01-01"), "2026-01-01 to 2026-12-31"),
    ],
)
def test_what_is_covered_grows_where_there_is_no_gap(before: tuple[str, str | None], after: str) -> None:
    known = co.DateRange(*(None if day is None else date.fromisoformat(day) for day in before))
    assert str(YEAR_2026.put_into(co.evolve(OFFICE, covers=known)).covers) == after
    assert PublicHolidays(country="CN", names={}).put_into(co.evolve(OFFICE, covers=known)).covers == known


def test_unknown_countries_and_parts_are_said_to_be_so() -> None:
    with pytest.raises(LookupError, match="XX"):
        holidays("XX", 2026)
    with pytest.raises(LookupError, match="ZZ"):
        holidays("DE", 2026, "ZZ")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtra, match=r"community-ops\[holidays\]"):
        holidays("CN", 2026)


def test_a_known_year_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert holidays("CN", [2024, 2025]).years == (2024, 2025)
