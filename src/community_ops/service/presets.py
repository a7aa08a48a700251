"""What is usually promised in customer service, as data to start from and to change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from community_ops.service.records import EscalationLevel, SlaPolicy, SlaTarget

STANDARD_TARGETS: tuple[SlaTarget, ...] = (
    SlaTarget(kind="inquiry", first_response=timedelta(hours=1), resolution=timedelta(hours=8)),
    SlaTarget(kind="technical", first_response=timedelta(hours=2), resolution=timedelta(hours=24)),
    SlaTarget(kind="after_sales", first_response=timedelta(hours=4), resolution=timedelta(hours=40)),
    SlaTarget(kind="complaint", first_response=timedelta(minutes=30), resolution=timedelta(hours=24)),
)
"""First response and resolution for the kinds of tickets that a community's customer service knows."""
STANDARD_ESCALATIONS: tuple[EscalationLevel, ...] = (
    EscalationLevel(target="first_response", percent=50, kind="complaint"),
    EscalationLevel(target="resolution", percent=50, kind="complaint"),
)
"""Complaints go to the manager of whoever has them when half of the time is gone."""


def standard_policy(id: str = "standard", name: str = "Service standard", **fields: Any) -> SlaPolicy:
    """Return a policy with the usual targets.

    Args:
        id: its id.
        name: what it is called.
        **fields: other fields of `SlaPolicy`, `calendar` above all; `targets` and `escalations` in place of the usual.

    Example:
        >>> policy = standard_policy(calendar="service", reopening="new_cycle")
        >>> [str(target.resolution) for target in policy.targets if target.kind == "complaint"]
        ['1 day, 0:00:00']
    """
    usual = {"targets": STANDARD_TARGETS, "escalations": STANDARD_ESCALATIONS}
    return SlaPolicy(id=id, name=name, **{**usual, **fields})
