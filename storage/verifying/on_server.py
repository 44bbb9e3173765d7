"""Looking through a database on a server for what is wrong with what we keep. Changes nothing.

The server's own files and their indexes are its own affair: its checksums and ``pg_amcheck`` tell
of them. Each look is at one moment, so a service may run meanwhile.
"""

import json
from collections.abc import AsyncIterator, Iterable, Sequence

from storage import payloads
from storage.chain import entries, found, heads
from storage.chain.entries import Entry
from storage.chain.heads import Head
from storage.chain.histories import doubts_of, read_history
from storage.connection import Connection, Database, Row
from storage.document import name_key
from storage.document_json import parse
from storage.documents import index
from storage.errors import DatelineError, StorageError
from storage.location import Location
from storage.payloads import UnreadablePayload
from storage.postgres import schema
from storage.postgres.engine import open_address
from storage.postgres.lexemes import write_vector
from storage.postgres.lost import LACKING
from storage.postgres.pairs import write_pairs
from storage.postgres.words import write_signs, write_words
from storage.query.words.analysis import analyse_document
from storage.structs import replace
from storage.verifying import checks
from storage.verifying.checks import Check, Report, said_of

SAMPLED = 200
"""How many documents are compared with the index, word by word, and with their entries."""
_PAGE = 500

_LACKING = Check(
    where="index",
    one="document lacks what words in a row are found by, and is indexed anew by `dateline run`",
    many="documents lack what words in a row are found by, and are indexed anew by `dateline run`",
    sql=f"SELECT d.doc_id AS name FROM ({LACKING}) AS l JOIN document AS d ON d.id = l.id"  # noqa: S608
    " JOIN document_index AS i ON i.id = l.id WHERE NOT i.beyond",
)

_KEYS = """
    SELECT CAST(CAST(c.conrelid AS REGCLASS) AS TEXT) AS child,
        CAST(CAST(c.confrelid AS REGCLASS) AS TEXT) AS parent,
        string_agg(format('r.%I', mine.attname), ',' ORDER BY k.n) AS held,
        string_agg(format('o.%I', theirs.attname), ',' ORDER BY k.n) AS named
    FROM pg_constraint AS c
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (mine, theirs, n)
    JOIN pg_attribute AS mine ON mine.attrelid = c.conrelid AND mine.attnum = k.mine
    JOIN pg_attribute AS theirs ON theirs.attrelid = c.confrelid AND theirs.attnum = k.theirs
    WHERE c.contype = 'f' AND c.connamespace = CAST(current_schema() AS REGNAMESPACE)
    GROUP BY c.oid, c.conrelid, c.confrelid ORDER BY child, parent
"""
_ORPHANS = """
    SELECT 1 FROM {child} AS r WHERE ({held}) IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM {parent} AS o WHERE ({named}) = ({held})) LIMIT ?
"""
_DOCUMENTS = "SELECT id, doc_id AS name, json FROM document WHERE id > ? ORDER BY id LIMIT ?"
_REVISIONS = "SELECT id, json FROM revision WHERE id > ? ORDER BY id LIMIT ?"
_WAITING = """
    SELECT id, kind, payload FROM whole_delivery WHERE state = 'queued' AND id > ?
    ORDER BY id LIMIT ?
"""
# Evenly over all that there are; ids are moments and lie far apart.
_SAMPLE = """
    SELECT id, doc_id AS name, json FROM (
        SELECT id, doc_id, json, row_number() OVER (ORDER BY id) AS n FROM document
    ) AS d WHERE n % greatest(1, (SELECT count(*) FROM document) / ?) = 0
"""
_HELD = """
    SELECT 1 FROM document_index AS i LEFT JOIN document_index_words AS w ON w.id = i.id
    LEFT JOIN document_index_signs AS g ON g.id = i.id
    LEFT JOIN document_index_pairs AS p ON p.id = i.id
    WHERE i.id = ? AND i.size = ? AND i.beyond = CAST(? AS BOOLEAN)
    AND i.terms = CAST(? AS TSVECTOR) AND (i.beyond OR (w.words = ? AND g.signs = ?
        AND (NOT g.paired OR p.pairs @> CAST(? AS SMALLINT[]))))
"""
_TOTAL = """
    SELECT t.documents, t.size, i.n, i.whole FROM document_index_total AS t,
        (SELECT count(*) AS n, coalesce(sum(size), 0) AS whole FROM document_index) AS i
"""


async def verify(location: Location) -> Report:
    """Look through the database. Raises StorageError where it can't be reached, is none of ours or
    is of a newer version."""
    database = await open_address(location)
    try:
        return await _look(database, location)
    finally:
        await database.close()


async def _look(database: Database, location: Location) -> Report:
    async with database.reader() as conn:
        applied = await schema.list_applied(conn)
    if not applied:
        raise StorageError(
            "there is no Dateline database", where=location.shown, hint="give another address"
        )
    schema.refuse_newer(applied)
    problems = await _list_orphans(database)
    async with database.reader() as conn:
        row = await conn.fetch_one("SELECT count(*) AS n FROM document")
    report = Report(documents=row["n"] if row else 0, problems=tuple(problems))
    if schema.list_missing(applied):
        return replace(report, is_older=True)
    for look in (_list_broken, _list_unreadable, _list_unindexed, _list_unchained):
        problems += await look(database)
    return replace(report, problems=tuple(problems))


