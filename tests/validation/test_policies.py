"""Thresholds by policy: what can be used of a policy is used, and a rule is judged anew exactly when it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve, field, frozen

import community_ops as co
from community_ops import (
    Context,
    Finding,
    ModelView,
    OperatingModel,
    Policy,
    Ref,
    RuleBook,
    Severity,
    Unit,
    Value,
    rule,
)
from community_ops.kernel.record import at_least
from community_ops.validation.policies import changed, thresholds_for_all, usable, values_by_unit

DAY = date(2026, 3, 2)
ran: list[str] = []


@frozen
class Limits(Value):
    most: int = field(default=3, metadata=at_least(0))
    least: int = 0
    share: Decimal = Decimal("0.5")
    words: tuple[str, ...] = ()
    by_kind: Mapping[str, int] = field(factory=dict)
    last: date | None = None

    def __meaning__(self) -> Iterator[tuple[str, str]]:
        if self.least > self.most:
            yield "least", "must not be above most"


@rule("TST701", name="limited", en="{limits}", zh="{limits}", thresholds=Limits(), date_use="ignored")
def limited(m: ModelView, context: Context) -> Iterator[Finding]:
    """Says which thresholds hold for all."""
    ran.append("limited")
    yield limited.finding(Ref("unit", m.ids(Unit)[0]), limits=str(thresholds_for_all(m, context)))


@rule("TST702", name="other", en="x", zh="x", thresholds=Limits(most=9), date_use="ignored")
def other(m: ModelView, context: Context) -> Iterator[Finding]:
    """Has thresholds of its own."""
    ran.append("other")
    assert thresholds_for_all(m, context).most == 9
    return iter(())


BOOK = RuleBook.of(limited, other)
HQ = Unit(id="hq", name="HQ")


def policy(id: str = "p", *, code: str = "TST701", scope: str | None = None, **values: Any) -> Policy:
    return Policy(id=id, rule=code, scope=None if scope is None else Ref.parse(scope), values=values)


def limits(*policies: Policy, book: RuleBook = BOOK) -> Any:
    return book.check(OperatingModel.of(HQ, *policies)).where(code="TST701").findings[0].parameters["limits"]


def test_without_policies_the_rule_s_own_thresholds_hold() -> None:
    assert limits() == str(Limits())
    assert limits(policy(code="TST702", most=9)) == str(Limits())


def test_a_policy_changes_what_it_names_and_leaves_the_rest() -> None:
    assert limits(policy(most=5, words=["a"], by_kind={"team": 2})) == str(
        Limits(most=5, words=("a",), by_kind={"team": 2})
    )
    assert limits(policy(share="0.25", last="2026-03-02")) == str(Limits(share=Decimal("0.25"), last=DAY))
    assert limits(policy(last=None), book=BOOK.with_thresholds("TST701", last=DAY)) == str(Limits())


def test_a_policy_comes_before_what_the_book_says() -> None:
    book = BOOK.with_thresholds("TST701", most=7, least=1)
    assert limits(book=book) == str(Limits(most=7, least=1))
    assert limits(policy(most=5), book=book) == str(Limits(most=5, least=1))
    assert limits(policy(most=5), book=book.with_severity({"TST701": Severity.INFO})) == str(Limits(most=5, least=1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("most", -1), ("most", "5"), ("most", True), ("most", 5.0), ("most", None), ("share", 0.5), ("words", "ab"),
        ("by_kind", [1]), ("by_kind", {"team": "2"}), ("last", "20260302"), ("highest", 5),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_left_out_and_the_others_are_used(name: str, value: Any) -> None:
    good, wrong = usable(Limits(), {name: value, "least": 1})
    assert good == {"least": 1}
    assert [bad for bad, _ in wrong] == [name]
    assert (wrong[0][1] is None) == (name == "highest")
    assert limits(policy(**{name: value}, least=1)) == str(Limits(least=1))


def test_values_that_do_not_go_together_change_nothing() -> None:
    assert limits(policy(most=1, least=2)) == str(Limits())
    assert changed(Limits(), {"least": 4}) == changed(Limits(), {}) == Limits()


def test_of_several_policies_for_all_the_first_counts_as_a_whole() -> None:
    assert limits(policy("a", most=5), policy("b", most=6, least=2)) == str(Limits(most=5))


def test_policies_for_units_and_for_other_kinds_are_kept_apart() -> None:
    policies = [policy("a", scope="unit:hq", most=5), policy("b", scope="position:x", most=6), policy("c", most=7)]
    model = OperatingModel.of(HQ, *policies, policy("d", scope="unit:gone", most=8))
    context = Context(None, Limits(), "TST701")
    assert values_by_unit(model, context) == {"hq": {"most": 5}, "gone": {"most": 8}}
    assert thresholds_for_all(model, context) == Limits(most=7)
    assert values_by_unit(model, Context(None, Limits(), "TST702")) == {}


def test_a_rule_is_judged_anew_when_its_policies_change_and_only_then() -> None:
    model = OperatingModel.of(HQ, policy(most=5))
    BOOK.check(model)

    def rerun(edited: OperatingModel) -> list[str]:
        ran.clear()
        BOOK.check(edited)
        return list(ran)

    assert rerun(model.replace(evolve(policy(most=5), extra={"by": "me"}))) == []
    assert rerun(model.add(policy("q", code="TST999", most=1))) == []
    assert rerun(model.add(co.Person(id="p", name="P"))) == []
    assert rerun(model.replace(policy(most=6))) == ["limited"]
    assert rerun(model.replace(policy(most=6.0))) == ["limited"]  # 6.0 is not 6: a whole number is asked for
    assert rerun(model.remove(Ref("policy", "p"))) == ["limited"]
    assert rerun(model) == []
    assert limits(policy(most=True)) == limits(policy(most=5.0)) == str(Limits())
