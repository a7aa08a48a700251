from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import get_args, get_type_hints

import pytest

from community_ops import Position, Severity, Unit, view
from community_ops.org.records import LineKind
from community_ops.view.words import WORDS, language_of, listed, say


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_the_same_things(key: str) -> None:
    english, chinese = ({name for _, name, _, _ in Formatter().parse(text) if name} - {"s"} for text in WORDS[key])
    assert english == chinese
    assert all(WORDS[key])


def test_every_word_is_used() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(view.__file__).parent.glob("*.py") if path.stem != "words"
    )
    # Looked up by a unit's kind, a box's state, a position's status, a finding's severity, what was promised.
    by_value = {"planned", "hiring", "frozen", "closed", "error", "warning", "info"}
    by_value |= {"first_response", "next_response", "resolution"}
    unused = {
        key
        for key in WORDS
        if f'"{key}"' not in source and f"'{key}'" not in source and not key.startswith(("kind_", "state_"))
    }
    assert unused <= by_value


def test_every_value_that_is_looked_up_has_a_word() -> None:
    kinds = get_args(get_type_hints(Unit)["kind"])
    statuses = set(get_args(get_type_hints(Position)["status"])) - {"approved"}
    looked_up = {*("kind_" + kind for kind in kinds), *statuses, *map(str, Severity), *get_args(LineKind)}
    assert looked_up <= WORDS.keys()


def test_counts_agree_with_their_nouns() -> None:
    assert say("positions_count", "en", n=1) == "1 position"
    assert say("positions_count", "en", n=2) == "2 positions"
    assert say("positions_count", "zh", n=2) == "2 个岗位"


def test_lists_read_as_in_the_language() -> None:
    assert listed(["a", "b"], "en") == "a, b"
    assert listed(["甲", "乙"], "zh") == "甲、乙"
    assert listed([], "en") == ""


@pytest.mark.parametrize(
    ("names", "language"),
    [
        (["首席执行官", "运营"], "zh"),
        (["首席执行官", "CEO", "COO"], "en"),
        (["客户服务 agent"], "zh"),
        (["営業のひと"], "en"),  # Japanese is not Chinese
        (["인사 담당"], "en"),
        ([], "en"),
    ],
)
def test_the_language_is_guessed_from_the_names(names: list[str], language: str) -> None:
    assert language_of(names) == language
