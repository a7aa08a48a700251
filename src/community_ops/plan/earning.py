"""Earned value: what a plan has planned, earned and spent, task by task, against its baseline.

The baseline says what each task was to cost and when; that is spread evenly over the working time from its start to its
finish. What a task has earned is a share of that budget, by the task's own method. What it has cost is what has arisen
by the status date. `performance.py` has the formulas.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from community_ops.errors import MixedCurrencies, NoBaseline, NoWorkTime
from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.plan.baselines import baseline_at, status_instant
from community_ops.plan.earning_lines import NOTHING, Line, Lines, Spread, amounts
from community_ops.plan.performance import EXACT, EarnedValue, Measures, added, estimate
from community_ops.plan.records import Task
from community_ops.plan.steering import Baseline
from community_ops.plan.wiring import Wiring, wiring

_MICROSECOND = timedelta(microseconds=1)
Times = tuple[timedelta | None, timedelta | None, timedelta | None, datetime | None]
"""The planned duration, the actual time, the earned schedule and the expected finish."""


@derived
def earned_value(m: ModelView, plan_id: str, at: date) -> EarnedValue:
    """Return how a plan stands against the baseline in force: what was planned, what was earned, what it has cost.

    A task earns by its method: its percents complete; all or nothing once it is finished; half when started; or the
    weights of the steps done. Percents are those last reported by the status date, where the task keeps a history of
    them; without one those of today count at any date. A task whose recorded start lies after the status date has
    earned nothing. Tasks that are new since the baseline, rework among them, have no budget, but cost; those that were
    dropped have a budget and can earn no more. What overlaps other tasks, and what a summary says of its own cost, is
    left to the tasks themselves.

    Args:
        m: the model.
        plan_id: the plan.
        at: the status date; a day stands for its beginning on the plan's clocks.

    Raises:
        UnknownRecord: there is no such plan.
        NoBaseline: it has no baseline in force at that time.
        MixedCurrencies: its amounts are in several currencies.

    Example:
        >>> from community_ops import Cost, Duration, Money, OperatingModel, Plan
        >>> from community_ops.plan import take_baseline
        >>> ads = Task(
        ...     id="ads",
        ...     name="Plan the ads",
        ...     plan="p",
        ...     duration=Duration(10),
        ...     planned_cost=Money(1_000, "CNY"),
        ...     percent_complete=30,
        ...     costs=[Cost(date(2026, 3, 4), Money(350, "CNY"))],
        ... )
        >>> model = OperatingModel.of(Plan(id="p", name="Launch", start=date(2026, 3, 2)), ads)
        >>> model = model.add(take_baseline(model, "p", id="b1", at=date(2026, 3, 2)))
        >>> print(earned_value(model, "p", date(2026, 3, 6)))
        p at 2026-03-06 00:00+00:00 by b1, CNY
        BAC 1,000.00  PV 400.00  EV 300.00  AC 350.00  SV -100.00  CV -50.00
        SPI 0.75  CPI 0.86  EAC 1,166.67  VAC -166.67  TCPI 1.08
        SPI(t) 0.75  SV(t) -8.0h  IEAC(t) 106.7h
    """
    base = baseline_at(m, plan_id, at)
    if base is None:
        raise NoBaseline(plan_id, at)
    net = wiring(m, plan_id)
    now = status_instant(net, at)
    currencies = _currencies(m, net, base)
    if len(currencies) > 1:
        raise MixedCurrencies(f"plan {plan_id!r}", currencies)
    lines = list(Lines(m, net, base, now))
    seen = [line for line in lines if not line.effort]
    own = added(line.measures for line in seen)
    planned, actual, earned, finish = _times(net, seen, own, now)
    by_area: dict[str, list[Measures]] = {}
    for line in seen:
        if line.area is not None:
            by_area.setdefault(line.area, []).append(line.measures)
    return EarnedValue(
        bac=own.bac,
        pv=own.pv,
        ev=own.ev,
        ac=own.ac,
        plan=plan_id,
        baseline=base.id,
        at=net.clocks.times[0].shown(now),
        currency=currencies[0] if currencies else None,
        tasks=MappingProxyType(_rolled_up(net, lines)),
        areas=MappingProxyType({area: added(every) for area, every in by_area.items()}),
        level_of_effort=added(line.measures for line in lines if line.effort),
        rework=added(line.measures for line in lines if line.rework).ac,
        contingency=amounts(row.contingency for row in base.tasks),
        management_reserve=amounts([base.management_reserve]),
        planned_duration=planned,
        actual_time=actual,
        earned_schedule=earned,
        expected_finish=finish,
    )


def _currencies(m: ModelView, net: Wiring, base: Baseline) -> list[str]:
    costs = m.column(Task.costs)
    found = [amount for row in base.tasks for amount in (row.cost, row.contingency)]
    found += [base.management_reserve, *[one.amount for place in net.parts.places for one in costs[place]]]
    return sorted({one.currency for one in found if one is not None})


def _rolled_up(net: Wiring, lines: Sequence[Line]) -> dict[str, Measures]:
    """Return the measures of every task, those of its parts added, levels of effort only by themselves."""
    found = {line.id: line.measures for line in lines}
    above: dict[str, list[Measures]] = {}
    for line in lines[len(net.parts.ids) :]:  # what was dropped
        if line.up is not None and not line.effort:
            above.setdefault(line.up, []).append(line.measures)
    by_id = {line.id: line for line in lines}
    for task in reversed(net.parts.order):
        line = by_id[net.parts.ids[task]]
        below = above.pop(line.id, None)
        if below is not None:
            found[line.id] = added([found[line.id], *below])
        if line.up is not None and not line.effort:
            above.setdefault(line.up, []).append(found[line.id])
    return found


def _times(net: Wiring, lines: Sequence[Line], own: Measures, now: int) -> Times:
    """Return what is said of time.

    Earned schedule follows Lipke (2003): the last moment at which no more was to be done than has been. Where several
    tasks run, each is spread over its own working time; the moment is then put on the plan's.
    """
    spreads = [line.budget for line in lines if line.budget is not None and not line.summary]
    if own.bac <= 0:
        return None, None, None, None
    axis, begin, end = net.clocks.axes()[0], min(s.start for s in spreads), max(s.finish for s in spreads)
    origin = axis.worked(begin)
    reached = end if own.ev >= own.bac else _last_moment([s for s in spreads if s.amount], own.ev, begin, end)
    ends = [line.finished for line in lines if line.budget is not None and line.budget.amount]
    known = [one for one in ends if one is not None]
    until = max(known) if own.ev >= own.bac and len(known) == len(ends) else now
    planned, actual, earned = [(axis.worked(one) - origin) * _MICROSECOND for one in (end, until, reached)]
    whole = estimate(planned, actual, earned)
    if whole is None:
        return planned, actual, earned, None
    try:
        finish = net.clocks.times[0].shown(axis.closing(origin + whole // _MICROSECOND))
    except NoWorkTime:
        finish = None
    return planned, actual, earned, finish


def _last_moment(spreads: Sequence[Spread], value: Decimal, begin: int, end: int) -> int:
    """Return the last instant before which no more than a value is due."""
    marks = sorted({begin, end, *[instant for one in spreads for instant in (one.start, one.finish)]})

    def due(instant: int) -> Decimal:
        return _sum([one.before(instant) for one in spreads])

    later = bisect_right(marks, value, key=due)
    if later in (0, len(marks)):
        return marks[max(later - 1, 0)]
    first, last = marks[later - 1], marks[later]
    running = [one for one in spreads if one.start < last and one.finish >= first]
    done = EXACT.subtract(due(first), _sum([one.before(first) for one in running]))
    instants = range(first, last)
    place = bisect_right(instants, value, key=lambda at: EXACT.add(done, _sum([one.before(at) for one in running])))
    return instants[place - 1]


def _sum(every: Sequence[Decimal]) -> Decimal:
    total = NOTHING
    for one in every:
        total = EXACT.add(total, one)
    return total
