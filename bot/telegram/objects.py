"""Protocols of Telethon's objects, as far as we read them: Telethon has no types of its own.

A protocol names the members that are read of an object of any kind; tests check that each exists.
If the kind is known, by ``isinstance`` or by the request, Telethon's own name is used as
annotation. What may be anything is an ``object``.
"""

from datetime import datetime
from typing import Protocol


class Message(Protocol):
    """A message, service messages included: Telethon gives every kind the members of all."""

    id: int
    date: datetime | None
    edit_date: datetime | None
    message: str | None
    grouped_id: int | None
    media: object
    out: bool | None
    post: bool | None
    sender_id: int | None
    from_id: object
    post_author: str | None
    peer_id: object
    reply_to: object
    fwd_from: object
    reply_markup: object

    def to_json(self) -> str: ...


class MessageUpdate(Protocol):
    """An update that brings a message, new or edited."""

    message: Message
