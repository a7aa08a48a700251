"""Extensions: found without an import, loaded by name, refused with a reason; on distributions made on the spot."""

from __future__ import annotations

import copy
import doctest
import importlib
import json
import pickle
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import community_ops as co
from community_ops.errors import InvalidExtension, UnknownExtension
from community_ops.validation.book import tried
from community_ops.validation.pages import rule_page
from community_ops.view.catalogue import record_catalogue

Install = Callable[..., None]

KIND = '''
import community_ops as co

@co.frozen(kw_only=True)
class {cls}({base}):
    """Something agreed."""
    kind_name = "{kind}"
    table_name = "{table}"
    {fields}

KINDS = {cls}
'''
RULE = '''
@co.rule("{code}", name="{name}", en="{{subject}} has no title.", zh="{{subject}}没有名称。", needs=("{kind}",))
def untitled(m, context):
    """It has no title."""
    for id, title in zip(m.ids({cls}), m.column({cls}.title), strict=True):
        if not title:
            yield untitled.finding(co.Ref("{kind}", id), field="title")

RULES = (untitled,)
'''
OWNER = 'owner: str | None = co.field(default=None, metadata=co.ref("position", "owned by"))'


def kind_code(
    kind: str, cls: str = "Deal", base: str = "co.Record", fields: str = 'title: str = ""', table: str = ""
) -> str:
    return KIND.format(kind=kind, cls=cls, base=base, fields=fields, table=table or f"{kind}s")


def rule_code(code: str, kind: str = "deal", cls: str = "Deal") -> str:
    return RULE.format(code=code, name=f"untitled-{code.lower()}", kind=kind, cls=cls)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that lays a distribution down as an installer would; its modules are forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(co.extensions, "_made", {})

    def lay(name: str, code: str, groups: Mapping[str, str], version: str = "1.0", said: str | None = None) -> None:
        (tmp_path / f"{name.replace('-', '_')}.py").write_text(code, "utf-8")
        info = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" if said is None else said
        (info / "METADATA").write_text(told, "utf-8")
        entries = "\n".join(f"[community_ops.{group}]\n{lines}\n" for group, lines in groups.items())
        (info / "entry_points.txt").write_text(entries, "utf-8")
        importlib.invalidate_caches()

    yield lay  # type: ignore[misc]
    for module in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[module], "__file__", "")):
            del sys.modules[module]


@pytest.fixture
def acme(install: Install) -> None:
    install(
        "acme-ops",
        kind_code("deal", fields=f'title: str = ""; {OWNER}')
        + rule_code("ACM101")
        + "def read(path, **options):\n    return co.OperatingModel(), path\n",
        {"kinds": "acme = acme_ops:KINDS", "rules": "acme = acme_ops:RULES", "importers": "acme = acme_ops:read"},
        version="1.2",
    )


def run(script: str, path: Path) -> str:
    """Return what a script prints in a process of its own that finds the distributions laid down in a folder."""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=path, env={"PYTHONPATH": "."}).stdout


# -- what there is ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("acme")
def test_what_is_installed_is_listed_with_its_distribution_and_version_without_importing_it() -> None:
    mine = [found for found in co.extensions.available() if found.name == "acme"]
    assert [(e.group, e.distribution, e.version, e.target) for e in mine] == [
        ("community_ops.importers", "acme-ops", "1.2", "acme_ops:read"),
        ("community_ops.kinds", "acme-ops", "1.2", "acme_ops:KINDS"),
        ("community_ops.rules", "acme-ops", "1.2", "acme_ops:RULES"),
    ]
    assert str(mine[1]) == "acme-ops 1.2 (community_ops.kinds: acme = acme_ops:KINDS)"
    assert "acme_ops" not in sys.modules


def test_metadata_without_name_and_version_hides_nothing(install: Install) -> None:
    install("nameless", "", {"kinds": "nameless = nameless:KINDS"}, said="Metadata-Version: 2.1\n")
    (found,) = [found for found in co.extensions.available() if found.name == "nameless"]
    assert (found.distribution, found.version) == ("?", "?")


@pytest.mark.usefixtures("acme")
def test_nothing_is_loaded_that_nobody_asked_for(tmp_path: Path) -> None:
    script = (
        "import sys, json, community_ops as co\n"
        "co.loads(co.dumps(co.templates.community_operations('en'))).check()\n"
        "co.extensions.model()\n"
        "print(json.dumps([name for name in sys.modules if name in ('acme_ops', 'importlib.metadata')]))"
    )
    assert json.loads(run(script, tmp_path)) == []


