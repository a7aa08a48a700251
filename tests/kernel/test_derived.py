from __future__ import annotations

import asyncio
import gc
import pickle
import threading
import weakref
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType

import pytest
from attrs import evolve

from community_ops.errors import LateRead, UnknownRecord
from community_ops.kernel import codec
from community_ops.kernel.derived import CELLS_AT_MOST, MEMO_SIZE, ROWS_AT_MOST, Memo, Reader, derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import Money
from tests.kernel.kinds import Clause, Post, Task, Team, World, world


class Counted:
    """A derived function that counts how often its body runs."""

    def __init__(self, body, *argument_names: str) -> None:
        self.runs = 0

        def call(m, *arguments):
            self.runs += 1
            return body(m, *arguments)

        names = ", ".join(["m", *argument_names])
        scope: dict = {"call": call}
        exec(f"def function({names}): return call({names})", scope)
        self.derived = derived(scope["function"])

    def __call__(self, m, *args, **kwargs):
        return self.derived(m, *args, **kwargs)


def wide(size: int) -> World:
    return World(Post(id=f"p{i}", title=str(i), team="t") for i in range(size))


def retitle(model: World, id: str) -> World:
    return model.replace(evolve(model.posts[id], title=model.posts[id].title + "!"))


# -- what is remembered, and until when -----------------------------------------------------------------------------


def test_a_result_is_computed_once_and_shared():
    titles = Counted(lambda m: frozenset(m.column(Post.title)))
    model = world()
    assert titles(model) is titles(model)
    assert titles.runs == 1
    assert len(model._memo) == 1


READS = {
    "column": lambda m: m.column(Post.boss),
    "column by name": lambda m: m.column_of("post", "boss"),
    "row": lambda m: m[Ref("post", "dev")],
    "row by get": lambda m: m.get(Ref("post", "dev")),
    "absent row": lambda m: m.get(Ref("post", "new")) or 0,
    "presence": lambda m: Ref("post", "dev") in m,
    "absence": lambda m: Ref("post", "new") in m,
    "unknown kind": lambda m: m.get(Ref("elsewhere", "x")) or 0,
    "ids": lambda m: m.ids(Post),
    "id set": lambda m: frozenset(m.id_set("post")),
    "table": lambda m: len(m.table(Post)),
    "named table": lambda m: tuple(m.posts.ids),
    "label": lambda m: m.label(Ref("post", "dev")),
    "follow": lambda m: m.follow(m[Ref("post", "dev")], "boss").id,
    "referrers": lambda m: tuple(record.id for record in m.referrers(Ref("post", "ceo"), "boss")),
    "nothing": lambda m: 5,
    "schema": lambda m: tuple(m.schema.kinds),
}

