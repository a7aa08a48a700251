"""What the examples beside the rule on staffing leave open (SVC405)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from community_ops import Assignment, Finding, OperatingModel, Policy, Position, SkillLevel, Unit
from community_ops.service import Demand, Volume
from community_ops.service.rules.samples import NINE, chat, team

MONDAY = NINE.date()
MINUTE = timedelta(minutes=1)
EVENING = Volume(36, "19:00", "21:00")


def busy(*volumes: Volume, id: str = "chat", **fields: Any) -> Any:
    own = {name: fields.pop(name) for name in list(fields) if name in ("unit", "skills", "name")}
    return chat(id=id, demand=Demand(**{"handling": 5 * MINUTE, "volumes": volumes or (EVENING,)} | fields), **own)


def found(*records: Any, without: tuple[str, ...] = (), at: Any = MONDAY) -> tuple[Finding, ...]:
    people = [one for one in team() if one.id not in without]
    return OperatingModel([*people, *records]).check(at, select=["SVC405"]).findings


def held(count: int, fte: str = "1") -> list[Assignment]:
    return [Assignment(id=f"h{n}", person=f"p{n}", position="agent", fte=fte) for n in range(count)]


def test_one_finding_a_queue_names_the_worst_hour() -> None:
    (one,) = found(busy())  # two are there
    assert one.message == (
        "Chat takes 5 agents at a time on Monday at 19:00, which is 8 on the roster, and has 2 FTE; 14 hours of the "
        "week are short."
    )
    assert one.text("zh") == "Chat在周一 19:00 需同时 5 人在线，排班需 8 人，而现有 2 FTE；一周内共有 14 小时人手不足。"
    (once,) = found(busy(Volume(36, "19:00", "20:00", ["sun"])))
    assert once.message.endswith(
        "on Sunday at 19:00, which is 8 on the roster, and has 2 FTE; 1 hour of the week is short."
    )
    assert once.fingerprint == one.fingerprint


def test_one_agent_is_one_agent() -> None:
    (one,) = found(busy(Volume("0.5", "19:00", "20:00", ["sat"]), shrinkage="0.7"))
    # 1/24 of an erlang: one agent answers 0.966 within a minute; one is four on the roster at that shrinkage.
    assert "takes 1 agent at a time on Saturday" in one.message


def test_enough_in_every_hour_can_be_too_few_over_the_week() -> None:
    # 8 on the roster for 84 hours are 672 hours a week: 16.8 full-time equivalents.
    (one,) = found(busy(Volume(36, "09:00", "21:00")), *held(6))
    assert one.message == "Chat takes 16.8 FTE over the week, and has 8."
    assert found(busy(Volume(36, "09:00", "21:00")), *held(15)) == ()


def test_what_is_needed_never_reads_like_what_is_there() -> None:
    # 80 hours and a minute of work are 2.0004 weeks of 40 hours.
    mail = busy(
        Volume(1, "09:00", "10:00", ["mon"]), live=False, handling=80 * 60 * MINUTE + MINUTE, occupancy=1, shrinkage=0
    )
    assert [one.message for one in found(mail)] == ["Chat takes 2.01 FTE over the week, and has 2."]
    assert [one.message for one in found(mail, *held(1, "0.0001"))] == ["Chat takes 2.01 FTE over the week, and has 2."]
    assert found(mail, *held(1, "0.01")) == ()


@pytest.mark.parametrize(("fte", "count"), [("5.9", 1), ("6", 0)])
def test_a_policy_says_how_many_may_be_missing(fte: str, count: int) -> None:
    assert len(found(busy(), Policy(id="p", rule="SVC405", values={"fte": fte}))) == count


def test_only_the_hours_beyond_that_are_counted() -> None:
    policy = Policy(id="p", rule="SVC405", values={"fte": "4"})
    (one,) = found(busy(Volume(12, "09:00", "19:00"), EVENING), policy)
    assert one.message.endswith("14 hours of the week are short.")


def test_queues_that_say_nothing_or_have_nobody_are_left_to_others() -> None:
    assert found(chat()) == ()
    assert found(busy(unit=None)) == found(busy(unit="nowhere")) == found(busy(), without=("a1", "a2")) == ()
    assert found(busy(unit="empty"), Unit(id="empty", name="Empty"), Position(id="x", title="X", unit="empty")) == ()


def test_people_without_the_skills_do_not_count_but_are_somebody() -> None:
    (one,) = found(busy(skills=[SkillLevel("law", 1)]))
    assert "and has 0 FTE" in one.message


def test_each_queue_is_judged_by_itself() -> None:
    queues = (
        busy(),
        busy(Volume(0), id="calm"),
        busy(Volume(10**9), id="wild", name="Wild"),
        busy(id="mail", name="Mail"),
    )
    findings = found(*queues)
    assert [one.subject.id for one in findings] == ["chat", "wild", "mail"]
    assert findings[1].message == (
        "Wild is said to take more than can be reckoned with: at most 1,000,000 agents can be busy at a time, and "
        "patience last for 100,000 handling times."
    )


def test_an_instant_is_its_day() -> None:
    late = datetime(2026, 3, 8, 23, tzinfo=NINE.tzinfo)
    assert [one.message for one in found(busy(), at=late)] == [one.message for one in found(busy())]
    assert OperatingModel(team(busy())).check(select=["SVC405"]).skipped == ("SVC405",)


def test_the_threshold_is_exact() -> None:
    half = busy(Volume(36, "19:00", "20:00", ["mon"]), shrinkage="0.5")  # ten on the roster
    assert found(half, *held(1, "0.3"), Policy(id="p", rule="SVC405", values={"fte": "7.7"})) == ()
    assert len(found(half, *held(1, "0.3"), Policy(id="p", rule="SVC405", values={"fte": "7.69"}))) == 1
