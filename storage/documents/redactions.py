"""Redactions: posts whose texts the operator deleted, and what remains of them.

What remains is a document of kind ``service`` with the action ``redacted``: the post's place and
time, and in place of its title a notice of when and why it was redacted. The table has every name
of such a post, since it may be read again after its document is gone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256

from msgspec import Struct

from storage import times
from storage.connection import Connection, Query, Row, fetch_groups, queries_in
from storage.document import Artefact, Document, Forward, Reply
from storage.structs import replace

ACTION = "redacted"
LONGEST_REASON = 200
"""The characters of a reason that are kept."""

_REDACTED = "SELECT doc_id, redacted_at, reason FROM redaction WHERE doc_id IN (:values)"
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class Redaction(Struct, frozen=True, kw_only=True):
    """When and why a post was redacted; ``reason`` is one line, or empty."""

    redacted_at: datetime
    reason: str = ""

    @property
    def notice(self) -> str:
        """The text in place of the post's."""
        when = self.redacted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return f"[redacted {when}: {self.reason}]" if self.reason else f"[redacted {when}]"


def one_line(reason: str) -> str:
    """A reason in the form in which it is kept."""
    return _SPACE.sub(" ", reason).strip()[:LONGEST_REASON]


def is_redacted(document: Document) -> bool:
    """Whether this is what remains of a redacted post."""
    return document.kind == "service" and document.service_action == ACTION


def emptied(document: Document, notice: str) -> Document:
    """What remains of a document: its place and time, and the notice."""
    return replace(
        document,
        kind="service",
        service_action=ACTION,
        title=notice,
        deck=None,
        body=(),
        dateline=None,
        event=None,
        header_date=None,
        forwarded_from=_origin(document.forwarded_from),
        reply_to=document.reply_to and _unquoted(document.reply_to),
        author=None,
        author_signature=None,
        hashtags=(),
        links=(),
        media=(),
        lang=None,
        lang_basis=None,
        elisions=0,
        furniture=(),
        artefact=Artefact(),
        flags=(),
        content_hash=sha256(notice.encode("utf-8", "replace")).hexdigest()[:16],
    )


def _origin(origin: Forward | None) -> Forward | None:
    """The place of a forwarded post, without persons."""
    if origin is None or origin.channel_id is None:
        return None
    return replace(origin, author=None, user_id=None)


def _unquoted(reply: Reply) -> Reply:
    return replace(reply, quote=None)


async def add_redactions(tx: Connection, names: Iterable[str], redaction: Redaction) -> None:
    """Record that the post with these names was redacted; an earlier record stays."""
    when = times.to_epoch(redaction.redacted_at)
    await tx.execute_many(
        "INSERT INTO redaction (doc_id, redacted_at, reason) VALUES (?, ?, ?)"
        " ON CONFLICT (doc_id) DO NOTHING",
        [(name, when, redaction.reason) for name in sorted(names)],
    )


async def find_redactions(conn: Connection, names: Iterable[str]) -> Mapping[str, Redaction]:
    """The redactions of those of the names (in the form of ``document.name_key``) that were
    redacted."""
    (rows,) = await fetch_groups(conn, redaction_queries(names))
    return read_redactions(rows)


def redaction_queries(names: Iterable[str]) -> Iterator[Query]:
    """The queries for the redactions of these names."""
    return queries_in(_REDACTED, sorted(names))


def read_redactions(rows: Iterable[Row]) -> Mapping[str, Redaction]:
    """The redactions of rows, by name."""
    return {
        row["doc_id"]: Redaction(
            redacted_at=times.from_epoch(row["redacted_at"]), reason=row["reason"]
        )
        for row in rows
    }


async def list_redactions(conn: Connection, *, since: datetime) -> dict[str, Redaction]:
    """What was redacted from a time on, by every name of each post."""
    rows = await conn.fetch_all(
        "SELECT doc_id, redacted_at, reason FROM redaction WHERE redacted_at >= ? ORDER BY doc_id",
        (times.to_epoch(since),),
    )
    return dict(read_redactions(rows))
