"""Coloured tables for a terminal, made with rich; as wide as the terminal, and plain where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_ops.errors import MissingExtra
from community_ops.kernel.text import clean_line
from community_ops.validation.finding import Finding
from community_ops.validation.formats.parts import (
    Reports,
    Settings,
    active,
    message,
    place,
    say,
    skipped_note,
    summary,
)
from community_ops.validation.wording import Language

if TYPE_CHECKING:
    from rich.table import Table

_STYLES = {"error": "bold red", "warning": "yellow", "info": "blue"}


def write(reports: Reports, settings: Settings) -> str:
    """Return a table for each report that has findings, and the counts.

    Raises:
        MissingExtra: rich is not installed.
    """
    try:
        from rich.console import Console  # noqa: PLC0415 - takes its time, and may be missing
        from rich.text import Text  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingExtra("rich", "rich") from None
    language = settings.language
    console = Console(force_terminal=settings.colour, width=settings.width, highlight=False)
    with console.capture() as capture:
        for name, report in reports:
            found = active(report)
            if found and name:
                console.print(Text(clean_line(name), style="bold"))
            if found:
                console.print(_table(found, language))
                console.line()
        for note in skipped_note(reports, language):
            console.print(Text(note, style="dim"))
        fine = not any(report.failing(settings.fail_on) for _, report in reports)
        counts = summary([report for _, report in reports], language)
        console.print(Text(counts, style="bold green" if fine else "bold red"))
    return "\n".join(line.rstrip(" ") for line in capture.get().rstrip("\n").split("\n"))


def _table(findings: list[Finding], language: Language) -> Table:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in ("severity", "rule", "place", "finding"):
        table.add_column(say(heading, language), overflow="fold", no_wrap=heading in ("severity", "rule"))
    for found in findings:
        where = Text(str(found.subject))
        if found.location is not None:
            where.append(f"\n{place(found)}", style="dim")
        # Text, not markup: a name in square brackets is a name.
        severity = Text(say(found.severity, language), style=_STYLES[found.severity])
        table.add_row(severity, Text(found.code), where, Text(message(found, language)))
    return table
