"""Messages: a template and its parameters, in English and Chinese, with records named as people call them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from string import Formatter
from typing import Any, Literal

from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Name = Callable[[Ref], str]
SHOWN_AT_MOST = 8


def render(template: str, parameters: Mapping[str, Any], language: Language, name: Name) -> str:
    """Fill a template.

    Args:
        template: text with `{placeholders}`.
        parameters: a value for each placeholder: text, numbers, dates, periods, a `Ref`, a mapping from
            language to text, or a tuple of these.
        language: decides how lists are joined.
        name: says what a person calls the record at an address.

    Raises:
        KeyError: the template has a placeholder that the parameters lack.

    Example:
        >>> render("{who} lead {unit}", {"who": ("Ada", "Ben"), "unit": Ref("unit", "x")}, "en", lambda ref: "Sales")
        'Ada and Ben lead Sales'
    """
    return template.format_map({key: phrase(value, language, name) for key, value in parameters.items()})


@cache
def placeholders(template: str) -> frozenset[str]:
    """Return the names of the parameters that a template asks for.

    Example:
        >>> sorted(placeholders("{a} and {b}"))
        ['a', 'b']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def phrase(value: Any, language: Language, name: Name) -> str:
    """Return how one parameter reads in a sentence."""
    if isinstance(value, Ref):
        return name(value)
    if isinstance(value, Mapping):  # a word that differs by language
        return str(value[language])
    if isinstance(value, (tuple, frozenset)):
        return listed([phrase(item, language, name) for item in value], language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, DateRange):
        return _period(value, language)
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def in_one_line(label: str, ref: Ref) -> str:
    """Return what a record is called as it fits into a line: without breaks, and its id where nothing is to be seen.

    Example:
        >>> in_one_line("Head of   Sales", Ref("position", "x")), in_one_line(" ", Ref("position", "x"))
        ('Head of Sales', 'x')
    """
    return " ".join(label.split()) or ref.id


def _period(period: DateRange, language: Language) -> str:
    start, end = period.start, period.end
    if start and end:
        return f"{start} {'to' if language == 'en' else '至'} {end}"
    if start:
        return f"from {start}" if language == "en" else f"自 {start} 起"
    if end:
        return f"until {end}" if language == "en" else f"至 {end} 止"
    return "at all times" if language == "en" else "一直"


def counted(number: int, one: str, several: str = "") -> dict[Language, str]:
    """Return a number with its English noun in the right form, and alone for Chinese, which has one form.

    Args:
        number: how many.
        one: the noun for one.
        several: the noun for any other number; empty where it only takes an "s".

    Example:
        >>> counted(1, "seat")["en"], counted(2, "seat")["en"], counted(2, "seat")["zh"]
        ('1 seat', '2 seats', '2')
    """
    return {"en": f"{number} {one if number == 1 else several or one + 's'}", "zh": str(number)}


def listed(items: Iterable[str], language: Language) -> str:
    """Join words into a list as people write it, cut short where it would fill the page.

    Example:
        >>> listed(["a", "b", "c"], "en"), listed(["a", "b", "c"], "zh")
        ('a, b and c', 'a、b和c')
    """
    words = list(items)
    more = len(words) - SHOWN_AT_MOST
    if language == "zh":
        if more > 0:
            return "、".join(words[:SHOWN_AT_MOST]) + f"等{len(words)}项"
        return "、".join(words[:-1]) + "和" + words[-1] if len(words) > 1 else "".join(words)
    if more > 0:
        return ", ".join(words[:SHOWN_AT_MOST]) + f" and {more} more"
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)
