"""What reports tell about rules: which there are, and which crashed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from community_ops.validation.book import CRASHED

if TYPE_CHECKING:
    from community_ops.validation.finding import Finding
    from community_ops.validation.report import Report
    from community_ops.validation.rule import Rule


def crashed_rule(found: Finding) -> str | None:
    """Return the code of the rule that a finding reports as crashed; None if it is about something else."""
    return found.subject.id if found.code == CRASHED else None


def known_rules(reports: Iterable[Report]) -> dict[str, Rule | None]:
    """Return the rules of reports by code; None for one of which only findings or the code are known."""
    every = list(reports)
    known: dict[str, Rule | None] = {rule.code: rule for report in every for rule in report.rules}
    for report in every:
        for code in (*report.judged, *report.skipped, *(found.code for found in report.findings)):
            known.setdefault(code, None)
    return known
