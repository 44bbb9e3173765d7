"""Requests to watch a channel: what it is called, and that they are taken back and put back while
others ask and answer."""

import re
from itertools import product

import pytest

from handlers.channels import wishing
from handlers.render.text.messages import Message
from handlers.sources.references import Reference
from storage import payloads
from storage.channels import channels
from storage.structs import replace
from storage.subscribers import subscribers


@pytest.fixture
def bob(ann):
    return replace(ann, chat_id=2, sender_id=2, name="Bob")


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


CASES = list(product((True, False), ("shore", None), ("Shore News", None), (True, False)))


@pytest.mark.parametrize(("watched", "username", "title", "for_operator"), CASES)
async def test_a_private_channel_that_is_not_watched_is_named_to_operators_alone(
    database, now, watched: bool, username: str | None, title: str | None, for_operator: bool
) -> None:
    async with database.transaction() as tx:
        await channels.add_channel(
            tx, channel_id=700, username=username, title=title, watched=watched, now=now
        )
        named = await wishing.name_target(tx, "700", for_operator=for_operator)
        other = await wishing.name_target(tx, "701", for_operator=for_operator)
        by_name = await wishing.name_target(tx, "@shore", for_operator=for_operator)
    is_told = for_operator or watched or username is not None
    called = title or (f"@{username}" if username else "700")
    assert named.text == (called if is_told else "700")
    assert [one.kind for one in named.spans] == ["bold"]
    assert (other.text, by_name.text) == ("701", "@shore")


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize(
    ("reference", "is_found"),
    [
        (Reference("name", "shore"), True),
        (Reference("name", "SHORE"), True),
        (Reference("name", "quay"), False),
        (Reference("id", "700"), True),
        (Reference("id", "701"), False),
    ],
)
async def test_a_channel_that_is_watched_is_found_by_number_and_name(
    database, now, watched: bool, reference: Reference, is_found: bool
) -> None:
    async with database.transaction() as tx:
        await channels.add_channel(
            tx, channel_id=700, username="shore", title="Shore", watched=watched, now=now
        )
        found = await wishing.find_watched(tx, reference)
    assert (found is not None) == (watched and is_found)
