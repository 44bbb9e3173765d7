"""Until when Telegram refuses an account to look names up: asked before that, it would refuse for
longer. The wait is the account's that met it: others go on."""

from datetime import UTC, datetime, timedelta

from storage import facts
from storage.channels import accounts
from storage.connection import Connection

LONGEST = timedelta(days=30)
"""A wait that ends later was reckoned while the clock was ahead."""
_REFUSED_UNTIL = "resolve_after:"


async def find_refused_until(
    conn: Connection, now: datetime, account: int | None = None
) -> datetime | None:
    """When an account can look names up again (aware), or None where it can now. ``account`` is its
    number; None: that of the only one that watches, or of the one that was first."""
    value = await facts.find_value(conn, await _name_of(conn, account))
    until = datetime.fromisoformat(value).astimezone(UTC) if value else now
    return until if now < until <= now + LONGEST else None


async def refuse_until(tx: Connection, until: datetime, account: int | None = None) -> None:
    """Remember until when, over a restart too."""
    await facts.set_value(tx, await _name_of(tx, account), until.isoformat())


async def _name_of(conn: Connection, account: int | None) -> str:
    return f"{_REFUSED_UNTIL}{account or await accounts.find_first(conn) or ''}"
