"""Where a database is, as its address says: in a file, or on a server."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from storage.errors import UsageError

SQLITE_PREFIX = "sqlite:///"

# What could be taken for another part of it must stand there in percent signs: else a part of the
# password could be shown as a host.
_SERVER = re.compile(
    r"postgres(?:ql)?://(?:[^/?#@\s]*@)?"
    r"((?:(?:\[[0-9A-Fa-f:.]+\]|[^/?#@:,\[\]\s]*)(?::[0-9]{1,5})?,?)*)"
    r"(/[^/?#@\s]*)?(?:\?[^#@\s]*)?"
)
_FORMS = "is not of the form sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
_SIGNS = "; signs of a password such as / ? # @ : are written %2F %3F %23 %40 %3A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """``file`` is SQLite's, None for a database on a server; ``shown`` is what the place is called
    to people, without user and password."""

    url: str = field(repr=False)
    shown: str
    file: Path | None = None


def location_of(url: str) -> Location:
    """What an address means: ``sqlite:///relative``, ``sqlite:////absolute``, or
    ``postgresql://USER:PASSWORD@HOST:PORT/NAME?OPTIONS``. Raises UsageError for one of no use, of
    which nothing is shown."""
    if url.startswith(SQLITE_PREFIX) and url != SQLITE_PREFIX:
        path = Path(url.removeprefix(SQLITE_PREFIX))
        return Location(url=url, shown=str(path), file=path)
    if match := _SERVER.fullmatch(url):
        return Location(url=url, shown=f"postgresql://{match[1]}{match[2] or ''}")
    is_server = url.startswith(("postgresql://", "postgres://"))
    raise UsageError(
        f"{_FORMS}{_SIGNS if is_server else ''}", where="DATABASE_URL", hint="see .env.example"
    )


def file_of(url: str, instead: str) -> Path:
    """The file of a database in one. Raises UsageError for one on a server, with what to do
    ``instead``."""
    location = location_of(url)
    if location.file is None:
        raise UsageError(
            "this is for a database in a file, and not for one on a server",
            where=location.shown,
            hint=instead,
        )
    return location.file
