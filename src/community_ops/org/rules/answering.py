"""Rules about who answers for what (ORG302 and on)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.derived import derived
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.view import ModelView
from community_ops.org.answering import raci, unassigned_duties
from community_ops.org.ending import ended, ended_units
from community_ops.org.holding import staffing
from community_ops.org.placement import heads_by_unit, home_at, positions_by_unit, units_by_head
from community_ops.org.reach import spans
from community_ops.org.records import Assignment, Duty, Person, Position, Responsibility, Role, Unit
from community_ops.org.rules.addresses import duty, position, unit
from community_ops.org.rules.naming import fresh_id, in_chinese, opened
from community_ops.org.rules.spans import people_below
from community_ops.org.scoping import thresholds_by_unit
from community_ops.org.structure import unit_tree
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted

DAY = date(2026, 3, 2)


def _office(*more: Record) -> list[Record]:
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("boss",))
    boss = Position(id="boss", title="Manager", unit="hq")
    return [hq, boss, Position(id="clerk", title="Clerk", unit="hq", reports_to="boss"), *more]


def _does(subject: str, who: str = "clerk", role: Role = "responsible") -> Responsibility:
    return Responsibility(id=f"{subject}.{who}.{role}", subject=duty(subject), position=who, role=role)


@rule(
    "ORG302",
    name="not-one-accountable",
    severity=WARNING,
    en={
        "none": "Positions have a role in {subject}, but none is accountable for it.",
        "several": "{accountable} are all accountable for {subject}; only one can be.",
    },
    zh={
        "none": "有岗位参与{subject}，但没有岗位对它最终负责。",
        "several": "{accountable}同时对{subject}最终负责；只能有一个岗位最终负责。",
    },
    needs=("responsibility",),
)
def not_one_accountable(m: ModelView, context: Context) -> Iterator[Finding]:
    """Something in the responsibility chart has no accountable position, or several.

    Why it matters: with nobody accountable, nothing is decided; with several, each waits for the other.

    How to fix: name the one position in the record's `owner`, and make the others responsible or consulted.

    When it is wrong to heed it: never in a responsibility chart; that there is exactly one A is what RACI means.

    Accountability comes from a record's `owner` or from a `Responsibility`; the part of a duty inherits it from the
    larger duty. Only records that somebody has a role for are judged.

    Source: Project Management Institute, PMBOK Guide, sixth edition (2017), 9.1.2.2: responsibility assignment matrix.
    """
    for subject, who in raci(m, context.at).unclear():
        if subject in m:
            refs = tuple(map(position, who))
            yield not_one_accountable.finding(subject, "several" if who else "none", related=refs, accountable=refs)


@not_one_accountable.fires()
def _orphan() -> Iterable[Record]:
    return _office(Duty(id="post", name="Open the post"), _does("post"))


@not_one_accountable.fires()
def _two_masters() -> Iterable[Record]:
    return _office(
        Duty(id="post", name="Open the post", owner="boss"), _does("post", role="accountable"), _does("post")
    )


@not_one_accountable.silent()
def _inherited() -> Iterable[Record]:
    larger = Duty(id="office", name="Run the office", owner="boss")
    return _office(larger, Duty(id="post", name="Open the post", part_of="office"), _does("post"), _does("office"))


@rule(
    "ORG303",
    name="duty-of-nobody",
    severity=WARNING,
    en={
        "one": "No position is responsible for {subject}.",
        "several": "No position is responsible for {duties}.",
        "part": "No position is responsible for {duties}, which is part of {larger}.",
    },
    zh={
        "one": "没有岗位负责{subject}。",
        "several": "没有岗位负责{duties}。",
        "part": "{larger}中的{duties}没有岗位负责。",
    },
    needs=("duty", "responsibility"),
)
def duty_of_nobody(m: ModelView, context: Context) -> Iterator[Finding]:
    """A duty is recorded and no position is responsible for doing it.

    Why it matters: the work is expected, perhaps promised, and is in nobody's job.

    How to fix: make a position responsible, or open one.

    When it is wrong to heed it: while duties are being collected, before anyone is made responsible for any; then the
    rule is not judged at all.

    The smallest duties are judged: one that has parts is carried out through its parts, so each part needs its own
    responsible position. Parts of one larger duty are gathered into one finding, and so are duties that stand alone.
    """
    gathered: dict[str | None, list[str]] = {}
    larger = dict(zip(m.ids(Duty), m.column(Duty.part_of), strict=True))
    for id in unassigned_duties(m, context.at):
        above = larger[id]
        gathered.setdefault(above if above in larger else None, []).append(id)
    for above, ids in gathered.items():
        refs = tuple(map(duty, ids))
        variant = "part" if above is not None else "several" if len(ids) > 1 else "one"
        yield duty_of_nobody.finding(
            refs[0], variant, related=refs[1:], gathered=True, key=sorted(ids), duties=refs,
            larger=duty(above) if above else "",
        )  # fmt: skip


@duty_of_nobody.fires()
def _unopened() -> Iterable[Record]:
    done = Duty(id="phone", name="Answer the phone", owner="boss")
    return _office(done, _does("phone"), Duty(id="post", name="Open the post", owner="boss"))


@duty_of_nobody.fires()
def _unopened_and_unread() -> Iterable[Record]:
    return [*_unopened(), Duty(id="read", name="Read the post", owner="boss")]


@duty_of_nobody.fires()
def _half() -> Iterable[Record]:
    parts = [Duty(id=id, name=id.title(), part_of="office") for id in ("post", "phone")]
    return _office(Duty(id="office", name="Run the office", owner="boss"), *parts, _does("phone"))


@duty_of_nobody.silent()
def _all_done() -> Iterable[Record]:
    return _office(Duty(id="post", name="Open the post", owner="boss"), _does("post"))


@rule(
    "ORG304",
    name="same-mandate",
    severity=WARNING,
    en="{subject} is the mandate of {units}, in different branches of the organisation.",
    zh="{subject}同时是{units}的职能，而它们分属不同分支。",
    needs=("unit", "duty"),
)
def same_mandate(m: ModelView, context: Context) -> Iterator[Finding]:
    """Several units are charged with the same duty, and none of them contains the others.

    Why it matters: they will do it twice, differently, or each leave it to the other; money is asked for twice.

    How to fix: give the mandate to one unit, and make positions elsewhere responsible or consulted under it.

    When it is wrong to heed it: where the same duty is meant for different markets; then record one duty for each.

    A department and its own team may share a mandate: that is delegation.
    """
    tree, past = unit_tree(m), ended_units(m, context.at)
    holders: dict[str, list[str]] = {}
    for id, mandates in zip(m.ids(Unit), m.column(Unit.mandates), strict=True):
        for mandate in () if id in past else dict.fromkeys(mandates):
            holders.setdefault(mandate, []).append(id)
    for mandate, ids in holders.items():
        top = ids[0]
        for other in ids:
            top = other if tree.is_above(other, top) else top
        apart = any(id != top and not tree.is_above(top, id) for id in ids)  # if any contains all, it is this one
        if apart and mandate in m.id_set(Duty):
            refs = tuple(map(unit, ids))
            yield same_mandate.finding(duty(mandate), related=refs, units=refs)


@same_mandate.fires()
def _rivals() -> Iterable[Record]:
    rivals = [Unit(id=id, name=id.title(), parent="hq", mandates=("sell",)) for id in ("sales", "growth")]
    return _office(*rivals, Duty(id="sell", name="Sell", owner="boss"))


@same_mandate.silent()
def _delegated() -> Iterable[Record]:
    sales = Unit(id="sales", name="Sales", parent="hq", mandates=("sell",))
    team = Unit(id="team", name="Team", parent="sales", mandates=("sell",))
    return _office(sales, team, Duty(id="sell", name="Sell", owner="boss"))


@frozen
class LeadThresholds(Value):
    """How large a unit may grow without a head of its own.

    Attributes:
        people: the most people it may have.
    """

    people: int = field(default=6, metadata=at_least(0))


@rule(
    "ORG305",
    name="no-head-of-its-own",
    severity=WARNING,
    en={
        "": "{subject} has {people} and no head of its own: {head} leads it from {home}, beside {others}, with "
        "{positions} and {below} reporting directly.",
        "chart": "{subject} has {people} and no head of its own: {head} leads it from {home}, beside {others}, "
        "with {positions} and {below} reporting directly, and is accountable for {lines} of the {all} "
        "lines of the responsibility chart.",
    },
    zh={
        "": "{subject}有 {people} 人却没有自己的负责人：由{home}的{head}兼管（还负责{others}），"
        "其直接下属已有 {positions} 个岗位 {below} 人。",
        "chart": "{subject}有 {people} 人却没有自己的负责人：由{home}的{head}兼管（还负责{others}），"
        "其直接下属已有 {positions} 个岗位 {below} 人，并对职责表 {all} 项中的 {lines} 项最终负责。",
    },
    needs=("unit", "position", "assignment"),
    date_use="needed",
    thresholds=LeadThresholds(),
    scoped=True,
)
def no_head_of_its_own(m: ModelView, context: Context) -> Iterator[Finding]:
    """A unit of some size is led only from outside, by someone who heads other units as well.

    Why it matters: its people compete for the attention of a manager whose mind is elsewhere, and nobody speaks for
    the unit.

    How to fix: open a lead in the unit, between its people and the present head. The fix does so: the unit's positions
    report to the lead, and the lead answers for the duties and tasks that only this unit carries out.

    When it is wrong to heed it: where the head really spends the time; raise the threshold.
    """
    led_from_outside = _led_from_outside(m)
    if not led_from_outside:
        return
    at = context.day
    staffed = staffing(m, at)
    known = dict(zip(staffed.positions, staffed.people, strict=True))
    limits = thresholds_by_unit(m, context)
    lines = raci(m, at).lines
    accounts = Counter(who for line in lines for who in raci(m, at).accountable(line))
    for id, head, home in led_from_outside:
        people = {person for place in positions_by_unit(m)[id] for person in known.get(place, ())}
        if len(people) > limits.of(id).people:
            mine = accounts[head]
            others = tuple(unit(other) for other in units_by_head(m)[head] if other != id)
            yield no_head_of_its_own.finding(
                unit(id), "chart" if mine else "", related=[position(head)], field="heads",
                people=counted(len(people), "person", "people"), head=position(head), home=unit(home), others=others,
                positions=counted(len(spans(m, at).positions(head)), "position"),
                below=counted(len(people_below(m, head, at)), "person", "people"), lines=mine, all=len(lines),
            )  # fmt: skip


@derived
def _led_from_outside(m: ModelView) -> tuple[tuple[str, str, str], ...]:
    """Return `(unit, head, the head's own unit)` where the only head sits above the unit and heads others too."""
    tree, headed = unit_tree(m), units_by_head(m)
    found = []
    index, status = m.place_index(Position), m.column(Position.status)
    for id, heads in heads_by_unit(m).items():
        if len(heads) == 1 and status[index[heads[0]]] != "closed" and len(headed[heads[0]]) > 1:
            home = home_at(m, index[heads[0]])
            if home is not None and tree.is_above(home, id):
                found.append((id, heads[0], home))
    return tuple(found)


def _service(team: str, *more: Record) -> list[Record]:
    floor = Unit(id="floor", name="Service floor", parent="hq", heads=(team,))
    agents = [Position(id=f"a{n}", title=f"Agent {n}", unit="floor", reports_to=team) for n in range(7)]
    people = [Person(id=f"p{n}", name=f"Agent {n}") for n in range(7)]
    held = [Assignment(id=f"h{n}", person=f"p{n}", position=f"a{n}") for n in range(7)]
    return _office(floor, *agents, *people, *held, *more)


@no_head_of_its_own.fires(at=DAY)
def _absent() -> Iterable[Record]:
    return _service("boss")


@no_head_of_its_own.fires(at=DAY)
def _absent_and_accountable() -> Iterable[Record]:
    answer = Duty(id="answer", name="Answer questions", owner="boss")
    return _service(
        "boss",
        answer,
        _does("answer", "a0"),
        _does("answer", "clerk", "consulted"),
        _does("answer", "clerk", "informed"),
    )


@no_head_of_its_own.silent(at=DAY)
def _led() -> Iterable[Record]:
    return _service("lead", Position(id="lead", title="Lead", unit="floor", reports_to="boss"))


@no_head_of_its_own.fix  # not safe: it opens a position and moves people under it
def _open_lead(model: Model, found: Finding) -> ChangeSet | None:
    floor = model[found.subject]
    assert isinstance(floor, Unit)
    (head,) = found.related
    leader = model[head]
    assert isinstance(leader, Position)
    if ended(leader.status, leader.period, found.at):
        return None  # a lead would report to nobody
    positions = positions_by_unit(model)[floor.id]
    lead = Position(
        id=fresh_id(model, "position", f"{floor.id}-lead"),
        title=f"{floor.name}负责人" if in_chinese(floor.name) else f"{floor.name} lead",
        unit=floor.id,
        reports_to=head.id,
        status="hiring",
    )
    with_lead = opened(model, lead)
    if with_lead is None:
        return None
    edited = with_lead.replace(evolve(floor, heads=(lead.id,)))
    team = [model.table(Position)[id] for id in positions]
    edited = edited.replace(*(evolve(member, reports_to=lead.id) for member in team if member.reports_to == head.id))
    chart = raci(model, found.at)
    accounts: list[Any] = [model.get(subject) for subject in chart.accountable_for(head.id)]
    owned = [
        evolve(record, owner=lead.id)
        for record in accounts
        if getattr(record, "owner", None) == head.id
        and (doers := chart.responsible(record.ref))
        and all(doer in positions for doer in doers)
    ]
    return diff(model, edited.replace(*owned))


RULES = (not_one_accountable, duty_of_nobody, same_mandate, no_head_of_its_own)
"""The rules of this module."""
