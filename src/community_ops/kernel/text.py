"""What may be text and what may be an id: one place for every rule about characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

ID_LENGTH = 200
# Bidirectional formatting reorders what a reader sees (CVE-2021-42574); an id must look like what it is.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BIDI = _BIDI_CONTROLS | frozenset("\u061c\u200e\u200f")  # marks alone reorder little; Arabic names need them


class BadValue(ValueError):
    """A value that a field cannot hold; the message completes the sentence "<field> ...".

    Attributes:
        code: a stable code, such as `"wrong-type"`.
        path: the steps inside the value that lead to the offending part.
        parts: every single complaint, this one first; more than one where several parts of a value are bad.
    """

    def __init__(self, message: str, code: str = "wrong-type", path: tuple[str | int, ...] = ()) -> None:
        """Say what is wrong, under which code, and where inside the value."""
        self.code = code
        self.path = path
        self.parts: tuple[BadValue, ...] = (self,)
        super().__init__(message)

    def under(self, step: str | int) -> BadValue:
        """Return the same complaints as seen from one level further out."""
        return together([BadValue(str(part), part.code, (step, *part.path)) for part in self.parts])


def together(complaints: list[BadValue]) -> BadValue:
    """Return one `BadValue` that carries all of the complaints."""
    first = complaints[0]
    first.parts = tuple([part for complaint in complaints for part in complaint.parts])
    return first


def collect(steps: Iterable[tuple[str | int, Callable[[Any], Any], Any]]) -> list[Any]:
    """Apply each function to its value; complain about all that are bad together, each under its step."""
    done: list[Any] = []
    complaints: list[BadValue] = []
    for step, act, item in steps:
        try:
            done.append(act(item))
        except BadValue as bad:
            complaints.append(bad.under(step))
    if complaints:
        raise together(complaints)
    return done


def clean_items(items: Mapping[Any, Any], act: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a mapping's keys as clean text with its values acted on; complain about all that are bad together."""

    def pair(item: tuple[Any, Any]) -> tuple[str, Any]:
        return clean_text(item[0]), act(item[1])

    steps = ((key if isinstance(key, str) else shown(key), pair, (key, item)) for key, item in items.items())
    return dict(collect(steps))


def shown(value: Any) -> str:
    """Return a short, printable rendering of any value for an error message.

    Example:
        >>> shown("x" * 100)[-3:]
        '...'
    """
    if isinstance(value, int) and value.bit_length() > 200:
        return f"a number of {value.bit_length()} bits"
    for container in (dict, list, tuple, set, frozenset):
        if isinstance(value, container):
            return f"a {container.__name__} of {len(value)}"
    try:
        text = repr(value[:100] if type(value) is str else value)
    except Exception:  # whatever a stranger's __repr__ does, the complaint about its object has to come out
        return f"an object ({type(value).__name__})"
    return f"{text if len(text) <= 80 else text[:77] + '...'} ({type(value).__name__})"


def is_utf8(text: str) -> bool:
    """Tell whether the text can be written as UTF-8, that is, holds no lone surrogate."""
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def clean_text(value: Any) -> str:
    """Return the text unchanged, or raise `BadValue` if it is not text that UTF-8 can carry."""
    if type(value) is not str:
        if isinstance(value, str):  # a str subclass (an enum member, a numpy string) is kept as plain text
            return clean_text(str.__str__(value))
        raise BadValue(f"must be text, got {shown(value)}")
    if not is_utf8(value):
        raise BadValue(f"holds a lone surrogate, which UTF-8 cannot carry: {shown(value)}", "bad-text")
    return value


def clean_line(text: str) -> str:
    r"""Return text that may stand in a line of a terminal, of XML or of HTML.

    White space of any kind becomes one space; control characters, what XML cannot hold, and characters that reorder
    the text around them (CVE-2021-42574) become U+FFFD, so that they are seen rather than obeyed.

    Example:
        >>> clean_line("Head of\nsales\x1b[31m")
        'Head of sales�[31m'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return "".join(map(_shown_as, " ".join(text.split())))


@lru_cache(maxsize=4096)
def _shown_as(character: str) -> str:
    bad = (
        character in _BIDI_CONTROLS
        or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or ord(character) & 0xFFFE == 0xFFFE
    )
    return "\ufffd" if bad else character


def clean_id(value: Any) -> str:
    r"""Return an id in Unicode normal form C, or raise `BadValue`.

    An id has 1 to 200 characters, none of them a control or bidirectional-format character; any script is
    welcome.

    Example:
        >>> clean_id("社群运营")
        '社群运营'
        >>> clean_id("cafe\u0301") == "caf\u00e9"
        True
    """
    if type(value) is str and value.isascii() and value.isprintable() and 0 < len(value) <= ID_LENGTH:
        return value
    text = unicodedata.normalize("NFC", clean_text(value))
    if not text:
        raise BadValue("must not be empty", "bad-id")
    if len(text) > ID_LENGTH:
        raise BadValue(f"has {len(text)} characters; an id has at most {ID_LENGTH}", "bad-id")
    for character in text:
        if character in _BIDI or unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            raise BadValue(f"holds the character U+{ord(character):04X}, which an id may not", "bad-id")
    return text


def ids_are_clean(values: list[str]) -> bool:
    """Tell, fast and without false positives, whether every one of the texts is an id as it stands.

    A substring of printable NFC text is printable NFC text, so one look at the joined text is enough. False
    only means that the texts must be looked at one by one.
    """
    joined = "".join(values)
    return (
        joined.isprintable()
        and (joined.isascii() or unicodedata.is_normalized("NFC", joined))
        and all(values)
        and max(map(len, values), default=1) <= ID_LENGTH
    )
