"""Plain text: a finding a line, as compilers write it, so that editors and people find the place; then the counts."""

from __future__ import annotations

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


def write(reports: Reports, settings: Settings) -> str:
    """Return plain text; findings that do not count are in the counts only."""
    language = settings.language
    several = len(reports) > 1
    lines = [line(found, language, name if several else "") for name, report in reports for found in active(report)]
    lines += skipped_note(reports, language)
    return "\n".join([*lines, summary([report for _, report in reports], language)])


def line(found: Finding, language: Language, name: str = "") -> str:
    """Return a finding as a line: where it stands, its code and severity, the record and the message."""
    where = place(found, name)
    start = f"{where}: " if where else ""
    return f"{start}{found.code} {say(found.severity, language)} {found.subject}  {message(found, language)}"
