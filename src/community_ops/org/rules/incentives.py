"""Rules about what rewards are paid for, and what they do to independence (ORG706 to ORG708)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sized
from datetime import date, timedelta
from typing import Any

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.answering import raci
from community_ops.org.ending import ended_positions
from community_ops.org.placement import heads_by_unit, home_at
from community_ops.org.presence import roster
from community_ops.org.records import Assignment, Incentive, Person, Position, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.org.structure import hierarchy, unit_tree
from community_ops.org.weeks import weeks_from
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule

DAY = date(2026, 3, 2)
METRIC = "metric"  # a kind of a later room: known here by its name alone


def _offered(m: ModelView, at: date | None) -> list[Incentive]:
    """Return the incentives that are not over, in table order; none where a schema has no such table."""
    if not m.schema.heirs(Incentive):
        return []
    over = [
        period is not None and period.end is not None and at is not None and period.end < at
        for period in m.column(Incentive.period)
    ]
    return [one for one, past in zip(m.table(Incentive), over, strict=True) if not past]


def _metrics(m: ModelView) -> frozenset[str]:
    return frozenset(m.id_set(METRIC)) if METRIC in m.schema.kinds else frozenset()


def _answering(m: ModelView, at: date | None, offered: Iterable[Incentive]) -> Mapping[str, tuple[str, ...]]:
    """Return the positions that are accountable for the metrics of incentives, or responsible, as far as they exist."""
    metrics = _metrics(m).intersection([one.metric for one in offered])
    if not metrics:
        return {}
    chart, there = raci(m, at), m.id_set(Position)
    found = {}
    for metric in metrics:
        subject = Ref(METRIC, metric)
        named = dict.fromkeys((*chart.accountable(subject), *chart.responsible(subject)))
        found[metric] = tuple([id for id in named if id in there])
    return found


def _answer(owners: Sized) -> str:
    return "answers" if len(owners) == 1 else "answer"


@rule(
    "ORG706",
    name="incentive-out-of-reach",
    severity=WARNING,
    en={
        "nothing": "Nothing says what {subject} is paid for.",
        "beyond": "{subject} pays {positions} for {metric}, which {owners} {answer} for: neither above nor below "
        "{pronoun} in the line.",
    },
    zh={
        "nothing": "{subject}没有写明依据什么发放。",
        "beyond": "{subject}按{metric}奖励{positions}，但该指标由{owners}负责，与其没有上下级关系。",
    },
    needs=("incentive",),
)
def out_of_reach(m: ModelView, context: Context) -> Iterator[Finding]:
    """An incentive is tied to nothing, or to what those who get it cannot influence.

    Why it matters: it is paid or withheld by chance, which people soon see; it costs and changes nothing.

    How to fix: tie it to a metric that the position answers for, or has a part in.

    When it is wrong to heed it: for a share in the success of the whole, which is meant to bind rather than to steer.

    A position can influence a metric if it is accountable or responsible for it, or stands above or below one that is.
    Where nobody answers for the metric, nothing can be said and nothing is. Incentives that are over are not judged.
    """
    lines, offered = hierarchy(m, context.at), _offered(m, context.at)
    answering = _answering(m, context.at, offered)
    for one in offered:
        if one.metric is None:
            yield out_of_reach.finding(one.ref, "nothing", field="metric")
            continue
        owners = answering.get(one.metric, ())
        if not owners:
            continue
        beyond = [
            id
            for id in dict.fromkeys(one.positions)
            if id in lines and not any(id == o or lines.is_above(id, o) or lines.is_above(o, id) for o in owners)
        ]
        if beyond:
            refs = tuple(map(position, beyond))
            yield out_of_reach.finding(
                one.ref, "beyond", field="metric", key=sorted(beyond), related=[Ref(METRIC, one.metric), *refs],
                positions=refs, metric=Ref(METRIC, one.metric), owners=tuple(map(position, owners)),
                pronoun="it" if len(refs) == 1 else "them", answer=_answer(owners),
            )  # fmt: skip


Rows = dict[str, list[dict[str, Any]]]


def _firm(*incentives: dict[str, Any], **metric: Any) -> Rows:
    """Return two branches below one top as rows, since metrics are of a later room."""
    lines = {"ceo": None, "cmo": "ceo", "editor": "cmo", "cfo": "ceo"}
    return {
        "units": [{"id": "hq", "name": "Head office", "heads": ["ceo"]}],
        "positions": [
            {"id": id, "title": id.upper(), "unit": "hq", "reports_to": above} for id, above in lines.items()
        ],
        "metrics": [{"id": "reach", "name": "Reach", "owner": "cmo", **metric}],
        "incentives": [{"id": f"i{n}", "name": f"Bonus {n}", **row} for n, row in enumerate(incentives, start=1)],
    }


@out_of_reach.fires()
def _for_nothing() -> Rows:
    return _firm({"positions": ["cmo"]})


@out_of_reach.fires()
def _for_the_work_of_others() -> Rows:
    return _firm({"positions": ["cfo", "editor"], "metric": "reach"})


@out_of_reach.silent()
def _for_ones_own() -> Rows:
    return _firm({"positions": ["cmo", "editor", "ceo"], "metric": "reach"})


@rule(
    "ORG707",
    name="incentives-pull-apart",
    severity=WARNING,
    en="{higher} {pays} for more of {subject}, and {lower} {pay} for less, at the same time.",
    zh="{higher}奖励{subject}升高，而{lower}同时奖励它降低。",
    needs=("incentive", "metric"),
)
def pull_apart(m: ModelView, context: Context) -> Iterator[Finding]:
    """Some incentives pay for more of a metric and others for less of it, at the same time.

    Why it matters: people work against each other and are all rewarded; the metric goes nowhere.

    How to fix: agree on one direction; or tie one side to another metric, such as quality beside quantity.

    When it is wrong to heed it: for a balance that is meant, such as stock that sales want high and finance wants low;
    a metric with a target says that better.

    An incentive that names no direction pays for that of the metric. Incentives that are over are not judged.
    """
    directions = dict(zip(m.ids(METRIC), m.column_of(METRIC, "direction"), strict=True))
    by_metric: dict[str, dict[str, list[Incentive]]] = {}
    for one in _offered(m, context.at):
        if one.metric in directions:
            way = one.pays_for or directions[one.metric]
            by_metric.setdefault(one.metric, {}).setdefault(way, []).append(one)
    for metric, ways in by_metric.items():
        ups, downs = ways.get("higher", []), ways.get("lower", [])
        apart = [(up, down) for up in ups for down in downs if _meet(up.period, down.period)]
        if apart:
            higher = tuple(dict.fromkeys(up.ref for up, _ in apart))
            lower = tuple(dict.fromkeys(down.ref for _, down in apart))
            yield pull_apart.finding(
                Ref(METRIC, metric), key=sorted(ref.id for ref in (*higher, *lower)), related=[*higher, *lower],
                higher=higher, lower=lower, pays="pays" if len(higher) == 1 else "pay",
                pay="pays" if len(lower) == 1 else "pay",
            )  # fmt: skip


def _meet(one: DateRange | None, other: DateRange | None) -> bool:
    return (one or DateRange()).overlap(other or DateRange()) is not None


@pull_apart.fires()
def _tug_of_war() -> Rows:
    return _firm(
        {"metric": "reach", "positions": ["cmo"]}, {"metric": "reach", "positions": ["ceo"], "pays_for": "lower"}
    )


@pull_apart.silent()
def _one_after_the_other() -> Rows:
    up = {"metric": "reach", "positions": ["cmo"], "period": {"end": "2026-06-30"}}
    down = {"metric": "reach", "positions": ["cmo"], "pays_for": "lower", "period": {"start": "2026-07-01"}}
    return _firm(up, down)


@frozen
class ObjectivityThresholds(Value):
    """How long what somebody did before stands in the way of judging it.

    Attributes:
        days: for how many days after the end of an assignment.
    """

    days: int = field(default=365, metadata=at_least(0))


@rule(
    "ORG708",
    name="independence-impaired",
    severity=WARNING,
    en={
        "incentive": "{subject} must be independent of {of}, but {incentive} pays it for {metric}, which {owners} of "
        "{of} {answer} for.",
        "role": "{subject} must be independent of {of}, but {person} was {former} there until {until}.",
        "now": "{subject} must be independent of {of}, but {person} is {former} there as well.",
    },
    zh={
        "incentive": "{subject}必须独立于{of}，但{incentive}按{of}的{owners}所负责的{metric}对其奖励。",
        "role": "{subject}必须独立于{of}，但{person}在 {until} 之前曾在其中担任{former}。",
        "now": "{subject}必须独立于{of}，但{person}同时在其中担任{former}。",
    },
    needs=("position",),
    date_use="needed",
    thresholds=ObjectivityThresholds(),
)
def impaired(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position's independence on the chart is undone by what it is paid for, or by where its holder comes from.

    Why it matters: nobody judges well what they are paid for, or what they did themselves not long ago.

    How to fix: pay for the quality of the judging instead; let somebody else look at the unit until a year has passed.

    When it is wrong to heed it: where the former role had nothing to do with what is judged; waive it for its time.

    Every position that must be independent of a unit is judged: incentives for metrics that a position of the unit
    answers for, and assignments of its holders to a position of the unit, now or within the threshold. A position is of
    a unit if it sits in it or a part of it, or heads it.

    Source of the default: The Institute of Internal Auditors, International Standards (2017), 1130.A1: objectivity is
    presumed to be impaired for activities for which somebody was responsible within the previous year.
    """
    closed, units, tree = ended_positions(m, context.at), m.id_set(Unit), unit_tree(m)
    rows = zip(m.ids(Position), m.column(Position.independent_of), strict=True)
    judges = {
        id: [of for of in dict.fromkeys(every) if of in units] for id, every in rows if every and id not in closed
    }
    if not judges:
        return

    def belongs(id: str, of: str) -> bool:
        home = home_at(m, m.place_index(Position).get(id))
        return id in heads_by_unit(m)[of] or (home is not None and (home == of or tree.is_above(of, home)))

    paid = [one for one in _offered(m, context.at) if not judges.keys().isdisjoint(one.positions)]
    answering = _answering(m, context.at, paid)
    for one in paid:
        owners = answering.get(one.metric, ()) if one.metric is not None else ()
        for id in dict.fromkeys(one.positions):
            for of in judges.get(id, ()):
                mine = tuple(position(owner) for owner in owners if owner != id and belongs(owner, of))
                if mine:
                    metric = Ref(METRIC, str(one.metric))
                    yield impaired.finding(
                        position(id), "incentive", field="independent_of", key=(of, one.id), of=unit(of),
                        related=[unit(of), one.ref, metric, *mine], incentive=one.ref, metric=metric, owners=mine,
                        answer=_answer(mine),
                    )  # fmt: skip
    for id, person, of, former, until in _former_roles(m, context, judges):
        if belongs(former, of):
            yield impaired.finding(
                position(id), "now" if until is None else "role", field="independent_of", key=(of, person, former),
                related=[unit(of), Ref("person", person), position(former)], of=unit(of),
                person=Ref("person", person), former=position(former), until=until,
            )  # fmt: skip


