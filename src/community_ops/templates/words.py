"""Both languages side by side: a template is written once, and every text in it twice."""

from __future__ import annotations

from collections.abc import Callable

from community_ops.validation.wording import Language

Say = Callable[[str, str], str]
"""Takes a text in Chinese and in English, and returns the one that is wanted."""


def speaker(language: Language) -> Say:
    """Return the function that picks a language's text out of the two.

    Example:
        >>> speaker("en")("内容部", "Content")
        'Content'
    """
    return _chinese if language == "zh" else _english


def _chinese(zh: str, en: str) -> str:
    return zh


def _english(zh: str, en: str) -> str:
    return en
