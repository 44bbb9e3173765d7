"""One number for any chat, and the number of a channel in it."""

import pytest

from storage.channels import chat_ids


@pytest.mark.parametrize(
    ("chat_id", "channel"),
    [
        (-1_000_000_000_001, 1),
        (-1_001_234_567_890, 1_234_567_890),
        (-1_000_000_000_000, None),
        (-1234, None),
        (0, None),
        (1234, None),
    ],
)
def test_the_channel_behind_a_chat_id(chat_id: int, channel: int | None) -> None:
    assert chat_ids.channel_of(chat_id) == channel
    assert chat_ids.is_channel(chat_id) == (channel is not None)
    assert chat_ids.is_basic_group(chat_id) == (channel is None and chat_id < 0)
    assert (chat_id in chat_ids.PEOPLE_AND_GROUPS) == (channel is None)
    if channel is not None:
        assert chat_ids.of_channel(channel) == chat_id


@pytest.mark.parametrize(
    ("chat_id", "is_one"),
    [
        (-(10**12), True),
        (-(10**12) - 1, False),
        (64 * 10**12 - 1, True),
        (64 * 10**12, False),
    ],
)
def test_people_and_groups_have_these_chat_ids(chat_id: int, is_one: bool) -> None:
    assert (chat_id in chat_ids.PEOPLE_AND_GROUPS) is is_one
