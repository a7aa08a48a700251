"""JSON for programs: everything a report holds, under a format name and a version.

A named report is one of a list, however many there are, so that what reads the output of a command need not know how
many files it was given. The version is raised when a key changes its meaning or goes; a new key does not raise it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from community_ops.kernel.text import is_utf8
from community_ops.validation.finding import Finding, Suppression
from community_ops.validation.formats.parts import Reports, Settings
from community_ops.validation.wording import Language

if TYPE_CHECKING:
    from community_ops.kernel.provenance import Location
    from community_ops.validation.report import Report

FORMAT, LIST_FORMAT = "community-ops-report", "community-ops-reports"
VERSION = 1


def write(reports: Reports, settings: Settings) -> str:
    """Return JSON text: one report as it is if it has no name, else all of them in a list with their names."""
    language = settings.language
    if len(reports) == 1 and not reports[0][0]:
        return json_text(report_data(reports[0][1], language))
    return json_text(
        {
            "format": LIST_FORMAT,
            "version": VERSION,
            "ok": all(report.ok for _, report in reports),
            "reports": [{"name": name, **report_data(report, language)} for name, report in reports],
        }
    )


def json_text(data: Any) -> str:
    """Return JSON text that UTF-8 can carry: characters as they are, unless the name of a file is not Unicode."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return text if is_utf8(text) else json.dumps(data, indent=2)


def report_data(report: Report, language: Language) -> dict[str, Any]:
    """Return a report as plain JSON data."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "at": None if report.at is None else report.at.isoformat(),
        "ok": report.ok,
        "findings": [_finding(found, language) for found in report.findings],
        "judged": list(report.judged),
        "skipped": list(report.skipped),
        "without_instant": list(report.without_instant),
        "not_applicable": list(report.not_applicable),
    }


def _finding(found: Finding, language: Language) -> dict[str, Any]:
    return {
        "code": found.code,
        "rule": found.rule,
        "severity": str(found.severity),
        "status": found.status,
        "subject": str(found.subject),
        "subject_name": found.name_of(found.subject),
        "field": found.field,
        "message": found.text(language),
        "related": [str(ref) for ref in found.related],
        "related_names": [found.name_of(ref) for ref in found.related],
        "fixable": found.fixable,
        "fix_safe": found.fix_safe,
        "location": _location(found.location),
        "suppression": _suppression(found.suppression),
        "fingerprint": found.fingerprint,
    }


def _location(location: Location | None) -> dict[str, Any] | None:
    return None if location is None else {"file": location.file, "line": location.line, "column": location.column}


def _suppression(suppression: Suppression | None) -> dict[str, Any] | None:
    if suppression is None:
        return None
    return {
        "by": suppression.by,
        "reason": suppression.reason,
        "granted_by": None if suppression.granted_by is None else str(suppression.granted_by),
        "waiver": suppression.waiver,
        "expires": None if suppression.expires is None else suppression.expires.isoformat(),
    }