# Each edit of `world()`, with the reads that may not survive it.
EDITS = {
    "another table": (lambda m: m.add(Team(id="lab", name="Lab")), set()),
    "another column": (
        lambda m: m.replace(evolve(m.posts["ceo"], seats=9)),
        {"table", "named table"},
    ),
    "another row's column": (
        lambda m: m.replace(evolve(m.posts["coo"], boss=None)),
        {"column", "column by name", "table", "named table", "follow", "referrers"},
    ),
    "the row": (
        lambda m: m.replace(evolve(m.posts["dev"], title="Engineer")),
        {"row", "row by get", "presence", "table", "named table", "label", "follow"},
    ),
    "an addition": (
        lambda m: m.add(Post(id="new", title="N", team="hq", boss="ceo")),
        set(READS) - {"row", "row by get", "presence", "label", "unknown kind", "nothing", "schema", "follow"},
    ),
    "a removal": (
        lambda m: m.remove(Ref("post", "dev"), dangling=True),
        set(READS) - {"absent row", "absence", "unknown kind", "nothing", "schema"},
    ),
    "a rename": (
        lambda m: m.rename(Ref("post", "coo"), "chief"),
        {*READS} - {"absent row", "absence", "unknown kind", "nothing", "schema"},
    ),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("read", READS)
def test_a_result_is_used_again_unless_something_it_read_has_changed(read, edit):
    make, affected = EDITS[edit]
    function = Counted(lambda m: (READS[read](m),))
    model = world()
    function(model)
    after = make(model)
    fresh = World(after)
    try:
        expected = (READS[read](fresh),)
    except (AttributeError, UnknownRecord) as error:
        with pytest.raises(type(error)):
            function(after)
    else:
        assert function(after) == expected
    assert (function.runs == 2) is (read in affected)
    function(model)  # and the first model's own result has not been lost
    assert function.runs <= 2


def test_an_edit_and_its_undoing_give_back_the_first_result_where_objects_are_the_same():
    titles = Counted(lambda m: m.column(Post.title))
    model = world()
    first = titles(model)
    changed = retitle(model, "dev")
    assert titles(changed) != first
    assert titles(model) is first
    assert titles.runs == 2


def test_results_of_related_models_are_kept_side_by_side():
    titles = Counted(lambda m: m.column(Post.title))
    models = [world()]
    for _ in range(5):
        models.append(retitle(models[-1], "dev"))
    results = [titles(model) for model in models]
    assert [titles(model) for model in models] == results
    assert titles.runs == 6


def test_models_made_apart_share_nothing():
    titles = Counted(lambda m: m.column(Post.title))
    assert titles(world()) == titles(world())
    assert titles.runs == 2


def test_an_equal_replacement_keeps_what_columns_gave_and_not_what_rows_gave():
    by_column = Counted(lambda m: m.column(Post.title))
    by_row = Counted(lambda m: m[Ref("post", "dev")].title)
    model = world()
    by_column(model), by_row(model)
    after = model.replace(evolve(model.posts["dev"]))
    by_column(after), by_row(after)
    assert (by_column.runs, by_row.runs) == (1, 2)


def test_an_equal_number_written_otherwise_counts_as_a_change():
    shares = Counted(lambda m: tuple(map(str, m.column(Post.share))))
    model = World.of(Post(id="a", title="A", team="t", share=Decimal("1.0")))
    assert shares(model) == ("1.0",)
    assert shares(model.replace(evolve(model.posts["a"], share=Decimal("1")))) == ("1",)


def test_loaded_models_remember_alike():
    titles = Counted(lambda m: m.column(Post.title))
    row = Counted(lambda m: m[Ref("post", "dev")].title)
    model = codec.loads(codec.dumps(world()), World)
    titles(model), row(model)
    after = model.replace(evolve(model.posts["ceo"], seats=4))
    titles(after), row(after), titles(model), row(model)
    assert (titles.runs, row.runs) == (1, 1)


def test_many_rows_are_as_one_table():
    def rows(m, count: int) -> int:
        return sum(len(m[Ref("post", f"p{i}")].title) for i in range(count))

    function = Counted(rows, "count")
    model = wide(ROWS_AT_MOST + 5)
    function(model, ROWS_AT_MOST)
    function(model, ROWS_AT_MOST + 1)
    notes = {len(entries[0].notes) for entries in model._memo._entries.values()}
    assert notes == {ROWS_AT_MOST, ROWS_AT_MOST + 1}
    unread = model.replace(evolve(model.posts[f"p{ROWS_AT_MOST + 4}"], title="new"))
    function(unread, ROWS_AT_MOST)
    assert function.runs == 2
    function(unread, ROWS_AT_MOST + 1)
    assert function.runs == 3


def test_ids_are_noted_in_whatever_form_they_were_asked():
    found = Counted(lambda m: m._row("post", "cafe\u0301"))
    model = World.of(Post(id="caf\u00e9", title="A", team="t"))
    assert found(model).title == "A"
    assert found(retitle(model, "caf\u00e9")).title == "A!"


# -- nesting --------------------------------------------------------------------------------------------------------


def test_a_caller_depends_on_what_its_callees_read():
    inner = Counted(lambda m: m.column(Post.title))
    outer = Counted(lambda m: (*inner(m), len(m.ids("team"))))
    model = world()
    assert outer(model) == (*inner(model), 2)
    after = retitle(model, "dev")
    assert outer(after) == (*after.column(Post.title), 2)
    assert (inner.runs, outer.runs) == (2, 2)
    bigger = after.add(Team(id="lab", name="Lab"))
    assert outer(bigger)[-1] == 3
    assert (inner.runs, outer.runs) == (2, 3)


def test_a_caller_depends_on_what_a_remembered_callee_read_earlier():
    inner = Counted(lambda m: m.column(Post.title))
    outer = Counted(inner)
    model = world()
    inner(model)  # remembered before the caller comes
    outer(model)
    assert inner.runs == 1
    assert outer(retitle(model, "dev"))[-1] == "Developer!"


def test_a_caller_depends_on_the_absence_that_a_remembered_callee_saw():
    inner = Counted(lambda m: m.get(Ref("post", "new")) is None)
    outer = Counted(inner)
    model = world()
    assert inner(model)
    assert outer(model)
    assert not outer(model.add(Post(id="new", title="N", team="hq")))


def test_nesting_may_be_deep():
    @derived
    def level(m, n: int) -> int:
        return len(m.ids("post")) if n == 0 else level(m, n - 1)

    model = world()
    assert level(model, 100) == 3
    assert level(model.add(Post(id="x", title="X", team="t")), 100) == 4


def test_rows_and_tables_of_a_callee_count_too():
    inner = Counted(lambda m: m[Ref("post", "dev")].title + str(len(m.tasks)))
    outer = Counted(inner)
    model = world()
    outer(model)
    assert outer(retitle(model, "dev")) == "Developer!2"
    assert outer(model.add(Task(id="x"))) == "Developer3"


# -- exceptions -----------------------------------------------------------------------------------------------------


def test_exceptions_are_not_remembered():
    def fail(m):
        m.column(Post.title)
        raise ValueError("no")

    function = Counted(fail)
    model = world()
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            function(model)
    assert function.runs == 2
    assert len(model._memo) == 0


def test_what_was_read_before_an_exception_counts_for_the_caller():
    def chief(m):
        if m[Ref("post", "ceo")].title == "Chief":
            raise ValueError("there is one")
        return m[Ref("post", "ceo")].title

    inner = Counted(chief)

    def describe(m):
        try:
            return inner(m)
        except ValueError as error:
            return str(error)

    outer = Counted(describe)
    model = world()
    assert outer(model) == "there is one"
    assert outer(model) == "there is one"
    assert (inner.runs, outer.runs) == (1, 1)
    assert outer(retitle(model, "ceo")) == "Chief!"


# -- what cannot be derived -----------------------------------------------------------------------------------------


def test_a_lazy_function_is_refused_when_it_is_declared():
    def generator(m):
        yield m.column(Post.title)

    async def coroutine(m):
        return m.column(Post.title)

    async def asynchronous_generator(m):
        yield m.column(Post.title)

    for function in (generator, coroutine, asynchronous_generator):
        with pytest.raises(TypeError, match="is lazy"):
            derived(function)


def test_any_number_of_arguments_is_refused_when_it_is_declared():
    for function in (lambda m, *rest: 1, lambda m, **named: 1):
        with pytest.raises(TypeError, match="any number of arguments"):
            derived(function)


@pytest.mark.parametrize(
    "value",
    [[], {}, set(), bytearray(), deque(), iter(()), (x for x in ()), map(str, ()), zip((), strict=True)],
    ids=lambda v: type(v).__name__,
)
def test_a_mutable_or_lazy_result_is_refused(value):
    model = world()
    function = Counted(lambda m: value)
    with pytest.raises(TypeError, match=f"returned a {type(value).__name__}"):
        function(model)
    assert len(model._memo) == 0


@pytest.mark.parametrize("value", [(), "x", 5, None, frozenset(), MappingProxyType({}), Money(1, "EUR"), range(3)])
def test_immutable_results_are_fine(value):
    function = Counted(lambda m: value)
    model = world()
    assert function(model) is function(model) is value
    assert function.runs == 1


def test_reading_after_the_function_has_returned_is_an_error():
    kept = []

    @derived
    def leak(m) -> int:
        kept.append(m)
        return 1

    model = world()
    leak(model)
    titles = Counted(lambda m: m.column(Post.title))
    titles(model)
    (m,) = kept
    for read in (
        lambda: m.column(Post.title),
        lambda: m.ids("post"),
        lambda: m.id_set("post"),
        lambda: m[Ref("post", "ceo")],
        lambda: m.get(Ref("post", "new")),
        lambda: m.posts,
        lambda: m.table(Post),
        lambda: m.referrers(Ref("post", "ceo")),
        lambda: titles(m),
    ):
        with pytest.raises(LateRead, match="after it had returned"):
            read()


def test_a_result_that_reads_late_is_found_out():
    @derived
    def lazy(m):
        return lambda: m.column(Post.title)

    with pytest.raises(LateRead):
        lazy(world())()


def test_a_late_call_of_another_derived_function_is_not_remembered():
    kept = []

    @derived
    def leak(m) -> int:
        kept.append(m)
        return 1

    titles = Counted(lambda m: m.column(Post.title))
    model = world()
    leak(model)
    with pytest.raises(LateRead):
        titles(kept[0])
    assert len(model._memo) == 1


# -- arguments ------------------------------------------------------------------------------------------------------


LIKE = [
    *[1, True, 1.0, Decimal(1), Decimal("1.0"), "1", b"1", (1,), (True,), (1.0,), ((1,),), ((True,),)],
    *[frozenset({1}), frozenset({True}), 0, False, 0.0, -0.0, None, "", (), ((),), Ref("a", "b"), date(2026, 1, 1)],
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8))),
    *[
        Money(1, "EUR"),
        Money("1.0", "EUR"),
        Clause("x", weight=1),
        Clause("x", weight="1.0"),
        int,
        (int, 1),
        float("inf"),
    ],
]


