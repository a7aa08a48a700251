"""Lengths and predecessors as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import community_ops as co
from community_ops.io.predecessors import length_in, link_cell, links_in


@pytest.mark.parametrize(
    ("text", "expected", "elapsed"),
    [
        ("5", "5d", False), ("5d", "5d", False), ("5 days?", "5d", False), ("2.5 hrs", "2.5h", False),
        ("30 min", "30m", False), ("1 mon", "20d", False), ("3ew", "3w", True), ("3 ed", "3d", True),
        ("2 elapsed", "2d", True), ("２ 周", "2w", False), ("3 个工作日", "3d", False), ("4小时", "4h", False),
        ("-2d", "-2d", False), ("+ 1h", "1h", False), ("0d", "0d", False),
    ],
)  # fmt: skip
def test_lengths(text: str, expected: str, elapsed: bool) -> None:
    found = length_in(text)
    assert found is not None
    assert (str(found.duration), found.elapsed) == (expected, elapsed)


@pytest.mark.parametrize("text", ["", "d", "soon", "5 parsecs", "1e9999", "1,5d", "--1d", "9" * 40])
def test_what_is_no_length(text: str) -> None:
    assert length_in(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("3", [co.Link("3")]),
        ("3FS", [co.Link("3")]),
        ("3ss-2 days;4ff", [co.Link("3", "SS", co.Duration(-2)), co.Link("4", "FF")]),
        ("3FS+50%，4SF+25e%", [co.Link("3", lag_percent=50), co.Link("4", "SF", lag_percent=25, lag_time="elapsed")]),
        ("3FS+2ed", [co.Link("3", lag=co.Duration(2), lag_time="elapsed")]),
        ("3FS+2 个工作日", [co.Link("3", lag=co.Duration(2))]),
        ("OFFS", [co.Link("OFFS")]),
        ("OFFSFS+1d", [co.Link("OFFS", lag=co.Duration(1))]),
        ("a, b", [co.Link("a, b")]),
        ("77", [co.Link("77")]),
        ("later; 3FS+soon", ["later", "3FS+soon"]),
    ],
)
def test_predecessors(text: str, expected: list[object]) -> None:
    assert list(links_in(text, ["3", "4", "OFFS", "a, b"])) == expected


LAGS = st.builds(co.Duration, st.integers(-99, 99), st.sampled_from(["minute", "hour", "day", "week"]))
TIMES = st.sampled_from(["successor", "elapsed"])
IDS = ["1", "任务", "a b"]
TYPES = st.sampled_from(["FS", "SS", "FF", "SF"])
LINKS = st.builds(co.Link, st.sampled_from(IDS), TYPES, LAGS.filter(lambda d: d.amount), lag_time=TIMES)
PERCENTS = st.builds(
    co.Link, st.just("1"), TYPES, lag_time=TIMES, lag_percent=st.integers(-999, 999).map(lambda n: Decimal(n) / 10)
)


@given(st.lists(LINKS | PERCENTS | st.builds(co.Link, st.just("1"), TYPES), max_size=4))
def test_what_is_written_is_read_alike(links: list[co.Link]) -> None:
    text = ",".join(map(link_cell, links))
    assert list(links_in(text, IDS)) == links
