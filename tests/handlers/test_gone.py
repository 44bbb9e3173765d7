"""Buttons of what is gone, or is another chat's: each says so and shows what there is instead."""

import asyncio
from typing import Any

import pytest

from handlers.render.text import keyboards
from handlers.render.text.keyboards import data
from storage.channels import channels
from storage.connection import Database
from storage.sqlite import engine
from storage.structs import replace
from storage.subscribers import alerts, collections, plans, subscribers

COLLECTION = ("That collection is gone.", "Nothing is saved here yet.")
PLAN = ("This digest was removed before.", "You have no digest yet.")
ALERT = ("This alert was removed before.", "You have no alerts yet.")
CHANNEL = ("This channel is not watched any more.", "No channel is watched yet.")
SILENCE = ("That was removed before.", "No channel's silence is told here.")
OLD = ("This button no longer works.", None)

BUTTONS: list[tuple[str, tuple[object, ...], tuple[str, str | None]]] = [
    (keyboards.COLLECTION, ("{collection}", 0), COLLECTION),
    (keyboards.COLLECTED_OUT, ("{collection}", 0, "tg:7/1"), COLLECTION),
    (keyboards.COLLECTED_BACK, ("{collection}", 0, "tg:7/1"), COLLECTION),
    (keyboards.COLLECTION_REMOVE, ("{collection}",), COLLECTION),
    (keyboards.COLLECTION_RESTORE, ("{collection}",), COLLECTION),
    (keyboards.COLLECTION_FILE, ("{collection}", "html"), COLLECTION),
    (keyboards.COLLECTION_FILE, ("{collection}", "exe"), OLD),
    (keyboards.PLAN_CARD, ("{plan}",), PLAN),
    (keyboards.PLAN_SET, ("{plan}", "p", 1), PLAN),
    (keyboards.PLAN_TIMES, ("{plan}",), PLAN),
    (keyboards.PLAN_HOW, ("{plan}",), PLAN),
    (keyboards.PLAN_CHANNELS, ("{plan}", 0), PLAN),
    (keyboards.PLAN_CHANNEL, ("{plan}", 0, 1, 1), PLAN),
    (keyboards.PLAN_PREVIEW, ("{plan}",), PLAN),
    (keyboards.PLAN_REMOVE, ("{plan}",), PLAN),
    (keyboards.PLAN_RESTORE, ("{plan}",), PLAN),
    (keyboards.ALERT_PAGE, ("{alert}", 0), ALERT),
    (keyboards.ALERT_SET, ("{alert}", 0, "p", 1), ALERT),
    (keyboards.ALERT_UNMUTE, ("{alert}", 0, "@quay"), ALERT),
    (keyboards.ALERT_UNDO, ("{alert}", 0), ALERT),
    (keyboards.ALERT_HOW, ("{alert}", 0), ALERT),
    (keyboards.ALERT_CHANNELS, ("{alert}", 0, 0), ALERT),
    (keyboards.ALERT_CHANNEL, ("{alert}", 0, 0, 0, 0), ALERT),
    (keyboards.ALERT_LATEST, ("{alert}",), (ALERT[0], None)),
    (keyboards.CHANNEL_PAGE, ("{channel}", 0), CHANNEL),
    (keyboards.CHANNEL_LATEST, ("{channel}",), (CHANNEL[0], None)),
    (keyboards.CHANNEL_FOLLOW, ("{channel}", 0, "all"), CHANNEL),
    (keyboards.CHANNEL_FOLLOW, ("{channel}", 0, "none"), OLD),
    (keyboards.CHANNEL_UNFOLLOW, ("{channel}", 0), CHANNEL),
    (keyboards.CHANNEL_UNDO, ("{channel}", 0, "{alert}"), CHANNEL),
    (keyboards.CHANNEL_MUTE, ("{channel}", 0), CHANNEL),
    (keyboards.CHANNEL_UNMUTE, ("{channel}", 0), CHANNEL),
    (keyboards.SILENCE_CARD, (0, "{channel}"), SILENCE),
]


IDS = ("alert", "collection", "plan", "channel")


