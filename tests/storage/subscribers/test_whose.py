"""What is done to one thing of a chat is done to that one alone: its other things, and those of
another chat that are called the same, stay as they are."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

import pytest

from storage.channels import channels, wishes
from storage.chats import moving
from storage.connection import Connection, Database
from storage.subscribers import (
    alerts,
    collections,
    feeds,
    links,
    managed,
    mutes,
    plans,
    silences,
    subscribers,
    surges,
)

CHAT, OTHER = 5, 6
HOUR = timedelta(hours=1)
TABLES = (
    "alert", "mute", "told", "surge", "silence", "link", "feed", "wish", "plan", "managed",
    "collection", "collected", "subscriber",
)  # fmt: skip
Rows: TypeAlias = dict[str, list[tuple[Any, ...]]]
Ids: TypeAlias = dict[str, Any]
NOW = datetime.fromisoformat("2026-05-01T12:00:00+00:00")


async def dump(tx: Connection) -> Rows:
    """All that there is, by table, each row as its columns' values."""
    found: Rows = {}
    for table in TABLES:
        rows: Any = await tx.fetch_all(f"SELECT * FROM {table}")  # noqa: S608
        found[table] = sorted((tuple(row) for row in rows), key=repr)
    return found


async def settle(tx: Connection, chat_id: int) -> Ids:
    """Two of each thing, of one chat; the ids of the first."""
    await subscribers.add_subscriber(tx, chat_id=chat_id, name="Ada", now=NOW)
    ids: Ids = {}
    for number, query in enumerate(("grain", "oil")):
        alert = await alerts.add_alert(tx, chat_id=chat_id, query=query, now=NOW)
        await mutes.add_mutes(tx, [alert.id], "77", "Port")
        await mutes.add_mutes(tx, [alert.id], "78", "Mast")
        await alerts.note_times_told(tx, [(alert.id, NOW), (alert.id, NOW + HOUR)])
        await surges.add_surge(tx, chat_id, query, now=NOW)
        channel = await channels.add_channel(tx, channel_id=100 + number, now=NOW)
        await silences.add_silence(tx, chat_id, channel.id, now=NOW)
        token = await links.add_link(
            tx, kind="search", target=query, made_by=chat_id, now=NOW, ends_at=NOW + HOUR
        )
        invite = await links.add_link(
            tx, kind="invite", people=3, made_by=chat_id, now=NOW, ends_at=NOW + HOUR
        )
        assert await feeds.add_feed(tx, chat_id=chat_id, kind="query", target=query, now=NOW)
        wish, _ = await wishes.add_wish(tx, chat_id, f"@{query}", now=NOW)
        plan = await plans.add_plan(
            tx, chat_id=chat_id, times="daily 08:00", timezone="UTC", due_at=NOW, now=NOW
        )
        held = await collections.find_or_add(tx, chat_id, query, now=NOW)
        assert held is not None
        for post in ("tg:7/1", "tg:7/2"):
            await collections.save(tx, held.id, post, "", now=NOW)
        await managed.note_managed(tx, 40 + number, chat_id, now=NOW)
        found = {
            "alert": alert.id, "channel": channel.id, "link": token, "wish": wish.id,
            "plan": plan, "collection": held, "request": wish.request, "invite": invite,
        }  # fmt: skip
        ids = ids or found
    ids["surge"] = (await surges.list_surges(tx, chat_id))[0]
    ids["silence"] = (await silences.list_silences(tx, chat_id))[0]
    ids["feed"] = (await feeds.list_feeds(tx, chat_id))[0].name
    return ids


class Act(NamedTuple):
    """What is done with the first thing of a chat, and how many rows of which tables that is."""

    do: Callable[[Connection, Ids, int], Awaitable[object]]
    touches: dict[str, int]
    is_whose: bool = True
    """Whether the chat is asked for: with another's nothing is done."""


