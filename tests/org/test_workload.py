"""What a person holds over time, against looking at every day, and by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, DateRange, OperatingModel, Person, Position
from community_ops.errors import UnknownRecord
from community_ops.org.workload import Load, Outside, Overlap, Overload, outside_employment, overlaps, workloads

DAY = date(2026, 3, 10)
WINDOW = [DAY + timedelta(n) for n in range(-8, 9)]
edges = st.none() | st.sampled_from(WINDOW[2:-2])
periods = st.none() | st.builds(DateRange, edges, edges)


def held(
    id: str, period: DateRange | None = None, fte: str = "1", position: str = "x", person: str = "ann"
) -> Assignment:
    return Assignment(id=id, person=person, position=position, fte=fte, period=period)


def covers(period: DateRange | None, on: date) -> bool:
    return period is None or period.covers(on)


def day(month: int, number: int) -> date:
    return date(2026, month, number)


some = st.lists(
    st.tuples(
        periods,
        st.sampled_from(["0", "0.3", "0.5", "0.7", "1"]),
        st.sampled_from("xy"),
        st.sampled_from(["ann", "ben"]),
    ),
    max_size=6,
).map(lambda rows: [held(f"a{i}", *row) for i, row in enumerate(rows)])
ANN = Person(id="ann", name="Ann")


class TestFullTime:
    @given(some, st.sampled_from([Decimal(1), Decimal("0.5"), 0, Decimal("1.25")]))
    def test_against_looking_at_every_day(self, rows: list[Assignment], limit: Decimal | int) -> None:
        work = workloads(OperatingModel.of(ANN, Person(id="ben", name="Ben"), *rows))
        by_person = {overload.person: overload for overload in work.over(limit)}
        assert list(by_person) == [id for id in ("ann", "ben") if id in by_person]
        for person in ("ann", "ben"):
            mine = [row for row in rows if row.person == person]
            loads = work.of(person)
            over_on = []
            for on in WINDOW:
                there = [row for row in mine if covers(row.period, on)]
                fte = sum((row.fte for row in there), Decimal(0))
                found = [load for load in loads if load.period.covers(on)]
                assert [(load.fte, load.number) for load in found] == ([(fte, len(there))] if there else [])
                over_on += [(on, fte, there)] if fte > limit else []
            if not over_on:
                assert person not in by_person
                continue
            overload = by_person[person]
            assert [on for on in WINDOW if any(run.covers(on) for run in overload.periods)] == [
                on for on, _, _ in over_on
            ]
            assert overload.peak == max(fte for _, fte, _ in over_on)
            counted = {row.id for _, _, there in over_on for row in there}
            assert overload.assignments == tuple(row.id for row in mine if row.id in counted)
            for one, other in pairwise(overload.periods):
                assert (other.start or date.min) - (one.end or date.max) > timedelta(1)

    def test_by_hand(self) -> None:
        rows = [
            held("a1", DateRange(day(1, 1), day(6, 30)), "0.8"),
            held("a2", DateRange(day(3, 1), day(3, 31)), "0.3"),
            held("a3", DateRange(day(6, 30), None), "0.5"),
            held("a4", DateRange(day(9, 1), None), "0.5"),
        ]
        work = workloads(OperatingModel.of(ANN, *rows))
        runs = (DateRange(day(3, 1), day(3, 31)), DateRange(day(6, 30), day(6, 30)))
        assert work.over() == (Overload("ann", runs, Decimal("1.3"), ("a1", "a2", "a3")),)
        assert [load.fte for load in work.of("ann")] == [Decimal(n) for n in ("0.8", "1.1", "0.8", "1.3", "0.5", "1")]
        assert work.of("ann")[-1] == Load(DateRange(day(9, 1)), Decimal(1), 2)

    def test_exactly_full_time_is_not_over_it(self) -> None:
        rows = [held(f"a{i}", fte="0.1") for i in range(10)]  # ten times 0.1 is 0.9999999999999999 in binary
        work = workloads(OperatingModel.of(ANN, *rows))
        assert work.over() == ()
        assert work.over(Decimal("0.99"))[0].periods == (DateRange(),)
        assert work.of("ann") == (Load(DateRange(), Decimal(1), 10),)

    def test_one_job_after_the_other_is_never_over(self) -> None:
        rows = [held("a1", DateRange(None, day(6, 30))), held("a2", DateRange(day(7, 1), None))]
        assert workloads(OperatingModel.of(ANN, *rows)).over() == ()

    def test_a_backward_period_holds_nothing(self) -> None:
        rows = [held("a1", DateRange(day(6, 30), day(6, 1))), held("a2")]
        work = workloads(OperatingModel.of(ANN, *rows))
        assert (work.over(), work.of("ann")) == ((), (Load(DateRange(), Decimal(1), 1),))

    def test_people_who_are_not_there_are_nobody(self) -> None:
        work = workloads(OperatingModel.of(ANN, held("a1", person="ghost"), held("a2", person="ghost")))
        assert (work.over(), work.of("ann")) == ((), ())
        with pytest.raises(UnknownRecord) as caught:
            work.of("ghost")
        assert (caught.value.kind, caught.value.id) == ("person", "ghost")

    def test_remembered_while_names_and_positions_change(self) -> None:
        model = OperatingModel.of(ANN, held("a1"))
        edited = model.add(Position(id="x", title="X", unit="u")).replace(evolve(ANN, name="Anne"))
        assert workloads(edited) is workloads(model)


class TestOverlaps:
    @given(some)
    def test_found_wherever_a_day_is_held_twice(self, rows: list[Assignment]) -> None:
        found = overlaps(OperatingModel(rows))
        by_id = {row.id: row for row in rows}
        for overlap in found:
            one, other = by_id[overlap.first], by_id[overlap.second]
            assert (one.person, one.position) == (other.person, other.position) == (overlap.person, overlap.position)
            shared = (one.period or DateRange()).overlap(other.period or DateRange())
            assert overlap.period == shared
            assert one is not other
            starts = [(row.period.start if row.period else None) or date.min for row in (one, other)]
            assert starts == sorted(starts)
        assert len({overlap.second for overlap in found}) == len(found)
        for person in ("ann", "ben"):
            for position in "xy":
                mine = [row for row in rows if (row.person, row.position) == (person, position)]
                here = [overlap.period for overlap in found if (overlap.person, overlap.position) == (person, position)]
                for on in WINDOW:
                    twice = sum(covers(row.period, on) for row in mine) > 1
                    assert twice == any(period.covers(on) for period in here)

    def test_by_hand(self) -> None:
        rows = [
            held("late", DateRange(day(5, 1), day(5, 31))),
            held("long", DateRange(day(1, 1), day(12, 31))),
            held("early", DateRange(day(2, 1), day(2, 28))),
            held("else", None, position="y"),
            held("other", None, person="ben"),
        ]
        assert overlaps(OperatingModel(rows)) == (
            Overlap("ann", "x", "long", "early", DateRange(day(2, 1), day(2, 28))),
            Overlap("ann", "x", "long", "late", DateRange(day(5, 1), day(5, 31))),
        )

    def test_next_to_each_other_is_not_over_each_other(self) -> None:
        rows = [held("a1", DateRange(None, day(5, 31))), held("a2", DateRange(day(6, 1)))]
        assert overlaps(OperatingModel(rows)) == ()

    def test_many_at_once_give_one_each(self) -> None:
        assert len(overlaps(OperatingModel([held(f"a{i}") for i in range(1000)]))) == 999


class TestEmployment:
    YEAR = DateRange(day(1, 1), day(12, 31))

    def outside(
        self, period: DateRange | None, employment: DateRange | None = YEAR, at: date | None = DAY
    ) -> tuple[Outside, ...]:
        return outside_employment(OperatingModel.of(evolve(ANN, employment=employment), held("a1", period)), at)

    @pytest.mark.parametrize(
        "period",
        [
            None,
            YEAR,
            DateRange(),
            DateRange(day(1, 1)),
            DateRange(None, day(12, 31)),
            DateRange(day(5, 1), day(4, 1)),
            DateRange(date(2025, 5, 1), date(2025, 4, 1)),
        ],
    )
    def test_within_it_or_not_said_to_be_out_of_it(self, period: DateRange | None) -> None:
        assert self.outside(period) == ()

    def test_before_and_after(self) -> None:
        early, late = date(2025, 11, 1), date(2027, 2, 1)
        before, after = DateRange(early, date(2025, 12, 31)), DateRange(date(2027, 1, 1), late)
        assert self.outside(DateRange(early, day(5, 1))) == (Outside("a1", "ann", (before,)),)
        assert self.outside(DateRange(day(5, 1), late)) == (Outside("a1", "ann", (after,)),)
        assert self.outside(DateRange(early, late)) == (Outside("a1", "ann", (before, after)),)
        assert self.outside(DateRange(early, early), at=None) == (Outside("a1", "ann", (DateRange(early, early),)),)

    def test_without_an_end_once_the_employment_is_over(self) -> None:
        gone = DateRange(None, day(2, 28))
        after = (Outside("a1", "ann", (DateRange(day(3, 1)),)),)
        assert self.outside(None, gone, at=day(3, 1)) == after
        assert self.outside(DateRange(day(1, 1)), gone, at=day(3, 1)) == after
        assert self.outside(None, gone, at=day(2, 28)) == self.outside(None, gone, at=None) == ()

    def test_begun_after_the_employment_was_over(self) -> None:
        gone = DateRange(None, day(2, 28))
        assert self.outside(DateRange(day(6, 1)), gone, at=day(7, 1)) == (
            Outside("a1", "ann", (DateRange(day(6, 1)),)),
        )

    @pytest.mark.parametrize("employment", [None, DateRange(day(5, 1), day(4, 1))])
    def test_nothing_is_said_where_employment_is_not_known(self, employment: DateRange | None) -> None:
        period = DateRange(date(2020, 1, 1), date(2020, 2, 1))
        assert self.outside(period, employment) == ()
        hired = Person(id="ben", name="Ben", employment=self.YEAR)
        model = OperatingModel.of(evolve(ANN, employment=employment), hired, held("a1", period))
        assert outside_employment(model, DAY) == ()

    @given(some, periods, st.none() | st.sampled_from(WINDOW))
    def test_against_looking_at_every_day(
        self, rows: list[Assignment], employment: DateRange | None, at: date | None
    ) -> None:
        model = OperatingModel.of(evolve(ANN, employment=employment), *rows)
        found = {outside.assignment: outside for outside in outside_employment(model, at)}
        for row in rows:
            wrong = []
            if row.person == "ann" and employment and not employment.backward:
                period = row.period or DateRange()
                for on in WINDOW:
                    if period.covers(on) and not employment.covers(on):
                        too_early = employment.start is not None and on < employment.start
                        said = (
                            period.start
                            if too_early
                            else period.end
                            or (at and at >= max((employment.end or date.max) + timedelta(1), period.start or date.min))
                        )
                        wrong += [on] if said else []
            here = found[row.id].periods if row.id in found else ()
            assert [on for on in WINDOW if any(period.covers(on) for period in here)] == wrong


def test_of_assignments_on_the_same_days_the_smallest_id_comes_first_wherever_it_stands() -> None:
    twice = [Assignment(id=id, person="ann", position="job") for id in ("c", "a", "b")]
    for order in (twice, twice[::-1]):
        pairs = [(found.first, found.second) for found in overlaps(OperatingModel(order))]
        assert pairs == [("a", "b"), ("a", "c")]
