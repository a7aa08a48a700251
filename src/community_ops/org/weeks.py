"""The weeks that rules look at together, so that who is there and what is held is worked out once for all of them."""

from __future__ import annotations

from datetime import date

AHEAD = 4
"""How many weeks are looked at where nothing else is said."""


def weeks_from(at: date, number: int = AHEAD) -> tuple[date, date]:
    """Return the first and the last day of some weeks, Monday to Sunday, the first of which is that of a day.

    Example:
        >>> print(*weeks_from(date(2026, 3, 4), 2))
        2026-03-02 2026-03-15
    """
    monday = max(at.toordinal() - at.weekday(), 1)
    return date.fromordinal(monday), date.fromordinal(min(monday + 7 * number - 1, date.max.toordinal()))
