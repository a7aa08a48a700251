"""`community-ops demo`, `new`, `explain`, `catalogue` and `schema`: what there is to see and to start from."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import community_ops as co
from community_ops.cli.common import CLEAN, command

if TYPE_CHECKING:
    from community_ops.cli.common import Commands
    from community_ops.validation.wording import Language

# When the built-in template stands: its vacancy is 75 days old, and its tickets are in every state.
DEMO_INSTANT = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=8)))


def add(commands: Commands) -> None:
    """Add the commands."""
    demo = command(commands, "demo", _demo, "build the template, check it, mend it, check it again")
    demo.add_argument("--page", default="community-ops-demo.html", metavar="FILE", help="the HTML page to write")

    explain = command(commands, "explain", _explain, "show the page of a rule")
    explain.add_argument("code", metavar="CODE")

    new = command(commands, "new", _new, "write the template as JSON, to start from")
    new.add_argument("file", metavar="FILE", nargs="?", help="where to; standard output if left out")
    new.add_argument("--force", action="store_true", help="replace the file if it exists")

    catalogue = command(commands, "catalogue", _catalogue, "write pages on all rules and all kinds of record")
    catalogue.add_argument("folder", metavar="FOLDER", help="where rules.md and records.md go")
    catalogue.add_argument("--extension", action="append", default=[], metavar="NAME", help="with what it adds")

    schema = command(commands, "schema", _schema, "write the JSON Schema of model files")
    schema.add_argument("file", metavar="FILE", nargs="?", help="where to; standard output if left out")
    schema.add_argument("--extension", action="append", default=[], metavar="NAME", help="with the kinds it adds")


def _catalogue(options: argparse.Namespace) -> int:
    from community_ops.view.catalogue import write_catalogue

    for path in write_catalogue(options.folder, co.extensions.model(*options.extension), options.language):
        print(path)
    return CLEAN


def _schema(options: argparse.Namespace) -> int:
    from community_ops.kernel.json_schema import schema_text

    text = schema_text(co.extensions.model(*options.extension))
    if options.file is None:
        print(text, end="")
    else:
        Path(options.file).write_text(text, encoding="utf-8")
    return CLEAN


def _explain(options: argparse.Namespace) -> int:
    from community_ops.io.plan_files import RULES
    from community_ops.validation.pages import rule_page

    book = co.io.sheet_rules().extend(*RULES)
    print(rule_page(book.rule(options.code.upper()), co.OperatingModel, options.language))
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
    shown = demonstration(co.templates.community_operations(language), DEMO_INSTANT, language)
    Path(options.page).write_text(shown.page, encoding="utf-8")
    print(shown.text)
    print(("已写入：" if language == "zh" else "Written: ") + options.page)
    return CLEAN
