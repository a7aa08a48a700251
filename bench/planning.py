"""What an organisation that `organisations` made up plans: a plan for every division, and all that steers it.

Every department, a unit whose head manages managers, has a goal, a strategy towards it that rests on a study, and six
weeks of work, one after the other, in the plan of its division: the department directly below the top that it belongs
to. A division's plan serves its goal, begins and ends with a milestone, and has a baseline, which is the plan as it was
made, after a decision that was approved. Two of the six weeks are over: what is done was done in time, at the cost that
was planned, and passed its review. What is left is done by people of the department who manage nobody and are there
while it is done; whoever leads the division, or another who is there, answers for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from attrs import define

Row = dict[str, Any]
_AREAS = ("positioning", "operation", "promotion", "service", "control", "operation")
_STUDIES = ("market", "competitor", "audience", "content")
_WEEKS, _DONE = len(_AREAS), 2
_CALENDAR = "office"


@define
class Planning:
    """What is planned beside the chart.

    Attributes:
        at: the Monday on which the organisation is healthy.
        random: the source of what is drawn.
        departments: the nodes that head departments.
        above: the node above each; -1 for the top.
        names: the id of the position of every node.
        homes: the id of the unit of every node.
        reports: the nodes directly below every node that has any.
        holders: the ids of the people who hold each position on the day.
        positions: the rows of positions, by id.
        absences: the rows of absences.
    """

    at: date
    random: Random
    departments: Sequence[int]
    above: Sequence[int]
    names: Sequence[str]
    homes: Sequence[str]
    reports: Mapping[int, Sequence[int]]
    holders: Mapping[str, Sequence[str]]
    positions: Mapping[str, Row]
    absences: Sequence[Row]

    def tables(self) -> dict[str, list[Row]]:
        """Return the rows of all tables."""
        away = self._away()
        leads = [self.names[node] for node in self.departments if self._free(self.names[node], away)]
        divisions: dict[int, list[Row]] = {}
        studies, strategies = [], []
        for number, node in enumerate(self.departments):
            workers = [self.names[one] for one in self.reports[node] if one not in self.reports]
            there = [name for name in workers if self._free(name, away)]
            division = self._division(node)
            head = self.names[division]
            owner = head if head in leads or not leads else leads[division % len(leads)]
            studies.append(self._study(number, node))
            strategies.append(self._strategy(number, node))
            divisions.setdefault(division, []).extend(self._work(node, owner, there))
        plans = {node: self._with_milestones(node, tasks) for node, tasks in divisions.items()}
        week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
        return {
            "calendars": [{"id": _CALENDAR, "name": "Office", "hours": week}] if plans else [],
            "studies": studies,
            "strategies": strategies,
            "plans": [self._plan(node) for node in plans],
            "tasks": [task for tasks in plans.values() for task in tasks],
            "baselines": [self._baseline(node, tasks) for node, tasks in plans.items()],
            "decisions": [self._decision(node) for node in plans],
        }

    def _away(self) -> set[str]:
        """Return who is away at some time while plans go on."""
        first, last = self._day(0), self._day(7 * _WEEKS)
        periods = [(row["person"], row["period"]) for row in self.absences]
        return {person for person, period in periods if period["start"] <= last and period["end"] >= first}

    def _free(self, name: str, away: set[str]) -> bool:
        """Tell whether a position is one full seat, held by somebody who is there all the time."""
        row, who = self.positions[name], self.holders.get(name, ())
        return row.get("seats", 1) == 1 and row.get("seat_fte", "1") == "1" and len(who) == 1 and who[0] not in away

    def _division(self, node: int) -> int:
        while self.above[node] > 0:
            node = self.above[node]
        return node

    def _day(self, days: int) -> str:
        """Return a day of the plans, the first of which is 0."""
        return (self.at + timedelta(days - 7 * _DONE)).isoformat()

    # -- what steers ---------------------------------------------------------------------------------------------

    def _study(self, number: int, node: int) -> Row:
        home = self.homes[node]
        return {
            "id": f"study-{home}", "name": f"Study of {home}", "kind": _STUDIES[number % len(_STUDIES)],
            "question": "What is asked for?", "conclusion": "More of it.", "concluded": self._day(-60),
            "valid_until": self._day(400), "owner": self.names[node],
        }  # fmt: skip

    def _strategy(self, number: int, node: int) -> Row:
        home = self.homes[node]
        return {
            "id": f"way-{home}", "name": f"Strategy of {home}", "area": _AREAS[number % 5], "goals": [f"g-{home}"],
            "studies": [f"study-{home}"], "owner": self.names[node],
        }  # fmt: skip

    def _plan(self, node: int) -> Row:
        home = self.homes[node]
        return {
            "id": f"plan-{home}", "name": f"Plan of {home}", "start": self._day(0), "calendar": _CALENDAR,
            "unit": home, "owner": self.names[node], "goals": [f"g-{home}"],
        }  # fmt: skip

    def _decision(self, node: int) -> Row:
        home = self.homes[node]
        return {
            "id": f"decision-{home}", "name": "Begin in spring", "plan": f"plan-{home}", "tasks": [f"end-{home}"],
            "status": "approved", "proposed": self._day(-9), "decided": self._day(-2), "decided_by": self.names[node],
            "baseline": f"base-{home}",
        }  # fmt: skip

    def _baseline(self, node: int, tasks: Sequence[Row]) -> Row:
        home = self.homes[node]
        return {
            "id": f"base-{home}", "name": "As approved", "plan": f"plan-{home}", "since": self._day(0),
            "approved_by": self.names[node], "tasks": [self._promise(task) for task in tasks],
        }  # fmt: skip

    def _promise(self, task: Row) -> Row:
        """Return what the baseline says of a task: the weeks that it takes."""
        kind, week = task.get("kind", "task"), task["extra"]["week"]
        first, last = (0, _WEEKS - 1) if week is None else (week, week)
        start, finish = f"{self._day(7 * first)}T09:00:00+00:00", f"{self._day(7 * last + 4)}T17:00:00+00:00"
        row: Row = {
            "task": task["id"], "name": task["name"], "start": start, "finish": finish, "kind": kind,
            "work": f"PT{40 * (last - first + 1)}H",
        }  # fmt: skip
        if kind == "milestone":
            moment = finish if week else start
            return {**row, "start": moment, "finish": moment, "work": "PT0S"}
        if week is None:
            return {**row, "kind": "summary"}
        return {**row, "area": task["area"], "parent": task["parent"], "cost": task["planned_cost"]}

    # -- what is done --------------------------------------------------------------------------------------------

    def _work(self, node: int, owner: str, there: Sequence[str]) -> Iterator[Row]:
        """Yield the work of a department: a summary, and a task for each week."""
        home, division = self.homes[node], self.homes[self._division(node)]
        shared = {"plan": f"plan-{division}", "owner": owner}
        yield {**shared, "id": f"do-{home}", "name": f"Work of {home}", "extra": {"week": None}}
        for week, area in enumerate(_AREAS):
            row: Row = {
                **shared, "id": f"do-{home}-{week}", "name": f"Week {week} of {home}", "parent": f"do-{home}",
                "area": area, "links": [{"task": f"do-{home}-{week - 1}" if week else f"begin-{division}"}],
                "planned_cost": {"amount": f"{self.random.randint(5, 50)}00", "currency": "CNY"},
                "deliverables": [{"name": "Result", "criteria": ["It is used"], "reviewer": owner}],
                "extra": {"week": week},
            }  # fmt: skip
            if there:
                row["allocations"] = [{"position": self.random.choice(there)}]
            # Every other week is so much work rather than so much time: its dates hang on who is there.
            row["effort" if there and week % 2 else "duration"] = {"amount": "5"}
            yield {**row, **self._done(week, row)} if week < _DONE else row

    def _done(self, week: int, row: Row) -> Row:
        """Return what is recorded of a week's work that is over."""
        monday, wednesday, friday = (self._day(7 * week + day) for day in (0, 2, 4))
        (deliverable,) = row["deliverables"]
        return {
            "percent_complete": "100",
            "progress": [{"day": wednesday, "percent": "60"}, {"day": friday, "percent": "100"}],
            "actual_start": monday,
            "actual_finish": friday,
            "costs": [{"day": friday, "amount": row["planned_cost"]}],
            "deliverables": [{**deliverable, "result": "passed", "reviewed": friday}],
        }

    def _with_milestones(self, node: int, tasks: Sequence[Row]) -> list[Row]:
        home, ends = self.homes[node], [row["id"] for row in tasks if row["extra"]["week"] == _WEEKS - 1]
        shared = {"plan": f"plan-{home}", "kind": "milestone", "owner": tasks[0]["owner"]}
        day = self._day(0)
        begin = {"percent_complete": "100", "actual_start": f"{day}T09:00:00Z", "actual_finish": f"{day}T09:00:00Z"}
        return [
            {**shared, **begin, "id": f"begin-{home}", "name": f"Begin of {home}", "extra": {"week": 0}},
            *tasks,
            {
                **shared, "id": f"end-{home}", "name": f"End of {home}", "links": [{"task": end} for end in ends],
                "extra": {"week": _WEEKS - 1},
            },
        ]  # fmt: skip
