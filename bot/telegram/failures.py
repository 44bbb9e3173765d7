"""Reduces Telethon's many errors of calls to the few kinds that matter to us."""

import re

from telethon import errors

from bot.telegram.retry import Failure, FailureKind
from bot.telegram.undecoded import UndecodedError
from storage.errors import ServiceError


class NotLoggedInError(ServiceError):
    """The session has no login, or one that the server no longer knows. ``reason``: Telegram's name
    for that, empty if there never was a login."""

    reason = ""


CALL_ERRORS = (
    errors.RPCError,
    errors.AuthKeyNotFound,
    errors.BadMessageError,
    # An answer with something in it that is unknown: asked again, it would be the same.
    errors.TypeNotFoundError,
    UndecodedError,
    # What Telegram says of a key that is just made, where it wants no connection now.
    errors.InvalidBufferError,
    OSError,
    TimeoutError,
    ValueError,
)

# The names under which Telegram says that somebody cannot be written to any more
# (core.telegram.org/method/messages.sendMessage, "Possible errors").
_GONE = frozenset(
    {
        "BOT_KICKED",
        "CHANNEL_INVALID",
        "CHANNEL_PRIVATE",
        "CHANNEL_PUBLIC_GROUP_NA",
        "CHAT_ADMIN_REQUIRED",
        "CHAT_FORBIDDEN",
        "CHAT_GUEST_SEND_FORBIDDEN",
        "CHAT_ID_INVALID",
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
    }
)
_FLOODS = (
    errors.FloodError,
    errors.FloodPremiumWaitError,
    errors.FloodTestPhoneWaitError,
    errors.SlowModeWaitError,
)
_UNTOLD_WAIT = 30.0
"""Seconds to wait if Telegram reports a flood without a time."""
_LONGEST_WAIT = 7 * 86400.0
"""The longest wait that is accepted: a huge number would overflow dates."""
_SECONDS = re.compile(r"(?<!\d)\d{1,12}(?!\d)", re.ASCII)


def failure_of(error: BaseException) -> Failure:
    """The kind of a failed call, for the pure decisions of ``retry``."""
    if isinstance(error, errors.RPCError):
        kind = _rpc_kind(error)
        seconds = _asked_wait(error) if kind == "flood" else 0.0
        return Failure(kind=kind, reason=rpc_name(error), seconds=seconds)
    if isinstance(error, TimeoutError):
        return Failure(kind="timeout", reason="no reply in time")
    if isinstance(error, OSError | errors.InvalidBufferError):
        return Failure(kind="network", reason=network_reason(error))
    if isinstance(error, errors.AuthKeyNotFound):
        return Failure(kind="unauthorized", reason="AUTH_KEY_NOT_FOUND")
    if isinstance(error, errors.BadMessageError):
        return Failure(kind="server", reason=str(error)[:200])
    return Failure(kind="refused", reason=f"{type(error).__name__}: {error}"[:200])


def _asked_wait(error: errors.RPCError) -> float:
    """The seconds that Telegram asks to wait, limited to a week."""
    told = getattr(error, "seconds", None)
    if told is None:  # A name that Telethon does not know.
        found = _SECONDS.search(error.message or "")
        told = int(found[0]) if found else _UNTOLD_WAIT
    return float(min(max(told, 0), _LONGEST_WAIT))


def _rpc_kind(error: errors.RPCError) -> FailureKind:
    name = rpc_name(error)
    if name == "RANDOM_ID_DUPLICATE":
        return "duplicate"
    if name.startswith("FROZEN_"):
        return "frozen"
    if isinstance(error, _FLOODS):
        return "flood"
    if name in _GONE:
        return "gone"
    if is_logged_out(error):
        return "unauthorized"
    if isinstance(error, errors.ServerError | errors.TimedOutError | errors.InvalidDCError):
        return "server"
    code = error.code or 0
    return "server" if code >= 500 or code < 0 else "refused"


# Telethon keeps a class for each name and loses the name.
_NAMES = {kind: name for name, kind in errors.rpcerrorlist.rpc_errors_dict.items()}


def rpc_name(error: errors.RPCError) -> str:
    """Telegram's own name of an error, ``USER_IS_BLOCKED`` for instance."""
    return str(_NAMES.get(type(error)) or error.message or type(error).__name__)


def is_logged_out(error: BaseException) -> bool:
    """Whether an error means that the session cannot be used any more."""
    if isinstance(error, errors.AuthKeyError):
        # Telethon's name for all of 406, which Telegram uses for much else.
        return rpc_name(error).startswith("AUTH_KEY_")
    return isinstance(error, errors.UnauthorizedError | errors.AuthKeyNotFound) and not isinstance(
        error, errors.SessionPasswordNeededError
    )


def remedy(account: str, reason: str) -> str:
    """What to do about a login (account ``user`` or ``bot``) that has ended, by Telegram's
    reason."""
    if account == "bot":
        return "check BOT_TOKEN"
    if reason == "AUTH_KEY_DUPLICATED":
        # Telegram ends a session for good that is used from two addresses at once.
        return "stop the other copy that uses user.session, then run `dateline login`"
    if reason in ("USER_DEACTIVATED", "USER_DEACTIVATED_BAN"):
        return "Telegram has closed this account: run `dateline login` with another"
    return "run `dateline login`"


def network_reason(error: BaseException) -> str:
    """Why the network failed, in a few words."""
    if isinstance(error, TimeoutError):
        return "no answer"
    if isinstance(error, errors.InvalidBufferError):
        return f"the connection is refused (code {error.code})"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    # Telethon counts the retries, which are off.
    return "no connection" if said.startswith("Connection to Telegram failed") else said


def not_logged_in(account: str, reason: str, *, name: str = "") -> NotLoggedInError:
    """The error for a login that has ended, with Telegram's reason. ``name``: whose login it
    was."""
    whose = f"the login of {name}" if name else "the login"
    error = NotLoggedInError(
        f"{whose} is not valid any more ({reason})",
        where=f"{account} account",
        hint=remedy(account, reason),
    )
    error.reason = reason
    return error
