"""Who is told on a day: by hand, and against walking through the records with dicts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import (
    Absence,
    Assignment,
    DateRange,
    Deputy,
    OperatingModel,
    Position,
    Ref,
    ReportingLine,
    Responsibility,
)
from community_ops.service import Queue, Recipient
from community_ops.service.recipients import Asked, Directory, leads_of

DAY = date(2026, 3, 2)
TODAY = DateRange(DAY, DAY)
PAST = DateRange(DAY - timedelta(days=9), DAY - timedelta(days=1))


def job(id: str, reports_to: str | None = None, **own: Any) -> Position:
    return Position(id=id, title=id, unit="hq", reports_to=reports_to, **own)


def held(position: str, person: str = "") -> Assignment:
    return Assignment(id=f"{position}-{person}", person=person or f"p-{position}", position=position)


def line(position: str, manager: str, kind: Any = "functional", period: DateRange | None = None) -> ReportingLine:
    id = f"{position}-{manager}-{kind}"
    return ReportingLine(id=id, position=position, manager=manager, kind=kind, period=period)


LINE = (job("ceo"), job("coo", "ceo"), job("lead", "coo"), job("agent", "lead"))
STAFFED = (*LINE, *[held(one.id) for one in LINE])
QUEUE = Queue(id="q", name="Q", lead="lead")


def asked(
    recipient: Recipient,
    *records: Any,
    assignee: str | None = "agent",
    queue: str | None = "q",
    lead: str | None = "lead",
) -> tuple[Asked, ...]:
    model = OperatingModel.of(Queue(id="q", name="Q", lead=lead), *records)
    return Directory(model, DAY, leads_of(model)).of(recipient, assignee, queue)


def brief(found: Iterable[Asked]) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.position, one.by, one.reason) for one in found]


class TestManager:
    @pytest.mark.parametrize(("steps", "manager"), [(1, "lead"), (2, "coo"), (3, "ceo"), (4, "ceo"), (10**9, "ceo")])
    def test_the_steps_are_counted_from_the_assignee_and_end_at_the_top(self, steps: int, manager: str) -> None:
        assert brief(asked(Recipient(steps=steps), *STAFFED)) == [(manager, manager, None)]

    def test_unassigned_they_are_counted_from_the_lead(self) -> None:
        assert brief(asked(Recipient(), *STAFFED, assignee=None)) == [("coo", "coo", None)]

    def test_an_assignee_that_does_not_exist_is_none(self) -> None:
        assert brief(asked(Recipient(), *STAFFED, assignee="gone")) == [("coo", "coo", None)]

    def test_at_the_top_it_is_the_assignee_itself(self) -> None:
        assert brief(asked(Recipient(), *STAFFED, assignee="ceo")) == [("ceo", "ceo", None)]

    @pytest.mark.parametrize("lead", [None, "gone"])
    @pytest.mark.parametrize("kind", ["manager", "functional"])
    def test_without_an_assignee_and_a_lead_there_is_nobody_to_count_from(self, kind: Any, lead: str | None) -> None:
        found = asked(Recipient(kind), *STAFFED, assignee=None, lead=lead)
        assert brief(found) == [(None, None, "no assignee and no lead")]

    @pytest.mark.parametrize("queue", [None, "gone"])
    def test_without_a_queue_there_is_no_lead(self, queue: str | None) -> None:
        found = asked(Recipient(), *STAFFED, assignee=None, queue=queue)
        assert brief(found) == [(None, None, "no assignee and no lead")]

    def test_a_solid_line_of_the_day_counts(self) -> None:
        moved = line("agent", "ceo", "solid", TODAY)
        assert brief(asked(Recipient(), *STAFFED, moved)) == [("ceo", "ceo", None)]
        assert brief(asked(Recipient(), *STAFFED, line("agent", "ceo", "solid", PAST))) == [("lead", "lead", None)]

    def test_a_circle_ends_before_it_comes_round(self) -> None:
        circle = (job("a", "b"), job("b", "c"), job("c", "a"))
        people = [held(one.id) for one in circle]
        assert brief(asked(Recipient(steps=9), *circle, *people, assignee="a")) == [("c", "c", None)]


class TestOthers:
    def test_the_functional_line_is_followed_from_the_assignee(self) -> None:
        lines = [line("agent", "ceo"), line("lead", "coo"), line("agent", "coo", "project")]
        assert brief(asked(Recipient("functional"), *STAFFED, *lines)) == [("ceo", "ceo", None)]
        assert brief(asked(Recipient("functional"), *STAFFED, *lines, assignee=None)) == [("coo", "coo", None)]

    def test_all_managers_of_several_functional_lines_are_told(self) -> None:
        lines = [line("agent", "coo"), line("agent", "ceo"), line("agent", "lead", period=PAST)]
        assert brief(asked(Recipient("functional"), *STAFFED, *lines)) == [("ceo", "ceo", None), ("coo", "coo", None)]

    def test_without_a_functional_line_there_is_nobody(self) -> None:
        assert brief(asked(Recipient("functional"), *STAFFED)) == [(None, None, "no functional line")]

    def test_a_position_is_told_whoever_has_the_ticket(self) -> None:
        assert brief(asked(Recipient("position", position="coo"), *STAFFED)) == [("coo", "coo", None)]
        found = asked(Recipient("position", position="coo"), *STAFFED, assignee=None, queue=None)
        assert brief(found) == [("coo", "coo", None)]

    def test_a_position_that_does_not_exist_tells_nobody(self) -> None:
        assert brief(asked(Recipient("position", position="x"), *STAFFED)) == [("x", None, "no such position")]

    @pytest.mark.parametrize("role", ["accountable", "responsible", "consulted", "informed"])
    def test_whoever_has_the_role_for_the_queue_is_told(self, role: Any) -> None:
        every = [
            Responsibility(id="r1", subject=Ref("queue", "q"), position="coo", role=role),
            Responsibility(id="r2", subject=Ref("queue", "q"), position="ceo", role=role, period=TODAY),
            Responsibility(id="r3", subject=Ref("queue", "q"), position="lead", role=role, period=PAST),
            Responsibility(id="r4", subject=Ref("queue", "other"), position="agent", role=role),
        ]
        found = asked(Recipient("role", role=role), *STAFFED, *every)
        assert brief(found) == [("ceo", "ceo", None), ("coo", "coo", None)]

    def test_another_role_is_not_meant(self) -> None:
        one = Responsibility(id="r1", subject=Ref("queue", "q"), position="coo", role="informed")
        found = asked(Recipient("role", role="consulted"), *STAFFED, one)
        assert brief(found) == [(None, None, "nobody has the role")]

    def test_without_a_queue_nobody_has_a_role(self) -> None:
        found = asked(Recipient("role", role="consulted"), *STAFFED, queue=None)
        assert brief(found) == [(None, None, "nobody has the role")]

    def test_the_lead_of_the_queue_is_told(self) -> None:
        assert brief(asked(Recipient("queue_lead"), *STAFFED)) == [("lead", "lead", None)]
        assert brief(asked(Recipient("queue_lead"), *STAFFED, lead=None)) == [(None, None, "no lead")]
        assert brief(asked(Recipient("queue_lead"), *STAFFED, lead="gone")) == [("gone", None, "no such position")]
        assert brief(asked(Recipient("queue_lead"), *STAFFED, queue=None)) == [(None, None, "no lead")]


class TestWhoIsNotThere:
    AWAY = Absence(id="x", person="p-lead", period=TODAY)

    def test_a_deputy_comes_first(self) -> None:
        (found,) = asked(Recipient(), *STAFFED, self.AWAY, Deputy(id="d", position="lead", deputy="agent"))
        assert (found.by, found.people, found.reason) == ("agent", ("p-agent",), None)
        assert [str(one) for one in found.passed] == ["lead is away, back on 2026-03-03"]

    def test_then_whoever_is_above(self) -> None:
        staffed = [one for one in STAFFED if one.id != "coo-"]
        (found,) = asked(Recipient(), *staffed, self.AWAY)
        assert (found.by, found.people) == ("ceo", ("p-ceo",))
        assert [(one.position, one.why) for one in found.passed] == [("lead", "away"), ("coo", "vacant")]

    @pytest.mark.parametrize(("scope", "by"), [("q", "agent"), ("other", "coo")])
    def test_a_deputy_for_the_queue_stands_in_and_one_for_another_does_not(self, scope: str, by: str) -> None:
        limited = Deputy(id="d", position="lead", deputy="agent", scope=(Ref("queue", scope),))
        assert brief(asked(Recipient(), *STAFFED, self.AWAY, limited)) == [("lead", by, None)]

    def test_without_a_queue_only_deputies_for_everything_stand_in(self) -> None:
        limited = Deputy(id="d", position="lead", deputy="agent", scope=(Ref("queue", "q"),))
        assert brief(asked(Recipient(), *STAFFED, self.AWAY, limited, queue=None)) == [("lead", "coo", None)]

    def test_where_nobody_up_to_the_top_is_there_nobody_is_told(self) -> None:
        assert brief(asked(Recipient(), *LINE)) == [("lead", None, "nobody up to the top")]


# -- against walking through the records ----------------------------------------------------------------------------

IDS = ("a", "b", "c", "d", "e")
SOME = st.sampled_from(IDS)
PERIODS = st.sampled_from((None, None, TODAY, PAST))
KINDS = st.one_of(
    st.builds(Recipient, st.just("manager"), steps=st.integers(1, 4)),
    st.just(Recipient("functional")),
    st.builds(lambda id: Recipient("position", position=id), SOME),
    st.builds(lambda role: Recipient("role", role=role), st.sampled_from(("informed", "accountable"))),
    st.just(Recipient("queue_lead")),
)


@st.composite
def organisations(draw: st.DrawFn) -> OperatingModel:
    """Draw five positions with any lines between them, some held, some away, with deputies and roles."""
    records: list[Any] = [job(id, draw(st.none() | SOME)) for id in IDS]
    records += [
        Assignment(id=f"h{n}", person=draw(st.sampled_from("xyz")), position=draw(SOME), period=draw(PERIODS))
        for n in range(draw(st.integers(0, 4)))
    ]
    away = draw(st.sets(st.sampled_from("xyz")))
    records += [Absence(id=who, person=who, period=draw(st.sampled_from((TODAY, PAST)))) for who in sorted(away)]
    records += [
        Deputy(id=f"d{n}", position=draw(SOME), deputy=draw(SOME), order=draw(st.integers(1, 2)), period=draw(PERIODS),
               scope=draw(st.sampled_from(((), (), (Ref("queue", "q"),), (Ref("queue", "r"),)))))
        for n in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    records += [
        ReportingLine(id=f"l{n}", position=draw(SOME), manager=draw(SOME), kind="functional", period=draw(PERIODS))
        for n in range(draw(st.integers(0, 3)))
    ]
    solid = draw(st.sets(SOME))  # one a position: which of several holds is not for here
    records += [
        ReportingLine(id=f"s-{id}", position=id, manager=draw(SOME), kind="solid", period=draw(PERIODS))
        for id in sorted(solid)
    ]
    records += [
        Responsibility(id=f"r{n}", subject=Ref("queue", draw(st.sampled_from("qr"))), position=draw(SOME),
                       role=draw(st.sampled_from(("informed", "accountable"))), period=draw(PERIODS))
        for n in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    records += [Queue(id=id, name=id, lead=draw(st.none() | SOME)) for id in "qr"]
    return OperatingModel(records)


def today(record: Any) -> bool:
    return record.period is None or record.period.start <= DAY <= record.period.end


def above(model: OperatingModel) -> dict[str, str | None]:
    found = {one.id: one.reports_to for one in model.positions}
    for one in model.reporting_lines:
        if one.kind == "solid" and today(one):
            found[one.position] = one.manager
    return found


def there(model: OperatingModel, position: str) -> set[str]:
    away = {one.person for one in model.absences if today(one)}
    return {one.person for one in model.assignments if one.position == position and today(one)} - away


def stands_in(model: OperatingModel, position: str, queue: str) -> str | None:
    """Return the nearest position along deputies where somebody is; itself, if that is so."""
    layer, met = [position], {position}
    while layer:
        for one in layer:
            if there(model, one):
                return one
        following = []
        for one in layer:
            rows = [row for row in model.deputies if row.position == one and today(row)]
            for row in sorted(rows, key=lambda row: (row.order, row.id)):
                if row.deputy not in met and (not row.scope or Ref("queue", queue) in row.scope):
                    met.add(row.deputy)
                    following.append(row.deputy)
        layer = following
    return None


def naive(model: OperatingModel, recipient: Recipient, assignee: str | None, queue: str) -> dict[str, str | None]:
    """Return the positions to be asked, each with the one that is told in its place."""
    up, lead = above(model), model.queues[queue].lead
    start = assignee or lead
    positions: set[str | None] = set()
    if recipient.kind == "position":
        positions = {recipient.position}
    elif recipient.kind == "queue_lead":
        positions = {lead}
    elif recipient.kind == "role":
        rows = [one for one in model.responsibilities if one.role == recipient.role and today(one)]
        positions = {one.position for one in rows if one.subject == Ref("queue", queue)}
    elif recipient.kind == "functional":
        rows_ = [one for one in model.reporting_lines if one.kind == "functional" and today(one)]
        positions = {one.manager for one in rows_ if one.position == start}
    elif start is not None:
        chain = [start]
        for _ in range(recipient.steps):
            over = up[chain[-1]]
            if over is not None and over not in chain:
                chain.append(over)
            else:
                break
        positions = {chain[-1]}
    found: dict[str, str | None] = {}
    for position in positions - {None}:
        assert position is not None
        here: str | None = position
        tried: set[str] = set()
        found[position] = None
        while here is not None and here not in tried and found[position] is None:
            tried.add(here)
            found[position] = stands_in(model, here, queue)
            here = up[here]
    return found


@given(organisations(), KINDS, st.none() | SOME, st.sampled_from("qr"))
@settings(max_examples=600, deadline=None)
def test_recipients_are_those_found_by_walking_through_the_records(
    model: OperatingModel, recipient: Recipient, assignee: str | None, queue: str
) -> None:
    found = Directory(model, DAY, leads_of(model)).of(recipient, assignee, queue)
    expected = naive(model, recipient, assignee, queue)
    assert {one.position: one.by for one in found if one.position is not None} == expected
    for one in found:
        assert (one.reason is None) == (one.by is not None)
        assert set(one.people) == (set() if one.by is None else there(model, one.by))
