"""How positions are staffed: by hand, and against looking at every day one by one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import ceil

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, DateRange, OperatingModel, Person, Position
from community_ops.errors import UnknownRecord
from community_ops.org.holding import Seating, assignments_at, holders, staffing
from community_ops.org.workload import overlaps, workloads

DAY = date(2026, 3, 2)


def model_of(position: Position, *held: Assignment) -> OperatingModel:
    return OperatingModel.of(position, *held)


def job(**fields: object) -> Position:
    return Position(id="job", title="Job", unit="u", **fields)  # type: ignore[arg-type]


def held(id: str, start: date | None = None, end: date | None = None, **fields: object) -> Assignment:
    values = {"person": id, "position": "job", "period": DateRange(start, end)} | fields
    return Assignment(id=id, **values)  # type: ignore[arg-type]


def seating(position: Position, *assignments: Assignment, at: date = DAY) -> Seating:
    found = staffing(model_of(position, *assignments), at).get("job")
    assert found is not None
    return found


class TestByHand:
    def test_a_vacant_position(self) -> None:
        found = seating(job())
        assert (str(found), found.vacant, found.open_seats) == ("0 of 1 seats filled", True, 1)
        assert (found.fte, found.people, found.assignments, found.acting) == (Decimal(0), (), (), False)
        assert (found.vacant_since, found.open_since, found.excess) == (None, None, None)

    def test_one_of_several_seats_filled_is_not_vacant(self) -> None:
        found = seating(job(seats=3, opened=date(2025, 12, 17)), held("ann"), held("ben"))
        assert (str(found), found.vacant) == ("2 of 3 seats filled", False)
        assert (found.open_since, found.vacant_since) == (date(2025, 12, 17), None)
        assert found.open_since == DAY - timedelta(75)

    def test_two_halves_share_one_seat(self) -> None:
        four = [held(f"p{i}") for i in range(3)] + [held("ann", fte="0.5"), held("ben", fte="0.5")]
        found = seating(job(seats=4), *four)
        assert (found.filled, len(found.people), found.fte) == (4, 5, Decimal(4))
        assert (found.excess, found.over_filled()) == (None, False)

    def test_half_a_person_fills_a_seat_that_has_no_one_else(self) -> None:
        assert (seating(job(), held("ann", fte="0.5")).filled, seating(job(), held("ann", fte=0)).filled) == (1, 1)

    def test_half_a_seat_is_full_with_half_a_person(self) -> None:
        found = seating(job(seats=2, seat_fte="0.5"), held("ann", fte="0.5"), held("ben", fte="0.5"))
        assert (found.filled, found.seat_fte, found.excess) == (2, Decimal("0.5"), None)

    def test_an_acting_holder_at_nothing_overfills_nothing(self) -> None:
        found = seating(job(), held("ann"), held("ben", fte=0, acting=True))
        assert (found.excess, found.acting, found.people) == (None, False, ("ann", "ben"))
        assert seating(job(), held("ben", fte=0, acting=True)).acting

    def test_seats_without_fte_are_filled_by_heads(self) -> None:
        honorary = job(seats=3, seat_fte=0)
        assert seating(honorary, held("ann", fte=0), held("ben", fte=0)).filled == 2
        assert seating(honorary, held("ann", fte="0.1")).over_filled()

    def test_a_handover_of_a_few_days_is_not_overfilled(self) -> None:
        leaver, successor = held("ann", end=date(2026, 3, 6)), held("ben", start=date(2026, 3, 2))
        found = seating(job(), leaver, successor)
        assert found.excess == DateRange(date(2026, 3, 2), date(2026, 3, 6))
        assert (found.filled, found.over_filled(), found.over_filled(handover_days=4)) == (1, False, True)
        assert not found.over_filled(handover_days=5)
        model = model_of(job(), leaver, successor)
        assert staffing(model, DAY).crowded == ("job",)
        assert staffing(model, DAY).over_filled() == ()
        assert staffing(model, DAY).over_filled(handover_days=0) == ("job",)
        assert staffing(model, date(2026, 3, 7)).crowded == ()

    def test_two_holders_of_one_seat_without_an_end_are(self) -> None:
        found = seating(job(), held("ann"), held("ben", start=DAY))
        assert found.over_filled(handover_days=10**6)
        assert found.excess == DateRange(DAY, None)

    def test_vacant_since_the_day_after_the_last_holder_left(self) -> None:
        left = [held("ann", end=date(2025, 12, 16)), held("ben", end=date(2025, 10, 1))]
        found = seating(job(opened=date(2025, 9, 1)), *left)
        assert found.vacant_since == found.open_since == date(2025, 12, 17)

    def test_vacant_since_no_earlier_than_it_exists(self) -> None:
        new = job(period=DateRange(date(2026, 1, 1)))
        assert seating(new).vacant_since == date(2026, 1, 1)
        assert seating(new, held("ann", end=date(2025, 12, 1))).vacant_since == date(2026, 1, 1)
        assert seating(new, held("ann", end=date(2026, 2, 1))).vacant_since == date(2026, 2, 2)

    def test_a_search_that_has_not_begun_tells_nothing(self) -> None:
        assert seating(job(opened=date(2026, 6, 1))).vacant_since is None

    def test_a_later_holder_does_not_fill_it_today(self) -> None:
        found = seating(job(opened=date(2026, 1, 5)), held("ann", start=date(2026, 4, 1)))
        assert (found.vacant, found.vacant_since) == (True, date(2026, 1, 5))

    def test_open_since_and_vacant_since_differ_where_seats_emptied_one_by_one(self) -> None:
        found = seating(job(seats=2), held("ann", end=date(2026, 1, 31)), held("ben", end=date(2026, 2, 14)))
        assert (found.open_since, found.vacant_since) == (date(2026, 2, 1), date(2026, 2, 15))

    def test_nobody_is_missing_where_there_is_no_seat(self) -> None:
        found = seating(job(seats=0))
        assert (found.vacant, found.open_seats, found.open_since, found.vacant_since) == (False, 0, None, None)
        assert seating(job(seats=0), held("ann")).excess == DateRange()

    def test_one_person_twice_is_one_person(self) -> None:
        found = seating(job(), held("a1", person="ann", fte="0.5"), held("a2", person="ann", fte="0.5"))
        assert (found.people, found.assignments) == (("ann",), ("a1", "a2"))


class TestExistence:
    @pytest.mark.parametrize("status", ["planned", "closed"])
    def test_planned_and_closed_positions_do_not_count(self, status: str) -> None:
        found = staffing(model_of(job(status=status)), DAY)
        assert (found.positions, found.get("job"), list(found), len(found)) == ((), None, [], 0)

    @pytest.mark.parametrize("status", ["approved", "hiring", "frozen"])
    def test_all_others_do(self, status: str) -> None:
        assert staffing(model_of(job(status=status)), DAY).vacant == ("job",)

    def test_only_within_their_period(self) -> None:
        model = model_of(job(period=DateRange(DAY, DAY)))
        days = [DAY - timedelta(1), DAY, DAY + timedelta(1)]
        assert [len(staffing(model, on)) for on in days] == [0, 1, 0]

    def test_holders_of_a_closed_position_are_still_told(self) -> None:
        assert [one.id for one in holders(model_of(job(status="closed"), held("ann")), "job", DAY)] == ["ann"]


class TestQuestions:
    MODEL = OperatingModel.of(
        job(seats=2),
        Position(id="b\u00e9ta", title="B", unit="u"),
        held("ann", end=DAY),
        held("ben", start=DAY),
        held("cat", start=date(2026, 3, 3)),
        held("dan", position="b\u00e9ta"),
        held("eve", position="ghost"),
    )

    def test_assignments_in_force_in_table_order(self) -> None:
        assert [one.id for one in assignments_at(self.MODEL, DAY)] == ["ann", "ben", "dan", "eve"]

    def test_holders_of_one_position(self) -> None:
        assert holders(self.MODEL, "job", DAY) == tuple(self.MODEL.assignments[id] for id in ("ann", "ben"))
        assert [one.id for one in holders(self.MODEL, "be\u0301ta", DAY)] == ["dan"]

    def test_the_whole(self) -> None:
        found = staffing(self.MODEL, date(2026, 3, 3))
        assert found.positions == ("job", "b\u00e9ta")
        assert [one.position for one in found] == ["job", "b\u00e9ta"]
        assert found.people == (("ben", "cat"), ("dan",))
        assert repr(found) == "<Staffing on 2026-03-03: 3 of 3 seats filled>"
        assert repr(staffing(OperatingModel(), DAY)) == "<Staffing on 2026-03-02: 0 of 0 seats filled>"

    def test_an_unknown_position_is_named(self) -> None:
        for ask in (lambda: staffing(self.MODEL, DAY).get("ghost"), lambda: holders(self.MODEL, "ghost", DAY)):
            with pytest.raises(UnknownRecord) as caught:
                ask()
            assert (caught.value.kind, caught.value.id) == ("position", "ghost")

    def test_remembered_while_names_and_lines_change(self) -> None:
        found = staffing(self.MODEL, DAY)
        edited = self.MODEL.replace(evolve(self.MODEL.positions["job"], title="Other", reports_to="b\u00e9ta"))
        edited = edited.add(Person(id="ann", name="Ann"))
        assert staffing(edited, DAY) is found
        moved = edited.replace(evolve(edited.assignments["ann"], period=None))
        assert staffing(moved, date(2026, 5, 1)).get("job") != staffing(edited, date(2026, 5, 1)).get("job")


@pytest.mark.scale
def test_200_000_assignments_to_one_position_by_one_person() -> None:
    start = DAY - timedelta(10_000)
    rows = [held(f"a{n}", start + timedelta(n % 9_000), DAY + timedelta(n % 7), person="ann") for n in range(200_000)]
    model = OperatingModel.of(job(seats=2, seat_fte="0.5"), Person(id="ann", name="Ann"), *rows)
    found = staffing(model, DAY).get("job")
    assert found is not None
    assert (found.people, len(found.assignments), found.fte) == (("ann",), 200_000, Decimal(200_000))
    assert found.excess == DateRange(start, DAY + timedelta(6))
    (overload,) = workloads(model).over()
    assert (overload.peak, len(overload.assignments)) == (Decimal(200_000), 200_000)
    assert len(overlaps(model)) == 199_999


# -- day by day ------------------------------------------------------------------------------------------------

WINDOW = [DAY + timedelta(n) for n in range(-8, 9)]
edges = st.none() | st.sampled_from(WINDOW[2:-2])
ftes = st.sampled_from(["0", "0.5", "0.25", "1", "2"])


@st.composite
def staffed(draw: st.DrawFn) -> tuple[Position, list[Assignment]]:
    position = job(
        seats=draw(st.integers(0, 3)),
        seat_fte=draw(st.sampled_from(["0", "0.5", "1"])),
        opened=draw(edges),
        period=draw(st.none() | st.builds(DateRange, edges, edges)),
    )
    rows = draw(st.lists(st.tuples(edges, edges, ftes, st.sampled_from("xyz"), st.booleans()), max_size=5))
    return position, [
        held(f"a{i}", start, end, fte=fte, person=person, acting=acting)
        for i, (start, end, fte, person, acting) in enumerate(rows)
    ]


def on_day(position: Position, assignments: list[Assignment], on: date) -> tuple[int, Decimal, int]:
    """The number of assignments in force, their FTE, and the seats they fill."""
    there = [one for one in assignments if one.period and one.period.covers(on)]
    fte = sum((one.fte for one in there), Decimal(0))
    if not there:
        return 0, fte, 0
    full = ceil(fte / position.seat_fte) if position.seat_fte else len(there)
    return len(there), fte, min(position.seats, max(full, 1))


@given(staffed())
def test_against_looking_at_every_day(case: tuple[Position, list[Assignment]]) -> None:
    position, assignments = case
    whole = staffing(model_of(position, *assignments), DAY)
    found = whole.get("job")
    if position.period and not position.period.covers(DAY):
        assert found is None
        return
    assert found is not None
    there = [one for one in assignments if one.period and one.period.covers(DAY)]
    number, fte, filled = on_day(position, assignments, DAY)
    assert found.assignments == tuple(one.id for one in there)
    assert found.people == tuple(dict.fromkeys(one.person for one in there))
    assert (found.fte, found.filled, found.seats) == (fte, filled, position.seats)
    assert found.acting == (bool(there) and all(one.acting for one in there))
    assert found.vacant == (position.seats > 0 and number == 0)
    assert whole.vacant == (("job",) if found.vacant else ())
    assert whole.understaffed == (("job",) if filled < position.seats else ())

    def first_day(wanting: list[bool]) -> date | None:
        """The first day of the run that ends today, given for every day up to today, or what else tells."""
        run = 0
        while run < len(wanting) and wanting[-1 - run]:
            run += 1
        if run == 0:
            return None
        exists_from = position.period.start if position.period else None
        if run == len(wanting):  # for as long as anyone can see
            return position.opened if position.opened and position.opened <= DAY else exists_from
        first = WINDOW[len(wanting) - run]
        return max(first, exists_from) if exists_from else first

    past = [on_day(position, assignments, on) for on in WINDOW if on <= DAY]
    assert found.open_since == first_day([full < position.seats for _, _, full in past])
    assert found.vacant_since == first_day([position.seats > 0 and not count for count, _, _ in past])

    planned = position.seats * position.seat_fte
    over = [on_day(position, assignments, on)[1] > planned for on in WINDOW]
    today = WINDOW.index(DAY)
    assert whole.crowded == (("job",) if over[today] else ())
    if not over[today]:
        assert found.excess is None
        return
    first = last = today
    while first >= 0 and over[first]:
        first -= 1
    while last < len(over) and over[last]:
        last += 1
    begins = None if first < 0 else WINDOW[first + 1]
    ends = None if last == len(over) else WINDOW[last - 1]
    assert found.excess == DateRange(begins, ends)
    long = begins is None or ends is None or (ends - begins).days + 1 > 3
    assert found.over_filled(handover_days=3) == long
    assert whole.over_filled(handover_days=3) == (("job",) if long else ())
