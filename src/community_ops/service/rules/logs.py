"""Rules about event logs that cannot have happened so, or hardly (SVC301 to SVC306)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from community_ops.kernel.record import Record
from community_ops.kernel.view import ModelView
from community_ops.service.histories import stories
from community_ops.service.records import PRIORITIES, Ticket
from community_ops.service.rules.addresses import ticket_ref
from community_ops.service.rules.samples import HOUR, NINE, chat, event, team, ticket
from community_ops.service.states import TICKET
from community_ops.validation.finding import ERROR, INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    "SVC301",
    name="illegal-event",
    severity=ERROR,
    en={
        "start": "The log of {subject} begins with '{event}' instead of '{begins}'.",
        "state": "Event {place} of {subject}, '{event}', is not possible in the state '{state}'.",
        "order": "Event {place} of {subject}, '{event}', is older than the event in front of it.",
        "empty": "{subject} has no events: nobody knows when it was opened.",
    },
    zh={
        "start": "{subject}的记录以“{event}”开始，而不是“{begins}”。",
        "state": "{subject}的第 {place} 个事件“{event}”在状态“{state}”下不可能发生。",
        "order": "{subject}的第 {place} 个事件“{event}”早于其前一个事件。",
        "empty": "{subject}没有任何事件，不知何时开立。",
    },
    needs=("ticket",),
    date_use="ignored",
)
def illegal_event(m: ModelView, context: Context) -> Iterator[Finding]:
    """A ticket's log has an event that cannot have happened where it stands.

    Why it matters: state, clocks and escalation follow from the log; where it does not hold together there are none.

    How to fix: find out what happened, and correct the log where it was written. Events come in the order in which
    they happened; the first is `opened`.

    When it is wrong to heed it: never. A help desk with other states maps them onto these when it writes the log.

    One finding a ticket: what comes after the first such event cannot be judged.
    """
    illegal = stories(m).illegal
    for id, log in zip(m.ids(Ticket), m.column(Ticket.events), strict=True):
        if not log:
            yield illegal_event.finding(ticket_ref(id), "empty", field="events")
        elif id in illegal:
            error = illegal[id]
            place = error.place or 0
            variant = "start" if error.state is None else "state"
            if place and log[place].at < log[place - 1].at:
                variant = "order"
            yield illegal_event.finding(
                ticket_ref(id), variant, field="events", event=error.event, place=place + 1, state=error.state or "",
                begins=TICKET.begins,
            )  # fmt: skip


@illegal_event.fires()
def _never_opened() -> Iterable[Record]:
    return team(chat(), ticket(events=(event("resolved"),)))


@illegal_event.fires()
def _closed_unresolved() -> Iterable[Record]:
    return team(chat(), ticket(event("closed")))


@illegal_event.fires()
def _backwards() -> Iterable[Record]:
    return team(chat(), ticket(event("internal_note", 2), event("resolved", 1)))


@illegal_event.fires()
def _without_a_log() -> Iterable[Record]:
    return team(chat(), ticket(events=()))


@illegal_event.silent()
def _as_it_should_be() -> Iterable[Record]:
    return team(chat(), ticket(event("public_reply", 1), event("resolved", 1), event("closed", 2)))


@rule(
    "SVC302",
    name="event-in-the-future",
    severity=WARNING,
    en={
        "one": "The log of {subject} has events later than now, up to {at}.",
        "several": "The logs of {count} tickets have events later than now, up to {at}: {tickets}.",
    },
    zh={
        "one": "{subject}的记录中有晚于当前时刻的事件，最晚为 {at}。",
        "several": "{count} 个工单的记录中有晚于当前时刻的事件，最晚为 {at}：{tickets}。",
    },
    needs=("ticket",),
    date_use="instant",
)
def event_in_the_future(m: ModelView, context: Context) -> Iterator[Finding]:
    """Tickets' logs have events later than the instant of the check.

    Why it matters: a log tells what has happened. Such events come from a clock that is wrong, mostly by a time zone;
    then all other times in it are wrong as well.

    How to fix: set the clock right, and correct the times.

    When it is wrong to heed it: when the model is looked at as of an earlier instant on purpose.

    One finding for all tickets: it mostly is one clock, or one import, that was wrong.
    """
    now = context.instant
    last: dict[str, datetime] = {}
    for id, log in zip(m.ids(Ticket), m.column(Ticket.events), strict=True):
        latest = max([one.at for one in log], default=now)
        if latest > now:
            last[id] = latest
    if last:
        tickets = tuple(map(ticket_ref, last))
        yield event_in_the_future.finding(
            tickets[0], "one" if len(tickets) == 1 else "several", field="events", related=tickets[1:], gathered=True,
            at=max(last.values()), count=len(tickets), tickets=tickets,
        )  # fmt: skip


@event_in_the_future.fires(at=NINE + HOUR)
def _tomorrow() -> Iterable[Record]:
    return team(chat(), ticket(event("internal_note", 24)))


@event_in_the_future.fires(at=NINE + HOUR)
def _all_of_tomorrow() -> Iterable[Record]:
    return team(chat(), ticket(event("internal_note", 24)), ticket(event("resolved", 25), id="t2"))


@event_in_the_future.silent(at=NINE + HOUR)
def _just_now() -> Iterable[Record]:
    return team(chat(), ticket(event("internal_note", 1)))


@rule(
    "SVC303",
    name="reply-after-closing",
    severity=INFO,
    en="{subject} was replied to at {at}, although it was closed.",
    zh="{subject}已关闭，但在 {at} 仍有回复。",
    needs=("ticket",),
    date_use="ignored",
)
def reply_after_closing(m: ModelView, context: Context) -> Iterator[Finding]:
    """A person replied to the customer on a ticket that was closed and stays closed.

    Why it matters: work goes on where no clock runs and nobody looks; the customer thinks the matter is open.

    How to fix: reopen the ticket, or open a new one where the policy wants that, and reply there.

    When it is wrong to heed it: for a last word of thanks; the rule is for information only.

    Replies by programs do not count, nor do tickets that were reopened later.
    """
    found = stories(m).told
    for id, log in zip(m.ids(Ticket), m.column(Ticket.events), strict=True):
        told = found.get(id)
        if told is None or told.state != "closed":
            continue
        closed = max(place for place, one in enumerate(log) if one.type == "closed")
        replies = [one for one in log[closed:] if one.type == "public_reply" and not one.automatic]
        if replies:
            yield reply_after_closing.finding(ticket_ref(id), field="events", at=replies[0].at)


@reply_after_closing.fires()
def _too_late() -> Iterable[Record]:
    return team(chat(), ticket(event("resolved", 1), event("closed", 2), event("public_reply", 3)))


@reply_after_closing.silent()
def _in_time() -> Iterable[Record]:
    thanks = event("public_reply", 3, automatic=True)
    return team(chat(), ticket(event("public_reply", 1), event("resolved", 1), event("closed", 2), thanks))


@rule(
    "SVC304",
    name="rated-before-resolved",
    severity=WARNING,
    en="{subject} was rated at {at}, before it had been resolved.",
    zh="{subject}在 {at} 即被评价，而当时尚未解决。",
    needs=("ticket",),
    date_use="ignored",
)
def rated_before_resolved(m: ModelView, context: Context) -> Iterator[Finding]:
    """A customer's rating is older than the first resolution of the ticket.

    Why it matters: what was rated then is not what satisfaction is to tell of. Such ratings come from surveys that are
    sent too early, or from imports that mix up times.

    How to fix: ask when the ticket is resolved; correct the times.

    When it is wrong to heed it: where customers may rate every single reply.
    """
    found = stories(m).told
    for id, log in zip(m.ids(Ticket), m.column(Ticket.events), strict=True):
        if id in found:
            early = next((one for one in log if one.type in ("rated", "resolved")), None)
            if early is not None and early.type == "rated":
                yield rated_before_resolved.finding(ticket_ref(id), field="events", at=early.at)


@rated_before_resolved.fires()
def _early() -> Iterable[Record]:
    return team(chat(), ticket(event("rated", 1, scale="csat", rating=1), event("resolved", 2)))


@rated_before_resolved.silent()
def _afterwards() -> Iterable[Record]:
    return team(chat(), ticket(event("resolved", 1), event("rated", 2, scale="csat", rating=5)), ticket(id="t2"))


@rule(
    "SVC305",
    name="raised-without-reason",
    severity=INFO,
    en="The priority of {subject} was raised to {priority} at {at}, and nobody says why.",
    zh="{subject}的优先级在 {at} 被提高到 {priority}，但没有说明原因。",
    needs=("ticket",),
    date_use="ignored",
)
def raised_without_reason(m: ModelView, context: Context) -> Iterator[Finding]:
    """A ticket was made more pressing without a word.

    Why it matters: a priority is a promise kept at the cost of others; where it is raised on a whim, soon everything is
    urgent.

    How to fix: say why in the event's `text`.

    When it is wrong to heed it: where a program sets priorities by rules of its own.

    Judged is the last such event of an open ticket, of those that nobody gave a reason for.
    """
    found = stories(m).told
    columns = zip(m.ids(Ticket), m.column(Ticket.priority), m.column(Ticket.events), strict=True)
    for id, priority, log in columns:
        told = found.get(id)
        if told is None or told.priority == priority or told.state in TICKET.final:
            continue
        rank, raised = PRIORITIES.index(priority), None
        for one in log:
            if one.priority is not None:
                before, rank = rank, PRIORITIES.index(one.priority)
                raised = (one if rank > before else raised) if not one.text.strip() else raised
        if raised is not None:
            yield raised_without_reason.finding(
                ticket_ref(id), field="events", priority=str(raised.priority), at=raised.at
            )


@raised_without_reason.fires()
def _on_a_whim() -> Iterable[Record]:
    return team(chat(), ticket(event("priority_changed", 1, priority="urgent")))


@raised_without_reason.silent()
def _with_reason() -> Iterable[Record]:
    why = event("priority_changed", 1, priority="urgent", text="Nobody can pay.")
    return team(chat(), ticket(why, event("priority_changed", 2, priority="high")))


RULES = (
    illegal_event,
    event_in_the_future,
    reply_after_closing,
    rated_before_resolved,
    raised_without_reason,
)
"""The rules of this module."""
