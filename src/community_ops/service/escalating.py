"""What is to be escalated, when, and to whom: worked out from the logs, so that nothing fires twice or is forgotten.

A level of a policy is *due* at the last instant with no more than its working time behind it, as a target is (see
`reckoning.py`), if the cycle lasts beyond that and the same terms still hold. Where other terms come into force when a
level of theirs is already behind, it is due at that instant; in a pause, at the end of the pause, for nothing is
escalated while a clock stands still. A level fires once in a cycle: the same level of the same policy does not fire
again because the priority changed, or because another policy held in between.

Who is told is worked out for the instant at which a level is due: who had the ticket then, which queue it was in, and
who was there on that day. What fell due therefore stays as it is while time goes on: what is due up to noon is what
was due up to eleven, and what fell due after that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from attrs import frozen

from community_ops.errors import IllegalTransition
from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.deputising import Passed
from community_ops.service.histories import stories
from community_ops.service.recipients import Asked, Directory, Unheard, leads_of
from community_ops.service.reckoning import Stretch, stretches
from community_ops.service.records import Promised
from community_ops.service.story import Cycle, Story, held_at
from community_ops.service.terms import PROMISED, Level, Terms, instant_of


@frozen(kw_only=True, slots=False)  # which attrs makes in half the time
class Escalation:
    """A level that fell due: one position that is asked, and who is told in the end.

    Attributes:
        ticket: the ticket.
        target: the promise that is in danger.
        cycle: which cycle of this target it is, from 1, as in `ClockCycle`.
        level: which level of the policy it is, from 1.
        policy: the policy.
        at: when it fell due, on the clocks of the policy's calendar.
        action: what is to be done.
        asked: the position that is to be told; None where there is none.
        by: the position that does what it is there for; None for nobody.
        people: who is told: those who hold that position and are there.
        covered: those of them who are told of something else at the same instant and of this together with it, each
            with the level of the notice they get.
        passed: the positions on the way from the one asked to the one told, and why they were passed over.
        reason: why nobody can be told; None where somebody can.
    """

    ticket: str
    target: Promised
    cycle: int
    level: int
    policy: str
    at: datetime
    action: str
    asked: str | None
    by: str | None
    people: tuple[str, ...]
    covered: tuple[tuple[str, int], ...]
    passed: tuple[Passed, ...]
    reason: Unheard | None

    def __str__(self) -> str:
        covered = [f"{who} (with level {level})" for who, level in self.covered]
        told = f"{self.by}: {', '.join([*self.people, *covered])}" if self.reason is None else f"nobody, {self.reason}"
        what = f"{self.ticket} {self.target} {self.cycle}, level {self.level} at {self.at:%Y-%m-%d %H:%M}"
        return "; ".join([f"{what}: {told}", *map(str, self.passed)])


@frozen(eq=False, repr=False)
class Escalations:
    """What fell due in all tickets up to an instant; made by `escalations`.

    Attributes:
        at: the instant.
        since: the instant after which it fell due; None for all that ever did.
        entries: the escalations by instant, ticket, level, cycle and position asked.
        illegal: the tickets whose logs have an event that does not fit, with the error that says so; they are left out.
    """

    at: datetime
    since: datetime | None
    entries: tuple[Escalation, ...]
    illegal: Mapping[str, IllegalTransition]

    def __iter__(self) -> Iterator[Escalation]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        after = f" after {self.since}" if self.since is not None else ""
        return f"<Escalations{after} up to {self.at}: {len(self)}>"


@derived
def escalations(m: ModelView, at: datetime, since: datetime | None = None) -> Escalations:
    """Return which levels of escalation fell due in all tickets, in order, and who is told.

    Within one ticket and one instant a person gets one notice: that of the highest level, where the others name it.
    Tickets that have since been resolved, merged or cancelled keep what fell due before; nothing does after.

    Args:
        m: the model.
        at: the instant up to which, itself included; events after it do not count.
        since: the instant after which, itself excluded; None for all that ever fell due. Whoever asks again and again
            gives the instant of the time before, and gets every escalation once.

    Raises:
        NotAnInstant: one of them is a date, or a time without a zone.

    Example:
        >>> from datetime import timedelta, timezone
        >>> from community_ops import Assignment, OperatingModel, Position
        >>> from community_ops.service import EscalationLevel, Queue, SlaPolicy, SlaTarget, Ticket, TicketEvent
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> model = OperatingModel.of(
        ...     Position(id="coo", title="COO", unit="hq"),
        ...     Position(id="lead", title="Service lead", unit="hq", reports_to="coo"),
        ...     Assignment(id="a1", person="ann", position="coo"),
        ...     SlaPolicy(
        ...         id="standard",
        ...         name="Standard",
        ...         targets=[SlaTarget(resolution=timedelta(hours=8))],
        ...         escalations=[EscalationLevel(target="resolution", percent=50)],
        ...     ),
        ...     Queue(id="chat", name="Live chat", lead="lead", policy="standard"),
        ...     Ticket(id="t1", subject="Hello?", queue="chat", events=[TicketEvent("opened", nine)]),
        ... )
        >>> for one in escalations(model, nine + timedelta(hours=5)):
        ...     print(one)
        t1 resolution 1, level 1 at 2026-03-02 13:00: coo: ann
    """
    until, after = instant_of(at), None if since is None else instant_of(since)
    found = stories(m, at)
    due: list[_Dated] = []
    for id, told in found.told.items():
        due += [(one.instant, id, one.level.number, one.number, one) for one in levels_due(told, until, after)]
    due.sort()  # no two of a ticket are of one level and cycle
    directories: dict[date, Directory] = {}
    leads = leads_of(m)
    entries: list[Escalation] = []
    for (instant, ticket), group in groupby(due, key=itemgetter(0, 1)):
        together = [dated[4] for dated in group]
        when = together[0].terms.time.shown(instant)
        day = when.date()
        directory = directories.get(day)
        if directory is None:
            directory = directories[day] = Directory(m, day, leads)
        entries += _notices(ticket, when, together, found.told[ticket], directory)
    return Escalations(at, since, tuple(entries), found.illegal)


class LevelDue(NamedTuple):
    """A level that fell due.

    Attributes:
        instant: when, in microseconds since the epoch.
        target: the place of what is promised in `PROMISED`.
        number: which cycle of this target it is, from 1.
        level: the level.
        terms: the terms it belongs to.
    """

    instant: int
    target: int
    number: int
    level: Level
    terms: Terms


_Dated = tuple[int, str, int, int, LevelDue]
"""When something fell due, in which ticket, of which level and cycle, and what."""


def levels_due(told: Story, at: int, since: int | None = None) -> list[LevelDue]:
    """Return the levels of a ticket's cycles that fell due up to an instant, cycle by cycle.

    Args:
        told: what became of the ticket up to the instant.
        at: the instant, in microseconds since the epoch.
        since: the instant after which they fell due; None for all.
    """
    found: list[LevelDue] = []
    counts = [0, 0, 0]
    for of in told.cycles:
        target = of.target
        if not _escalates(told, target):
            continue
        parts = stretches(of, told, at)
        for part in parts:
            if part.terms.amounts[target] is not None:
                break
        else:
            continue  # a cycle in which nothing is promised is none, and has no number
        counts[target] += 1
        if since is None:
            found += _in_cycle(of, parts, told.state, counts[target])
        elif of.stop is None or of.stop > since:
            found += [one for one in _in_cycle(of, parts, told.state, counts[target]) if one.instant > since]
    return found


def _escalates(told: Story, target: int) -> bool:
    for _, terms in told.regimes:  # noqa: SIM110 - a loop is a good deal quicker, and this runs for every cycle
        if terms.levels_of[target]:
            return True
    return False


def _in_cycle(of: Cycle, parts: Sequence[Stretch], state: str, number: int) -> Iterator[LevelDue]:
    target = of.target
    fired: set[tuple[str | None, int]] = set()
    for part in parts:
        terms = part.terms
        # What the last terms reach at the very end counts, unless the cycle has stopped there or the clock stands still
        last = part is parts[-1] and of.stop is None and state not in terms.pauses[target]
        counts = part.counts()
        for level in terms.levels_of[target]:
            key = (terms.policy, level.number)
            if key in fired:
                continue
            instant = _instant(part, part.reached(level.work, counts))
            if instant is not None and (instant < part.end or (last and instant == part.end)):
                fired.add(key)
                yield LevelDue(instant, target, number, level, terms)


def _instant(part: Stretch, reached: int | None) -> int | None:
    """Return when a level is due whose work was reached at some instant: not before its terms hold, nor in a pause."""
    if reached is None or reached >= part.begin:
        return reached
    return next((end for begin, end in part.pauses if begin <= part.begin < end), part.begin)


def _notices(
    ticket: str, when: datetime, due: Sequence[LevelDue], told: Story, directory: Directory
) -> list[Escalation]:
    """Return what is to be told about a ticket at an instant.

    Args:
        ticket: its id.
        when: the instant.
        due: what fell due, lower levels first.
        told: what became of the ticket.
        directory: who is told on the day.
    """
    instant = due[0].instant
    assignee, queue = held_at(told.holders, instant), held_at(told.queues, instant)
    given: dict[str, int] = {}
    found: list[Escalation] = []
    for one in reversed(due):  # whoever gets a notice of a higher level needs none of a lower one
        asked = directory.of(one.level.level.recipient, assignee, queue)
        found[:0] = [_notice(ticket, when, one, each, given) for each in asked]
    return found


def _notice(ticket: str, when: datetime, due: LevelDue, asked: Asked, given: dict[str, int]) -> Escalation:
    """Return what is to be told to one position, and note who gets a notice of which level."""
    level, people = due.level, asked.people
    covered: tuple[tuple[str, int], ...] = ()
    if given:
        people = tuple([who for who in asked.people if who not in given])
        covered = tuple([(who, given[who]) for who in asked.people if who in given])
    for who in people:
        given[who] = level.number
    assert due.terms.policy is not None  # there are no levels without one
    return Escalation(
        ticket=ticket,
        target=PROMISED[due.target],
        cycle=due.number,
        level=level.number,
        policy=due.terms.policy,
        at=when,
        action=level.level.action,
        asked=asked.position,
        by=asked.by,
        people=people,
        covered=covered,
        passed=asked.passed,
        reason=asked.reason,
    )
