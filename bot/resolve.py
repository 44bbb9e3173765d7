"""Which channel is meant: ``@name``, a link, an invite link or an id, found once and remembered.

``resolveUsername`` is the scarcest call of all (waits of hours are reported), so the account's own
dialogs are looked at first, and what was found is kept in the database.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from telethon import utils
from telethon.tl import types
from telethon.tl.functions.contacts import ResolveUsernameRequest
from telethon.tl.functions.messages import CheckChatInviteRequest

from bot import failures, telegram
from bot.telegram import Client
from storage.errors import ServiceError

_CHANNEL_BASE = 1_000_000_000_000
_LINK = re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(.+)", re.I)
_NAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{2,31})")
_INVITE = re.compile(r"(?:\+|joinchat/)([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a person wrote, taken apart: a username, a bare positive id, or an invite's hash."""

    kind: Literal["name", "id", "invite"]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A channel as the watching account sees it; ``joined``: its posts are pushed."""

    channel_id: int
    access_hash: int
    username: str | None
    title: str
    joined: bool


class UnresolvedError(ServiceError):
    """There is no such channel, or the account may not see it: asking again changes nothing."""


def parse_reference(text: str) -> Reference:
    """What a reference to a channel means. Raises UnresolvedError if it means nothing."""
    rest = text.strip()
    link = _LINK.fullmatch(rest)
    if link:
        rest = re.split(r"[?#]", link[1])[0].strip("/")
        invite = _INVITE.fullmatch(rest)
        if invite:
            return Reference("invite", invite[1])
        parts = rest.removeprefix("s/").split("/")
        private = parts[0] == "c" and len(parts) > 1
        rest = parts[1] if private else parts[0]
    if re.fullmatch(r"-?[0-9]{1,19}", rest):
        number = int(rest)
        bare = -number - _CHANNEL_BASE if number < -_CHANNEL_BASE else abs(number)
        return Reference("id", str(bare))
    name = _NAME.fullmatch(rest)
    if name is None:
        raise UnresolvedError(
            "is no channel's name, link or id", where=text, hint="give it as @name"
        )
    return Reference("name", name[1])


async def list_dialogs(client: Client) -> dict[int, Found]:
    """The channels that the account has joined, by bare id.

    It has to be asked for before watching in any case: the first push of a channel that a client
    has never seen can be lost.
    """
    found: dict[int, Found] = {}
    dialogs = await telegram.within(client.get_dialogs(), 120.0)
    for dialog in dialogs:
        entity = _found(dialog.entity, joined=True)
        if entity is not None:
            found[entity.channel_id] = entity
    return found


async def resolve(client: Client, text: str, joined: Mapping[int, Found]) -> Found:
    """The channel that a reference means. Raises UnresolvedError, or what the call raises."""
    reference = parse_reference(text)
    if reference.kind == "id":
        known = joined.get(int(reference.value))
        if known is None:
            raise UnresolvedError(
                "the watching account is in no channel with this id",
                where=text,
                hint="join it, or give its @name",
            )
        return known
    if reference.kind == "invite":
        return await _resolve_invite(client, text, reference.value)
    for known in joined.values():
        if known.username and known.username.lower() == reference.value.lower():
            return known
    return await _resolve_name(client, text, reference.value, joined)


async def _resolve_name(client: Client, text: str, name: str, joined: Mapping[int, Found]) -> Found:
    try:
        result = await telegram.call(client, ResolveUsernameRequest(name))
    except failures.CALL_ERRORS as error:
        failure = failures.failure_of(error)
        if failure.reason in ("USERNAME_NOT_OCCUPIED", "USERNAME_INVALID"):
            raise UnresolvedError("there is no such channel", where=text) from error
        raise
    for chat in result.chats:
        found = _found(chat, joined=not getattr(chat, "left", True))
        if found is not None:
            return joined.get(found.channel_id, found)
    raise UnresolvedError("is a person or a bot, no channel", where=text)


async def _resolve_invite(client: Client, text: str, invite: str) -> Found:
    try:
        result = await telegram.call(client, CheckChatInviteRequest(invite))
    except failures.CALL_ERRORS as error:
        if failures.failure_of(error).kind != "refused":
            raise
        raise UnresolvedError("the invite link is not valid", where=text) from error
    found = _found(getattr(result, "chat", None), joined=True)
    if not isinstance(result, types.ChatInviteAlready) or found is None:
        raise UnresolvedError(
            "the watching account has not joined this channel",
            where=text,
            hint="join it with the account first",
        )
    return found


def _found(entity: Any, *, joined: bool) -> Found | None:
    if not isinstance(entity, types.Channel) or entity.access_hash is None:
        return None
    usernames = [item.username for item in entity.usernames or () if item.active]
    return Found(
        channel_id=entity.id,
        access_hash=entity.access_hash,
        username=entity.username or (usernames[0] if usernames else None),
        title=utils.get_display_name(entity),
        joined=joined and not entity.left,
    )
