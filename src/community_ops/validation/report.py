"""`Report`: what all rules had to say about a model at a date or an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from community_ops.errors import CommunityOpsError
from community_ops.kernel.ref import Ref
from community_ops.validation.finding import ERROR, INFO, WARNING, Finding, Severity
from community_ops.validation.wording import Language

if TYPE_CHECKING:
    from community_ops.kernel.model import Model
    from community_ops.validation.rule import Rule


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
        findings: everything found, by severity, then code, then the order of the records; also what does not count.
        at: the date or the instant it was checked at, as it was given; None if none was.
        judged: the codes of the rules that were judged.
        skipped: the codes of the rules that need a date and were given none, or an instant and were given none.
        not_applicable: the codes of the rules that had nothing to judge.
        model: the model that was checked; None for a report made by hand.
        rules: the rules the check was made with, for formats that show their pages.
        compared: whether it was compared with a baseline, whatever that held.
    """

    findings: tuple[Finding, ...]
    at: date | datetime | None = None
    judged: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    model: Model | None = field(default=None, eq=False)
    rules: tuple[Rule, ...] = field(default=(), eq=False)
    compared: bool = field(default=False, eq=False)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that count and break a promise, faults and bad situations alike."""
        return self._of(ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that count and are likely mistakes."""
        return self._of(WARNING)

    @property
    def infos(self) -> tuple[Finding, ...]:
        """The findings that count and are worth knowing."""
        return self._of(INFO)

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.severity is severity and found.suppression is None)

    @property
    def suppressed(self) -> tuple[Finding, ...]:
        """The findings that do not count: a waiver lets them pass, or a baseline knows them."""
        return tuple(found for found in self.findings if found.suppression is not None)

    @property
    def without_instant(self) -> tuple[str, ...]:
        """The codes among `skipped` of the rules that need an instant: a date alone is not enough for them."""
        needing = {rule.code for rule in self.rules if rule.date_use == "instant"}
        return tuple(code for code in self.skipped if code in needing)

    @property
    def ok(self) -> bool:
        """Whether the model is free of faults that are errors; a bad situation is no fault."""
        return not self.failing(ERROR)

    def failing(self, fail_on: Severity = ERROR) -> tuple[Finding, ...]:
        """Return the faults that count and are at least as bad as a severity."""
        counting = (found for found in self.findings if found.fault and found.suppression is None)
        return tuple(found for found in counting if found.severity.rank <= fail_on.rank)

    def where(
        self,
        code: str | None = None,
        kind: str | None = None,
        subject: Ref | None = None,
        test: Callable[[Finding], bool] | None = None,
    ) -> Report:
        """Return the report of only some findings, those that do not count among them.

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
        return evolve(self, findings=kept)

    def raise_for_errors(self) -> None:
        """Raise an `ExceptionGroup` of `FindingError`, one for each fault that is an error, unless the report is ok."""
        faults = self.failing(ERROR)
        if faults:
            count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
            raise ExceptionGroup(count, [FindingError(found) for found in faults])

    def to(self, format: str, language: Language = "en") -> str:
        """Return the report in one of the formats of `validation.formats.FORMATS`.

        Args:
            format: `"text"`, `"rich"`, `"json"`, `"sarif"`, `"junit"`, `"github"` or `"markdown"`.
            language: the language of words and messages.

        Raises:
            LookupError: there is no such format.
            MissingExtra: `rich` is not installed.

        Example:
            >>> Report(()).to("github")
            'No findings.'
        """
        from community_ops.validation.formats import render  # noqa: PLC0415 - only when something is written

        return render([("", self)], format, language)

    def to_text(self, language: Language = "en") -> str:
        """Return the report as plain text, a finding a line, with a count at the end."""
        return self.to("text", language)

    def summary(self, language: Language = "en") -> str:
        """Return the counts in a line; what does not count is counted apart.

        Example:
            >>> Report(()).summary()
            'No findings.'
        """
        from community_ops.validation.formats.parts import summary  # noqa: PLC0415 - as above

        return summary([self], language)

    def to_data(self, language: Language = "en") -> dict[str, Any]:
        """Return the report as plain JSON data."""
        from community_ops.validation.formats.plain import report_data  # noqa: PLC0415 - as above

        return report_data(self, language)

    def to_json(self, language: Language = "en") -> str:
        """Return the report as JSON text."""
        return self.to("json", language)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Report: {self.summary()}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from community_ops.kernel.display import bundle  # noqa: PLC0415 - only when something is shown

        return bundle("report", self)
