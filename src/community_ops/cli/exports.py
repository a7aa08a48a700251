"""`community-ops export`: what is in a model as a file for other programs."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

import community_ops as co
from community_ops.cli.common import CLEAN, command

if TYPE_CHECKING:
    from community_ops.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the command."""
    write = command(commands, "export", _export, "write a plan, meetings or posts for other programs")
    write.add_argument("model", metavar="MODEL", help="the model file to read")
    write.add_argument(
        "file", metavar="FILE",
        help=".xml for MS Project, .ics for calendars, .csv for a table of tasks or, without --plan, of posts",
    )  # fmt: skip
    write.add_argument("--plan", metavar="ID", help="the plan; in a calendar its milestones")


def _export(options: argparse.Namespace) -> int:
    model = co.load(options.model)
    kind = PurePath(options.file).suffix.casefold()
    if kind == ".xml" and options.plan is not None:
        lost: object = co.io.write_mspdi(model, options.plan, options.file)
    elif kind == ".csv" and options.plan is not None:
        lost = co.io.write_tasks_csv(model, options.plan, options.file, language=options.language)
    elif kind == ".csv":
        lost = co.io.write_posts_csv(model, options.file)
    elif kind == ".ics":
        # The library takes instants; the command is where one comes from the clock.
        left = co.io.write_ical(model, options.file, at=datetime.now(UTC), plan_id=options.plan)
        lost = "\n".join([f"not held on any day: {ref}" for ref in left]) or "(no changes)"
    else:
        message = "must end in .xml, with --plan, in .csv or in .ics"
        raise LookupError(f"{options.file}: {message}")
    print(lost)
    print(options.file)
    return CLEAN
