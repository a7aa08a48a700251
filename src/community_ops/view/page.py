"""A plain HTML page about an organisation that stands alone: no scripts, and nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from xml.etree import ElementTree as ET

from community_ops.kernel.text import clean_line
from community_ops.operating_model import OperatingModel
from community_ops.org.structure import unit_tree
from community_ops.validation.finding import Finding
from community_ops.validation.formats.parts import active
from community_ops.validation.report import Report
from community_ops.validation.rule import day_of
from community_ops.validation.wording import Language, moment
from community_ops.view.chart import draw
from community_ops.view.facts import findings_table, scene_table
from community_ops.view.figures import key_figures
from community_ops.view.helpdesk import service_section
from community_ops.view.html import details, element, html_text, lang_of, table
from community_ops.view.organisation import position_scene
from community_ops.view.plans import plan_section, plans_shown
from community_ops.view.scene import label
from community_ops.view.words import say

_STYLE = """
body { margin: 2rem auto; max-width: 96rem; padding: 0 1.5rem; background: #fff; color: #1b1f24;
  font: 16px/1.5 Arial, Helvetica, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
figure { margin: 1rem 0; overflow-x: auto; border: 1px solid #c9ced6; border-radius: 6px; }
figure svg { display: block; max-width: 100%; height: auto; }
@media (max-width: 75rem) { figure svg { max-width: none; } }
table { border-collapse: collapse; margin: .8rem 0; font-size: .92rem; }
th, td { border: 1px solid #c9ced6; padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { background: #eef1f5; } td:first-child { white-space: nowrap; }
pre { background: #f5f6f8; padding: .8rem 1rem; overflow-x: auto; font-size: .88rem; }
summary { cursor: pointer; color: #0b57b0; }
@media print { figure svg { max-width: 100%; height: auto; } }
"""


def html_page(model: OperatingModel, report: Report, at: date | datetime, language: Language = "en") -> str:
    """Write a page about an organisation: key figures, chart, plans, service, findings, and what a fix would change.

    Args:
        model: the organisation.
        report: what checking it then found.
        at: the day it is looked at; an instant, to see how its customer service stands.
        language: of the words; names are as the model has them.

    Returns:
        A whole HTML document.

    Example:
        >>> from community_ops import OperatingModel, Position, Unit
        >>> model = OperatingModel.of(Unit(id="hq", name="A & B"), Position(id="ceo", title="CEO", unit="hq"))
        >>> page = html_page(model, model.check(date(2026, 3, 2)), date(2026, 3, 2))
        >>> "<title>A &amp; B: organisation and findings</title>" in page
        True
    """
    mended = next(((found, fix) for found in active(report) if (fix := found.fix) is not None), None)
    after = None if mended is None else model.apply(mended[1])
    again = None if after is None else after.check(at)
    day = day_of(at)
    body = [*_opening(model, report, at, language), *_figures(model, after, report, again, day, language)]
    body += _chart(model, day, language)
    for plan in plans_shown(model):
        body += plan_section(model, plan, day, language)
    if isinstance(at, datetime) and len(model.tickets):
        body += service_section(model, at, language)
    body.append(element("h2", say("findings", language)))
    body += findings_table(report.findings, model, language) if report.findings else [_says("no_findings", language)]
    body.append(element("h2", say("first_fix", language)))
    if mended is None or after is None or again is None:
        body.append(_says("no_fix", language))
    else:
        body += _fix(mended[0], str(mended[1]), report, again, language)
        body.append(element("h2", say("chart_after", language)))
        body += _chart(after, day, language)
    head = element("head", children=_head(say("page_title", language, name=_name(model, language))))
    whole = element("html", children=[head, element("body", children=body)], lang=lang_of(language))
    return "<!DOCTYPE html>\n" + html_text(whole) + "\n"


def _head(title: str) -> Iterator[ET.Element]:
    yield element("meta", charset="utf-8")
    yield element("meta", name="viewport", content="width=device-width, initial-scale=1")
    yield element("title", title)
    style = ET.Element("style")
    style.text = _STYLE
    yield style


def _says(key: str, language: Language) -> ET.Element:
    return element("p", say(key, language))


def _name(model: OperatingModel, language: Language) -> str:
    """Return what the organisation is called: the name of its top unit."""
    roots = unit_tree(model).roots
    return label(model.units[roots[0]].name, roots[0]) if roots else say("organisation", language)


def _opening(model: OperatingModel, report: Report, at: date | datetime, language: Language) -> Iterator[ET.Element]:
    yield element("h1", say("page_title", language, name=_name(model, language)))
    found = say("titled", language, title=say("findings", language), summary=report.summary(language))
    yield element("p", f"{say('as_of', language, day=moment(at))} {found}")


def _figures(
    model: OperatingModel,
    after: OperatingModel | None,
    report: Report,
    again: Report | None,
    at: date,
    language: Language,
) -> Iterator[ET.Element]:
    yield element("h2", say("key_figures", language))
    columns = [_key_figures(model, report, at, language)]
    heads = ["", say("before", language)]
    if after is not None and again is not None:
        columns.append(_key_figures(after, again, at, language))
        heads.append(say("after", language))
    rows = [(name, *(figures[name] for figures in columns)) for name in columns[0]]
    yield table(heads if len(columns) > 1 else ["", ""], rows)


def _key_figures(model: OperatingModel, report: Report, at: date, language: Language) -> Mapping[str, str]:
    return {**key_figures(model, at, language), say("findings", language): report.summary(language)}


def _chart(model: OperatingModel, at: date, language: Language) -> Iterator[ET.Element]:
    scene = position_scene(model, at, language)
    yield element("figure", children=[draw(scene)])
    yield details(say("as_table", language), scene_table(scene))


def _fix(found: Finding, changes: str, before: Report, after: Report, language: Language) -> Iterator[ET.Element]:
    severity = say(found.severity, language)
    yield element("p", say("fix_of", language, code=found.code, severity=severity, message=found.text(language)))
    yield element("h3", say("changes", language))
    yield _listing(changes)
    for key, one, other in (("resolved", before, after), ("new", after, before)):
        yield element("h3", say(key, language))
        known = {each.fingerprint for each in other.findings}
        gone = [each for each in one.findings if each.fingerprint not in known]
        if gone:
            yield from findings_table(gone, one.model, language)
        else:
            yield _says("none", language)


def _listing(text: str) -> ET.Element:
    """Return text that keeps its lines."""
    made = ET.Element("pre")
    made.text = "\n".join(line[: len(line) - len(line.lstrip())] + clean_line(line) for line in text.splitlines())
    return made
