"""The command `community-ops`: a thin layer over the library."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import community_ops as co

if TYPE_CHECKING:
    from community_ops.validation.finding import Severity
    from community_ops.validation.wording import Language

CLEAN, FAULTS, UNUSABLE = 0, 1, 2
INTERRUPTED = 130  # as shells report a process that Ctrl-C ended
# The date of the built-in template: its vacancy is 75 days old on this day.
DEMO_DATE = date(2026, 3, 2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: what follows the command's name; None for the process's own.

    Returns:
        The exit status: 0 clean, 1 faults found, 2 unusable input, 130 interrupted.
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
    except (OSError, co.InvalidDocument, LookupError) as error:
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

    demo = commands.add_parser("demo", help="build the template, check it, mend it, check it again")
    demo.add_argument("--page", default="community-ops-demo.html", metavar="FILE", help="the HTML page to write")
    demo.set_defaults(run=_demo)

    check = commands.add_parser("check", help="check a model file")
    check.add_argument("file", metavar="FILE")
    check.add_argument("--at", type=_day, metavar="YYYY-MM-DD", help="the date to check at; today if left out")
    check.add_argument("--fail-on", choices=["error", "warning", "info"], default="error", help="exit 1 from here up")
    check.add_argument("--format", choices=["text", "json"], default="text")
    check.add_argument("--select", type=_codes, default=(), metavar="CODES", help="run only these, by prefix")
    check.add_argument("--ignore", type=_codes, default=(), metavar="CODES", help="do not run these, by prefix")
    check.set_defaults(run=_check)

    explain = commands.add_parser("explain", help="show the page of a rule")
    explain.add_argument("code", metavar="CODE")
    explain.set_defaults(run=_explain)

    new = commands.add_parser("new", help="write the template as JSON, to start from")
    new.add_argument("file", metavar="FILE", nargs="?", help="where to; standard output if left out")
    new.add_argument("--force", action="store_true", help="replace the file if it exists")
    new.set_defaults(run=_new)

    for command in (demo, check, explain, new):
        command.add_argument("--language", choices=["en", "zh"], default="en")
        command.set_defaults(status=CLEAN)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when asked: that reads the metadata of all that is installed."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"community-ops {co.__version__}")
        parser.exit()


def _day(text: str) -> date:
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if day.isoformat() == text:  # other notations, such as 2026-W10-1, are not what the help promises
            return day
    raise argparse.ArgumentTypeError(f"must be a date written YYYY-MM-DD, got {text!r}")


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in text.split(",") if code.strip())
    if not codes:  # it would run all rules, or none less, without a word
        raise argparse.ArgumentTypeError(f"must name codes, separated by commas, got {text!r}")
    return codes


def _check(options: argparse.Namespace) -> int:
    model = co.load(options.file)
    today = date.today()  # noqa: DTZ011 - the day where the user sits
    report = model.check(at=options.at or today, select=options.select, ignore=options.ignore)
    severity: Severity = co.Severity(options.fail_on)
    # Known before anything is printed: whoever stops reading half-way must not be told that all is well.
    options.status = FAULTS if report.failing(severity) else CLEAN
    print(report.to_json(options.language) if options.format == "json" else report.to_text(options.language))
    return int(options.status)


def _explain(options: argparse.Namespace) -> int:
    from community_ops.validation.pages import rule_page

    print(rule_page(co.OperatingModel.rules().rule(options.code.upper()), co.OperatingModel, options.language))
    return CLEAN


def _new(options: argparse.Namespace) -> int:
    model = co.templates.community_operations(options.language)
    if options.file is None:
        print(co.dumps(model), end="")
        return CLEAN
    if Path(options.file).exists() and not options.force:
        raise FileExistsError(f"{options.file} is already there; use --force to replace it")
    co.dump(model, options.file)
    print(f"{options.file}: {model!r}")
    return CLEAN


def _demo(options: argparse.Namespace) -> int:
    from community_ops.view.demo import demonstration

    language: Language = options.language
    shown = demonstration(co.templates.community_operations(language), DEMO_DATE, language)
    Path(options.page).write_text(shown.page, encoding="utf-8")
    print(shown.text)
    print(("已写入：" if language == "zh" else "Written: ") + options.page)
    return CLEAN


if __name__ == "__main__":
    sys.exit(main())
