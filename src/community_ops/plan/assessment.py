"""The assessment of a schedule by the fourteen points of the DCMA: is it sound enough to be believed?

The points, what they count and what they let pass are those of the Defense Contract Management Agency, Earned Value
Management System Program Analysis Pamphlet, DCMA-EA PAM 200.1 (2012), section 4; `points.py` says how they are counted.
They point at places to look at: a plan may have a good reason for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from attrs import frozen

from community_ops.errors import NoWorkTime
from community_ops.kernel.model import Model
from community_ops.plan.assessed import NO_DATE, Counted, Subject, Unknown
from community_ops.plan.points import POINTS, Point
from community_ops.plan.scheduling import schedule
from community_ops.validation.wording import Language

Verdict = Literal["passed", "failed"]
_VERDICTS: Mapping[Language, Mapping[Verdict | None, str]] = {
    "en": {"passed": "passed", "failed": "FAILED", None: "-"},
    "zh": {"passed": "通过", "failed": "未通过", None: "-"},
}


_NOTHING = Unknown("there is nothing to count", "没有可统计的对象")
_NO_TIME = Unknown("the calendars end before what is left is done", "日历在剩余工作完成之前就已结束")


@frozen(kw_only=True)
class AssessmentCheck:
    """One of the fourteen points, and what it came to.

    Attributes:
        number: its number.
        name: what it is called.
        name_zh: the same in Chinese.
        counts: what is counted, and of what.
        counts_zh: the same in Chinese.
        count: how many there are; for points 12 and 13 how many working days. None where that is not known.
        out_of: of how many.
        threshold: the percentage that is still good.
        at_least: whether that is the least, rather than the most.
        tasks: the ids of the tasks to look at.
        baseline: the id of the baseline it was measured against; None where it was not.
        reason: why there is no verdict.
        reason_zh: the same in Chinese.
    """

    number: int
    name: str
    name_zh: str
    counts: str
    counts_zh: str
    threshold: Decimal
    at_least: bool = False
    count: int | Fraction | None = None
    out_of: int | Fraction | None = None
    tasks: tuple[str, ...] = ()
    baseline: str | None = None
    reason: str = ""
    reason_zh: str = ""

    @property
    def percentage(self) -> Fraction | None:
        """The count in percents; None where there is nothing to count."""
        return 100 * Fraction(self.count) / self.out_of if self.count is not None and self.out_of else None

    @property
    def verdict(self) -> Verdict | None:
        """Whether the percentage is good; None where there is none."""
        share = self.percentage
        if share is None:
            return None
        return "passed" if (share >= self.threshold if self.at_least else share <= self.threshold) else "failed"

    def row(self, language: Language = "en") -> tuple[str, str, str, str, str, str]:
        """Return number, name, count, percentage, threshold and verdict as text."""
        share = self.percentage
        counted = "" if self.count is None or self.out_of is None else f"{_number(self.count)} / {_number(self.out_of)}"
        bound = f"{'≥' if self.at_least else '≤'} {self.threshold:f} %"
        name = self.name if language == "en" else self.name_zh
        shown = "" if share is None else f"{float(share):.1f} %"
        return str(self.number), name, counted, shown, bound, _VERDICTS[language][self.verdict]

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        share = self.percentage
        return {
            "number": self.number,
            "name": self.name,
            "name_zh": self.name_zh,
            "counts": self.counts,
            "counts_zh": self.counts_zh,
            "count": None if self.count is None else _number(self.count),
            "out_of": None if self.out_of is None else _number(self.out_of),
            "percentage": None if share is None else round(float(share), 4),
            "threshold": float(self.threshold),
            "at_least": self.at_least,
            "verdict": self.verdict,
            "tasks": list(self.tasks),
            "baseline": self.baseline,
            "reason": self.reason,
            "reason_zh": self.reason_zh,
        }


@frozen(kw_only=True)
class Assessment:
    """The fourteen points of one plan; made by `assess`.

    Attributes:
        plan: the plan's id.
        at: the status date.
        checks: the points, from 1 to 14.
    """

    plan: str
    at: date | None
    checks: tuple[AssessmentCheck, ...]

    def check(self, number: int) -> AssessmentCheck:
        """Return a point by its number.

        Raises:
            LookupError: there is no such point.
        """
        if not 1 <= number <= len(self.checks):
            raise LookupError(f"there is no point {number}; there are 1 to {len(self.checks)}")
        return self.checks[number - 1]

    @property
    def failed(self) -> tuple[AssessmentCheck, ...]:
        """The points that failed."""
        return tuple([check for check in self.checks if check.verdict == "failed"])

    def to_text(self, language: Language = "en") -> str:
        """Return it as a table, with the reasons of points without a verdict."""
        rows = [check.row(language) for check in self.checks]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        fill = " " if language == "en" else "\u3000"  # as wide as a Chinese character, so that columns line up
        lines = []
        for check, (number, name, *middle, verdict) in zip(self.checks, rows, strict=True):
            cells = [number.rjust(widths[0]), name.ljust(widths[1], fill)]
            cells += [cell.rjust(width) for cell, width in zip(middle, widths[2:], strict=False)]
            reason = check.reason if language == "en" else check.reason_zh
            lines.append("  ".join([*cells, verdict.ljust(widths[-1]), reason]).rstrip())
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.to_text()

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        at = None if self.at is None else self.at.isoformat()
        return {"plan": self.plan, "at": at, "checks": [check.to_data() for check in self.checks]}


def assess(model: Model, plan_id: str, at: date | None = None) -> Assessment:
    """Assess a schedule by the fourteen points of the DCMA.

    Args:
        model: the model.
        plan_id: the plan.
        at: the status date, a day standing for its beginning; without one, the points that need it have no verdict.

    Points 6, 7, 12 and 13 look at the schedule of what is left at the status date, 8 to 10 at the plan as it was made,
    and 11, 13 and 14 at the baseline in force at the status date; without one, 11 looks at the plan as it was made,
    and 13 and 14 have no verdict.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: tasks wait for each other in a circle.
        NoWorkTime: a calendar has no time in which a task of the plan as it was made could be done.
        NotAnInstant: the status date is a time without a zone.

    Example:
        >>> from community_ops import Duration, Link, OperatingModel, Plan, Task
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="content", name="Plan the content", plan="p", duration=Duration(3)),
        ...     Task(id="ads", name="Plan the ads", plan="p", duration=Duration(2), links=[Link("content", "SS")]),
        ... )
        >>> links = assess(model, "p").check(4)
        >>> links.name, links.count, links.out_of, links.verdict, links.tasks
        ('Relationship types', 0, 1, 'failed', ('ads',))
    """
    subject = Subject(model, schedule(model, plan_id), at)
    return Assessment(plan=plan_id, at=at, checks=tuple([_judged(point, subject) for point in POINTS]))


def _judged(point: Point, subject: Subject) -> AssessmentCheck:
    try:
        found = NO_DATE if point.dated and subject.at is None else point.look(subject)
    except NoWorkTime:
        found = _NO_TIME
    why = found if isinstance(found, Unknown) else Unknown("", "") if found.out_of else _NOTHING
    counted = found if isinstance(found, Counted) else None
    return AssessmentCheck(
        number=point.number,
        name=point.name,
        name_zh=point.name_zh,
        counts=point.counts,
        counts_zh=point.counts_zh,
        threshold=point.threshold,
        at_least=point.at_least,
        count=None if counted is None else counted.count,
        out_of=None if counted is None else counted.out_of,
        tasks=() if counted is None else counted.tasks,
        baseline=None if counted is None else counted.baseline,
        reason=why.reason,
        reason_zh=why.reason_zh,
    )


def _number(value: int | Fraction) -> int | float:
    """Return a number as plain data: whole ones stay exact."""
    return value.numerator if value.denominator == 1 else round(float(value), 4)
