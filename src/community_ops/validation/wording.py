"""Messages: a template and its parameters, in English and Chinese, with records named as people call them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
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
        parameters: a value for each placeholder: text, numbers, dates, instants, durations, periods, a `Ref`, a
            mapping from language to text, or a tuple of these.
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
        return moment(value)
    if isinstance(value, timedelta):
        return duration(value, language)
    if isinstance(value, DateRange):
        return _period(value, language)
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def moment(at: date | datetime) -> str:
    """Return a date, or an instant to the minute on the clocks of its own zone, as people write it in any language.

    Example:
        >>> from datetime import timezone
        >>> moment(date(2026, 3, 2)), moment(datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=8))))
        ('2026-03-02', '2026-03-02 10:00 +08:00')
    """
    if not isinstance(at, datetime):
        return at.isoformat()
    text = at.isoformat(" ", "minutes")
    return f"{text[:_TO_THE_MINUTE]} {text[_TO_THE_MINUTE:]}".rstrip()


_TO_THE_MINUTE = len("2026-03-02 10:00")


def duration(length: timedelta, language: Language) -> str:
    """Return a length of time in whole hours and minutes, or in seconds where it is less than a minute.

    There are no days in it: of working time, a day has as many hours as somebody works, and nobody could tell which.
    What is left over is dropped, so that nothing reads as longer than it is.

    Example:
        >>> duration(timedelta(hours=2, minutes=30), "en"), duration(timedelta(hours=2, minutes=30), "zh")
        ('2 h 30 min', '2小时30分钟')
    """
    seconds = abs(length) // timedelta(seconds=1)
    minutes = seconds // 60
    parts = (minutes // 60, "h", "小时"), (minutes % 60, "min", "分钟"), (0 if minutes else seconds, "s", "秒")
    shown = [part for part in parts if part[0]] or [parts[1]]
    sign = "-" if seconds and length < timedelta() else ""
    if language == "zh":
        return sign + "".join(f"{number}{unit}" for number, _, unit in shown)
    return sign + " ".join(f"{number} {unit}" for number, unit, _ in shown)


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
