"""The catalogues: complete, true to the declarations, without a dead link, and the pages in docs/ are today's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

import community_ops as co
from community_ops.cli import main
from community_ops.kernel.codec import from_data
from community_ops.kernel.schema import Schema
from community_ops.kernel.shapes import Shape
from community_ops.view.catalogue import HOW, catalogue_pages, record_catalogue, rule_catalogue, write_catalogue
from community_ops.view.samples import sample_row
from community_ops.view.type_words import type_words
from tests.kernel.kinds import World

DOCS = Path(__file__).resolve().parents[2] / "docs"
READER = MarkdownIt("commonmark").enable("table")
PAGES = catalogue_pages()
HEAD = {"format": "community-ops", "version": 2}


# -- a stranger's kinds and rules -------------------------------------------------------------------------------------


@co.frozen
class Clause(co.Value):
    """What was agreed.

    Attributes:
        text: in words.
        heir: who takes it over | or nobody.
    """

    text: str
    heir: str | None = co.field(default=None, metadata=co.ref("person", "falls to"))


@co.frozen(kw_only=True)
class Treaty(co.Record):
    """A treaty, of *whatever* sort.

    It has more paragraphs than one.

    Attributes:
        title: what it is called.
        clauses: what was agreed.
        renews: the one it takes the place of.
        rank: where it stands.
        odd: refuses everything that a machine would guess.
    """

    kind_name = "treaty"
    table_name = "treaties"
    title: str
    clauses: tuple[Clause, ...] = ()
    renews: str | None = co.field(
        default=None, metadata=co.ref("treaty", "renews", acyclic=True, inverse="is renewed by")
    )
    rank: int = co.field(default=1, metadata=co.at_least(1))
    odd: str = ""

    def __meaning__(self) -> Iterator[tuple[str, str]]:
        if self.odd not in ("", "xyzzy"):
            yield "odd", "is not the magic word"


@co.frozen(kw_only=True)
class Riddle(co.Record):
    """Nobody can make one by guessing."""

    kind_name = "riddle"
    table_name = "riddles"
    answer: str

    def __meaning__(self) -> Iterator[tuple[str, str]]:
        if self.answer != "42":
            yield "answer", "is wrong"


@co.frozen
class Patience(co.Value):
    """How long.

    Attributes:
        most: the most that is borne.
    """

    most: int = 3


@co.rule(
    "TRE101", name="untitled-treaty", en="{subject} has no <title>.", zh="{subject}没有名称。",
    severity=co.Severity.INFO, needs=("treaty",), date_use="ignored", opt_in=True, thresholds=Patience(),
)  # fmt: skip
def untitled(m, context):
    """A treaty has no title.

    Why it matters: it cannot be found again.
    """
    for id, title in zip(m.ids(Treaty), m.column(Treaty.title), strict=True):
        if not title:
            yield untitled.finding(co.Ref("treaty", id), field="title")


@untitled.fires()
def _nameless() -> list[co.Record]:
    return [Treaty(id="t|1", title="")]


@untitled.silent()
def _none() -> list[co.Record]:
    return []


@untitled.silent()
def _named() -> list[co.Record]:
    return [Treaty(id="t2", title="Peace")]


class Allied(co.OperatingModel):
    __slots__ = ()

    schema = co.OperatingModel.schema.extend(Treaty, Riddle)

    @classmethod
    def rules(cls) -> co.RuleBook:
        return super().rules().extend(untitled)


# -- reading Markdown -------------------------------------------------------------------------------------------------


@cache
def parsed(page: str) -> list[Token]:
    return READER.parse(page)


@cache
def rules_page(model: type[co.OperatingModel]) -> str:
    return rule_catalogue(model.rules(), model)


def headings(tokens: list[Token]) -> list[str]:
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]


@cache
def anchors(page: str) -> list[str]:
    """What GitHub makes of headings: lower case, white space to hyphens, all but letters, digits, - and _ dropped."""
    kept = ("".join(c for c in text.lower() if c.isalnum() or c in " -_") for text in headings(parsed(page)))
    return [text.replace(" ", "-") for text in kept]


def links(page: str) -> list[str]:
    inline = [child for token in parsed(page) for child in token.children or ()]
    return [unquote(str(child.attrs["href"])) for child in inline if child.type == "link_open"]


def sections(page: str) -> dict[str, list[Token]]:
    found: dict[str, list[Token]] = {}
    tokens = parsed(page)
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            found[tokens[place + 1].content] = current = []
        elif found:
            current.append(token)
    return {heading: after[2:] for heading, after in found.items()}  # without the heading itself


def table_rows(tokens: list[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("td_open", "th_open"):
            rows[-1].append(tokens[place + 1].content)
    return rows


# -- what is in docs/ -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_in_docs_are_those_of_today(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name], f"a declaration has changed; run: {HOW}"


def test_the_documented_command_writes_them(tmp_path: Path) -> None:
    program, *arguments, _ = HOW.split()
    assert program == "community-ops"
    assert main([*arguments, str(tmp_path / "new" / "folder")]) == 0
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "new" / "folder").iterdir()} == dict(PAGES)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_links_within_the_documentation_lead_somewhere(page: Path) -> None:
    for target in links(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name) if name else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there.read_text("utf-8")), target


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("model", [co.OperatingModel, Allied])
def test_no_link_is_dead_and_no_anchor_is_there_twice(model: type[co.OperatingModel], language: str) -> None:
    pages = catalogue_pages(model, language)  # type: ignore[arg-type]
    for name, page in pages.items():
        assert len(set(anchors(page))) == len(anchors(page))
        assert links(page)
        for target in links(page):
            there, _, anchor = target.partition("#")
            assert anchor in anchors(pages[there or name]), target


# -- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [co.OperatingModel, Allied])
def test_every_rule_has_its_page_messages_and_thresholds(model: type[co.OperatingModel]) -> None:
    page = rules_page(model)
    found = sections(page)
    assert list(found) == [f"{rule.code} {rule.name}" for rule in model.rules().rules]
    for rule in model.rules().rules:
        tokens = found[f"{rule.code} {rule.name}"]
        assert rule.page in page
        shown = {cell for row in table_rows(tokens) for cell in row}
        for texts in rule.templates.values():
            plain = {re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), cell).replace("\u200b", "") for cell in shown}
            assert {" ".join(text.split()) for text in texts.values()} <= plain
        if rule.thresholds is not None:
            names = {f"`{name}`" for name in type(rule.thresholds).__annotations__}
            rows = [row for row in table_rows(tokens) if row[0] in names]
            assert {row[0] for row in rows} == names
            assert all(row[3] for row in rows), "a threshold without a meaning"


@pytest.mark.parametrize("model", [co.OperatingModel, Allied])
def test_the_examples_as_shown_make_the_rule_say_what_is_shown(model: type[co.OperatingModel]) -> None:
    found = sections(rules_page(model))
    for rule in model.rules().rules:
        blocks = [token for token in found[f"{rule.code} {rule.name}"] if token.type == "fence"]
        examples = [e for e in (*rule.fire_examples, *rule.silent_examples) if len(e.model(model))]
        assert [block.info for block in blocks] == ["json"] * len(examples)
        for block, example in zip(blocks, examples, strict=True):
            assert co.loads(json.dumps({**HEAD, **json.loads(block.content)}), model=model) == example.model(model)


def test_an_embedders_rule_is_shown_whole() -> None:
    tokens = sections(rule_catalogue(Allied.rules(), Allied, records="records.md"))["TRE101 untitled-treaty"]
    assert tokens[1].content == "*info; fault: the model is wrong; runs only when selected*"
    text = [token.content for token in tokens if token.type == "inline"]
    assert "It judges the same at all dates." in text
    assert "It judges nothing unless there are records of [treaty](records.md#treaty)." in text
    assert ["`most`", "whole number", "`3`", "the most that is borne."] in table_rows(tokens)
    said = text[text.index("Fires on:") + 1 : text.index("Silent on: a model without records")]
    assert said == ["and says:", "t&#124;1 has no &#60;title&#62;."]
    assert text[-1] == "Silent on:", "a silent example says nothing"


def test_the_catalogue_speaks_chinese() -> None:
    page = rule_catalogue(Allied.rules(), Allied, "zh")
    assert page.startswith("# 规则目录\n")
    assert "t&#124;1没有名称。" in page
    assert "\n触发示例（2026-03-02）：\n" in page
    assert "不触发示例：没有记录的模型" in page
    records = record_catalogue(Allied, "zh")
    assert "整数，不小于 1" in records
    assert "列表，每项为[Clause](#clause值)" in records


# -- records ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [co.OperatingModel, Allied])
def test_every_kind_has_its_fields_with_a_meaning_each(model: type[co.OperatingModel]) -> None:
    found = sections(record_catalogue(model))
    kinds = model.schema.kinds
    assert list(found)[: len(kinds)] == list(kinds)
    for kind in kinds.values():
        rows = table_rows(found[kind.name])[1:]
        assert [row[0] for row in rows] == [f"`{spec.name}`" for spec in kind.layout.fields]
        assert [row[2] == "required" for row in rows] == [spec.required for spec in kind.layout.fields]
        if kind.cls is not Riddle:  # which keeps its fields to itself
            assert all(row[1] and row[3] for row in rows)


@pytest.mark.parametrize("model", [co.OperatingModel, World])
def test_every_example_loads_and_shows_every_field(model: type[co.Model]) -> None:
    found = sections(record_catalogue(model))
    for kind in model.schema.kinds.values():
        (block,) = [token for token in found[kind.name] if token.type == "fence"]
        assert from_data(json.loads(block.content), model)._tables[kind.name].ids
        (row,) = json.loads(block.content)[kind.table]
        assert [spec.name for spec in kind.layout.fields if spec.name not in row] == ["extra"]


def test_an_embedders_kind_is_shown_with_what_leads_in_and_out() -> None:
    page = record_catalogue(Allied)
    found = sections(page)
    tokens = found["treaty"]
    text = [token.content for token in tokens if token.type == "inline"]
    assert text[0] == "A treaty, of *whatever* sort."
    assert ["`rank`", "whole number, at least 1", "`1`", "where it stands."] in table_rows(tokens)
    assert "`clauses.heir`: falls to [person](#person)" in text
    assert "`renews`: renews [treaty](#treaty); seen from there: is renewed by; never in a circle" in text
    assert "[treaty](#treaty) `renews`: renews; seen from here: is renewed by" in text
    person = [token.content for token in found["person"] if token.type == "inline"]
    assert "[treaty](#treaty) `clauses.heir`: falls to" in person
    assert table_rows(found["Clause (value)"])[-1][-1] == "who takes it over | or nobody."


def test_an_example_leaves_out_what_cannot_be_guessed_and_is_itself_left_out_where_nothing_is_left() -> None:
    treaty, riddle = (Allied.schema.kinds[name] for name in ("treaty", "riddle"))
    row = sample_row(treaty, Allied.schema)
    assert row is not None
    assert sorted(row) == ["clauses", "id", "rank", "renews", "title"]
    assert sample_row(riddle, Allied.schema) is None
    assert not [token for token in sections(record_catalogue(Allied))["riddle"] if token.type == "fence"]


def test_a_bare_schema_has_a_catalogue_too() -> None:
    schema = Schema.of(co.Skill)
    assert list(sections(record_catalogue(schema))) == ["skill"]


def test_every_shape_has_words_of_its_own() -> None:
    types = {row[0]: row[1] for row in table_rows(sections(record_catalogue(World))["task"])}
    assert types["`about`"] == "reference to a record of any kind, `kind:id`, or null"
    assert types["`pair`"] == "list of exactly 2: text, whole number, or null"
    assert types["`clauses`"] == "object, each value [Clause](#clause-value)"
    assert types["`links`"] == "list, each [Link](#link-value)"
    assert types["`at`"] == "date and time with its offset from UTC, or null"
    assert types["`spent`"] == "duration, such as `P1DT30M`, or null"
    assert types["`weight`"] == "number"
    assert types["`state`"] == "one of `open`, `shut`"
    assert types["`done`"] == "true or false"


def test_a_shape_without_words_is_an_error_not_a_gap() -> None:
    with pytest.raises(TypeError, match="no words for the shape"):
        type_words(Shape(), "en", lambda layout: "")


def test_files_are_written_for_an_embedders_own_model(tmp_path: Path) -> None:
    files = write_catalogue(tmp_path, Allied, "zh")
    assert sorted(path.name for path in files) == ["records.md", "rules.md"]
    assert "treaty" in (tmp_path / "records.md").read_text("utf-8")