async def stored(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that buttons could change."""
    tables = ("alert", "mute", "plan", "collection", "collected", "channel", "feed")
    async with database.reader() as conn:
        rows = {name: await conn.fetch_all(f"SELECT * FROM {name}") for name in tables}  # noqa: S608
    return {name: sorted(tuple(row) for row in found) for name, found in rows.items()}


@pytest.fixture
async def theirs(ann: Any, database: Database) -> dict[str, int]:
    """What another chat has, and a channel that is watched no more, by the words in ``BUTTONS``."""
    await ann.say("/start")
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=2, now=ann.now)
        alert = await alerts.add_alert(tx, chat_id=2, query="ferry", now=ann.now)
        saved = await collections.find_or_add(tx, 2, "Quays", now=ann.now)
        assert saved is not None
        await collections.save(tx, saved.id, "tg:7/1", "", now=ann.now)
        channel = await channels.add_channel(tx, username="quay", now=ann.now)
        await channels.remove_channel(tx, channel.id)
    bea = replace(ann, chat_id=2, sender_id=2)
    await bea.press_data(data(keyboards.PLAN_ADD, "daily 09:00"))
    async with database.reader() as conn:
        (plan,) = await plans.list_plans(conn, 2)
    return {
        "alert": alert.id,
        "collection": saved.id,
        "plan": plan.id,
        "channel": channel.id,
    }


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize(("verb", "fields", "told"), BUTTONS)
async def test_what_is_gone_or_anothers_is_neither_shown_nor_changed(
    ann: Any,
    database: Database,
    theirs: dict[str, int],
    verb: str,
    fields: tuple[object, ...],
    told: tuple[str, str | None],
    is_there: bool,
) -> None:
    before = await stored(database)
    ids = theirs if is_there else dict.fromkeys(theirs, 7777)
    result = await ann.press_data(data(verb, *[str(one).format(**ids) for one in fields]))
    toast, shown = told
    assert result.toast == toast
    assert result.reply == ()
    if shown is None:
        assert result.edit is None
    else:
        assert result.edit is not None and result.edit.text.text.startswith(shown)
    assert await stored(database) == before


@pytest.mark.parametrize(("verb", "fields"), {(verb, fields): 0 for verb, fields, _ in BUTTONS})
async def test_more_people_than_there_are_readers_press_it_at_once(
    ann: Any, verb: str, fields: tuple[object, ...]
) -> None:
    """Nobody waits for a second reader while holding a first: all would wait so for ever."""
    pressed = data(verb, *[str(one).format_map(dict.fromkeys(IDS, 7777)) for one in fields])
    people = [replace(ann, chat_id=chat, sender_id=chat) for chat in range(2, engine.READERS + 4)]
    async with asyncio.timeout(30):
        answers = await asyncio.gather(*(one.press_data(pressed) for one in people))
    assert [one.toast for one in answers] == [answers[0].toast] * len(people)


async def test_no_test_passes_where_one_who_reads_waits_for_another_connection(
    database: Database,
) -> None:
    async with database.reader():
        with pytest.raises(AssertionError, match="while one is held"):
            async with database.transaction():
                pass
    async with database.transaction(), asyncio.TaskGroup() as others:
        others.create_task(stored(database))


@pytest.mark.parametrize(
    ("verb", "fields", "told"),
    [
        (keyboards.CHANNEL_OFFICIAL, (7777, 0, 1), CHANNEL),
        (keyboards.CHANNEL_OFFICIAL, (7777, 0, 2), OLD),
        (keyboards.USERS_ASK, (0, 7777), ("That was removed before.", "Nobody is let in yet.")),
        (keyboards.USERS_REVOKE, (0, 7777), ("That was removed before.", "Nobody is let in yet.")),
        (keyboards.USERS_ASK, (0, "--7"), OLD),
        (keyboards.USERS_ASK, (0, "9" * 19), OLD),
    ],
)
async def test_an_operators_buttons_of_what_is_gone(
    operator: Any, verb: str, fields: tuple[object, ...], told: tuple[str | None, str | None]
) -> None:
    result = await operator.press_data(data(verb, *fields))
    assert result.toast == told[0]
    if told[1] is None:
        assert result.edit is None
    else:
        assert result.edit is not None and result.edit.text.text.startswith(told[1])


@pytest.mark.parametrize("verb", [keyboards.USERS_ASK, keyboards.USERS_REVOKE])
async def test_who_is_no_operator_lets_nobody_out(ann: Any, verb: str) -> None:
    result = await ann.press_data(data(verb, 0, 5))
    assert (result.toast, result.edit) == ("Only the operator of this instance may do that.", None)
