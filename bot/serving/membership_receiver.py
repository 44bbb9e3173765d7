"""Follows the bot's membership: it is added to a chat or removed, a person blocks it, a group
becomes a supergroup.

A supergroup has another id than the group that it was. Telegram reports the move twice, in the old
and in the new chat; the second report changes nothing (core.telegram.org/api/channel, "Migration").
The updates about the bot's own membership are updateChannelParticipant and updateChatParticipant.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from telethon import events, utils
from telethon.tl import types

from bot.process.gate import Gate
from bot.process.lines import Lines
from bot.process.patience import patiently
from bot.telegram import clients, outgoing, roles
from bot.telegram.clients import Client
from handlers.chats import waking
from handlers.chats.arrivals import arrival_message
from handlers.conversation.requests import Request
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from storage.chats import moving
from storage.outbox import outbox_keys
from storage.records import Alert, Subscriber
from storage.subscribers import alerts, managed, subscribers

_MESSAGES = (types.UpdateNewMessage, types.UpdateNewChannelMessage)
_MEMBERSHIPS = (types.UpdateChannelParticipant, types.UpdateChatParticipant)
_RIGHTS = types.UpdateChatDefaultBannedRights
LEFT = "left"
"""The reason recorded for chats that the bot was removed from or blocked by."""
HOLD = 600.0
"""Seconds that a change is held while the database cannot be written."""

log = structlog.get_logger("moves")


class MembershipReceiver:
    """Follows memberships; the changes of one chat are handled in order."""

    def __init__(
        self,
        client: Client,
        services: Services,
        gate: Gate,
        lines: Lines,
    ) -> None:
        self._client = client
        self._services = services
        self._gate = gate
        self._lines = lines

    def open(self) -> None:
        """Subscribe to updates."""
        self._client.add_event_handler(self._on_message, events.Raw(_MESSAGES))
        self._client.add_event_handler(self._on_membership, events.Raw(_MEMBERSHIPS))
        self._client.add_event_handler(self._on_rights, events.Raw(_RIGHTS))
        self._client.add_event_handler(self._on_stopped, events.Raw(types.UpdateBotStopped))

    async def _on_message(self, update: types.TypeUpdate) -> None:
        with self._gate.guarded("membership", update=type(update).__name__):
            move = move_of(update.message)
            if move is not None:
                self._put(move[1], update, lambda: self._move(update, *move))

    async def _on_membership(self, update: types.TypeUpdate) -> None:
        with self._gate.guarded("membership", update=type(update).__name__):
            self._put(chat_of(update), update, lambda: self._change(update))

    async def _on_rights(self, update: types.TypeUpdate) -> None:
        """What the members of a group may do has changed; the bot is one of them."""
        with self._gate.guarded("membership", update=type(update).__name__):
            rights = update.default_banned_rights
            if not (rights.send_messages or rights.send_plain):
                chat_id = int(utils.get_peer_id(update.peer))
                self._put(chat_id, update, lambda: self._find_again(chat_id))

    async def _find_again(self, chat_id: int) -> None:
        """What was set up in a chat that could not be written to works again."""
        async with self._services.database.reader() as conn:
            known = await subscribers.find_subscriber(conn, chat_id)
        if known is not None and known.lost:
            await waking.find_again(known, self._services, now=datetime.now(UTC))
            log.info("a chat may be written to again", chat=chat_id)

    async def _on_stopped(self, update: types.TypeUpdate) -> None:
        """Somebody blocked the bot, or unblocked it; after the latter ``/start`` comes by
        itself."""
        if update.stopped:
            self._put(update.user_id, update, lambda: self._leave(update.user_id))

    def _put(
        self, chat_id: int, update: types.TypeUpdate, work: Callable[[], Awaitable[None]]
    ) -> None:
        self._client.hold()
        self._lines.put(chat_id, lambda: self._attend(chat_id, update, work))

    async def _attend(
        self, chat_id: int, update: types.TypeUpdate, work: Callable[[], Awaitable[None]]
    ) -> None:
        with self._gate.guarded("membership", chat=chat_id, update=type(update).__name__):
            await patiently(work, asyncio.get_running_loop().time() + HOLD)
        self._client.let_go()

    async def _move(self, update: types.TypeUpdate, former: int, present: int) -> None:
        entity = getattr(update, "_entities", {}).get(present)
        async with self._services.database.transaction() as tx:
            moved = await moving.move_chat(
                tx, former, present, access_hash=outgoing.hash_of(entity)
            )
        if moved:
            self._services.plans_changed(former)
            self._services.plans_changed(present)
            self._services.outbox.wake()
            log.info("a group has become a supergroup", chat=former, now=present)

    async def _change(self, update: types.TypeUpdate) -> None:
        me = await clients.within(self._client.get_me(input_peer=True))
        if update.user_id != me.user_id:
            return
        chat_id = chat_of(update)
        entity = getattr(update, "_entities", {}).get(chat_id)
        async with self._services.database.reader() as conn:
            known = await subscribers.find_subscriber(conn, chat_id)
        is_channel = known is not None and known.is_channel
        if isinstance(entity, types.Channel):
            is_channel = bool(entity.broadcast)
        before, after = (
            roles.may_write(participant, is_channel=is_channel)
            for participant in (update.prev_participant, update.new_participant)
        )
        if (
            present := present_of(entity)
        ) is not None:  # Nobody put it out: that comes with a move.
            await self._move(update, chat_id, present)
        elif not after:
            await self._leave(chat_id)
        elif not before or (known is not None and known.lost):
            await self._come(update, chat_id, entity, known, is_channel)

    async def _leave(self, chat_id: int) -> None:
        now = datetime.now(UTC)
        async with self._services.database.transaction() as tx:
            await self._services.outbox.chat_left(tx, chat_id, reason=LEFT, now=now)
        log.info("put out of a chat" if chat_id < 0 else "a subscriber left", chat=chat_id)

    async def _come(
        self,
        update: types.TypeUpdate,
        chat_id: int,
        entity: object,
        known: Subscriber | None,
        is_channel: bool,
    ) -> None:
        """The bot may now write in a chat: what was kept for it works again.

        A new chat gets the language and the time zone of the person who added the bot.
        """
        now = datetime.now(UTC)
        async with self._services.database.transaction() as tx:
            person = await subscribers.find_subscriber(tx, update.actor_id)
            chat = await subscribers.add_subscriber(
                tx,
                chat_id=chat_id,
                access_hash=outgoing.hash_of(entity),
                username=getattr(entity, "username", None),
                name=getattr(entity, "title", None),
                language=person.language if person else None,
                is_channel=is_channel,
                now=now,
            )
            if known is None and person is not None and person.timezone:
                chat = await subscribers.update_subscriber(tx, chat_id, timezone=person.timezone)
            await self._services.outbox.chat_found(tx, chat_id, now=now)
            kept = await alerts.list_alerts(tx, chat_id)
            if is_channel and person is not None:  # Only who manages it lets the bot in.
                await managed.note_managed(tx, person.chat_id, chat_id, now=now)
            if person is not None and person.active:
                key = outbox_keys.arrival(chat_id, update.qts)
                greeting = self._greeting(chat, person, kept, now).to_payload()
                await self._services.outbox.queue_answer(tx, person.chat_id, key, greeting, now=now)
        self._services.plans_changed(chat_id)
        log.info("let into a chat", chat=chat_id, alerts=len(kept))

    def _greeting(
        self, chat: Subscriber, person: Subscriber, kept: list[Alert], now: datetime
    ) -> Message:
        who = Request(chat_id=chat.chat_id, sender_id=person.chat_id, text="", now=now)
        return arrival_message(chat, person, len(kept), who, self._services)


def move_of(message: object) -> tuple[int, int] | None:
    """The former and the present marked id, if a service message reports a move, else None."""
    action = getattr(message, "action", None)
    peer = getattr(message, "peer_id", None)
    if isinstance(action, types.MessageActionChatMigrateTo) and isinstance(peer, types.PeerChat):
        former: types.TypePeer = peer
        present: types.TypePeer = types.PeerChannel(action.channel_id)
    elif isinstance(action, types.MessageActionChannelMigrateFrom) and isinstance(
        peer, types.PeerChannel
    ):
        former, present = types.PeerChat(action.chat_id), peer
    else:
        return None
    return int(utils.get_peer_id(former)), int(utils.get_peer_id(present))


def present_of(entity: object) -> int | None:
    """The marked id of the supergroup that a group has become, else None."""
    channel = getattr(entity, "migrated_to", None)
    if not isinstance(channel, types.InputChannel):
        return None
    return int(utils.get_peer_id(types.PeerChannel(channel.channel_id)))


def chat_of(update: types.TypeUpdate) -> int:
    """The marked id of the chat whose membership changed."""
    if isinstance(update, types.UpdateChannelParticipant):
        return int(utils.get_peer_id(types.PeerChannel(update.channel_id)))
    return int(utils.get_peer_id(types.PeerChat(update.chat_id)))
