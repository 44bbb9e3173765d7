"""Every schema that ever stood on main, and databases made by it.

``landings.txt`` lists each change of the migrations on main in its order; scripts that were changed
after they had landed stand beside it as they were. Written by ``./do history``. Migrations that it
does not know yet count as the last to land.
"""

import functools
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import former_rows

from storage.sqlite import migrate
from storage.sqlite.migrate import Migration

Fill: TypeAlias = Callable[[sqlite3.Connection], None]

FOLDER = Path(__file__).parents[1] / "storage" / "sqlite" / "history"
LANDINGS = FOLDER / "landings.txt"
_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A script that came to main, or was changed there."""

    commit: str
    name: str
    digest: str

    @property
    def migration(self) -> Migration:
        """The script as it stood then."""
        return _read_migration(self)


@functools.cache
def _read_migration(landing: Landing) -> Migration:
    former = FOLDER / f"{landing.name}.{landing.digest}.sql"
    path = former if former.exists() else present_path(landing.name)
    version, _, name = landing.name.partition("_")
    return Migration(version=int(version), name=name, sql=path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A database that was made by one version and brought on by every later one up to another."""

    since: str
    commit: str
    steps: tuple[Migration, ...]

    def write(self, path: Path, fill: Fill = former_rows.fill) -> None:
        """Make the file, with rows in every table, or as ``fill`` puts them."""
        write(path, self.steps, fill)


def present_path(name: str) -> Path:
    """Where a script stands today."""
    return Path(migrate.__file__).with_name("migrations") / f"{name}.sql"


def digest(sql: str) -> str:
    """What tells a script from another: its statements, whatever is said of them."""
    return sha256(" ".join(_COMMENT.sub("", sql).split()).encode()).hexdigest()[:12]


@functools.cache
def list_landings() -> tuple[Landing, ...]:
    """All landings, the first one first; what no commit is known of comes last, by its number."""
    found = []
    for line in LANDINGS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            commit, _, name, digest_then = line.split()
            found.append(Landing(commit=commit, name=name, digest=digest_then))
    known = {landing.name for landing in found}
    for step in migrate.list_migrations():
        name = f"{step.version:04}_{step.name}"
        if name not in known:
            found.append(
                Landing(commit=f"new-{step.version:04}", name=name, digest=digest(step.sql))
            )
    return tuple(found)


def list_commits() -> list[str]:
    """The commits at which the schema was another than before, in their order."""
    return list(dict.fromkeys(landing.commit for landing in list_landings()))


def made_at(commit: str) -> Former:
    """A database that the version of that commit made anew."""
    return followed(commit, commit)


def followed(since: str, commit: str) -> Former:
    """A database that was made at one commit and ran every version up to another."""
    commits = list_commits()
    steps: dict[int, Migration] = {}
    for landing in _up_to(commits.index(since)):  # A new file is made in the order of the numbers.
        steps[landing.migration.version] = landing.migration
    steps = dict(sorted(steps.items()))
    for landing in _up_to(commits.index(commit)):  # What has run does not run again.
        steps.setdefault(landing.migration.version, landing.migration)
    return Former(since=since, commit=commit, steps=tuple(steps.values()))


def _up_to(position: int) -> list[Landing]:
    among = set(list_commits()[: position + 1])
    return [landing for landing in list_landings() if landing.commit in among]


def write(path: Path, steps: Sequence[Migration], fill: Fill) -> None:
    """Make a database by these scripts in this order, and fill it.

    A script that does not run ends it, as it ended the version that came with it.
    """
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        for pragma in ("journal_mode = WAL", "synchronous = OFF", "foreign_keys = 1"):
            made.execute(f"PRAGMA {pragma}")
        made.execute(migrate.LEDGER)
        for step in steps:
            if not _run(made, step):
                break
        made.execute("BEGIN")
        fill(made)
        made.execute("COMMIT")


def _run(made: sqlite3.Connection, step: Migration) -> bool:
    made.execute("BEGIN")
    try:
        for statement in migrate.statements(step.sql):
            made.execute(statement)
    except sqlite3.OperationalError:
        made.execute("ROLLBACK")
        return False
    made.execute("INSERT INTO schema_migration VALUES (?, ?, 0)", (step.version, step.name))
    made.execute("COMMIT")
    return True
