"""Reading what was posted, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon import errors
from telethon.tl import functions

from bot.sandbox.server import Sandbox


async def fill(sandbox: Sandbox, count: int) -> Any:
    """Makes a public channel with so many posts, an hour apart."""
    news = sandbox.add_channel("News", username="news")
    start = datetime(2024, 3, 1, tzinfo=UTC)
    for number in range(1, count + 1):
        await news.post(f"post {number}", date=start + timedelta(hours=number))
    return news


async def ids(messages: Any) -> list[int]:
    return [message.id async for message in messages]


async def test_a_public_channel_is_read_without_joining(sandbox: Sandbox, sign_in: Any) -> None:
    await fill(sandbox, 250)
    client = await sign_in(sandbox.add_user("Ann"))

    assert await ids(client.iter_messages("news", limit=250)) == list(range(250, 0, -1))


async def test_what_came_after_a_message_is_read_in_order(sandbox: Sandbox, sign_in: Any) -> None:
    await fill(sandbox, 250)
    client = await sign_in(sandbox.add_user("Ann"))

    after = client.iter_messages("news", min_id=20, reverse=True, limit=1000)
    assert await ids(after) == list(range(21, 251))
    some = client.iter_messages("news", min_id=20, reverse=True, limit=7)
    assert await ids(some) == list(range(21, 28))
    nothing = client.iter_messages("news", min_id=250, reverse=True, limit=10)
    assert await ids(nothing) == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"offset_id": 10, "limit": 3}, [9, 8, 7]),
        ({"offset_id": 10, "add_offset": 2, "limit": 3}, [7, 6, 5]),
        ({"offset_id": 10, "add_offset": -3, "limit": 5}, [12, 11, 10, 9, 8]),
        ({"offset_id": 29, "add_offset": -5, "limit": 5}, [30, 29]),
        ({"max_id": 5, "limit": 10}, [4, 3, 2, 1]),
        ({"min_id": 27, "limit": 10}, [30, 29, 28]),
        ({"min_id": 3, "max_id": 7, "limit": 10}, [6, 5, 4]),
        ({"offset_id": 1, "limit": 5}, []),
        ({"add_offset": 29, "limit": 5}, [1]),
        ({"limit": 0}, []),
    ],
)
async def test_pages_are_cut_as_telegram_cuts_them(
    sandbox: Sandbox, sign_in: Any, where: dict[str, int], expected: list[int]
) -> None:
    await fill(sandbox, 30)
    client = await sign_in(sandbox.add_user("Ann"))
    details = {"offset_id": 0, "add_offset": 0, "max_id": 0, "min_id": 0} | where

    page = await client(
        functions.messages.GetHistoryRequest(peer="news", offset_date=None, hash=0, **details)
    )

    assert [message.id for message in page.messages] == expected
    assert page.count == 30


async def test_history_starts_at_a_date(sandbox: Sandbox, sign_in: Any) -> None:
    news = await fill(sandbox, 30)
    client = await sign_in(sandbox.add_user("Ann"))

    before = client.iter_messages("news", offset_date=news.by_id[10].date, limit=3)

    assert await ids(before) == [9, 8, 7]


async def test_deleted_posts_are_gone_from_history(sandbox: Sandbox, sign_in: Any) -> None:
    news = await fill(sandbox, 5)
    client = await sign_in(sandbox.add_user("Ann"))

    await news.delete([news.by_id[2], news.by_id[4]])

    assert await ids(client.iter_messages("news")) == [5, 3, 1]
    found = await client.get_messages("news", ids=[1, 2, 3, 99])
    assert [message and message.id for message in found] == [1, None, 3, None]


async def test_a_private_channel_is_closed_to_others(sandbox: Sandbox, sign_in: Any) -> None:
    ann = sandbox.add_user("Ann")
    secret = sandbox.add_channel("Secret", members=[ann])
    await secret.post("hush")
    client = await sign_in(ann)
    await client.get_dialogs()
    assert [message.raw_text async for message in client.iter_messages(secret.id)] == ["hush"]

    secret.remove_member(ann)

    with pytest.raises(errors.ChannelPrivateError):
        await client.get_messages(secret.id)


async def test_access_hashes_belong_to_one_account(sandbox: Sandbox, sign_in: Any) -> None:
    await fill(sandbox, 1)
    ann, bob = await sign_in(sandbox.add_user("Ann")), await sign_in(sandbox.add_user("Bob"))
    of_ann = await ann.get_input_entity("news")

    assert of_ann != await bob.get_input_entity("news")
    with pytest.raises(errors.ChannelInvalidError):
        await bob.get_messages(of_ann)


async def test_bots_cannot_read_history(sandbox: Sandbox, sign_in: Any) -> None:
    await fill(sandbox, 1)
    client = await sign_in(sandbox.add_bot("dateline_bot"))

    with pytest.raises(errors.BotMethodInvalidError):
        await client.get_messages("news")


async def test_dialogs_come_latest_first_and_in_pages(sandbox: Sandbox, sign_in: Any) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("dateline_bot")
    start = datetime(2024, 3, 1, tzinfo=UTC)
    for number in range(130):
        channel = sandbox.add_channel(f"Channel {number}", members=[ann])
        await channel.post("hello", date=start + timedelta(minutes=number))
    await ann.chat_with(bot).send("/start")
    client = await sign_in(ann)

    dialogs = await client.get_dialogs()

    names = [dialog.name for dialog in dialogs]
    assert names == ["dateline_bot", *(f"Channel {number}" for number in reversed(range(130)))]
    assert sandbox.count_calls("messages.getDialogs") >= 2


async def test_a_private_chat_has_a_history(sandbox: Sandbox, sign_in: Any) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("dateline_bot")
    chat = ann.chat_with(bot)
    for number in range(3):
        await chat.send(f"message {number}")
    client = await sign_in(ann)

    messages = await client.get_messages("dateline_bot", limit=2)

    assert [message.raw_text for message in messages] == ["message 2", "message 1"]
    assert messages.total == 3
    assert messages[0].out
