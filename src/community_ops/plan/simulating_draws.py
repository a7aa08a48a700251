"""What is drawn in a trial of a plan: the lengths of tasks that have an estimate, and what holds them up.

Of a task that has started, what is left is drawn: its estimate, each point times the share of its length that is left,
as `schedule` has it of `remaining` or of the percents that are done. What is finished is a fact, and nothing of it is
drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from community_ops.errors import InvalidRecord, UnknownRecord
from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Value, at_least, ref
from community_ops.kernel.values import Estimate
from community_ops.kernel.view import ModelView
from community_ops.plan.lengths import WIDE
from community_ops.plan.progress import Status
from community_ops.plan.records import Task
from community_ops.plan.simulating_dates import Shares
from community_ops.plan.simulating_numbers import Draw
from community_ops.plan.wiring import Wiring


@frozen
class Delay(Value):
    """Something that may hold a task up.

    Attributes:
        task: the task, which takes so much longer if it happens.
        probability: how likely it happens, from 0 to 1.
        days: by how many working days; three equal points for a certain number.

    Example:
        >>> Delay("print", "0.2", Estimate(1, 2, 10)).days.mean
        Decimal('3.166666666666666666666666667')
    """

    task: str = field(metadata=ref("task", "delays"))
    probability: Decimal = field(converter=exact, metadata=at_least(0))
    days: Estimate

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.probability > 1:
            yield "probability", f"must be at most 1, got {self.probability}"
        if not self.days.ordered or self.days.optimistic < 0:
            yield "days", f"must be in order and at least 0, got {self.days}"


def estimated(m: ModelView, net: Wiring, state: Status) -> tuple[list[Draw], tuple[str, ...]]:
    """Return what is drawn for estimates, and the tasks whose estimate is out of order."""
    column = m.column(Task.estimate)
    found, disordered = [], []
    for node in net.nodes:
        estimate, done = column[net.parts.places[node]], state.done.get(node)
        if estimate is None or net.kinds[node] == "milestone" or (done is not None and done.finish is not None):
            continue
        if not estimate.ordered:
            disordered.append(net.parts.ids[node])
        elif done is None:
            found.append(_draw(net, node, estimate))
        elif net.works[node]:  # else nobody can say which share is left
            found.append(_draw(net, node, estimate, left=WIDE.divide(Decimal(done.left), Decimal(net.works[node]))))
    return found, tuple(disordered)


def _draw(
    net: Wiring,
    node: int,
    estimate: Estimate,
    chance: Decimal = Decimal(1),
    added: bool = False,
    left: Decimal = Decimal(1),
) -> Draw:
    day = WIDE.multiply(net.clocks.day(net.calendars[node]), left)
    points = (estimate.optimistic, estimate.most_likely, estimate.pessimistic)
    low, mode, high = [float(WIDE.multiply(one, day)) for one in points]
    return Draw(node, low, mode, high, float(chance), added)


def delayed(net: Wiring, state: Status, delays: Sequence[Delay]) -> list[Draw]:
    """Return what is drawn for delays; what is finished is not held up any more.

    Raises:
        UnknownRecord: a delay is of a task that the plan does not have.
        InvalidRecord: it is of one that holds nothing back.
    """
    numbers = {id: task for task, id in enumerate(net.parts.ids)}
    driving = frozenset(net.nodes)
    found = []
    for delay in delays:
        node = numbers.get(delay.task)
        if node is None:
            raise UnknownRecord("task", delay.task)
        if node not in driving:
            raise InvalidRecord(
                "Delay",
                None,
                [("task", delay.task, "must be a task or milestone without parts, which holds others back")],
            )
        done = state.done.get(node)
        if done is None or done.finish is None:
            found.append(_draw(net, node, delay.days, delay.probability, True))
    return found


def lags(m: ModelView, net: Wiring) -> Shares:
    """Return the lags that are as long as their predecessors make them."""
    column = m.column(Task.links)
    found: Shares = {}
    for place, wire in enumerate(net.wires):
        if wire.origin is not None:
            link = column[net.parts.places[wire.origin[0]]][wire.origin[1]]
            # Of a summary there are no percents, also where it stands for its only part.
            if link.lag_percent and wire.before < len(net.parts.ids) and net.parts.ids[wire.before] == link.task:
                found[place] = Fraction(link.lag_percent) / 100
    return found
