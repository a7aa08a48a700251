"""Tables with the same facts as the pictures, and tables of findings and of records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from xml.etree import ElementTree as ET

from community_ops.kernel.declaration import FieldSpec
from community_ops.kernel.record import Value
from community_ops.kernel.ref import Ref
from community_ops.kernel.table import Table
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import Finding
from community_ops.validation.formats.parts import active, suppression_note
from community_ops.validation.report import Report
from community_ops.validation.wording import Language
from community_ops.view.chart import people
from community_ops.view.html import element, table
from community_ops.view.scene import Box, Scene, label
from community_ops.view.textwidth import cut
from community_ops.view.words import listed, say

FINDINGS_SHOWN = 200
ROWS_SHOWN = 20
_CELL_WIDTH = 80


def scene_table(scene: Scene) -> ET.Element:
    """Return a table of what a chart shows, a box a row."""
    words = scene.language
    unit = scene.kind == "unit"
    heads = ["unit", "kind", "part_of", "heads"] if unit else ["position", "unit", "reports_to", "holders"]
    heads += ["remarks"] if unit else ["seats_head", "dotted", "remarks"]
    rows = []
    for box in scene.boxes:
        more = () if unit else (_seats(box), listed(box.lines, words))
        rows.append((box.title, box.caption, box.above, _people(box, words), *more, _remarks(box, words)))
    return table([say(head, words) for head in heads], rows)


def _people(box: Box, language: Language) -> str:
    return listed(people(box, language, len(box.holders)), language)


def _remarks(box: Box, language: Language) -> str:
    return listed(filter(None, (box.vacancy, *box.faults, *box.remarks)), language)


def _seats(box: Box) -> str:
    if box.seats is None:
        return ""
    return str(box.seats) if box.filled is None else f"{box.filled} / {box.seats}"


def findings_table(findings: Sequence[Finding], model: ModelView | None, language: Language) -> list[ET.Element]:
    """Return a table of findings, and below it how many more there are, if any; what does not count comes last.

    Args:
        findings: the findings, in the order to show them in.
        model: what they were found in; names the subjects.
        language: of the words and messages.
    """
    heads = [say(key, language) for key in ("severity", "code", "subject", "message")]
    ordered = sorted(findings, key=lambda found: found.suppression is not None)
    rows = [_finding_row(found, model, language) for found in ordered[:FINDINGS_SHOWN]]
    return [table(heads, rows), *_more(len(findings) - len(rows), language)]


def _finding_row(found: Finding, model: ModelView | None, language: Language) -> tuple[str, str, str, str]:
    message = found.text(language)
    if found.fixable:
        message += f" ({say('fixable', language)})" if language == "en" else f"（{say('fixable', language)}）"
    if found.suppression is not None:
        message += f" [{suppression_note(found.suppression, language)}]"
    return say(found.severity, language), found.code, _subject(found.subject, model), message


def _subject(subject: Ref, model: ModelView | None) -> str:
    name = label(model.label(subject)) if model is not None and subject.kind in model.schema.kinds else ""
    return f"{name} ({subject})" if name and name != subject.id else str(subject)


def _more(count: int, language: Language) -> list[ET.Element]:
    return [element("p", say("more_rows", language, n=count))] if count > 0 else []


def severity_counts(report: Report) -> Iterator[tuple[str, str, int]]:
    """Yield for every code that found something that counts, its severity, the code and how many, worst first."""
    counts: dict[tuple[str, str], int] = {}
    for found in active(report):
        key = (found.severity.value, found.code)
        counts[key] = counts.get(key, 0) + 1
    yield from ((severity, code, count) for (severity, code), count in counts.items())


def records_table(records: Table[Any], language: Language) -> list[ET.Element]:
    """Return a table of the first records of a table, with the columns that say anything; and how many more there are.

    Args:
        records: the table.
        language: of the words; columns have the names of the fields.
    """
    shown = min(len(records), ROWS_SHOWN)
    columns = []
    for spec in records.kind.layout.fields:
        values = list(islice(records.column(spec.name), shown))
        if spec.required or any(value != spec.default for value in values):
            columns.append((spec.name, [_written(spec, value) for value in values]))
    rows = zip(*(cells for _, cells in columns), strict=True)
    return [table([name for name, _ in columns], rows), *_more(len(records) - shown, language)]


def _written(spec: FieldSpec, value: Any) -> str:
    if isinstance(value, Value) and type(value).__str__ is not object.__str__:
        return cell(str(value))
    return cell(value if spec.shape.plain else spec.shape.write(value))


def cell(value: Any) -> str:
    """Return one value of a record as it stands in a table: short, nothing for None.

    Example:
        >>> cell(None), cell(2), cell(["ceo"]), cell({"level": 3})
        ('', '2', 'ceo', '{"level": 3}')
    """
    if value is None:
        return ""
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    return cut(label(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)), _CELL_WIDTH)