def _former_roles(
    m: ModelView, context: Context, judges: dict[str, list[str]]
) -> Iterator[tuple[str, str, str, str, date | None]]:
    """Yield `(position, holder, unit, other position, last day)` of what holders of positions held lately."""
    at, days = context.day, thresholds_for_all(m, context).days
    since = at - timedelta(min(days, at.toordinal() - 1))
    holders: dict[str, list[str]] = {}
    now, index = roster(m, *weeks_from(at)), m.place_index(Position)
    for id in judges:
        for person in now.holders(index[id], at):
            holders.setdefault(person, []).append(id)
    if not holders:
        return
    rows = zip(m.column(Assignment.person), m.column(Assignment.position), m.column(Assignment.period), strict=True)
    last: dict[tuple[str, str], date | None] = {}
    for person, other, period in rows:
        if person not in holders or (period is not None and (period.backward or (period.start or at) > at)):
            continue
        end = period.end if period is not None and period.end is not None and period.end < at else None
        if end is None or end >= since:
            before = last.get((person, other), date.min)
            last[person, other] = None if before is None or end is None else max(before, end)
    for (person, other), until in last.items():
        for id in holders[person]:
            for of in judges[id] if id != other else ():
                yield id, person, of, other, until


def _audit(ended: date | None = None, start: date | None = None) -> list[Record]:
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("ceo",))
    finance = Unit(id="finance", name="Finance", parent="hq", heads=("cfo",))
    audit = Unit(id="audit", name="Audit", parent="hq", heads=("auditor",))
    ceo = Position(id="ceo", title="CEO", unit="hq")
    cfo = Position(id="cfo", title="CFO", unit="finance", reports_to="ceo")
    auditor = Position(id="auditor", title="Auditor", unit="audit", reports_to="ceo", independent_of=("finance",))
    before = Assignment(id="a1", person="ann", position="cfo", period=DateRange(start, ended))
    now = Assignment(id="a2", person="ann", position="auditor", fte="0.5")
    return [hq, finance, audit, ceo, cfo, auditor, Person(id="ann", name="Ann"), before, now]


