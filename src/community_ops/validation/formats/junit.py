"""JUnit XML, which build servers read: a suite for each report, a test case for each rule.

A rule's case fails when one of its findings makes the check fail, and is skipped when the rule could not be judged. A
rule that crashed is an error of its case. Everything else it found stands in the case's output.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from community_ops.kernel.text import clean_line
from community_ops.validation.finding import Finding
from community_ops.validation.formats.parts import (
    Reports,
    Settings,
    message,
    say,
    skipped_rules,
    suppression_note,
)
from community_ops.validation.formats.rules import crashed_rule
from community_ops.validation.formats.text import line
from community_ops.validation.wording import Language

if TYPE_CHECKING:
    from community_ops.validation.report import Report

_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def write(reports: Reports, settings: Settings) -> str:
    """Return an XML document."""
    root = ET.Element("testsuites", name="community-ops check")
    for name, report in reports:
        root.append(_suite(clean_line(name) or "model", report, settings))
    cases = list(root.iter("testcase"))
    root.attrib.update(_counts(cases))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _counts(cases: list[ET.Element]) -> dict[str, str]:
    counts = {key: sum(case.find(tag) is not None for case in cases) for key, tag in _COUNTED.items()}
    return {"tests": str(len(cases)), **{key: str(count) for key, count in counts.items()}}


def _suite(name: str, report: Report, settings: Settings) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    if report.at is not None:
        properties = ET.SubElement(suite, "properties")
        ET.SubElement(properties, "property", name="at", value=report.at.isoformat())
    cases = list(_cases(name, report, settings))
    suite.extend(cases)
    suite.attrib.update(_counts(cases))
    return suite


def _cases(name: str, report: Report, settings: Settings) -> Iterator[ET.Element]:
    by_code: dict[str, list[Finding]] = {code: [] for code in report.judged}
    for found in report.findings:
        by_code.setdefault(crashed_rule(found) or found.code, []).append(found)
    names = {rule.code: rule.name for rule in report.rules}
    names |= {found.code: found.rule for found in report.findings}
    failing = {id(found) for found in report.failing(settings.fail_on)}

    def case(code: str) -> ET.Element:
        return ET.Element("testcase", classname=name, name=f"{code} {names.get(code, '')}".rstrip())

    for code, findings in by_code.items():
        judged = case(code)
        _judge(judged, findings, failing, settings.language)
        yield judged
    for reason, codes in {**skipped_rules([report]), "idle": report.not_applicable}.items():
        for code in codes:
            left_out = case(code)
            ET.SubElement(left_out, "skipped", message=say(reason, settings.language))
            yield left_out


def _judge(case: ET.Element, findings: list[Finding], failing: set[int], language: Language) -> None:
    """Put into a case what its rule found: what fails first, the rest as its output."""
    bad = [found for found in findings if id(found) in failing]
    rest = [found for found in findings if id(found) not in failing]
    if bad:
        told = message(bad[0], language) if len(bad) == 1 else say("findings", language, len(bad))
        outcome = "error" if any(crashed_rule(found) for found in bad) else "failure"
        problem = ET.SubElement(case, outcome, message=told, type=str(bad[0].severity))
        problem.text = "\n".join(line(found, language) for found in bad)
        place = bad[0].location
        if place is not None:
            case.set("file", clean_line(place.file))
            case.attrib |= {} if place.line is None else {"line": str(place.line)}
    if rest:
        ET.SubElement(case, "system-out").text = "\n".join(_with_note(found, language) for found in rest)


def _with_note(found: Finding, language: Language) -> str:
    note = "" if found.suppression is None else f" [{suppression_note(found.suppression, language)}]"
    return line(found, language) + note
