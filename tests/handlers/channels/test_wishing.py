"""Requests to watch a channel that are taken back and put back, while others ask and answer."""

import dataclasses
import re

import pytest

from handlers.render.text.messages import Message
from storage import payloads
from storage.subscribers import subscribers


@pytest.fixture
def bob(ann):
    return dataclasses.replace(ann, chat_id=2, sender_id=2, name="Bob")


async def link_to(person, argument: str) -> str:
    (made,) = await person.say(f"/links {argument}")
    return re.search(r"start=([A-Za-z0-9_-]{1,64})", made.text.text)[1]


async def queued(database, chat_id: int) -> list[Message]:
    """What waits to be sent to a chat, or was cancelled, in order."""
    async with database.reader() as conn:
        rows = await conn.fetch_all(
            "SELECT payload FROM delivery WHERE chat_id = ? ORDER BY id", (chat_id,)
        )
    return [Message.from_payload(payloads.read("answer", row["payload"])) for row in rows]


async def test_a_request_that_is_put_back_can_be_answered_whatever_came_meanwhile(
    ann, bob, operator, database
) -> None:
    link = await link_to(bob, "@shore")
    (said,) = await ann.say(f"/start {link}")
    await bob.say(f"/start {link}")
    taken = (await ann.press(said.keyboard, "Remove the request")).edit
    (first,) = await queued(database, operator.chat_id)
    await operator.press(first.keyboard, "Deny")  # That message has no buttons any more.
    assert (await ann.press(taken.keyboard, "Undo")).edit == said
    _, second = await queued(database, operator.chat_id)
    granted = (await operator.press(second.keyboard, "Watch")).edit
    assert granted.text.text == "@shore goes on the list, as a reader asked."
    assert "is watched now, as you asked" in (await queued(database, ann.chat_id))[-1].text.text


async def test_a_request_that_is_put_back_joins_what_others_ask_for(
    ann, bob, operator, database
) -> None:
    link = await link_to(bob, "@shore")
    (said,) = await ann.say(f"/start {link}")
    taken = (await ann.press(said.keyboard, "Remove the request")).edit
    await bob.say(f"/start {link}")
    assert (await ann.press(taken.keyboard, "Undo")).edit == said
    _, notice = await queued(database, operator.chat_id)
    await operator.press(notice.keyboard, "Watch")
    for one in (ann, bob):
        assert "is watched now, as you asked" in (await queued(database, one.chat_id))[-1].text.text


async def test_who_has_left_meanwhile_is_not_told(ann, bob, operator, database) -> None:
    link = await link_to(bob, "@shore")
    for one in (ann, bob):
        await one.say(f"/start {link}")
    async with database.transaction() as tx:
        await subscribers.deactivate(tx, bob.chat_id)
    (notice,) = await queued(database, operator.chat_id)
    await operator.press(notice.keyboard, "Watch")
    assert len(await queued(database, ann.chat_id)) == 1
    assert await queued(database, bob.chat_id) == []
