"""Kinds, rules and importers from other distributions: found through entry points, loaded only when asked for by name.

A distribution offers an extension in up to three groups of entry points, all under one name of its choice:

- `community_ops.kinds`: a record class, or a tuple of them;
- `community_ops.rules`: a `Rule`, or a tuple of them;
- `community_ops.importers`: a function that reads an outside format.

Installing it changes nothing. `available` says what there is without importing any of it; `model` and `importer` load
what they are told to, and nothing else in the library looks.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Iterator
from types import new_class
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from attrs import field, frozen

from community_ops.errors import InvalidExtension, InvalidSchema, UnknownExtension
from community_ops.kernel.declaration import Kind, kind_of
from community_ops.kernel.model import TableOf
from community_ops.kernel.record import Record
from community_ops.operating_model import OperatingModel
from community_ops.validation.rule import Rule

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

    from community_ops.kernel.schema import Schema
    from community_ops.validation.book import RuleBook

__all__ = ["GROUPS", "Extension", "available", "importer", "model"]

M = TypeVar("M", bound=OperatingModel)
KINDS, RULES, IMPORTERS = GROUPS = ("community_ops.kinds", "community_ops.rules", "community_ops.importers")
"""The groups of entry points that are looked at."""


@frozen(order=True)
class Extension:
    """One entry point of an installed distribution; nothing of it has been imported.

    Attributes:
        name: what to ask for; the entry points of a distribution that share it belong together.
        group: one of `GROUPS`.
        distribution: the name of the distribution that offers it.
        version: the distribution's version.
        target: where it stands, such as `"acme.contracts:RULES"`.
    """

    name: str
    group: str
    distribution: str
    version: str
    target: str
    _entry: EntryPoint = field(eq=False, repr=False)

    def __str__(self) -> str:
        return f"{self.distribution} {self.version} ({self.group}: {self.name} = {self.target})"


def available() -> tuple[Extension, ...]:
    """Return the extensions of all installed distributions, by name and group, without importing any.

    It reads the metadata of everything that is installed, which takes its time.

    Example:
        >>> [extension for extension in available() if extension.group not in GROUPS]
        []
    """
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import

    return tuple(sorted(_described(entry) for group in GROUPS for entry in entry_points(group=group)))


def _described(entry: EntryPoint) -> Extension:
    said = cast("Distribution", entry.dist).metadata  # entry_points() always says whose an entry is
    # Damaged metadata need not hide what there is.
    name, version = (str(said[key]) if key in said else "?" for key in ("Name", "Version"))
    return Extension(entry.name, entry.group, name, version, entry.value, entry)


@overload
def model(*names: str) -> type[OperatingModel]: ...
@overload
def model(*names: str, base: type[M]) -> type[M]: ...
def model(*names: str, base: type[OperatingModel] = OperatingModel) -> type[Any]:
    """Return a class of model that has the kinds and the rules of some extensions as well.

    Asked again for the same extensions, in whatever order, it returns the same class, so that models of it compare
    and pickle. Each new kind has its table as an attribute, unless the base already calls something else so.

    Args:
        *names: the extensions' names, as `available` lists them; none for the base itself.
        base: the class to extend.

    Raises:
        UnknownExtension: there is no extension of a name.
        InvalidExtension: one cannot be loaded, offers neither kinds nor rules, or clashes with the base or another.

    Example:
        >>> model() is OperatingModel
        True
        >>> model("dragons")
        Traceback (most recent call last):
        community_ops.errors.UnknownExtension: there is no extension 'dragons'; ...
    """
    wanted = tuple(sorted(set(names)))
    if not wanted:
        return base
    made = _made.get((base, wanted))
    return made if made is not None else _made.setdefault((base, wanted), _extended(base, wanted))


def importer(name: str) -> Callable[..., Any]:
    """Return the function with which an extension reads an outside format.

    By convention it is called as `(path, **options)` and returns a model with a report of what it could not read, as
    the library's own readers do; what else it takes, its distribution says.

    Args:
        name: the extension's name, as `available` lists it.

    Raises:
        UnknownExtension: there is no extension of this name.
        InvalidExtension: it cannot be loaded, or offers no importer.
    """
    (part,) = _parts(name, IMPORTERS)
    found = _loaded(part)
    if not callable(found):
        raise InvalidExtension([str(part)], f"an importer is a function, got {type(found).__name__}")
    return cast("Callable[..., Any]", found)


# -- finding and loading ----------------------------------------------------------------------------------------------


def _parts(name: str, *groups: str) -> list[Extension]:
    """Return the entry points of a name in some groups; those of all groups have to come from one distribution."""
    every = available()
    named = [part for part in every if part.name == name]
    if not named:
        raise UnknownExtension(name, dict.fromkeys(part.name for part in every))
    owners, groups_named = {(part.distribution, part.version) for part in named}, {part.group for part in named}
    if len(owners) > 1 or len(groups_named) < len(named):
        raise InvalidExtension(map(str, named), f"more than one is called {name!r}; nothing says which is meant")
    found = [part for part in named if part.group in groups]
    if not found:
        offered = " or ".join(group.rpartition(".")[2] for group in groups)
        raise InvalidExtension(map(str, named), f"there are no {offered} of this name")
    return found


def _loaded(part: Extension) -> Any:
    try:
        return part._entry.load()
    except Exception as error:  # the code of strangers runs here, and may fail in any way
        raise InvalidExtension([str(part)], f"cannot be loaded: {type(error).__name__}: {error}") from error


def _items(part: Extension, what: str, fits: Callable[[Any], bool]) -> Iterator[Any]:
    """Yield what an entry point leads to: one thing, or all of a tuple or list."""
    found = _loaded(part)
    for item in found if isinstance(found, (tuple, list)) else [found]:
        if not fits(item):
            raise InvalidExtension([str(part)], f"should lead to {what}, or a tuple of these; got {item!r}")
        yield item


# -- putting together -------------------------------------------------------------------------------------------------

_made: dict[tuple[type[OperatingModel], tuple[str, ...]], type[OperatingModel]] = {}


class _Extended(type):
    """The class of the classes that `model` makes: no module has them under a name, so pickle is told how to get them.

    Attributes:
        made_of: the base and the names that a class was made of.
    """

    made_of: tuple[type[OperatingModel], tuple[str, ...]]


def _recipe(cls: _Extended) -> str | tuple[Any, ...]:
    if "made_of" not in cls.__dict__:  # somebody's subclass, which stands in their module
        return cls.__qualname__
    return _again, cls.made_of


def _again(base: type[OperatingModel], names: tuple[str, ...]) -> type[OperatingModel]:
    return model(*names, base=base)


copyreg.pickle(_Extended, _recipe)


def _extended(base: type[OperatingModel], names: tuple[str, ...]) -> type[OperatingModel]:
    parts = [part for name in names for part in _parts(name, KINDS, RULES)]
    schema = _schema(base, [part for part in parts if part.group == KINDS])
    rules = _rules(base, [part for part in parts if part.group == RULES])

    def extended_rules(cls: type[OperatingModel]) -> RuleBook:
        return cast("RuleBook", super(cast("Any", made), cls).rules().extend(*rules))

    own = [kind for kind in schema.kinds.values() if not hasattr(base, kind.table)]
    namespace = {
        "__module__": __name__,
        "__doc__": f"{base.__name__} with the kinds and rules of {', '.join(names)}.",
        "__slots__": (),
        "schema": schema,
        "rules": classmethod(extended_rules),
        "made_of": (base, names),
        **{kind.table: TableOf(kind.cls) for kind in own},
    }
    title = f"{base.__name__}[{', '.join(names)}]"
    made = new_class(title, (base,), {"metaclass": _Extended}, lambda body: body.update(namespace))
    return cast("type[OperatingModel]", made)


def _schema(base: type[OperatingModel], parts: list[Extension]) -> Schema:
    offered = [(part, _kind(part, cls)) for part in parts for cls in _items(part, "a record class", _is_record_class)]
    offered.sort(key=lambda offer: len(offer[1].cls.__mro__))  # whoever takes another's place comes after it
    kinds: dict[str, tuple[Extension | None, Kind]] = {kind.name: (None, kind) for kind in base.schema.kinds.values()}
    for part, kind in offered:
        other, before = kinds.get(kind.name, (None, kind))
        if not issubclass(kind.cls, before.cls):
            raise _clash(f"the kind {kind.name!r}", part, other, base)
        kinds[kind.name] = (part, kind)
    tables: dict[str, Extension | None] = {}
    for owner, kind in kinds.values():
        if kind.table in tables:
            raise _clash(f"the table {kind.table!r}", owner, tables[kind.table], base)
        tables[kind.table] = owner
    try:
        return base.schema.extend(*[kind.cls for _, kind in offered])
    except InvalidSchema as error:  # a reference to a kind that nobody declares
        raise InvalidExtension(map(str, parts), str(error)) from error


def _is_record_class(item: Any) -> bool:
    return isinstance(item, type) and issubclass(item, Record)


def _kind(part: Extension, cls: type[Record]) -> Kind:
    try:
        return kind_of(cls)
    except InvalidSchema as error:
        raise InvalidExtension([str(part)], str(error)) from error


def _rules(base: type[OperatingModel], parts: list[Extension]) -> tuple[Rule, ...]:
    book = base.rules()
    owners: dict[str, tuple[Extension | None, Rule]] = {code: (None, rule) for code, rule in book.by_code.items()}
    added: list[Rule] = []
    for part in parts:
        for rule in _items(part, "a Rule", lambda item: isinstance(item, Rule)):
            other, before = owners.setdefault(rule.code, (part, rule))
            if before is not rule:
                raise _clash(f"the rule {rule.code}", part, other, base)
            if other is part:
                added.append(rule)
    try:
        book.extend(*added)
    except InvalidSchema as error:  # a code that the library keeps for itself
        raise InvalidExtension(map(str, parts), str(error)) from error
    return tuple(added)


def _clash(what: str, one: Extension | None, other: Extension | None, base: type[OperatingModel]) -> InvalidExtension:
    owners = [str(part) for part in (other, one) if part is not None]
    whose = "is declared by both" if len(owners) > 1 else f"is one of {base.__name__}'s already"
    return InvalidExtension(owners, f"{what} {whose}")
