"""The sources of histories, user account and web previews, and the choice between them."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

from bot.telegram.floods import Floods
from bot.watching.budget import Budget
from bot.watching.history import History
from storage.records import Channel

SourceName: TypeAlias = Literal["account", "preview"]


class Source(Struct, frozen=True, kw_only=True):
    """A source of histories with its request budget."""

    history: History
    budget: Budget
    floods: Floods = field(default_factory=Floods)


def choose_for_history(
    channel: Channel, sources: Mapping[SourceName, Source], *, account_serves: bool
) -> SourceName:
    """The source for a channel's history: the preview if scans read the channel from it."""
    is_closed = channel.source == "preview"
    return choose_source(channel, sources, account_serves=account_serves, is_closed=is_closed)


def choose_source(
    channel: Channel | None,
    sources: Mapping[SourceName, Source],
    *,
    account_serves: bool,
    is_closed: bool,
) -> SourceName:
    """The account if it can read the channel, else the web preview.

    ``account_serves``: the account is signed in and usable. ``is_closed``: it was refused this
    channel lately.
    """
    knows = channel is not None and channel.access_hash is not None
    return (
        "account"
        if account_serves and "account" in sources and knows and not is_closed
        else "preview"
    )
