"""What delivering is measured on: a sandbox with people and a channel, the service beside it.

The sandbox and what watches it are one process, the service is another, so that each has a core.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.demo import process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from storage import database
from storage.connection import Database

PHONE = "+15550000001"
TOKEN = "1000:open-sesame"  # noqa: S105  (the sandbox's own)
_TICKS = os.sysconf("SC_CLK_TCK")


class Scene:
    """A sandbox with a channel and recipients, and the service's folder.

    ``existing``: a database to begin with; it is copied.
    """

    def __init__(
        self, sandbox: Sandbox, folder: Path, rate: float, existing: Path | None = None
    ) -> None:
        self.sandbox = sandbox
        self.watcher = sandbox.add_user("Watcher", phone=PHONE)
        self.bot = sandbox.add_bot("lookout_bot", token=TOKEN)
        self.news = sandbox.add_channel("Harbour", username="harbour", members=[self.watcher])
        self.folder = folder
        self.environment = process.environment_for(
            sandbox,
            self.bot,
            folder,
            "@harbour",
            BURST_AFTER="0",
            SEND_RATE=str(rate),
            SEND_RATE_CHAT="50",
            COMMANDS_PER_MINUTE="6000",
        )
        self.service = ServiceProcess(self.environment, folder)
        self.database = folder / "data" / "dateline.db"
        if existing is not None:
            self.database.parent.mkdir(mode=0o700)
            shutil.copyfile(existing, self.database)
        self._counted = 0
        self._alerts: list[Any] = []

    async def log_in(self) -> None:
        """Log the watching account in."""
        await process.log_in(self.environment, self.folder, PHONE)

    async def start(self, patience: float = 120.0) -> float:
        """Start the service; gives the seconds until it said that it is ready."""
        started = time.perf_counter()
        await self.service.start()
        await self.service.wait_ready(patience)
        return time.perf_counter() - started

    async def add_people(self, count: int) -> list[Any]:
        """People who have written to the bot once, before it first came."""
        people = [self.sandbox.add_user(f"Reader {number}") for number in range(count)]
        for person in people:
            await person.chat_with(self.bot).send("hello")
        return people

    async def store(self, people: Sequence[Any], queries: Sequence[Sequence[str]]) -> None:
        """Put subscribers and their alerts into the database as the commands would have."""
        db = await self.open_database()
        when = int(datetime.now(UTC).timestamp() * 1_000_000)
        async with db.transaction() as tx:
            await tx.execute_many(
                "INSERT INTO subscriber (chat_id, access_hash, language, created_at)"
                " VALUES (?, ?, 'en', ?)",
                [(person.id, self._hash_of(person), when) for person in people],
            )
            await tx.execute_many(
                "INSERT OR IGNORE INTO alert (chat_id, query, created_at) VALUES (?, ?, ?)",
                [
                    (person.id, query, when)
                    for person, own in zip(people, queries, strict=True)
                    for query in own
                ],
            )
        await db.close()

    def _hash_of(self, person: Any) -> int:
        return int(self.sandbox._world.views.access_hash(self.bot, person.id))

    async def open_database(self) -> Database:
        """The service's database, beside the service."""
        return await database.open_database(f"sqlite:///{self.database}")

    async def wait_for(self, is_so: Callable[[], bool], patience: float) -> None:
        """Wait for something of the sandbox. Raises RuntimeError if the service ends meanwhile."""
        found = asyncio.create_task(
            self.sandbox.wait_for(lambda: is_so() or None, what="the service", timeout=patience)
        )
        ended = asyncio.create_task(self.service.wait())
        try:
            await asyncio.wait({found, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not found.done():
                raise RuntimeError("\n".join(["the service has ended:", *self.service.lines]))
            await found
        finally:
            found.cancel()
            ended.cancel()

    async def wait_drained(self, patience: float) -> None:
        """Wait until the service has nothing left to send."""
        db = await self.open_database()
        async with asyncio.timeout(patience):
            while True:
                async with db.reader() as conn:
                    row = await conn.fetch_one(
                        "SELECT 1 FROM delivery WHERE state = 'queued' LIMIT 1"
                    )
                if row is None:
                    break
                await asyncio.sleep(0.1)
        await db.close()

    def alerts(self) -> list[Any]:
        """The alerts that people have received. Asked again and again, so it looks at new ones
        alone."""
        received = self.sandbox.ledger.received
        self._alerts += [one for one in received[self._counted :] if one.text.startswith("🔔")]
        self._counted = len(received)
        return self._alerts

    def service_seconds(self) -> float:
        """Seconds of processor time that the running service has used."""
        fields = Path(f"/proc/{self.service.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def service_memory(self) -> tuple[float, float]:
        """Resident memory of the running service in MB: now, and at its highest."""
        status = Path(f"/proc/{self.service.pid}/status").read_text()
        sizes = dict(line.split(":", 1) for line in status.splitlines() if "kB" in line)
        now, highest = (int(sizes[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        return now, highest


@asynccontextmanager
async def staged(rate: float, existing: Path | None = None) -> AsyncIterator[Scene]:
    """A scene with the account logged in."""
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox.start() as sandbox:
            scene = Scene(sandbox, Path(folder), rate, existing)
            await scene.log_in()
            try:
                yield scene
            finally:
                await scene.service.kill()
