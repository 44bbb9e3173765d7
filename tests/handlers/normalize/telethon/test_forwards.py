"""Where a message came from and what it answers, from records of invented JSON."""

from types import SimpleNamespace
from typing import Any

import pytest

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import forwards
from storage.document import Channel, Forward, Reply

HERE = Channel(id=15, username="harbour", title="Harbour")
PEERS = {
    -1_000_000_000_016: Channel(id=16, username="mast", title="Mast"),
    42: Channel(username="ann", title="Ann Keeper"),
}
DATE = {"date": "2024-03-01T10:00:05+00:00"}
CHANNEL = {"_": "PeerChannel", "channel_id": 16}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            {"from_id": CHANNEL, "channel_post": 3, "post_author": "Eve", **DATE},
            Forward(
                name="Mast",
                username="mast",
                channel_id=16,
                message_id=3,
                author="Eve",
                kind="channel",
                date="2024-03-01T10:00:05Z",
            ),
        ),
        (
            {"channel_id": 16},  # an older layer
            Forward(name="Mast", username="mast", channel_id=16, kind="channel"),
        ),
        (
            {"from_id": {"channel_id": 15}, "channel_post": 4},
            Forward(
                name="Harbour", username="harbour", channel_id=15, message_id=4, kind="channel"
            ),
        ),
        (
            {"from_id": {"channel_id": 17}, "from_name": "Buoy"},
            Forward(name="Buoy", channel_id=17, kind="channel"),
        ),
        (
            {"from_id": {"user_id": 42}},
            Forward(name="Ann Keeper", username="ann", user_id=42, kind="user"),
        ),
        ({"from_id": {"user_id": 16}}, Forward(user_id=16, kind="user")),
        ({"from_id": {"_": "PeerChat", "chat_id": 9}}, Forward()),
        (
            {"from_name": "Somebody", **DATE},
            Forward(name="Somebody", kind="hidden_user", date="2024-03-01T10:00:05Z"),
        ),
        ({}, Forward(kind="hidden_user")),
        (
            {"from_id": CHANNEL, "saved_from_peer": CHANNEL, "saved_from_msg_id": 8},
            Forward(name="Mast", username="mast", channel_id=16, message_id=8, kind="channel"),
        ),
        (
            {"from_id": CHANNEL, "saved_from_peer": {"channel_id": 17}, "saved_from_msg_id": 8},
            Forward(name="Mast", username="mast", channel_id=16, kind="channel"),
        ),
    ],
)
def test_a_forward_names_its_original(header: dict[str, Any], expected: Forward) -> None:
    message = Record({"fwd_from": header})
    assert forwards.read_forward(message, channel=HERE, peers=PEERS) == expected


def test_what_is_no_forward_has_no_original() -> None:
    assert forwards.read_forward(Record({}), channel=HERE, peers=PEERS) is None


@pytest.mark.parametrize(
    ("resolved", "name", "username"),
    [
        ({"chat": {"title": "Buoy", "username": "buoy"}}, "Buoy", "buoy"),
        ({"sender": {"first_name": "Ann", "last_name": "Bell", "username": "a"}}, "Ann Bell", "a"),
        ({"sender": {"first_name": "Ann"}}, "Ann", None),
        ({"sender": {"last_name": "Bell"}}, "Bell", None),
        ({"sender": {"title": "Buoy"}}, "Buoy", None),
        ({"chat": {"title": "Buoy"}, "sender": {"first_name": "Ann"}}, "Buoy", None),
        ({}, None, None),
    ],
)
@pytest.mark.parametrize("origin", [{"channel_id": 17}, {"user_id": 43}])
def test_whom_no_list_names_is_named_as_telethon_knows_them(
    origin: dict[str, Any], resolved: dict[str, Any], name: str | None, username: str | None
) -> None:
    known = SimpleNamespace(**{role: Record(value) for role, value in resolved.items()})
    message = SimpleNamespace(fwd_from=Record({"from_id": origin}), forward=known)
    found = forwards.read_forward(message, channel=HERE, peers=PEERS)
    assert found is not None
    assert (found.name, found.username) == (name, username)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({}, None),
        ({"reply_to_msg_id": 3}, Reply(channel_id=15, message_id=3)),
        (
            {"reply_to_msg_id": 3, "quote_text": "at noon"},
            Reply(channel_id=15, message_id=3, quote="at noon"),
        ),
        (
            {"reply_to_msg_id": 3, "reply_to_peer_id": {"channel_id": 16}},
            Reply(channel_id=16, message_id=3),
        ),
        ({"reply_to_msg_id": 3, "reply_to_peer_id": {"user_id": 42}}, Reply(message_id=3)),
        ({"quote_text": "at noon"}, Reply(quote="at noon")),
        ({"story_id": 5, "peer": {"channel_id": 16}}, Reply(channel_id=16, story_id=5)),
        ({"story_id": 5, "peer": {"user_id": 42}}, Reply(story_id=5)),
        (
            {"reply_from": {"from_id": {"channel_id": 16}, "channel_post": 9}},
            Reply(channel_id=16, message_id=9),
        ),
        ({"reply_from": {"from_id": {"user_id": 42}}}, Reply()),
        (
            {"reply_to_msg_id": 3, "reply_from": {"from_id": CHANNEL, "channel_post": 9}},
            Reply(message_id=3),
        ),
    ],
)
def test_what_a_message_answers(header: dict[str, Any], expected: Reply | None) -> None:
    message = Record({"reply_to": header} if header else {})
    assert forwards.read_reply(message, channel=HERE) == expected
