"""/feed: feeds made, listed and revoked; what is read by their addresses."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from handlers.conversation.services import Services
from handlers.feeds import reading
from handlers.render.text.messages import Message
from storage.channels import channels
from storage.connection import Database
from storage.redaction import redacting
from storage.structs import replace
from storage.subscribers import subscribers

URL = "http://127.0.0.1:8080"


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, feeds_url=URL)


def secret_of(message: Message) -> str:
    found = re.search(rf"{URL}/feeds/([\w-]{{43}})\.atom", message.text.text, re.ASCII)
    assert found is not None, message.text.text
    assert message.secret == found[1]
    return found[1]


async def titles(ann: Any, secret: str) -> list[str] | None:
    told = await reading.read_feed(secret, ".atom", ann.services, now=ann.now)
    return None if told is None else [entry.title for entry in told.entries]


async def test_a_feed_tells_what_a_search_finds_until_it_is_revoked(
    ann: Any, store: Any, make_post: Any
) -> None:
    await store(
        make_post(1, "Oil price falls"),
        make_post(2, "Grain is sold"),
        make_post(3, "The oil price rises"),
    )
    (made,) = await ann.say("/feed oil price")
    secret = secret_of(made)
    assert await titles(ann, secret) == ["The oil price rises", "Oil price falls"]
    (listed,) = await ann.say("/feed")
    assert "oil price" in listed.text.text
    assert secret not in listed.text.text
    bob = replace(ann, chat_id=2, sender_id=2)
    await bob.press(listed.keyboard, "Remove 1")  # It is no feed of his.
    assert await titles(ann, secret)
    gone = await ann.press(listed.keyboard, "Remove 1")
    assert gone.edit.text.text.startswith("Removed: oil price\n\nNo feeds yet")
    assert await titles(ann, secret) is None
    await bob.press(gone.edit.keyboard, "Undo")  # Neither is it his now.
    assert await titles(ann, secret) is None
    back = await ann.press(gone.edit.keyboard, "Undo")
    assert (back.toast, back.edit.text.text) == ("It is back.", listed.text.text)
    assert await titles(ann, secret) == ["The oil price rises", "Oil price falls"]


async def test_a_feed_of_a_channel_follows_its_number(
    ann: Any, store: Any, make_post: Any, database: Database, now: datetime
) -> None:
    await store(make_post(1, "Harbour opens"))
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=100, username="harbour", now=now)
    assert "is not watched here" in await ann.read("/feed @nobody_here")
    (made,) = await ann.say("/feed @harbour")
    assert "@harbour" in made.text.text
    assert await titles(ann, secret_of(made)) == ["Harbour opens"]


async def test_what_is_redacted_is_in_no_feed_and_on_no_page(
    ann: Any, store: Any, make_post: Any, database: Database, now: datetime
) -> None:
    await store(make_post(1, "Oil price falls"), make_post(2, "Oil is dear"))
    secret = secret_of((await ann.say("/feed channel:harbour"))[0])
    told = await reading.read_feed(secret, ".json", ann.services, now=ann.now)
    assert told is not None
    assert len(told.entries) == 2
    before = await page_of(ann, told, "Oil price falls")
    assert before is not None
    assert "Oil price falls" in before
    await redacting.redact(database, "tg:100/1", reason="a name", now=now)
    assert await titles(ann, secret) == ["Oil is dear"]
    assert await page_of(ann, told, "Oil price falls") is None


async def page_of(ann: Any, told: Any, title: str) -> str | None:
    (url,) = [entry.url for entry in told.entries if entry.title == title]
    return await opened(ann, url.removeprefix(URL))


async def opened(ann: Any, path: str) -> str | None:
    room, name, key, what = path.removeprefix("/").split("/")
    read = {"posts": reading.read_post, "stories": reading.read_story}[room]
    return await read(name, key, unquote(what), ann.services, now=ann.now)


async def test_the_page_of_a_post_leads_to_its_story_and_back(
    ann: Any, store: Any, make_post: Any, database: Database
) -> None:
    text = "The ferry Dawn ran aground at the harbour mouth this morning, nobody was hurt at all."
    await store(make_post(1, text), make_post(2, text))
    async with database.transaction() as tx:
        await tx.execute("UPDATE document SET story = 'tg:100/1'")
    secret = secret_of((await ann.say("/feed ferry"))[0])
    told = await reading.read_feed(secret, ".atom", ann.services, now=ann.now)
    assert told is not None
    page = await opened(ann, told.entries[0].url.removeprefix(URL))
    assert page is not None
    (path,) = re.findall(r'href="(/stories/[^"]+)"', page)
    story = await opened(ann, path)
    assert story is not None
    back = re.findall(r'href="(/posts/[^"]+)"', story)
    assert len(back) == 2
    assert all([await opened(ann, one) for one in back])
    forged = path.replace("/stories/", "/posts/")
    assert await opened(ann, forged) is None


async def test_pages_end_with_their_feed_and_guessed_ones_are_none(
    ann: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(1, "Oil price falls"), make_post(2, "Gas"))
    secret = secret_of((await ann.say("/feed oil"))[0])
    told = await reading.read_feed(secret, ".atom", ann.services, now=ann.now)
    assert told is not None
    path = told.entries[0].url.removeprefix(URL)
    assert await opened(ann, path)
    for wrong in (path.replace("100%2F1", "100%2F2"), path[:-1], path.replace("posts", "stories")):
        assert await opened(ann, wrong) is None
    (listed,) = await ann.say("/feed")
    gone = (await ann.press(listed.keyboard, "Remove 1")).edit
    assert await opened(ann, path) is None
    await ann.press(gone.keyboard, "Undo")
    assert await opened(ann, path)


async def test_who_is_not_let_in_any_more_or_forgotten_has_no_feed(
    ann: Any, store: Any, make_post: Any, database: Database
) -> None:
    await store(make_post(1, "Oil price falls"))
    secret = secret_of((await ann.say("/feed oil"))[0])
    ann.services = replace(ann.services, access="private")
    assert await titles(ann, secret) is None
    async with database.transaction() as tx:
        await subscribers.admit(tx, 1)
    assert await titles(ann, secret) == ["Oil price falls"]
    (asked,) = await ann.say("/forgetme")
    await ann.press(asked.keyboard, "delete all")
    ann.services = replace(ann.services, access="open")
    await ann.say("/start")
    assert await titles(ann, secret) is None


async def test_addresses_are_not_said_to_a_group(member: Any) -> None:
    member.may_manage = True
    (message,) = await member.say("/feed@dateline_bot oil")
    assert URL not in message.text.text
    assert "/for" in message.text.text


async def test_a_query_that_cannot_be_read_is_said_and_makes_nothing(ann: Any) -> None:
    assert URL not in await ann.read("/feed (oil")
    assert "No feeds yet" in await ann.read("/feed")


async def test_an_instance_that_serves_none_says_so(ann: Any) -> None:
    ann.services = replace(ann.services, feeds_url="")
    assert "FEEDS_ADDRESS" in await ann.read("/feed oil")


async def test_a_feed_of_a_collection_tells_what_is_put_there_with_its_notes(
    ann: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(1, "Oil price falls"), make_post(2, "Gas"), make_post(3, "Grain"))
    await ann.say("/save https://t.me/harbour/1 Desk: <b>mind the date</b>")
    await ann.say("/save https://t.me/harbour/3 Desk")
    (listed,) = await ann.say("/collections")
    card = (await ann.press(listed.keyboard, "Desk")).edit
    (made,) = (await ann.press(card.keyboard, "Feed")).reply
    secret = secret_of(made)
    assert sorted(await titles(ann, secret) or []) == ["Grain", "Oil price falls"]
    told = await reading.read_feed(secret, ".atom", ann.services, now=ann.now)
    assert told is not None
    assert told.title == "Dateline: collection Desk"
    (noted,) = [entry.html for entry in told.entries if entry.title == "Oil price falls"]
    assert "&lt;b&gt;mind the date" in noted
    bob = replace(ann, chat_id=2, sender_id=2)
    assert "no collection" in await bob.read("/feed collection:Desk")
    assert secret_of((await ann.say("/feed collection:desk"))[0]) != secret
    await ann.press(card.keyboard, "Remove")
    assert await titles(ann, secret) is None


async def test_the_list_says_how_much_each_feed_brings(
    ann: Any, store: Any, make_post: Any, now: datetime
) -> None:
    old = f"{now - timedelta(days=8):%FT%TZ}"
    await store(
        make_post(1, "Oil price falls"),
        make_post(2, "The oil price rises", published_at=old),
        make_post(3, "Grain is sold", published_at=old),
    )
    await ann.say("/save https://t.me/harbour/2 Desk")
    for asked in ("oil", "grain", "collection:Desk", "after:2100-01-01 oil"):
        secret_of((await ann.say(f"/feed {asked}"))[0])
    listed = (await ann.read("/feed")).splitlines()
    brought = {
        line.split(". ")[1].partition(",")[0]: line.partition(" · ")[2]
        for line in listed
        if " · " in line
    }
    assert brought == {
        "oil": "1 post in 7 days",
        "grain": "0 posts in 7 days",
        "collection Desk": "1 post",
        "after:2100-01-01 oil": "0 posts in 7 days",
    }
    (shown,) = await ann.say("/collections")
    card = (await ann.press(shown.keyboard, "Desk")).edit
    await ann.press(card.keyboard, "Remove")
    assert "it brings nothing any more" in await ann.read("/feed")


async def test_what_takes_too_long_to_count_is_left_out_of_the_list(ann: Any) -> None:
    await ann.say("/feed oil")
    ann.services = replace(ann.services, search_seconds=0.0)
    assert " · " not in await ann.read("/feed")
