from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from community_ops.view.html import details, element, html_text, image_figure, lang_of, table
from community_ops.view.svg import picture
from tests.view.reading import Page
from tests.view.sample import EVIL


@given(st.text(max_size=60))
def test_text_and_attributes_are_escaped(words: str) -> None:
    page = Page(html_text(element("p", words, [element("b", words)], title=words)))
    assert [tag for tag, _ in page.tags] == ["p", "b"]
    assert not page.unclosed


def test_markup_in_a_name_stays_text() -> None:
    page = Page(html_text(table([EVIL], [[EVIL]], EVIL)))
    assert page.tables == [[[EVIL], [EVIL]]]
    assert {tag for tag, _ in page.tags} == {"table", "caption", "thead", "tbody", "tr", "th", "td"}


def test_a_figure_holds_a_picture_with_its_label() -> None:
    figure = image_figure(picture(1, 1, 'A "chart"', "", "en"), ["One.", "Two."])
    page = Page(html_text(figure))
    assert [tag for tag, _ in page.tags] == ["figure", "img", "figcaption"]
    assert page.all("img")[0]["alt"] == 'A "chart"'
    assert page.text == "One. Two."


def test_details_are_folded_unless_told_otherwise() -> None:
    assert "open" not in details("More", ET.Element("p")).attrib
    assert "open" in details("More", ET.Element("p"), open_=True).attrib


def test_languages_are_named_by_their_tags() -> None:
    assert (lang_of("en"), lang_of("zh")) == ("en", "zh-Hans")
