"""Vacancies and their ages: by hand, and by walking back day by day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given

from community_ops import Assignment, DateRange, OperatingModel, Position, Unit
from community_ops.org.analysis.openings import Vacancy, vacancies
from tests.org.analysis.organisations import DAY, existing, filled, organisations

MODEL = OperatingModel.of(
    Unit(id="hq", name="HQ"),
    Position(id="left", title="Left", unit="hq", seats=2),
    Position(id="new", title="New", unit="hq", opened=date(2026, 2, 20), status="hiring"),
    Position(id="lost", title="Lost", unit="ghost", seats=3),
    Position(id="held", title="Held", unit="hq"),
    Assignment(id="a1", person="ann", position="left", period=DateRange(end=date(2026, 1, 31))),
    Assignment(id="a2", person="ben", position="left"),
    Assignment(id="a3", person="cat", position="held"),
)


def test_by_hand() -> None:
    found = vacancies(MODEL, DAY)
    assert found.vacancies[0] == Vacancy(
        position="left", unit="hq", status="approved", open_seats=1, vacant=False, since=date(2026, 2, 1), days=29
    )
    assert [(one.position, one.days, one.vacant) for one in found.vacancies[1:]] == [
        ("new", 10, True),
        ("lost", None, True),
    ]
    assert (found.open_seats, found.seats, found.rate, found.unknown) == (5, 7, 5 / 7, 1)
    assert (found.ages.count, found.ages.median, found.ages.bands[0].count) == (2, Fraction(39, 2), 2)
    assert {unit: len(ones) for unit, ones in found.by_unit.items()} == {"hq": 2, None: 1}
    assert str(found).splitlines() == [
        "5 of 7 seats open on 2026-03-02",
        "position  unit  open       since  days",
        "left        hq     1  2026-02-01    29",
        "new         hq     1  2026-02-20    10",
        "lost         -     3           -     -",
    ]


def test_without_seats_there_is_no_rate() -> None:
    nothing = vacancies(OperatingModel(), DAY)
    assert (nothing.rate, nothing.ages.median, nothing.vacancies) == (None, None, ())
    assert str(nothing) == "0 of 0 seats open on 2026-03-02"


def open_on(model: OperatingModel, position: Position, day: date) -> bool:
    """Whether some seat was not filled on a day, by moving every assignment so that the day becomes today."""
    gap = DAY - day

    def moved(period: DateRange | None) -> DateRange | None:
        if period is None:
            return None
        return DateRange(period.start and period.start + gap, period.end and period.end + gap)

    rows = [
        Assignment(id=a.id, person=a.person, position=a.position, fte=a.fte, period=moved(a.period))
        for a in model.assignments
    ]
    return filled(OperatingModel(rows), position) < position.seats


@given(organisations())
def test_open_seats_are_those_found_day_by_day(model: OperatingModel) -> None:
    there, found = existing(model), vacancies(model, DAY)
    short = [p for p in there if filled(model, p) < p.seats]
    assert [one.position for one in found.vacancies] == [p.id for p in short]
    assert [one.open_seats for one in found.vacancies] == [p.seats - filled(model, p) for p in short]
    assert (found.seats, found.open_seats) == (
        sum(p.seats for p in there), sum(p.seats - filled(model, p) for p in short),
    )  # fmt: skip
    for one, position in zip(found.vacancies, short, strict=True):
        assert one.unit == (position.unit if position.unit in model.units.ids else None)
        assert one.status == position.status
        assert one.days == (None if one.since is None else (DAY - one.since).days)
        days = [DAY - timedelta(n) for n in range(45)]
        full = [day for day in days if not open_on(model, position, day)]
        existence = (position.period and position.period.start) or date.min
        if full:  # open since the day after the last full one, but not before the position existed
            assert one.since == max(full[0] + timedelta(1), existence)
        else:
            begun = position.opened if position.opened and position.opened <= DAY else None
            assert one.since == (begun or (position.period and position.period.start))
    assert sorted(one.position for ones in found.by_unit.values() for one in ones) == sorted(p.id for p in short)
    assert found.ages.count + found.unknown == len(short)
