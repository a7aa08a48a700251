from __future__ import annotations

from collections import UserDict, namedtuple
from collections.abc import Mapping
from datetime import timedelta

import pytest

from community_ops.kernel import containers, shapes, written
from community_ops.kernel.declaration import kind_of, layout_of
from community_ops.kernel.frozenmap import EMPTY, FrozenMap, freeze
from community_ops.kernel.ref import Ref
from community_ops.kernel.shapes import Unclean
from community_ops.kernel.text import BadValue
from tests.kernel.kinds import Clause, Link, Task, Team

TEXT, NUMBER, TO = shapes.Text(), shapes.Integer(), shapes.Id("task")
OPTIONAL = containers.Optional(TEXT)
MANY = containers.Many(TEXT)
FIXED = containers.Fixed((TEXT, NUMBER))
MAPPED = containers.Mapped(NUMBER)
JSON = containers.Json()
NESTED = containers.Nested(layout_of(Link))
Pair = namedtuple("Pair", "a b")


def to_b(ref: Ref) -> Ref:
    return Ref("task", "b") if ref == Ref("task", "a") else ref


def problems(caught: pytest.ExceptionInfo[BadValue]) -> list[tuple]:
    return [(part.path, part.code) for part in caught.value.parts]


# -- types ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [MANY, FIXED], ids=["many", "fixed"])
@pytest.mark.parametrize("value", ["ab", b"ab", {"a", "b"}, {"a": 1, "b": 2}, iter("ab"), range(2), None, 5])
def test_only_lists_and_tuples_are_sequences(shape, value):
    with pytest.raises(BadValue, match="must be a list"):
        shape.check(value)


@pytest.mark.parametrize("shape", [MANY, FIXED], ids=["many", "fixed"])
@pytest.mark.parametrize("data", ["ab", {"0": "a"}, None, 5, ("a", 1), True])
def test_only_json_lists_are_read_as_sequences(shape, data):
    with pytest.raises(BadValue, match="must be a list"):
        shape.read(data)


@pytest.mark.parametrize("shape", [MAPPED, JSON], ids=["mapped", "json"])
@pytest.mark.parametrize("value", [[("a", 1)], (("a", 1),), "a", None, 5, {"a"}])
def test_only_mappings_are_mappings(shape, value):
    for door in (shape.check, shape.read):
        with pytest.raises(BadValue):
            door(value)


@pytest.mark.parametrize("value", [{"task": "a"}, ("a", timedelta()), "a", None, Clause("x")])
def test_only_the_class_itself_is_its_value(value):
    with pytest.raises(BadValue, match="must be a Link"):
        NESTED.check(value)


@pytest.mark.parametrize("data", [[], "a", None, 5, ["task"]])
def test_only_an_object_is_read_as_a_value(data):
    with pytest.raises(BadValue, match="must be an object"):
        NESTED.read(data)


# -- keeping what is good -------------------------------------------------------------------------------------------


def test_lists_become_tuples_and_tuples_stay():
    kept = ("a", "b")
    assert MANY.check(kept) is kept
    assert MANY.check(["a", "b"]) == kept
    assert type(MANY.check(Pair("a", "b"))) is tuple
    assert MANY.read(["a", "b"]) == kept
    assert FIXED.check(["a", 1]) == FIXED.read(["a", 1]) == ("a", 1)


def test_items_are_stored_in_their_clean_form():
    ids = containers.Many(shapes.Id())
    assert ids.check(("cafe\u0301",)) == ("caf\u00e9",)
    assert containers.Mapped(shapes.Id()).check({"k": "cafe\u0301"}) == {"k": "caf\u00e9"}


def test_mappings_become_frozen_maps_and_frozen_maps_stay():
    kept = FrozenMap({"a": 1})
    assert MAPPED.check(kept) is kept
    assert type(MAPPED.check({"a": 1})) is FrozenMap
    assert MAPPED.check(UserDict(a=1)) == kept
    sealed = freeze({"a": [1]})
    assert JSON.check(sealed) is sealed


def test_optional_is_the_inner_shape_or_none():
    assert OPTIONAL.check(None) is OPTIONAL.read(None) is OPTIONAL.write(None) is None
    assert OPTIONAL.check("a") == OPTIONAL.read("a") == OPTIONAL.write("a") == "a"
    assert OPTIONAL.plain
    assert not containers.Optional(written.Day()).plain
    with pytest.raises(BadValue):
        OPTIONAL.check(5)


def test_containers_are_written_as_plain_json():
    assert MANY.write(("a", "b")) == ["a", "b"]
    assert FIXED.write(("a", 1)) == ["a", 1]
    assert MAPPED.write(FrozenMap({"a": 1})) == {"a": 1}
    assert JSON.write(freeze({"a": [1]})) == {"a": [1]}
    assert NESTED.write(Link("a", timedelta(hours=1))) == {"task": "a", "lag": "PT1H"}
    assert NESTED.write(Link("a")) == {"task": "a"}


# -- columns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "column", "expected"),
    [
        (OPTIONAL, ["a", None, "b"], ["a", None, "b"]),
        (OPTIONAL, [None, None], [None, None]),
        (OPTIONAL, ["a"], ["a"]),
        (containers.Optional(written.Duration()), ["PT1H", None], [timedelta(hours=1), None]),
        (containers.Optional(written.Duration()), ["PT1H"], [timedelta(hours=1)]),
        (containers.Optional(written.Duration()), [], []),
        (MANY, [["a"], []], [("a",), ()]),
        (MAPPED, [{"a": 1}, {}], [{"a": 1}, {}]),
        (JSON, [{}, {}], [{}, {}]),
        (JSON, [{}, {"a": [1]}], [{}, {"a": [1]}]),
        (NESTED, [{"task": "a"}], [Link("a")]),
    ],
)
def test_columns_are_read(shape, column, expected):
    assert shape.read_column(column) == expected


