"""Kinds an embedding application might declare: every shape there is, and every way in which kinds can need others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from attrs import field, frozen

from community_ops import OperatingModel, Position
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record, Value, at_least, ref
from community_ops.kernel.ref import Ref
from community_ops.kernel.schema import Schema
from community_ops.kernel.values import DateRange, Estimate, Money


@frozen
class Step(Value):
    """A value with references of both sorts, and an id of its own."""

    id: str
    after: str = field(metadata=ref("everything", "after", acyclic=True))
    about: Ref | None = None
    amount: Money | None = None


@frozen(kw_only=True)
class Everything(Record):
    """A field of every shape."""

    kind_name: ClassVar[str] = "everything"
    table_name: ClassVar[str] = "everythings"

    text: str
    choice: Literal["a", "b"]
    flag: bool
    whole: int
    many: int = field(metadata=at_least(3))
    number: float
    share: float = field(metadata=at_least(0))
    exact: Decimal
    price: Decimal = field(metadata=at_least(Decimal("0.125")))
    day: date
    moment: datetime
    length: timedelta
    money: Money
    period: DateRange
    estimate: Estimate
    pair: tuple[int, str]
    words: tuple[str, ...]
    scores: Mapping[str, Decimal]
    unit: str = field(metadata=ref("unit", "in"))
    above: str | None = field(default=None, metadata=ref("everything", "above", acyclic=True))
    about: Ref = field(metadata=ref(None, "about"))
    steps: tuple[Step, ...] = ()
    first: Step | None = None
    by_name: Mapping[str, Step] = field(factory=dict)
    ends: tuple[tuple[Step, int], ...] = ()
    level: int | None = 3
    home: str = field(default="nowhere", metadata=ref("unit", "at home in"))


class EveryShape(OperatingModel):
    """The built-in kinds and one with a field of every shape."""

    schema = OperatingModel.schema.extend(Everything)


@frozen(kw_only=True)
class Egg(Record):
    """Needs a hen, which needs an egg."""

    kind_name: ClassVar[str] = "egg"
    table_name: ClassVar[str] = "eggs"

    layer: str = field(metadata=ref("hen", "laid by"))


@frozen(kw_only=True)
class Hen(Record):
    """Needs an egg, which needs a hen."""

    kind_name: ClassVar[str] = "hen"
    table_name: ClassVar[str] = "hens"

    origin: str = field(metadata=ref("egg", "out of"))


@frozen(kw_only=True)
class Turtle(Record):
    """Stands on another turtle, all the way down, without a cycle: there can be none."""

    kind_name: ClassVar[str] = "turtle"
    table_name: ClassVar[str] = "turtles"

    on: str = field(metadata=ref("turtle", "stands on", acyclic=True))


@frozen(kw_only=True)
class Rider(Record):
    """Needs a turtle, so there can be none either."""

    kind_name: ClassVar[str] = "rider"
    table_name: ClassVar[str] = "riders"

    turtle: str = field(metadata=ref("turtle", "rides"))


@frozen(kw_only=True)
class Mirror(Record):
    """Needs a mirror, and may be its own."""

    kind_name: ClassVar[str] = "mirror"
    table_name: ClassVar[str] = "mirrors"

    shows: str = field(metadata=ref("mirror", "shows"))


@frozen(kw_only=True)
class Note(Record):
    """About any record that was there before it."""

    kind_name: ClassVar[str] = "note"
    table_name: ClassVar[str] = "notes"

    about: Ref = field(metadata=ref(None, "about", acyclic=True))


@frozen(kw_only=True)
class Relay(Record):
    """Links three hens."""

    kind_name: ClassVar[str] = "relay"
    table_name: ClassVar[str] = "relays"

    start: str = field(metadata=ref("hen", "from"))
    middle: str = field(metadata=ref("hen", "over"))
    end: str = field(metadata=ref("hen", "to"))


class Farm(Model):
    """Kinds that need one another in every way."""

    schema = Schema.of(Note, Relay, Egg, Hen, Turtle, Rider, Mirror)


class Shell(Model):
    """A schema in which nothing can exist."""

    schema = Schema.of(Turtle, Rider)


@frozen(kw_only=True)
class Post(Position):
    """Takes the place of a built-in kind."""

    band: str


class Replaced(OperatingModel):
    """A schema in which a subclass has taken the place of a built-in kind."""

    schema = OperatingModel.schema.extend(Post)


@frozen
class Even(Value):
    """A value with a check that no declaration tells of."""

    number: int

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.number % 2:
            yield "number", "must be even"


@frozen(kw_only=True)
class Shoes(Record):
    """Holds a value with a check of its own."""

    kind_name: ClassVar[str] = "shoes"
    table_name: ClassVar[str] = "shoes"

    count: Even
