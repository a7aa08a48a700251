"""Organisations to draw: one of everything that can be odd, and forests of any shape."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from community_ops import Assignment, DateRange, OperatingModel, Person, Position, ReportingLine, Unit

DAY = date(2026, 3, 2)
EVIL = "<script>alert(1)</script>\"><img src=x onerror='x'> & ]]>"


def broken() -> OperatingModel:
    """Return an organisation with everything a chart must survive."""
    positions = [
        Position(id="top", title="总经理", unit="hq"),
        Position(id="b", title="Ben", unit="x", reports_to="b2"),
        Position(id="b2", title="Bob", unit="x", reports_to="b3"),
        Position(id="b3", title="Bea", unit="x", reports_to="b"),
        Position(id="below", title="Below the cycle", unit="x", reports_to="b2"),
        Position(id="self", title="Self", unit="x", reports_to="self"),
        Position(id='d"<i>', title=EVIL, unit="nowhere", reports_to="ghost"),
        Position(
            id="long", title="非常非常长的岗位名称用于测试换行，（包括标点）" * 2, unit="x", reports_to="top", seats=3
        ),
        Position(id="word", title="Donaudampfschifffahrtsgesellschaftskapitän" * 2, unit="x", reports_to="top"),
        Position(id="closed", title="Closed one", unit="x", reports_to="top", status="closed"),
        Position(
            id="later",
            title="Later one",
            unit="x",
            reports_to="top",
            period=DateRange(date(2027, 1, 1)),
        ),
        Position(id="none", title="", unit="x", reports_to="word", seats=0),
        Position(id="emoji", title="👩🏽\u200d💻 Officer 🇨🇳", unit="x", reports_to="word", status="hiring"),
        Position(id="control", title="a\x00b\x1b[31m\u202ec", unit="x", reports_to="word"),
    ]
    lines = [
        ReportingLine(id="1", position="emoji", manager='d"<i>', kind="project"),
        ReportingLine(id="2", position="below", manager="top", kind="administrative"),
        ReportingLine(id="3", position="top", manager="none"),
        ReportingLine(id="4", position="none", manager="top"),
        ReportingLine(id="5", position="word", manager="word"),
        ReportingLine(id="6", position="long", manager="top", kind="solid"),
        ReportingLine(id="7", position="long", manager="word", kind="solid"),
        ReportingLine(id="8", position="closed", manager="missing"),
        ReportingLine(id="9", position="control", manager="emoji"),
    ]
    people = [Person(id=f"p{i}", name=f"Person {i}") for i in range(12)]
    held = [Assignment(id=f"a{i}", person=f"p{i}", position="word" if i < 9 else "top") for i in range(12)]
    units = [Unit(id="hq", name="总部"), Unit(id="x", name=EVIL, parent="hq"), Unit(id="e", name="Empty", parent="hq")]
    return OperatingModel.of(*units, *positions, *people, *held, *lines)


def forests(most: int = 40) -> st.SearchStrategy[list[int | None]]:
    """Return lists that name for each node the node above it; wide, deep and flat ones alike."""

    @st.composite
    def build(draw: st.DrawFn) -> list[int | None]:
        count = draw(st.integers(0, most))
        reach = draw(st.sampled_from([1, 3, most]))
        above: list[int | None] = []
        for node in range(count):
            over = draw(st.integers(-1, min(node - 1, reach))) if node else -1
            if reach == 1 and node:
                over = node - draw(st.integers(1, min(2, node)))  # long chains with short branches
            above.append(None if over < 0 else over)
        return above

    return build()
