"""What is a real community like, and where is it fragile? Read the Kubernetes project's list of groups, and ask.

The list is `sigs.yaml` of https://github.com/kubernetes/community, or any file of that form; `examples/sigs.yaml` is a
small one. Needs the extra `yaml`.

Run: python examples/kubernetes_sigs.py [path] [--at 2026-03-02]

What becomes what, and why:

- The project, each group, and each subproject is a unit. A subproject whose leads are not listed has no positions: the
  people behind its `owners` stand in other files.
- Chairs, technical leads and subproject leads are one position each, with as many seats as people are listed: all of
  them do the same. The file says nothing about their time, so their assignments take none (`fte=0`), and nothing about
  since when, so they have no period.
- Emeritus leads are a position beside these, which takes no time, heads nothing and attends nothing. To list them as
  former chairs would need the day on which they stopped, and what they led; the file says neither. What it does say
  is that they bear the title today.
- A liaison is a position in the steering committee for each group, held by the person named; the group's chairs have a
  dotted line (administrative) to it. A liaison who sits on the committee reports to it. The chairs of a working group
  have dotted lines (functional) to the chairs of its stakeholder groups. Nobody else reports to anybody in the file.
- A meeting is attended by the leads of the group or subproject that holds it, and takes an hour, as `Meeting` has it by
  default. The file says nothing of either, so that a clash may be none. Its day, time, zone and frequency become a
  recurrence where the words are known and leave nothing open (`meeting_words.py`). "Every other Monday" leaves open
  which, unless the file says since when. What is open is told, and the meeting stays without a start.
- Everything that has no field of its own is kept, as written, in `extra`.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from meeting_words import when

import community_ops as co
from community_ops.errors import MissingExtra

DAY = date(2026, 3, 2)
ROOT, STEERING = "kubernetes", "committee-steering"
GROUPS = {"sigs": "SIG", "workinggroups": "WG", "usergroups": "UG", "committees": "Committee"}
ROLES = {"chairs": "Chair", "tech_leads": "Technical lead", "emeritus_leads": "Emeritus lead"}
LEADING = ("chairs", "tech_leads")

# --- what the file becomes ------------------------------------------------------------------------------------


@dataclass
class Reading:
    """The records that a file becomes, and what had to be told about it."""

    since: date
    records: list[co.Record] = field(default_factory=list)
    people: dict[str, co.Person] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    """What, and about which record."""

    def person(self, entry: Mapping[str, Any]) -> str:
        """Return the id of somebody listed; a handle means one person wherever it is."""
        made = co.Person(id=entry["github"], name=entry["name"], extra=rest(entry, "github", "name"))
        key = made.id.casefold()  # handles are the same whatever their case
        known = self.people.setdefault(key, made)
        said, says = {"name": known.name, **known.extra}, {"name": made.name, **made.extra}
        for what, value in says.items():
            if said.get(what, value) != value:
                self.told.append((f"is also listed with the {what} {value}", f"person {known.id}"))
        self.people[key] = co.evolve(known, extra={**made.extra, **known.extra})
        return known.id

    def position(
        self, unit: str, role: str, title: str, entries: Iterable[Mapping[str, Any]], at: str = "", **more: Any
    ) -> str:
        """Add a position with a seat for each of those listed, and return its id."""
        listed, id = list(entries), f"{unit}/{role}"
        self.records.append(
            co.Position(
                id=id, title=title, unit=at or unit, seats=len(listed), seat_fte=0, extra={"role": role}, **more
            )
        )  # fmt: skip
        for entry in listed:
            who = self.person(entry)
            self.records.append(co.Assignment(id=f"{id}/{who}", person=who, position=id, fte=0))
        return id

    def line(self, id: str, group: str, manager: str, kind: Literal["functional", "administrative"]) -> None:
        """Add a dotted line from the chairs of a group."""
        self.records.append(co.ReportingLine(id=id, position=f"{group}/chairs", manager=manager, kind=kind))

    def meetings(self, unit: str, entries: Iterable[Mapping[str, Any]], leads: tuple[str, ...]) -> None:
        """Add the meetings of a unit, attended by those who lead it."""
        for number, entry in enumerate(entries, 1):
            id, found = f"{unit}/meeting-{number}", when(entry, self.since)
            self.told += [(f"not told or not known: {what}", f"meeting {id}") for what in found.open]
            self.told.append(("not told: how long, so that it is taken to be an hour", f"meeting {id}"))
            self.records.append(
                co.Meeting(
                    id=id, name=entry["description"], participants=leads, owner=next(iter(leads), None),
                    extra={"unit": unit, **rest(entry, "description")}, **found.fields,
                )
            )  # fmt: skip


def rest(entry: Mapping[str, Any], *modelled: str) -> dict[str, Any]:
    """Return what of an entry has no field of its own."""
    return {name: value for name, value in entry.items() if name not in modelled}


def read(path: Path, since: date = DAY) -> tuple[co.OperatingModel, list[tuple[str, str]]]:
    """Read a file of groups into a model.

    Args:
        path: the file.
        since: from when on meetings are listed whose first day need not be told, because they are held every week
            or month.

    Returns:
        The model; and what is not told or could not be used, each with the record it is about.

    Raises:
        MissingExtra: ruamel.yaml is not installed.
    """
    document, reading = load_texts(path), Reading(since)
    groups = [(listed, group) for listed in GROUPS for group in document.get(listed) or ()]
    chairs = {group["name"]: f"{group['dir']}/chairs" for listed, group in groups if listed == "sigs"}
    steering = next((group for _, group in groups if group["dir"] == STEERING), None)
    reading.records.append(
        co.Unit(
            id=ROOT, name="Kubernetes", kind="organisation", heads=(f"{STEERING}/chairs",) if steering else (),
            extra=rest(document, *GROUPS, "gb_rep"),
        )
    )  # fmt: skip
    if document.get("gb_rep"):
        reading.position(ROOT, "gb_rep", "Governing board representative", [document["gb_rep"]])
    for listed, group in groups:
        add_group(reading, listed, group)
        add_liaison(reading, group, steering)
        for name in group.get("stakeholder_sigs") or ():
            # A name that no group bears stays as it is, and the model's check finds it.
            reading.line(f"{group['dir']} for {name}", group["dir"], chairs.get(name, name), "functional")
    return co.OperatingModel([*reading.people.values(), *reading.records]), reading.told


def load_texts(path: Path) -> dict[str, Any]:
    """Load a YAML file with every scalar as the text that it is: `9:00` is no number, and `no` is a name."""
    try:
        from ruamel.yaml import YAML  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtra("ruamel.yaml", "yaml") from None
    loaded: dict[str, Any] = YAML(typ="base", pure=True).load(path.read_text("utf-8"))
    return loaded


def add_group(reading: Reading, listed: str, group: Mapping[str, Any]) -> None:
    """Add a group with its leads, its meetings and its subprojects."""
    id, leadership = group["dir"], group.get("leadership") or {}
    name = f"{GROUPS[listed]} {group['name']}"
    filled = {role: f"{title} of {name}" for role, title in ROLES.items() if leadership.get(role)}
    held = {role: reading.position(id, role, title, leadership[role]) for role, title in filled.items()}
    leads = tuple(held[role] for role in LEADING if role in held)
    modelled = ("dir", "name", "mission_statement", "leadership", "meetings", "subprojects", "stakeholder_sigs")
    extra = {"listed": listed, **rest(group, *modelled)}
    extra["contact"] = rest(group.get("contact") or {}, "liaison")
    if unknown := rest(leadership, *ROLES):
        extra["leadership"] = unknown
        reading.told.append((f"an unknown kind of leadership, kept in extra: {', '.join(unknown)}", f"unit {id}"))
    reading.records.append(
        co.Unit(
            id=id, name=name, parent=ROOT, kind="group", heads=leads[:1],
            mission=(group.get("mission_statement") or "").strip(), extra=extra,
        )
    )  # fmt: skip
    reading.meetings(id, group.get("meetings") or (), leads)
    for part in group.get("subprojects") or ():
        add_subproject(reading, id, part, leads)


def add_subproject(reading: Reading, group: str, part: Mapping[str, Any], group_leads: tuple[str, ...]) -> None:
    """Add a subproject; where its leads are not listed, those of the group meet for it."""
    id, listed = f"{group}/{part['name']}", part.get("leads") or ()
    leads = (reading.position(id, "leads", f"Lead of {part['name']}", listed),) if listed else ()
    extra = rest(part, "name", "description", "leads", "meetings")
    mission = (part.get("description") or "").strip()
    reading.records.append(
        co.Unit(id=id, name=part["name"], parent=group, kind="group", heads=leads, mission=mission, extra=extra)
    )
    reading.meetings(id, part.get("meetings") or (), leads or group_leads)


def add_liaison(reading: Reading, group: Mapping[str, Any], steering: Mapping[str, Any] | None) -> None:
    """Add the liaison of a group with the steering committee, and the line to it."""
    entry = (group.get("contact") or {}).get("liaison")
    if not entry:
        return
    members = ((steering or {}).get("leadership") or {}).get("chairs") or ()
    above = f"{STEERING}/chairs" if entry["github"] in [one["github"] for one in members] else None
    if above is None:
        reading.told.append(("the liaison is not on the steering committee", f"unit {group['dir']}"))
    home = STEERING if steering else ROOT
    id = reading.position(
        group["dir"], "liaison", f"Liaison to {group['name']}", [entry], at=home, reports_to=above
    )  # fmt: skip
    reading.line(f"{group['dir']} with steering", group["dir"], id, "administrative")


# --- what there is to say about it ----------------------------------------------------------------------------


def leading(model: co.OperatingModel) -> dict[str, list[str]]:
    """Return the groups that each person leads, as chair or technical lead, by the person's id."""
    found: dict[str, list[str]] = defaultdict(list)
    for assignment in model.assignments:
        position = model.positions[assignment.position]
        if position.extra["role"] in LEADING and position.unit not in found[assignment.person]:
            found[assignment.person].append(position.unit)
    return found


