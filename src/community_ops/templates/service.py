"""Customer service in the community operations template: service hours, promises, queues and what people there can do.

The service hours are not the office's: every day from 9 to 21, holidays among them. In the evening's chats a peak of 36
contacts an hour at five minutes each, 80 % of them to be answered within a minute, takes five agents; with 30 % of paid
time for leave, training and breaks that is eight, where the document's team has four seats.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import MappingProxyType

from community_ops.org.records import Skill, SkillLevel
from community_ops.service.demand import Demand, Volume
from community_ops.service.presets import STANDARD_ESCALATIONS, STANDARD_TARGETS
from community_ops.service.records import EscalationLevel, Queue, Recipient, SlaPolicy, SlaTarget
from community_ops.templates.words import Say
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAYS

SKILL_OF = MappingProxyType(
    {"service-agent": "customer-care", "tech-support": "technical-support", "after-sales": "after-sales-handling"}
)
"""What the holders of each position of the customer service team can do, and the others cannot."""


def skills(say: Say) -> Iterator[Skill]:
    """Yield the three trades of customer service."""
    yield Skill(id="customer-care", name=say("客户咨询", "Customer care"))
    yield Skill(id="technical-support", name=say("技术支持", "Technical support"))
    yield Skill(id="after-sales-handling", name=say("售后处理", "After-sales handling"))


def skills_of(position: str) -> tuple[SkillLevel, ...]:
    """Return what a position needs, and its holders can do."""
    skill = SKILL_OF.get(position)
    return () if skill is None else (SkillLevel(skill),)


def service_calendars(say: Say) -> Iterator[Calendar]:
    """Yield the hours of customer service."""
    yield Calendar(
        id="service",
        name=say("客服时间", "Service hours"),
        timezone="Asia/Shanghai",
        hours=dict.fromkeys(DAYS, (("09:00", "21:00"),)),
    )


def policies(say: Say) -> Iterator[SlaPolicy]:
    """Yield the service standard, and what product development promises customer service."""
    yield SlaPolicy(
        id="service-standard",
        name=say("客户服务标准", "Customer service standard"),
        calendar="service",
        targets=STANDARD_TARGETS,
        resolution_pauses=("pending_customer", "on_hold"),
        escalations=(
            *STANDARD_ESCALATIONS,
            EscalationLevel(
                target="resolution", percent=80, recipient=Recipient("queue_lead"), action=say("催办", "See to it")
            ),
            EscalationLevel(
                target="resolution",
                offset=timedelta(hours=4),
                recipient=Recipient("manager", steps=2),
                action=say("接手处理", "Take it over"),
            ),
        ),
        csat_target=85,
        owner="coo",
    )
    yield SlaPolicy(
        id="development-agreement",
        name=say("研发支持协议", "Agreement with product development"),
        calendar="office",
        targets=(SlaTarget(first_response=timedelta(hours=4), resolution=timedelta(hours=40)),),
        counts_from="change",
        escalations=(EscalationLevel(target="resolution", percent=75, recipient=Recipient("queue_lead")),),
        owner="product-manager",
    )


def queues(say: Say) -> Iterator[Queue]:
    """Yield where tickets wait: the chat, technical problems, after-sales with complaints, and development."""
    yield Queue(
        id="chat",
        name=say("在线咨询", "Live chat"),
        unit="customer-service",
        lead="coo",
        calendar="service",
        policy="service-standard",
        skills=skills_of("service-agent"),
        cap=12,
        demand=Demand(
            handling=timedelta(minutes=5),
            volumes=(Volume(6, "09:00", "19:00"), Volume(36, "19:00", "21:00")),
            answer_within=timedelta(seconds=60),
        ),
    )
    yield Queue(
        id="technical",
        name=say("技术问题", "Technical problems"),
        unit="customer-service",
        lead="coo",
        calendar="service",
        policy="service-standard",
        skills=skills_of("tech-support"),
        cap=15,
    )
    yield Queue(
        id="after-sales",
        name=say("售后与投诉", "After-sales and complaints"),
        unit="customer-service",
        lead="coo",
        calendar="service",
        policy="service-standard",
        skills=skills_of("after-sales"),
        cap=15,
    )
    yield Queue(
        id="development",
        name=say("研发支持", "Development support"),
        unit="product",
        lead="product-manager",
        calendar="office",
        policy="development-agreement",
        cap=5,
    )
