from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import example, given, settings

from community_ops.errors import InvalidDocument
from community_ops.kernel.changes import ChangeSet, Update, diff
from community_ops.kernel.changes_codec import changes_from_data, changes_to_data
from community_ops.kernel.codec import dumps
from community_ops.kernel.declaration import kind_of
from community_ops.kernel.frozenmap import same
from community_ops.kernel.jsontext import parse
from community_ops.kernel.ref import Ref
from tests.kernel.kinds import Post, Task, Team, World, world, worlds
from tests.kernel.test_codec import FULL, Embedded, Tidy
from tests.kernel.test_schema import Seat

HEAD = {"format": "community-ops-changes", "version": 1}


def sent(changes: ChangeSet, model: type = World) -> ChangeSet:
    """The change set after a journey through JSON text."""
    return changes_from_data(parse(json.dumps(changes_to_data(changes))), model)


def problems(text: str, **limits: int) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as caught:
        changes_from_data(parse(text), World, **limits)
    return [(problem.code, problem.pointer) for problem in caught.value.problems]


def part(**parts) -> str:
    return json.dumps({**HEAD, **parts})


def test_a_change_set_is_flat_json():
    a = world()
    b = a.rename(Ref("post", "coo"), "chief").remove(Ref("task", "build")).add(Team(id="lab", name="Lab"))
    b = b.replace(evolve(b.posts["dev"], share="0.75"))
    assert changes_to_data(diff(a, b)) == {
        **HEAD,
        "renamed": [{"ref": "post:coo", "to": "chief"}],
        "removed": [
            {"kind": "task", "record": json.loads(dumps(a.rename(Ref("post", "coo"), "chief")))["tasks"][1]},
        ],
        "updated": [{"ref": "post:dev", "field": "share", "before": "0.5", "after": "0.75"}],
        "added": [{"kind": "team", "record": {"id": "lab", "name": "Lab"}}],
    }
    assert changes_to_data(diff(a, b).invert())["rename_last"] is True


def test_no_changes_are_written_as_none():
    assert changes_to_data(ChangeSet()) == HEAD
    assert changes_from_data(HEAD, World) == ChangeSet()


@example(World.of(FULL), World.of(Task(id="full")))
@example(world(), World())
@settings(max_examples=25)
@given(worlds(), worlds())
def test_reading_what_was_written_is_the_identity(a, b):
    for changes in (diff(a, b), diff(a, b).invert()):
        again = sent(changes)
        assert again == changes
        assert str(again) == str(changes)
        assert all(
            same(x.before, y.before) and same(x.after, y.after)
            for x, y in zip(again.updated, changes.updated, strict=True)
        )


@settings(max_examples=25)
@given(worlds(["task"], most=2))
def test_values_are_written_as_their_fields_would_write_them(model):
    for record in model:
        for spec in kind_of(Task).layout.fields:
            if spec.name != "id":
                value = spec.get(record)
                update = ChangeSet(updated=[Update(record.ref, spec.name, value, value)])
                (written,) = changes_to_data(update)["updated"]
                assert json.dumps(written["before"]) == json.dumps(spec.shape.write(value))


def test_what_was_sent_can_be_applied_and_undone():
    a, b = world(), world().rename(Ref("post", "coo"), "chief").add(Team(id="lab", name="Lab"))
    changes = sent(diff(a, b))
    assert a.apply(changes) == b
    assert b.apply(sent(changes.invert())) == a


def test_kinds_of_an_embedder_are_sent_too():
    a = Embedded.of(*world(), Seat(id="x", title="X", team="hq", band="3"), Tidy(id="c", name="C", owner="ceo"))
    b = a.replace(evolve(a.posts["x"], band="4", deputy="ceo")).remove(Ref("contract", "c"))
    assert sent(diff(a, b), Embedded) == diff(a, b)


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, b"x", 1j, [1], [{"a": 1}]],
    ids=["object", "set", "bytes", "complex", "list", "list of dicts"],
)
def test_a_value_that_no_field_holds_is_refused(value):
    with pytest.raises(TypeError, match="no field holds"):
        changes_to_data(ChangeSet(updated=[Update(Ref("post", "a"), "title", None, value)]))


# -- strictly -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [None, [], "x", 5])
def test_a_change_set_is_an_object(data):
    with pytest.raises(InvalidDocument) as caught:
        changes_from_data(data, World)
    assert (caught.value.code, caught.value.pointer) == ("wrong-type", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", [("wrong-format", "/format"), ("wrong-version", "/version")]),
        (json.dumps({**HEAD, "format": "community-ops"}), [("wrong-format", "/format")]),
        (json.dumps({**HEAD, "version": 2}), [("wrong-version", "/version")]),
        (json.dumps({**HEAD, "version": True}), [("wrong-version", "/version")]),
        (part(merged=[]), [("unknown-key", "/merged")]),
        (part(added={}), [("wrong-type", "/added")]),
        (part(renamed=None), [("wrong-type", "/renamed")]),
        (part(updated="x"), [("wrong-type", "/updated")]),
        (part(rename_last="yes"), [("wrong-type", "/rename_last")]),
        (part(rename_last=None), [("wrong-type", "/rename_last")]),
        (part(rename_last=0), [("wrong-type", "/rename_last")]),
    ],
)
def test_the_envelope_is_strict(text, expected):
    assert problems(text) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (None, [("wrong-type", "")]),
        (["post:a", "b"], [("wrong-type", "")]),
        ({}, [("missing-key", "/ref"), ("missing-key", "/to")]),
        ({"ref": "post:a", "to": "b", "x": 1}, [("unknown-key", "/x")]),
        ({"ref": "post", "to": ""}, [("bad-reference", "/ref"), ("bad-id", "/to")]),
        ({"ref": 5, "to": None}, [("wrong-type", "/ref"), ("wrong-type", "/to")]),
        ({"ref": "elsewhere:a", "to": "b"}, [("unknown-kind", "/ref")]),
        ({"ref": "post:a\n", "to": "\u202e"}, [("bad-id", "/ref"), ("bad-id", "/to")]),
    ],
)
def test_renames_are_strict(entry, expected):
    good = {"ref": "post:x", "to": "y"}
    assert problems(part(renamed=[good, entry])) == [(code, "/renamed/1" + where) for code, where in expected]


