"""Words that people write into a cell where no value goes: the top, vacant, eliminated, not disclosed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

TOP = frozenset(
    ["xx", "xxx", "none", "nil", "null", "nobody", "n/a", "na", "top", "-", "--", "—", "无", "无上级", "最高", "最高级"]
)
"""In the column of who a post reports to: nobody, it is the top."""

_HOLDERS: Mapping[str, frozenset[str]] = {
    "vacant": frozenset(["vacant", "vacancy", "unfilled", "空缺", "空岗", "缺员", "待招", "待招聘", "待聘"]),
    "eliminated": frozenset(
        ["eliminated", "abolished", "deleted", "disestablished", "post eliminated", "撤销", "已撤销", "已取消"]
    ),
    "undisclosed": frozenset(
        ["n/d", "nd", "n/a", "not disclosed", "undisclosed", "withheld", "redacted", "保密", "不公开", "未公开"]
    ),
}
"""In the column of who holds it, by what they mean."""

_LOST = frozenset(["#ref!", "#n/a", "#value!", "#name?", "#div/0!", "#null!", "#num!"])


_MEANINGS = {word: meaning for meaning, words in _HOLDERS.items() for word in words} | {"": "vacant"}


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split()).strip("()[]<>. ")


def tops(texts: Iterable[str], refs: Mapping[str, object] | frozenset[str]) -> frozenset[str]:
    """Return the texts that stand for the top: known words for it, unless a post bears them as its ref.

    Example:
        >>> sorted(tops({"XX", "CLG001", "None"}, frozenset({"None"})))
        ['XX']
    """
    return frozenset([text for text in texts if text not in refs and (_plain(text) in TOP or text.strip() in TOP)])


def meaning_of_holder(text: str) -> str:
    """Return what a cell that should name a holder says instead: `"vacant"` (also where it is blank), `"eliminated"`,
    `"undisclosed"`; `""` for a name.

    Example:
        >>> meaning_of_holder("ELIMINATED"), meaning_of_holder("N/D"), meaning_of_holder(""), meaning_of_holder("Ann")
        ('eliminated', 'undisclosed', 'vacant', '')
    """  # noqa: D205 - the four words are the summary
    return _MEANINGS.get(_plain(text), "")


def is_lost(text: str) -> bool:
    """Tell whether a cell holds what a spreadsheet program shows instead of its content: `####` or an error value.

    Example:
        >>> is_lost("########"), is_lost("#REF!"), is_lost("#1")
        (True, True, False)
    """
    return text.startswith("#") and ((len(text) > 2 and not text.strip("#")) or text.casefold() in _LOST)
