"""Built-in rules on models that do without some of the built-in kinds: what cannot be judged is idle, never a crash."""

from __future__ import annotations

from typing import Any

import pytest

import community_ops as co
from tests.validation.smaller import AT, FULL, assert_no_rule_crashes_without, carried_over


@pytest.mark.unwatched  # thousands of checks, and each rule's own tests have reached what they reach
@pytest.mark.parametrize("gone", list(FULL.kinds)[::2])  # the others beside it, in a file that another core may take
def test_no_rule_crashes_on_a_schema_that_lacks_a_kind(gone: str) -> None:
    assert_no_rule_crashes_without(gone)


def test_reporting_lines_are_an_addition_that_a_schema_may_do_without() -> None:
    circle = [co.Position(id=id, title=id, unit="u", reports_to=to) for id, to in (("a", "b"), ("b", "a"))]
    model = carried_over([co.Unit(id="u", name="U"), *circle], "reporting_line")
    assert [found.code for found in model.check(select=["ORG101"]).findings] == ["ORG101"]
    assert co.org.hierarchy(model).parent("a") == "b"


def test_a_rule_about_a_kind_that_is_not_there_has_nothing_to_judge() -> None:
    model = carried_over([co.Unit(id="u", name="U"), co.Position(id="a", title="A", unit="u")], "assignment")
    report = model.check(AT, select=["ORG401"])
    assert (report.judged, report.not_applicable, report.findings) == ((), ("ORG401",), ())


@pytest.mark.parametrize("read", [lambda m: m.column_of("unit", "nome"), lambda m: m.schema.relation("unit", "perent")])
def test_a_misspelt_field_or_relation_is_still_a_crash(read: Any) -> None:
    @co.rule("TST101", name="misspelt", en="x {subject}", zh="x {subject}")
    def misspelt(m, context):
        """Reads what no unit has."""
        read(m)
        return ()

    report = co.OperatingModel.of(co.Unit(id="u", name="U")).check(rules=co.RuleBook.of(misspelt))
    assert [found.rule for found in report.findings] == ["rule-crashed"]
