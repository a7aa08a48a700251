"""All rules of a book as a Markdown page, generated from their declarations."""

from __future__ import annotations

import json
from collections.abc import Iterator

from community_ops.kernel.declaration import layout_of
from community_ops.kernel.json_schema import field_texts
from community_ops.kernel.model import Model
from community_ops.kernel.record import Value
from community_ops.validation.book import RuleBook, tried
from community_ops.validation.formats.markdown import escape
from community_ops.validation.pages import fix_note, rule_traits
from community_ops.validation.rule import Example, Rule
from community_ops.validation.wording import Language, moment
from community_ops.view.markdown import bullets, json_block, link, table
from community_ops.view.type_words import type_words

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Rule catalogue", "规则目录"),
    "intro": (
        "{n} rules: what each finds, why that matters, how to mend it, when it is wrong to heed it, and examples.",
        "共 {n} 条规则。每条列出检查内容、原因、修复方法、不宜遵从的情形和示例；规则正文为英文。",
    ),
    "code": ("Code", "代码"),
    "name": ("Name", "名称"),
    "severity": ("Severity", "级别"),
    "summary": ("What it finds", "检查内容"),
    "instant": ("It needs an instant; a date is not enough.", "须给出具体时刻，仅有日期不够。"),
    "needed": ("It needs a date.", "须给出日期。"),
    "used": ("It uses the date, if there is one.", "如给出日期则按该日期判断。"),
    "ignored": ("It judges the same at all dates.", "与日期无关。"),
    "needs": ("It judges nothing unless there are records of {}.", "没有以下种类的记录时不作判断：{}。"),
    "thresholds": ("Thresholds", "阈值"),
    "scoped": ("A policy may set others, for all or for a unit.", "可用策略记录为全组织或某个部门另设。"),
    "type": ("Type", "类型"),
    "default": ("Default", "默认值"),
    "meaning": ("Meaning", "含义"),
    "messages": ("Messages", "消息"),
    "variant": ("Variant", "情形"),
    "fires": ("Fires on", "触发示例"),
    "silent": ("Silent on", "不触发示例"),
    "at": ("{}, at {}", "{}（{}）"),
    "shown": ("{}:", "{}："),
    "on_nothing": ("{}: a model without records", "{}：没有记录的模型"),
    "and_says": ("and says:", "结果："),
}
LISTED = {"en": ", ", "zh": "、"}


def rule_catalogue(book: RuleBook, model: type[Model], language: Language = "en", *, records: str | None = None) -> str:
    """Return all rules of a book as a Markdown page, those that are opt-in or not selected among them.

    Args:
        book: the rules.
        model: the class of model that their examples are built as.
        language: the language of headings and of what the rules say of their examples; messages are shown in every
            language. The rules' own pages are in English.
        records: where the catalogue of records stands, as a link from this page; None for no links to it.

    Example:
        >>> from community_ops import OperatingModel
        >>> page = rule_catalogue(OperatingModel.rules(), OperatingModel)
        >>> print(page.splitlines()[0])
        # Rule catalogue
    """
    say = _Say(language)
    rows = [
        (link(rule.code, _heading(rule)), f"`{rule.name}`", str(rule.severity), rule.summary) for rule in book.rules
    ]
    head = [f"# {say('title')}", say("intro", n=len(book.rules))]
    contents = table([say(word) for word in ("code", "name", "severity", "summary")], rows)
    pages = ["\n\n".join(_page(rule, model, say, records)) for rule in book.rules]
    return "\n\n".join([*head, contents, *pages]) + "\n"


class _Say:
    """The words of the page in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, key: str, *values: object, **named: object) -> str:
        return _WORDS[key][self.language == "zh"].format(*values, **named)


def _heading(rule: Rule) -> str:
    return f"{rule.code} {rule.name}"


def _page(rule: Rule, model: type[Model], say: _Say, records: str | None) -> Iterator[str]:
    yield f"## {_heading(rule)}"
    yield f"*{'; '.join(rule_traits(rule, say.language))}*"
    yield rule.page
    kinds = [kind if records is None else link(kind, kind, records) for kind in rule.needs]
    notes = [say(rule.date_use)]
    notes += [say("needs", LISTED[say.language].join(kinds))] if kinds else []
    yield bullets([*notes, *fix_note(rule, say.language)])
    if rule.thresholds is not None:
        yield f"**{say('thresholds')}** {say('scoped') if rule.scoped else ''}".rstrip()
        yield _thresholds(rule.thresholds, say)
    yield f"**{say('messages')}**"
    yield _messages(rule, say)
    for word, examples in (("fires", rule.fire_examples), ("silent", rule.silent_examples)):
        for example in examples:
            yield from _example(rule, example, model, say, word)


def _thresholds(values: Value, say: _Say) -> str:
    meanings = field_texts(type(values))
    rows = [
        (
            f"`{spec.name}`",
            type_words(spec.shape, say.language, lambda layout: layout.cls.__name__),
            f"`{json.dumps(spec.shape.write(spec.get(values)), ensure_ascii=False)}`",
            meanings.get(spec.name, ""),
        )
        for spec in layout_of(type(values)).fields
    ]
    return table([say("name"), say("type"), say("default"), say("meaning")], rows)


def _messages(rule: Rule, say: _Say) -> str:
    variants = len(rule.templates) > 1
    rows = [
        [*([f"`{variant}`" if variant else ""] if variants else []), *map(escape, texts.values())]
        for variant, texts in rule.templates.items()
    ]
    languages = next(iter(rule.templates.values()))
    return table([*([say("variant")] if variants else []), *languages], rows)


def _example(rule: Rule, example: Example, model: type[Model], say: _Say, word: str) -> Iterator[str]:
    heading = say(word) if example.at is None else say("at", say(word), moment(example.at))
    rows = {
        of.kind.table: [of.kind.layout.write(record) for record in of] for of in example.model(model).tables if len(of)
    }
    yield say("shown", heading) if rows else say("on_nothing", heading)
    if rows:
        yield json_block(rows)
    findings = tried(rule, example, model).findings
    if findings:
        yield say("and_says")
        yield bullets(escape(found.text(say.language)) for found in findings)
