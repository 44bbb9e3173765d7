from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from storage.chats import moving
from storage.connection import Connection, Database
from storage.subscribers import collections, subscribers
from storage.subscribers.collections import KEPT_FOR, Collection, Saved

CHAT, OTHER = 42, 43


@pytest.fixture
async def tx(database: Database, now: datetime) -> AsyncIterator[Connection]:
    async with database.transaction() as tx:
        for chat in (CHAT, OTHER):
            await subscribers.add_subscriber(tx, chat_id=chat, name="Ada", now=now)
        yield tx


async def make(tx: Connection, name: str, now: datetime, chat: int = CHAT) -> Collection:
    found = await collections.find_or_add(tx, chat, name, now=now)
    assert found is not None
    return found


async def names(tx: Connection, chat: int = CHAT) -> list[tuple[str, int]]:
    return [(one.name, one.posts) for one in await collections.list_collections(tx, chat)]


async def test_one_name_however_written_is_one_collection_of_one_chat(
    tx: Connection, now: datetime
) -> None:
    first = await make(tx, "Утренний  Обзор", now)
    assert (await make(tx, "утренний обзор", now)).id == first.id
    assert (await make(tx, "Утренний обзор", now, OTHER)).id != first.id
    assert await collections.find_collection(tx, first.id, OTHER) is None


async def test_posts_stand_in_the_order_in_which_they_were_put_there(
    tx: Connection, now: datetime
) -> None:
    brief = await make(tx, "Brief", now)
    for minute, post in enumerate(("tg:9/9", "tg:1/1", "tg:5/5")):
        at = now + timedelta(minutes=minute)
        assert await collections.save(tx, brief.id, post, f"n{minute}", now=at) == "new"
    found = await collections.list_saved(tx, brief.id)
    assert [(one.doc_id, one.note) for one in found] == [
        ("tg:9/9", "n0"),
        ("tg:1/1", "n1"),
        ("tg:5/5", "n2"),
    ]
    assert await collections.list_saved(tx, brief.id, limit=1, offset=1) == [found[1]]
    assert await names(tx) == [("Brief", 3)]


async def test_a_post_that_is_there_keeps_its_place_and_takes_a_new_note_alone(
    tx: Connection, now: datetime
) -> None:
    brief = await make(tx, "Brief", now)
    later = now + timedelta(hours=1)
    await collections.save(tx, brief.id, "tg:1/1", "first", now=now)
    assert await collections.save(tx, brief.id, "tg:1/1", "", now=later) == "there"
    assert await collections.find_saved(tx, brief.id, "tg:1/1") == Saved("tg:1/1", "first", now)
    await collections.save(tx, brief.id, "tg:1/1", "second", now=later)
    assert await collections.find_saved(tx, brief.id, "tg:1/1") == Saved("tg:1/1", "second", now)


async def test_what_is_taken_out_comes_back_with_its_note_in_its_place(
    tx: Connection, now: datetime
) -> None:
    brief = await make(tx, "Brief", now)
    await collections.save(tx, brief.id, "tg:1/1", "kept", now=now)
    assert await collections.take_out(tx, brief.id, "tg:1/1", now=now)
    assert await collections.take_out(tx, brief.id, "tg:1/1", now=now)  # It is out, and is kept.
    assert await names(tx) == [("Brief", 0)]
    assert await collections.put_back(tx, brief.id, "tg:1/1")
    assert await collections.find_saved(tx, brief.id, "tg:1/1") == Saved("tg:1/1", "kept", now)
    assert not await collections.put_back(tx, brief.id, "tg:1/2")


async def test_what_was_taken_out_and_is_saved_again_begins_anew(
    tx: Connection, now: datetime
) -> None:
    brief, later = await make(tx, "Brief", now), now + timedelta(hours=1)
    await collections.save(tx, brief.id, "tg:1/1", "old", now=now)
    await collections.take_out(tx, brief.id, "tg:1/1", now=now)
    assert await collections.save(tx, brief.id, "tg:1/1", "", now=later) == "new"
    assert await collections.find_saved(tx, brief.id, "tg:1/1") == Saved("tg:1/1", "", later)


async def test_the_last_used_collection_comes_first(tx: Connection, now: datetime) -> None:
    old = await make(tx, "Old", now)
    await make(tx, "New", now + timedelta(minutes=1))
    assert await names(tx) == [("New", 0), ("Old", 0)]
    await collections.save(tx, old.id, "tg:1/1", "", now=now + timedelta(minutes=2))
    assert await names(tx) == [("Old", 1), ("New", 0)]


async def test_a_removed_collection_comes_back_whole_unless_another_has_its_name(
    tx: Connection, now: datetime
) -> None:
    brief = await make(tx, "Brief", now)
    await collections.save(tx, brief.id, "tg:1/1", "n", now=now)
    await collections.remove_collection(tx, brief.id, now=now)
    assert await names(tx) == []
    removed = await collections.find_collection(tx, brief.id, CHAT)
    assert removed is not None and removed.removed_at == now
    assert await collections.restore_collection(tx, removed)
    assert await names(tx) == [("Brief", 1)]
    await collections.remove_collection(tx, brief.id, now=now)
    await make(tx, "BRIEF", now)
    assert not await collections.restore_collection(tx, removed)
    assert await names(tx) == [("BRIEF", 0)]


