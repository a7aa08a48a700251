from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.kernel.text import clean_line
from community_ops.view.textwidth import (
    cells,
    clusters,
    cut,
    display_width,
    drawn_width,
    ems,
    wrap,
    wrap_items,
)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("COO", 3),
        ("首席运营官", 10),
        ("（）", 4),
        ("e\u0301", 1),
        ("한글", 4),
        ("\u1112\u1161\u11ab", 2),  # one Hangul syllable spelt in three letters
        ("ﾊﾝｶｸ", 4),  # half-width katakana
        ("👩\u200d👩\u200d👧", 2),
        ("👍🏽", 2),
        ("🇨🇳", 2),
        ("🇨🇳🇩🇪", 4),
        ("☎\ufe0f", 2),
        ("\u200b", 0),
        ("\u0301", 0),
    ],
)
def test_width_counts_cells_of_a_terminal(text: str, width: int) -> None:
    assert display_width(text) == width


def test_ambiguous_characters_are_narrow_unless_told_otherwise() -> None:
    assert display_width("→§") == 2
    assert display_width("→§", ambiguous=2) == 4


@given(texts)
def test_clusters_joined_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text
    assert all(clusters(text))


def test_clusters_keep_together_what_reads_as_one() -> None:
    text = "a\u0308👩🏽\u200d💻🇨🇳🇩\u0600"
    assert list(clusters(text)) == ["a\u0308", "👩🏽\u200d💻", "🇨🇳", "🇩\u0600"]


@given(texts, st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, width: int) -> None:
    text = clean_line(text)
    lines = wrap(text, width)
    assert lines
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(display_width(line) <= width for line in lines)


@given(texts, st.integers(2, 30), st.integers(1, 4))
def test_a_bounded_number_of_lines_ends_in_an_ellipsis(text: str, width: int, most: int) -> None:
    text = clean_line(text)
    lines = wrap(text, width, most=most)
    assert len(lines) <= most
    assert all(display_width(line) <= width for line in lines)
    if len(wrap(text, width)) > most:
        assert lines[-1].endswith("…")
    else:
        assert lines == wrap(text, width)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Head of community", 9, ["Head of", "community"]),
        ("co-founder and chair", 8, ["co-", "founder", "and", "chair"]),
        ("extraordinary", 5, ["extra", "ordin", "ary"]),
        ("审计师、会计师", 6, ["审计", "师、会", "计师"]),  # a comma does not start a line
        ("运营（试行）", 6, ["运营", "（试", "行）"]),  # a bracket does not end one
        ("用A组", 3, ["用A", "组"]),
        ("", 5, [""]),
    ],
)
def test_lines_break_where_readers_expect(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_names_in_a_list_are_kept_whole_where_they_fit() -> None:
    assert wrap_items(["成员一", "成员二", "成员三"], "、", 16) == ["成员一、成员二、", "成员三"]
    assert wrap_items(["Ann Lee", "Bo"], ", ", 9) == ["Ann Lee,", "Bo"]
    assert wrap_items([], ", ", 9) == [""]


@given(texts, st.integers(1, 20))
def test_cut_text_fits(text: str, width: int) -> None:
    short = cut(text, width)
    assert display_width(short) <= width
    assert short == text or short.endswith("…")


# Advance widths read from the fonts' own hmtx tables, in thousandths of the font size.
_DEJAVU_SANS_BOLD = {
    "W": 1103, "m": 1042, "M": 995, "@": 1000, "w": 924, "O": 850, "H": 837, "A": 774, "a": 675, "é": 678, "0": 696,
    "t": 478, "r": 493, "f": 435, "i": 343, " ": 348, ".": 380, "-": 415, "—": 1000, "…": 1000, "S": 720, "e": 678,
}  # fmt: skip
_NOTO_SANS_CJK_BOLD = {"中": 1000, "（": 1000, "、": 1000, "W": 915, "m": 964, "a": 591, "—": 908, "…": 1000}


@pytest.mark.parametrize("font", [_DEJAVU_SANS_BOLD, _NOTO_SANS_CJK_BOLD])
def test_drawn_width_is_no_less_than_in_wide_fonts(font: dict[str, int]) -> None:
    for character, width in font.items():
        assert ems(character) * 1000 >= width - 6, character


def test_drawn_width_grows_with_the_size() -> None:
    assert drawn_width("社群 m", 20) == 2 * drawn_width("社群 m", 10)
    assert ems("👩\u200d💻") == ems("☎\ufe0f") == 1.4
    assert ems("\u0301") == 0
    assert cells("中") == 2
