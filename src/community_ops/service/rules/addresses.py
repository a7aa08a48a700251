"""The addresses that findings name most."""

from __future__ import annotations

from community_ops.kernel.ref import Ref


def queue_ref(id: str) -> Ref:
    """Return the address of a queue."""
    return Ref("queue", id)


def policy_ref(id: str) -> Ref:
    """Return the address of a policy."""
    return Ref("sla_policy", id)


def ticket_ref(id: str) -> Ref:
    """Return the address of a ticket."""
    return Ref("ticket", id)
