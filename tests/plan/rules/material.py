"""A healthy plan of twenty tasks, and what makes it ill."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve

import community_ops as co
from community_ops import Duration, Estimate, Link, OperatingModel, Plan, Record, Task

MONDAY = date(2026, 3, 2)
SCHEDULE = ["PLN1", "PLN2", "PLN3", "PLN4"]
"""The rules of the schedule; those on progress, cost and goals have tests of their own."""
OFFICE = co.Calendar(
    id="office",
    name="Office",
    timezone="Asia/Shanghai",
    hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "12:00"), ("13:00", "18:00"))),
    covers=co.DateRange(date(2026, 1, 1), date(2026, 12, 31)),
)
STAFF: list[Record] = [
    co.Unit(id="hq", name="HQ", kind="organisation", heads=["boss"], calendar="office"),
    co.Position(id="boss", title="Boss", unit="hq"),
    co.Position(id="aide", title="Aide", unit="hq", reports_to="boss"),
    co.Person(id="ann", name="Ann"),
    co.Person(id="ben", name="Ben"),
    co.Assignment(id="ann-boss", person="ann", position="boss"),
    co.Assignment(id="ben-aide", person="ben", position="aide"),
]


def task(id: str, days: int | None, *after: str | Link, **fields: Any) -> Task:
    """Return a task of the plan `p` of some days that follows others."""
    values = {
        "id": id,
        "name": id.title(),
        "plan": "p",
        "duration": None if days is None else Duration(days),
        "links": tuple([link if isinstance(link, Link) else Link(link) for link in after]),
    }
    return Task(**{**values, **fields})


def plan(**fields: Any) -> Plan:
    """Return the plan `p`, from Monday on, by the office's calendar."""
    return Plan(
        **{"id": "p", "name": "Plan", "start": MONDAY, "calendar": "office", "unit": "hq", "owner": "boss", **fields}
    )


def tasks() -> list[Task]:
    """Return twenty tasks: two summaries, a chain in each, one of them forked; a level of effort; the end.

    The chain of `a` takes 2+1+3+3+3+1 days, `a4` beside `a3`; that of `b`, 9 tasks of 1 day, comes after `a`.
    """
    first = task("a", None, owner="boss")
    chain = [
        task("a1", 2, parent="a"),
        task("a2", 1, "a1", parent="a"),
        task("a3", 3, "a2", parent="a"),
        task("a4", None, "a2", parent="a", estimate=Estimate(1, 2, 3)),
        task("a5", 3, "a3", "a4", parent="a"),
        task("a6", 3, "a5", parent="a"),
        task("a7", 1, "a6", parent="a"),
    ]
    second = task("b", None, "a", owner="aide")
    others = [task("b1", 1, parent="b")]
    others += [task(f"b{i}", 1, f"b{i - 1}", parent="b") for i in range(2, 10)]
    goes_on = task("answer", None, Link("a", "SS"), kind="level_of_effort", owner="aide")
    end = task("end", None, "b", kind="milestone", owner="boss", deadline=date(2026, 4, 30))
    return [first, *chain, second, *others, goes_on, end]


def healthy(*more: Record, without: tuple[str, ...] = (), **edits: dict[str, Any]) -> OperatingModel:
    """Return a model with a plan without fault.

    Args:
        *more: further records.
        without: the ids of tasks to leave out.
        **edits: by the id of a task or `p` for the plan, fields to put in place of its own.
    """
    records: list[Record] = [*STAFF, OFFICE, plan(), *[one for one in tasks() if one.id not in without]]
    kept = [evolve(record, **edits.pop(record.id, {})) for record in records]  # type: ignore[misc]
    assert not edits, f"there is nothing called {', '.join(edits)}"
    return OperatingModel.of(*kept, *more)


def found(model: OperatingModel, at: date | None = MONDAY) -> list[tuple[str, str]]:
    """Return code and subject of what the rules of the schedule find."""
    return [(one.code, one.subject.id) for one in model.check(at, select=SCHEDULE).findings]
