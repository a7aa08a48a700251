"""What an import costs, in fresh interpreters, against `import networkx`; the interpreter's own start is left out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from bench.timing import Result

ROW = "import"
REPEAT = 15

_BARE = "import community_ops"
_PEER = "import networkx"
_WHOLE = """
import community_ops as co
model = co.OperatingModel.of(
    co.Unit(id="hq", name="HQ", heads=("ceo",), mandates=("d",)),
    co.Position(id="ceo", title="CEO", unit="hq", monthly_cost=co.Money(1, "CNY")),
    co.Person(id="e", name="E", skills=(co.SkillLevel("s"),)),
    co.Assignment(id="a", person="e", position="ceo", period=co.DateRange()),
    co.ReportingLine(id="l", position="ceo", manager="ceo"),
    co.Duty(id="d", name="Duty", owner="ceo"),
    co.Responsibility(id="r", subject=co.Ref("duty", "d"), position="ceo"),
    co.Goal(id="g", name="Goal", unit="hq"),
    co.Skill(id="s", name="Skill"),
)
"""
_CHECK = "\nassert [len(table) for table in model.tables] == [1] * len(model.tables), 'a kind is missing here'"
_CLOCK = """
from time import perf_counter
start = perf_counter()
{code}
print(perf_counter() - start){after}
"""


def seconds(code: str, after: str = "") -> float:
    """Return how long some code took in an interpreter of its own."""
    script = _CLOCK.format(code=code, after=after)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return float(done.stdout)


def measure(sizes: Sequence[int]) -> list[Result]:
    times: dict[str, list[float]] = {"peer": [], "bare": [], "whole": []}
    for _ in range(REPEAT):
        times["peer"].append(seconds(_PEER))
        times["bare"].append(seconds(_BARE))
        times["whole"].append(seconds(_WHOLE, _CHECK))
    best = {name: min(taken) for name, taken in times.items()}
    return [
        Result(ROW, "import community_ops", 0, best["bare"], _PEER, best["peer"], 0.2),
        Result(ROW, "a model with a record of every kind", 0, best["whole"], _PEER, best["peer"], 1.0),
    ]
