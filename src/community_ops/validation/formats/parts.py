"""What all formats share: the words in both languages, where a finding stands, and which findings count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from community_ops.kernel.text import clean_line
from community_ops.validation.finding import ERROR, INFO, Finding, Severity, Suppression
from community_ops.validation.wording import Language, phrase

if TYPE_CHECKING:
    from community_ops.validation.report import Report

Reports = Sequence[tuple[str, "Report"]]
"""Each report with the name of what was checked; `""` where it has none."""


@frozen(kw_only=True)
class Settings:
    """How reports are to be written; see `formats.render`."""

    language: Language = "en"
    fail_on: Severity = ERROR
    colour: bool | None = None
    width: int | None = None


Writer = Callable[[Reports, Settings], str]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "error": "error",
        "warning": "warning",
        "info": "info",
        "none": "No findings",
        "files": "; {} files",
        "waived": "{} waived",
        "known": "{} in the baseline",
        "waiver": "waived",
        "baseline": "in the baseline",
        "colon": ": {}",
        "granted": "granted by {}",
        "until": "until {}",
        "no_date": "not judged without a date",
        "no_instant": "not judged without an instant",
        "idle": "nothing to judge",
        "findings": "{} findings",
        "title": "Check",
        "severity": "Severity",
        "rule": "Rule",
        "place": "Where",
        "finding": "Finding",
        "reason": "Why",
        "suppressed": "Do not count: {}",
        "more": "... and {} more",
    },
    "zh": {
        "error": "错误",
        "warning": "警告",
        "info": "提示",
        "none": "没有发现问题",
        "files": "；共 {} 个文件",
        "waived": "已豁免 {} 个",
        "known": "基线内 {} 个",
        "waiver": "已豁免",
        "baseline": "基线内",
        "colon": "：{}",
        "granted": "批准者 {}",
        "until": "至 {} 止",
        "no_date": "未给出日期，无法判断",
        "no_instant": "未给出具体时刻，无法判断",
        "idle": "没有可判断的内容",
        "findings": "{} 个问题",
        "title": "检查结果",
        "severity": "级别",
        "rule": "规则",
        "place": "位置",
        "finding": "问题",
        "reason": "原因",
        "suppressed": "不计入：{}",
        "more": "……另有 {} 个",
    },
}


def say(key: str, language: Language, *values: object) -> str:
    """Return one of the words of a report, with values in its places."""
    return _WORDS[language][key].format(*values)


def active(report: Report) -> list[Finding]:
    """Return the findings that count, in the order of the report."""
    return [found for found in report.findings if found.suppression is None]


def message(found: Finding, language: Language) -> str:
    """Return what is wrong, in one line, without characters that a terminal or a log would obey."""
    return clean_line(found.text(language))


def place(found: Finding, name: str = "") -> str:
    """Return the file, line and column of a finding as far as they are known, else the name; perhaps nothing."""
    return clean_line(name if found.location is None else str(found.location))


def summary(reports: Iterable[Report], language: Language) -> str:
    """Return the counts of all reports in a line: what counts, what does not, and the files where they are several."""
    every = list(reports)
    counts = Counter(found.severity for report in every for found in active(report))
    stop = "" if counts else {"en": ".", "zh": "。"}[language]
    shown = _counts(counts, language) if counts else say("none", language)
    files = say("files", language, len(every)) if len(every) > 1 else ""
    return f"{shown}{suppressed_summary(every, language, in_brackets=True)}{files}{stop}"


def suppressed_summary(reports: Iterable[Report], language: Language, *, in_brackets: bool = False) -> str:
    """Return how many findings do not count, and why; empty where all do."""
    counts = Counter(f.suppression.by for report in reports for f in report.findings if f.suppression is not None)
    numbers = {"waived": counts["waiver"], "known": counts["baseline"]}
    shown = [say(word, language, number) for word, number in numbers.items() if number]
    text = {"en": ", ", "zh": "，"}[language].join(shown)
    return {"en": f" ({text})", "zh": f"（{text}）"}[language] if text and in_brackets else text


def _counts(counts: Counter[Severity], language: Language) -> str:
    found = [(severity, counts[severity]) for severity in Severity if counts[severity]]
    if language == "zh":
        return "，".join(f"{say(severity, 'zh')} {count} 个" for severity, count in found)
    return ", ".join(
        f"{count} {severity}{'s' if count > 1 and severity is not INFO else ''}" for severity, count in found
    )


def suppression_note(suppression: Suppression, language: Language) -> str:
    """Return why a finding does not count, in a line."""
    details = [suppression.reason] if suppression.reason.strip() else []
    if suppression.granted_by is not None:
        details.append(say("granted", language, suppression.granted_by))
    if suppression.expires is not None:
        details.append(say("until", language, suppression.expires))
    because = say("colon", language, {"en": "; ", "zh": "；"}[language].join(details)) if details else ""
    return clean_line(say(suppression.by, language) + because)


def skipped_note(reports: Reports, language: Language) -> list[str]:
    """Return a line about the rules that were not judged for want of a date, another for want of an instant."""
    skipped = skipped_rules(report for _, report in reports)
    return [
        say(reason, language) + say("colon", language, phrase(codes, language, str))
        for reason, codes in skipped.items()
        if codes
    ]


def skipped_rules(reports: Iterable[Report]) -> dict[str, tuple[str, ...]]:
    """Return the codes of the rules that were not judged, each once, by the word that says what they want."""
    codes: dict[str, dict[str, None]] = {"no_date": {}, "no_instant": {}}
    for report in reports:
        finer = frozenset(report.without_instant)
        for code in report.skipped:
            codes["no_instant" if code in finer else "no_date"][code] = None
    return {reason: tuple(found) for reason, found in codes.items()}
