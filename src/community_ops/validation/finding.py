"""`Finding`: one thing that a rule has to say about a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

import attrs
from attrs import frozen

from community_ops.kernel.frozenmap import FrozenMap
from community_ops.kernel.provenance import Location
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.validation.wording import Language, in_one_line, render

if TYPE_CHECKING:
    from community_ops.kernel.changes import ChangeSet
    from community_ops.kernel.model import Model

Templates = Mapping[str, str]
"""A message by language."""


class Severity(StrEnum):
    """How bad a finding is: an error breaks a promise, a warning is a likely mistake, info is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
Fixer = Callable[["Model", "Finding"], "ChangeSet | None"]
Safety = bool | Callable[["Finding"], bool]
"""Whether a fix may be applied unseen: always, never, or as a function says of a finding."""


def _frozen(parameters: Mapping[str, Any]) -> FrozenMap:
    """Return the parameters of a message in hashable form; a word that differs by language comes as a mapping."""
    return FrozenMap(
        {name: FrozenMap(value) if isinstance(value, Mapping) else value for name, value in parameters.items()}
    )


@frozen
class Suppression:
    """Why a finding does not count: somebody waived it, or it was there before.

    Attributes:
        by: whether a `"waiver"` in the model or a `"baseline"` file says so.
        reason: why, in the words of whoever said so; empty for a baseline.
        granted_by: who takes responsibility for it.
        waiver: the id of the waiver.
        expires: the last day it counts; None for no end.
    """

    by: Literal["waiver", "baseline"]
    reason: str = ""
    granted_by: Ref | None = None
    waiver: str | None = None
    expires: date | None = None


@frozen(kw_only=True)
class Finding:
    """One thing a rule found.

    The parameters of the message hold addresses, not names: names are looked up when the message is read, so that a
    finding stays valid when somebody is renamed.

    Attributes:
        code: the rule's code, such as `"ORG101"`.
        rule: the rule's name, such as `"reporting-cycle"`.
        severity: how bad it is.
        status: whether the situation is bad (True) rather than the model wrong (False).
        subject: the record it is about.
        field: the field it is about; None for the record as a whole.
        related: other records that matter.
        parameters: what the message says, by placeholder.
        key: what beside code, subject and field tells this finding from others, such as a dangling target.
        gathered: whether the subject is merely the first of several it is about, so that it is no part of what the
            finding is known by.
        at: the date it was found at, or the instant where its rule needs one; None if none was given.
        suppression: why it does not count; None where it does.
    """

    code: str
    rule: str = ""
    severity: Severity = ERROR
    status: bool = False
    subject: Ref
    field: str | None = None
    related: tuple[Ref, ...] = ()
    parameters: Mapping[str, Any] = attrs.field(factory=FrozenMap, converter=_frozen)
    key: tuple[str, ...] = ()
    gathered: bool = False
    at: date | datetime | None = attrs.field(default=None, eq=False)
    suppression: Suppression | None = attrs.field(default=None, eq=False)
    _templates: Templates = attrs.field(factory=dict, alias="templates", eq=False, repr=False)
    _fixer: Fixer | None = attrs.field(default=None, alias="fixer", eq=False, repr=False)
    _fix_safe: Safety = attrs.field(default=False, alias="fix_safe", eq=False, repr=False)
    _model: Any = attrs.field(default=None, alias="model", eq=False, repr=False)

    @property
    def fault(self) -> bool:
        """Whether the model is wrong, rather than the situation bad."""
        return not self.status

    @property
    def message(self) -> str:
        """What is wrong, as an English sentence a person can act on."""
        return self.text("en")

    def text(self, language: Language = "en") -> str:
        """Return the message in a language, naming records as the model does."""
        values = {**self.parameters, "subject": self.subject, "field": self.field or ""}
        return render(self._templates[language], values, language, self.name_of)

    def name_of(self, ref: Ref) -> str:
        """Return what the model calls a record, in one line; its id where there is no model."""
        return ref.id if self._model is None else in_one_line(ModelView.label(self._model, ref), ref)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that stay the same from run to run while the fault stays the same."""
        identity = [self.code, "" if self.gathered else str(self.subject), self.field or "", *self.key]
        return hashlib.sha256(json.dumps(identity, ensure_ascii=False).encode()).hexdigest()[:16]

    @property
    def fixable(self) -> bool:
        """Whether the rule knows how to mend such findings in general; `fix` may still be None for this one."""
        return self._fixer is not None

    @property
    def fix_safe(self) -> bool:
        """Whether its fix keeps the meaning, or is without doubt what the author meant: it may be applied unseen."""
        return self.fixable and (self._fix_safe(self) if callable(self._fix_safe) else self._fix_safe)

    @property
    def fix(self) -> ChangeSet | None:
        """The changes that would mend it, built when asked for; None where the rule knows none."""
        if self._fixer is None or self._model is None:
            return None
        return self._fixer(self._model, self)

    @property
    def location(self) -> Location | None:
        """Where in the file the model was read from its subject stands; None where nothing tells."""
        source = None if self._model is None else self._model.provenance.source
        return None if source is None else source.locate(self.subject, self.field)

    def bound(self, model: Model, at: date | datetime | None = None, suppression: Suppression | None = None) -> Finding:
        """Return the finding as it reads in a model, checked at a date or an instant; why it does not count if so."""
        # What `evolve` does without asking every converter again: a report binds each finding of each check.
        other = object.__new__(Finding)
        for slot in _SLOTS:
            slot.__set__(other, slot.__get__(self))
        _MODEL.__set__(other, model)
        _AT.__set__(other, at)
        _SUPPRESSION.__set__(other, suppression)
        return other

    def __str__(self) -> str:
        return f"{self.code} {self.severity} {self.subject}  {self.message}"


_SLOTS: tuple[Any, ...] = tuple(getattr(Finding, attribute.name) for attribute in attrs.fields(Finding))
_MODEL: Any = Finding._model
_AT: Any = Finding.at
_SUPPRESSION: Any = Finding.suppression
