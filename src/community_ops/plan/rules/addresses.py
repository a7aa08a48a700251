"""The addresses that findings name most."""

from __future__ import annotations

from community_ops.kernel.ref import Ref


def plan_ref(id: str) -> Ref:
    """Return the address of a plan."""
    return Ref("plan", id)


def task_ref(id: str) -> Ref:
    """Return the address of a task."""
    return Ref("task", id)
