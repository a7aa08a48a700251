"""What the commands share: how `--at` is read."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.cli import main
from community_ops.cli.common import moment

Out = pytest.CaptureFixture[str]
SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02T10:00+08:00", datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)),
        ("2026-03-02T10:00:30+08:00", datetime(2026, 3, 2, 10, 0, 30, tzinfo=SHANGHAI)),
        ("2026-03-02T02:00:00.250000Z", datetime(2026, 3, 2, 2, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-03-02T00:00-03:30", datetime(2026, 3, 2, tzinfo=timezone(-timedelta(hours=3, minutes=30)))),
    ],
)
def test_a_date_and_an_instant_are_read_as_they_are_written(text: str, meant: date) -> None:
    read = moment(text)
    assert (type(read), read) == (type(meant), meant)
    assert not isinstance(read, datetime) or read.isoformat() == meant.isoformat()  # with the clock it was told on


offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.dates() | st.datetimes(timezones=offsets))
def test_what_python_writes_is_read_back(at: date) -> None:
    read = moment(at.isoformat())
    assert (read, read.isoformat()) == (at, at.isoformat())


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "20260302", "2026-W10-1", "2026-3-2", "2026-02-30", "2026-03-02 10:00+08:00",
        "2026-03-02T10+08:00", "2026-03-02T24:00+08:00", "2026-03-02T25:00+08:00", "2026-03-02T10:60+08:00",
        "2026-03-02T10:00+0800", "2026-03-02T10:00+24:00", "2026-03-02T10:00+08:60", "2026-02-30T10:00Z",
        "2026-03-02T1000Z", "2026-03-02T10:00:00,5Z", "2026-03-02T10:00z", "2026-03-02\n", "２０２６-03-02",
    ],
)  # fmt: skip
def test_any_other_notation_is_refused_with_the_two_that_are_known(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        moment(text)
    assert str(caught.value) == (
        f"must be a date written YYYY-MM-DD, or an instant such as 2026-03-02T10:00+08:00, got {text!r}"
    )


def test_a_time_whose_clock_nobody_names_is_refused_and_not_guessed() -> None:
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        moment("2026-03-02T10:00")
    assert str(caught.value) == (
        "must say how far from UTC its clock is, such as 2026-03-02T10:00+08:00, or 2026-03-02T10:00Z for UTC; "
        "got '2026-03-02T10:00'"
    )


@pytest.mark.parametrize("command", ["check", "fix"])
@pytest.mark.parametrize("text", ["2026-3-2", "2026-03-02T10:00"])
def test_every_command_that_takes_a_moment_exits_with_2_and_says_what_is_wrong(
    command: str, text: str, capsys: Out
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "any.json", "--at", text])
    assert stopped.value.code == 2
    assert f"argument --at: must {'say' if 'T' in text else 'be'}" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("command", ["check", "fix"])
def test_the_help_shows_both_ways_to_name_a_moment(command: str, capsys: Out) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "YYYY-MM-DD, or the instant, such as 2026-03-02T10:00+08:00; today if left out" in shown
