"""A stage for one fault: a sandbox, the real service, a subscriber, and the count at the end."""

import asyncio
import contextlib
import itertools
import json
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

import httpx2
from addresses import free_port
from chaos_count import Count, Deeds

from bot.demo import process as demo_process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from bot.sandbox.world.channels import Post

LOOKS_OFTEN = (
    "-c",
    "import sys; from bot import cli; from bot.delivering import deliverer;"
    "deliverer.LONGEST_SLEEP = 2.0; sys.exit(cli.main(['run']))",
)
"""The service as ever; what another process queues is sent within two seconds, not a minute."""
PHONE = "+15550000001"
PATIENCE = 120.0
"""Seconds within which all must be well again after a fault is gone."""


class FailedError(Exception):
    """The service did not do what it promises; the text says what."""


class Stage:
    """What a case plays on. ``ann`` has an alert on the word ferry; ``watcher`` reads ``news``.

    ``is_short``: faults last as long as it takes to strike, not as long as they may.
    """

    def __init__(self, sandbox: Sandbox, folder: Path, *, is_short: bool) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.is_short = is_short
        self.watcher = sandbox.add_user("Watcher", phone=PHONE)
        self.bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")  # noqa: S106
        self.news = sandbox.add_channel("Harbour News", username="harbour", members=[self.watcher])
        self.ann = sandbox.add_user("Ann", username="ann")
        self.chat = self.ann.chat_with(self.bot)
        self.deeds = Deeds()
        self.port = free_port()
        self.environment = demo_process.environment_for(
            sandbox,
            self.bot,
            folder,
            "@harbour",
            LOG_LEVEL="warning",
            METRICS_ADDRESS=f"127.0.0.1:{self.port}",
            RECONCILE_INTERVAL="2",
            SCAN_REQUESTS_PER_MINUTE="600",
            BURST_AFTER="0",
            SEND_RATE_CHAT="50",
            PRESSES_PER_MINUTE="6000",
        )
        self.service = ServiceProcess(self.environment, folder)
        self.notes: list[str] = []
        self._marks = itertools.count(1)

    @property
    def database(self) -> Path:
        """Where the service keeps what it knows."""
        return self.folder / "data" / "dateline.db"

    async def begin(self, **changes: str) -> None:
        """Log in, start the service and subscribe."""
        await demo_process.log_in(self.environment, self.folder, PHONE)
        await self.start(**changes)
        await self.chat.ask("/alert ferry", timeout=PATIENCE)

    async def start(self, *arguments: str, **changes: str) -> None:
        """Start the service (again)."""
        self.service = ServiceProcess({**self.environment, **changes}, self.folder)
        program = LOOKS_OFTEN if self.is_short else demo_process.RUN
        await self.service.start(*(("run", *arguments) if arguments else ()), program=program)
        await self.service.wait_ready(PATIENCE)

    async def post(self, count: int = 1, words: str = "", **details: Any) -> list[Post]:
        """Post news that Ann must be told of, each once."""
        return [await self.news.post(self.text(words), **details) for _ in range(count)]

    def text(self, words: str = "") -> str:
        """A post's words: no two are alike, and each carries a mark that is counted."""
        mark = f"zq{next(self._marks)}x"
        self.deeds.due.add(mark)
        return f"{mark} ferry {mark[::-1]} {words}".rstrip()

    async def count(self) -> Count:
        """What came of it so far."""
        ledger = self.sandbox.ledger
        posted = {(item.channel.id, item.id) for item in ledger.posted}
        received = ledger.received_by(self.ann)
        return await asyncio.to_thread(Count.of, self.deeds, posted, received, self.folder)

    async def settle(self, *, patience: float = PATIENCE) -> Count:
        """Wait until nothing is missing any more, or nothing has changed for ``patience`` seconds,
        or five times as long has passed; then a moment longer for what may come twice."""
        count, changed_at = await self.count(), time.monotonic()
        ends_at = changed_at + 5 * patience
        while not count.is_settled and time.monotonic() < min(changed_at + patience, ends_at):
            await asyncio.sleep(0.3)
            before, count = count, await self.count()
            if count.figures != before.figures:
                changed_at = time.monotonic()
        await self.chat.ask("/help", timeout=patience)
        return await self.count()

    async def until(self, is_so: Callable[[], bool], what: str, *, within: float) -> float:
        """Wait until something is so; gives the seconds that it took. Raises FailedError."""
        started = time.monotonic()
        while not is_so():
            if time.monotonic() - started > within:
                raise FailedError(f"{what} not within {within:.0f} s")
            await asyncio.sleep(0.1)
        return time.monotonic() - started

    async def reasons(self) -> list[str] | None:
        """Why the service says that it is not ready; empty where it is; None without an answer."""
        try:
            async with httpx2.AsyncClient(timeout=5, trust_env=False) as web:
                answer = await web.get(f"http://127.0.0.1:{self.port}/readyz")
            return list(answer.json()["reasons"])
        except (httpx2.HTTPError, ValueError, KeyError):
            return None

    async def wait_health(self, reason: str | None, *, within: float = PATIENCE) -> float:
        """Wait until it is not ready for this reason (None: ready); gives the seconds it took."""
        started = time.monotonic()
        while True:
            said = await self.reasons()
            if said is not None and (reason in said if reason else not said):
                return time.monotonic() - started
            if time.monotonic() - started > within:
                raise FailedError(f"/readyz says {said}, not {reason or 'ready'}")
            await asyncio.sleep(0.2)

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run another command beside the service; its status and what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env=demo_process.clean_environment(self.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        return process.returncode or 0, out.decode()

    async def json(self, *arguments: str) -> Any:
        """What another command prints as JSON."""
        status, out = await self.command(*arguments, "--json")
        if status:
            raise FailedError(f"dateline {' '.join(arguments)} ended with {status}")
        return json.loads(out)

    def execute(self, sql: str) -> None:
        """Run a statement on the service's database, as somebody with the file can."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as db, db:
            db.execute(sql)

    @contextlib.contextmanager
    def locked(self, kind: str = "IMMEDIATE") -> Any:
        """Hold the database's lock, as another process may."""
        db = sqlite3.connect(self.database, timeout=30, isolation_level=None)
        try:
            db.execute(f"BEGIN {kind}")
            yield
            db.execute("ROLLBACK")
        finally:
            db.close()

    async def end(self) -> None:
        """End the process."""
        await self.service.kill()


@asynccontextmanager
async def staged(folder: Path, *, is_short: bool) -> AsyncIterator[Stage]:
    """A stage with a sandbox of its own; all that runs ends with it."""
    async with Sandbox.start() as sandbox:
        stage = Stage(sandbox, folder, is_short=is_short)
        try:
            yield stage
        finally:
            await stage.end()
