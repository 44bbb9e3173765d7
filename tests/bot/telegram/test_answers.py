"""Telegram's answers about messages, whichever form they come in."""

from datetime import UTC, datetime, timedelta

import pytest
from telethon import errors
from telethon.tl import types
from telethon.tl.functions.messages import GetHistoryRequest

from bot.telegram.answers import Answer, Messages, entities_of
from bot.telegram.undecoded import Apart, UndecodedError

EARLY = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATE = EARLY + timedelta(minutes=1)
PEER = types.PeerChannel(7)
REQUEST = GetHistoryRequest(
    peer=types.InputPeerEmpty(),
    offset_id=0,
    offset_date=None,
    add_offset=0,
    limit=9,
    max_id=0,
    min_id=0,
    hash=0,
)


def message(number: int, text: str = "Ice") -> types.Message:
    return types.Message(id=number, peer_id=PEER, date=EARLY, message=text)


def channel(number: int = 7, title: str = "Harbour") -> types.Channel:
    return types.Channel(id=number, title=title, photo=types.ChatPhotoEmpty(), date=EARLY)


def user(number: int) -> types.User:
    return types.User(id=number, access_hash=1)


def answer(*numbers: int, pts: int = 0, at: datetime = EARLY, **named: types.Channel) -> Answer:
    return Answer(
        messages=tuple(map(message, numbers)),
        ids=frozenset(numbers),
        entities={int(name[1:]): one for name, one in named.items()},
        pts=pts,
        asked_at=at,
    )


@pytest.mark.parametrize(
    ("result", "pts"),
    [
        (
            types.messages.ChannelMessages(
                pts=31,
                count=3,
                messages=[message(9), types.MessageEmpty(id=8, peer_id=None), message(5)],
                topics=[],
                chats=[channel()],
                users=[user(3)],
            ),
            31,
        ),
        (
            types.messages.Messages(
                messages=[message(9), types.MessageEmpty(id=8, peer_id=None), message(5)],
                topics=[],
                chats=[channel()],
                users=[user(3)],
            ),
            0,
        ),
    ],
)
def test_messages_come_oldest_first_and_empty_ones_are_only_counted(
    result: Messages, pts: int
) -> None:
    found = Answer.of(result, REQUEST, LATE)
    assert [one.id for one in found.messages] == [5, 9]
    assert found.ids == {5, 8, 9}
    assert set(found.entities) == {3, -1_000_000_000_007}
    assert (found.pts, found.asked_at, dict(found.undecoded)) == (pts, LATE, {})


def test_not_modified_is_a_fault_of_the_server() -> None:
    with pytest.raises(errors.ServerError) as caught:
        Answer.of(types.messages.MessagesNotModified(count=3), REQUEST, EARLY)
    assert (caught.value.code, caught.value.message) == (500, "MESSAGES_NOT_MODIFIED")


def test_answers_of_groups_become_one() -> None:
    undecoded = {6: UndecodedError(ValueError(), b"raw")}
    parts = (
        answer(8, 9, pts=40, at=LATE, _7=channel(title="first")),
        answer(5, pts=39, at=EARLY, _7=channel(title="last"), _8=channel(8)),
    )
    found = Answer.of_several(Apart(parts, undecoded))
    assert [one.id for one in found.messages] == [5, 8, 9]
    assert found.ids == {5, 6, 8, 9}
    assert {key: one.title for key, one in found.entities.items()} == {7: "last", 8: "Harbour"}
    assert (found.pts, found.asked_at, found.undecoded) == (40, EARLY, undecoded)


def test_nothing_decoded_at_all_is_an_answer_of_now() -> None:
    before = datetime.now(UTC)
    found = Answer.of_several(Apart((), {}))
    assert (found.messages, found.ids, found.pts) == ((), frozenset(), 0)
    assert before <= found.asked_at <= datetime.now(UTC)


@pytest.mark.parametrize(("older_at", "newer_at"), [(EARLY, LATE), (LATE, EARLY)])
def test_what_follows_is_joined_and_stands_once(older_at: datetime, newer_at: datetime) -> None:
    older = answer(1, 2, pts=50, at=older_at, _7=channel(title="old"), _8=channel(8))
    newer = answer(2, 3, pts=49, at=newer_at, _7=channel(title="new"))
    found = older.joined(newer)
    assert found.messages == (*older.messages, newer.messages[1])
    assert found.ids == {1, 2, 3}
    assert {key: one.title for key, one in found.entities.items()} == {7: "new", 8: "Harbour"}
    assert (found.pts, found.asked_at) == (49, EARLY)


def test_entities_without_a_marked_id_are_left_out() -> None:
    group = types.ChatForbidden(id=4, title="Crew")
    given = [user(3), group, types.auth.SentCodeSuccess(authorization=None), channel()]
    assert list(entities_of(given)) == [3, -4, -1_000_000_000_007]
