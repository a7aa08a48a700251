"""Checking: rules, rule books, findings and reports."""

from community_ops.validation.book import RuleBook
from community_ops.validation.finding import ERROR, INFO, WARNING, Finding, Severity
from community_ops.validation.report import FindingError, Report
from community_ops.validation.rule import Context, Example, Rule, rule

__all__ = [
    "ERROR",
    "INFO",
    "WARNING",
    "Context",
    "Example",
    "Finding",
    "FindingError",
    "Report",
    "Rule",
    "RuleBook",
    "Severity",
    "rule",
]
