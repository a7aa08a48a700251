"""Durations, links and dates as they are given to `network.solve`: checked, and as columns.

What is right costs a few passes inside the interpreter; each value is looked at only where something is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from attrs import frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.text import shown
from community_ops.plan.measure import Complaint, complaints

TYPES = ("FS", "SS", "FF", "SF")
_FIELDS = len(("predecessor", "successor", "type", "lag"))


@frozen(eq=False)
class Given:
    """What is to be solved, without fault: one duration a task, and the links as columns.

    Attributes:
        durations: how long each task takes.
        predecessors: for each link the task it leads from.
        successors: for each link the task it leads to.
        types: for each link which ends it ties.
        lags: for each link the time between them.
        dates: the start, and the deadline where there is one.
    """

    durations: list[Any]
    predecessors: list[int]
    successors: list[int]
    types: list[str]
    lags: list[Any]
    dates: list[Any]


def read(durations: Iterable[Any], links: Iterable[Sequence[Any]], start: Any, deadline: Any) -> Given:
    """Check what was given.

    Raises:
        InvalidRecord: something has no meaning; `problems` names the place of each.
    """
    durations, rows = list(durations), list(links)
    _refuse(_misshapen(rows))
    cells = list(chain.from_iterable(rows))
    predecessors, successors, types, lags = [cells[place::_FIELDS] for place in range(_FIELDS)]
    dates = [start] if deadline is None else [start, deadline]
    _refuse(
        [
            *_no_tasks("links[{}].predecessor", predecessors, len(durations)),
            *_no_tasks("links[{}].successor", successors, len(durations)),
            *_no_types(types),
            *complaints(
                [
                    ("durations[{}]", durations, False),
                    ("links[{}].lag", lags, True),
                    ("start", dates[:1], True),
                    ("deadline", dates[1:], True),
                ]
            ),
        ]
    )
    return Given(durations, predecessors, successors, types, lags, dates)


def _refuse(found: list[Complaint]) -> None:
    if found:
        raise InvalidRecord("Network", None, found)


def _misshapen(rows: Sequence[Any]) -> list[Complaint]:
    if set(map(type, rows)) <= {tuple} and set(map(len, rows)) <= {_FIELDS}:
        return []
    return [
        (f"links[{place}]", row, f"must be (predecessor, successor, type, lag), got {shown(row)}")
        for place, row in enumerate(rows)
        if not isinstance(row, (tuple, list)) or len(row) != _FIELDS
    ]


def _no_tasks(name: str, column: Sequence[Any], count: int) -> list[Complaint]:
    if set(map(type, column)) <= {int} and min(column, default=0) >= 0 and max(column, default=-1) < count:
        return []
    tasks = (
        f"must be the number of a task, 0 to {count - 1}"
        if count
        else "must be the number of a task, but there is none"
    )
    return [
        (name.format(place), value, f"{tasks}, got {shown(value)}")
        for place, value in enumerate(column)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < count
    ]


def _no_types(column: Sequence[Any]) -> list[Complaint]:
    if set(map(type, column)) <= {str} and set(column) <= set(TYPES):
        return []
    return [
        (f"links[{place}].type", value, f"must be one of {', '.join(TYPES)}, got {shown(value)}")
        for place, value in enumerate(column)
        if not isinstance(value, str) or value not in TYPES
    ]