def test_empty_extras_share_one_object():
    assert all(value is EMPTY for value in JSON.read_column([{}, {}, {}]))


@pytest.mark.parametrize(
    ("shape", "column"),
    [
        (OPTIONAL, ["a", 5, None]),
        (containers.Optional(written.Duration()), [None, "long"]),
        (MANY, [["a"], "b"]),
        (MANY, [["a", 5]]),
        (FIXED, [["a", 1], ["a", 1, 2]]),
        (MAPPED, [{"a": "b"}]),
        (JSON, [{}, []]),
        (JSON, [{}, ""]),
        (JSON, [{}, 0]),
        (JSON, [{}, None]),
        (JSON, [{}, [1]]),
        (NESTED, [{"task": "a", "lead": 1}]),
    ],
)
def test_a_bad_value_makes_its_column_unclean(shape, column):
    with pytest.raises(Unclean):
        shape.read_column(column)


# -- all that is bad, with its path ---------------------------------------------------------------------------------


def test_every_bad_item_is_named_by_its_place():
    with pytest.raises(BadValue) as caught:
        MANY.check(["a", 5, None, "b", "\ud800"])
    assert problems(caught) == [((1,), "wrong-type"), ((2,), "wrong-type"), ((4,), "bad-text")]
    with pytest.raises(BadValue) as caught:
        FIXED.read([5, "a"])
    assert problems(caught) == [((0,), "wrong-type"), ((1,), "wrong-type")]
    with pytest.raises(BadValue) as caught:
        MAPPED.check({"a": "x", "b": 1, 3: 1})
    assert problems(caught) == [(("a",), "wrong-type"), (("3 (int)",), "wrong-type")]


def test_a_tuple_of_fixed_length_has_that_length():
    for value in ([], ["a"], ["a", 1, 2]):
        with pytest.raises(BadValue, match="must have 2 entries"):
            FIXED.check(value)


def test_paths_lead_through_every_level():
    shape = containers.Mapped(containers.Many(containers.Optional(NESTED)))
    with pytest.raises(BadValue) as caught:
        shape.read({"k": [None, {"task": ""}, {"lag": "x", "y": 1}], "l": 5})
    assert problems(caught) == [
        (("k", 1, "task"), "bad-id"),
        (("k", 2, "y"), "unknown-key"),
        (("k", 2, "task"), "missing-key"),
        (("k", 2, "lag"), "bad-duration"),
        (("l",), "wrong-type"),
    ]


# -- references -----------------------------------------------------------------------------------------------------


REFERRING = [
    (containers.Optional(TO), "a", "b"),
    (containers.Many(TO), ("x", "a", "a"), ("x", "b", "b")),
    (containers.Fixed((TEXT, TO)), ("a", "a"), ("a", "b")),
    (containers.Mapped(TO), FrozenMap({"k": "x", "l": "a"}), FrozenMap({"k": "x", "l": "b"})),
    (containers.Many(shapes.AnyRef()), (Ref("task", "a"), Ref("post", "a")), (Ref("task", "b"), Ref("post", "a"))),
    (containers.Many(NESTED), (Link("a", timedelta(1)), Link("x")), (Link("b", timedelta(1)), Link("x"))),
]


@pytest.mark.parametrize(("shape", "value", "changed"), REFERRING)
def test_references_inside_containers_are_found_and_rewritten(shape, value, changed):
    assert shape.has_references
    assert Ref("task", "a") in [target for _, target, _ in shape.references(value)]
    assert Ref("task", "b") in [target for _, target, _ in shape.references(changed)]
    assert shape.rewrite(value, to_b) == changed
    assert type(shape.rewrite(value, to_b)) is type(value)
    assert shape.rewrite(changed, to_b) is changed


@pytest.mark.parametrize("shape", [OPTIONAL, MANY, FIXED, MAPPED, JSON])
def test_containers_without_references_say_so(shape):
    assert not shape.has_references


def test_nothing_given_refers_to_nothing():
    assert list(containers.Optional(TO).references(None)) == []
    assert containers.Optional(TO).rewrite(None, to_b) is None
    assert list(containers.Many(TO).references(())) == []


def test_neighbours_are_the_fields_beside_a_reference_at_every_level():
    clause = containers.Nested(layout_of(Clause))
    lag = timedelta(days=3)
    assert list(clause.references(Clause("as agreed", Link("a", lag), 2))) == [
        ("link.task", Ref("task", "a"), {"text": "as agreed", "weight": 2, "lag": lag})
    ]
    assert list(clause.references(Clause("as agreed"))) == []


def test_a_value_without_references_says_so():
    from community_ops.kernel.values import Money

    assert not containers.Nested(layout_of(Money)).has_references
    assert containers.Nested(layout_of(Clause)).has_references


def test_shapes_are_plain_data_that_compare():
    by_name = kind_of(Task).layout.by_name
    assert by_name["pair"].shape == containers.Optional(FIXED)
    assert by_name["labels"].shape == containers.Mapped(TEXT)
    assert by_name["extra"].shape == JSON
    assert kind_of(Team).layout.by_name["heads"].shape == containers.Many(shapes.Id("post"))
    assert isinstance(by_name["clauses"].default, Mapping)
