"""Waivers: which findings they let pass, and what is wrong with waivers themselves (WVR1xx)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from attrs import field, frozen

from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import WARNING, Finding, Suppression
from community_ops.validation.records import Waiver
from community_ops.validation.references import dangling_reference
from community_ops.validation.rule import Context, Rows, rule

DAY = date(2026, 3, 2)
Key = tuple[str, Ref]


def expired(waiver: Waiver, at: date | None) -> bool:
    """Tell whether a waiver's last day is past; without a date, none has expired."""
    return at is not None and waiver.expires is not None and waiver.expires < at


@frozen(eq=False)
class Waivers:
    """The waivers of a model at a date, by what they waive.

    Attributes:
        at: the date.
        by_key: the waivers by code and subject, in table order.
    """

    at: date | None
    by_key: Mapping[Key, tuple[Waiver, ...]] = field(repr=False)

    @classmethod
    def of(cls, m: ModelView, at: date | None) -> Waivers:
        """Collect the waivers of a model; none where its schema does not know them."""
        found: dict[Key, tuple[Waiver, ...]] = {}
        for waiver in m.table(Waiver) if Waiver.kind_name in m.schema.heirs(Waiver) else ():
            key = (waiver.code, waiver.subject)
            found[key] = (*found.get(key, ()), waiver)
        return cls(at, found)

    def __iter__(self) -> Iterator[Waiver]:
        """Yield every waiver."""
        return chain.from_iterable(self.by_key.values())

    def matching(self, found: Finding) -> tuple[Waiver, ...]:
        """Return every waiver for a finding, whether or not it has expired."""
        subjects = (found.subject, *found.related) if found.gathered else (found.subject,)
        return tuple([waiver for ref in subjects for waiver in self.by_key.get((found.code, ref), ())])

    def suppression(self, found: Finding) -> Suppression | None:
        """Return why a finding does not count: by the first waiver for it that has not expired."""
        counting = (waiver for waiver in self.matching(found) if not expired(waiver, self.at)) if self.by_key else ()
        for waiver in counting:
            return Suppression("waiver", waiver.reason, waiver.granted_by, waiver.id, waiver.expires)
        return None


@rule(
    "WVR101",
    name="unused-waiver",
    severity=WARNING,
    en="{subject} waives {code} on {waived}, and there is no such finding.",
    zh="{subject}豁免了{waived}的 {code}，但没有这一问题。",
    needs=("waiver",),
    reviews=True,
)
def unused_waiver(m: ModelView, context: Context) -> Iterator[Finding]:
    """A waiver for which there is nothing to waive.

    Why it matters: the fault is mended, or the waiver never met it; the day it comes, it would pass unseen.

    How to fix: remove the waiver, or correct its code or subject.

    When it is wrong to heed it: for a finding that comes and goes with the date; then let the waiver expire.

    Only waivers of rules that this check has judged are looked at, so that checking by some rules blames no others.
    A waiver of this rule itself is not: whether it is used is only known when all else is.
    """
    run = context.run
    used = {waiver.id for found in run.findings for waiver in run.waivers.matching(found)}
    for waiver in run.waivers:
        if waiver.code in run.judged and waiver.code != context.code and waiver.id not in used:
            yield unused_waiver.finding(waiver.ref, related=[waiver.subject], code=waiver.code, waived=waiver.subject)


def _sales(parent: str, **fields: object) -> Rows:
    waiver = {"id": "w", "code": "REF101", "subject": "unit:sales", "granted_by": "unit:sales", **fields}
    return {"units": [{"id": "sales", "name": "Sales", "parent": parent}] if parent else [], "waivers": [waiver]}


@unused_waiver.fires(beside=(dangling_reference,))
def _mended() -> Rows:
    company = {"id": "company", "name": "Company"}
    rows = _sales("company", reason="Until the group is in the model.")
    return {**rows, "units": [company, *rows["units"]]}


@unused_waiver.silent(beside=(dangling_reference,))
def _needed() -> Rows:
    return _sales("group", reason="The group keeps its own model.")


