"""A feed from the chat to a reader of feeds, and its end."""

import re
from typing import Any

import feedparser
from plain_web import plain_web


async def test_a_feed_is_made_in_a_chat_read_by_a_reader_and_revoked(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run(FEEDS_ADDRESS="127.0.0.1:0")
    await stage.chat.ask("/start")
    posts = [await stage.news.post(f"The ferry sails, says captain {number}") for number in (1, 2)]
    await stage.wait_stored(*posts)

    made = await stage.chat.ask("/feed ferry")
    addresses = re.findall(r"http://127\.0\.0\.1:\d+/feeds/[\w-]{43}\.\w+", made.text, re.ASCII)
    assert [one.rpartition(".")[2] for one in addresses] == ["atom", "json"]
    async with plain_web() as web:
        first = await web.get(addresses[0])
        titles = [entry.title for entry in feedparser.parse(first.content).entries]
        assert titles == [f"The ferry sails, says captain {number}" for number in (2, 1)]
        known = {"If-None-Match": first.headers["etag"]}
        assert (await web.get(addresses[0], headers=known)).status_code == 304
        page = feedparser.parse(first.content).entries[0].link
        assert "says captain 2" in (await web.get(page)).text
        await stage.wait_stored(await stage.news.post("Another ferry runs aground"))
        assert (await web.get(addresses[0], headers=known)).status_code == 200

        listed = await stage.chat.ask("/feed")
        await stage.chat.press(listed, "✕ Remove 1")
        assert {(await web.get(one)).status_code for one in (*addresses, page)} == {404}

    await stage.wait_drained()
    secret = addresses[0].rpartition("/")[2].removesuffix(".atom")
    assert not service.find_lines(secret)

    async def is_wiped(conn: Any) -> bool:
        rows = await conn.fetch_all("SELECT payload FROM delivery")
        return bool(rows) and not [row for row in rows if secret in row["payload"]]

    await stage.wait_database(is_wiped)
    assert not stage.sandbox.unknown_calls
