"""`community-ops import`: a spreadsheet of posts or a plan as a model file, and what is odd about it."""

from __future__ import annotations

import argparse
from pathlib import PurePath
from typing import TYPE_CHECKING

import community_ops as co
from community_ops.cli.common import CLEAN, FAULTS, command

if TYPE_CHECKING:
    from community_ops.cli.common import Commands

_WORKBOOKS = (".xlsx", ".xlsm")


def add(commands: Commands) -> None:
    """Add the command."""
    read = command(commands, "import", _import, "read a spreadsheet of posts or a plan, and say what is odd about it")
    read.add_argument(
        "file", metavar="FILE",
        help="posts as CSV, or as a workbook with the extra `excel`; a plan as MS Project's XML with `msproject`",
    )  # fmt: skip
    read.add_argument("-o", "--output", metavar="FILE", help="the model file to write; JSON or YAML by its name")
    read.add_argument(
        "--column", action="append", default=[], type=_column, metavar="FIELD=HEADER",
        help="the header of a field, such as reports_to=Boss; several times, and for unit from the widest on",
    )  # fmt: skip
    read.add_argument("--encoding", metavar="NAME", help="of a CSV file; found out if left out")
    read.add_argument("--sheet", metavar="NAME", help="of a workbook; the first if left out")
    read.add_argument(
        "--timezone",
        type=_zone,
        default="UTC",
        metavar="ZONE",
        help="of a plan, such as Asia/Shanghai; UTC if left out",
    )
    read.add_argument("--fail-on", choices=["error", "warning", "info"], default="error", help="exit 1 from here up")


def _column(text: str) -> tuple[str, str]:
    field, equals, header = text.partition("=")
    if not field or not equals or not header:
        raise argparse.ArgumentTypeError(f"must be a field and a header, such as reports_to=Boss, got {text!r}")
    return field, header


def _zone(text: str) -> str:
    from community_ops.worktime.zones import zone_named

    if zone_named(text) is None:
        raise argparse.ArgumentTypeError(f"must be a time zone such as Asia/Shanghai, got {text!r}")
    return text


def _import(options: argparse.Namespace) -> int:
    named: dict[str, tuple[str, ...]] = {}
    for field, header in options.column:
        named[field] = (*named.get(field, ()), header)
    kind = PurePath(options.file).suffix.casefold()
    if kind == ".xml":
        model, report = co.io.read_mspdi(options.file, timezone=options.timezone)
    elif kind in _WORKBOOKS:
        model, report = co.io.read_posts_excel(options.file, options.sheet, named)
    else:
        model, report = co.io.read_posts_csv(options.file, named, encoding=options.encoding)
    options.status = FAULTS if report.failing(co.Severity(options.fail_on)) else CLEAN
    if options.output is not None:
        co.dump(model, options.output)
    print(report.to_text(options.language))
    print(f"{options.output or options.file}: {model!r}")
    return int(options.status)
