"""Until when Telegram refuses to look names up: asked before that, it would refuse for longer."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storage import facts

if TYPE_CHECKING:
    from storage.connection import Connection

_REFUSED_UNTIL = "resolve_after"


async def find_refused_until(conn: "Connection", now: datetime) -> datetime | None:
    """When names can be looked up again (aware), or None where they can be now."""
    value = await facts.find_value(conn, _REFUSED_UNTIL)
    until = datetime.fromisoformat(value).astimezone(UTC) if value else now
    return until if until > now else None


async def refuse_until(tx: "Connection", until: datetime) -> None:
    """Remember until when, over a restart too."""
    await facts.set_value(tx, _REFUSED_UNTIL, until.isoformat())
