"""A spreadsheet of posts to read; apart from the bench that reads it, as tests have no peers installed."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from bench.organisations import SEED

HEADERS = (
    "Post Unique Reference", "Name", "Grade", "Job Title", "Job/Team Function", "Organisation", "Unit",
    "Reports to Senior Post", "FTE", "Notes",
)  # fmt: skip


def write(path: Path, size: int) -> None:
    """Write a spreadsheet of posts with ten columns; each post has up to six reports."""
    random = Random(SEED)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for i in range(size):
            to = f"P{(i - 1) // 6:07d}" if i else "XX"
            note = "temporary" if random.random() < 0.2 else ""
            fte = random.choice(("1.0", "1.0", "0.8", "0.5"))
            writer.writerow(
                (f"P{i:07d}", f"Holder {i}", f"G{i % 9}", f"Officer {i % 997}", f"Looks after matter {i}, and others",
                 "Company", f"Unit {i % 500}", to, fte, note)
            )  # fmt: skip
