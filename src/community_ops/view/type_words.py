"""What a field can hold, in words."""

from __future__ import annotations

from collections.abc import Callable

from community_ops.kernel import containers, shapes, written
from community_ops.kernel.layout import Layout
from community_ops.validation.wording import Language

NameOf = Callable[[Layout], str]
"""Returns what a value class is called, perhaps with a link to where it is described."""

_PLAIN: dict[type[shapes.Shape], tuple[str, str]] = {
    shapes.Text: ("text", "文本"),
    shapes.Boolean: ("true or false", "是或否（布尔值）"),
    shapes.Integer: ("whole number", "整数"),
    shapes.Number: ("number", "数字"),
    written.DecimalNumber: ('exact decimal number, as text such as `"12.50"`', '精确小数，写作文本，如 `"12.50"`'),
    written.Day: ("date, `YYYY-MM-DD`", "日期，`YYYY-MM-DD`"),
    written.Instant: ("date and time with its offset from UTC", "带时区偏移的日期时间"),
    written.DayOrInstant: (
        "date, `YYYY-MM-DD`, or date and time with its offset from UTC",
        "日期 `YYYY-MM-DD`，或带时区偏移的日期时间",
    ),
    written.Duration: ("duration, such as `P1DT30M`", "时长，如 `P1DT30M`"),
    shapes.AnyRef: ("reference to a record of any kind, `kind:id`", "指向任意种类记录的引用，`种类:id`"),
    containers.Json: ("JSON object, kept and never interpreted", "JSON 对象，原样保存，不作解释"),
}
_WORDS = {
    "id": ("id", "标识"),
    "id_of": ("id of a {}", "{} 的标识"),
    "one_of": ("one of {}", "{} 之一"),
    "or_null": ("{}, or null", "{}，或 null"),
    "many": ("list, each {}", "列表，每项为{}"),
    "fixed": ("list of exactly {}: {}", "恰有 {} 项的列表：{}"),
    "mapped": ("object, each value {}", "对象，每个值为{}"),
    "least": ("{}, at least {}", "{}，不小于 {}"),
    "comma": (", ", "、"),
}


def type_words(shape: shapes.Shape, language: Language, name_of: NameOf, link_to: Callable[[str], str] = str) -> str:
    """Return what a shape can hold, in words.

    Args:
        shape: the shape of a field.
        language: the language.
        name_of: says what a value class is called.
        link_to: says what a kind that is referred to is called.

    Raises:
        TypeError: it is a shape that this module has no words for.

    Example:
        >>> type_words(containers.Many(shapes.Id("unit")), "en", lambda layout: layout.cls.__name__)
        'list, each id of a unit'
    """

    def say(key: str, *values: object) -> str:
        return _WORDS[key][language == "zh"].format(*values)

    def words(of: shapes.Shape) -> str:
        if isinstance(of, shapes.Id):
            return say("id") if of.target is None else say("id_of", link_to(of.target))
        if isinstance(of, shapes.Choice):
            return say("one_of", say("comma").join(f"`{word}`" for word in of.words))
        if isinstance(of, containers.Optional):
            return say("or_null", words(of.inner))
        if isinstance(of, containers.Many):
            return say("many", words(of.item))
        if isinstance(of, containers.Fixed):
            return say("fixed", len(of.items), say("comma").join(map(words, of.items)))
        if isinstance(of, containers.Mapped):
            return say("mapped", words(of.item))
        if isinstance(of, containers.Nested):
            return name_of(of.layout)
        if type(of) not in _PLAIN:
            raise TypeError(f"there are no words for the shape {of!r}")
        plain = _PLAIN[type(of)][language == "zh"]
        least = getattr(of, "minimum", None)
        return plain if least is None else say("least", plain, of.write(least))

    return words(shape)
