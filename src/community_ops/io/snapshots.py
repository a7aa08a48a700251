"""A series of spreadsheets of the same posts: a model for each date, and what happened in between."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import PurePath

from attrs import evolve, frozen

from community_ops.io.comings import Event, events_between
from community_ops.io.headers import Columns
from community_ops.io.import_rules import report_on
from community_ops.io.oddities import Oddity, SheetSource, sheet_ref
from community_ops.io.posts_csv import read_posts_csv
from community_ops.kernel.changes import ChangeSet, diff
from community_ops.operating_model import OperatingModel
from community_ops.validation.report import Report

_WORKBOOKS = (".xlsx", ".xlsm")
COMPLETE = 0.5


@frozen(eq=False)
class Snapshot:
    """One spreadsheet of a series.

    Attributes:
        at: the date it shows.
        file: its name as it was given.
        model: what it says.
        report: what is odd about it.
        complete: whether it holds enough of the posts of the one before to be compared with it.
        since: the date of the one it is compared with; None for the first, and for one that is not complete.
        changes: what turns the model of that one into this one; None where there is none.
        events: the same as people tell it: who joined, left and moved, what was retitled.
    """

    at: date
    file: str
    model: OperatingModel
    report: Report
    complete: bool = True
    since: date | None = None
    changes: ChangeSet | None = None
    events: tuple[Event, ...] = ()

    def __str__(self) -> str:
        if not self.complete:
            return f"{self.at}: {self.file} is incomplete, with {len(self.model.positions)} posts; not compared"
        if self.since is None:
            return f"{self.at}: {len(self.model.positions)} posts, {len(self.model.people)} people"
        told = [f"  {event}" for event in self.events] or ["  nothing happened"]
        return "\n".join([f"{self.at}: since {self.since}", *told])


def read_snapshots(
    series: Iterable[tuple[date, str | os.PathLike[str]]],
    columns: Columns | None = None,
    *,
    complete: float = COMPLETE,
) -> tuple[Snapshot, ...]:
    """Read a series of spreadsheets of posts, and tell what happened between each and the next.

    Posts are the same where their refs are. People are the same where their staff numbers are, or else where somebody
    of that name still holds the same post. Somebody who left one post, and whose name, borne by nobody else, turns up
    on another is told as moved, by name only.

    Args:
        series: the date and the file of each, CSV or Excel, in any order.
        columns: as in `read_posts_csv`.
        complete: the share of the posts of the last complete spreadsheet that one must hold to count as complete. One
            that does not is reported, and compared with nothing: the next complete one is compared with the last.

    Returns:
        A snapshot for each file, by date.

    Raises:
        OSError: a file cannot be read.
        InvalidDocument: a file is no table with headers.
        ValueError: two files are of one date.
    """
    in_order = sorted(series, key=lambda one: one[0])
    for (day, file), (other, _) in zip(in_order[1:], in_order, strict=False):
        if day == other:
            raise ValueError(f"two spreadsheets are of {day}; one is {os.fsdecode(file)}")
    made: list[Snapshot] = []
    last: Snapshot | None = None
    for day, file in in_order:
        snapshot = _read(day, file, columns)
        if last is not None:
            if len(snapshot.model.positions) < complete * len(last.model.positions):
                snapshot = _incomplete(snapshot, len(last.model.positions))
            else:
                snapshot = _compared(last, snapshot)
        made.append(snapshot)
        last = snapshot if snapshot.complete else last
    return tuple(made)


def _read(day: date, file: str | os.PathLike[str], columns: Columns | None) -> Snapshot:
    name = os.fsdecode(file)
    if PurePath(name).suffix.casefold() in _WORKBOOKS:
        from community_ops.io.workbook import read_posts_excel  # noqa: PLC0415 - an extra

        model, report = read_posts_excel(file, columns=columns)
    else:
        model, report = read_posts_csv(file, columns)
    return Snapshot(day, name, model, report)


def _incomplete(snapshot: Snapshot, before: int) -> Snapshot:
    model = snapshot.model
    source = model.provenance.source
    assert isinstance(source, SheetSource)
    parameters = {"count": len(model.positions), "before": before}
    source = source.with_oddities(Oddity(code="IMP501", subject=sheet_ref(snapshot.file), parameters=parameters))
    model = type(model)._of_tables(model._tables, model._memo, evolve(model.provenance, source=source))
    return evolve(snapshot, model=model, report=report_on(model), complete=False)


def _compared(before: Snapshot, after: Snapshot) -> Snapshot:
    changes = diff(before.model, after.model)
    events = tuple(events_between(before.model, after.model, changes))
    return evolve(after, since=before.at, changes=changes, events=events)
