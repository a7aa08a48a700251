"""What a document held that the schema does not know and that was kept for the way back (REF301)."""

from __future__ import annotations

from collections.abc import Iterator

from community_ops.errors import InvalidRecord
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.validation.finding import INFO, Finding
from community_ops.validation.rule import Context, Rows, rule


@rule(
    "REF301",
    name="kept-unjudged",
    severity=INFO,
    date_use="ignored",
    en={
        "table": "The document has '{table}', which this model does not know; it is kept as it is, and no rule sees "
        "it.",
        "field": "{count} of kind {kind}, {subject} first, with the field '{name}', which this model does not know; "
        "it is kept as it is, and no rule sees it.",
    },
    zh={
        "table": "文档含有本模型不认识的“{table}”；已原样保留，没有规则检查它。",
        "field": "{subject}等 {count} 条 {kind} 记录含有本模型不认识的字段“{name}”；已原样保留，没有规则检查它。",
    },
    reviews=True,
)
def kept_unjudged(m: ModelView, context: Context) -> Iterator[Finding]:
    """A document was read with `unknown="keep"` and held tables or fields that the schema does not know.

    Why it is worth knowing: what is in them is carried along and judged by nobody. A misspelt field looks the same.

    How to fix: correct the spelling, or load with the model class that knows them.

    When it is wrong to heed it: where another program owns them; that is what keeping is for.
    """
    kept = m._origin().provenance
    for table in kept.tables:
        yield kept_unjudged.finding(_address(table), "table", key=(table,), table=table)
    holders: dict[tuple[str, str], list[Ref]] = {}
    for ref, fields in kept.fields.items():
        if ref in m:
            for name in fields:
                holders.setdefault((ref.kind, name), []).append(ref)
    for (kind, name), refs in holders.items():
        count = {"en": "1 record" if len(refs) == 1 else f"{len(refs)} records", "zh": str(len(refs))}
        yield kept_unjudged.finding(
            refs[0], "field", key=(kind, name), gathered=True, related=refs[1:], kind=kind, name=name, count=count
        )


def _address(table: str) -> Ref:
    try:
        return Ref("table", table)
    except InvalidRecord:  # no id can be so; the message names it all the same
        return Ref("table", "?")


@kept_unjudged.fires()
def _strange_table() -> Rows:
    return {"contracts": [{"id": "c1", "title": "Hosting"}]}


@kept_unjudged.fires()
def _strange_field() -> Rows:
    return {"units": [{"id": "hq", "name": "Head office", "cost_centre": "4711"}]}


@kept_unjudged.silent()
def _known() -> Rows:
    return {"units": [{"id": "hq", "name": "Head office", "extra": {"cost_centre": "4711"}}]}


RULES = (kept_unjudged,)
"""The rules of this module."""
