"""Mergers and splits: what they write into both logs, what they lead to, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from community_ops import OperatingModel, Ref, diff
from community_ops.errors import Conflict, CyclicMerger, DuplicateRecord, IllegalTransition, UnknownRecord
from community_ops.service import Ticket, TicketEvent, replay
from community_ops.service.merging import merge_tickets, root_of, split_ticket
from tests.service.logs import event, ticket, z


def opened(*ids: str) -> OperatingModel:
    return OperatingModel(ticket("05:00 opened", id=id) for id in ids)


def merged(id: str, into: str) -> Ticket:
    return ticket("05:00 opened", event("06:00 merged", into=into), id=id)


def log(model: OperatingModel, id: str) -> list[tuple[str, Any]]:
    return [(one.type, one.into or one.split_off or one.text) for one in model.tickets[id].events]


class TestRoot:
    def test_a_ticket_that_was_not_merged_goes_on_itself(self) -> None:
        assert root_of(opened("a"), "a") == "a"

    def test_mergers_are_followed_to_the_ticket_that_goes_on(self) -> None:
        model = OperatingModel.of(merged("a", "b"), merged("b", "c"), *opened("c"))
        assert [root_of(model, id) for id in "abc"] == ["c", "c", "c"]

    def test_a_chain_of_many_is_followed(self) -> None:
        count = 20_000
        chain = [merged(str(n), str(n + 1)) for n in range(count)]
        assert root_of(OperatingModel.of(*chain, *opened(str(count))), "0") == str(count)

    @pytest.mark.parametrize(("start", "circle"), [("a", ("a", "b")), ("b", ("b", "a")), ("x", ("a", "b"))])
    def test_a_circle_is_an_error_that_names_its_tickets(self, start: str, circle: tuple[str, ...]) -> None:
        model = OperatingModel.of(merged("a", "b"), merged("b", "a"), merged("x", "a"))
        with pytest.raises(CyclicMerger) as caught:
            root_of(model, start)
        assert caught.value.tickets == circle

    def test_a_ticket_merged_into_itself_is_a_circle(self) -> None:
        with pytest.raises(CyclicMerger, match="tickets are merged in a circle: a -> a"):
            root_of(OperatingModel.of(merged("a", "a")), "a")

    @pytest.mark.parametrize("id", ["gone", "a"])
    def test_what_does_not_exist_is_an_error(self, id: str) -> None:
        with pytest.raises(UnknownRecord, match="gone"):
            root_of(OperatingModel.of(merged("a", "gone")), id)


class TestMerging:
    def test_both_logs_tell_of_it(self) -> None:
        before = opened("a", "b")
        actor = Ref("person", "ann")
        after = before.apply(merge_tickets(before, "a", "b", z("06:00"), actor, "the same"))
        assert log(after, "a") == [("opened", ""), ("merged", "b")]
        assert log(after, "b") == [("opened", ""), ("internal_note", "took in ticket:a: the same")]
        ends = [after.tickets[id].events[-1] for id in "ab"]
        assert [(one.at, one.actor) for one in ends] == [(z("06:00"), actor)] * 2
        assert ends[0].text == "the same"
        assert root_of(after, "a") == "b"

    def test_the_source_is_frozen_and_the_other_goes_on(self) -> None:
        before = opened("a", "b")
        after = before.apply(merge_tickets(before, "a", "b", z("06:00")))
        states = [replay(after, id) for id in "ab"]
        assert [one and (one.state, one.merged_into) for one in states] == [("merged", "b"), ("new", None)]
        assert log(after, "b")[-1] == ("internal_note", "took in ticket:a")

    def test_the_changes_are_what_has_changed_and_can_be_undone(self) -> None:
        before = opened("a", "b")
        changes = merge_tickets(before, "a", "b", z("06:00"))
        assert diff(before, before.apply(changes)) == changes
        assert before.apply(changes).apply(changes.invert()) == before

    def test_they_do_not_fit_a_model_that_has_gone_on(self) -> None:
        before = opened("a", "b")
        changes = merge_tickets(before, "a", "b", z("06:00"))
        with pytest.raises(Conflict):
            before.replace(ticket("05:00 opened", "05:30 customer_message", id="a")).apply(changes)

    def test_it_goes_into_the_root_of_the_other(self) -> None:
        before = OperatingModel.of(*opened("a", "c"), merged("b", "c"))
        after = before.apply(merge_tickets(before, "a", "b", z("07:00")))
        assert (log(after, "a")[-1], log(after, "c")[-1]) == (("merged", "c"), ("internal_note", "took in ticket:a"))
        assert log(after, "b") == log(before, "b")

    def test_a_merger_that_would_close_a_circle_is_refused(self) -> None:
        model = OperatingModel.of(merged("a", "b"), merged("b", "c"), *opened("c"))
        with pytest.raises(CyclicMerger) as caught:
            merge_tickets(model, "c", "a", z("07:00"))
        assert caught.value.tickets == ("a", "b", "c")
        with pytest.raises(CyclicMerger) as caught:
            merge_tickets(model, "c", "c", z("07:00"))
        assert caught.value.tickets == ("c",)

    def test_what_was_merged_already_is_frozen(self) -> None:
        model = OperatingModel.of(merged("a", "b"), *opened("b", "c"))
        with pytest.raises(IllegalTransition, match="ticket 'a': 'merged'"):
            merge_tickets(model, "a", "c", z("07:00"))

    @pytest.mark.parametrize("late", ["a", "b"])
    def test_it_cannot_come_before_what_has_happened_in_either(self, late: str) -> None:
        model = opened("a", "b").replace(ticket("05:00 opened", "08:00 customer_message", id=late))
        with pytest.raises(IllegalTransition, match=f"ticket '{late}'"):
            merge_tickets(model, "a", "b", z("07:00"))

    @pytest.mark.parametrize(("source", "into"), [("gone", "a"), ("a", "gone")])
    def test_what_does_not_exist_is_an_error(self, source: str, into: str) -> None:
        with pytest.raises(UnknownRecord):
            merge_tickets(opened("a"), source, into, z("07:00"))


class TestSplitting:
    def test_both_logs_tell_of_it(self) -> None:
        before = opened("a")
        part = Ticket(id="b", subject="The bill", kind="complaint")
        actor = Ref("person", "ann")
        after = before.apply(split_ticket(before, "a", part, z("06:00"), actor, "two things"))
        assert log(after, "a") == [("opened", ""), ("split", "b")]
        assert after.tickets["b"] == evolve(part, events=[TicketEvent("opened", z("06:00"), actor=actor)])
        assert (after.tickets["a"].events[-1].text, after.tickets["a"].events[-1].actor) == ("two things", actor)

    def test_a_part_that_brings_its_log_keeps_it(self) -> None:
        before = opened("a")
        part = ticket("05:30 opened", "05:40 customer_message", id="b")
        after = before.apply(split_ticket(before, "a", part, z("06:00")))
        assert after.tickets["b"] == part

    def test_a_part_whose_log_does_not_hold_together_is_refused(self) -> None:
        with pytest.raises(IllegalTransition, match="ticket 'b'"):
            split_ticket(opened("a"), "a", ticket("05:30 opened", "05:40 closed", id="b"), z("06:00"))

    @pytest.mark.parametrize("id", ["a", "other"])
    def test_a_part_needs_an_id_of_its_own(self, id: str) -> None:
        with pytest.raises(DuplicateRecord):
            split_ticket(opened("a", "other"), "a", Ticket(id=id, subject="?"), z("06:00"))

    def test_nothing_is_split_off_what_has_been_merged_or_not_been_opened(self) -> None:
        part = Ticket(id="b", subject="?")
        with pytest.raises(IllegalTransition):
            split_ticket(OperatingModel.of(merged("a", "x")), "a", part, z("07:00"))
        with pytest.raises(IllegalTransition):
            split_ticket(OperatingModel.of(ticket(id="a")), "a", part, z("07:00"))
        with pytest.raises(UnknownRecord):
            split_ticket(OperatingModel.of(), "a", part, z("07:00"))


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=12))
def test_whatever_is_merged_every_ticket_has_a_root_that_goes_on(pairs: list[tuple[str, str]]) -> None:
    model, groups = opened(*"abcdef"), {id: {id} for id in "abcdef"}
    for minute, (source, into) in enumerate(pairs):
        try:
            model = model.apply(merge_tickets(model, source, into, z(f"06:{minute:02}")))
        except CyclicMerger:
            assert root_of(model, into) == source
        except IllegalTransition:
            assert root_of(model, source) != source
        else:
            together = groups[source] | groups[into]
            groups |= dict.fromkeys(together, together)
    for together in groups.values():
        roots = {root_of(model, id) for id in together}
        assert len(roots) == 1
        root = replay(model, roots.pop())
        assert root is not None
        assert root.state == "new"


@pytest.mark.parametrize("end", ["cancelled", "closed"])
def test_nothing_is_merged_into_a_ticket_that_nobody_goes_on_with(end):
    over = ticket("05:00 opened", *(["05:10 resolved"] if end == "closed" else []), f"05:20 {end}", id="b")
    both = opened("a").add(over)
    with pytest.raises(IllegalTransition, match="'merged' is not possible in") as caught:
        merge_tickets(both, "a", "b", z("06:00"))
    assert (caught.value.id, caught.value.state) == ("b", end)
