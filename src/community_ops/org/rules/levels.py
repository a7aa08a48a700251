"""Rules about the levels of managers and those who report to them (ORG514, ORG515); both are opt-in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions
from community_ops.org.records import Position, Unit
from community_ops.org.rules.addresses import position
from community_ops.org.structure import hierarchy
from community_ops.validation.finding import INFO, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule


def _line(*levels: str | None) -> list[Record]:
    """Return positions of some levels, each reporting to the one before it."""
    above: list[str | None] = [None, *(f"p{n}" for n in range(len(levels)))]
    positions = [
        Position(id=f"p{n}", title=f"Position {n}", unit="hq", level=level, reports_to=above[n])
        for n, level in enumerate(levels)
    ]
    return [Unit(id="hq", name="Head office", kind="organisation", heads=("p0",)), *positions]


@frozen
class LevelThresholds(Value):
    """How far a line may lead from level to level.

    Attributes:
        order: the values of `Position.level` from the top down; positions of other levels are not judged.
        most: how many levels a line may lead up; 1 is to the next.
    """

    order: tuple[str, ...] = ("executive", "manager", "lead", "specialist")
    most: int = field(default=2, metadata=at_least(0))


@rule(
    "ORG514",
    name="level-jump",
    severity=INFO,
    opt_in=True,
    en="{positions} {verb} to {subject}, {steps} levels above.",
    zh="{positions}向高出 {steps} 级的{subject}汇报。",
    needs=("position",),
    thresholds=LevelThresholds(),
)
def level_jump(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position reports to a manager more levels above it than the threshold.

    Why it is worth knowing: the manager has little time for so small a matter, and whoever is between is passed over.

    How to fix: let it report to somebody of the level between.

    When it is wrong to heed it: for assistants and staff positions of the top; so it is opt-in, and because every
    organisation names its levels in its own words: set `order` to yours.

    Reports of one manager that are the same number of levels below are one finding.
    """
    limits = thresholds_for_all(m, context)
    ranks = {level: rank for rank, level in reversed(list(enumerate(limits.order)))}
    found: dict[tuple[int, int], list[str]] = {}
    for place, above in _lines(m, context):
        low, high = (ranks.get(m.column(Position.level)[one] or "") for one in (place, above))
        if low is not None and high is not None and low - high > limits.most:
            found.setdefault((above, low - high), []).append(m.ids(Position)[place])
    for (above, steps), ids in found.items():
        refs = tuple(map(position, ids))
        yield level_jump.finding(
            position(m.ids(Position)[above]), key=(str(steps),), related=refs, positions=refs, steps=steps,
            verb="reports" if len(refs) == 1 else "report",
        )  # fmt: skip


def _lines(m: ModelView, context: Context) -> Iterator[tuple[int, int]]:
    """Yield the places of every position and its manager, without closed ones and those on or below a cycle."""
    tree, gone = hierarchy(m, context.at), ended_positions(m, context.at)
    over = {tree.index[id] for id in gone}
    for place, (above, depth) in enumerate(zip(tree.parents, tree.depths, strict=True)):
        if above is not None and depth is not None and place not in over and above not in over:
            yield place, above


@level_jump.fires()
def _assistant() -> Iterable[Record]:
    return _line("executive", "specialist")


@level_jump.silent()
def _next_but_one() -> Iterable[Record]:
    return _line("executive", "lead", "specialist", "astronaut", None)


@rule(
    "ORG515",
    name="manager-at-the-same-level",
    severity=INFO,
    opt_in=True,
    en="{positions} {verb} to {subject}, who is at the same level, {level}.",
    zh="{positions}向同级（{level}）的{subject}汇报。",
    needs=("position",),
)
def same_level(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position reports to a manager of its own level.

    Why it is worth knowing: either the levels are not what is lived, or one of the two is a layer too many.

    How to fix: correct the level of one, or let both report to the same manager.

    When it is wrong to heed it: where levels are grades of pay, or so broad that several layers share one; so it is
    opt-in. Lines to the top are not judged: whoever leads the leadership is one of them.
    """
    levels, depths = m.column(Position.level), hierarchy(m, context.at).depths
    found: dict[int, list[str]] = {}
    for place, above in _lines(m, context):
        if levels[place] is not None and levels[place] == levels[above] and depths[above]:
            found.setdefault(above, []).append(m.ids(Position)[place])
    for above, ids in found.items():
        refs = tuple(map(position, ids))
        yield same_level.finding(
            position(m.ids(Position)[above]), related=refs, positions=refs, level=levels[above],
            verb="reports" if len(refs) == 1 else "report",
        )  # fmt: skip


@same_level.fires()
def _two_leads() -> Iterable[Record]:
    return _line("executive", "lead", "lead")


@same_level.silent()
def _leadership() -> Iterable[Record]:
    return _line("executive", "executive", "lead", None, None)


RULES = (level_jump, same_level)
"""The rules of this module."""
