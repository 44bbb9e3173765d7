"""Entries of the chain. Each records that a version of a document was stored, and the hash of the
entry before.

An entry's hash is the SHA-256 of its *line*, a JSON array in UTF-8 without white space:

    ["dateline/entry/1",SEQ,KIND,DOC_ID,MADE_AT,STORED_AT,VERSION,PREVIOUS]

``MADE_AT`` is the time of the entry, ``2026-11-27T19:00:00.123456Z``. ``STORED_AT`` is null except
for the kind ``found``: such a version was stored before there was a chain, at this time by its row.
``VERSION`` and ``PREVIOUS`` are SHA-256 in hexadecimal: of the version's canonical form
(``storage.chain.versions``), and of the line before; before the first line that is 64 zeros.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Literal, NamedTuple, TypeAlias, get_args

from msgspec import Struct

from storage import times
from storage.chain.versions import DIGEST_BYTES
from storage.connection import Connection, Query, Row, Statement, fetch_in
from storage.document_json import storable

Kind: TypeAlias = Literal[
    "stored", "edited", "changed", "deleted", "restored", "redacted", "forgotten", "found"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

FORM = "dateline/entry/1"
NOTHING = bytes(DIGEST_BYTES)
"""The previous hash of the first entry."""

_INSERT = """
    INSERT INTO chain_entry (seq, kind, doc_id, made_at, stored_at, version, hash, document_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


FIND_LAST: Query = ("SELECT seq, hash FROM chain_entry ORDER BY seq DESC LIMIT 1", ())
"""The query for the last entry."""


class Last(NamedTuple):
    """The number and the hash of the last entry."""

    seq: int
    hash: bytes


class NewEntry(Struct, frozen=True, kw_only=True):
    """A version to be added to the chain. ``document_id``: its document's row id."""

    kind: Kind
    doc_id: str
    version: bytes
    document_id: int
    stored_at: datetime | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """An entry as stored; ``hash`` is the stored one, which may be wrong."""

    seq: int
    kind: str
    doc_id: str
    made_at: datetime
    stored_at: datetime | None
    version: bytes
    hash: bytes
    document_id: int | None

    def line(self, previous: bytes) -> str:
        """The line that is hashed, given the hash of the previous entry."""
        return line_of(
            self.seq,
            self.kind,
            self.doc_id,
            moment(self.made_at),
            optional_moment(self.stored_at),
            self.version,
            previous,
        )


def line_of(
    seq: int,
    kind: str,
    doc_id: str,
    made_at: str,
    stored_at: str | None,
    version: bytes,
    previous: bytes,
) -> str:
    """An entry's line."""
    claimed = "null" if stored_at is None else quoted(stored_at)
    told = f"{quoted(kind)},{quoted(doc_id)},{quoted(made_at)},{claimed}"
    return f'["{FORM}",{seq},{told},"{version.hex()}","{previous.hex()}"]'


def hash_of(line: str) -> bytes:
    """The hash of a line."""
    return sha256(line.encode()).digest()


def moment(when: datetime) -> str:
    """A time in the form of entries and heads."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def optional_moment(when: datetime | None) -> str | None:
    """The same, or None."""
    return None if when is None else moment(when)


async def append(tx: Connection, new: Iterable[NewEntry], *, made_at: datetime) -> None:
    """Add entries in order. ``new`` may be a generator; it runs on the engine's thread."""
    last = read_last(await tx.fetch_all(*FIND_LAST))
    await tx.execute_many(*insert_statement(new, made_at=made_at, last=last))


def read_last(rows: Sequence[Row]) -> Last:
    """The last entry, from the rows of ``FIND_LAST``."""
    return Last(rows[0]["seq"], rows[0]["hash"]) if rows else Last(0, NOTHING)


def insert_statement(new: Iterable[NewEntry], *, made_at: datetime, last: Last) -> Statement:
    """The statement that adds entries in order behind ``last``; nothing may add any in between."""
    return _INSERT, _rows(new, made_at, last)


def _rows(new: Iterable[NewEntry], made_at: datetime, last: Last) -> Iterator[tuple[object, ...]]:
    seq, previous = last
    when, said = times.to_epoch(made_at), moment(made_at)
    for one in new:
        seq += 1
        doc_id = storable(one.doc_id)
        before = optional_moment(one.stored_at)
        line = line_of(seq, one.kind, doc_id, said, before, one.version, previous)
        previous = hash_of(line)
        claimed = times.optional_to_epoch(one.stored_at)
        yield seq, one.kind, doc_id, when, claimed, one.version, previous, one.document_id


async def list_of_documents(conn: Connection, ids: Sequence[int]) -> list[Entry]:
    """The entries of documents (row ids), in the order of the chain."""
    rows = await fetch_in(conn, "SELECT * FROM chain_entry WHERE document_id IN (:values)", ids)
    return sorted(map(_entry, rows), key=lambda entry: entry.seq)


async def list_hashes(conn: Connection, first: int, last: int) -> list[tuple[int, bytes]]:
    """The numbers and hashes of the entries from ``first`` to ``last``."""
    rows = await conn.fetch_all(
        "SELECT seq, hash FROM chain_entry WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last)
    )
    return [(row["seq"], row["hash"]) for row in rows]


async def list_between(conn: Connection, first: int, last: int) -> list[Entry]:
    """The entries from ``first`` to ``last``."""
    rows = await conn.fetch_all(
        "SELECT * FROM chain_entry WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last)
    )
    return [_entry(row) for row in rows]


def _entry(row: Row) -> Entry:
    return Entry(
        seq=row["seq"],
        kind=row["kind"],
        doc_id=row["doc_id"],
        made_at=times.from_epoch(row["made_at"]),
        stored_at=times.optional_from_epoch(row["stored_at"]),
        version=row["version"],
        hash=row["hash"],
        document_id=row["document_id"],
    )
