"""Rules about the spreadsheet that a model was read from (IMP...); they judge no other model."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from community_ops.io.import_rules.files import RULES as FILES
from community_ops.io.import_rules.posts import RULES as POSTS
from community_ops.io.import_rules.values import RULES as VALUES
from community_ops.operating_model import OperatingModel

if TYPE_CHECKING:
    from community_ops.kernel.model import Model
    from community_ops.validation.book import RuleBook
    from community_ops.validation.report import Report

__all__ = ["RULES", "report_on", "sheet_rules"]

RULES = (*FILES, *POSTS, *VALUES)
_ON_READING = ("IMP", "REF", "ORG101")


@cache
def sheet_rules() -> RuleBook:
    """Return the built-in rules with those about spreadsheets beside them.

    Example:
        >>> sheet_rules().rule("IMP304").name
        'reused-ref'
    """
    return OperatingModel.rules().extend(*RULES)


def report_on(model: Model) -> Report:
    """Return what reading a spreadsheet shows: its oddities, references that lead nowhere, and reporting cycles.

    What is wrong with the organisation itself is for `model.check`.
    """
    return sheet_rules().select(*_ON_READING).check(model)