LATER = NOW + HOUR
ACTS = {
    "asks something else": Act(
        lambda tx, ids, chat: alerts.change_query(tx, ids["alert"], chat, "tug", now=LATER),
        {"alert": 1},
    ),
    "is told otherwise": Act(
        lambda tx, ids, chat: alerts.update_alert(tx, ids["alert"], chat, silent=True),
        {"alert": 1},
    ),
    "an alert goes": Act(
        lambda tx, ids, chat: alerts.remove_alert(tx, ids["alert"], chat),
        {"alert": 1, "mute": 2, "told": 2},
    ),
    "times told are forgotten": Act(
        lambda tx, ids, _: alerts.forget_times_told(tx, [ids["alert"]], until=NOW),
        {"told": 1},
        is_whose=False,
    ),
    "a channel is muted no more": Act(
        lambda tx, ids, _: mutes.remove_mute(tx, ids["alert"], "77"), {"mute": 1}, is_whose=False
    ),
    "a surge asks something else": Act(
        lambda tx, ids, chat: surges.change_query(tx, ids["surge"].id, chat, "tug", now=LATER),
        {"surge": 1},
    ),
    "a surge is told": Act(
        lambda tx, ids, _: surges.note_told(tx, ids["surge"], now=NOW),
        {"surge": 1},
        is_whose=False,
    ),
    "a surge is of a topic": Act(
        lambda tx, ids, _: surges.set_topic(tx, ids["surge"].id, 7), {"surge": 1}, is_whose=False
    ),
    "a surge goes": Act(
        lambda tx, ids, chat: surges.remove_surge(tx, ids["surge"].id, chat), {"surge": 1}
    ),
    "a silence is told": Act(
        lambda tx, ids, _: silences.note_told(tx, ids["silence"], NOW),
        {"silence": 1},
        is_whose=False,
    ),
    "a silence cannot be told": Act(
        lambda tx, ids, _: silences.note_unread(tx, ids["silence"], NOW),
        {"silence": 1},
        is_whose=False,
    ),
    "a silence is of a topic": Act(
        lambda tx, ids, _: silences.set_topic(tx, CHAT, ids["channel"], 7),
        {"silence": 1},
        is_whose=False,
    ),
    "a silence goes": Act(
        lambda tx, ids, _: silences.remove_silence(tx, CHAT, ids["channel"], now=NOW),
        {"silence": 1},
        is_whose=False,
    ),
    "a link goes": Act(
        lambda tx, ids, chat: links.remove_link(tx, ids["link"], chat, now=NOW), {"link": 1}
    ),
    "an invitation goes": Act(
        lambda tx, ids, chat: links.remove_link(tx, ids["invite"], chat, invites=True, now=NOW),
        {"link": 1},
    ),
    "an invitation is no link": Act(
        lambda tx, ids, _: links.remove_link(tx, ids["invite"], CHAT, now=NOW), {}, is_whose=False
    ),
    "an invitation lets one in": Act(
        lambda tx, ids, _: links.use_invite(tx, ids["invite"], now=NOW),
        {"link": 1},
        is_whose=False,
    ),
    "a link lets nobody in": Act(
        lambda tx, ids, _: links.use_invite(tx, ids["link"], now=NOW), {}, is_whose=False
    ),
    "a chat's links go": Act(
        lambda tx, _ids, _chat: links.forget_chat(tx, CHAT), {"link": 4}, is_whose=False
    ),
    "a feed goes": Act(
        lambda tx, ids, chat: feeds.remove_feed(tx, ids["feed"], chat, now=NOW), {"feed": 1}
    ),
    "a chat's feeds go": Act(
        lambda tx, _ids, _chat: feeds.forget_chat(tx, CHAT), {"feed": 2}, is_whose=False
    ),
    "a wish is taken back": Act(
        lambda tx, ids, chat: wishes.remove_wish(tx, chat, ids["wish"], now=NOW), {"wish": 1}
    ),
    "a wish of all who ask is refused": Act(
        lambda tx, ids, _: wishes.deny(tx, ids["request"], now=NOW), {"wish": 2}, is_whose=False
    ),
    "a wish of all who ask is granted": Act(
        lambda tx, ids, _: wishes.grant(tx, ids["request"]), {"wish": 2}, is_whose=False
    ),
    "a plan is changed": Act(
        lambda tx, ids, _: plans.update_plan(tx, ids["plan"].id, paused=True),
        {"plan": 1},
        is_whose=False,
    ),
    "a plan is told": Act(
        lambda tx, ids, _: plans.note_told(tx, [(ids["plan"], NOW, LATER)]),
        {"plan": 1},
        is_whose=False,
    ),
    "a post is taken out": Act(
        lambda tx, ids, _: collections.take_out(tx, ids["collection"].id, "tg:7/1", now=NOW),
        {"collected": 1},
        is_whose=False,
    ),
    "a post has a note": Act(
        lambda tx, ids, _: collections.save(tx, ids["collection"].id, "tg:7/1", "x", now=LATER),
        {"collected": 1, "collection": 1},
        is_whose=False,
    ),
    "a collection goes": Act(
        lambda tx, ids, _: collections.remove_collection(tx, ids["collection"].id, now=NOW),
        {"collection": 1},
        is_whose=False,
    ),
    "a chat is managed no more": Act(
        lambda tx, _ids, _chat: managed.forget_managed(tx, 40, CHAT),
        {"managed": 1},
        is_whose=False,
    ),
    "a person manages nothing": Act(
        lambda tx, _ids, _chat: managed.forget_person(tx, 40), {"managed": 2}, is_whose=False
    ),
    "a chat has left": Act(
        lambda tx, _ids, chat: subscribers.deactivate(tx, CHAT),
        {"subscriber": 1},
        is_whose=False,
    ),
    "a chat has a list that grows": Act(
        lambda tx, _ids, chat: subscribers.set_growing(tx, CHAT, 9),
        {"subscriber": 1},
        is_whose=False,
    ),
    "a chat is of a topic": Act(
        lambda tx, _ids, chat: subscribers.set_topic(tx, CHAT, 9),
        {"subscriber": 1},
        is_whose=False,
    ),
    "a chat has its digest": Act(
        lambda tx, _ids, chat: subscribers.note_digests(tx, [CHAT], NOW),
        {"subscriber": 1},
        is_whose=False,
    ),
}


