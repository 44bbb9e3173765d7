"""What in a watched group or channel is no post."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from handlers.conversation import own_words
from storage.document import Author, Block, Document, Source
from storage.records import OwnBot

BOT = OwnBot(id=1000, username="Lookout_bot")
NOBODY = OwnBot()
HERE = types.PeerChannel(7)
OF_BOT = types.MessageFwdHeader(date=None, from_id=types.PeerUser(1000))


def message(text: str = "Words", **fields: Any) -> types.Message:
    date = datetime(2026, 11, 22, tzinfo=UTC)
    return types.Message(id=1, peer_id=HERE, date=date, message=text, **fields)


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        (message(from_id=types.PeerUser(1000)), True),
        (message(from_id=types.PeerUser(42)), False),
        (message(from_id=types.PeerChannel(1000)), False),
        (message(post=True), False),
        (message(from_id=types.PeerUser(42), via_bot_id=1000), True),
        (message(from_id=types.PeerUser(42), via_bot_id=1001), False),
        (message(from_id=types.PeerUser(42), fwd_from=OF_BOT), False),
        (message(from_id=types.PeerUser(42), fwd_from=OF_BOT, via_bot_id=1000), False),
        (message(from_id=types.PeerUser(1000), fwd_from=OF_BOT), True),
        (message("/search@lookout_bot ferry", from_id=types.PeerUser(42)), True),
        (message("/search@LOOKOUT_BOT", from_id=types.PeerUser(42)), True),
        (message("/unheard_of@lookout_bot\nferry\nboat"), True),
        (message("  /alert@lookout_bot ferry"), True),
        (message("/search ferry", from_id=types.PeerUser(42)), False),
        (message("/search@another_bot ferry"), False),
        (message("/search@lookout_bot2 ferry"), False),
        (message("/search@lookout_bot, which tells the news"), False),
        (message("Write /search@lookout_bot ferry"), False),
        (message("/r/ferries had it first"), False),
        (message("/"), False),
        (message("", from_id=types.PeerUser(42)), False),
    ],
)
def test_what_the_bot_says_and_commands_that_name_it_are_no_posts(
    said: types.Message, ours: bool
) -> None:
    assert own_words.are_ours([said], BOT) is ours
    assert own_words.are_ours([said], NOBODY) is False


def test_what_the_bot_does_is_no_post_either() -> None:
    pinned = types.MessageService(
        id=2,
        peer_id=HERE,
        date=datetime(2026, 11, 22, tzinfo=UTC),
        action=types.MessageActionPinMessage(),
        from_id=types.PeerUser(1000),
    )
    assert own_words.are_ours([pinned], BOT)


def test_an_album_is_the_bots_where_all_of_it_is() -> None:
    own, other = message(from_id=types.PeerUser(1000)), message(from_id=types.PeerUser(42))
    assert own_words.are_ours([own, own], BOT)
    assert not own_words.are_ours([own, other], BOT)
    assert not own_words.are_ours([], BOT)


@pytest.mark.parametrize(
    ("author", "texts", "ours"),
    [
        (Author(kind="user", id=1000, name="Lookout"), ["Words"], True),
        (Author(kind="channel", id=1000), ["Words"], False),
        (Author(kind="user", id=42), ["/search@lookout_bot ferry"], True),
        (None, ["/digest@lookout_bot", "now"], True),
        (None, ["/digest now"], False),
        (None, [], False),
    ],
)
def test_the_same_holds_for_what_pages_and_exports_tell(
    author: Author | None, texts: list[str], ours: bool
) -> None:
    document = Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="desktop_json"),
        author=author,
        title=texts[0] if texts else None,
        body=tuple(Block(type="para", text=text) for text in texts[1:]),
        content_hash="0" * 16,
    )
    assert own_words.is_ours(document, BOT) is ours


def copied(by: int, of: int, saved: int | None) -> types.Message:
    origin = types.MessageFwdHeader(
        date=None,
        from_id=types.PeerChannel(of),
        channel_post=5,
        saved_from_peer=None if saved is None else types.PeerChannel(saved),
        saved_from_msg_id=5,
    )
    return message(from_id=types.PeerChannel(by), fwd_from=origin)


@pytest.mark.parametrize(
    ("said", "origin"),
    [
        (copied(9, 9, 9), (9, 5)),
        (copied(9, 8, 9), None),
        (copied(9, 9, None), None),
        (message(from_id=types.PeerUser(42), fwd_from=copied(9, 9, 9).fwd_from), None),
        (message(), None),
    ],
)
def test_a_channels_post_in_its_group_is_a_copy_that_nobody_passed_on(
    said: types.Message, origin: tuple[int, int] | None
) -> None:
    assert own_words.copied_from(said) == origin
