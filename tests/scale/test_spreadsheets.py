"""Reading a spreadsheet grows as the spreadsheet does, and a large one with every oddity gives each of them back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import community_ops as co
from bench.sheets import write
from tests.io.oddity_injection import INJECTIONS, clean_sheet
from tests.io.test_injected_oddities import causes
from tests.scale.test_growth import lines_run

pytestmark = pytest.mark.scale


def test_ten_times_the_rows_are_ten_times_the_work(tmp_path: Path) -> None:
    paths = [tmp_path / f"{size}.csv" for size in (2_000, 20_000)]
    for path, size in zip(paths, (2_000, 20_000), strict=True):
        write(path, size)
    lines_run(lambda: co.io.read_posts_csv(paths[0]))  # whatever is done only once, such as imports
    small, large = (lines_run(lambda path=path: co.io.read_posts_csv(path)) for path in paths)  # type: ignore[misc]
    assert large < 11.5 * small


def test_a_hundred_thousand_rows_with_every_oddity_give_exactly_these_back() -> None:
    sheet = clean_sheet([row // 6 for row in range(100_000 - 1)])
    for name in INJECTIONS:
        INJECTIONS[name](sheet)
    for _ in range(500):
        for name in ("leading zeros", "vacant", "blank holder", "date", "number", "unit", "blank row", "spaces"):
            INJECTIONS[name](sheet)
    for finish in sheet.later:
        finish(sheet)
    data = sheet.data()
    started = time.perf_counter()
    found = causes(data)
    assert time.perf_counter() - started < 30
    assert found == sheet.expected()
