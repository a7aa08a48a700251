"""A thousand spoilt documents: only `InvalidDocument` or a model comes out, and never a model that does not hold."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import InvalidDocument, OperatingModel, dumps, loads, templates
from community_ops.kernel.codec import from_data
from tests.properties.spoiling import TOKENS, spoilt_bytes, spoilt_structure, spoilt_tokens


def _small() -> str:
    """A record or two of every table of the template, which spoils faster than the whole."""
    data = json.loads(dumps(templates.community_operations("zh")))
    rows = {key: value[:2] for key, value in data.items() if isinstance(value, list)}
    rows["positions"][0]["extra"] = {"a": [1, {"b": 1.5}]}
    return json.dumps({**data, **rows}, ensure_ascii=False)


TEXT = _small()
OLD = TEXT.replace('"version": 2', '"version": 1').replace('"monthly_cost"', '"cost"')
texts = st.sampled_from([TEXT, OLD])
PER_TEST = settings(max_examples=334 if settings.default.max_examples == 100 else settings.default.max_examples)
ways: Any = st.sampled_from(["refuse", "keep"])


def holds(read: Any, unknown: Any) -> None:
    """Assert that reading ends in a model that goes there and back, or in problems that can be shown."""
    try:
        model = read(unknown)
    except InvalidDocument as error:
        assert error.problems
        for problem in error.problems:
            assert problem.pointer == "" or problem.pointer.startswith("/")
            str(problem).encode("utf-8")
    else:
        text = dumps(model)
        again = loads(text, unknown=unknown)
        assert again == model
        assert dumps(again) == text


def test_the_documents_are_good_before_they_are_spoilt():
    assert loads(TEXT) == loads(OLD)
    assert json.loads(" ".join(TOKENS.findall(TEXT))) == json.loads(TEXT)


@PER_TEST
@given(st.data(), ways)
def test_spoilt_bytes(data, unknown):
    text = data.draw(spoilt_bytes(data.draw(texts)))
    holds(lambda way: loads(text, unknown=way), unknown)


@PER_TEST
@given(st.data(), ways)
def test_spoilt_tokens(data, unknown):
    text = data.draw(spoilt_tokens(tuple(TOKENS.findall(data.draw(texts)))))
    holds(lambda way: loads(text, unknown=way), unknown)


@PER_TEST
@given(st.data(), ways)
def test_spoilt_structure(data, unknown):
    spoilt = data.draw(spoilt_structure(data.draw(texts)))
    holds(lambda way: from_data(spoilt, OperatingModel, unknown=way), unknown)