def held_by_one(model: co.OperatingModel, role: str) -> list[str]:
    """Return the units in which a role, such as `"chairs"`, has one holder only."""
    return [one.unit for one in model.positions if one.extra["role"] == role and one.seats == 1]


def main(arguments: list[str] | None = None) -> None:
    """Read the file, check the model, and say what stands out."""
    folder = Path(os.environ.get("COMMUNITY_OPS_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    parser = argparse.ArgumentParser(description="Read a list of groups of the form of Kubernetes' sigs.yaml.")
    parser.add_argument("path", nargs="?", type=Path, default=folder.expanduser() / "kubernetes-sigs.yaml")
    parser.add_argument("--at", type=date.fromisoformat, default=DAY, help="the day to ask about, such as 2026-03-02")
    asked = parser.parse_args(arguments)
    if not asked.path.is_file():
        parser.error(f"no file at {asked.path}; name one, such as {Path(__file__).with_name('sigs.yaml')}")
    model, told = read(asked.path, asked.at)
    print(model)
    show_file(model, told)
    show_people(model, asked.at)
    for day in (None, asked.at):
        show_findings(model, day)


def show_file(model: co.OperatingModel, told: list[tuple[str, str]]) -> None:
    """Say what is in the file, and what is not."""
    for listed, count in Counter(unit.extra["listed"] for unit in model.units if unit.parent == ROOT).items():
        print(f"  {listed}: {count}")
    print(f"  subprojects: {sum(unit.parent not in (None, ROOT) for unit in model.units)}")
    seats: Counter[str] = Counter()
    for position in model.positions:
        seats[position.extra["role"]] += position.seats
    for role, count in seats.items():
        print(f"  {role}: {count}")
    dated = sum(meeting.start is not None for meeting in model.meetings)
    print(f"  meetings: {len(model.meetings)}, of which {dated} are known to the day")
    print("\nNot told by the file, or not understood:")
    for what, group in groupby(sorted(told), key=lambda one: one[0]):
        about = [record for _, record in group]
        more = f" and {len(about) - 2} more" if len(about) > 2 else ""
        print(f"  {what}: {', '.join(about[:2])}{more}")


def show_people(model: co.OperatingModel, at: date) -> None:
    """Say who leads several groups, which have a single chair, and on whom something hangs alone."""
    print("\nWho leads several groups:")
    for person, units in sorted(leading(model).items(), key=lambda one: (-len(one[1]), one[0])):
        if len(units) > 1:
            print(f"  {model.people[person].name}: {', '.join(units)}")
    for role, what in (("chairs", "Groups with a single chair"), ("leads", "Subprojects with a single lead")):
        print(f"\n{what}: {', '.join(held_by_one(model, role)) or 'none'}")
    week = co.org.occurrences(model, at, at + timedelta(days=6))
    print(f"\nMeetings in the week from {at}, as far as known: {len(week)}")
    print(f"\n{co.org.key_people(model, at)}")


def show_findings(model: co.OperatingModel, at: date | None) -> None:
    """Say what the rules find, with an example for each rule."""
    report = model.check(at=at)
    print(f"\nFindings {f'on {at}' if at else 'without a date'}: {report.summary()}")
    counts = Counter(found.code for found in report.findings)
    first = {found.code: found for found in reversed(report.findings)}
    for code, count in counts.most_common():
        print(f"  {count} x {first[code]}")


if __name__ == "__main__":
    main()
