from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops.errors import InvalidDocument, Problem
from community_ops.kernel.codec import dumps, from_data, loads
from community_ops.kernel.envelope import VERSION, envelope
from community_ops.kernel.migration import Journey, Migration, RenamedField, RenamedTable
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.schema import Schema


@frozen(kw_only=True)
class Contract(Record):
    kind_name: ClassVar[str] = "contract"
    table_name: ClassVar[str] = "contracts"

    title: str
    months: int = 0


def years_to_months(data: dict[str, Any]) -> dict[str, Any]:
    """Trusts the document blindly, as migrations do."""
    rows = [
        {**{key: value for key, value in row.items() if key != "years"}, "months": row["years"] * 12}
        for row in data["contracts"]
    ]
    return {**data, "contracts": rows}


class Firm(Model):
    """A model in its third version: a table and a field renamed, then a unit changed."""

    __slots__ = ()
    schema = Schema.of(Contract)
    migrations: ClassVar[tuple[Migration, ...]] = (
        (RenamedTable("deals", "contracts"), RenamedField("contracts", "name", "title")),
        years_to_months,
    )


def document(version: int | None, /, **tables: Any) -> dict[str, Any]:
    count = {} if version is None else {"model_version": version}
    return {"format": "community-ops", "version": VERSION, **count, **tables}


def problems(data: dict[str, Any] | str, model: type[Model] = Firm, **options: Any) -> list[tuple[str, str]]:
    text = data if isinstance(data, str) else json.dumps(data)
    with pytest.raises(InvalidDocument) as caught:
        loads(text, model, **options)
    return [(problem.code, problem.pointer) for problem in caught.value.problems]


# -- what becomes of good documents ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        document(None, deals=[{"id": "a", "name": "Hosting", "years": 2}]),
        document(1, deals=[{"id": "a", "name": "Hosting", "years": 2}]),
        document(2, contracts=[{"id": "a", "title": "Hosting", "years": 2}]),
        document(3, contracts=[{"id": "a", "title": "Hosting", "months": 24}]),
    ],
)
def test_every_version_leads_to_the_same_model(data):
    before = json.dumps(data)
    assert from_data(data, Firm) == Firm.of(Contract(id="a", title="Hosting", months=24))
    assert json.dumps(data) == before


def test_a_model_with_migrations_writes_its_version():
    text = dumps(Firm.of(Contract(id="a", title="Hosting", months=24)))
    assert text.startswith('{\n"format": "community-ops",\n"version": 2,\n"model_version": 3,\n"contracts": [\n')
    assert loads(text, Firm) == Firm.of(Contract(id="a", title="Hosting", months=24))


def test_renames_keep_the_order_of_keys_and_rows():
    data = {"a": 1, "deals": [{"id": "x", "name": "X", "more": 1}, 5, {"id": "y"}], "b": 2}
    changed = Journey.of(("version", 1, Firm.migrations[:1])).made(data, [], 100)
    assert json.dumps(changed) == json.dumps(
        {"a": 1, "contracts": [{"id": "x", "title": "X", "more": 1}, 5, {"id": "y"}], "b": 2}
    )


# -- versions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, -1, 1.0, True, "1", None, [1], {}])
def test_a_model_version_is_a_whole_number_from_one_on(version):
    assert problems({**document(None), "model_version": version}) == [("wrong-version", "/model_version")]


def test_a_model_version_from_the_future_says_what_to_upgrade():
    with pytest.raises(InvalidDocument, match=r"Firm reads versions 1 to 3, got 4 .* upgrade what declares it"):
        from_data(document(4, contracts=5), Firm)
    assert problems(document(4, contracts=5, x=1)) == [("wrong-version", "/model_version")]


def test_a_model_without_migrations_refuses_a_model_version():
    class Plain(Model):
        __slots__ = ()
        schema = Schema.of(Contract)

    with pytest.raises(InvalidDocument, match="a model class with versions of its own, which Plain is not"):
        from_data(document(3), Plain)
    kept = from_data(document(3), Plain, unknown="keep")
    assert '"model_version": 3' in dumps(kept)  # the class that has them must not migrate it again


# -- bad documents --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (document(1, deals=[{"id": "a", "name": 5, "years": 1}]), [("wrong-type", "/deals/0/name")]),
        (document(1, deals=[{"id": "a", "years": 1}]), [("missing-key", "/deals/0/name")]),
        (document(1, deals=[{"id": "", "name": "A", "years": 1}]), [("bad-id", "/deals/0/id")]),
        (document(1, contracts=[], deals=[]), [("unknown-key", "/contracts")]),
        (
            document(1, deals=[{"id": "a", "name": "A", "title": "B", "years": 1, "x": 1}]),
            [("unknown-key", "/deals/0/title"), ("unknown-key", "/deals/0/x")],
        ),
        (document(2, deals=[], contracts=[]), [("unknown-key", "/deals")]),
        (
            document(2, contracts=[{"id": "a", "name": "A", "years": 1}]),
            [
                ("unknown-key", "/contracts/0/name"),
                ("missing-key", "/contracts/0/title"),
            ],
        ),
        (document(3, contracts=[{"id": "a", "title": "A", "years": 1}]), [("unknown-key", "/contracts/0/years")]),
        (document(1, deals=[{"id": "a", "name": "A"}]), [("cannot-migrate", "")]),
        (document(2, contracts="text"), [("cannot-migrate", "")]),
        (document(1, deals=[7]), [("cannot-migrate", "")]),
        ({**document(1, deals=[7]), "format": "x"}, [("wrong-format", "/format"), ("cannot-migrate", "")]),
    ],
)
def test_problems_point_into_the_document_as_it_was_given(data, expected):
    assert problems(data) == expected


