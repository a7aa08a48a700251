"""The solver finds the proven optima, tells what it could not prove, and is asked for by its extra."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from community_ops.errors import MissingExtra
from community_ops.plan.network import level, optimum
from tests.plan.test_levelling_numbers import broken, named


@pytest.mark.parametrize("name", ["j301_1", "j301_2", "j3019_1", "j3025_1", "j3037_1", "j3043_1"])
def test_psplib_optima_are_found_and_proven(data_dir: Path, name: str) -> None:
    pytest.importorskip("ortools", reason="OR-Tools is not installed")
    given, best = named(data_dir, name)
    found = optimum(*given, seconds=60)
    assert (found.length, found.proven) == (best, True)
    assert broken(found.starts, *given) == []


def test_links_of_all_types_hold() -> None:
    pytest.importorskip("ortools", reason="OR-Tools is not installed")
    links = [(0, 1, "SS", 2), (1, 2, "FF", 1), (0, 3, "SF", 4), (2, 4, "FS", -1)]
    given = [3, 4, 2, 2, 3], links, [[2], [1], [2], [1], [2]], [2]
    found = optimum(*given)
    assert broken(found.starts, *given) == []
    # The work of 3 * 2 + 4 + 2 * 2 + 2 + 3 * 2 in two pairs of hands takes 11 at least, and 11 it can be no less.
    assert found.length is not None
    assert found.length >= 11
    assert found.proven


def test_what_the_heuristic_has_proven_needs_no_solver() -> None:
    pytest.importorskip("ortools", reason="OR-Tools is not installed")
    given = [3, 2, 4], [], [[1], [1], [1]], [1]
    assert optimum(*given) == level(*given)


def test_without_time_what_the_heuristic_found_is_what_there_is(data_dir: Path) -> None:
    pytest.importorskip("ortools", reason="OR-Tools is not installed")
    given, best = named(data_dir, "j3013_1")
    found = optimum(*given, seconds=0)
    assert found == level(*given)
    assert found.length is not None
    assert found.length >= best
    assert not found.proven


def test_what_time_was_too_short_to_prove_is_told(data_dir: Path) -> None:
    pytest.importorskip("ortools", reason="OR-Tools is not installed")
    given, best = named(data_dir, "j3013_1")
    found = optimum(*given, seconds=0.3)
    assert found.length is not None
    assert found.lower_bound is not None
    assert found.lower_bound <= best <= found.length
    assert broken(found.starts, *given) == []


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    with pytest.raises(MissingExtra) as caught:
        optimum([1], [], [[1]], [1])
    assert caught.value.extra == "optimize"