def test_arguments_that_are_equal_but_not_the_same_are_told_apart():
    echo = Counted(lambda m, x: (x,), "x")
    model = world()
    for value in LIKE:
        (given,) = echo(model, value)
        assert given is value
    for value in LIKE:
        assert repr(echo(model, value)) == repr((value,))
    assert echo.runs == len(LIKE)


def test_equal_arguments_share_a_result():
    echo = Counted(lambda m, x: (x,), "x")
    model = world()
    for make in (lambda: (1, ("a", date(2026, 1, 1))), lambda: Ref("post", "a"), lambda: Decimal("1.50")):
        assert echo(model, make()) is echo(model, make())


def test_arguments_may_be_given_by_place_by_name_or_by_default():
    calls = []

    @derived
    def function(m, a, b=2, *, c=3):
        calls.append((a, b, c))
        return (a, b, c)

    model = world()
    spellings = [
        function(model, 1),
        function(model, a=1),
        function(model, 1, 2),
        function(model, 1, b=2),
        function(model, b=2, a=1, c=3),
        function(model, 1, 2, c=3),
    ]
    assert all(result is spellings[0] for result in spellings)
    assert calls == [(1, 2, 3)]
    assert function(model, 1, c=4) == (1, 2, 4)


def test_only_keywords_may_be_asked_for():
    @derived
    def function(m, *, at):
        return at

    assert function(world(), at=5) == 5
    with pytest.raises(TypeError, match=r"function\(\) takes at"):
        function(world(), 5)


