"""Strategies for text and ids: every script, and by construction only what a field can hold."""

from __future__ import annotations

import unicodedata
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from community_ops.kernel.text import _BIDI, ID_LENGTH

# What breaks software that has only met English: combining marks, other digits, no spaces, right to left, characters
# outside the basic plane, joined emoji, and what looks like another format.
_SAMPLES = (
    "a",
    "Chief Marketing Officer",
    "社群运营",
    "品牌与内容 (总部)",
    "Zoë O'Neill-Ünal",
    "cafe\u0301",
    "Z\u0351\u036b\u0343\u036aalgo",
    "\u05e6\u05d5\u05d5\u05ea \u05ea\u05d5\u05db\u05df",
    "\u0641\u0631\u064a\u0642 \u0627\u0644\u0645\u062d\u062a\u0648\u0649",
    "\u0e17\u0e35\u0e21\u0e07\u0e32\u0e19",
    "\u0939\u093f\u0928\u094d\u0926\u0940",
    "\U0001f469\u200d\U0001f4bb",
    "\U00020bb7\u91ce\u5bb6",
    "\ufb01nance \u2460 \u00bd",
    "007",
    "=1+1",
    "a, \"b\"; 'c' <d> & \\e",
    " ",
)
_LAYOUT_SAMPLES = ("", "two\nlines", "tab\there", "\u202eright to left\u202c", "nul \x00", "\ufeff", "\u2028")
_CHARACTERS = st.characters(codec="utf-8")
_ID_CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Zl", "Zp"), exclude_characters="".join(sorted(_BIDI))
)
_nfc = partial(unicodedata.normalize, "NFC")
_ID_SAMPLES = tuple(dict.fromkeys(map(_nfc, (*_SAMPLES, "a:b", "a/b~c", "0", "x" * ID_LENGTH, "界" * ID_LENGTH))))
# One character can become three under NFC (U+FB2C), and an id has at most ID_LENGTH of them.
_LONGEST = 12


def names() -> SearchStrategy[str]:
    """Return a strategy for what people call things, in many scripts; a single choice, so cheap to draw."""
    return _NAMES


def texts() -> SearchStrategy[str]:
    """Return a strategy for any text that UTF-8 can carry, control characters included."""
    return _TEXTS


def ids() -> SearchStrategy[str]:
    """Return a strategy for ids: in normal form C, without control or bidirectional-format characters."""
    return _IDS


_NAMES = st.sampled_from(_SAMPLES)
_TEXTS = st.one_of(_NAMES, st.text(_CHARACTERS, max_size=_LONGEST), st.sampled_from(_LAYOUT_SAMPLES))
_IDS = st.one_of(st.sampled_from(_ID_SAMPLES), st.text(_ID_CHARACTERS, min_size=1, max_size=_LONGEST).map(_nfc))
