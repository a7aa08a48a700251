"""What the examples beside several modules of rules are built with."""

from __future__ import annotations

from community_ops.org.records import Person, Unit


def hq(*heads: str, **fields: object) -> Unit:
    """Return a head office with some heads."""
    return Unit(id="hq", name="Head office", kind="organisation", heads=heads, **fields)  # type: ignore[arg-type]


def ann(**fields: object) -> Person:
    """Return somebody called Ann."""
    return Person(id="ann", name="Ann", **fields)  # type: ignore[arg-type]
