"""What is done once is done by one process at a time; the next one need not wait for a lease."""

import pytest

from bot.app.catching_up import LEASE, _alone
from bot.process.holder import Holder
from storage.database import open_database


async def test_who_has_done_it_leaves_it_to_the_next_at_once(postgres_url: str) -> None:
    database = await open_database(postgres_url)
    try:
        ann, bob = Holder(database, "ann"), Holder(database, "bob")
        async with _alone(ann):
            assert ann.names == {LEASE}
            assert not await bob.take_all([LEASE])
        assert ann.names == frozenset()
        assert await bob.take_all([LEASE])
    finally:
        await database.close()


async def test_who_fails_keeps_the_others_waiting_until_its_lease_ends(postgres_url: str) -> None:
    """It is begun again by the same process, which is about to start anew."""
    database = await open_database(postgres_url)
    try:
        ann, bob = Holder(database, "ann"), Holder(database, "bob")
        with pytest.raises(ZeroDivisionError):
            async with _alone(ann):
                raise ZeroDivisionError
        assert not await bob.take_all([LEASE])
    finally:
        await database.close()


async def test_where_nobody_else_may_do_it_nobody_is_waited_for() -> None:
    async with _alone(None):
        pass
