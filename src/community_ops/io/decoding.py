"""From bytes to text: which encoding a spreadsheet was saved in, told from its bytes, and what could not be read.

A byte-order mark decides. Without one, text that is valid UTF-8 is UTF-8: other encodings hardly ever happen to be.
What is left was written by a spreadsheet program in its local encoding: GB18030 (which holds GB2312 and GBK) where
bytes beyond ASCII come in pairs, as Chinese characters do, or Windows-1252, where they stand alone between ASCII
letters. UTF-8 of which a few bytes were damaged is still UTF-8.
"""

from __future__ import annotations

import codecs
import re

from attrs import frozen

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# UTF-32 first: its mark begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1_000_000
_UNREAD = "\ufffd"


@frozen
class Decoded:
    r"""A text and how it was read from bytes.

    Attributes:
        text: the text, without its byte-order mark; a byte that is no character stands in it as U+FFFD.
        encoding: the name Python knows the encoding by; `"utf-8-sig"` is UTF-8 with a byte-order mark.
        damaged: the lines, from 1, on which bytes could not be read.

    Example:
        >>> decode("岗位,上级\n".encode("gb18030")).encoding, decode("Café (£)\n".encode("cp1252")).text
        ('gb18030', 'Café (£)\n')
    """

    text: str
    encoding: str
    damaged: tuple[int, ...] = ()


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Read text from bytes.

    Args:
        data: the bytes.
        encoding: what they are encoded in; None finds out.

    Raises:
        LookupError: Python knows no such encoding.
    """
    encoding = encoding_of(data) if encoding is None else codecs.lookup(encoding).name
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        pass
    # A character that was in the file already must not be mistaken for a byte that could not be read.
    marked = data.decode(encoding, errors=_marking())
    lines = tuple([n for n, line in enumerate(_lines(marked), 1) if any(map(_is_mark, line))])
    return Decoded("".join([_UNREAD if _is_mark(c) else c for c in marked]), encoding, lines)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _is_mark(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _marking() -> str:
    # Python's own `surrogateescape` refuses bytes below 0x80, which may be part of what is broken.
    name = "community_ops.mark"
    codecs.register_error(name, lambda error: ("\udcff", error.end))  # type: ignore[attr-defined]
    return name


def encoding_of(data: bytes) -> str:
    """Return what bytes are encoded in, as far as they tell: see the head of this module."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _local_encoding(data)
    return "utf-8"


def _local_encoding(data: bytes) -> str:
    first = _BEYOND_ASCII.search(data)
    assert first is not None  # what is all ASCII is UTF-8
    # A large file may be plain for long; the sample begins with the line that tells something.
    data = data[data.rfind(b"\n", 0, first.start()) + 1 :][:_SAMPLE]
    runs: list[bytes] = _BEYOND_ASCII.findall(data)
    total = sum(map(len, runs))
    whole = sum(len(match) for run in runs for match in _UTF8_CHARACTER.findall(run))
    if whole * 2 > total:
        return "utf-8"
    paired = sum(len(run) for run in runs if len(run) % 2 == 0)
    return "gb18030" if paired * 2 >= total and _reads(data, "gb18030") else "cp1252"


def _reads(data: bytes, encoding: str) -> bool:
    # Damage in one place must not turn a Chinese file into another: most of it has to make sense.
    text = data.decode(encoding, errors="replace")
    beyond = [c for c in text if c > "\x7f"]
    return sum(c == _UNREAD for c in beyond) * 4 <= len(beyond)
