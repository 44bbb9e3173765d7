"""Channels as people name them, and the list that they are put on and taken off."""

import re
import urllib.parse
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from storage import channels
from storage.database import Connection
from storage.errors import ServiceError, UsageError
from storage.records import Channel

_CHANNEL_BASE = 1_000_000_000_000
_HIGHEST = 999_999_999_999
_LINK = re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(.+)", re.I)
_APP_LINK = re.compile(r"tg:(?://)?(resolve|join|privatepost)/?\?(.+)", re.I)
_NAMED_HOST = re.compile(
    r"(?:https?://)?(?!www\.)([A-Za-z][A-Za-z0-9-]{2,31})\.t\.me(?:/.*)?", re.I
)
_NAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{2,31})")
_INVITE = re.compile(r"(?:\+|joinchat/)([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a person wrote, taken apart: a username, a bare positive id, or an invite's hash."""

    kind: Literal["name", "id", "invite"]
    value: str


class UnresolvedError(ServiceError):
    """There is no such channel, or the account may not see it: asking again changes nothing."""


class NoReferenceError(UnresolvedError, UsageError):
    """A text that can be no channel's name, link or id: wrong use."""


def parse_reference(text: str) -> Reference:
    """What a reference to a channel means. Raises NoReferenceError if it means nothing."""
    rest = text.strip()
    app_link = _APP_LINK.fullmatch(rest)
    if app_link:
        rest = _from_app_link(app_link[1].lower(), app_link[2])
    link = _LINK.fullmatch(rest)
    if link:
        rest = re.split(r"[?#]", link[1])[0].strip("/")
        invite = _INVITE.fullmatch(rest)
        if invite:
            return Reference("invite", invite[1])
        parts = rest.removeprefix("s/").split("/")
        private = parts[0] == "c" and len(parts) > 1
        rest = parts[1] if private else parts[0]
    elif named := _NAMED_HOST.fullmatch(rest):
        rest = named[1].replace("-", "_")
    if re.fullmatch(r"-?[0-9]{1,19}", rest):
        number = _bare_number(int(rest))
        if 0 < number <= _HIGHEST:
            return Reference("id", str(number))
    name = _NAME.fullmatch(rest)
    if name is None:
        raise NoReferenceError(
            "is no channel's name, link or id", where=text, hint="give it as @name"
        )
    return Reference("name", name[1])


def _from_app_link(action: str, query: str) -> str:
    """A link that opens the app, as the web link that means the same (core.telegram.org/api/links);
    empty for one that names no channel."""
    given = dict(urllib.parse.parse_qsl(query.partition("#")[0]))
    prefix, name = {
        "resolve": ("t.me/", "domain"),
        "join": ("t.me/+", "invite"),
        "privatepost": ("t.me/c/", "channel"),
    }[action]
    return prefix + given[name] if given.get(name) else ""


def _bare_number(number: int) -> int:
    """A channel's own number: ids carry the mark -100 before it, or a mere minus."""
    bare = abs(number)
    return bare - _CHANNEL_BASE if bare > _CHANNEL_BASE else bare


async def watch(
    tx: Connection, reference: Reference, *, by_hand: bool, now: datetime
) -> Channel | None:
    """Put what a person named on the list; None where it was taken off by hand and a setting, not
    a person, brings it back. An invite link waits in a row of its own for what it leads to."""
    if reference.kind == "invite":
        link = _link(reference)
        if not by_hand and await channels.was_removed(tx, reference=link):
            return None
        return await channels.add_reference(tx, link, now=now)
    name = _fields(reference)
    if not by_hand:
        if await channels.was_removed(tx, **name):
            return None
        known = await channels.find_channel(tx, **name)
        if known is not None and known.watched:
            return known
    return await channels.add_channel(tx, **name, now=now)


async def find(conn: Connection, reference: Reference) -> Channel | None:
    """The watched channel that is meant, or None."""
    if reference.kind == "invite":
        link = _link(reference)
        waiting = await channels.list_channels(conn, watched=True)
        return next((channel for channel in waiting if channel.reference == link), None)
    channel = await channels.find_channel(conn, **_fields(reference))
    return channel if channel is not None and channel.watched else None


def name_of(channel: Channel) -> str:
    """A channel as a person knows it."""
    if channel.username:
        return f"@{channel.username}"
    return channel.title or channel.reference or str(channel.channel_id)


def _link(reference: Reference) -> str:
    return f"https://t.me/+{reference.value}"


def _fields(reference: Reference) -> dict[str, Any]:
    if reference.kind == "name":
        return {"username": reference.value}
    return {"channel_id": int(reference.value)}
