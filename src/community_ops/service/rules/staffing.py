"""A rule about queues that take more people than there are (SVC405)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from attrs import field, frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.view import ModelView
from community_ops.service.demand import Demand, Volume
from community_ops.service.records import Queue
from community_ops.service.rostering import QueueStaffing, staffing
from community_ops.service.rules.addresses import queue_ref
from community_ops.service.rules.samples import NINE, chat, team
from community_ops.service.staffing_inputs import MOST_LOAD, MOST_PATIENCE, decimal
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}


@frozen
class StaffingThresholds(Value):
    """How many people may be missing.

    Attributes:
        fte: how many full-time equivalents at the most, in an hour or over the week.
    """

    fte: Decimal = field(default=Decimal(0), converter=exact, metadata=at_least(0))


@rule(
    "SVC405",
    name="staffing-below-required",
    severity=WARNING,
    status=True,
    en={
        "hour": "{subject} takes {required} at a time on {day} at {hour}, which is {rostered} on the roster, and has "
        "{assigned} FTE; {hours} of the week {verb} short.",
        "week": "{subject} takes {needed} FTE over the week, and has {assigned}.",
        "beyond": "{subject} is said to take more than can be reckoned with: at most {load} agents can be busy at a "
        "time, and patience last for {patience} handling times.",
    },
    zh={
        "hour": "{subject}在{day} {hour} 需同时 {required} 人在线，排班需 {rostered} 人，而现有 {assigned} FTE；"
        "一周内共有 {hours}人手不足。",
        "week": "{subject}每周需要 {needed} FTE，而现有 {assigned} FTE。",
        "beyond": "{subject}填写的需求超出可计算的范围：同时忙碌的坐席至多 {load} 人，客户的耐心至多为处理时长的 "
        "{patience} 倍。",
    },
    needs=("queue",),
    date_use="needed",
    thresholds=StaffingThresholds(),
)
def staffing_below_required(m: ModelView, context: Context) -> Iterator[Finding]:
    """What comes in at a queue takes more people than are assigned to it.

    Why it matters: with too few people waits do not grow a little but without end, and no priority mends that.

    How to fix: assign more people, move contacts to hours or channels in which there is room, have members answer each
    other, or promise less.

    When it is wrong to heed it: where the volumes are guesses; count the contacts first. Where people of other queues
    help out, give them the skills that the queue asks for, and they count.

    Live queues are judged hour by hour - by Erlang C, or A where patience is given - and over the week, deferred ones
    over the week alone; one finding a queue. Queues without a demand are not judged, nor those in whose unit there is
    nobody at all, of which SVC102 and the rules on vacancies speak.
    """
    most = thresholds_for_all(m, context).fte
    for id, demand in zip(m.ids(Queue), m.column(Queue.demand), strict=True):
        if demand is None:
            continue
        try:
            found = staffing(m, id, context.day)
        except InvalidRecord:
            yield staffing_below_required.finding(
                queue_ref(id), "beyond", field="demand", load=f"{MOST_LOAD:,}", patience=f"{MOST_PATIENCE:,}"
            )
            continue
        if found is not None and (found.people or found.unskilled):
            yield from _too_few(found, most)


def _too_few(found: QueueStaffing, most: Decimal) -> Iterator[Finding]:
    queue, worst = queue_ref(found.queue), found.worst
    if worst is not None and worst.short > most:
        count = sum([hour.short > most for hour in found.hours])
        yield staffing_below_required.finding(
            queue, "hour", field="demand", required=counted(worst.required, "agent"), rostered=worst.rostered,
            assigned=_hundredths(worst.assigned, floor), hour=f"{worst.start:%H:%M}", hours=_hours(count),
            day={language: days[worst.start.weekday()] for language, days in _DAYS.items()},
            verb="is" if count == 1 else "are",
        )  # fmt: skip
    elif found.short > most:
        yield staffing_below_required.finding(
            queue, "week", field="demand", needed=_hundredths(found.needed, ceil),
            assigned=_hundredths(found.assigned, floor),
        )  # fmt: skip


def _hundredths(value: Decimal, rounded: Callable[[Fraction], int]) -> Decimal:
    """Return a number of people to two places: up for those needed, down for those there, so that they still differ."""
    return decimal(Fraction(rounded(100 * Fraction(value)), 100))


def _hours(count: int) -> dict[str, str]:
    return {"en": counted(count, "hour")["en"], "zh": f"{count} 小时"}


def _busy(**fields: object) -> Queue:
    volumes = (Volume(Decimal(6), "09:00", "21:00"),)
    return chat(demand=Demand(**{"handling": timedelta(minutes=5), "volumes": volumes, **fields}))  # type: ignore[arg-type]


_LATE = (Volume(Decimal(36), "20:00", "21:00"),)


@staffing_below_required.fires(at=NINE.date())
def _in_the_evening() -> Iterable[Record]:
    return team(_busy(volumes=_LATE))


@staffing_below_required.fires(at=NINE.date())
def _over_the_week() -> Iterable[Record]:
    return team(_busy(live=False, handling=timedelta(hours=1)))


@staffing_below_required.fires(at=NINE.date())
def _for_ever_and_a_day() -> Iterable[Record]:
    return team(_busy(handling=timedelta(seconds=1), patience=timedelta(days=10)))


@staffing_below_required.silent(at=NINE.date())
def _enough() -> Iterable[Record]:
    return team(_busy(live=False), chat(id="mail", name="Mail"))


RULES = (staffing_below_required,)
"""The rules of this module."""
