"""What an import costs, in fresh interpreters, against `import networkx`; the interpreter's own start is left out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import community_ops as co
from bench.timing import Result
from community_ops.kernel.envelope import envelope
from community_ops.view.samples import sample_row

ROW = "import"
REPEAT = 15

_BARE = "import community_ops"
_PEER = "import networkx"
_WHOLE = """
import community_ops as co
model = co.loads({text!r})
records = [record for table in model.tables for record in table]
"""


def whole() -> str:
    """Return code that makes a model with one record of every kind, each with every field."""
    schema = co.OperatingModel.schema
    data = {**envelope(co.OperatingModel), **{kind.table: [sample_row(kind, schema)] for kind in schema.kinds.values()}}
    return _WHOLE.format(text=json.dumps(data))


_CLOCK = """
from time import perf_counter
start = perf_counter()
{code}
print(perf_counter() - start)
"""


def seconds(code: str) -> float:
    """Return how long some code took in an interpreter of its own."""
    script = _CLOCK.format(code=code)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return float(done.stdout)


def measure(sizes: Sequence[int]) -> list[Result]:
    code = whole()
    times: dict[str, list[float]] = {"peer": [], "bare": [], "whole": []}
    for _ in range(REPEAT):
        times["peer"].append(seconds(_PEER))
        times["bare"].append(seconds(_BARE))
        times["whole"].append(seconds(code))
    best = {name: min(taken) for name, taken in times.items()}
    return [
        Result(ROW, "import community_ops", 0, best["bare"], _PEER, best["peer"], 0.2),
        Result(ROW, "a model with a record of every kind", 0, best["whole"], _PEER, best["peer"], 1.0),
    ]