@pytest.mark.parametrize(
    ("args", "kwargs", "complaint"),
    [
        ((), {}, "needs a"),
        ((), {"b": 1}, "needs a"),
        ((1, 2, 3), {}, "takes a, b, c"),
        ((1,), {"a": 1}, "takes a, b, c"),
        ((1,), {"z": 1}, "takes a, b, c"),
    ],
)
def test_wrong_arguments_are_named(args, kwargs, complaint):
    @derived
    def function(m, a, b=2, *, c=3):
        return 1

    with pytest.raises(TypeError, match=complaint):
        function(world(), *args, **kwargs)


def test_a_function_without_arguments_takes_none():
    @derived
    def function(m):
        return 1

    with pytest.raises(TypeError, match="takes no arguments"):
        function(world(), 5)


def test_arguments_are_hashable():
    @derived
    def function(m, a):
        return 1

    with pytest.raises(TypeError, match="unhashable"):
        function(world(), [1])


# -- the function itself --------------------------------------------------------------------------------------------


@derived
def documented(m, a: int = 1) -> int:
    """Say something."""
    return len(m.ids("post")) + a


def test_a_derived_function_looks_like_the_function():
    assert (documented.__name__, documented.__doc__) == ("documented", "Say something.")
    assert documented.__wrapped__ is documented.function
    assert documented.function(world(), 2) == 5


def test_a_derived_function_is_pickled_by_name():
    assert pickle.loads(pickle.dumps(documented)) is documented


# -- the reader -----------------------------------------------------------------------------------------------------


def test_a_reader_has_the_models_tables_and_nothing_else():
    names = {}

    @derived
    def look(m) -> int:
        names["posts"] = m.posts.ids
        names["isreader"] = isinstance(m, Reader)
        for missing in ("post", "_tables", "_tasks", "elsewhere", "graph"):
            with pytest.raises(AttributeError):
                getattr(m, missing)
        with pytest.raises(LookupError):
            m.column_of("post", "sets")
        with pytest.raises(LookupError):
            m.ids("elsewhere")
        return 1

    look(world())
    assert names == {"posts": ("ceo", "coo", "dev"), "isreader": True}


