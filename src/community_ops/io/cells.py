"""What a cell's text says: numbers and dates as people write them, and ids made of text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal

from community_ops.kernel.text import ID_LENGTH, BadValue, clean_id

_NUMBER = re.compile(r"\+?[0-9]{1,12}([.,][0-9]{1,12})?( ?%)?", re.ASCII)
_DATE = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)(?:[T ]00:00(?::00)?)?"
)


def number(text: str, decimal_comma: bool = False) -> Decimal | None:
    """Return the number that a cell says, without needless zeros; None where it says none, or one below zero.

    Args:
        text: the cell.
        decimal_comma: whether a comma parts whole from fraction, as where cells are parted by semicolons.

    Example:
        >>> number("0.50"), number("80%"), number("0,5", decimal_comma=True), number("tbc")
        (Decimal('0.5'), Decimal('0.8'), Decimal('0.5'), None)
    """
    text = unicodedata.normalize("NFKC", text)
    if not _NUMBER.fullmatch(text) or ("," in text and not decimal_comma):
        return None
    value = Decimal(text.rstrip(" %").replace(",", "."))
    value = value / 100 if text.endswith("%") else value
    return Decimal(f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else value)


def day(text: str) -> date | None:
    """Return the date that a cell says beyond doubt, with the year first; None where it says none.

    Example:
        >>> day("2026-03-02"), day("2026/3/2"), day("2026年3月2日"), day("02/03/2026")
        (datetime.date(2026, 3, 2), datetime.date(2026, 3, 2), datetime.date(2026, 3, 2), None)
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, _, month, of_month, month_zh, of_month_zh = match.groups()
    with suppress(ValueError):
        return date(int(year), int(month or month_zh), int(of_month or of_month_zh))
    return None


def usable_id(text: str) -> str | None:
    """Return a cell as an id; None where it cannot be one."""
    with suppress(BadValue):
        return clean_id(text)
    return None


def id_of(text: str) -> str:
    """Return an id made of any text: what an id may not hold is shown as U+FFFD, what is too long is cut.

    Example:
        >>> id_of("Ann Lee @ 17"), len(id_of("x" * 500))
        ('Ann Lee @ 17', 200)
    """
    if text.isascii() and text.isprintable() and 0 < len(text) <= ID_LENGTH:
        return text
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    safe = "".join([c if usable_id(c) else "\ufffd" for c in plain]) or "\ufffd"
    if safe == plain and len(safe) <= ID_LENGTH:
        return safe
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{safe[: ID_LENGTH - 9]}~{mark}"


class Unique:
    """Hands out ids, each once.

    Example:
        >>> unique = Unique()
        >>> unique("a"), unique("a"), unique("b")
        ('a', 'a (2)', 'b')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Begin with ids that are taken."""
        self._taken = set(taken)
        self._counts: dict[str, int] = {}

    def __call__(self, id: str, pattern: str = "{} ({})") -> str:
        """Return the id, with a number where it is taken."""
        own, count = id, self._counts.get(id, 1)
        while own in self._taken:
            count += 1
            own = pattern.format(id[: ID_LENGTH - 12], count)
        if own != id:
            self._counts[id] = count
        self._taken.add(own)
        return own


def dated(texts: Sequence[str] | None) -> Mapping[str, date | None]:
    """Return the date of every different text."""
    return {text: day(text) for text in set(texts or ()) if text}
