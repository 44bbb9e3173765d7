"""What somebody manages: known once, forgotten with either."""

from datetime import datetime

from storage.chats import erasure, moving
from storage.connection import Database
from storage.subscribers import managed, subscribers

CREW, WIRE, GONE = -1_000_000_000_042, -1_000_000_000_043, -44


async def test_who_manages_what_is_known_until_either_is_forgotten(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        for chat_id, name in ((CREW, "crew"), (WIRE, "Atlas"), (7, "Ann")):
            await subscribers.add_subscriber(tx, chat_id=chat_id, name=name, now=now)
        for chat_id in (CREW, CREW, WIRE, GONE):
            await managed.note_managed(tx, 7, chat_id, now=now)
        await managed.note_managed(tx, 8, CREW, now=now)

        async def listed(person: int) -> list[int]:
            return [one.chat_id for one in await managed.list_managed(tx, person)]

        assert (await listed(7), await listed(8), await listed(9)) == ([WIRE, CREW], [CREW], [])
        assert await managed.is_managed(tx, 7, WIRE)
        assert not await managed.is_managed(tx, 7, GONE)
        await managed.forget_managed(tx, 7, WIRE)
        assert await listed(7) == [CREW]
        await moving.move_chat(tx, CREW, -1_000_000_000_099)
        assert (await listed(7), await listed(8)) == ([-1_000_000_000_099], [-1_000_000_000_099])
        await erasure.erase_chat(tx, 7)
        assert (await listed(7), await listed(8)) == ([], [-1_000_000_000_099])
        await erasure.erase_chat(tx, -1_000_000_000_099)
        assert await listed(8) == []
