"""Rules about what is late, what soon will be, and complaints that nobody answers (SVC203 to SVC205)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.view import ModelView
from community_ops.service.pending import backlog, late
from community_ops.service.reckoning import Reckoned
from community_ops.service.records import SlaPolicy, SlaTarget, Ticket
from community_ops.service.rules.grouping import by_queue
from community_ops.service.rules.samples import HOUR, NINE, chat, event, promise, taken, team, ticket
from community_ops.service.states import OVER
from community_ops.service.story import Story
from community_ops.service.terms import FIRST_RESPONSE, PROMISED
from community_ops.service.timekeeping import clocks
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule

COMPLAINT = "complaint"
"""The kind of ticket that SVC205 looks after."""
_SAID: Mapping[str, Mapping[str, str]] = {
    "first_response": {"en": "the first response", "zh": "首次响应"},
    "next_response": {"en": "the next response", "zh": "后续响应"},
    "resolution": {"en": "the resolution", "zh": "解决"},
}


def _complaints(m: ModelView) -> frozenset[str]:
    kinds = zip(m.ids(Ticket), m.column(Ticket.kind), strict=True)
    return frozenset([id for id, kind in kinds if kind == COMPLAINT])


def _due(one: Reckoned) -> int:
    """Return since when something is late; the due time where it is known, else when it was broken."""
    assert one.breached is not None  # it is late
    return one.breached


@rule(
    "SVC203",
    name="promise-broken",
    severity=WARNING,
    status=True,
    en={
        "one": "{tickets} in {subject} is late with {target} since {since}.",
        "alone": "{tickets} is late with {target} since {since}.",
        "several": "{count} tickets in {subject} are late: {tickets}; the first since {since}.",
        "gathered": "{count} tickets in no queue are late: {tickets}; the first since {since}.",
    },
    zh={
        "one": "{subject}中的{tickets}自 {since} 起已超时（{target}）。",
        "alone": "{tickets}自 {since} 起已超时（{target}）。",
        "several": "{subject}中有 {count} 个工单超时：{tickets}；最早自 {since} 起。",
        "gathered": "不在队列中的 {count} 个工单超时：{tickets}；最早自 {since} 起。",
    },
    needs=("ticket",),
    date_use="instant",
)
def promise_broken(m: ModelView, context: Context) -> Iterator[Finding]:
    """Tickets wait for something that was promised for an earlier time.

    Why it matters: each is a customer who was told otherwise.

    How to fix: reply, or resolve them; where it happens again and again, look at staffing and at what is promised.

    When it is wrong to heed it: never for what is promised to customers; promises that nobody means belong out of the
    policy.

    One finding a queue, the tickets that are late longest in front. What came late but came is not listed;
    `satisfaction` counts it. Complaints without a reply are named by SVC205.
    """
    found, complaints = clocks(m, context.instant), _complaints(m)
    broken: dict[str, Reckoned] = {}
    for id, reckoned in found.reckoned.items():
        waiting = [one for one in reckoned if late(one) and not (id in complaints and _is_first(one))]
        if waiting:
            broken[id] = min(waiting, key=_due)
    ordered = sorted(broken, key=lambda id: (_due(broken[id]), id))
    for group in by_queue(m, found.told, ordered):
        first = broken[group.tickets[0].id]
        yield promise_broken.finding(
            group.subject, group.variant, related=group.related, gathered=group.gathered, tickets=group.tickets,
            count=len(group.tickets), since=first.last.terms.time.shown(_due(first)),
            target=_SAID[PROMISED[first.cycle.target]],
        )  # fmt: skip


def _is_first(one: Reckoned) -> bool:
    return one.cycle.target == FIRST_RESPONSE


@promise_broken.fires(at=NINE + 2 * HOUR)
def _one_late() -> Iterable[Record]:
    return team(chat(), ticket())


@promise_broken.fires(at=NINE + 2 * HOUR)
def _several_late() -> Iterable[Record]:
    return team(chat(), ticket(), ticket(id="t2"))


@promise_broken.fires(at=NINE + 2 * HOUR)
def _late_in_no_queue() -> Iterable[Record]:
    return team(chat(), ticket(queue=None, policy="standard"))


@promise_broken.fires(at=NINE + 2 * HOUR)
def _several_late_in_no_queue() -> Iterable[Record]:
    return team(chat(), ticket(queue=None, policy="standard"), ticket(id="t2", queue=None, policy="standard"))


@promise_broken.silent(at=NINE + 2 * HOUR)
def _in_time() -> Iterable[Record]:
    late_but_done = ticket(event("public_reply", 1.5), id="t2")
    return team(chat(), ticket(event("public_reply", 0.5)), late_but_done, ticket(id="t3", kind=COMPLAINT))


@frozen
class SoonThresholds(Value):
    """How long before its due time a promise is named.

    Attributes:
        within: how much real time before.
    """

    within: timedelta = timedelta(minutes=30)


@rule(
    "SVC204",
    name="promise-in-danger",
    severity=INFO,
    status=True,
    en={
        "one": "{tickets} in {subject} needs {target} by {due}.",
        "alone": "{tickets} needs {target} by {due}.",
        "several": "{count} tickets in {subject} are due within {within}: {tickets}; the first by {due}.",
        "gathered": "{count} tickets in no queue are due within {within}: {tickets}; the first by {due}.",
    },
    zh={
        "one": "{subject}中的{tickets}须在 {due} 前完成{target}。",
        "alone": "{tickets}须在 {due} 前完成{target}。",
        "several": "{subject}中有 {count} 个工单将在 {within} 内到期：{tickets}；最早 {due}。",
        "gathered": "不在队列中的 {count} 个工单将在 {within} 内到期：{tickets}；最早 {due}。",
    },
    needs=("ticket",),
    date_use="instant",
    thresholds=SoonThresholds(),
)
def promise_in_danger(m: ModelView, context: Context) -> Iterator[Finding]:
    """Something that was promised is due soon.

    Why it matters: there still is time to keep the promise.

    How to fix: take these tickets before the others.

    When it is wrong to heed it: where promises are so short that everything always is due soon; lower the threshold.

    One finding a queue, for information. What is late already is named by SVC203; what stands still is not due.
    """
    within = thresholds_for_all(m, context).within
    found, soon = clocks(m, context.instant), backlog(m, context.instant).due_within(within)
    first = {one.ticket: one for one in reversed(soon)}
    ordered = list(dict.fromkeys([one.ticket for one in soon]))
    for group in by_queue(m, found.told, ordered):
        earliest = first[group.tickets[0].id]
        yield promise_in_danger.finding(
            group.subject, group.variant, related=group.related, gathered=group.gathered, tickets=group.tickets,
            count=len(group.tickets), within=within, due=earliest.due, target=_SAID[earliest.target],
        )  # fmt: skip


_SOON = NINE + timedelta(minutes=40)


@promise_in_danger.fires(at=_SOON)
def _one_soon() -> Iterable[Record]:
    return team(chat(), ticket())


@promise_in_danger.fires(at=_SOON)
def _several_soon() -> Iterable[Record]:
    return team(chat(), ticket(), ticket(id="t2"))


@promise_in_danger.fires(at=_SOON)
def _soon_in_no_queue() -> Iterable[Record]:
    return team(chat(), ticket(queue=None, policy="standard"))


@promise_in_danger.fires(at=_SOON)
def _several_soon_in_no_queue() -> Iterable[Record]:
    return team(chat(), ticket(queue=None, policy="standard"), ticket(id="t2", queue=None, policy="standard"))


@promise_in_danger.silent(at=_SOON)
def _answered() -> Iterable[Record]:
    return team(chat(), ticket(event("public_reply", 0.5)))


@frozen
class ComplaintThresholds(Value):
    """How long a complaint may wait for a reply where nothing is promised.

    Attributes:
        hours: how many hours of real time.
    """

    hours: int = field(default=24, metadata=at_least(0))


@rule(
    "SVC205",
    name="complaint-unanswered",
    severity=WARNING,
    status=True,
    en={
        "one": "Nobody has answered the complaint {tickets} in {subject}, opened at {opened}.",
        "alone": "Nobody has answered the complaint {tickets}, opened at {opened}.",
        "several": "Nobody has answered {count} complaints in {subject}: {tickets}; the oldest was opened at {opened}.",
        "gathered": "Nobody has answered {count} complaints in no queue: {tickets}; the oldest was opened at {opened}.",
    },
    zh={
        "one": "{subject}中的投诉{tickets}至今无人回复，开立于 {opened}。",
        "alone": "投诉{tickets}至今无人回复，开立于 {opened}。",
        "several": "{subject}中有 {count} 件投诉至今无人回复：{tickets}；最早开立于 {opened}。",
        "gathered": "不在队列中的 {count} 件投诉至今无人回复：{tickets}；最早开立于 {opened}。",
    },
    needs=("ticket",),
    date_use="instant",
    thresholds=ComplaintThresholds(),
)
def complaint_unanswered(m: ModelView, context: Context) -> Iterator[Finding]:
    """Complaints have had no reply from a person, although that is late.

    Why it matters: a complaint that is answered keeps more customers than none at all; one that is not loses them, and
    tells others.

    How to fix: answer it now, and see why nobody did: look at `co.service.escalations` for who was told.

    When it is wrong to heed it: never.

    One finding a queue, the oldest complaint in front. Late is later than the policy promises a first response; where
    it promises none, after a day.
    """
    found, complaints = clocks(m, context.instant), _complaints(m)
    patience: int = thresholds_for_all(m, context).hours
    silent = [
        id
        for id, told in found.told.items()
        if id in complaints and told.replied is None and told.state not in OVER
        and _forgotten(told, [one for one in found.reckoned[id] if _is_first(one)], context.instant, patience)
    ]  # fmt: skip
    silent.sort(key=lambda id: (found.told[id].opened, id))
    for group in by_queue(m, found.told, silent):
        oldest = found.told[group.tickets[0].id]
        yield complaint_unanswered.finding(
            group.subject, group.variant, related=group.related, gathered=group.gathered, tickets=group.tickets,
            count=len(group.tickets), opened=oldest.terms.time.shown(oldest.opened),
        )  # fmt: skip


def _forgotten(told: Story, waits: Sequence[Reckoned], now: datetime, patience: int) -> bool:
    """Tell whether a first response is late: by what was promised, or after so many hours where nothing was."""
    if waits:
        return any(map(late, waits))
    return (now - told.terms.time.shown(told.opened)) / HOUR > patience


def _complaint(*events: object, **fields: object) -> Ticket:
    return ticket(*events, kind=COMPLAINT, **fields)  # type: ignore[arg-type]


@complaint_unanswered.fires(at=NINE + 2 * HOUR)
def _late_complaint() -> Iterable[Record]:
    return team(chat(), _complaint(taken(), event("public_reply", automatic=True)))


@complaint_unanswered.fires(at=NINE + 25 * HOUR)
def _forgotten_complaint() -> Iterable[Record]:
    return team(chat(policy=None), _complaint(queue=None))


@complaint_unanswered.fires(at=NINE + 2 * HOUR)
def _late_complaints() -> Iterable[Record]:
    return team(chat(), _complaint(), _complaint(id="t2"))


@complaint_unanswered.fires(at=NINE + 25 * HOUR)
def _forgotten_complaints() -> Iterable[Record]:
    return team(_complaint(queue=None), _complaint(id="t2", queue=None))


@complaint_unanswered.silent(at=NINE + 25 * HOUR)
def _answered_complaint() -> Iterable[Record]:
    nothing: SlaPolicy = promise(id="slow", targets=(SlaTarget(first_response=48 * HOUR),))
    return team(chat(), nothing, _complaint(event("public_reply")), _complaint(id="t2", policy="slow"))


RULES = (promise_broken, promise_in_danger, complaint_unanswered)
"""The rules of this module."""
