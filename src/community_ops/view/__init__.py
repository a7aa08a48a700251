"""Seeing an organisation and its plans: charts as SVG, text, Mermaid and DOT, an HTML page, and what notebooks show.

Everything here reads a model and returns text. Names that cannot be drawn as they are, such as those with control
characters, are shown with a replacement character; every label is escaped because all markup is built as a tree.
"""

from __future__ import annotations

from community_ops.view.chart import org_chart, unit_chart
from community_ops.view.diagram import dot, mermaid
from community_ops.view.gantt import gantt_chart
from community_ops.view.page import html_page
from community_ops.view.tree import text_tree

__all__ = ["dot", "gantt_chart", "html_page", "mermaid", "org_chart", "text_tree", "unit_chart"]
