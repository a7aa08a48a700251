"""The catalogues of rules and records as Markdown files: `community-ops catalogue docs` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from community_ops.operating_model import OperatingModel
from community_ops.validation.wording import Language
from community_ops.view.record_catalogue import record_catalogue
from community_ops.view.rule_catalogue import rule_catalogue

__all__ = ["HOW", "catalogue_pages", "record_catalogue", "rule_catalogue", "write_catalogue"]

HOW = "community-ops catalogue docs"
"""What writes the pages of the repository anew."""
_RULES, _RECORDS = "rules.md", "records.md"


def catalogue_pages(model: type[OperatingModel] = OperatingModel, language: Language = "en") -> Mapping[str, str]:
    """Return the pages of a class of model by file name: its rules and its records.

    Example:
        >>> sorted(catalogue_pages())
        ['records.md', 'rules.md']
    """
    note = f"<!-- Made from the declarations by `{HOW}`; what is written in here by hand is lost. -->\n\n"
    rules = rule_catalogue(model.rules(), model, language, records=_RECORDS)
    return {_RULES: note + rules, _RECORDS: note + record_catalogue(model, language)}


def write_catalogue(
    folder: str | Path, model: type[OperatingModel] = OperatingModel, language: Language = "en"
) -> tuple[Path, ...]:
    """Write the pages of a class of model into a folder, which is made where there is none.

    Returns:
        The files.
    """
    there = Path(folder)
    there.mkdir(parents=True, exist_ok=True)
    pages = catalogue_pages(model, language)
    for name, page in pages.items():
        (there / name).write_text(page, encoding="utf-8", newline="\n")
    return tuple(there / name for name in pages)
