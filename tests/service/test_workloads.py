"""How many open tickets positions have: by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from community_ops import OperatingModel
from community_ops.errors import NotAnInstant
from community_ops.service.workloads import Loads, loads
from tests.service.logs import event, ticket, z


def loaded(*records: Any, at: str = "10:00") -> Loads:
    return loads(OperatingModel.of(*records), z(at))


def given_to(*positions: str | None, id: str, then: Any = (), **own: Any) -> Any:
    """Return a ticket that was opened at five, given to positions from six on, one an hour, and what happened then."""
    log = [event(f"{hour:02}:00 assigned", position=position) for hour, position in enumerate(positions, 6)]
    return ticket("05:00 opened", *log, *then, id=id, **own)


def test_open_tickets_are_counted_by_position_and_queue() -> None:
    moved = [event("09:00 queue_changed", queue="mail")]
    found = loaded(
        given_to("a", id="1"), given_to("a", id="2"), given_to("a", id="3", then=moved), given_to("b", id="4"),
        given_to("a", id="5", queue=None),
    )  # fmt: skip
    assert found.by_queue == {"a": {"q": 2, "mail": 1, None: 1}, "b": {"q": 1}}
    assert (found.of("a"), found.of("b"), found.of("nobody")) == (4, 1, 0)
    assert repr(found) == "<Loads at 2013-06-04 10:00:00+00:00: 2 positions with open tickets>"


@pytest.mark.parametrize(
    ("then", "open"),
    [
        ((), 1),
        (("08:00 pending",), 1),
        (("08:00 on_hold",), 1),
        (("08:00 resolved",), 0),
        (("08:00 resolved", "09:00 closed"), 0),
        (("08:00 resolved", "09:00 reopened"), 1),
        (("08:00 cancelled",), 0),
        ((event("08:00 merged", into="x"),), 0),
    ],
)
def test_a_ticket_is_open_until_it_is_over(then: Any, open: int) -> None:
    assert loaded(given_to("a", id="1", then=then)).of("a") == open


def test_whoever_has_it_in_the_end_has_it() -> None:
    found = loaded(given_to("a", "b", id="1"), given_to("a", None, id="2"), ticket("05:00 opened", id="3"))
    assert found.by_queue == {"b": {"q": 1}}
    assert found.unassigned == {"q": 2}


def test_the_last_time_a_position_was_given_a_ticket_is_known_be_it_over_by_now() -> None:
    found = loaded(given_to("a", "b", "a", id="1", then=["09:00 resolved"]), given_to("a", id="2"))
    assert (found.last_assigned("a"), found.last_assigned("b")) == (z("08:00"), z("07:00"))
    assert found.last_assigned("c") is None


def test_what_comes_later_or_does_not_hold_together_does_not_count() -> None:
    records = [given_to("a", id="1"), given_to("b", id="2", then=["07:00 closed"])]
    assert (loaded(*records).by_queue, loaded(*records, at="05:59").by_queue) == ({"a": {"q": 1}}, {})
    assert loaded(*records, at="05:59").last_assigned("a") is None
    before = loaded(*records, at="04:59")
    assert (before.by_queue, before.unassigned) == ({}, {})


def test_the_order_of_the_tickets_makes_no_difference() -> None:
    records = [given_to("a", "b", id="1"), given_to("b", "a", id="2"), given_to("a", id="3")]
    one, other = loaded(*records), loaded(*reversed(records))
    assert one.by_queue == other.by_queue
    assert one.last_assigned("a") == other.last_assigned("a") == z("07:00")


@pytest.mark.parametrize("wrong", [date(2013, 6, 4), datetime(2013, 6, 4)])
def test_only_instants_will_do(wrong: Any) -> None:
    with pytest.raises(NotAnInstant):
        loads(OperatingModel.of(), wrong)
