"""Usernames that move: the operator is told once, and the watch stays with the channel."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.watching.renames import Renames
from bot.watching.resolve import FoundChannel
from handlers.operators.notices import Notices
from handlers.sources.references import NAME_MOVED
from storage import database
from storage.channels import channels, references
from storage.connection import Database
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.records import Channel
from storage.subscribers import subscribers

OPERATOR = 900
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    async with opened.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=OPERATOR, now=NOW)
    yield opened
    await opened.close()


@pytest.fixture
def renames(db: Database) -> Renames:
    return Renames(db, Notices([OPERATOR], language="en", outbox=Outbox()))


async def watch(
    db: Database, number: int, username: str | None, *, as_name: bool = True
) -> Channel:
    async with db.transaction() as tx:
        row = await channels.add_channel(
            tx, channel_id=number, username=username, title=f"Channel {number}", now=NOW
        )
        if as_name and username:
            await references.bind(tx, username, row.id)
    return row


async def told(db: Database) -> list[str]:
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        rows = await outbox.claim_due(tx, now=now, limit=100, lease_until=now)
        await outbox.release_all(tx)
    return [row.text.text for row in rows]


def found(number: int, username: str | None) -> FoundChannel:
    return FoundChannel(
        channel_id=number, access_hash=1, username=username, title=f"Channel {number}", joined=True
    )


@pytest.mark.parametrize(
    ("named", "former", "new", "shown"),
    [
        ([], "harbour", "port", ["@harbour", "@port"]),
        ([], "harbour", None, ["@harbour", "no public name"]),
        (["Harbour"], "harbour", "port", ["CHANNELS", "@harbour", "@port"]),
        (["other"], "harbour", "port", ["@harbour", "@port"]),
        ([], None, "port", None),
    ],
)
async def test_another_name_is_told_where_there_was_one(
    db: Database,
    renames: Renames,
    named: list[str],
    former: str | None,
    new: str | None,
    shown: list[str] | None,
) -> None:
    renames.named = named
    before = await watch(db, 7, former)
    async with db.transaction() as tx:
        after = await channels.update_channel(tx, before.id, username=new)
        await renames.tell(tx, before, after)
    messages = await told(db)
    assert len(messages) == (0 if shown is None else 1)
    assert all(word in messages[0] for word in shown or ())
    assert shown is None or ("CHANNELS" in messages[0]) is ("CHANNELS" in shown)


@pytest.mark.parametrize(
    ("joined", "watched", "is_told"),
    [
        ([found(8, "harbour")], [], True),  # a newcomer has the name
        ([found(8, "Harbour")], [], True),
        ([found(8, "harbour")], [8], False),  # and is watched: a person has seen to it
        ([found(7, "harbour")], [], False),
        ([found(8, "port")], [], False),
        ([found(8, None)], [], False),
    ],
)
async def test_a_newcomer_with_a_name_of_the_list_is_told_once(
    db: Database, renames: Renames, joined: list[FoundChannel], watched: list[int], is_told: bool
) -> None:
    await watch(db, 7, "harbour")
    for number in watched:
        await watch(db, number, None)
    with capture_logs() as logs:
        for _ in range(2):
            await renames.look({one.channel_id: one for one in joined})
    messages = await told(db)
    assert len(messages) == len(logs) == int(is_told)
    assert all("Channel 7" in text and "@harbour" in text.lower() for text in messages)


@pytest.mark.parametrize(
    ("named", "now", "is_told"),
    [
        ("harbour", "port", True),
        ("Harbour", "port", True),
        ("harbour", "harbour", False),
        ("harbour", None, False),  # it has lost it: that is told otherwise
        ("other", "port", False),
    ],
)
async def test_settings_that_name_a_former_name_are_told_once(
    db: Database, renames: Renames, named: str, now: str | None, is_told: bool
) -> None:
    row = await watch(db, 7, "harbour")
    async with db.transaction() as tx:
        await channels.update_channel(tx, row.id, username=now)
    renames.named = [named]
    with capture_logs() as logs:
        for _ in range(2):
            await renames.look({})
    assert len(await told(db)) == len(logs) == int(is_told)


@pytest.mark.parametrize(("newcomer", "is_told"), [(None, True), (8, True), (9, False)])
@pytest.mark.parametrize("as_name", [True, False])
async def test_a_channel_that_lost_its_name_stays_its_number(
    db: Database, renames: Renames, newcomer: int | None, is_told: bool, as_name: bool
) -> None:
    row = await watch(db, 7, "harbour", as_name=as_name)
    await watch(db, 9, "pier")
    async with db.transaction() as tx:
        lost: Any = await renames.lose(tx, row, newcomer)
        bound = await references.find_bound(tx, "harbour")
        assert await renames.lose(tx, lost, newcomer) == lost
    assert (lost.channel_id, lost.username, lost.error) == (7, None, NAME_MOVED)
    assert bound is not None and bound.id == row.id
    assert len(await told(db)) == int(is_told)
