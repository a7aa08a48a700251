"""`RuleBook`: an explicit list of rules, and running them over a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from attrs import evolve, field, frozen

from community_ops.errors import InvalidSchema, NotAnInstant, NotInSchema
from community_ops.kernel.model import Model
from community_ops.kernel.ref import Ref
from community_ops.validation.finding import Finding, Severity, Suppression
from community_ops.validation.report import Report
from community_ops.validation.rule import Context, Example, Rule, Run, day_of
from community_ops.validation.waiving import Waivers

CRASHED = "WVR901"
_CRASH_TEXT = {
    "en": "The rule {code} failed with {error}; what it looks for has not been judged.",
    "zh": "规则 {code} 运行失败（{error}），其检查内容未作判断。",
}


@frozen(kw_only=True)
class Profile:
    """A named way of checking, to be kept in one place and used everywhere.

    Attributes:
        name: what it is called.
        summary: what it is for, in a sentence.
        select: prefixes of the codes to run; empty for all.
        ignore: prefixes of the codes not to run.
        enable: the codes of opt-in rules that run as well.
        everything: whether all opt-in rules run as well.
        severities: other severities by code.
        thresholds: other thresholds by code and name.
    """

    name: str
    summary: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    enable: tuple[str, ...] = ()
    everything: bool = False
    severities: Mapping[str, Severity] = field(factory=dict)
    thresholds: Mapping[str, Mapping[str, Any]] = field(factory=dict)


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(name="default", summary="Every rule that a healthy organisation passes in silence."),
        Profile(name="all", summary="The opt-in rules as well.", everything=True),
        Profile(name="references", summary="Only whether records refer to what is there.", select=("REF",)),
    )
}
"""The built-in profiles by name."""


@frozen(eq=False, repr=False)
class RuleBook:
    """An immutable collection of rules by code.

    Attributes:
        rules: the rules, in order.
        selected: prefixes of the codes to run; empty for all. An opt-in rule runs only when its whole code is named.
        ignored: prefixes of the codes not to run.
        enabled: the codes of opt-in rules that run beside the others.
    """

    rules: tuple[Rule, ...]
    selected: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    enabled: tuple[str, ...] = ()
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
        return evolve(self, rules=(*self.rules, *rules))

    def select(self, *prefixes: str) -> RuleBook:
        """Return a book that runs only the rules whose code starts with one of the prefixes.

        An opt-in rule runs only when its whole code is given.

        Raises:
            LookupError: no rule's code starts so.
        """
        self._known(prefixes)
        return evolve(self, selected=prefixes)

    def ignore(self, *prefixes: str) -> RuleBook:
        """Return a book that does not run the rules whose code starts with one of the prefixes.

        Raises:
            LookupError: no rule's code starts so.
        """
        self._known(prefixes)
        return evolve(self, ignored=(*self.ignored, *prefixes))

    def enable(self, *codes: str) -> RuleBook:
        """Return a book in which opt-in rules, by their whole codes, run beside the others.

        Raises:
            LookupError: there is no such rule.

        Example:
            >>> from community_ops import OperatingModel
            >>> "ORG107" in {rule.code for rule in OperatingModel.rules().enable("ORG107")}
            True
        """
        return evolve(self, enabled=(*self.enabled, *(self.rule(code).code for code in codes)))

    def with_profile(self, profile: Profile | str) -> RuleBook:
        """Return the book as a profile wants it.

        Args:
            profile: the profile, or the name of one of `PROFILES`.

        Raises:
            LookupError: there is no such profile, or it names a rule or a threshold that the book does not have.

        Example:
            >>> from community_ops import OperatingModel
            >>> sorted({rule.code[:3] for rule in OperatingModel.rules().with_profile("references")})
            ['REF']
        """
        if isinstance(profile, str):
            if profile not in PROFILES:
                raise LookupError(f"there is no profile {profile!r}; there are {', '.join(PROFILES)}")
            profile = PROFILES[profile]
        opt_in = tuple(rule.code for rule in self.rules if rule.opt_in) if profile.everything else ()
        book = self.enable(*opt_in, *profile.enable).ignore(*profile.ignore).with_severity(profile.severities)
        for code, values in profile.thresholds.items():
            book = book.with_thresholds(code, **values)
        return book.select(*profile.select) if profile.select else book

    def with_severity(self, severities: Mapping[str, Severity]) -> RuleBook:
        """Return a book in which rules, by their whole codes, have other severities.

        Raises:
            LookupError: there is no such rule.
            ValueError: there is no such severity.
        """
        worse = {self.rule(code).code: Severity(severity) for code, severity in severities.items()}
        rules = tuple(r.with_severity(worse[r.code]) if r.code in worse else r for r in self.rules)
        return evolve(self, rules=rules)

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
        return evolve(self, rules=rules)

    def _known(self, prefixes: Iterable[str]) -> None:
        for prefix in prefixes:
            if not prefix or not any(code.startswith(prefix) for code in self.by_code):
                raise LookupError(f"no rule's code starts with {prefix!r}")

    def __iter__(self) -> Iterator[Rule]:
        """Yield the rules that run."""
        for rule in self.rules:
            if rule.opt_in:
                wanted = rule.code in self.selected or (rule.code in self.enabled and self._selects(rule))
            else:
                wanted = self._selects(rule)
            if wanted and not (self.ignored and rule.code.startswith(self.ignored)):
                yield rule

    def _selects(self, rule: Rule) -> bool:
        return not self.selected or rule.code.startswith(self.selected)

    def __repr__(self) -> str:
        return f"<RuleBook: {len(self.rules)} rules>"

    def check(self, model: Model, at: date | datetime | None = None) -> Report:
        """Judge a model by every rule that runs.

        Args:
            model: the model.
            at: the date to judge at, or an instant, an aware datetime; rules that need what was not given are listed
                as skipped. Of an instant, the rules that need no more see only the date that the clocks of its own zone
                show, so that a check later on the same day runs anew only the rules that need an instant.

        Returns:
            The report; a rule that fails is itself reported, and the others go on.

        Raises:
            NotAnInstant: `at` is a datetime without a time zone.
            TypeError: `at` is neither a date nor a datetime.

        Example:
            >>> from datetime import UTC
            >>> from community_ops import OperatingModel
            >>> OperatingModel.rules().check(OperatingModel(), datetime(2026, 3, 2, 9, 30, tzinfo=UTC)).ok
            True
        """
        if isinstance(at, datetime):
            if at.utcoffset() is None:
                raise NotAnInstant(at)
        elif at is not None and type(at) is not date:
            raise TypeError(f"at is a date or an aware datetime, got {at!r}")
        context = _Checked(self, model, at)
        for rule in sorted(self, key=lambda rule: rule.reviews):
            context.judge(rule)
        return context.report()


class _Checked:
    """A check under way."""

    def __init__(self, book: RuleBook, model: Model, at: date | datetime | None) -> None:
        self.book, self.model, self.at = book, model, at
        self.day = None if at is None else day_of(at)
        self.waivers = Waivers.of(model, self.day)
        self.findings: list[Finding] = []
        self.judged: list[str] = []
        self.crashed: set[str] = set()
        self.skipped: list[str] = []
        self.idle: list[str] = []

    def judge(self, rule: Rule) -> None:
        """Judge by one rule, unless there is nothing to judge, or no date or instant to judge at."""
        model = self.model
        if any(kind not in model.schema.kinds or not len(model._tables[kind]) for kind in rule.needs):
            self.idle.append(rule.code)
        elif rule.date_use in ("needed", "instant") and self._seen_by(rule) is None:
            self.skipped.append(rule.code)
        else:
            self.judged.append(rule.code)
            try:
                self.findings += rule.check(model, self._context(rule))
            except NotInSchema:  # it is about a kind that models of this class do without
                self.judged.pop()
                self.idle.append(rule.code)
            except Exception as error:  # the others go on
                self.crashed.add(rule.code)
                self.findings.append(_crash(rule, error))

    def _seen_by(self, rule: Rule | None) -> date | datetime | None:
        """Return what a rule sees of when the question is asked; None where it needs an instant and there is none."""
        if rule is not None and rule.date_use == "instant":
            return self.at if isinstance(self.at, datetime) else None
        return self.day

    def _context(self, rule: Rule) -> Context:
        at = None if rule.date_use == "ignored" else self._seen_by(rule)
        if not rule.reviews:
            return Context(at, rule.thresholds, rule.code)
        # A rule with nothing to judge has found what there is: nothing.
        judged = frozenset(self.judged).union(self.idle) - self.crashed
        run = Run(self.book.by_code, judged, tuple(self.findings), self.waivers)
        return Context(at, rule.thresholds, rule.code, run)

    def report(self) -> Report:
        """Return everything found, worst first, bound to the model and marked where a waiver lets it pass."""
        model = self.model
        places = {name: place for place, name in enumerate(model.schema.kinds)}

        def order(found: Finding) -> tuple[int, str, int, int, str]:
            table = model._tables.get(found.subject.kind)
            place = None if table is None else table.place(found.subject.id)
            kind = places.get(found.subject.kind, len(places))
            return found.severity.rank, found.code, kind, len(model) if place is None else place, found.subject.id

        ordered = sorted(self.findings, key=order)
        # Each with what its rule saw: a fix judges by it as the rule did.
        seen = {code: self._seen_by(self.book.by_code.get(code)) for code in {found.code for found in ordered}}
        bound = tuple([found.bound(model, seen[found.code], self._suppression(found)) for found in ordered])
        codes = tuple(self.judged), tuple(self.skipped), tuple(self.idle)
        return Report(bound, self.at, *codes, model, tuple(self.book))

    def _suppression(self, found: Finding) -> Suppression | None:
        # Nobody can let pass what a crashed rule would have found.
        return None if found.code == CRASHED else self.waivers.suppression(found)


def _crash(rule: Rule, error: Exception) -> Finding:
    return Finding(
        code=CRASHED,
        rule="rule-crashed",
        subject=Ref("rule", rule.code),
        parameters={"code": rule.code, "error": _described(error)},
        key=(rule.code,),
        templates=_CRASH_TEXT,
    )


def _described(error: Exception) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # an exception whose own text fails must not end the run either
        return type(error).__name__


def tried(rule: Rule, example: Example, cls: type[Model]) -> Report:
    """Return what a rule has to say about one of its examples.

    Args:
        rule: the rule.
        example: the example, which names the rules to check with beside it.
        cls: the class of model to build it as.
    """
    book = RuleBook.of(rule, *example.beside).enable(rule.code)
    return book.check(example.model(cls), example.at).where(code=rule.code)
