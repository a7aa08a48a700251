"""Organisations under schemas that lack a kind, for rules that must do without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import attrs

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


def assert_no_rule_crashes_without(gone: str) -> None:
    """Judge every example of every rule, and the template, by all rules under a schema that lacks a kind."""
    assert gone not in without(gone).schema.kinds
    book = co.OperatingModel.rules().with_profile("all")
    for records, at in ORGANISATIONS:
        smaller = carried_over(records, gone)
        report = book.check(smaller, at)
        assert [found.message for found in report.findings if found.rule == "rule-crashed"] == []
        told = [*report.judged, *report.skipped, *report.not_applicable]
        assert sorted(told) == sorted(book.by_code), "every rule is told of, and once"
