"""Clean spreadsheets of posts, and oddities injected into them: what was injected must be found, and nothing else."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO

from attrs import Factory, define
from hypothesis import strategies as st

HEADERS = ["Post ref", "Job title", "Unit", "Reports to", "Name", "Staff number", "FTE", "Start date", "Mission"]
REF, TITLE, UNIT, TO, NAME, NUMBER, FTE, START, MISSION = range(9)
Cause = tuple[str, str]
# Stand for what a writer of CSV, or an encoder, would not write.
MISQUOTED, BROKEN = "<misquoted>", "<broken>"
BROKEN_BYTES = {
    "utf-8": "社群运营".encode() + b"\xff",  # in a file of nothing but ASCII, a byte beyond it would be Windows-1252
    "utf-8-sig": "社群运营".encode() + b"\xff",
    "gb18030": b"\xff",
    "cp1252": b"\x81",
}


@define
class Row:
    """A line of the file, and the causes whose findings must name it."""

    cells: list[str]
    causes: set[Cause] = Factory(set)


@define
class Sheet:
    """A spreadsheet in the making."""

    rows: list[Row]
    free: list[int]  # leaves no oddity has touched yet: places in `rows` as generated
    headers: list[str] = Factory(lambda: list(HEADERS))
    above: list[Row] = Factory(list)
    whole: set[Cause] = Factory(set)  # causes that name no line of their own
    encoding: str = "utf-8"
    delimiter: str = ","
    later: list[Callable[[Sheet], None]] = Factory(list)

    def take(self) -> Row:
        """Return the row of a leaf that nothing has touched."""
        return self.rows[self.free.pop()]

    def add(self, row: Row) -> Row:
        self.rows.append(row)
        return row

    def fresh(self, number: int, **cells: str) -> Row:
        """Return a further row about a post of its own, which reports to the root."""
        own = [f"N{900 + number}", f"Extra {number}", "Company", "P100", f"Helper {number}", f"x{900 + number}", "1",
               "2024-01-01", "Helps"]  # fmt: skip
        return Row(own)

    def lines(self) -> list[Row]:
        return [*self.above, Row(self.headers), *self.rows]

    def text(self) -> str:
        out = StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\n")
        for row in self.lines():
            writer.writerow(row.cells)
        return out.getvalue()

    def data(self) -> bytes:
        data = self.text().replace(MISQUOTED, '"Does" this').encode(self.encoding)
        return data.replace(BROKEN.encode(), BROKEN_BYTES[self.encoding])

    def expected(self) -> dict[Cause, list[int]]:
        """Return the lines every injected cause stands on."""
        found: dict[Cause, list[int]] = {cause: [] for cause in self.whole}
        for line, row in enumerate(self.lines(), 1):
            for cause in row.causes:
                found.setdefault(cause, []).append(line)
        return found


def clean_sheet(parents: list[int]) -> Sheet:
    """Return a spreadsheet with nothing odd: post i + 1 reports to one of those before it."""
    count = len(parents) + 1
    rows = []
    for i in range(count):
        to = f"P{100 + parents[i - 1]}" if i else ""
        unit = "Company" if i < 3 else f"Department {i % 3}"
        own = [f"P{100 + i}", f"Role {i}", unit, to, f"Person {i}", f"s{100 + i}", "1", "2024-01-01", f"Does {i}"]
        rows.append(Row(own))
    managers = set(parents)
    leaves = [i for i in range(1, count) if i not in managers]
    return Sheet(rows, leaves)


# -- injections; each takes rows of its own, so that any of them go together ---------------------------------------


def top(sheet: Sheet) -> None:
    sheet.rows[0].cells[TO] = "XX"
    sheet.rows[0].causes.add(("IMP201", "top"))


def word(column: int, text: str, cause: Cause) -> Callable[[Sheet], None]:
    def inject(sheet: Sheet) -> None:
        row = sheet.take()
        row.cells[column] = text
        row.causes.add(cause)

    return inject


def eliminated_top(sheet: Sheet) -> None:
    row = sheet.take()
    row.cells[NAME], row.cells[TO] = "Eliminated", "XX"
    row.causes.update({("IMP201", "eliminated"), ("IMP201", "top")})


def respelled(change: Callable[[str], str], cause: Cause) -> Callable[[Sheet], None]:
    def inject(sheet: Sheet) -> None:
        row = sheet.take()
        row.cells[TO] = change(row.cells[TO])
        row.causes.add(cause)

    return inject


def itself(sheet: Sheet) -> None:
    row = sheet.take()
    row.cells[TO] = row.cells[REF]
    row.causes.add(("ORG101", "self"))


def another(cause: Cause, both: bool, **changes: str) -> Callable[[Sheet], None]:
    """A second row about a post, changed as told."""

    def inject(sheet: Sheet) -> None:
        row = sheet.take()
        if "FTE" in changes:
            row.cells[FTE] = changes["FTE"]
        other = Row(list(row.cells))
        for header, text in changes.items():
            other.cells[HEADERS.index(header)] = text
        sheet.add(other).causes.add(cause)
        if both:
            row.causes.add(cause)

    return inject


def look_alike(sheet: Sheet) -> None:
    row = sheet.take()
    other = sheet.add(sheet.fresh(1))
    other.cells[REF] = "0" + row.cells[REF]
    for one in (row, other):
        one.causes.add(("IMP306", ""))


def no_ref(sheet: Sheet) -> None:
    row = sheet.add(sheet.fresh(2))
    row.cells[REF] = ""
    row.causes.add(("IMP301", "none"))


def unusable_ref(sheet: Sheet) -> None:
    row = sheet.add(sheet.fresh(3))
    row.cells[REF] = "9" * 201
    row.causes.add(("IMP301", "unusable"))


def namesakes(sheet: Sheet) -> None:
    one, other = sheet.take(), sheet.take()
    other.cells[NAME] = one.cells[NAME]
    for row in (one, other):
        row.causes.add(("IMP403", ""))


def one_number(sheet: Sheet) -> None:
    one, other = sheet.take(), sheet.take()
    other.cells[NUMBER] = one.cells[NUMBER]
    for row in (one, other):
        row.causes.add(("IMP402", ""))


def unknown_column(sheet: Sheet) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.headers[MISSION:MISSION] = ["Desk"]
        for row in sheet.rows:
            if len(row.cells) > MISSION and row.cells != sheet.headers and any(row.cells):
                row.cells.insert(MISSION, "4711")

    sheet.whole.add(("IMP104", ""))
    sheet.later.insert(0, fill)


def preamble(sheet: Sheet) -> None:
    sheet.above.append(Row(["All our posts", "as of spring"], {("IMP103", "above")}))


def blank_row(sheet: Sheet) -> None:
    sheet.rows.insert(4, Row([""] * 9, {("IMP103", "blank")}))
    sheet.free[:] = [place + (place >= 4) for place in sheet.free]


def second_header(sheet: Sheet) -> None:
    sheet.later.append(lambda sheet: sheet.rows.append(Row(list(sheet.headers), {("IMP103", "header")})))


def short(sheet: Sheet) -> None:
    row = sheet.take()
    row.causes.add(("IMP103", "short"))
    sheet.later.append(lambda sheet: row.cells.pop())


def long(sheet: Sheet) -> None:
    row = sheet.take()
    row.causes.update({("IMP103", "long")})
    sheet.whole.add(("IMP104", ""))  # the cells beyond belong to no header
    sheet.later.append(lambda sheet: row.cells.append("beyond"))


def chinese(sheet: Sheet) -> None:
    for row in sheet.rows[:3]:
        if row.cells[TITLE]:
            row.cells[TITLE] += "社群运营"
    sheet.encoding = "gb18030"
    sheet.whole.add(("IMP101", ""))


def western(sheet: Sheet) -> None:
    for row in sheet.rows[:3]:
        if row.cells[MISSION]:
            row.cells[MISSION] += " café £5"
    sheet.encoding = "cp1252"
    sheet.whole.add(("IMP101", ""))


def marked(sheet: Sheet) -> None:
    sheet.encoding = "utf-8-sig"


def parted_by(delimiter: str) -> Callable[[Sheet], None]:
    def inject(sheet: Sheet) -> None:
        sheet.delimiter = delimiter

    return inject


INJECTIONS: dict[str, Callable[[Sheet], None]] = {
    "top": top,
    "eliminated": word(NAME, "ELIMINATED", ("IMP201", "eliminated")),
    "eliminated at the top": eliminated_top,
    "vacant": word(NAME, "Vacant", ("IMP201", "vacant")),
    "blank holder": word(NAME, "", ("IMP201", "vacant")),
    "not disclosed": word(NAME, "N/D", ("IMP201", "undisclosed")),
    "leading zeros": respelled(lambda ref: "00" + ref, ("REF101", "leading zeros")),
    "leading zeros again": respelled(lambda ref: "0" + ref, ("REF101", "leading zeros")),
    "case": respelled(str.lower, ("REF101", "case and width")),
    "dangling": respelled(lambda ref: "Q1", ("REF101", "")),
    "itself": itself,
    "job share": another(("IMP302", ""), True, FTE="0.5", Name="Sharer", **{"Staff number": "x801"}),
    "second seat": another(("IMP303", ""), True, Name="Second", **{"Staff number": "x802"}),
    "reused ref": another(("IMP304", ""), True, **{"Job title": "Other", "Staff number": "x803", "Name": "Third"}),
    "repeated row": another(("IMP305", ""), False),
    "look-alike": look_alike,
    "no ref": no_ref,
    "unusable ref": unusable_ref,
    "number": word(FTE, "half", ("IMP401", "number")),
    "negative": word(FTE, "-1", ("IMP401", "number")),
    "date": word(START, "02/03/2026", ("IMP401", "date")),
    "manager": word(TO, "1" * 201, ("IMP401", "manager")),
    "unit": word(UNIT, "", ("IMP404", "unit")),
    "title": word(TITLE, "", ("IMP404", "title")),
    "spaces": respelled(lambda ref: f" {ref} ", ("IMP106", "")),
    "lost": word(MISSION, "########", ("IMP102", "cells")),
    "misquoted": word(MISSION, MISQUOTED, ("IMP102", "quotes")),
    "broken": word(MISSION, BROKEN, ("IMP102", "bytes")),
    "namesakes": namesakes,
    "one number": one_number,
    "column": unknown_column,
    "preamble": preamble,
    "blank row": blank_row,
    "headers again": second_header,
    "short": short,
    "long": long,
}
SURROUNDINGS: dict[str, Callable[[Sheet], None]] = {
    "plain": lambda sheet: None,
    "chinese": chinese,
    "western": western,
    "marked": marked,
}


@st.composite
def odd_sheets(draw: st.DrawFn) -> Sheet:
    """Spreadsheets into which any combination of the oddities has been injected."""
    names = draw(st.lists(st.sampled_from(sorted(INJECTIONS)), unique=True))
    parents = [draw(st.integers(0, i)) if i < 5 else i % 5 for i in range(5 + 2 * len(names) + 2)]
    sheet = clean_sheet(parents)
    parted_by(draw(st.sampled_from(",;\t")))(sheet)
    for name in names:
        INJECTIONS[name](sheet)
    SURROUNDINGS[draw(st.sampled_from(sorted(SURROUNDINGS)))](sheet)
    for finish in sheet.later:
        finish(sheet)
    return sheet
