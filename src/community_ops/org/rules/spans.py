"""Rules about how many report to one, and how many layers there are (ORG2xx)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.frozenmap import FrozenMap
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.holding import filling, places_in_force, positions_held, positions_in_existence
from community_ops.org.placement import home_at
from community_ops.org.reach import spans
from community_ops.org.records import Assignment, Person, Position, Unit
from community_ops.org.rules.addresses import position
from community_ops.org.rules.samples import hq
from community_ops.org.scoping import Scoped, thresholds_by_unit
from community_ops.org.structure import Hierarchy, hierarchy
from community_ops.org.workload import several_assignments
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted


@frozen
class SpanThresholds(Value):
    """How many people may report to one manager.

    Attributes:
        widest: the most for a manager whose level is not named in `by_level`.
        by_level: the most by `Position.level`.
        narrowest: the least for a manager of managers.
    """

    widest: int = field(default=15, metadata=at_least(0))
    by_level: Mapping[str, int] = field(factory=lambda: {"executive": 12}, converter=FrozenMap)
    narrowest: int = field(default=2, metadata=at_least(0))

    @property
    def least(self) -> int:
        """The lowest of all limits: a span up to it needs no further look."""
        return min([self.widest, *self.by_level.values()])

    def most(self, level: str | None) -> int:
        """Return the most for a level."""
        return self.by_level.get(level or "", self.widest)


_NOT_THERE = ("planned", "closed")


@derived
def holders_below(m: ModelView, at: date) -> tuple[int, ...]:
    """Return, for every position in table order, how many holders the positions directly below it have in sum.

    Whoever holds two of them counts twice, so this is never less than the number of people.
    """
    tree = hierarchy(m, at)
    staffed = filling(m, at)
    parents: Iterable[int | None] = tree.parents
    if len(staffed) < len(tree):
        parents = [tree.parents[place] for place in staffed.places]
    below = [0] * len(tree)
    for above, holders in zip(parents, staffed.holders, strict=True):
        if above is not None:
            below[above] += holders
    return tuple(below)


@derived
def _in_several_positions(m: ModelView, at: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return `(person, positions)` for everybody who exists and holds more than one position."""
    several, known = several_assignments(m), m.id_set(Person)
    if not several:
        return ()
    existing, in_force = frozenset(positions_in_existence(m, at)), frozenset(places_in_force(m, at))
    ids, positions = m.ids(Position), positions_held(m)
    held = [
        (person, sorted({positions[place] for place in places if place in in_force} & existing))
        for person, places in several.items()
        if person in known
    ]
    return tuple([(person, tuple([ids[place] for place in places])) for person, places in held if len(places) > 1])


def people_below(m: ModelView, id: str, at: date) -> frozenset[str]:
    """Return the people who hold the positions directly below a position."""
    return frozenset(spans(m, at).people(id))


@derived
def seats_below(m: ModelView) -> tuple[int, ...]:
    """Return, for every position in table order, how many seats the positions directly below it have.

    As in `staffing`, planned and closed positions do not count.
    """
    below = [0] * len(m.ids(Position))
    columns = m.column(Position.seats), m.column(Position.status)
    for place, (above, seats, status) in enumerate(zip(hierarchy(m).parents, *columns, strict=True)):
        if above is not None and above != place and status not in _NOT_THERE:
            below[above] += seats
    return tuple(below)


def _team(size: int, **fields: object) -> list[Record]:
    boss = Position(id="boss", title="Manager", unit="hq", **fields)  # type: ignore[arg-type]
    clerks = [Position(id=f"c{n}", title=f"Clerk {n}", unit="hq", reports_to="boss") for n in range(size)]
    return [hq("boss"), boss, *clerks]


def _held(positions: Iterable[str]) -> list[Record]:
    holders = [(f"p-{id}", id) for id in positions]
    return [
        *(Person(id=person, name=f"Holder of {id}") for person, id in holders),
        *(Assignment(id=f"a-{id}", person=person, position=id) for person, id in holders),
    ]


