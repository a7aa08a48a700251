"""The Gantt chart read back from its SVG: bars lie where the dates say, each task once, no label clipped."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from community_ops import (
    Allocation,
    Calendar,
    Duration,
    Link,
    OperatingModel,
    Plan,
    Position,
    Task,
    UnknownRecord,
    plan,
    templates,
    view,
)
from community_ops.errors import CyclicNetwork, NotAnInstant
from community_ops.view.gantt import MARGIN, TIES_DRAWN, gantt_chart
from community_ops.view.gantt_marks import BAR
from community_ops.view.plan_rows import rows_table
from community_ops.view.plan_scene import plan_scene
from community_ops.view.textwidth import drawn_width
from tests.view.drawing import SVG
from tests.view.reading import Page
from tests.view.sample import EVIL

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = date(2026, 3, 2)
TEMPLATE = "community-plan"


def tag(element: ET.Element) -> str:
    return element.tag.removeprefix(SVG)


def groups(root: ET.Element) -> dict[str, ET.Element]:
    """Return the groups of the tasks by what their titles begin with."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        name = (group.findtext(f"{SVG}title") or "").split(" - ")[0]
        assert name not in found, "each task once"
        found[name] = group
    return found


def bar(group: ET.Element) -> tuple[float, float]:
    """Return from where to where a task is drawn; a milestone's are the middle of its diamond."""
    rects = group.findall(f"{SVG}rect")
    if rects:
        ends = [(float(rect.attrib["x"]), float(rect.attrib["width"])) for rect in rects]
        return ends[0][0], ends[-1][0] + ends[-1][1]
    corners = [float(point.split(",")[0]) for point in group.find(f"{SVG}polygon").attrib["points"].split()]  # type: ignore[union-attr]
    if len(corners) == 4:
        middle = (min(corners) + max(corners)) / 2
        return middle, middle
    return min(corners), max(corners)


def template(language: str = "en") -> OperatingModel:
    return templates.community_operations("zh" if language == "zh" else "en")


def drawn(model: OperatingModel, plan_id: str = TEMPLATE, at: date | None = None, **options: object) -> ET.Element:
    return ET.fromstring(gantt_chart(model, plan_id, at, **options))  # type: ignore[arg-type]


def small(*tasks: Task, calendar: str | None = None, more: tuple = ()) -> OperatingModel:
    return OperatingModel.of(Plan(id="p", name="P", start=START, calendar=calendar), *tasks, *more)


def task(id: str, days: float = 1, *links: Link, **fields: object) -> Task:
    return Task(id=id, name=fields.pop("name", id), plan="p", duration=Duration(days), links=links, **fields)  # type: ignore[arg-type]


# -- geometry ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bars_lie_in_proportion_to_their_dates(language: str) -> None:
    model = template(language)
    dated = plan.schedule(model, TEMPLATE)
    found = groups(drawn(model, language=language))
    assert set(found) == {one.name for one in model.tasks}
    # Two instants fix the scale; everything else has to lie on it, to the tenth of a unit that is written.
    first, last = dated.tasks["strategy"].start, dated.tasks["evaluation"].finish
    left, right = bar(found[model.tasks["strategy"].name])[0], bar(found[model.tasks["evaluation"].name])[1]
    scale = (right - left) / ((last - first) / timedelta(days=1))
    for one in model.tasks:
        dates, (start, finish) = dated.tasks[one.id], bar(found[one.name])
        assert start == pytest.approx(left + scale * ((dates.start - first) / timedelta(days=1)), abs=0.3), one.id
        assert finish == pytest.approx(left + scale * ((dates.finish - first) / timedelta(days=1)), abs=0.3), one.id


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_label_is_clipped_or_runs_into_the_bars(language: str) -> None:
    root = drawn(template(language), language=language, at=START)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for text in root.iter(f"{SVG}text"):
        end = float(text.attrib["x"]) + drawn_width(text.text or "", float(text.attrib["font-size"]))
        assert end <= width, text.text
        assert 0 < float(text.attrib["y"]) < height
    leftmost = min(bar(group)[0] for group in groups(root).values())
    for group in groups(root).values():
        (name,) = group.findall(f"{SVG}text")
        assert float(name.attrib["x"]) + drawn_width(name.text or "", float(name.attrib["font-size"])) < leftmost


