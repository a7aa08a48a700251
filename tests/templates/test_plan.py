"""The template's plan against the recipe, dated by hand with a plain loop over dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from community_ops import Duration, plan
from community_ops.templates import community_operations

AT = date(2026, 3, 2)
SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAN = "community-plan"
# What the recipe calls each task that comes to an end, followed by its working days, and by hand its first and last.
BY_HAND = {
    "strategy": ("strategy step 12", 1, 12),
    "theme": ("theme 3", 13, 15),
    "goals": ("goals 2", 16, 17),
    "operations-strategy": ("operations strategy 5", 18, 22),
    "content": ("content 9", 23, 31),
    "campaigns": ("campaigns 8", 32, 39),
    "ad-plan": ("ad plan 5", 40, 44),
    "audience": ("Audience 5 (SS+5d", 6, 10),
    "marketing-strategy": ("marketing strategy 6", 18, 23),
    "project-plan": ("Project plan 4", 1, 4),
    "operating-model": ("operating model 6", 23, 28),
    "platforms": ("platforms 4", 23, 26),
    "interface": ("interface 8", 27, 34),
    "technology": ("technology 10 (SS+4d", 31, 40),
    "rules": ("rules 4", 23, 26),
    "service-standards": ("standards 4", 23, 26),
    "partnerships": ("partners 20", 23, 42),
    "team-building": ("team 10", 23, 32),
    "events": ("Events 8", 32, 39),
    "analysis": ("analysis 10", 45, 54),
    "optimisation": ("optimisation 5", 55, 59),
    "satisfaction": ("satisfaction 20", 45, 64),
    "evaluation": ("review 3", 65, 67),
}
ALL_THE_TIME = {"services", "support", "complaints", "progress", "risks", "quality"}
LONGEST = [
    "strategy",
    "theme",
    "goals",
    "operations-strategy",
    "content",
    "campaigns",
    "ad-plan",
    "launch",
    "satisfaction",
    "evaluation",
]


@pytest.fixture(scope="module")
def model():
    return community_operations("en")


@pytest.fixture(scope="module")
def dated(model):
    return plan.schedule(model, PLAN)


@pytest.fixture(scope="module")
def working_days():
    """Number the working days from 2 March on, with the notice's days of spring 2026 written out."""
    off = {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5), date(2026, 6, 19)}
    days, day = [], date(2026, 3, 2)
    while day < date(2026, 7, 1):
        if (day.weekday() < 5 and day not in off) or day == date(2026, 5, 9):
            days.append(day)
        day += timedelta(days=1)
    return dict(enumerate(days, 1))


def opening(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def closing(day):
    return datetime(day.year, day.month, day.day, 18, tzinfo=SHANGHAI)


def test_durations_are_the_recipes(model, recipe):
    text = " ".join(recipe.partition("## Plan")[2].split())
    for id, (phrase, first, last) in BY_HAND.items():
        assert phrase in text
        assert model.tasks[id].duration == Duration(last - first + 1), id
    assert "The other six items go on all the time" in text
    assert {task.id for task in model.tasks if task.kind == "level_of_effort"} == ALL_THE_TIME


def test_every_date_is_the_one_counted_by_hand(dated, working_days):
    for id, (_, first, last) in BY_HAND.items():
        assert dated.tasks[id].start == opening(working_days[first]), id
        assert dated.tasks[id].finish == closing(working_days[last]), id
    for id in ALL_THE_TIME:
        assert dated.tasks[id].start == opening(working_days[1]), id
        assert dated.tasks[id].finish == closing(working_days[67]), id


def test_the_experts_dates_are_right(dated, working_days):
    assert dated.tasks["launch"].finish == closing(date(2026, 5, 6)) == closing(working_days[44])
    assert dated.finish == closing(date(2026, 6, 5)) == closing(working_days[67])
    slack = {id: dated.tasks[id].total_float / timedelta(hours=8) for id in ("partnerships", "technology", "events")}
    assert slack == {"partnerships": 2, "technology": 4, "events": 5}


def test_the_longest_path_is_the_recipes_chain(dated):
    assert list(dated.longest_path()) == LONGEST == list(dated.critical())


def test_content_at_half_speed_puts_the_launch_off_by_nine_days_across_the_make_up_saturday(model, working_days):
    slow = model.replace(evolve(model.tasks["content"], duration=Duration(18)))
    launch = plan.schedule(slow, PLAN).tasks["launch"].finish
    assert launch == closing(date(2026, 5, 18)) == closing(working_days[53])
    assert date(2026, 5, 9) in working_days.values()


def test_everything_that_comes_to_an_end_leads_to_the_launch_or_follows_it(model):
    links = {task.id: {link.task for link in task.links} for task in model.tasks}

    def before(id):
        found, waiting = set(), [id]
        while waiting:
            for one in links[waiting.pop()] - found:
                found.add(one)
                waiting.append(one)
        return found

    led = before("launch")
    after = {id for id in links if "launch" in before(id)} - ALL_THE_TIME
    assert after == {"analysis", "optimisation", "satisfaction", "evaluation"}
    assert led | after == set(BY_HAND)
    assert not led & ALL_THE_TIME


def test_steps_that_overlap_items_say_which_and_nothing_stands_above_both(model):
    overlapping = {task.id: task.overlaps for task in model.tasks if task.overlaps}
    steps = [task.id for task in model.tasks if task.parent == "programme"]
    assert set(overlapping) == {steps[0], steps[1], steps[5]}
    for id, items in overlapping.items():
        assert all(model.tasks[item].area for item in items), id
    assert {task.parent for task in model.tasks if task.area and task.parent} == {
        task.id for task in model.tasks if task.area and not task.parent
    }
    assert model.tasks["programme"].parent is None


def test_added_up_without_what_overlaps_the_days_of_the_steps_1_2_and_6_are_left_out(model):
    days = [task.duration.amount for task in model.tasks if task.duration and not task.overlaps]
    # 32 of the chain without the strategy, 5 + 6 + 4 beside it, 68 without the operating model, 35 after the launch.
    assert sum(days) == 32 + 15 + 68 + 35


def test_estimates_lie_around_the_durations(model):
    for id, (_, first, last) in BY_HAND.items():
        estimate = model.tasks[id].estimate
        assert estimate.optimistic < last - first + 1 < estimate.pessimistic, id
        assert estimate.ordered
    assert model.tasks["technology"].estimate.mean == Decimal(11)


def test_milestone_and_summaries_take_no_estimate(model):
    assert {task.id for task in model.tasks if task.estimate is None} == ALL_THE_TIME | {
        "launch",
        "programme",
        "positioning",
        "operation",
        "promotion",
        "service",
        "control",
    }
    assert [task.id for task in model.tasks if task.kind == "milestone"] == ["launch"]


def test_all_that_is_done_has_an_owner(model):
    summaries = {task.parent for task in model.tasks}
    assert {task.id for task in model.tasks if task.owner is None} == summaries - {None}
    assert {task.owner for task in model.tasks if task.owner} <= set(model.positions.ids)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_wrong_but_what_is_wrong_with_the_organisation(language):
    report = community_operations(language).check(at=AT)
    ours = [found.code for found in report.findings if not found.code.startswith("SVC")]
    assert ours == ["ORG301", "ORG105", "ORG303", "ORG303", "ORG304", "ORG305"]
    assert len(report.errors) == 1
    assert [code for code in report.skipped if not code.startswith("SVC")] == []
