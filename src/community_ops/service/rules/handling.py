"""Rules about tickets that come back or go round, and customers who are not satisfied (SVC501 to SVC503)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.service.histories import stories
from community_ops.service.rating import satisfaction_by
from community_ops.service.records import SlaPolicy, Ticket
from community_ops.service.rules.addresses import policy_ref
from community_ops.service.rules.grouping import by_queue
from community_ops.service.rules.samples import HOUR, NINE, chat, event, promise, team, ticket
from community_ops.service.states import OVER
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted


@frozen
class ReopeningThresholds(Value):
    """How often a ticket may be taken up again.

    Attributes:
        most: how often at the most.
    """

    most: int = field(default=2, metadata=at_least(0))


@rule(
    "SVC501",
    name="reopened-often",
    severity=WARNING,
    status=True,
    en={
        "": "{tickets} in {subject} {verb} reopened more than {most} times, up to {times}.",
        "gathered": "{tickets} {verb} reopened more than {most} times, up to {times}.",
    },
    zh={
        "": "{subject}中的{tickets}被重新打开超过 {most} 次，最多 {times} 次。",
        "gathered": "{tickets}被重新打开超过 {most} 次，最多 {times} 次。",
    },
    needs=("ticket",),
    date_use="ignored",
    thresholds=ReopeningThresholds(),
)
def reopened_often(m: ModelView, context: Context) -> Iterator[Finding]:
    """Open tickets have been resolved and taken up again several times.

    Why it matters: somebody calls a thing resolved that is not; figures look good while the customer waits.

    How to fix: have another person look at the cause, and resolve only what the customer has confirmed.

    When it is wrong to heed it: where a customer writes about ever new things in one ticket; split it.

    One finding a queue. Tickets that are over are left alone: nothing is to be done about them any more.
    """
    most = thresholds_for_all(m, context).most
    told = stories(m).told
    often = [id for id, one in told.items() if one.reopened > most and one.state not in OVER]
    for group in by_queue(m, told, often):
        yield reopened_often.finding(
            group.subject, "gathered" if group.gathered else "", related=group.related, gathered=group.gathered,
            tickets=group.tickets, verb="was" if len(group.tickets) == 1 else "were", most=most,
            times=max([told[one.id].reopened for one in group.tickets]),
        )  # fmt: skip


def _reopened(times: int, **fields: Any) -> Ticket:
    log = [one for n in range(times) for one in (event("resolved", 2 * n + 1), event("reopened", 2 * n + 2))]
    return ticket(*log, **fields)


@reopened_often.fires()
def _three_times() -> Iterable[Record]:
    return team(chat(), _reopened(3))


@reopened_often.fires()
def _three_times_in_no_queue() -> Iterable[Record]:
    return team(_reopened(3, queue=None))


@reopened_often.silent()
def _twice() -> Iterable[Record]:
    return team(chat(), _reopened(2), ticket(*_reopened(3).events, event("resolved", 9), id="t2"))


@frozen
class BouncingThresholds(Value):
    """How often a ticket may come back to a queue that it has been in.

    Attributes:
        returns: how often at the most.
    """

    returns: int = field(default=1, metadata=at_least(0))


@rule(
    "SVC502",
    name="sent-to-and-fro",
    severity=WARNING,
    status=True,
    en={
        "": "{tickets} in {subject} {verb} sent to and fro between queues: {returns} to one that had passed {it} on.",
        "gathered": "{tickets} {verb} sent to and fro between queues: {returns} to one that had passed {it} on.",
    },
    zh={
        "": "{subject}中的{tickets}在队列之间来回转派，最多 {returns} 次回到转出过它的队列。",
        "gathered": "{tickets}在队列之间来回转派，最多 {returns} 次回到转出过它的队列。",
    },
    needs=("ticket",),
    date_use="ignored",
    thresholds=BouncingThresholds(),
)
def sent_to_and_fro(m: ModelView, context: Context) -> Iterator[Finding]:
    """Open tickets come back to queues that had passed them on, again and again.

    Why it matters: nobody takes the ticket for their own, and the customer waits through every hand-over.

    How to fix: decide whose it is - the queues' leads have a common superior - and say so in the queues' descriptions.

    When it is wrong to heed it: where one queue prepares something for another and gets it back by design; one such
    return is allowed for.

    One finding a queue. A move into the queue that the ticket is in already is none.
    """
    most = thresholds_for_all(m, context).returns
    told = stories(m).told
    returns = {id: _returns([queue for _, queue in one.queues]) for id, one in told.items() if one.state not in OVER}
    for group in by_queue(m, told, [id for id, count in returns.items() if count > most]):
        several = len(group.tickets) > 1
        yield sent_to_and_fro.finding(
            group.subject, "gathered" if group.gathered else "", related=group.related, gathered=group.gathered,
            tickets=group.tickets, verb="were" if several else "was", it="them" if several else "it",
            returns=_times(max([returns[one.id] for one in group.tickets])),
        )  # fmt: skip


def _times(count: int) -> dict[str, str]:
    return {"en": counted(count, "return")["en"], "zh": str(count)}


def _returns(queues: Iterable[str | None]) -> int:
    """Return how often a ticket came back to a queue that had passed it on."""
    here: str | None = None
    left: set[str | None] = set()
    count = 0
    for queue in queues:
        if queue != here:
            left.add(here)
            count += queue is not None and queue in left
            here = queue
    return count


def _moved(*queues: str | None, **fields: Any) -> Ticket:
    return ticket(*[event("queue_changed", hour, queue=queue) for hour, queue in enumerate(queues, 1)], **fields)


def _second() -> Record:
    return chat(id="mail", name="Mail")


@sent_to_and_fro.fires()
def _there_and_back_twice() -> Iterable[Record]:
    return team(chat(), _second(), _moved("mail", "chat", "mail"))


@sent_to_and_fro.fires()
def _and_out() -> Iterable[Record]:
    return team(chat(), _second(), _moved("mail", "chat", "mail", None))


@sent_to_and_fro.silent()
def _there_and_back() -> Iterable[Record]:
    return team(chat(), _second(), _moved("mail", "mail", "chat"), _moved(None, "chat", id="t2"))


@frozen
class SatisfactionThresholds(Value):
    """Over which time, and from how many answers on, satisfaction is judged.

    Attributes:
        days: how many days before the check count.
        answers: how many answers there must be at the least.
    """

    days: int = field(default=90, metadata=at_least(1))
    answers: int = field(default=20, metadata=at_least(1))


@rule(
    "SVC503",
    name="satisfaction-below-target",
    severity=WARNING,
    status=True,
    en="{score} % of {answers} are satisfied under {subject}, where {target} % is the target.",
    zh="{subject}下的 {answers} 份评价中满意的占 {score}%，低于目标 {target}%。",
    needs=("sla_policy", "ticket"),
    date_use="instant",
    thresholds=SatisfactionThresholds(),
)
def satisfaction_below_target(m: ModelView, context: Context) -> Iterator[Finding]:
    """Fewer customers are satisfied than a policy sets out to reach.

    Why it matters: it is what all the clocks are for; promises may well be kept, and customers leave all the same.

    How to fix: read the answers of 1 and 2, and look at which queue and kind of ticket they come from
    (`co.service.satisfaction_by`).

    When it is wrong to heed it: after a single large fault whose causes are gone; wait until its days are over.

    Counted is the share of 4 and 5 among the answers for tickets resolved in the last 90 days, from 20 answers on:
    below that a single answer moves it by more than five points.
    """
    limits = thresholds_for_all(m, context)
    first = date.fromordinal(max(context.day.toordinal() - limits.days + 1, 1))
    last = DateRange(first, context.day)
    targets = dict(zip(m.ids(SlaPolicy), m.column(SlaPolicy.csat_target), strict=True))
    if not any(target is not None for target in targets.values()):
        return
    reached = satisfaction_by(m, context.instant, "policy", last)
    for id, target in targets.items():
        found = reached.get(id)
        if target is None or found is None or len(found.csat) < limits.answers:
            continue
        score = found.csat_score
        if score is not None and score < target:
            yield satisfaction_below_target.finding(
                policy_ref(id), field="csat_target", score=f"{score:.0f}", target=target,
                answers=counted(len(found.csat), "answer"),
            )  # fmt: skip


def _rated(count: int, rating: int, start: int = 0) -> list[Ticket]:
    log = (event("resolved", 1), event("rated", 2, scale="csat", rating=rating))
    return [ticket(*log, id=f"r{n}") for n in range(start, start + count)]


@satisfaction_below_target.fires(at=NINE + 3 * HOUR)
def _every_other() -> Iterable[Record]:
    return team(promise(id="aimed", csat_target=80), chat(policy="aimed"), *_rated(10, 5), *_rated(10, 3, 10))


@satisfaction_below_target.silent(at=NINE + 3 * HOUR)
def _four_of_five() -> Iterable[Record]:
    few = [ticket(*one.events, id=f"few {one.id}", queue="mail") for one in _rated(3, 1)]
    seldom = promise(id="seldom", csat_target=99)
    aimed = [promise(id="aimed", csat_target=80), chat(policy="aimed"), *_rated(16, 5), *_rated(4, 3, 16)]
    return team(*aimed, seldom, chat(id="mail", name="Mail", policy="seldom"), *few)


RULES = (reopened_often, sent_to_and_fro, satisfaction_below_target)
"""The rules of this module."""
