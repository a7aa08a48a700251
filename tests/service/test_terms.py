"""What is promised, compiled: levels of escalation as amounts of work, and instants as numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from community_ops import Calendar, OperatingModel
from community_ops.errors import NotAnInstant
from community_ops.service import EscalationLevel, SlaPolicy, SlaTarget, Ticket, TicketEvent, clock, replay
from community_ops.service.terms import instant_of, terms
from tests.service.logs import HOUR, MINUTE, desk, policy

SECOND = 1_000_000


def works(*levels: EscalationLevel, kind: str = "inquiry", **promised: Any) -> list[tuple[int, int]]:
    """Return each level's number and after how much work it is due, in seconds."""
    found = terms(desk(policy(escalations=levels, **promised))).of("p", kind, "normal")
    return [(one.number, one.work // SECOND) for one in found.levels]


@pytest.mark.parametrize(
    ("level", "seconds"),
    [
        ({"percent": 0}, 0),
        ({"percent": 50}, 3600),
        ({"percent": Decimal("87.5")}, 6300),
        ({"percent": 100}, 7200),
        ({"percent": 150}, 10_800),
        ({"offset": timedelta()}, 7200),
        ({"offset": HOUR}, 10_800),
        ({"offset": -30 * MINUTE}, 5400),
        ({"offset": -3 * HOUR}, 0),  # longer before than is promised: at once
    ],
)
def test_a_level_is_due_after_a_part_of_the_promise_or_before_or_after_its_end(
    level: dict[str, Any], seconds: int
) -> None:
    assert works(EscalationLevel(target="resolution", **level), resolution=2 * HOUR) == [(1, seconds)]


def test_a_percentage_that_is_no_whole_number_of_microseconds_is_not_due_before_it() -> None:
    third = EscalationLevel(target="resolution", percent=Decimal("33.3333333333"))
    found = terms(desk(policy(escalations=[third], resolution=HOUR))).of("p", "inquiry", "normal")
    assert found.levels[0].work == 1_200_000_000  # 1,199,999,998.8


def test_levels_of_other_kinds_and_of_what_is_not_promised_are_left_out_and_the_others_keep_their_numbers() -> None:
    levels = [
        EscalationLevel(target="next_response", percent=50),
        EscalationLevel(target="resolution", percent=50, kind="complaint"),
        EscalationLevel(target="resolution", percent=100),
    ]
    assert works(*levels, resolution=HOUR) == [(3, 3600)]
    assert works(*levels, resolution=HOUR, kind="complaint") == [(2, 1800), (3, 3600)]


def test_terms_of_a_policy_that_is_not_there_promise_nothing() -> None:
    book = terms(desk(policy(resolution=HOUR)))
    for id in (None, "gone"):
        assert book.of(id, "inquiry", "normal").policy is None
        assert book.of(id, "inquiry", "normal").amounts == (None, None, None)
    assert book.of("p", "never heard of", "low").amounts == (None, None, 3600 * SECOND)


def test_an_instant_is_a_number_whatever_clocks_it_was_read_from() -> None:
    noon = datetime(1970, 1, 1, 12, 0, 0, 7, tzinfo=UTC)
    assert instant_of(noon) == instant_of(noon.astimezone(ZoneInfo("Asia/Shanghai"))) == 12 * 3600 * SECOND + 7
    with pytest.raises(NotAnInstant):
        instant_of(datetime(1970, 1, 1))


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-11:00"])
def test_an_instant_at_the_ends_of_time_can_be_shown_in_every_zone(text: str) -> None:
    at = datetime.fromisoformat(text)
    ticket = Ticket(id="t", subject="T", policy="p", events=[TicketEvent("opened", at)])
    shanghai = Calendar(id="c", timezone="Asia/Shanghai", hours={"mon": (("00:00", "24:00"),)})
    policy = SlaPolicy(id="p", name="P", calendar="c", targets=[SlaTarget(resolution=timedelta(hours=1))])
    model = OperatingModel.of(ticket, shanghai, policy)
    found = clock(model, "t", at).resolution[0]
    assert found.elapsed == timedelta()
    assert abs(found.started - at) <= timedelta(days=1, hours=12)
    assert replay(model, "t").state == "new"
