"""Load: what plans ask of positions, units and people day by day, against what is there.

A task asks for the full-time equivalents of its allocations on every day on which some of its working time lies, from
its start to its finish; tasks of several plans add up. A day is a whole day on the clocks of the plan's calendar. Tasks
that drive count, as in levelling: summaries, levels of effort and recurring tasks take up nobody, and the work of a
task that overlaps others is theirs. With a status date, an effort goes on at the pace of who is there and asks for no
more of anybody than that. Nothing is moved here; `level` does that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from attrs import field, frozen

from community_ops.errors import CyclicNetwork, NoWorkTime, UnknownRecord
from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.records import Person, Position
from community_ops.org.structure import Hierarchy, unit_tree
from community_ops.org.timeline import NEVER, steps
from community_ops.plan.loading_curve import LoadStep, Overrun, Piece, curve, overruns
from community_ops.plan.loading_demand import Demand, Hours
from community_ops.plan.manning import Presence, presences
from community_ops.plan.records import Plan
from community_ops.plan.scheduling import schedule
from community_ops.plan.staffing import staffing
from community_ops.validation.wording import counted

_NONE = Decimal(0)


@frozen
class OverAllocation:
    """A position that is asked for more than there is of it.

    Attributes:
        position: its id.
        runs: the days in a row on which it is too much, in order of time.
    """

    position: str
    runs: tuple[Overrun, ...]

    @property
    def periods(self) -> tuple[DateRange, ...]:
        """From when to when each of the runs lasts."""
        return tuple([run.period for run in self.runs])

    @property
    def peak(self) -> LoadStep:
        """The days on which most is missing; of several such stretches the first."""
        return max([run.peak for run in self.runs], key=lambda step: step.excess)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that ask on any of those days, in the order in which they begin to."""
        return tuple(dict.fromkeys([task for run in self.runs for task in run.tasks]))


class _Held(NamedTuple):
    """What somebody has of a position while they are there, on the days `[first, stop)`."""

    person: str
    first: int
    stop: int
    parts: int


@frozen(eq=False, repr=False)
class Loads:
    """What plans ask for day by day, against what is there; made by `load`.

    Attributes:
        plans: the plans that were asked after.
        left_out: the plans and tasks among them that cannot be dated, and so ask for nothing.
        positions: the positions that are asked for anything, in the order of plans and of their tasks.
    """

    plans: tuple[str, ...]
    left_out: tuple[Ref, ...]
    positions: tuple[str, ...]
    _scale: Scale = field(alias="scale")
    _tasks: tuple[str, ...] = field(alias="tasks")
    _hours: Mapping[str, Hours] = field(alias="hours")
    _pieces: Mapping[str, Sequence[Piece]] = field(alias="pieces")
    _there: Mapping[str, Sequence[tuple[int, int, int]]] = field(alias="there")
    _held: Mapping[str, Sequence[_Held]] = field(alias="held")
    _homes: Mapping[str, str] = field(alias="homes")
    _units: Hierarchy = field(alias="units")
    _known: Mapping[str, Set[str]] = field(alias="known")

    def of(self, position: str) -> tuple[LoadStep, ...]:
        """Return what is asked of a position, on the days on which anything is.

        Raises:
            UnknownRecord: there is no such position, and none is asked for.
        """
        if position not in self._pieces and position not in self._known["position"]:
            raise UnknownRecord("position", position)
        return self._curve(self._pieces.get(position, ()), self._there.get(position, ()))

    def of_unit(self, unit: str, below: bool = True) -> tuple[LoadStep, ...]:
        """Return what is asked of the positions of a unit together, against what there is of them.

        Only positions that the plans ask for anything at all are counted as there. One that has too much to do may
        hide behind another that has time; `over` tells.

        Args:
            unit: the unit.
            below: whether positions of the units below count, too.

        Raises:
            UnknownRecord: there is no such unit.
        """
        self._units.place(unit)  # there is one
        units = {unit, *(self._units.descendants(unit) if below else ())}
        own = [position for position in self.positions if self._homes.get(position) in units]
        pieces = [piece for position in own for piece in self._pieces[position]]
        return self._curve(pieces, [span for position in own for span in self._there[position]])

    def of_person(self, person: str) -> tuple[LoadStep, ...]:
        """Return a person's share of what their positions are asked for, against what they hold of these.

        What is asked of a position is shared out among those who are there of its holders, by their full-time
        equivalents. Who stands in as a deputy has no share. A share that does not come out even has 28 digits.

        Raises:
            UnknownRecord: there is no such person, and nobody of that id holds what is asked for.
        """
        pieces: list[Piece] = []
        own: list[tuple[int, int, int]] = []
        for position, held in self._held.items():
            mine = [(one.first, one.stop, one.parts) for one in held if one.person == person]
            if mine:
                pieces += _share(self._pieces[position], held, mine)
                own += mine
        if not own and person not in self._known["person"]:
            raise UnknownRecord("person", person)
        return self._curve(pieces, own)

    def runs(self, position: str, tolerance: Decimal = _NONE) -> tuple[Overrun, ...]:
        """Return the days in a row on which more is asked of a position than is there.

        Args:
            position: the position.
            tolerance: by how many full-time equivalents it may be more.

        Raises:
            UnknownRecord: there is no such position, and none is asked for.
        """
        return overruns(self.of(position), tolerance, self._closed)

    def over(self, tolerance: Decimal = _NONE) -> tuple[OverAllocation, ...]:
        """Return the positions that are asked for more than there is of them, in the order of `positions`.

        Args:
            tolerance: by how many full-time equivalents it may be more.
        """
        found = [(position, self.runs(position, tolerance)) for position in self.positions]
        return tuple([OverAllocation(position, runs) for position, runs in found if runs])

    def _curve(self, pieces: Iterable[Piece], there: Iterable[tuple[int, int, int]]) -> tuple[LoadStep, ...]:
        return curve(pieces, there, self._tasks, self._scale)

    def _closed(self, before: LoadStep, after: LoadStep) -> bool:
        by = {id(hours): hours for hours in [self._hours[task] for task in (*before.tasks, *after.tasks)]}
        return not any(hours.open_between(before, after) for hours in by.values())

    def __len__(self) -> int:
        return len(self.positions)

    def __str__(self) -> str:
        over, plans = self.over(), counted(len(self.plans), "plan")["en"]
        head = f"{plans}: {counted(len(self), 'position')['en']} asked for, {len(over)} for more than there is"
        return "\n".join([head, *[f"{one.position}: {', '.join(map(str, one.periods))}" for one in over]])

    def __repr__(self) -> str:
        return f"<Loads: {len(self.plans)} plans, {len(self)} positions>"


