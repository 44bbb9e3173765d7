"""Posts that could not be read or stored: set aside as they came, and tried again later."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from storage import document_json, facts, times
from storage.connection import Connection, Row
from storage.documents import redactions
from storage.documents.authors import forgotten
from storage.records import NewProblem, Problem

LARGEST = 1_000_000
"""The most bytes that are kept of one problem; of larger ones only the place and the error are."""

DOCUMENT = "document"
"""The form of what is kept as one of our documents; the other forms are formats of files."""

_DROPPED = "problems_dropped"


class Limits(Struct, frozen=True, kw_only=True):
    """The most that is kept in all: rows, and bytes in them."""

    rows: int = 10_000
    size: int = 100_000_000


LIMITS = Limits()


async def set_aside(
    tx: Connection, found: NewProblem, *, now: datetime, version: str, limits: Limits = LIMITS
) -> int:
    """Store what could not be read or stored; returns its id.

    The same place stays one row, with the last content and a higher count of tries. If there is too
    much in all, the oldest are deleted and counted. Of a redacted post no content is kept.
    """
    raw = found.raw if found.raw is not None and len(found.raw) <= LARGEST else None
    if raw is not None and await _is_redacted(tx, found):
        raw = None
    row = await tx.fetch_one(
        "INSERT INTO problem (place, form, file, given, channel_id, message_id, error, kind,"
        " history, since, tries, version, size, raw)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)"
        " ON CONFLICT (place) DO UPDATE SET form = excluded.form, error = excluded.error,"
        " kind = excluded.kind, tries = problem.tries + 1, version = excluded.version,"
        " size = excluded.size, raw = excluded.raw"
        " RETURNING id",
        (
            found.place,
            found.form,
            found.file,
            found.given,
            found.channel_id,
            found.message_id,
            found.error,
            found.kind,
            int(found.history),
            times.to_epoch(now),
            version,
            len(found.raw or b""),
            raw,
        ),
    )
    await _keep_within(tx, limits)
    return int(row["id"]) if row else 0


async def _is_redacted(tx: Connection, found: NewProblem) -> bool:
    names = {found.place.lower(), f"tg:{found.channel_id}/{found.message_id}"}
    return bool(await redactions.find_redactions(tx, names))


async def _keep_within(tx: Connection, limits: Limits) -> None:
    kept = await tx.fetch_one(
        "SELECT count(*) AS n, coalesce(sum(length(raw)), 0) AS size FROM problem"
    )
    if kept is None or (kept["n"] <= limits.rows and kept["size"] <= limits.size):
        return
    dropped = await tx.execute(
        "DELETE FROM problem WHERE id IN (SELECT id FROM ("
        " SELECT id, count(*) OVER newer AS n, coalesce(sum(length(raw)) OVER newer, 0) AS size"
        " FROM problem WINDOW newer AS (ORDER BY id DESC)) AS counted WHERE n > ? OR size > ?)",
        (limits.rows, limits.size),
    )
    total = await count_dropped(tx) + dropped
    await facts.set_value(tx, _DROPPED, str(total))


async def note_failure(tx: Connection, id: int, *, error: str, kind: str, version: str) -> None:
    """Record that something set aside was tried again and failed."""
    await tx.execute(
        "UPDATE problem SET error = ?, kind = ?, version = ?, tries = tries + 1 WHERE id = ?",
        (error, kind, version, id),
    )


async def remove_problems(tx: Connection, ids: Sequence[int]) -> None:
    """Delete problems that have been stored after all."""
    await tx.execute_many("DELETE FROM problem WHERE id = ?", [(id,) for id in ids])


async def remove_places(tx: Connection, places: Sequence[str]) -> None:
    """Delete what was set aside of these places, which were read again and stored."""
    await tx.execute_many("DELETE FROM problem WHERE place = ?", [(place,) for place in places])


async def drop_problem(tx: Connection, id: int) -> bool:
    """Delete a problem, so that it is not tried again; returns whether it existed."""
    return await tx.execute("DELETE FROM problem WHERE id = ?", (id,)) > 0


async def forget_person(tx: Connection, user_id: int, keys: Sequence[str]) -> None:
    """Remove a person from what is set aside; ``keys`` as from ``authors.list_keys``.

    What could not even be read loses all of its content.
    """
    # Telegram's own bytes hold numbers as they are in memory.
    written = [key.encode() for key in (str(user_id), *keys)]
    sought = [user_id.to_bytes(8, "little", signed=True), *written]
    holds = " OR ".join(["instr(raw, ?) > 0"] * len(sought))
    rows = await tx.fetch_all(
        f"SELECT id, form, raw FROM problem WHERE {holds}",  # noqa: S608
        sought,
    )
    await tx.execute_many(
        "UPDATE problem SET raw = ? WHERE id = ?",
        [(_without(row, user_id, keys), row["id"]) for row in rows],
    )


def _without(row: Row, user_id: int, keys: Sequence[str]) -> bytes | None:
    if row["form"] != DOCUMENT:
        return None
    document = document_json.parse(row["raw"].decode("utf-8", "surrogatepass"))
    return document_json.dump(forgotten(document, user_id, keys)).encode("utf-8", "surrogatepass")


async def find_problem(conn: Connection, id: int) -> Problem | None:
    """The problem with this id, with its raw bytes; or None."""
    row = await conn.fetch_one("SELECT * FROM problem WHERE id = ?", (id,))
    return None if row is None else _from_row(row, row["raw"])


async def is_known(conn: Connection, place: str) -> bool:
    """Whether something of this place is set aside."""
    row = await conn.fetch_one("SELECT 1 AS found FROM problem WHERE place = ?", (place,))
    return row is not None


async def list_problems(conn: Connection) -> list[Problem]:
    """Everything set aside, oldest first, without the raw bytes."""
    rows = await conn.fetch_all(
        "SELECT id, place, form, file, given, channel_id, message_id, error, kind, history, since,"
        " tries, version, size FROM problem ORDER BY id"
    )
    return [_from_row(row, None) for row in rows]


async def list_due(conn: Connection, version: str) -> list[int]:
    """The ids of problems that another version tried last and that can be tried again, oldest
    first."""
    rows = await conn.fetch_all(
        "SELECT id FROM problem WHERE version <> ? AND raw IS NOT NULL ORDER BY id", (version,)
    )
    return [row["id"] for row in rows]


async def count_problems(conn: Connection) -> int:
    """The number of problems."""
    row = await conn.fetch_one("SELECT count(*) AS n FROM problem")
    return 0 if row is None else int(row["n"])


async def count_dropped(conn: Connection) -> int:
    """How many were deleted because there was too much in all."""
    return int(await facts.find_value(conn, _DROPPED) or 0)


async def list_outcomes(
    conn: Connection, channel_id: int, *, before: int, limit: int
) -> list[str | None]:
    """The outcomes of a channel's posts before a message, newest first.

    None for a stored one, the kind of the error for one that is set aside.
    """
    stored = await conn.fetch_all(
        "SELECT message_id FROM document WHERE channel_id = ? AND message_id < ?"
        " ORDER BY message_id DESC LIMIT ?",
        (channel_id, before, limit),
    )
    aside = await conn.fetch_all(
        "SELECT message_id, kind FROM problem WHERE channel_id = ? AND message_id < ?"
        " ORDER BY message_id DESC LIMIT ?",
        (channel_id, before, limit),
    )
    outcomes: dict[int, str | None] = {row["message_id"]: None for row in stored}
    outcomes |= {row["message_id"]: row["kind"] for row in aside}
    return [outcomes[message_id] for message_id in sorted(outcomes, reverse=True)[:limit]]


def _from_row(row: Row, raw: bytes | None) -> Problem:
    return Problem(
        id=row["id"],
        place=row["place"],
        form=row["form"],
        file=row["file"],
        given=row["given"],
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        error=row["error"],
        kind=row["kind"],
        history=bool(row["history"]),
        since=times.from_epoch(row["since"]),
        tries=row["tries"],
        version=row["version"],
        size=row["size"],
        raw=raw,
    )


async def is_aside(conn: Connection, channel_id: int, message_id: int) -> bool:
    """Whether a message of a channel is set aside."""
    row = await conn.fetch_one(
        "SELECT 1 AS found FROM problem WHERE channel_id = ? AND message_id = ?",
        (channel_id, message_id),
    )
    return row is not None
