"""A year of plans on a simulated clock: every period of every plan once, whatever restarts.

    python benchmarks/plans.py --plans 10000 --year 2027 --seed 1

Plans of many times, in zones whose clocks change, are told by what tells them in the service, from
and into a real database, while the process is down for minutes to days at random and is stopped in
the middle of its work. When each was due is reckoned anew here, from each minute of the year as its
zone's wall clock shows it. A period (a time at which a plan is due) is *delivered* where exactly
one message tells of it, *twice* where several do, *missed* where none does. *Unasked* are messages
without a period, *gaps* those that do not begin where the one before ended, *late* those that came
later than they were due though the service ran. ``--days`` takes a part of the year.
"""

import argparse
import asyncio
import bisect
import contextlib
import random
import sys
import tempfile
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

sys.path.insert(0, str(Path(__file__).parents[1]))

from handlers.plans.due import DuePlans
from handlers.plans.kinds import Period, PlanMessage
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.times import planning
from handlers.times.plan_times import DAYS, PlanTimes, parse_times, write_times
from storage.connection import Connection, Database
from storage.database import open_database
from storage.outbox.gate import Outbox
from storage.subscribers import plans, subscribers
from storage.times import to_epoch

ZONES = (
    "Europe/Berlin", "Europe/Moscow", "America/New_York", "America/Santiago", "Africa/Cairo",
    "Africa/Casablanca", "Asia/Tokyo", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Chatham",
    "Antarctica/Troll", "America/Nuuk",
)  # fmt: skip
MINUTE = timedelta(minutes=1)
PLANS_A_CHAT = 3
CHANCES = (("weekly", 0.85), ("days", 0.08), ("daily", 0.05), ("twice", 0.01), ("often", 0.01))
"""How many of the plans are of each sort: most come once a week, a few every three hours."""


class WallClock:
    """A zone's clock over a year, minute by minute."""

    def __init__(self, zone: str, start: datetime, end: datetime) -> None:
        self._days: dict[date, tuple[datetime, array[int]]] = {}
        tz, at = ZoneInfo(zone), start - timedelta(days=1)
        while at < end + timedelta(days=2):
            local = at.astimezone(tz)
            _, shown = self._days.setdefault(local.date(), (at, array("H")))
            minute = local.hour * 60 + local.minute
            shown.append(max(minute, shown[-1]) if shown else minute)
            at += MINUTE

    def dues(self, when: PlanTimes, start: datetime, end: datetime) -> list[datetime]:
        """When a plan is due: at the first minute of a day at which its clock is at or past it."""
        found = set()
        for day, (begun, shown) in self._days.items():
            if day.weekday() not in when.days:
                continue
            for at in when.times:
                place = bisect.bisect_left(shown, at.hour * 60 + at.minute)
                found.add(begun + place * MINUTE)
        return sorted(due for due in found if start < due <= end)


def make_times(chance: random.Random) -> PlanTimes:
    """The times of some plan; many lie where clocks change."""
    sort = chance.choices([name for name, _ in CHANCES], [share for _, share in CHANCES])[0]
    if sort == "often":
        often = ("every 3h", "every 6h", "hourly 9-18", "weekdays hourly 0-5", "every 12h")
        return parse_times(chance.choice(often))
    night = chance.random() < 0.5
    hours = [chance.randrange(4) if night else chance.randrange(24) for _ in range(2)]
    minutes = [chance.choice((0, 0, 30)) for _ in range(2)]
    times = tuple(sorted({clock_time(*pair) for pair in zip(hours, minutes, strict=True)}))
    days = {
        "weekly": frozenset({chance.choice((5, 6, 6, 0, 3))}),
        "days": frozenset(chance.sample(range(len(DAYS)), 3)),
    }.get(sort, frozenset(range(7)))
    return PlanTimes(days, times if sort == "twice" else times[:1])


@dataclass(slots=True)
class Ledger:
    """What was told, by plan: from when, until when, and when it was due, in a row."""

    told: "dict[int, array[int]]" = field(default_factory=lambda: defaultdict(lambda: array("q")))

    async def take(self, database: Database) -> None:
        """Take out of the outbox what is in it, as if it had been sent long ago."""
        async with database.transaction() as tx:
            for row in await tx.fetch_all("SELECT payload FROM delivery"):
                number, *moments = _said(row["payload"])
                self.told[number].extend(moments)
            await tx.execute("DELETE FROM delivery")

    def spans(self, plan: int) -> list[tuple[int, int, int]]:
        """What a plan told, in order."""
        told = self.told[plan]
        return sorted(zip(told[::3], told[1::3], told[2::3], strict=True))


def _said(payload: str) -> list[int]:
    start = payload.index("plan|")
    return [int(part) for part in payload[start : payload.index("|end")].split("|")[1:]]


async def tell_span(_: Connection, period: Period) -> PlanMessage:
    """A message that says of which plan and of what time it tells."""
    plan = period.plan
    moments = (period.since, period.until, plan.due_at or period.until)
    said = "|".join(["plan", str(plan.id), *(str(to_epoch(at)) for at in moments), "end"])
    return PlanMessage(message=Message(RichText(said)), posts=(said,))