# -- threads --------------------------------------------------------------------------------------------------------


def test_reads_of_a_pool_inside_a_function_count():
    def body(m) -> int:
        with ThreadPoolExecutor(4) as pool:
            return sum(pool.map(lambda id: len(m[Ref("post", id)].title), m.ids("post")))

    function = Counted(body)
    model = world()
    first = function(model)
    assert function(model.add(Team(id="x", name="X"))) == first
    assert function.runs == 1
    for id in model.posts.ids:
        assert function(retitle(model, id)) == first + 1
    assert function.runs == 4


def test_derived_calls_of_a_pool_inside_a_function_count():
    title = Counted(lambda m, id: m[Ref("post", id)].title, "id")

    def body(m) -> str:
        with ThreadPoolExecutor(4) as pool:
            return ",".join(pool.map(lambda id: title(m, id), m.ids("post")))

    function = Counted(body)
    model = world()
    function(model)
    assert function(retitle(model, "coo")) == "Chief,Operations chief!,Developer"
    assert title.runs == 4


def test_a_thread_that_outlives_its_function_is_told():
    returned, outcome = threading.Event(), []

    def late(m) -> None:
        returned.wait(10)
        try:
            m.column(Post.title)
        except LateRead as error:
            outcome.append(error)

    @derived
    def function(m) -> int:
        thread = threading.Thread(target=late, args=(m,))
        thread.start()
        outcome.append(thread)
        return 1

    function(world())
    returned.set()
    outcome[0].join(10)
    assert isinstance(outcome[1], LateRead)


def test_reads_of_tasks_in_an_event_loop_count():
    def body(m) -> int:
        async def one(id: str) -> int:
            await asyncio.sleep(0)
            return len(m[Ref("post", id)].title)

        async def all_of_them() -> int:
            return sum(await asyncio.gather(*(one(id) for id in m.ids("post"))))

        return asyncio.run(all_of_them())

    function = Counted(body)
    model = world()
    assert function(retitle(model, "dev")) == function(model) + 1


def test_many_threads_agree_on_models_that_are_edited_meanwhile():
    @derived
    def longest(m) -> int:
        return max(map(len, m.column(Post.title)))

    @derived
    def summary(m, team: str) -> tuple:
        return longest(m), sum(1 for t in m.column(Post.team) if t == team), Ref("post", "new") in m

    def expected(model: World, team: str) -> tuple:
        titles = [post.title for post in model.posts]
        return max(map(len, titles)), sum(p.team == team for p in model.posts), "new" in model.posts

    base = wide(30)

    def work(seed: int) -> bool:
        model = base
        for step in range(40):
            id = f"p{(seed * 7 + step) % 30}"
            if step % 3 == 0:
                model = retitle(model, id)
            elif step % 3 == 1:
                model = model.replace(evolve(model.posts[id], team=f"t{step % 2}"))
            else:
                model = model.put(Post(id="new", title="x" * step, team="t"))
            for team in ("t", "t1"):
                if summary(model, team) != expected(model, team):
                    return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(work, range(6)))


# -- memory ---------------------------------------------------------------------------------------------------------


class Big:
    """A value whose end can be seen."""


def test_a_result_goes_with_the_last_model_that_holds_what_it_read():
    function = Counted(lambda m: m.column(Post.title) and Big())
    base = world()
    edited = retitle(base, "dev")
    base_value, edited_value = weakref.ref(function(base)), weakref.ref(function(edited))
    assert len(base._memo) == 2
    del edited
    gc.collect()
    assert edited_value() is None
    assert base_value() is function(base)
    assert len(base._memo) == 1


def test_results_of_rows_and_tables_go_too():
    by_row = Counted(lambda m: m[Ref("post", "dev")] and Big())
    by_table = Counted(lambda m: m.posts and Big())
    base = world()
    edited = retitle(base, "dev")
    values = [weakref.ref(by_row(edited)), weakref.ref(by_table(edited))]
    del edited
    gc.collect()
    assert [value() for value in values] == [None, None]
    assert len(base._memo) == 0


def test_a_result_stays_while_any_model_holds_all_it_read():
    function = Counted(lambda m: m.column(Post.title) and Big())
    base = world()
    function(base)
    cousin = base.add(Team(id="lab", name="Lab"))
    del base
    gc.collect()
    function(cousin)
    assert function.runs == 1


