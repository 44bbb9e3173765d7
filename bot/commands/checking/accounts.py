"""The connection and the two accounts, and what Telegram says of their limits."""

import time
from functools import partial

from telethon import utils
from telethon.tl.functions.account import (
    GetAccountTTLRequest,
    GetAuthorizationsRequest,
    GetPasswordRequest,
)
from telethon.tl.functions.help import GetConfigRequest

from bot.commands.checking import machine
from bot.commands.checking.findings import Finding, counted, warning
from bot.telegram import care, clients, failures, signin
from bot.telegram.clients import Client


async def look_at_connection(client: Client) -> list[Finding]:
    """How Telegram is reached, and how far our clock is from its."""
    began, asked_at = time.monotonic(), time.time()
    try:
        config = await clients.call(client, GetConfigRequest())
    except failures.CALL_ERRORS as error:
        return [_unanswered("Telegram", error)]
    took = time.monotonic() - began
    behind = config.date.timestamp() - (asked_at + took / 2)
    way = f"through {client.route.present}" if client.route.present else "directly"
    reached = Finding(where="Telegram", what=f"reached {way}, answers in {took * 1000:.0f} ms")
    return [reached, machine.look_at_clock(behind)]


async def look_at_user(client: Client) -> list[Finding]:
    """Who watches, and how well that account is kept."""
    me = await signin.get_me(client)
    try:
        has_password = (await clients.call(client, GetPasswordRequest())).has_password
        listed = await clients.call(client, GetAuthorizationsRequest())
        days = (await clients.call(client, GetAccountTTLRequest())).days
    except failures.CALL_ERRORS as error:
        return [_unanswered("user account", error)]
    others = sum(not session.current for session in listed.authorizations)
    password = "two-step password set" if has_password else "no two-step password"
    away = f"deleted if its owner stays away for {days} days"
    name = utils.get_display_name(me)
    what = f"{name}; {password}; {counted(others, 'other session')}; {away}"
    hint = (
        "" if has_password else "set one in Telegram: without it who has the number has the account"
    )
    return [Finding(where="user account", what=what, hint=hint)]


async def look_at_freeze(client: Client) -> list[Finding]:
    """Whether Telegram has frozen the account, and where to appeal."""
    try:
        freeze = care.freeze_of(await care.ask_values(partial(clients.call, client)))
    except failures.CALL_ERRORS as error:
        return [_unanswered("user account", error)]
    if freeze is None:
        return []
    until = f" by {freeze.until:%d %b %Y}, or it is deleted" if freeze.until else ""
    return [
        warning(
            "user account",
            f"frozen by Telegram since {freeze.since:%d %b %Y}",
            f"open Telegram with it and appeal at {freeze.appeal}{until}",
        )
    ]


async def look_at_limits(client: Client, joined: int) -> Finding:
    """How many channels the account may be in, and how long a message may be."""
    me = await signin.get_me(client)
    try:
        config = await clients.call(client, GetConfigRequest())
        values = await care.ask_values(partial(clients.call, client))
    except failures.CALL_ERRORS as error:
        return _unanswered("limits", error)
    length = f"{config.message_length_max} characters a message"
    most = care.most_channels(values, premium=bool(me.premium))
    if most is None:
        return Finding(where="limits", what=f"in {counted(joined, 'channel')}; {length}")
    what = f"in {joined} of {most} channels; {length}"
    if joined < most:
        return Finding(where="limits", what=what)
    return warning("limits", what, "leave some: it can join no other")


async def look_at_bot(client: Client) -> Finding:
    """Who answers."""
    me = await signin.get_me(client)
    inline = "on" if me.bot_inline_placeholder is not None else "off (/setinline at @BotFather)"
    return Finding(where="bot account", what=f"@{me.username}; inline queries {inline}")


def _unanswered(where: str, error: BaseException) -> Finding:
    return warning(where, f"Telegram does not say: {failures.failure_of(error).reason}")
