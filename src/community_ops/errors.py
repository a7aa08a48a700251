"""Everything the library raises: one root, `CommunityOpsError`, and structured attributes on each error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from community_ops.kernel.provenance import Location
    from community_ops.kernel.ref import Ref


def _rebuild(cls: type[CommunityOpsError], message: str, state: dict[str, Any]) -> CommunityOpsError:
    error = cls.__new__(cls, message)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


def _printable(text: str) -> str:
    # Keys of a document end up in messages, and messages on terminals and in logs.
    return text if text.isprintable() else "".join([c if c.isprintable() else ascii(c)[1:-1] for c in text])


class CommunityOpsError(Exception):
    """The root of every error this library raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Subclasses take keyword arguments; the default protocol would replay only the message.
        return _rebuild, (type(self), str(self), dict(self.__dict__))


class Problem(tuple[str, str, str]):
    """One thing wrong with a document: a stable `code`, a JSON `pointer`, and a `message`.

    Attributes:
        location: the file, line and column it stands at; None where the document has no name. Not compared.

    Example:
        >>> Problem("wrong-type", "/units/0/name", "must be text").pointer
        '/units/0/name'
    """

    location: Location | None

    def __new__(cls, code: str, pointer: str, message: str, location: Location | None = None) -> Problem:
        """Make a problem from its three texts, and say where it stands."""
        problem = super().__new__(cls, (code, pointer, message))
        problem.location = location
        return problem

    def __getnewargs__(self) -> tuple[str, str, str]:
        return (self[0], self[1], self[2])

    @property
    def code(self) -> str:
        """The stable code, such as `"wrong-type"`."""
        return self[0]

    @property
    def pointer(self) -> str:
        """The JSON pointer (RFC 6901) of the offending value; `""` is the whole document."""
        return self[1]

    @property
    def message(self) -> str:
        """What is wrong, as a sentence."""
        return self[2]

    def at(self, location: Location) -> Problem:
        """Return the same problem, standing at a place."""
        return Problem(self.code, self.pointer, self.message, location)

    def __str__(self) -> str:
        where = "" if self.location is None else f"{self.location}: "
        return _printable(f"{where}{self.pointer or '(document)'}: {self.message} [{self.code}]")


class InvalidSchema(CommunityOpsError, TypeError):
    """A declaration of a record kind, a relation or a rule makes no sense."""


class NotInSchema(CommunityOpsError, LookupError):
    """A kind was asked for that the model's schema does not have, or a field of such a kind."""


class InvalidRecord(CommunityOpsError, ValueError):
    """A record or value was given something that has no meaning.

    Attributes:
        kind: the kind's name, such as `"position"`, or the value's class name.
        id: the record's id, or None for a value.
        field: the first offending field.
        value: what it was given.
        problems: every offending field as `(field, value, message)`.
    """

    def __init__(self, kind: str, id: str | None, problems: Iterable[tuple[str, Any, str]]) -> None:
        """Describe every offending field of one record."""
        self.kind = kind
        self.id = id
        self.problems: tuple[tuple[str, Any, str], ...] = tuple(problems)
        self.field: str = self.problems[0][0]
        self.value: Any = self.problems[0][1]
        subject = kind if id is None else f"{kind} {id if len(id) <= 200 else id[:200] + '...'!r}"
        complaints = "; ".join(f"{name} {text}" for name, _, text in self.problems[:20])
        more = f"; and {len(self.problems) - 20} more" if len(self.problems) > 20 else ""
        super().__init__(_printable(f"{subject}: {complaints}{more}"))


class InvalidDocument(CommunityOpsError, ValueError):
    """A document cannot be read; `problems` lists all that is wrong with it, table by table."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Collect the problems of one document."""
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.code: str = self.problems[0].code
        self.pointer: str = self.problems[0].pointer
        shown = "\n".join(f"  {problem}" for problem in self.problems[:20])
        more = f"\n  ... and {len(self.problems) - 20} more" if len(self.problems) > 20 else ""
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__(f"the document has {count}:\n{shown}{more}")


class UnknownRecord(CommunityOpsError, LookupError):
    """Nothing in the model has this kind and id."""

    def __init__(self, kind: str, id: str) -> None:
        """Name the kind and id that were looked for."""
        self.kind = kind
        self.id = id
        super().__init__(f"no {kind} has the id {id!r}")


