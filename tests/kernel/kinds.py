"""Record kinds for the kernel's tests: few, and between them with every shape a field can have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import ClassVar, Literal

from attrs import field, frozen
from hypothesis import strategies as st

from community_ops.kernel.frozenmap import EMPTY, freeze
from community_ops.kernel.model import Model, TableOf
from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least, ref
from community_ops.kernel.ref import Ref
from community_ops.kernel.schema import Schema
from community_ops.kernel.values import DateRange, Estimate, Money


@frozen
class Link(Value):
    """A reference with fields beside it; false as long as it has no lag, which must not hide it."""

    task: str = field(metadata=ref("task", "after"))
    lag: timedelta = timedelta()

    def __bool__(self) -> bool:
        return bool(self.lag)


@frozen
class Clause(Value):
    """A value inside which a value holds references."""

    text: str
    link: Link | None = None
    weight: Decimal = field(default=Decimal(1), converter=exact)


@frozen(kw_only=True)
class Team(Record):
    kind_name: ClassVar[str] = "team"
    table_name: ClassVar[str] = "teams"

    name: str
    parent: str | None = field(default=None, metadata=ref("team", "part of", acyclic=True))
    heads: tuple[str, ...] = field(default=(), metadata=ref("post", "headed by"))


@frozen(kw_only=True)
class Post(Record):
    kind_name: ClassVar[str] = "post"
    table_name: ClassVar[str] = "posts"

    title: str
    team: str = field(metadata=ref("team", "in"))
    boss: str | None = field(default=None, metadata=ref("post", "reports to", acyclic=True))
    seats: int = field(default=1, metadata=at_least(0))
    share: Decimal = field(default=Decimal(1), converter=exact, metadata=at_least(0))
    pay: Money | None = None


@frozen(kw_only=True)
class Task(Record):
    kind_name: ClassVar[str] = "task"
    table_name: ClassVar[str] = "tasks"

    name: str = ""
    owner: str | None = field(default=None, metadata=ref("post", "owned by"))
    about: Ref | None = field(default=None, metadata=ref(None, "about"))
    also: tuple[Ref, ...] = ()
    links: tuple[Link, ...] = ()
    clause: Clause | None = None
    clauses: Mapping[str, Clause] = field(factory=dict)
    pair: tuple[str, int] | None = None
    done: bool = False
    effort: int | None = None
    weight: float = 0.0
    cost: Decimal | None = None
    due: date | None = None
    at: datetime | None = None
    spent: timedelta | None = None
    state: Literal["open", "shut"] = "open"
    estimate: Estimate | None = None
    period: DateRange | None = None
    labels: Mapping[str, str] = EMPTY


class World(Model):
    __slots__ = ()

    schema: ClassVar[Schema] = Schema.of(Team, Post, Task)

    teams = TableOf(Team)
    posts = TableOf(Post)
    tasks = TableOf(Task)


def world() -> World:
    """Two teams, three posts, two tasks; every reference leads somewhere."""
    return World.of(
        Team(id="hq", name="Headquarters", heads=("ceo",)),
        Team(id="ops", name="Operations", parent="hq", heads=("coo", "ceo")),
        Post(id="ceo", title="Chief", team="hq"),
        Post(id="coo", title="Operations chief", team="ops", boss="ceo", seats=2),
        Post(id="dev", title="Developer", team="ops", boss="coo", share="0.5"),
        Task(id="plan", name="Plan", owner="ceo", about=Ref("team", "ops")),
        Task(
            id="build",
            name="Build",
            owner="dev",
            links=(Link("plan"), Link("plan", timedelta(days=2))),
            also=(Ref("post", "coo"), Ref("task", "plan")),
            clause=Clause("as agreed", Link("plan")),
            clauses={"a": Clause("first", Link("build")), "b": Clause("second")},
        ),
    )


# -- strategies: by hand, so that they can disagree with the declarations -------------------------------------------

IDS = ["a", "b", "c", "d", "e", "f"]
ids = st.sampled_from(IDS)
texts = st.text(st.characters(codec="utf-8"), max_size=4)
decimals = st.decimals(-1000, 1000, places=2).map(lambda d: d + 0) | st.sampled_from(
    [Decimal("1"), Decimal("1.0"), Decimal("0.50")]
)
refs = st.builds(Ref, st.sampled_from(["team", "post", "task", "elsewhere"]), ids)
links = st.builds(Link, ids, st.timedeltas())
clauses = st.builds(Clause, texts, st.none() | links, decimals)
offsets = st.integers(-24 * 60 + 1, 24 * 60 - 1).map(lambda minutes: timedelta(minutes=minutes))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
extras = st.just(EMPTY) | st.dictionaries(texts, json_values, max_size=3).map(freeze)


def _tuples(of: st.SearchStrategy, size: int = 3) -> st.SearchStrategy:
    return st.lists(of, max_size=size).map(tuple)


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    return draw(st.datetimes()).replace(tzinfo=timezone(draw(offsets)), fold=0)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    return Estimate(draw(decimals), draw(decimals), draw(decimals))


def teams(id: str) -> st.SearchStrategy[Team]:
    return st.builds(Team, id=st.just(id), name=texts, parent=st.none() | ids, heads=_tuples(ids), extra=extras)


def posts(id: str) -> st.SearchStrategy[Post]:
    return st.builds(
        Post,
        id=st.just(id),
        title=texts,
        team=ids,
        boss=st.none() | ids,
        seats=st.integers(0, 10**6),
        share=st.decimals(0, 2, places=1) | st.sampled_from([Decimal("1"), Decimal("1.0")]),
        pay=st.none() | st.builds(Money, decimals, st.sampled_from(["CNY", "EUR"])),
        extra=extras,
    )


def tasks(id: str) -> st.SearchStrategy[Task]:
    return st.builds(
        Task,
        id=st.just(id),
        name=texts,
        owner=st.none() | ids,
        about=st.none() | refs,
        also=_tuples(refs),
        links=_tuples(links),
        clause=st.none() | clauses,
        clauses=st.dictionaries(texts, clauses, max_size=2),
        pair=st.none() | st.tuples(texts, st.integers()),
        done=st.booleans(),
        effort=st.none() | st.integers(),
        weight=st.floats(allow_nan=False, allow_infinity=False),
        cost=st.none() | decimals,
        due=st.none() | st.dates(),
        at=st.none() | instants(),
        spent=st.none() | st.timedeltas(),
        state=st.sampled_from(["open", "shut"]),
        estimate=st.none() | estimates(),
        period=st.none() | st.builds(DateRange, st.none() | st.dates(), st.none() | st.dates()),
        labels=st.dictionaries(texts, texts, max_size=2),
        extra=extras,
    )


MAKERS = {"team": teams, "post": posts, "task": tasks}


@st.composite
def worlds(draw: st.DrawFn, kinds: Iterable[str] = ("team", "post", "task"), most: int = 3) -> World:
    """Draw a small model; references may dangle, and often do not."""
    records: list[Record] = []
    for kind in kinds:
        for id in draw(st.lists(ids, unique=True, max_size=most)):
            records.append(draw(MAKERS[kind](id)))
    return World(records)
