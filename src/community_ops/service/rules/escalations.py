"""Rules about who hears of tickets that are escalated: nobody, or whoever has them already (SVC403, SVC404)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from attrs import evolve

from community_ops.kernel.record import Record
from community_ops.kernel.view import ModelView
from community_ops.org.deputising import ActingChart, acting
from community_ops.org.records import Assignment, Position
from community_ops.org.rules.addresses import position as position_ref
from community_ops.service.histories import stories
from community_ops.service.recipients import Asked, Directory, leads_of
from community_ops.service.records import EscalationLevel, Queue, Recipient, SlaPolicy
from community_ops.service.rules.addresses import policy_ref, queue_ref
from community_ops.service.rules.samples import NINE, chat, promise, taken, team, ticket
from community_ops.service.states import OVER
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule

_MONDAY = NINE.date()


class _Answer(NamedTuple):
    """Who would be told of a ticket.

    Attributes:
        queue: the queue it is in.
        holder: the position that has it; None for nobody.
        asked: a position that the level asks for, and who does what it is there for.
    """

    queue: str
    holder: str | None
    asked: Asked


def _answers(m: ModelView, day: date) -> Iterator[tuple[str, int, Recipient, list[_Answer]]]:
    """Yield the levels of policies, each with its number, its recipient, and who would be told on a day.

    Asked is for a ticket in each queue under its policy that nobody has yet, and for the open tickets that a level
    concerns. Levels of policies that neither queues nor open tickets fall under are left out.
    """
    directory = Directory(m, day, leads_of(m))
    policies = dict(zip(m.ids(SlaPolicy), m.column(SlaPolicy.escalations), strict=True))
    tickets: dict[tuple[str | None, int], dict[tuple[str, str | None], None]] = {}
    for queue, policy in zip(m.ids(Queue), m.column(Queue.policy), strict=True):
        for number, _ in enumerate(policies.get(policy or "", ()), 1):
            tickets.setdefault((policy, number), {})[queue, None] = None
    for told in stories(m).told.values():
        if told.state not in OVER and told.queue is not None and told.queue in m.id_set(Queue):
            for level in told.terms.levels:
                tickets.setdefault((told.terms.policy, level.number), {})[told.queue, told.holder] = None
    for policy, escalations in policies.items():
        for number, one in enumerate(escalations, 1):
            found = tickets.get((policy, number), {})
            asked = [
                _Answer(queue, holder, asked)
                for queue, holder in found
                for asked in directory.of(one.recipient, holder, queue)
            ]
            if asked:
                yield policy, number, one.recipient, asked


@rule(
    "SVC403",
    name="escalation-reaches-nobody",
    severity=WARNING,
    en={
        "nobody": "What {policies} {verb} for {queues} reaches nobody: no one is in {subject}, nor in any position "
        "above it.",
        "line": "Level {level} of {subject} asks for a functional superior, whom nobody in {queues} has.",
        "role": "Level {level} of {subject} asks for a role that nobody has for {queues}.",
    },
    zh={
        "nobody": "{policies}对{queues}的升级通知不到任何人：{subject}及其以上各级均无人在岗。",
        "line": "{subject}的第 {level} 级升级指向职能上级，但{queues}中无人有职能上级。",
        "role": "{subject}的第 {level} 级升级指向某一角色，但{queues}没有人担任该角色。",
    },
    needs=("sla_policy", "queue", "position"),
    date_use="needed",
)
def escalation_reaches_nobody(m: ModelView, context: Context) -> Iterator[Finding]:
    """A level of escalation ends where nobody is.

    Why it matters: the notice is lost at the very moment at which somebody should step in.

    How to fix: name a deputy, fill the position, or have the level ask for somebody else.

    When it is wrong to heed it: for a level that only concerns some positions, as functional superiors may; for a day
    on which all are away, as the rule looks at one day.

    Looked at is who would be told today of a ticket that nobody has yet, and of the open tickets that the level
    concerns. One finding for a position that is asked in vain, whatever asks for it, and one for a level whose role or
    functional superior nobody is. That a position is vacant is another matter, of which ORG401 speaks: with a deputy
    the notice arrives, and the position is as empty as before. A queue without a lead is named by SVC103, a position
    that does not exist by REF101.
    """
    vain: dict[str, list[tuple[str, str]]] = {}
    for policy, number, recipient, answers in _answers(m, context.day):
        for queue, _, asked in answers:
            if asked.position is not None and asked.reason == "nobody up to the top":
                vain.setdefault(asked.position, []).append((policy, queue))
        without = {"functional": "line", "role": "role"}.get(recipient.kind)
        queues = _without_any(answers)
        if without is not None and queues:
            refs = tuple(map(queue_ref, queues))
            yield escalation_reaches_nobody.finding(
                policy_ref(policy), without, field="escalations", related=refs, key=[str(number)], level=number,
                queues=refs,
            )  # fmt: skip
    for position, asking in vain.items():
        policies = tuple(map(policy_ref, dict.fromkeys([policy for policy, _ in asking])))
        refs = tuple(map(queue_ref, dict.fromkeys([queue for _, queue in asking])))
        yield escalation_reaches_nobody.finding(
            position_ref(position), "nobody", related=[*policies, *refs], policies=policies, queues=refs,
            verb="escalates" if len(policies) == 1 else "escalate",
        )  # fmt: skip


def _without_any(answers: Iterable[_Answer]) -> list[str]:
    """Return the queues in which a level finds no position to ask, for want of a functional line or of a role."""
    wanting = [one.queue for one in answers if one.asked.reason in ("no functional line", "nobody has the role")]
    found = {one.queue for one in answers if one.asked.position is not None}
    return [queue for queue in dict.fromkeys(wanting) if queue not in found]


def _escalating(recipient: Recipient, *more: Record, **fields: object) -> list[Record]:
    level = EscalationLevel(target="resolution", percent=80, recipient=recipient)
    return team(promise(id="loud", escalations=[level]), chat(policy="loud", **fields), *more)


@escalation_reaches_nobody.fires(at=_MONDAY)
def _vacant_to_the_top() -> Iterable[Record]:
    return [one for one in _escalating(Recipient("queue_lead")) if one.id != "a1"]


@escalation_reaches_nobody.fires(at=_MONDAY)
def _no_functional_superior() -> Iterable[Record]:
    return _escalating(Recipient("functional"))


@escalation_reaches_nobody.fires(at=_MONDAY)
def _role_of_nobody() -> Iterable[Record]:
    return _escalating(Recipient("role", role="consulted"))


@escalation_reaches_nobody.silent(at=_MONDAY)
def _somebody_in_the_end() -> Iterable[Record]:
    vacant = Position(id="deputy-lead", title="Deputy lead", unit="help", reports_to="lead")
    return _escalating(Recipient("queue_lead"), vacant, lead="deputy-lead")


@rule(
    "SVC404",
    name="escalation-to-assignee",
    severity=INFO,
    en="Level {level} of {subject} tells {positions} of tickets that they have themselves.",
    zh="{subject}的第 {level} 级升级通知的正是工单的受理岗位{positions}。",
    needs=("sla_policy", "queue", "ticket"),
    date_use="needed",
)
def escalation_to_assignee(m: ModelView, context: Context) -> Iterator[Finding]:
    """A level of escalation tells whoever has the ticket already.

    Why it matters: escalation is to bring in somebody else; like this nobody learns that somebody is stuck.

    How to fix: have the level ask for the manager of whoever has the ticket, or leave the lead's own tickets to others.

    When it is wrong to heed it: in a small team whose lead works on tickets as well; it is for information only.

    Looked at are the open tickets that a level concerns, and who would be told of them today: the same people, be it
    that they hold the position that is asked as well. One finding a level.
    """
    chart, there = acting(m, context.day), m.id_set(Position)
    for policy, number, _, answers in _answers(m, context.day):
        own = [
            one.holder
            for one in answers
            if one.holder is not None and one.holder in there and _to_themselves(chart, one.holder, one.asked)
        ]
        if own:
            positions = tuple(map(position_ref, dict.fromkeys(own)))
            yield escalation_to_assignee.finding(
                policy_ref(policy), field="escalations", related=positions, key=[str(number)], level=number,
                positions=positions,
            )  # fmt: skip


def _to_themselves(chart: ActingChart, holder: str, asked: Asked) -> bool:
    return bool(asked.people) and set(asked.people) <= set(chart.manned(holder))


@escalation_to_assignee.fires(at=_MONDAY)
def _to_oneself() -> Iterable[Record]:
    mine = ticket(evolve(taken(), position="lead"))
    return _escalating(Recipient("queue_lead"), mine)


@escalation_to_assignee.fires(at=_MONDAY)
def _to_oneself_in_another_position() -> Iterable[Record]:
    both = Assignment(id="a3", person="ben", position="second")
    mine = ticket(evolve(taken(), position="agent"))
    return _escalating(
        Recipient("position", position="second"), Position(id="second", title="Second", unit="help"), both, mine
    )


@escalation_to_assignee.silent(at=_MONDAY)
def _to_somebody_else() -> Iterable[Record]:
    return _escalating(Recipient("queue_lead"), ticket(taken()))


RULES = (escalation_reaches_nobody, escalation_to_assignee)
"""The rules of this module."""
