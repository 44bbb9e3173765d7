"""Telegram's answers about messages, whatever form they have."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from msgspec import Struct, field
from telethon import errors, utils
from telethon.tl import TLRequest, types

from bot.telegram.objects import Message
from bot.telegram.undecoded import Apart, UndecodedError

Entity: TypeAlias = types.TypeUser | types.TypeChat
Messages: TypeAlias = (
    types.messages.Messages
    | types.messages.MessagesSlice
    | types.messages.ChannelMessages
    | types.messages.MessagesNotModified
)


class Answer(Struct, frozen=True, kw_only=True):
    """Telegram's answer about messages. ``messages``: oldest first; ``ids``: their ids, and those
    of empty messages, which are deleted or not shown; ``entities``: users and chats by marked id;
    ``undecoded``: errors by message id."""

    messages: tuple[Message, ...]
    ids: frozenset[int]
    entities: Mapping[int, Entity]
    pts: int
    asked_at: datetime
    undecoded: Mapping[int, UndecodedError] = field(default_factory=dict)

    @staticmethod
    def of_several(apart: Apart) -> "Answer":
        """Merge the answers to requests for messages by id."""
        answers: Sequence[Answer] = apart.answers
        messages = sorted((m for one in answers for m in one.messages), key=lambda m: m.id)
        return Answer(
            messages=tuple(messages),
            ids=frozenset(message.id for message in messages) | apart.undecoded.keys(),
            entities={key: item for one in answers for key, item in one.entities.items()},
            pts=max((one.pts for one in answers), default=0),
            asked_at=min((one.asked_at for one in answers), default=datetime.now(UTC)),
            undecoded=apart.undecoded,
        )

    @staticmethod
    def of(result: Messages, request: TLRequest, asked_at: datetime) -> "Answer":
        """Read any of the forms that Telegram answers with (messages.Messages). Raises ServerError
        for MessagesNotModified."""
        if isinstance(result, types.messages.MessagesNotModified):
            # Only a request that names a hash may be answered so, and ours do not.
            raise errors.ServerError(request, "MESSAGES_NOT_MODIFIED", 500)
        shown = {item.id: item for item in result.messages}
        there = [item for item in shown.values() if not isinstance(item, types.MessageEmpty)]
        return Answer(
            messages=tuple(sorted(there, key=lambda item: item.id)),
            ids=frozenset(shown),
            entities=entities_of((*result.users, *result.chats)),
            pts=getattr(result, "pts", 0) or 0,
            asked_at=asked_at,
        )

    def joined(self, newer: "Answer") -> "Answer":
        """This answer merged with one about later messages."""
        behind = tuple(item for item in newer.messages if item.id not in self.ids)
        return Answer(
            messages=self.messages + behind,
            ids=self.ids | newer.ids,
            entities={**self.entities, **newer.entities},
            pts=newer.pts,
            asked_at=min(self.asked_at, newer.asked_at),
        )


def entities_of(given: Iterable[Entity]) -> dict[int, Entity]:
    """Users and chats by marked id; objects of a kind without one are left out."""
    found = {}
    for entity in given:
        with contextlib.suppress(TypeError):
            found[utils.get_peer_id(entity)] = entity
    return found