async def test_what_was_removed_is_forgotten_after_a_day(tx: Connection, now: datetime) -> None:
    kept, gone = await make(tx, "Kept", now), await make(tx, "Gone", now)
    await collections.save(tx, kept.id, "tg:1/1", "", now=now)
    await collections.save(tx, kept.id, "tg:1/2", "", now=now)
    await collections.save(tx, gone.id, "tg:1/3", "", now=now)
    await collections.take_out(tx, kept.id, "tg:1/1", now=now)
    await collections.remove_collection(tx, gone.id, now=now)
    await collections.prune_removed(tx, now=now + KEPT_FOR)
    assert await collections.put_back(tx, kept.id, "tg:1/1")
    await collections.take_out(tx, kept.id, "tg:1/1", now=now)
    await collections.prune_removed(tx, now=now + KEPT_FOR + timedelta(seconds=1))
    assert not await collections.put_back(tx, kept.id, "tg:1/1")
    assert await collections.find_collection(tx, gone.id, CHAT) is None
    assert await names(tx) == [("Kept", 1)]


async def test_there_are_limits(
    tx: Connection, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "MOST", 2)
    monkeypatch.setattr(collections, "MOST_POSTS", 1)
    first = await make(tx, "One", now)
    await make(tx, "Two", now)
    assert await collections.find_or_add(tx, CHAT, "Three", now=now) is None
    assert (await make(tx, "one", now)).id == first.id
    assert await collections.save(tx, first.id, "tg:1/1", "", now=now) == "new"
    assert await collections.save(tx, first.id, "tg:1/2", "", now=now) == "full"
    assert await collections.save(tx, first.id, "tg:1/1", "n", now=now) == "there"
    await collections.remove_collection(tx, first.id, now=now)
    await make(tx, "Three", now)
    removed = await collections.find_collection(tx, first.id, CHAT)
    assert removed is not None and not await collections.restore_collection(tx, removed)


async def test_a_chat_that_moves_takes_them_along_and_those_of_one_name_become_one(
    tx: Connection, now: datetime
) -> None:
    alone, both = await make(tx, "Alone", now), await make(tx, "Both", now)
    there = await make(tx, "both", now, OTHER)
    await collections.save(tx, alone.id, "tg:1/1", "", now=now)
    for post in ("tg:1/1", "tg:1/2"):
        await collections.save(tx, both.id, post, "former", now=now)
    await collections.save(tx, there.id, "tg:1/2", "present", now=now)
    assert await moving.move_chat(tx, CHAT, OTHER)
    assert sorted(await names(tx, OTHER)) == [("Alone", 1), ("both", 2)]
    found = await collections.list_saved(tx, there.id)
    assert [(one.doc_id, one.note) for one in found] == [
        ("tg:1/1", "former"),
        ("tg:1/2", "present"),
    ]


async def test_who_is_forgotten_leaves_none(tx: Connection, now: datetime) -> None:
    brief = await make(tx, "Brief", now)
    await collections.save(tx, brief.id, "tg:1/1", "n", now=now)
    await subscribers.remove_subscriber(tx, CHAT)
    assert await collections.list_saved(tx, brief.id) == []
    assert await names(tx) == []


async def test_when_posts_were_put_there_is_known_of_those_that_are_there(
    tx: Connection, now: datetime
) -> None:
    brief, other = await make(tx, "Brief", now), await make(tx, "Other", now)
    days = [now - timedelta(days=ago) for ago in (9, 2, 1, 0)]
    for number, at in enumerate(days):
        await collections.save(tx, brief.id, f"tg:1/{number}", "", now=at)
    await collections.save(tx, other.id, "tg:1/9", "", now=now)
    await collections.take_out(tx, brief.id, "tg:1/2", now=now)
    assert await collections.list_times_saved(tx, brief.id, since=days[1]) == [days[1], now]


@pytest.mark.parametrize(
    ("former_gone", "present_gone", "left"),
    [
        (False, False, [("tg:1/1", "tg:2/2")]),
        (True, False, [("tg:2/2",)]),  # What was removed brings nothing back.
        (False, True, [("tg:1/1",)]),
        (True, True, []),
    ],
)
async def test_those_of_one_name_become_one_where_neither_was_removed(
    tx: Connection,
    now: datetime,
    former_gone: bool,
    present_gone: bool,
    left: list[tuple[str, ...]],
) -> None:
    for chat, post, is_gone in ((CHAT, "tg:1/1", former_gone), (OTHER, "tg:2/2", present_gone)):
        made = await make(tx, "Brief", now, chat)
        await collections.save(tx, made.id, post, "", now=now)
        if is_gone:
            await collections.remove_collection(tx, made.id, now=now)
    await collections.move_collections(tx, CHAT, OTHER)
    assert await names(tx, CHAT) == []
    found = [
        tuple(sorted(saved.doc_id for saved in await collections.list_saved(tx, one.id)))
        for one in await collections.list_collections(tx, OTHER)
    ]
    assert found == left
