"""The forms in which reports are written: for people, for terminals, for programs and for the services around code.

Each form is a module of this package with a function `write(reports, settings)`; `FORMATS` names them all. They share
what `parts` holds: the words, where a finding stands, and which findings count. A format loads what it needs only when
it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

from community_ops.validation.finding import ERROR, Severity
from community_ops.validation.formats.parts import Settings, Writer
from community_ops.validation.wording import Language

if TYPE_CHECKING:
    from community_ops.validation.report import Report

FORMATS = {
    "text": "community_ops.validation.formats.text",
    "rich": "community_ops.validation.formats.terminal",
    "json": "community_ops.validation.formats.plain",
    "sarif": "community_ops.validation.formats.sarif",
    "junit": "community_ops.validation.formats.junit",
    "github": "community_ops.validation.formats.github",
    "markdown": "community_ops.validation.formats.markdown",
}
"""The module that writes each format, by the format's name."""


def render(
    reports: Sequence[tuple[str, Report]],
    format: str = "text",
    language: Language = "en",
    *,
    fail_on: Severity = ERROR,
    colour: bool | None = None,
    width: int | None = None,
) -> str:
    """Write the reports of one or more checks as one text.

    Args:
        reports: each report with the name of what was checked, such as the path of the file; `""` for a model that
            has no name.
        format: one of `FORMATS`.
        language: the language of words and messages; the pages of rules are English.
        fail_on: from which severity on a fault makes a check fail: a test case of JUnit, the sign of a heading.
        colour: whether `rich` colours; None to ask the terminal.
        width: how many cells wide `rich` writes; None to ask the terminal.

    Returns:
        The text, without a line break at its end.

    Raises:
        LookupError: there is no such format.
        MissingExtra: `rich` is not installed.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> report = OperatingModel.of(Unit(id="it", name="IT", parent="hq")).check(select=["REF"])
        >>> print(render([("a.json", report), ("b.json", report)]))
        a.json: REF101 error unit:it  IT names 'hq' as parent, but there is no unit of that id.
        b.json: REF101 error unit:it  IT names 'hq' as parent, but there is no unit of that id.
        2 errors; 2 files
    """
    module = FORMATS.get(format)
    if module is None:
        raise LookupError(f"there is no format {format!r}; there are {', '.join(FORMATS)}")
    write = cast("Writer", import_module(module).write)
    return write(reports, Settings(language=language, fail_on=fail_on, colour=colour, width=width))


__all__ = ["FORMATS", "render"]
