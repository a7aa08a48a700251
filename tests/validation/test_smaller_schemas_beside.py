"""The other half of the kinds of `test_smaller_schemas.py`."""

from __future__ import annotations

import pytest

from tests.validation.smaller import FULL, assert_no_rule_crashes_without


@pytest.mark.unwatched  # thousands of checks, and each rule's own tests have reached what they reach
@pytest.mark.parametrize("gone", list(FULL.kinds)[1::2])
def test_no_rule_crashes_on_a_schema_that_lacks_a_kind(gone: str) -> None:
    assert_no_rule_crashes_without(gone)
