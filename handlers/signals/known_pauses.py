"""What is known of a channel's pauses: read once a post, and again after a while."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from handlers.render.answers.silences import State
from handlers.rhythms import pauses
from storage.channels import pauses as stored
from storage.channels.pauses import LastPost
from storage.connection import Connection
from storage.records import Channel

LATE = timedelta(hours=1)
"""A channel that was not read for so long can't be read at present."""
_WEEKS = timedelta(weeks=pauses.WEEKS)
_KEPT = timedelta(hours=6)
"""History may be read meanwhile that says more."""


class Pause(Struct, frozen=True):
    """The pause that runs since the last post: when it becomes a silence, and what is usual then;
    None where that is not known."""

    last: LastPost
    at: datetime | None
    usual: int = 0


@dataclass(slots=True)
class KnownPauses:
    """The pauses of channels, by row."""

    _known: dict[int, tuple[datetime, Pause]] = field(default_factory=dict)

    async def find(self, conn: Connection, channel: Channel, *, now: datetime) -> Pause | None:
        """The pause that runs; None where no post is known."""
        last = await stored.find_last_post(conn, channel)
        if last is None:
            return None
        known = self._known.get(channel.id)
        if known is not None and known[1].last == last and now - known[0] < _KEPT:
            return known[1]
        pause = await _read(conn, channel, last)
        self._known[channel.id] = (now, pause)
        return pause


async def _read(conn: Connection, channel: Channel, last: LastPost) -> Pause:
    posted = await stored.list_times(conn, channel, since=last.at - _WEEKS)
    unusual = pauses.find_unusual(posted)
    if unusual is None:
        return Pause(last, None)
    return Pause(last, datetime.fromtimestamp(unusual.at, UTC), unusual.usual)


async def find_state(conn: Connection, channel: Channel, *, now: datetime) -> State:
    """What is to be expected of a channel."""
    is_read = channel.last_scan_at is not None and now - channel.last_scan_at < LATE
    pause = await KnownPauses().find(conn, channel, now=now) if is_read else None
    if pause is None:
        return State(channel=channel, is_read=is_read)
    return State(channel=channel, at=pause.at, usual=pause.usual)
