"""A million positions load, are checked by every rule, compared and written again, whatever their shape.

Nothing here is timed: the tests hold that every step ends, with the right result. Documents are written by hand, so
that writing what was read must give the same text, and the expected figures follow from arithmetic alone.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date

import pytest

import community_ops as co
from community_ops.org.structure import hierarchy, unit_tree

pytestmark = pytest.mark.scale

SIZE = 1_000_000
SPAN = 10
AT = date(2026, 3, 2)


def text_of(**tables: Iterable[str]) -> str:
    """Return a document of the given rows, as `dumps` writes it."""
    parts = ['{\n"format": "community-ops",\n"version": 2']
    for name, rows in tables.items():
        parts.append(f',\n"{name}": [\n' + ",\n".join(rows) + "\n]")
    return "".join([*parts, "\n}\n"])


def position_row(number: int, unit: int, above: int | str | None) -> str:
    line = "" if above is None else f', "reports_to": "p{above}"'
    return f'{{"id": "p{number}", "title": "Position {number}", "unit": "u{unit}"{line}}}'


def codes(report: co.Report) -> Counter[str]:
    return Counter(found.code for found in report.findings)


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    """Give back a test's millions before the next one makes its own."""
    yield
    gc.collect()


# -- a company: ten report to everyone who manages, and every manager heads a unit and is somebody ---------------------

MANAGERS = (SIZE - 1 + SPAN - 1) // SPAN


def above(number: int) -> int | None:
    return (number - 1) // SPAN if number else None


def unit_row(number: int, period: str = "") -> str:
    parent = f', "parent": "u{above(number)}"' if number else ""
    return f'{{"id": "u{number}", "name": "Unit {number}"{parent}, "heads": ["p{number}"]{period}}}'


def assignment_row(number: int, person: int, position: int) -> str:
    return f'{{"id": "a{number}", "person": "e{person}", "position": "p{position}"}}'


