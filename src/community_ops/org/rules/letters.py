"""Rules about letters of RACI that are missing beside others (ORG509, ORG510)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.answering import accountability, raci
from community_ops.org.placement import positions_by_unit, units_by_head
from community_ops.org.records import Duty, Goal, Position, Responsibility, Role, Unit
from community_ops.org.rules.addresses import duty, position, unit
from community_ops.org.scoping import thresholds_by_unit
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule


def _office(*more: Record) -> list[Record]:
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("boss",))
    clerks = [Position(id=id, title=id.title(), unit="hq", reports_to="boss") for id in ("clerk", "cook", "aide")]
    return [hq, Position(id="boss", title="Manager", unit="hq"), *clerks, *more]


def _letter(subject: Ref, who: str, role: Role = "responsible") -> Responsibility:
    return Responsibility(id=f"{subject.id}.{who}.{role}", subject=subject, position=who, role=role)


@rule(
    "ORG509",
    name="accountable-without-responsible",
    severity=WARNING,
    en="{accountable} {verb} accountable for {subject}, but nobody is responsible for doing it.",
    zh="{accountable}对{subject}最终负责，但没有岗位负责执行。",
    needs=("responsibility",),
)
def accountable_without_responsible(m: ModelView, context: Context) -> Iterator[Finding]:
    """Something stands in the responsibility chart with somebody accountable and nobody responsible.

    Why it matters: who answers for it waits for work that is in nobody's job.

    How to fix: make a position responsible; it may be the accountable one.

    When it is wrong to heed it: while a chart is being filled in, letter by letter.

    Only what has a `Responsibility` is judged: an `owner` alone says who answers, and no chart was begun. Duties are
    not judged here but by ORG303, part by part.
    """
    for subject, positions in raci(m, context.at).undone():
        if positions and subject.kind != "duty" and subject in m:
            who = tuple(map(position, positions))
            yield accountable_without_responsible.finding(
                subject, related=who, accountable=who, verb="is" if len(who) == 1 else "are"
            )


_GOAL = Ref("goal", "grow")


@accountable_without_responsible.fires()
def _only_words() -> Iterable[Record]:
    return _office(Goal(id="grow", name="Grow", owner="boss"), _letter(_GOAL, "clerk", "informed"))


@accountable_without_responsible.silent()
def _owned() -> Iterable[Record]:
    done = Goal(id="keep", name="Keep", owner="boss")
    return _office(Goal(id="grow", name="Grow", owner="boss"), done, _letter(Ref("goal", "keep"), "clerk"))


@frozen
class CoverThresholds(Value):
    """When a responsibility chart covers a unit well enough to judge who is left out.

    Attributes:
        covered: how many positions of a hundred in the unit must be responsible or accountable for something.
        least: how many positions these must be at least.
    """

    covered: int = field(default=75, metadata=at_least(0))
    least: int = field(default=3, metadata=at_least(1))


@rule(
    "ORG510",
    name="responsible-for-nothing",
    severity=INFO,
    en="Of {subject}, {positions} {verb} responsible and accountable for nothing; all the others are for something.",
    zh="{subject}中，{positions}没有任何职责，其余岗位均有职责。",
    needs=("position", "responsibility"),
    thresholds=CoverThresholds(),
    scoped=True,
)
def responsible_for_nothing(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position is responsible and accountable for nothing, in a unit where nearly all others are for something.

    Why it is worth knowing: either its work was forgotten in the chart, or nobody knows what it is there for.

    How to fix: record what it does; or ask what would be missing without it.

    When it is wrong to heed it: for positions in training, or kept for somebody who returns.

    Units of which the chart covers fewer positions than the threshold are not judged. Heading a unit counts as being
    accountable for something. Planned and closed positions are not looked at.
    """
    busy = _busy(m, context.at).union(units_by_head(m))
    index, status = m.place_index(Position), m.column(Position.status)
    limits = thresholds_by_unit(m, context)
    least = min(limit.least for limit in limits.every)
    for home, ids in positions_by_unit(m).items():
        idle = [id for id in ids if id not in busy]
        if not idle or len(ids) - len(idle) < least:  # most charts cover few positions of a unit
            continue
        idle = [id for id in idle if status[index[id]] not in _NOT_THERE]
        every = sum([status[index[id]] not in _NOT_THERE for id in ids])
        limit, covered = limits.of(home), every - len(idle)
        if not idle:
            continue
        if covered >= limit.least and 100 * covered >= limit.covered * every:
            refs = tuple(map(position, idle))
            yield responsible_for_nothing.finding(
                unit(home), related=refs, positions=refs, verb="is" if len(refs) == 1 else "are"
            )


_NOT_THERE = ("planned", "closed")


@derived(cutoff=True)
def _busy(m: ModelView, at: date | None) -> frozenset[str]:
    """Return the positions that are responsible or accountable for anything."""
    return raci(m, at).responsible_positions.union(accountability(m, at).accountable_positions)


def _duties(*doers: str) -> list[Record]:
    return [
        *(Duty(id=f"d-{who}", name=f"Work of the {who}", owner="boss") for who in doers),
        *(_letter(duty(f"d-{who}"), who) for who in doers),
    ]


@responsible_for_nothing.fires()
def _idle() -> Iterable[Record]:
    return _office(*_duties("clerk", "cook"))


@responsible_for_nothing.silent()
def _hardly_begun() -> Iterable[Record]:
    return _office(*_duties("clerk"))


RULES = (accountable_without_responsible, responsible_for_nothing)
"""The rules of this module."""
