"""What the bot itself wrote into groups and channels, and which bot it is."""

from datetime import datetime

from storage.channels import channels, own_posts
from storage.connection import Connection
from storage.records import OwnBot

HARBOUR, MILL, BASIC, ANN = -1000000000077, -1000000000078, -9, 5


async def test_messages_in_channels_and_supergroups_are_remembered(tx: Connection) -> None:
    posts = [(HARBOUR, 1), (HARBOUR, 2), (MILL, 3), (BASIC, 4), (ANN, 5)]
    await own_posts.add_own_posts(tx, posts)
    await own_posts.add_own_posts(tx, posts[:1])
    assert await own_posts.find_own_posts(tx, HARBOUR, [1, 2, 3]) == {1, 2}
    assert await own_posts.find_own_posts(tx, HARBOUR, {2}) == {2}
    assert await own_posts.find_own_posts(tx, MILL, [1]) == frozenset()
    assert sorted(await own_posts.list_chats(tx)) == [MILL, HARBOUR]


async def test_a_chat_that_is_nobodys_channel_is_forgotten(tx: Connection, now: datetime) -> None:
    await channels.add_channel(tx, channel_id=78, now=now)
    await own_posts.add_own_posts(tx, [(HARBOUR, 1), (MILL, 3)])
    for chat_id in (HARBOUR, MILL):
        await own_posts.forget_chat(tx, chat_id)
    assert await own_posts.list_chats(tx) == [MILL]


async def test_the_bot_that_served_last_is_known(tx: Connection) -> None:
    assert await own_posts.find_bot(tx) == OwnBot()
    for bot in (OwnBot(id=17, username="dateline_bot"), OwnBot(id=18)):
        await own_posts.set_bot(tx, bot)
        assert await own_posts.find_bot(tx) == bot
