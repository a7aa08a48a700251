from __future__ import annotations

import copy
import enum
import json
import pickle
from collections import UserDict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from community_ops.kernel.frozenmap import EMPTY, MAX_DEPTH, FrozenMap, clean_int, freeze, same, thaw
from community_ops.kernel.text import BadValue
from community_ops.kernel.values import DateRange, Money
from tests.kernel.kinds import Clause, json_values


def nested(depth: int) -> dict:
    value: dict = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


# -- FrozenMap ------------------------------------------------------------------------------------------------------


def test_reads_as_a_mapping_and_keeps_order():
    frozen = freeze({"b": 1, "a": [1, 2]})
    assert list(frozen) == ["b", "a"]
    assert (frozen["a"], len(frozen), "c" in frozen) == ((1, 2), 2, False)
    assert repr(frozen) == "{'b': 1, 'a': [1, 2]}"


def test_cannot_be_written_to():
    frozen = freeze({"a": {"b": [1]}})
    with pytest.raises(TypeError):
        frozen["a"] = 1
    with pytest.raises(TypeError):
        frozen["a"]["b"] = 1
    with pytest.raises(AttributeError):
        frozen.other = 1


def test_does_not_follow_what_it_was_made_from():
    source = {"a": [1], "b": {"c": 1}}
    frozen = freeze(source)
    source["a"].append(2)
    source["b"]["c"] = 2
    assert frozen == {"a": [1], "b": {"c": 1}}


def test_equal_whatever_the_order_and_equally_hashed():
    a, b = freeze({"x": 1, "y": {"p": 1, "q": 2}}), freeze({"y": {"q": 2, "p": 1}, "x": 1})
    assert a == b
    assert hash(a) == hash(b)


NUMBERS = [0, False, 0.0, -0.0, 1, True, 1.0, "1", None, [1], [1.0], [True], {"n": 1}, {"n": 1.0}, {"n": True}]


@pytest.mark.parametrize("a", range(len(NUMBERS)))
@pytest.mark.parametrize("b", range(len(NUMBERS)))
def test_values_are_equal_only_where_json_writes_them_alike(a, b):
    left, right = freeze({"n": NUMBERS[a]}), freeze({"n": NUMBERS[b]})
    assert (left == right) is (json.dumps(NUMBERS[a]) == json.dumps(NUMBERS[b]))
    if left == right:
        assert hash(left) == hash(right)


@given(json_values, json_values)
def test_equality_is_that_of_json_texts(a, b):
    alike = json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)
    assert (freeze({"v": a}) == freeze({"v": b})) is alike


def test_compares_with_plain_mappings_from_both_sides():
    frozen = freeze({"a": [1, {"b": 2}]})
    assert frozen == {"a": [1, {"b": 2}]}
    assert frozen == {"a": (1, UserDict(b=2))}
    assert frozen == {"a": [1, {"b": 2}]}
    assert frozen != {"a": [1, {"b": True}]}
    assert frozen != {"a": [1, {"b": {2}}]}
    assert frozen != {1: 2}
    assert frozen != [("a", 1)]
    assert frozen != 5


def test_a_mapping_to_values_compares_with_plain_mappings_too():
    prices = FrozenMap({"a": Decimal("1.0"), "b": date(2026, 1, 1)})
    assert prices == {"b": date(2026, 1, 1), "a": Decimal("1.0")}
    assert prices != {"a": Decimal("1.0"), "b": date(2026, 1, 2)}
    assert prices != {"a": Decimal("1.0"), "b": {date(2026, 1, 1)}}


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_survives_copying(copied):
    frozen = freeze({"a": [1, {"b": 1.0}], "c": True})
    again = copied(frozen)
    assert again == frozen
    assert hash(again) == hash(frozen)
    assert thaw(again) == thaw(frozen)


def test_is_empty_by_default():
    assert FrozenMap() == EMPTY == {}


# -- freeze and thaw ------------------------------------------------------------------------------------------------


@given(json_values)
def test_thaw_gives_back_what_was_frozen(value):
    assert json.dumps(thaw(freeze(value))) == json.dumps(value)


def test_thaw_copies():
    frozen = freeze({"a": [1]})
    thaw(frozen)["a"].append(2)
    assert frozen == {"a": [1]}


def test_freezing_twice_looks_once():
    frozen = freeze({"a": {"b": 1}})
    assert freeze(frozen) is frozen


