"""A metric through the constructor, through JSON, and with what has no meaning."""

from __future__ import annotations

import json
from typing import Any

import pytest

import community_ops as co
from community_ops import InvalidDocument, InvalidRecord, Metric, OperatingModel, Position, Ref

CMO = Position(id="cmo", title="CMO", unit="hq")
ACTIVE = Metric(
    id="active", name="Active members", unit="members", direction="higher", owner="cmo", description="Seen in 28 days"
)


def read(**fields: Any) -> list[tuple[str, str]]:
    """Return what is wrong with a document of one metric with some fields; nothing where it can be read."""
    text = json.dumps({"format": "community-ops", "version": 2, "metrics": [{"id": "m", "name": "M", **fields}]})
    try:
        co.loads(text)
    except InvalidDocument as refused:
        return [(problem.code, problem.pointer) for problem in refused.problems]
    return []


def test_only_a_name_is_asked_for_and_more_is_better_unless_said_otherwise() -> None:
    bare = Metric(id="m", name="M")
    assert (bare.unit, bare.direction, bare.owner, bare.description) == ("", "higher", None, "")
    with pytest.raises(TypeError):
        Metric(id="m")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Metric("m", "M")  # type: ignore[call-arg, misc]


def test_it_comes_back_from_json_as_it_was() -> None:
    fields = {"unit": "members", "direction": "target", "owner": "cmo", "description": "Seen in 28 days"}
    model = OperatingModel.of(CMO, Metric(id="active", name="活跃成员", **fields))  # type: ignore[arg-type]
    (row,) = json.loads(co.dumps(model))["metrics"]
    assert row == {"id": "active", "name": "活跃成员", **fields}
    assert co.loads(co.dumps(model)) == model


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"direction": "up"}, "direction"),
        ({"direction": None}, "direction"),
        ({"name": None}, "name"),
        ({"name": "a\ud800"}, "name"),
        ({"unit": 1}, "unit"),
        ({"owner": 7}, "owner"),
        ({"owner": ""}, "owner"),
        ({"id": "x" * 201}, "id"),
        ({"id": ""}, "id"),
    ],
)
def test_what_has_no_meaning_is_refused_by_the_constructor(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        Metric(**{"id": "m", "name": "M", **fields})
    assert (refused.value.kind, refused.value.field) == ("metric", named)


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"direction": "up"}, "bad-choice", "/metrics/0/direction"),
        ({"direction": 1}, "bad-choice", "/metrics/0/direction"),
        ({"unit": None}, "wrong-type", "/metrics/0/unit"),
        ({"name": ["M"]}, "wrong-type", "/metrics/0/name"),
        ({"owner": 7}, "wrong-type", "/metrics/0/owner"),
        ({"better": "higher"}, "unknown-key", "/metrics/0/better"),
    ],
)
def test_what_has_no_meaning_is_refused_in_json(fields: dict[str, Any], code: str, pointer: str) -> None:
    assert read(**fields) == [(code, pointer)]


def test_a_metric_may_be_read_with_nothing_but_a_name() -> None:
    assert read() == []


def test_an_owner_is_a_position_and_one_that_is_not_there_is_found_by_a_rule() -> None:
    model = OperatingModel.of(CMO, ACTIVE)
    assert [record.ref for record in model.referrers(CMO.ref)] == [Ref("metric", "active")]
    lost = OperatingModel.of(ACTIVE).check(select=["REF101"])
    assert [(found.subject, found.field) for found in lost.findings] == [(Ref("metric", "active"), "owner")]
    assert model.rename(CMO.ref, "chief").metrics["active"].owner == "chief"
