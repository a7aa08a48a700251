"""Reading a spreadsheet of posts: a CSV file becomes a model with its lines, and a report of all that is odd about it.

The peer does what people write by hand: `csv.DictReader`, and a pydantic model for the post, the person and the
assignment of each row, with an index to find parents that dangle. It tells no encoding, no delimiter, no sentinel and
no repeated ref, and remembers no line. `csv.DictReader` alone, which only parts the cells, is shown beside it.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pydantic

import community_ops as co
from bench.sheets import write
from bench.timing import Job, Result, in_turn

ROW = "spreadsheet"
GOAL = 1.5
JUDGED_AT = 100_000


class Peer(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Post(Peer):
    id: str
    title: str
    unit: str
    reports_to: str | None
    level: str | None
    seat_fte: Decimal = pydantic.Field(ge=0)
    mission: str
    extra: dict[str, Any]


class Person(Peer):
    id: str
    name: str


class Holding(Peer):
    id: str
    person: str
    position: str
    fte: Decimal = pydantic.Field(ge=0)


def _by_hand(path: Path) -> tuple[int, int]:
    posts, people, holdings = [], [], []
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ref, name, fte = row["Post Unique Reference"], row["Name"], Decimal(row["FTE"])
            to = row["Reports to Senior Post"]
            posts.append(
                Post(id=ref, title=row["Job Title"], unit=f"{row['Organisation']} / {row['Unit']}",
                     reports_to=None if to == "XX" else to, level=row["Grade"], seat_fte=fte,
                     mission=row["Job/Team Function"], extra={"Notes": row["Notes"]} if row["Notes"] else {})
            )  # fmt: skip
            person = f"{name} @ {ref}"
            people.append(Person(id=person, name=name))
            holdings.append(Holding(id=person, person=person, position=ref, fte=fte))
    known = {post.id for post in posts}
    return len(known), sum(post.reports_to is not None and post.reports_to not in known for post in posts)


def _cells(path: Path) -> int:
    with open(path, encoding="utf-8", newline="") as file:
        return len(list(csv.DictReader(file)))


def measure(sizes: Sequence[int]) -> list[Result]:
    """Return what reading takes us and the peers, at every size."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.csv"
            write(path, size)
            model, report = co.io.read_posts_csv(path)
            assert (len(model.positions), 0) == _by_hand(path) and report.ok  # noqa: PT018 - both did the whole job
            jobs: dict[str, Job] = {
                "ours": partial(co.io.read_posts_csv, path),
                "hand": partial(_by_hand, path),
                "cells": partial(_cells, path),
            }
            best = in_turn(jobs, 5)
            judged = size >= JUDGED_AT
            job = "posts from CSV"
            results.append(Result(ROW, job, size, best["ours"], "DictReader + pydantic", best["hand"], GOAL, judged))
            results.append(Result(ROW, job + ", cells alone", size, best["ours"], "csv.DictReader", best["cells"]))
    return results
