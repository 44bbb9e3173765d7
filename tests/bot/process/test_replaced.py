"""A replica takes the server's place: what was known before may not stand there."""

import asyncio

import postgresql
import pytest

from bot.process import holder as module
from bot.process.holder import Holder, ReplacedError
from storage import facts
from storage.database import open_database
from storage.errors import UnavailableError
from storage.guarded import GuardedDatabase
from storage.postgres import holding


@pytest.mark.end_to_end
async def test_who_knew_the_former_server_writes_nothing_and_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "EVERY", 0.05)
    with postgresql.serve_alone() as server:
        db = await open_database(server.url)
        try:
            async with db.reader() as conn:
                line = await holding.find_line(conn)
            ann, bob = Holder(db, "ann", line=line), Holder(db, "bob")
            guarded = GuardedDatabase(db, ann.guard)
            await ann.take_all(["serve"])
            await bob.take_all(["watch"])
            async with guarded.transaction() as tx:
                await facts.set_value(tx, "a", "1")

            await asyncio.to_thread(server.take_over)
            with pytest.raises(UnavailableError, match="a replica has taken"):
                async with asyncio.timeout(60):
                    while True:  # connections to the former one end first
                        try:
                            async with guarded.transaction() as tx:
                                await facts.set_value(tx, "a", "2")
                        except UnavailableError as error:
                            if error.cause != "server":
                                raise
            assert not ann.stands(asyncio.get_running_loop().time())
            with pytest.raises(ReplacedError, match="a replica has taken the server's place"):
                await ann.run()
            async with db.reader() as conn:
                assert await facts.find_value(conn, "a") == "1"
                assert await holding.find_line(conn) != line
            # Who is not told of lines of time goes by its leases alone; who begins anew goes on.
            async with db.transaction() as tx:
                await bob.guard(tx)
            async with db.reader() as conn:
                again = Holder(db, "ann", line=await holding.find_line(conn))
            await again.take_all(["serve"])
            async with GuardedDatabase(db, again.guard).transaction() as tx:
                await facts.set_value(tx, "a", "3")
        finally:
            await db.close()
