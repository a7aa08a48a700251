"""What is odd about a plan file while it is read: gathered by cause, told once for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from community_ops.io.oddities import Oddity, SheetSource
from community_ops.kernel.provenance import Location
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import clean_line

Place = tuple[int, str]
"""A line, and what stands there."""


def file_ref(name: str) -> Ref:
    """Return the address of a plan file as the subject of a finding: its name without its folder."""
    base = clean_line(name.replace("\\", "/").rstrip("/").rpartition("/")[2])
    return Ref("file", "".join([c for c in base if c.isprintable()])[-200:] or "file")


class PlanSource(SheetSource):
    """Finds the places of records in a plan file, and remembers what was odd about it."""

    __slots__ = ()

    def locate(self, ref: Ref, field: str | None = None) -> Location | None:
        """Return the line of a record; the first line for the file as a whole."""
        return Location(self.file, self.header_line) if ref.kind == "file" else super().locate(ref, field)


@frozen
class Notes:
    """What was odd, by the code of the rule that tells it, the variant of its message, and the name it is about."""

    file: str
    _found: dict[tuple[str, str, str], list[Place]] = field(factory=dict)

    def add(self, code: str, variant: str, name: str, line: int, text: str = "") -> None:
        """Note something odd on a line."""
        self._found.setdefault((code, variant, name), []).append((line, clean_line(text)[:80]))

    def unread(self, name: str, line: int, text: str) -> None:
        """Note an element that was not read."""
        self.add("IMP601", "", name, line, text)

    def unreadable(self, name: str, line: int, text: str) -> None:
        """Note a value that cannot be read."""
        self.add("IMP602", "", name, line, text)

    def oddities(self) -> tuple[Oddity, ...]:
        """Return one oddity for each cause, in the order in which they were met."""
        return tuple([self._oddity(*key, places) for key, places in self._found.items()])

    def _oddity(self, code: str, variant: str, name: str, places: Iterable[Place]) -> Oddity:
        lines = tuple(dict.fromkeys([line for line, _ in places]))
        texts = tuple(dict.fromkeys([text for _, text in places if text]))
        given: Mapping[str, Any] = {"lines": lines, "name": name, "texts": texts}
        return Oddity(code=code, variant=variant, subject=file_ref(self.file), key=(variant, name), parameters=given)
