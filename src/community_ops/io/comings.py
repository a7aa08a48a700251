"""What happened between two models of the same posts, as people tell it: who joined, left and moved, and so on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal

from attrs import frozen

from community_ops.io.posts_people import UNDISCLOSED
from community_ops.kernel.changes import ChangeSet
from community_ops.operating_model import OperatingModel

Happening = Literal[
    "joined", "left", "moved", "renamed", "disclosed", "withheld",
    "opened", "removed", "eliminated", "revived", "renumbered", "retitled", "transferred", "reassigned",
]  # fmt: skip

_TOLD: Mapping[Happening, str] = {
    "joined": "{who} joined as {post}",
    "left": "{who} left {post}",
    "moved": "{who} moved from {before} to {after}",
    "renamed": "{who} is now called {after}",
    "disclosed": "{post}: who holds it is now told, {after}",
    "withheld": "{post}: who holds it is no longer told, it was {before}",
    "opened": "{post} is new",
    "removed": "{post} is no longer listed",
    "eliminated": "{post} was eliminated",
    "revived": "{post} is no longer eliminated",
    "renumbered": "{post} was {before} before",
    "retitled": "{post} was called {before} before",
    "transferred": "{post} went from {before} to {after}",
    "reassigned": "{post} reports to {after}, not to {before}",
}


@frozen
class Event:
    """One thing that happened.

    Attributes:
        what: which.
        person: the id of the person it happened to; empty for a post.
        post: the id of the post, after it where it still is.
        before: what was: a title, a post, a unit, a name.
        after: what is.
        certain: whether it is beyond doubt; someone may be told as moved by name only.
        text: the event in words.
    """

    what: Happening
    text: str
    person: str = ""
    post: str = ""
    before: str = ""
    after: str = ""
    certain: bool = True

    def __str__(self) -> str:
        return self.text if self.certain else f"{self.text} (by name only)"


class _Side:
    """One of the two models: who holds which post."""

    def __init__(self, model: OperatingModel, renumbered: Mapping[str, str]) -> None:
        self.model = model
        self.posts: dict[str, list[str]] = {}
        for assignment in model.assignments:
            post = renumbered.get(assignment.position, assignment.position)
            self.posts.setdefault(assignment.person, []).append(post)
        self.secret = {person.id for person in model.people if person.extra.get(UNDISCLOSED)}
        self.titles = {renumbered.get(post.id, post.id): post.title for post in model.positions}
        self.names = Counter(person.name for person in model.people if person.id not in self.secret)

    def name(self, person: str) -> str:
        """Return what a person is called."""
        return self.model.people[person].name

    def shown(self, post: str | None) -> str:
        """Return what a post is called, and its id; `"nobody"` where there is none."""
        if post is None:
            return "nobody"
        return f"{self.titles[post]} ({post})" if self.titles.get(post) else post

    def once(self, person: str) -> bool:
        """Tell whether a person has a name that nobody else has."""
        return person not in self.secret and self.names[self.name(person)] == 1


def events_between(a: OperatingModel, b: OperatingModel, changes: ChangeSet) -> Iterator[Event]:
    """Yield what happened between two models, people first.

    Args:
        a: the earlier model.
        b: the later one.
        changes: the difference between them.
    """
    renumbered = {ref.id: new for ref, new in changes.renamed if ref.kind == "position"}
    before, after = _Side(a, renumbered), _Side(b, {})
    yield from _of_people(before, after)
    yield from _of_posts(before, after, renumbered)


def _of_people(before: _Side, after: _Side) -> Iterator[Event]:
    same = {id: id for id in before.posts if id in after.posts}
    left, come = [id for id in before.posts if id not in same], [id for id in after.posts if id not in same]
    at_post = {(after.name(id), held): id for id in come for held in after.posts[id]}
    taken: set[str] = set()
    for id in left:
        found = next((at_post[name, held] for name, held in _held(before, id) if (name, held) in at_post), None)
        if found is not None and found not in taken:
            same[id] = found
            taken.add(found)
    by_name = {after.name(id): id for id in come if after.once(id) and id not in taken}
    guessed = {
        id: by_name[before.name(id)] for id in left if id not in same and before.once(id) and before.name(id) in by_name
    }
    for old, new in (same | guessed).items():
        yield from _of_one(before, after, old, new, old not in guessed)
    gone = [id for id in left if id not in same and id not in guessed]
    found_again = {*same.values(), *guessed.values()}
    arrived = [id for id in come if id not in found_again]
    yield from _of_the_rest(before, after, gone, arrived)


def _held(side: _Side, person: str) -> Iterator[tuple[str, str]]:
    return ((side.name(person), held) for held in side.posts[person])


def _of_one(before: _Side, after: _Side, old: str, new: str, certain: bool) -> Iterator[Event]:
    who, called = before.name(old), after.name(new)
    if who != called and {old, new}.isdisjoint(before.secret | after.secret):
        yield _event("renamed", who=who, person=new, before=who, after=called)
    was = [held for held in before.posts[old] if held not in after.posts[new]]
    now = [held for held in after.posts[new] if held not in before.posts[old]]
    if was and now:
        words = " and ".join(map(before.shown, was)), " and ".join(map(after.shown, now))
        yield _event("moved", who=called, person=new, post=now[0], before=words[0], after=words[1], certain=certain)
    elif was:
        yield from (_event("left", who=called, person=new, post=held, shown=before.shown(held)) for held in was)
    else:
        yield from (_event("joined", who=called, person=new, post=held, shown=after.shown(held)) for held in now)


def _of_the_rest(before: _Side, after: _Side, gone: list[str], arrived: list[str]) -> Iterator[Event]:
    """Yield who left and joined; a post whose holder is told on one side only says nothing of either."""
    new_by_post = {held: id for id in arrived for held in after.posts[id]}
    explained: set[str] = set()
    for id in gone:
        for held in before.posts[id]:
            new = new_by_post.get(held)
            if new is not None and new not in explained and (id in before.secret) != (new in after.secret):
                what: Happening = "withheld" if new in after.secret else "disclosed"
                explained.add(new)
                yield _event(
                    what, post=held, shown=after.shown(held), before=before.name(id), after=after.name(new), person=new
                )
            else:
                yield _event("left", who=before.name(id), person=id, post=held, shown=before.shown(held))
    for id in arrived:
        if id not in explained:
            for held in after.posts[id]:
                yield _event("joined", who=after.name(id), person=id, post=held, shown=after.shown(held))


def _of_posts(before: _Side, after: _Side, renumbered: Mapping[str, str]) -> Iterator[Event]:
    a, b = before.model, after.model
    now = {old.id: renumbered.get(old.id, old.id) for old in a.positions}
    known = set(now.values())
    for id in b.positions.ids:
        if id not in known:
            yield _event("opened", post=id, shown=after.shown(id))
    for old in a.positions:
        new = b.positions.get(now[old.id])
        if new is None:
            yield _event("removed", post=old.id, shown=before.shown(old.id))
            continue
        shown = after.shown(new.id)
        if new.id != old.id:
            yield _event("renumbered", post=new.id, shown=shown, before=old.id, after=new.id)
        if new.title != old.title:
            yield _event("retitled", post=new.id, shown=shown, before=old.title, after=new.title)
        if (new.status == "closed") != (old.status == "closed"):
            yield _event("eliminated" if new.status == "closed" else "revived", post=new.id, shown=shown)
        if new.unit != old.unit:
            yield _event("transferred", post=new.id, shown=shown, before=old.unit, after=new.unit)
        was = None if old.reports_to is None else renumbered.get(old.reports_to, old.reports_to)
        if new.reports_to != was:
            yield _event(
                "reassigned", post=new.id, shown=shown, before=before.shown(was),
                after=after.shown(new.reports_to),
            )  # fmt: skip


def _event(
    what: Happening,
    *,
    who: str = "",
    person: str = "",
    post: str = "",
    shown: str = "",
    before: str = "",
    after: str = "",
    certain: bool = True,
) -> Event:
    text = _TOLD[what].format(who=who, post=shown or post, before=before, after=after)
    return Event(what, text, person, post, before, after, certain)
