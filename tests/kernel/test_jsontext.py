from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.errors import InvalidDocument
from community_ops.kernel.jsontext import DEPTH_LIMIT, UnreadableNumber, blemishes, depth_exceeds, parse, pointer
from tests.kernel.kinds import json_values


def problem(text: str, **limits: int) -> tuple[str, str, str]:
    with pytest.raises(InvalidDocument) as caught:
        parse(text, **limits)
    (found,) = caught.value.problems
    return tuple(found)


def marks(text: str, limit: int = 1 << 20) -> list[tuple[str, str]]:
    return [(found.code, found.pointer) for found in blemishes(parse(text), (), limit)]


# -- parsing --------------------------------------------------------------------------------------------------------


@given(json_values)
def test_good_json_is_parsed_as_json_does(value):
    text = json.dumps(value)
    assert json.dumps(parse(text)) == text
    assert marks(text) == []


def test_a_byte_order_mark_is_ignored():
    assert parse('\ufeff{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1, column 1"),
        ("{", "line 1, column 2"),
        ('{"a": 1,}', "line 1, column"),
        ("{'a': 1}", "line 1, column 2"),
        ('{"a": 1}\n}', "line 2, column 1"),
        ('{"a":\n  tru}', "line 2, column 3"),
        ('{"a": "\n"}', "line 1, column 8"),
        ('{"a": "\\x"}', "line 1, column 8"),
        ('{"a": 01}', "line 1, column"),
        ('{"a": .5}', "line 1, column 7"),
        ("[1, 2", "line 1, column 6"),
        ("// no", "line 1, column 1"),
        ('"\x00"', "line 1, column 2"),
        ("\ufeff\ufeff{}", "line 1, column 1"),
        ("]" * 10, "line 1, column 1"),
        ('[\\"[[[', "line 1, column 2"),
    ],
)
def test_what_is_no_json_is_told_by_line_and_column(text, place):
    code, where, message = problem(text)
    assert (code, where) == ("bad-json", "")
    assert message.startswith(place)


@pytest.mark.parametrize("text", [b"{}", bytearray(b"{}"), None, 5, {}], ids=repr)
def test_only_text_is_parsed(text):
    with pytest.raises(TypeError, match="a document is text"):
        parse(text)


def test_text_over_the_limit_is_not_looked_at():
    assert parse("[1]", document_limit=3) == [1]
    assert problem("[12]", document_limit=3)[:2] == ("too-large", "")
    assert "4 characters; the limit is 3" in problem("[12]", document_limit=3)[2]


# -- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 5_000, "-" + "9" * 5_000])
def test_numbers_that_cannot_be_held_are_marked_where_they_stand(number):
    assert marks(f'{{"a": [0, {{"b": {number}}}], "c": 1}}') == [("bad-number", "/a/1/b")]
    assert marks(number) == [("bad-number", "")]


def test_an_unreadable_number_is_shown_briefly():
    assert repr(UnreadableNumber("NaN")) == "NaN"
    assert repr(UnreadableNumber("9" * 5_000)) == "a number of 5000 characters"


def test_all_such_numbers_are_marked_beside_what_can_be_read():
    text = '{{"a": NaN, "b": {}, "c": {}, "d": 1e999, "e": 12}}'.format("1" * 4_301, "1" * 4_300)
    assert marks(text) == [("bad-number", "/a"), ("bad-number", "/b"), ("bad-number", "/d")]
    assert parse(text)["c"] == int("1" * 4_300)
    assert parse(text)["e"] == 12


@pytest.mark.parametrize("rest", ["", "}", "[", "tru", "\x00", '"', "1"])
def test_bad_json_after_a_number_of_5000_digits_is_bad_json(rest):
    assert problem('{"a": ' + "1" * 5_000 + "," + rest)[0] == "bad-json"


def test_a_host_that_allows_longer_numbers_changes_nothing_for_parsing():
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        assert parse("1" * 5_000) == int("1" * 5_000)
    finally:
        sys.set_int_max_str_digits(before)


# -- keys and strings -----------------------------------------------------------------------------------------------


def test_keys_that_stand_twice_are_marked_at_every_level():
    text = '{"a": 1, "b": [{"c": 1, "c": 2, "c": 3}, {"x": {"y": 1, "z": 2, "z": 2, "y": 3}}], "a": 2}'
    assert marks(text) == [
        *[
            ("duplicate-key", "/a"),
            ("duplicate-key", "/b/0/c"),
            ("duplicate-key", "/b/1/x/y"),
            ("duplicate-key", "/b/1/x/z"),
        ]
    ]


def test_keys_are_the_same_only_when_unescaped_they_are():
    assert marks(r'{"a": 1, "\u0061": 2}') == [("duplicate-key", "/a")]
    assert marks('{"caf\u00e9": 1, "cafe\u0301": 2}') == []


def test_long_strings_and_long_keys_are_marked():
    assert marks('{"a": ["12345", "123456"]}', 5) == [("too-large", "/a/1")]
    assert marks('{"a": {"%s": 1, "1": 2}}' % ("k" * 301), 300) == [("too-large", "/a")]
    assert marks('{"a": {"%s": 1}}' % ("k" * 200), 5) == []  # as the name of a field may be
    assert marks('{"a": "12345"}', 5) == []


