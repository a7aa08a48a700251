"""Rules about quality gates: what was accepted, by what, and who did not wait for it (PLN505, PLN506)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from community_ops.kernel.record import Record
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Deliverable, Link, Task
from community_ops.plan.rules.addresses import task_ref
from community_ops.plan.rules.promised import day_of
from community_ops.plan.rules.samples import MONDAY, launch, lead, piece
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule

_TUESDAY = date(2026, 3, 3)
_CRITERIA = ("No errors of fact",)


@rule(
    "PLN505",
    name="gate-unproven",
    severity=WARNING,
    en={
        "date": "'{deliverable}' of {subject} was accepted, but it is not recorded when.",
        "criteria": "'{deliverable}' of {subject} was accepted without any criteria.",
        "both": "'{deliverable}' of {subject} was accepted without criteria, and it is not recorded when.",
    },
    zh={
        "date": "{subject}的交付物“{deliverable}”已验收，但没有评审日期。",
        "criteria": "{subject}的交付物“{deliverable}”已验收，但没有验收标准。",
        "both": "{subject}的交付物“{deliverable}”已验收，但既没有验收标准，也没有评审日期。",
    },
    needs=("task",),
    date_use="ignored",
)
def gate_unproven(m: ModelView, context: Context) -> Iterator[Finding]:
    """A deliverable passed its gate, but not by what, or not when.

    Why it matters: nobody can say later what was looked at, or whether it was looked at before others built on it.

    How to fix: write down the acceptance criteria, and the day of the review.

    When it is wrong to heed it: for what was accepted before such things were recorded; a waiver says so.
    """
    for id, deliverables in zip(m.ids(Task), m.column(Task.deliverables), strict=True):
        for one in deliverables:
            if one.result == "passed" and (one.reviewed is None or not one.criteria):
                variant = "criteria" if one.reviewed is not None else "date" if one.criteria else "both"
                yield gate_unproven.finding(
                    task_ref(id), variant, field="deliverables", key=(one.name,), deliverable=one.name
                )


def _copy(**fields: object) -> Deliverable:
    return Deliverable(**{"name": "Copy", "criteria": _CRITERIA, **fields})  # type: ignore[arg-type]


@gate_unproven.fires()
def _some_day() -> Iterable[Record]:
    return [launch(), piece("write", deliverables=(_copy(result="passed"),))]


@gate_unproven.fires()
def _somehow() -> Iterable[Record]:
    return [launch(), piece("write", deliverables=(_copy(criteria=(), result="passed", reviewed=MONDAY),))]


@gate_unproven.fires()
def _waved_through() -> Iterable[Record]:
    return [launch(), piece("write", deliverables=(Deliverable("Copy", result="passed"),))]


@gate_unproven.silent()
def _proven() -> Iterable[Record]:
    return [launch(), piece("write", deliverables=(_copy(result="passed", reviewed=MONDAY), Deliverable("Notes")))]


@rule(
    "PLN506",
    name="gate-not-awaited",
    severity=WARNING,
    status=True,
    en={
        "failed": "{subject} was started on {start}, but '{deliverable}' of {other} failed its review.",
        "pending": "{subject} was started on {start}, but '{deliverable}' of {other} is still to be accepted.",
        "later": "{subject} was started on {start}, but '{deliverable}' of {other} was accepted on {reviewed} only.",
    },
    zh={
        "failed": "{subject}已于 {start} 开始，但{other}的交付物“{deliverable}”未通过评审。",
        "pending": "{subject}已于 {start} 开始，但{other}的交付物“{deliverable}”尚未验收。",
        "later": "{subject}已于 {start} 开始，而{other}的交付物“{deliverable}”到 {reviewed} 才通过验收。",
    },
    needs=("task",),
    date_use="ignored",
)
def gate_not_awaited(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task was started although something it builds on had not passed its gate.

    Why it matters: what is built on work that fails its review is built twice.

    How to fix: stop until the review has passed, or plan the rework as tasks of its own.

    When it is wrong to heed it: where it was decided to go on at one's own risk; a waiver says who decided.

    Tasks that follow the finish of another (FS) wait for its deliverables; those that only follow its start do not. A
    deliverable has a gate once it has criteria, a reviewer or a result.
    """
    index, all_deliverables = m.place_index(Task), m.column(Task.deliverables)
    if not any(all_deliverables):
        return
    columns = (m.ids(Task), m.column(Task.actual_start), m.column(Task.links))
    for id, start, links in zip(*columns, strict=True):
        if start is None:
            continue
        for other in dict.fromkeys(link.task for link in links if link.type == "FS" and link.task in index):
            for one in all_deliverables[index[other]]:
                variant = _not_awaited(one, day_of(start))
                if variant is not None:
                    before = task_ref(other)
                    yield gate_not_awaited.finding(
                        task_ref(id), variant, field="actual_start", key=(other, one.name), related=[before],
                        start=day_of(start), other=before, deliverable=one.name, reviewed=one.reviewed,
                    )  # fmt: skip


def _not_awaited(one: Deliverable, start: date) -> str | None:
    if one.result == "failed":
        return "failed"
    if one.result == "pending":
        return "pending" if one.criteria or one.reviewer is not None else None
    return "later" if one.reviewed is not None and one.reviewed > start else None


def _built_on(one: Deliverable, *, link: Link | str = "write") -> list[Record]:
    return [lead(), launch(), piece("write", deliverables=(one,)), piece("print", 1, link, actual_start=MONDAY)]


@gate_not_awaited.fires()
def _failed() -> Iterable[Record]:
    return _built_on(_copy(result="failed", reviewed=MONDAY))


@gate_not_awaited.fires()
def _unseen() -> Iterable[Record]:
    return _built_on(Deliverable("Copy", reviewer="lead"))


@gate_not_awaited.fires()
def _too_soon() -> Iterable[Record]:
    return _built_on(_copy(result="passed", reviewed=_TUESDAY))


@gate_not_awaited.silent()
def _waited() -> Iterable[Record]:
    return _built_on(_copy(result="passed", reviewed=MONDAY))


@gate_not_awaited.silent()
def _side_by_side() -> Iterable[Record]:
    return _built_on(_copy(), link=Link("write", "SS"))


RULES = (gate_unproven, gate_not_awaited)
"""The rules of this module."""
