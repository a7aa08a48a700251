from __future__ import annotations

import enum
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.kernel.text import (
    BadValue,
    clean_id,
    clean_items,
    clean_line,
    clean_text,
    collect,
    ids_are_clean,
    shown,
    together,
)


class Word(str):
    __slots__ = ()


class Mood(enum.StrEnum):
    GOOD = "good"


def test_text_is_kept_as_it_is():
    text = "任意 text\n\u202e"
    assert clean_text(text) is text


@pytest.mark.parametrize("value", [Word("x"), Mood.GOOD])
def test_a_kind_of_text_becomes_plain_text(value):
    assert type(clean_text(value)) is str
    assert clean_text(value) == value


@pytest.mark.parametrize("value", [None, 5, b"bytes", ["a"], True])
def test_what_is_not_text_is_refused(value):
    with pytest.raises(BadValue, match="must be text") as caught:
        clean_text(value)
    assert caught.value.code == "wrong-type"


@pytest.mark.parametrize("value", ["\ud800", "a\udfffb", Word("\ud800")])
def test_lone_surrogates_are_refused_and_shown_escaped(value):
    with pytest.raises(BadValue, match="lone surrogate") as caught:
        clean_text(value)
    assert caught.value.code == "bad-text"
    str(caught.value).encode("utf-8")


@pytest.mark.parametrize(
    "id", ["a", "社群运营", "a b", " ", "x" * 200, "naïve", "1", "a:b", "a/b", "~", "\u3000", "🧑‍🚀", "\u200b"]
)
def test_any_script_is_welcome_in_an_id(id):
    assert clean_id(id) == id


def test_ids_are_kept_in_normal_form_c():
    assert clean_id("cafe\u0301") == "caf\u00e9"
    assert clean_id("\u212b") == "\u00c5"  # the angstrom sign is the letter


def test_an_id_is_measured_in_normal_form():
    assert len(clean_id("e\u0301" * 200)) == 200
    with pytest.raises(BadValue, match="has 201 characters"):
        clean_id("e\u0301" * 201)


CONTROLS = ["\x00", "\t", "\n", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"]
BIDI = [chr(c) for c in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]


@pytest.mark.parametrize("character", CONTROLS + BIDI, ids=lambda c: f"U+{ord(c):04X}")
def test_controls_and_bidirectional_formats_are_refused_in_ids(character):
    with pytest.raises(BadValue, match=f"U\\+{ord(character):04X}") as caught:
        clean_id(f"a{character}b")
    assert caught.value.code == "bad-id"


@pytest.mark.parametrize("value", ["", "x" * 201, "\ud800", None, 5, b"a", ("a",)])
def test_what_is_no_id_is_refused(value):
    with pytest.raises(BadValue):
        clean_id(value)


@given(st.lists(st.text(max_size=4), max_size=4))
def test_the_fast_look_at_ids_never_lets_through_what_the_slow_one_would_change(values):
    if ids_are_clean(values):
        assert [clean_id(value) for value in values] == values


def test_the_fast_look_at_ids_lets_common_ids_through():
    assert ids_are_clean([])
    assert ids_are_clean(["a", "社群", "caf\u00e9"])
    assert not ids_are_clean(["a", ""])
    assert not ids_are_clean(["cafe\u0301"])
    assert not ids_are_clean(["a", "\u0301"])  # joined they are NFC of nothing: the second is a bare accent
    assert not ids_are_clean(["x" * 201])


@given(st.text(max_size=6), st.text(max_size=6))
def test_a_part_of_composed_text_is_composed(a, b):
    # What `ids_are_clean` leans on: normal form C is closed under substrings.
    joined = unicodedata.normalize("NFC", a + b)
    for cut in range(len(joined) + 1):
        assert unicodedata.is_normalized("NFC", joined[:cut])
        assert unicodedata.is_normalized("NFC", joined[cut:])


class Explosive:
    def __repr__(self) -> str:
        raise RuntimeError("no")


def nested(depth: int) -> dict:
    value: dict = {}
    for _ in range(depth):
        value = {"a": value}
    return value


class Sub(dict):
    pass


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5 (int)"),
        (True, "True (bool)"),
        (None, "None (NoneType)"),
        ("a", "'a' (str)"),
        ("\ud800", "'\\ud800' (str)"),
        ("\u202e", "'\\u202e' (str)"),
        pytest.param(10**5000, "a number of 16610 bits", id="5001 digits"),
        ([1, 2], "a list of 2"),
        ((), "a tuple of 0"),
        (Sub(a=1), "a dict of 1"),
        (nested(50_000), "a dict of 1"),
        (Explosive(), "an object (Explosive)"),
    ],
)
def test_shown_says_briefly_what_was_given(value, text):
    assert shown(value) == text


@given(st.text(max_size=300) | st.binary(max_size=300) | st.integers() | st.floats() | st.decimals())
def test_what_is_shown_is_short_and_printable(value):
    assert len(shown(value)) < 100
    assert shown(value).isprintable()


def bad(message: str, *path: str | int) -> BadValue:
    return BadValue(message, path=path)


def test_complaints_are_seen_from_further_out():
    assert bad("is bad", 1).under("heads").path == ("heads", 1)
    assert bad("is bad").under(0).under("a").parts[0].path == ("a", 0)


def test_complaints_keep_each_of_their_parts_when_put_together():
    first = together([bad("one"), bad("two")]).under("a")
    second = together([bad("three"), bad("four")]).under("b")
    everything = together([first, second, bad("five")])
    assert [(str(part), part.path) for part in everything.parts] == [
        ("one", ("a",)),
        ("two", ("a",)),
        ("three", ("b",)),
        ("four", ("b",)),
        ("five", ()),
    ]


def test_a_single_complaint_put_together_is_itself_with_all_its_parts():
    both = together([bad("one"), bad("two")])
    assert together([both]) is both
    assert len(both.parts) == 2


def test_collect_acts_on_all_and_complains_about_all():
    assert collect([("a", str.upper, "x"), (1, len, "xy")]) == ["X", 2]
    with pytest.raises(BadValue) as caught:
        collect([("a", clean_text, 1), ("b", clean_text, "fine"), ("c", clean_text, None)])
    assert [part.path for part in caught.value.parts] == [("a",), ("c",)]


def test_clean_items_names_bad_keys_and_bad_values():
    assert clean_items({Mood.GOOD: 1}, lambda value: value + 1) == {"good": 2}
    with pytest.raises(BadValue) as caught:
        clean_items({1: "x", "\ud800": "x", "b": None}, clean_text)
    assert [(part.path, part.code) for part in caught.value.parts] == [
        (("1 (int)",), "wrong-type"),
        (("\ud800",), "bad-text"),
        (("b",), "wrong-type"),
    ]


@given(st.text(max_size=40))
def test_a_clean_line_has_nothing_that_acts(text: str) -> None:
    for character in clean_line(text):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert character not in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"


def test_a_clean_line_shows_what_it_took_out() -> None:
    assert clean_line("a\x00b") == "a\ufffdb"
    assert clean_line("pay\u202egnp") == "pay\ufffdgnp"
    assert clean_line(" a \n\t b ") == "a b"
    assert clean_line("\ufffe\U0001ffff") == "\ufffd\ufffd"
