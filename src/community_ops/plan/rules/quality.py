"""Rules about quality gates: what was accepted and by what, who did not wait, what nobody redoes (PLN505 to PLN507)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import evolve

from community_ops.kernel.changes import ChangeSet
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Deliverable, Link, Task
from community_ops.plan.reworking import Gate, gate, redone_by, rework
from community_ops.plan.rules.addresses import task_ref
from community_ops.plan.rules.samples import MONDAY, launch, lead, piece
from community_ops.plan.tasktree import breakdown
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, day_of, rule

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
        "again": "{subject} was started on {start}, but '{deliverable}' of {other}, which {rework} does again, has not "
        "passed its review there either.",
        "pending": "{subject} was started on {start}, but '{deliverable}' of {other} is still to be accepted.",
        "later": "{subject} was started on {start}, but '{deliverable}' of {other} was accepted on {reviewed} only.",
    },
    zh={
        "failed": "{subject}已于 {start} 开始，但{other}的交付物“{deliverable}”未通过评审。",
        "again": "{subject}已于 {start} 开始，但{other}的交付物“{deliverable}”由{rework}返工，尚未通过评审。",
        "pending": "{subject}已于 {start} 开始，但{other}的交付物“{deliverable}”尚未验收。",
        "later": "{subject}已于 {start} 开始，而{other}的交付物“{deliverable}”到 {reviewed} 才通过验收。",
    },
    needs=("task",),
    date_use="ignored",
)
def gate_not_awaited(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task was started although something it builds on had not passed its gate.

    Why it matters: what is built on work that fails its review is built twice.

    How to fix: stop until the review has passed; what failed is planned anew as a task of its own that names the first
    in `reworks` (`co.plan.rework` does so).

    When it is wrong to heed it: where it was decided to go on at one's own risk; a waiver says who decided.

    Tasks that follow the finish of another (FS) wait for its deliverables; those that only follow its start do not. A
    deliverable has a gate once it has criteria, a reviewer or a result. It has passed once it has, or what a task that
    does the work again delivers under the same name; a task that waits for that as well is judged by it alone.
    """
    index, all_deliverables = m.place_index(Task), m.column(Task.deliverables)
    if not any(all_deliverables):
        return
    columns = (m.ids(Task), m.column(Task.actual_start), m.column(Task.links))
    for id, start, links in zip(*columns, strict=True):
        if start is None:
            continue
        awaited = dict.fromkeys(link.task for link in links if link.type == "FS" and link.task in index)
        for other in awaited:
            for one in all_deliverables[index[other]]:
                found = gate(m, other, one.name)
                variant = _not_awaited(one, other, found, day_of(start))
                if variant is not None and (found.task == other or found.task not in awaited):
                    before, again = task_ref(other), task_ref(found.task)
                    yield gate_not_awaited.finding(
                        task_ref(id), variant, field="actual_start", key=(other, one.name),
                        related=[before] if found.task == other else [before, again],
                        start=day_of(start), other=before, deliverable=one.name, reviewed=found.passed, rework=again,
                    )  # fmt: skip


def _not_awaited(one: Deliverable, other: str, found: Gate, start: date) -> str | None:
    if found.result == "passed":
        return "later" if found.passed is not None and found.passed > start else None
    if found.task != other:
        return "again"
    if found.result == "failed":
        return "failed"
    return "pending" if one.criteria or one.reviewer is not None else None


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


def _redone(**fields: object) -> list[Record]:
    """Return writing that failed, writing again, and printing, which waited for the first only."""
    again = piece("rewrite", 1, "write", reworks="write", deliverables=(_copy(**fields),))
    return [*_built_on(_copy(result="failed", reviewed=MONDAY)), again]


@gate_not_awaited.fires()
def _while_it_is_redone() -> Iterable[Record]:
    return _redone()


@gate_not_awaited.silent()
def _once_it_is_redone() -> Iterable[Record]:
    return _redone(result="passed", reviewed=MONDAY)


@rule(
    "PLN507",
    name="failed-without-rework",
    severity=WARNING,
    en={
        "none": "'{deliverable}' of {subject}, which is finished, failed its review, and nothing is planned to do it "
        "again.",
        "elsewhere": "'{deliverable}' of {subject}, which is finished, failed its review; {rework} does its work "
        "again, but delivers nothing of that name.",
    },
    zh={
        "none": "{subject}已完成，但其交付物“{deliverable}”未通过评审，也没有安排返工。",
        "elsewhere": "{subject}已完成，但其交付物“{deliverable}”未通过评审；返工任务{rework}没有同名的交付物。",
    },
    needs=("task",),
    date_use="ignored",
)
def failed_without_rework(m: ModelView, context: Context) -> Iterator[Finding]:
    """A task is finished, but something it delivered failed its review, and no task does it again.

    Why it matters: what was promised is not there, and the plan has neither time nor money for it.

    How to fix: plan the rework as a task of its own that names this one in `reworks` and delivers the same
    (`co.plan.rework`; `fix` of the finding); or record the review that it has passed since.

    When it is wrong to heed it: where it was decided to do without; take the deliverable off, and write down the
    decision.

    Tasks that still go on are not judged, as the work is put right within them. A summary is finished once all its
    parts are.
    """
    every = m.column(Task.deliverables)
    if not any(every):
        return
    over, index = _over(m), m.place_index(Task)
    for place, id in enumerate(m.ids(Task)):
        for one in every[place]:
            if one.result != "failed" or not over[place]:
                continue
            again = redone_by(m, id)
            if not any(other.name == one.name for redo in again for other in every[index[redo]]):
                redoing = [task_ref(redo) for redo in again[:1]]
                yield failed_without_rework.finding(
                    task_ref(id), "elsewhere" if again else "none", field="deliverables", key=(one.name,),
                    related=redoing, deliverable=one.name, rework=redoing[0] if redoing else None,
                )  # fmt: skip


def _over(m: ModelView) -> list[bool]:
    """Tell of each task whether it is finished; of a summary, whether all its parts are."""
    tree = breakdown(m)
    said = [
        finish is not None or percent == 100
        for finish, percent in zip(m.column(Task.actual_finish), m.column(Task.percent_complete), strict=True)
    ]
    going_on = tree.rollup([int(not span and not done) for span, done in zip(tree.spans, said, strict=True)])
    return [not count for count in going_on]


def _over_and_failed(*more: Record, **fields: object) -> list[Record]:
    failed = _copy(result="failed", reviewed=MONDAY)
    done = piece("write", actual_start=MONDAY, actual_finish=MONDAY, percent_complete=100, deliverables=(failed,))
    return [lead(), launch(), evolve(done, **fields), *more]  # type: ignore[arg-type]


@failed_without_rework.fires()
def _left_at_that() -> Iterable[Record]:
    return _over_and_failed()


@failed_without_rework.fires()
def _something_else_again() -> Iterable[Record]:
    return _over_and_failed(piece("rewrite", 1, "write", reworks="write", deliverables=(_copy(name="Notes"),)))


@failed_without_rework.silent()
def _planned_anew() -> Iterable[Record]:
    return _over_and_failed(piece("rewrite", 1, "write", reworks="write", deliverables=(_copy(),)))


@failed_without_rework.silent()
def _still_at_it() -> Iterable[Record]:
    return _over_and_failed(actual_finish=None, percent_complete=90)


@failed_without_rework.fix  # not safe: it plans a task, and somebody may decide to do without
def _plan_rework(model: Model, finding: Finding) -> ChangeSet | None:
    return rework(model, finding.subject.id)


RULES = (gate_unproven, gate_not_awaited, failed_without_rework)
"""The rules of this module."""
