"""Whether memory follows the models alive rather than the edits made: 10,000 successive edits of 10,000 records.

Each edit is followed by what an application asks after every edit, the hierarchy and the references; the model before
it is dropped. What the process holds afterwards is compared with what it held when the first model had answered.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import community_ops as co
from bench.checking import EDITS
from bench.organisations import organisation
from bench.timing import Result
from community_ops.kernel.derived import MEMO_SIZE
from community_ops.kernel.relations import dangling
from community_ops.org.structure import hierarchy

ROW = "memory"
EDITS_MADE = 10_000
RECORDS = 10_000
# Most of a process's growth comes with its first few edits: buffers, free lists, caches of the interpreter.
WARM_UP = 200


def resident() -> float:
    """Return what the process holds in memory, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _ask(model: co.OperatingModel) -> None:
    hierarchy(model)
    for relation in model.schema.relations:
        dangling(model, relation.kind, relation.name)


def _grown() -> co.OperatingModel:
    positions = RECORDS // 4
    model = organisation(positions)
    while len(model) < RECORDS:
        positions += 50
        model = organisation(positions)
    for table in model.tables:
        _ = table.records
    return model


def measure(sizes: Sequence[int]) -> list[Result]:
    gc.collect()
    empty, blocks_empty = resident(), _blocks()
    model = _grown()
    _ask(model)
    edits = list(EDITS.values())
    start = perf_counter()
    held = blocks = 0.0
    longest = 0
    for turn in range(EDITS_MADE):
        model = edits[turn % len(edits)](model, turn)
        _ask(model)
        longest = max(longest, model._memo._count)
        if turn == WARM_UP:
            gc.collect()
            held, blocks = resident(), _blocks()
    took = perf_counter() - start
    gc.collect()
    if longest > MEMO_SIZE:
        raise AssertionError(f"the memo held {longest} results")
    size = len(model)
    after = f"after {EDITS_MADE:,} edits"
    return [
        Result(ROW, f"resident {after}", size, resident() - empty, f"after {WARM_UP}", held - empty, 1.1, unit="MiB"),
        Result(
            ROW, f"allocated blocks {after}", size, (_blocks() - blocks_empty) / 1000,
            f"after {WARM_UP}", (blocks - blocks_empty) / 1000, 1.1, unit="thousand",
        ),
        Result(ROW, "remembered results, at most", size, longest, "the memo's bound", MEMO_SIZE, 1.0, unit=""),
        Result(ROW, "an edit, hierarchy and references, on average", size, took / EDITS_MADE),
    ]  # fmt: skip


def _blocks() -> float:
    import sys

    return float(sys.getallocatedblocks())
