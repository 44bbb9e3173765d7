"""The parts that watch are put together so that each has requests of its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from plain_web import plain_web

from bot.intake.asides import cause_of
from bot.settings import Recent, Settings
from bot.watching.budget import Spare
from bot.watching.watching import Watching, make_sources


def settings_in(folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        scan_requests_per_minute=12,
        reconcile_interval=71.0,
        recheck_posts=13,
        read_on_watch=Recent(days=3, posts=44),
        preview_base_url="http://127.0.0.1:9/s/",
    )


def made(ground: Any, folder: Path, client: Any, web: httpx2.AsyncClient) -> Watching:
    return Watching(
        settings_in(folder), ground.db, client, web, ground.intake, ground.notices, ground.gate
    )


@pytest.fixture
async def watching(ground: Any, tmp_path: Path) -> AsyncIterator[Watching]:
    async with plain_web() as web:
        yield made(ground, tmp_path, ground.client, web)


async def test_scans_and_history_have_requests_of_their_own(watching: Watching) -> None:
    budgets = watching.budgets()
    assert set(budgets) == {
        (place, kind) for place in ("account", "preview") for kind in ("scans", "history")
    }
    assert len({id(budget) for budget in budgets.values()}) == 4
    assert {budget.allowed for budget in budgets.values()} == {12}
    assert not any(isinstance(budget, Spare) for budget in budgets.values())


async def test_without_an_account_previews_alone_are_read(ground: Any, tmp_path: Path) -> None:
    async with plain_web() as web:
        settings = settings_in(tmp_path)
        first = make_sources(settings, None, web)
        assert set(first) == {"preview"}
        spare = make_sources(settings, None, web, of=first, share=lambda: 2.0)["preview"].budget
        assert isinstance(spare, Spare)
        # What it takes is taken of the others' too.
        spare.take(1000.0)
        assert first["preview"].budget.used(1000.0) == 1
        without = made(ground, tmp_path, None, web)
        assert not without._account_serves()


async def test_an_account_serves_until_its_login_has_ended(watching: Watching, ground: Any) -> None:
    assert watching._account_serves()
    ground.client._ending = ValueError("ended")
    assert not watching._account_serves()


async def test_every_part_is_started_and_what_is_new_waited_for_ten_seconds(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, waits = [], []

    def start(work: Any, name: str) -> None:
        started.append((name, work.__qualname__))
        work.close()

    async def begin(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(watching.reconciler, "begin", begin)
    await watching.start(start)
    assert started == [
        ("reconcile", "Reconciler.run"),
        ("channels", "Registrar.run"),
        ("backfill", "Backfiller.run"),
        ("recent", "RecentReader.run"),
    ]
    assert waits == [10.0]


async def test_what_is_missed_is_read_by_scans(watching: Watching, ground: Any) -> None:
    row, other = await ground.watch(), await ground.watch(ground.sandbox.add_channel("fresh"))
    for channel in (row, other):
        watching.watchlist.put(channel)
    turns = watching.reconciler._turns
    watching._scan_missed(row.channel_id)
    watching._scan_missed(4711)  # it is not watched
    assert {number: turn.urgent for number, turn in turns.items()} == {row.id: True}
    turns[row.id].due_at = 9e9
    watching._scan_missed(None)
    assert turns[row.id].due_at < 9e9


async def test_a_channel_that_is_watched_no_more_stops_nothing(
    watching: Watching, ground: Any
) -> None:
    row = await ground.watch()
    watching.watchlist.put(row)
    troubles = ground.intake._asides._troubles
    causes = [cause_of(row.id, asked=asked) for asked in (True, False)]
    for cause in (*causes, cause_of(row.id + 1, asked=False)):
        troubles.begin(cause, reason="channels", text="it waits")
    watching.watchlist.drop(row.id)
    assert [troubles.is_present(cause) for cause in causes] == [False, False]
    assert troubles.is_present(cause_of(row.id + 1, asked=False))
