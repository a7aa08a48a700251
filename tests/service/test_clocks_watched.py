"""Clocks equal those of somebody who watches the ticket tick after tick, whatever happens and whenever they are asked.

The logs are drawn event by event from what can happen next, with instants before, on and after closing times, targets,
changes of the clocks and each other. Ticks are a quarter of an hour, and in one test a second.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from community_ops import Calendar, OperatingModel
from community_ops.service import Queue, SlaPolicy, SlaTarget, Ticket, TicketClock, TicketEvent, clock, clocks, replay
from community_ops.service.records import EventType
from tests.service.naive import TARGETS, Kept, Watch, after

QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
HORIZON = {QUARTER: timedelta(days=12), SECOND: timedelta(hours=2)}
"""How far ahead all that ever comes due does, by the length of a tick."""
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKENDS = [
    date(2013, 6, 8),  # nothing happens to the clocks
    date(2013, 3, 31),  # Berlin sets them forward
    date(2013, 10, 27),  # and back
]
CALENDARS = (
    Calendar(
        id="office",
        timezone="Europe/Berlin",
        hours=dict.fromkeys(WEEK[:5], (("09:00", "12:00"), ("13:00", "18:00"))),
        breaks={"2013-06-10": (("10:00", "11:00"),)},
    ),
    Calendar(id="night", timezone="Europe/Berlin", hours=dict.fromkeys(WEEK, (("22:00", "06:00"),))),
    Calendar(id="shop", timezone="Asia/Shanghai", hours=dict.fromkeys(WEEK, (("09:00", "21:00"),))),
    Calendar(id="weekend", timezone="Europe/Berlin", hours=dict.fromkeys(WEEK[5:], (("01:30", "24:00"),))),
    Calendar(id="empty"),
)
HOURS = (None, "office", "office", "night", "shop", "weekend", "empty", "gone")
KINDS, PRIORITIES = ("inquiry", "complaint"), ("low", "normal", "high", "urgent")
IDS = tuple([f"p{number}" for number in range(4)])
QUEUES = ("chat", "mail")
SEEDS = st.integers(0, 2**32)
"""What is drawn at length, policies above all, hangs on one number: Hypothesis would else seldom get to long logs."""


def policy(seed: int, id: str, tick: timedelta, most: int, calendars: tuple[str | None, ...] = HOURS) -> SlaPolicy:
    """Return any policy whose targets are up to so many ticks."""
    chance = Random(seed)

    def target(kinds: tuple[str | None, ...], priorities: tuple[str | None, ...]) -> SlaTarget:
        lengths = {name: chance.randint(1, most) * tick for name in TARGETS if chance.random() < 0.8}
        return SlaTarget(kind=chance.choice(kinds), priority=chance.choice(priorities), **lengths)  # type: ignore[arg-type]

    def some(states: tuple[str, ...] = ("pending_customer", "on_hold")) -> Any:
        return tuple([state for state in states if chance.random() < 0.5])

    special = [target((None, *KINDS), (None, *PRIORITIES)) for _ in range(chance.randint(0, 3))]
    return SlaPolicy(
        id=id,
        name=id,
        calendar=chance.choice(calendars),
        targets=(*special, target((None,), (None,))),
        first_response_pauses=some(),
        next_response_pauses=some(),
        resolution_pauses=some(),
        counts_from=chance.choice(("creation", "change")),
        resolved_unanswered=chance.choice(("cancels", "answers")),
        reopening=chance.choice(("resume", "resume", "new_cycle", "new_ticket")),
    )


def modelled(*records: Any) -> OperatingModel:
    queues = (Queue(id="chat", name="Chat", policy="p0"), Queue(id="mail", name="Mail"))
    return OperatingModel.of(*CALENDARS, *queues, *records)


# What may happen to a ticket; the usual more often, and what ends it seldom.
USUAL: tuple[EventType, ...] = (
    "customer_message",
    "public_reply",
    "pending",
    "on_hold",
    "resumed",
    "resolved",
    "reopened",
)
CHANGES: tuple[EventType, ...] = ("priority_changed", "policy_changed", "queue_changed")
OTHERS: tuple[EventType, ...] = ("closed", "assigned", "internal_note", "rated", "split", "merged", "cancelled")
EVENTS = (*USUAL[:2] * 4, *USUAL * 2, *CHANGES * 2, *OTHERS)
ENDS = ("merged", "cancelled")


class Happening(NamedTuple):
    """Something that is to happen: which of all that can, how many ticks later, and what it says where it has to."""

    which: int
    gap: int
    says: int

    def event(self, type: EventType, at: datetime) -> TicketEvent:
        chance = Random(self.says)
        own: dict[str, dict[str, Any]] = {
            "public_reply": {"automatic": chance.random() < 0.3},
            "priority_changed": {"priority": chance.choice(PRIORITIES)},
            "policy_changed": {"policy": chance.choice((*IDS[:2], *IDS[:2], *IDS, None, "gone"))},
            "queue_changed": {"queue": chance.choice((*QUEUES, None, "gone"))},
            "assigned": {"position": "agent"},
            "merged": {"into": "other"},
            "split": {"split_off": "other"},
            "rated": {"scale": "csat", "rating": 5},
        }
        return TicketEvent(type, at, **own.get(type, {}))


def happenings(most: int) -> st.SearchStrategy[list[Happening]]:
    """Return what may happen, with gaps of up to so many ticks: drawn one by one, or many at once from a number."""
    number = st.integers(0, 200)
    each = st.lists(st.builds(Happening, number, st.sampled_from((0, 1)) | st.integers(0, most), number), max_size=4)
    return each | SEEDS.map(lambda seed: by_chance(seed, most)) | SEEDS.map(lambda seed: by_chance(seed, most))


def by_chance(seed: int, most: int) -> list[Happening]:
    chance = Random(seed)
    gaps = (0, 0, 1, 2, 3, most)
    return [
        Happening(chance.randrange(200), chance.randint(0, chance.choice(gaps)), chance.randrange(200))
        for _ in range(chance.randint(2, 10))
    ]


def opened(seed: int, at: datetime) -> Ticket:
    """Return any ticket that has just been opened."""
    chance = Random(seed)
    return Ticket(
        id="t",
        subject="?",
        kind=chance.choice(KINDS),
        priority=chance.choice(PRIORITIES),  # type: ignore[arg-type]
        queue=chance.choice(("chat", "chat", "mail", None)),
        policy=chance.choice((None, "p0", "p1")),
        events=[TicketEvent("opened", at)],
    )


def gone_on(model: OperatingModel, ticket: Ticket, happening: list[Happening], tick: timedelta) -> Ticket:
    """Return a ticket after what is to happen; each time it is one of all that can."""
    for one in happening:
        last = ticket.events[-1].at
        at = last + one.gap * tick
        watch = Watch(model, ticket, last, ticket.events[0].at.date(), tick, tick)
        reopens = watch.terms.policy is None or watch.terms.policy.reopening != "new_ticket"
        drawn = [one.event(type, at) for type in EVENTS]
        possible = [event for event in drawn if after(watch.state, event, reopens) is not None]
        if one.which < 150:
            possible = [event for event in possible if event.type not in ENDS]
        if possible:
            ticket = evolve(ticket, events=(*ticket.events, possible[one.which % len(possible)]))
    return ticket


def in_utc(value: Any) -> Any:
    """Return a value with its instants in UTC: Python holds a time that occurs twice equal to none of another zone."""
    if isinstance(value, tuple):
        return tuple(map(in_utc, value))
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def kept(found: TicketClock) -> list[Kept]:
    return [Kept(**{name: in_utc(getattr(one, name)) for name in FIELDS}) for one in found.cycles]


def agree(model: OperatingModel, ticket: Ticket, at: datetime, tick: timedelta = QUARTER) -> TicketClock:
    """Hold the clocks of a ticket against those of somebody who watches it."""
    watch = Watch(model, ticket, at, ticket.events[0].at.date(), tick, HORIZON[tick])
    found = clock(model, ticket.id, at)
    assert (found.state, in_utc(found.at)) == (watch.state, at)
    if watch.state is not None:
        assert found.policy == watch.policy
    assert kept(found) == list(watch.cycles())
    shown = [None if one is None else (in_utc(one.at), one.elapsed, one.real) for one in resolutions(found)]
    first, *_, last = watch.resolved * 2 or [None, None]
    assert shown == [first, last if watch.state in ("resolved", "closed") else None]
    return found


def resolutions(found: TicketClock) -> tuple[Any, Any]:
    return found.first_resolution, found.full_resolution


FIELDS = tuple([field.name for field in fields(Kept)])


class Desk(RuleBasedStateMachine):
    """A desk at which a ticket goes its way, policies are rewritten, and somebody asks for the clocks at any time."""

    @initialize(seed=SEEDS, weekend=st.sampled_from(WEEKENDS), after=st.integers(0, 96), happening=happenings(30))
    def opens(self, seed: int, weekend: date, after: int, happening: list[Happening]) -> None:
        midnight = datetime(weekend.year, weekend.month, weekend.day, tzinfo=UTC)
        self.ticket = opened(seed, midnight - timedelta(days=1) + after * QUARTER)
        drawn = [policy(seed + number, id, QUARTER, 40) for number, id in enumerate(IDS[:3])]  # there is no p3
        self.ticket = gone_on(modelled(*drawn), self.ticket, happening, QUARTER)
        self.model = modelled(*drawn, self.ticket)
        self.asked: list[tuple[OperatingModel, datetime]] = []

    @rule(happening=happenings(30))
    def something_happens(self, happening: list[Happening]) -> None:
        self.ticket = gone_on(self.model, self.ticket, happening, QUARTER)
        self.model = self.model.replace(self.ticket)

    @rule(number=st.integers(0, 2), seed=SEEDS)
    def a_policy_is_rewritten(self, number: int, seed: int) -> None:
        # Whether closed tickets are taken up again stays as it was: the log hangs on it.
        was = self.model.sla_policies[IDS[number]]
        self.model = self.model.replace(evolve(policy(seed, was.id, QUARTER, 40), reopening=was.reopening))

    @rule(event=st.integers(0, 30), ticks=st.sampled_from((-1, 0, 1, 3, 20, 60)), fresh=st.booleans())
    def somebody_asks(self, event: int, ticks: int, fresh: bool) -> None:
        at = self.ticket.events[-1 - event % len(self.ticket.events)].at + ticks * QUARTER
        found = agree(self.model, self.ticket, at)
        self.asked.append((self.model, at))
        every = clocks(self.model, at)
        assert not every.illegal
        assert list(every) == [found] * (found.state is not None)
        told = replay(self.model, "t", at)
        assert (None if told is None else told.state) == found.state
        if fresh:
            assert clock(OperatingModel(self.model), "t", at) == found

    @rule(seed=st.integers(0, 9))
    def somebody_asks_the_same_again(self, seed: int) -> None:
        """Also of models that have been edited since, in another order."""
        again = self.asked[-4:]
        Random(seed).shuffle(again)
        for model, at in again:
            found = agree(model, model.tickets["t"], at)
            assert list(clocks(model, at)) == [found] * (found.state is not None)

    def teardown(self) -> None:
        if hasattr(self, "ticket"):
            for event in self.ticket.events[-6:]:
                agree(self.model, self.ticket, event.at)
            agree(self.model, self.ticket, self.ticket.events[-1].at + 30 * QUARTER)


def test_the_clocks_of_a_desk_are_those_of_somebody_who_watches() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Desk, settings=settings(stateful_step_count=25)
    )


@given(seed=SEEDS, happening=happenings(200), start=st.integers(-300, 100), ticks=st.integers(-100, 600))
def test_clocks_are_right_to_the_second(seed: int, happening: list[Happening], start: int, ticks: int) -> None:
    # Around noon in Berlin on a working day, when the office closes for an hour.
    calendars = (None, "office", "office", "office", "empty")
    model = modelled(*[policy(seed + number, id, SECOND, 400, calendars) for number, id in enumerate(IDS[:3])])
    ticket = gone_on(model, opened(seed, datetime(2013, 6, 10, 10, tzinfo=UTC) + start * SECOND), happening, SECOND)
    agree(model.add(ticket), ticket, ticket.events[-1].at + ticks * SECOND, SECOND)
