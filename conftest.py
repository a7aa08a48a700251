"""Turns every example in docstrings and Markdown pages into tests, and sets how hard Hypothesis searches."""

from __future__ import annotations

import contextlib
import doctest
import os
from functools import wraps
from typing import TYPE_CHECKING, Any

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings
from sybil import Document, Example, Sybil
from sybil.document import PythonDocStringDocument
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from sybil.typing import Evaluator, Parser

# --- Hypothesis: dev explores anew on each run, ci repeats itself, thorough is for the night ----------------

# A busy machine is no failing property.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("dev", _patient, max_examples=50)
settings.register_profile("ci", _patient, max_examples=100, derandomize=True, database=None)
settings.register_profile("thorough", _patient, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

# --- coverage -----------------------------------------------------------------------------------------------

# Before Python 3.14, watching every line makes a test three times as slow. What a property reaches it mostly reaches
# at once, so only its first examples are watched; the others are run like them, and so is a test marked `unwatched`.
# Coverage can only come out lower for it, never higher.
_WATCHED_EXAMPLES = 20


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Measure the coverage of a property's first examples only, and of what is marked `unwatched` not at all."""
    paused: list[Coverage] = []
    handle: Any = getattr(getattr(item, "obj", None), "hypothesis", None)
    whole: Callable[..., Any] | None = getattr(handle, "inner_test", None)
    if item.get_closest_marker("unwatched") is not None:
        _pause(paused)
    elif whole is not None:
        handle.inner_test = _watched_at_first(whole, paused)
    try:
        return (yield)
    finally:
        if whole is not None:
            handle.inner_test = whole
        for measuring in reversed(paused):
            measuring.start()


def _pause(paused: list[Coverage]) -> None:
    """Stop all that measures: in a worker of xdist one stands behind another, and would take its place."""
    while (measuring := Coverage.current()) is not None:
        measuring.stop()
        paused.append(measuring)


def _watched_at_first(test: Callable[..., Any], paused: list[Coverage]) -> Callable[..., Any]:
    seen = 0

    @wraps(test)
    def inner(*args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == _WATCHED_EXAMPLES + 1:
            _pause(paused)
        return test(*args, **kwargs)

    return inner


# --- examples ---------------------------------------------------------------------------------------------


class SelfContainedDocstrings(PythonDocStringDocument):
    """A module whose docstrings each start from the module's own names, as `doctest` has it.

    Sybil finds docstrings in the source, so it also sees those on functions that a decorator replaced by an
    object of its own; but it lets one docstring use what another defined, which a reader cannot.
    """

    @classmethod
    def parse(cls, path: str, *parsers: Parser, encoding: str = "utf-8") -> Document:
        """Read the docstrings of a source file and mark the first example of each."""
        document = super().parse(path, *parsers, encoding=encoding)
        starts = sorted(start for start, _, _ in cls.extract_docstrings(document.text))
        seen = 0
        for position, region in document.regions:
            begun = sum(start <= position for start in starts)
            if begun > seen and region.evaluator is not None:
                region.evaluator = _from_fresh_names(region.evaluator)
            seen = begun
        return document

    def import_document(self, example: Example) -> None:
        """Import the module on its first example and keep its names for the other docstrings."""
        try:
            super().import_document(example)
        finally:
            self.module_names: dict[str, Any] = dict(self.namespace)


def _from_fresh_names(evaluator: Evaluator) -> Evaluator:
    def evaluate(example: Example) -> str | None:
        assert isinstance(example.document, SelfContainedDocstrings)
        example.namespace.clear()
        example.namespace.update(example.document.module_names)
        return evaluator(example)

    return evaluate


@pytest.fixture(scope="module")
def scratch_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the examples of one page write files, and read them again, outside the checkout."""
    with contextlib.chdir(tmp_path_factory.mktemp("examples")):
        yield


_docstrings = Sybil(
    parsers=[DocTestParser(optionflags=doctest.ELLIPSIS)],
    path="src",
    pattern="*.py",
    document_types={".py": SelfContainedDocstrings},
    fixtures=["scratch_directory"],
)
# Only ```python blocks run: statement by statement where they open with >>>, else whole.
_page_parsers: list[Parser] = [PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS), SkipParser()]
_top = Sybil(parsers=_page_parsers, filenames=["README.md", "CONTRIBUTING.md"], fixtures=["scratch_directory"])
_docs = Sybil(parsers=_page_parsers, path="docs", pattern="*.md", fixtures=["scratch_directory"])
pytest_collect_file = SybilCollection((_docstrings, _top, _docs)).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Show a failing example from its own page on; Sybil's own filter stops the run on a short traceback."""
    for item in items:
        if isinstance(item, SybilItem):
            setattr(item, "_traceback_filter", _from_own_page(item))  # noqa: B010  typed as a method


def _from_own_page(item: SybilItem) -> Callable[[pytest.ExceptionInfo[BaseException]], Any]:
    return lambda excinfo: excinfo.traceback.cut(path=item.path)
