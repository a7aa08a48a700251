"""Rules about who reports to whom (ORG101, ORG102, ORG106)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from community_ops.kernel.record import Record
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions
from community_ops.org.records import Position
from community_ops.org.rules.addresses import position
from community_ops.org.rules.samples import hq
from community_ops.org.structure import hierarchy
from community_ops.validation.finding import INFO, Finding
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import in_one_line

_PATH_SHOWN = 12


@rule(
    "ORG101",
    name="reporting-cycle",
    en={
        "": "Nobody is above {subject} in the end: {path}.",
        "self": "{subject} reports to itself.",
    },
    zh={
        "": "{subject}的汇报关系绕回自身：{path}。",
        "self": "{subject}向自身汇报。",
    },
    needs=("position",),
)
def reporting_cycle(m: ModelView, context: Context) -> Iterator[Finding]:
    """The chain of command comes back to where it started, or a position reports to itself.

    Why it matters: nobody in the cycle, nor anyone below it, has a top to escalate to, and spans, layers and costs
    rolled up along the line are not defined.

    How to fix: decide which line in the path is wrong. At the top, leave `reports_to` empty.

    When it is wrong to heed it: never for solid lines. Mutual agreements are functional lines, which may be circular.

    Solid lines in force at the date are followed; without a date, the undated ones.
    """
    for cycle in hierarchy(m, context.at).cycles:
        subject, *others = [position(id) for id in cycle]
        if not others:
            yield reporting_cycle.finding(subject, "self", field="reports_to", key=cycle)
            continue
        steps = [in_one_line(m.label(ref), ref) for ref in [subject, *others, subject][:_PATH_SHOWN]]
        path = " → ".join([*steps, "…"] if len(cycle) >= _PATH_SHOWN else steps)
        yield reporting_cycle.finding(subject, field="reports_to", key=sorted(cycle), related=others, path=path)


@reporting_cycle.fires()
def _snake() -> Iterable[Record]:
    lines = {"a": "b", "b": "c", "c": "a"}
    return [hq(), *(Position(id=id, title=id.upper(), unit="hq", reports_to=to) for id, to in lines.items())]


@reporting_cycle.fires()
def _mirror() -> Iterable[Record]:
    return [hq(), Position(id="a", title="A", unit="hq", reports_to="a")]


@reporting_cycle.silent()
def _ladder() -> Iterable[Record]:
    return [hq(), Position(id="a", title="A", unit="hq"), Position(id="b", title="B", unit="hq", reports_to="a")]


@rule(
    "ORG102",
    name="reports-to-closed-position",
    en="{reports} {verb} to {subject}, which is closed.",
    zh="{reports}向已关闭的{subject}汇报。",
    needs=("position",),
)
def reports_to_closed(m: ModelView, context: Context) -> Iterator[Finding]:
    """Positions that go on report to one that has been closed.

    Why it matters: their reports, approvals and escalations go to a place where nobody will ever be again.

    How to fix: give them a new manager, usually the one the closed position reported to.

    When it is wrong to heed it: never; a position that is only unfilled is not closed.
    """
    closed, tree = ended_positions(m, context.at), hierarchy(m, context.at)
    for id in closed:
        reports = tuple([position(child) for child in tree.children(id) if child not in closed])
        if reports:
            verb = "reports" if len(reports) == 1 else "report"
            yield reports_to_closed.finding(position(id), related=reports, reports=reports, verb=verb)


@reports_to_closed.fires()
def _ghost() -> Iterable[Record]:
    boss = Position(id="boss", title="Manager", unit="hq", status="closed")
    return [hq(), boss, Position(id="clerk", title="Clerk", unit="hq", reports_to="boss")]


@reports_to_closed.silent(at=date(2026, 3, 2))
def _going() -> Iterable[Record]:
    last_day = DateRange(None, date(2026, 3, 2))
    boss = Position(id="boss", title="Manager", unit="hq", period=last_day)
    return [hq(), boss, Position(id="clerk", title="Clerk", unit="hq", reports_to="boss")]


@rule(
    "ORG106",
    name="several-roots",
    severity=INFO,
    opt_in=True,
    en="{count} positions report to nobody: {roots}.",
    zh="{count} 个岗位没有上级：{roots}。",
    needs=("position",),
)
def several_roots(m: ModelView, context: Context) -> Iterator[Finding]:
    """More than one position reports to nobody.

    Why it is worth knowing: in a company with one top, each further root is a forgotten reporting line.

    How to fix: fill in `reports_to` where a line was forgotten.

    When it is wrong to heed it: in communities, partnerships and federations, which have many tops; so it is opt-in.
    """
    tree = hierarchy(m, context.at)
    gone = {*tree.dangling, *ended_positions(m, context.at)}
    roots = tuple(position(id) for id in tree.roots if id not in gone)
    if len(roots) > 1:
        yield several_roots.finding(roots[0], related=roots[1:], gathered=True, count=len(roots), roots=roots)


@several_roots.fires()
def _twins() -> Iterable[Record]:
    return [hq(), Position(id="a", title="A", unit="hq"), Position(id="b", title="B", unit="hq")]


@several_roots.silent()
def _single() -> Iterable[Record]:
    return [hq(), Position(id="a", title="A", unit="hq"), Position(id="b", title="B", unit="hq", reports_to="a")]


RULES = (reporting_cycle, reports_to_closed, several_roots)
"""The rules of this module."""