class DuplicateRecord(CommunityOpsError, ValueError):
    """Two records of one kind carry the same id."""

    def __init__(self, kind: str, id: str) -> None:
        """Name the kind and the id given twice."""
        self.kind = kind
        self.id = id
        super().__init__(f"there is already a {kind} with the id {id!r}")


class IdClash(DuplicateRecord):
    """Two models cannot become one, because both use the same ids.

    Attributes:
        clashes: each as `(ref, fields)`; `fields` names those in which the two records differ.
    """

    def __init__(self, clashes: Iterable[tuple[Ref, tuple[str, ...]]]) -> None:
        """Collect every id that both models use."""
        self.clashes: tuple[tuple[Ref, tuple[str, ...]], ...] = tuple(clashes)
        ref, _ = self.clashes[0]
        self.kind: str = ref.kind
        self.id: str = ref.id
        shown = [f"{ref} ({_differ(fields)})" for ref, fields in self.clashes[:10]]
        more = f", and {len(self.clashes) - 10} more" if len(self.clashes) > 10 else ""
        CommunityOpsError.__init__(self, f"both models have {', '.join(shown)}{more}")


def _differ(fields: tuple[str, ...]) -> str:
    return f"they differ in {', '.join(fields)}" if fields else "they are the same"


class StillReferenced(CommunityOpsError, ValueError):
    """A record cannot be removed while others point at it.

    Attributes:
        ref: the record that was to go.
        referrers: the records that point at it.
    """

    def __init__(self, ref: Ref, referrers: Iterable[Ref]) -> None:
        """Name the record and those pointing at it."""
        self.ref = ref
        self.kind: str = ref.kind
        self.id: str = ref.id
        self.referrers: tuple[Ref, ...] = tuple(referrers)
        shown = ", ".join(map(str, self.referrers[:5])) + (", ..." if len(self.referrers) > 5 else "")
        super().__init__(f"{ref} is still referenced by {shown}")


class Conflict(CommunityOpsError, ValueError):
    """A change set does not fit the model: what it expects to find is not what is there.

    Attributes:
        conflicts: each as `(ref, fields, message)`; `fields` is empty where the whole record is meant.
    """

    def __init__(self, conflicts: Iterable[tuple[Ref, tuple[str, ...], str]]) -> None:
        """Collect every place where the change set does not fit."""
        self.conflicts: tuple[tuple[Ref, tuple[str, ...], str], ...] = tuple(conflicts)
        ref, fields, _ = self.conflicts[0]
        self.kind: str = ref.kind
        self.id: str = ref.id
        self.fields: tuple[str, ...] = fields
        super().__init__("the changes do not fit: " + "; ".join(f"{r}: {text}" for r, _, text in self.conflicts[:10]))


class IllegalTransition(CommunityOpsError, ValueError):
    """Something happened that is not possible in the state it happened in.

    Attributes:
        kind: what goes through the states, such as `"ticket"`.
        id: its id; None where that is not known.
        state: the state; None before anything had happened.
        event: what happened.
        place: of the event in its log, counted from 0; None where there is no log.
        reason: why it is not possible, to be read after "... is not possible in ...".
    """

    def __init__(
        self, kind: str, id: str | None, state: str | None, event: str, place: int | None, reason: str
    ) -> None:
        """Name what it happened to, the state, the event and its place, and say why that is not possible."""
        self.kind = kind
        self.id = id
        self.state = state
        self.event = event
        self.place = place
        self.reason = reason
        subject = kind if id is None else f"{kind} {id!r}"
        where = "" if place is None else f" at events[{place}]"
        when = "at the start" if state is None else f"in {state!r}"
        super().__init__(_printable(f"{subject}: {event!r}{where} is not possible {when}, {reason}"))


class CyclicNetwork(CommunityOpsError, ValueError):
    """Tasks depend on each other in a circle, so that none of them can ever start.

    Attributes:
        cycle: the tasks on it, by number in a bare network and by id in a plan: each comes before the next, and the
            last before the first.
    """

    def __init__(self, cycle: Iterable[int] | Iterable[str]) -> None:
        """Name the tasks of one cycle, in the direction of the links."""
        self.cycle: tuple[int | str, ...] = tuple(cycle)
        shown = [str(task) for task in self.cycle[:20]]
        if len(self.cycle) > 20:
            shown.append(f"... {len(self.cycle) - 20} more ...")
        super().__init__(f"tasks depend on each other in a circle: {' -> '.join([*shown, *shown[:1]])}")


