"""Lengths and predecessors as people write them in tables of tasks: `5d`, `2 wks`, `3FS+2d`, `7SS-50%`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple, cast

from community_ops.plan.records import Duration, Link, LinkType

Unit = Literal["minute", "hour", "day", "week"]
_UNITS: Mapping[str, tuple[Unit, int]] = {
    word: (cast("Unit", unit), factor)
    for unit, factor, words in (
        ("minute", 1, "m min mins minute minutes 分 分钟"),
        ("hour", 1, "h hr hrs hour hours 小时 时 工时"),
        ("day", 1, "d dy day days 天 日 工作日 个工作日"),
        ("week", 1, "w wk wks week weeks 周 周工时 个星期"),
        ("day", 20, "mo mon mons month months 月 个月 月工时"),  # a month of work, as calendars count it
    )
    for word in words.split()
}
_LENGTH = re.compile(r"(?P<sign>[+-]?) ?(?P<amount>[0-9]{1,9}(?:\.[0-9]{1,9})?) ?(?P<elapsed>e?)(?P<unit>[^\W\d_]*)\??")
_TYPED = re.compile(r"(?P<id>.+?) ?(?P<type>FS|SS|FF|SF)(?: ?(?P<lag>[+-].+))?", re.IGNORECASE)
_PERCENT = re.compile(r"([+-]) ?([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(e?)%(?P<elapsed> elapsed)?")
_SEPARATOR = re.compile("[,;，；、]")


class Length(NamedTuple):
    """A length as it is written.

    Attributes:
        duration: the length; less than nothing for a lead.
        elapsed: whether it runs in real time.
    """

    duration: Duration
    elapsed: bool


def length_in(text: str) -> Length | None:
    """Return the length that a text says, in days where it names no unit; None where it says none.

    Example:
        >>> str(length_in("2.5 hrs").duration), length_in("3ed").elapsed, str(length_in("2 周").duration)
        ('2.5h', True, '2w')
        >>> length_in("soon") is None
        True
    """
    text = unicodedata.normalize("NFKC", text).strip().lower()
    elapsed = text.endswith(" elapsed")
    found = _LENGTH.fullmatch(text.removesuffix(" elapsed"))
    if found is None:
        return None
    unit = _UNITS.get(found["elapsed"] + found["unit"] or "d")
    if unit is None:
        elapsed, unit = elapsed or bool(found["elapsed"]), _UNITS.get(found["unit"] or "d")
    if unit is None:
        return None
    amount = Decimal(found["amount"]) * unit[1]
    return Length(Duration(-amount if found["sign"] == "-" else amount, unit[0]), elapsed)


def links_in(text: str, ids: Collection[str]) -> Iterator[Link | str]:
    """Yield the links that a cell of predecessors says; the text of each that cannot be read.

    Args:
        text: the cell, with a comma, a semicolon or their like between links.
        ids: the ids of the tasks there are: one that looks like a link with a type is taken for the id it is.

    Example:
        >>> [*links_in("3FS+2d; 4", ["3", "4"])]
        [Link(task='3', lag=Duration(amount=Decimal('2'))), Link(task='4')]
    """
    whole = text.strip()
    pieces = [whole] if whole in ids else _SEPARATOR.split(whole)
    for piece in filter(None, map(str.strip, pieces)):
        yield _link(piece, ids) or piece


def _link(text: str, ids: Collection[str]) -> Link | None:
    if text in ids:
        return Link(text)
    found = _TYPED.fullmatch(text)
    if found is None:
        # A number alone names a task, whether there is one or not; any other text may be a slip of the pen.
        return Link(text) if text.isascii() and text.isdigit() else None
    id, kind, lag = found["id"], cast("LinkType", found["type"].upper()), found["lag"]
    if lag is None:
        return Link(id, kind)
    percent = _PERCENT.fullmatch(lag.strip())
    if percent:
        amount = Decimal(percent[2]) * (-1 if percent[1] == "-" else 1)
        elapsed = bool(percent[3] or percent["elapsed"])
        return Link(id, kind, lag_percent=amount, lag_time="elapsed" if elapsed else "successor")
    length = length_in(lag)
    if length is None:
        return None
    return Link(id, kind, length.duration, lag_time="elapsed" if length.elapsed else "successor")


def link_cell(link: Link) -> str:
    """Return a link as MS Project shows it; a day of real time is an `ed`.

    Example:
        >>> link_cell(Link("3")), link_cell(Link("3", lag=Duration(2), lag_time="elapsed"))
        ('3', '3FS+2ed')
    """
    mark = "e" if link.lag_time == "elapsed" else ""
    if link.lag_percent is not None:
        return f"{link.task}{link.type}{link.lag_percent:+f}{mark}%"
    if link.lag.amount:
        return f"{link.task}{link.type}{link.lag.amount:+f}{mark}{link.lag.unit[0]}"
    return link.task if link.type == "FS" else f"{link.task}{link.type}"
