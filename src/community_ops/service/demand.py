"""What comes in at a queue, and how much work it is: the values that staffing is reckoned from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal

from attrs import field, frozen

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Value, at_least
from community_ops.kernel.text import shown

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_HOUR = re.compile(r"([01][0-9]|2[0-3]):00", re.ASCII)
_END_HOUR = re.compile(r"([01][0-9]|2[0-4]):00", re.ASCII)
_ALL_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@frozen
class Volume(Value):
    """How many contacts come in an hour, in some hours of the week.

    Attributes:
        contacts: how many are expected in each of the hours.
        start: the first hour, on the clocks of the queue's calendar, such as `"09:00"`.
        end: the hour before which it ends, up to `"24:00"`.
        days: the days of the week.

    Example:
        >>> Volume(36, "09:00", "21:00", ["sat", "sun"])
        Volume(contacts=Decimal('36'), start='09:00', end='21:00', days=('sat', 'sun'))
    """

    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "start": {"pattern": f"^{_HOUR.pattern}$", "maxLength": 5, "examples": ["09:00"]},
        "end": {"pattern": f"^{_END_HOUR.pattern}$", "maxLength": 5, "examples": ["21:00"]},
    }

    contacts: Decimal = field(converter=exact, metadata=at_least(0))
    start: str = "00:00"
    end: str = "24:00"
    days: tuple[Day, ...] = _ALL_DAYS

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if not _HOUR.fullmatch(self.start):
            yield "start", f"must be a whole hour from '00:00' to '23:00', got {shown(self.start)}"
        if not _END_HOUR.fullmatch(self.end):
            yield "end", f"must be a whole hour from '00:00' to '24:00', got {shown(self.end)}"


@frozen(kw_only=True)
class Demand(Value):
    """What comes in at a queue, and how much work it is: what staffing is reckoned from.

    Attributes:
        live: whether contacts are answered while they wait, as in a chat or on the telephone; else they are dealt with
            in turn.
        handling: how long one contact takes an agent.
        concurrency: how many contacts an agent handles at once.
        volumes: how many contacts come when; where several speak of one hour, they add up.
        answer_within: within what time live contacts are to be answered.
        service_level: the share of live contacts that is to be answered within that, from 0 to below 1.
        patience: how long a live contact waits on average before it gives up; None where nobody does.
        occupancy: the most of an agent's time that contacts may take up, from above 0 to 1.
        shrinkage: the share of paid time in which people are not available: leave, training, breaks; from 0 to below 1.

    Example:
        >>> Demand(handling=timedelta(minutes=5), volumes=[Volume(36)]).service_level
        Decimal('0.8')
    """

    live: bool = True
    handling: timedelta
    concurrency: int = field(default=1, metadata=at_least(1))
    volumes: tuple[Volume, ...] = ()
    answer_within: timedelta = timedelta(seconds=60)
    service_level: Decimal = field(default=Decimal("0.8"), converter=exact, metadata=at_least(0))
    patience: timedelta | None = None
    occupancy: Decimal = field(default=Decimal("0.85"), converter=exact, metadata=at_least(0))
    shrinkage: Decimal = field(default=Decimal("0.3"), converter=exact, metadata=at_least(0))

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        for name in ("handling", "patience"):
            length = getattr(self, name)
            if length is not None and length <= timedelta():
                yield name, f"must be more than nothing, got {length}"
        if self.answer_within < timedelta():
            yield "answer_within", f"must be at least nothing, got {self.answer_within}"
        for name in ("service_level", "shrinkage"):
            if getattr(self, name) >= 1:
                yield name, f"must be below 1, got {getattr(self, name)}"
        if not 0 < self.occupancy <= 1:
            yield "occupancy", f"must be above 0 and at most 1, got {self.occupancy}"
