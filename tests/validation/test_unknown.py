"""What a document holds beyond the schema is kept and named, whatever it is called."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops import OperatingModel, Ref, Report, Severity
from community_ops.validation.book import CRASHED


def read(**tables: Any) -> OperatingModel:
    document = {"format": "community-ops", "version": 2, **tables}
    return co.loads(json.dumps(document), unknown="keep")


def checked(**tables: Any) -> Report:
    return read(**tables).check(select=["REF301"])


def test_an_unknown_table_is_named_and_judged_by_no_rule() -> None:
    (found,) = checked(contracts=[{"id": "c"}]).findings
    assert (found.subject, found.severity) == (Ref("table", "contracts"), Severity.INFO)
    assert found.message == (
        "The document has 'contracts', which this model does not know; it is kept as it is, and no rule sees it."
    )


def test_an_unknown_field_is_named_once_for_all_records_of_a_kind() -> None:
    units = [{"id": id, "name": id.title(), "colour": "red"} for id in ("hq", "it")]
    report = checked(units=units, people=[{"id": "p", "name": "P", "colour": "red", "shoe": 40}])
    assert [(str(f.subject), f.gathered, f.related, f.parameters["name"]) for f in report.findings] == [
        ("unit:hq", True, (Ref("unit", "it"),), "colour"),
        ("person:p", True, (), "colour"),
        ("person:p", True, (), "shoe"),
    ]
    assert report.findings[0].message.startswith("2 records of kind unit, Hq first, with the field 'colour',")
    assert report.findings[1].message.startswith("1 record of kind person, P first, with the field 'colour',")
    assert len({found.fingerprint for found in report.findings}) == 3


def test_order_and_number_of_the_records_do_not_change_the_fingerprint() -> None:
    rows = [{"id": id, "name": id, "colour": "red"} for id in ("a", "b", "c")]
    prints = {checked(units=units).findings[0].fingerprint for units in (rows, rows[::-1], rows[1:])}
    assert len(prints) == 1


def test_a_record_that_has_gone_is_not_named_and_one_that_came_later_holds_nothing() -> None:
    model = read(units=[{"id": "hq", "name": "HQ", "colour": "red"}, {"id": "it", "name": "IT"}])
    assert len(model.check(select=["REF301"])) == 1
    assert len(model.remove(Ref("unit", "hq")).check(select=["REF301"])) == 0
    assert len(model.add(co.Unit(id="hr", name="HR")).check(select=["REF301"])) == 1


def test_a_model_made_in_memory_has_nothing_unknown() -> None:
    assert OperatingModel.of(co.Unit(id="hq", name="HQ", extra={"colour": "red"})).check(select=["REF301"]).ok


_keys = st.one_of(
    st.sampled_from(["", " ", "\n", "a\x00", "\u202e", "x" * 300, "a:b", "{0}", "{subject}", "\ufeff", "社群"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)


@settings(max_examples=60)
@given(st.dictionaries(_keys, st.integers(), max_size=3), st.dictionaries(_keys, st.none(), max_size=3))
def test_whatever_the_unknown_is_called_the_rule_names_it(tables: dict[str, int], fields: dict[str, None]) -> None:
    known = {"format", "version", *OperatingModel.schema.tables}
    names = {k.name for k in OperatingModel.schema.kinds["unit"].layout.fields}
    tables = {name: value for name, value in tables.items() if name not in known}
    fields = {name: value for name, value in fields.items() if name not in names}
    report = checked(units=[{"id": "hq", "name": "HQ", **fields}], **tables)
    assert not report.where(code=CRASHED).findings
    assert {found.key[-1] for found in report.findings} == tables.keys() | fields.keys()
    assert len({found.fingerprint for found in report.findings}) == len(tables) + len(fields)
    for format in ("text", "json", "sarif", "junit", "github", "markdown"):
        assert report.to(format)
