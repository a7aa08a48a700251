"""What built-in values mean beyond their declaration: currencies that exist, periods in order, logs that can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from community_ops.kernel.values import DateRange, Estimate, Money
from community_ops.org.records import Meeting
from community_ops.plan.records import UNDATED, Duration, Progress, Task
from community_ops.service.demand import Demand, Volume
from community_ops.service.records import (
    EVENT_DATA,
    OWN_DATA,
    RATINGS,
    EscalationLevel,
    Recipient,
    SlaPolicy,
    SlaTarget,
    Ticket,
    TicketEvent,
)
from community_ops.service.states import AUTOMATIC, TICKET
from community_ops.strategies import scalars, texts
from community_ops.strategies.scalars import below
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAYS, Windows

REFERRING = {"merged": "into", "split": "split_off"}
"""The events that cannot do without another ticket, and what points at it."""
_LENGTHS = 400
_OPEN_END, _OPEN_START, _ONE_DAY = range(3)


@cache
def whole_value(cls: type, plausible: bool) -> SearchStrategy[Any] | None:
    """Return the strategy for a value class whose fields mean something together; None for all others."""
    make = _WHOLE.get(cls)
    return None if make is None else make(plausible)


def field_meaning(cls: type, name: str) -> SearchStrategy[Any] | None:
    """Return the strategy for a field whose meaning is checked in code, also of subclasses; None for all others."""
    return next((_FIELDS[base, name] for base in cls.__mro__ if (base, name) in _FIELDS), None)


def mended(cls: type, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of an object with those that do not go together made to."""
    for base, mend in _MENDED.items():
        if issubclass(cls, base):
            return mend(given)
    return given


