"""A stage for the real process: a sandbox with people and a channel, and the service."""

import asyncio
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import postgresql
import pytest
from addresses import free_address
from plain_web import plain_web
from sqlites_own import why_not
from warm import Nursery, WarmProcess

from bot import settings
from bot.demo import process as demo_process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from handlers.texts.languages import words_of
from storage import database
from storage.documents import documents
from storage.languages import catalogue
from storage.outbox import outbox

PHONE = "+15550000001"
PATIENCE = 120.0
"""Seconds for what takes several steps, some of them after waits, on a busy machine."""
LONG_PATIENCE = 180.0
"""Seconds for what the service finds out by itself, after several looks."""


def hasty(*times: str) -> tuple[str, str]:
    """What Python is to run: the service with some of its times set before it begins.

    Each of ``times`` is like ``bot.delivering.deliverer.LONGEST_SLEEP = 1.0``.
    """
    modules = {
        one
        for time in times
        for one in re.findall(r"\b(?:bot|storage)(?:\.[a-z_]+)+(?=\.[A-Z_])", time)
    }
    imports = [f"import {module}" for module in ("sys", "bot.cli", *sorted(modules))]
    return "-c", "\n".join([*imports, *times, 'sys.exit(bot.cli.main(["run"]))'])


def _notices() -> re.Pattern[str]:
    """All notices to the operator, whatever they tell, in every language."""
    texts = [
        text for code in catalogue.spoken() for text in words_of(code).watching.notices.values()
    ]
    parts = (re.split(r"\{[a-z]+\}", text) for text in texts)
    return re.compile("|".join(".*".join(map(re.escape, one)) for one in parts), re.DOTALL)


NOTICES = _notices()


def is_unasked(text: str) -> bool:
    """Whether the bot says this of itself: an alert, or a notice to the operator."""
    return text.startswith("🔔") or NOTICES.fullmatch(text) is not None


SHOWN = 400
"""The most lines of a service's log that are shown with a test that failed."""


class Stage:
    """What a test plays on. ``ann`` subscribes; the account ``watcher`` is in ``news``."""

    def __init__(
        self, sandbox: Sandbox, folder: Path, nursery: Nursery, database_url: str | None = None
    ) -> None:
        self.sandbox = sandbox
        self._nursery = nursery
        self.folder = folder
        self.database_url = database_url or f"sqlite:///{folder / 'data' / 'dateline.db'}"
        self.watcher = sandbox.add_user("Watcher", phone=PHONE)
        self.bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
        self.bot.is_unasked = is_unasked
        self.news = sandbox.add_channel("Harbour News", username="harbour", members=[self.watcher])
        self.closed = self.news
        self.ann = sandbox.add_user("Ann", username="ann")
        self.chat = self.ann.chat_with(self.bot)
        self.environment = demo_process.environment_for(
            sandbox,
            self.bot,
            folder,
            "@harbour",
            BURST_AFTER="0",
            READ_ON_WATCH="",
            SEND_RATE_CHAT="50",
            SCAN_REQUESTS_PER_MINUTE="600",
            **({"DATABASE_URL": database_url} if database_url else {}),
        )
        self._services: list[ServiceProcess] = []

    def settings(self, **changes: str) -> settings.Settings:
        """The settings as the process would read them."""
        empty = self.folder / "no.env"
        empty.touch()
        return settings.load({**self.environment, **changes}, empty)

    async def log_in(self) -> None:
        """Log the watching account in, in two steps."""
        await demo_process.log_in(self.environment, self.folder, PHONE)

    def process(self, **changes: str) -> ServiceProcess:
        """A process that is not started yet, and starts warm; ended with the test in any case."""
        service = WarmProcess(self._nursery, {**self.environment, **changes}, self.folder)
        self._services.append(service)
        return service

    def cold_process(self, **changes: str) -> ServiceProcess:
        """The same, started as an operator does it."""
        service = ServiceProcess({**self.environment, **changes}, self.folder)
        self._services.append(service)
        return service

    async def run(self, *times: str, **changes: str) -> ServiceProcess:
        """Start the service, warm, and wait until it is ready. ``times``: see ``hasty``."""
        service = self.process(**changes)
        await service.start(program=hasty(*times) if times else demo_process.RUN)
        await service.wait_ready(PATIENCE)
        return service

    async def end(self) -> None:
        """End every process. What each logged last is shown with a test that failed."""
        for service in self._services:
            await service.kill()
            sys.stdout.writelines(f"{line}\n" for line in list(service.lines)[-SHOWN:])

    def alerts(self) -> list[Any]:
        """The alerts that Ann received, by the ledger."""
        received = self.sandbox.ledger.received_by(self.ann)
        return [message for message in received if message.text.startswith("🔔")]

    def told(self, words: str) -> list[str]:
        """What Ann was told with these words in it."""
        received = [message.text for message in self.sandbox.ledger.received_by(self.ann)]
        return [text for text in received if words in text]

    async def until_told(self, words: str) -> str:
        """Wait until she is; gives it."""
        found = await self.sandbox.wait_for(lambda: self.told(words) or None, timeout=LONG_PATIENCE)
        return str(found[0])

    async def until_reasons(self, *reasons: str) -> None:
        """Wait until the service says that these keep it from being ready: none when it is."""
        address = self.environment["METRICS_ADDRESS"]
        async with plain_web() as web, asyncio.timeout(LONG_PATIENCE):
            while True:
                answer = (await web.get(f"http://{address}/readyz", timeout=LONG_PATIENCE)).json()
                if answer == {"ready": not reasons, "reasons": [*reasons]}:
                    return
                await asyncio.sleep(0.05)

    def told_twice(self) -> list[str]:
        """Alerts that somebody received more than once: of the same posts, in the same words. Where
        the server forgot the ids that messages were sent under, nobody could know."""
        ledger = self.sandbox.ledger
        if any(one.outcome == "forgotten" for one in ledger.duplicates):
            return []
        seen: Counter[Any] = Counter()
        for one in ledger.received:
            to = getattr(one, "recipient", getattr(one, "channel", None))
            links = tuple(getattr(entity, "url", None) for entity in one.entities)
            if one.text.startswith("🔔") and any(links):
                seen[to, one.text, links] += 1
        return [text for (_, text, _), count in seen.items() if count > 1]

    async def wait_stored(self, *posts: Any) -> None:
        """Wait until the service has stored these posts."""
        ids = [f"tg:{post.channel.id}/{post.id}" for post in posts]

        async def is_stored(conn: Any) -> bool:
            return len(await documents.find_documents(conn, ids)) == len(ids)

        await self.wait_database(is_stored)

    async def wait_drained(self) -> None:
        """Wait until the service has nothing left to send."""

        async def is_drained(conn: Any) -> bool:
            return not (await outbox.count_by_state(conn)).get("queued")

        await self.wait_database(is_drained)

    async def wait_database(self, is_so: Callable[[Any], Awaitable[bool]]) -> None:
        """Read the service's database until something is so; it cannot tell us by itself."""
        db = await database.open_database(self.database_url)
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    async with db.reader() as conn:
                        if await is_so(conn):
                            return
                    await asyncio.sleep(0.02)
        finally:
            await db.close()