# -- the class of model -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("acme")
def test_a_model_class_has_the_kinds_the_tables_and_the_rules_of_an_extension() -> None:
    cls = co.extensions.model("acme")
    text = (
        '{"format": "community-ops", "version": 2, "deals": [{"id": "d1"}, {"id": "d2", "title": "T", "owner": "x"}]}'
    )
    model = co.loads(text, model=cls)
    assert model.deals["d2"].title == "T"  # type: ignore[attr-defined]
    report = model.check()
    assert [(f.code, str(f.subject)) for f in report.findings] == [("ACM101", "deal:d1"), ("REF101", "deal:d2")]
    assert repr(model) == "<OperatingModel[acme]: 2 deals>"
    assert co.loads(co.dumps(model), model=cls) == model
    assert "deal" not in co.OperatingModel.schema.kinds
    assert "ACM101" not in co.OperatingModel.rules().by_code


@pytest.mark.usefixtures("acme")
def test_the_same_names_give_the_same_class_in_whatever_order(install: Install) -> None:
    install("beta", kind_code("pledge", "Pledge"), {"kinds": "beta = beta:KINDS"})
    both = co.extensions.model("beta", "acme")
    assert both is co.extensions.model("acme", "beta", "acme")
    assert both is not co.extensions.model("acme")
    assert [*both.schema.kinds][-2:] == ["deal", "pledge"]


def test_no_names_give_the_base() -> None:
    class Mine(co.OperatingModel):
        __slots__ = ()

    assert co.extensions.model() is co.OperatingModel
    assert co.extensions.model(base=Mine) is Mine


@pytest.mark.usefixtures("acme")
def test_an_embedders_own_model_can_be_the_base_and_can_inherit() -> None:
    class Mine(co.OperatingModel):
        __slots__ = ()

        @classmethod
        def rules(cls) -> co.RuleBook:
            return super().rules().ignore("REF")

    cls = co.extensions.model("acme", base=Mine)
    assert issubclass(cls, Mine)
    assert cls.rules().ignored == ("REF",)

    class Later(cls):  # type: ignore[misc, valid-type]
        __slots__ = ()

    assert "ACM101" in Later.rules().by_code
    assert co.extensions.model("acme", base=co.extensions.model("acme")).rules().by_code.keys() == (
        cls.rules().by_code.keys()
    )


@pytest.mark.usefixtures("acme")
def test_models_and_their_classes_pickle_and_copy() -> None:
    cls = co.extensions.model("acme")
    model = co.loads('{"format": "community-ops", "version": 2, "deals": [{"id": "d1"}]}', model=cls)
    assert pickle.loads(pickle.dumps(cls)) is cls
    assert pickle.loads(pickle.dumps(model)) == model
    assert copy.deepcopy(model) == model
    assert copy.copy(cls) is copy.deepcopy(cls) is cls


@pytest.mark.usefixtures("acme")
def test_a_pickle_finds_its_class_again_in_another_process(tmp_path: Path) -> None:
    model = co.extensions.model("acme").of(co.Unit(id="hq", name="HQ"))
    (tmp_path / "model.pickle").write_bytes(pickle.dumps(model))
    script = "import pickle; print(repr(pickle.load(open('model.pickle', 'rb'))))"
    assert run(script, tmp_path).strip() == "<OperatingModel[acme]: 1 unit>"


@pytest.mark.usefixtures("acme")
def test_a_subclass_of_such_a_class_pickles_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    extended = co.extensions.model("acme")
    later = type(extended)("Later", (extended,), {"__slots__": (), "__module__": __name__})
    monkeypatch.setattr(sys.modules[__name__], "Later", later, raising=False)
    assert pickle.loads(pickle.dumps(later)) is later


def test_an_extension_may_put_a_subclass_in_the_place_of_a_built_in_kind(install: Install) -> None:
    code = kind_code("position", "Post", "co.Position", 'pay_band: str = ""', table="positions")
    install("pay", code, {"kinds": "pay = pay:KINDS"})
    model = co.extensions.model("pay").of(co.Position(id="ceo", title="CEO", unit="hq"))
    assert model.positions["ceo"].pay_band == ""  # type: ignore[attr-defined]


