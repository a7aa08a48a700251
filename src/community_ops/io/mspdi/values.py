"""The values of an element: read by name, each that cannot be read noted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from community_ops.io.mspdi.nodes import Node
from community_ops.io.mspdi.notes import Notes
from community_ops.io.mspdi.words import DEFAULTS, SILENT
from community_ops.kernel.quantities import parse_duration

T = TypeVar("T")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,2})?", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
)
_LONGEST = timedelta(days=365 * 1000)


class Unreadable(ValueError):
    """A text is no value of the kind that was asked for."""


def integer(text: str) -> int:
    """Return a whole number.

    Raises:
        Unreadable: the text is none, or has more than 15 digits.
    """
    if not _INTEGER.fullmatch(text):
        raise Unreadable(text)
    return int(text)


def number(text: str) -> Decimal:
    """Return a number, without needless zeros.

    Raises:
        Unreadable: the text is none.
    """
    if not _DECIMAL.fullmatch(text):
        raise Unreadable(text)
    value = f"{Decimal(text):f}"
    return Decimal(value.rstrip("0").rstrip(".") if "." in value else value)


def flag(text: str) -> bool:
    """Return whether a flag is set.

    Raises:
        Unreadable: the text is none of 0, 1, false and true.
    """
    if text not in ("0", "1", "false", "true"):
        raise Unreadable(text)
    return text in ("1", "true")


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return a date and time on the clocks of a zone, without it; one that has a zone of its own is moved there.

    Raises:
        Unreadable: the text is none.
    """
    if not _MOMENT.fullmatch(text):
        raise Unreadable(text)
    try:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo is None else found.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise Unreadable(text) from None


def length(text: str) -> int:
    """Return a length in microseconds.

    Raises:
        Unreadable: the text is no duration of at least nothing and at most a thousand years.
    """
    try:
        found = parse_duration(text)
    except ValueError:
        raise Unreadable(text) from None
    if not timedelta() <= found <= _LONGEST:
        raise Unreadable(text)
    return found // timedelta(microseconds=1)


class Values:
    """Reads the values of one element by the names of the elements in it."""

    def __init__(self, node: Node, notes: Notes) -> None:
        """Read an element, with a place to note what cannot be read."""
        self.node: Node = node
        self._notes = notes
        self._found: dict[str, Node] = {}
        for child in node.children:
            self._found.setdefault(child.name, child)

    def text(self, name: str) -> str:
        """Return the text as it stands; empty where there is none."""
        child = self._found.get(name)
        return "" if child is None else child.text

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        """Return a value; None where there is none, or none that can be read, which is noted."""
        child = self._found.get(name)
        text = "" if child is None else child.text.strip()
        if child is None or not text or text == "NA":
            return None
        try:
            return reader(text)
        except Unreadable:
            self._notes.unreadable(f"{self.node.name}/{name}", child.line, text)
            return None

    def integer(self, name: str) -> int | None:
        """Return a whole number."""
        return self.read(name, integer)

    def flag(self, name: str) -> bool:
        """Return whether a flag is set; not where it is absent."""
        return bool(self.read(name, flag))

    def unreadable(self, name: str) -> None:
        """Note that a value makes no sense."""
        child = self._found[name]
        self._notes.unreadable(f"{self.node.name}/{name}", child.line, child.text.strip())

    def note_others(self, read: Iterable[str], results: Iterable[str], label: str, several: Iterable[str] = ()) -> None:
        """Note the elements that are neither read nor results of what was, and any that stands there twice."""
        met: set[str] = set()
        for child in self.node.children:
            again = child.name in met and child.name not in several
            met.add(child.name)
            if again or (child.name not in read and child.name not in results and _says_something(child)):
                self._notes.unread(f"{self.node.name}/{child.name}", child.line, label)


def _says_something(node: Node) -> bool:
    text = node.text.strip()
    return bool(node.children) or (text not in SILENT and text != DEFAULTS.get(node.name))
