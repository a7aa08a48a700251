"""The demonstration counts right, and copes with organisations that have nothing to show or to mend."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from community_ops import Money, OperatingModel, Position, Unit, templates
from community_ops.view.demo import demonstration
from community_ops.view.figures import key_figures

DAY = date(2026, 3, 2)


def test_key_figures_agree_with_counting_by_hand() -> None:
    model = templates.community_operations("en")
    figures = key_figures(model, DAY, "en")
    cost = sum((p.monthly_cost.amount * p.seats for p in model.positions if p.monthly_cost is not None), Decimal(0))
    assert figures["positions"] == str(len(model.positions)) == "22"
    assert figures["people"] == "31"
    assert figures["seats filled"] == "31 / 32"
    assert figures["widest span"] == "5"
    assert figures["cost of all seats a month"] == f"{cost:,f} CNY"


def test_costs_in_several_currencies_are_not_added_up() -> None:
    paid = [
        Position(id="a", title="A", unit="u", seats=2, monthly_cost=Money(100, "USD")),
        Position(id="b", title="B", unit="u", monthly_cost=Money(5, "CNY")),
        Position(id="c", title="C", unit="u"),
    ]
    figures = key_figures(OperatingModel.of(Unit(id="u", name="U"), *paid), DAY, "en")
    assert figures["cost of all seats a month"] == "5 CNY + 200 USD"


def test_an_empty_model_and_a_healthy_one_are_shown_without_a_fix() -> None:
    for model in (OperatingModel(), OperatingModel.of(Unit(id="u", name="U"))):
        for language in ("en", "zh"):
            shown = demonstration(model, DAY, language)  # type: ignore[arg-type]
            assert ("No findings." if language == "en" else "没有发现问题。") in shown.text
            assert "first fix" not in shown.text
            assert shown.page.startswith("<!DOCTYPE html>")
