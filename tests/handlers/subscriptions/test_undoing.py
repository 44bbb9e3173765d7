"""Undoing what was set up from a file: all of it, save what was changed since."""

import json
from typing import Any

from storage.subscribers import alerts, plans, subscribers


def made(**parts: Any) -> bytes:
    return json.dumps({"dateline": "subscriptions", "version": 1, **parts}).encode()


FILE = made(
    settings={"timezone": "Europe/London", "quiet": "22:00-07:00"},
    alerts=[{"query": "ferry"}, {"query": "barge"}],
    digests=[{"times": "daily 8:00"}, {"times": "daily 9:00"}],
)


async def test_it_can_be_undone_from_every_page_of_the_file(ann: Any, give: Any) -> None:
    (shown,) = await give(ann, FILE)
    assert not [b for row in shown.keyboard for b in row if "Undo" in b.text]
    taken = await ann.press(shown.keyboard, "Set up")
    listed = await ann.press(taken.edit.keyboard, "What the file holds")
    undone = await ann.press(listed.edit.keyboard, "Undo")
    assert "all is as it was" in undone.edit.text.text
    assert not [b for row in undone.edit.keyboard for b in row if "Undo" in b.text]


async def test_what_was_changed_since_stays_and_is_named(
    ann: Any, give: Any, database: Any, now: Any
) -> None:
    (shown,) = await give(ann, FILE)
    taken = await ann.press(shown.keyboard, "Set up")
    await ann.say("/timezone Asia/Tokyo")
    async with database.transaction() as tx:
        (first, _) = await alerts.list_alerts(tx, 1)
        await alerts.change_query(tx, first.id, 1, "tug", now=now)
        (plan, _) = await plans.list_plans(tx, 1)
        await plans.update_plan(tx, plan.id, name="Mine")
    undone = await ann.press(taken.edit.keyboard, "Undo")
    assert (
        "changed since and stays as it is: 1 alert, 1 digest, 1 setting." in undone.edit.text.text
    )
    async with database.reader() as conn:
        chat = await subscribers.get_subscriber(conn, 1)
        assert [one.query for one in await alerts.list_alerts(conn, 1)] == ["tug"]
        assert [one.name for one in await plans.list_plans(conn, 1)] == ["Mine"]
    assert (chat.timezone, chat.quiet_from) == ("Asia/Tokyo", None)


async def test_a_chat_that_was_stopped_is_stopped_again_and_told_so(
    ann: Any, give: Any, database: Any
) -> None:
    await ann.say("/alert tug")
    await ann.say("/stop")
    (shown,) = await give(ann, FILE)
    taken = await ann.press(shown.keyboard, "Set up")
    undone = await ann.press(taken.edit.keyboard, "Undo")
    assert "/start wakes me" in undone.edit.text.text
    async with database.reader() as conn:
        assert not (await subscribers.get_subscriber(conn, 1)).active


async def test_after_the_file_was_edited_it_says_that_it_is_undone(
    ann: Any, give: Any, shelves: Any
) -> None:
    (shown,) = await give(ann, FILE)
    taken = await ann.press(shown.keyboard, "Set up")
    ((place, _),) = shelves.files.items()
    shelves.files[place] = made(alerts=[{"query": "grain"}])
    undone = await ann.press(taken.edit.keyboard, "Undo")
    assert "all is as it was" in undone.edit.text.text
    assert "Alert grain" in undone.edit.text.text
    assert undone.toast is None


async def test_where_another_file_stands_by_now_undoing_stays_at_hand(
    ann: Any, give: Any, shelves: Any, database: Any
) -> None:
    (shown,) = await give(ann, FILE)
    taken = await ann.press(shown.keyboard, "Set up")
    ((place, _),) = shelves.files.items()
    shelves.files[place] = made(alerts=[{"query": "grain"}])
    listed = await ann.press(taken.edit.keyboard, "What the file holds")
    assert "another file" in listed.toast
    await ann.press(listed.edit.keyboard, "Undo")
    async with database.reader() as conn:
        assert await alerts.list_alerts(conn, 1) == []