@rule(
    "WVR102",
    name="expired-waiver",
    severity=WARNING,
    status=True,
    en="{subject} let {code} on {waived} pass until {expires}; it counts again.",
    zh="{subject}对{waived}的 {code} 的豁免已于 {expires} 到期，该问题重新计入。",
    needs=("waiver",),
    date_use="needed",
    reviews=True,
)
def expired_waiver(m: ModelView, context: Context) -> Iterator[Finding]:
    """A waiver's time is over, and what it let pass is still there.

    Why it matters: what was to be mended by then has not been.

    How to fix: mend it, or grant the waiver again with a new date.

    When it is wrong to heed it: never; remove waivers that are not to be renewed. One that has expired and has nothing
    left to waive is reported as unused; of one that another has taken over from nothing is said.
    """
    waivers = context.run.waivers
    counting = [found for found in context.run.findings if waivers.suppression(found) is None]
    over = {waiver.id for found in counting for waiver in waivers.matching(found)}
    for waiver in waivers:
        if waiver.id in over:
            yield expired_waiver.finding(
                waiver.ref, field="expires", related=[waiver.subject],
                code=waiver.code, waived=waiver.subject, expires=waiver.expires,
            )  # fmt: skip


@expired_waiver.fires(at=DAY, beside=(dangling_reference,))
def _overdue() -> Rows:
    return _sales("group", reason="Until the group is in the model.", expires="2026-03-01")


@expired_waiver.silent(at=DAY, beside=(dangling_reference,))
def _last_day() -> Rows:
    return _sales("group", reason="Until the group is in the model.", expires="2026-03-02")


@rule(
    "WVR103",
    name="waiver-without-reason",
    severity=WARNING,
    en="{subject} waives {code} on {waived} and does not say why.",
    zh="{subject}豁免了{waived}的 {code}，但没有说明理由。",
    needs=("waiver",),
    date_use="ignored",
)
def waiver_without_reason(m: ModelView, context: Context) -> Iterator[Finding]:
    """A waiver gives no reason.

    Why it matters: nobody can tell in a year whether it still holds.

    How to fix: say in `reason` why the finding may pass, and what would change that.

    When it is wrong to heed it: never.
    """
    rows = zip(m.ids(Waiver), m.column(Waiver.code), m.column(Waiver.subject), m.column(Waiver.reason), strict=True)
    for id, code, subject, reason in rows:
        if not reason.strip():
            waiver = Ref("waiver", id)
            yield waiver_without_reason.finding(waiver, field="reason", related=[subject], code=code, waived=subject)


@waiver_without_reason.fires()
def _silent_grant() -> Rows:
    return _sales("group", reason=" ")


@waiver_without_reason.silent()
def _reasoned() -> Rows:
    return _sales("group", reason="The group keeps its own model.")


@rule(
    "WVR104",
    name="waiver-of-unknown-rule",
    severity=WARNING,
    en="{subject} waives {code} on {waived}, and there is no rule of that code.",
    zh="{subject}豁免了{waived}的 {code}，但没有这一编号的规则。",
    needs=("waiver",),
    date_use="ignored",
    reviews=True,
)
def waiver_of_unknown_rule(m: ModelView, context: Context) -> Iterator[Finding]:
    """A waiver names a code that no rule has.

    Why it matters: it waives nothing, whatever its author believes.

    How to fix: correct the code. A waiver names one rule by its whole code; `ORG1` for a group of rules waives nothing.

    When it is wrong to heed it: where the rule belongs to an extension that this check runs without.
    """
    for waiver in context.run.waivers:
        if waiver.code not in context.run.rules:
            yield waiver_of_unknown_rule.finding(
                waiver.ref, field="code", related=[waiver.subject], code=waiver.code, waived=waiver.subject
            )


@waiver_of_unknown_rule.fires()
def _misspelt() -> Rows:
    return _sales("group", code="REF999", reason="The group keeps its own model.")


@waiver_of_unknown_rule.silent(beside=(dangling_reference,))
def _spelt() -> Rows:
    return _sales("group", reason="The group keeps its own model.")


RULES = (waiver_without_reason, waiver_of_unknown_rule, expired_waiver, unused_waiver)
"""The rules of this module; whether a waiver is unused is asked when the others have spoken."""
