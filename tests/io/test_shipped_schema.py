"""The JSON Schema file that comes with the library is the one that the library makes, and is true of its documents."""

from __future__ import annotations

import json
from importlib.resources import files

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from community_ops import OperatingModel, dumps, templates
from community_ops.kernel.envelope import VERSION
from community_ops.kernel.json_schema import schema_text
from community_ops.strategies import models

FILE = files("community_ops.io") / "schemas" / f"community-ops-{VERSION}.schema.json"
SHIPPED = FILE.read_text("utf-8")
VALIDATOR = Draft202012Validator(json.loads(SHIPPED))


def test_it_has_not_drifted_from_the_declarations():
    assert schema_text(OperatingModel) == SHIPPED, (
        f"a declaration has changed: write community_ops.kernel.json_schema.schema_text(OperatingModel) to {FILE}, "
        "and if an older library would not read the new documents, count VERSION up and add a migration"
    )


def test_it_is_a_valid_schema():
    Draft202012Validator.check_schema(json.loads(SHIPPED))


def test_the_templates_are_valid():
    for language in ("en", "zh"):
        VALIDATOR.validate(json.loads(dumps(templates.community_operations(language))))


@settings(max_examples=30)
@given(models())
def test_every_document_that_is_written_is_valid(model):
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(dumps(model)))] == []
