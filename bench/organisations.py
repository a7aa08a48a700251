"""Organisations of any size from a seed: realistic in shape, and healthy by every built-in rule.

One company with one top. Managers have 3 to 12 direct reports and head a unit in which they and those of their
reports who manage nobody sit. Most positions are one full-time seat; some are part-time, shared, of several seats,
or open for a few weeks. Some people came after a predecessor, some lines are functional, a few are secondments.
Every unit has a duty with its RACI letters; internal audit answers to the top only. Who is away, who stands in, who
meets and who learns is in `everyday`, what is planned in `planning`.

Numbers go to positions at random, and tables are in the order of the numbers, as in an export from an HR system:
neighbours in the tree are no neighbours in the table.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

from attrs import define, frozen

import community_ops as co
from bench.everyday import Everyday
from bench.planning import Planning
from community_ops.kernel.codec import envelope, from_data

Row = dict[str, Any]

SEED = 20260302
AT = date(2026, 3, 2)
"""The day on which the organisations are healthy."""

NARROWEST, WIDEST = 3, 12
_FUNCTIONS = (
    "Finance", "Community", "Content", "Marketing", "Customer service", "Product", "Technology", "Operations",
    "People", "Partnerships", "Events", "Research",
)  # fmt: skip
_TRADES = ("specialist", "analyst", "coordinator", "editor", "engineer", "agent", "planner", "designer")
_SKILLS = tuple(f"skill-{number:02d}" for number in range(40))


@frozen
class Tree:
    """Who is above whom, nodes numbered from the top down.

    Attributes:
        above: the node above each; -1 for the top.
        reports: the nodes directly below every node that has any.
    """

    above: list[int]
    reports: dict[int, list[int]]


def grow(count: int, random: Random) -> Tree:
    """Return a tree of a number of nodes, every manager with 3 to 12 direct reports.

    Below 4 nodes there are too few for that: then the top has the others.
    """
    if count < 1:
        raise ValueError(f"an organisation has at least one position, not {count}")
    above, reports = [-1], {}
    waiting = [(0, count - 1)]
    while waiting:
        manager, below = waiting.pop()
        parts = _parts(below, random) if below > WIDEST else []
        first = len(above)
        waiting.extend((first + i, size - 1) for i, size in enumerate(parts))
        above.extend([manager] * (len(parts) + below - sum(parts)))
        if below:
            reports[manager] = list(range(first, len(above)))
    return Tree(above, reports)


def _parts(below: int, random: Random) -> list[int]:
    """Return the sizes of the parts into which a manager divides those below who are not direct reports alone."""
    number = min(random.randint(6, 9), below // 6)
    alone = random.randint(2, 3) if number < 6 else random.randint(0, 3)
    weights = [random.uniform(0.6, 1.4) for _ in range(number)]
    least = NARROWEST + 1
    spare = below - alone - least * number
    total = sum(weights)
    sizes = [least + int(spare * weight / total) for weight in weights]
    sizes[0] += below - alone - sum(sizes)
    return sizes


def lines(positions: int, seed: int = SEED) -> tuple[list[str], list[str | None]]:
    """Return the ids of an organisation's positions, in table order, and the id above each."""
    random = Random(seed)
    tree = grow(positions, random)
    names = _names(positions, random)
    above = sorted(zip(names, [names[up] if up >= 0 else None for up in tree.above], strict=True))
    return [name for name, _ in above], [up for _, up in above]


def _names(count: int, random: Random) -> list[str]:
    numbers = list(range(count))
    random.shuffle(numbers)
    return [f"p{number:07d}" for number in numbers]


def organisation(positions: int, seed: int = SEED) -> co.OperatingModel:
    """Return a healthy organisation with a number of positions; the same one for the same seed."""
    with collector_off():
        return from_data(document(positions, seed), co.OperatingModel)


def document(positions: int, seed: int = SEED) -> dict[str, Any]:
    """Return `organisation` as the data of a JSON document; about five records for every position."""
    random = Random(seed)
    tree = grow(positions, random)
    company = _Company(tree, _names(positions, random), random)
    people, assignments = company.holders()
    duties, responsibilities, goals = company.duties()
    rows = company.positions()
    everyday = company.everyday(rows, people, assignments)
    tables = everyday.tables()
    return {
        **envelope(co.OperatingModel),
        "units": list(company.units()),
        "positions": rows,
        "people": people,
        "assignments": assignments,
        "reporting_lines": list(company.lines()),
        "duties": duties,
        "responsibilities": responsibilities,
        "goals": goals,
        "skills": [{"id": name, "name": name.replace("-", " ").capitalize()} for name in _SKILLS],
        **tables,
        **company.planning(everyday, tables["absences"], seed).tables(),
    }


