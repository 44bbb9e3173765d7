"""What connected clients are told, and what they find out later."""

from pathlib import Path
from typing import Any

import pytest
from telethon import events, utils
from telethon.sessions import SQLiteSession
from telethon.tl import functions, types

from bot.sandbox.server import Sandbox
from bot.sandbox.state import media


async def watch(sign_in: Any, account: Any, **options: Any) -> Any:
    """Signs in and reads the list of dialogs, as a watcher must."""
    client = await sign_in(account, **options)
    await client.get_dialogs()
    return client


async def test_a_post_reaches_a_member_live(sandbox: Sandbox, sign_in: Any, listen: Any) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", username="news", members=[ann])
    inbox = listen(await watch(sign_in, ann), events.NewMessage)

    post = await news.post(
        "Snow in Omsk", entities=[types.MessageEntityBold(0, 4)], author="A. Editor", views=7
    )
    message = (await inbox.next()).message

    assert (message.id, message.raw_text, message.post) == (post.id, "Snow in Omsk", True)
    assert (message.post_author, message.views) == ("A. Editor", 7)
    assert message.entities == [types.MessageEntityBold(0, 4)]
    assert utils.get_peer_id(message.peer_id, add_mark=False) == news.id
    assert post.link == f"https://t.me/news/{post.id}"


