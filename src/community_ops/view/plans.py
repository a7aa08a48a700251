"""What the demo and the page say of a model's plans: when each is finished, what drives that, and its Gantt chart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from xml.etree import ElementTree as ET

from community_ops.errors import CyclicNetwork, NoWorkTime
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Plan
from community_ops.validation.wording import Language
from community_ops.view.gantt import draw_plan
from community_ops.view.html import details, element
from community_ops.view.plan_scene import counts_of, dated_plan, plan_scene, plan_table
from community_ops.view.scene import label
from community_ops.view.words import say

PLANS_SHOWN = 5
"""Of how many plans a page says anything; whoever has more asks for them one by one."""


def plans_shown(m: ModelView) -> list[str]:
    """Return the plans to say something of: the first of them."""
    return list(islice(m.ids(Plan), PLANS_SHOWN))


def plan_sentences(m: ModelView, plan_id: str, at: date, language: Language) -> Iterator[str]:
    """Yield when a plan is finished, when its milestones are, and what drives the finish; or why nobody can tell."""
    name = label(m.label(Ref("plan", plan_id)), plan_id)
    try:
        dated, _ = dated_plan(m, plan_id, at)
    except (CyclicNetwork, NoWorkTime) as error:
        yield say("titled", language, title=name, summary=say("plan_undated", language, why=error))
        return
    summary = counts_of(dated, language)
    yield say("sentence", language, text=say("titled", language, title=name, summary=summary))
    for id, dates in dated.tasks.items():
        if dates.kind == "milestone" and dates.finish is not None:
            yield say("milestone_on", language, name=_title(m, id), day=dates.finish.date())
    path = dated.longest_path()
    if path:
        yield say("drives_finish", language, names=" → ".join(_title(m, id) for id in path))


def _title(m: ModelView, id: str) -> str:
    return label(m.label(Ref("task", id)), id)


def plan_section(m: ModelView, plan_id: str, at: date, language: Language) -> Iterator[ET.Element]:
    """Yield a heading, those sentences, the Gantt chart and its table."""
    yield element("h2", say("plan_title", language, name=label(m.label(Ref("plan", plan_id)), plan_id)))
    for sentence in plan_sentences(m, plan_id, at, language):
        yield element("p", sentence)
    try:
        scene = plan_scene(m, plan_id, at, language)
    except (CyclicNetwork, NoWorkTime):
        return  # the sentences have said so
    yield element("figure", children=[draw_plan(scene)])
    yield details(say("as_table", language), plan_table(scene))
