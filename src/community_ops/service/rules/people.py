"""Rules about who has tickets: positions that nobody is in, that cannot do it, or have too many (SVC401, SVC402)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.deputising import ActingChart, Passed, acting
from community_ops.org.holding import holders
from community_ops.org.records import Absence, Assignment, Deputy, Person, Position, Skill, SkillLevel
from community_ops.org.rules.addresses import position as position_ref
from community_ops.org.scoping import thresholds_by_unit
from community_ops.org.skills import levels
from community_ops.service.abilities import lacking
from community_ops.service.histories import stories
from community_ops.service.records import Queue, Ticket
from community_ops.service.rules.addresses import queue_ref, ticket_ref
from community_ops.service.rules.samples import NINE, chat, taken, team, ticket
from community_ops.service.states import OVER
from community_ops.service.workloads import loads
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted

_MONDAY = NINE.date()
Tickets = dict[str | None, list[Ref]]
"""Tickets by the queue they are in; None for none."""


def _held(m: ModelView) -> dict[str, Tickets]:
    """Return the open tickets that each position has."""
    found: dict[str, Tickets] = {}
    for id, told in stories(m).told.items():
        if told.state not in OVER and told.holder is not None:
            found.setdefault(told.holder, {}).setdefault(told.queue, []).append(ticket_ref(id))
    return found


@frozen
class AwayThresholds(Value):
    """How soon somebody has to be back for their tickets to wait for them.

    Attributes:
        days: within how many days from the day of the check.
    """

    days: int = field(default=2, metadata=at_least(0))


@rule(
    "SVC401",
    name="assignee-not-there",
    severity=WARNING,
    status=True,
    en={
        "gone": "{tickets} {verb} with the position '{position}', which does not exist.",
        "closed": "{tickets} {verb} with {subject}, a position that does not exist that day, and nobody stands in.",
        "vacant": "{tickets} {verb} with {subject}, which nobody holds or stands in for.",
        "away": "{tickets} {verb} with {subject}, where everybody is away, and nobody stands in.",
        "back": "{tickets} {verb} with {subject}, where everybody is away, the first back on {back}, and nobody "
        "stands in.",
        "unskilled": "{tickets} {verb} with {subject}, where nobody has all the skills that {queue} asks for, at the "
        "level it does: {skills}.",
    },
    zh={
        "gone": "{tickets}分配给了不存在的岗位“{position}”。",
        "closed": "{tickets}在{subject}名下，但该岗位当日并不存在，且无人代理。",
        "vacant": "{tickets}在{subject}名下，但该岗位空缺且无人代理。",
        "away": "{tickets}在{subject}名下，但该岗位人员均已外出，且无人代理。",
        "back": "{tickets}在{subject}名下，但该岗位人员均外出，最早 {back} 返回，且无人代理。",
        "unskilled": "{tickets}在{subject}名下，但那里没有人具备{queue}要求的全部技能及相应等级：{skills}。",
    },
    needs=("ticket", "position"),
    date_use="needed",
    thresholds=AwayThresholds(),
)
def assignee_not_there(m: ModelView, context: Context) -> Iterator[Finding]:
    """Open tickets are with a position that nobody is in, or whose people cannot do what the queue asks for.

    Why it matters: to everybody else these tickets look as if they were taken care of.

    How to fix: assign them to somebody who is there (`co.service.route` says to whom), or name a deputy.

    When it is wrong to heed it: for people who are back soon; the threshold says how soon that is.

    One finding a position, and one for each queue whose skills nobody there has. People who are back soon count as
    there, and so do a deputy's: one for everything, or one whose scope has the queue in it. That the position is
    vacant, or its people are away for long, is another matter, of which ORG401 and ORG602 speak: assigned anew, the
    tickets are taken care of, and the position is as empty as before.
    """
    chart, index = acting(m, context.day), m.place_index(Position)
    days: int = thresholds_for_all(m, context).days
    for position, by_queue in _held(m).items():
        if position not in index:
            tickets = _all(by_queue)
            yield assignee_not_there.finding(
                tickets[0], "gone", field="events", related=tickets[1:], gathered=True, key=[position], tickets=tickets,
                verb=_verb(tickets), position=position,
            )  # fmt: skip
            continue
        there = {queue: _there(m, chart, position, queue, days) for queue in by_queue}
        tickets = _all({queue: those for queue, those in by_queue.items() if not there[queue]})
        if tickets:
            passed = chart.of(position).passed[0]
            yield assignee_not_there.finding(
                position_ref(position), _why(passed), related=tickets, tickets=tickets, verb=_verb(tickets),
                back=passed.back,
            )  # fmt: skip
        yield from _unskilled(m, position, by_queue, there)


def _all(by_queue: Tickets) -> tuple[Ref, ...]:
    return tuple([one for those in by_queue.values() for one in those])


def _verb(tickets: tuple[Ref, ...]) -> str:
    return "is" if len(tickets) == 1 else "are"


def _why(passed: Passed) -> str:
    if passed.why == "away":
        return "away" if passed.back is None else "back"
    return "vacant" if passed.why == "vacant" else "closed"


def _there(m: ModelView, chart: ActingChart, position: str, queue: str | None, days: int) -> tuple[str, ...]:
    """Return who sees to the tickets of a queue that a position has, without those above it.

    Args:
        m: the model.
        chart: who is there, on the day.
        position: the position.
        queue: the queue; None for tickets in none.
        days: within how many days somebody has to be back to count.
    """
    found = chart.of(position, None if queue is None else queue_ref(queue))
    now = found.people if found.step in ("holder", "deputy") else ()
    if found.passed and found.passed[0].why == "not there":
        return now
    backs = {one.person: chart.away.get(one.person) for one in holders(m, position, chart.at)}
    return (*now, *[who for who, back in backs.items() if back is not None and (back - chart.at).days <= days])


def _unskilled(
    m: ModelView, position: str, by_queue: Tickets, there: dict[str | None, tuple[str, ...]]
) -> Iterator[Finding]:
    skills = dict(zip(m.ids(Queue), m.column(Queue.skills), strict=True))
    for queue, those in by_queue.items():
        needs = levels(skills.get(queue or "", ()))
        if queue is None or not there[queue] or any(not lacking(m, who, needs) for who in there[queue]):
            continue
        tickets = tuple(those)
        yield assignee_not_there.finding(
            position_ref(position), "unskilled", related=[*tickets, queue_ref(queue)], key=[queue], tickets=tickets,
            verb=_verb(tickets), queue=queue_ref(queue), skills=tuple([Ref("skill", skill) for skill in needs]),
        )  # fmt: skip


def _without(*gone: str, more: Iterable[Record] = ()) -> list[Record]:
    """Return the team with a ticket of the agent's, without some of these records, and with more."""
    return [*[one for one in team(chat(), ticket(taken())) if one.id not in gone], *more]


