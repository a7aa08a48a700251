"""What comes in at a queue in a week against the people who are there to deal with it, hour by hour.

Live contacts have to be answered while they wait: for every hour in which the queue is served, the least number of
agents that keeps its service level, with shrinkage the number that has to be on the roster, stands against the
full-time equivalents of those who are assigned and whose calendar is open. That is the most there can be: who of them
works which of these hours is for a roster, which a model does not hold. Over the week, the hours of all who are needed
stand against the hours that those who are assigned work. Deferred work has no hours: only the week counts.

People who work on several queues count in full for each, and so do those who are away: shrinkage stands for that.

An hour is one of the clocks of the queue's calendar. Only the part of it counts in which the queue is served: nobody is
needed at nine where it opens at half past. Where clocks are set back, an hour is two hours long; where they are set
forward, it is not there. At either end of the dates that can be written, what is left of a week stands for the week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from community_ops.errors import UnknownRecord
from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.holding import assignments_at, positions_in_existence
from community_ops.org.placement import positions_in
from community_ops.org.records import Assignment, Position, Unit
from community_ops.org.skills import levels
from community_ops.service.abilities import lacking
from community_ops.service.demand import Demand, Volume
from community_ops.service.records import Queue
from community_ops.service.required import RequiredAgents, deferred_fte, offered_load, required_agents
from community_ops.service.shifts import service_time, shift_time, week_length
from community_ops.service.staffing_inputs import decimal
from community_ops.service.terms import instant_of
from community_ops.validation.rule import day_of
from community_ops.validation.wording import counted
from community_ops.worktime.counting import WorkTime
from community_ops.worktime.windows import DAYS

_HOUR = timedelta(hours=1)
_MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True)
class HourStaffing:
    """One hour of the week of a queue with live contacts.

    Attributes:
        start: when it begins, on the clocks of the queue's calendar.
        served: for how much of it the queue is served.
        contacts: how many contacts come in an hour.
        load: how many agents they would keep busy, in erlangs.
        required: how many agents have to be there.
        rostered: how many have to be on the roster for that.
        assigned: the full-time equivalents of those whose calendar is open, on average while the queue is served.
    """

    start: datetime
    served: timedelta
    contacts: Decimal
    load: Decimal
    required: int
    rostered: int
    assigned: Decimal

    @property
    def short(self) -> Decimal:
        """By how many full-time equivalents there are too few; 0 where there are enough."""
        return _excess(self.rostered, self.assigned)


@frozen(kw_only=True)
class QueueStaffing:
    """What a queue takes in a week, and who is there; made by `staffing`.

    Attributes:
        queue: its id.
        monday: the first day of the week.
        live: whether its contacts are answered live.
        people: who works on it: those assigned to positions of its unit, or of the units under it, who have the skills
            that it asks for.
        unskilled: those assigned to such positions who lack one of these skills, at the level asked for.
        assigned: the full-time equivalents of `people`.
        needed: the full-time equivalents it takes over the week.
        hours: the hours of the week in which contacts come and the queue is served; none for deferred work.
    """

    queue: str
    monday: date
    live: bool
    people: tuple[str, ...]
    unskilled: tuple[str, ...]
    assigned: Decimal
    needed: Decimal
    hours: tuple[HourStaffing, ...]

    @property
    def short(self) -> Decimal:
        """By how many full-time equivalents there are too few over the week; 0 where there are enough."""
        return _excess(self.needed, self.assigned)

    @property
    def short_hours(self) -> tuple[HourStaffing, ...]:
        """The hours in which there are too few."""
        return tuple([hour for hour in self.hours if hour.short])

    @property
    def worst(self) -> HourStaffing | None:
        """The hour in which most are missing, the first of several; None where there are enough in every hour."""
        return max(self.short_hours, key=lambda hour: hour.short, default=None)

    def __str__(self) -> str:
        needed = f"{self.needed:.2f}".rstrip("0").rstrip(".")
        told = f"{self.queue}: {needed} FTE needed over the week, {self.assigned} assigned"
        worst = self.worst
        if worst is None:
            return told
        hours = counted(len(self.short_hours), "hour")["en"]
        return f"{told}; {hours} short, {worst.start:%a %H:%M} {worst.rostered} rostered needed"


def staffing(m: ModelView, queue_id: str, at: date | datetime) -> QueueStaffing | None:
    """Return how many people a queue takes in a week against those assigned to it; None where no demand is known.

    Args:
        m: the model.
        queue_id: the queue.
        at: a day of the week; those count who are assigned on it. Of an aware datetime, the day that its own zone's
            clocks show, as when a model is checked.

    Raises:
        UnknownRecord: there is no such queue.
        NotAnInstant: `at` is a time without a zone.
        InvalidRecord: so many contacts come, or they wait for so long, that nobody could reckon with it (see
            `required_agents`).

    Example:
        >>> from community_ops import Assignment, OperatingModel, Position
        >>> model = OperatingModel.of(
        ...     Unit(id="service", name="Customer service"),
        ...     Position(id="agent", title="Agent", unit="service", seats=4),
        ...     *[Assignment(id=f"a{n}", person=f"p{n}", position="agent") for n in range(4)],
        ...     Queue(
        ...         id="chat",
        ...         name="Live chat",
        ...         unit="service",
        ...         demand=Demand(handling=timedelta(minutes=5), volumes=[Volume(36, "19:00", "21:00")]),
        ...     ),
        ... )
        >>> print(staffing(model, "chat", date(2026, 3, 2)))
        chat: 2.8 FTE needed over the week, 4 assigned; 14 hours short, Mon 19:00 8 rostered needed
    """
    if isinstance(at, datetime):
        instant_of(at)  # which says so where it is none
    return _staffing(m, queue_id, day_of(at))


@derived
def _staffing(m: ModelView, queue_id: str, day: date) -> QueueStaffing | None:
    queue = m.get(Ref(Queue.kind_name, queue_id))
    if not isinstance(queue, Queue):
        raise UnknownRecord(Queue.kind_name, queue_id)
    demand = queue.demand
    if demand is None:
        return None
    assigned, needs = _assigned(m, queue, day), levels(queue.skills)
    able = {one.person: not lacking(m, one.person, needs) for one in assigned}
    held = [one for one in assigned if able[one.person]]
    monday = date.fromordinal(day.toordinal() - day.weekday())
    hours = tuple(_hours(m, queue, demand, monday, held)) if demand.live else ()
    week = week_length(m, queue)
    return QueueStaffing(
        queue=queue.id,
        monday=monday,
        live=demand.live,
        people=tuple([who for who, can in able.items() if can]),
        unskilled=tuple([who for who, can in able.items() if not can]),
        assigned=_sum(one.fte for one in held),
        needed=_over_the_week(hours, week) if demand.live else _deferred(demand, week),
        hours=hours,
    )


def _assigned(m: ModelView, queue: Queue, day: date) -> list[Assignment]:
    """Return the assignments to positions that exist on a day in the unit that serves a queue, or under it."""
    if queue.unit is None or queue.unit not in m.id_set(Unit):
        return []
    ids, existing = m.ids(Position), positions_in_existence(m, day)
    positions = {ids[place] for place in existing}.intersection(positions_in(m, queue.unit, deep=True))
    return [one for one in assignments_at(m, day) if one.position in positions]


def _hours(
    m: ModelView, queue: Queue, demand: Demand, monday: date, held: Iterable[Assignment]
) -> Iterator[HourStaffing]:
    service = service_time(m, queue)
    shifts = _by_shift(m, queue, held, service)
    known: dict[Decimal, RequiredAgents] = {}
    for start, served in _served(service, monday):
        contacts = _contacts(demand.volumes, start.weekday(), start.hour)
        if not contacts:
            continue
        load = offered_load(contacts, demand.handling)
        needed = known.get(contacts)
        if needed is None:
            needed = known[contacts] = _required(load, demand)
        there = [Fraction(fte) * _ratio(shift.elapsed(start, start + _HOUR), served) for shift, fte in shifts.items()]
        yield HourStaffing(
            start=start,
            served=served,
            contacts=contacts,
            load=load,
            required=needed.agents,
            rostered=needed.rostered,
            assigned=decimal(sum(there, Fraction(0))),
        )


def _served(service: WorkTime, monday: date) -> Iterator[tuple[datetime, timedelta]]:
    """Yield the hours of a week in which a queue is served, with for how much of each."""
    for weekday in range(len(DAYS)):
        ordinal = monday.toordinal() + weekday
        if not date.min.toordinal() < ordinal < date.max.toordinal():
            continue  # work is counted between these days alone
        day = date.fromordinal(ordinal)
        for hour in range(24):
            start = datetime.combine(day, time(hour), service.zone)
            end = start + _HOUR
            served = service.elapsed(start, end)
            if served > timedelta() and (_is_shown(start) or _is_shown(end - _MICROSECOND)):
                yield start, served


def _is_shown(at: datetime) -> bool:
    """Tell whether the clocks of its zone ever show a time; where they are set forward, they leave some out."""
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == at.replace(tzinfo=None)


def _by_shift(m: ModelView, queue: Queue, held: Iterable[Assignment], service: WorkTime) -> Mapping[WorkTime, Decimal]:
    """Return the full-time equivalents of those who work by each calendar, as far as the queue is served then."""
    found: dict[WorkTime, list[Decimal]] = {}
    for one in held:
        both = dict.fromkeys([*service.calendars, *shift_time(m, one.position, queue).calendars])
        found.setdefault(WorkTime(*both), []).append(one.fte)
    return {work: _sum(those) for work, those in found.items()}


def _required(load: Decimal, demand: Demand) -> RequiredAgents:
    return required_agents(
        load,
        demand.handling,
        service_level=demand.service_level,
        answer_time=demand.answer_within,
        max_occupancy=demand.occupancy,
        shrinkage=demand.shrinkage,
        patience=demand.patience,
        concurrency=demand.concurrency,
    )


def _contacts(volumes: Iterable[Volume], weekday: int, hour: int) -> Decimal:
    """Return how many contacts come in an hour of a day of the week."""
    return _sum([one.contacts for one in volumes if _covers(one, weekday, hour)])


def _covers(volume: Volume, weekday: int, hour: int) -> bool:
    """Tell whether a volume speaks of an hour; what goes over midnight belongs to the day it begins on."""
    start, end = int(volume.start[:2]), int(volume.end[:2])
    today, yesterday = DAYS[weekday] in volume.days, DAYS[weekday - 1] in volume.days
    if start < end:
        return today and start <= hour < end
    return (today and hour >= start) or (yesterday and hour < end)


def _over_the_week(hours: Iterable[HourStaffing], week: timedelta) -> Decimal:
    return decimal(sum([hour.rostered * _ratio(hour.served, week) for hour in hours], Fraction(0)))


def _deferred(demand: Demand, week: timedelta) -> Decimal:
    volume = _sum([_contacts(demand.volumes, weekday, hour) for weekday in range(len(DAYS)) for hour in range(24)])
    # What makes the work less and the time shorter is no whole number of microseconds; as contacts more it is exact.
    more = 1 / (demand.concurrency * (1 - Fraction(demand.shrinkage)))
    return deferred_fte(Fraction(volume) * more, demand.handling, week, demand.occupancy)


def _sum(values: Iterable[Decimal]) -> Decimal:
    """Return a sum of decimals, rounded once if at all, whatever the context of the thread says."""
    return decimal(sum(map(Fraction, values), Fraction(0)))


def _excess(needed: int | Decimal, there: Decimal) -> Decimal:
    return decimal(max(Fraction(0), Fraction(needed) - Fraction(there)))


def _ratio(length: timedelta, of: timedelta) -> Fraction:
    return Fraction(length // _MICROSECOND, of // _MICROSECOND)
