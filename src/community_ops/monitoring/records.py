"""The nouns of monitoring: what is measured."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import field, frozen

from community_ops.kernel.record import Record, ref


@frozen(kw_only=True)
class Metric(Record):
    """Something that is measured, and that somebody answers for.

    Attributes:
        name: what it is called.
        unit: what it is counted in, such as `"members"`, `"CNY"` or `"%"`.
        direction: whether more of it is better, less of it, or keeping to a target.
        owner: the position accountable for it.
        description: how it is measured, at length.

    Example:
        >>> Metric(id="active", name="Active members", unit="members", owner="cmo")
        Metric(id='active', name='Active members', unit='members', owner='cmo')
    """

    kind_name: ClassVar[str] = "metric"
    table_name: ClassVar[str] = "metrics"

    name: str
    unit: str = ""
    direction: Literal["higher", "lower", "target"] = "higher"
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))
    description: str = ""
