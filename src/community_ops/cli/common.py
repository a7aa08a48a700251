"""What the commands share: exit statuses, the values that options take, and the options that all have."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
    Run = Callable[[argparse.Namespace], int]

CLEAN, FAULTS, UNUSABLE = 0, 1, 2
INTERRUPTED = 130  # as shells report a process that Ctrl-C ended


def command(commands: Commands, name: str, run: Run, help: str) -> argparse.ArgumentParser:
    """Add a command and the options that all commands have; return its parser for its own."""
    parser = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    parser.add_argument("--language", choices=["en", "zh"], default="en")
    # `status` is what the command exits with should its reader stop half-way.
    parser.set_defaults(run=run, status=CLEAN)
    return parser


# Python reads many more notations, such as 2026-W10-1; these are what the help promises.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_DATE.pattern + r"T(?!24)[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-5][0-9])?")


def add_at(parser: argparse.ArgumentParser, verb: str) -> None:
    """Add the option that says when it is that a command checks or judges at."""
    parser.add_argument(
        "--at", type=moment, metavar="DATE|TIME",
        help=f"the date to {verb} at, YYYY-MM-DD, or the instant, such as 2026-03-02T10:00+08:00; today if left out",
    )  # fmt: skip


def moment(text: str) -> date | datetime:
    """Read the value of an option that takes a date or an instant, which names its distance from UTC."""
    with suppress(ValueError):
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _TIME.fullmatch(text):
            read = datetime.fromisoformat(text)
            if read.tzinfo is not None:
                return read
            raise argparse.ArgumentTypeError(
                f"must say how far from UTC its clock is, such as {text}+08:00, or {text}Z for UTC; got {text!r}"
            )
    raise argparse.ArgumentTypeError(
        f"must be a date written YYYY-MM-DD, or an instant such as 2026-03-02T10:00+08:00, got {text!r}"
    )


def today() -> date:
    """Return the day where the user sits."""
    return date.today()  # noqa: DTZ011 - the library takes dates; the command is where one comes from the clock


def codes(text: str) -> tuple[str, ...]:
    """Read the value of an option that takes codes of rules."""
    read = tuple(code.strip() for code in text.split(",") if code.strip())
    if not read:  # it would run all rules, or none less, without a word
        raise argparse.ArgumentTypeError(f"must name codes, separated by commas, got {text!r}")
    return read
