"""Work grows as the organisation does: ten times the positions, ten times the lines of code executed.

Lines are counted rather than seconds, so that the result is the same on every machine. What single operations inside
the interpreter cost - a sort, a copy - does not show here; the bench measures that.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

import community_ops as co
from bench.organisations import AT, document
from community_ops.org.structure import hierarchy, unit_tree

pytestmark = pytest.mark.scale

SMALL, LARGE = 1_000, 10_000


@pytest.fixture(autouse=True)
def tracing_is_put_back() -> Iterator[None]:
    before = sys.gettrace()
    yield
    sys.settrace(before)


def lines_run(job: Callable[[], Any]) -> int:
    """Return how many lines a job executes; every turn of a loop and every element of a comprehension is one."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += 1
        return trace

    sys.settrace(trace)
    try:
        job()
    finally:
        sys.settrace(None)
    return count


def text_of(positions: int) -> str:
    return json.dumps(document(positions))


def test_the_counter_tells_linear_from_quadratic() -> None:
    def quadratic(size: int) -> int:
        return sum(1 for a in range(size) for b in range(size))

    assert lines_run(lambda: quadratic(100)) > 50 * lines_run(lambda: quadratic(10))


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda text: lambda: co.loads(text), id="load"),
        pytest.param(lambda text: _with(text, co.dumps), id="dump"),
        pytest.param(lambda text: _with(text, hierarchy), id="hierarchy"),
        pytest.param(lambda text: _with(text, unit_tree), id="units"),
        pytest.param(lambda text: _with(text, lambda model: model.check(AT)), id="check"),
        pytest.param(lambda text: _with(text, lambda model: co.diff(model, co.OperatingModel())), id="diff"),
        pytest.param(lambda text: _with(text, lambda model: model.graph()), id="graph"),
    ],
)
def test_ten_times_the_positions_are_ten_times_the_work(work: Callable[[str], Callable[[], Any]]) -> None:
    small, large = text_of(SMALL), text_of(LARGE)
    lines_run(work(small))  # whatever is done only once, such as imports
    records = json_records(large) / json_records(small)
    assert lines_run(work(large)) < 1.15 * records * lines_run(work(small))


def _with(text: str, job: Callable[[co.OperatingModel], Any]) -> Callable[[], Any]:
    model = co.loads(text)
    for table in model.tables:
        _ = table.records
    return lambda: job(model)


def json_records(text: str) -> int:
    return sum(len(rows) for rows in json.loads(text).values() if isinstance(rows, list))
