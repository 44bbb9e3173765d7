"""Finds the channel that a reference means: ``@name``, a link, an invite link or an id.

``resolveUsername`` is the scarcest call of all (waits of hours are reported), so the account's own
dialogs are searched first, and callers store what was found.
"""

from collections.abc import Mapping

from msgspec import Struct
from telethon import utils
from telethon.tl import types
from telethon.tl.functions.contacts import ResolveUsernameRequest
from telethon.tl.functions.messages import CheckChatInviteRequest, ImportChatInviteRequest

from bot.telegram import clients, failures
from bot.telegram.clients import Client
from bot.watching.history import username_of
from handlers.sources.references import Reference, UnresolvedError, parse_reference
from storage.structs import replace


class FoundChannel(Struct, frozen=True, kw_only=True):
    """A channel as the watching account sees it. ``joined``: the account is in it, so its posts are
    pushed.

    ``newest``: the id of its last message, if that is known.
    """

    channel_id: int
    access_hash: int
    username: str | None
    title: str
    joined: bool
    newest: int | None = None


class NotJoinedError(UnresolvedError):
    """The invite link is valid, but the account has not joined the channel."""


async def list_dialogs(client: Client) -> dict[int, FoundChannel]:
    """The channels that the account has joined, by bare id.

    Call this before watching in any case: Telegram may lose the first push of a channel that a
    client has never seen.
    """
    found: dict[int, FoundChannel] = {}
    dialogs = await clients.within(client.get_dialogs(), 120.0)
    for dialog in dialogs:
        entity = _found(dialog.entity, joined=True)
        if entity is not None:
            newest = dialog.dialog.top_message
            found[entity.channel_id] = replace(entity, newest=newest)
    return found


async def resolve(client: Client, text: str, joined: Mapping[int, FoundChannel]) -> FoundChannel:
    """The channel that a reference means. Raises UnresolvedError, or the error of the call."""
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
    known = find_joined(reference, joined)
    return known or await _resolve_name(client, text, reference.value, joined)


def find_joined(reference: Reference, joined: Mapping[int, FoundChannel]) -> FoundChannel | None:
    """The channel of that name or id if the account is in it, else None."""
    if reference.kind == "id":
        return joined.get(int(reference.value))
    wanted = reference.value.lower()
    return next(
        (found for found in joined.values() if found.username and found.username.lower() == wanted),
        None,
    )


async def _resolve_name(
    client: Client, text: str, name: str, joined: Mapping[int, FoundChannel]
) -> FoundChannel:
    try:
        result = await clients.call(client, ResolveUsernameRequest(name))
    except failures.CALL_ERRORS as error:
        failure = failures.failure_of(error)
        if failure.reason in ("USERNAME_NOT_OCCUPIED", "USERNAME_INVALID"):
            raise UnresolvedError("there is no such channel", where=text) from error
        raise
    for chat in result.chats:
        found = _found(chat, joined=not getattr(chat, "left", True))
        if found is not None:
            known = joined.get(found.channel_id)
            return replace(found, newest=known.newest) if known else found
    raise UnresolvedError("is a person or a bot, no channel", where=text)


async def _resolve_invite(client: Client, text: str, invite: str) -> FoundChannel:
    try:
        result = await clients.call(client, CheckChatInviteRequest(invite))
    except failures.CALL_ERRORS as error:
        if failures.failure_of(error).kind != "refused":
            raise
        raise UnresolvedError("the invite link is not valid", where=text) from error
    found = _found(getattr(result, "chat", None), joined=True)
    if not isinstance(result, types.ChatInviteAlready) or found is None:
        raise NotJoinedError("the watching account has not joined this channel", where=text)
    return found


async def join(client: Client, text: str, invite: str) -> FoundChannel:
    """Join by an invite link. Raises UnresolvedError, or the error of the call."""
    try:
        result = await clients.call(client, ImportChatInviteRequest(invite))
    except failures.CALL_ERRORS as error:
        failure = failures.failure_of(error)
        if failure.reason == "USER_ALREADY_PARTICIPANT":
            # A call that was cut off after it had been heard is made again.
            return await _resolve_invite(client, text, invite)
        if failure.kind != "refused":
            raise
        raise UnresolvedError(failure.reason, where=text) from error
    chats = getattr(getattr(result, "updates", result), "chats", ())
    for chat in chats:
        found = _found(chat, joined=True)
        if found is not None:
            return found
    raise UnresolvedError("it leads to no channel", where=text)


def _found(entity: object, *, joined: bool) -> FoundChannel | None:
    # The hash of a ``min`` channel opens nothing.
    if not isinstance(entity, types.Channel) or entity.access_hash is None or entity.min:
        return None
    return FoundChannel(
        channel_id=entity.id,
        access_hash=entity.access_hash,
        username=username_of(entity),
        title=utils.get_display_name(entity),
        joined=joined and not entity.left,
    )
