"""Work that nobody is there to do."""

from __future__ import annotations

from datetime import date

from community_ops import (
    Allocation,
    Assignment,
    Calendar,
    DateRange,
    Duration,
    Link,
    OperatingModel,
    Person,
    Plan,
    Policy,
    Position,
    Task,
    Unit,
)

MONDAY = date(2026, 3, 2)
BASE = [
    Unit(id="hq", name="HQ"),
    Plan(id="p", name="Launch", start=MONDAY),
    *[Position(id=id, title=id.title(), unit="hq") for id in ("writer", "editor")],
]


def effort(id, *positions, **fields):
    shares = [Allocation(position) for position in positions]
    return Task(id=id, name=id.title(), plan="p", effort=Duration(4), allocations=shares, **fields)


def judged(*records, at=MONDAY):
    report = OperatingModel.of(*BASE, *records).check(at, select=["PLN403"])
    return [(finding.subject.id, finding.message) for finding in report.findings]


def test_one_finding_names_what_stands_still_and_not_what_waits_for_it():
    waits = Task(id="print", name="Print", plan="p", duration=Duration(1), links=[Link("write")])
    found = judged(effort("write", "writer"), effort("check", "writer", "editor"), waits)
    said = "Launch: Write and Check will never be finished as things stand, since nobody is there to do it as "
    assert found == [("p", said + "Writer and Editor.")]


def test_somebody_who_leaves_too_early_is_not_enough():
    ann = Person(id="ann", name="Ann")
    leaves = Assignment(id="a", person="ann", position="writer", period=DateRange(None, date(2026, 3, 4)))
    assert len(judged(effort("write", "writer"), ann, leaves)) == 1
    assert judged(effort("write", "writer"), ann, Assignment(id="a", person="ann", position="writer")) == []


def test_a_policy_that_says_when_it_will_be_filled_is_heeded():
    filled = Policy(id="b", rule="PLN403", values={"backfill": "2026-04-01"})
    assert judged(effort("write", "writer"), filled) == []


def test_a_plan_whose_calendar_ends_too_early_for_what_is_left_is_for_other_rules():
    shifts = {"2026-03-02": (("09:00", "17:00"),), "2026-03-03": (("09:00", "17:00"),)}
    short = Calendar(id="short", shifts=shifts)
    late = Task(id="t", name="T", plan="q", duration=Duration(2))
    plan = Plan(id="q", name="Q", start=MONDAY, calendar="short")
    assert judged(short, plan, late, at=date(2026, 3, 3)) == []
