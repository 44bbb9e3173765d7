"""How things stand, in a few numbers that cost no more as the archive grows."""

from dataclasses import dataclass
from datetime import datetime

from storage import channels, moments, problems
from storage.database import Connection
from storage.records import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """``queued`` and ``dead`` count messages; ``oldest_due_at`` is when the first of those that are
    due should have gone; ``channels`` are those that are watched. ``problems`` are set aside at
    present, ``problems_dropped`` were too many to be kept."""

    queued: int
    dead: int
    oldest_due_at: datetime | None
    channels: tuple[Channel, ...]
    problems: int = 0
    problems_dropped: int = 0


async def get_standing(conn: Connection) -> Standing:
    """The numbers of this moment, read off the indexes of what is queued and what is dead."""
    queue = await conn.fetch_one(
        "SELECT count(*) AS n, min(due_at) AS due FROM delivery WHERE state = 'queued'"
    )
    dead = await conn.fetch_one("SELECT count(*) AS n FROM delivery WHERE state = 'dead'")
    return Standing(
        queued=queue["n"] if queue else 0,
        dead=dead["n"] if dead else 0,
        oldest_due_at=moments.optional_from_epoch(queue["due"]) if queue else None,
        channels=tuple(await channels.list_channels(conn, watched=True)),
        problems=await problems.count_problems(conn),
        problems_dropped=await problems.count_dropped(conn),
    )