@impaired.fires(at=DAY)
def _audits_last_year() -> Iterable[Record]:
    return _audit(date(2025, 12, 31))


@impaired.fires(at=DAY)
def _audits_herself() -> Iterable[Record]:
    return _audit()


@impaired.fires(at=DAY)
def _paid_by_profit() -> Rows:
    units = [("hq", None, "ceo"), ("finance", "hq", "cfo"), ("audit", "hq", "auditor")]
    auditor = {"id": "auditor", "title": "Auditor", "unit": "audit", "reports_to": "ceo", "independent_of": ["finance"]}
    return {
        "units": [{"id": id, "name": id.title(), "parent": above, "heads": [head]} for id, above, head in units],
        "positions": [
            {"id": "ceo", "title": "CEO", "unit": "hq"},
            {"id": "cfo", "title": "CFO", "unit": "finance", "reports_to": "ceo"},
            auditor,
        ],
        "metrics": [{"id": "profit", "name": "Profit", "owner": "cfo"}],
        "incentives": [{"id": "bonus", "name": "Profit share", "positions": ["auditor"], "metric": "profit"}],
    }


@impaired.silent(at=DAY)
def _long_ago() -> Iterable[Record]:
    return _audit(date(2025, 3, 1))


RULES = (out_of_reach, pull_apart, impaired)
"""The rules of this module."""