def _share(pieces: Sequence[Piece], held: Sequence[_Held], mine: Sequence[tuple[int, int, int]]) -> Iterator[Piece]:
    """Yield a holder's share of what is asked of a position."""
    for first, stop, total, _ in steps([(one.first, one.stop, one.parts) for one in held]):
        own = sum([parts for begin, end, parts in mine if begin <= first < end])
        if not own:
            continue
        share = Fraction(own, total)
        for piece in pieces:
            if piece.first < stop and first < piece.stop:
                yield Piece(max(piece.first, first), min(piece.stop, stop), piece.amount * share, piece.task)


def load(m: ModelView, plan_ids: Iterable[str] | None = None, at: date | None = None) -> Loads:
    """Return what plans ask of positions day by day, against what is there.

    Args:
        m: the model.
        plan_ids: the plans; None for all of them.
        at: the status date, as for `schedule`: from it on, what is left to do is set against those who hold the
            positions and are there, deputies and what counts as filled included; an effort asks for no more than is
            there of what it is allocated. None for the plans as they were made, against the seats that the positions
            have.

    Raises:
        UnknownRecord: there is no such plan.

    Example:
        >>> from community_ops import Allocation, Duration, OperatingModel, Task, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="hq", name="HQ"),
        ...     Position(id="editor", title="Editor", unit="hq"),
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="a", name="A", plan="p", duration=Duration(8), allocations=[Allocation("editor")]),
        ...     Task(id="b", name="B", plan="p", duration=Duration(7), allocations=[Allocation("editor", "0.5")]),
        ... )
        >>> loads = load(model)
        >>> for step in loads.of("editor"):
        ...     print(step.period, step.demand, step.available, step.tasks)
        2026-03-02 to 2026-03-06 1.5 1 ('a', 'b')
        2026-03-09 to 2026-03-10 1.5 1 ('a', 'b')
        2026-03-11 to 2026-03-11 1 1 ('a',)
        >>> print(loads)
        1 plan: 1 position asked for, 1 for more than there is
        editor: 2026-03-02 to 2026-03-10
    """
    return _loads(m, tuple(m.ids(Plan) if plan_ids is None else dict.fromkeys(plan_ids)), at)


@derived
def _loads(m: ModelView, plan_ids: tuple[str, ...], at: date | None) -> Loads:
    demand = Demand()
    for id in plan_ids:
        try:
            plan = schedule(m, id, at)
        except (CyclicNetwork, NoWorkTime):
            demand.left_out.append(Ref("plan", id))
        else:
            demand.gather(m, plan, at)
    positions = frozenset(demand.positions)
    since = date.fromordinal(min(demand.since, default=1))
    found = staffing(m, positions, since, "seats" if at is None else "held")
    present = _present(m, positions)
    holding = Scale.of([one.fte for one in present])
    fine = Scale(max(found.scale.digits, demand.scale().digits, holding.digits))
    finer = 10 ** (fine.digits - found.scale.digits)
    there = {id: tuple(_spans(found.days[id], finer)) for id in demand.positions}
    homes, places = m.column(Position.unit), m.place_index(Position)
    return Loads(
        plans=plan_ids,
        left_out=tuple(demand.left_out),
        positions=demand.positions,
        scale=fine,
        tasks=tuple(demand.tasks),
        hours=MappingProxyType(dict(zip(demand.tasks, demand.hours, strict=True))),
        pieces=MappingProxyType(demand.pieces(fine, there)),
        there=MappingProxyType(there),
        held=MappingProxyType(_by_position(present, fine)),
        homes=MappingProxyType({id: homes[places[id]] for id in demand.positions if id in places}),
        units=unit_tree(m),
        known=MappingProxyType({"position": m.id_set(Position), "person": m.id_set(Person)}),
    )


def _spans(changes: Sequence[tuple[int, int]], finer: int) -> Iterator[tuple[int, int, int]]:
    """Yield what is there from one change to the next."""
    stops = [first for first, _ in changes[1:]]
    for (first, parts), stop in zip(changes, [*stops, NEVER], strict=False):
        yield first, stop, parts * finer


@derived(cutoff=True)
def _present(m: ModelView, positions: frozenset[str]) -> tuple[Presence, ...]:
    return presences(m, positions)


def _by_position(present: Iterable[Presence], scale: Scale) -> dict[str, tuple[_Held, ...]]:
    """Return for each position who holds it while they are employed and not away, as `manning` counts them."""
    found: dict[str, list[_Held]] = {}
    for one in present:
        found.setdefault(one.position, []).append(_Held(one.person, one.first, one.stop, scale.part(one.fte)))
    return {position: tuple(every) for position, every in found.items()}