def test_marks_come_in_document_order():
    text = '{"a": NaN, "b": {"c": NaN, "d": [NaN, 1, NaN]}, "e": NaN}'
    assert [where for _, where in marks(text)] == ["/a", "/b/c", "/b/d/0", "/b/d/2", "/e"]


def test_plain_data_may_hold_floats_that_are_no_numbers_and_circles():
    circle: list = [float("nan"), float("inf")]
    circle.append(circle)
    found = list(blemishes(circle, (), 5))
    assert [mark.pointer for mark in found][:4] == ["/0", "/1", "/2/0", "/2/1"]
    assert len(found) <= 2 * (DEPTH_LIMIT + 1)


# -- pointers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # RFC 6901, section 5
        ((), ""),
        (("foo", 0), "/foo/0"),
        (("",), "/"),
        (("a/b",), "/a~1b"),
        (("c%d",), "/c%d"),
        (("m~n",), "/m~0n"),
        (("~1",), "/~01"),
        ((" ",), "/ "),
    ],
)
def test_pointers_are_escaped_as_rfc_6901_has_it(steps, expected):
    assert pointer(*steps) == expected


# -- depth ----------------------------------------------------------------------------------------------------------


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


brackets = st.text('[]{}"\\,:a', max_size=30)


@given(json_values, st.booleans())
def test_depth_is_measured_exactly_in_good_json(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    deep = depth(value)
    assert not depth_exceeds(text, deep)
    if deep:
        assert depth_exceeds(text, deep - 1)


def test_brackets_in_strings_do_not_count():
    text = json.dumps({"a": '[[[[{{{{"\\', '"[[': [1], "\\": "]]\\\\"})
    assert depth(json.loads(text)) == 2
    assert not depth_exceeds(text, 2)
    assert depth_exceeds(text, 1)


@given(brackets)
def test_depth_is_never_underestimated_where_the_parser_would_go(text):
    # What the standard parser descends into before it gives up, told by its own objects' nesting.
    deepest = 0
    level = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == "\\":
            break  # no parser gets past this
        elif character == '"':
            in_string = True
        elif character in "[{":
            level += 1
            deepest = max(deepest, level)
        elif character in "]}":
            level -= 1
            if level < 0:
                break
    if deepest:
        assert depth_exceeds(text, deepest - 1)


DEEP = 200_000
HOSTILE = {
    "closed lists": "'[' * N + ']' * N",
    "open lists": "'[' * N",
    "open objects": "'{\"a\":' * N",
    "closed objects": "'{\"a\":' * N + '1' + '}' * N",
    "mixed": "'[{\"a\":' * N",
    "lists then rubbish": "'[' * N + '!'",
    "behind a string": '\'{"a": "]]]]\\\\\\\\", "b": \' + \'[\' * N',
    "behind a long number": "'[' + '1' * 5000 + ',' + '[' * N",
    "a document": "'{\"format\": \"community-ops\", \"version\": 1, \"teams\": ' + '[' * N + ']' * N + '}'",
}


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, encoding="utf-8", timeout=60, check=False
    )


@pytest.mark.parametrize("recursion_limit", [100, 1_000, 2_000, 2_001, 10**6, 2**31 - 1])
def test_nesting_200_000_deep_is_refused_under_any_recursion_limit(recursion_limit):
    # In a process of its own: a crash of the interpreter is then a failed test.
    result = run(
        f"""
        import sys
        from community_ops.errors import InvalidDocument
        from community_ops.kernel.jsontext import parse
        N = {DEEP}
        texts = {{name: eval(made) for name, made in {HOSTILE!r}.items()}}
        sys.setrecursionlimit({recursion_limit})
        for name, text in texts.items():
            try:
                parse(text)
            except InvalidDocument as error:
                print(name, [(problem.code, problem.pointer) for problem in error.problems], flush=True)
        """
    )
    expected = [f"{name} [('too-deep', '')]" for name in HOSTILE]
    assert (result.stdout.splitlines(), result.stderr, result.returncode) == (expected, "", 0)


def test_a_good_document_that_the_stack_has_no_room_for_is_not_called_bad():
    text = "[" * 90 + "]" * 90

    def parse_with_little_room(room: int) -> None:
        frame, used = sys._getframe(), 0
        while frame is not None:
            frame, used = frame.f_back, used + 1
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(used + room)
        try:
            parse(text)
        finally:
            sys.setrecursionlimit(before)

    with pytest.raises(RecursionError):
        parse_with_little_room(60)
    parse_with_little_room(300)


def test_a_document_as_deep_as_any_can_be_is_parsed_in_a_thread():
    text = "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT
    found = []
    thread = threading.Thread(target=lambda: found.append(depth(parse(text))))
    thread.start()
    thread.join(10)
    assert found == [DEPTH_LIMIT]


def test_depth_is_looked_at_before_parsing_where_the_interpreter_does_not_guard() -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(5_000)
    try:
        with pytest.raises(InvalidDocument) as caught:
            parse("[" * 300 + "]" * 300)
        assert parse("[" * 50 + "]" * 50) == json.loads("[" * 50 + "]" * 50)
    finally:
        sys.setrecursionlimit(before)
    assert caught.value.code == "too-deep"
