"""`Rule`: one named check, with its documentation, examples, thresholds and fix; made by `@rule`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, overload

import attrs
from attrs import define, evolve, frozen

from community_ops.errors import InvalidSchema
from community_ops.kernel.codec import envelope, from_data
from community_ops.kernel.derived import Derived
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record, Value
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import ERROR, Finding, Fixer, Safety, Severity, Templates
from community_ops.validation.wording import LANGUAGES, placeholders

if TYPE_CHECKING:
    from community_ops.validation.waiving import Waivers

DateUse = Literal["instant", "needed", "used", "ignored"]
"""What a rule wants to know of when it judges."""
M = TypeVar("M", bound=Model)
_CODE = re.compile(r"[A-Z]{2,5}[0-9]{3}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def day_of(at: date | datetime) -> date:
    """Return a date as it is, and of an instant the date that the clocks of its own zone show.

    Example:
        >>> from datetime import timedelta, timezone
        >>> day_of(datetime(2026, 3, 2, 1, tzinfo=timezone(timedelta(hours=8))))  # in UTC it is still the day before
        datetime.date(2026, 3, 2)
    """
    return at.date() if isinstance(at, datetime) else at


@frozen(eq=False)
class Run:
    """What a check has come to so far, for rules that look at the check itself.

    Attributes:
        rules: every rule of the book by its code, whether or not it runs.
        judged: the codes of the rules that were judged, those with nothing to judge among them.
        findings: what they found.
        waivers: the waivers of the model.
    """

    rules: Mapping[str, Rule]
    judged: frozenset[str]
    findings: tuple[Finding, ...]
    waivers: Waivers


@frozen
class Context:
    """What a rule is judged by, beside the model.

    Attributes:
        at: the date the question is asked for; None if the asker named none. A rule that needs an instant, and no
            other, is given the instant.
        thresholds: the rule's own thresholds, an instance of the class it declared; None if it has none. Policies may
            say otherwise: `thresholds_for_all` and `thresholds_by_unit` ask them.
        code: the rule's code.
    """

    at: date | datetime | None = None
    thresholds: Any = None
    code: str = ""
    _run: Run | None = attrs.field(default=None, alias="run", eq=False, repr=False)

    @property
    def run(self) -> Run:
        """What the check has come to so far, for a rule that reviews it."""
        assert self._run is not None, "only a rule declared with reviews=True is told how the check goes"
        return self._run

    @property
    def day(self) -> date:
        """The date, for a rule that is only run when there is one."""
        assert self.at is not None
        return day_of(self.at)

    @property
    def instant(self) -> datetime:
        """The instant, for a rule that is only run when there is one."""
        assert isinstance(self.at, datetime), 'only a rule declared with date_use="instant" is told the instant'
        return self.at


Check = Callable[[ModelView, Context], Iterable[Finding]]
Rows = Mapping[str, list[dict[str, Any]]]
Records = Callable[[], "Iterable[Record] | Rows"]
F = TypeVar("F", bound=Records)


@frozen
class Example:
    """A small organisation that makes a rule fire, or keeps it silent.

    Attributes:
        records: makes the records, or the rows of a document by table, for a rule that lives below their classes.
        at: the date or the aware datetime to check at.
        beside: other rules that the check is made with, for a rule that reviews what they found.
    """

    records: Records
    at: date | datetime | None = None
    beside: tuple[Rule, ...] = ()

    @property
    def source(self) -> str:
        """The text the example is read from; empty for one that is made of records."""
        return ""

    def model(self, cls: type[M]) -> M:
        """Return the example as a model of a class."""
        made = self.records()
        if isinstance(made, Mapping):
            return from_data({**envelope(cls), **cast("Rows", made)}, cls, unknown="keep")
        return cls(made)


@define(eq=False, repr=False)
class Rule:
    """One named check; call `finding` inside its function to make a finding.

    Attributes:
        code: letters for the room and three digits, such as `"ORG101"`.
        name: a few lower-case words joined by hyphens.
        severity: how bad its findings are, unless it says otherwise.
        status: whether it judges the situation rather than the model.
        date_use: whether an `"instant"` or a date is `"needed"` to judge it, a date is `"used"` if there is one, or
            `"ignored"`.
        needs: the kinds of which there must be records for it to judge anything.
        opt_in: whether it runs only when asked for.
        thresholds: its default thresholds; None if it has none.
        templates: its messages, by variant and language.
        fixer: what mends its findings; None if it knows no way.
        fix_safe: whether its fixes may be applied unseen, or what says so of a finding.
        scoped: whether a policy may give units thresholds of their own.
        reviews: whether it looks at what the other rules found, after them.
    """

    code: str
    name: str
    severity: Severity
    status: bool
    date_use: DateUse
    needs: tuple[str, ...]
    opt_in: bool
    thresholds: Any
    templates: Mapping[str, Templates]
    page: str
    check: Callable[[ModelView, Context], tuple[Finding, ...]] = attrs.field(init=False)
    fire_examples: list[Example] = attrs.field(factory=list)
    silent_examples: list[Example] = attrs.field(factory=list)
    fixer: Fixer | None = None
    fix_safe: Safety = False
    scoped: bool = False
    reviews: bool = False

    @property
    def summary(self) -> str:
        """The first line of the rule's page."""
        return self.page.partition("\n")[0]

    def finding(
        self,
        subject: Ref,
        variant: str = "",
        *,
        field: str | None = None,
        related: Iterable[Ref] = (),
        key: Iterable[str] = (),
        gathered: bool = False,
        severity: Severity | None = None,
        **parameters: Any,
    ) -> Finding:
        """Return a finding of this rule.

        Args:
            subject: the record it is about.
            variant: which of the rule's messages.
            field: the field it is about.
            related: other records that matter.
            key: what else tells it from other findings with the same subject and field; never counts.
            gathered: whether the subject is merely the first of several, so that key and field alone identify it.
            severity: where it differs from the rule's.
            **parameters: what the message says: text, numbers, dates, instants, durations, periods, `Ref`s, or
                tuples of these.

        Raises:
            TypeError: the message has a placeholder that the parameters lack.
        """
        templates = self.templates[variant]
        for template in templates.values():
            missing = placeholders(template) - parameters.keys() - {"subject", "field"}
            if missing:  # found here, where the rule that lacks it can be named, not when somebody reads the message
                raise TypeError(f"the message of {self.code} lacks a value for {', '.join(sorted(missing))}")
        return Finding(
            code=self.code,
            rule=self.name,
            severity=severity or self.severity,
            status=self.status,
            subject=subject,
            field=field,
            related=tuple(related),
            parameters=parameters,
            key=tuple(key),
            gathered=gathered,
            templates=templates,
            fixer=self.fixer,
            fix_safe=self.fix_safe,
        )

    def fires(self, at: date | datetime | None = None, beside: Iterable[Rule] = ()) -> Callable[[F], F]:
        """Register the function below as an example that makes the rule fire.

        Args:
            at: the date to check at; an aware datetime for a rule that needs an instant.
            beside: other rules to check with, for a rule that reviews what they found.
        """
        return self._register(self.fire_examples, at, beside)

    def silent(self, at: date | datetime | None = None, beside: Iterable[Rule] = ()) -> Callable[[F], F]:
        """Register the function below as an example that keeps the rule silent; arguments as in `fires`."""
        return self._register(self.silent_examples, at, beside)

    def _register(
        self, examples: list[Example], at: date | datetime | None, beside: Iterable[Rule]
    ) -> Callable[[F], F]:
        def register(records: F) -> F:
            examples.append(Example(records, at, tuple(beside)))
            return records

        return register

    @overload
    def fix(self, fixer: Fixer) -> Fixer: ...
    @overload
    def fix(self, *, safe: Safety) -> Callable[[Fixer], Fixer]: ...
    def fix(self, fixer: Fixer | None = None, *, safe: Safety = False) -> Fixer | Callable[[Fixer], Fixer]:
        """Register the function below as what mends the rule's findings: `(model, finding) -> ChangeSet or None`.

        Args:
            fixer: the function, where this stands above it without arguments: `@some_rule.fix`.
            safe: whether its changes keep the meaning, or are without doubt what the author meant, so that they may be
                applied unseen; or a function that says so of a finding. What moves work or people, opens, closes or
                removes something is never safe.
        """

        def register(function: Fixer) -> Fixer:
            self.fixer, self.fix_safe = function, safe
            return function

        return register if fixer is None else register(fixer)

    def with_severity(self, severity: Severity) -> Rule:
        """Return the same rule with another severity."""
        other = evolve(self, severity=severity)
        recast = _recast(self, severity)
        other.check = recast if self.reviews else Derived(recast)
        return other

    def with_thresholds(self, **values: Any) -> Rule:
        """Return the same rule with other thresholds.

        Args:
            **values: new values by the names that the rule's page lists; the others stay.

        Raises:
            LookupError: the rule has no such threshold.
        """
        names = (
            [attribute.name for attribute in attrs.fields(type(self.thresholds))] if self.thresholds is not None else []
        )
        for name in values:
            if name not in names:
                raise LookupError(f"{self.code} has no threshold {name!r}; it has {', '.join(names) or 'none'}")
        other = evolve(self, thresholds=evolve(self.thresholds, **values) if values else self.thresholds)
        other.check = self.check
        return other

    def __repr__(self) -> str:
        return f"<Rule {self.code} {self.name}>"