class CyclicMerger(CommunityOpsError, ValueError):
    """Tickets are merged into each other in a circle, so that none of them goes on.

    Attributes:
        tickets: the tickets on it: each is merged into the next, and the last into the first.
    """

    def __init__(self, tickets: Iterable[str]) -> None:
        """Name the tickets of one circle, in the direction of the mergers."""
        self.tickets: tuple[str, ...] = tuple(tickets)
        shown = list(self.tickets[:20])
        if len(self.tickets) > 20:
            shown.append(f"... {len(self.tickets) - 20} more ...")
        super().__init__(_printable(f"tickets are merged in a circle: {' -> '.join([*shown, *shown[:1]])}"))


class NoBaseline(CommunityOpsError, LookupError):
    """A plan has no baseline in force at an instant, so that nothing can be measured against it."""

    def __init__(self, plan: str, at: object) -> None:
        """Name the plan and the instant."""
        self.plan = plan
        self.at = at
        super().__init__(_printable(f"plan {plan!r} has no baseline in force at {at}; take_baseline makes one"))


class MixedCurrencies(CommunityOpsError, ValueError):
    """Amounts that are to be added up are in several currencies.

    Attributes:
        subject: what they belong to.
        currencies: the currencies.
    """

    def __init__(self, subject: str, currencies: Iterable[str]) -> None:
        """Name what the amounts belong to, and the currencies."""
        self.subject = subject
        self.currencies: tuple[str, ...] = tuple(currencies)
        super().__init__(_printable(f"{subject} has amounts in {' and '.join(self.currencies)}: convert first"))


class LateRead(CommunityOpsError, RuntimeError):
    """A derived function read the model after it had returned; its result would go stale unnoticed."""


class MissingExtra(CommunityOpsError, ImportError):
    """A feature needs a package that is not installed; the message names the extra that brings it."""

    def __init__(self, package: str, extra: str) -> None:
        """Name the missing package and the extra that installs it."""
        self.package = package
        self.extra = extra
        super().__init__(f"{package} is not installed; install it with: pip install 'community-ops[{extra}]'")


class UnknownExtension(CommunityOpsError, LookupError):
    """No installed distribution offers an extension of this name.

    Attributes:
        name: what was asked for.
        available: the names that there are.
    """

    def __init__(self, name: str, available: Iterable[str]) -> None:
        """Name what was asked for and what there is."""
        self.name = name
        self.available: tuple[str, ...] = tuple(available)
        there = f"there are {', '.join(self.available)}" if self.available else "none is installed"
        super().__init__(_printable(f"there is no extension {name!r}; {there}"))


class InvalidExtension(CommunityOpsError):
    """An installed extension cannot be used: it does not load, is not what it says it is, or clashes with another.

    Attributes:
        extensions: the entry points concerned, in words that name distribution and version.
        reason: what is the matter.
    """

    def __init__(self, extensions: Iterable[str], reason: str) -> None:
        """Name the entry points and what is the matter."""
        self.extensions: tuple[str, ...] = tuple(extensions)
        self.reason = reason
        super().__init__(_printable(f"{' and '.join(self.extensions)}: {reason}"))


class NoWorkTime(CommunityOpsError, ValueError):
    """Calendars are not open long enough, before or after an instant, for the work that was asked for.

    Attributes:
        calendars: their ids.
    """

    def __init__(self, calendars: Iterable[str], direction: str) -> None:
        """Name the calendars and the direction that was looked in: `"before"` or `"after"`."""
        self.calendars: tuple[str, ...] = tuple(calendars)
        named = " and ".join(map(repr, self.calendars))
        shared = "have no time in common" if len(self.calendars) > 1 else "is not open"
        super().__init__(_printable(f"calendar {named} {shared} for that long {direction} the start"))


class NotAnInstant(CommunityOpsError, TypeError, ValueError):
    """A date, or a time without a zone, was given where only an aware datetime names an instant."""

    def __init__(self, value: object) -> None:
        """Say what was given."""
        self.value = value
        super().__init__(
            _printable(f"must be a datetime with a time zone, got {str(value)[:80]} ({type(value).__name__})")
        )
