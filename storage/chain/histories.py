"""All that is stored of a document, with its entries: what evidence is made of."""

from msgspec import Struct

from storage.chain import entries, versions
from storage.chain.entries import Entry
from storage.connection import Connection


class History(Struct, frozen=True, kw_only=True):
    """A document as its row holds it (JSON), its earlier versions (the same), oldest first, and its
    entries. ``befores`` are the hashes of the entries before these, by the number of the entry."""

    text: str
    revisions: tuple[str, ...]
    entries: tuple[Entry, ...]
    befores: dict[int, bytes]

    def list_forms(self) -> list[bytes]:
        """The canonical forms of what is stored, the document's last; what is no JSON any more as
        it is."""
        return [versions.stored_form(text) for text in (*self.revisions, self.text)]

    def line(self, entry: Entry) -> str:
        """The line of one of its entries."""
        return entry.line(self.befores.get(entry.seq, entries.NOTHING))


async def read_history(conn: Connection, document_id: int) -> History | None:
    """What is stored of the document in that row; None where there is none."""
    row = await conn.fetch_one("SELECT json FROM document WHERE id = ?", (document_id,))
    if row is None:
        return None
    revisions = await conn.fetch_all(
        "SELECT json FROM revision WHERE document_id = ? ORDER BY id", (document_id,)
    )
    found = await entries.list_of_documents(conn, [document_id])
    befores = [await entries.list_hashes(conn, one.seq - 1, one.seq - 1) for one in found]
    return History(
        text=row["json"],
        revisions=tuple(one["json"] for one in revisions),
        entries=tuple(found),
        befores={seq + 1: digest for pair in befores for seq, digest in pair},
    )


def doubts_of(history: History) -> list[str]:
    """What of a history is not as it was recorded, a line each: somebody changed the database."""
    forms = history.list_forms()
    digests = [versions.digest(form) for form in forms]
    recorded = {entry.version for entry in history.entries}
    found = [
        f"entry {entry.seq} is not as it was made"
        for entry in history.entries
        if entries.hash_of(history.line(entry)) != entry.hash
    ]
    if not history.entries:
        return ["it is not in the chain"]
    for number, digest in enumerate(digests[:-1], 1):
        if digest not in recorded:
            found.append(f"version {number} is not as it was recorded")
    if _is_current(history, digests[-1]):
        return found
    return [*found, f"version {len(digests)}, the last, is not as it was recorded"]


def _is_current(history: History, digest: bytes) -> bool:
    """Whether nothing was recorded after what the document says now. What is found, and what is
    left of earlier versions when somebody is forgotten, may be recorded later."""
    for entry in reversed(history.entries):
        if entry.version == digest:
            return True
        if entry.kind not in ("found", "forgotten"):
            return False
    return False