def _recast(rule: Rule, severity: Severity) -> Callable[[ModelView, Context], tuple[Finding, ...]]:
    def judge(m: ModelView, context: Context) -> tuple[Finding, ...]:
        return tuple([evolve(found, severity=severity) for found in rule.check(m, context)])

    return judge


def rule(
    code: str,
    *,
    name: str,
    en: str | Mapping[str, str],
    zh: str | Mapping[str, str],
    severity: Severity = ERROR,
    status: bool = False,
    date_use: DateUse = "used",
    needs: tuple[str, ...] = (),
    opt_in: bool = False,
    thresholds: Value | None = None,
    scoped: bool = False,
    reviews: bool = False,
) -> Callable[[Check], Rule]:
    """Declare a rule; the decorated function's docstring is the rule's page.

    Args:
        code: letters for the room and three digits.
        name: a few lower-case words joined by hyphens.
        en: the English message, or several by variant; `{subject}` names the record the finding is about.
        zh: the same in Chinese.
        severity: how bad its findings are.
        status: whether it judges the situation rather than the model.
        date_use: `"instant"` if a date alone is too coarse to judge by: the rule runs only if the asker named an
            instant, and anew for each; `"needed"` if there must be a date; `"used"` if one is used where there is one;
            `"ignored"` for a rule that is judged once for all dates.
        needs: the kinds of which there must be records for it to judge anything.
        opt_in: whether it runs only when asked for.
        thresholds: its default thresholds, an instance of a small subclass of `Value`.
        scoped: whether a policy may give units thresholds of their own; the rule asks for them.
        reviews: whether it looks at what the other rules found, in `context.run`; it runs after them, each time.

    Returns:
        A decorator for a function `(m, context) -> findings`.

    Raises:
        InvalidSchema: the declaration is incomplete.

    Example:
        >>> from community_ops import Position
        >>> @rule("MY101", name="untitled-position", en="{subject} has no title.", zh="{subject}没有名称。")
        ... def untitled(m, context):
        ...     '''A position without a title cannot be talked about.'''
        ...     for id, title in zip(m.ids(Position), m.column(Position.title)):
        ...         if not title.strip():
        ...             yield untitled.finding(Ref("position", id), field="title")
        >>> untitled.summary
        'A position without a title cannot be talked about.'
    """
    if not _CODE.fullmatch(code) or not _NAME.fullmatch(name):
        raise InvalidSchema(
            f"a rule has a code such as 'ORG101' and a name such as 'reporting-cycle'; got {code}, {name}"
        )
    texts = {"en": en, "zh": zh}
    variants = [{"": text} if isinstance(text, str) else dict(text) for text in texts.values()]
    if variants[0].keys() != variants[1].keys():
        raise InvalidSchema(f"{code}: every message must be given in {' and '.join(LANGUAGES)}")
    if thresholds is not None and not isinstance(thresholds, Value):
        raise InvalidSchema(f"{code}: thresholds are a subclass of Value, got {type(thresholds).__name__}")
    templates = {
        variant: {language: of[variant] for language, of in zip(texts, variants, strict=True)}
        for variant in variants[0]
    }

    def declare(function: Check) -> Rule:
        page = inspect.getdoc(function)
        if not page:
            raise InvalidSchema(f"{code}: the function's docstring is the rule's page, and it has none")
        made = Rule(code, name, severity, status, date_use, needs, opt_in, thresholds, templates, page)
        made.scoped, made.reviews = scoped, reviews
        collected = _collected(function)
        made.check = collected if reviews else Derived(collected)
        return made

    return declare


def _collected(function: Check) -> Callable[[ModelView, Context], tuple[Finding, ...]]:
    def judge(m: ModelView, context: Context) -> tuple[Finding, ...]:
        found = tuple(function(m, context))
        for one in found:
            if not isinstance(one, Finding):
                raise TypeError(f"a rule yields findings, got {type(one).__name__}")
        return found

    judge.__doc__, judge.__qualname__, judge.__module__ = function.__doc__, function.__qualname__, function.__module__
    return judge
