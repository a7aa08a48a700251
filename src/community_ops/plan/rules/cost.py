"""Rules about what a plan costs, and what it gets for it (PLN601 to PLN605)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.org.scoping import thresholds_by_unit
from community_ops.plan.baselines import counting
from community_ops.plan.performance import EarnedValue
from community_ops.plan.records import Cost, Plan, Task
from community_ops.plan.rules.addresses import plan_ref, task_ref
from community_ops.plan.rules.promised import earned, promise, promised, yuan
from community_ops.plan.rules.samples import MONDAY, launch, piece
from community_ops.plan.tasktree import parts
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, Rule, rule
from community_ops.validation.wording import counted

FRIDAY = date(2026, 3, 6)
_UNPRICED = ("milestone", "level_of_effort")


@rule(
    "PLN601",
    name="task-cost-missing",
    severity=INFO,
    en={
        "others": "In {subject}, {tasks} {verb} no planned cost, as {others} of the plan {have}.",
        "spent": "In {subject}, money was spent on {tasks}, which {verb} no planned cost.",
    },
    zh={
        "others": "{subject}中，{tasks}没有计划成本，而该计划另有 {others} 个任务有。",
        "spent": "{subject}中，{tasks}已发生费用，却没有计划成本。",
    },
    needs=("plan", "task"),
    date_use="ignored",
)
def task_cost_missing(m: ModelView, context: Context) -> Iterator[Finding]:
    """Tasks of a plan cost money that nobody has estimated, or have no planned cost where others have.

    Why it is worth knowing: the plan looks cheaper than it is, and what is done at no cost earns nothing.

    How to fix: fill in `planned_cost`; 0 for what really costs nothing.

    When it is wrong to heed it: where the plan records only what is bought; a waiver says so.

    Milestones, levels of effort and summaries need no cost, nor do tasks that overlap others. Where no task has a
    cost, costs are not planned here, and only what has cost money already is missing.
    """
    costs, kinds, spent = m.column(Task.planned_cost), m.column(Task.kind), m.column(Task.costs)
    if not any(costs) and not any(spent):
        return
    for id in m.ids(Plan):
        own = parts(m, id)
        given = [place for place in own.places if costs[place] is not None]
        paid, bare = [], []
        for task, place, counts in zip(own.ids, own.places, counting(m, own), strict=True):
            if not counts or costs[place] is not None:
                continue
            if spent[place]:
                paid.append(task_ref(task))
            elif given and kinds[place] not in _UNPRICED:
                bare.append(task_ref(task))
        if paid:
            yield task_cost_missing.finding(
                plan_ref(id), "spent", key=("spent",), related=paid, tasks=tuple(paid),
                verb="has" if len(paid) == 1 else "have",
            )  # fmt: skip
        if bare:
            yield task_cost_missing.finding(
                plan_ref(id), "others", related=bare, tasks=tuple(bare), verb="has" if len(bare) == 1 else "have",
                others={"en": counted(len(given), "other task")["en"], "zh": str(len(given))},
                have="has" if len(given) == 1 else "have",
            )  # fmt: skip


@task_cost_missing.fires()
def _one_priced() -> Iterable[Record]:
    return [launch(), piece("write", planned_cost=yuan(900)), piece("print")]


@task_cost_missing.fires()
def _paid_as_it_came() -> Iterable[Record]:
    return [launch(), piece("write", costs=(Cost(MONDAY, yuan(900)),)), piece("print")]


@task_cost_missing.silent()
def _all_priced() -> Iterable[Record]:
    summary = piece("make", None)
    done = [piece("write", parent="make", planned_cost=yuan(900)), piece("print", parent="make", planned_cost=yuan(0))]
    seen = piece("phase", planned_cost=None, overlaps=("write",))
    return [launch(), summary, *done, seen, piece("opening", None, kind="milestone")]


@task_cost_missing.silent()
def _none_priced() -> Iterable[Record]:
    return [launch(), piece("write"), piece("print")]


@rule(
    "PLN602",
    name="cost-of-summary",
    severity=WARNING,
    en="{subject} has {count} of its own, which {verb}: what it costs is what its parts cost.",
    zh="{subject}自身记有 {count} 项成本，但摘要任务的成本取自其各组成部分，不另计。",
    needs=("task",),
    date_use="ignored",
)
def cost_of_summary(m: ModelView, context: Context) -> Iterator[Finding]:
    """A summary has a cost of its own beside those of its parts.

    Why it matters: it is not added up, so that either the sum is too small or the same money is written down twice.

    How to fix: move the cost to the part it belongs to, or to a part of its own.

    When it is wrong to heed it: where a file repeats in each summary the sum of its parts. A task that was broken down
    after a baseline was taken keeps budget and cost until the next baseline.

    Planned cost, contingency and costs that have arisen are looked at.
    """
    columns = (m.column(Task.planned_cost), m.column(Task.contingency), m.column(Task.costs))
    if not any(map(any, columns)):
        return
    for id in m.ids(Plan):
        own = parts(m, id)
        for task, place in enumerate(own.places):
            count = sum(bool(column[place]) for column in columns)
            if count and own.is_summary(task):
                yield cost_of_summary.finding(
                    task_ref(own.ids[task]),
                    count={"en": counted(count, "amount")["en"], "zh": str(count)},
                    verb="does not count" if count == 1 else "do not count",
                )


@cost_of_summary.fires()
def _doubled() -> Iterable[Record]:
    return [launch(), piece("make", None, planned_cost=yuan(9)), piece("write", parent="make", planned_cost=yuan(9))]


@cost_of_summary.silent()
def _single() -> Iterable[Record]:
    return [launch(), piece("make", None), piece("write", parent="make", planned_cost=yuan(9))]


@rule(
    "PLN603",
    name="several-currencies",
    severity=WARNING,
    en="{subject} is planned in {currencies}, which cannot be added up.",
    zh="{subject}同时使用 {currencies} 计价，无法相加。",
    needs=("plan", "task"),
    date_use="ignored",
)
def several_currencies(m: ModelView, context: Context) -> Iterator[Finding]:
    """The costs of a plan are in several currencies.

    Why it matters: there is no sum, and earned value cannot be worked out.

    How to fix: convert all amounts into one currency, at the rate the plan is to be judged by.

    When it is wrong to heed it: never; without a rate there is no sum.
    """
    money = (m.column(Task.planned_cost), m.column(Task.contingency))
    costs = m.column(Task.costs)
    if not any(map(any, (*money, costs))):
        return
    for id in m.ids(Plan):
        places = parts(m, id).places
        amounts: list[Money | None] = [column[place] for column in money for place in places]
        amounts += [cost.amount for place in places for cost in costs[place]]
        currencies = tuple(sorted({one.currency for one in amounts if one is not None}))
        if len(currencies) > 1:
            yield several_currencies.finding(plan_ref(id), key=currencies, currencies=currencies)


@several_currencies.fires()
def _abroad() -> Iterable[Record]:
    return [launch(), piece("write", planned_cost=yuan(9), costs=(Cost(MONDAY, Money(1, "EUR")),))]


@several_currencies.silent()
def _at_home() -> Iterable[Record]:
    return [launch(), piece("write", planned_cost=yuan(9), costs=(Cost(MONDAY, yuan(8)),))]


@frozen
class PerformanceThresholds(Value):
    """When an index is too low, and when it says something.

    Attributes:
        least: the least that an index may be.
        from_percent: how many percent of the work must be done before it is judged.
        to_percent: and up to how many.
    """

    least: Decimal = field(default=Decimal("0.9"), converter=exact, metadata=at_least(0))
    from_percent: Decimal = field(default=Decimal(15), converter=exact, metadata=at_least(0))
    to_percent: Decimal = field(default=Decimal(85), converter=exact, metadata=at_least(0))


def _too_low(
    m: ModelView, context: Context, own: Rule, index: Callable[[EarnedValue], Decimal | None]
) -> Iterator[Finding]:
    limits = thresholds_by_unit(m, context)
    for id, unit in zip(m.ids(Plan), m.column(Plan.unit), strict=True):
        found, limit = earned(m, id, context.day), limits.of(unit)
        if found is None or found.complete is None:
            continue
        value = index(found)
        percent = 100 * found.complete
        if value is not None and value < limit.least and limit.from_percent <= percent <= limit.to_percent:
            yield own.finding(
                plan_ref(id), index=round(value, 2), least=limit.least, percent=round(percent, 1),
                eac=_amount(found.eac, found.currency), bac=_amount(found.bac, found.currency),
            )  # fmt: skip


def _amount(amount: Decimal | None, currency: str | None) -> str:
    return f"{amount or 0:,.0f} {currency}"


@rule(
    "PLN604",
    name="cost-performance",
    severity=WARNING,
    status=True,
    date_use="needed",
    en="{subject} gets {index} of work for each 1 it spends, less than {least}; at that rate it will cost {eac}, "
    "not {bac}.",
    zh="{subject}每花 1 只完成价值 {index} 的工作，低于 {least}；照此总成本为 {eac}，而非 {bac}。",
    needs=("plan", "task", "baseline"),
    thresholds=PerformanceThresholds(),
    scoped=True,
)
def cost_performance(m: ModelView, context: Context) -> Iterator[Finding]:
    """The cost performance index (CPI) of a plan is too low.

    Why it matters: an index that is low once a fifth of the work is done seldom recovers (Christensen and Heise, 1993);
    the budget will not last.

    How to fix: find the tasks whose cost exceeds what they have earned, and decide: more money, less scope, or another
    way; write it down as a decision, and take a new baseline.

    When it is wrong to heed it: where costs come early and work late, as with goods bought in advance.

    It is judged between 15 and 85 percent of the work, on the work that can be measured, without levels of effort.
    """
    yield from _too_low(m, context, cost_performance, lambda found: found.cpi)


def _under_way(percent: int, spent: int) -> list[Record]:
    task = piece("write", 5, percent_complete=percent, actual_start=MONDAY, costs=(Cost(MONDAY, yuan(spent)),))
    return [launch(), task, promised(promise("write", 0, 4, cost=yuan(1000)))]


@cost_performance.fires(at=FRIDAY)
def _dear() -> Iterable[Record]:
    return _under_way(80, 1000)


@cost_performance.silent(at=FRIDAY)
def _worth_it() -> Iterable[Record]:
    return _under_way(80, 888)


@cost_performance.silent(at=FRIDAY)
def _nearly_done() -> Iterable[Record]:
    return _under_way(86, 2000)


@rule(
    "PLN605",
    name="schedule-performance",
    severity=WARNING,
    status=True,
    date_use="needed",
    en="{subject} has earned {index} of the time it has taken, less than {least}; {percent} % of the work is done.",
    zh="{subject}的时间绩效为 {index}，低于 {least}；已完成 {percent}% 的工作。",
    needs=("plan", "task", "baseline"),
    thresholds=PerformanceThresholds(),
    scoped=True,
)
def schedule_performance(m: ModelView, context: Context) -> Iterator[Finding]:
    """The schedule performance index in time, SPI(t), of a plan is too low.

    Why it matters: as much should have been done earlier; at that rate the plan takes longer than was promised.

    How to fix: look at the tasks on the longest path first; `variance` shows how late each is. What cannot be caught up
    is a decision, and a new baseline.

    When it is wrong to heed it: where what is late costs much and drives nothing.

    It is judged between 15 and 85 percent of the work, on the work that can be measured: levels of effort, which earn
    as time goes by, cannot hide that a plan is late. Unlike SPI the index in time does not go back to 1 at the end.
    """
    yield from _too_low(m, context, schedule_performance, lambda found: found.spi_t)


@schedule_performance.fires(at=FRIDAY)
def _slow() -> Iterable[Record]:
    return _under_way(60, 600)


@schedule_performance.silent(at=FRIDAY)
def _in_time() -> Iterable[Record]:
    return _under_way(72, 720)


@schedule_performance.silent(at=FRIDAY)
def _just_begun() -> Iterable[Record]:
    return _under_way(14, 140)


RULES = (task_cost_missing, cost_of_summary, several_currencies, cost_performance, schedule_performance)
"""The rules of this module."""
