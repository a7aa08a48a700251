"""A rule about names that a reader cannot tell apart (ORG511)."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Iterator

from community_ops.kernel.derived import derived
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions, ended_units
from community_ops.org.records import Position, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.validation.finding import INFO, Finding
from community_ops.validation.rule import Context, rule

# Small letters of other alphabets that are drawn as Latin ones, as in UTS #39. Digits are left out on purpose: I, l and
# 1 look alike as well, but folding them would take words for one another that people never mix up.
_DRAWN_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтвнαορνυικτχϲγ",
    "aeopcyxijshdqwkmtbhaopvuiktxcy",
)


@derived
def _alike(m: ModelView) -> tuple[tuple[Ref, ...], ...]:
    """Return siblings whose names differ but look the same: units of one parent, positions of one unit."""
    tables = (
        (unit, m.ids(Unit), m.column(Unit.parent), m.column(Unit.name)),
        (position, m.ids(Position), m.column(Position.unit), m.column(Position.title)),
    )
    found: list[tuple[Ref, ...]] = []
    for address, ids, above, names in tables:
        looks = {name: _look(name) for name in set(names)}
        if len(set(looks.values())) == len(looks):  # hardly any model has two such names anywhere
            continue
        groups: dict[Hashable, list[int]] = {}
        for place, (parent, name) in enumerate(zip(above, names, strict=True)):
            groups.setdefault((parent, looks[name]), []).append(place)
        several = [places for places in groups.values() if len({names[place] for place in places}) > 1]
        found += [tuple([address(ids[place]) for place in places]) for places in several]
    return tuple(found)


def _look(name: str) -> str:
    """Return a name as it looks: without case, width, marks that are not seen, and other spaces than single ones."""
    folded = name.casefold()
    if not name.isascii():
        folded = unicodedata.normalize("NFKC", folded).casefold().translate(_DRAWN_ALIKE)
        folded = "".join(letter for letter in folded if unicodedata.category(letter) != "Cf")
    return " ".join(folded.split())


@rule(
    "ORG511",
    name="names-that-look-alike",
    severity=INFO,
    en="{records} are siblings whose names differ only in case, width, spaces or letters that look alike: {names}.",
    zh="{records}同属一处，名称仅在大小写、全半角、空格或形近字母上不同：{names}。",
    needs=("unit",),
)
def names_that_look_alike(m: ModelView, context: Context) -> Iterator[Finding]:
    """Two units of one parent, or two positions of one unit, have names that differ but look the same.

    Why it is worth knowing: readers take them for one, and a search for one does not find the other; usually one of
    them is a second record of the same thing, or was copied from a document in another alphabet.

    How to fix: merge them, spell both alike, or give them names that tell what is different.

    When it is wrong to heed it: where case is meant, as in the names of products.

    Names that are quite the same are not judged: many positions of a unit share a title. What has ended is left out.
    """
    past, gone = ended_units(m, context.at), ended_positions(m, context.at)
    names = {
        "unit": (Unit.name, m.place_index(Unit), past),
        "position": (Position.title, m.place_index(Position), gone),
    }
    for group in _alike(m):
        column, index, over = names[group[0].kind]
        there = [ref for ref in group if ref.id not in over]
        # One of each spelling is enough to see the difference.
        spelled = {m.column(column)[index[ref.id]]: ref for ref in reversed(there)}
        if len(spelled) > 1:
            refs = tuple(reversed(spelled.values()))
            shown = tuple(f"{_visible(name)} ({ref.id})" for name, ref in reversed(spelled.items()))
            yield names_that_look_alike.finding(
                refs[0], gathered=True, key=sorted(ref.id for ref in refs), related=refs[1:],
                records=tuple(ref.id for ref in refs), names=shown,
            )  # fmt: skip


def _visible(name: str) -> str:
    """Return a name with letters that are not ASCII, but look it, written as their code points."""
    return "".join(
        f"\\u{ord(letter):04x}" if letter.casefold().translate(_DRAWN_ALIKE) != letter.casefold() else letter
        for letter in name
    )


def _siblings(*names: str) -> list[Record]:
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("boss",))
    units = [Unit(id=f"u{n}", name=name, parent="hq", heads=("boss",)) for n, name in enumerate(names)]
    return [hq, *units, Position(id="boss", title="Manager", unit="hq")]


@names_that_look_alike.fires()
def _cyrillic() -> Iterable[Record]:
    return _siblings("Content", "C\u043entent")


@names_that_look_alike.silent()
def _different() -> Iterable[Record]:
    return _siblings("Content", "Contents", "Team 1", "Team l", "Content")


RULES = (names_that_look_alike,)
"""The rules of this module."""
