"""Which roles of the service a process has, and which other processes share them: none over SQLite;
over PostgreSQL those that hold leases there."""

from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any

from msgspec import Struct

from bot.app import handled
from bot.app.roles import ALL, Role, said_of
from bot.delivering.deliverer import Deliverer
from bot.delivering.portion import Portion
from bot.delivering.shares import PARTS, SERVING, Shares
from bot.delivering.waking import Waking
from bot.process.holder import Holder
from bot.telegram.clients import Client
from bot.telegram.pace import Pace
from bot.watching.sharing.sharing import Sharing
from storage.connection import Database
from storage.outbox.gate import Outbox

LOOK_EVERY = timedelta(seconds=5)
"""For plans that other processes change."""

Work = tuple[str, Coroutine[object, object, None]]


class Split(Struct, frozen=True, kw_only=True):
    """The ``roles`` of this process; ``holder`` holds its leases, in the database ``plain``, where
    others may be at work beside it."""

    roles: frozenset[Role] = ALL
    holder: Holder | None = None
    plain: Database | None = None

    @property
    def is_shared(self) -> bool:
        """Whether other processes may send and serve."""
        return self.holder is not None

    def said(self, channels: int) -> str:
        """What this process does, for the line that says that it is ready."""
        named = f"{channels} channel" if channels == 1 else f"{channels} channels"
        watching = f", watching {named}" if "watch" in self.roles else ""
        if self.roles == ALL:
            return watching
        return f"{watching}, to " + ",".join(said_of(self.roles))

    def watchers(self, database: Database) -> Sharing | None:
        """What shares the channels with others that watch, where there may be some."""
        if self.holder is None or self.plain is None or "watch" not in self.roles:
            return None
        return Sharing(database, self.plain, self.holder)

    def portion(self) -> Portion:
        """The chats that this process sends to at first."""
        if self.holder is None:
            return Portion()
        return Portion(frozenset(), self.holder.stands)

    def looking(self) -> dict[str, Any]:
        """How often plans are looked at, where that is not the usual."""
        return {"look_every": LOOK_EVERY} if self.is_shared else {}

    async def hearing(self, database: Database, bot: Client, bot_id: int) -> list[Work]:
        """What tells other processes up to where the bot's messages were handled."""
        if not self.is_shared:
            return []
        return [("handled updates", await handled.go_on(database, bot, bot_id))]

    def sharing(
        self, database: Database, gate: Outbox, pace: Pace, courier: Deliverer
    ) -> Iterator[Work]:
        """What shares chats and the pace with other processes; as it is set, it is all of it."""
        if self.holder is None or self.plain is None:
            return
        rate, own = pace.overall, SERVING if "serve" in self.roles else 0
        if "deliver" not in self.roles:
            pace.share(rate * max(own, 1) / PARTS, 0.0)
            return
        shares = Shares(database, self.plain, self.holder, pace, courier, rate=rate, own=own)
        yield "shares", shares.run()
        yield "waking", Waking(database, gate, pace).run()
