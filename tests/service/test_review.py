"""What an embedding developer, an analyst and a customer with bad intentions try first."""

from __future__ import annotations

from time import perf_counter

import pytest
from attrs import evolve, frozen

from community_ops import Assignment, OperatingModel, Position, Unit
from community_ops.errors import CyclicMerger, NotAnInstant
from community_ops.kernel.ref import Ref
from community_ops.service import (
    EscalationLevel,
    Recipient,
    SlaPolicy,
    Ticket,
    clock,
    clocks,
    record_event,
    replay,
    root_of,
    route,
)
from tests.service.logs import HOUR, desk, event, policy, ticket, z


@frozen(kw_only=True)
class RegionalTicket(Ticket):
    """A kind of an application's own."""


@frozen(kw_only=True)
class GoldPolicy(SlaPolicy):
    """Another."""


class RegionalModel(OperatingModel):
    """The built-in model with both in place of what they are kinds of."""

    schema = OperatingModel.schema.extend(RegionalTicket, GoldPolicy)


@pytest.mark.parametrize("asked", [clock, replay, route])
def test_what_is_neither_a_date_nor_an_instant_is_named(asked):
    with pytest.raises(NotAnInstant, match="got 2013-06-04"):
        asked(desk(ticket("09:00 opened")), "t", "2013-06-04")


def found(subject, code="SVC601"):
    model = desk(evolve(ticket("09:00 opened"), subject=subject))
    return [one.code for one in model.check().findings if one.code == code]


@pytest.mark.parametrize("subject", ["x@y.example", "to: a.b+c@d-e.example.com!", "请写信到someone@example.com"])
def test_addresses_in_a_subject_are_seen_wherever_they_stand(subject):
    assert found(subject) == ["SVC601"]


@pytest.mark.scale
def test_a_subject_made_to_keep_the_search_for_addresses_busy_does_not():
    begun = perf_counter()
    assert found("@ " + "a" * 1_000_000) == []
    assert found("a." * 500_000 + "@") == []
    assert perf_counter() - begun < 5


def told(*more):
    levels = [EscalationLevel(target="resolution", percent=50, recipient=Recipient("manager"))]
    model = desk(
        policy(resolution=8 * HOUR, escalations=levels),
        Unit(id="help", name="Help desk"),
        Position(id="lead", title="Lead", unit="help"),
        Position(id="agent", title="Agent", unit="help", reports_to="lead"),
        Assignment(id="a1", person="ann", position="lead"),
        Assignment(id="a2", person="ann", position="agent"),
        ticket("09:00 opened", event("09:00 assigned", position="agent")),
        *more,
    )
    return [one for one in model.check(z("10:00").date()).findings if one.code == "SVC404"]


def test_whoever_is_their_own_manager_is_told_of_their_own_tickets():
    (finding,) = told()
    assert Ref("position", "agent") in finding.related


def test_a_manager_with_whom_somebody_shares_the_position_hears_of_it():
    assert told(Assignment(id="a3", person="ben", position="lead")) == []


def test_heirs_of_tickets_and_policies_have_clocks():
    log = ticket("09:00 opened", queue=None, policy="p").events
    model = RegionalModel.of(
        GoldPolicy(id="p", name="P", targets=policy(first_response=HOUR).targets),
        RegionalTicket(id="t", subject="?", policy="p", events=log),
    )
    assert clock(model, "t", z("10:30")).first_response[0].breached == z("10:00")
    assert len(clocks(model, z("10:30"))) == 1
    assert type(record_event(model, "t", event("10:40 public_reply"))) is RegionalTicket


def test_mergers_in_a_circle_are_found_and_have_no_root():
    model = desk(
        ticket("09:00 opened", event("10:00 merged", into="u")),
        ticket("09:00 opened", event("10:00 merged", into="t"), id="u"),
    )
    assert "REF102" in [one.code for one in model.check().findings]
    with pytest.raises(CyclicMerger):
        root_of(model, "t")


def test_what_logs_refer_to_is_renamed_in_them_and_a_position_may_go():
    model = desk(
        policy(first_response=HOUR),
        Position(id="lead", title="Lead", unit="help"),
        Position(id="agent", title="Agent", unit="help"),
        ticket("09:00 opened", event("09:30 assigned", position="agent", actor=Ref("position", "agent"))),
    )
    renamed = model.rename(Ref("position", "agent"), "chat-agent").tickets["t"].events[1]
    assert (renamed.position, renamed.actor) == ("chat-agent", Ref("position", "chat-agent"))
    gone = model.remove(Ref("position", "agent"))
    assert clock(gone, "t", z("10:30")) == clock(model, "t", z("10:30"))
    assert "SVC401" in [one.code for one in gone.check(z("10:30")).findings]


def test_everything_at_one_instant_takes_no_time():
    types = ["pending", "customer_message", "public_reply", "resolved", "reopened", "resolved", "closed"]
    model = desk(
        policy(first_response=HOUR, resolution=HOUR), ticket("09:00 opened", *[f"09:00 {one}" for one in types])
    )
    told = clock(model, "t", z("09:00"))
    assert (told.state, [one.state for one in told.cycles]) == ("closed", ["met", "met"])
    assert told.full_resolution.elapsed == 0 * HOUR
