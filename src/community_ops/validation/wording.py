"""Messages: a template and its parameters, in English and Chinese, with records named as people call them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from community_ops.kernel.ref import Ref

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Name = Callable[[Ref], str]
SHOWN_AT_MOST = 8


def render(template: str, parameters: Mapping[str, Any], language: Language, name: Name) -> str:
    """Fill a template.

    Args:
        template: text with `{placeholders}`.
        parameters: a value for each placeholder: text, numbers, dates, a `Ref`, a mapping from
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
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


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
