"""What is promised to which tickets: policies and calendars as numbers, looked up once for a whole model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from types import MappingProxyType

from attrs import Factory, field, frozen

from community_ops.errors import NotAnInstant
from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.service.records import PRIORITIES, EscalationLevel, Promised, Queue, SlaPolicy, SlaTarget
from community_ops.worktime.axis import FIRST, LAST
from community_ops.worktime.counting import WorkTime
from community_ops.worktime.openings import SECOND
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAYS

PROMISED: tuple[Promised, ...] = ("first_response", "next_response", "resolution")
"""What can be promised; elsewhere these are known by their places here."""
FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION = range(3)
AROUND_THE_CLOCK = Calendar(id="around-the-clock", hours=dict.fromkeys(DAYS, (("00:00", "24:00"),)))
"""The working time of a policy without a calendar."""
UTC_TIME = WorkTime(AROUND_THE_CLOCK)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DONE = frozenset({"resolved", "closed"})
"""The states in which the clock of a resolution stands still whatever the policy says."""


@frozen
class Level:
    """A level of escalation of one promise.

    Attributes:
        number: where it stands in the policy, from 1.
        target: the place of what is promised in `PROMISED`.
        work: how much working time has passed when it is due, in microseconds.
        level: what the policy says.
    """

    number: int
    target: int
    work: int
    level: EscalationLevel


@frozen(eq=False)
class Terms:
    """What a policy promises for one kind and priority of ticket.

    Attributes:
        policy: its id; None where a ticket falls under none.
        time: the working time in which targets are counted.
        amounts: how long each of `PROMISED` may take, in microseconds; None where it is not promised.
        pauses: the states in which the clock of each stands still.
        from_change: whether clocks count from when the policy came into force.
        reopening: what happens to a ticket that is taken up again.
        answers: whether resolving a ticket counts as a reply.
        levels: its levels of escalation, in their order.
        levels_of: the same for each of `PROMISED`.
    """

    policy: str | None = None
    time: WorkTime = UTC_TIME
    amounts: tuple[int | None, int | None, int | None] = (None, None, None)
    pauses: tuple[frozenset[str], frozenset[str], frozenset[str]] = (frozenset(), frozenset(), _DONE)
    from_change: bool = False
    reopening: str = "resume"
    answers: bool = False
    levels: tuple[Level, ...] = ()
    levels_of: tuple[tuple[Level, ...], ...] = field(
        init=False, default=Factory(lambda self: _by_target(self.levels), takes_self=True)
    )


def _by_target(levels: Sequence[Level]) -> tuple[tuple[Level, ...], ...]:
    return tuple([tuple([one for one in levels if one.target == target]) for target in range(len(PROMISED))])


@frozen(eq=False, repr=False)
class TermsBook:
    """The terms of all policies; made by `terms`.

    Attributes:
        queues: the policy of each queue that has one.
    """

    queues: Mapping[str, str]
    _known: Mapping[tuple[str, str | None, str], Terms] = field(alias="known")
    _none: Terms = field(factory=Terms, init=False)

    def of(self, policy: str | None, kind: str, priority: str) -> Terms:
        """Return what a policy promises for tickets of a kind and priority; nothing where there is no such policy."""
        if policy is None:
            return self._none
        return self._known.get((policy, kind, priority)) or self._known.get((policy, None, priority)) or self._none


@derived
def terms(m: ModelView) -> TermsBook:
    """Return the terms of all policies of a model.

    A policy whose calendar does not exist promises nothing: there is nothing that its targets could be counted in.
    """
    calendars = m.table(Calendar)
    found: dict[tuple[str, str | None, str], Terms] = {}
    for policy in m.table(SlaPolicy):
        calendar = AROUND_THE_CLOCK if policy.calendar is None else calendars.get(policy.calendar)
        time = UTC_TIME if calendar is None else WorkTime(calendar)
        kinds = dict.fromkeys([None, *[one.kind for one in policy.targets], *[one.kind for one in policy.escalations]])
        for kind in kinds:
            for priority in PRIORITIES:
                found[policy.id, kind, priority] = _compiled(policy, time, calendar is not None, kind, priority)
    queues = zip(m.ids(Queue), m.column(Queue.policy), strict=True)
    return TermsBook(MappingProxyType({id: policy for id, policy in queues if policy is not None}), found)


def _compiled(policy: SlaPolicy, time: WorkTime, countable: bool, kind: str | None, priority: str) -> Terms:
    fitting = _best(policy.targets, kind, priority) if countable else None
    lengths = (None, None, None) if fitting is None else [getattr(fitting, name) for name in PROMISED]
    first, following, last = [None if length is None else length // _MICROSECOND for length in lengths]
    amounts = (first, following, last)
    return Terms(
        policy=policy.id,
        time=time,
        amounts=amounts,
        pauses=(
            frozenset(policy.first_response_pauses),
            frozenset(policy.next_response_pauses),
            _DONE.union(policy.resolution_pauses),
        ),
        from_change=policy.counts_from == "change",
        reopening=policy.reopening,
        answers=policy.resolved_unanswered == "answers",
        levels=tuple(
            [
                Level(number, place, _work(one, amount), one)
                for number, one in enumerate(policy.escalations, 1)
                if one.kind in (None, kind) and (amount := amounts[place := PROMISED.index(one.target)]) is not None
            ]
        ),
    )


def _best(targets: tuple[SlaTarget, ...], kind: str | None, priority: str) -> SlaTarget | None:
    """Return the target that fits most closely; of several that do so alike the first."""
    fitting = [one for one in targets if one.kind in (None, kind) and one.priority in (None, priority)]
    return max(fitting, key=lambda one: (one.kind is not None, one.priority is not None), default=None)


def _work(level: EscalationLevel, amount: int) -> int:
    """Return how much working time has passed when a level is due, in microseconds, from nothing on."""
    if level.percent is not None:
        return ceil(amount * Fraction(level.percent) / 100)  # up: never before so much has passed
    assert level.offset is not None  # the record has seen to it
    return max(0, amount + level.offset // _MICROSECOND)


def instant_of(at: datetime) -> int:
    """Return an instant in microseconds since the epoch.

    Those within a day of the first and the last that a datetime can say, which some zones could not show, stand for the
    first and the last between which work is counted.

    Raises:
        NotAnInstant: it is none.
    """
    try:
        since = at - _EPOCH
    except TypeError:
        raise NotAnInstant(at) from None
    instant = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
    return instant if FIRST < instant < LAST else min(max(instant, FIRST), LAST)
