"""Who is away: by hand, and at the edges of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from community_ops import Absence, DateRange, Model, OperatingModel, Person, Schema
from community_ops.org.absences import absences_at, people_away

DAY = date(2026, 3, 2)


def away(*records: Person | Absence, at: date = DAY) -> dict[str, date | None]:
    return dict(people_away(OperatingModel.of(*records), at))


def absent(id: str, start: date | None, end: date | None, person: str = "ann") -> Absence:
    return Absence(id=id, person=person, period=DateRange(start, end))


@pytest.mark.parametrize(("days", "expected"), [(-1, False), (0, True), (2, True), (3, False)])
def test_an_absence_lasts_from_its_first_day_to_its_last(days: int, expected: bool) -> None:
    found = away(absent("a", DAY, DAY + timedelta(2)), at=DAY + timedelta(days))
    assert found == ({"ann": date(2026, 3, 5)} if expected else {})


def test_who_is_away_twice_is_back_after_the_later_end() -> None:
    assert away(absent("a", None, DAY), absent("b", DAY, DAY + timedelta(9))) == {"ann": date(2026, 3, 12)}
    assert away(absent("a", None, None), absent("b", DAY, DAY)) == {"ann": None}
    assert away(absent("b", DAY, DAY), absent("a", None, None)) == {"ann": None}


def test_an_absence_to_the_end_of_the_calendar_has_no_day_after() -> None:
    assert away(absent("a", DAY, date.max)) == {"ann": None}


def test_an_absence_that_ends_before_it_starts_is_none() -> None:
    assert away(absent("a", DAY, DAY - timedelta(1))) == {}


def test_who_is_not_employed_is_away() -> None:
    def ann(start: date | None, end: date | None) -> Person:
        return Person(id="ann", name="Ann", employment=DateRange(start, end))

    assert away(ann(DAY, DAY)) == {}
    assert away(ann(DAY + timedelta(1), None)) == {"ann": date(2026, 3, 3)}
    assert away(ann(None, DAY - timedelta(1))) == {"ann": None}
    assert away(ann(DAY + timedelta(1), DAY)) == {}, "a backward employment tells nothing"
    assert away(ann(DAY + timedelta(1), None), absent("a", DAY, DAY + timedelta(5))) == {"ann": date(2026, 3, 8)}


def test_a_schema_without_absences_has_none() -> None:
    kinds = [kind.cls for kind in OperatingModel.schema.kinds.values() if kind.cls is not Absence]

    class Small(Model):
        schema = Schema.of(*kinds)

    assert absences_at(Small(), DAY) == ()
    assert dict(people_away(Small(), DAY)) == {}
