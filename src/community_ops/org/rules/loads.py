"""Rules about what people hold: how much, twice, and when they are not employed (ORG404, ORG405, ORG406)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.records import Assignment, Position
from community_ops.org.rules.addresses import position
from community_ops.org.rules.samples import ann, hq
from community_ops.org.workload import FULL_TIME, outside_employment, overlaps, workloads
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule

DAY = date(2026, 3, 2)


@frozen
class LoadThresholds(Value):
    """How much one person may hold.

    Attributes:
        fte: the most full-time equivalents in sum.
    """

    fte: Decimal = field(default=FULL_TIME, metadata=at_least(0))


@rule(
    "ORG404",
    name="over-full-time",
    severity=WARNING,
    en="{subject} is assigned {peak} FTE in sum ({periods}).",
    zh="{subject}合计分配了 {peak} FTE（{periods}）。",
    needs=("assignment",),
    date_use="ignored",
    thresholds=LoadThresholds(),
)
def over_full_time(m: ModelView, context: Context) -> Iterator[Finding]:
    """A person holds more than full time on some date.

    Why it matters: part of what the plan counts on will not be there.

    How to fix: lower the FTE of an assignment, or end one.

    When it is wrong to heed it: where overtime is agreed; raise the threshold.

    All dates are looked at, past and future.
    """
    for overload in workloads(m).over(thresholds_for_all(m, context).fte):
        yield over_full_time.finding(
            Ref("person", overload.person),
            related=[Ref("assignment", id) for id in overload.assignments],
            peak=overload.peak,
            periods=overload.periods,
        )


@over_full_time.fires()
def _two_jobs() -> Iterable[Record]:
    jobs = [Position(id=id, title=id.title(), unit="hq") for id in ("clerk", "cook")]
    held = [Assignment(id=p.id, person="ann", position=p.id, fte=Decimal("0.6")) for p in jobs]
    return [hq(), *jobs, ann(), *held]


@over_full_time.silent()
def _one_after_the_other() -> Iterable[Record]:
    jobs = [Position(id=id, title=id.title(), unit="hq") for id in ("clerk", "cook")]
    first = Assignment(id="a", person="ann", position="clerk", period=DateRange(None, date(2026, 1, 31)))
    return [
        hq(),
        *jobs,
        ann(),
        first,
        Assignment(id="b", person="ann", position="cook", period=DateRange(date(2026, 2, 1))),
    ]


@rule(
    "ORG405",
    name="overlapping-assignments",
    en="{subject} and {other} both have {person} in {position} ({period}).",
    zh="{subject}与{other}同时为{person}分配了{position}（{period}）。",
    needs=("assignment",),
    date_use="ignored",
)
def overlapping_assignments(m: ModelView, context: Context) -> Iterator[Finding]:
    """Two assignments give one person the same position on the same days.

    Why it matters: the person is counted twice there, in full-time equivalents, cost and cover.

    How to fix: end the earlier one on the day before the later one starts, or remove one of them.

    When it is wrong to heed it: never. Two positions held at once are two assignments, and no overlap.
    """
    for overlap in overlaps(m):
        yield overlapping_assignments.finding(
            Ref("assignment", overlap.second), field="period", gathered=True,
            key=sorted([overlap.first, overlap.second]),
            related=[Ref("assignment", overlap.first), Ref("person", overlap.person), position(overlap.position)],
            other=overlap.first, person=Ref("person", overlap.person), position=position(overlap.position),
            period=overlap.period,
        )  # fmt: skip


@overlapping_assignments.fires()
def _twice() -> Iterable[Record]:
    first = Assignment(id="old", person="ann", position="clerk", period=DateRange(None, date(2026, 3, 31)))
    second = Assignment(id="new", person="ann", position="clerk", period=DateRange(date(2026, 3, 31)))
    return [hq(), Position(id="clerk", title="Clerk", unit="hq"), ann(), first, second]


@overlapping_assignments.silent()
def _renewed() -> Iterable[Record]:
    first = Assignment(id="old", person="ann", position="clerk", period=DateRange(None, date(2026, 3, 31)))
    second = Assignment(id="new", person="ann", position="clerk", period=DateRange(date(2026, 4, 1)))
    return [hq(), Position(id="clerk", title="Clerk", unit="hq"), ann(), first, second]


@rule(
    "ORG406",
    name="outside-employment",
    severity=WARNING,
    en="{person} is assigned to a position ({subject}) on days outside the employment: {periods}.",
    zh="{person}在任职期之外仍被分配岗位（{subject}）：{periods}。",
    needs=("assignment", "person"),
)
def assigned_outside_employment(m: ModelView, context: Context) -> Iterator[Finding]:
    """A person is assigned to a position before joining or after leaving.

    Why it matters: the position looks held and is not.

    How to fix: end the assignment on the last day of employment; correct the employment if that is what is wrong.

    When it is wrong to heed it: for contractors, whose `employment` is then better left empty.

    An assignment without an end is found once the employment is over at the date.
    """
    for outside in outside_employment(m, context.at):
        yield assigned_outside_employment.finding(
            Ref("assignment", outside.assignment), field="period", related=[Ref("person", outside.person)],
            person=Ref("person", outside.person), periods=outside.periods,
        )  # fmt: skip


@assigned_outside_employment.fires(at=DAY)
def _left() -> Iterable[Record]:
    gone = ann(employment=DateRange(date(2025, 1, 1), date(2026, 1, 31)))
    held = Assignment(id="a", person="ann", position="clerk", period=DateRange(date(2025, 1, 1)))
    return [hq(), Position(id="clerk", title="Clerk", unit="hq"), gone, held]


@assigned_outside_employment.silent(at=DAY)
def _stays() -> Iterable[Record]:
    here = ann(employment=DateRange(date(2025, 1, 1)))
    held = Assignment(id="a", person="ann", position="clerk", period=DateRange(date(2025, 1, 1)))
    return [hq(), Position(id="clerk", title="Clerk", unit="hq"), here, held]


RULES = (over_full_time, overlapping_assignments, assigned_outside_employment)
"""The rules of this module."""