@rule(
    "ORG201",
    name="span-too-wide",
    severity=WARNING,
    en={
        "people": "{people} people in {positions} report to {subject}; at this level {most} are the most one "
        "manager can lead well.",
        "seats": "{people} seats in {positions} report to {subject}; at this level {most} are the most one "
        "manager can lead well.",
        "person": "{people} people report to {subject} through {held}; {most} are the most one manager can lead well.",
    },
    zh={
        "people": "{positions} 个岗位的 {people} 人向{subject}汇报；这一级别一名管理者最多宜带 {most} 人。",
        "seats": "{positions} 个岗位的 {people} 个席位向{subject}汇报；这一级别一名管理者最多宜带 {most} 人。",
        "person": "通过{held}共有 {people} 人向{subject}汇报；一名管理者最多宜带 {most} 人。",
    },
    needs=("position",),
    thresholds=SpanThresholds(),
    scoped=True,
)
def span_too_wide(m: ModelView, context: Context) -> Iterator[Finding]:
    """More people report to one manager, or to one person in several positions, than the level can carry.

    Why it matters: past some number nobody gets the attention they need; decisions queue at one desk.

    How to fix: put a lead between, or move reports to a sibling.

    When it is wrong to heed it: where the work is uniform and self-guided, as in a large service floor; raise the
    threshold for that level.

    People are counted at the date; without a date, seats. A managing position of several seats may have as many times
    the people. A person who holds several managing positions is judged on all of them together. The default limits are
    the outer ends of the bands for a coordinator (15) and an executive.

    Source: Acharya, Lieber, Seem and Welchman, "How to identify the right 'spans of control' for your organization",
    McKinsey & Company, 2017, which gives bands from 3-5 (player/coach) to over 15 (coordinator).
    """
    at = context.at
    tree = hierarchy(m, at)
    levels, status, seats = m.column(Position.level), m.column(Position.status), m.column(Position.seats)
    limits = thresholds_by_unit(m, context)
    least, wide = min(limit.least for limit in limits.every), set()
    for place, count in enumerate(seats_below(m) if at is None else holders_below(m, at)):
        if count <= least or count <= (most := limits.of(home_at(m, place)).most(levels[place])):
            continue
        id = tree.ids[place]
        people = count if at is None else len(people_below(m, id, at))
        if people > most * max(1, seats[place]):  # those who hold one position together lead its people together
            wide.add(id)
            reports = [one for one in tree.children(id) if one != id and status[tree.place(one)] not in _NOT_THERE]
            yield span_too_wide.finding(
                position(id), "seats" if at is None else "people", people=people, most=most,
                positions=counted(len(reports), "position"), related=map(position, reports),
            )  # fmt: skip
    if at is not None:
        yield from _wide_people(m, at, wide, limits)


def _wide_people(m: ModelView, at: date, wide: set[str], limits: Scoped) -> Iterator[Finding]:
    """Judge people who hold several managing positions on all of them together."""
    below, index, levels = holders_below(m, at), hierarchy(m, at).index, m.column(Position.level)
    for person, ids in _in_several_positions(m, at):
        if wide.intersection(ids):
            continue
        leading = [id for id in ids if below[index[id]]]
        places = [index[id] for id in leading]
        most = max((limits.of(home_at(m, place)).most(levels[place]) for place in places), default=0)
        if sum(below[index[id]] for id in leading) > most:
            led = spans(m, at).of_person(person).people
            if len(led) > most:
                refs = tuple(position(id) for id in leading)
                yield span_too_wide.finding(
                    Ref("person", person), "person", related=refs, held=refs, people=len(led), most=most
                )


@span_too_wide.fires()
def _crowd() -> Iterable[Record]:
    return _team(16)


@span_too_wide.fires(at=date(2026, 3, 2))
def _executive_crowd() -> Iterable[Record]:
    return [*_team(13, level="executive"), *_held(f"c{n}" for n in range(13))]


@span_too_wide.fires(at=date(2026, 3, 2))
def _three_chairs() -> Iterable[Record]:
    chairs = [Position(id=f"chair{k}", title=f"Chair {k}", unit="hq") for k in range(2)]
    clerks = [Position(id=f"c{n}", title=f"Clerk {n}", unit="hq", reports_to=f"chair{n % 2}") for n in range(16)]
    both = [Assignment(id=f"b{k}", person="p-boss", position=f"chair{k}", fte=0.5) for k in range(2)]
    people = [Person(id="p-boss", name="Holder of both chairs"), *both, *_held(f"c{n}" for n in range(16))]
    return [Unit(id="hq", name="Head office", heads=("chair0",)), *chairs, *clerks, *people]


@span_too_wide.silent()
def _full() -> Iterable[Record]:
    return _team(15)


@rule(
    "ORG202",
    name="span-too-narrow",
    severity=INFO,
    en={
        "": "{subject} manages managers but has only {only} reporting directly.",
        "run": "{run} follow one another, and each manages managers but has too few reporting directly.",
    },
    zh={
        "": "{subject}管理其他管理者，但只有{only}直接汇报。",
        "run": "{run}逐级相连，各自管理其他管理者，但直接汇报者太少。",
    },
    needs=("position",),
    thresholds=SpanThresholds(),
    scoped=True,
)
def span_too_narrow(m: ModelView, context: Context) -> Iterator[Finding]:
    """A manager of managers has fewer direct reports than the threshold.

    Why it is worth knowing: each such place lengthens every chain of command below it by a step that divides no work.

    How to fix: let the manager's reports report one level up, or widen the task.

    When it is wrong to heed it: for a deputy on the way to succeed, or a chief of staff.

    Only managers of managers are judged: a lead with one specialist is how teams begin. The top is not judged either.
    Such managers directly below one another are one finding.
    """
    tree = hierarchy(m, context.at)
    limits = thresholds_by_unit(m, context)
    least = max(limit.narrowest for limit in limits.every)
    narrow: dict[str, tuple[str, ...]] = {}
    for place, span in enumerate(tree.spans):
        if 0 < span < least and tree.depths[place]:  # no top, and nobody on or below a cycle
            if span >= limits.of(home_at(m, place)).narrowest:
                continue
            children = tree.children(tree.ids[place])
            if all(tree.span(child) for child in children):
                narrow[tree.ids[place]] = children
    for run in _runs(tree, narrow):
        subject, *others = refs = tuple(map(position, run))
        only = tuple(position(child) for child in narrow[run[0]])
        yield span_too_narrow.finding(subject, "run" if others else "", related=others or only, only=only, run=refs)


