"""What failed calls are called, and what is to be done about a login that has ended."""

import struct

import pytest
from telethon import errors
from telethon.errors import rpc_message_to_error
from telethon.tl.types import RpcError

from bot.telegram import failures

PERMANENT = [
    "BOT_KICKED",
    "CHANNEL_INVALID",
    "CHANNEL_PRIVATE",
    "CHAT_ADMIN_REQUIRED",
    "CHAT_ID_INVALID",
    "CHANNEL_PUBLIC_GROUP_NA",
    "CHAT_FORBIDDEN",
    "CHAT_GUEST_SEND_FORBIDDEN",
    "CHAT_RESTRICTED",
    "CHAT_SEND_PLAIN_FORBIDDEN",
    "CHAT_WRITE_FORBIDDEN",
    "INPUT_USER_DEACTIVATED",
    "PEER_ID_INVALID",
    "USER_BANNED_IN_CHANNEL",
    "USER_DELETED",
    "USER_ID_INVALID",
    "USER_IS_BLOCKED",
    "USER_IS_BOT",
]


@pytest.mark.parametrize("name", PERMANENT)
def test_who_cannot_be_written_to_any_more_is_gone(name: str) -> None:
    failure = failures.failure_of(rpc_message_to_error(RpcError(400, name), None))
    assert (failure.kind, failure.reason) == ("gone", name)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (420, "FROZEN_METHOD_INVALID"),
        (406, "FROZEN_METHOD_INVALID"),
        (400, "FROZEN_PARTICIPANT_MISSING"),
        (400, "FROZEN_SOMETHING_NEW"),
    ],
)
def test_a_frozen_account_is_neither_asked_to_wait_nor_logged_out(code: int, name: str) -> None:
    error = rpc_message_to_error(RpcError(code, name), None)
    failure = failures.failure_of(error)
    assert (failure.kind, failure.reason, failure.seconds) == ("frozen", name, 0.0)
    assert not failures.is_logged_out(error)


@pytest.mark.parametrize(
    ("code", "name", "seconds"),
    [
        (420, "FLOOD_WAIT_0", 0.0),
        (420, "FLOOD_WAIT_7", 7.0),
        (420, "FLOOD_PREMIUM_WAIT_7", 7.0),
        (420, "SLOWMODE_WAIT_7", 7.0),
        (420, "FLOOD_SOMETHING_NEW_7", 7.0),
        (420, "FLOOD_WAIT_X", 30.0),
        (420, "FLOOD", 30.0),
        (420, "", 30.0),
        (420, "slow down", 30.0),
        (420, "FLOOD_WAIT_-5", 5.0),
        (420, f"FLOOD_WAIT_{2**63}", 7 * 86400.0),
        (420, f"FLOOD_WAIT_{10**400}", 7 * 86400.0),
        (420, f"WAIT_{'9' * 30}", 30.0),
    ],
)
def test_whatever_too_much_is_called_is_a_wait_that_can_be_kept(
    code: int, name: str, seconds: float
) -> None:
    error = rpc_message_to_error(RpcError(code, name), None)
    failure = failures.failure_of(error)
    assert (failure.kind, failure.seconds) == ("flood", seconds)
    assert not failures.is_logged_out(error)


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (TimeoutError(), "timeout", "no reply in time"),
        (errors.AuthKeyNotFound(), "unauthorized", "AUTH_KEY_NOT_FOUND"),
        (
            errors.InvalidBufferError(struct.pack("<i", -404)),
            "network",
            "the connection is refused (code 404)",
        ),
        (errors.BadMessageError(None, 16), "server", None),
        (ValueError("x" * 500), "refused", f"ValueError: {'x' * 188}"),
        (errors.RPCError(None, "SOMETHING", None), "refused", "SOMETHING"),
        (errors.RPCError(None, "SOMETHING", -503), "server", "SOMETHING"),
        (errors.RPCError(None, "SOMETHING", 499), "refused", "SOMETHING"),
        (errors.RPCError(None, "SOMETHING", 500), "server", "SOMETHING"),
    ],
)
def test_each_failure_has_its_kind_and_its_reason(
    error: Exception, kind: str, reason: str | None
) -> None:
    failure = failures.failure_of(error)
    assert (failure.kind, failure.seconds) == (kind, 0.0)
    assert reason is None or failure.reason == reason


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError("late"), "no answer"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
        (ConnectionError("Connection to Telegram failed 5 time(s)"), "no connection"),
        (ConnectionError("disconnected"), "disconnected"),
        (EOFError(), "EOFError"),
    ],
)
def test_why_the_network_failed_is_said_in_a_few_words(error: Exception, said: str) -> None:
    assert failures.network_reason(error) == said


@pytest.mark.parametrize(
    ("account", "reason", "said"),
    [
        ("bot", "AUTH_KEY_DUPLICATED", "check BOT_TOKEN"),
        (
            "user",
            "AUTH_KEY_DUPLICATED",
            "stop the other copy that uses user.session, then run `dateline login`",
        ),
        (
            "user",
            "USER_DEACTIVATED",
            "Telegram has closed this account: run `dateline login` with another",
        ),
        (
            "user",
            "USER_DEACTIVATED_BAN",
            "Telegram has closed this account: run `dateline login` with another",
        ),
        ("user", "SESSION_REVOKED", "run `dateline login`"),
    ],
)
def test_what_to_do_about_a_login_that_has_ended(account: str, reason: str, said: str) -> None:
    assert failures.remedy(account, reason) == said


@pytest.mark.parametrize(
    ("name", "code", "is_over"),
    [
        ("SESSION_REVOKED", 401, True),
        ("AUTH_KEY_UNREGISTERED", 401, True),
        ("SESSION_PASSWORD_NEEDED", 401, False),
        ("AUTH_KEY_DUPLICATED", 406, True),
        ("UPDATE_APP_TO_LOGIN", 406, False),
        ("FLOOD_WAIT_3", 420, False),
        ("PEER_ID_INVALID", 400, False),
    ],
)
def test_a_login_is_over_by_what_telegram_says(name: str, code: int, is_over: bool) -> None:
    assert failures.is_logged_out(rpc_message_to_error(RpcError(code, name), None)) is is_over
    assert failures.is_logged_out(errors.AuthKeyNotFound())
    assert not failures.is_logged_out(TimeoutError())
