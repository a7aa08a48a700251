"""Reports to be written: two rules over units, a source that knows lines, waived findings, and nasty names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from attrs import evolve
from hypothesis import strategies as st

from community_ops import (
    Context,
    Finding,
    Model,
    ModelView,
    OperatingModel,
    Ref,
    Report,
    RuleBook,
    Severity,
    Unit,
    rule,
)
from community_ops.kernel.provenance import Location, Provenance, Source
from community_ops.validation.finding import Suppression

DAY = date(2026, 3, 2)
INSTANT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@rule("TST601", name="stray", en="{subject} has no parent; see {root}.", zh="{subject}没有上级，见{root}。")
def stray(m: ModelView, context: Context) -> Iterator[Finding]:
    """Every unit but one has a parent.

    Why it matters: {nothing} rolls up to it; [see](elsewhere).
    """
    ids = m.ids(Unit)
    for id, parent in zip(ids, m.column(Unit.parent), strict=True):
        if parent is None and id != ids[0]:
            root = Ref("unit", ids[0])
            yield stray.finding(Ref("unit", id), field="parent", related=[root, root], root=root)


@rule("TST602", name="small", severity=Severity.WARNING, status=True, en="{subject} is small.", zh="{subject}很小。")
def small(m: ModelView, context: Context) -> Iterator[Finding]:
    """Small units are a situation."""
    for id in m.ids(Unit):
        yield small.finding(Ref("unit", id))


@rule("TST603", name="brief", severity=Severity.INFO, en="{subject} is brief.", zh="{subject}很短。")
def brief(m: ModelView, context: Context) -> Iterator[Finding]:
    """Short names are worth knowing."""
    for id, name in zip(m.ids(Unit), m.column(Unit.name), strict=True):
        if len(name) < 3:
            yield brief.finding(Ref("unit", id), field="name")


@rule("TST604", name="dated", date_use="needed", opt_in=False, en="Never.", zh="从不。")
def dated(m: ModelView, context: Context) -> Iterator[Finding]:
    """Silent, but only at a date."""
    return iter(())


@rule("TST605", name="placed", needs=("position",), en="Never.", zh="从不。")
def placed(m: ModelView, context: Context) -> Iterator[Finding]:
    """Silent, and only about positions."""
    return iter(())


@rule("TST606", name="broken", opt_in=True, en="Never.", zh="从不。")
def broken(m: ModelView, context: Context) -> Iterator[Finding]:
    """Crashes."""
    raise RuntimeError("out of paper\n::error::]]>")


@rule("TST607", name="timed", date_use="instant", opt_in=True, en="Never.", zh="从不。")
def timed(m: ModelView, context: Context) -> Iterator[Finding]:
    """Silent, but only at an instant."""
    assert context.instant
    return iter(())


BOOK = RuleBook.of(stray, small, brief, dated, placed, broken, timed)


class Lines(Source):
    """Knows that each record stands on the line of its place in the model, from column 5."""

    __slots__ = ("file", "lines")

    def __init__(self, file: str, *ids: str, column: bool = True) -> None:
        self.file = file
        self.lines = {Ref("unit", id): Location(file, n, 5 if column else None) for n, id in enumerate(ids, 1)}

    def locate(self, ref: Ref, field: str | None = None) -> Location | None:
        return self.lines.get(ref)


def read_from(source: Source, model: Model) -> Model:
    """Return a model as if it had been read from a source."""
    return type(model)._of_tables(model._tables, None, Provenance(source=source))


MODEL = OperatingModel.of(Unit(id="hq", name="Head office"), Unit(id="it", name="IT"), Unit(id="社群", name="社群运营"))
REPORT = BOOK.check(MODEL)
UNTIMED = BOOK.select("TST604", "TST607").check(MODEL)
"""A report of which one rule wants a date, and another an instant."""
WAIVER = Suppression("waiver", "Is being | merged.", Ref("position", "ceo"), "w1", date(2026, 12, 31))
BASELINE = Suppression("baseline")


def suppressed(report: Report, suppression: Suppression, *subjects: str, code: str = "TST601") -> Report:
    """Return the report with the findings of a rule about some units suppressed."""
    kept = tuple(
        evolve(found, suppression=suppression) if found.code == code and found.subject.id in subjects else found
        for found in report.findings
    )
    return evolve(report, findings=kept)


_nasty = st.sampled_from(
    ["\n", "\r\n", "]]>", "|", "\x00", "\x1b[31m", "\u202e", "::", "%0A", "<b>", "&amp;", "`", "[x](y)", "{0}", "@me",
     "\\", "\ufffe", "\x85", "\u2028", "社群", "*", "_", "~~", "https://x.y", "www.x.y", ",", '"', "'", "-->", "#1"]
)  # fmt: skip
names = st.lists(st.one_of(_nasty, st.text(st.characters(exclude_categories=["Cs"]), max_size=3)), max_size=6).map(
    "".join
)
files = st.one_of(names, st.just(""), st.just("a\udce9.json"))


@st.composite
def reports(draw: st.DrawFn) -> list[tuple[str, Report]]:
    """Draw the reports of up to three files with nasty names of units, files and reasons, some findings suppressed."""
    drawn = []
    for name in draw(st.lists(files, max_size=3)):
        units = [Unit(id=f"u{n}", name=draw(names)) for n in range(draw(st.integers(0, 3)))]
        model: Model = OperatingModel(units)
        if draw(st.booleans()):
            model = read_from(Lines(name or "x", *(unit.id for unit in units)), model)
        report = BOOK.select("TST60", *draw(st.sampled_from([(), ("TST606",), ("TST606", "TST607")]))).check(
            model, draw(st.sampled_from([None, DAY, INSTANT]))
        )
        for suppression in (WAIVER, BASELINE, Suppression("waiver", draw(names))):
            report = suppressed(report, suppression, *draw(st.lists(st.sampled_from(["u0", "u1", "u2"]), max_size=2)))
        drawn.append((name, report))
    return drawn
