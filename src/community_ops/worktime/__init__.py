"""Work time: calendars, and durations and deadlines by them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from community_ops.worktime.records import Calendar

if TYPE_CHECKING:
    from community_ops.worktime.counting import WorkTime
    from community_ops.worktime.public_holidays import PublicHolidays, UnknownHolidays, holidays

__all__ = ["Calendar", "PublicHolidays", "UnknownHolidays", "WorkTime", "holidays"]

# The verbs are loaded when first asked for: a program that only loads and edits records never pays for them.
_VERBS = {
    "PublicHolidays": "public_holidays",
    "UnknownHolidays": "public_holidays",
    "WorkTime": "counting",
    "holidays": "public_holidays",
}


def __getattr__(name: str) -> Any:
    module = _VERBS.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
