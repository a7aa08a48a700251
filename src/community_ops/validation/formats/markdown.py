"""Markdown for a pull request's comment or a workflow's summary: the counts, a table, and what does not count folded.

GitHub refuses a comment of more than 65,536 characters, so the tables end before that and say how much they left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from community_ops.kernel.text import clean_line
from community_ops.validation.finding import Finding
from community_ops.validation.formats.parts import (
    Reports,
    Settings,
    message,
    place,
    say,
    skipped_note,
    summary,
    suppressed_summary,
    suppression_note,
)
from community_ops.validation.wording import Language

ROOM = 60_000  # characters for all rows; headings and counts fit into what is left of a comment
_ICONS = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}
_ACTS = re.compile(r"[\\`*_\[\]<>&|~@#$]|:(?=/)|(?<=www)\.", re.IGNORECASE)


def escape(text: str) -> str:
    """Return text that shows as it is in a line of Markdown: no markup, no link, no table cell of its own, no mention.

    Example:
        >>> escape("a|b <c> @d")
        'a&#124;b &#60;c&#62; &#64;&#8203;d'
    """
    return _ACTS.sub(_entity, clean_line(text))


def _entity(match: re.Match[str]) -> str:
    # A character reference never acts as markup. The service looks for mentions in what is shown, though, so that one
    # needs an invisible break as well.
    return f"&#{ord(match[0])};{'&#8203;' if match[0] == '@' else ''}"


def write(reports: Reports, settings: Settings) -> str:
    """Return a section of Markdown."""
    language = settings.language
    several = [report for _, report in reports]
    icon = "✅" if all(not report.failing(settings.fail_on) for report in several) else "❌"
    parts = [f"### {icon} {say('title', language)}", f"**{escape(summary(several, language))}**"]
    placed = [(found, name) for name, report in reports for found in report.findings]
    counting = [(found, name) for found, name in placed if found.suppression is None]
    others = [(found, name) for found, name in placed if found.suppression is not None]
    room = ROOM
    if counting:
        table = _table(counting, language, room, suppressed=False)
        room -= len(table)
        parts.append(table)
    parts += map(escape, skipped_note(reports, language))
    if others:
        title = say("suppressed", language, suppressed_summary(several, language))
        table = _table(others, language, room, suppressed=True)
        parts.append(f"<details>\n<summary>{escape(title)}</summary>\n\n{table}\n\n</details>")
    return "\n\n".join(parts)


def _table(findings: list[tuple[Finding, str]], language: Language, room: int, *, suppressed: bool) -> str:
    headings = ["severity", "rule", "place", "finding", *(["reason"] if suppressed else [])]
    lines = [_row(say(heading, language) for heading in headings), _row("---" for _ in headings)]
    for done, (found, name) in enumerate(findings):
        row = _row(_cells(found, name, language))
        room -= len(row) + 1
        if room < 0:
            lines += ["", escape(say("more", language, len(findings) - done))]
            break
        lines.append(row)
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(found: Finding, name: str, language: Language) -> list[str]:
    where = place(found, name)
    cells = [
        f"{_ICONS[found.severity]} {say(found.severity, language)}",
        f"{found.code} {escape(found.rule)}".rstrip(),
        f"{escape(where)}{'<br>' if where else ''}<code>{escape(str(found.subject))}</code>",
        escape(message(found, language)),
    ]
    return cells if found.suppression is None else [*cells, escape(suppression_note(found.suppression, language))]
