"""How satisfied customers are, and how well promises were kept.

A ticket counts where and when it was last resolved: for the queue it was in and the position that had it then. Of what
a customer answered on one scale the last answer counts. A promise counts where and when it was decided: kept when what
was promised came in time, broken when its time was over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, get_args

from attrs import field, frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.derived import derived
from community_ops.kernel.text import shown
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.service.reckoning import Reckoned
from community_ops.service.records import Promised, Ticket, TicketEvent
from community_ops.service.story import Story, held_at
from community_ops.service.terms import PROMISED, instant_of
from community_ops.service.timekeeping import clocks

Split = Literal["queue", "kind", "position", "policy", "month"]
_SATISFIED, _PROMOTER, _DETRACTOR, _EASY = 4, 9, 6, 5


@frozen(kw_only=True)
class Attainment:
    """How many promises of one target were kept.

    Attributes:
        met: how many cycles came in time.
        breached: how many did not, those still waited for among them.
    """

    met: int
    breached: int

    @property
    def share(self) -> float | None:
        """The SLA attainment, met / (met + breached); None where nothing was due."""
        due = self.met + self.breached
        return self.met / due if due else None


@frozen(kw_only=True)
class Satisfaction:
    """What customers answered, and how promises were kept; made by `satisfaction`.

    Attributes:
        resolved: how many tickets were resolved.
        answered: how many of these were rated on any scale.
        csat: the answers on satisfaction, 1 to 5, in the order of the tickets.
        nps: the answers on recommendation, 0 to 10.
        ces: the answers on effort, 1 (hard) to 7 (easy).
        attainment: how each kind of promise was kept.
    """

    resolved: int
    answered: int
    csat: tuple[int, ...] = field(repr=False)
    nps: tuple[int, ...] = field(repr=False)
    ces: tuple[int, ...] = field(repr=False)
    attainment: Mapping[Promised, Attainment]

    @property
    def response_rate(self) -> float | None:
        """The share of resolved tickets that were rated; None where none was resolved."""
        return self.answered / self.resolved if self.resolved else None

    @property
    def csat_score(self) -> float | None:
        """The percentage of answers that are 4 or 5; None without answers."""
        return _share(self.csat, lambda rating: rating >= _SATISFIED)

    @property
    def csat_mean(self) -> float | None:
        """The mean answer on satisfaction; None without answers."""
        return _mean(self.csat)

    @property
    def nps_score(self) -> float | None:
        """The Net Promoter Score: the percentage of 9 and 10 less that of 0 to 6 (Reichheld, 2003); None without."""
        if not self.nps:
            return None
        promoters = sum([rating >= _PROMOTER for rating in self.nps])
        detractors = sum([rating <= _DETRACTOR for rating in self.nps])
        return 100 * (promoters - detractors) / len(self.nps)

    @property
    def ces_mean(self) -> float | None:
        """The mean answer on effort (Dixon, Freeman and Toman, 2010; on seven points); None without answers."""
        return _mean(self.ces)

    @property
    def ces_easy(self) -> float | None:
        """The percentage of answers on effort that are 5 or more; None without answers."""
        return _share(self.ces, lambda rating: rating >= _EASY)

    def __str__(self) -> str:
        told = [f"{self.resolved} resolved, {self.answered} rated"]
        if self.csat:
            told.append(f"CSAT {self.csat_score:.0f} % of {len(self.csat)}")
        if self.nps:
            told.append(f"NPS {self.nps_score:+.0f} of {len(self.nps)}")
        if self.ces:
            told.append(f"CES {self.ces_mean:.1f} of {len(self.ces)}")
        told += [
            f"{target.replace('_', ' ')} {one.met} of {one.met + one.breached} met"
            for target, one in self.attainment.items()
            if one.share is not None
        ]
        return "; ".join(told)


def satisfaction(m: ModelView, at: datetime, period: DateRange | None = None) -> Satisfaction:
    """Return what customers answered up to an instant, and how promises were kept.

    Args:
        m: the model.
        at: the instant; what happened later does not count.
        period: count only what was resolved or decided on these days, on the clocks of the ticket's policy; None for
            all days.

    Raises:
        NotAnInstant: `at` is a date, or a time without a zone.

    Example:
        >>> from datetime import timezone
        >>> from community_ops import OperatingModel
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> log = [
        ...     TicketEvent("opened", nine),
        ...     TicketEvent("resolved", nine),
        ...     TicketEvent("rated", nine, scale="csat", rating=5),
        ... ]
        >>> model = OperatingModel.of(Ticket(id="t1", subject="Hello?", events=log))
        >>> print(satisfaction(model, nine))
        1 resolved, 1 rated; CSAT 100 % of 1
    """
    return _gathered(_counted(m, at), period)


def satisfaction_by(
    m: ModelView, at: datetime, split: Split, period: DateRange | None = None
) -> Mapping[str | None, Satisfaction]:
    """Return what `satisfaction` does for each queue, kind of ticket, position, policy or month, in their order.

    Args:
        m: the model.
        at: the instant; what happened later does not count.
        split: by what; a position is the one that had the ticket, and None stands for nobody, no queue or no policy. A
            month is written `2026-03`.
        period: as for `satisfaction`.

    Raises:
        InvalidRecord: `split` is another word.
        NotAnInstant: `at` is a date, or a time without a zone.
    """
    if split not in get_args(Split):
        message = f"must be one of {', '.join(get_args(Split))}, got {shown(split)}"
        raise InvalidRecord("satisfaction_by", None, [("split", split, message)])
    counted: dict[str | None, list[_Counted]] = {}
    for one in _counted(m, at):
        counted.setdefault(one.key(split), []).append(one)
    ordered = sorted(counted, key=lambda key: (key is None, key or ""))
    return MappingProxyType({key: _gathered(counted[key], period) for key in ordered})


@frozen
class _Counted:
    """Something that counts: a resolved ticket with its answers, or a promise that was kept or broken."""

    day: date
    queue: str | None
    kind: str
    position: str | None
    policy: str | None
    ratings: Mapping[str, int] | None = None
    promise: Promised | None = None
    met: bool = False

    def key(self, split: Split) -> str | None:
        if split == "month":
            return f"{self.day:%Y-%m}"
        found: str | None = getattr(self, split)
        return found


@derived
def _counted(m: ModelView, at: datetime) -> tuple[_Counted, ...]:
    """Return everything that counts up to an instant, in the order of the tickets."""
    found, until = clocks(m, at), instant_of(at)
    index, kinds, logs = m.place_index(Ticket), m.column(Ticket.kind), m.column(Ticket.events)
    counted: list[_Counted] = []
    for id, told in found.told.items():
        place = index[id]
        if told.resolved:
            ratings = {event.scale: event.rating for event in _ratings(logs[place], until)}
            counted.append(_at(told, told.resolved[-1], kinds[place], ratings=ratings))
        for one in found.reckoned[id]:
            decided = _decided(one)
            if decided is not None:
                promise = PROMISED[one.cycle.target]
                counted.append(_at(told, decided, kinds[place], promise=promise, met=one.breached is None))
    return tuple(counted)


def _ratings(log: Iterable[TicketEvent], until: int) -> list[TicketEvent]:
    return [event for event in log if event.type == "rated" and instant_of(event.at) <= until]


def _decided(one: Reckoned) -> int | None:
    """Return when it was decided whether a promise is kept; None where it is not yet, or never will be."""
    if one.breached is not None:
        return one.breached
    return one.cycle.stop if one.state == "met" else None


def _at(told: Story, instant: int, kind: str, **what: object) -> _Counted:
    day = told.terms.time.shown(instant).date()
    queue, position = held_at(told.queues, instant), held_at(told.holders, instant)
    policy = held_at(told.regimes, instant).policy
    return _Counted(day, queue, kind, position, policy, **what)  # type: ignore[arg-type]


def _gathered(counted: Iterable[_Counted], period: DateRange | None) -> Satisfaction:
    counting = [one for one in counted if period is None or period.covers(one.day)]
    answers = [one.ratings for one in counting if one.ratings is not None]
    scales = {scale: tuple([one[scale] for one in answers if scale in one]) for scale in ("csat", "nps", "ces")}
    attainment: dict[Promised, Attainment] = {}
    for promise in PROMISED:
        kept = [one.met for one in counting if one.promise == promise]
        attainment[promise] = Attainment(met=sum(kept), breached=len(kept) - sum(kept))
    return Satisfaction(
        resolved=len(answers),
        answered=sum(map(bool, answers)),
        **scales,
        attainment=MappingProxyType(attainment),
    )


def _share(ratings: Sequence[int], good: Callable[[int], bool]) -> float | None:
    return 100 * sum(map(good, ratings)) / len(ratings) if ratings else None


def _mean(ratings: Sequence[int]) -> float | None:
    return sum(ratings) / len(ratings) if ratings else None
