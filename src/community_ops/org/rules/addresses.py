"""The addresses that findings name most."""

from __future__ import annotations

from community_ops.kernel.ref import Ref


def position(id: str) -> Ref:
    """Return the address of a position."""
    return Ref("position", id)


def unit(id: str) -> Ref:
    """Return the address of a unit."""
    return Ref("unit", id)


def duty(id: str) -> Ref:
    """Return the address of a duty."""
    return Ref("duty", id)
