"""Following a channel: an alert for all that it posts, or for all but what it passes on. Pure."""

import re
from collections.abc import Iterable
from typing import Literal, get_args

from handlers.queries import narrowing
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.records import Alert, Channel

Follow = Literal["all", "own"]
FOLLOWS: tuple[Follow, ...] = get_args(Follow)
_OWN = " is:original"


def channel_query(channel: Channel) -> str | None:
    """The query for all that a channel posts; None for one that is not found yet.

    By name, to be read, and by number, for it goes on under another name: ``channel:harbour,100``.
    """
    number = str(channel.channel_id) if channel.channel_id is not None else None
    name = channel.username if narrowing.NAME.fullmatch(channel.username or "") else None
    values = ",".join(value.lower() for value in (name, number) if value)
    return f"channel:{values}" if values else None


def follow_query(channel: Channel, follow: Follow) -> str | None:
    """The query of the alert that follows a channel so; None for one that is not found yet."""
    query = channel_query(channel)
    return query + _OWN if query is not None and follow == "own" else query


def list_following(alerts: Iterable[Alert], channel: Channel) -> dict[int, Follow]:
    """How alerts follow a channel, those that do, by their ids: whatever it was called then."""
    found: dict[int, Follow] = {}
    for alert in alerts:
        text = _canonical(alert)
        query = text.removesuffix(_OWN)
        if _names(query.removeprefix("(").removesuffix(")"), channel):
            found[alert.id] = "own" if query != text else "all"
    return found


def _canonical(alert: Alert) -> str:
    try:
        return syntax.parse(alert.query).text
    except QueryError:  # Only an older version read it.
        return alert.query


def _names(query: str, channel: Channel) -> bool:
    """Whether a query is for all that a channel posts, and for nothing else."""
    if channel.channel_id is not None:
        pattern = rf"(channel:\w+ OR )?channel:{channel.channel_id}"
        if re.fullmatch(pattern, query):
            return True
    return channel.username is not None and query == f"channel:{channel.username.lower()}"
