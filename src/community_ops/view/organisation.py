"""The scene of an organisation's positions: who reports to whom, who holds what, what is vacant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from attrs import frozen

from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.holding import Staffing, staffing
from community_ops.org.lines import lines_at, solid_managers
from community_ops.org.records import Assignment, Position, ReportingLine
from community_ops.org.seating import Seating
from community_ops.org.structure import Hierarchy, hierarchy, unit_tree
from community_ops.validation.wording import Language, phrase
from community_ops.view.scene import (
    HOLDERS_NAMED,
    LIMIT,
    Box,
    Scene,
    Selection,
    State,
    Tie,
    cycle_ties,
    fault_words,
    label,
    select,
)
from community_ops.view.words import listed, say

_NEEDED = ("unit", "position", "person", "assignment", "reporting_line")
_UNITS_NAMED = 12


def has_positions(m: ModelView) -> bool:
    """Tell whether a model's schema has the kinds an organisation chart is made of, and it holds a position."""
    return all(kind in m.schema.kinds for kind in _NEEDED) and bool(m.ids(Position))


def position_scene(m: ModelView, at: date | None = None, language: Language = "en", limit: int = LIMIT) -> Scene:
    """Return the scene of an organisation's positions.

    Args:
        m: the model.
        at: the day; None leaves out lines with a period, and names every holder on record with the last day, if any.
        language: of the words; names are as the model has them.
        limit: the most positions to show.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> model = OperatingModel.of(Position(id="ceo", title="CEO", unit="hq"))
        >>> position_scene(model, date(2026, 3, 2)).boxes[0].vacancy
        'vacant'
    """
    tree = hierarchy(m, at)
    chosen = select(tree, limit)
    seats = None if at is None else staffing(m, at)
    boxes = _Boxes(m, at, language, tree, chosen, seats, _recorded(m, chosen) if seats is None else {})
    ties, phrases = _ties(m, at, language, tree, chosen)
    title = say("org_chart", language)
    return Scene(
        title=title if at is None else say("on_day", language, title=title, day=at),
        summary=_summary(tree, seats, language),
        language=language,
        kind="position",
        boxes=tuple([boxes.box(place, tuple(phrases.get(place, ()))) for place in range(len(chosen.ids))]),
        above=chosen.above,
        ties=ties,
        notes=tuple(_notes(m, at, language, chosen.left_out, limit)),
        hidden=chosen.left_out,
    )


def _recorded(m: ModelView, chosen: Selection) -> dict[str, list[int]]:
    """Return for the positions shown where in the table their assignments stand, whatever the day."""
    found: dict[str, list[int]] = {}
    for place, position in enumerate(m.column(Assignment.position)):
        if position in chosen.places:
            found.setdefault(position, []).append(place)
    return found


