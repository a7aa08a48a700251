"""A full check of an organisation by every built-in rule, and checking again after one record has changed.

The model that was checked first stays alive, as it does while somebody tries things out. Every edit is made afresh
from it, to another record and another value each time, and is compared with a full check of a model built anew from
the same records: the reports must be equal, and the two times stand side by side. Making the edit counts as part of
checking again. Columns and records are at hand in both, as some time after loading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import community_ops as co
from bench.organisations import AT, SEED, organisation
from bench.timing import Result, clocked, fresh_copy, with_columns

ROW = "check"
GOAL = 0.15
JUDGED_AT = 100_000
REPEAT = 3

Edit = Callable[[co.OperatingModel, int], co.OperatingModel]


def _nth(table: co.Table[Any], turn: int) -> Any:
    """Return a record of a table, another one each turn."""
    return Random(SEED + turn).choice(table.records)


def _set(table: str, field: str, value: Callable[[Any, int], Any]) -> Edit:
    def edit(model: co.OperatingModel, turn: int) -> co.OperatingModel:
        random = Random(SEED + turn)
        while True:
            record = random.choice(getattr(model, table).records)
            new = value(record, turn)
            if new != getattr(record, field):
                return model.replace(co.evolve(record, **{field: new}))

    return edit


def _leaf(model: co.OperatingModel, turn: int) -> tuple[co.Position, co.Position]:
    """Return a position that manages nobody, and a manager who is not its own."""
    random = Random(SEED + turn)
    positions = model.positions.records
    manager = next(p for p in iter(lambda: random.choice(positions), None) if p.level == "manager")
    leaf = next(p for p in iter(lambda: random.choice(positions), None) if p.level == "staff")
    return leaf, manager if leaf.reports_to != manager.id else model.positions[manager.reports_to or manager.id]


def _move(model: co.OperatingModel, turn: int) -> co.OperatingModel:
    leaf, manager = _leaf(model, turn)
    return model.replace(co.evolve(leaf, reports_to=manager.id))


def _move_unit(model: co.OperatingModel, turn: int) -> co.OperatingModel:
    leaf, manager = _leaf(model, turn)
    return model.replace(co.evolve(leaf, unit=manager.unit))


def _started(record: Any, turn: int) -> co.DateRange:
    return co.DateRange(AT - timedelta(days=20 + turn))


EDITS: Mapping[str, Edit] = {
    "a unit's name": _set("units", "name", lambda _, turn: f"Renamed {turn}"),
    "a position's title": _set("positions", "title", lambda _, turn: f"Retitled {turn}"),
    "a position's reports_to": _move,
    "an assignment's period": _set("assignments", "period", _started),
}
"""The edits the goal names."""

OTHERS: Mapping[str, Edit] = {
    "a unit's parent": _set("units", "parent", lambda *_: None),
    "a unit's heads": _set("units", "heads", lambda unit, _: (*unit.heads, "p0000000")),
    "a unit's mandates": _set("units", "mandates", lambda unit, _: ()),
    "a unit's kind": _set("units", "kind", lambda unit, _: "group"),
    "a position's unit": _move_unit,
    "a position's seats": _set("positions", "seats", lambda _, turn: 7 + turn),
    "a position's seat_fte": _set("positions", "seat_fte", lambda _, turn: Decimal(1) - Decimal(turn + 1) / 100),
    "a position's level": _set("positions", "level", lambda _, turn: f"level {turn}"),
    "a position's status": _set("positions", "status", lambda p, _: "frozen" if p.status != "frozen" else "approved"),
    "a position's independent_of": _set("positions", "independent_of", lambda _, turn: ("u000000",)),
    "a position's requires": _set("positions", "requires", lambda _, turn: (co.SkillLevel("skill-00", 6 + turn),)),
    "a position's monthly cost": _set("positions", "monthly_cost", lambda _, turn: co.Money(turn + 1, "EUR")),
    "a position's mission": _set("positions", "mission", lambda _, turn: f"To do {turn}"),
    "a position's period": _set("positions", "period", _started),
    "a position's opened": _set("positions", "opened", lambda _, turn: date(2025, 1, 1) + timedelta(days=turn)),
    "a person's name": _set("people", "name", lambda _, turn: f"Renamed {turn}"),
    "a person's employment": _set("people", "employment", _started),
    "a person's skills": _set("people", "skills", lambda _, turn: (co.SkillLevel("skill-00", 6 + turn),)),
    "an assignment's person": _set("assignments", "person", lambda _, turn: f"e{turn:07d}"),
    "an assignment's position": _set("assignments", "position", lambda _, turn: f"p{turn:07d}"),
    "an assignment's fte": _set("assignments", "fte", lambda _, turn: Decimal(turn + 1) / 1000),
    "an assignment's acting": _set("assignments", "acting", lambda a, _: not a.acting),
    "a line's manager": _set("reporting_lines", "manager", lambda _, turn: f"p{turn:07d}"),
    "a line's period": _set("reporting_lines", "period", _started),
    "a duty's name": _set("duties", "name", lambda _, turn: f"Renamed {turn}"),
    "a duty's owner": _set("duties", "owner", lambda _, turn: f"p{turn:07d}"),
    "a duty's part_of": _set("duties", "part_of", lambda duty, _: None if duty.part_of else "d-u000001"),
    "a responsibility's role": _set("responsibilities", "role", lambda _, turn: "consulted"),
    "a responsibility's position": _set("responsibilities", "position", lambda _, turn: f"p{turn:07d}"),
    "a goal's owner": _set("goals", "owner", lambda _, turn: f"p{turn:07d}"),
    "an absence's person": _set("absences", "person", lambda _, turn: f"e{turn:07d}"),
    "an absence's period": _set("absences", "period", _started),
    "a deputy's deputy": _set("deputies", "deputy", lambda _, turn: f"p{turn:07d}"),
    "a deputy's order": _set("deputies", "order", lambda _, turn: 2 + turn),
    "a training's people": _set("trainings", "people", lambda _, turn: (f"e{turn:07d}",)),
    "a training's places": _set("trainings", "places", lambda _, turn: turn),
    "a meeting's participants": _set("meetings", "participants", lambda one, _: one.participants[:-1]),
    "a meeting's start": _set("meetings", "start", lambda _, turn: f"2025-03-05T10:{turn % 60:02}"),
    "a meeting's except_dates": _set("meetings", "except_dates", lambda _, turn: (AT + timedelta(7 * turn),)),
    "an incentive's metric": _set("incentives", "metric", lambda *_: None),
    "a metric's owner": _set("metrics", "owner", lambda _, turn: f"p{turn:07d}"),
    "a metric's direction": _set(
        "metrics", "direction", lambda one, _: "lower" if one.direction != "lower" else "target"
    ),
    "a plan's name": _set("plans", "name", lambda _, turn: f"Renamed {turn}"),
    "a plan's unit": _set("plans", "unit", lambda *_: None),
    "a task's name": _set("tasks", "name", lambda _, turn: f"Renamed {turn}"),
    "a task's owner": _set("tasks", "owner", lambda _, turn: f"p{turn:07d}"),
    "a task's duration": _set("tasks", "duration", lambda _, turn: co.Duration(turn + 6)),
    "a task's allocations": _set("tasks", "allocations", lambda _, turn: (co.Allocation(f"p{turn:07d}"),)),
    "a task's percent_complete": _set("tasks", "percent_complete", lambda _, turn: Decimal(turn + 1) / 10),
    "a task's planned_cost": _set("tasks", "planned_cost", lambda _, turn: co.Money(turn + 1, "CNY")),
    "a task's deliverables": _set("tasks", "deliverables", lambda _, turn: (co.Deliverable(f"Paper {turn}"),)),
    "a task's description": _set("tasks", "description", lambda _, turn: f"To do {turn}"),
    "a baseline's since": _set("baselines", "since", lambda _, turn: AT - timedelta(days=turn + 1)),
    "a decision's status": _set("decisions", "status", lambda *_: "rejected"),
    "a strategy's studies": _set("strategies", "studies", lambda *_: ()),
    "a study's valid_until": _set("studies", "valid_until", lambda _, turn: AT - timedelta(days=turn + 1)),
    "a goal's due": _set("goals", "due", lambda _, turn: AT - timedelta(days=turn + 1)),
    "a skill's name": _set("skills", "name", lambda _, turn: f"Renamed {turn}"),
}
"""Every other field a rule may read: the goal says "whichever field"."""

COMING_AND_GOING: Mapping[str, Edit] = {
    "nothing, but adding a position": lambda model, turn: model.add(co.evolve(_leaf(model, turn)[0], id=f"new-{turn}")),
    "nothing, but removing a person": lambda model, turn: model.remove(_nth(model.people, turn).ref, dangling=True),
}
"""Not edits of a record, so that no goal is set: the ids change, and with them all that looks anything up."""


def measure(sizes: Sequence[int]) -> list[Result]:
    found = []
    for size in sizes:
        found += _measure(size)
    return found


def _measure(size: int) -> list[Result]:
    first = organisation(size)
    with_columns(first)
    report = first.check(AT)
    if report.findings:
        raise AssertionError(f"the organisation is not healthy:\n{report}")
    rows = [Result(ROW, "records of every kind", size, len(first), unit="records")]
    clock = _Clock(first)
    clock.take_all(EDITS, REPEAT if size <= JUDGED_AT else 1, in_full=True)
    if size == JUDGED_AT:
        # Whether a report is right does not depend on the size, so only the smaller ones are compared in full.
        clock.take_all({**OTHERS, **COMING_AND_GOING}, 2, in_full=False)
    elif size < JUDGED_AT:
        _Clock(first).take_all({**OTHERS, **COMING_AND_GOING}, 1, in_full=True)
    rows += clock.results(size, "")
    if size == JUDGED_AT:
        faulty = _with_faults(first)
        faulty.check(AT)
        clock = _Clock(faulty)
        clock.take_all(EDITS, 2, in_full=True)
        rows += clock.results(size, ", 1 record in 100 at fault")
    return rows


def _with_faults(model: co.OperatingModel) -> co.OperatingModel:
    """Return the organisation with something wrong with every hundredth record of most kinds."""
    return model.replace(
        *(co.evolve(unit, heads=()) for unit in model.units.records[::100]),
        *(co.evolve(p, reports_to=f"nobody-{p.id}") for p in model.positions.records[::100]),
        *(co.evolve(a, fte=Decimal(2)) for a in model.assignments.records[::100]),
        *(co.evolve(a, period=co.DateRange(AT)) for a in model.absences.records[::100]),
        *(co.evolve(d, deputy=d.position) for d in model.deputies.records[::100]),
        *(co.evolve(t, people=(), period=co.DateRange(AT)) for t in model.trainings.records[::100]),
        *(co.evolve(i, metric=None) for i in model.incentives.records[::100]),
        *(co.evolve(m, purpose="", start="2026-03-02T08:00") for m in model.meetings.records[::100]),
    )


class _Clock:
    """Times checks of a model after edits, and full checks of the same records."""

    def __init__(self, first: co.OperatingModel) -> None:
        self.first = first
        self.full: list[float] = []
        self.again: dict[str, list[float]] = {}
        self._turn = 0

    def take_all(self, edits: Mapping[str, Edit], rounds: int, in_full: bool) -> None:
        """Time edits in turn, several rounds of them."""
        for _ in range(rounds):
            for name, edit in edits.items():
                self.take(name, edit, in_full)

    def take(self, name: str, edit: Edit, in_full: bool) -> None:
        """Time one edit with the check after it, and compare with a full check of a model built anew."""
        self._turn += 1
        took, (edited, seen) = clocked(lambda: _edit_and_check(self.first, edit, self._turn))
        self.again.setdefault(name, []).append(took)
        if in_full:
            anew = fresh_copy(edited)
            took, expected = clocked(lambda: anew.check(AT))
            self.full.append(took)
            if seen != expected:
                raise AssertionError(f"{name}: the report differs from that of a model built anew")

    def results(self, size: int, how: str) -> list[Result]:
        """Return the shortest times."""
        whole, judged = min(self.full), size == JUDGED_AT
        rows = [Result(ROW, f"full check{how}", size, whole)]
        for name, took in self.again.items():
            job = f"again after editing {name}{how}"
            goal = None if name in COMING_AND_GOING else GOAL
            rows.append(Result(ROW, job, size, min(took), "full check", whole, goal, judged))
        return rows


def _edit_and_check(model: co.OperatingModel, edit: Edit, turn: int) -> tuple[co.OperatingModel, co.Report]:
    edited = edit(model, turn)
    return edited, edited.check(AT)
