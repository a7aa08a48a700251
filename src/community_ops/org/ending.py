"""What is over: positions that are closed and units that are history."""

from __future__ import annotations

from datetime import date

from community_ops.kernel.derived import derived
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.records import Position, Unit


def ended(status: str, period: DateRange | None, at: date | None) -> bool:
    """Tell whether a position is closed: marked so, or past its last day.

    Args:
        status: its status.
        period: when it exists.
        at: the day; None looks at the status alone.

    Example:
        >>> ended("approved", DateRange(end=date(2026, 3, 1)), date(2026, 3, 2)), ended("frozen", None, None)
        (True, False)
    """
    return status == "closed" or (at is not None and period is not None and period.end is not None and period.end < at)


@derived(cutoff=True)
def ended_positions(m: ModelView, at: date | None) -> frozenset[str]:
    """Return the positions that are closed: marked so, or past their last day."""
    rows = zip(m.ids(Position), m.column(Position.status), m.column(Position.period), strict=True)
    return frozenset([id for id, status, period in rows if ended(status, period, at)])


@derived(cutoff=True)
def ended_units(m: ModelView, at: date | None) -> frozenset[str]:
    """Return the units whose last day is past: they are history, and nothing is wrong with them any more."""
    periods = zip(m.ids(Unit), m.column(Unit.period), strict=True)
    return frozenset([id for id, period in periods if ended("", period, at)])
