"""What every row has in common: fair timing, and a result that can be printed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from time import process_time
from typing import Any

from attrs import frozen

import community_ops as co

Job = Callable[[], Any]


@frozen
class Result:
    """One line of the table.

    Attributes:
        row: the row of the table of goals it belongs to.
        job: what was done.
        size: how many records or positions it was done to.
        ours: what it took us, in `unit`.
        peer: what was done by whom in comparison.
        theirs: what it took them, in the same unit; None where there is nothing to compare with.
        goal: the greatest ratio that meets the goal; None where no goal is set.
        judged: whether the goal is set for this size.
        unit: seconds unless said otherwise.
    """

    row: str
    job: str
    size: int
    ours: float
    peer: str = ""
    theirs: float | None = None
    goal: float | None = None
    judged: bool = True
    unit: str = "s"

    @property
    def ratio(self) -> float | None:
        return self.ours / self.theirs if self.theirs else None

    @property
    def verdict(self) -> str:
        if self.goal is None or self.ratio is None or not self.judged:
            return ""
        return "met" if self.ratio <= self.goal else "NOT MET"


def clocked(job: Job) -> tuple[float, Any]:
    """Return how many seconds a job took, and what it returned.

    Seconds of processor time, because the machine may be shared; everything here runs in one thread. The collector
    runs as the interpreter sets it, but looks only at what the job makes: what was there before would cost whoever
    allocates more.
    """
    gc.collect()
    gc.freeze()
    try:
        start = process_time()
        value = job()
        return process_time() - start, value
    finally:
        gc.unfreeze()


def in_turn(jobs: Mapping[str, Job], repeat: int) -> dict[str, float]:
    """Return the shortest time of every job, all run in turn a number of times, results dropped at once."""
    best: dict[str, float] = {}
    for _ in range(repeat):
        for name, job in jobs.items():
            took = clocked(job)[0]
            best[name] = min(took, best.get(name, took))
    return best


def figure(value: float | None, unit: str = "s") -> str:
    """Return a measured value as people read it."""
    if value is None:
        return ""
    if unit == "s":
        return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.{1 if value < 0.1 else 0}f} ms"
    return f"{value:,.1f} {unit}"


Lines = list[Sequence[str]]


def results_table(results: Sequence[Result]) -> Lines:
    """Return the results as the lines of a table, its head first."""
    lines: Lines = [("row", "job", "size", "ours", "peer", "theirs", "ratio", "goal", "")]
    for r in results:
        ratio = "" if r.ratio is None else f"{r.ratio:.3f}"
        goal = "" if r.goal is None else f"<= {r.goal:g}"
        sizes = f"{r.size:,}" if r.size else ""
        lines.append(
            (r.row, r.job, sizes, figure(r.ours, r.unit), r.peer, figure(r.theirs, r.unit), ratio, goal, r.verdict)
        )
    return lines


def growth_table(results: Sequence[Result]) -> Lines:
    """Return how much longer each job took for ten times the size; 10 is linear."""
    lines: Lines = [("row", "job", "from", "to", "ours", "theirs")]
    by_job: dict[tuple[str, str], list[Result]] = {}
    for r in results:
        by_job.setdefault((r.row, r.job), []).append(r)
    for (row, job), measured in by_job.items():
        for small, large in pairwise(sorted(measured, key=lambda r: r.size)):
            tenfolds = large.size / small.size / 10
            theirs = f"x {large.theirs / small.theirs / tenfolds:.1f}" if large.theirs and small.theirs else ""
            ours = f"x {large.ours / small.ours / tenfolds:.1f}"
            lines.append((row, job, f"{small.size:,}", f"{large.size:,}", ours, theirs))
    return lines


def laid_out(lines: Lines, markdown: bool = False) -> str:
    """Return a table as text."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    if not markdown:
        return "\n".join("  ".join(cells).rstrip() for cells in padded)
    padded.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)


def fresh_copy(model: co.OperatingModel) -> co.OperatingModel:
    """Return an equal model that remembers nothing, its columns at hand as after loading."""
    copy = type(model)(tuple(model))
    with_columns(copy)
    return copy


def with_columns(model: co.OperatingModel) -> None:
    """Make every record and column of a model, so that it is not done while the clock runs."""
    for table in model.tables:
        _ = table.records
        for spec in table.kind.layout.fields:
            table.column(spec.name)
