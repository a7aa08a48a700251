"""Small spreadsheets as examples of rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from attrs import evolve, frozen

from community_ops.io.decoding import decode
from community_ops.io.oddities import Oddity, SheetSource
from community_ops.kernel.model import Model
from community_ops.kernel.ref import Ref
from community_ops.validation.rule import Example, Rule

M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=Callable[[], Any])


@frozen
class SheetExample(Example):
    """A small spreadsheet that makes a rule fire, or keeps it silent.

    Attributes:
        cells: makes its text, or its bytes, or the cells of a workbook as Python values.
    """

    cells: Callable[[], Any] = str

    @property
    def source(self) -> str:
        """The text of the spreadsheet; empty for one that no text can show."""
        cells = self.cells()
        return "" if isinstance(cells, Oddity) else cells if isinstance(cells, str) else decode(cells).text

    def model(self, cls: type[M]) -> M:
        """Return the example as a model, which a class of model of the caller's own may hold."""
        made = _read(self.cells())
        return cls._of_tables({**cls()._tables, **made._tables}, None, made.provenance)


def _read(cells: Any) -> Model:
    from community_ops.io.posts import posts_of  # noqa: PLC0415 - reading needs no rules, and their examples no reader
    from community_ops.io.posts_csv import grid_of_bytes  # noqa: PLC0415
    from community_ops.io.sheet import sheet_of  # noqa: PLC0415

    if isinstance(cells, Oddity):  # what more than one file makes, or a file that takes an extra to write
        made = posts_of(sheet_of(grid_of_bytes(b"ref,title,unit,reports to,name\n1,Chief,Company,,Ann\n", "posts.csv")))
        source = made.provenance.source
        assert isinstance(source, SheetSource)
        return type(made)._of_tables(made._tables, None, evolve(made.provenance, source=source.with_oddities(cells)))
    data = cells if isinstance(cells, bytes) else str(cells).encode()
    return posts_of(sheet_of(grid_of_bytes(data, "posts.csv")))


def fires(rule: Rule) -> Callable[[F], F]:
    """Register the function below, which returns a spreadsheet, as an example that makes a rule fire."""
    return _registered(rule.fire_examples)


def silent(rule: Rule) -> Callable[[F], F]:
    """Register the function below, which returns a spreadsheet, as an example that keeps a rule silent."""
    return _registered(rule.silent_examples)


def _registered(examples: list[Example]) -> Callable[[F], F]:
    def register(cells: F) -> F:
        examples.append(SheetExample(tuple, cells=cells))
        return cells

    return register


HEAD = "ref,title,unit,reports to,name\n"
"""The headers of most examples."""

CLEAN = HEAD + "1,Chief,Company,,Ann\n2,Clerk,Company,1,Ben\n"
"""A spreadsheet with nothing odd about it."""


def keeps_silent(*rules: Rule) -> None:
    """Register the clean spreadsheet as an example that keeps rules silent."""
    for rule in rules:
        silent(rule)(clean)


def clean() -> str:
    """Return a spreadsheet with nothing odd about it."""
    return CLEAN


SPREADSHEET = Ref("spreadsheet", "posts.csv")