def company_text() -> str:
    return text_of(
        units=map(unit_row, range(MANAGERS)),
        positions=[
            position_row(n, n if n < MANAGERS else (n - 1) // SPAN, above(n)) for n in range(SIZE)
        ],
        people=[f'{{"id": "e{n}", "name": "Person {n}"}}' for n in range(MANAGERS)],
        assignments=[assignment_row(n, n, n) for n in range(MANAGERS)],
    )  # fmt: skip


@pytest.fixture(scope="module")
def company() -> co.OperatingModel:
    return co.loads(company_text())


def test_a_company_of_a_million_loads(company: co.OperatingModel) -> None:
    assert [len(table) for table in company.tables[:4]] == [MANAGERS, SIZE, MANAGERS, MANAGERS]
    last = company.positions[f"p{SIZE - 1}"]
    assert (last.title, last.reports_to) == (f"Position {SIZE - 1}", f"p{(SIZE - 2) // SPAN}")


def test_a_company_of_a_million_is_written_as_it_was_read(company: co.OperatingModel) -> None:
    assert co.dumps(company) == company_text()


def test_the_hierarchy_of_a_company_of_a_million_adds_up(company: co.OperatingModel) -> None:
    tree = hierarchy(company)
    whole_layers = [SPAN**depth for depth in range(6)]
    assert tree.level_counts == (*whole_layers, SIZE - sum(whole_layers))
    assert tree.subtree_size("p0") == SIZE
    assert sum(tree.spans) == SIZE - 1
    assert tree.chain(f"p{SIZE - 1}") == ("p99999", "p9999", "p999", "p99", "p9", "p0")
    assert tree.lowest_common("p999999", "p111111") == "p0"


def test_no_rule_has_anything_to_say_about_a_healthy_company_of_a_million(company: co.OperatingModel) -> None:
    report = company.check(AT)
    assert not report.findings
    assert not report.skipped


def test_every_planted_fault_among_a_million_is_found_and_nothing_else(company: co.OperatingModel) -> None:
    a, b, stray = (company.positions[f"p{SIZE - n}"] for n in (1, 2, 3))
    broken = company.replace(
        co.evolve(a, reports_to=b.id),
        co.evolve(b, reports_to=a.id),
        co.evolve(stray, reports_to="nobody"),
        co.evolve(company.units["u7"], period=co.DateRange(date(2026, 2, 1), date(2026, 1, 31))),
    ).add(co.Assignment(id="second", person="e5", position=f"p{SIZE - 4}"))
    report = broken.check(AT)
    found = {finding.code: finding for finding in report.findings}
    assert codes(report) == dict.fromkeys(["ORG101", "REF101", "REF201", "ORG404"], 1)
    assert {found["ORG101"].subject, *found["ORG101"].related} == {a.ref, b.ref}
    assert found["REF101"].subject == stray.ref
    assert found["REF201"].subject == co.Ref("unit", "u7")
    assert found["ORG404"].subject == co.Ref("person", "e5")
    assert company.check(AT).ok


def test_two_companies_of_a_million_are_compared_and_one_turned_into_the_other(company: co.OperatingModel) -> None:
    other = co.loads(company_text().replace('"Position 777777"', '"Lead 777777"'))
    changes = co.diff(company, other)
    assert changes.updated == (co.Update(co.Ref("position", "p777777"), "title", "Position 777777", "Lead 777777"),)
    assert len(changes) == 1
    assert company.apply(changes) == other
    assert other.apply(changes.invert()) == company


# -- extreme shapes ----------------------------------------------------------------------------------------------------

HQ = '{"id": "u0", "name": "Unit 0", "heads": ["p0"]}'
HELD = {"people": ['{"id": "e0", "name": "Person 0"}'], "assignments": [assignment_row(0, 0, 0)]}
MANY = 100_000
"""Deep and wide enough for whatever recurs or compares all with all to show; a million takes too long everywhere."""


def shaped(lines: Iterable[int | str | None]) -> str:
    """Return the document of positions in one unit, by the number of the position above each."""
    rows = [position_row(number, 0, up) for number, up in enumerate(lines)]
    return text_of(units=[HQ], positions=rows, **HELD)


def chain(size: int) -> Iterator[int | None]:
    return (number - 1 if number else None for number in range(size))


def ring(size: int) -> Iterator[int | None]:
    return ((number or size) - 1 for number in range(size))


def star(size: int, centre: int = 0) -> Iterator[int | None]:
    return (None if number == centre else centre for number in range(size))


def test_a_chain_of_a_million() -> None:
    text = shaped(chain(SIZE))
    model = co.loads(text)
    tree = hierarchy(model)
    assert (tree.layers, tree.depth(f"p{SIZE - 1}"), tree.subtree_size("p1")) == (SIZE, SIZE - 1, SIZE - 1)
    assert len(tree.chain(f"p{SIZE - 1}")) == len(tree.descendants("p0")) == SIZE - 1
    report = model.check(AT)
    assert codes(report) == {"ORG202": 1, "ORG203": 1}
    assert report.warnings[0].parameters["layers"] == SIZE
    assert co.dumps(model) == text


def test_a_chain_of_many_is_cut_compared_and_mended() -> None:
    whole = co.loads(shaped(chain(MANY)))
    middle = f"p{MANY // 2}"
    cut = whole.replace(co.evolve(whole.positions[middle], reports_to=None))
    assert hierarchy(cut).roots == ("p0", middle)
    assert hierarchy(cut).layers == MANY // 2
    changes = co.diff(whole, cut)
    assert [(u.ref.id, u.field) for u in changes.updated] == [(middle, "reports_to")]
    mended = cut.apply(changes.invert())
    assert mended == whole
    assert hierarchy(mended).layers == MANY


def test_a_million_who_report_to_one_manager() -> None:
    text = shaped(star(SIZE))
    model = co.loads(text)
    tree = hierarchy(model)
    assert (tree.span("p0"), tree.layers, tree.subtree_size("p0")) == (SIZE - 1, 2, SIZE)
    assert len(tree.children("p0")) == SIZE - 1
    assert not model.check(AT).errors
    by_seats = model.check(select=["ORG201"])
    assert codes(by_seats) == {"ORG201": 1}
    assert by_seats.findings[0].subject == co.Ref("position", "p0")
    assert co.dumps(model) == text


def test_many_who_report_to_one_manager_are_compared() -> None:
    model = co.loads(shaped(star(MANY)))
    fewer = model.remove(co.Ref("position", f"p{MANY - 1}"))
    changes = co.diff(model, fewer)
    assert [record.id for record in changes.removed] == [f"p{MANY - 1}"]
    assert len(changes) == 1
    assert fewer.apply(changes.invert()) == model


def test_every_manager_of_one_manager_in_a_long_chain_is_named() -> None:
    report = co.loads(shaped(chain(MANY))).check(AT, select=["ORG202"])
    # All but the top, the last, who manages nobody, and the one above the last, who manages no manager.
    (found,) = report.findings
    assert (found.code, len({found.subject, *found.related})) == ("ORG202", MANY - 3)


def test_a_long_ring_is_one_finding() -> None:
    model = co.loads(shaped(ring(MANY)))
    report = model.check(AT)
    assert codes(report) == {"ORG101": 1}
    found = report.findings[0]
    assert len({found.subject, *found.related}) == MANY
    assert len(found.message) < 2_000
    assert hierarchy(model).layers == 0


def test_a_large_star_is_given_another_centre_and_turned_back() -> None:
    model, other = co.loads(shaped(star(MANY))), co.loads(shaped(star(MANY, centre=1)))
    changes = co.diff(model, other)
    assert len(changes) == MANY
    assert model.apply(changes) == other
    assert other.apply(changes.invert()) == model


def test_many_who_report_to_a_manager_who_is_not_there_are_one_finding() -> None:
    model = co.loads(shaped("-nobody" if number else None for number in range(MANY)))
    report = model.check(AT)
    assert codes(report) == {"REF101": 1}
    found = report.findings[0]
    assert len({found.subject, *found.related}) == MANY - 1
    assert len(hierarchy(model).dangling) == MANY - 1


def test_many_ids_are_renamed_at_once() -> None:
    count = MANY // 5
    before = co.OperatingModel(co.Skill(id=f"s{number}", name=f"Skill {number}") for number in range(count))
    after = co.OperatingModel(co.Skill(id=f"t{number}", name=f"Skill {number}") for number in range(count))
    changes = co.diff(before, after)
    assert len(changes.renamed) == len(changes) == count
    assert before.apply(changes) == after
    assert after.apply(changes.invert()) == before


def nested(letter: str, name: str, up: str, above: Callable[[int], int | None]) -> list[str]:
    """Return the rows of records of which each is part of another of the kind, by number."""
    parents = [above(number) for number in range(MANY)]
    lines = ["" if parent is None else f', "{up}": "{letter}{parent}"' for parent in parents]
    return [f'{{"id": "{letter}{n}", "name": "{name} {n}"{line}}}' for n, line in enumerate(lines)]


def test_units_and_duties_that_nest_deep() -> None:
    text = text_of(
        units=nested("u", "Unit", "parent", lambda n: n - 1 if n else None),
        duties=nested("d", "Duty", "part_of", lambda n: n - 1 if n else None),
    )
    model = co.loads(text)
    assert unit_tree(model).depth(f"u{MANY - 1}") == MANY - 1
    assert not any(code.startswith(("REF", "WVR")) for code in codes(model.check(AT)))
    assert co.dumps(model) == text


def test_units_in_a_long_ring_are_one_finding() -> None:
    report = co.loads(text_of(units=nested("u", "Unit", "parent", lambda n: (n or MANY) - 1))).check(AT)
    assert codes(report) == {"REF102": 1}
    assert len(report.findings[0].related) == MANY - 1