def test_a_problem_found_after_a_function_says_so():
    with pytest.raises(InvalidDocument) as caught:
        from_data(document(1, deals=[{"id": "a", "name": 5, "years": 1}]), Firm)
    assert caught.value.problems[0].message.endswith("(after the migration from model version 2 to 3)")
    with pytest.raises(InvalidDocument) as caught:
        from_data(document(1, deals=[{"id": "a", "name": "A", "title": "B", "years": 1}]), Firm)
    assert "after the migration" not in str(caught.value)  # found before it


def test_a_function_that_fails_is_named_with_what_it_said():
    with pytest.raises(
        InvalidDocument, match=r"from model version 2 to 3 \(years_to_months\) .* KeyError: 'years'"
    ) as e:
        from_data(document(2, contracts=[{"id": "a", "title": "A"}]), Firm)
    assert isinstance(e.value.__cause__, KeyError)


class Odd(Firm):
    __slots__ = ()
    schema = Firm.schema


@pytest.mark.parametrize("result", [None, [], "x", 5])
def test_a_function_that_gives_no_document_back_is_named(result):
    Odd.migrations = (lambda _: result,)
    assert problems(document(1), Odd) == [("cannot-migrate", "")]


def test_a_function_may_say_itself_what_is_wrong():
    def picky(data: dict[str, Any]) -> dict[str, Any]:
        raise InvalidDocument([Problem("no-meaning", "/contracts/0/title", "is not a title")])

    Odd.migrations = (RenamedField("contracts", "name", "title"), picky)
    assert problems(document(1, contracts=[{"id": "a", "name": "A"}]), Odd) == [("no-meaning", "/contracts/0/name")]


def test_a_function_of_a_class_is_named_too():
    class Wipe:
        def __call__(self, data: dict[str, Any]) -> dict[str, Any]:
            raise ValueError("no")

    Odd.migrations = (Wipe(),)
    with pytest.raises(InvalidDocument, match=r"\(Wipe\).*ValueError: no"):
        from_data(document(1), Odd)


HEAD = '{"format": "community-ops", "version": 2, '


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"model_version": 1, "deals": [{"id": "a", "name": "A", "name": "B"}]}', [("duplicate-key", "/deals/0/name")]),
        ('"model_version": 1, "deals": [], "deals": []}', [("duplicate-key", "/deals")]),
        ('"model_version": 1, "model_version": 1}', [("duplicate-key", "/model_version")]),
        ('"model_version": 1, "deals": [{"id": "a", "name": NaN}]}', [("bad-number", "/deals/0/name")]),
        (
            '"model_version": 1, "deals": [{"id": "a", "title": 1, "title": 2}]}',
            [("unknown-key", "/deals/0/title")],
        ),
    ],
)
def test_what_is_no_proper_json_never_reaches_a_function(text, expected):
    found = problems(HEAD + text)
    assert found[: len(expected)] == expected
    assert all(code != "cannot-migrate" or expected[0][0] == "unknown-key" for code, _ in found)


def test_renames_alone_keep_the_marks_of_what_is_no_proper_json():
    Odd.migrations = ((RenamedTable("deals", "contracts"), RenamedField("contracts", "name", "title")),)
    text = '"deals": [{"id": "a", "name": "A", "name": "B"}, {"id": "b", "name": NaN}], "x": 1, "x": 2}'
    assert problems(HEAD + text, Odd) == [
        ("unknown-key", "/x"),
        ("duplicate-key", "/x"),
        ("duplicate-key", "/deals/0/name"),
        ("bad-number", "/deals/1/name"),
    ]


def test_texts_over_the_limit_never_reach_a_function():
    assert problems(document(2, contracts=[{"id": "a", "title": "x" * 21}]), string_limit=20) == [
        ("too-large", "/contracts/0/title")
    ]


# -- where things stood ---------------------------------------------------------------------------------------------

names = st.sampled_from(["a", "b", "c", "d/~e"])
renames = st.lists(
    st.builds(RenamedField, names, names, names) | st.builds(RenamedTable, names, names), max_size=4
).map(lambda steps: [step for step in steps if step.old != step.new])


@settings(max_examples=80)
@given(renames, st.dictionaries(names, st.lists(st.dictionaries(names, st.integers(), max_size=3), max_size=2)))
def test_a_pointer_into_the_result_leads_to_the_same_value_in_the_original(steps, data):
    journey = Journey.of(("version", 1, steps))
    wrong: list[Problem] = []
    result = journey.made(data, wrong, 100)
    if wrong:  # a name that the newer version took
        assert {problem.code for problem in wrong} == {"unknown-key"}
        return
    for table, rows in result.items():
        for i, row in enumerate(rows):
            for name, value in row.items():
                here = "/".join(["", *(str(s).replace("~", "~0").replace("/", "~1") for s in (table, i, name))])
                old_table, old_i, old_name = (
                    s.replace("~1", "/").replace("~0", "~") for s in journey.origin(here).split("/")[1:]
                )
                assert data[old_table][int(old_i)][old_name] is value


def test_a_step_of_its_own_says_all_three_things():
    from community_ops.kernel.migration import Step

    for ask in (lambda s: s({}), lambda s: list(s.problems({})), lambda s: s.origin(())):
        with pytest.raises(NotImplementedError):
            ask(Step())


def test_data_under_the_envelope_of_today_is_not_migrated():
    data = {**envelope(Firm), "contracts": [{"id": "a", "title": "A", "months": 5}]}
    assert data["model_version"] == 3
    assert from_data(data, Firm).table(Contract)["a"].months == 5
