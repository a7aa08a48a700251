"""The page of a rule, as `explain` shows it: what it looks for, an example that fires, one that keeps it silent."""

from __future__ import annotations

import json
from textwrap import indent

from attrs import asdict

from community_ops.kernel.model import Model
from community_ops.validation.book import tried
from community_ops.validation.rule import Example, Rule
from community_ops.validation.wording import Language, moment

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "fault": "fault: the model is wrong",
        "status": "status: the situation is bad",
        "needed": "judged only at a date",
        "instant": "judged only at an instant",
        "opt_in": "runs only when selected",
        "thresholds": "Thresholds",
        "fires": "Fires on",
        "silent": "Silent on",
        "says": "and says",
        "fix_unsafe": "Knows how to mend it, not safely: look at what the fix changes before you apply it.",
        "fix_some": "Knows how to mend it, in some cases safely.",
        "fix_safe": "Knows how to mend it safely.",
    },
    "zh": {
        "fault": "缺陷：模型有误",
        "status": "状况：现状不佳",
        "needed": "须给出日期才能判断",
        "instant": "须给出具体时刻才能判断",
        "opt_in": "仅在选中时运行",
        "thresholds": "阈值",
        "fires": "触发示例",
        "silent": "不触发示例",
        "says": "结果",
        "fix_unsafe": "可自动修复，但应先审阅其改动再应用。",
        "fix_some": "可自动修复，部分情形下可放心应用。",
        "fix_safe": "可自动修复，可放心应用。",
    },
}


def rule_page(rule: Rule, cls: type[Model], language: Language = "en") -> str:
    """Return the page of a rule as plain text.

    Args:
        rule: the rule.
        cls: the class of model its examples are built as.
        language: the language of headings and messages; the page's own text is English.
    """
    words = _WORDS[language]
    parts = [f"{rule.code} {rule.name}  ({'; '.join(rule_traits(rule, language))})", rule.page]
    if rule.thresholds is not None:
        values = "\n".join(f"  {name} = {value}" for name, value in asdict(rule.thresholds).items())
        parts.append(f"{words['thresholds']}:\n{values}")
    parts += fix_note(rule, language)
    parts += [_example(rule, example, cls, language, words["fires"]) for example in rule.fire_examples]
    parts += [_example(rule, example, cls, language, words["silent"]) for example in rule.silent_examples]
    return "\n\n".join(parts)


def rule_traits(rule: Rule, language: Language) -> list[str]:
    """Return what tells a rule from others, in words: how bad it is, fault or status, and when it is judged."""
    words = _WORDS[language]
    traits = [str(rule.severity), words["status" if rule.status else "fault"]]
    traits += [words[rule.date_use]] if rule.date_use in ("needed", "instant") else []
    return traits + ([words["opt_in"]] if rule.opt_in else [])


def fix_note(rule: Rule, language: Language) -> list[str]:
    """Return a sentence on how far a rule can mend what it finds; none where it cannot."""
    if rule.fixer is None:
        return []
    safety = rule.fix_safe
    return [_WORDS[language]["fix_some" if callable(safety) else "fix_safe" if safety else "fix_unsafe"]]


def _example(rule: Rule, example: Example, cls: type[Model], language: Language, heading: str) -> str:
    model = example.model(cls)
    shown = f"{heading}{'' if example.at is None else f' ({moment(example.at)})'}:\n"
    shown += indent(example.source.rstrip("\n"), "  ") or "\n".join(
        f"  {table.kind.name} {json.dumps(table.kind.layout.write(record), ensure_ascii=False)}"
        for table in model.tables
        for record in table
    )
    for found in tried(rule, example, cls).findings:
        shown += f"\n  {_WORDS[language]['says']}: {found.text(language)}"
    return shown
