"""The command `community-ops`: a thin layer over the library, a module for each group of commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import community_ops as co
from community_ops.cli import changes, check, exports, imports, models
from community_ops.cli.common import INTERRUPTED, UNUSABLE

_GROUPS = (models, imports, exports, check, changes)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: what follows the command's name; None for the process's own.

    Returns:
        The exit status: 0 clean, 1 faults, differences or conflicts found, 2 unusable input, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    _speak_utf8()
    try:
        status = int(options.run(options))
        flush = getattr(sys.stdout, "flush", None)  # there is no stream at all when the caller closed it
        if flush is not None:
            flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads has had enough. Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(options.status)
    except (OSError, co.InvalidDocument, co.MissingExtra, co.errors.InvalidExtension, LookupError) as error:
        print(f"community-ops: {error}", file=sys.stderr)
        return UNUSABLE


def _speak_utf8() -> None:
    # Chinese text must come out whole also where the locale says ASCII, as in many containers.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="community-ops", description="An executable operating model of an organisation."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for group in _GROUPS:
        group.add(commands)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when asked: that reads the metadata of all that is installed."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"community-ops {co.__version__}")
        parser.exit()
