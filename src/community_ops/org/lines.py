"""Dated and second reporting lines: which are in force, and which take the place of `Position.reports_to`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.records import LineKind, ReportingLine


@frozen
class Line:
    """A reporting line in force, without its period.

    Attributes:
        id: the `ReportingLine`.
        position: who reports.
        manager: to whom.
        kind: solid, or one of the dotted kinds.
    """

    id: str
    position: str
    manager: str
    kind: LineKind


@derived(cutoff=True)
def _places_in_force(m: ModelView, at: date | None) -> tuple[int, ...]:
    """Return the places of the lines in force: the one that started last first, at a tie the smallest id."""
    periods: dict[int, DateRange | None] = {
        place: period
        for place, period in enumerate(m.column(ReportingLine.period))
        if period is None or (at is not None and period.covers(at))
    }
    ids = m.ids(ReportingLine)

    def started(place: int) -> tuple[bool, date]:
        period = periods[place]
        return period is not None, (period and period.start) or date.min

    return tuple(sorted(sorted(periods, key=ids.__getitem__), key=started, reverse=True))


@derived
def lines_at(m: ModelView, at: date | None = None) -> tuple[Line, ...]:
    """Return the reporting lines of every kind that are in force, in table order.

    Args:
        m: the model.
        at: the day; None leaves out lines that have a period.

    A line without a period is always in force. `Position.reports_to` is not among them. A schema may well do without
    reporting lines; then there are none.
    """
    if not m.schema.heirs(ReportingLine):
        return ()
    ids = m.ids(ReportingLine)
    kinds: tuple[LineKind, ...] = m.column(ReportingLine.kind)
    positions, managers = m.column(ReportingLine.position), m.column(ReportingLine.manager)
    return tuple([Line(ids[i], positions[i], managers[i], kinds[i]) for i in sorted(_places_in_force(m, at))])


@derived(cutoff=True)
def solid_managers(m: ModelView, at: date | None = None) -> Mapping[str, str]:
    """Return the managers that solid lines in force give to positions in place of `Position.reports_to`.

    Args:
        m: the model.
        at: the day; None leaves out lines that have a period.

    Returns:
        The manager's id by the position's id, for positions that have such a line. Of several, the one that
        started last holds, one with a period before one without; of several that started on one day, the one
        with the smallest id. `contested_lines` names such positions.
    """
    chosen: dict[str, str] = {}
    kinds = m.column(ReportingLine.kind) if m.schema.heirs(ReportingLine) else ()
    if "solid" in kinds:
        positions, managers = m.column(ReportingLine.position), m.column(ReportingLine.manager)
        for place in _places_in_force(m, at):
            if kinds[place] == "solid":
                chosen.setdefault(positions[place], managers[place])
    return MappingProxyType(dict(sorted(chosen.items())))  # in an order of its own, or dates alone would change it


@derived
def contested_lines(m: ModelView, at: date | None = None) -> tuple[tuple[Line, ...], ...]:
    """Return, for every position to which solid lines in force give different managers, those lines.

    Args:
        m: the model.
        at: the day; None leaves out lines that have a period.
    """
    by_position: dict[str, list[Line]] = {}
    for line in lines_at(m, at):
        if line.kind == "solid":
            by_position.setdefault(line.position, []).append(line)
    several = [lines for lines in by_position.values() if len({line.manager for line in lines}) > 1]
    return tuple(map(tuple, several))
