"""What was odd about a spreadsheet, kept with the model that was read from it, and where each record stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import Factory, frozen

from community_ops.kernel.provenance import Location, Source
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import clean_line
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import Finding, Severity
from community_ops.validation.rule import Rule
from community_ops.validation.wording import counted, listed

Words = Mapping[str, str]


@frozen(kw_only=True)
class Oddity:
    """One thing that was odd about a spreadsheet; a rule of the same code turns it into a finding.

    Attributes:
        code: the code of the rule.
        variant: which of the rule's messages.
        subject: a record, the `"spreadsheet"`, or a `"row"` by its line.
        field: the field or the header it is about.
        related: what follows from it.
        key: what tells it from other oddities of the code with the same subject and field.
        severity: where it differs from the rule's.
        parameters: what the message says; `lines` beside the words for them.
    """

    code: str
    variant: str = ""
    subject: Ref
    field: str | None = None
    related: tuple[Ref, ...] = ()
    key: tuple[str, ...] = ()
    severity: Severity | None = None
    parameters: Mapping[str, Any] = Factory(dict)


def sheet_ref(name: str) -> Ref:
    """Return the address of a spreadsheet as the subject of a finding: its name without its folder."""
    base = clean_line(name.replace("\\", "/").rstrip("/").rpartition("/")[2])
    return Ref("spreadsheet", "".join([c for c in base if c.isprintable()])[-200:] or "spreadsheet")


def row_ref(line: int) -> Ref:
    """Return the address of a row as the subject of a finding."""
    return Ref("row", str(line))


def on_lines(lines: Sequence[int]) -> Words:
    """Return lines in words, a few of many.

    Example:
        >>> on_lines([3, 9])["en"], on_lines([4])["en"], on_lines(range(10, 30))["en"]
        ('lines 3 and 9', 'line 4', 'lines 10, 11, 12, 13, 14, 15, 16, 17 and 12 more')
    """
    texts = [str(line) for line in lines]
    return {"en": f"line{'s' if len(texts) > 1 else ''} {listed(texts, 'en')}", "zh": f"第 {listed(texts, 'zh')} 行"}


class SheetSource(Source):
    """Finds the places of records in a spreadsheet, and remembers what was odd about it.

    Attributes:
        file: the spreadsheet's name as it was given.
        encoding: what its bytes were read as; empty for a workbook.
        delimiter: what parted its cells; empty for a workbook.
        header_line: the line its headers stand on.
        headers: its headers, by the field they were read as; several for `"unit"`.
        oddities: what was odd about it.
    """

    __slots__ = ("_lines", "_more", "delimiter", "encoding", "file", "header_line", "headers", "oddities")

    def __init__(
        self,
        file: str,
        *,
        encoding: str = "",
        delimiter: str = "",
        header_line: int = 1,
        headers: Mapping[str, tuple[str, ...]] | None = None,
        oddities: Iterable[Oddity] = (),
        lines: Mapping[str, Mapping[str, int]] | None = None,
        more_lines: Mapping[Ref, tuple[int, ...]] | None = None,
    ) -> None:
        """Remember the first line of every record, by kind and id, and all lines of those that have several."""
        self.file: str = file
        self.encoding: str = encoding
        self.delimiter: str = delimiter
        self.header_line: int = header_line
        self.headers: Mapping[str, tuple[str, ...]] = dict(headers or {})
        self.oddities: tuple[Oddity, ...] = tuple(oddities)
        self._lines: Mapping[str, Mapping[str, int]] = lines or {}
        self._more: Mapping[Ref, tuple[int, ...]] = more_lines or {}

    def locate(self, ref: Ref, field: str | None = None) -> Location | None:
        """Return the line of a record; the line of the headers for the spreadsheet as a whole."""
        if ref.kind == "spreadsheet":
            return Location(self.file, self.header_line)
        if ref.kind == "row":
            return Location(self.file, int(ref.id))
        line = self._lines.get(ref.kind, {}).get(ref.id)
        return None if line is None else Location(self.file, line)

    def lines_of(self, ref: Ref) -> tuple[int, ...]:
        """Return all lines that are about a record: several for a post with several holders."""
        more = self._more.get(ref)
        if more is not None:
            return more
        found = self.locate(ref)
        return () if found is None or found.line is None else (found.line,)

    def with_oddities(self, *more: Oddity) -> SheetSource:
        """Return the same source with more oddities."""
        return SheetSource(
            self.file,
            encoding=self.encoding,
            delimiter=self.delimiter,
            header_line=self.header_line,
            headers=self.headers,
            oddities=(*self.oddities, *more),
            lines=self._lines,
            more_lines=self._more,
        )


def noted(m: ModelView, rule: Rule) -> Iterator[Finding]:
    """Yield the findings of a rule about the spreadsheet that a model was read from; none for any other model."""
    provenance = getattr(m, "provenance", None)
    source = None if provenance is None else provenance.source
    for odd in source.oddities if isinstance(source, SheetSource) else ():
        if odd.code == rule.code:
            yield rule.finding(
                odd.subject, odd.variant, field=odd.field, related=odd.related, key=odd.key,
                gathered=odd.subject.kind == "position" and bool(odd.key), severity=odd.severity,
                **_with_words(odd.parameters),
            )  # fmt: skip


def _with_words(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a message, with lines and texts in words beside what they are."""
    given = dict(parameters)
    if "lines" in given:
        given["lines"] = tuple(given["lines"])
        given["on_lines"] = on_lines(given["lines"])
        given["rows"] = counted(len(given["lines"]), "row")
    return given
