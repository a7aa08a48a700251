"""When levels of escalation fall due, as somebody with a watch would see it; and policies and logs to watch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from community_ops import Calendar, OperatingModel
from community_ops.service import EscalationLevel, Queue, SlaPolicy, SlaTarget, Ticket, TicketEvent
from tests.service.naive import TARGETS, Terms, Wait, Watch, after

QUARTER = timedelta(minutes=15)

Seen = tuple[datetime, str, int, str, int]
"""When, the target, which cycle of it, the policy, and which of its levels."""


class LevelWatch(Watch):
    """Somebody who watches a ticket and calls out each level once, when more time than it allows begins to be worked.

    Attributes:
        called: every call: the tick, what is waited for, the policy, and the number of the level.
    """

    def __init__(self, model: OperatingModel, ticket: Ticket, at: datetime) -> None:
        self.called: list[tuple[int, Wait, str, int]] = []
        super().__init__(model, ticket, at, ticket.events[0].at.date(), QUARTER, QUARTER)

    def _look(self, now: int) -> None:
        super()._look(now)
        assert self.state is not None
        policy = self.terms.policy
        for wait in self.waits:
            if wait.stop is not None or policy is None or self.stands(wait.target, self.terms, self.state):
                continue
            for number, level in enumerate(policy.escalations, 1):
                allowed = self._allowed(level, wait.target, self.terms)
                if allowed is None or (wait, policy.id, number) in [call[1:] for call in self.called]:
                    continue
                if wait.worked > allowed or (wait.worked == allowed and self.is_open(self.terms, now)):
                    self.called.append((now, wait, policy.id, number))

    def _allowed(self, level: EscalationLevel, target: str, terms: Terms) -> float | None:
        amount = self.amount(target, terms)
        if amount is None or level.target != target or level.kind not in (None, self.ticket.kind):
            return None
        if level.percent is not None:
            return amount * float(level.percent) / 100
        assert level.offset is not None
        return max(0.0, amount + level.offset / self.length)

    def seen(self) -> list[Seen]:
        """Return the calls, with which cycle of its target each was about."""
        found = []
        for target in TARGETS:
            waits = [id(wait) for wait in self.waits if wait.target == target and self._promised(wait)]
            for now, wait, policy, number in self.called:
                if wait.target == target:
                    found.append((self.instant(now), target, waits.index(id(wait)) + 1, policy, number))
        return sorted(found)


# -- what there is to watch ----------------------------------------------------------------------------------------

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CALENDARS = (
    Calendar(
        id="office",
        timezone="Europe/Berlin",
        hours=dict.fromkeys(WEEK[:5], (("09:00", "12:00"), ("13:00", "18:00"))),
        breaks={"2013-06-10": (("10:00", "11:00"),)},
    ),
    Calendar(id="night", timezone="Europe/Berlin", hours=dict.fromkeys(WEEK, (("22:00", "06:00"),))),
    Calendar(id="empty"),
)
FRIDAYS = [date(2013, 6, 7), date(2013, 3, 29), date(2013, 10, 25)]
"""Before an ordinary weekend, and before those in which Berlin sets its clocks forward and back."""
KINDS, PRIORITIES, POLICIES = ("inquiry", "complaint"), ("low", "urgent"), ("p0", "p1")
USUAL = ("customer_message", "public_reply", "pending", "on_hold", "resumed", "resolved", "reopened", "assigned")
CHANGES = ("priority_changed", "policy_changed", "queue_changed")
EVENTS = st.sampled_from((*USUAL, *USUAL, *CHANGES, *CHANGES, "closed", "merged", "cancelled"))
PAUSES = st.sampled_from(((), ("pending_customer",), ("on_hold",), ("pending_customer", "on_hold")))
QUARTERS = st.integers(1, 24).map(lambda count: count * QUARTER)
LEVELS = st.lists(
    st.builds(
        EscalationLevel,
        target=st.sampled_from(TARGETS),
        percent=st.sampled_from((0, 100, 100, 200)),
        kind=st.sampled_from((None, None, *KINDS)),
    )
    | st.builds(
        EscalationLevel, target=st.sampled_from(TARGETS), offset=st.integers(-12, 24).map(lambda count: count * QUARTER)
    ),
    min_size=1,
    max_size=4,
)
TARGETS_DRAWN = st.builds(
    SlaTarget,
    priority=st.sampled_from((None, "urgent")),
    first_response=st.none() | QUARTERS,
    next_response=st.none() | QUARTERS,
    resolution=st.none() | QUARTERS,
)


def policies(id: str) -> st.SearchStrategy[SlaPolicy]:
    """Draw a policy that escalates; its lengths of time are whole quarters of an hour."""
    return st.builds(
        SlaPolicy,
        id=st.just(id),
        name=st.just(id),
        calendar=st.sampled_from((None, "office", "office", "night", "empty", "gone")),
        targets=st.lists(TARGETS_DRAWN, min_size=1, max_size=2),
        first_response_pauses=PAUSES,
        next_response_pauses=PAUSES,
        resolution_pauses=PAUSES,
        counts_from=st.sampled_from(("creation", "change")),
        resolved_unanswered=st.sampled_from(("cancels", "answers")),
        reopening=st.sampled_from(("resume", "new_cycle", "new_ticket")),
        escalations=LEVELS,
    )


@st.composite
def desks(draw: st.DrawFn) -> tuple[OperatingModel, Ticket]:
    """Draw a model with policies that escalate, and a ticket with a legal log."""
    queues = [Queue(id="chat", name="Chat", policy="p0"), Queue(id="mail", name="Mail")]
    model = OperatingModel.of(*CALENDARS, *queues, *[draw(policies(id)) for id in POLICIES])
    friday = draw(st.sampled_from(FRIDAYS))
    now = datetime(friday.year, friday.month, friday.day, tzinfo=UTC) + draw(st.integers(0, 96)) * QUARTER
    ticket = Ticket(
        id="t",
        subject="?",
        kind=draw(st.sampled_from(KINDS)),
        priority=draw(st.sampled_from(PRIORITIES)),
        queue=draw(st.sampled_from(("chat", "mail", None))),
        policy=draw(st.sampled_from((None, *POLICIES))),
        events=[TicketEvent("opened", now)],
    )
    for _ in range(draw(st.integers(0, 10))):
        now += draw(st.integers(0, 2) | st.integers(0, 40)) * QUARTER
        ticket = _gone_on(model, ticket, draw(happenings(now)))
    return model.add(ticket), ticket


@st.composite
def happenings(draw: st.DrawFn, at: datetime) -> TicketEvent:
    """Draw something that may happen to a ticket."""
    type = draw(EVENTS)
    own: dict[str, Any] = {
        "public_reply": {"automatic": draw(st.sampled_from((False, False, True)))},
        "priority_changed": {"priority": draw(st.sampled_from(PRIORITIES))},
        "policy_changed": {"policy": draw(st.sampled_from((*POLICIES, *POLICIES, None, "gone")))},
        "queue_changed": {"queue": draw(st.sampled_from(("chat", "mail", None)))},
        "merged": {"into": "other"},
    }
    return TicketEvent(type, at, **own.get(type, {}))  # type: ignore[arg-type]


def _gone_on(model: OperatingModel, ticket: Ticket, event: TicketEvent) -> Ticket:
    """Return a ticket after something has happened to it; where that cannot be, as it was."""
    watch = LevelWatch(model, ticket, ticket.events[-1].at)
    policy = watch.terms.policy
    if after(watch.state, event, policy is None or policy.reopening != "new_ticket") is None:
        return ticket
    return evolve(ticket, events=(*ticket.events, event))
