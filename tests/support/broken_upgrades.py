"""Upgrades copies of a database, each ended at another moment; run as a program of its own.

    python broken_upgrades.py FORMER FOLDER killed|full COUNT

``killed``: by SIGKILL, in the middle of statements and between them. ``full``: no file may grow
beyond some size. Every copy is upgraded once more afterwards, without that. Prints a line of JSON
for each: the copy, how the first try ended (its status, below 0 for a signal), what it said, how
many migrations it left done, and how the second ended.
"""

import asyncio
import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.commands import status
from storage.database import open_database
from storage.sqlite import engine

STEPS = 200
"""Steps of SQLite's machine between two moments."""
ROOM = 4 << 20
"""More than the upgrade of such a small database takes."""


class Moments:
    """Counts moments, and ends the process at one of them."""

    def __init__(self, last: int | None = None) -> None:
        self._last = last
        self.count = 0

    def pass_one(self) -> None:
        """One more."""
        self.count += 1
        if self.count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Be told of every statement, and of every so many steps within one."""
        execute = engine.SqliteConnection.execute

        async def counted(self_: Any, sql: str, parameters: Any = ()) -> int:
            self.pass_one()
            return await execute(self_, sql, parameters)

        def look() -> bool:
            self.pass_one()
            return False

        sign = SimpleNamespace(is_set=look)
        engine.GIVE_UP_STEPS = STEPS
        connection: Any = engine.SqliteConnection
        connection.execute = counted
        connection._given_up = property(lambda _: sign, lambda *_: None)


def upgrade(path: Path) -> int:
    """Open it as every command does; gives the exit status, and says what kept from it."""

    async def opened() -> int:
        await (await open_database(f"sqlite:///{path}")).close()
        return 0

    return status.status_of(lambda: asyncio.run(opened()))


def in_child(work: Callable[[], int], said: Path) -> int:
    """The status of what is done in a process of its own; what it says goes into a file."""
    pid = os.fork()
    if not pid:
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
        os._exit(work())
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def copies(former: Path, folder: Path, count: int) -> Iterator[Path]:
    """Copies of the database, one after the other."""
    for number in range(count):
        yield Path(shutil.copy(former, folder / f"{number}.db"))


def count_moments(path: Path) -> int:
    """How many there are in an upgrade that nothing ends."""
    moments = Moments()

    def work() -> int:
        moments.watch()
        upgrade(path)
        path.with_suffix(".count").write_text(str(moments.count), encoding="utf-8")
        return 0

    in_child(work, path.with_suffix(".said"))
    return int(path.with_suffix(".count").read_text(encoding="utf-8"))


def main(former: Path, folder: Path, way: str, count: int) -> None:
    """Do it, and print what became of each."""
    whole = Path(shutil.copy(former, folder / "whole.db"))
    every = count_moments(whole)
    for number, path in enumerate(copies(former, folder, count)):
        share = (number + 0.5) / count

        def broken(path: Path = path, share: float = share) -> int:
            if way == "killed":
                Moments(1 + int(share * every)).watch()
            else:
                most = int(share**2 * ROOM / 4)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            return upgrade(path)

        said = path.with_suffix(".said")
        first = in_child(broken, said)
        line = said.read_text(encoding="utf-8")
        left = sqlite3.connect(path)
        is_sound = left.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (done,) = left.execute("SELECT count(*) FROM schema_migration").fetchone()
        left.close()
        again = in_child(lambda path=path: upgrade(path), said)  # type: ignore[misc]
        told = {"path": str(path), "first": first, "said": line, "sound": is_sound, "done": done}
        sys.stdout.write(json.dumps(told | {"again": again}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
