"""The lifecycle of a ticket: which event leads from which state to which.

A reply by a program changes nothing. A message of the customer takes a ticket up again that was pending or resolved;
one that is closed is taken up again only where its policy says so, and else stays closed: the message belongs in a new
ticket. What has been merged is frozen, and goes on in the ticket it was merged into.
"""

from __future__ import annotations

from collections.abc import Mapping

from community_ops.kernel.lifecycle import Lifecycle, When

REOPENS = "reopens"
"""The policy takes closed tickets up again."""
AUTOMATIC = "automatic"
"""The reply was sent by a program."""

_SAME = ("internal_note", "split", "rated")
_CHANGES = ("priority_changed", "policy_changed", "queue_changed")
_AT_WORK: Mapping[str, str] = {
    "assigned": "open",
    "pending": "pending_customer",
    "on_hold": "on_hold",
    "resolved": "resolved",
    "merged": "merged",
    "cancelled": "cancelled",
}


def _staying(state: str, *events: str) -> dict[str, str]:
    return dict.fromkeys([*_SAME, *events], state)


TICKET = Lifecycle(
    name="ticket",
    begins="opened",
    initial="new",
    final=("merged", "cancelled"),
    guards=(REOPENS, AUTOMATIC),
    table={
        "new": {
            **_staying("new", *_CHANGES, "customer_message"),
            **_AT_WORK,
            "public_reply": (When(AUTOMATIC, "new"), "open"),
        },
        "open": {**_staying("open", *_CHANGES, "customer_message", "public_reply"), **_AT_WORK},
        "pending_customer": {
            **_staying("pending_customer", *_CHANGES, "public_reply"),
            **_AT_WORK,
            "assigned": "pending_customer",
            "customer_message": "open",
            "resumed": "open",
        },
        "on_hold": {
            **_staying("on_hold", *_CHANGES, "customer_message", "public_reply"),
            **_AT_WORK,
            "assigned": "on_hold",
            "resumed": "open",
        },
        "resolved": {
            **_staying("resolved", "public_reply", "assigned", *_CHANGES),
            "customer_message": "open",
            "reopened": "open",
            "closed": "closed",
            "merged": "merged",
        },
        "closed": {
            **_staying("closed", "public_reply"),
            "customer_message": (When(REOPENS, "open"), "closed"),
            "reopened": (When(REOPENS, "open"),),
        },
        "merged": {},
        "cancelled": _staying("cancelled"),
    },
)
"""The states and events of a ticket."""

OVER = frozenset({"resolved", "closed", "merged", "cancelled"})
"""The states in which nothing is to be done about a ticket."""
