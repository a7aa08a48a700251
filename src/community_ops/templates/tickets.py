"""Twelve sample tickets of the community operations template: one in every state, as of noon on 2 March 2026.

Subjects are what members of a community write about; nobody real has written them, and customers are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from community_ops.kernel.ref import Ref
from community_ops.service.records import Ticket, TicketEvent
from community_ops.templates.words import Say

_ZONE = ZoneInfo("Asia/Shanghai")


def tickets(say: Say) -> Iterator[Ticket]:
    """Yield the tickets, each with its log, by their numbers."""
    yield from sorted([*_at_work(say), *_over(say)], key=lambda ticket: ticket.id)


def _at_work(say: Say) -> Iterator[Ticket]:
    yield _ticket(
        1, "chat", say("如何修改昵称？", "How do I change my nickname?"), channel=say("微信", "WeChat"),
        events=[_on("03-02 11:40", "opened")],
    )  # fmt: skip
    yield _ticket(
        2, "technical", say("更新后无法登录", "Cannot log in since the update"), kind="technical", priority="high",
        channel="APP",
        events=[
            _on("03-02 09:10", "opened"),
            _taken("03-02 09:20", "tech-support"),
            _by("tech-support", "03-02 09:50", "public_reply"),
            _on("03-02 10:30", "customer_message", text=say("还是不行。", "Still no luck.")),
        ],
    )  # fmt: skip
    yield _ticket(
        3, "chat", say("会员日什么时候？", "When is the members' day?"), channel=say("微博", "Weibo"),
        events=[
            _on("03-01 19:00", "opened"),
            _taken("03-01 19:05", "service-agent"),
            _by("service-agent", "03-01 19:20", "public_reply"),
            _by("service-agent", "03-01 19:20", "pending", text=say("等待客户说明所在城市", "Which city?")),
        ],
    )  # fmt: skip
    yield _ticket(
        4, "chat", say("如何加入城市群？", "How do I join my city's group?"), channel=say("微信", "WeChat"),
        events=[
            _on("02-28 10:00", "opened"),
            _taken("02-28 10:05", "service-agent"),
            _by("service-agent", "02-28 10:30", "public_reply"),
            _by("service-agent", "02-28 10:30", "pending"),
            _on("03-02 10:00", "customer_message", text=say("成都。", "Chengdu.")),
        ],
    )  # fmt: skip
    yield _ticket(
        5, "after-sales", say("周边收到时已破损", "My order arrived damaged"), kind="after_sales",
        channel=say("网站", "Website"),
        events=[
            _on("02-27 15:00", "opened"),
            _taken("02-27 15:10", "after-sales"),
            _by("after-sales", "02-27 16:00", "public_reply"),
            _by("after-sales", "02-27 16:10", "on_hold", text=say("等待快递公司答复", "Waiting for the courier")),
        ],
    )  # fmt: skip
    yield _ticket(
        12, "after-sales", say("退款一直没有到账", "My refund has not arrived"), kind="complaint", priority="urgent",
        channel="APP",
        events=[
            _on("03-01 18:00", "opened"),
            _on("03-01 18:00", "public_reply", automatic=True, text=say("已收到您的来信。", "We got your message.")),
            _taken("03-01 18:10", "after-sales"),
            _on("03-02 09:30", "customer_message", text=say("有人吗？", "Is anybody there?")),
        ],
    )  # fmt: skip


def _over(say: Say) -> Iterator[Ticket]:
    yield _ticket(
        6, "chat", say("积分有什么用？", "What are points good for?"), channel=say("微信", "WeChat"),
        events=[
            _on("03-01 13:00", "opened"),
            _taken("03-01 13:05", "service-agent"),
            _by("service-agent", "03-01 13:30", "public_reply"),
            _by("service-agent", "03-01 14:00", "resolved"),
        ],
    )  # fmt: skip
    yield _ticket(
        7, "technical", say("直播经常卡顿", "Live streams keep stalling"), kind="technical", channel="APP",
        events=[
            _on("02-26 10:00", "opened"),
            _taken("02-26 10:20", "tech-support"),
            _by("tech-support", "02-26 11:00", "public_reply"),
            _by("tech-support", "02-26 16:00", "resolved"),
            _on("03-01 20:00", "customer_message", text=say("又卡了。", "It is back.")),
            _by("tech-support", "03-02 09:30", "public_reply"),
        ],
    )  # fmt: skip
    yield _ticket(
        8, "chat", say("活动报名成功了吗？", "Did my registration work?"), channel=say("网站", "Website"),
        events=[
            _on("02-24 09:30", "opened"),
            _taken("02-24 09:35", "service-agent"),
            _by("service-agent", "02-24 09:50", "public_reply"),
            _by("service-agent", "02-24 10:00", "resolved"),
            _on("02-24 12:15", "rated", scale="csat", rating=5),
            _on("02-24 12:15", "rated", scale="nps", rating=9),
            _on("02-26 10:00", "closed"),
        ],
    )  # fmt: skip
    yield _ticket(
        9, "after-sales", say("换货流程太慢", "Exchanging goods takes too long"), kind="after_sales",
        channel=say("微博", "Weibo"),
        events=[
            _on("02-20 14:00", "opened"),
            _taken("02-20 15:00", "after-sales"),
            _by("after-sales", "02-20 16:30", "public_reply"),
            _by("after-sales", "02-23 11:00", "resolved"),
            _on("02-23 20:00", "rated", scale="csat", rating=2),
            _on("02-25 11:00", "closed"),
        ],
    )  # fmt: skip
    yield _ticket(
        10, "technical", say("登录失败", "Login fails"), kind="technical", channel=say("微信", "WeChat"),
        events=[
            _on("03-02 09:40", "opened"),
            _by("tech-support", "03-02 09:55", "merged", into="ticket-02", text=say("同一问题", "The same problem")),
        ],
    )  # fmt: skip
    yield _ticket(
        11, "chat", say("测试消息", "A test message"), channel=say("网站", "Website"),
        events=[
            _on("02-28 20:00", "opened"),
            _by("service-agent", "02-28 20:10", "cancelled", text=say("内部测试", "Our own test")),
        ],
    )  # fmt: skip


def _ticket(number: int, queue: str, subject: str, **fields: Any) -> Ticket:
    return Ticket(id=f"ticket-{number:02}", subject=subject, queue=queue, customer=f"customer-{number:04}", **fields)


def _on(at: str, type: Any, **data: Any) -> TicketEvent:
    """Return an event of 2026, at a time such as `03-02 11:40` on the clocks of the service hours."""
    return TicketEvent(type, datetime.fromisoformat(f"2026-{at}").replace(tzinfo=_ZONE), **data)


def _by(position: str, at: str, type: Any, **data: Any) -> TicketEvent:
    return _on(at, type, actor=Ref("position", position), **data)


def _taken(at: str, position: str) -> TicketEvent:
    return _on(at, "assigned", actor=Ref("position", position), position=position)
