"""Pieces of Markdown pages: headings that can be linked to, tables, fenced blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LINE = 120
"""How long a line of JSON may be before it is broken up."""
_NOT_IN_SLUGS = re.compile(r"[^\w\- ]")


def slug(heading: str) -> str:
    """Return the anchor that a heading gets, as GitHub and most site generators make it.

    Example:
        >>> slug("ORG101 reporting-cycle"), slug("`reporting_line`")
        ('org101-reporting-cycle', 'reporting_line')
    """
    return _NOT_IN_SLUGS.sub("", heading.strip().lower()).replace(" ", "-")


def link(text: str, heading: str, page: str = "") -> str:
    """Return a link to a heading of this page, or of another.

    Example:
        >>> link("position", "`position`", "records.md")
        '[position](records.md#position)'
    """
    return f"[{text}]({page}#{slug(heading)})"


def cell(text: str) -> str:
    r"""Return text that fits into a cell of a table: one line, no cell border; other markup stays.

    Example:
        >>> print(cell("a|b\nc"))
        a\|b c
    """
    return " ".join(text.split()).replace("|", "\\|")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {' '.join(item.split())}" for item in items)


def json_block(tables: Mapping[str, Any]) -> str:
    """Return a fenced block of JSON: an object of tables with a row a line, long rows a field a line.

    Example:
        >>> print(json_block({"version": 2, "units": [{"id": "hq"}, {"id": "ops"}]}))
        ```json
        {
          "version": 2,
          "units": [
            {"id": "hq"},
            {"id": "ops"}
          ]
        }
        ```
    """
    written = [f"  {_json(key)}: {_value(value)}" for key, value in tables.items()]
    return "```json\n{\n" + ",\n".join(written) + "\n}\n```"


def _value(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(_row, value)) + "\n  ]"
    return _json(value)


def _row(row: Any) -> str:
    line = f"    {_json(row)}"
    if len(line) <= LINE or not isinstance(row, dict):
        return line
    return "    {\n" + ",\n".join(f"      {_json(key)}: {_json(value)}" for key, value in row.items()) + "\n    }"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
