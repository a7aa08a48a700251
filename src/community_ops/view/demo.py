"""What `community-ops demo` shows: an organisation, its plan and service, what is wrong, and what a mend changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from attrs import frozen

from community_ops.operating_model import OperatingModel
from community_ops.validation.finding import Finding
from community_ops.validation.formats.parts import active
from community_ops.validation.report import Report
from community_ops.validation.rule import day_of
from community_ops.validation.wording import Language, moment
from community_ops.view.figures import key_figures
from community_ops.view.helpdesk import service_sentences
from community_ops.view.page import html_page
from community_ops.view.plans import plan_sentences, plans_shown
from community_ops.view.tree import text_tree

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "{name}, as of {at}",
        "figures": "Key figures",
        "plan": "The plan",
        "service": "Customer service",
        "findings": "What is wrong",
        "fix": "The first fix, for {code}",
        "resolved": "resolved",
        "new": "new",
        "after": "Afterwards: {summary}",
    },
    "zh": {
        "title": "{name}（截至 {at}）",
        "figures": "关键数据",
        "plan": "方案",
        "service": "客户服务",
        "findings": "发现的问题",
        "fix": "第一项修复（{code}）",
        "resolved": "已解决",
        "new": "新增",
        "after": "修复后：{summary}",
    },
}


@frozen
class Demonstration:
    """What the demo prints, and the page it writes."""

    text: str
    page: str


def demonstration(model: OperatingModel, at: date | datetime, language: Language) -> Demonstration:
    """Check a model, apply the first fix, check again, and say what came of it.

    Args:
        model: the organisation.
        at: the day it is looked at; an instant, to see how its customer service stands.
        language: of all that is shown.
    """
    before = model.check(at)
    text = "\n".join(_sections(model, before, at, language))
    return Demonstration(text, html_page(model, before, at, language))


def _sections(model: OperatingModel, before: Report, at: date | datetime, language: Language) -> Iterator[str]:
    words, day = _WORDS[language], day_of(at)
    top = model.units.records[0].name if len(model.units) else repr(model)
    yield words["title"].format(name=top, at=moment(at))
    yield ""
    yield text_tree(model, day, language)
    yield ""
    yield words["figures"]
    yield from (f"  {name}: {value}" for name, value in key_figures(model, day, language).items())
    for plan in plans_shown(model):
        yield ""
        yield words["plan"]
        yield from (f"  {sentence}" for sentence in plan_sentences(model, plan, day, language))
    if isinstance(at, datetime) and len(model.tickets):
        yield ""
        yield words["service"]
        yield from (f"  {sentence}" for sentence in service_sentences(model, at, language))
    yield ""
    yield words["findings"]
    yield from (f"  {line}" for line in before.to_text(language).splitlines())
    mended = next(((found, fix) for found in active(before) if (fix := found.fix) is not None), None)
    if mended is not None:
        found, fix = mended
        yield ""
        yield words["fix"].format(code=found.code)
        yield from (f"  {line}" for line in str(fix).splitlines())
        after = model.apply(fix).check(at)
        yield ""
        yield from _outcome(before, after, language)
        yield words["after"].format(summary=after.summary(language))


def _outcome(before: Report, after: Report, language: Language) -> Iterator[str]:
    words = _WORDS[language]
    yield from _missing_from(before, after, words["resolved"], language)
    yield from _missing_from(after, before, words["new"], language)


def _missing_from(one: Report, other: Report, word: str, language: Language) -> Iterator[str]:
    known = {found.fingerprint for found in other.findings}
    gone: list[Finding] = [found for found in one.findings if found.fingerprint not in known]
    for found in gone:
        yield f"{word}  {found.code}  {found.text(language)}"