def test_a_memo_goes_with_its_last_model():
    function = Counted(lambda m: m.column(Post.title) and Big())
    model = world()
    value, memo = weakref.ref(function(model)), weakref.ref(model._memo)
    del model
    gc.collect()
    assert value() is None
    assert memo() is None


def test_what_a_dead_model_read_proves_nothing_for_one_without_it():
    function = Counted(lambda m: getattr(m.get(Ref("post", "new")), "title", "nobody"))
    base = world()
    with_new = base.add(Post(id="new", title="N", team="hq"))
    assert function(with_new) == "N"
    entry = next(iter(base._memo._entries.values()))[0]
    del with_new
    gc.collect()
    # The moment between the death of an input and the memo's hearing of it, which another thread may see.
    entry.alive = True
    assert not entry.holds_for(base)
    assert function(base) == "nobody"


def test_memory_follows_the_models_alive_and_not_the_edits_made():
    function = Counted(lambda m: m.column(Post.title) and Big())
    row = Counted(lambda m, id: m[Ref("post", id)] and Big(), "id")
    model = wide(50)
    longest = 0
    for step in range(500):
        model = retitle(model, f"p{step % 50}")
        function(model)
        row(model, f"p{step % 50}")
        longest = max(longest, model._memo._count)
    gc.collect()
    assert len(model._memo) <= 51
    assert longest <= 60


def test_the_memo_is_bounded_and_forgets_what_was_used_longest_ago():
    echo = Counted(lambda m, x: (x,), "x")
    model = world()
    model._memo = Memo(8)
    for x in range(8):
        echo(model, x)
    echo(model, 0)  # used again
    echo(model, 8)  # one too many: a quarter goes
    assert len(model._memo) == 7
    assert echo.runs == 9
    echo(model, 0)
    assert echo.runs == 9
    echo(model, 1)
    assert echo.runs == 10
    for x in range(1000):
        echo(model, x)
    assert len(model._memo) <= 8
    assert MEMO_SIZE >= 1000


def test_what_died_and_was_forgotten_is_counted_once():
    echo = Counted(lambda m, x: m.column(Post.title) and Big(), "x")
    base = world()
    base._memo = Memo(4)
    edited = retitle(base, "dev")
    for x in range(4):
        echo(edited, x)
    del edited
    gc.collect()
    assert len(base._memo) == 0
    for x in range(20):
        echo(base, x)
    assert len(base._memo) == base._memo._count <= 4


def test_the_dead_are_buried_even_after_they_were_forgotten():
    memo = Memo(2)
    echo = Counted(lambda m, x: m.column(Post.title) and Big(), "x")
    base = world()
    base._memo = memo
    edited = retitle(base, "dev")
    echo(edited, 1)
    entry = next(iter(memo._entries.values()))[0]
    memo._forget(entry)
    memo._gone(entry)
    echo(base, 1)
    assert len(memo) == memo._count == 1


def test_two_computations_at_once_are_both_kept_and_both_right():
    together = threading.Barrier(2, timeout=10)

    def body(m):
        together.wait()
        return m.column(Post.title)

    function = Counted(body)
    model = world()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: function(model), range(2)))
    assert results[0] == results[1]
    assert function.runs == 2
    assert function(model) == results[0]


# -- early cutoff ---------------------------------------------------------------------------------------------------


def cut(body, *names: str) -> Counted:
    """A counted function with a cutoff."""
    counted = Counted(body, *names)
    counted.derived = derived(cutoff=True)(counted.derived.function)
    return counted


def test_what_reads_a_value_that_comes_out_equal_is_kept():
    tops = cut(lambda m: tuple(id for id, boss in zip(m.ids(Post), m.column(Post.boss), strict=True) if boss is None))
    shouted = Counted(lambda m: tuple(id.upper() for id in tops(m)))
    model = world()
    before = shouted(model)
    moved = model.replace(evolve(model.posts["dev"], boss="ceo"))
    assert shouted(moved) is before
    assert (tops.runs, shouted.runs) == (2, 1)
    freed = model.replace(evolve(model.posts["dev"], boss=None))
    assert shouted(freed) == (*before, "DEV")
    assert (tops.runs, shouted.runs) == (3, 2)


