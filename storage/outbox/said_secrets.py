"""What an answer says that nobody is to find in the database: it stands there until it is sent."""

from collections.abc import Sequence
from dataclasses import replace

from storage import payloads
from storage.connection import Connection
from storage.payloads import TextPayload
from storage.records import Delivery

WIPED = "…"


async def wipe(tx: Connection, rows: Sequence[Delivery]) -> None:
    """Take the secrets out of messages that are not tried again."""
    changed = [
        (payloads.write(_without(row.payload)), row.id)
        for row in rows
        if isinstance(row.payload, TextPayload) and row.payload.secret
    ]
    await tx.execute_many("UPDATE delivery SET payload = ? WHERE id = ?", changed)


def _without(said: TextPayload) -> TextPayload:
    """The message without its secret; its formatting goes too, for it counts characters."""
    secret = said.secret or ""
    return replace(said, text=said.text.replace(secret, WIPED), spans=(), secret=None)
