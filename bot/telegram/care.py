"""How the watching account is protected, as Telegram says, and whether it is frozen.

A frozen account (core.telegram.org/api/auth, "frozen accounts") is refused most methods with
FROZEN_METHOD_INVALID, and channels that it is not in with FROZEN_PARTICIPANT_MISSING. Since when,
until when and where to appeal is in the client's configuration (core.telegram.org/api/config).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from telethon import errors
from telethon.tl import TLRequest, types
from telethon.tl.functions.account import GetAccountTTLRequest, GetPasswordRequest
from telethon.tl.functions.help import GetAppConfigRequest

from bot.telegram import failures
from handlers.conversation.account_care import AccountCare, Freeze

MOST_APPEAL = 200
ClientConfig: TypeAlias = Mapping[str, float | str]
Call: TypeAlias = Callable[[TLRequest], Awaitable[Any]]


class Freezing:
    """Whether an account was refused something because it is frozen. ``is_met`` is set from the
    first refusal until ``over``; ``refused_at`` is the time of the last one, in seconds of the
    loop's clock."""

    def __init__(self) -> None:
        self.is_met = asyncio.Event()
        self.refused_at = float("-inf")

    def note(self, error: BaseException) -> None:
        """Note a failed call; it counts if it failed because the account is frozen."""
        if failures.failure_of(error).kind == "frozen":
            self.refused_at = asyncio.get_running_loop().time()
            self.is_met.set()

    def over(self) -> None:
        """Note that the account is not frozen any more."""
        self.is_met.clear()


async def ask_values(call: Call) -> ClientConfig:
    """The numbers and strings of the client's configuration. Raises the call's errors."""
    answer = await call(GetAppConfigRequest(hash=0))
    entries = getattr(getattr(answer, "config", None), "value", ())
    return {
        entry.key: entry.value.value
        for entry in entries
        if isinstance(entry.value, types.JsonNumber | types.JsonString)
    }


def freeze_of(values: ClientConfig) -> Freeze | None:
    """What the configuration says of a freeze; None if there is none."""
    since = _moment(values.get("freeze_since_date"))
    if since is None:
        return None
    until, appeal = _moment(values.get("freeze_until_date")), values.get("freeze_appeal_url")
    if isinstance(appeal, str) and appeal.startswith("https://") and len(appeal) <= MOST_APPEAL:
        return Freeze(since=since, until=until, appeal=appeal)
    return Freeze(since=since, until=until)


def most_channels(values: ClientConfig, *, premium: bool) -> int | None:
    """How many channels and groups the account may be in; None if that is not said."""
    found = values.get(f"channels_limit_{'premium' if premium else 'default'}")
    return int(found) if isinstance(found, float) else None


async def ask_care(call: Call, *, premium: bool, channels: int | None) -> AccountCare:
    """How the account is protected. ``channels``: how many it is in, None if unknown. Raises the
    calls' errors."""
    values = await ask_values(call)
    password = await _unless_frozen(call, GetPasswordRequest())
    ttl = await _unless_frozen(call, GetAccountTTLRequest())
    return AccountCare(
        has_password=None if password is None else bool(password.has_password),
        days=None if ttl is None else int(ttl.days),
        most=most_channels(values, premium=premium),
        channels=channels,
        freeze=freeze_of(values),
    )


async def _unless_frozen(call: Call, request: TLRequest) -> Any:
    try:
        return await call(request)
    except errors.RPCError as error:
        if failures.failure_of(error).kind != "frozen":
            raise
        return None


def _moment(value: float | str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(value), UTC) if value else None
    except (ValueError, OverflowError, OSError):
        return None
