"""Removes secrets (tokens, say) from answers once they need not be sent again, so that nobody finds
them in the database."""

from collections.abc import Sequence

from storage import payloads
from storage.connection import Connection
from storage.payloads import TextPayload
from storage.records import Delivery
from storage.structs import replace

WIPED = "…"


async def wipe(tx: Connection, rows: Sequence[Delivery]) -> None:
    """Remove the secrets from messages that are not retried."""
    changed = [
        (payloads.write(_without(row.payload)), row.id)
        for row in rows
        if isinstance(row.payload, TextPayload) and row.payload.secret
    ]
    await tx.execute_many("UPDATE delivery SET payload = ? WHERE id = ?", changed)


def _without(said: TextPayload) -> TextPayload:
    """The message without its secret and without its formatting, whose offsets count characters."""
    secret = said.secret or ""
    return replace(said, text=said.text.replace(secret, WIPED), spans=(), secret=None)
