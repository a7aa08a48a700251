"""`community-ops check`: the findings of model files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import community_ops as co
from community_ops.cli.common import CLEAN, FAULTS, UNUSABLE, add_at, codes, command, today
from community_ops.kernel.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from community_ops.cli.common import Commands
    from community_ops.io.documents import Unknown
    from community_ops.validation.baseline import Known

FORMATS = ("text", "rich", "json", "sarif", "junit", "github", "markdown")
STANDARD_INPUT = "-"


def add(commands: Commands) -> None:
    """Add the command."""
    check = command(commands, "check", _check, "check model files")
    check.add_argument(
        "files", metavar="FILE", nargs="+", help="JSON, YAML, or a directory of both; - reads JSON from standard input"
    )
    add_at(check, "check")
    check.add_argument("--fail-on", choices=["error", "warning", "info"], default="error", help="exit 1 from here up")
    check.add_argument("--format", choices=FORMATS, default="text", help="how the report is written")
    check.add_argument("--output", metavar="FILE", help="where the report goes; standard output if left out")
    check.add_argument("--profile", metavar="NAME", default="default", help="default, all or references")
    check.add_argument("--select", type=codes, default=(), metavar="CODES", help="run only these, by prefix")
    check.add_argument("--ignore", type=codes, default=(), metavar="CODES", help="do not run these, by prefix")
    check.add_argument("--enable", type=codes, default=(), metavar="CODES", help="run these opt-in rules as well")
    check.add_argument(
        "--policy", action="append", default=[], metavar="FILE",
        help="a model file with policies and waivers to check every FILE with; may be given several times",
    )  # fmt: skip
    check.add_argument("--baseline", metavar="FILE", help="findings in it do not count; see --write-baseline")
    check.add_argument(
        "--write-baseline", metavar="FILE", help="write what is found now, and exit with 0; 1 if a rule crashed"
    )
    check.add_argument("--keep-unknown", action="store_true", help="let pass what the model does not know")
    check.add_argument(
        "--extension", action="append", default=[], metavar="NAME",
        help="check with the kinds and rules of an installed extension; may be given several times",
    )  # fmt: skip


def _check(options: argparse.Namespace) -> int:
    cls = co.extensions.model(*options.extension) if options.extension else co.OperatingModel
    book = _book(options, cls)
    baseline = None if options.baseline is None else _baseline(options.baseline)
    reports, unusable = _reports(options, cls, book)
    if options.write_baseline is not None:
        return _write_baseline(options, reports, unusable)
    found = [report for _, report in reports]
    compared = found if baseline is None else baseline.all_compared(found)
    severity = co.Severity(options.fail_on)
    # Known before anything is printed: whoever stops reading half-way must not be told that all is well.
    failing = any(report.failing(severity) for report in compared)
    options.status = UNUSABLE if unusable else FAULTS if failing else CLEAN
    if reports:
        _write(options, [(name, report) for (name, _), report in zip(reports, compared, strict=True)])
    gone = () if baseline is None or unusable else baseline.gone(compared)
    if gone:
        print(f"{options.baseline}: {_findings(gone)} in it no longer found; write it anew", file=sys.stderr)
    return int(options.status)


def _book(options: argparse.Namespace, cls: type[co.OperatingModel]) -> co.RuleBook:
    book = cls.rules().with_profile(options.profile).enable(*options.enable)
    book = book.select(*options.select) if options.select else book
    return book.ignore(*options.ignore) if options.ignore else book


def _baseline(file: str) -> co.FindingsBaseline:
    from community_ops.io.files import read_text
    from community_ops.kernel.codec import DOCUMENT_LIMIT
    from community_ops.kernel.provenance import Location

    try:
        return co.FindingsBaseline.loads(read_text(file, DOCUMENT_LIMIT).text)
    except co.InvalidDocument as error:
        raise co.InvalidDocument(
            [problem.at(problem.location or Location(file)) for problem in error.problems]
        ) from None


def _reports(
    options: argparse.Namespace, cls: type[co.OperatingModel], book: co.RuleBook
) -> tuple[list[tuple[str, co.Report]], bool]:
    """Return the report of every file that can be used, and whether some cannot; those are named on the way."""
    policies = [_load(options, file, cls) for file in options.policy]
    reports, unusable = [], False
    for file in options.files:
        name = "<stdin>" if file == STANDARD_INPUT else file
        try:
            model = _load(options, file, cls)
            for policy in policies:
                model = co.combine(model, policy).model
        except (OSError, co.InvalidDocument, co.IdClash, co.MissingExtra) as error:
            print(f"community-ops: {error}", file=sys.stderr)
            unusable = True
            continue
        reports.append((name, book.check(model, options.at or today())))
    return reports, unusable


def _load(options: argparse.Namespace, file: str, cls: type[co.OperatingModel]) -> co.OperatingModel:
    unknown: Unknown = "keep" if options.keep_unknown else "refuse"
    if file == STANDARD_INPUT:
        return co.loads(_standard_input(), cls, name="<stdin>", unknown=unknown)
    return co.load(file, cls, unknown=unknown)


def _standard_input() -> str:
    if sys.stdin is None:  # the caller closed it
        raise OSError("standard input is closed")
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"standard input is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}"
        raise co.InvalidDocument([co.Problem("bad-encoding", "", message)]) from None


def _write_baseline(options: argparse.Namespace, reports: list[tuple[str, co.Report]], unusable: bool) -> int:
    if unusable:
        return UNUSABLE
    from community_ops.validation.book import CRASHED

    baseline = co.FindingsBaseline.of([report for _, report in reports])
    Path(options.write_baseline).write_text(baseline.dumps(), encoding="utf-8", newline="\n")
    print(f"{options.write_baseline}: {_findings(baseline.known.values())}", file=sys.stderr)
    crashes = [(name, found) for name, report in reports for found in report.where(code=CRASHED).findings]
    for name, found in crashes:
        print(f"community-ops: {name}: {clean_line(found.text(options.language))}", file=sys.stderr)
    return FAULTS if crashes else CLEAN


def _findings(entries: Iterable[Known]) -> str:
    count = sum(entry.times for entry in entries)
    return "1 finding" if count == 1 else f"{count} findings"


def _write(options: argparse.Namespace, reports: list[tuple[str, co.Report]]) -> None:
    from community_ops.validation.formats import render

    colour = None if options.output is None else False
    text = render(reports, options.format, options.language, fail_on=co.Severity(options.fail_on), colour=colour)
    if options.output is None:
        print(text)
    else:
        # As to the terminal: the name of a file need not be Unicode.
        Path(options.output).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