@contextmanager
def collector_off() -> Iterator[None]:
    """Do without the garbage collector while millions of things are made that all stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _days_before(count: int) -> str:
    return (AT - timedelta(days=count)).isoformat()


@frozen
class _Staffing:
    """How a position is filled.

    Attributes:
        seats: how many seats it has.
        fte: full-time equivalents of one seat.
        holders: full-time equivalents of everyone who holds it.
    """

    seats: int = 1
    fte: str = "1"
    holders: tuple[str, ...] = ("1",)

    @property
    def plain(self) -> bool:
        """Whether it is one seat that is filled."""
        return self.seats == 1 and bool(self.holders)


_FULL = _Staffing()
_OPEN = _Staffing(holders=())
_SHARED = _Staffing(holders=("0.5", "0.5"))
_PART_TIME = tuple(_Staffing(fte=fte, holders=(fte,)) for fte in ("0.5", "0.6", "0.8"))


@define(slots=False)
class _Company:
    """An organisation in the making; its methods draw from one random source, so their order matters."""

    tree: Tree
    names: list[str]
    random: Random

    def __attrs_post_init__(self) -> None:
        reports = self.tree.reports
        self.heads = list(reports) or [0]
        units = {manager: f"u{number:06d}" for number, manager in enumerate(self.heads)}
        self.homes = [units.get(node) or units[up] for node, up in enumerate(self.tree.above)]
        managers = [node for node in reports.get(0, ()) if node in reports]
        self.auditor = managers[-1] if len(managers) > 1 else None
        self.below = {manager: len(nodes) for manager, nodes in reports.items()}
        """How many people report to every manager."""
        self.staffing = [self._fill(node, up) for node, up in enumerate(self.tree.above)]

    @cached_property
    def in_order(self) -> list[int]:
        """The nodes in the order of their numbers."""
        return sorted(range(len(self.names)), key=self.names.__getitem__)

    def _fill(self, node: int, up: int) -> _Staffing:
        draw = self.random.random()
        if node == 0 or node in self.tree.reports or draw > 0.13:
            return _FULL
        if draw < 0.02:
            return _OPEN
        if draw < 0.06:
            return self.random.choice(_PART_TIME)
        room = WIDEST - self.below[up]
        if not room:
            return _FULL
        if draw < 0.07:
            self.below[up] += 1
            return _SHARED
        seats = self.random.randint(2, min(6, room + 1))
        self.below[up] += seats - 1
        return _Staffing(seats, "1", ("1",) * self.random.randint(seats - 1, seats))

    # -- units and positions -----------------------------------------------------------------------------------

    def units(self) -> Iterator[Row]:
        for number, node in enumerate(self.heads):
            up, home = self.tree.above[node], self.homes[node]
            divided = any(report in self.tree.reports for report in self.tree.reports.get(node, ()))
            name = "Company" if up < 0 else f"{self._function(node)} {number}"
            yield {
                "id": home,
                "name": "Internal audit" if node == self.auditor else name,
                "parent": None if up < 0 else self.homes[up],
                "kind": "organisation" if up < 0 else "department" if divided else "team",
                "heads": [self.names[node]],
                "mandates": [f"d-{home}"],
            }

    def _function(self, node: int) -> str:
        return _FUNCTIONS[node % len(_FUNCTIONS)]

    def positions(self) -> list[Row]:
        return [self._position(node) for node in self.in_order]

    def _position(self, node: int) -> Row:
        random, up, staffing = self.random, self.tree.above[node], self.staffing[node]
        manages = node in self.tree.reports
        title = f"Head of {self._function(node)}" if manages else f"{self._function(up)} {random.choice(_TRADES)}"
        row: Row = {
            "id": self.names[node],
            "title": "General manager" if up < 0 else "Head of internal audit" if node == self.auditor else title,
            "unit": self.homes[node],
            "reports_to": None if up < 0 else self.names[up],
            "level": ("executive" if up <= 0 else "manager") if manages else "staff",
            "monthly_cost": {
                "amount": f"{random.randint(30, 60) if manages else random.randint(8, 25)}000",
                "currency": "CNY",
            },
        }
        if staffing is not _FULL:
            row["seats"], row["seat_fte"] = staffing.seats, staffing.fte
        if not staffing.holders:
            row["status"], row["opened"] = "hiring", _days_before(random.randint(1, 60))
        if node == self.auditor:
            row["independent_of"] = [self.homes[self.tree.reports[0][0]]]
        if not manages and random.random() < 0.3:
            row["requires"] = [self._skill(1)]
        return row

    def _skill(self, least: int) -> Row:
        return {"skill": self.random.choice(_SKILLS), "level": self.random.randint(least, 5)}

    # -- people ------------------------------------------------------------------------------------------------

    def holders(self) -> tuple[list[Row], list[Row]]:
        people: list[Row] = []
        assignments: list[Row] = []

        def hold(node: int, fte: str, period: Row | None) -> None:
            number = len(people)
            person: Row = {"id": f"e{number:07d}", "name": f"Person {number}", "email": f"p{number}@example.com"}
            held: Row = {"id": f"a{number:07d}", "person": person["id"], "position": self.names[node], "fte": fte}
            if period:
                person["employment"] = held["period"] = period
            if self.random.random() < 0.3:
                person["skills"] = [self._skill(2)]
            people.append(person)
            assignments.append(held)

        for node in self.in_order:
            for seat, fte in enumerate(self.staffing[node].holders):
                since = self.random.randint(30, 4000)
                if seat == 0 and self.random.random() < 0.1:
                    joined = since + self.random.randint(200, 3000)
                    hold(node, fte, {"start": _days_before(joined), "end": _days_before(since + 1)})
                # What was so before anybody kept records has no period.
                hold(node, fte, {"start": _days_before(since)} if self.random.random() < 0.9 else None)
        return people, assignments

    def everyday(self, positions: list[Row], people: list[Row], assignments: list[Row]) -> Everyday:
        """Return what makes up everything beside the chart."""
        holders: dict[str, list[str]] = {}
        for row in assignments:
            if "end" not in row.get("period", {}):
                holders.setdefault(row["position"], []).append(row["person"])
        depths: list[int] = []
        for up in self.tree.above:
            depths.append(0 if up < 0 else depths[up] + 1)
        return Everyday(
            AT, self.random, self.names, self.homes, depths, self.tree.reports, self.auditor,
            {row["id"]: row for row in positions}, people, holders,
        )  # fmt: skip

    def planning(self, everyday: Everyday, absences: list[Row], seed: int) -> Planning:
        """Return what departments plan; it draws from a source of its own, so that all else stays as it is."""
        return Planning(
            AT, Random(seed), everyday.departments(), self.tree.above, self.names, self.homes, self.tree.reports,
            everyday.holders, everyday.positions, absences,
        )  # fmt: skip

    # -- lines and duties --------------------------------------------------------------------------------------

    def lines(self) -> Iterator[Row]:
        managers = [node for node in self.tree.reports if node != self.auditor]
        spans = {manager: len(nodes) for manager, nodes in self.tree.reports.items()}
        seconded = {"start": _days_before(30), "end": _days_before(-60)}
        for node, up in enumerate(self.tree.above):
            draw = self.random.random()
            if node in self.tree.reports or up <= 0 or up == self.auditor or draw > 0.032:
                continue
            to = self.random.choice(managers)
            line: Row = {"id": f"l-{self.names[node]}", "position": self.names[node], "manager": self.names[to]}
            comes = len(self.staffing[node].holders)
            if to == up:
                continue
            if draw < 0.03:
                yield line if draw < 0.02 else {**line, "period": seconded}
            elif self.below[to] + comes <= WIDEST and spans[up] > NARROWEST:
                self.below[to] += comes
                spans[up] -= 1
                yield {**line, "kind": "solid", "period": seconded}

    def duties(self) -> tuple[list[Row], list[Row], list[Row]]:
        duties: list[Row] = []
        roles: list[Row] = []
        goals: list[Row] = []

        def give(home: str, node: int, role: str) -> None:
            subject, position = f"duty:d-{home}", self.names[node]
            roles.append({"id": f"r-{home}-{role}", "subject": subject, "position": position, "role": role})

        for node in self.heads:
            reports, up, home = self.tree.reports.get(node, ()), self.tree.above[node], self.homes[node]
            duty: Row = {"id": f"d-{home}", "name": f"Work of {home}"}
            duties.append(duty)
            if up >= 0:
                duty["part_of"] = f"d-{self.homes[up]}"
                give(home, up, "informed")
            if self.random.random() < 0.8:
                duty["owner"] = self.names[node]
            else:
                give(home, node, "accountable")
            workers = [report for report in reports if self.staffing[report].plain] or [node]
            give(home, self.random.choice(workers), "responsible")
            if any(report in self.tree.reports for report in reports):
                goal = {
                    "id": f"g-{home}", "name": f"Improve {home}", "unit": home, "owner": self.names[node],
                    "metric": f"m-{home}", "target": "100", "due": _days_before(-300),
                }  # fmt: skip
                goals.append({**goal, "parent": f"g-{self.homes[up]}"} if up >= 0 else goal)
        return duties, roles, goals
