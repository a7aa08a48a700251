"""The command in processes of its own: how long it takes to start, and to check a file; in seconds of processor time.

Checking a file is shown beside `ruff check` on as many lines of Python, where ruff is installed, for orientation only:
the two do different work.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from shutil import which

import community_ops as co
from bench.organisations import AT, organisation
from bench.timing import Result

ROW = "command"
REPEAT = 7
RECORDS = 10_000
# A position of the bench's organisation comes with about three records more.
POSITIONS = RECORDS // 4

_BARE = [sys.executable, "-c", "import attrs"]
_COMMAND = [sys.executable, "-m", "community_ops.cli"]


def seconds(command: Sequence[str]) -> float:
    """Return the processor time a command took, with the interpreter's start."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(sizes: Sequence[int]) -> list[Result]:
    model = organisation(POSITIONS)
    with tempfile.TemporaryDirectory() as folder:
        small, large, code = (Path(folder) / name for name in ("small.json", "large.json", "lines.py"))
        co.dump(co.OperatingModel.of(co.Unit(id="hq", name="HQ")), small)
        co.dump(model, large)
        code.write_text("".join(f"value_{n} = {n}\n" for n in range(len(model))), encoding="utf-8")
        check = [*_COMMAND, "check", "--at", str(AT)]
        jobs = {
            "bare": _BARE,
            "version": [*_COMMAND, "--version"],
            "small": [*check, str(small)],
            "large": [*check, str(large)],
        }
        ruff = which("ruff", path=str(Path(sys.executable).parent))
        if ruff:
            jobs["ruff"] = [ruff, "check", "--no-cache", "--isolated", str(code)]
        times: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(REPEAT):
            for name, command in jobs.items():
                times[name].append(seconds(command))
    best = {name: min(taken) for name, taken in times.items()}
    peer = "python -c 'import attrs'"
    rows = [
        Result(ROW, "community-ops --version", 0, best["version"], peer, best["bare"], 3.0),
        Result(ROW, "community-ops check, one record", 0, best["small"], peer, best["bare"]),
    ]
    others = ("ruff check, as many lines", best["ruff"]) if ruff else ("", None)
    return [*rows, Result(ROW, "community-ops check", len(model), best["large"], *others)]
