"""Tables made from whole columns: the same records that a document of the same values makes."""

from __future__ import annotations

from typing import ClassVar

import pytest
from attrs import field, frozen

import community_ops as co
from community_ops.kernel.codec import table_of_columns
from community_ops.kernel.declaration import kind_of
from community_ops.kernel.shapes import Unclean
from community_ops.kernel.table import Table


@frozen(kw_only=True)
class Shout(co.Record):
    kind_name: ClassVar[str] = "shout"
    table_name: ClassVar[str] = "shouts"

    text: str = field(converter=lambda text: text.upper() if isinstance(text, str) else text)
    loud: bool = True


def test_given_and_ready_columns_and_defaults_make_the_records_of_the_constructor() -> None:
    kind = kind_of(co.Unit)
    extras = [co.FrozenMap({"a": 1}), co.FrozenMap()]
    table = table_of_columns(kind, 2, {"id": ["a", "b"], "name": ["A", "B"], "parent": [None, "a"]}, {"extra": extras})
    assert table == Table(kind, [co.Unit(id="a", name="A", extra={"a": 1}), co.Unit(id="b", name="B", parent="a")])
    assert table["b"].kind == "team"


def test_a_class_that_adjusts_its_values_makes_its_own_records() -> None:
    table = table_of_columns(kind_of(Shout), 1, {"id": ["a"], "text": ["hey"]})
    assert table.records == (Shout(id="a", text="HEY"),)


def test_no_records_make_an_empty_table() -> None:
    assert len(table_of_columns(kind_of(co.Unit), 0, {"id": [], "name": []})) == 0


def test_values_that_do_not_fit_and_ids_used_twice_are_refused() -> None:
    with pytest.raises(Unclean):
        table_of_columns(kind_of(co.Unit), 1, {"id": [""], "name": ["A"]})
    with pytest.raises(co.DuplicateRecord):
        table_of_columns(kind_of(co.Unit), 2, {"id": ["a", "a"], "name": ["A", "B"]})
