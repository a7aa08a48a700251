"""What the tests of rules build organisations with."""

from __future__ import annotations

from datetime import date

from community_ops import OperatingModel, Position, Record, Report


def judged(code: str, *records: Record, at: date | None = None) -> Report:
    """Return what one rule has to say."""
    return OperatingModel.of(*records).check(at, select=[code])


def position(id: str, unit: str = "hq", **fields: object) -> Position:
    """Return a position that is called by its id."""
    return Position(id=id, title=id.title(), unit=unit, **fields)  # type: ignore[arg-type]