async def _list_orphans(database: Database) -> list[str]:
    """What points at nothing: the server lets nobody write that, unless it was told not to look."""
    async with database.reader() as conn:
        keys = await conn.fetch_all(_KEYS)
    problems = []
    for key in keys:
        sql = _ORPHANS.format(**{name: key[name] for name in ("child", "parent", "held", "named")})
        async with database.reader() as conn:
            count = len(await conn.fetch_all(sql, (checks.MOST_COUNTED,)))
        if count:
            belong = checks.counted(count, "row belongs", "rows belong")
            problems.append(f"{key['child']}: {belong} to a {key['parent']} that is not there")
    return problems


async def _list_broken(database: Database) -> list[str]:
    problems: list[str] = []
    async with database.reader() as conn:
        is_left = await conn.fetch_one("SELECT 1 FROM fact WHERE name = 'analysis_left'")
    for check in (*checks.ALWAYS, *(() if is_left else (*checks.INDEXED, _LACKING))):
        problems += await _find_broken(database, check)
    return problems


async def _find_broken(database: Database, check: Check) -> list[str]:
    sql = (
        f"SELECT name FROM ({check.of('document_index')}) AS broken"  # noqa: S608
        f" ORDER BY name LIMIT {checks.MOST_COUNTED}"
    )
    async with database.reader() as conn:
        rows = await conn.fetch_all(sql, (index.version(),) if "?" in sql else ())
    return said_of(check.where, check.one, check.many, [str(row["name"]) for row in rows])


async def _list_unreadable(database: Database) -> list[str]:
    """Rows whose texts are not what they should be."""
    lost = [
        row["name"]
        async for row in _rows(database, _DOCUMENTS)
        if _name_of(row["json"]) != row["name"]
    ]
    former = [
        str(row["id"]) async for row in _rows(database, _REVISIONS) if _name_of(row["json"]) is None
    ]
    waiting = [
        str(row["id"])
        async for row in _rows(database, _WAITING)
        if isinstance(payloads.read(row["kind"], row["payload"]), UnreadablePayload)
    ]
    return [
        *said_of(
            "documents",
            "row holds no document, or another one",
            "rows hold no document, or another one",
            lost,
        ),
        *said_of(
            "documents", "earlier version cannot be read", "earlier versions cannot be read", former
        ),
        *said_of("outbox", *checks.UNREADABLE, waiting),
    ]


async def _rows(database: Database, sql: str) -> AsyncIterator[Row]:
    """All rows of a table, in pages, each at one moment."""
    after = -(1 << 62)
    while True:
        async with database.reader() as conn:
            page = await conn.fetch_all(sql, (after, _PAGE))
        for row in page:
            yield row
        if len(page) < _PAGE:
            return
        after = page[-1]["id"]


def _name_of(text: str) -> str | None:
    """The key of the name that a document gives itself, "" of none; None where it is no JSON."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return name_key(str(told.get("doc_id", ""))) if isinstance(told, dict) else ""


async def _list_unindexed(database: Database) -> list[str]:
    """Documents, some over all ids, whose words in the index are not their own; and what is counted
    of it, where that is not so."""
    async with database.reader() as conn:
        if await conn.fetch_one("SELECT 1 FROM fact WHERE name = 'analysis_left'"):
            return []
        sample = await conn.fetch_all(_SAMPLE, (SAMPLED,))
        missed = [row["name"] for row in sample if not await _is_indexed(conn, row)]
        total = await conn.fetch_one(_TOTAL)
    problems = said_of("index", *checks.UNFOUND, missed)
    if total is None or (total["documents"], total["size"]) != (total["n"], total["whole"]):
        problems.append("index: how much is in it is counted wrong")
    return problems


async def _is_indexed(conn: Connection, row: Row) -> bool:
    try:
        analysed = analyse_document(parse(row["json"]))
    except DatelineError:
        return False
    told = write_words(analysed), write_signs(analysed), write_pairs(analysed)
    held = (*write_vector(row["id"], analysed), *told)
    return await conn.fetch_one(_HELD, (row["id"], *held)) is not None


async def _list_unchained(database: Database) -> list[str]:
    """What of the chain does not follow from what was before it, and documents, some over all, that
    are not as they were recorded."""
    broken = [str(entry.seq) async for entry in _broken_entries(database)]
    async with database.reader() as conn:
        made = await heads.list_heads(conn)
        sample = await conn.fetch_all(_SAMPLE, (SAMPLED,)) if await found.is_done(conn) else []
        unlike = [row["name"] for row in sample if await _is_unlike(conn, row["id"])]
    wrong = [head.day for head, before in _in_pairs(made) if not _follows(head, before)]
    return [
        *said_of(
            "chain", "entry is not as it was made", "entries are not as they were made", broken
        ),
        *said_of("chain", "head is not as it was made", "heads are not as they were made", wrong),
        *said_of(
            "chain",
            "document is not as it was recorded",
            "documents are not as they were recorded",
            unlike,
        ),
    ]


async def _broken_entries(database: Database) -> AsyncIterator[Entry]:
    previous, reached = entries.NOTHING, 0
    while True:
        async with database.reader() as conn:
            page = await entries.list_between(conn, reached + 1, reached + _PAGE)
        for entry in page:
            reached += 1
            if entry.seq != reached or entries.hash_of(entry.line(previous)) != entry.hash:
                yield entry
            previous, reached = entry.hash, entry.seq
        if len(page) < _PAGE:
            return


async def _is_unlike(conn: Connection, id: int) -> bool:
    history = await read_history(conn, id)
    return history is not None and bool(doubts_of(history))


def _in_pairs(made: Sequence[Head]) -> Iterable[tuple[Head, Head | None]]:
    return zip(made, [None, *made], strict=False)


def _follows(head: Head, before: Head | None) -> bool:
    return head.hash == head.true_hash and head.previous == (
        before.hash if before is not None else entries.NOTHING
    )
