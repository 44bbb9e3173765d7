"""Everything stored of a document, with its entries: the basis of evidence."""

from msgspec import Struct

from storage.chain import entries, versions
from storage.chain.entries import Entry
from storage.connection import Connection


class History(Struct, frozen=True, kw_only=True):
    """A document as its row has it (JSON), its earlier versions, oldest first, and its entries.
    ``befores``: the hash of the entry before each of these, by the number of the latter."""

    text: str
    revisions: tuple[str, ...]
    entries: tuple[Entry, ...]
    befores: dict[int, bytes]

    def list_forms(self) -> list[bytes]:
        """The canonical forms of the versions, the present one last; a text that is not valid JSON
        any more is taken as it is."""
        return [versions.stored_form(text) for text in (*self.revisions, self.text)]

    def line(self, entry: Entry) -> str:
        """The line of one of its entries."""
        return entry.line(self.befores.get(entry.seq, entries.NOTHING))


async def read_history(conn: Connection, document_id: int) -> History | None:
    """The history of the document with this row id; None if there is none."""
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
    """The differences between a history and the chain, a line each; any means that somebody changed
    the database."""
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
    """Whether the document's present text is the last that was recorded. Entries of the kinds
    ``found`` and ``forgotten`` (what remains of earlier versions when somebody is forgotten) may be
    recorded later."""
    for entry in reversed(history.entries):
        if entry.version == digest:
            return True
        if entry.kind not in ("found", "forgotten"):
            return False
    return False
