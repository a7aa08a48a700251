"""Posts written as a spreadsheet: a row for every holder and every open seat."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import StringIO

from community_ops.io.files import write_whole
from community_ops.io.posts import posts_of
from community_ops.io.posts_csv import grid_of_bytes
from community_ops.io.sheet import sheet_of
from community_ops.kernel.changes import ChangeSet, diff
from community_ops.operating_model import OperatingModel
from community_ops.org.ending import ended
from community_ops.org.records import Assignment, Position
from community_ops.org.seating import seats_filled
from community_ops.org.structure import hierarchy, unit_tree

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
VACANT, ELIMINATED = "Vacant", "Eliminated"


def neutral(text: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula (CWE-1236): an apostrophe before it if need be.

    Example:
        >>> neutral("=HYPERLINK(A1)"), neutral("＠SUM(1)"), neutral("Ann")
        ("'=HYPERLINK(A1)", "'＠SUM(1)", 'Ann')
    """
    return f"'{text}" if text[:1] in _FORMULA or text.lstrip()[:1] in _FORMULA else text


def write_posts_csv(model: OperatingModel, path: str | os.PathLike[str], at: date | None = None) -> ChangeSet:
    """Write the posts of a model as a CSV file that `read_posts_csv` reads: UTF-8 with a byte-order mark.

    Every holder has a row, and so has every open seat; a post that is closed has one that says so. A cell that a
    spreadsheet program would take for a formula gets an apostrophe before it.

    A spreadsheet says less than a model. Lost are other kinds of records; ids of units and assignments; missions and
    heads of units; what posts require and cost; periods of posts; skills; `extra`; the size of a seat where it is not
    that of its holder; the apostrophe stays.

    Args:
        model: the model.
        path: where to; the file is replaced whole or not at all.
        at: the day whose holders, lines and closed posts are written; None for all assignments, whatever their period,
            and the lines without one.

    Returns:
        What reading the file back would change in the model: empty where nothing is lost.

    Raises:
        OSError: the file cannot be written.

    Example:
        >>> from community_ops import OperatingModel, Position, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="HQ", name="HQ", kind="department"), Position(id="1", title="Chief", unit="HQ")
        ... )
        >>> print(write_posts_csv(model, "posts.csv"))
        (no changes)
    """
    text = posts_text(model, at)
    back = posts_of(sheet_of(grid_of_bytes(text.encode(), os.fsdecode(path)))) if model.positions else OperatingModel()
    write_whole(path, ["\ufeff", text])
    return diff(OperatingModel(model), back)


def posts_text(model: OperatingModel, at: date | None = None) -> str:
    """Return the posts of a model as CSV text; see `write_posts_csv`."""
    paths = _paths(model)
    depth = max([1, *map(len, paths.values())])
    out = StringIO(newline="")
    writer = csv.writer(out)
    levels = [f"Unit {level}" for level in range(1, depth + 1)]
    writer.writerow(
        ["Post ref", "Job title", *levels, "Reports to", "Name", "Person ID", "FTE", "Grade", "Mission", "E-mail",
         "Start date", "End date"]
    )  # fmt: skip
    tree = hierarchy(model, at)
    holders = _holders(model, at)
    dangling = dict(zip(model.positions.ids, model.positions.column("reports_to"), strict=True))
    for position in model.positions:
        path = paths.get(position.unit, (position.unit,))
        manager = tree.parent(position.id) or (dangling[position.id] if position.id in tree.dangling else None) or ""
        head = [position.id, position.title, *path, *[""] * (depth - len(path)), manager]
        tail = [position.level or "", position.mission]
        for cells in _holder_cells(model, position, holders.get(position.id, ()), tail, at):
            writer.writerow(map(neutral, [*head, *cells]))
    return out.getvalue()


def _paths(model: OperatingModel) -> Mapping[str, tuple[str, ...]]:
    """Return the names of every unit and of those above it, the widest first."""
    tree = unit_tree(model)
    return {
        unit.id: tuple([model.units[id].name for id in reversed([unit.id, *tree.chain(unit.id)])])
        for unit in model.units
    }


def _holders(model: OperatingModel, at: date | None) -> Mapping[str, list[Assignment]]:
    found: dict[str, list[Assignment]] = {}
    for assignment in model.assignments:
        if at is None or assignment.period is None or assignment.period.covers(at):
            found.setdefault(assignment.position, []).append(assignment)
    return found


def _holder_cells(
    model: OperatingModel, position: Position, holders: Iterable[Assignment], tail: list[str], at: date | None
) -> Iterator[list[str]]:
    """Yield what follows the post in each of its rows: holder, staff number, FTE, level, mission, e-mail, period."""
    held = list(holders)
    nobody = ["", "", ""]
    if ended(position.status, position.period, at):
        yield [ELIMINATED, "", _plain(position.seat_fte), *tail, *nobody]
        held = []
    for assignment in held:
        person = model.people.get(assignment.person)
        name = person.name if person is not None else assignment.person
        period = assignment.period
        days = [str(day) if day else "" for day in ((period.start, period.end) if period else (None, None))]
        mail = (person.email or "") if person is not None else ""
        yield [name, assignment.person, _plain(assignment.fte), *tail, mail, *days]
    if not ended(position.status, position.period, at):
        for _ in range(_open_seats(position, held)):
            yield [VACANT, "", _plain(position.seat_fte), *tail, *nobody]


def _open_seats(position: Position, held: list[Assignment]) -> int:
    """Return how many seats are open; a post without seats or holders has a row all the same, or it would be lost."""
    unit = Decimal(10) ** -6
    seat, fte = (int(value / unit) for value in (position.seat_fte, sum((a.fte for a in held), Decimal(0))))
    filled = seats_filled(position.seats, seat, fte, len(held))
    return max(position.seats - filled, 0 if held else 1)


def _plain(value: Decimal) -> str:
    return f"{value:f}"
