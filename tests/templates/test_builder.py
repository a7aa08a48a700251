from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import pytest
from attrs import evolve

from community_ops.io.documents import dumps, loads
from community_ops.templates import community_operations

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
TEXTS = {
    "unit": ("name", "mission"),
    "position": ("title", "mission"),
    "person": ("name",),
    "duty": ("name", "description"),
    "goal": ("name", "description"),
    "calendar": ("name",),
    "plan": ("name",),
    "task": ("name", "description"),
    "skill": ("name",),
    "queue": ("name",),
    "sla_policy": ("name",),
    "ticket": ("subject",),
}


def textless(record):
    if record.kind_name == "task":
        record = evolve(record, deliverables=[evolve(one, name="") for one in record.deliverables])
    if record.kind_name == "ticket":
        record = evolve(record, channel="", events=[evolve(one, text="") for one in record.events])
    if record.kind_name == "sla_policy":
        record = evolve(record, escalations=[evolve(one, action="") for one in record.escalations])
    return evolve(record, **dict.fromkeys(TEXTS.get(record.kind_name, ()), ""))


def texts(model):
    for record in model:
        for field in TEXTS.get(record.kind_name, ()):
            text = getattr(record, field)
            if text:
                yield f"{record.ref}.{field}", text
    for task in model.tasks:
        for one in task.deliverables:
            yield f"{task.ref}.deliverables", one.name
    for ticket in model.tickets:
        for place, event in enumerate(ticket.events):
            if event.text:
                yield f"{ticket.ref}.events[{place}]", event.text
    for policy in model.sla_policies:
        for place, level in enumerate(policy.escalations):
            if level.action:
                yield f"{policy.ref}.escalations[{place}]", level.action


def test_both_languages_differ_in_nothing_but_their_texts():
    chinese, english = community_operations("zh"), community_operations("en")
    assert [textless(record) for record in chinese] == [textless(record) for record in english]
    assert [place for place, _ in texts(chinese)] == [place for place, _ in texts(english)]


def test_every_text_is_in_its_language():
    assert {place: text for place, text in texts(community_operations("zh")) if not CHINESE.search(text)} == {}
    assert {place: text for place, text in texts(community_operations("en")) if CHINESE.search(text)} == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_within_a_kind_tell_records_apart(language):
    model = community_operations(language)
    named = Counter(
        (record.kind_name, getattr(record, TEXTS[record.kind_name][0])) for record in model if record.kind_name in TEXTS
    )
    assert [name for name, times in named.items() if times > 1] == []


def test_chinese_is_what_one_gets_without_asking():
    assert community_operations() is community_operations("zh")
    assert community_operations("en") is community_operations("en")
    assert community_operations("en") != community_operations("zh")


@pytest.mark.parametrize("language", ["de", "EN", "", None, ["zh"]])
def test_an_unknown_language_is_refused_by_naming_the_choices(language):
    with pytest.raises(ValueError, match="'zh'") as caught:
        community_operations(language)
    assert "'en'" in str(caught.value)
    assert repr(language) in str(caught.value)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_survives_being_written_as_json(language):
    model = community_operations(language)
    text = dumps(model)
    assert loads(text) == model
    assert dumps(loads(text)) == text


def test_nothing_it_refers_to_is_missing():
    graph = community_operations().graph()
    assert [node for node, missing in graph.nodes(data="missing") if missing] == []


def test_it_is_only_loaded_when_asked_for():
    code = "import sys, community_ops; print([name for name in sys.modules if '.templates' in name])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
