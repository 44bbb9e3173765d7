"""Looking through a whole database for what is wrong with it. Changes nothing.

A service may run on the database meanwhile: each look is at one state of it, and none lasts longer
than one of the queries. A gigabyte takes some twenty seconds.
"""

import contextlib
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from storage import payloads
from storage.document import name_key
from storage.document_json import parse
from storage.documents import index
from storage.errors import DamagedError, DatelineError, SchemaTooNewError, StorageError
from storage.payloads import UnreadablePayload
from storage.query.compile_fts5 import index_row
from storage.query.words.analysis import analyse_document
from storage.sqlite import file as sqlite_file
from storage.sqlite import migrate
from storage.sqlite.meanings import meaning_of
from storage.verifying import checks
from storage.verifying.checks import Check, Report, said_of

SAMPLED = 200
"""How many documents are looked up in the index by their own words."""
MOST_DAMAGES = 20
LOOK_STEPS = 200_000
"""Steps of SQLite's machine between two looks whether to go on."""

GoesOn = Callable[[], bool]


def always() -> bool:
    """Go on in any case."""
    return True


def verify(path: Path, *, goes_on: GoesOn = always) -> Report:
    """Look through the database file. Ends with StorageError where ``goes_on`` says no.

    Damage is a problem that is reported; what keeps the file from being read, and a database of a
    newer version, raise StorageError.
    """
    if not path.is_file():
        raise StorageError("there is no such file", where=str(path), hint="name a database")
    try:
        with contextlib.closing(sqlite_file.connect(path)) as db:
            db.row_factory = sqlite3.Row
            db.isolation_level = None
            db.execute("PRAGMA temp_store = FILE")
            db.create_function("name_key", 1, _key_of, deterministic=True)
            db.set_progress_handler(lambda: not goes_on(), LOOK_STEPS)
            return _look(db, path)
    except (sqlite3.Error, MemoryError) as error:
        meaning = meaning_of(error, str(path))
        if isinstance(meaning, DamagedError):
            return _damaged(f"file: {meaning.what}")
        raise meaning from error


def _key_of(doc_id: object) -> str | None:
    """The key of the row that holds a document of this name."""
    return name_key(doc_id) if isinstance(doc_id, str) else None


def _damaged(*problems: str) -> Report:
    return Report(documents=0, problems=problems, is_damaged=True)


def _look(db: sqlite3.Connection, path: Path) -> Report:
    version = _read_schema(db, path)
    problems = list(_list_damages(db))
    if problems:  # What stands in a damaged file says nothing.
        return _damaged(*problems)
    problems += _list_orphans(db)
    (count,) = db.execute("SELECT count(*) FROM document").fetchone()
    is_older = version < migrate.list_migrations()[-1].version
    if not is_older:
        problems += _list_broken(db)
        problems += _list_unreadable(db)
    return Report(documents=count, problems=tuple(problems), is_older=is_older)


def _read_schema(db: sqlite3.Connection, path: Path) -> int:
    """The number of the last migration. Raises StorageError where none was made, or a newer one."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
    if not {"schema_migration", "document"} <= tables:
        raise DamagedError(
            "the file is not a Dateline database", where=str(path), hint="give another file"
        )
    (version,) = db.execute("SELECT max(version) FROM schema_migration").fetchone()
    newest = migrate.list_migrations()[-1].version
    if version > newest:
        raise SchemaTooNewError(
            f"it has schema {version}, this version knows {newest}",
            where=str(path),
            hint="install the newer version of Dateline",
        )
    return int(version)


def _list_damages(db: sqlite3.Connection) -> Iterator[str]:
    for (said,) in db.execute(f"PRAGMA integrity_check({MOST_DAMAGES})"):
        if said != "ok":
            yield f"file: {said}"


def _list_orphans(db: sqlite3.Connection) -> Iterator[str]:
    seen: dict[tuple[str, str], int] = {}
    for row in db.execute("PRAGMA foreign_key_check"):
        place = (row["table"], row["parent"])
        seen[place] = seen.get(place, 0) + 1
    for (table, parent), count in seen.items():
        rows = checks.counted(count, "row belongs", "rows belong")
        yield f"{table}: {rows} to a {parent} that is not there"


def _list_broken(db: sqlite3.Connection) -> Iterator[str]:
    left = db.execute("SELECT 1 FROM fact WHERE name = 'analysis_left'").fetchone()
    for check in (*checks.IN_FILE, *checks.ALWAYS, *(() if left else checks.INDEXED)):
        yield from _find_broken(db, check)
    if not left:
        yield from _list_unfound(db)


def _find_broken(db: sqlite3.Connection, check: Check) -> list[str]:
    """What a check has to say: how many break it, as far as that is counted, and the first."""
    sql = check.of("document_index_docsize")
    with contextlib.closing(db.execute(sql, (index.version(),) if "?" in sql else ())) as rows:
        names = [str(row["name"]) for row in itertools.islice(rows, checks.MOST_COUNTED)]
    return said_of(check.where, check.one, check.many, names)


def _list_unfound(db: sqlite3.Connection) -> Iterator[str]:
    """Documents that the index does not find by their own words: some, evenly over all ids."""
    missed = [doc_id for doc_id, is_found in _sample(db) if not is_found]
    yield from said_of("index", *checks.UNFOUND, missed)


def _sample(db: sqlite3.Connection) -> Iterator[tuple[str, bool]]:
    low, high = db.execute("SELECT min(id), max(id) FROM document").fetchone()
    if low is None:
        return
    at = low
    step = max(1, (high - low) // SAMPLED)
    while True:
        db.execute("BEGIN")
        try:
            row = db.execute(
                "SELECT id, doc_id, json FROM document WHERE id >= ? ORDER BY id LIMIT 1", (at,)
            ).fetchone()
            if row is None:
                return
            yield row["doc_id"], _is_found(db, row["id"], row["json"])
        finally:
            db.execute("ROLLBACK")
        at = max(row["id"] + 1, row["id"] + step)


def _is_found(db: sqlite3.Connection, id: int, text: str) -> bool:
    try:
        document = parse(text)
    except DatelineError:
        return False
    body, title, marks, *_ = index_row(analyse_document(document))
    wanted = " AND ".join(
        f'{column} : "{term}"'
        for column, terms in (("body", body), ("title", title), ("mark", marks))
        for term in terms.split(" ")[:2]
        if term
    )
    sql = "SELECT 1 FROM document_index WHERE document_index MATCH ? AND rowid = ?"
    return not wanted or db.execute(sql, (wanted, id)).fetchone() is not None


def _list_unreadable(db: sqlite3.Connection) -> Iterator[str]:
    """Messages that wait and that nothing can be made of."""
    rows = db.execute("SELECT id, kind, payload FROM whole_delivery WHERE state = 'queued'")
    found = [
        str(row["id"])
        for row in rows
        if isinstance(payloads.read(row["kind"], row["payload"]), UnreadablePayload)
    ]
    yield from said_of("outbox", *checks.UNREADABLE, found)
