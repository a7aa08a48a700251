"""JSON text and plain data: parsing that hides nothing, limits, and JSON pointers; knows nothing of records."""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, NoReturn

from community_ops.errors import InvalidDocument, Problem
from community_ops.kernel.frozenmap import MAX_DEPTH
from community_ops.kernel.text import shown

STRING_LIMIT = 1 << 20
DOCUMENT_LIMIT = 1 << 30
# A document is four levels of its own around at most MAX_DEPTH levels of `extra`; value objects nest a few more.
DEPTH_LIMIT = MAX_DEPTH + 36
# Below this the interpreter's own guard stops json before its C stack is in danger.
_SAFE_RECURSION_LIMIT = 2_000
# The names of fields are keys too, and no limit on texts may strike them.
_KEY_ALWAYS_FITS = 200
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


class UnreadableNumber:
    """Stands in parsed data for a number that Python or JSON cannot hold, until its place is known."""

    def __init__(self, text: str) -> None:
        """Keep the number as it is written."""
        self.text = text

    def __repr__(self) -> str:
        return self.text if len(self.text) <= 40 else f"a number of {len(self.text)} characters"


class RepeatedKeys(dict[str, Any]):
    """A JSON object in which some key stood twice."""

    keys_twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) == len(pairs):
        return data
    marked = RepeatedKeys(data)
    marked.keys_twice = tuple([key for key, count in Counter(key for key, _ in pairs).items() if count > 1])
    return marked


def _integer(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return UnreadableNumber(text)


def fail(code: str, pointer: str, message: str) -> NoReturn:
    """Raise `InvalidDocument` with one problem."""
    raise InvalidDocument([Problem(code, pointer, message)])


def depth_exceeds(text: str, limit: int) -> bool:
    """Tell, without recursion, whether JSON text nests deeper than a limit, also where it breaks off or goes wrong."""
    bare = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    return max(accumulate(map(_STEPS.__getitem__, re.findall(r"[\[\]{}]", bare))), default=0) > limit


def parse(text: str, *, document_limit: int = DOCUMENT_LIMIT) -> Any:
    """Parse JSON text into plain data, marking repeated keys and unreadable numbers instead of hiding them.

    Args:
        text: the text; a byte-order mark is ignored.
        document_limit: the longest text, in characters.

    Raises:
        InvalidDocument: the text is no JSON, too large or nested too deep.
    """
    if not isinstance(text, str):
        raise TypeError(f"a document is text, got {type(text).__name__}; read bytes as UTF-8 first")
    if len(text) > document_limit:
        fail("too-large", "", f"the document has {len(text):,} characters; the limit is {document_limit:,}")
    if sys.getrecursionlimit() > _SAFE_RECURSION_LIMIT and depth_exceeds(text, DEPTH_LIMIT):
        _fail_too_deep()
    text = text.removeprefix("\ufeff")
    try:
        try:
            return _decoder(int).decode(text)
        except json.JSONDecodeError:
            raise
        except ValueError:  # an integer of more digits than int() reads: read again, marking it
            return _decoder(_integer).decode(text)
    except json.JSONDecodeError as error:
        fail("bad-json", "", f"line {error.lineno}, column {error.colno}: {error.msg}")
    except RecursionError:
        if depth_exceeds(text, DEPTH_LIMIT):
            _fail_too_deep()
        raise


def _decoder(integer: Any) -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=_object, parse_constant=UnreadableNumber, parse_int=integer)


def _fail_too_deep() -> NoReturn:
    fail("too-deep", "", f"the document nests more than {DEPTH_LIMIT} levels deep")


def pointer(*steps: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of a path of keys and indexes.

    Example:
        >>> pointer("units", 0, "a/b")
        '/units/0/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def repeated_keys(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Yield every key that stands more than once in this one object."""
    for key in getattr(data, "keys_twice", ()):
        yield Problem("duplicate-key", pointer(*path, key), f"the key {shown(key)} stands more than once")


def blemishes(data: Any, start: tuple[str | int, ...], string_limit: int) -> Iterator[Problem]:
    """Yield what is wrong with JSON data as JSON: keys that stand twice, impossible numbers, over-long strings."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [(start, data)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > DEPTH_LIMIT:  # nothing lies this deep in a good document, so something further out is reported
            continue
        if isinstance(value, dict):
            yield from repeated_keys(value, path)
            yield from _over(max(string_limit, _KEY_ALWAYS_FITS), map(len, value), path, "a key")
            waiting.extend(((*path, key), item) for key, item in reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend(((*path, i), value[i]) for i in range(len(value) - 1, -1, -1))
        elif isinstance(value, UnreadableNumber) or (isinstance(value, float) and not math.isfinite(value)):
            yield Problem("bad-number", pointer(*path), f"{value!r} is not a number that JSON can carry")
        elif isinstance(value, str):
            yield from _over(string_limit, [len(value)], path, "the text")


def _over(limit: int, lengths: Iterable[int], path: tuple[str | int, ...], what: str) -> Iterator[Problem]:
    longest = max(lengths, default=0)
    if longest > limit:
        yield Problem("too-large", pointer(*path), f"{what} has {longest:,} characters; the limit is {limit:,}")
