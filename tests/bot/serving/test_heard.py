"""A message to the bot as it comes from Telegram."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon.tl import types

from bot.serving import heard

WHEN = datetime(2026, 1, 2, tzinfo=UTC)
ANN, CREW, CREW_CHAT = 501, 42, -1_000_000_000_042
GROUP = types.PeerChannel(CREW)


class Reader:
    """Reads what a test gives it."""

    def read_message(self, update: Any) -> Any:
        return getattr(update, "message", None)


def read(message: Any, *known: Any) -> Any:
    update = types.UpdateNewMessage(message, pts=1, pts_count=1)
    update._entities = {
        (entity.id if isinstance(entity, types.User) else -1_000_000_000_000 - entity.id): entity
        for entity in known
    }
    reader: Any = Reader()
    return heard.read_heard(reader, update)


@pytest.mark.parametrize(
    ("changes", "is_answered"),
    [
        ({"edit_date": WHEN + timedelta(minutes=1)}, True),
        ({"edit_date": WHEN + timedelta(days=2)}, True),
        ({"edit_date": WHEN + timedelta(days=2, seconds=1)}, False),
        ({"edit_date": WHEN + timedelta(minutes=1), "edit_hide": True}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("kind", [types.UpdateEditMessage, types.UpdateEditChannelMessage])
def test_edits_of_words_are_heard_for_two_days(
    kind: Any, changes: dict[str, Any], is_answered: bool
) -> None:
    reader: Any = Reader()
    update = kind(message(GROUP, **changes), pts=1, pts_count=1)
    update._entities = {}
    found = heard.read_heard(reader, update)
    assert (found is not None) is is_answered
    assert found is None or (found.request.is_edit, found.request.sent_at) == (True, WHEN)
    update.message.message = ""
    assert heard.read_heard(reader, update) is None


def message(peer: Any, **changes: Any) -> Any:
    sender = changes.pop("from_id", types.PeerUser(ANN))
    made = types.Message(id=7, peer_id=peer, date=WHEN, message="/help", from_id=sender, **changes)
    made._sender_id = ANN if sender else None
    return made


@pytest.mark.parametrize(
    ("header", "reply_to", "topic"),
    [
        (None, None, None),
        (types.MessageReplyHeader(reply_to_msg_id=5), 5, None),
        (types.MessageReplyHeader(reply_to_msg_id=5, reply_to_top_id=3), 5, None),
        (types.MessageReplyHeader(reply_to_msg_id=3, forum_topic=True), None, 3),
        (types.MessageReplyHeader(reply_to_msg_id=5, reply_to_top_id=3, forum_topic=True), 5, 3),
        (types.MessageReplyHeader(reply_to_msg_id=1, forum_topic=True), None, None),
        (types.MessageReplyHeader(reply_to_msg_id=5, reply_to_top_id=1, forum_topic=True), 5, None),
    ],
)
def test_what_answers_nothing_names_the_topic_alone(
    header: Any, reply_to: int | None, topic: int | None
) -> None:
    request = read(message(GROUP, reply_to=header)).request
    assert (request.reply_to, request.topic) == (reply_to, topic)


def test_a_message_of_a_person_and_one_in_a_group() -> None:
    ann = types.User(ANN, access_hash=9, first_name="Ann", lang_code="ru")
    private = read(message(types.PeerUser(ANN)), ann)
    assert (private.request.chat_id, private.request.sender_id) == (ANN, ANN)
    assert (private.request.message_id, private.request.text) == (7, "/help")
    assert private.request.is_private and not private.request.is_channel
    assert (private.language, private.access_hash) == ("ru", 9)
    assert private.ids == {"chat": ANN, "message": 7}
    crew = types.Channel(CREW, "Crew", types.ChatPhotoEmpty(), WHEN, access_hash=8)
    said = read(message(GROUP), ann, crew)
    assert (said.request.chat_id, said.request.sender_id) == (CREW_CHAT, ANN)
    assert not said.request.is_private and not said.request.is_channel
    assert (said.language, said.access_hash) == ("ru", 8)
    unknown = read(message(GROUP))
    assert (unknown.language, unknown.access_hash) == (None, None)


def test_a_post_in_a_channel_has_no_sender() -> None:
    said = read(message(GROUP, post=True))
    assert said.request.is_channel and not said.request.is_private
    assert (said.request.sender_id, said.language) == (None, None)


@pytest.mark.parametrize("forwarded", [None, types.MessageFwdHeader(date=WHEN)])
def test_a_forwarded_message_and_a_part_of_an_album_are_known_as_such(forwarded: Any) -> None:
    said = read(message(GROUP, fwd_from=forwarded, grouped_id=3))
    assert said.request.is_forwarded is (forwarded is not None)
    assert said.album == 3


def test_what_brings_no_message_is_none() -> None:
    reader: Any = Reader()
    assert heard.read_heard(reader, types.UpdateConfig()) is None


@pytest.mark.parametrize(
    ("chat", "name"),
    [
        (None, None),
        (types.User(1, first_name="Ann", last_name="Mast"), "Ann Mast"),
        (types.User(1, last_name="Mast"), "Mast"),
        (types.User(1), None),
        (types.Channel(1, "Crew", types.ChatPhotoEmpty(), WHEN), "Crew"),
    ],
)
def test_a_chat_is_called_by_its_title_or_by_a_persons_names(chat: Any, name: str | None) -> None:
    assert heard.name_of(chat) == name
