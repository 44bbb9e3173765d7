"""Partitions the chats among several deliverers: shares are leased, equally many to each live
process. The shares of one that died go to others when its leases expire.

A share carries its part of the rate limit, so that all processes together keep it. A chat belongs
to one share for ever, and a share to one deliverer at a time, so a chat's order is kept. A share is
handed over once nothing for its chats is being sent or waits in memory.
"""

import asyncio
import math

import structlog

from bot.delivering.deliverer import Deliverer
from bot.process.holder import Holder
from bot.telegram.pace import Pace
from storage.connection import Database
from storage.errors import StorageError
from storage.outbox import outbox
from storage.postgres import holding

LOOK = 0.5
MEMBER = "deliverer:"
SHARE = "chats:"
SERVING = 2
"""The part of the pace, counted in shares, that is kept for answers to presses and for messages of
failure (``bot.serving``)."""
PARTS = outbox.SHARES + SERVING
LEAST = 0.001
"""Messages a second of who has no share."""
FORGOTTEN = 86_400.0

log = structlog.get_logger("deliver")


class Shares:
    """Takes shares for ``deliverer``, and gives them back. ``database`` is guarded by ``holder``,
    which asks ``plain``; ``rate`` is that of all together, ``own`` the parts of it that this
    process has in any case."""

    def __init__(
        self,
        database: Database,
        plain: Database,
        holder: Holder,
        pace: Pace,
        deliverer: Deliverer,
        *,
        rate: float,
        own: int,
    ) -> None:
        self._database = database
        self._plain = plain
        self._holder = holder
        self._pace = pace
        self._deliverer = deliverer
        self._rate = rate
        self._own = own
        self._mine: frozenset[int] = frozenset()
        self._leaving: frozenset[int] = frozenset()

    async def run(self) -> None:
        """Go on for ever; cancel it to stop."""
        self._turn()
        while True:
            try:
                await self._look()
            except StorageError as error:
                log.debug("shares were not looked at", error=str(error))
            await asyncio.sleep(LOOK)

    async def _look(self) -> None:
        await self._sign()
        async with self._plain.reader() as conn:
            living = await holding.count_living(conn, MEMBER)
        fair = math.ceil(outbox.SHARES / max(1, living))
        await self._let_go()
        if len(self._mine) > fair:
            self._leave(len(self._mine) - fair)
        elif (missing := fair - len(self._mine) - len(self._leaving)) > 0:
            await self._take(missing)

    async def _sign(self) -> None:
        """Be counted among those that deliver."""
        name = MEMBER + self._holder.owner
        if name not in self._holder.names:
            await self._holder.take([name], 1)
            async with self._plain.transaction(beside=True) as tx:
                await holding.forget(tx, MEMBER, after=FORGOTTEN)

    async def _take(self, most: int) -> None:
        held = self._holder.names
        wanted = [name for name in map(_name, range(outbox.SHARES)) if name not in held]
        await self._holder.take(wanted, most)
        shares = (n for n in range(outbox.SHARES) if _name(n) in self._holder.names)
        fresh = frozenset(shares) - self._mine - self._leaving
        if not fresh:
            return
        async with self._database.transaction() as tx:
            # The last holder has ended, or has released them.
            await outbox.release_all(tx, fresh)
        self._mine |= fresh
        log.info("took over", shares=len(fresh), of=outbox.SHARES)
        self._turn()

    def _leave(self, count: int) -> None:
        going = frozenset(sorted(self._mine)[-count:])
        self._mine -= going
        self._leaving |= going
        self._turn()

    async def _let_go(self) -> None:
        gone = frozenset(share for share in self._leaving if not self._deliverer.holds(share))
        if gone:
            self._leaving -= gone
            self._turn()
            await self._holder.give_back(frozenset(map(_name, gone)))
            log.info("gave back", shares=len(gone), of=outbox.SHARES)

    def _turn(self) -> None:
        """Claim for the shares that stay, at the pace of all that are held."""
        parts = self._own + len(self._mine) + len(self._leaving)
        now = asyncio.get_running_loop().time()
        self._pace.share(max(LEAST, self._rate * parts / PARTS), now)
        self._deliverer.turn_to(self._mine)


def _name(share: int) -> str:
    return f"{SHARE}{share:02d}"
