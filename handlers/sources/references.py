"""Channels as people name them, and the list that they are put on and taken off."""

import re
import urllib.parse
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from storage.channels import channels, chat_ids, references
from storage.connection import Connection
from storage.errors import ServiceError, UsageError
from storage.records import Channel

NAME_MOVED = "its name belongs to another channel now"
"""Why a channel that was found by its name can't be read any more."""

_HIGHEST = 999_999_999_999
_LINK = re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(.+)", re.I)
_APP_LINK = re.compile(r"tg:(?://)?(resolve|join|privatepost)/?\?(.+)", re.I)
_NAMED_HOST = re.compile(
    r"(?:https?://)?(?!www\.)([A-Za-z][A-Za-z0-9-]{2,31})\.t\.me(?:/.*)?", re.I
)
_NAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{2,31})")
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,3}")
"""What is too short to be meant as a name without its ``@``: anyone's names have five letters."""
_INVITE = re.compile(r"(?:\+|joinchat/)([A-Za-z0-9_-]+)")


class Reference(Struct, frozen=True):
    """What a person wrote, taken apart: a username, a bare positive id, or an invite's hash."""

    kind: Literal["name", "id", "invite"]
    value: str


class UnresolvedError(ServiceError):
    """There is no such channel, or the account may not see it: asking again changes nothing."""


class NoReferenceError(UnresolvedError, UsageError):
    """A text that can be no channel's name, link or id: wrong use."""


def parse_reference(text: str) -> Reference:
    """What a reference to a channel means: ``@name``, a link, an id, or a bare name of five letters
    or more. Raises NoReferenceError if it means nothing."""
    rest = text.strip()
    is_bare = _BARE.fullmatch(rest) is not None
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
    if name is None or is_bare:
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
    return chat_ids.channel_of(-abs(number)) or abs(number)


async def watch(
    tx: Connection,
    reference: Reference,
    *,
    by_hand: bool,
    now: datetime,
    anew: bool = False,
) -> Channel | None:
    """Put what a person named on the list; None if it was taken off by hand and only a setting
    brings it back.

    An invite link waits in a row of its own for its channel. A name means the channel that it meant
    when it was first put on the list, as long as that is watched; ``anew``: the channel that has
    the name now.
    """
    if reference.kind == "invite":
        link = _link(reference)
        if not by_hand and await channels.was_removed(tx, reference=link):
            return None
        return await channels.add_reference(tx, link, now=now)
    if reference.kind == "name":
        return await _watch_name(tx, reference.value, by_hand=by_hand, now=now, anew=anew)
    number = int(reference.value)
    if not by_hand and await channels.was_removed(tx, channel_id=number):
        return None
    return await channels.add_channel(tx, channel_id=number, now=now)


async def _watch_name(
    tx: Connection, name: str, *, by_hand: bool, now: datetime, anew: bool
) -> Channel | None:
    bound = None if anew else await references.find_bound(tx, name)
    if bound is not None and bound.watched:
        present = await channels.find_channel(tx, username=name)
        if not by_hand or present is None or not present.watched:
            return bound
    elif not by_hand:
        if bound is not None and await channels.was_removed(tx, id=bound.id):
            return None
        if bound is not None:
            return await channels.watch_channel(tx, bound.id, now=now)
        if await channels.was_removed(tx, username=name):
            return None
    channel = await channels.add_channel(tx, username=name, now=now)
    await references.bind(tx, name, channel.id)
    return channel


async def find(conn: Connection, reference: Reference) -> Channel | None:
    """The watched channel that is meant, by its present name or the one it was put on the list by;
    or None."""
    if reference.kind == "invite":
        link = _link(reference)
        waiting = await channels.list_channels(conn, watched=True)
        return next((channel for channel in waiting if channel.reference == link), None)
    channel = await channels.find_channel(conn, **_fields(reference))
    if channel is not None and channel.watched:
        return channel
    if reference.kind != "name":
        return None
    bound = await references.find_bound(conn, reference.value)
    return bound if bound is not None and bound.watched else None


async def find_named(conn: Connection, text: str) -> Channel | None:
    """The watched channel that a text names; None also for a text that can name none."""
    try:
        reference = parse_reference(text)
    except NoReferenceError:
        return None
    return await find(conn, reference)


async def is_removed(conn: Connection, reference: Reference) -> bool:
    """Whether a person took it off the list, so that settings do not bring it back."""
    if reference.kind == "invite":
        return await channels.was_removed(conn, reference=_link(reference))
    if reference.kind == "name":
        bound = await references.find_bound(conn, reference.value)
        if bound is not None:
            return await channels.was_removed(conn, id=bound.id)
    return await channels.was_removed(conn, **_fields(reference))


async def find_former(conn: Connection, reference: Reference) -> Channel | None:
    """The watched channel that was put on the list under this name and has another one now; None if
    the name means a watched channel, or nothing yet. The channel that has it now must be looked
    up."""
    found = await find(conn, reference)
    if found is None or reference.kind != "name" or has_name(found, reference.value):
        return None
    return found


def has_name(channel: Channel, name: str) -> bool:
    """Whether a channel is called so at present; one that is not found yet is."""
    if channel.channel_id is None and channel.username is None:
        return True
    return (channel.username or "").lower() == name.removeprefix("@").lower()


def _link(reference: Reference) -> str:
    return f"https://t.me/+{reference.value}"


def _fields(reference: Reference) -> dict[str, Any]:
    if reference.kind == "name":
        return {"username": reference.value}
    return {"channel_id": int(reference.value)}
