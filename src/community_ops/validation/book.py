"""`RuleBook`: an explicit list of rules, and running them over a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from community_ops.errors import InvalidSchema
from community_ops.kernel.model import Model
from community_ops.kernel.ref import Ref
from community_ops.validation.finding import Finding, Severity
from community_ops.validation.report import Report
from community_ops.validation.rule import Context, Rule

CRASHED = "WVR901"
_CRASH_TEXT = {
    "en": "The rule {code} failed with {error}; what it looks for has not been judged.",
    "zh": "规则 {code} 运行失败（{error}），其检查内容未作判断。",
}


@frozen(eq=False, repr=False)
class RuleBook:
    """An immutable collection of rules by code.

    Attributes:
        rules: the rules, in order.
        selected: prefixes of the codes to run; empty for all. An opt-in rule runs only when its whole code is named.
        ignored: prefixes of the codes not to run.
    """

    rules: tuple[Rule, ...]
    selected: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    by_code: Mapping[str, Rule] = field(init=False)

    def __attrs_post_init__(self) -> None:
        by_code = {rule.code: rule for rule in self.rules}
        if len(by_code) != len(self.rules) or CRASHED in by_code:
            raise InvalidSchema("two rules share a code, or one takes the code of the report's own findings")
        object.__setattr__(self, "by_code", MappingProxyType(by_code))

    @classmethod
    def of(cls, *rules: Rule) -> RuleBook:
        """Make a rule book.

        Raises:
            InvalidSchema: two rules share a code.
        """
        return cls(rules)

    def rule(self, code: str) -> Rule:
        """Return a rule by its code.

        Raises:
            LookupError: there is no such rule.
        """
        found = self.by_code.get(code)
        if found is None:
            raise LookupError(f"there is no rule {code}; there are {', '.join(self.by_code)}")
        return found

    def extend(self, *rules: Rule) -> RuleBook:
        """Return a book with more rules."""
        return RuleBook((*self.rules, *rules), self.selected, self.ignored)

    def select(self, *prefixes: str) -> RuleBook:
        """Return a book that runs only the rules whose code starts with one of the prefixes.

        An opt-in rule runs only when its whole code is given.

        Raises:
            LookupError: no rule's code starts so.
        """
        self._known(prefixes)
        return RuleBook(self.rules, prefixes, self.ignored)

    def ignore(self, *prefixes: str) -> RuleBook:
        """Return a book that does not run the rules whose code starts with one of the prefixes.

        Raises:
            LookupError: no rule's code starts so.
        """
        self._known(prefixes)
        return RuleBook(self.rules, self.selected, (*self.ignored, *prefixes))

    def with_severity(self, severities: Mapping[str, Severity]) -> RuleBook:
        """Return a book in which rules, by their whole codes, have other severities.

        Raises:
            LookupError: there is no such rule.
            ValueError: there is no such severity.
        """
        worse = {self.rule(code).code: Severity(severity) for code, severity in severities.items()}
        rules = tuple(r.with_severity(worse[r.code]) if r.code in worse else r for r in self.rules)
        return RuleBook(rules, self.selected, self.ignored)

    def with_thresholds(self, code: str, **values: Any) -> RuleBook:
        """Return a book in which one rule has other thresholds.

        Args:
            code: the rule's code.
            **values: new values by the names that the rule's page lists.

        Raises:
            LookupError: there is no such rule, or it has no such threshold.

        Example:
            >>> from community_ops import OperatingModel
            >>> book = OperatingModel.rules().with_thresholds("ORG203", most=6)
            >>> book.rule("ORG203").thresholds
            LayerThresholds(most=6)
        """
        changed = self.rule(code).with_thresholds(**values)
        rules = tuple(changed if rule.code == code else rule for rule in self.rules)
        return RuleBook(rules, self.selected, self.ignored)

    def _known(self, prefixes: Iterable[str]) -> None:
        for prefix in prefixes:
            if not prefix or not any(code.startswith(prefix) for code in self.by_code):
                raise LookupError(f"no rule's code starts with {prefix!r}")

    def __iter__(self) -> Iterator[Rule]:
        """Yield the rules that run."""
        for rule in self.rules:
            if rule.opt_in:
                wanted = rule.code in self.selected
            else:
                wanted = not self.selected or rule.code.startswith(self.selected)
            if wanted and not (self.ignored and rule.code.startswith(self.ignored)):
                yield rule

    def __repr__(self) -> str:
        return f"<RuleBook: {len(self.rules)} rules>"

    def check(self, model: Model, at: date | None = None) -> Report:
        """Judge a model by every rule that runs.

        Args:
            model: the model.
            at: the date to judge at; rules that need one are listed as skipped when it is None.

        Returns:
            The report; a rule that fails is itself reported, and the others go on.
        """
        if at is not None and type(at) is not date:
            raise TypeError(f"at is a date, got {at!r}")
        findings: list[Finding] = []
        judged, skipped, idle = [], [], []
        for rule in self:
            if any(kind not in model.schema.kinds or not len(model._tables[kind]) for kind in rule.needs):
                idle.append(rule.code)
            elif rule.date_use == "needed" and at is None:
                skipped.append(rule.code)
            else:
                judged.append(rule.code)
                findings += _judge(rule, model, at)
        places = {name: place for place, name in enumerate(model.schema.kinds)}

        def order(found: Finding) -> tuple[int, str, int, int, str]:
            table = model._tables.get(found.subject.kind)
            place = None if table is None else table.place(found.subject.id)
            kind = places.get(found.subject.kind, len(places))
            return found.severity.rank, found.code, kind, len(model) if place is None else place, found.subject.id

        bound = tuple([found.bound(model, at) for found in sorted(findings, key=order)])
        return Report(bound, at, tuple(judged), tuple(skipped), tuple(idle), model)


def _judge(rule: Rule, model: Model, at: date | None) -> tuple[Finding, ...]:
    try:
        return rule.check(model, Context(None if rule.date_use == "ignored" else at, rule.thresholds))
    except Exception as error:
        parameters = {"code": rule.code, "error": _described(error)}
        return (
            Finding(
                code=CRASHED,
                rule="rule-crashed",
                subject=Ref("rule", rule.code),
                parameters=parameters,
                key=(rule.code,),
                templates=_CRASH_TEXT,
            ),
        )


def _described(error: Exception) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # an exception whose own text fails must not end the run either
        return type(error).__name__
