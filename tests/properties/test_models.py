"""Laws that hold for every model, healthy or broken."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from community_ops import OperatingModel, Ref, diff, dumps, loads
from community_ops.errors import Conflict, StillReferenced
from community_ops.org.structure import Hierarchy, hierarchy, unit_tree
from community_ops.strategies import models
from community_ops.strategies.texts import ids
from tests.properties.material import any_record, broken_models, exact, some_models
from tests.strategies.kinds import EveryShape

DAY = date(2026, 3, 2)


@given(some_models)
def test_a_written_model_reads_back_the_same(model: OperatingModel) -> None:
    text = dumps(model)
    read = loads(text)
    assert read == model
    assert exact(read) == exact(model)
    assert dumps(read) == text


@given(models(EveryShape, max_size=8))
def test_a_model_of_ones_own_kinds_reads_back_the_same(model: EveryShape) -> None:
    read = loads(dumps(model), model=EveryShape)
    assert read == model
    assert dumps(read) == dumps(model)


@given(some_models)
def test_a_pickled_or_copied_model_is_the_same(model: OperatingModel) -> None:
    for twin in (pickle.loads(pickle.dumps(model)), copy.copy(model), copy.deepcopy(model)):
        assert twin == model
        assert exact(twin) == exact(model)
        assert [record.id for record in twin] == [record.id for record in model]


@given(any_record)
def test_a_pickled_record_is_the_same(record: Any) -> None:
    twin = pickle.loads(pickle.dumps(record))
    assert twin == record
    assert hash(twin) == hash(record)
    assert repr(twin) == repr(record)


# -- changes ---------------------------------------------------------------------------------------------------------


@given(some_models, some_models)
def test_a_difference_applied_gives_the_other_model(a: OperatingModel, b: OperatingModel) -> None:
    after = a.apply(diff(a, b))
    assert after == b
    assert exact(after) == exact(b)


@given(some_models, some_models)
def test_an_inverted_difference_leads_back(a: OperatingModel, b: OperatingModel) -> None:
    changes = diff(a, b)
    back = a.apply(changes).apply(changes.invert())
    assert exact(back) == exact(a)
    assert exact(back.apply(changes)) == exact(b)
    assert changes.invert().invert() == changes


@given(some_models)
def test_a_model_does_not_differ_from_itself(model: OperatingModel) -> None:
    changes = diff(model, OperatingModel(model))
    assert len(changes) == 0
    assert str(changes) == "(no changes)"


@given(models(max_size=10), models(max_size=10))
def test_a_difference_that_does_not_fit_is_refused_and_not_half_applied(a: OperatingModel, b: OperatingModel) -> None:
    changes = diff(a, b)
    if len(changes):
        before = exact(b)
        with pytest.raises(Conflict):
            b.apply(changes)  # what it would change has changed already
        assert exact(b) == before


@given(st.data())
def test_edits_of_single_fields_are_seen_and_undone(data: st.DataObject) -> None:
    model = data.draw(models(max_size=10))
    other = data.draw(models(max_size=10))
    edited = model
    for table, others in zip(model.tables, other.tables, strict=True):
        for record, donor in zip(table, others, strict=False):
            name = data.draw(st.sampled_from([spec.name for spec in table.kind.layout.fields if spec.name != "id"]))
            edited = edited.replace(evolve(record, **{name: getattr(donor, name)}))
    changes = diff(model, edited)
    assert not changes.renamed
    assert not changes.added
    assert not changes.removed
    assert exact(model.apply(changes)) == exact(edited)
    assert exact(edited.apply(changes.invert())) == exact(model)


@given(st.data())
def test_a_rename_there_and_back_changes_nothing(data: st.DataObject) -> None:
    model = data.draw(some_models.filter(len))
    record = data.draw(st.sampled_from(list(model)))
    new = Ref(record.kind_name, data.draw(ids()))
    if new in model or model.referrers(new):  # a dangling reference would be caught by the rename, as it should be
        return
    there = model.rename(record.ref, new.id)
    assert record.ref not in there
    assert len(there.referrers(new)) == len(model.referrers(record.ref))
    assert there.referrers(record.ref) == ()
    assert exact(there.rename(new, record.id)) == exact(model)
    assert exact(model.apply(diff(model, there))) == exact(there)


@given(st.data())
def test_removing_is_refused_while_something_points_there(data: st.DataObject) -> None:
    model = data.draw(models(max_size=10).filter(len))
    record = data.draw(st.sampled_from(list(model)))
    # What a record of the past names may go; see `ref(..., historic=True)`.
    others = [holder.ref for holder in model.referrers(record.ref, historic=False) if holder.ref != record.ref]
    if others:
        with pytest.raises(StillReferenced) as caught:
            model.remove(record.ref)
        assert set(caught.value.referrers) == set(others)
    else:
        assert exact(model.remove(record.ref)) == {k: v for k, v in exact(model).items() if k != str(record.ref)}
    assert record.ref not in model.remove(record.ref, dangling=True)


# -- order -----------------------------------------------------------------------------------------------------------


def tree(found: Hierarchy) -> dict[str, Any]:
    by_id = {
        id: (found.parent(id), set(found.children(id)), set(found.descendants(id)), found.chain(id), found.depth(id))
        for id in found.ids
    }
    sizes = {id: (found.span(id), found.subtree_size(id)) for id in found.ids}
    return {
        "ids": by_id,
        "sizes": sizes,
        "roots": set(found.roots),
        "layers": found.layers,
        "cycles": set(found.cycles),
    }


@given(models() | broken_models, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(model: OperatingModel, random: Any) -> None:
    mixed = list(model)
    random.shuffle(mixed)
    shuffled = OperatingModel(mixed)
    assert shuffled == model
    assert len(diff(model, shuffled)) == 0
    assert tree(hierarchy(shuffled)) == tree(hierarchy(model))
    assert tree(hierarchy(shuffled, DAY)) == tree(hierarchy(model, DAY))
    assert tree(unit_tree(shuffled)) == tree(unit_tree(model))


@given(models(), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter_to_the_rules(model: OperatingModel, random: Any) -> None:
    mixed = list(model)
    random.shuffle(mixed)

    def found(m: OperatingModel) -> list[tuple[str, str, str]]:
        report = m.check(at=DAY, select=[rule.code for rule in m.rules().rules])  # the opt-in ones too
        return sorted((finding.code, finding.severity.name, finding.fingerprint) for finding in report.findings)

    assert found(OperatingModel(mixed)) == found(model)
