"""Rules about queues that nobody serves, leads or times, and tickets that are in none (SVC101 to SVC104)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.view import ModelView
from community_ops.org.placement import heads_by_unit, positions_in
from community_ops.org.records import Unit
from community_ops.org.rules.addresses import unit as unit_ref
from community_ops.service.histories import stories
from community_ops.service.records import Queue, SlaPolicy
from community_ops.service.rules.addresses import queue_ref, ticket_ref
from community_ops.service.rules.samples import chat, event, promise, team, ticket
from community_ops.service.states import OVER
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule


@rule(
    "SVC101",
    name="ticket-without-queue",
    severity=WARNING,
    en={
        "one": "{subject} is in no queue, so that nobody is told of it and nothing is promised.",
        "several": "{count} open tickets are in no queue: {tickets}.",
    },
    zh={
        "one": "{subject}不在任何队列中，既无人跟进，也没有服务承诺。",
        "several": "{count} 个未结工单不在任何队列中：{tickets}。",
    },
    needs=("ticket",),
    date_use="ignored",
)
def ticket_without_queue(m: ModelView, context: Context) -> Iterator[Finding]:
    """An open ticket is in no queue.

    Why it matters: queues are what people work through; what is in none is found by chance.

    How to fix: put it into the queue it belongs to, with an event `queue_changed`.

    When it is wrong to heed it: in an organisation that does without queues. One that has none is not judged.

    One finding for all such tickets. Tickets that fall under a policy of their own count as well.
    """
    if not m.ids(Queue):
        return
    told = stories(m).told
    lost = [id for id, one in told.items() if one.queue is None and one.state not in OVER]
    if lost:
        tickets = tuple(map(ticket_ref, lost))
        yield ticket_without_queue.finding(
            tickets[0], "one" if len(tickets) == 1 else "several", related=tickets[1:], gathered=True, field="queue",
            count=len(tickets), tickets=tickets,
        )  # fmt: skip


@ticket_without_queue.fires()
def _in_none() -> Iterable[Record]:
    return team(chat(), ticket(queue=None))


@ticket_without_queue.fires()
def _several_in_none() -> Iterable[Record]:
    return team(chat(), ticket(queue=None), ticket(event("queue_changed"), id="t2"))


@ticket_without_queue.silent()
def _in_one() -> Iterable[Record]:
    return team(chat(), ticket(event("queue_changed", queue="chat"), queue=None), ticket(event("resolved"), id="t2"))


@rule(
    "SVC102",
    name="queue-unserved",
    severity=WARNING,
    en={
        "unit": "No unit serves {subject}.",
        "members": "{subject} is served by {unit}, in which there is no position.",
    },
    zh={"unit": "{subject}没有负责的部门。", "members": "{subject}由{unit}负责，但该部门没有任何岗位。"},
    needs=("queue",),
    date_use="ignored",
)
def queue_unserved(m: ModelView, context: Context) -> Iterator[Finding]:
    """A queue is served by no unit, or by one without positions.

    Why it matters: there is nobody whom its tickets could be given to.

    How to fix: name the unit in `Queue.unit`, or open positions in it.

    When it is wrong to heed it: for a queue that is worked through by a program or by a partner; a waiver says so.

    Positions in the parts of a unit count. Whether anybody holds them is for other rules.
    """
    units = m.id_set(Unit)
    for id, unit in zip(m.ids(Queue), m.column(Queue.unit), strict=True):
        if unit is None:
            yield queue_unserved.finding(queue_ref(id), "unit", field="unit")
        elif unit in units and not positions_in(m, unit, deep=True):
            yield queue_unserved.finding(
                queue_ref(id), "members", field="unit", related=[unit_ref(unit)], unit=unit_ref(unit)
            )


@queue_unserved.fires()
def _by_no_unit() -> Iterable[Record]:
    return team(chat(unit=None))


@queue_unserved.fires()
def _by_an_empty_unit() -> Iterable[Record]:
    return team(Unit(id="void", name="Void", parent="help"), chat(unit="void"))


@queue_unserved.silent()
def _by_a_team() -> Iterable[Record]:
    return team(Unit(id="support", name="Support"), Unit(id="help", name="Help desk", parent="support"), chat())[1:]


@rule(
    "SVC103",
    name="queue-without-lead",
    severity=WARNING,
    en="Nobody leads {subject}: tickets that nobody has are escalated to nobody.",
    zh="{subject}没有负责人：无人受理的工单将无从升级。",
    needs=("queue",),
    date_use="ignored",
)
def queue_without_lead(m: ModelView, context: Context) -> Iterator[Finding]:
    """A queue names no position that leads it.

    Why it matters: escalation counts from whoever has a ticket, and from the queue's lead while nobody has it, which is
    when it is needed most.

    How to fix: name the position in `Queue.lead`; the fix takes the head of the queue's unit where there is one.

    When it is wrong to heed it: where no policy escalates; the lead still is who is asked about the queue.
    """
    for id, lead in zip(m.ids(Queue), m.column(Queue.lead), strict=True):
        if lead is None:
            yield queue_without_lead.finding(queue_ref(id), field="lead")


@queue_without_lead.fix  # not safe: somebody else may be meant
def _led_by_the_head(model: Model, finding: Finding) -> ChangeSet | None:
    queue = model.table(Queue)[finding.subject.id]
    heads = heads_by_unit(model).get(queue.unit or "", ())
    return diff(model, model.replace(evolve(queue, lead=heads[0]))) if len(heads) == 1 else None


@queue_without_lead.fires()
def _leaderless() -> Iterable[Record]:
    return team(chat(lead=None))


@queue_without_lead.silent()
def _led() -> Iterable[Record]:
    return team(chat())


@rule(
    "SVC104",
    name="queue-without-hours",
    severity=WARNING,
    en="Nobody says when {subject} is served.",
    zh="{subject}没有服务时间。",
    needs=("queue",),
    date_use="ignored",
)
def queue_without_hours(m: ModelView, context: Context) -> Iterator[Finding]:
    """A queue names no calendar.

    Why it matters: nobody can tell when a customer may expect somebody there, and staffing cannot be reckoned.

    How to fix: name the calendar in `Queue.calendar`; the fix takes that of its policy where there is one.

    When it is wrong to heed it: never; a queue served around the clock has a calendar that says so.
    """
    for id, calendar in zip(m.ids(Queue), m.column(Queue.calendar), strict=True):
        if calendar is None:
            yield queue_without_hours.finding(queue_ref(id), field="calendar")


@queue_without_hours.fix  # not safe: a promise may count in other hours than those in which the queue is served
def _hours_of_its_policy(model: Model, finding: Finding) -> ChangeSet | None:
    queue = model.table(Queue)[finding.subject.id]
    policy = model.table(SlaPolicy).get(queue.policy or "")
    if policy is None or policy.calendar is None:
        return None
    return diff(model, model.replace(evolve(queue, calendar=policy.calendar)))


@queue_without_hours.fires()
def _at_no_hours() -> Iterable[Record]:
    return team(promise(id="timed", calendar="service"), chat(calendar=None, policy="timed"))


@queue_without_hours.silent()
def _at_hours() -> Iterable[Record]:
    return team(chat())


RULES = (ticket_without_queue, queue_unserved, queue_without_lead, queue_without_hours)
"""The rules of this module."""
