"""Rules about how positions are held (ORG401, ORG402, ORG403)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.answering import accountability
from community_ops.org.holding import staffing
from community_ops.org.placement import home_at, units_by_head
from community_ops.org.records import Assignment, Duty, Person, Position, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.org.rules.samples import ann, hq
from community_ops.org.scoping import thresholds_by_unit
from community_ops.org.seating import HANDOVER_DAYS
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted

DAY = date(2026, 3, 2)


@frozen
class VacancyThresholds(Value):
    """How long a position may be without a holder.

    Attributes:
        days: the most days for a position that heads nothing and is accountable for nothing.
    """

    days: int = field(default=60, metadata=at_least(0))


@rule(
    "ORG401",
    name="vacancy",
    severity=WARNING,
    status=True,
    en={
        "": "{positions} in {subject}: nobody holds {pronoun}{since}.",
        "homeless": "{subject}: nobody holds {pronoun}{since}.",
    },
    zh={
        "": "{subject}的{positions}无人任职{since}。",
        "homeless": "{subject}无人任职{since}。",
    },
    needs=("position",),
    date_use="needed",
    thresholds=VacancyThresholds(),
    scoped=True,
)
def vacancy(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position that matters has no holder, or any position has had none for long.

    Why it matters: what is decided, approved or escalated there waits; what is done there is not done.

    How to fix: assign someone, be it acting with 0 FTE; or give its headship and accountability to another position.

    When it is wrong to heed it: for a position kept open on purpose, mark it `frozen`; frozen positions are not judged
    unless they head or are accountable. A position with one of several seats filled is not vacant.

    A position matters if it heads a unit or is accountable for something. One that does not, and whose vacancy has no
    known beginning, is not judged. Vacancies are grouped by unit.
    """
    staffed = staffing(m, context.day)
    if not staffed.vacant:
        return
    headed, chart = units_by_head(m), accountability(m, context.day)
    index, statuses, homes = m.place_index(Position), m.column(Position.status), m.column(Position.unit)
    by_unit: dict[Ref, list[str]] = {}
    since, limits = staffed.vacant_since(), thresholds_by_unit(m, context)
    for id, day in since.items():
        place = index[id]
        important = id in headed or chart.is_accountable(id)
        long = day is not None and (context.day - day).days > limits.of(homes[place]).days
        if important or (statuses[place] != "frozen" and long):
            home = homes[place]
            by_unit.setdefault(unit(home) if home in m.id_set(Unit) else position(id), []).append(id)
    for home_ref, ids in by_unit.items():
        refs = tuple(map(position, ids))
        first = min([day for day in map(since.get, ids) if day is not None], default=None)
        several = len(refs) > 1
        yield vacancy.finding(
            home_ref, "homeless" if home_ref.kind == "position" else "", related=refs, positions=refs,
            pronoun={"en": "them" if several else "it", "zh": ""},
            since=_since(first, several),
        )  # fmt: skip


def _since(first: date | None, several: bool) -> dict[str, str]:
    if first is None:
        return {"en": "", "zh": ""}
    if several:
        return {"en": f", the longest since {first}", "zh": f"（最早自 {first} 起）"}
    return {"en": f" since {first}", "zh": f"（自 {first} 起）"}


@vacancy.fires(at=DAY)
def _headless() -> Iterable[Record]:
    return [hq("boss"), Position(id="boss", title="Manager", unit="hq")]


@vacancy.fires(at=DAY)
def _long_gone() -> Iterable[Record]:
    left = Assignment(id="a", person="ann", position="clerk", period=DateRange(None, date(2025, 12, 30)))
    return [hq(), Position(id="clerk", title="Clerk", unit="hq"), ann(), left]


@vacancy.fires(at=DAY)
def _nowhere() -> Iterable[Record]:
    return [hq("boss"), Position(id="boss", title="Manager", unit="attic")]


@vacancy.silent(at=DAY)
def _just_left() -> Iterable[Record]:
    left = Assignment(id="a", person="ann", position="clerk", period=DateRange(None, date(2026, 1, 1)))
    return [hq(), Position(id="clerk", title="Clerk", unit="hq"), ann(), left]


@frozen
class HandoverThresholds(Value):
    """How long a leaver and a successor may overlap.

    Attributes:
        days: the most days.
    """

    days: int = field(default=HANDOVER_DAYS, metadata=at_least(0))