@frozen(eq=False)
class _Boxes:
    """Makes the boxes; `recorded` stands in for `staffing` where no day is given."""

    m: ModelView
    at: date | None
    language: Language
    tree: Hierarchy
    chosen: Selection
    staffing: Staffing | None
    recorded: Mapping[str, list[int]]

    def box(self, place: int, lines: tuple[str, ...]) -> Box:
        id = self.chosen.ids[place]
        position = self.m.table(Position)[id]
        seating = None if self.staffing is None else self.staffing.get(id)
        state, vacancy = self._state(position, seating)
        above = self.tree.parent(id)
        return Box(
            id=id,
            title=label(position.title, id),
            caption=self._name("unit", position.unit),
            above=self._name("position", above) if above else "",
            holders=self._holders(id, seating),
            unnamed=max(0, (len(seating.people) if seating else len(self.recorded.get(id, ()))) - HOLDERS_NAMED),
            seats=position.seats,
            filled=None if seating is None else seating.filled,
            seating=self._seating(position, seating),
            state=state,
            vacancy=vacancy,
            lines=lines,
            faults=self._faults(place, position),
            remarks=tuple(self._remarks(place, position, seating)),
            hidden=self.chosen.hidden[place],
        )

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def _name(self, kind: str, id: str) -> str:
        return label(self.m.label(Ref(kind, id)), id)

    def _state(self, position: Position, seating: Seating | None) -> tuple[State, str]:
        """Return the state and the word for it; with no day given, only what holds on every day."""
        if position.status in ("planned", "closed"):
            return "absent", self._say(position.status)
        if self.at is None:
            vacant = position.seats > 0 and position.id not in self.recorded
            return ("vacant", self._say("vacant")) if vacant else ("plain", "")
        if seating is None:
            start = position.period.start if position.period else None
            return "absent", self._say("not_yet" if start is not None and self.at < start else "ended")
        if seating.vacant:
            since = seating.vacant_since
            return "vacant", self._say("vacant_since", day=since) if since else self._say("vacant")
        return ("part" if seating.filled < seating.seats else "filled"), ""

    def _holders(self, id: str, seating: Seating | None) -> tuple[str, ...]:
        if seating is not None:
            names = [self._name("person", person) for person in seating.people[:HOLDERS_NAMED]]
            return tuple([self._say("acting", name=name) for name in names] if seating.acting else names)
        people, periods = self.m.column(Assignment.person), self.m.column(Assignment.period)
        return tuple([self._recorded_holder(people[i], periods[i]) for i in self.recorded.get(id, ())[:HOLDERS_NAMED]])

    def _recorded_holder(self, person: str, period: DateRange | None) -> str:
        name = self._name("person", person)
        return name if period is None or period.end is None else self._say("until", name=name, day=period.end)

    def _seating(self, position: Position, seating: Seating | None) -> str:
        if position.seats == 0:
            return self._say("no_seats")
        if seating is None:
            return self._say("seats", n=position.seats) if position.seats > 1 else ""
        if seating.seats == 1 and (seating.filled == 1 or seating.vacant):
            return ""
        return self._say("seats_filled", filled=seating.filled, seats=seating.seats)

    def _faults(self, place: int, position: Position) -> tuple[str, ...]:
        fault = self.chosen.faults[place]
        if not fault:
            return ()
        above = solid_managers(self.m, self.at).get(position.id, position.reports_to)
        return tuple(fault_words(fault, self._name("position", above) if above else None, self.language))

    def _remarks(self, place: int, position: Position, seating: Seating | None) -> Iterator[str]:
        if seating is not None and not seating.vacant and seating.open_since is not None:
            yield self._say("open_since", day=seating.open_since)
        if seating is not None and seating.over_filled():
            fte = phrase(seating.fte, self.language, str)
            yield self._say("over_filled", fte=fte, n=seating.seats)
        if position.status in ("hiring", "frozen"):
            yield self._say(position.status)
        if self.chosen.hidden[place]:
            yield self._say("hidden_reports", n=self.chosen.hidden[place])


def _ties(
    m: ModelView, at: date | None, language: Language, tree: Hierarchy, chosen: Selection
) -> tuple[tuple[Tie, ...], dict[int, list[str]]]:
    """Return the lines beside the tree, and by place what each box says of those that start from it."""
    ties = list(cycle_ties(chosen, language))
    phrases: dict[int, list[str]] = {}
    for line in lines_at(m, at):
        source = chosen.places.get(line.position)
        kind = "second" if line.kind == "solid" else line.kind
        if source is None or (kind == "second" and tree.parent(line.position) == line.manager):
            continue
        manager = label(m.label(Ref("position", line.manager)), line.manager)
        words = say("dotted_to", language, kind=say(kind, language), name=manager)
        phrases.setdefault(source, []).append(words)
        target = chosen.places.get(line.manager)
        if target is not None:
            ties.append(Tie(source, target, kind, words))
    return tuple(ties), phrases


def _summary(tree: Hierarchy, seats: Staffing | None, language: Language) -> str:
    counts = [say("positions_count", language, n=len(tree))]
    if seats is not None:
        counts.append(say("seats_count", language, filled=sum(seats.filled), seats=sum(seats.seats)))
        if seats.vacant:
            counts.append(say("vacant_count", language, n=len(seats.vacant)))
    return ("，" if language == "zh" else ", ").join(counts)


def _notes(m: ModelView, at: date | None, language: Language, left_out: int, limit: int) -> Iterator[str]:
    if left_out:
        yield say("not_shown", language, n=left_out, limit=limit)
    empty = _empty_units(m)
    if empty:
        names = [label(m.label(Ref("unit", id)), id) for id in empty[:_UNITS_NAMED]]
        more = [say("more", language, n=len(empty) - _UNITS_NAMED)] if len(empty) > _UNITS_NAMED else []
        yield say("empty_units", language, names=listed([*names, *more], language))
    if at is None:
        if m.ids(Assignment):
            yield say("undated", language)
        dated = len(m.ids(ReportingLine)) - len(lines_at(m, None))
        if dated:
            yield say("undated_lines", language, n=dated)


def _empty_units(m: ModelView) -> list[str]:
    """Return the units without a position, neither in themselves nor in any part of theirs."""
    units = unit_tree(m)
    held = Counter(m.column(Position.unit))
    return [id for id, count in zip(units.ids, units.rollup([held[id] for id in units.ids]), strict=True) if not count]
