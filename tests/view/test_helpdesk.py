from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from community_ops import OperatingModel, Queue, SlaPolicy, SlaTarget, Ticket, TicketEvent, templates
from community_ops.view.demo import demonstration
from community_ops.view.helpdesk import service_section, service_sentences
from community_ops.view.html import html_text
from community_ops.view.page import html_page

SHANGHAI = timezone(timedelta(hours=8))
NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def opened(id: str, at: datetime, *more: TicketEvent, queue: str | None = "chat") -> Ticket:
    return Ticket(id=id, subject=f"About {id}", queue=queue, events=[TicketEvent("opened", at), *more])


def model(*tickets: Ticket) -> OperatingModel:
    policy = SlaPolicy(id="p", name="P", targets=[SlaTarget(first_response=2 * HOUR)])
    return OperatingModel.of(policy, Queue(id="chat", name="Chat & mail", policy="p"), *tickets)


def test_sentences_say_what_is_open_late_and_next() -> None:
    replied = TicketEvent("public_reply", NOON - HOUR)
    served = model(
        opened("a", NOON - HOUR), opened("b", NOON - 3 * HOUR), opened("c", NOON - 2 * HOUR, replied), opened("d", NOON)
    )
    assert list(service_sentences(served, NOON, "en")) == [
        "4 open tickets, 1 late, 4 with nobody.",
        "Next due: About a, first response by 2026-03-02 05:00 +00:00.",  # 13:00 in Shanghai
        "Promises kept: first response 1 of 2.",
    ]


def test_nothing_to_tell_is_one_sentence() -> None:
    assert list(service_sentences(model(), NOON, "en")) == ["0 open tickets, 0 late, 0 with nobody."]
    assert "<table>" not in html_text(*service_section(model(), NOON, "en"))


def test_the_section_has_a_row_for_every_queue_with_open_tickets() -> None:
    section = html_text(
        *service_section(model(opened("a", NOON - 3 * HOUR), opened("x", NOON, queue=None)), NOON, "en")
    )
    assert "<td>Chat &amp; mail</td><td>1</td><td>1</td><td>1</td><td>3 h</td>" in section
    assert "<td>in no queue</td><td>1</td><td>1</td><td>0</td><td>0 min</td>" in section


@pytest.mark.parametrize(("language", "title"), [("en", "Customer service"), ("zh", "客户服务")])
def test_demo_and_page_tell_of_service_at_an_instant_only(language: str, title: str) -> None:
    template = templates.community_operations(language)  # type: ignore[arg-type]
    told = demonstration(template, NOON, language)  # type: ignore[arg-type]
    assert title in told.text.splitlines()
    assert f"<h2>{title}</h2>" in told.page
    day = demonstration(template, date(2026, 3, 2), language)  # type: ignore[arg-type]
    assert title not in day.text.splitlines()
    assert f"<h2>{title}</h2>" not in html_page(OperatingModel(), OperatingModel().check(NOON), NOON, "en")
