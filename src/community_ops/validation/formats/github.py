"""GitHub workflow commands: printed in a workflow, each finding becomes an annotation on its line of the file.

GitHub shows at most ten errors, ten warnings and ten notices a step; the log holds all of them.
"""

from __future__ import annotations

from community_ops.kernel.text import clean_line
from community_ops.validation.finding import Finding
from community_ops.validation.formats.parts import Reports, Settings, active, message, skipped_note, summary
from community_ops.validation.wording import Language

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = _IN_MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})


def write(reports: Reports, settings: Settings) -> str:
    """Return an annotation for each finding that counts, then the counts as plain lines of the log."""
    language = settings.language
    lines = [_command(found, name, language) for name, report in reports for found in active(report)]
    lines += skipped_note(reports, language)
    return "\n".join([*lines, summary([report for _, report in reports], language)])


def _command(found: Finding, name: str, language: Language) -> str:
    location = found.location
    properties = {
        "file": clean_line(name if location is None else location.file),
        "line": None if location is None else location.line,
        "col": None if location is None else location.column,
        "title": f"{found.code} {found.rule}".rstrip(),
    }
    written = ",".join(
        f"{key}={str(value).translate(_IN_PROPERTY)}" for key, value in properties.items() if value not in (None, "")
    )
    return f"::{_COMMANDS[found.severity]} {written}::{message(found, language).translate(_IN_MESSAGE)}"
