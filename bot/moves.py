"""Chats that the bot is put out of, and groups that become supergroups under another id.

A group is told of its move twice, in its old and in its new self; the second time changes nothing.
(core.telegram.org/api/channel, "Migration"; the updates that tell a bot of its own membership are
updateChannelParticipant and updateChatParticipant.)
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from telethon import events, utils
from telethon.tl import types

from bot import telegram
from bot.telegram import Client
from handlers.services import Services
from storage import alerts, moving, outbox, subscribers

_MESSAGES = (types.UpdateNewMessage, types.UpdateNewChannelMessage)
_MEMBERSHIPS = (types.UpdateChannelParticipant, types.UpdateChatParticipant)

log = structlog.get_logger("moves")


class Moves:
    """Follows chats. ``on_gone(chat_id)`` is told of those that put the bot out."""

    def __init__(
        self, client: Client, services: Services, *, on_gone: Callable[[int], None]
    ) -> None:
        self._client = client
        self._services = services
        self._on_gone = on_gone

    def open(self) -> None:
        """Take updates from now on."""
        self._client.add_event_handler(self._on_message, events.Raw(_MESSAGES))
        self._client.add_event_handler(self._on_membership, events.Raw(_MEMBERSHIPS))

    async def _on_message(self, update: Any) -> None:
        move = move_of(update.message)
        if move is None:
            return
        former, present = move
        entity = getattr(update, "_entities", {}).get(present)
        async with self._services.database.transaction() as tx:
            moved = await moving.move_chat(
                tx, former, present, access_hash=getattr(entity, "access_hash", None)
            )
            kept = await alerts.list_alerts(tx, present) if moved else []
        for alert in kept:
            self._services.alert_removed(alert.id)
            self._services.alert_added(alert)
        if moved:
            self._services.plans_changed(former)
            self._services.plans_changed(present)
            log.info("a group has become a supergroup", chat=former, now=present)

    async def _on_membership(self, update: Any) -> None:
        if not has_left(update.new_participant):
            return
        me = await telegram.within(self._client.get_me(input_peer=True))
        if update.user_id != me.user_id:
            return
        chat_id = chat_of(update)
        async with self._services.database.transaction() as tx:
            await outbox.mark_gone(tx, chat_id)
            await subscribers.deactivate(tx, chat_id)
        self._on_gone(chat_id)
        log.info("put out of a chat", chat=chat_id, at=datetime.now(UTC).isoformat())


def move_of(message: Any) -> tuple[int, int] | None:
    """The former and the present marked id, where a service message tells of a move."""
    action = getattr(message, "action", None)
    peer = getattr(message, "peer_id", None)
    if isinstance(action, types.MessageActionChatMigrateTo) and isinstance(peer, types.PeerChat):
        former: Any = peer
        present: Any = types.PeerChannel(action.channel_id)
    elif isinstance(action, types.MessageActionChannelMigrateFrom) and isinstance(
        peer, types.PeerChannel
    ):
        former, present = types.PeerChat(action.chat_id), peer
    else:
        return None
    return int(utils.get_peer_id(former)), int(utils.get_peer_id(present))


def has_left(participant: Any) -> bool:
    """Whether this is what is left of one who is no member any more."""
    return participant is None or isinstance(
        participant, types.ChannelParticipantBanned | types.ChannelParticipantLeft
    )


def chat_of(update: Any) -> int:
    """The marked id of the chat whose membership changed."""
    if isinstance(update, types.UpdateChannelParticipant):
        return int(utils.get_peer_id(types.PeerChannel(update.channel_id)))
    return int(utils.get_peer_id(types.PeerChat(update.chat_id)))
