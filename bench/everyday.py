"""The everyday life of an organisation that `organisations` made up: who is away, who stands in, who meets, who learns.

Every manager has a deputy among the direct reports, who is there, and meets them all once a week, and again once a
fortnight; managers of managers decide with some of these once a month, and tell all within two layers the news. So most
people are in three recurring meetings, and managers in seven. One person in two has an absence on record, and one in
thirty is away on the day. Departments have a metric, for which their head gets an incentive. One training is on offer
for some 200 positions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from attrs import define

Row = dict[str, Any]
Reports = Mapping[int, Sequence[int]]


@define
class Everyday:
    """What goes on beside the chart; its methods draw from one random source, so their order matters.

    Attributes:
        at: the day on which the organisation is healthy.
        random: the source.
        names: the id of the position of every node.
        homes: the id of the unit of every node.
        depths: how many nodes are above every node.
        reports: the nodes directly below every node that has any.
        auditor: the node that is independent of others, if any.
        positions: the rows of positions, by id.
        people: the rows of people.
        holders: the ids of the people who hold each position on the day.
    """

    at: date
    random: Random
    names: Sequence[str]
    homes: Sequence[str]
    depths: Sequence[int]
    reports: Reports
    auditor: int | None
    positions: Mapping[str, Row]
    people: Sequence[Row]
    holders: Mapping[str, Sequence[str]]

    def tables(self) -> dict[str, list[Row]]:
        """Return the rows of all tables."""
        deputies = list(self._deputies())
        standing_in = {row["deputy"] for row in deputies}
        return {
            "metrics": list(self._metrics()),
            "absences": list(self._absences(standing_in)),
            "deputies": deputies,
            "trainings": list(self._trainings()),
            "incentives": list(self._incentives()),
            "meetings": list(self._meetings()),
        }

    def _day(self, days: int) -> str:
        return (self.at + timedelta(days)).isoformat()

    def _plain(self, node: int) -> bool:
        """Tell whether a position is one seat that somebody holds."""
        name = self.names[node]
        return self.positions[name].get("seats", 1) == 1 and len(self.holders.get(name, ())) == 1

    def _deputies(self) -> Iterator[Row]:
        for node, below in self.reports.items():
            fit = [one for one in below if one != self.auditor and self._plain(one)]
            leaves = [one for one in fit if one not in self.reports]
            if fit:
                deputy, name = self.random.choice(leaves or fit), self.names[node]
                row: Row = {"id": f"dep-{name}", "position": name, "deputy": self.names[deputy]}
                yield row if self.random.random() < 0.8 else {**row, "period": {"start": self._day(-200)}}

    def _absences(self, standing_in: set[str]) -> Iterator[Row]:
        """Yield absences; on the day nobody is away who stands in for others, or is needed for a skill."""
        top = self.names[0]
        there = {
            who
            for id, people in self.holders.items()
            if id in standing_in or id == top or self.positions[id].get("requires")
            for who in people
        }
        for number, person in enumerate(self.people):
            draw, id = self.random.random(), person["id"]
            if draw > 0.5 or person.get("employment", {}).get("end"):
                continue
            length = self.random.randint(1, 20)
            first = self.random.choice((-1, 1)) * self.random.randint(30, 200)
            if draw < 0.035 and id not in there:
                first = -self.random.randint(0, length)
            kind = self.random.choice(("leave", "leave", "leave", "sick", "secondment"))
            period = {"start": self._day(first), "end": self._day(first + length)}
            yield {"id": f"abs{number:07d}", "person": id, "kind": kind, "period": period}

    def departments(self) -> list[int]:
        """Return the nodes that manage managers."""
        return [node for node, below in self.reports.items() if any(one in self.reports for one in below)]

    def _metrics(self) -> Iterator[Row]:
        for node in self.departments():
            home = self.homes[node]
            yield {
                "id": f"m-{home}", "name": f"Success of {home}", "owner": self.names[node],
                "direction": self.random.choice(("higher", "higher", "lower")),
            }  # fmt: skip

    def _incentives(self) -> Iterator[Row]:
        for node in self.departments():
            if node == self.auditor:
                continue  # nobody judges well what they are paid for
            home = self.homes[node]
            yield {
                "id": f"i-{home}", "name": f"Bonus of {home}", "positions": [self.names[node]], "metric": f"m-{home}",
                "reward": "A tenth of a year's pay", "amount": {"amount": "20000", "currency": "CNY"},
            }  # fmt: skip

    def _trainings(self) -> Iterator[Row]:
        needed = [(id, row["requires"][0]) for id, row in self.positions.items() if row.get("requires")]
        skills = {row["id"]: {one["skill"]: one["level"] for one in row.get("skills", ())} for row in self.people}
        for number in range(min(len(needed), 1 + len(self.names) // 200)):
            _, asked = needed[self.random.randrange(len(needed))]
            row: Row = {
                "id": f"t{number:05d}", "name": f"Training {number}", **asked, "places": 12,
                "cost": {"amount": f"{self.random.randint(1, 50)}00", "currency": "CNY"},
            }  # fmt: skip
            if asked["level"] > 3:
                row["requires"] = [{"skill": asked["skill"], "level": asked["level"] - 2}]
            lacking = [
                who
                for _ in range(12)
                for who in self.holders.get(self.random.choice(needed)[0], ())
                if skills[who].get(asked["skill"], 0) < asked["level"]
            ]
            if lacking and self.random.random() < 0.7:
                row["people"] = list(dict.fromkeys(lacking))[:12]
                row["period"] = {"start": self._day(20 + number % 90), "end": self._day(22 + number % 90)}
            yield row

    def _meetings(self) -> Iterator[Row]:
        """Yield what is held each week on Mondays, else on other days; each layer has an hour of its own."""
        monday = self.at - timedelta(self.at.weekday() + 364)
        for node, below in self.reports.items():
            hour, name = 8 + self.depths[node] % 12, self.names[node]
            row: Row = {
                "id": f"w-{name}", "name": f"Weekly of {name}", "participants": [name, *(self.names[n] for n in below)],
                "purpose": "Agree on the week", "start": f"{monday}T{hour:02}:00", "zone": "Asia/Shanghai",
                "recurrence": "FREQ=WEEKLY", "owner": name,
            }  # fmt: skip
            if self.random.random() < 0.1:
                row["except_dates"] = [(monday + timedelta(7 * week)).isoformat() for week in (20, 21, 54)]
            yield row
            yield {
                **row, "id": f"r-{name}", "name": f"Review of {name}", "purpose": "Look at what was done",
                "start": f"{monday + timedelta(2)}T{hour:02}:00", "recurrence": "FREQ=WEEKLY;INTERVAL=2",
                "except_dates": [],
            }  # fmt: skip
            leads = [one for one in below if one in self.reports][:6]
            if leads:
                deciders = [name, *(self.names[one] for one in leads)]
                tuesday = monday + timedelta(1)
                yield {
                    **row, "id": f"d-{name}", "name": f"Decisions of {name}", "participants": deciders,
                    "purpose": "Decide what is due", "decision": True, "start": f"{tuesday}T{hour:02}:00",
                    "recurrence": "FREQ=MONTHLY;BYDAY=1TU", "except_dates": [],
                }  # fmt: skip
                two_layers = [*below, *(one for lead in below for one in self.reports.get(lead, ()))]
                yield {
                    **row, "id": f"n-{name}", "name": f"News of {name}", "purpose": "Tell and ask",
                    "participants": [name, *(self.names[one] for one in two_layers)],
                    "start": f"{monday + timedelta(3)}T{hour:02}:00", "recurrence": "FREQ=MONTHLY;BYDAY=1TH",
                    "except_dates": [],
                }  # fmt: skip