ENGINE = os.environ.get("ENGINE", "sqlite")
"""On which the tests are played that say nothing else: ``sqlite`` or ``postgres``."""


ADDRESSES = {
    "postgres": "new_postgres_url",
    "pooled": "pooled_url",
    "own server": "own_server_url",
}
"""The fixtures with the addresses of databases that are no files, by the engine."""


@pytest.fixture
def engine() -> str:
    """The engine of the stage's database; a test that is for both takes it as a parameter."""
    return ENGINE


@pytest.fixture
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL of this test's own, which may be ended, and what it committed outlives that."""
    with postgresql.serve_alone(postgresql.LASTING) as server:
        yield server


@pytest.fixture
def own_server_url(server: postgresql.Server) -> str:
    return server.url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is SQLite's own where another engine is played."""
    for item in items if ENGINE != "sqlite" else ():
        is_ours = Path(__file__).parent in item.path.parents
        if is_ours and (reason := why_not(item.nodeid)):
            item.add_marker(pytest.mark.skip(reason=f"SQLite's own: {reason}"))


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where services are started warm."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
async def stage(
    tmp_path: Path, nursery: Nursery, engine: str, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """A sandbox that serves, with nobody logged in yet."""
    url = request.getfixturevalue(ADDRESSES[engine]) if engine in ADDRESSES else None
    async with Sandbox.start() as sandbox:
        made = Stage(sandbox, tmp_path, nursery, url)
        try:
            yield made
        finally:
            await made.end()
        assert made.told_twice() == []


@pytest.fixture
async def new_stage(stage: Stage) -> Stage:
    """The stage with the watching account logged in; the first start makes the database."""
    await stage.log_in()
    return stage


@pytest.fixture
def ready_stage(new_stage: Stage, ready_database: Path) -> Stage:
    """The same. Where the database is a file it is there, with nothing in it: to make one takes as
    long as the rest of a start."""
    path = new_stage.folder / "data" / "dateline.db"
    if new_stage.database_url == f"sqlite:///{path}":
        shutil.copy(ready_database, path)
    return new_stage


@pytest.fixture
async def operated_stage(ready_stage: Stage) -> AsyncIterator[Stage]:
    """It watches a public channel and ``closed``, a private one, by one account, with previews to
    fall back on; Ann is its operator."""
    made = ready_stage
    made.closed = made.sandbox.add_channel("Closed Harbour", members=[made.watcher])
    async with made.sandbox.serve_previews() as previews:
        made.environment |= {
            "PREVIEW_BASE_URL": previews.address,
            "ADMINS": str(made.ann.id),
            "METRICS_ADDRESS": free_address(),
            "RECONCILE_INTERVAL": "0.5",
            "SCAN_REQUESTS_PER_MINUTE": "6000",
            "CHANNELS": f"@harbour -100{made.closed.id}",
        }
        yield made
