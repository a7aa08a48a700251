"""What Hypothesis finds installed, in interpreters of its own: the order of imports is what matters."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from hypothesis import find, given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops.strategies import entry_point
from community_ops.strategies.typed import classes_so_far, strategy_of
from tests.strategies.kinds import EveryShape, Everything, Step

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the package is installed as its own `pyproject.toml` says."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["hypothesis"]
    home = tmp_path_factory.mktemp("site")
    metadata = home / "community_ops-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: community-ops\nVersion: 0.1.0\n")
    (metadata / "entry_points.txt").write_text("[hypothesis]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()))
    kept = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_NO_PLUGINS"}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(home), str(ROOT / "src"), str(ROOT)])}


def run(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


TRY_ALL = """
    def draws(cls):
        @settings(max_examples=3, database=None, suppress_health_check=list(HealthCheck))
        @given(st.from_type(cls))
        def check(value):
            assert type(value) is cls
        check()

    for kind in co.OperatingModel.schema.kinds.values():
        draws(kind.cls)
    for cls in (co.OperatingModel, co.Money, co.DateRange, co.Estimate, co.SkillLevel, co.Ref):
        draws(cls)
"""


def test_importing_hypothesis_loads_none_of_the_library(installed: dict[str, str]) -> None:
    loaded = run("import hypothesis, sys; print(*sorted(m for m in sys.modules if 'community_ops' in m))", installed)
    assert loaded.split() == ["community_ops", "community_ops.strategies", "community_ops.strategies.entry_point"]


def test_hypothesis_first(installed: dict[str, str]) -> None:
    code = "from hypothesis import HealthCheck, given, settings, strategies as st\nimport community_ops as co\n"
    run(code + textwrap.dedent(TRY_ALL), installed)


def test_the_library_first(installed: dict[str, str]) -> None:
    code = "import community_ops as co; co.Position; co.OperatingModel\n"
    code += "from hypothesis import HealthCheck, given, settings, strategies as st\n"
    run(code + textwrap.dedent(TRY_ALL), installed)


def test_the_strategies_first(installed: dict[str, str]) -> None:
    code = "import community_ops.strategies\nimport community_ops as co\n"
    code += "from hypothesis import HealthCheck, given, settings, strategies as st\n"
    run(code + textwrap.dedent(TRY_ALL), installed)


def test_ones_own_kinds_values_and_models_are_known_too(installed: dict[str, str]) -> None:
    run(
        """
        from hypothesis import given, settings, strategies as st
        from tests.strategies.kinds import EveryShape, Everything, Step, Post

        @settings(max_examples=5, database=None, deadline=None)
        @given(...)
        def check(record: Everything, model: EveryShape, value: Step, post: Post):
            assert (type(record), type(model), type(value), type(post)) == (Everything, EveryShape, Step, Post)

        check()
        """,
        installed,
    )


def test_a_strategy_that_somebody_registers_comes_first(installed: dict[str, str]) -> None:
    run(
        """
        from hypothesis import strategies as st
        import community_ops as co

        mine = st.just(co.Skill(id="sql", name="SQL"))
        st.register_type_strategy(co.Skill, mine)
        assert st.from_type(co.Skill) is mine
        """,
        installed,
    )


def test_other_types_are_left_alone(installed: dict[str, str]) -> None:
    run(
        """
        from collections.abc import Hashable
        from hypothesis import find, strategies as st
        import community_ops as co

        co.Position
        assert repr(st.from_type(int)) == "integers()"
        assert "community_ops" not in repr(st.from_type(Hashable))
        assert "instances" not in repr(st.from_type(Hashable))
        assert repr(st.from_type(list[int])) == "lists(integers())"
        """,
        installed,
    )


# -- inside this interpreter -------------------------------------------------------------------------------------------


@pytest.fixture
def lookup(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hypothesis' tables, put back afterwards."""
    from hypothesis.strategies._internal import types

    monkeypatch.setattr(types, "_global_extra_lookup", dict(types._global_extra_lookup))
    monkeypatch.setattr(types, "_global_type_lookup", dict(types._global_type_lookup))
    yield
    st.from_type.__clear_cache()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("lookup")
def test_registering_twice_does_no_harm() -> None:
    entry_point.register()
    entry_point.register()
    assert repr(st.from_type(co.Position)) == "instances(cls=Position, sort=FREE)"
    assert repr(st.from_type(int)) == "integers()"


@pytest.mark.usefixtures("lookup")
def test_models_may_not_be_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    entry_point.register()
    monkeypatch.delitem(sys.modules, "community_ops.kernel.model")
    assert repr(st.from_type(co.Position)) == "instances(cls=Position, sort=FREE)"


@pytest.mark.usefixtures("lookup")
def test_a_hypothesis_without_the_table_of_extras_gets_the_classes_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from hypothesis.strategies._internal import types

    monkeypatch.delattr(types, "_global_extra_lookup")
    entry_point.register()
    registered = types._global_type_lookup
    assert {co.Position, co.Money, co.Ref, co.OperatingModel, co.SkillLevel} <= set(registered)
    monkeypatch.setattr(types, "_global_extra_lookup", {}, raising=False)  # from_type itself reads it
    assert repr(st.from_type(co.Position)) == "instances(cls=Position, sort=FREE)"
    assert "instances" not in repr(st.from_type(object))


def test_every_class_declared_is_known() -> None:
    known = set(classes_so_far())
    assert {kind.cls for kind in co.OperatingModel.schema.kinds.values()} <= known
    assert {Everything, Step, co.Money, co.Ref} <= known


def is_a(cls: type, value: Any) -> bool:
    return type(value) is cls


def test_a_base_that_kinds_share_stands_for_all_of_them() -> None:
    @frozen(kw_only=True)
    class Owned(co.Record):
        owner: str | None = None

    @frozen(kw_only=True)
    class Boat(Owned):
        kind_name = "boat"
        table_name = "boats"

    @frozen(kw_only=True)
    class Bike(Owned):
        kind_name = "bike"
        table_name = "bikes"

    strategy: Any = strategy_of(Owned)
    for cls in (Boat, Bike):
        assert type(find(strategy, partial(is_a, cls), settings=settings(database=None))) is cls


def test_any_other_type_is_none_of_ours() -> None:
    assert strategy_of(int) is None
    assert strategy_of(co.Value) is None
    assert strategy_of(object) is None


def test_a_reference_names_a_kind_there_is() -> None:
    strategy: Any = strategy_of(co.Ref)

    @given(strategy)
    @settings(database=None)
    def look(ref: co.Ref) -> None:
        assert ref.kind in co.OperatingModel.schema.kinds

    look()


def test_a_model_class_of_ones_own() -> None:
    strategy: Any = strategy_of(EveryShape)
    assert type(find(strategy, bool, settings=settings(database=None))) is EveryShape