def test_a_value_that_comes_out_equal_is_the_same_object():
    titles = cut(lambda m: tuple(len(title) for title in m.column(Post.title)))
    model = world()
    before = titles(model)
    assert titles(model.replace(evolve(model.posts["ceo"], title="X" * len(model.posts["ceo"].title)))) is before


def test_equal_is_not_enough_where_a_value_reads_otherwise():
    seats = cut(lambda m: {"one": True}.get(m.posts["dev"].title, 1))
    told = Counted(lambda m: repr(seats(m)))
    model = world()
    assert told(model) == "1"
    assert told(model.replace(evolve(model.posts["dev"], title="one"))) == "True"


def test_a_cutoff_holds_after_the_model_before_is_gone():
    tops = cut(lambda m: tuple(id for id, boss in zip(m.ids(Post), m.column(Post.boss), strict=True) if boss is None))
    shouted = Counted(lambda m: (tops(m), len(m.ids(Post))))
    model = world()
    shouted(model)
    for _ in range(3):
        model = model.replace(evolve(model.posts["dev"], boss="ceo" if model.posts["dev"].boss == "coo" else "coo"))
        gc.collect()
        shouted(model)
    assert (tops.runs, shouted.runs) == (4, 1)


def test_cutoffs_nest():
    first = cut(lambda m: tuple(m.column(Post.boss)))
    second = cut(lambda m: len([boss for boss in first(m) if boss is not None]))
    third = Counted(lambda m: second(m) * 10)
    model = world()
    third(model)
    assert third(model.replace(evolve(model.posts["dev"], boss="ceo"))) == third(model)
    assert (first.runs, second.runs, third.runs) == (2, 2, 1)


def test_a_caller_without_a_cutoff_hands_the_value_on():
    tops = cut(lambda m: sum(boss is None for boss in m.column(Post.boss)))
    middle = Counted(lambda m: tops(m) + 1)
    outer = Counted(lambda m: middle(m) + 1)
    model = world()
    again = Counted(lambda m: middle(m) + 2)  # reads `middle` when it is remembered already
    assert (outer(model), again(model)) == (3, 4)
    moved = model.replace(evolve(model.posts["dev"], boss="ceo"))
    assert (outer(moved), again(moved)) == (3, 4)
    assert (middle.runs, outer.runs, again.runs) == (1, 1, 1)
    freed = model.replace(evolve(model.posts["dev"], boss=None))
    assert (outer(freed), again(freed)) == (4, 5)


def test_a_failure_behind_a_cutoff_comes_to_the_caller():
    def only_top(m):
        (top,) = [id for id, boss in zip(m.ids(Post), m.column(Post.boss), strict=True) if boss is None]
        return top

    top = cut(only_top)
    shouted = Counted(lambda m: top(m).upper())
    model = world()
    assert shouted(model) == "CEO"
    freed = model.replace(evolve(model.posts["dev"], boss=None))
    with pytest.raises(ValueError, match="too many values"):
        shouted(freed)
    assert shouted(freed.replace(evolve(freed.posts["dev"], boss="ceo"))) == "CEO"


def test_arguments_have_cells_of_their_own():
    below = cut(lambda m, boss: sum(other == boss for other in m.column(Post.boss)), "boss")
    both = Counted(lambda m: (below(m, "ceo"), below(m, "coo")))
    model = world()
    assert both(model) == (1, 1)
    assert both(model.replace(evolve(model.posts["dev"], boss="ceo"))) == (2, 0)


def test_cells_are_bounded():
    below = cut(lambda m, number: (number, len(m.ids(Post))), "number")
    model = world()
    for number in range(CELLS_AT_MOST + 10):
        below(model, number)
    assert len(model._memo._cells) == CELLS_AT_MOST
    assert below(model, 0) == (0, 3)


def test_a_value_behind_a_cutoff_goes_with_the_memo():
    held = cut(lambda m: frozenset(m.column(Post.title)))
    model = world()
    gone = weakref.ref(held(model))
    del model
    gc.collect()
    assert gone() is None


def test_results_of_one_input_may_take_one_another_along():
    class Heavy:
        pass

    def heavy(m):
        m.column(Post.title)
        made = Heavy()
        weakref.finalize(made, entries.clear)
        return made

    model = world()
    memo, entries = model._memo, model._memo._entries
    for _ in range(3):
        derived(heavy)(model)
    edited = retitle(model, "dev")
    del model
    gc.collect()
    assert len(memo) == 0
    assert edited._memo is memo
