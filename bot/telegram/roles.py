"""Whether a person manages a group or channel, is a member, or neither
(core.telegram.org/method/channels.getParticipant)."""

import contextlib
from datetime import UTC, datetime

import structlog
from telethon import errors
from telethon.tl import types
from telethon.tl.functions.channels import GetParticipantRequest

from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from handlers.conversation.services import Role
from storage.channels import chat_ids
from storage.connection import Database
from storage.errors import StorageError
from storage.subscribers import managed, subscribers

log = structlog.get_logger("roles")


class Roles:
    """Looks roles up at Telegram each time, since they may change at any moment."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database

    async def role_of(self, chat_id: int, user_id: int) -> Role:
        """The role of a person in a chat; "stranger" if it cannot be found out.

        A sender that is the group itself is one of its anonymous administrators. A sender that is
        another channel is whoever owns that (core.telegram.org/method/channels.getSendAs), a
        stranger here; a button press always names the person.
        """
        if user_id == chat_id:
            return "manager"
        if user_id <= 0:
            return "stranger"
        try:
            role = await self._find(chat_id, user_id)
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("rights are not known", chat=chat_id, reason=reason)
            return "stranger"
        with contextlib.suppress(StorageError):  # That goes on without it.
            await self._note(chat_id, user_id, role)
        return role

    async def _find(self, chat_id: int, user_id: int) -> Role:
        try:
            if chat_ids.is_basic_group(chat_id):
                rights = await clients.within(self._client.get_permissions(chat_id, user_id))
                return "manager" if rights.is_admin else "member"
            return await self._ask(chat_id, user_id)
        except errors.UserNotParticipantError:
            return "stranger"

    async def _note(self, chat_id: int, user_id: int, role: Role) -> None:
        """Record which chats a person manages, for their list of them."""
        async with self._database.reader() as conn:
            is_known = await managed.is_managed(conn, user_id, chat_id)
        if is_known == (role == "manager"):
            return
        async with self._database.transaction() as tx:
            if is_known:
                await managed.forget_managed(tx, user_id, chat_id)
            else:
                await managed.note_managed(tx, user_id, chat_id, now=datetime.now(UTC))

    async def _ask(self, chat_id: int, user_id: int) -> Role:
        async with self._database.reader() as conn:
            chat = await subscribers.find_subscriber(conn, chat_id)
        place = outgoing.peer(chat_id, chat.access_hash if chat else None)
        person = await clients.within(self._client.get_input_entity(user_id))
        found = await clients.call(self._client, GetParticipantRequest(place, person))
        return role_in(found.participant, is_channel=chat is not None and chat.is_channel)


def role_in(participant: types.TypeChannelParticipant | None, *, is_channel: bool) -> Role:
    """A participant's role; a channel is managed by those who may post in it."""
    if isinstance(participant, types.ChannelParticipantCreator):
        return "manager"
    if isinstance(participant, types.ChannelParticipantAdmin):
        may_post = not is_channel or participant.admin_rights.post_messages
        return "manager" if may_post else "member"
    return "stranger" if has_left(participant) else "member"


def has_left(participant: types.TypeChannelParticipant | None) -> bool:
    """Whether the participant is no longer a member."""
    if isinstance(participant, types.ChannelParticipantBanned):
        return bool(participant.left or participant.banned_rights.view_messages)
    return participant is None or isinstance(participant, types.ChannelParticipantLeft)


def may_write(participant: types.TypeChannelParticipant | None, *, is_channel: bool) -> bool:
    """Whether such a participant may write in a group, or post in a channel."""
    if has_left(participant):
        return False
    if isinstance(participant, types.ChannelParticipantBanned):
        rights = participant.banned_rights
        return not (rights.send_messages or rights.send_plain)
    return not is_channel or role_in(participant, is_channel=True) == "manager"
