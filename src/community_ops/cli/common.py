"""What the commands share: exit statuses, the values that options take, and the options that all have."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import suppress
from datetime import date
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


def day(text: str) -> date:
    """Read the value of an option that takes a date."""
    with suppress(ValueError):
        read = date.fromisoformat(text)
        if read.isoformat() == text:  # other notations, such as 2026-W10-1, are not what the help promises
            return read
    raise argparse.ArgumentTypeError(f"must be a date written YYYY-MM-DD, got {text!r}")


def today() -> date:
    """Return the day where the user sits."""
    return date.today()  # noqa: DTZ011 - the library takes dates; the command is where one comes from the clock


def codes(text: str) -> tuple[str, ...]:
    """Read the value of an option that takes codes of rules."""
    read = tuple(code.strip() for code in text.split(",") if code.strip())
    if not read:  # it would run all rules, or none less, without a word
        raise argparse.ArgumentTypeError(f"must name codes, separated by commas, got {text!r}")
    return read
