"""Work time: calendars, and durations and deadlines by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_ops.kernel.late import late_names
from community_ops.worktime.records import Calendar

if TYPE_CHECKING:
    from community_ops.kernel.late import Lister, Loader
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

__getattr__: Loader
__dir__: Lister
__getattr__, __dir__ = late_names(__name__, _VERBS, __all__)
