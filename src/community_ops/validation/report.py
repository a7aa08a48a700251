"""`Report`: what all rules had to say about a model at a date."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from community_ops.errors import CommunityOpsError
from community_ops.kernel.ref import Ref
from community_ops.validation.finding import ERROR, INFO, WARNING, Finding, Severity
from community_ops.validation.wording import Language, phrase

if TYPE_CHECKING:
    from community_ops.kernel.model import Model

REPORT_FORMAT = "community-ops-report"
REPORT_VERSION = 1
_SKIPPED = {"en": "not judged without a date: {}", "zh": "未给出日期，无法判断：{}"}
_WORDS: dict[Language, dict[str, str]] = {
    "en": {"error": "error", "warning": "warning", "info": "info", "none": "No findings."},
    "zh": {"error": "错误", "warning": "警告", "info": "提示", "none": "没有发现问题。"},
}


class FindingError(CommunityOpsError):
    """An error finding, raised by `Report.raise_for_errors`."""

    def __init__(self, finding: Finding) -> None:
        """Carry one finding."""
        self.finding: Finding = finding
        self.code: str = finding.code
        super().__init__(str(finding))


@frozen(repr=False)
class Report:
    """The findings of a check, worst first.

    Attributes:
        findings: everything found, by severity, then code, then the order of the records.
        at: the date it was checked at; None if none was given.
        judged: the codes of the rules that were judged.
        skipped: the codes of the rules that need a date and were given none.
        not_applicable: the codes of the rules that had nothing to judge.
    """

    findings: tuple[Finding, ...]
    at: date | None = None
    judged: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    model: Model | None = field(default=None, eq=False)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that break a promise."""
        return self._of(ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that are likely mistakes."""
        return self._of(WARNING)

    @property
    def infos(self) -> tuple[Finding, ...]:
        """The findings that are worth knowing."""
        return self._of(INFO)

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.severity is severity)

    @property
    def ok(self) -> bool:
        """Whether the model is free of faults that are errors; a bad situation is no fault."""
        return not self.failing(ERROR)

    def failing(self, fail_on: Severity = ERROR) -> tuple[Finding, ...]:
        """Return the faults that are at least as bad as a severity."""
        return tuple(found for found in self.findings if found.fault and found.severity.rank <= fail_on.rank)

    def where(
        self,
        code: str | None = None,
        kind: str | None = None,
        subject: Ref | None = None,
        test: Callable[[Finding], bool] | None = None,
    ) -> Report:
        """Return the report of only some findings.

        Args:
            code: only codes that start so, such as `"ORG1"`.
            kind: only about records of a kind.
            subject: only about this record.
            test: only those it is true of.
        """
        kept = tuple(
            found
            for found in self.findings
            if (code is None or found.code.startswith(code))
            and (kind is None or found.subject.kind == kind)
            and (subject is None or found.subject == subject)
            and (test is None or test(found))
        )
        return Report(kept, self.at, self.judged, self.skipped, self.not_applicable, self.model)

    def raise_for_errors(self) -> None:
        """Raise an `ExceptionGroup` of `FindingError`, one for each fault that is an error, unless the report is ok."""
        faults = self.failing(ERROR)
        if faults:
            count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
            raise ExceptionGroup(count, [FindingError(found) for found in faults])

    def to_text(self, language: Language = "en") -> str:
        """Return the report as plain text, a finding a line, with a count at the end."""
        words = _WORDS[language]
        lines = [
            f"{found.code} {words[found.severity]} {found.subject}  {found.text(language)}" for found in self.findings
        ]
        if self.skipped:
            lines.append(_SKIPPED[language].format(phrase(self.skipped, language, str)))
        return "\n".join([*lines, self.summary(language)])

    def summary(self, language: Language = "en") -> str:
        """Return the counts in a line.

        Example:
            >>> Report(()).summary()
            'No findings.'
        """
        counts = Counter(found.severity for found in self.findings)
        if not counts:
            return _WORDS[language]["none"]
        if language == "zh":
            return "，".join(
                f"{_WORDS['zh'][severity]} {counts[severity]} 个" for severity in Severity if counts[severity]
            )
        return ", ".join(
            f"{counts[severity]} {severity}{'s' if counts[severity] > 1 and severity is not INFO else ''}"
            for severity in Severity
            if counts[severity]
        )

    def to_data(self, language: Language = "en") -> dict[str, Any]:
        """Return the report as plain JSON data."""
        return {
            "format": REPORT_FORMAT,
            "version": REPORT_VERSION,
            "at": None if self.at is None else self.at.isoformat(),
            "ok": self.ok,
            "findings": [_finding_data(found, language) for found in self.findings],
            "judged": list(self.judged),
            "skipped": list(self.skipped),
            "not_applicable": list(self.not_applicable),
        }

    def to_json(self, language: Language = "en") -> str:
        """Return the report as JSON text."""
        return json.dumps(self.to_data(language), ensure_ascii=False, indent=2)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Report: {self.summary()}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from community_ops.kernel.display import bundle  # noqa: PLC0415 - only when something is shown

        return bundle("report", self)


def _finding_data(found: Finding, language: Language) -> dict[str, Any]:
    return {
        "code": found.code,
        "rule": found.rule,
        "severity": str(found.severity),
        "status": found.status,
        "subject": str(found.subject),
        "field": found.field,
        "message": found.text(language),
        "related": [str(ref) for ref in found.related],
        "fixable": found.fixable,
        "fingerprint": found.fingerprint,
    }
