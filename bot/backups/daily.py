"""Automatic backups: one a day into a folder, of which some are kept.

When the last one was made stands in the names of the files, so that nothing needs to be remembered.
Files of other names, and of other instances, are nobody's to remove.
"""

import asyncio
import re
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from msgspec import Struct

from bot.backups import forgotten, taking
from bot.backups.taking import Taken
from bot.settings import Settings
from handlers.operators.troubles import Troubles
from storage.errors import DatelineError, StorageError
from storage.location import file_of
from storage.sqlite import file as sqlite_file

EVERY = timedelta(days=1)
RETRY = timedelta(hours=1)
CAUSE = "backup"

_NAME = re.compile(r"dateline-(?P<instance>[0-9a-f]{8})-(?P<at>\d{8}T\d{6}Z)\.db")
_AT = "%Y%m%dT%H%M%SZ"

log = structlog.get_logger("backups")


class Made(Struct, frozen=True, kw_only=True):
    """A backup that is in the folder, and when it was made."""

    path: Path
    at: datetime


def path_for(folder: Path, instance: str, at: datetime) -> Path:
    """Where the backup goes that is made at this time; ``instance`` is the name of the instance."""
    return folder / f"dateline-{instance[:8]}-{at.astimezone(UTC):{_AT}}.db"


def list_made(folder: Path, instance: str) -> list[Made]:
    """The backups of an instance, newest first. Raises OSError."""
    found = []
    for path in folder.iterdir():
        match = _NAME.fullmatch(path.name)
        if match and match["instance"] == instance[:8] and path.is_file():
            at = datetime.strptime(match["at"], _AT).replace(tzinfo=UTC)
            found.append(Made(path=path, at=at))
    return sorted(found, key=lambda made: made.at, reverse=True)


def is_due(made: Sequence[Made], failed_at: datetime | None, now: datetime) -> bool:
    """Whether it is time for another. One of a later time than it is was made while the clock was
    wrong."""
    if failed_at is not None and abs(now - failed_at) < RETRY:
        return False
    return not any(abs(now - one.at) < EVERY for one in made)


class Daily:
    """Makes them, of the database ``source`` into ``folder``, and keeps the last ``keep``."""

    def __init__(self, source: Path, folder: Path, *, keep: int, troubles: Troubles) -> None:
        self._source = source
        self._folder = folder
        self._keep = keep
        self._troubles = troubles
        self._failed_at: datetime | None = None
        self._is_unsound = False
        self.made_at: datetime | None = None
        """When the last one was made that is there, as far as that was looked at."""
        self._stopped = threading.Event()

    async def look(self) -> None:
        """Make one if it is time for it. What fails is a trouble until one was made."""
        now = datetime.now(UTC)
        if self._failed_at is not None and not is_due((), self._failed_at, now):
            return
        try:
            taken = await asyncio.to_thread(self._make, now)
        except asyncio.CancelledError:
            self._stopped.set()
            raise
        except (DatelineError, OSError) as error:
            self._failed_at = now
            log.error("the backup failed", error=str(error))
            self._troubles.begin(CAUSE, reason="backup", text=str(error))
            return
        if taken is not None:
            self._is_unsound = False
            log.info("a backup was made", file=str(taken.path), size=taken.size)
        self._failed_at = None
        if not self._is_unsound:
            self._troubles.end(CAUSE)

    def _make(self, now: datetime) -> Taken | None:
        """The backup, or None where it is not time for one. It blocks."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        identity = sqlite_file.find_identity(self._source)
        name = identity.name if identity else "0" * 8
        made = list_made(self._folder, name)
        self.made_at = made[0].at if made else None
        if not is_due(made, None, now):
            return None
        self._remove_parts(name)
        target = path_for(self._folder, name, now)
        taken = taking.take(
            self._source,
            target,
            now=now,
            watch=self._watch,
            goes_on=lambda: not self._stopped.is_set(),
        )
        forgotten.add_all(forgotten.path_beside(self._source), forgotten.path_beside(target))
        self._is_unsound = not taken.report.ok
        if self._is_unsound:
            raise StorageError(
                f"what it holds is not in order: {taken.report.problems[0]}",
                where=str(target),
                hint="see `dateline verify`; older backups are kept",
            )
        self.made_at = now
        self._prune(name)
        return taken

    def _watch(self, _left: int, _pages: int) -> None:
        if self._stopped.is_set():
            raise StorageError("the backup was given up", where=str(self._folder))

    def _remove_parts(self, instance: str) -> None:
        """Remove what a crash has left; nobody else makes backups of this instance here."""
        for path in self._folder.glob(f".dateline-{instance[:8]}-*.db{taking.PART}*"):
            path.unlink(missing_ok=True)

    def _prune(self, instance: str) -> None:
        """Remove the oldest, now that a new one was checked."""
        for one in list_made(self._folder, instance)[self._keep :]:
            one.path.unlink(missing_ok=True)
            log.info("an old backup was removed", file=str(one.path))


def daily_of(settings: Settings, troubles: Troubles) -> Daily | None:
    """What makes the daily backups; None where none are wanted. Raises UsageError for a database
    that is no file."""
    if settings.backup_dir is None:
        return None
    path = file_of(settings.database_url, "unset BACKUP_DIR, and use pg_dump")
    return Daily(path, settings.backup_dir, keep=settings.backup_keep, troubles=troubles)
