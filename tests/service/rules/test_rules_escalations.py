"""What the examples beside the rules on who hears of escalations leave open (SVC403, SVC404)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from community_ops import (
    Absence,
    Assignment,
    DateRange,
    Deputy,
    Finding,
    OperatingModel,
    Position,
    Ref,
    ReportingLine,
    Responsibility,
)
from community_ops.service import EscalationLevel, Recipient, SlaTarget
from community_ops.service.rules.samples import HOUR, NINE, chat, event, promise, taken, team, ticket

DAY = NINE.date()
LEAD, FUNCTIONAL = Recipient("queue_lead"), Recipient("functional")


def level(recipient: Recipient, **fields: Any) -> EscalationLevel:
    return EscalationLevel(**{"target": "resolution", "percent": 80, "recipient": recipient} | fields)


def loud(*recipients: Recipient | EscalationLevel, **fields: Any) -> Any:
    levels = [level(one) if isinstance(one, Recipient) else one for one in recipients]
    return promise(**{"id": "loud", "name": "Loud", "escalations": levels} | fields)


def model(*records: Any, without: tuple[str, ...] = (), queue: bool = True) -> OperatingModel:
    """Return the team with its chat under the loud policy, and more, without some of its records."""
    own = [chat(policy="loud")] if queue else []
    return OperatingModel([*[one for one in team(*own) if one.id not in without], *records])


def found(code: str, *records: Any, **how: Any) -> tuple[Finding, ...]:
    return model(*records, **how).check(DAY, select=[code]).findings


def lost(*records: Any, **how: Any) -> list[str]:
    return [one.message for one in found("SVC403", *records, **how)]


def top(*records: Any) -> list[Any]:
    """Return a director above the lead, and more."""
    above = ReportingLine(id="l", position="lead", manager="director", kind="solid")
    return [Position(id="director", title="Director", unit="help"), above, *records]


def held(position: str, person: str = "dan") -> Assignment:
    return Assignment(id=f"h {position}", person=person, position=position)


NOBODY = "What Loud escalates for Chat reaches nobody: no one is in Lead, nor in any position above it."


class TestReachesNobody:
    def test_the_line_is_followed_to_the_top(self) -> None:
        assert lost(loud(LEAD), *top(held("director")), without=("a1",)) == []
        assert lost(loud(LEAD), *top(), without=("a1",)) == [NOBODY]

    def test_a_circle_of_vacant_positions_ends(self) -> None:
        round_ = ReportingLine(id="c", position="director", manager="lead", kind="solid")
        assert lost(loud(LEAD, Recipient("manager", steps=3)), *top(round_), ticket(taken()), without=("a1",)) == [
            NOBODY, "What Loud escalates for Chat reaches nobody: no one is in Director, nor in any position above it."
        ]  # fmt: skip

    def test_away_is_not_there_and_a_deputy_is(self) -> None:
        away = Absence(id="x", person="ann", period=DateRange(DAY, DAY))
        assert lost(loud(LEAD), away) == [NOBODY]
        for scope in ((), (Ref("queue", "chat"),)):
            assert lost(loud(LEAD), away, Deputy(id="d", position="lead", deputy="agent", scope=scope)) == []
        other = Deputy(id="d", position="lead", deputy="agent", scope=(Ref("queue", "mail"),))
        assert lost(loud(LEAD), away, other) == [NOBODY]

    def test_one_position_asked_in_vain_is_one_finding_whatever_asks_for_it(self) -> None:
        second = loud(LEAD, Recipient("manager"), Recipient("position", position="lead"), id="second", name="Second")
        mail = chat(id="mail", name="Mail", policy="second")
        (one,) = found("SVC403", loud(LEAD, LEAD), second, mail, ticket(taken()), without=("a1",))
        assert one.message == (
            "What Loud and Second escalate for Chat and Mail reaches nobody: no one is in Lead, nor in any position "
            "above it."
        )
        assert one.text("zh") == "Loud和Second对Chat和Mail的升级通知不到任何人：Lead及其以上各级均无人在岗。"
        assert one.subject == Ref("position", "lead")
        assert [str(ref) for ref in one.related] == ["sla_policy:loud", "sla_policy:second", "queue:chat", "queue:mail"]

    def test_the_manager_counts_from_who_has_the_ticket_or_from_the_lead(self) -> None:
        assert lost(loud(Recipient("manager")), ticket(taken()), without=("a1",)) == [NOBODY]
        assert lost(loud(Recipient("manager")), without=("a1",)) == [NOBODY]  # of a lead at the top, the lead
        # The lead is there for the agent's ticket, and nobody above the lead for one that is still to be taken.
        assert lost(loud(Recipient("manager")), *top(), ticket(taken())) == [
            "What Loud escalates for Chat reaches nobody: no one is in Director, nor in any position above it."
        ]

    def test_what_other_rules_say_is_not_said_again(self) -> None:
        leaderless = [chat(policy="loud", lead=None), loud(LEAD, Recipient("manager"))]
        assert lost(*leaderless, queue=False) == []  # SVC103
        assert lost(chat(policy="loud", lead="ghost"), loud(LEAD, Recipient("manager")), queue=False) == []  # REF101
        assert lost(loud(Recipient("position", position="ghost"))) == []  # REF101
        assert lost(ticket(event("assigned", position="ghost")), loud(Recipient("manager"))) == []  # SVC401

    def test_policies_that_nothing_falls_under_are_left_alone(self) -> None:
        assert lost(loud(LEAD), chat(), queue=False, without=("a1",)) == []
        assert lost(loud(LEAD), chat(policy=None), queue=False, without=("a1",)) == []
        assert lost(chat(policy="ghost"), queue=False, without=("a1",)) == []
        assert lost(loud(), without=("a1",)) == []

    def test_the_policy_of_an_open_ticket_counts(self) -> None:
        own = ticket(policy="loud")
        assert lost(chat(), loud(LEAD), own, queue=False, without=("a1",)) == [NOBODY]
        over = ticket(event("resolved"), policy="loud")
        assert lost(chat(), loud(LEAD), over, queue=False, without=("a1",)) == []
        other = ticket(taken(), policy="standard")  # is not escalated at all
        assert lost(loud(FUNCTIONAL), other, dotted("lead")) == []

    def test_tickets_in_no_queue_are_for_another_rule(self) -> None:
        for queue in (None, "ghost"):
            assert lost(chat(), loud(LEAD), ticket(policy="loud", queue=queue), queue=False, without=("a1",)) == []

    def test_a_level_for_one_kind_looks_at_tickets_of_that_kind(self) -> None:
        vacant = Position(id="boss", title="Boss", unit="help")
        line = ReportingLine(id="s", position="agent", manager="boss", kind="solid")
        policy = loud(level(Recipient("manager"), kind="complaint"))
        assert lost(policy, vacant, line, ticket(taken())) == []
        assert lost(policy, vacant, line, ticket(taken(), kind="complaint")) == [
            "What Loud escalates for Chat reaches nobody: no one is in Boss, nor in any position above it."
        ]

    def test_a_level_of_what_is_not_promised_looks_at_no_tickets(self) -> None:
        vacant = Position(id="boss", title="Boss", unit="help")
        line = ReportingLine(id="s", position="agent", manager="boss", kind="solid")
        policy = loud(Recipient("manager"), targets=[SlaTarget(first_response=HOUR)])
        assert lost(policy, vacant, line, ticket(taken())) == []

    def test_a_vacancy_and_a_line_that_ends_there_are_two_matters(self) -> None:
        def codes(*records: Any) -> list[str]:
            return [one.code for one in model(loud(LEAD), *records, without=("a1",)).check(DAY).findings]

        assert codes() == ["ORG401", "SVC403"]
        assert codes(Deputy(id="d", position="lead", deputy="agent")) == ["ORG401"]
        assert codes(held("lead", "ben")) == ["ORG404"]  # Ben has two positions now


def dotted(position: str, manager: str = "expert", *more: Any) -> Any:
    return ReportingLine(id=f"f {position}", position=position, manager=manager, kind="functional")


EXPERT = (Position(id="expert", title="Expert", unit="help"), held("expert", "eve"))


class TestFunctionalLines:
    LINE = "Level 1 of Loud asks for a functional superior, whom nobody in Chat has."

    def test_one_who_has_a_superior_is_enough(self) -> None:
        assert lost(loud(FUNCTIONAL)) == [self.LINE]
        assert lost(loud(FUNCTIONAL), ticket(taken())) == [self.LINE]
        assert lost(loud(FUNCTIONAL), *EXPERT, dotted("lead"), ticket(taken())) == []
        assert lost(loud(FUNCTIONAL), *EXPERT, dotted("agent"), ticket(taken())) == []
        assert lost(loud(FUNCTIONAL), *EXPERT, dotted("agent")) == [self.LINE]  # with no ticket

    def test_a_superior_who_is_not_there_is_another_matter(self) -> None:
        vacant = (EXPERT[0], dotted("agent"), ticket(taken()))
        assert lost(loud(FUNCTIONAL), *vacant) == [
            "What Loud escalates for Chat reaches nobody: no one is in Expert, nor in any position above it."
        ]
        # Nor does somebody else's superior make up for it.
        other = (Position(id="guru", title="Guru", unit="help"), held("guru", "gus"), dotted("lead", "guru"))
        assert len(lost(loud(FUNCTIONAL), *vacant, *other)) == 1

    def test_each_level_and_each_queue_is_named(self) -> None:
        mail = chat(id="mail", name="Mail", policy="loud", lead="agent")
        records = (loud(LEAD, FUNCTIONAL, FUNCTIONAL), mail, *EXPERT, dotted("agent"))
        one, two = found("SVC403", *records)
        assert one.message == "Level 2 of Loud asks for a functional superior, whom nobody in Chat has."
        assert two.message.startswith("Level 3 of Loud")
        assert one.fingerprint != two.fingerprint


class TestRoles:
    ROLE = "Level 1 of Loud asks for a role that nobody has for Chat."

    def test_a_responsibility_for_the_queue_gives_a_role(self) -> None:
        asked = loud(Recipient("role", role="consulted"))
        assert lost(asked) == [self.ROLE]
        queue = Ref("queue", "chat")
        right = Responsibility(id="r", subject=queue, position="agent", role="consulted")
        assert lost(asked, right) == []
        for wrong in (
            Responsibility(id="r", subject=queue, position="agent", role="informed"),
            Responsibility(id="r", subject=Ref("queue", "mail"), position="agent", role="consulted"),
            Responsibility(
                id="r", subject=queue, position="agent", role="consulted", period=DateRange(None, DAY - timedelta(1))
            ),
        ):
            assert lost(asked, wrong, chat(id="mail", name="Mail", policy=None)) == [self.ROLE]

    def test_a_role_that_is_vacant_is_asked_in_vain(self) -> None:
        role = Responsibility(id="r", subject=Ref("queue", "chat"), position="expert", role="responsible")
        assert lost(loud(Recipient("role", role="responsible")), EXPERT[0], role) == [
            "What Loud escalates for Chat reaches nobody: no one is in Expert, nor in any position above it."
        ]


class TestToTheAssignee:
    def own(self, *records: Any, **how: Any) -> list[str]:
        return [one.message for one in found("SVC404", *records, **how)]

    def on(self, position: str, id: str = "t1", **fields: Any) -> Any:
        return ticket(event("assigned", 0, position=position), id=id, **fields)

    def test_the_one_at_the_top_is_their_own_manager(self) -> None:
        assert self.own(loud(Recipient("manager")), self.on("agent")) == []
        assert self.own(loud(Recipient("manager")), self.on("lead")) == [
            "Level 1 of Loud tells Lead of tickets that they have themselves."
        ]

    def test_all_of_a_level_are_one_finding(self) -> None:
        both = [
            Responsibility(id=id, subject=Ref("queue", "chat"), position=id, role="informed")
            for id in ("lead", "agent")
        ]
        tickets = (self.on("lead"), self.on("agent", "t2"), self.on("agent", "t3"))
        (one,) = found("SVC404", loud(Recipient("role", role="informed")), *both, *tickets)
        assert one.message == "Level 1 of Loud tells Lead and Agent of tickets that they have themselves."
        assert one.text("zh") == "Loud的第 1 级升级通知的正是工单的受理岗位Lead和Agent。"

    def test_who_stands_in_is_told_of_their_own(self) -> None:
        away = Absence(id="x", person="ann", period=DateRange(DAY, DAY))
        deputy = Deputy(id="d", position="lead", deputy="agent")
        assert self.own(loud(LEAD), self.on("agent"), deputy) == []
        assert self.own(loud(LEAD), self.on("agent"), deputy, away) == [
            "Level 1 of Loud tells Agent of tickets that they have themselves."
        ]

    @pytest.mark.parametrize("fields", [{"kind": "complaint"}, {"target": "next_response"}])
    def test_only_tickets_that_the_level_concerns_count(self, fields: dict[str, Any]) -> None:
        policy = loud(level(LEAD, **fields), targets=[SlaTarget(resolution=HOUR)])
        assert self.own(policy, self.on("lead")) == []

    def test_tickets_that_nobody_or_nothing_has_do_not_count(self) -> None:
        assert self.own(loud(LEAD), ticket(), self.on("ghost", "t2")) == []
        assert self.own(loud(LEAD), ticket(event("assigned", 0, position="lead"), event("resolved"))) == []
        assert self.own(loud(LEAD), self.on("lead"), without=("a1",)) == []
