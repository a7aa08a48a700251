"""Policies: which thresholds a rule judges by, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import evolve

from community_ops.errors import InvalidRecord
from community_ops.kernel.declaration import layout_of
from community_ops.kernel.derived import derived
from community_ops.kernel.frozenmap import thaw
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import BadValue
from community_ops.kernel.view import ModelView
from community_ops.validation.records import Policy
from community_ops.validation.rule import Context

SCOPE_KIND = "unit"
T = TypeVar("T")


@derived(cutoff=True)
def _policies(m: ModelView, code: str) -> tuple[tuple[Ref | None, Mapping[str, Any]], ...]:
    """Return scope and values of the policies for a rule; of several with one scope the first."""
    found: dict[Ref | None, Mapping[str, Any]] = {}
    if Policy.kind_name in m.schema.heirs(Policy) and len(m.ids(Policy)):
        for rule_code, scope, values in zip(
            m.column(Policy.rule), m.column(Policy.scope), m.column(Policy.values), strict=True
        ):
            if rule_code == code:
                found.setdefault(scope, values)
    return tuple(found.items())


def usable(thresholds: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, BadValue | None]]]:
    """Return the values that can be used, and by name what is wrong with the others; None for an unknown name."""
    shapes = {spec.name: spec.shape for spec in layout_of(type(thresholds)).fields}
    good: dict[str, Any] = {}
    wrong: list[tuple[str, BadValue | None]] = []
    for name, value in values.items():
        if name not in shapes:
            wrong.append((name, None))
            continue
        try:
            good[name] = shapes[name].read(thaw(value))
        except BadValue as bad:
            wrong.append((name, bad))
    return good, wrong


def changed(thresholds: Any, values: Mapping[str, Any]) -> Any:
    """Return thresholds with usable values in place of their own; as they are where these do not go together."""
    try:
        return evolve(thresholds, **values) if values else thresholds
    except InvalidRecord:
        return thresholds


def thresholds_for_all(m: ModelView, context: Context) -> Any:
    """Return the thresholds of the rule being judged, with what policies without a scope say."""
    return values_for_all(m, context.code, context.thresholds)


def values_for_all(m: ModelView, code: str, thresholds: T) -> T:
    """Return the thresholds of a rule, with what policies without a scope say."""
    for scope, values in _policies(m, code):
        if scope is None:
            return changed(thresholds, usable(thresholds, values)[0])  # type: ignore[no-any-return]
    return thresholds


def values_by_unit(m: ModelView, context: Context) -> Mapping[str, Mapping[str, Any]]:
    """Return what policies for units say of the thresholds of the rule being judged, by the unit's id."""
    return {
        scope.id: usable(context.thresholds, values)[0]
        for scope, values in _policies(m, context.code)
        if scope is not None and scope.kind == SCOPE_KIND
    }
