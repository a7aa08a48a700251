from __future__ import annotations

from datetime import date

from community_ops import DateRange, OperatingModel, Person
from community_ops.org.analysis.presence import people_employed

LAST_DAY = date(2026, 3, 1)
MODEL = OperatingModel.of(
    Person(id="left", name="Left", employment=DateRange(None, LAST_DAY)),
    Person(id="came", name="Came", employment=DateRange(date(2026, 3, 2), None)),
    Person(id="ever", name="Ever"),
)


def test_on_a_day_those_belong_whose_employment_covers_it() -> None:
    assert people_employed(MODEL, LAST_DAY) == (0, 2)
    assert people_employed(MODEL, date(2026, 3, 2)) == (1, 2)


def test_without_a_day_everybody_belongs() -> None:
    assert people_employed(MODEL, None) == (0, 1, 2)