@assignee_not_there.fires(at=_MONDAY)
def _no_such_position() -> Iterable[Record]:
    return _without("agent", "a2")


@assignee_not_there.fires(at=_MONDAY)
def _closed_by_then() -> Iterable[Record]:
    return _without("agent", more=[Position(id="agent", title="Agent", unit="help", status="closed")])


@assignee_not_there.fires(at=_MONDAY)
def _nobody_holds_it() -> Iterable[Record]:
    return _without("a2")


def _leave(last: date | None) -> Absence:
    return Absence(id="leave", person="ben", period=DateRange(_MONDAY, last))


@assignee_not_there.fires(at=_MONDAY)
def _away_for_good() -> Iterable[Record]:
    return _without(more=[_leave(None)])


@assignee_not_there.fires(at=_MONDAY)
def _away_for_long() -> Iterable[Record]:
    return _without(more=[_leave(_MONDAY + timedelta(days=5)), ticket(taken(), id="t2")])


_PYTHON = (SkillLevel("python", 3),)


@assignee_not_there.fires(at=_MONDAY)
def _cannot_do_it() -> Iterable[Record]:
    return team(Skill(id="python", name="Python"), chat(skills=_PYTHON), ticket(taken()))


@assignee_not_there.silent(at=_MONDAY)
def _back_on_wednesday() -> Iterable[Record]:
    return _without(more=[_leave(_MONDAY + timedelta(days=1))])


@assignee_not_there.silent(at=_MONDAY)
def _stood_in_for() -> Iterable[Record]:
    return _without("a2", more=[Deputy(id="d", position="agent", deputy="lead", scope=(Ref("queue", "chat"),))])


@assignee_not_there.silent(at=_MONDAY)
def _can_do_it() -> Iterable[Record]:
    able = Person(id="ben", name="Ben", skills=_PYTHON)
    others = [one for one in team(chat(skills=_PYTHON), ticket(taken())) if one.id != "ben"]
    return [*others, able, Skill(id="python", name="Python")]


@frozen
class LoadThresholds(Value):
    """How many open tickets one person can have where their queue sets no cap.

    Attributes:
        most: how many at the most.
    """

    most: int = field(default=30, metadata=at_least(0))


@rule(
    "SVC402",
    name="assignee-overloaded",
    severity=WARNING,
    status=True,
    en="{subject} has {tickets} for {people} who {verb} there, where {cap} each would be the most.",
    zh="{subject}名下有 {tickets} 个未结工单，而在岗仅 {people} 人；每人不应超过 {cap} 个。",
    needs=("ticket", "position"),
    date_use="instant",
    thresholds=LoadThresholds(),
    scoped=True,
)
def assignee_overloaded(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position has more open tickets than the people who are there for it can work on.

    Why it matters: who has too many at a time finishes none; new ones are better given to others.

    How to fix: assign some of them anew, or have more people hold the position.

    When it is wrong to heed it: where many tickets merely wait for customers; close those that nobody answers.

    Tickets of all queues count. The cap is that of the queue with most of them, of several with as many the greatest;
    for a queue without one the threshold holds, which a policy for a unit can set. Positions that nobody is in are for
    SVC401.
    """
    found, chart = loads(m, context.instant), acting(m, context.day)
    caps = dict(zip(m.ids(Queue), m.column(Queue.cap), strict=True))
    limits, index, homes = thresholds_by_unit(m, context), m.place_index(Position), m.column(Position.unit)
    for position, by_queue in found.by_queue.items():
        people = chart.manned(position) if position in index else ()
        if not people:
            continue
        most = limits.of(homes[index[position]]).most
        busiest = [queue for queue, count in by_queue.items() if count == max(by_queue.values())]
        cap = max([most if (own := caps.get(queue or "")) is None else own for queue in busiest])
        total = found.of(position)
        if total > cap * len(people):
            yield assignee_overloaded.finding(
                position_ref(position), tickets=counted(total, "open ticket"), cap=cap,
                people=counted(len(people), "person", "people"), verb="is" if len(people) == 1 else "are",
            )  # fmt: skip


def _several(count: int) -> list[Ticket]:
    return [ticket(taken(), id=f"t{n}") for n in range(count)]


@assignee_overloaded.fires(at=NINE)
def _too_many() -> Iterable[Record]:
    return team(chat(cap=2), *_several(3))


@assignee_overloaded.silent(at=NINE)
def _as_many_as_can_be() -> Iterable[Record]:
    second = Assignment(id="a3", person="ann", position="agent")
    return team(chat(cap=2), *_several(4), second)


RULES = (assignee_not_there, assignee_overloaded)
"""The rules of this module."""