@dataclass(slots=True)
class Year:
    """The simulation: a database, and what its clock shows. ``lives``: how many hours the process
    runs between two restarts, on average."""

    path: Path
    chance: random.Random
    start: datetime
    end: datetime
    now: datetime
    lives: float = 240
    ledger: Ledger = field(default_factory=Ledger)
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    stops: int = 0

    async def make(self, count: int) -> dict[int, tuple[str, PlanTimes]]:
        """Plans of chats; gives by id each one's zone and times."""
        made: dict[int, tuple[str, PlanTimes]] = {}
        async with self._database() as database, database.transaction() as tx:
            for number in range(count):
                chat_id = number // PLANS_A_CHAT + 1
                if number % PLANS_A_CHAT == 0:
                    await subscribers.add_subscriber(tx, chat_id=chat_id, now=self.start)
                when, zone = make_times(self.chance), self.chance.choice(ZONES)
                due = planning.next_due(when, zone, after=self.start)
                plan = await plans.add_plan(
                    tx, chat_id=chat_id, times=write_times(when), timezone=zone, due_at=due,
                    now=self.start,
                )  # fmt: skip
                made[plan.id] = (zone, when)
        return made

    def _database(self) -> contextlib.AbstractAsyncContextManager[Database]:
        return _opened(self.path)

    async def run(self) -> None:
        """From the first minute to the last, with pauses of random lengths between the lives."""
        while self.now < self.end:
            lives_until = self.now + timedelta(hours=self.chance.expovariate(1 / self.lives))
            await self._live(min(lives_until, self.end))
            if self.now >= self.end:
                break
            hours = self.chance.choice((0, 0.02, 0.5, 2, 9, 30, 80))
            back = min(self.now + timedelta(hours=hours * self.chance.random()), self.end)
            self.down.append((self.now, back))
            self.now = back
        self.now = self.end
        await self._live(self.end)

    async def _live(self, until: datetime) -> None:
        """One life of the process; all but the last are stopped in the middle of their work."""
        async with self._database() as database:
            await self.ledger.take(database)
            due = DuePlans(database, Outbox(), "en", clock=lambda: self.now, compose=tell_span)
            while True:
                following = await due.run()
                if following is None or following > until:
                    break
                self.now = following
            await self.ledger.take(database)
            if until < self.end and following is not None and following <= self.end:
                self.now = following
                await self._stop(due)

    async def _stop(self, due: DuePlans) -> None:
        """What is due now is begun, and cut off."""
        work = asyncio.create_task(due.run())
        for _ in range(self.chance.randrange(60)):
            await asyncio.sleep(0)
            if self.chance.random() < 0.5:
                await asyncio.sleep(0.0005)
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        self.stops += 1


@contextlib.asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Database]:
    database = await open_database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        await database.close()


def judge(year: Year, made: dict[int, tuple[str, PlanTimes]]) -> Counter[str]:
    """Hold what was told against when it was due."""
    count: Counter[str] = Counter()
    zones = {zone for zone, _ in made.values()}
    clocks = {zone: WallClock(zone, year.start, year.end) for zone in sorted(zones)}
    known: dict[tuple[str, PlanTimes], list[int]] = {}
    down = [(to_epoch(gone), to_epoch(back)) for gone, back in year.down]
    for number, plan in made.items():
        if plan not in known:
            known[plan] = [
                to_epoch(at) for at in clocks[plan[0]].dues(plan[1], year.start, year.end)
            ]
        count += _judge_plan(known[plan], year.ledger.spans(number), down)
    return count


def _judge_plan(
    dues: Sequence[int],
    spans: Sequence[tuple[int, int, int]],
    down: Sequence[tuple[int, int]],
) -> Counter[str]:
    count: Counter[str] = Counter(due=len(dues), messages=len(spans))
    times = [0] * len(dues)
    for since, until, due_at in spans:
        first, last = bisect.bisect_right(dues, since), bisect.bisect_right(dues, until)
        for place in range(first, last):
            times[place] += 1
        count["unasked"] += first == last
        count["late"] += due_at < until and not any(a <= due_at <= b for a, b in down)
    for (_, until, _), (since, _, _) in pairwise(spans):
        count["gaps"] += until != since
    count["delivered"] += times.count(1)
    count["missed"] += times.count(0)
    count["twice"] += len(dues) - times.count(0) - times.count(1)
    return count


def simulate(
    count: int, start: datetime, end: datetime, seed: int, lives: float = 240
) -> tuple[Counter[str], Year]:
    """Run it; gives the counts."""
    with tempfile.TemporaryDirectory() as folder:
        chance = random.Random(seed)
        year = Year(Path(folder) / "plans.db", chance, start, end, now=start, lives=lives)

        async def run() -> dict[int, tuple[str, PlanTimes]]:
            made = await year.make(count)
            await year.run()
            return made

        made = asyncio.run(run())
        return judge(year, made), year


def main() -> None:
    """Print a figure a line, the last one a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=10_000)
    parser.add_argument("--year", type=int, default=2027)
    parser.add_argument("--days", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    start = datetime(given.year, 1, 1, tzinfo=UTC)
    end = start + timedelta(days=given.days) if given.days else start.replace(year=given.year + 1)
    began = time.perf_counter()
    count, year = simulate(given.plans, start, end, given.seed)
    for name, value in _figures(count, year, time.perf_counter() - began):
        print(f"{name} {value}")
    print(
        f"plans {given.plans}: {count['due']} periods, {count['delivered']} delivered,"
        f" {count['twice']} twice, {count['missed']} missed"
    )


def _figures(count: Counter[str], year: Year, seconds: float) -> Iterator[tuple[str, object]]:
    for name in ("due", "delivered", "twice", "missed", "messages", "unasked", "gaps", "late"):
        yield name, count[name]
    yield "restarts", len(year.down)
    yield "stopped_at_work", year.stops
    yield "seconds", round(seconds)


if __name__ == "__main__":
    main()
