"""What the running service says of itself while something is wrong with it, and afterwards.

Its minutes are shortened to seconds: the program that is run sets them before it begins.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from addresses import free_address
from plain_web import plain_web

PATIENCE = 120.0
HASTY = """
import sys
from datetime import timedelta
from bot import cli
from bot.health import keeper, monitor, readiness, writes
from bot.telegram import clients
readiness.WRITE_SECONDS = readiness.ANSWER_SECONDS = readiness.READ_SECONDS = 2.0
readiness.DUE = timedelta(seconds=2)
readiness.GRACE = timedelta(seconds=1)
monitor.LOOK_SECONDS = clients.STATE_INTERVAL = writes.LOOK_SECONDS = 0.2
monitor.CHECK_SECONDS = keeper.BEAT_SECONDS = 0.5
writes.CALM_SECONDS = 1.0
sys.exit(cli.main(["run"]))
"""
SETTINGS = {"RECONCILE_INTERVAL": "1", "SCAN_REQUESTS_PER_MINUTE": "6000"}


class Probe:
    """Asks a service how it is."""

    def __init__(self, address: str, web: httpx2.AsyncClient) -> None:
        self._address = address
        self._web = web

    async def ask(self, path: str = "/readyz") -> httpx2.Response:
        return await self._web.get(f"http://{self._address}{path}", timeout=120)

    async def wait(self, *reasons: str) -> None:
        """Wait until it is not ready for these reasons, or ready where there are none."""
        said: Any = None
        try:
            async with asyncio.timeout(PATIENCE):
                while said != list(reasons):
                    answer = await self.ask()
                    assert (answer.status_code == 200) == answer.json()["ready"]
                    said = answer.json()["reasons"] if not answer.json()["ready"] else []
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pytest.fail(f"waited for {reasons}, it says {said}")


async def started(stage: Any, web: httpx2.AsyncClient, **changes: str) -> tuple[Any, Probe]:
    address = free_address()
    service = stage.process(**{**SETTINGS, **changes}, METRICS_ADDRESS=address)
    await service.start(program=("-c", HASTY))
    await service.wait_ready(120)
    return service, Probe(address, web)


@pytest.fixture
async def web() -> Any:
    async with plain_web() as client:
        yield client


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the database as another process would that writes and writes."""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")
    finally:
        db.close()


async def test_what_keeps_it_from_writing_and_from_telegram_makes_it_not_ready_while_it_lasts(
    ready_stage: Any, web: httpx2.AsyncClient
) -> None:
    stage = ready_stage
    service, probe = await started(stage, web)
    await probe.wait()

    with locked(stage.folder / "data" / "dateline.db"):
        await probe.wait("write")
        assert (await probe.ask("/livez")).status_code == 200
    await probe.wait()

    await stage.sandbox.stop_serving()
    await probe.wait("user", "bot")
    metrics = (await probe.ask("/metrics")).text
    assert 'dateline_trouble{reason="bot"} 1.0' in metrics
    assert "dateline_ready 0.0" in metrics
    await stage.sandbox.serve_again()
    await probe.wait()
    assert await service.stop() == 0


async def test_what_is_not_scanned_or_not_sent_makes_it_not_ready_while_it_lasts(
    ready_stage: Any, web: httpx2.AsyncClient
) -> None:
    stage = ready_stage
    service, probe = await started(stage, web)
    await stage.chat.ask("/alert ferry")
    await probe.wait()

    scans = stage.sandbox.faults.withhold_request("messages.getHistory", times=None)
    await probe.wait("channels")
    scans.stop()
    scans.release()
    await probe.wait()

    sends = stage.sandbox.faults.withhold_request("messages.sendMessage", times=None)
    await stage.news.post("The ferry sails")
    await probe.wait("outbox")
    sends.stop()
    sends.release()
    await stage.chat.wait_for("The ferry sails")
    await probe.wait()
    assert await service.stop() == 0


async def test_a_damaged_file_makes_it_not_ready(ready_stage: Any, web: httpx2.AsyncClient) -> None:
    stage = ready_stage
    _, probe = await started(stage, web)
    await probe.wait()
    path = stage.folder / "data" / "dateline.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size // 2))
    await probe.wait("database")
    assert (await probe.ask("/livez")).status_code == 200


async def test_it_answers_from_the_first_and_is_not_ready_before_it_says_so(
    ready_stage: Any, web: httpx2.AsyncClient
) -> None:
    stage = ready_stage
    await stage.sandbox.stop_serving()
    address = free_address()
    service = stage.process(**SETTINGS, METRICS_ADDRESS=address)
    await service.start(program=("-c", HASTY))
    await service.wait_line("not connected")
    probe = Probe(address, web)
    assert (await probe.ask("/livez")).status_code == 200
    assert (await probe.ask()).json()["ready"] is False
    await probe.wait("user", "bot")
    await stage.sandbox.serve_again()
    await service.wait_ready(120)
    await probe.wait()
