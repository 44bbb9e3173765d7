"""What Telegram's participants may do."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from bot.telegram import roles

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def admin(*, may_post: bool) -> Any:
    rights = types.ChatAdminRights(post_messages=may_post)
    return types.ChannelParticipantAdmin(
        user_id=1, promoted_by=2, date=WHEN, admin_rights=rights, rank=""
    )


def banned(*, left: bool = False, **rights: bool) -> Any:
    return types.ChannelParticipantBanned(
        peer=types.PeerUser(1),
        kicked_by=2,
        date=WHEN,
        left=left,
        banned_rights=types.ChatBannedRights(until_date=None, **rights),
    )


CREATOR = types.ChannelParticipantCreator(1, types.ChatAdminRights())
MEMBER = types.ChannelParticipant(user_id=1, date=WHEN)
LEFT = types.ChannelParticipantLeft(types.PeerUser(1))


@pytest.mark.parametrize(
    ("participant", "is_channel", "role", "writes"),
    [
        pytest.param(None, False, "stranger", False, id="nobody"),
        pytest.param(LEFT, False, "stranger", False, id="left"),
        pytest.param(banned(left=True), False, "stranger", False, id="put out"),
        pytest.param(banned(view_messages=True), False, "stranger", False, id="banned"),
        pytest.param(banned(send_messages=True), False, "member", False, id="silenced"),
        pytest.param(banned(send_plain=True), False, "member", False, id="no texts"),
        pytest.param(banned(send_stickers=True), False, "member", True, id="no stickers"),
        pytest.param(MEMBER, False, "member", True, id="member of a group"),
        pytest.param(MEMBER, True, "member", False, id="reader of a channel"),
        pytest.param(admin(may_post=False), False, "manager", True, id="administrator of a group"),
        pytest.param(admin(may_post=True), True, "manager", True, id="administrator who posts"),
        pytest.param(admin(may_post=False), True, "member", False, id="one who may not post"),
        pytest.param(CREATOR, True, "manager", True, id="owner"),
        pytest.param(
            types.ChatParticipant(user_id=1, inviter_id=2, date=WHEN),
            False,
            "member",
            True,
            id="member of a basic group",
        ),
    ],
)
def test_what_a_participant_may_do(
    participant: Any, is_channel: bool, role: str, writes: bool
) -> None:
    assert roles.role_in(participant, is_channel=is_channel) == role
    assert roles.may_write(participant, is_channel=is_channel) is writes


@pytest.mark.parametrize("chat_id", [-1_000_000_000_042, -42, 42])
@pytest.mark.parametrize("speaker", [-1_000_000_000_043, -43, 0])
async def test_who_speaks_as_another_channel_is_a_stranger(chat_id: int, speaker: int) -> None:
    nobody: Any = None  # Nobody is asked.
    assert await roles.Roles(nobody, nobody).role_of(chat_id, speaker) == "stranger"


async def test_whose_role_cannot_be_asked_for_is_a_stranger() -> None:
    class Away:
        async def get_permissions(self, chat_id: int, user_id: int) -> None:
            raise ConnectionError

    away: Any = Away()
    nobody: Any = None  # Nothing is noted.
    assert await roles.Roles(away, nobody).role_of(-42, 7) == "stranger"


async def test_who_speaks_as_the_group_itself_is_one_of_its_administrators() -> None:
    nobody: Any = None  # Nobody is asked.
    assert await roles.Roles(nobody, nobody).role_of(-1_000_000_000_042, -1_000_000_000_042) == (
        "manager"
    )
