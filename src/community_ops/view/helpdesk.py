"""What the demo and the page say of customer service at an instant: what is open, late and next, and how it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.service.pending import Backlog, backlog
from community_ops.service.rating import satisfaction
from community_ops.validation.wording import Language, duration, moment
from community_ops.view.html import element, table
from community_ops.view.scene import label
from community_ops.view.words import say


def service_sentences(m: ModelView, at: datetime, language: Language) -> Iterator[str]:
    """Yield how many tickets are open and late, what is due next, and how promises were kept and customers satisfied.

    Args:
        m: the model.
        at: the instant.
        language: of the words; names are as the model has them.
    """
    waiting, kept = backlog(m, at), satisfaction(m, at)
    queues = waiting.queues.values()
    late, free = sum([len(one.breached) for one in queues]), sum([len(one.unassigned) for one in queues])
    yield say("tickets_open", language, n=len(waiting), s="" if len(waiting) == 1 else "s", late=late, free=free)
    for one in waiting.next_due[:1]:
        name, target = label(m.label(Ref("ticket", one.ticket)), one.ticket), say(one.target, language)
        yield say("next_due", language, name=name, target=target, due=moment(one.due))
    parts = [
        say("kept", language, target=say(target, language), met=one.met, all=one.met + one.breached)
        for target, one in kept.attainment.items()
        if one.share is not None
    ]
    if parts:
        yield say("promises_kept", language, kept=("，" if language == "zh" else ", ").join(parts))
    if kept.csat_score is not None:
        yield say("satisfied", language, score=f"{kept.csat_score:.0f}", n=len(kept.csat))


def service_section(m: ModelView, at: datetime, language: Language) -> Iterator[ET.Element]:
    """Yield a heading, those sentences, and a table of the queues that have open tickets."""
    yield element("h2", say("service_title", language))
    for sentence in service_sentences(m, at, language):
        yield element("p", sentence)
    waiting = backlog(m, at)
    if len(waiting):
        heads = [say(head, language) for head in ("queue", "open", "unassigned", "late", "oldest")]
        yield table(heads, _rows(m, waiting, language))


def _rows(m: ModelView, waiting: Backlog, language: Language) -> Iterator[list[str]]:
    for id, one in waiting.queues.items():
        name = say("no_queue", language) if id is None else label(m.label(Ref("queue", id)), id)
        counts = [len(one), len(one.unassigned), len(one.breached)]
        yield [name, *map(str, counts), duration(one.oldest, language)]
