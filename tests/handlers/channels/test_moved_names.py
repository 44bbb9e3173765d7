"""What names of channels mean once they have moved to others."""

from datetime import datetime

import pytest

from handlers.sources import references
from handlers.sources.references import Reference
from storage.channels import channels
from storage.channels import references as channel_references
from storage.connection import Database
from storage.records import Channel

OLD, NEW = Reference("name", "Port_Desk"), Reference("name", "port_desk_new")


async def watch(
    database: Database, reference: Reference, now: datetime, *, by_hand: bool = False, **how: bool
) -> Channel | None:
    async with database.transaction() as tx:
        return await references.watch(tx, reference, by_hand=by_hand, now=now, **how)


async def listed(database: Database) -> list[tuple[int | None, str | None]]:
    async with database.reader() as conn:
        return [(one.channel_id, one.username) for one in await channels.list_channels(conn)]


async def change(database: Database, channel: Channel | None, **fields: object) -> None:
    assert channel is not None
    async with database.transaction() as tx:
        await channels.update_channel(tx, channel.id, **fields)


@pytest.fixture
async def desk(database: Database, now: datetime) -> Channel:
    """Channel 1, put on the list as @Port_Desk and found."""
    channel = await watch(database, OLD, now)
    await change(database, channel, channel_id=1, title="Port Desk")
    assert channel is not None
    return channel


@pytest.mark.parametrize("present", ["port_desk_new", None])
async def test_a_name_of_the_settings_means_the_channel_that_it_meant_at_first(
    database: Database, desk: Channel, now: datetime, present: str | None
) -> None:
    await change(database, desk, username=present)
    for _ in range(2):
        again = await watch(database, OLD, now)
        assert again is not None and again.id == desk.id
    assert await listed(database) == [(1, present)]


async def test_the_new_name_means_it_too(database: Database, desk: Channel, now: datetime) -> None:
    await change(database, desk, username="port_desk_new")
    again = await watch(database, NEW, now)
    assert again is not None and again.id == desk.id
    await change(database, desk, username="port_desk_newest")
    await watch(database, OLD, now)
    await watch(database, NEW, now)
    assert await listed(database) == [(1, "port_desk_newest")]


async def test_a_newcomer_that_is_known_by_the_name_is_not_watched_for_it(
    database: Database, desk: Channel, now: datetime
) -> None:
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=2, username="port_desk", watched=False, now=now)
    await watch(database, OLD, now)
    assert await listed(database) == [(1, None)]


@pytest.mark.parametrize("reference", [OLD, NEW])
async def test_either_name_finds_it_and_takes_it_off_for_good(
    database: Database, desk: Channel, now: datetime, reference: Reference
) -> None:
    await change(database, desk, username="port_desk_new")
    async with database.transaction() as tx:
        found = await references.find(tx, reference)
        assert found is not None and found.id == desk.id
        await channels.remove_channel(tx, found.id)
        assert await references.find(tx, reference) is None
    assert await watch(database, OLD, now) is None
    assert await watch(database, NEW, now) is None
    assert await listed(database) == []


async def test_a_person_is_asked_who_is_meant_and_may_mean_the_newcomer(
    database: Database, desk: Channel, now: datetime
) -> None:
    async with database.reader() as conn:
        assert await references.find_former(conn, OLD) is None
    await change(database, desk, username="port_desk_new")
    async with database.reader() as conn:
        former = await references.find_former(conn, OLD)
        assert former is not None and former.id == desk.id
        assert await references.find_former(conn, NEW) is None
    other = await watch(database, OLD, now, by_hand=True, anew=True)
    assert other is not None and other.id != desk.id
    assert await listed(database) == [(1, "port_desk_new"), (None, "Port_Desk")]
    async with database.reader() as conn:
        assert await references.find_former(conn, OLD) is None
    # From now on the settings mean this one by the name.
    await change(database, other, channel_id=2, username="elsewhere")
    again = await watch(database, OLD, now)
    assert again is not None and again.id == other.id


async def test_a_removed_channel_gives_its_name_free_for_a_persons_wish(
    database: Database, desk: Channel, now: datetime
) -> None:
    await change(database, desk, username="port_desk_new")
    async with database.transaction() as tx:
        await channels.remove_channel(tx, desk.id)
    other = await watch(database, OLD, now, by_hand=True)
    assert other is not None and other.id != desk.id
    assert await listed(database) == [(None, "Port_Desk")]


async def test_rows_that_become_one_keep_what_both_were_put_on_the_list_by(
    database: Database, desk: Channel, now: datetime
) -> None:
    alias = await watch(database, NEW, now)
    assert alias is not None
    async with database.transaction() as tx:
        kept = await channels.number_channel(tx, alias.id, 1)
        assert kept.id == desk.id
        bound = await channel_references.list_bound(tx)
    assert {name: one.id for name, one in bound.items()} == {
        "port_desk": desk.id,
        "port_desk_new": desk.id,
    }


async def test_numbers_and_invite_links_are_what_they_were(
    database: Database, desk: Channel, now: datetime
) -> None:
    by_number = await watch(database, Reference("id", "1"), now)
    assert by_number is not None and by_number.id == desk.id
    link = Reference("invite", "abc")
    assert await watch(database, link, now) == await watch(database, link, now)
    assert len(await listed(database)) == 2
    async with database.reader() as conn:
        assert await references.find_former(conn, Reference("id", "1")) is None
        assert await references.find_former(conn, link) is None


@pytest.mark.parametrize("is_watched", [True, False])
async def test_a_name_said_by_hand_means_who_has_it_now_if_that_is_watched(
    database: Database, desk: Channel, now: datetime, is_watched: bool
) -> None:
    await change(database, desk, username="port_desk_new")
    async with database.transaction() as tx:
        other = await channels.add_channel(tx, channel_id=2, username="Port_Desk", now=now)
        if not is_watched:
            await channels.remove_channel(tx, other.id)
    found = await watch(database, OLD, now, by_hand=True)
    assert found is not None
    assert found.id == (other.id if is_watched else desk.id)
    again = await watch(database, OLD, now)
    assert again is not None and again.id == found.id
