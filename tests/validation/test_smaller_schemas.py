"""Built-in rules on models that do without some of the built-in kinds: what cannot be judged is idle, never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import attrs
import pytest

import community_ops as co
from community_ops.kernel.schema import Schema

FULL = co.OperatingModel.schema
AT = date(2026, 3, 2)


@cache
def without(gone: str) -> type[co.OperatingModel]:
    """A class of model that lacks a kind, and those that make no sense without it; other references to it are cut."""
    lost = lost_with(gone)
    classes = [cut(kind.cls, lost) for kind in FULL.kinds.values() if kind.name not in lost]
    return type(f"Without_{gone}", (co.OperatingModel,), {"schema": Schema.of(*classes), "__slots__": ()})


def lost_with(gone: str) -> set[str]:
    lost: set[str] = set()
    more = {gone}
    while more:
        lost |= more
        more = {
            kind.name
            for kind in FULL.kinds.values()
            for relation in kind.relations
            if relation.reference.kind in lost and kind.layout.by_name[relation.field].required
        } - lost
    return lost


def cut(cls: type, lost: set[str]) -> type:
    fields = {relation.field for relation in FULL.kind(cls).relations if relation.reference.kind in lost}
    if not fields:
        return cls
    old = [attribute for attribute in attrs.fields(cls) if attribute.name in fields]
    plain = {a.name: "str | None" if a.default is None else "tuple[str, ...]" for a in old}
    body = {a.name: attrs.field(default=a.default) for a in old}
    return attrs.frozen(kw_only=True)(type(cls.__name__, (cls,), {**body, "__annotations__": plain}))


def carried_over(records: Any, gone: str) -> co.OperatingModel:
    """The same records as far as the smaller class can hold them."""
    model, lost, kept = without(gone), lost_with(gone), []
    for record in records:
        if record.kind_name not in lost:
            kind = FULL.kinds[record.kind_name]
            cuts = {r.field for r in kind.relations if r.reference.kind in lost}
            values = {a.name: getattr(record, a.name) for a in attrs.fields(type(record)) if a.name not in cuts}
            kept.append(model.schema.kinds[record.kind_name].cls(**values))
    return model(kept)


def organisations() -> Iterator[tuple[Any, date | None]]:
    yield co.templates.community_operations("en"), AT
    for rule in co.OperatingModel.rules().rules:
        for example in (*rule.fire_examples, *rule.silent_examples):
            yield example.model(co.OperatingModel), example.at


ORGANISATIONS = tuple(organisations())


@pytest.mark.unwatched  # thousands of checks, and each rule's own tests have reached what they reach
@pytest.mark.parametrize("gone", FULL.kinds)
def test_no_rule_crashes_on_a_schema_that_lacks_a_kind(gone: str) -> None:
    assert gone not in without(gone).schema.kinds
    book = co.OperatingModel.rules().with_profile("all")
    for records, at in ORGANISATIONS:
        smaller = carried_over(records, gone)
        report = book.check(smaller, at)
        assert [found.message for found in report.findings if found.rule == "rule-crashed"] == []
        told = [*report.judged, *report.skipped, *report.not_applicable]
        assert sorted(told) == sorted(book.by_code), "every rule is told of, and once"


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
