"""Undoing what was set up from a file: all of it, save what was changed since."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers.subscriptions.showing import undone_text
from handlers.subscriptions.taking import Target, take
from handlers.subscriptions.undoing import Undone, undo
from handlers.subscriptions.weighing import read_file
from handlers.texts.languages import words_of
from storage import facts
from storage.connection import Connection
from storage.outbox.topics import leave_topic
from storage.subscribers import alerts, mutes, plans, silences, subscribers, surges
from storage.undoing import takings


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


ALL = made(
    alerts=[{"query": "ferry", "left_out": [{"name": "quay"}]}],
    digests=[{"times": "daily 8:00"}],
    silences=[{"name": "harbour"}],
    surges=[{"query": "barge"}],
)
Change = Callable[[Connection, Any], Awaitable[object]]


def alert(**fields: Any) -> Change:
    async def change(tx: Connection, now: Any) -> None:
        (one,) = await alerts.list_alerts(tx, 1)
        await alerts.update_alert(tx, one.id, 1, **fields)

    return change


def plan(**fields: Any) -> Change:
    async def change(tx: Connection, now: Any) -> None:
        (one,) = await plans.list_plans(tx, 1)
        await plans.update_plan(tx, one.id, **fields)

    return change


async def snooze(tx: Connection, now: Any) -> None:
    await alert(snoozed_until=now + timedelta(hours=3))(tx, now)


async def mute(tx: Connection, now: Any) -> None:
    (one,) = await alerts.list_alerts(tx, 1)
    await mutes.add_mutes(tx, [one.id], "100", "Harbour News")


async def unmute(tx: Connection, now: Any) -> None:
    (one,) = await alerts.list_alerts(tx, 1)
    await mutes.remove_mute(tx, one.id, "@quay")


async def silence_anew(tx: Connection, now: Any) -> None:
    (one,) = await silences.list_silences(tx, 1)
    await silences.remove_silence(tx, 1, one.channel)
    await silences.add_silence(tx, 1, one.channel, now=now + timedelta(minutes=1))


async def silence_elsewhere(tx: Connection, now: Any) -> None:
    (one,) = await silences.list_silences(tx, 1)
    await silences.set_topic(tx, 1, one.channel, 7)


async def surge_elsewhere(tx: Connection, now: Any) -> None:
    (one,) = await surges.list_surges(tx, 1)
    await surges.set_topic(tx, one.id, 7)


async def nothing(tx: Connection, now: Any) -> None:
    """Nothing is changed."""


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (alert(paused=True), "1 alert"),
        (alert(urgent=True), "1 alert"),
        (alert(silent=True), "1 alert"),
        (alert(once=True), "1 alert"),
        (alert(hourly_limit=5), "1 alert"),
        (alert(every_minutes=60), "1 alert"),
        (alert(topic=7), "1 alert"),
        (snooze, "1 alert"),
        (mute, "1 alert"),
        (unmute, "1 alert"),
        (plan(most=5), "1 digest"),
        (plan(short=True), "1 digest"),
        (plan(says_nothing_new=True), "1 digest"),
        (plan(paused=True), "1 digest"),
        (plan(times="daily 09:00"), "1 digest"),
        (plan(timezone="Asia/Tokyo"), ""),
        (silence_anew, "1 silence"),
        (silence_elsewhere, "1 silence"),
        (surge_elsewhere, "1 surge"),
        (nothing, ""),
    ],
)
async def test_whatever_was_changed_of_one_it_alone_stays(
    ann: Any, give: Any, database: Any, now: Any, harbour: Any, change: Change, left: str
) -> None:
    (shown,) = await give(ann, ALL)
    taken = await ann.press(shown.keyboard, "Set up")
    async with database.transaction() as tx:
        await change(tx, now)
    undone = (await ann.press(taken.edit.keyboard, "Undo")).edit.text.text
    assert (f"stays as it is: {left}." if left else "all is as it was") in undone
    async with database.reader() as conn:
        counts = {
            "alert": len(await alerts.list_alerts(conn, 1)),
            "digest": len(await plans.list_plans(conn, 1)),
            "silence": len(await silences.list_silences(conn, 1)),
            "surge": len(await surges.list_surges(conn, 1)),
        }
    assert [f"1 {name}" for name, count in counts.items() if count] == ([left] if left else [])


async def silence_in_general(tx: Connection, now: Any) -> None:
    (one,) = await silences.list_silences(tx, 1)
    await silences.set_topic(tx, 1, one.channel, None)


async def surge_in_general(tx: Connection, now: Any) -> None:
    (one,) = await surges.list_surges(tx, 1)
    await surges.set_topic(tx, one.id, None)


async def close_topic(tx: Connection, now: Any) -> None:
    assert await leave_topic(tx, 1, 7)


@pytest.mark.parametrize(
    ("change", "undone", "left"),
    [
        (alert(topic=None), Undone(alerts=1), "1 alert"),
        (plan(topic=None), Undone(plans=1), "1 digest"),
        (silence_in_general, Undone(silences=1), "1 silence"),
        (surge_in_general, Undone(surges=1), "1 surge"),
        (close_topic, Undone(1, 1, 1, 1), "1 alert, 1 digest, 1 silence, 1 surge"),
        (nothing, Undone(), ""),
    ],
)
async def test_what_is_told_in_general_since_stays_and_is_named(
    services: Any, database: Any, now: Any, harbour: Any, change: Change, undone: Undone, left: str
) -> None:
    target = Target(chat_id=1, topic=7, now=now)
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=now)
    _, taken = await take(read_file(ALL), target, services, is_private=False)
    async with database.transaction() as tx:
        await change(tx, now)
    assert await undo(1, taken.at, services, now=now) == undone
    said = undone_text(undone, words_of("en"))
    assert (f"stays as it is: {left}." if left else "all is as it was") in said


async def test_what_another_version_set_up_can_be_undone(
    ann: Any, give: Any, database: Any, now: Any
) -> None:
    (shown,) = await give(ann, FILE)
    taken = await ann.press(shown.keyboard, "Set up")
    name = f"{takings.PREFIX}1"
    async with database.transaction() as tx:
        kept = json.loads(await facts.find_value(tx, name))
        kept.pop("manners")
        await facts.set_value(tx, name, json.dumps({**kept, "of_another_version": {}}))
    undone = await ann.press(taken.edit.keyboard, "Undo")
    assert "all is as it was" in undone.edit.text.text
