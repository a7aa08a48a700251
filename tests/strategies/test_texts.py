from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings

from community_ops.strategies.texts import ids, names, texts


@given(ids())
@settings(max_examples=300, suppress_health_check=())
def test_an_id_is_what_the_contract_says(id: str) -> None:
    assert 1 <= len(id) <= 200
    assert unicodedata.is_normalized("NFC", id)
    id.encode("utf-8")
    categories = {unicodedata.category(character) for character in id}
    assert not categories & {"Cc", "Cs", "Zl", "Zp"}
    # Unicode's bidirectional formatting: LRM, RLM, ALM, embeddings and overrides, isolates.
    assert not set(id) & set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(texts())
@settings(max_examples=300, suppress_health_check=())
def test_any_text_can_be_written_as_utf8(text: str) -> None:
    assert text.encode("utf-8").decode("utf-8") == text


def test_text_comes_in_the_scripts_that_break_software() -> None:
    seen: set[str] = set()

    @given(names(), texts())
    @settings(max_examples=300, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
    def look(name: str, text: str) -> None:
        for character in name:
            seen.add("astral" if ord(character) > 0xFFFF else unicodedata.name(character, "?").split()[0])
            seen.add(unicodedata.bidirectional(character))
        seen.update(f"text {unicodedata.category(character)}" for character in text)
        seen.update(["not NFC"] if not unicodedata.is_normalized("NFC", name) else [])

    look()
    assert {"LATIN", "CJK", "ARABIC", "HEBREW", "THAI", "DEVANAGARI", "COMBINING", "astral", "R", "AL"} <= seen
    assert {"not NFC", "text Cc", "text Cf"} <= seen
