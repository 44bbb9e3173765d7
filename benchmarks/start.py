"""From the start of the process to ready, and the memory it takes: ``--queries N --posts N``.

The real service on the sandbox: seconds until ``/readyz`` says 200 and until all saved queries are
held (until then posts wait), seconds of the processor, and MB of memory after that, with an empty
database and with one of ``--queries`` saved queries and ``--posts`` posts, parsed anew as after a
kill and kept compiled as after a clean stop; the best of ``--rounds`` starts each. The first start
of all only makes the database and Python's compiled files. ``--database PATH``: a database that
``search.py`` has filled is copied and served. ``--short``: 5,000 queries and no posts.
``--installed``: what lies in a fresh environment from ``requirements.lock``, in MB; it asks the
package index. ``--json`` prints one object.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import httpx2
from addresses import free_port
from filled import open_filled
from posts import Corpus

from bot.app import kept_queries
from bot.demo import process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from storage.query.reading.syntax import parse

ROOT = Path(__file__).resolve().parents[1]
PHONE = "+15550000001"
PATIENCE = 300.0
ALERTS_A_CHAT = 50
FIRST_CHAT = 5_000_000_000


class Stage:
    """A sandbox's bot and account, and the service's data in ``folder``."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        watcher = sandbox.add_user("Watcher", phone=PHONE)
        account = sandbox.add_bot("lookout_bot")
        sandbox.add_channel("Harbour News", username="harbour", members=[watcher])
        self.folder = folder
        self.port = free_port()
        self.environment = process.environment_for(
            sandbox,
            account,
            folder,
            "@harbour",
            LOG_LEVEL="warning",
            METRICS_ADDRESS=f"127.0.0.1:{self.port}",
            PYTHONDONTWRITEBYTECODE="",
            PYTHONPYCACHEPREFIX=str(folder / "compiled"),
        )

    @property
    def database(self) -> Path:
        return self.folder / "data" / "dateline.db"

    async def start(self) -> dict[str, float]:
        """Start the service and end it again; gives what that took."""
        service = ServiceProcess(self.environment, self.folder)
        begun = time.perf_counter()
        await service.start()
        try:
            await self._until_ready()
            taken = time.perf_counter() - begun
            await self._until_loaded()
            loaded = time.perf_counter() - begun
            seconds = _processor_seconds(service.pid)
            await asyncio.sleep(1)  # what is done once, beside the service, is at work
            return {
                "seconds": taken,
                "loaded_seconds": loaded,
                "processor_seconds": seconds,
                "memory_mb": _memory(service.pid, "VmRSS"),
                "peak_memory_mb": _memory(service.pid, "VmHWM"),
            }
        finally:
            await service.stop(60)

    async def _until_ready(self) -> None:
        async with (
            asyncio.timeout(PATIENCE),
            httpx2.AsyncClient(timeout=5, trust_env=False) as web,
        ):
            while True:
                with contextlib.suppress(httpx2.HTTPError):
                    answer = await web.get(f"http://127.0.0.1:{self.port}/readyz")
                    if answer.status_code == 200:
                        return
                await asyncio.sleep(0.01)

    async def _until_loaded(self) -> None:
        """Wait until the service holds all saved queries."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as db:
            number = db.execute("SELECT count(*) FROM alert").fetchone()[0]
        wanted = f"dateline_alerts {number}"
        url = f"http://127.0.0.1:{self.port}/metrics"
        async with (
            asyncio.timeout(PATIENCE),
            httpx2.AsyncClient(timeout=5, trust_env=False) as web,
        ):
            while True:
                with contextlib.suppress(httpx2.HTTPError):
                    if _has_line((await web.get(url)).text, wanted):
                        return
                await asyncio.sleep(0.05)

    async def measure(self, rounds: int, *, kept: bool = False) -> dict[str, float]:
        """Of some starts the best of each figure; ``kept``: with what the last stop compiled."""
        found = []
        for _ in range(rounds):
            if not kept:
                (self.database.parent / kept_queries.NAME).unlink(missing_ok=True)
            found.append(await self.start())
        return {name: round(min(one[name] for one in found), 2) for name in found[0]}


def _has_line(metrics: str, wanted: str) -> bool:
    return any(line in (wanted, f"{wanted}.0") for line in metrics.splitlines())


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def save_queries(database: Path, number: int) -> None:
    """Save ``number`` queries, 50 for each subscriber."""
    corpus = Corpus()
    now = int(time.time())
    chats = range(FIRST_CHAT, FIRST_CHAT + number // ALERTS_A_CHAT + 1)
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as db, db:
        db.executemany(
            "INSERT INTO subscriber (chat_id, admitted, created_at) VALUES (?, 1, ?)",
            [(chat, now) for chat in chats],
        )
        db.executemany(
            "INSERT OR IGNORE INTO alert (chat_id, query, created_at) VALUES (?, ?, ?)",
            _rows(corpus, number, now),
        )


def _rows(corpus: Corpus, number: int, now: int) -> Iterator[tuple[int, str, int]]:
    for place in range(number):
        yield FIRST_CHAT + place // ALERTS_A_CHAT, parse(corpus.query()).text, now


async def store_posts(database: Path, number: int) -> None:
    """Store ``number`` posts."""
    held = await open_filled(database, number=number)
    await held.close()


def installed_mb(folder: Path) -> float:
    """What the packages of ``requirements.lock`` take in a fresh environment, pip left out."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = folder / "bin" / "pip"
    lock = str(ROOT / "requirements.lock")
    subprocess.run([pip, "install", "--quiet", "--no-compile", "-r", lock], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    foreign = ("pip", "setuptools", "pkg_resources", "_distutils_hack")
    files = [
        path
        for path in packages.rglob("*")
        if path.is_file() and not path.relative_to(packages).parts[0].startswith(foreign)
    ]
    return round(sum(path.stat().st_size for path in files) / 2**20, 1)


async def measure(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """All that is asked for, by name."""
    async with Sandbox.start() as sandbox:
        stage = Stage(sandbox, folder)
        await process.log_in(stage.environment, folder, PHONE)
        await stage.start()
        found: dict[str, Any] = {"empty": await stage.measure(asked.rounds)}
        if asked.database is not None:
            shutil.copy(asked.database, stage.database)
        if asked.posts:
            await store_posts(stage.database, asked.posts)
        save_queries(stage.database, asked.queries)
        await stage.start()
        about = {"queries": asked.queries, "posts": asked.posts}
        found["filled"] = about | await stage.measure(asked.rounds)
        found["kept"] = about | await stage.measure(asked.rounds, kept=True)
    return found


def show(found: dict[str, Any]) -> None:
    """Print what was measured."""
    print("                          ready, s  loaded, s  processor, s  memory, MB  at its peak")
    for name in ("empty", "filled", "kept"):
        one = found[name]
        how = ", kept" if name == "kept" else ""
        about = f"{one['queries']:,} queries{how}" if "queries" in one else name
        print(
            f"{about:25} {one['seconds']:9.2f} {one['loaded_seconds']:10.2f}"
            f" {one['processor_seconds']:13.2f}"
            f" {one['memory_mb']:11.0f} {one['peak_memory_mb']:12.0f}"
        )
    if "installed_mb" in found:
        print(f"installed: {found['installed_mb']:.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--posts", type=int, default=0)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--installed", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.short:
        asked.queries, asked.posts, asked.rounds = 5_000, 0, 1
    with tempfile.TemporaryDirectory(prefix="dateline-start-") as name:
        folder = Path(name)
        found = asyncio.run(measure(folder, asked))
        if asked.installed:
            found["installed_mb"] = installed_mb(folder / "clean")
    print(json.dumps(found)) if asked.json else show(found)


if __name__ == "__main__":
    main()