def touched(before: Rows, after: Rows) -> dict[str, int]:
    """How many rows of each table are not what they were."""
    found = {table: len({*rows} - {*after[table]}) for table, rows in before.items()}
    return {table: count for table, count in found.items() if count}


class _Undone(Exception): ...


async def test_what_is_done_to_one_thing_of_a_chat_is_done_to_no_other(database: Database) -> None:
    async with database.transaction() as tx:
        ids = await settle(tx, CHAT)
        await settle(tx, OTHER)
        before = await dump(tx)
    wrong: dict[str, object] = {}
    for name, act in ACTS.items():
        with pytest.raises(_Undone):
            async with database.transaction() as tx:
                if act.is_whose:
                    await act.do(tx, ids, OTHER)
                    if await dump(tx) != before:
                        wrong[f"{name}, another's"] = touched(before, await dump(tx))
                await act.do(tx, ids, CHAT)
                after = await dump(tx)
                is_more = any(len(after[table]) > len(rows) for table, rows in before.items())
                if touched(before, after) != act.touches or is_more:
                    wrong[name] = touched(before, after)
                raise _Undone
    assert wrong == {}


PRESENT = 9
_MADE_BY = {"link": "made_by"}
_OF_OTHERS = {"mute", "told", "collected"}
"""They have no chat, but what they belong to has."""


async def test_what_moves_to_another_id_is_that_chats_alone(tx: Connection) -> None:
    await settle(tx, OTHER)
    others = await dump(tx)
    await settle(tx, CHAT)
    await settle(tx, PRESENT)
    before = await dump(tx)
    await moving.move_chat(tx, CHAT, PRESENT)
    after = await dump(tx)
    assert {table: {*rows} - {*after[table]} for table, rows in others.items()} == {
        table: set() for table in TABLES
    }
    for table in {*TABLES} - _OF_OTHERS:
        column = _MADE_BY.get(table, "chat_id")
        row = await tx.fetch_one(f"SELECT 1 FROM {table} WHERE {column} = ?", (CHAT,))  # noqa: S608
        assert row is None, table
    merged = {table: len(before[table]) - len(after[table]) for table in TABLES}
    assert merged == {
        "alert": 2, "mute": 4, "told": 4, "surge": 2, "silence": 2, "wish": 2, "plan": 2,
        "managed": 2, "collection": 2, "collected": 4, "subscriber": 1, "link": 0, "feed": 0,
    }  # fmt: skip
