"""The demonstration counts right, and copes with organisations that have nothing to show or to mend."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from community_ops import Calendar, Duration, Money, OperatingModel, Plan, Position, Task, Unit, templates
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


def test_the_plan_is_told_with_its_finish_its_launch_and_what_drives_them() -> None:
    lines = demonstration(templates.community_operations("en"), DAY, "en").text.splitlines()
    place = lines.index("The plan")
    assert lines[place + 1] == "  Community operations plan: 36 tasks, 2026-03-02 to 2026-06-05, 10 critical."
    assert lines[place + 2] == "  Launch: 2026-05-06."
    path = lines[place + 3].removeprefix("  What drives the finish: ").removesuffix(".").split(" → ")
    assert (path[0], path[-3:]) == (
        "Strategic planning",
        ["Launch", "Raise customer satisfaction", "Monitor, evaluate and improve"],
    )
    assert len(path) == 10


def test_a_plan_without_tasks_and_one_without_work_time_are_told_too() -> None:
    shut = Calendar(id="never")
    model = OperatingModel.of(
        shut,
        Plan(id="p", name="Nothing yet", start=DAY),
        Plan(id="q", name="Never", start=DAY, calendar="never"),
        Task(id="t", name="T", plan="q", duration=Duration(1)),
    )
    text = demonstration(model, DAY, "en").text
    assert "Nothing yet: 0 tasks." in text
    assert "Never: cannot be dated: calendar 'never' is not open" in text
    assert "无法排程" in demonstration(model, DAY, "zh").text


def test_an_empty_model_and_a_healthy_one_are_shown_without_a_fix() -> None:
    for model in (OperatingModel(), OperatingModel.of(Unit(id="u", name="U"))):
        for language in ("en", "zh"):
            shown = demonstration(model, DAY, language)  # type: ignore[arg-type]
            assert ("No findings." if language == "en" else "没有发现问题。") in shown.text
            assert "first fix" not in shown.text
            assert shown.page.startswith("<!DOCTYPE html>")
