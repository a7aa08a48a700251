"""Ways to spoil a document: its bytes, its tokens, its structure."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[-+0-9.eE]+|[a-z]+|[{}\[\],:]')
STRANGE_TOKENS = (
    *("{", "}", "[", "]", ",", ":", "null", "true", "NaN", "-Infinity", "1e999", "0", "-0.0", "1" * 5_000, "tru"),
    *(
        '""',
        '"id"',
        '"\\ud800"',
        '"\\u0000"',
        '"version"',
        '"format"',
        '"positions"',
        '"monthly_cost"',
        '"cost"',
        '"extra"',
    ),
    *('"monthly_cost"', '"extra"', "]" * 3, "\ufeff", "\n", '"unit:\u202e"', '"P1D"', '"2026-02-29"', "1", "2", "3"),
)
STRANGE_VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 10**5000, "", "x", "x" * 300, "\ud800", "cafe\u0301", "\x00", [], {}, [[]], [{}]),
    *({"id": "hq"}, {"amount": "1", "currency": "EUR"}, {"start": "2026-01-01"}, {"": None}, "unit:hq", "2026-02-30"),
    *([{"id": "hq"}, {"id": "hq"}], {"a": {"b": [1, {"c": None}]}}, "1e5", float("inf"), [float("nan")], 1, 2, 3),
)


@st.composite
def spoilt_bytes(draw: st.DrawFn, text: str) -> str:
    """Change, drop or repeat a few bytes; what is no UTF-8 then is read as a browser would."""
    data = bytearray(text.encode())
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 40))
        data[place : place + length] = draw(st.binary(max_size=4) | st.just(bytes(data[place : place + 2 * length])))
    return data.decode("utf-8", "replace")


@st.composite
def spoilt_tokens(draw: st.DrawFn, tokens: tuple[str, ...]) -> str:
    """Put in, leave out, exchange or replace a few tokens."""
    spoilt = list(tokens)
    for _ in range(draw(st.integers(1, 4))):
        here, there = (draw(st.integers(0, len(spoilt) - 1)) for _ in range(2))
        act = draw(st.sampled_from(["put", "drop", "swap", "strange"]))
        if act == "put":
            spoilt.insert(here, draw(st.sampled_from(STRANGE_TOKENS)))
        elif act == "drop":
            del spoilt[here : here + draw(st.integers(1, 9))]
            spoilt = spoilt or ["{"]
        elif act == "swap":
            spoilt[here], spoilt[there] = spoilt[there], spoilt[here]
        else:
            spoilt[here] = draw(st.sampled_from(STRANGE_TOKENS))
    return " ".join(spoilt)


@st.composite
def spoilt_structure(draw: st.DrawFn, text: str) -> Any:
    """Put strange values, keys and rows into the document's data, at any depth."""
    data = json.loads(text)
    for _ in range(draw(st.integers(1, 4))):
        place, depth = data, draw(st.integers(0, 4))
        while depth and isinstance(place, (dict, list)) and place:
            inner = (
                draw(st.sampled_from(sorted(place)))
                if isinstance(place, dict)
                else draw(st.integers(0, len(place) - 1))
            )
            if not isinstance(place[inner], (dict, list)):
                break
            place, depth = place[inner], depth - 1
        value = deepcopy(draw(st.sampled_from(STRANGE_VALUES)))
        if isinstance(place, dict):
            place[draw(st.sampled_from([*sorted(place), "strange", "id", "version", "\ud800", ""]))] = value
        else:
            place.insert(draw(st.integers(0, len(place))), value)
    return data
