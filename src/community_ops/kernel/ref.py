"""`Ref`: the address of a record."""

from __future__ import annotations

import re

from attrs import frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.text import BadValue, clean_id, ids_are_clean, shown

# Names of kinds that have passed the pattern: a model makes many references to few kinds.
_seen: set[str] = set()
_SEEN_AT_MOST = 500
KIND_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@frozen(order=True, repr=False)
class Ref:
    """The address of a record: its kind and its id.

    Example:
        >>> str(Ref("campaign", "spring"))
        'campaign:spring'
        >>> Ref.parse("campaign:spring").id
        'spring'
    """

    kind: str
    id: str

    def __attrs_post_init__(self) -> None:
        if type(self.kind) is type(self.id) is str and self.kind in _seen and ids_are_clean([self.id]):
            return
        kind_ok = type(self.kind) is str and KIND_NAME.fullmatch(self.kind)
        problems = [] if kind_ok else [("kind", self.kind, f"must be the name of a kind, got {shown(self.kind)}")]
        try:
            clean = clean_id(self.id)
        except BadValue as bad:
            problems.append(("id", self.id, str(bad)))
        else:
            object.__setattr__(self, "id", clean)
        if problems:
            raise InvalidRecord("Ref", None, problems)
        if len(_seen) < _SEEN_AT_MOST:
            _seen.add(self.kind)

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read `"kind:id"`; the id may itself contain colons.

        Raises:
            BadValue: the text is not of that form.
        """
        kind, colon, id = text.partition(":")
        if not colon or not KIND_NAME.fullmatch(kind):
            raise BadValue(f"must be a reference written 'kind:id', got {shown(text)}", "bad-reference")
        return cls(kind, clean_id(id))

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    def __repr__(self) -> str:
        return f"Ref({self.kind!r}, {self.id!r})"