def test_long_names_are_cut_in_the_picture_and_whole_in_its_titles_and_table() -> None:
    name = "非常长的任务名称" * 12
    root = drawn(small(task("a", name=name)), "p")
    (group,) = groups(root).values()
    shown = group.findtext(f"{SVG}text") or ""
    assert shown.endswith("…")
    assert (group.findtext(f"{SVG}title") or "").startswith(name)


def test_parts_stand_below_their_summary_and_further_in() -> None:
    found = groups(drawn(template()))
    inset = {name: float(group.find(f"{SVG}text").attrib["x"]) for name, group in found.items()}  # type: ignore[union-attr]
    assert inset["Community positioning and planning"] == MARGIN
    assert inset["Decide the community's theme"] > MARGIN
    rows = {name: float(group.find(f"{SVG}text").attrib["y"]) for name, group in found.items()}  # type: ignore[union-attr]
    assert list(rows) == sorted(rows, key=rows.__getitem__)
    heights = sorted(rows.values())
    assert all(b - a == pytest.approx(heights[1] - heights[0], abs=0.2) for a, b in pairwise(heights))


def test_days_without_work_are_shaded_by_the_calendar() -> None:
    office = template().calendars["office"]
    model = small(task("a", 12), calendar="office", more=(office,))
    root = drawn(model, "p")
    start, _ = bar(groups(root)["a"])
    # From Monday 2 March, 40 units a day: 12 working days reach to Tuesday 17, over two weekends.
    shaded = [r for r in root.findall(f"{SVG}rect") if r.get("fill") == "#eceff3"][:-1]  # the last is the legend's
    origin = start - 40 * 9 / 24
    assert [(round((float(r.attrib["x"]) - origin) / 40), round(float(r.attrib["width"]) / 40)) for r in shaded] == [
        (5, 2),
        (12, 2),
    ]


def test_a_make_up_saturday_is_not_shaded_and_a_holiday_is() -> None:
    model = template()
    root = drawn(model)
    found = groups(root)
    dated = plan.schedule(model, TEMPLATE)
    left, right = bar(found["Strategic planning"])[0], bar(found["Monitor, evaluate and improve"])[1]
    day = (right - left) / ((dated.finish - dated.tasks["strategy"].start) / timedelta(days=1))  # type: ignore[operator]

    def shaded(when: date) -> bool:
        noon = datetime(when.year, when.month, when.day, 12, tzinfo=SHANGHAI)
        x = left + day * ((noon - dated.tasks["strategy"].start) / timedelta(days=1))
        rects = [r for r in root.findall(f"{SVG}rect") if r.get("fill") == "#eceff3"]
        return any(float(r.attrib["x"]) < x < float(r.attrib["x"]) + float(r.attrib["width"]) for r in rects)

    assert [shaded(date(2026, 5, day)) for day in range(1, 11)] == [True] * 5 + [False] * 4 + [True]
    assert shaded(date(2026, 4, 6))
    assert not shaded(date(2026, 4, 7))


def test_round_the_clock_nothing_is_shaded_and_the_legend_does_not_speak_of_it() -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    always = Calendar(id="c", hours=dict.fromkeys(days, (("00:00", "24:00"),)))
    text = gantt_chart(small(task("a", 9), calendar="c", more=(always,)), "p")
    assert "#eceff3" not in text
    assert "no work" not in text


# -- looks ---------------------------------------------------------------------------------------------------------


def test_critical_tasks_differ_by_colour_by_hatching_and_by_a_bold_name() -> None:
    model = template()
    dated = plan.schedule(model, TEMPLATE)
    found = groups(drawn(model))
    fills = {True: set(), False: set()}
    for one in model.tasks:
        dates, group = dated.tasks[one.id], found[one.name]
        bold = group.find(f"{SVG}text").get("font-weight") == "bold"  # type: ignore[union-attr]
        assert bold == dates.critical, one.id
        if dates.kind == "task":
            fills[dates.critical].add(group.find(f"{SVG}rect").get("fill"))  # type: ignore[union-attr]
            start, finish = bar(group)
            hatched = [p for p in group.findall(f"{SVG}path") if len(re.findall("M", p.attrib["d"])) > 1
                       and not p.get("stroke-dasharray")]  # fmt: skip
            assert bool(hatched) == (dates.critical and finish - start >= BAR + 6), one.id
            for stroke in hatched:
                xs = [float(x) for x in re.findall(r"[ML](-?[0-9.]+) ", stroke.attrib["d"])]
                assert start - 0.2 <= min(xs)
                assert max(xs) <= finish + 0.2
    assert not fills[True] & fills[False]


