"""Messages as Telegram's objects."""

import pytest
from telethon.tl import types

from bot import wire
from handlers.render.messages import Button, Message
from handlers.render.rich import RichText, Span


@pytest.mark.parametrize(
    ("chat_id", "expected"),
    [
        (42, types.InputPeerUser(42, 7)),
        (-42, types.InputPeerChat(42)),
        (-1_000_000_000_042, types.InputPeerChannel(42, 7)),
    ],
)
def test_peer_of_a_marked_id(chat_id: int, expected: object) -> None:
    assert wire.peer(chat_id, 7) == expected


def test_formatting_is_counted_as_telegram_counts() -> None:
    text = RichText("🛳 Port", (Span("bold", 2, 6), Span("link", 0, 1, "https://example.org")))
    assert wire.entities(text) == [
        types.MessageEntityTextUrl(0, 2, "https://example.org"),
        types.MessageEntityBold(3, 4),
    ]


def test_a_request_carries_the_stored_id_and_shows_no_preview() -> None:
    message = Message(RichText("Port"), ((Button(text="Open", url="https://example.org/1"),),))
    request = wire.send_request(wire.peer(42, 7), message, -5)
    assert (request.random_id, request.no_webpage, request.message) == (-5, True, "Port")
    assert [[button.text for button in row.buttons] for row in request.reply_markup.rows] == [
        ["Open"]
    ]


def test_a_question_opens_the_reply_field() -> None:
    request = wire.send_request(wire.peer(42, 7), Message(RichText("?"), (), "words"), 1)
    assert request.reply_markup.placeholder == "words"


def test_every_request_can_be_written_as_bytes() -> None:
    message = Message(RichText("Port"), ((Button(text="Stop", data="stop:1"),),))
    to = wire.peer(42, 7)
    for request in (
        wire.send_request(to, message, 1),
        wire.edit_request(to, 3, message),
        wire.edit_buttons_request(to, 3, message.keyboard),
        wire.edit_buttons_request(to, 3, ()),
    ):
        assert bytes(request)


def test_the_id_of_a_sent_message_is_found_in_both_kinds_of_answers() -> None:
    short = types.UpdateShortSentMessage(id=9, pts=1, pts_count=1, date=None)
    full = types.Updates([types.UpdateMessageID(id=8, random_id=1)], [], [], None, 0)
    assert (wire.sent_id(short), wire.sent_id(full), wire.sent_id(None)) == (9, 8, None)


def test_the_id_of_a_message_that_was_sent_before_is_found_in_the_message_itself() -> None:
    message = types.Message(id=7, peer_id=types.PeerUser(42), date=None, message="Port")
    post = types.Message(id=6, peer_id=types.PeerChannel(42), date=None, message="Port")
    number = types.UpdateMessageID(id=7, random_id=1)
    private, public = (
        types.UpdateNewMessage(message, pts=5, pts_count=0),
        types.UpdateNewChannelMessage(post, pts=5, pts_count=0),
    )
    answers = ([number, private], [private], [public], [private, number])
    found = [wire.sent_id(types.Updates(list(one), [], [], None, 0)) for one in answers]
    assert found == [7, 7, 6, 7]
