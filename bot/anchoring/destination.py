"""The channel in which heads are posted, as the bot finds it."""

from msgspec import Struct
from telethon.tl import types
from telethon.tl.functions.channels import GetChannelsRequest
from telethon.tl.functions.contacts import ResolveUsernameRequest

from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from handlers.sources.references import parse_reference
from storage.channels import chat_ids
from storage.errors import DatelineError, InputError


class Destination(Struct, frozen=True, kw_only=True):
    """A channel, and the hash by which the bot may address it."""

    chat_id: int
    access_hash: int | None


async def find_destination(bot: Client, name: str) -> Destination:
    """The channel of a name or an id. Raises DatelineError where it cannot be found now."""
    reference = parse_reference(name)
    if reference.kind == "invite":
        raise InputError("name the channel by @name or id, not by an invite link")
    try:
        if reference.kind == "id":
            asked = types.InputChannel(int(reference.value), 0)
            found = await clients.call(bot, GetChannelsRequest([asked]))
        else:
            found = await clients.call(bot, ResolveUsernameRequest(reference.value))
    except failures.CALL_ERRORS as error:
        raise DatelineError(failures.failure_of(error).reason) from error
    for chat in found.chats:
        if isinstance(chat, types.Channel):
            return Destination(
                chat_id=chat_ids.of_channel(chat.id), access_hash=outgoing.hash_of(chat)
            )
    raise InputError("it is no channel that the bot may see")
