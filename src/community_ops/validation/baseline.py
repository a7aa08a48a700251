"""`FindingsBaseline`: the findings there were on some day, so that only new ones make a check fail."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from community_ops.errors import InvalidDocument, Problem
from community_ops.kernel.jsontext import parse, pointer
from community_ops.kernel.text import shown
from community_ops.validation.book import CRASHED
from community_ops.validation.finding import Finding, Suppression
from community_ops.validation.report import Report

FORMAT = "community-ops-baseline"
VERSION = 1
_KEYS = {"fingerprint": str, "code": str, "subject": str, "message": str, "times": int}
_TYPES = {str: "text", int: "a whole number"}
_TOP = ("format", "version", "findings")


@frozen
class Known:
    """A finding of a baseline.

    Attributes:
        fingerprint: what it is known by.
        code: the rule's code.
        subject: the record's address when the baseline was made, for whoever reads the file.
        message: what was wrong then.
        times: how many findings with this fingerprint there were, in all files together.
    """

    fingerprint: str
    code: str
    subject: str = ""
    message: str = ""
    times: int = 1


@frozen
class FindingsBaseline:
    """The findings that a check had on some day.

    A finding is known again by its fingerprint: by rule, record, field and what else is at fault, whatever people call
    the record and wherever it stands. Where a record gets another id, its findings are new. A rule's crash is
    never part of a baseline: what the rule looks for has not been judged.

    Attributes:
        known: every finding by its fingerprint.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> model = OperatingModel.of(Unit(id="it", name="IT", parent="hq"))
        >>> before = FindingsBaseline.of([model.check()])
        >>> after = model.add(Unit(id="hr", name="HR", parent="main"))
        >>> report = before.compared(after.check())
        >>> [finding.subject.id for finding in report.errors]
        ['hr']
        >>> print(report.suppressed[0].suppression.by)
        baseline
    """

    known: Mapping[str, Known] = field(factory=dict)

    @classmethod
    def of(cls, reports: Iterable[Report]) -> FindingsBaseline:
        """Return the baseline of what counts in some reports; what a waiver lets pass is left to the waiver."""
        found = [f for report in reports for f in report.findings]
        findings = [f for f in found if f.suppression is None and f.code != CRASHED]
        times = Counter(found.fingerprint for found in findings)
        return cls(
            {
                print_: Known(print_, found.code, str(found.subject), found.message, times[print_])
                for found in sorted(findings, key=lambda found: (found.code, str(found.subject), found.fingerprint))
                for print_ in (found.fingerprint,)
            }
        )

    def compared(self, report: Report) -> Report:
        """Return a report in which the findings of the baseline no longer count; see `all_compared` for several."""
        return self.all_compared([report])[0]

    def all_compared(self, reports: Iterable[Report]) -> list[Report]:
        """Return reports in which the findings of the baseline no longer count.

        Of several findings with one fingerprint, as many are let pass as there were.
        """
        left = Counter({print_: entry.times for print_, entry in self.known.items()})
        return [
            evolve(report, findings=tuple([_marked(f, left) for f in report.findings]), compared=True)
            for report in reports
        ]

    def gone(self, reports: Iterable[Report]) -> tuple[Known, ...]:
        """Return the findings of the baseline that are no longer found, and that it could forget.

        Each comes with the number of times it is missing. Of rules that some report was made without, or that crashed,
        nothing is said.
        """
        every = list(reports)
        found = Counter(f.fingerprint for report in every for f in report.findings)
        looked = set.intersection(*[_looked_at(report) for report in every]) if every else set()
        return tuple(
            [
                evolve(entry, times=entry.times - found[print_])
                for print_, entry in self.known.items()
                if entry.code in looked and found[print_] < entry.times
            ]
        )

    def dumps(self) -> str:
        """Return the baseline as JSON text, a finding a line, so that versions compare well."""
        encode = json.JSONEncoder(ensure_ascii=False).encode
        lines = [encode(_data(entry)) for entry in self.known.values()]
        body = ",\n".join(lines)
        return f'{{\n"format": {encode(FORMAT)},\n"version": {VERSION},\n"findings": [\n{body}\n]\n}}\n'

    @classmethod
    def loads(cls, text: str) -> FindingsBaseline:
        """Read a baseline from JSON text.

        Raises:
            InvalidDocument: it is none, with everything that is wrong with it.
        """
        data = parse(text)
        problems = list(_problems(data))
        if problems:
            raise InvalidDocument(problems)
        return cls({row["fingerprint"]: Known(**row) for row in data["findings"]})


def _data(entry: Known) -> dict[str, Any]:
    data = {name: getattr(entry, name) for name in _KEYS}
    return data if entry.times > 1 else {name: value for name, value in data.items() if name != "times"}


def _looked_at(report: Report) -> set[str]:
    crashed = {crash.subject.id for crash in report.findings if crash.code == CRASHED}
    return {*report.judged, *report.not_applicable} - crashed


def _marked(found: Finding, left: Counter[str]) -> Finding:
    if found.suppression is not None or found.code == CRASHED or not left[found.fingerprint]:
        return found
    left[found.fingerprint] -= 1
    return evolve(found, suppression=Suppression("baseline"))


def _problems(data: Any) -> Iterable[Problem]:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        yield Problem("wrong-format", "/format", f'a baseline is an object whose format is "{FORMAT}"')
        return
    if type(data.get("version")) is not int or data["version"] != VERSION:
        yield Problem(
            "wrong-version", "/version", f"this library reads version {VERSION}, got {shown(data.get('version'))}"
        )
    for name in data.keys() - _TOP:
        yield Problem("unknown-key", pointer(name), "is not a key of a baseline")
    rows = data.get("findings")
    if not isinstance(rows, list):
        yield Problem("wrong-type", "/findings", f"must be a list, got {shown(rows)}")
        return
    seen: set[str] = set()
    for place, row in enumerate(rows):
        yield from _row_problems(row, place, seen)


def _row_problems(row: Any, place: int, seen: set[str]) -> Iterable[Problem]:
    at = ("findings", place)
    if not isinstance(row, dict):
        yield Problem("wrong-type", pointer(*at), f"must be an object, got {shown(row)}")
        return
    for name, value in row.items():
        if name not in _KEYS:
            yield Problem("unknown-key", pointer(*at, name), "is not a field of a finding in a baseline")
        elif type(value) is not _KEYS[name]:
            yield Problem("wrong-type", pointer(*at, name), f"must be {_TYPES[_KEYS[name]]}, got {shown(value)}")
    for name in ("fingerprint", "code"):
        if name not in row:
            yield Problem("missing-key", pointer(*at, name), "is missing")
    times = row.get("times", 1)
    if type(times) is int and times < 1:
        yield Problem("out-of-range", pointer(*at, "times"), f"must be at least 1, got {times}")
    print_ = row.get("fingerprint")
    if isinstance(print_, str):
        if print_ in seen:
            yield Problem("duplicate-id", pointer(*at, "fingerprint"), "is already there; say how often in `times`")
        seen.add(print_)
