"""What earned value management says, from four amounts: the formulas.

The words and formulas are those of the PMI's *Practice Standard for Earned Value Management* (2nd edition, 2011); those
on time come from W. Lipke, "Schedule Is Different", *The Measurable News*, March 2003. What is undefined, as an index
with nothing to divide by, is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation

from attrs import frozen

EXACT = Context(prec=1_000, traps=[Inexact, InvalidOperation])
"""For sums and products of amounts."""
ROUNDED = Context(prec=28)
"""For quotients."""
_MICROSECOND = timedelta(microseconds=1)


def ratio(amount: Decimal | None, by: Decimal | None) -> Decimal | None:
    """Return a quotient of 28 digits; None where there is nothing to divide by.

    Example:
        >>> ratio(Decimal(30), Decimal(40)), ratio(Decimal(30), Decimal(0))
        (Decimal('0.75'), None)
    """
    return ROUNDED.divide(amount, by) if amount is not None and by else None


@frozen(kw_only=True)
class Measures:
    """What some work was to cost, should have cost by now, has earned, and has really cost.

    Attributes:
        bac: the budget at completion, contingency included.
        pv: the planned value: what was to be done by now, at its budget.
        ev: the earned value: what has been done, at its budget.
        ac: the actual cost of it, as it has arisen.

    Example:
        >>> so_far = Measures(bac=Decimal(100), pv=Decimal(40), ev=Decimal(30), ac=Decimal(40))
        >>> so_far.spi, so_far.cpi, so_far.sv, str(so_far.eac)[:6]
        (Decimal('0.75'), Decimal('0.75'), Decimal('-10'), '133.33')
    """

    bac: Decimal = Decimal(0)
    pv: Decimal = Decimal(0)
    ev: Decimal = Decimal(0)
    ac: Decimal = Decimal(0)

    @property
    def sv(self) -> Decimal:
        """The schedule variance, EV - PV; less than nothing for behind."""
        return EXACT.subtract(self.ev, self.pv)

    @property
    def cv(self) -> Decimal:
        """The cost variance, EV - AC; less than nothing for dearer."""
        return EXACT.subtract(self.ev, self.ac)

    @property
    def spi(self) -> Decimal | None:
        """The schedule performance index, EV / PV."""
        return ratio(self.ev, self.pv)

    @property
    def cpi(self) -> Decimal | None:
        """The cost performance index, EV / AC."""
        return ratio(self.ev, self.ac)

    @property
    def complete(self) -> Decimal | None:
        """How much of the work is done, EV / BAC, from 0 to 1."""
        return ratio(self.ev, self.bac)

    @property
    def left(self) -> Decimal:
        """The work that is left, at its budget: BAC - EV."""
        return EXACT.subtract(self.bac, self.ev)

    @property
    def eac(self) -> Decimal | None:
        """The estimate at completion if cost goes on as it has: BAC / CPI."""
        return ratio(EXACT.multiply(self.bac, self.ac), self.ev) if self.ac else None

    @property
    def eac_at_budget(self) -> Decimal:
        """The estimate at completion if what is left costs what was planned for it: AC + BAC - EV."""
        return EXACT.add(self.ac, self.left)

    @property
    def eac_at_both(self) -> Decimal | None:
        """The estimate at completion if being late costs money too: AC + (BAC - EV) / (CPI x SPI)."""
        cost, time = self.cpi, self.spi
        if cost is None or time is None:
            return None
        rest = ratio(EXACT.multiply(self.left, EXACT.multiply(self.ac, self.pv)), EXACT.multiply(self.ev, self.ev))
        return None if rest is None else EXACT.add(self.ac, rest)

    @property
    def etc(self) -> Decimal | None:
        """The estimate to complete: EAC - AC."""
        return None if self.eac is None else EXACT.subtract(self.eac, self.ac)

    @property
    def vac(self) -> Decimal | None:
        """The variance at completion, BAC - EAC; less than nothing for dearer."""
        return None if self.eac is None else EXACT.subtract(self.bac, self.eac)

    @property
    def tcpi(self) -> Decimal | None:
        """The index at which the rest must be done to keep the budget, (BAC - EV) / (BAC - AC).

        None once the budget is used up: then no index would do.
        """
        money = EXACT.subtract(self.bac, self.ac)
        return ratio(self.left, money) if money > 0 else None

    @property
    def tcpi_to_eac(self) -> Decimal | None:
        """The index at which the rest must be done to keep the estimate, (BAC - EV) / (EAC - AC)."""
        return ratio(self.left, self.etc)


def added(every: Iterable[Measures]) -> Measures:
    """Return the sums of some measures."""
    bac = pv = ev = ac = Decimal(0)
    for one in every:
        bac, pv = EXACT.add(bac, one.bac), EXACT.add(pv, one.pv)
        ev, ac = EXACT.add(ev, one.ev), EXACT.add(ac, one.ac)
    return Measures(bac=bac, pv=pv, ev=ev, ac=ac)


@frozen(kw_only=True)
class EarnedValue(Measures):
    """How a plan stands against its baseline; made by `earned_value`.

    Its own measures are those of the work that can be seen to be done. Levels of effort earn what was planned for them
    just by time going by, which would make late work look less so; they are kept apart.

    Times are working time by the plan's calendar. They are None where nothing is planned to cost anything.

    Attributes:
        plan: the plan's id.
        baseline: the id of the baseline in force.
        at: the status date.
        currency: the currency of all amounts; None where there are none.
        tasks: the measures of each task by id, in the plan's order, then of those that were dropped; those of a summary
            are the sums of what counts below it, levels of effort left out.
        areas: the sums for each area of the plan, levels of effort left out.
        level_of_effort: the sums of all levels of effort.
        rework: how much of the actual cost, that of levels of effort included, is of doing work again.
        contingency: how much of the budgets, those of levels of effort included, is set aside for known risks.
        management_reserve: what is set aside beside the budgets.
        planned_duration: from the first start to the last finish of the baseline.
        actual_time: from that start to the status date; to the last finish once everything is done.
        earned_schedule: from that start to when as much was to be done as has been (ES).
        expected_finish: when it will be finished if it goes on so.
    """

    plan: str
    baseline: str
    at: datetime
    currency: str | None
    tasks: Mapping[str, Measures]
    areas: Mapping[str, Measures]
    level_of_effort: Measures
    rework: Decimal
    contingency: Decimal
    management_reserve: Decimal
    planned_duration: timedelta | None
    actual_time: timedelta | None
    earned_schedule: timedelta | None
    expected_finish: datetime | None

    @property
    def total(self) -> Measures:
        """The measures with the levels of effort."""
        return added((self, self.level_of_effort))

    @property
    def budget(self) -> Decimal:
        """All the money there is: the budgets of everything, and the management reserve."""
        return EXACT.add(self.total.bac, self.management_reserve)

    @property
    def sv_t(self) -> timedelta | None:
        """The schedule variance in time, ES - AT; less than nothing for behind."""
        if self.earned_schedule is None or self.actual_time is None:
            return None
        return self.earned_schedule - self.actual_time

    @property
    def spi_t(self) -> Decimal | None:
        """The schedule performance index in time, ES / AT."""
        if self.earned_schedule is None or self.actual_time is None or self.actual_time <= timedelta():
            return None
        return ratio(_micro(self.earned_schedule), _micro(self.actual_time))

    @property
    def ieac_t(self) -> timedelta | None:
        """The independent estimate of how long it takes in all, planned duration / SPI(t)."""
        return estimate(self.planned_duration, self.actual_time, self.earned_schedule)

    def __str__(self) -> str:
        amounts, indices = (
            "  ".join(f"{name} {_shown(getattr(self, name.lower()))}" for name in names.split())
            for names in ("BAC PV EV AC SV CV", "SPI CPI EAC VAC TCPI")
        )
        times = f"SPI(t) {_shown(self.spi_t)}  SV(t) {_hours(self.sv_t)}  IEAC(t) {_hours(self.ieac_t)}"
        at = self.at.isoformat(" ", "minutes")
        return (
            f"{self.plan} at {at} by {self.baseline}, {self.currency or 'no currency'}\n{amounts}\n{indices}\n{times}"
        )


def estimate(planned: timedelta | None, actual: timedelta | None, earned: timedelta | None) -> timedelta | None:
    """Return how long something takes in all, planned duration x actual time / earned schedule.

    None also where that is longer than a `timedelta` can be.
    """
    if planned is None or actual is None or not earned or actual <= timedelta():
        return None
    product, by = (planned // _MICROSECOND) * (actual // _MICROSECOND), earned // _MICROSECOND
    try:
        return timedelta(microseconds=(2 * product + by) // (2 * by))
    except OverflowError:
        return None


def _micro(length: timedelta) -> Decimal:
    return Decimal(length // _MICROSECOND)


def _shown(number: Decimal | None) -> str:
    return "-" if number is None else f"{number:,.2f}"


def _hours(length: timedelta | None) -> str:
    return "-" if length is None else f"{length / timedelta(hours=1):,.1f}h"
