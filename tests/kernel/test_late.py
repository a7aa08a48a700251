from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = """
from community_ops.kernel.late import late_names

early = 1
__all__ = ["Bread", "early", "goods", "knead"]
__getattr__, __dir__ = late_names(__name__, {"Bread": "goods", "goods": ".", "knead": "hands.both"}, __all__)
"""


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    package = tmp_path / "late_bakery"
    (package / "hands").mkdir(parents=True)
    (package / "__init__.py").write_text(SOURCE, encoding="utf-8")
    (package / "counter.py").write_text(SOURCE, encoding="utf-8")
    (package / "goods.py").write_text("class Bread: ...", encoding="utf-8")
    (package / "hands" / "__init__.py").write_text("", encoding="utf-8")
    (package / "hands" / "both.py").write_text("def knead(): ...", encoding="utf-8")
    before = {name for name in sys.modules if name.startswith("late_bakery")}
    assert not before
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("late_bakery")
    for name in [name for name in sys.modules if name.startswith("late_bakery")]:
        del sys.modules[name]


def test_a_name_is_loaded_when_it_is_asked_for_and_no_other_with_it(bakery: ModuleType) -> None:
    assert "late_bakery.goods" not in sys.modules
    assert bakery.Bread.__module__ == "late_bakery.goods"
    assert "late_bakery.hands.both" not in sys.modules
    assert bakery.knead.__module__ == "late_bakery.hands.both"


def test_a_module_of_the_package_is_itself_what_is_asked_for(bakery: ModuleType) -> None:
    assert "late_bakery.goods" not in sys.modules
    assert bakery.goods is import_module("late_bakery.goods")


def test_a_name_once_loaded_is_kept(bakery: ModuleType) -> None:
    assert "Bread" not in vars(bakery)
    bread = bakery.Bread
    assert vars(bakery)["Bread"] is bread


def test_a_module_that_is_no_package_finds_what_stands_beside_it(bakery: ModuleType) -> None:
    counter = import_module("late_bakery.counter")
    assert counter.Bread is bakery.Bread
    assert counter.knead is bakery.knead


def test_names_can_be_imported_one_by_one(bakery: ModuleType) -> None:
    namespace: dict[str, object] = {}
    exec("from late_bakery import *", namespace)
    assert {"Bread", "early", "knead"} <= set(namespace)
    with pytest.raises(ImportError, match="cannot import name 'Cake'"):
        exec("from late_bakery import Cake")


def test_an_unknown_name_is_an_attribute_error_that_names_the_module(bakery: ModuleType) -> None:
    with pytest.raises(AttributeError, match=r"^module 'late_bakery' has no attribute 'Cake'$"):
        bakery.Cake


def test_dir_lists_what_is_there_and_what_may_come_once_each(bakery: ModuleType) -> None:
    bakery.Bread
    listed = dir(bakery)
    assert {"Bread", "early", "knead", "__name__"} <= set(listed)
    assert len(listed) == len(set(listed))
    assert listed == sorted(listed)
