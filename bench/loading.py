"""Loading a document and checking every reference, against pydantic reading the same text into strict models.

The row with a goal reads records of ten plain keys. The organisation's own document, with its periods, amounts and
skills, is measured beside it; so is making every record, which `loads` leaves until one is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Literal

import pydantic

import community_ops as co
from bench.organisations import AT, SEED, collector_off, document, lines
from bench.timing import Job, Result, in_turn
from community_ops.kernel.codec import FORMAT, VERSION
from community_ops.kernel.relations import dangling

ROW = "load"
GOAL = 1.5
JUDGED_AT = 100_000
PEER = "pydantic model_validate_json"


class Peer(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True, frozen=True)


class Period(Peer):
    start: date | None = None
    end: date | None = None


class Money(Peer):
    amount: Decimal
    currency: str


class SkillLevel(Peer):
    skill: str
    level: int = pydantic.Field(default=3, ge=1)


class Unit(Peer):
    id: str
    name: str
    parent: str | None = None
    kind: Literal["organisation", "division", "department", "team", "group", "network"] = "team"
    mission: str = ""
    heads: tuple[str, ...] = ()
    mandates: tuple[str, ...] = ()
    period: Period | None = None
    extra: dict[str, Any] = {}


class Position(Peer):
    id: str
    title: str
    unit: str
    reports_to: str | None = None
    seats: int = pydantic.Field(default=1, ge=0)
    seat_fte: Decimal = pydantic.Field(default=Decimal(1), ge=0)
    level: str | None = None
    status: Literal["planned", "approved", "hiring", "frozen", "closed"] = "approved"
    independent_of: tuple[str, ...] = ()
    requires: tuple[SkillLevel, ...] = ()
    monthly_cost: Money | None = None
    mission: str = ""
    period: Period | None = None
    opened: date | None = None
    extra: dict[str, Any] = {}


class Person(Peer):
    id: str
    name: str
    email: str | None = None
    employment: Period | None = None
    skills: tuple[SkillLevel, ...] = ()
    extra: dict[str, Any] = {}


class Assignment(Peer):
    id: str
    person: str
    position: str
    fte: Decimal = pydantic.Field(default=Decimal(1), ge=0)
    period: Period | None = None
    acting: bool = False
    extra: dict[str, Any] = {}


class ReportingLine(Peer):
    id: str
    position: str
    manager: str
    kind: Literal["solid", "functional", "project", "administrative"] = "functional"
    period: Period | None = None
    extra: dict[str, Any] = {}


class Duty(Peer):
    id: str
    name: str
    part_of: str | None = None
    owner: str | None = None
    description: str = ""
    extra: dict[str, Any] = {}


class Responsibility(Peer):
    id: str
    subject: str
    position: str
    role: Literal["responsible", "accountable", "consulted", "informed"] = "responsible"
    period: Period | None = None
    extra: dict[str, Any] = {}


class Goal(Peer):
    id: str
    name: str
    parent: str | None = None
    unit: str | None = None
    owner: str | None = None
    description: str = ""
    extra: dict[str, Any] = {}


class Skill(Peer):
    id: str
    name: str
    description: str = ""
    extra: dict[str, Any] = {}


class Document(Peer):
    format: Literal["community-ops"]
    version: Literal[2]
    units: list[Unit] = []
    positions: list[Position] = []
    people: list[Person] = []
    assignments: list[Assignment] = []
    reporting_lines: list[ReportingLine] = []
    duties: list[Duty] = []
    responsibilities: list[Responsibility] = []
    goals: list[Goal] = []
    skills: list[Skill] = []


def ten_keys(count: int) -> str:
    """Return a document of a number of positions with ten keys each, and the units they sit in."""
    random = Random(SEED)
    ids, above = lines(count)
    opened = [date.fromordinal(AT.toordinal() - days).isoformat() for days in range(60)]
    positions = [
        {
            "id": id,
            "title": f"Position {place}",
            "unit": f"u{place // 10}",
            "reports_to": up,
            "level": random.choice(("executive", "manager", "staff")),
            "seats": random.randint(1, 4),
            "status": random.choice(("approved", "hiring", "frozen")),
            "opened": random.choice(opened),
            "seat_fte": random.choice(("1", "0.5", "0.80")),
            "mission": f"Answers for {place}",
        }
        for place, (id, up) in enumerate(zip(ids, above, strict=True))
    ]
    units = [{"id": f"u{number}", "name": f"Unit {number}"} for number in range((count + 9) // 10)]
    return json.dumps({"format": FORMAT, "version": VERSION, "units": units, "positions": positions})


def load(text: str) -> co.OperatingModel:
    """Load a model and look whether every reference leads somewhere."""
    model = co.loads(text)
    for relation in model.schema.relations:
        if dangling(model, relation.kind, relation.name):
            raise AssertionError(f"{relation} dangles")
    return model


def load_whole(text: str) -> co.OperatingModel:
    """Load a model, look at every reference and make every record."""
    model = load(text)
    for table in model.tables:
        _ = table.records
    return model


def measure(sizes: Sequence[int]) -> list[Result]:
    found = []
    for size in sizes:
        found += _ten_keys(size)
        if size <= JUDGED_AT:
            found += _organisation(size)
    return found


def _ten_keys(size: int) -> list[Result]:
    what, text = "records of ten keys", ten_keys(size)
    jobs = _jobs(text)
    best = in_turn(jobs, 5 if size <= JUDGED_AT else 2)
    with collector_off():
        still = in_turn(jobs, 3 if size <= JUDGED_AT else 1)
    judged = size == JUDGED_AT
    return [
        Result(ROW, f"{what}: load, check references", size, best["ours"], PEER, best["peer"], GOAL, judged),
        Result(ROW, f"{what}: the same, collector off", size, still["ours"], PEER, still["peer"], GOAL, judged),
        Result(ROW, f"{what}: the same, every record made", size, best["whole"], PEER, best["peer"]),
    ]


def _organisation(size: int) -> list[Result]:
    with collector_off():
        text = json.dumps(document(size))
    jobs = _jobs(text)
    del jobs["whole"]
    best = in_turn(jobs, 3 if size < JUDGED_AT else 2)
    return [Result(ROW, "an organisation: load, check references", size, best["ours"], PEER, best["peer"])]


def _jobs(text: str) -> dict[str, Job]:
    ours, theirs = load(text), Document.model_validate_json(text)
    held = {name: len(getattr(theirs, name)) for name in ours.schema.tables}
    if {table.kind.table: len(table) for table in ours.tables} != held:
        raise AssertionError("the two read different documents")
    return {
        "peer": lambda: Document.model_validate_json(text),
        "ours": lambda: load(text),
        "whole": lambda: load_whole(text),
    }