async def test_a_channel_not_joined_pushes_nothing(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    mine = sandbox.add_channel("Mine", members=[ann])
    other = sandbox.add_channel("Other", username="other")
    inbox = listen(await watch(sign_in, ann), events.NewMessage)

    await other.post("unheard")
    await mine.post("heard")

    assert (await inbox.next()).raw_text == "heard"


async def test_edits_and_deletions_are_pushed(sandbox: Sandbox, sign_in: Any, listen: Any) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", members=[ann])
    client = await watch(sign_in, ann)
    edits, deletions = listen(client, events.MessageEdited), listen(client, events.MessageDeleted)
    post = await news.post("Snow in Omsk")

    await post.react("👍", 3)
    reacted = (await edits.next()).message
    await post.edit("Snow in Tomsk")
    edited = (await edits.next()).message
    await post.set_views(40)
    viewed = (await edits.next()).message
    await post.delete()
    deleted = await deletions.next()

    assert (edited.raw_text, edited.edit_hide) == ("Snow in Tomsk", False)
    assert edited.edit_date is not None
    assert reacted.edit_hide
    assert reacted.reactions.results[0].count == 3
    # What was edited for all to see stays so: views and reactions change nothing about that.
    assert (viewed.edit_hide, viewed.views) == (False, 40)
    assert viewed.edit_date == edited.edit_date
    assert (deleted.deleted_ids, deleted.chat_id) == ([post.id], utils.get_peer_id(deleted.chat))
    assert news.posts == []


async def test_a_forward_names_its_channel_and_post(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    source = sandbox.add_channel("Agency", username="agency")
    news = sandbox.add_channel("News", members=[ann])
    inbox = listen(await watch(sign_in, ann), events.NewMessage)
    original = await source.post("Snow", author="B. Reporter")

    await news.forward(original)
    message = (await inbox.next()).message

    assert message.fwd_from.from_id == types.PeerChannel(source.id)
    assert message.fwd_from.channel_post == original.id
    assert message.fwd_from.post_author == "B. Reporter"
    assert message.forward.chat.title == "Agency"
    assert message.forward.chat.min


async def test_a_forward_of_a_forward_keeps_the_first_origin(sandbox: Sandbox) -> None:
    first, second = sandbox.add_channel("First"), sandbox.add_channel("Second")
    third = sandbox.add_channel("Third")

    copy = await third.forward(await second.forward(await first.post("Snow")))

    assert copy.forward is not None
    assert copy.forward.channel is first


async def test_forwards_from_people_open_and_hidden(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann, bob = sandbox.add_user("Ann"), sandbox.add_user("Bob", last_name="Brown")
    news = sandbox.add_channel("News", members=[ann])
    inbox = listen(await watch(sign_in, ann), events.NewMessage)

    await news.forward_from(bob, "I saw it")
    await news.forward_from("A Stranger", "So did I")
    one, other = (await inbox.next()).message, (await inbox.next()).message

    assert one.fwd_from.from_id == types.PeerUser(bob.id)
    assert utils.get_display_name(one.forward.sender) == "Bob Brown"
    assert (other.fwd_from.from_id, other.fwd_from.from_name) == (None, "A Stranger")


async def test_an_album_comes_as_one(sandbox: Sandbox, sign_in: Any, listen: Any) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", members=[ann])
    inbox = listen(await watch(sign_in, ann), events.Album)

    posts = await news.post_album([media.photo(), media.photo(), media.video()], "Three of them")
    album = await inbox.next()

    assert [message.id for message in album.messages] == [post.id for post in posts]
    assert album.raw_text == "Three of them"
    assert len({post.grouped_id for post in posts}) == 1


@pytest.mark.parametrize(
    ("made", "attribute"),
    [
        (media.photo(), "photo"),
        (media.video(), "video"),
        (media.round_video(), "video_note"),
        (media.animation(), "gif"),
        (media.voice(), "voice"),
        (media.audio(), "audio"),
        (media.sticker(), "sticker"),
        (media.document("a.pdf"), "document"),
        (media.poll("Snow?", ["yes", "no"]), "poll"),
        (media.web_page("https://example.org/a", "A", "B"), "web_preview"),
        (media.location(), "geo"),
        (media.contact(), "contact"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_media_arrive_as_what_they_are(
    sandbox: Sandbox, sign_in: Any, made: Any, attribute: str
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", username="news", members=[ann])
    client = await sign_in(ann)

    await news.post("", media=made)
    [message] = await client.get_messages("news")

    assert getattr(message, attribute) is not None


async def test_service_messages_are_among_the_posts(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", username="news", members=[ann])
    client = await watch(sign_in, ann)
    actions = listen(client, events.ChatAction)

    post = await news.post("Snow")
    await news.announce(types.MessageActionChannelCreate("News"))
    event = await actions.next()
    messages = await client.get_messages("news", limit=5)

    assert event.created
    assert [type(message) for message in messages] == [types.MessageService, types.Message]
    assert [posted.id for posted in sandbox.ledger.posted] == [post.id]


async def test_a_channel_that_is_renamed_says_so(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", username="news", members=[ann])
    client = await watch(sign_in, ann)
    inbox = listen(client, events.Raw(types.UpdateChannel))

    await news.rename("Olds")
    await inbox.next()
    await news.set_username("olds")
    await inbox.next()

    assert (await client.get_entity("olds")).title == "Olds"


async def test_posts_made_while_offline_come_back_by_catching_up(
    sandbox: Sandbox, sign_in: Any, listen: Any, new_client: Any, tmp_path: Path
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", members=[ann])
    first = await watch(sign_in, ann, session=SQLiteSession(str(tmp_path / "user")))
    inbox = listen(first, events.NewMessage)
    await news.post("before")
    await inbox.next()
    await first.disconnect()

    await news.post("missed one")
    await news.post("missed two")
    second = new_client(SQLiteSession(str(tmp_path / "user")), catch_up=True)
    inbox = listen(second, events.NewMessage)
    await second.connect()
    await sandbox.wait_online(ann)
    # The next push shows the gap, and the gap is what asks for the difference.
    await news.post("live")

    assert sorted([(await inbox.next()).raw_text for _ in range(3)]) == [
        "live",
        "missed one",
        "missed two",
    ]
    assert sandbox.count_calls("updates.getChannelDifference") >= 1


async def test_more_than_a_hundred_missed_posts_are_too_long(
    sandbox: Sandbox, sign_in: Any
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", members=[ann])
    client = await watch(sign_in, ann)
    peer = await client.get_input_entity(types.PeerChannel(news.id))

    async def difference() -> Any:
        return await client(
            functions.updates.GetChannelDifferenceRequest(
                channel=peer, filter=types.ChannelMessagesFilterEmpty(), pts=1, limit=100
            )
        )

    sandbox.faults.withhold_pushes()
    for number in range(100):
        await news.post(f"post {number}")
    enough = await difference()
    await news.post("one more")
    too_long = await difference()

    assert len(enough.new_messages) == 100
    assert isinstance(too_long, types.updates.ChannelDifferenceTooLong)
    assert too_long.dialog.top_message == 101


async def test_telethon_drops_more_than_a_hundred_missed_posts_without_a_word(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", username="news", members=[ann])
    client = await watch(sign_in, ann)
    inbox = listen(client, events.NewMessage)
    missed = sandbox.faults.withhold_pushes(channel=news)
    for number in range(101):
        await news.post(f"missed {number}")
    missed.stop()

    await news.post("shows the gap")
    await sandbox.wait_for_call("updates.getChannelDifference", count=2)
    await news.post("heard")

    assert (await inbox.next()).raw_text == "heard"
    assert len(await client.get_messages("news", limit=200)) == 103


async def test_a_difference_holds_edits_and_deletions(sandbox: Sandbox, sign_in: Any) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", members=[ann])
    client = await watch(sign_in, ann)
    peer = await client.get_input_entity(types.PeerChannel(news.id))
    kept, gone = await news.post("kept"), await news.post("gone")
    await kept.edit("kept, and edited")
    await gone.delete()

    difference = await client(
        functions.updates.GetChannelDifferenceRequest(
            channel=peer, filter=types.ChannelMessagesFilterEmpty(), pts=1, limit=100
        )
    )

    assert [message.message for message in difference.new_messages] == ["kept, and edited"]
    assert [type(update) for update in difference.other_updates] == [
        types.UpdateEditChannelMessage,
        types.UpdateDeleteChannelMessages,
    ]


async def test_messages_to_a_bot_that_was_offline_come_back(
    sandbox: Sandbox, sign_in: Any, listen: Any, new_client: Any, tmp_path: Path
) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("dateline_bot")
    client = await sign_in(bot, SQLiteSession(str(tmp_path / "bot")))
    await client.disconnect()
    await sandbox.wait_offline(bot)

    await ann.chat_with(bot).send("/start")
    await ann.chat_with(bot).send("/search snow")
    again = new_client(SQLiteSession(str(tmp_path / "bot")), catch_up=True)
    inbox = listen(again, events.NewMessage)
    await again.connect()
    texts = {(await inbox.next()).raw_text, (await inbox.next()).raw_text}

    assert texts == {"/start", "/search snow"}


async def test_a_long_account_difference_comes_in_slices(
    sandbox: Sandbox, sign_in: Any, listen: Any, new_client: Any, tmp_path: Path
) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("dateline_bot")
    client = await sign_in(bot, SQLiteSession(str(tmp_path / "bot")))
    await client.disconnect()
    await sandbox.wait_offline(bot)

    for number in range(1_100):
        await ann.chat_with(bot).send(f"message {number}")
    again = new_client(SQLiteSession(str(tmp_path / "bot")), catch_up=True)
    inbox = listen(again, events.NewMessage)
    await again.connect()
    texts = {(await inbox.next()).raw_text for _ in range(1_100)}

    assert len(texts) == 1_100


async def test_all_sessions_of_an_account_are_told(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann = sandbox.add_user("Ann")
    news = sandbox.add_channel("News", members=[ann])
    one = listen(await watch(sign_in, ann), events.NewMessage)
    other = listen(await watch(sign_in, ann), events.NewMessage)

    await news.post("Snow")

    assert (await one.next()).raw_text == (await other.next()).raw_text == "Snow"


async def test_the_senders_other_sessions_are_told_too(
    sandbox: Sandbox, sign_in: Any, listen: Any
) -> None:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("dateline_bot")
    await ann.chat_with(bot).send("/start")
    sender, other = await sign_in(bot), await sign_in(bot)
    inbox = listen(other, events.NewMessage(outgoing=True))

    await sender.send_message(types.InputPeerUser(ann.id, 0), "Hello")

    assert (await inbox.next()).raw_text == "Hello"
