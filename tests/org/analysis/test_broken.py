"""Organisations in circles, pointing nowhere, holding nothing: every figure is an answer, and no rule breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Model, OperatingModel, Position, Schema, Unit, org
from tests.org.analysis.organisations import DAY, organisations

FIGURES: list[Callable[..., Any]] = [
    org.bottlenecks, org.channels, org.collaboration, org.costs, org.costs_below, org.cut_points, org.key_people,
    org.layers, org.manager_ratios, org.person_loads, org.span_distribution, org.succession, org.vacancies,
]  # fmt: skip
CODES = [f"ORG5{number:02}" for number in range(1, 16)]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_an_empty_organisation_has_every_figure_and_says_for_which_day(figure: Callable[..., Any]) -> None:
    found = figure(OperatingModel(), DAY)
    assert found.at == DAY
    assert "0.0" not in str(found)
    assert "nan" not in str(found).lower()


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_a_figure_is_remembered_and_found_again_after_a_name_has_changed(figure: Callable[..., Any]) -> None:
    model = OperatingModel.of(Unit(id="u", name="U"), Position(id="p", title="P", unit="u"))
    found = figure(model, DAY)
    assert figure(model, DAY) is found
    assert figure(model.replace(Unit(id="u", name="V")), DAY) is found


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_positions_that_report_to_one_another_and_sit_nowhere(figure: Callable[..., Any]) -> None:
    lines = {"a": "b", "b": "c", "c": "a", "d": "d", "e": "ghost", "f": "a"}
    model = OperatingModel(Position(id=id, title=id, unit="ghost", reports_to=up) for id, up in lines.items())
    assert str(figure(model, DAY))


@given(organisations(), st.sampled_from([None, DAY]))
def test_no_rule_breaks_on_a_broken_organisation(model: OperatingModel, at: Any) -> None:
    report = model.check(at, select=CODES)
    assert {found.code for found in report.findings} <= set(CODES)
    for found in report.findings:
        assert "{" not in found.text("en") + found.text("zh")
        assert found.subject in model


def test_only_the_kinds_that_a_figure_reads_are_needed() -> None:
    kinds, without = OperatingModel.schema.kinds.values(), {"goal"}
    for _ in kinds:  # what points at what is left out is left out as well
        without |= {kind.name for kind in kinds if any(one.reference.kind in without for one in kind.relations)}

    class Small(Model):
        schema = Schema.of(*(kind.cls for kind in kinds if kind.name not in without))

    model = Small([Position(id="a", title="A", unit="u")])
    assert [figure(model, DAY).at for figure in FIGURES] == [DAY] * len(FIGURES)
