"""What notebooks show of a model, a table, a hierarchy, a schedule and a report: MIME bundles of plain text and HTML.

The HTML holds pictures as images with a data address, because notebooks nobody has trusted strip inline SVG, and each
picture is followed by a table with the same facts, for those who cannot see it or want to copy from it. Nobody is
asked which language to use, so it is guessed from the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree import ElementTree as ET

from community_ops.kernel.model import Model
from community_ops.kernel.table import Table
from community_ops.org.structure import Hierarchy
from community_ops.plan.scheduling import Schedule
from community_ops.validation.finding import Severity
from community_ops.validation.formats.parts import skipped_rules
from community_ops.validation.report import Report
from community_ops.validation.wording import Language, moment
from community_ops.view import svg
from community_ops.view.bars import Bar, draw_bars
from community_ops.view.chart import draw, headline
from community_ops.view.facts import findings_table, records_table, scene_table, severity_counts
from community_ops.view.gantt import draw_plan, plan_headline, plan_notes
from community_ops.view.html import details, element, html_text, image_figure, lang_of
from community_ops.view.html import table as html_table
from community_ops.view.organisation import has_positions, position_scene
from community_ops.view.plan_scene import plan_table, schedule_scene
from community_ops.view.scene import Scene
from community_ops.view.units import has_units, hierarchy_scene, unit_scene
from community_ops.view.words import language_of, listed, say

Bundle = dict[str, str]
_NAMES_LOOKED_AT = 200
SEVERITY_COLOURS = {Severity.ERROR: svg.RED, Severity.WARNING: svg.ORANGE, Severity.INFO: svg.BLUE}


def model(shown: Model) -> Bundle:
    """Return what a notebook shows of a model: its organisation chart, else its units, else how much it holds."""
    language = _language(shown)
    if has_positions(shown):
        return _of_scene(shown, position_scene(shown, language=language))
    if has_units(shown):
        return _of_scene(shown, unit_scene(shown, language))
    return _bundle(shown, language, *_counted([(held.kind.table, len(held)) for held in shown.tables], language))


def hierarchy(shown: Hierarchy) -> Bundle:
    """Return what a notebook shows of a hierarchy: its chart."""
    return _of_scene(shown, hierarchy_scene(shown, language_of(islice(shown.ids, _NAMES_LOOKED_AT))))


def schedule(shown: Schedule) -> Bundle:
    """Return what a notebook shows of a schedule: its Gantt chart."""
    scene = schedule_scene(shown, None, None, language_of(islice(shown.tasks, _NAMES_LOOKED_AT)))
    caption = [say("sentence", scene.language, text=plan_headline(scene)), *plan_notes(scene)]
    figure = image_figure(draw_plan(scene), caption)
    return _bundle(shown, scene.language, figure, details(say("as_table", scene.language), plan_table(scene)))


def table(shown: Table[Any]) -> Bundle:
    """Return what a notebook shows of a table: its first rows."""
    field = shown.kind.label_field
    language = language_of(map(str, islice(shown.column(field), _NAMES_LOOKED_AT)))
    count = say("records_count", language, n=len(shown))
    first = details(f"{shown.kind.table}: {count}", *records_table(shown, language), open_=True)
    return _bundle(shown, language, first)


def report(shown: Report) -> Bundle:
    """Return what a notebook shows of a report: counts by rule, and the findings."""
    language: Language = "en" if shown.model is None else _language(shown.model)
    title = say("findings", language)
    if shown.at is not None:
        title = say("on_day", language, title=title, day=moment(shown.at))
    bars = [
        Bar(f"{code} {say(severity, language)}", count, SEVERITY_COLOURS[Severity(severity)])
        for severity, code, count in severity_counts(shown)
    ]
    summary = shown.summary(language)
    figure = image_figure(
        draw_bars(title, summary, bars, language), [say("titled", language, title=title, summary=summary)]
    )
    content = findings_table(shown.findings, shown.model, language) if shown.findings else []
    skipped = skipped_rules([shown])
    for reason in ("no_date", "no_instant"):
        if skipped[reason]:
            content.append(element("p", say(reason, language, codes=listed(skipped[reason], language))))
    return _bundle(shown, language, figure, details(say("as_table", language), *content, open_=True))


def _language(shown: Model) -> Language:
    """Guess the language of a model by the names of its positions, or of its units."""
    for kind in ("position", "unit"):
        if kind in shown.schema.kinds:
            names = shown.column_of(kind, shown.schema.kinds[kind].label_field)
            if names:
                return language_of(map(str, islice(names, _NAMES_LOOKED_AT)))
    return "en"


def _of_scene(shown: object, scene: Scene) -> Bundle:
    caption = [say("sentence", scene.language, text=headline(scene)), *scene.notes]
    figure = image_figure(draw(scene), caption)
    return _bundle(shown, scene.language, figure, details(say("as_table", scene.language), scene_table(scene)))


def _counted(counts: list[tuple[str, int]], language: Language) -> Iterator[ET.Element]:
    """Yield a figure of how many records there are by kind, and its table."""
    total = say("records_count", language, n=sum(count for _, count in counts))
    bars = [Bar(name, count) for name, count in counts]
    yield image_figure(draw_bars(say("records", language), total, bars, language), [total])
    heads = (say("kind", language), say("count", language))
    yield details(say("as_table", language), html_table(heads, [(name, str(count)) for name, count in counts]))


def _bundle(shown: object, language: Language, *content: ET.Element) -> Bundle:
    whole = element("div", children=content, lang=lang_of(language))
    return {"text/plain": repr(shown), "text/html": html_text(whole)}