def test_milestones_are_diamonds_and_summaries_brackets() -> None:
    found = groups(drawn(template()))
    corners = {
        name: len(group.find(f"{SVG}polygon").attrib["points"].split())  # type: ignore[union-attr]
        for name, group in found.items()
        if group.find(f"{SVG}polygon") is not None
    }
    assert corners.pop("Launch") == 4
    assert len(corners) == 6
    assert set(corners.values()) == {6}


def test_a_level_of_effort_is_dashed_and_a_recurring_task_has_a_bar_each_time() -> None:
    model = small(
        task("a", 15),
        Task(id="on", name="on", plan="p", kind="level_of_effort"),
        Task(
            id="weekly",
            name="weekly",
            plan="p",
            kind="recurring",
            recurrence="FREQ=WEEKLY;BYDAY=WE",
            duration=Duration(1, "hour"),
        ),
    )
    found = groups(drawn(model, "p"))
    assert found["on"].find(f"{SVG}rect").get("stroke-dasharray")  # type: ignore[union-attr]
    assert len(found["weekly"].findall(f"{SVG}rect")) == 3  # three weeks from Monday on
    assert len(plan.schedule(model, "p").tasks["weekly"].occurrences) == 3


def test_float_is_a_dotted_line_to_the_late_finish() -> None:
    model = small(task("long", 10), task("short", 2))
    found = groups(drawn(model, "p"))
    (line,) = [p for p in found["short"].findall(f"{SVG}path") if p.get("stroke-dasharray") == "1 2"]
    end = max(float(x) for x in re.findall(r"[ML](-?[0-9.]+) ", line.attrib["d"]))
    assert end == pytest.approx(bar(found["long"])[1], abs=0.2)
    assert not [p for p in found["long"].findall(f"{SVG}path") if p.get("stroke-dasharray") == "1 2"]


@pytest.mark.parametrize("type", ["FS", "SS", "FF", "SF"])
def test_a_link_leads_from_the_end_it_names_to_the_end_it_holds(type: str) -> None:
    model = small(task("a", 3), task("gap", 1, Link("a")), task("b", 4, Link("a", type)))  # type: ignore[arg-type]
    root = drawn(model, "p")
    found = groups(root)
    (way,) = [p for p in root.findall(f"{SVG}path") if (p.findtext(f"{SVG}title") or "").startswith(f"a → b {type}")]
    points = [tuple(map(float, pair)) for pair in re.findall(r"[ML](-?[0-9.]+) (-?[0-9.]+)", way.attrib["d"])]
    assert points[0][0] == pytest.approx(bar(found["a"])[type[0] == "F"], abs=0.2)
    assert points[-1][0] == pytest.approx(bar(found["b"])[type[1] == "F"], abs=0.2)
    for (x1, y1), (x2, y2) in pairwise(points):
        assert x1 == x2 or y1 == y2
    came_from = points[-2][0]
    assert came_from < points[-1][0] if type[1] == "S" else came_from > points[-1][0]


def test_links_upwards_and_between_milestones_arrive_beside_their_marks() -> None:
    model = small(
        Task(id="later", name="later", plan="p", kind="milestone", links=(Link("sooner"),)),
        Task(id="sooner", name="sooner", plan="p", kind="milestone"),
    )
    root = drawn(model, "p")
    found = groups(root)
    (way,) = [p for p in root.findall(f"{SVG}path") if p.findtext(f"{SVG}title")]
    xs = [float(x) for x in re.findall(r"[ML](-?[0-9.]+) ", way.attrib["d"])]
    assert xs[0] == pytest.approx(bar(found["sooner"])[0] + BAR / 2, abs=0.2)
    assert xs[-1] == pytest.approx(bar(found["later"])[0] - BAR / 2, abs=0.2)