@rule(
    "ORG402",
    name="over-filled",
    severity=WARNING,
    en="{subject} has {fte} FTE assigned for {seats} of {seat_fte} FTE ({people}).",
    zh="{subject}有 {seats} 个席位（每席 {seat_fte} FTE），却分配了 {fte} FTE（{people}）。",
    needs=("position", "assignment"),
    date_use="needed",
    thresholds=HandoverThresholds(),
    scoped=True,
)
def over_filled(m: ModelView, context: Context) -> Iterator[Finding]:
    """More is assigned to a position than its seats hold, for longer than a handover takes.

    Why it matters: somebody is paid for a seat that does not exist, or the seats were never updated.

    How to fix: raise `seats`, end an assignment, or lower its FTE.

    When it is wrong to heed it: during a planned overlap that is longer than the threshold.

    A job share, a handover of a few days and an acting holder at 0 FTE do not over-fill.
    """
    staffed, limits = staffing(m, context.day), thresholds_by_unit(m, context)
    for seating in staffed.of(staffed.crowded):
        home = home_at(m, m.place_index(Position)[seating.position])
        if not seating.over_filled(limits.of(home).days):
            continue
        people = tuple(Ref("person", person) for person in seating.people)
        yield over_filled.finding(
            position(seating.position), related=people, people=people, fte=seating.fte,
            seats=counted(seating.seats, "seat"), seat_fte=seating.seat_fte,
        )  # fmt: skip


def _two(**fields: object) -> list[Record]:
    people = [ann(), Person(id="ben", name="Ben")]
    held = [Assignment(id=p.id, person=p.id, position="clerk", **fields) for p in people]  # type: ignore[arg-type]
    return [hq(), Position(id="clerk", title="Clerk", unit="hq"), *people, *held]


@over_filled.fires(at=DAY)
def _two_on_one() -> Iterable[Record]:
    return _two()


@over_filled.silent(at=DAY)
def _job_share() -> Iterable[Record]:
    return _two(fte=Decimal("0.5"))


@rule(
    "ORG403",
    name="shared-accountability",
    severity=WARNING,
    en={
        "heads": "{subject} heads {headed} and has {seats} seats, so it is not clear who of the holders answers.",
        "accountable": "{subject} is accountable for {count} and has {seats} seats, so it is not clear who of "
        "the holders answers.",
    },
    zh={
        "heads": "{subject}是{headed}的负责人，却有 {seats} 个席位，无法确定由谁负责。",
        "accountable": "{subject}对 {count} 项事务负责，却有 {seats} 个席位，无法确定由谁负责。",
    },
    needs=("position",),
)
def shared_accountability(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position with several seats heads a unit or is accountable for something.

    Why it matters: accountability that several people share is accountability nobody has.

    How to fix: give the headship or the accountability to a position of one seat, such as a lead.

    When it is wrong to heed it: where people are meant to lead together; give each a position of their own, all heads.

    Groups and networks are not judged for their heads: communities elect their chairs in twos and threes.
    """
    chart, headed = accountability(m, context.at), units_by_head(m)
    for id, seats in _shared(m):
        units = tuple([unit(one) for one in headed.get(id, ()) if not _leads_together(m, one)])
        if units:
            yield shared_accountability.finding(
                position(id), "heads", field="seats", related=units, headed=units, seats=seats
            )
        elif chart.is_accountable(id):
            count = counted(len(chart.accountable_for(id)), "thing")
            yield shared_accountability.finding(position(id), "accountable", field="seats", count=count, seats=seats)


def _leads_together(m: ModelView, id: str) -> bool:
    return m.column(Unit.kind)[m.place_index(Unit)[id]] in ("group", "network")


@derived
def _shared(m: ModelView) -> tuple[tuple[str, int], ...]:
    """Return the positions with several seats, and how many these are."""
    return tuple(
        [(id, seats) for id, seats in zip(m.ids(Position), m.column(Position.seats), strict=True) if seats > 1]
    )


@shared_accountability.fires()
def _crowded_top() -> Iterable[Record]:
    return [hq("boss"), Position(id="boss", title="Manager", unit="hq", seats=2)]


@shared_accountability.fires()
def _crowded_owner() -> Iterable[Record]:
    duty = Duty(id="d", name="Answer questions", owner="agent")
    return [hq(), Position(id="agent", title="Agent", unit="hq", seats=4), duty]


@shared_accountability.silent()
def _co_chairs() -> Iterable[Record]:
    chairs = [Position(id=id, title="Co-chair", unit="hq") for id in ("first", "second")]
    return [hq("first", "second"), *chairs, Position(id="agent", title="Agent", unit="hq", seats=4)]


@shared_accountability.silent()
def _elected() -> Iterable[Record]:
    group = Unit(id="docs", name="Documentation group", kind="group", parent="hq", heads=("chairs",))
    return [hq("boss"), group, Position(id="chairs", title="Chairs", unit="docs", seats=3, reports_to="boss")]


RULES = (vacancy, over_filled, shared_accountability)
"""The rules of this module."""
