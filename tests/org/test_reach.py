"""Spans by position and by person: by hand, and from the definition."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, DateRange, OperatingModel, Person, Position, ReportingLine
from community_ops.errors import UnknownRecord
from community_ops.org.reach import PersonSpan, spans
from tests.org import naive

DAY = date(2026, 3, 2)


def post(id: str, up: str | None = None, **fields: object) -> Position:
    return Position(id=id, title=id, unit="u", reports_to=up, **fields)  # type: ignore[arg-type]


def person(id: str) -> Person:
    return Person(id=id, name=id)


def held(who: str, what: str, **fields: object) -> Assignment:
    return Assignment(id=f"{who}-{what}", person=who, position=what, **fields)  # type: ignore[arg-type]


def test_one_person_in_three_seats_has_a_span_of_twelve_though_each_seat_has_four() -> None:
    leads = [post(f"lead{n}") for n in range(3)]
    team = [post(f"{lead.id}-{n}", lead.id) for lead in leads for n in range(4)]
    holders = [held(f"p-{seat.id}", seat.id) for seat in team]
    people = [person("ann"), *(person(one.person) for one in holders)]
    model = OperatingModel([*leads, *team, *people, *holders, *(held("ann", lead.id) for lead in leads)])
    found = spans(model, DAY)
    assert [len(found.positions(lead.id)) for lead in leads] == [4, 4, 4]
    assert [len(found.people(lead.id)) for lead in leads] == [4, 4, 4]
    ann = found.of_person("ann")
    assert (ann.held, len(ann.positions), len(ann.people)) == (("lead0", "lead1", "lead2"), 12, 12)
    assert found.by_person() == (ann,)


def test_seats_make_people_more_than_positions_and_double_holders_make_them_fewer() -> None:
    seats = [post("boss"), post("agent", "boss", seats=3), post("x", "boss"), post("y", "boss"), post("z", "boss")]
    who = [held("a", "agent"), held("b", "agent", fte="0.5"), held("c", "agent"), held("a", "x"), held("a", "y")]
    found = spans(OperatingModel([*seats, *who]), DAY)
    assert found.positions("boss") == ("agent", "x", "y", "z")
    assert found.people("boss") == ("a", "b", "c")


def test_nobody_reports_to_themselves() -> None:
    seats = [post("cmo"), post("content", "cmo"), post("writer", "content"), post("ads", "cmo")]
    who = [held("ann", "cmo"), held("ann", "content"), held("ben", "writer"), held("cat", "ads")]
    model = OperatingModel([*seats, *who, person("ann"), person("ben"), person("cat")])
    found = spans(model, DAY)
    assert (found.positions("cmo"), found.people("cmo")) == (("content", "ads"), ("cat",))
    assert found.of_person("ann") == PersonSpan("ann", ("cmo", "content"), ("ads", "writer"), ("cat", "ben"))
    shared = spans(model.add(held("dan", "cmo"), held("dan", "content"), person("dan")), DAY)
    assert shared.people("cmo") == ("ann", "dan", "cat")
    assert shared.of_person("ann").positions == ("content", "ads", "writer")
    assert shared.of_person("ann").people == ("dan", "cat", "ben")


def test_a_position_that_reports_to_itself_is_not_below_itself() -> None:
    seats = [post("boss", "boss"), post("clerk", "boss")]
    who = [held("ann", "boss"), held("ben", "boss"), held("cat", "clerk")]
    found = spans(OperatingModel([*seats, *who, person("ann"), person("ben"), person("cat")]), DAY)
    assert (found.positions("boss"), found.people("boss")) == (("clerk",), ("cat",))
    assert found.of_person("ann") == PersonSpan("ann", ("boss",), ("clerk",), ("cat",))
    assert {one.person for one in found.by_person()} == {"ann", "ben"}
    alone = spans(OperatingModel.of(post("hub", "hub"), person("ann"), person("ben"), held("ann", "hub")), DAY)
    assert (alone.positions("hub"), alone.by_person()) == ((), ())


def test_only_positions_that_exist_on_the_day_and_their_holders_on_the_day() -> None:
    seats = [
        post("boss"),
        post("old", "boss", status="closed"),
        post("new", "boss", period=DateRange(date(2026, 4, 1))),
    ]
    who = [held("a", "old"), held("b", "new", period=DateRange(date(2026, 5, 1)))]
    model = OperatingModel([*seats, *who, person("boss"), held("boss", "boss")])
    for on, posts, people in [(DAY, (), ()), (date(2026, 4, 1), ("new",), ()), (date(2026, 5, 1), ("new",), ("b",))]:
        assert (spans(model, on).positions("boss"), spans(model, on).people("boss")) == (posts, people)
    assert (spans(model, DAY).by_person(), len(spans(model, date(2026, 4, 1)).by_person())) == ((), 1)


def test_dated_lines_count_on_their_days() -> None:
    line = ReportingLine(id="l", position="x", manager="b", kind="solid", period=DateRange(DAY, DAY))
    model = OperatingModel.of(post("a"), post("b"), post("x", "a"), line)
    assert spans(model, DAY).positions("b") == ("x",)
    assert spans(model, date(2026, 3, 3)).positions("a") == ("x",)


def test_a_position_that_does_not_exist_on_the_day_still_has_its_reports() -> None:
    model = OperatingModel.of(
        post("old", status="closed"), post("x", "old"), person("a"), held("a", "old"), held("b", "x")
    )
    found = spans(model, DAY)
    assert (found.positions("old"), found.people("old")) == (("x",), ("b",))
    assert found.of_person("a") == PersonSpan("a", (), (), ())


def test_unknown_ids_are_named() -> None:
    found = spans(OperatingModel.of(held("ghost", "ghost")), DAY)
    for ask, kind in ((found.positions, "position"), (found.people, "position"), (found.of_person, "person")):
        with pytest.raises(UnknownRecord) as caught:
            ask("ghost")
        assert (caught.value.kind, caught.value.id) == (kind, "ghost")


def reports(lines: naive.Lines, id: str) -> list[str]:
    return [child for child in naive.children(lines, id) if child != id]


@given(naive.lines("abcdefg"), st.lists(st.tuples(st.sampled_from("PQR"), st.sampled_from("abcdefg")), unique=True))
def test_against_the_definition(lines: naive.Lines, pairs: list[tuple[str, str]]) -> None:
    pairs = [(who, what) for who, what in pairs if what in lines]
    model = OperatingModel(
        [*(post(id, up) for id, up in lines.items()), *map(person, "PQ"), *(held(*pair) for pair in pairs)]
    )
    found = spans(model, DAY)
    holders = {id: {who for who, what in pairs if what == id} for id in lines}
    for id in lines:
        assert list(found.positions(id)) == reports(lines, id)
        below = {who for child in reports(lines, id) for who in holders[child]}
        assert set(found.people(id)) == below - (holders[id] if len(holders[id]) == 1 else set())
    for who in "PQ":
        mine = {what for other, what in pairs if other == who}
        below = {child for id in mine for child in reports(lines, id) if holders[child] != {who}}
        one = found.of_person(who)
        assert (set(one.held), set(one.positions)) == (mine, below)
        assert len(one.positions) == len(below)
        assert set(one.people) == {other for id in below for other in holders[id]} - {who}
        assert (one in found.by_person()) == bool(below)
    assert {one.person for one in found.by_person()} <= {"P", "Q"}
