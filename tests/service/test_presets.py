from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from community_ops import Calendar, OperatingModel
from community_ops.service import Ticket, TicketEvent, clock, standard_policy

HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "17:00"),))
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "first", "resolved"),
    [
        # Eight hours a day: 24 hours are three days, 40 a week; ends go on at the next opening.
        ("inquiry", "2026-03-02 10:00", "2026-03-03 09:00"),
        ("technical", "2026-03-02 11:00", "2026-03-05 09:00"),
        ("after_sales", "2026-03-02 13:00", "2026-03-09 09:00"),
        ("complaint", "2026-03-02 09:30", "2026-03-05 09:00"),
    ],
)
def test_the_usual_targets_are_in_business_hours(kind: str, first: str, resolved: str) -> None:
    ticket = Ticket(id="t", subject="T", kind=kind, policy="standard", events=[TicketEvent("opened", MONDAY)])
    calendar = Calendar(id="office", hours=HOURS)
    found = clock(OperatingModel.of(calendar, standard_policy(calendar="office"), ticket), "t", MONDAY)
    assert f"{found.first_response[0].due:%Y-%m-%d %H:%M}" == first
    assert f"{found.resolution[0].due:%Y-%m-%d %H:%M}" == resolved


def test_only_complaints_are_escalated_half_way() -> None:
    assert {(one.kind, one.percent) for one in standard_policy().escalations} == {("complaint", 50)}


def test_everything_can_be_said_otherwise() -> None:
    own = standard_policy("vip", "For members", targets=(), escalations=(), first_response_pauses=("on_hold",))
    assert (own.id, own.name, own.targets, own.escalations) == ("vip", "For members", (), ())
    assert standard_policy().targets[0].first_response == timedelta(hours=1)
