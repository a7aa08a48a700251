"""The names that users import: all there, all typed, loaded late; and no kind forgotten anywhere."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path

import pytest

import community_ops as co
from community_ops.kernel.declaration import kind_of
from community_ops.kernel.model import TableOf
from community_ops.kernel.record import Record

KINDS = co.OperatingModel.schema.kinds.values()
FACES = [co, co.org, co.io, co.plan, co.service, co.worktime]


def in_fresh_interpreter(script: str) -> object:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def typed_names(module: object) -> set[str]:
    """The names that the TYPE_CHECKING block of a module and its plain imports give to type checkers."""
    tree = ast.parse(Path(inspect.getfile(module)).read_text("utf-8"))  # type: ignore[arg-type]
    found: set[str] = set()
    for node in tree.body:
        body = node.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" else [node]
        for statement in body:
            if isinstance(statement, ast.ImportFrom) and statement.module != "__future__":
                found |= {alias.asname or alias.name for alias in statement.names}
    return found - {"import_module", "late_names", "Lister", "Loader", "TYPE_CHECKING", "Any"}


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_type_checkers_and_the_interpreter_see_the_same_names(face: object) -> None:
    names = face.__all__  # type: ignore[attr-defined]
    assert sorted(names) == sorted(typed_names(face))
    assert len(set(names)) == len(names)
    assert set(names) <= set(dir(face))


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_every_public_name_can_be_had(face: object) -> None:
    for name in face.__all__:  # type: ignore[attr-defined]
        assert getattr(face, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    for face in FACES:
        with pytest.raises(AttributeError, match="frobnicate"):
            face.frobnicate  # type: ignore[attr-defined]


def test_the_version_is_the_installed_one_or_says_that_there_is_none() -> None:
    assert co.__version__ == "0+unknown" or co.__version__[0].isdigit()
    assert "__version__" in dir(co)


def test_names_are_loaded_on_first_use_and_then_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Unit", "org", "__version__"):
        monkeypatch.delitem(vars(co), name, raising=False)
        first = getattr(co, name)
        assert vars(co)[name] is first
    assert co.org is import_module("community_ops.org")


def test_a_source_tree_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    assert co.__version__  # so that there is something to put back
    monkeypatch.setattr(metadata, "version", nowhere)
    monkeypatch.delitem(vars(co), "__version__", raising=False)
    assert co.__version__ == "0+unknown"


def test_importing_the_library_loads_nothing_else() -> None:
    script = "import sys, json, community_ops; print(json.dumps(sorted(sys.modules)))"
    loaded = in_fresh_interpreter(script)
    assert isinstance(loaded, list)
    heavy = ("attr", "networkx", "hypothesis", "dateutil", "json.decoder", "xml", "community_ops.")
    assert [name for name in loaded if name.startswith(heavy) and name != "json.decoder"] == []


def test_checking_a_healthy_model_loads_no_networkx_and_no_view() -> None:
    script = (
        "import sys, json, community_ops as co\n"
        "m = co.OperatingModel.of(co.Unit(id='u', name='U', heads=['p']), co.Position(id='p', title='P', unit='u'))\n"
        "co.loads(co.dumps(m)).check()\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = in_fresh_interpreter(script)
    assert isinstance(loaded, list)
    assert not [name for name in loaded if name.startswith(("networkx", "hypothesis", "community_ops.view"))]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_a_public_name_a_table_and_documented_fields(kind: object) -> None:
    cls = kind.cls  # type: ignore[attr-defined]
    assert getattr(co, cls.__name__) is cls
    table = inspect.getattr_static(co.OperatingModel, cls.table_name)
    assert isinstance(table, TableOf)
    assert table.cls is cls
    documented = inspect.getdoc(cls) or ""
    own = [spec.name for spec in kind.layout.fields if spec.name not in ("id", "extra")]  # type: ignore[attr-defined]
    assert [name for name in own if f"    {name}: " not in documented] == []


def test_every_record_class_of_a_domain_is_in_the_schema() -> None:
    rooms = [path.parent.name for path in Path(co.__file__).parent.glob("*/records.py")]
    assert rooms
    for room in rooms:
        module = import_module(f"community_ops.{room}.records")
        for cls in vars(module).values():
            if isinstance(cls, type) and issubclass(cls, Record) and cls.__module__ == module.__name__:
                assert co.OperatingModel.schema.kinds[cls.kind_name] is kind_of(cls)