def plausible(cls: type, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of a record of a model with those made plausible that are not by themselves."""
    if issubclass(cls, Ticket) and given.get("events"):
        return {**given, "events": tuple(_legal(given["events"]))}
    return given


def _task(given: Mapping[str, Any]) -> Mapping[str, Any]:
    dated = given.get("constraint", "ASAP") not in UNDATED
    if dated and given.get("constraint_date") is None:
        return {**given, "constraint": "ASAP"}
    return {**given, "constraint_date": given.get("constraint_date") if dated else None}


def _event(given: Mapping[str, Any]) -> Mapping[str, Any]:
    own = {name: given[name] for name in OWN_DATA.get(given["type"], ()) if given.get(name) is not None}
    type = given["type"]
    if type in REFERRING and REFERRING[type] not in own:
        type, own = "internal_note", {}  # there is nothing to merge it into, and nothing that was split off
    elif type == "priority_changed":
        own = {"priority": "high", **own}
    elif type == "rated":
        scale = own.get("scale", "csat")
        lowest, highest = RATINGS[scale]
        own = {"scale": scale, "rating": min(max(own.get("rating", highest), lowest), highest)}
    return {**{name: value for name, value in given.items() if name not in EVENT_DATA}, "type": type, **own}


def _recipient(given: Mapping[str, Any]) -> Mapping[str, Any]:
    kind, own = given.get("kind", "manager"), {}
    if kind == "role":
        own = {"role": given.get("role") or "accountable"}
    elif kind == "position" and given.get("position") is None:
        kind = "queue_lead"
    elif kind == "position":
        own = {"position": given["position"]}
    return {"kind": kind, "steps": given.get("steps", 1), **own}


def _level(given: Mapping[str, Any]) -> Mapping[str, Any]:
    if given.get("offset") is not None:
        return {**given, "percent": None}
    return {**given, "percent": 50 if given.get("percent") is None else given["percent"]}


def _legal(events: Iterable[TicketEvent]) -> Iterator[TicketEvent]:
    """Yield events in the order of their instants; what cannot happen becomes something that can."""
    state: str | None = None
    for place, event in enumerate(sorted(events, key=lambda event: event.at)):
        possible = [type for type in TICKET.allowed(state, _NOTHING) if type not in REFERRING or type == event.type]
        if not possible:
            return
        if event.type not in possible:
            type = possible[(place + TICKET.events.index(event.type)) % len(possible)]
            given = {name: getattr(event, name) for name in ("at", "actor", "text", "priority")}
            event = TicketEvent(**_event({**given, "type": type}))
        state = TICKET.step(state, event.type, frozenset([AUTOMATIC]) if event.automatic else _NOTHING)
        yield event


def _period(pair: tuple[date, int]) -> DateRange:
    day, length = pair
    if length == _OPEN_END:
        return DateRange(day, None)
    if length == _OPEN_START:
        return DateRange(None, day)
    return DateRange(day, day + timedelta(days=length - _ONE_DAY))


def _periods(plausible: bool) -> SearchStrategy[DateRange]:
    forward = st.tuples(scalars.days(True), below(_LENGTHS)).map(_period)
    if plausible:
        return forward
    either = st.none() | scalars.days(False)
    return forward | st.tuples(either, either).map(lambda ends: DateRange(*ends))


def _estimates(plausible: bool) -> SearchStrategy[Estimate]:
    point = scalars.decimals(None, plausible)
    return st.tuples(point, point, point).map(lambda drawn: Estimate(*(sorted(drawn) if plausible else drawn)))


def _beginning(drawn: tuple[date, int]) -> str:
    day, quarter = drawn
    return f"{day}T{_clock(quarter)}"


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def _window(drawn: tuple[int, int]) -> tuple[str, str]:
    # Most begin in the morning and end on the same day; some go over midnight, up to the hour they begin at.
    start, length = drawn
    end = (36 + start + length) % 96
    return _clock((36 + start) % 96), _clock(end) if end else "24:00"


def _by_date(windows: SearchStrategy[Windows]) -> SearchStrategy[Any]:
    return st.dictionaries(scalars.days(True).map(date.isoformat), windows, max_size=3)


def _lengths(most: int) -> SearchStrategy[timedelta]:
    return below(most).map(lambda halves: timedelta(minutes=30 * halves + 30))


_WINDOWS: SearchStrategy[Windows] = st.lists(
    st.tuples(below(96), st.integers(1, 32) | st.integers(1, 95)).map(_window), max_size=3
).map(tuple)
_ZONES = st.sampled_from(("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York"))
_RECURRENCES = st.sampled_from(
    ("", "FREQ=DAILY;COUNT=10", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1FR")
)
_WORK = st.builds(Duration, below(40).map(Decimal), st.sampled_from(("day", "hour", "minute", "week")))
_HOURS = below(24).map(lambda hour: f"{hour:02}:00")
_PERCENTS = below(101).map(Decimal)
_SHARES = below(100).map(lambda percent: Decimal(percent).scaleb(-2))  # below 1
_TICKET_KINDS = st.sampled_from(("inquiry", "technical", "after_sales", "complaint")) | texts.names()
_NOTHING: frozenset[str] = frozenset()
# Subclasses of these go the same way.
_MENDED: dict[type, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    Task: _task,
    TicketEvent: _event,
    Recipient: _recipient,
    EscalationLevel: _level,
}
_WHOLE: dict[type, Callable[[bool], SearchStrategy[Any]]] = {DateRange: _periods, Estimate: _estimates}
_FIELDS: dict[tuple[type, str], SearchStrategy[Any]] = {
    (Money, "currency"): st.sampled_from(("CNY", "EUR", "USD", "JPY", "KWD")),
    (Meeting, "start"): st.tuples(scalars.days(True), below(96)).map(_beginning),
    (Meeting, "zone"): _ZONES,
    (Meeting, "duration"): below(16).map(lambda quarters: timedelta(minutes=15 * quarters + 15)),
    (Meeting, "recurrence"): _RECURRENCES,
    (Task, "recurrence"): _RECURRENCES,
    (Task, "percent_complete"): below(101).map(Decimal),
    (Progress, "percent"): below(101).map(Decimal),
    (Task, "duration"): _WORK,
    (Task, "effort"): _WORK,
    (Task, "remaining"): _WORK,
    (SlaTarget, "kind"): _TICKET_KINDS,
    (SlaTarget, "first_response"): _lengths(48),
    (SlaTarget, "next_response"): _lengths(48),
    (SlaTarget, "resolution"): _lengths(336),
    (SlaPolicy, "csat_target"): _PERCENTS,
    (EscalationLevel, "kind"): _TICKET_KINDS,
    (Ticket, "kind"): _TICKET_KINDS,
    (TicketEvent, "rating"): below(11),
    (Volume, "start"): _HOURS,
    (Volume, "end"): _HOURS | st.just("24:00"),
    (Demand, "handling"): _lengths(4),
    (Demand, "patience"): _lengths(4),
    (Demand, "answer_within"): below(30).map(lambda minutes: timedelta(minutes=minutes)),
    (Demand, "service_level"): _SHARES,
    (Demand, "shrinkage"): _SHARES,
    (Demand, "occupancy"): _SHARES.map(lambda share: 1 - share),
    (Calendar, "timezone"): _ZONES,
    (Calendar, "hours"): st.dictionaries(st.sampled_from(DAYS), _WINDOWS, max_size=7),
    (Calendar, "shifts"): _by_date(_WINDOWS),
    (Calendar, "breaks"): _by_date(_WINDOWS),
    (Calendar, "day_length"): _lengths(48),
    (Calendar, "week_length"): _lengths(336),
}
