"""Mending a model: one fix after another, each judged by what it does to all findings, until none helps any more.

Fixes may get into each other's way, so that the model is judged anew after every one. A fix is applied only if

- its finding is gone afterwards,
- no error is there that was not there before, and
- it comes closer to an end: fewer errors are left, or fewer findings that could be mended, or fewer records.

What is done depends on the model alone, not on what was done before. Mending what has been mended changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Generic, TypeVar

from attrs import frozen

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.model import Model
from community_ops.validation.book import RuleBook
from community_ops.validation.finding import Finding
from community_ops.validation.report import Report

M = TypeVar("M", bound=Model)
# Two fixes might yet take turns in making the model smaller and larger. No model needs more of them than this.
_AT_MOST = 10


@frozen(eq=False)
class Mended(Generic[M]):
    """What came of mending a model.

    Attributes:
        model: the mended model.
        applied: the findings whose fixes were applied and which are gone, in the order of the fixes.
        refused: findings that have a fix which was not applied, each with the reason.
        changes: what turns the model given into the mended one.
    """

    model: M
    applied: tuple[Finding, ...]
    refused: tuple[tuple[Finding, str], ...]
    changes: ChangeSet


def mended(
    model: M,
    rules: RuleBook,
    at: date | datetime | None = None,
    *,
    judges: RuleBook | None = None,
    unsafe: bool = False,
) -> Mended[M]:
    """Mend what the rules find and know how to mend.

    Args:
        model: the model.
        rules: the rules whose findings are mended; what is waived is left alone.
        at: the date, or the aware datetime, to judge at.
        judges: the rules that may find no new error after a fix; None for the same rules.
        unsafe: whether to apply also fixes that are not marked safe, which somebody should have looked at.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> model = OperatingModel.of(Unit(id="HQ", name="Head office"), Unit(id="lab", name="Lab", parent="hq"))
        >>> done = mended(model, OperatingModel.rules())
        >>> print(done.changes)
        ~ unit:lab
            parent: 'hq' -> 'HQ'
        >>> [finding.code for finding in done.applied]
        ['REF101']
    """
    work = _Work(rules, judges or rules, at, unsafe)
    state = work.judged(model)
    applied: list[Finding] = []
    refused: list[tuple[Finding, str]] = []
    for _ in range(_AT_MOST * (len(model) + len(state.open))):
        refused = []
        step = next(work.steps(state, refused), None)
        if step is None:
            break
        found, state = step
        applied.append(found)
    left = {found.fingerprint for found in state.report.findings}
    gone = {found.fingerprint: found for found in applied if found.fingerprint not in left}
    return Mended(state.model, tuple(gone.values()), tuple(refused), diff(model, state.model))


@frozen(eq=False)
class _State(Generic[M]):
    """A model and what is found in it."""

    model: M
    report: Report
    open: tuple[Finding, ...]
    errors: frozenset[str]

    def closer_than(self, other: _State[M]) -> bool:
        return (
            len(self.errors) < len(other.errors)
            or len(self.open) < len(other.open)
            or len(self.model) < len(other.model)
        )


@frozen
class _Work:
    rules: RuleBook
    judges: RuleBook
    at: date | datetime | None
    unsafe: bool

    def judged(self, model: M) -> _State[M]:
        report = self.rules.check(model, self.at)
        everything = report if self.judges is self.rules else self.judges.check(model, self.at)
        open = tuple(
            found
            for found in report.findings
            if found.fixable and found.suppression is None and (self.unsafe or found.fix_safe)
        )
        return _State(model, report, open, frozenset(found.fingerprint for found in everything.errors))

    def steps(self, state: _State[M], refused: list[tuple[Finding, str]]) -> Iterator[tuple[Finding, _State[M]]]:
        """Yield the findings whose fixes help, each with the state after it; note why the others do not."""
        for found in state.open:
            try:
                fix = found.fix
                after = None if fix is None else self.judged(state.model.apply(fix))
            except Exception as error:  # a fix is a rule's own code; one that fails must not keep the others from work
                refused.append((found, f"its fix failed: {type(error).__name__}: {error}"))
                continue
            if after is None:
                continue  # the rule mends other findings, not this one
            if found.fingerprint in {other.fingerprint for other in after.report.findings}:
                refused.append((found, "it would still be there"))
            elif not after.errors <= state.errors:
                refused.append((found, "its fix would bring another error"))
            elif not after.closer_than(state):
                refused.append((found, "its fix would bring as much to mend"))
            else:
                yield found, after