def test_links_that_drive_the_finish_are_the_longest_path() -> None:
    model = template()
    root = drawn(model)
    red = [p.findtext(f"{SVG}title") for p in root.findall(f"{SVG}path")
           if p.findtext(f"{SVG}title") and p.get("stroke-width") == "1.8"]  # fmt: skip
    path = [model.tasks[id].name for id in plan.schedule(model, TEMPLATE).longest_path()]
    assert sorted(filter(None, red)) == sorted(f"{a} → {b} FS" for a, b in pairwise(path))


def test_too_many_links_are_counted_not_drawn() -> None:
    tasks = [task(f"t{n}", 1, *([Link(f"t{n - 1}")] if n else [])) for n in range(TIES_DRAWN + 2)]
    text = gantt_chart(small(*tasks), "p")
    assert "Links not drawn: 81." in text
    assert " → " not in text
    assert "Links not drawn" not in gantt_chart(small(*tasks[:-1]), "p")


def test_a_link_of_a_summary_is_drawn_once() -> None:
    model = small(
        Task(id="s", name="s", plan="p"),
        task("s1", parent="s"),
        task("s2", parent="s"),
        Task(id="u", name="u", plan="p", links=(Link("s"),)),
        task("u1", parent="u"),
        task("u2", parent="u"),
    )
    titles = [p.findtext(f"{SVG}title") for p in drawn(model, "p").findall(f"{SVG}path")]
    assert [title for title in titles if title] == ["s → u FS"]


# -- status, notes, language ---------------------------------------------------------------------------------------


