"""SARIF 2.1.0, which code hosts and editors read (OASIS standard, 27 March 2020).

All reports become one run: a code host takes one run of a tool from a file. Names and messages are data, so the two
notations that SARIF has inside its texts, `{0}` for an argument and `[text](target)` for a link, are taken out of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

from community_ops.kernel.text import clean_line
from community_ops.validation.finding import Finding, Suppression
from community_ops.validation.formats.parts import (
    Reports,
    Settings,
    message,
    say,
    skipped_rules,
    suppression_note,
)
from community_ops.validation.formats.plain import json_text
from community_ops.validation.formats.rules import crashed_rule, known_rules
from community_ops.validation.wording import Language

if TYPE_CHECKING:
    from community_ops.kernel.provenance import Location
    from community_ops.kernel.ref import Ref
    from community_ops.validation.report import Report
    from community_ops.validation.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PRIORITIES = {"error": "error", "warning": "warning", "info": "recommendation"}

Data = dict[str, Any]


def write(reports: Reports, settings: Settings) -> str:
    """Return a SARIF log of one run, as JSON text."""
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(reports, settings.language)]})


def _run(reports: Reports, language: Language) -> Data:
    every = [report for _, report in reports]
    rules = known_rules(every)
    index = {code: place for place, code in enumerate(rules)}
    placed = [(found, name, report) for name, report in reports for found in report.findings]
    compared = any(report.compared or any(map(_known, report.findings)) for report in every)
    names = {found.code: found.rule for found, _, _ in placed}
    files = dict.fromkeys(name for name, _ in reports if name)
    return {
        "tool": {"driver": _driver([_rule(code, rule, names.get(code, "")) for code, rule in rules.items()])},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(every, index, language)],
        "artifacts": [{"location": {"uri": uri(name)}, "roles": ["analysisTarget"]} for name in files],
        "results": [
            {"ruleIndex": index[found.code], **_result(found, name, report, language, compared)}
            for found, name, report in placed
        ],
    }


def _driver(rules: list[Data]) -> Data:
    from community_ops import __version__  # noqa: PLC0415 - reads the metadata of what is installed

    return {"name": "community-ops", "version": __version__, "language": "en", "rules": rules}


def _rule(code: str, rule: Rule | None, name: str) -> Data:
    """Return the descriptor of a rule, out of its page; of a rule nobody knows, what its finding says."""
    if rule is None:
        return {"id": code, **({"name": name} if name else {})}
    traits = ["status" if rule.status else "fault", *(["opt-in"] if rule.opt_in else [])]
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": _text(rule.summary),
        "fullDescription": _text(rule.page.split("\n\n")[0]),
        "help": {**_text(rule.page), "markdown": _literal(rule.page)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [code.rstrip("0123456789"), *traits],
            "problem.severity": _PRIORITIES[rule.severity],
            "dateUse": rule.date_use,
        },
    }


def _invocation(reports: list[Report], index: dict[str, int], language: Language) -> Data:
    """Return how the run went: it went through, though rules may have crashed or been left out."""
    crashes = [
        {"level": "error", "message": _text(message(found, language)), "associatedRule": _about(code, index)}
        for report in reports
        for found in report.findings
        if (code := crashed_rule(found)) is not None
    ]
    skipped = [
        {"level": "note", "message": _text(say(reason, language)), "associatedRule": _about(code, index)}
        for reason, codes in skipped_rules(reports).items()
        for code in codes
    ]
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": crashes,
        "toolConfigurationNotifications": skipped,
    }


def _about(code: str, index: dict[str, int]) -> Data:
    return {"id": code, **({"index": index[code]} if code in index else {})}


def _result(found: Finding, name: str, report: Report, language: Language, compared: bool) -> Data:
    return {
        "ruleId": found.code,
        "kind": "fail",
        "level": _LEVELS[found.severity],
        "message": _text(message(found, language)),
        "locations": [_location(found.subject, found.location, name)],
        "relatedLocations": list(_related(found, name, report)),
        # Not as primaryLocationLineHash: GitHub's upload step computes that and warns of every one that is not its own.
        "partialFingerprints": {"communityOpsFinding/v1": found.fingerprint},
        # For all results or for none of them (3.27.23), as the baseline's state below (3.27.24).
        "suppressions": [] if found.suppression is None else [_suppression(found.suppression, language)],
        **({"baselineState": "unchanged" if _known(found) else "new"} if compared else {}),
        "properties": {"status": found.status, "field": found.field, "fixable": found.fixable},
    }


def _known(found: Finding) -> bool:
    return found.suppression is not None and found.suppression.by == "baseline"


def _location(ref: Ref, location: Location | None, name: str) -> Data:
    """Return where a record stands: in which file as far as is known, and its address in the model."""
    shown: Data = {"logicalLocations": [{"name": ref.id, "fullyQualifiedName": str(ref), "kind": ref.kind}]}
    file = name if location is None else location.file
    return {**shown, "physicalLocation": _in_file(file, location)} if file else shown


def _in_file(file: str, location: Location | None) -> Data:
    shown: Data = {"artifactLocation": {"uri": uri(file)}}
    if location is not None and location.line is not None:
        region = {"startLine": location.line, "startColumn": location.column}
        shown["region"] = {key: number for key, number in region.items() if number is not None}
    return shown


def _related(found: Finding, name: str, report: Report) -> Iterator[Data]:
    source = None if report.model is None else report.model.provenance.source
    for number, ref in enumerate(dict.fromkeys(found.related), 1):
        place = None if source is None else source.locate(ref)
        yield {"id": number, **_location(ref, place, name), "message": _text(clean_line(found.name_of(ref)))}


def _suppression(suppression: Suppression, language: Language) -> Data:
    details = {
        "by": suppression.by,
        "waiver": suppression.waiver,
        "grantedBy": None if suppression.granted_by is None else str(suppression.granted_by),
        "expires": None if suppression.expires is None else suppression.expires.isoformat(),
    }
    return {
        "kind": "external",
        "status": "accepted",
        "justification": suppression.reason or suppression_note(suppression, language),
        "properties": {key: value for key, value in details.items() if value is not None},
    }


def _text(text: str) -> Data:
    return {"text": _literal(text)}


def _literal(text: str) -> str:
    """Return text in which nothing is a placeholder (3.11.5) or a link (3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def uri(path: str) -> str:
    """Return the path of a file as a URI: relative as it is, percent-encoded; absolute with its scheme.

    Example:
        >>> uri("./organisation/社群 #1.json")
        'organisation/%E7%A4%BE%E7%BE%A4%20%231.json'
    """
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote_from_bytes(os.fsencode(pure.as_posix()))
