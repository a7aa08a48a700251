"""When the positions that serve a queue work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.placement import unit_of
from community_ops.org.records import Unit
from community_ops.org.structure import unit_tree
from community_ops.service.records import Queue
from community_ops.service.terms import UTC_TIME
from community_ops.worktime.counting import WorkTime
from community_ops.worktime.records import Calendar

_WEEK = timedelta(hours=40)
"""What a full-time equivalent works in a week where no calendar says so."""


@derived
def calendars_of_units(m: ModelView) -> Mapping[str, str | None]:
    """Return the calendar that each unit works by: its own, or that of the nearest unit above it which has one.

    A calendar that does not exist counts as none.
    """
    tree, there = unit_tree(m), m.id_set(Calendar)
    own = [calendar if calendar in there else None for calendar in m.column(Unit.calendar)]
    return MappingProxyType(dict(zip(tree.ids, tree.inherit(own), strict=True)))


def calendar_named(m: ModelView, id: str | None) -> Calendar | None:
    """Return the calendar of an id; None for no id, or where there is none."""
    found = None if id is None else m.get(Ref(Calendar.kind_name, id))
    return found if isinstance(found, Calendar) else None


def service_time(m: ModelView, queue: Queue) -> WorkTime:
    """Return when a queue is served; around the clock where nothing says so."""
    calendar = calendar_named(m, queue.calendar)
    return UTC_TIME if calendar is None else WorkTime(calendar)


def shift_time(m: ModelView, position: str, queue: Queue) -> WorkTime:
    """Return when a position works: by the calendar of its unit, or of the nearest above it, or else of the queue.

    Raises:
        UnknownRecord: there is no such position.
    """
    unit = unit_of(m, position)
    calendar = calendar_named(m, None if unit is None else calendars_of_units(m)[unit])
    return service_time(m, queue) if calendar is None else WorkTime(calendar)


def week_length(m: ModelView, queue: Queue) -> timedelta:
    """Return how much a full-time equivalent of those who serve a queue works in a week.

    That is what the calendar of the queue's unit says, or of the nearest above it, or else the queue's; 40 hours where
    there is none.
    """
    units = calendars_of_units(m)
    named = units.get(queue.unit) if queue.unit is not None else None
    calendar = calendar_named(m, named) or calendar_named(m, queue.calendar)
    return _WEEK if calendar is None else calendar.week_length