def test_an_extension_may_build_on_another_whatever_their_names(install: Install) -> None:
    install("zbase", kind_code("deal"), {"kinds": "zbase = zbase:KINDS"})
    code = "import zbase\n" + kind_code("deal", "BigDeal", "zbase.Deal", "size: int = 0")
    install("abuilt", code, {"kinds": "abuilt = abuilt:KINDS"})
    assert co.extensions.model("zbase", "abuilt").schema.kinds["deal"].cls.__name__ == "BigDeal"


def test_a_table_never_hides_what_a_model_does(install: Install) -> None:
    install("hider", kind_code("tick", table="check"), {"kinds": "hider = hider:KINDS"})
    cls = co.extensions.model("hider")
    assert cls().check().ok
    assert cls.schema.tables["check"].name == "tick"


# -- importers --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("acme")
def test_an_importer_is_the_function_itself() -> None:
    model, path = co.extensions.importer("acme")("file.csv")
    assert (model, path) == (co.OperatingModel(), "file.csv")


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("acme")
def test_an_unknown_name_lists_what_there_is() -> None:
    for ask in (co.extensions.model, co.extensions.importer):
        with pytest.raises(UnknownExtension, match=r"no extension 'acmee'; there are .*\bacme\b") as caught:
            ask("acmee")
        assert caught.value.available.count("acme") == 1
    assert "acme_ops" not in sys.modules


@pytest.mark.parametrize(
    ("code", "groups", "said"),
    [
        ("", {"kinds": "bad = bad:NOTHING"}, "cannot be loaded: AttributeError"),
        ("1 / 0", {"rules": "bad = bad:RULES"}, "cannot be loaded: ZeroDivisionError: division by zero"),
        ("def (", {"kinds": "bad = bad:KINDS"}, "cannot be loaded: SyntaxError"),
        (
            "",
            {"kinds": "bad = nowhere_at_all:KINDS"},
            "cannot be loaded: ModuleNotFoundError: No module named",
        ),
        ("", {"kinds": "bad = not an address"}, "cannot be loaded: "),
        ("KINDS = 5", {"kinds": "bad = bad:KINDS"}, "should lead to a record class, or a tuple of these; got 5"),
        ("KINDS = [int]", {"kinds": "bad = bad:KINDS"}, "a record class, or a tuple of these; got <class 'int'>"),
        ("RULES = print", {"rules": "bad = bad:RULES"}, "should lead to a Rule, or a tuple of these; got <built-in"),
        (
            "import community_ops as co\nRULES = co.OperatingModel.rules()",
            {"rules": "bad = bad:RULES"},
            "should lead to a Rule, or a tuple of these; got <RuleBook",
        ),
        (kind_code("Upper Case"), {"kinds": "bad = bad:KINDS"}, "must set kind_name to a lower-case name"),
        (
            kind_code("deal", fields='x: str = co.field(metadata=co.ref("dragon", "of"))'),
            {"kinds": "bad = bad:KINDS"},
            "deal.x points at the kind 'dragon', which this schema does not have",
        ),
        (
            kind_code("unit", table="my_units"),
            {"kinds": "bad = bad:KINDS"},
            "kind 'unit' is one of OperatingModel's",
        ),
        (
            kind_code("deal", table="units"),
            {"kinds": "bad = bad:KINDS"},
            "table 'units' is one of OperatingModel's",
        ),
        (
            kind_code("unit", base="co.Unit", table="positions", fields="x: int = 0"),
            {"kinds": "bad = bad:KINDS"},
            "table 'positions' is one of OperatingModel's already",
        ),
        (
            kind_code("deal") + rule_code("ORG101"),
            {"kinds": "bad = bad:KINDS", "rules": "bad = bad:RULES"},
            "the rule ORG101 is one of OperatingModel's already",
        ),
        (
            kind_code("deal") + rule_code("WVR901"),
            {"kinds": "bad = bad:KINDS", "rules": "bad = bad:RULES"},
            "takes the code of the report's own findings",
        ),
        ("def read(): pass", {"importers": "bad = bad:read"}, "there are no kinds or rules of this name"),
        ("", {"kinds": "bad = bad:A\nbad = bad:B"}, "more than one is called 'bad'"),
    ],
)
def test_what_cannot_be_used_is_refused_with_distribution_entry_point_and_reason(
    install: Install, code: str, groups: dict[str, str], said: str
) -> None:
    install("bad", code, groups)
    with pytest.raises(InvalidExtension) as caught:
        co.extensions.model("bad")
    assert said in str(caught.value)
    group = next(reversed(groups)) if "rule" in said.lower() or "code" in said else next(iter(groups))
    assert f"bad 1.0 (community_ops.{group}: bad = " in str(caught.value)


