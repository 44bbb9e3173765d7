"""How each channel will be read: by the account as a member or from outside, by previews, or not.

What the account is in costs one call for all; what the database knows, one for a hundred. A name is
looked up only where neither knows it, for that is the scarcest call.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from telethon.tl import types
from telethon.tl.functions.channels import GetChannelsRequest

from bot.commands.checking.findings import Finding, warning
from bot.proxies.route import Route
from bot.settings import Settings
from bot.telegram import clients, failures
from bot.telegram.clients import Client
from bot.watching import resolve, web_preview
from bot.watching.budget import Budget
from bot.watching.lookup import NAMES_AT_ONCE
from bot.watching.resolve import FoundChannel
from bot.watching.web_preview import PreviewError, PreviewHistory
from handlers.render.text.names import contained, name_of
from handlers.sources.references import Reference, UnresolvedError
from storage.records import Channel

AS_MEMBER = "read by the user account, as a member"
FROM_OUTSIDE = "read by the user account, as a public channel (by scans; at once where it joins)"
BY_PREVIEWS = "read from its web previews"
_TOLD = {"joined": AS_MEMBER, "public": FROM_OUTSIDE, "preview": BY_PREVIEWS}
PREVIEWS_AT_ONCE = 20
PREVIEW_PATIENCE = 10.0
"""Seconds for one page."""


class Wanted(Struct, frozen=True, kw_only=True):
    """A channel that is to be watched: as it was named, and what the database knows of it.

    ``is_removed``: it was taken off the list by hand, which counts more than the settings.
    """

    text: str
    reference: Reference
    known: Channel | None = None
    is_removed: bool = False

    @property
    def where(self) -> str:
        """What to call it."""
        if self.known is not None and (self.known.username or self.known.title):
            return name_of(self.known)
        return f"@{self.reference.value}" if self.reference.kind == "name" else self.text


def known_finding(wanted: Wanted) -> Finding:
    """A channel as the service that holds the session found it."""
    known = wanted.known
    if known is None:
        return warning(wanted.where, "not known yet to the service that uses the session")
    if known.error:
        return warning(wanted.where, known.error)
    told = _TOLD.get(known.source or "", "not read yet")
    return Finding(where=wanted.where, what=f"{told} (as the running service found)")


class Looks:
    """Looks at channels with an account, or without (None)."""

    def __init__(
        self, settings: Settings, client: Client | None, *, refused_until: datetime | None
    ):
        self._settings = settings
        self._client = client
        self._refused_until = refused_until
        self._names = NAMES_AT_ONCE
        self._pages = PREVIEWS_AT_ONCE
        self.joined: Mapping[int, FoundChannel] = {}
        self.refused_for = 0.0
        """Seconds for which Telegram refused to look names up, if it did."""

    async def list_joined(self) -> None:
        """Know the channels that the account is in; none where Telegram does not tell."""
        if self._client is not None:
            self.joined = await resolve.list_dialogs(self._client)

    async def look(self, channels: Sequence[Wanted]) -> list[Finding]:
        """A line for each, in their order."""
        open_ids = await self._list_open(self._client, channels) if self._client else set()
        return [await self._look(wanted, open_ids) for wanted in channels]

    async def _list_open(self, client: Client, channels: Sequence[Wanted]) -> set[int]:
        """Which of the channels that the database knows the account can read from outside."""
        known = {
            wanted.known.channel_id: wanted.known.access_hash
            for wanted in channels
            if wanted.known and wanted.known.channel_id not in self.joined
        }
        asked = [types.InputChannel(row, key) for row, key in known.items() if row and key]
        found: set[int] = set()
        for start in range(0, len(asked), 100):
            try:
                request = GetChannelsRequest(asked[start : start + 100])
                chats = (await clients.call(client, request)).chats
            except failures.CALL_ERRORS:
                continue  # the hashes of another account, say: they are looked up by name
            found |= {chat.id for chat in chats if isinstance(chat, types.Channel)}
        return found

    async def _look(self, wanted: Wanted, open_ids: set[int]) -> Finding:
        if wanted.is_removed:
            return Finding(
                where=wanted.where, what="not watched: it was taken off the list by hand"
            )
        if self._client is None:
            return await self._look_without(wanted)
        number = wanted.known.channel_id if wanted.known else None
        member = self.joined.get(number or 0) or resolve.find_joined(wanted.reference, self.joined)
        if member is not None:
            return _found(wanted, AS_MEMBER, member.title)
        if wanted.known is not None and number in open_ids:
            return _found(wanted, FROM_OUTSIDE, wanted.known.title)
        if wanted.reference.kind == "name" and not self._may_look_up():
            return await self._look_later(wanted)
        return await self._resolve(self._client, wanted)

    def _may_look_up(self) -> bool:
        return self._refused_until is None and not self.refused_for and self._names > 0

    async def _resolve(self, client: Client, wanted: Wanted) -> Finding:
        self._names -= wanted.reference.kind == "name"
        try:
            found = await resolve.resolve(client, wanted.text, self.joined)
        except resolve.NotJoinedError:
            return Finding(where=wanted.where, what="`dateline run` joins it by this link")
        except UnresolvedError as error:
            return warning(wanted.where, f"{error.what}: not read", error.hint)
        except failures.CALL_ERRORS as error:
            failure = failures.failure_of(error)
            if failure.kind == "flood":
                self.refused_for = failure.seconds
                return await self._look_later(wanted)
            return warning(wanted.where, f"Telegram does not say: {failure.reason}")
        how = AS_MEMBER if found.joined else FROM_OUTSIDE
        return _found(wanted, how, found.title)

    async def _look_later(self, wanted: Wanted) -> Finding:
        """A name that is not looked up now: its previews serve until then."""
        without = await self._look_without(wanted)
        if without.is_warning:
            return warning(wanted.where, f"Telegram looks no names up now, and {without.what}")
        what = f"{without.what} until Telegram looks its name up for the account"
        return Finding(where=wanted.where, what=what)

    async def _look_without(self, wanted: Wanted) -> Finding:
        name = wanted.known.username if wanted.known else None
        if wanted.reference.kind == "name":
            name = name or wanted.reference.value
        if name is None:
            return warning(
                wanted.where, "not read: only a user account can", "run `dateline login`"
            )
        if not self._pages:
            return Finding(where=wanted.where, what=f"{BY_PREVIEWS} (not tried: there are many)")
        self._pages -= 1
        return await self._try_preview(wanted.where, name)

    async def _try_preview(self, where: str, name: str) -> Finding:
        budget = Budget(2 * PREVIEWS_AT_ONCE)
        channel = Channel(id=0, username=name, added_at=datetime.now(UTC))
        async with web_preview.open_client(Route(self._settings.proxy)) as web:
            history = PreviewHistory(web, self._settings.preview_base_url, budget)
            try:
                async with asyncio.timeout(PREVIEW_PATIENCE):
                    await history.newest(channel, 1)
            except PreviewError as error:
                if error.failure.kind in ("network", "timeout"):
                    self._pages = min(self._pages, 1)
                return warning(where, f"not read from its web previews: {error.what}")
            except TimeoutError:
                self._pages = 0
                return warning(where, "not read from its web previews: no answer")
        return Finding(where=where, what=BY_PREVIEWS)


def _found(wanted: Wanted, how: str, title: str | None) -> Finding:
    return Finding(where=wanted.where, what=f"{contained(title)}, {how}" if title else how)
