"""`MergeConflict`: one thing that two sides of a merge do not agree on, as data."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

from community_ops.kernel.ref import Ref

Reason = Literal["changed", "added", "removed", "renamed", "taken", "refused"]


@frozen
class MergeConflict:
    """One thing that the two sides of a merge do not agree on; the merged model holds what ours says.

    Attributes:
        ref: the record, under the id it has in base, or under its own where base has none; `document:name` for a table
            of the document that the schema does not know.
        field: the field that is in conflict, `"id"` for renames; None where the record as a whole is.
        base: the value in base; the record where the whole is in conflict; None where base has none.
        ours: the same in ours; None where ours has removed the record.
        theirs: the same in theirs.
        reason: why the two do not fit together - the field is `"changed"` to two values; both sides `"added"` a record
            under this id with two values; one side has `"removed"` what the other changed or renamed; the record is
            `"renamed"` to two ids, or to one that is `"taken"` by another record of the other side; or each side is
            fine, and what they make together is `"refused"` by the record's own checks.

    The ids that values hold are those of the merged model.

    Example:
        >>> print(MergeConflict(Ref("unit", "hq"), "name", "HQ", "Head office", "Centre", "changed"))
        unit:hq name: ours 'Head office', theirs 'Centre', was 'HQ'
    """

    ref: Ref
    field: str | None
    base: Any
    ours: Any
    theirs: Any
    reason: Reason

    def __str__(self) -> str:
        where = str(self.ref) if self.field is None else f"{self.ref} {self.field}"
        return f"{where}: {self._said()}"

    def _said(self) -> str:
        if self.reason == "removed":
            removed, kept = ("ours", "theirs") if self.ours is None else ("theirs", "ours")
            return f"removed in {removed}, changed in {kept}"
        if self.reason == "refused":
            return f"what ours and theirs make of it together is no valid {self.ref.kind}; theirs is {self.theirs!r}"
        if self.reason == "taken":
            moved, other, new = ("theirs", "ours", self.theirs)
            if self.theirs == self.base:
                moved, other, new = ("ours", "theirs", self.ours)
            return f"renamed to {new!r} in {moved}, which is another record in {other}"
        before = "added by both" if self.reason == "added" else f"was {self.base!r}"
        return f"ours {self.ours!r}, theirs {self.theirs!r}, {before}"