@pytest.mark.parametrize("name", ["added", "removed"])
@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("team:a", [("wrong-type", "")]),
        ({}, [("missing-key", "/kind"), ("missing-key", "/record")]),
        ({"kind": "team"}, [("missing-key", "/record")]),
        ({"kind": "elsewhere", "record": {}}, [("unknown-kind", "/kind")]),
        ({"kind": 5, "record": {}}, [("wrong-type", "/kind")]),
        ({"kind": ["team"], "record": {}}, [("wrong-type", "/kind")]),
        ({"kind": "team", "record": []}, [("wrong-type", "/record")]),
        ({"kind": "team", "record": {"id": "a", "name": "A"}, "id": "a"}, [("unknown-key", "/id")]),
        (
            {"kind": "team", "record": {"id": "", "heads": [5], "a/b": 1}, "x": 1},
            [
                *[("unknown-key", "/x"), ("unknown-key", "/record/a~1b"), ("bad-id", "/record/id")],
                *[("missing-key", "/record/name"), ("wrong-type", "/record/heads/0")],
            ],
        ),
    ],
)
def test_whole_records_are_strict(name, entry, expected):
    good = {"kind": "team", "record": {"id": "x", "name": "X"}}
    assert problems(part(**{name: [good, entry]})) == [(code, f"/{name}/1{where}") for code, where in expected]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (5, [("wrong-type", "")]),
        (
            {"x": 1},
            [("unknown-key", "/x"), *[("missing-key", f"/{key}") for key in ("ref", "field", "before", "after")]],
        ),
        (
            {"ref": "post:a", "field": "title", "before": None, "after": 5},
            [("wrong-type", "/before"), ("wrong-type", "/after")],
        ),
        ({"ref": "post:a", "field": "seats", "before": 1, "after": -1}, [("out-of-range", "/after")]),
        ({"ref": "post:a", "field": "share", "before": "1", "after": 1}, [("wrong-type", "/after")]),
        ({"ref": "post:a", "field": "sets", "before": 1, "after": 2}, [("unknown-field", "/field")]),
        ({"ref": "post:a", "field": "id", "before": "a", "after": "b"}, [("unknown-field", "/field")]),
        ({"ref": "post:a", "field": 5, "before": "a", "after": "b"}, [("wrong-type", "/field")]),
        ({"ref": "elsewhere:a", "field": "title", "before": "a", "after": "b"}, [("unknown-kind", "/ref")]),
        ({"ref": "post:a", "field": "title", "before": "a"}, [("missing-key", "/after")]),
        (
            {"ref": "task:a", "field": "links", "before": [], "after": [{"task": "x"}, {"lag": "long"}]},
            [("missing-key", "/after/1/task"), ("bad-duration", "/after/1/lag")],
        ),
        ({"ref": "task:a", "field": "due", "before": None, "after": "2023-02-29"}, [("bad-date", "/after")]),
    ],
)
def test_updates_are_strict(entry, expected):
    good = {"ref": "post:x", "field": "seats", "before": 1, "after": 2}
    assert problems(part(updated=[good, entry])) == [(code, "/updated/1" + where) for code, where in expected]


def test_all_problems_come_together():
    text = (
        '{"format": "x", "version": 1, "version": 1, "colour": NaN, "rename_last": 1,'
        '"renamed": [{"ref": "post:a", "to": ""}], "removed": [{"kind": "x", "record": {}}],'
        '"updated": [{"ref": "post:a", "field": "title", "before": "%s", "after": 1e999}], "added": [5]}' % ("x" * 9)
    )
    assert problems(text, string_limit=8) == [
        ("duplicate-key", "/version"),
        ("bad-number", "/colour"),
        ("too-large", "/updated/0/before"),
        ("bad-number", "/updated/0/after"),
        ("wrong-format", "/format"),
        ("wrong-type", "/rename_last"),
        ("bad-id", "/renamed/0/to"),
        ("unknown-kind", "/removed/0/kind"),
        ("wrong-type", "/added/0"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"renamed": [{"ref": "post:a", "ref": "post:b", "to": "c"}], %s}', [("duplicate-key", "/renamed/0/ref")]),
        (
            '{"added": [{"kind": "team", "record": {"id": "a", "name": "A", "extra": {"k": 1, "k": 2}}}], %s}',
            [("duplicate-key", "/added/0/record/extra/k")],
        ),
        ('{"added": [], "added": [], %s}', [("duplicate-key", "/added")]),
    ],
)
def test_keys_that_stand_twice_are_refused(text, expected):
    assert problems(text % json.dumps(HEAD)[1:-1]) == expected


def test_decimals_and_dates_keep_their_writing():
    a = World.of(Post(id="a", title="A", team="t", share="1.00"), Task(id="b", due=date(2026, 1, 31)))
    b = World.of(Post(id="a", title="A", team="t", share="1"), Task(id="b"))
    again = sent(diff(a, b))
    assert [str(update.before) for update in again.updated] == ["1.00", "2026-01-31"]
    assert again.updated[0].after == Decimal(1)
