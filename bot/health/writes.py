"""Notices what the machine refuses: a full disk, a lock, too many open files, no memory.

Operators are told when that begins and when it is over. Each part that writes retries by itself;
here it is only recorded which part was refused what. A cause is over when all of them have written
again for a while: on a nearly full disk one small write may succeed where the next fails.
"""

import asyncio
import errno
import os
import sqlite3
import time
from collections import defaultdict
from dataclasses import dataclass, field

from bot.intake.posts import ElsewhereError
from bot.telegram.clients import Client
from handlers.operators.troubles import Troubles
from storage.connection import Database
from storage.errors import Cause, DamagedError, StorageError, UnavailableError
from storage.sqlite.meanings import meaning_of

LOOK_SECONDS = 2.0
CALM_SECONDS = 6.0
DAMAGE = "damage"
"""The cause for a damaged place in the database: over when a check of the whole file finds none
(``bot.health.monitor``)."""

_MANY_FILES = "too many files are open"


@dataclass(slots=True)
class _Refusal:
    """``behind``: the parts that were refused and have not written since."""

    behind: set[str] = field(default_factory=set)
    last_at: float = 0.0


class Refusals:
    """Records which part was refused what. Pure; times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._refusals: defaultdict[Cause, _Refusal] = defaultdict(_Refusal)

    def refused(self, who: str, cause: Cause, now: float) -> None:
        """Note that ``who`` could not write."""
        refusal = self._refusals[cause]
        refusal.behind.add(who)
        refusal.last_at = now

    def wrote(self, who: str) -> None:
        """Note that ``who`` has written."""
        for refusal in self._refusals.values():
            refusal.behind.discard(who)

    def take_over(self, now: float) -> list[Cause]:
        """The causes that are over; each is returned once."""
        over = [
            cause
            for cause, refusal in self._refusals.items()
            if not refusal.behind and now - refusal.last_at >= CALM_SECONDS
        ]
        for cause in over:
            del self._refusals[cause]
        return over


class Writes:
    """Reports to ``troubles`` what the database and the sessions are refused."""

    def __init__(self, database: Database, troubles: Troubles) -> None:
        self._troubles = troubles
        self._refusals = Refusals()
        database.listen(self._database_reported)

    def follow(self, client: Client) -> None:
        """Listen to the session of a client too."""

        def reported(error: sqlite3.Error | None) -> None:
            meaning = None if error is None else meaning_of(error, client.session.filename)
            self._reported(f"{client.account}.session", meaning)

        client.session.listen(reported)

    async def run(self) -> None:
        """End causes that are over, and try whether files can be opened, until cancelled."""
        while True:
            self._try_files()
            for cause in self._refusals.take_over(time.monotonic()):
                self._troubles.end(cause)
            await asyncio.sleep(LOOK_SECONDS)

    def _database_reported(self, error: StorageError | None) -> None:
        if isinstance(error, DamagedError):
            self._troubles.begin(DAMAGE, reason="database", text=str(error))
        else:
            self._reported("database", error)

    def _reported(self, who: str, error: StorageError | None) -> None:
        if isinstance(error, ElsewhereError):
            return  # nothing was refused: another process writes what is of that channel
        if error is None:
            self._refusals.wrote(who)
        elif isinstance(error, UnavailableError):
            self._refused(who, error.cause, str(error))
        else:
            # What is wrong with a session in another way lasts as long as it is behind.
            self._refused(who, "disk", str(error))

    def _refused(self, who: str, cause: Cause, text: str) -> None:
        self._refusals.refused(who, cause, time.monotonic())
        self._troubles.begin(cause, reason="write", text=text)

    def _try_files(self) -> None:
        try:
            os.close(os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._refused("files", "files", _MANY_FILES)
        else:
            self._refusals.wrote("files")
