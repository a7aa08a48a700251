"""Charts as text for other tools to draw: Mermaid and Graphviz DOT.

Nodes are called n0, n1 and so on, whatever the ids: no id can break the syntax or collide with a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from community_ops.kernel.view import ModelView
from community_ops.validation.wording import Language
from community_ops.view.organisation import position_scene
from community_ops.view.scene import LIMIT, Box, Scene
from community_ops.view.words import say

_MERMAID_SPECIAL = re.compile(r"[#&<>\"`\\\[\]{}|$:]")


def mermaid(m: ModelView, at: date | None = None, language: Language = "en", *, limit: int = LIMIT) -> str:
    """Write the organisation chart as a Mermaid flowchart.

    Args:
        m: the model.
        at: the day; None leaves out reporting lines with a period.
        language: of the words; names are as the model has them.
        limit: the most positions to write; beyond it the top levels, with a comment on how many are left out.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> print(mermaid(OperatingModel.of(Position(id="ceo", title='The "boss"', unit="hq")), date(2026, 3, 2)))
        flowchart TD
            n0["The #34;boss#34;<br/>vacant"]
            classDef vacant stroke:#b3261e,stroke-dasharray:5 3
            class n0 vacant
    """
    scene = position_scene(m, at, language, limit)
    return "\n".join(["flowchart TD", *(f"    {line}" for line in _mermaid_lines(scene))])


def dot(m: ModelView, at: date | None = None, language: Language = "en", *, limit: int = LIMIT) -> str:
    r"""Write the organisation chart in the DOT language of Graphviz.

    Args:
        m: the model.
        at: the day; None leaves out reporting lines with a period.
        language: of the words; names are as the model has them.
        limit: the most positions to write; beyond it the top levels, with a comment on how many are left out.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> print(dot(OperatingModel.of(Position(id="ceo", title='The "boss"', unit="hq")), date(2026, 3, 2)))
        digraph organisation {
            node [shape=box]
            edge [dir=none]
            n0 [label="The \"boss\"\nvacant", style=dashed, color="#b3261e"]
        }
    """
    scene = position_scene(m, at, language, limit)
    return "\n".join(["digraph organisation {", *(f"    {line}" for line in _dot_lines(scene)), "}"])


def _lines_of(box: Box) -> Iterator[str]:
    yield box.title
    yield from filter(None, (box.vacancy, box.seating, *box.faults))


def _mermaid_lines(scene: Scene) -> Iterator[str]:
    yield from (f"%% {_mermaid_text(note)}" for note in scene.notes)
    for place, box in enumerate(scene.boxes):
        text = "<br/>".join(map(_mermaid_text, _lines_of(box)))
        yield f'n{place}["{text}"]'
    for place, above in enumerate(scene.above):
        if above is not None:
            yield f"n{above} --- n{place}"
    for tie in scene.ties:
        yield f'n{tie.source} -.->|"{_mermaid_text(say(tie.kind, scene.language))}"| n{tie.target}'
    vacant = [f"n{place}" for place, box in enumerate(scene.boxes) if box.state == "vacant"]
    if vacant:
        yield "classDef vacant stroke:#b3261e,stroke-dasharray:5 3"
        yield f"class {','.join(vacant)} vacant"


def _mermaid_text(text: str) -> str:
    return _MERMAID_SPECIAL.sub(lambda found: f"#{ord(found[0])};", text)


def _dot_lines(scene: Scene) -> Iterator[str]:
    yield from (f"// {note}" for note in scene.notes)
    yield "node [shape=box]"
    yield "edge [dir=none]"
    for place, box in enumerate(scene.boxes):
        look = ', style=dashed, color="#b3261e"' if box.state == "vacant" else ""
        text = "\\n".join(map(_dot_text, _lines_of(box)))
        yield f'n{place} [label="{text}"{look}]'
    for place, above in enumerate(scene.above):
        if above is not None:
            yield f"n{above} -> n{place}"
    for tie in scene.ties:
        look = f'label="{_dot_text(say(tie.kind, scene.language))}", style=dashed, dir=forward, constraint=false'
        yield f"n{tie.source} -> n{tie.target} [{look}]"


def _dot_text(text: str) -> str:
    # Graphviz reads HTML entities in labels, also in those that are plain text.
    return text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