@pytest.mark.parametrize(
    ("code", "groups", "said"),
    [
        ("READ = 5", {"importers": "bad = bad:READ"}, "an importer is a function, got int"),
        ("KINDS = 5", {"kinds": "bad = bad:KINDS"}, "there are no importers of this name"),
        ("", {"importers": "bad = bad:READ"}, "cannot be loaded: AttributeError"),
    ],
)
def test_what_is_no_importer_is_refused(install: Install, code: str, groups: dict[str, str], said: str) -> None:
    install("bad", code, groups)
    with pytest.raises(InvalidExtension, match=said):
        co.extensions.importer("bad")


@pytest.mark.parametrize(
    ("first", "second", "group", "what"),
    [
        (kind_code("deal"), kind_code("deal", table="other"), "kinds", "the kind 'deal' is declared by both"),
        (kind_code("deal"), kind_code("pact", table="deals"), "kinds", "the table 'deals' is declared by both"),
        (
            kind_code("deal") + rule_code("ACM101"),
            kind_code("pact") + rule_code("ACM101", "pact"),
            "rules",
            "the rule ACM101 is declared by both",
        ),
    ],
)
def test_two_extensions_that_clash_are_both_named(
    install: Install, first: str, second: str, group: str, what: str
) -> None:
    entries = {"kinds": "{0} = {0}:KINDS", **({"rules": "{0} = {0}:RULES"} if group == "rules" else {})}
    for name, code in (("one", first), ("two", second)):
        install(name, code, {group: line.format(name) for group, line in entries.items()})
    with pytest.raises(InvalidExtension) as caught:
        co.extensions.model("two", "one")
    assert caught.value.extensions == tuple(
        f"{name} 1.0 (community_ops.{group}: {name} = {name}:{group.upper()})" for name in ("one", "two")
    )
    assert caught.value.reason == what


def test_one_rule_offered_twice_is_one_rule(install: Install) -> None:
    install("one", kind_code("deal") + rule_code("ACM101"), {"kinds": "one = one:KINDS", "rules": "one = one:RULES"})
    install("two", "from one import RULES", {"rules": "two = two:RULES"})
    assert list(co.extensions.model("one", "two").rules().by_code).count("ACM101") == 1


def test_a_name_that_two_distributions_use_is_nobodys(install: Install) -> None:
    install("one", kind_code("deal"), {"kinds": "shared = one:KINDS"})
    install("two", "RULES = ()", {"rules": "shared = two:RULES"})
    with pytest.raises(InvalidExtension, match="more than one is called 'shared'") as caught:
        co.extensions.model("shared")
    assert [text.split(" ")[0] for text in caught.value.extensions] == ["one", "two"]
    assert not {"one", "two"} & set(sys.modules)


# -- the package in the documentation ---------------------------------------------------------------------------------

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "extending.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def documented() -> tuple[str, str, str]:
    """The pyproject.toml, the module and the session of the page."""
    (project,) = [code for language, code in BLOCKS if language == "toml"]
    (module,) = [code for language, code in BLOCKS if language == "python" and not code.startswith(">>>")]
    return project, module, "\n".join(code for language, code in BLOCKS if code.startswith(">>>"))


def test_the_documented_package_does_what_the_page_says(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, module, session = documented()
    project = tomllib.loads(text)["project"]
    groups = {
        group.removeprefix("community_ops."): "\n".join(f"{name} = {target}" for name, target in entries.items())
        for group, entries in project["entry-points"].items()
    }
    install(project["name"], module, groups, version=project["version"])
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(session, {"co": co}, "extending.md", None, None)
    told: list[str] = []
    assert doctest.DocTestRunner().run(test, out=told.append).failed == 0, "".join(told)


def test_the_documented_rule_does_what_its_examples_claim(install: Install) -> None:
    _, module, _ = documented()
    install("acme-contracts", module, {"kinds": "c = acme_contracts:Contract", "rules": "c = acme_contracts:RULES"})
    model = co.extensions.model("c")
    rule = model.rules().rule("ACME101")
    assert [len(tried(rule, example, model).findings) for example in rule.fire_examples] == [1]
    assert [len(tried(rule, example, model).findings) for example in rule.silent_examples] == [0]
    assert "contract_without_owner" not in rule_page(rule, model)
    assert "An agreement that somebody has to look after." in record_catalogue(model)
