"""Who does what a position is there for: by hand, and against trying every way there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from community_ops import Absence, Assignment, DateRange, Deputy, Duty, OperatingModel, Position, Ref, ReportingLine
from community_ops.errors import UnknownRecord
from community_ops.kernel.model import Model
from community_ops.kernel.schema import Schema
from community_ops.org.deputising import Acting, acting, who_acts
from community_ops.org.standing import deputies_at

DAY = date(2026, 3, 2)
BEFORE, AFTER = DAY - timedelta(1), DAY + timedelta(1)


def job(id: str, reports_to: str | None = None, **fields: Any) -> Position:
    return Position(id=id, title=id, unit="hq", reports_to=reports_to, **fields)


def held(position: str, person: str = "", **fields: Any) -> Assignment:
    return Assignment(id=f"{position}-{person}", person=person or f"p-{position}", position=position, **fields)


def away(person: str, start: date | None = DAY, end: date | None = DAY) -> Absence:
    return Absence(id=f"away-{person}", person=person, period=DateRange(start, end))


def deputy(position: str, by: str, order: int = 1, *scope: Ref, **fields: Any) -> Deputy:
    return Deputy(id=f"{position}-{by}-{order}", position=position, deputy=by, order=order, scope=scope, **fields)


def asked(position: str, *records: Any, at: date = DAY, subject: Ref | None = None) -> Acting:
    return who_acts(OperatingModel.of(*records), position, at, subject)


class TestByHand:
    def test_a_holder_who_is_there_does_it(self) -> None:
        found = asked("a", job("a"), held("a"))
        assert (found.step, found.by, found.people, found.passed) == ("holder", "a", ("p-a",), ())
        assert str(found) == "a: p-a"

    def test_only_those_of_several_holders_who_are_there_do_it(self) -> None:
        three = [held("a", person, fte="0.5") for person in ("ann", "ben", "eve")]
        found = asked("a", job("a", seats=2), *three, away("ben"))
        assert (found.step, found.people) == ("holder", ("ann", "eve"))

    def test_who_only_acts_does_it(self) -> None:
        assert asked("a", job("a"), held("a", fte=0, acting=True)).step == "holder"

    def test_a_deputy_stands_in_for_whom_is_away_and_says_until_when(self) -> None:
        records = [job("a"), job("b"), held("a"), held("b"), deputy("a", "b"), away("p-a", None, AFTER)]
        found = asked("a", *records)
        assert (found.step, found.by, found.people) == ("deputy", "b", ("p-b",))
        assert str(found) == "b: p-b, as deputy; a is away, back on 2026-03-04"
        assert asked("a", *records, at=date(2026, 3, 4)).step == "holder"

    def test_the_first_of_several_who_is_back_counts(self) -> None:
        both = [held("a", "ann"), held("a", "ben"), away("ann", None, None), away("ben", DAY, AFTER)]
        assert str(asked("a", job("a", seats=2), *both)) == "nobody; a is away, back on 2026-03-04"
        assert str(asked("a", job("a"), held("a", "ann"), away("ann", None, None))) == "nobody; a is away"

    def test_deputies_are_asked_in_their_order_and_then_by_id(self) -> None:
        records = [job(id) for id in "abc"] + [held("b"), held("c")]
        assert asked("a", *records, deputy("a", "b", 2), deputy("a", "c", 1)).by == "c"
        assert asked("a", *records, deputy("a", "c"), deputy("a", "b")).by == "b"
        assert asked("a", *records, deputy("a", "c", 1), deputy("a", "b", 2), away("p-c")).by == "b"

    def test_a_second_deputy_comes_before_the_deputy_of_the_first(self) -> None:
        records = [job(id) for id in "abcd"] + [held("c"), held("d"), deputy("a", "b", 1), deputy("b", "d")]
        assert asked("a", *records, deputy("a", "c", 2)).by == "c"
        found = asked("a", *records)
        assert (found.by, found.step) == ("d", "deputy")
        assert [one.position for one in found.passed] == ["a", "b"]

    def test_deputies_count_from_their_first_day_to_their_last(self) -> None:
        records = [job("a"), job("b"), held("b"), deputy("a", "b", period=DateRange(DAY, DAY))]
        assert [asked("a", *records, at=at).step for at in (BEFORE, DAY, AFTER)] == ["nobody", "deputy", "nobody"]

    def test_without_a_deputy_who_is_there_it_goes_up_the_line(self) -> None:
        lines = [job("a", "b"), job("b", "c"), job("c")]
        found = asked("a", *lines, held("c"))
        assert (found.step, found.by) == ("above", "c")
        assert str(found) == "c: p-c, from above; a is vacant; b is vacant"
        found = asked("a", *lines, job("d"), held("d"), held("c"), deputy("b", "d"))
        assert (found.step, found.by) == ("deputy above", "d")
        assert str(found).startswith("d: p-d, as deputy of one above;")

    def test_a_line_in_force_leads_elsewhere(self) -> None:
        line = ReportingLine(id="l", position="a", manager="c", kind="solid", period=DateRange(DAY, DAY))
        records = [job("a", "b"), job("b"), job("c"), held("b"), held("c"), line]
        assert [asked("a", *records, at=at).by for at in (BEFORE, DAY, AFTER)] == ["b", "c", "b"]

    @pytest.mark.parametrize(
        "gone", [{"status": "closed"}, {"status": "planned"}, {"period": DateRange(AFTER, None)}], ids=str
    )
    def test_a_position_that_does_not_exist_does_nothing(self, gone: dict[str, Any]) -> None:
        found = asked("a", job("a", "b", **gone), job("b"), held("a"), held("b"))
        assert str(found) == "b: p-b, from above; a does not exist"
        assert asked("b", job("b"), job("a", **gone), held("a"), deputy("b", "a")).step == "nobody"

    def test_deputies_of_each_other_both_away_end_with_nobody(self) -> None:
        circle = [job("a"), job("b"), deputy("a", "b"), deputy("b", "a")]
        assert asked("a", *circle).step == "nobody"
        assert asked("a", *circle, held("b")).by == "b"
        assert asked("a", *circle, deputy("a", "a", 3)).step == "nobody"

    def test_a_reporting_cycle_comes_to_an_end(self) -> None:
        found = asked("a", job("a", "b"), job("b", "a"))
        assert (found.step, [one.position for one in found.passed]) == ("nobody", ["a", "b"])

    def test_ids_are_found_in_any_normal_form_and_unknown_ones_are_refused(self) -> None:
        assert asked("cafe\u0301", job("café"), held("café")).by == "café"
        with pytest.raises(UnknownRecord):
            asked("ghost", job("a"))

    def test_a_schema_without_deputies_has_none(self) -> None:
        kinds = [kind.cls for kind in OperatingModel.schema.kinds.values() if kind.cls is not Deputy]

        class Small(Model):
            schema = Schema.of(*kinds)

        model = Small.of(job("a", "b"), job("b"), held("b"))
        assert dict(deputies_at(model, DAY)) == {}
        assert who_acts(model, "a", DAY).step == "above"


class TestScope:
    BUDGET, POST, OFFICE = Ref("goal", "budget"), Ref("duty", "post"), Ref("duty", "office")

    def records(self) -> list[Any]:
        duties = [Duty(id="office", name="Office"), Duty(id="post", name="Post", part_of="office")]
        return [*duties, *map(job, "abc"), held("b"), held("c"), deputy("a", "b", 1, self.OFFICE), deputy("a", "c", 2)]

    def test_a_limited_deputy_is_asked_for_what_is_in_its_scope_and_its_parts(self) -> None:
        assert asked("a", *self.records(), subject=self.OFFICE).by == "b"
        assert asked("a", *self.records(), subject=self.POST).by == "b"

    def test_for_anything_else_the_unlimited_one_is(self) -> None:
        for subject in (None, self.BUDGET, Ref("duty", "ghost")):
            assert asked("a", *self.records(), subject=subject).by == "c"

    def test_a_chain_stays_in_scope(self) -> None:
        limited = [*map(job, "abc"), held("c"), deputy("a", "b"), deputy("b", "c", 1, self.BUDGET)]
        assert asked("a", *limited, subject=self.BUDGET).by == "c"
        assert asked("a", *limited, subject=self.POST).step == "nobody"
        assert asked("c", *limited, subject=self.BUDGET).step == "holder"


class TestTheWhole:
    MODEL = OperatingModel.of(
        job("a", "b"), job("b"), job("c"), job("d"), held("b"), held("d"), deputy("c", "d"), job("e")
    )

    def test_it_answers_for_every_position_in_table_order(self) -> None:
        whole = acting(self.MODEL, DAY)
        assert [found.by for found in whole] == ["b", "b", "d", "d", None]
        assert whole.by == (1, 1, 3, 3, None)
        assert whole.uncovered == ("e",)
        assert len(whole) == 5
        assert repr(whole) == "<ActingChart on 2026-03-02: 2 of 5 positions manned>"

    def test_it_tells_who_is_there_and_which_deputy_stands_in(self) -> None:
        whole = acting(self.MODEL, DAY)
        assert (whole.manned("b"), whole.manned("a")) == (("p-b",), ())
        assert [whole.deputy(id) for id in "abcde"] == [None, None, "d", None, None]


# -- against every way there is ----------------------------------------------------------------------------------------

IDS = "abcdef"
SUBJECTS = (None, Ref("goal", "x"), Ref("goal", "y"))


@st.composite
def organisations(draw: st.DrawFn) -> list[Any]:
    some = st.sampled_from(IDS)
    near = st.sampled_from([BEFORE, DAY, AFTER, None])
    records: list[Any] = []
    for id in IDS:
        status = draw(st.sampled_from(["approved", "approved", "approved", "closed"]))
        records.append(job(id, draw(st.none() | some), status=status, seats=draw(st.integers(0, 2))))
    for number in range(draw(st.integers(0, 5))):
        period = draw(st.none() | st.builds(DateRange, near, near))
        person = draw(st.sampled_from("xyz"))
        records.append(Assignment(id=f"h{number}", person=person, position=draw(some), period=period))
    for number in range(draw(st.integers(0, 2))):
        records.append(
            Absence(id=f"l{number}", person=draw(st.sampled_from("xyz")), period=DateRange(draw(near), draw(near)))
        )
    for number in range(draw(st.integers(0, 9))):
        period = draw(st.none() | st.none() | st.builds(DateRange, near, near))
        scope = draw(st.sampled_from([(), (), (), (Ref("goal", "x"),)]))
        records.append(
            Deputy(
                id=f"d{number}", position=draw(some), deputy=draw(some), order=draw(st.integers(1, 3)),
                scope=scope, period=period,
            )
        )  # fmt: skip
    return records


def naive(records: list[Any], position: str, subject: Ref | None) -> tuple[str, str | None, list[str]]:
    """The step, who does it, and who is there, by trying all ways along deputies and taking the best."""
    kinds: tuple[type, ...] = (Position, Assignment, Absence, Deputy)
    of: dict[type, list[Any]] = {kind: [one for one in records if isinstance(one, kind)] for kind in kinds}

    def on(one: Any) -> bool:
        return one.period is None or DAY in one.period

    absent = {one.person for one in of[Absence] if on(one)}
    exists = {one.id for one in of[Position] if one.status == "approved"}

    def there(id: str) -> list[str]:
        people = [one.person for one in of[Assignment] if one.position == id and on(one) and id in exists]
        return [who for who in dict.fromkeys(people) if who not in absent]

    def ways(way: list[str], ranks: list[tuple[int, str]]) -> Iterator[tuple[int, list[tuple[int, str]], str]]:
        if there(way[-1]):
            yield len(way), ranks, way[-1]
            return
        for one in of[Deputy]:
            fits = not one.scope or subject in one.scope
            if one.position == way[-1] and on(one) and fits and one.deputy not in way:
                yield from ways([*way, one.deputy], [*ranks, (one.order, one.id)])

    above = {one.id: one.reports_to for one in of[Position]}
    here: str | None = position
    climbed: list[str] = []
    while here is not None and here not in climbed:
        found = min(ways([here], []), default=None)
        if found:
            length, _, by = found
            step = ("deputy above" if length > 1 else "above") if climbed else "deputy" if length > 1 else "holder"
            return step, by, there(by)
        climbed.append(here)
        here = above[here]
    return "nobody", None, []


@given(organisations())
@example([*map(job, IDS), held("e"), deputy("a", "b"), deputy("b", "a"), deputy("b", "c"), deputy("c", "e")])
def test_it_finds_what_trying_every_way_finds(records: list[Any]) -> None:
    whole = acting(OperatingModel.of(*records), DAY)
    for id, by in zip(IDS, whole.by, strict=True):
        for subject in SUBJECTS:
            found = whole.of(id, subject)
            assert (found.step, found.by, list(found.people)) == naive(records, id, subject)
            assert found.by == id or next(one.position for one in found.passed) == id
        assert by == (None if (plain := whole.of(id).by) is None else IDS.index(plain))


def test_a_ring_of_many_deputies_is_walked_once() -> None:
    count = 20_000
    ring = [Deputy(id=f"{i:06}", position=f"{i:06}", deputy=f"{(i + 1) % count:06}") for i in range(count)]
    model = OperatingModel([*(job(f"{i:06}") for i in range(count)), *ring, held("000007")])
    whole = acting(model, DAY)
    assert set(whole.by) == {7}
    assert len(whole.of("000008").passed) == count - 1


def test_it_tells_which_positions_are_held_by_people_who_are_all_away_and_until_when() -> None:
    week = DateRange(DAY, DAY + timedelta(days=4))
    model = OperatingModel.of(
        *[Position(id=id, title=id, unit="hq") for id in ("left", "vacant", "shared", "there")],
        Assignment(id="h1", person="ann", position="left"),
        Assignment(id="h2", person="ben", position="shared"),
        Assignment(id="h3", person="eve", position="shared"),
        Assignment(id="h4", person="eve", position="there"),
        Absence(id="a1", person="ann", period=week),
        Absence(id="a2", person="ben", period=DateRange(DAY)),
    )
    whole = acting(model, DAY)
    assert whole.deserted == {"left": DAY + timedelta(days=5)}
    assert whole.away == {"ann": DAY + timedelta(days=5), "ben": None}
    assert whole.manned("shared") == ("eve",)