def test_the_status_date_is_a_line_where_the_day_begins() -> None:
    model = small(task("a", 5, actual_start=date(2026, 3, 2), percent_complete=40))  # as planned
    root = drawn(model, "p", at=date(2026, 3, 4))
    (line,) = [p for p in root.findall(f"{SVG}path") if p.findtext(f"{SVG}title") == "status date 2026-03-04"]
    x = float(re.findall(r"M(-?[0-9.]+) ", line.attrib["d"])[0])
    start, _ = bar(groups(root)["a"])  # Monday at nine; forty units a day
    assert x == pytest.approx(start + 40 * (2 - 9 / 24), abs=0.2)
    noon = drawn(model, "p", at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    (line,) = [p for p in noon.findall(f"{SVG}path") if p.findtext(f"{SVG}title")]
    assert float(re.findall(r"M(-?[0-9.]+) ", line.attrib["d"])[0]) == pytest.approx(x + 20, abs=0.2)


def test_a_status_date_beyond_the_plan_is_said_not_drawn() -> None:
    over = task("a", 5, actual_start=date(2026, 3, 2), actual_finish=date(2026, 3, 6))
    root = drawn(small(over), "p", at=date(2027, 1, 1))
    assert [text.text for text in root.iter(f"{SVG}text")][-1] == "The status date 2027-01-01 is outside the plan."
    assert not [path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray") == "6 3"]


def test_a_time_without_a_zone_is_no_status_date() -> None:
    with pytest.raises(NotAnInstant):
        gantt_chart(small(task("a")), "p", datetime(2026, 3, 4))


def test_a_plan_without_tasks_says_so() -> None:
    text = gantt_chart(small(), "p")
    assert "Nothing to show." in text
    assert "0 tasks" in text


def test_tasks_without_a_length_are_counted() -> None:
    assert "nothing says how long they take: 1." in gantt_chart(small(Task(id="a", name="a", plan="p")), "p")


def test_of_very_many_tasks_the_top_levels_are_drawn() -> None:
    model = small(
        Task(id="s", name="s", plan="p"),
        *(task(f"s{n}", parent="s") for n in range(4)),
        task("s4", 1, Link("s3"), parent="s"),
        task("after", 1, Link("s")),
    )
    root = drawn(model, "p", limit=3)
    assert list(groups(root)) == ["s", "s0", "after"]
    assert "Further tasks not shown: 4; the chart stops at 3 rows." in (root.findtext(f"{SVG}desc") or "")


def test_a_cycle_and_an_unknown_plan_are_refused() -> None:
    with pytest.raises(CyclicNetwork):
        gantt_chart(small(task("a", 1, Link("b")), task("b", 1, Link("a"))), "p")
    with pytest.raises(UnknownRecord):
        gantt_chart(small(), "q")


def test_all_looks_are_attributes_and_every_label_is_escaped() -> None:
    model = small(task("a", 2, name=EVIL, owner="boss"), more=(Position(id="boss", title=EVIL, unit="u"),))
    text = gantt_chart(model, "p")
    root = ET.fromstring(text)
    assert not {tag(element) for element in root.iter()} - {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "polygon",
        "text",
        "g",
    }
    assert not any(name in ("style", "class") or name.startswith("on") for e in root.iter() for name in e.attrib)
    assert "url(" not in text
    assert EVIL.split()[0] in "".join(root.itertext())


def test_words_are_in_the_language_asked_for() -> None:
    root = drawn(template("zh"), language="zh", at=START)
    assert root.attrib["aria-label"] == "社群运营方案：36 项任务，2026-03-02 至 2026-06-05，关键任务 10 项"
    assert root.attrib["lang"] == "zh-Hans"
    texts = {text.text for text in root.iter(f"{SVG}text")}
    assert {"关键任务（斜线填充，名称加粗）", "里程碑", "非工作日", "状态日期 2026-03-02", "2026年4月"} <= texts


def test_a_day_is_never_wider_than_it_needs_and_a_long_plan_is_as_wide_as_a_short_one() -> None:
    tiny, long = (float(drawn(small(task("a", days)), "p").attrib["width"]) for days in (1, 5000))
    assert tiny < 500
    assert 900 < long < 1100


def test_it_is_part_of_the_public_face() -> None:
    assert view.gantt_chart is gantt_chart


# -- in notebooks --------------------------------------------------------------------------------------------------


def test_a_schedule_is_shown_by_ids_with_the_same_facts_as_a_table() -> None:
    dated = plan.schedule(template(), TEMPLATE)
    bundle = dated._repr_mimebundle_()
    assert bundle["text/plain"] == repr(dated)
    page = Page(bundle["text/html"])
    assert not page.unclosed
    heads, *rows = page.tables[0]
    assert heads == ["Task", "Part of", "Kind", "Start", "Finish", "Float", "Critical", "Accountable", "Follows"]
    by_id = {row[0]: row[1:] for row in rows}
    assert set(by_id) == set(dated.tasks)
    assert by_id["partnerships"] == [
        "programme", "task", "2026-04-01 09:00", "2026-04-29 18:00", "2 d", "no", "", "operations-strategy",
    ]  # fmt: skip
    assert by_id["audience"][-1] == "strategy SS+5d"
    assert by_id["launch"][1:6] == ["milestone", "2026-05-06 18:00", "2026-05-06 18:00", "0 d", "yes"]
    assert by_id["support"][1] == "level of effort"
    assert by_id["support"][4:6] == ["", ""]
    (image,) = page.all("img")
    assert image["alt"] == "community-plan: 36 tasks, 2026-03-02 to 2026-06-05, 10 critical"


def test_what_is_never_finished_runs_off_the_edge_and_what_waits_for_it_is_not_drawn() -> None:
    share = Allocation("writer")
    vacant = Task(id="t", name="t", plan="p", effort=Duration(2), allocations=(share,))
    flag = Task(id="m", name="m", plan="p", kind="milestone", links=(Link("t"),))
    model = small(task("own", 3), vacant, task("after", 1, Link("t")), flag)
    root = drawn(model, "p", at=START)
    found = groups(root)
    assert bar(found["t"])[1] >= bar(found["own"])[1]
    assert not [*found["after"].findall(f"{SVG}rect"), *found["m"].findall(f"{SVG}polygon")]
    rows = rows_table(plan_scene(model, "p", START, "en").rows, "en")
    cells = {row[0].text: [cell.text for cell in row][3:5] for row in rows.iter("tr")}
    assert cells["t"] == ["2026-03-02 09:00", None]
    assert cells["after"] == [None, None]
