"""A million tasks are solved, in a chain, around a hub, or in a circle; ten times the tasks are ten times the work."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from fractions import Fraction

import pytest

from community_ops.errors import CyclicNetwork
from community_ops.plan.network import solve
from tests.scale.test_growth import lines_run

pytestmark = pytest.mark.scale

SIZE = 1_000_000


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    """Give back a test's millions before the next one makes its own."""
    yield
    gc.collect()


def test_a_chain_of_a_million_is_as_long_as_all_its_tasks() -> None:
    # Numbered from the end, so that nothing is in order by luck.
    found = solve([2] * SIZE, [(task + 1, task, "FS", 1) for task in range(SIZE - 1)])
    assert found.length == 3 * SIZE - 1
    assert found.early_start[0] == 3 * (SIZE - 1)
    assert not any(found.total_float)
    assert found.longest_path() == tuple(range(SIZE - 1, -1, -1))


def test_a_million_tasks_around_one_wait_for_it_or_hold_it_up() -> None:
    # Half of them before the hub, task 0, taking 1, 2 or 3; half of them after it.
    half = SIZE // 2
    links = [(task, 0, "FS", 0) if task < half else (0, task, "SS", 2) for task in range(1, SIZE)]
    found = solve([5, *[1 + task % 3 for task in range(1, SIZE)]], links)
    assert found.early_start[0] == 3
    assert set(found.early_start[half:]) == {5}
    assert found.length == 8
    assert found.total_float[:4] == (0, 1, 0, 2)
    assert found.free_float[half] == 8 - 5 - (1 + half % 3)


def test_a_circle_of_a_million_is_named_whole() -> None:
    with pytest.raises(CyclicNetwork) as caught:
        solve([1] * SIZE, [(task, (task + 1) % SIZE, "FS", 0) for task in range(SIZE)])
    assert caught.value.cycle == tuple(range(SIZE))
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("kind", [int, float, Fraction])
def test_ten_times_the_tasks_are_ten_times_the_work(kind: type) -> None:
    def job(count: int) -> int:
        rnd = random.Random(count)
        afters = [task for task in range(1, count) for _ in range(2)]
        links = [(rnd.randrange(after), after, rnd.choice(("FS", "SS", "FF", "SF")), kind(1)) for after in afters]
        durations = [kind(rnd.randrange(9)) for _ in range(count)]
        return lines_run(lambda: solve(durations, links))

    assert job(10_000) < 11 * job(1_000)