def _runs(tree: Hierarchy, narrow: Mapping[str, tuple[str, ...]]) -> Iterable[list[str]]:
    """Gather records that stand directly below one another, each run from its top, siblings' runs together."""
    runs: dict[str, list[str]] = {}
    top_of: dict[str, str] = {}
    for id in sorted(narrow, key=lambda id: (tree.depth(id) or 0, tree.index[id])):
        above = tree.parent(id)
        top = top_of[id] = top_of.get(above or "", id)
        runs.setdefault(top, []).append(id)
    return runs.values()


def _chain(length: int) -> list[Record]:
    above = {f"m{n}": f"m{n - 1}" for n in range(1, length)}
    managers = [
        Position(id=f"m{n}", title=f"Manager {n}", unit="hq", reports_to=above.get(f"m{n}")) for n in range(length)
    ]
    return [Unit(id="hq", name="Head office", heads=("m0",)), *managers]


@span_too_narrow.fires()
def _bottleneck() -> Iterable[Record]:
    return _chain(4)[:-1] + [Position(id=f"c{n}", title=f"Clerk {n}", unit="hq", reports_to="m2") for n in range(2)]


@span_too_narrow.fires()
def _bottlenecks() -> Iterable[Record]:
    return _chain(5)


@span_too_narrow.silent()
def _beginning() -> Iterable[Record]:
    return _chain(3)


@frozen
class LayerThresholds(Value):
    """How many layers there may be.

    Attributes:
        most: the most layers, the top and those who manage nobody included.
    """

    most: int = field(default=8, metadata=at_least(1))


@rule(
    "ORG203",
    name="too-many-layers",
    severity=WARNING,
    en="There are {layers} layers from {top} down to {subject}; {most} are the most.",
    zh="从{top}到{subject}共有 {layers} 层；最多宜 {most} 层。",
    needs=("position",),
    thresholds=LayerThresholds(),
)
def too_many_layers(m: ModelView, context: Context) -> Iterator[Finding]:
    """The longest chain of command has more layers than the threshold.

    Why it matters: news and decisions lose time and meaning at every layer.

    How to fix: look for one-to-one chains (ORG204) and narrow spans (ORG202) along the chain.

    When it is wrong to heed it: in very large or very regulated organisations; raise the threshold.

    Source: Drucker, "The Practice of Management", 1954, which counts seven levels as the most any business needs; the
    default leaves one for the holding above it. The deepest chain of each tree is named once.
    """
    tree = hierarchy(m, context.at)
    most = thresholds_for_all(m, context).most
    if tree.layers <= most:
        return
    index = tree.index
    for top in tree.roots:
        depths = ((tree.depths[index[id]] or 0, id) for id in tree.descendants(top))
        depth, id = max(depths, key=lambda found: found[0], default=(0, top))
        if depth >= most:
            yield too_many_layers.finding(
                position(id), related=[position(top)], layers=depth + 1, most=most, top=position(top)
            )


@too_many_layers.fires()
def _tall() -> Iterable[Record]:
    return _chain(9)


@too_many_layers.silent()
def _just() -> Iterable[Record]:
    return _chain(8)


@rule(
    "ORG204",
    name="one-to-one-chain",
    severity=INFO,
    opt_in=True,
    en="{subject} has a single report, {only}.",
    zh="{subject}只有一个下属岗位：{only}。",
    needs=("position",),
)
def one_to_one(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position of one seat has exactly one position of one seat below it.

    Why it is worth knowing: one of the two may be a layer without work of its own.

    How to fix: merge the two, or give the manager more to lead.

    When it is wrong to heed it: in small organisations, where it is normal; so it is opt-in.
    """
    tree = hierarchy(m, context.at)
    seats = m.column(Position.seats)
    for place, span in enumerate(tree.spans):
        if span == 1 and seats[place] <= 1 and tree.depths[place] is not None:
            (only,) = tree.children(tree.ids[place])
            if seats[tree.place(only)] <= 1:
                yield one_to_one.finding(position(tree.ids[place]), related=[position(only)], only=position(only))


@one_to_one.fires()
def _pair() -> Iterable[Record]:
    return _team(1)


@one_to_one.silent()
def _three() -> Iterable[Record]:
    return _team(2)


RULES = (span_too_wide, span_too_narrow, too_many_layers, one_to_one)
"""The rules of this module."""