def test_what_was_put_together_by_hand_is_looked_at():
    with pytest.raises(BadValue, match="JSON can say"):
        freeze(FrozenMap({"a": {1, 2}}))
    assert freeze(FrozenMap({"a": [1]}))["a"] == (1,)


def test_depth_64_is_the_last_that_is_frozen():
    assert MAX_DEPTH == 64
    assert thaw(freeze(nested(64))) == nested(64)
    with pytest.raises(BadValue) as caught:
        freeze(nested(65))
    assert (caught.value.code, caught.value.path) == ("too-deep", ("a",) * 64)


@pytest.mark.parametrize("depth", [65, 5_000, 200_000])
def test_any_deeper_nesting_is_refused_without_being_walked(depth):
    with pytest.raises(BadValue, match="more than 64 levels") as caught:
        freeze(nested(depth))
    assert len(caught.value.path) == 64


def test_a_frozen_map_cannot_be_nested_past_the_limit_in_steps():
    deep = freeze(nested(64))
    with pytest.raises(BadValue, match="more than 64 levels"):
        freeze({"one more": deep})


def test_what_contains_itself_is_too_deep():
    circle: list = []
    circle.append(circle)
    with pytest.raises(BadValue, match="more than 64 levels"):
        freeze({"a": circle})


class Level(enum.IntEnum):
    LOW = 1


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("nan"), "bad-number"),
        (float("inf"), "bad-number"),
        (float("-inf"), "bad-number"),
        pytest.param(10**5000, "bad-number", id="5001 digits"),
        pytest.param(-(10**5000), "bad-number", id="minus 5001 digits"),
        ("\ud800", "bad-text"),
        ({1, 2}, "wrong-type"),
        (b"bytes", "wrong-type"),
        (Decimal("1"), "wrong-type"),
        (date(2026, 1, 1), "wrong-type"),
        (Level.LOW, "wrong-type"),
        (object(), "wrong-type"),
        (range(3), "wrong-type"),
    ],
)
def test_what_json_cannot_say_is_refused_where_it_stands(value, code):
    with pytest.raises(BadValue) as caught:
        freeze({"a": [0, value]})
    assert (caught.value.code, caught.value.path) == (code, ("a", 1))


def test_every_bad_part_is_named():
    with pytest.raises(BadValue) as caught:
        freeze({"a": [float("nan"), 1, {2}], "b": {"c": b"", 5: 1}, "\ud800": 1, "d": "fine"})
    assert [(part.path, part.code) for part in caught.value.parts] == [
        (("a", 0), "bad-number"),
        (("a", 2), "wrong-type"),
        (("b", "c"), "wrong-type"),
        (("b", "5 (int)"), "wrong-type"),
        (("\ud800",), "bad-text"),
    ]


def test_a_kind_of_text_becomes_plain_text():
    class Word(str):
        __slots__ = ()

    frozen = freeze({Word("key"): Word("value")})
    assert type(frozen["key"]) is type(next(iter(frozen))) is str


def test_the_longest_number_survives_a_round_trip():
    for number in (2**14_000 - 1, -(2**14_000 - 1)):
        assert clean_int(number) == number
        assert json.loads(json.dumps(number)) == number
    with pytest.raises(BadValue, match="14001 bits"):
        clean_int(2**14_000)


@pytest.mark.parametrize("value", [True, 1.0, "1", None, Level.LOW])
def test_only_an_int_is_a_whole_number(value):
    with pytest.raises(BadValue, match="whole number"):
        clean_int(value)


# -- same -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (Decimal("1.0"), Decimal("1.0"), True),
        (Decimal("1.0"), Decimal("1"), False),
        (0.0, -0.0, False),
        (1, True, False),
        ("a", "a", True),
        ((Decimal("1.0"),), (Decimal("1"),), False),
        (Money("1.0", "EUR"), Money("1", "EUR"), False),
        (DateRange(date(2026, 1, 1)), DateRange(date(2026, 1, 1)), True),
        (freeze({"a": 1, "b": 2}), freeze({"b": 2, "a": 1}), False),
        # a field equal to its default, but written differently
        (Clause("x", weight=Decimal("1.00")), Clause("x"), False),
        (None, None, True),
    ],
)
def test_same_means_equal_and_written_alike(a, b, expected):
    assert same(a, b) is expected
