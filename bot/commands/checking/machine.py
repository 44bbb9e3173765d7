"""The machine that it runs on: the forms of settings, the disk, the clock."""

import re
import shutil
import stat
from pathlib import Path

from bot.commands.checking.findings import Finding, warning
from bot.health import instance
from bot.settings import Settings
from handlers.sources import references
from handlers.sources.references import NoReferenceError
from storage.errors import UsageError
from storage.location import location_of
from storage.upgrading import looking

ENOUGH_DISK = 1 << 30
"""Bytes: a million posts take about as much."""
MOST_SKEW = 30.0
"""Seconds: of messages from further in the future, Telegram takes none (core.telegram.org/mtproto/
service_messages_about_messages, error 17); those from 300 seconds ago are refused too (16)."""


def list_wrong_forms(settings: Settings) -> list[UsageError]:
    """The settings that cannot be what they should be, by their form alone."""
    wrong = []
    if settings.api_hash and not re.fullmatch(r"[0-9a-fA-F]{32}", settings.api_hash):
        wrong.append(
            UsageError(
                "is not of 32 digits and letters from a to f",
                where="API_HASH",
                hint="copy it from https://my.telegram.org again",
            )
        )
    for text in settings.channels:
        try:
            references.parse_reference(text)
        except NoReferenceError as error:
            wrong.append(
                UsageError(
                    f"{text!r} {error.what}",
                    where="CHANNELS",
                    hint="give each as @name, a t.me link or a number, with commas between them",
                )
            )
    return wrong


def look_at_env_file(path: Path) -> Finding | None:
    """That others can read the file of settings, where it is there and they can."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return None
    return warning(str(path), "other users of this machine can read it", f"`chmod 600 {path}`")


async def look_at_database(settings: Settings) -> list[Finding]:
    """What is to be said of a database on a server. Raises SchemaTooNewError where the database is
    of a newer version, ServiceError where the one that was served is away, other DatelineErrors
    where that can't be told."""
    location = location_of(settings.database_url)
    present = await looking.look_at(location)
    instance.refuse_missing(settings.data_dir, location, present)
    if present.server is None:
        return []
    found = [Finding(where="DATABASE_URL", what=f"{location.shown}, {present.server}")]
    if present.is_pooled:
        found.append(
            warning(
                "DATABASE_URL",
                "a pooler stands between, so that statements are planned anew each time",
                "it works where it lends a connection for a transaction at least, and six to each"
                " process; name the server itself to be faster",
            )
        )
    return found


def look_at_disk(settings: Settings) -> Finding:
    """How much room there is where the database and the sessions lie."""
    try:
        free = shutil.disk_usage(settings.data_dir).free
    except OSError as error:
        return warning("DATA_DIR", f"{settings.data_dir}: {error.strerror}")
    return judge_room(settings.data_dir, free)


def judge_room(folder: Path, free: int) -> Finding:
    """The finding about a folder with this number of free bytes."""
    told = f"{folder}, {_size(free)} free"
    if free >= ENOUGH_DISK:
        return Finding(where="DATA_DIR", what=told)
    return warning("DATA_DIR", told, "make room: a million posts take about 1 GB")


def _size(count: int) -> str:
    return f"{count / 1e9:.0f} GB" if count >= 10e9 else f"{count / 1e9:.1f} GB"


def look_at_clock(behind: float) -> Finding:
    """What it means that our clock is ``behind`` Telegram's, in seconds; negative: before it."""
    if abs(behind) <= MOST_SKEW:
        return Finding(where="clock", what="as Telegram's")
    way = "behind" if behind > 0 else "ahead of"
    return warning(
        "clock",
        f"{_span(abs(behind))} {way} Telegram's: digests and quiet hours go by it, and far off"
        " Telegram takes no message",
        "set it, best by NTP",
    )


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
