"""Public channels without an account: their pages at ``https:

t.me/s/<username>``.

A page holds some twenty posts; ``?before=ID`` gives the page that ends before a message. Requests
have a budget like those of an account, and are conditional if the server supports that.
"""

import asyncio
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import httpx2
import structlog
from msgspec import Struct

from bot.intake.posts import Unread
from bot.proxies.route import Route
from bot.proxies.web import ProxiedWeb
from bot.telegram.retry import Failure, FailureKind
from bot.watching.budget import Budget
from bot.watching.history import Item, Names, Page, take_turn
from handlers.normalize import registry
from handlers.normalize.post.problems import Problem, Skipped
from handlers.sources.references import NAME_MOVED
from storage import times
from storage.document import Channel as PostChannel
from storage.document import Document
from storage.errors import InputError, ServiceError
from storage.records import Channel
from storage.structs import replace
from storage.version import __version__

PAGE = 20
"""The span of message ids that is read at once: most pages are that long."""
LONGEST = 8 * 1024 * 1024
TIMEOUT = 20.0
BUSY_DELAY = 60.0

_HISTORY = re.compile(r"tgme_channel_history|tgme_widget_message")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}")

log = structlog.get_logger("preview")


class PreviewError(ServiceError):
    """A page could not be read. ``failure`` says why, so that the caller can decide on a retry."""

    def __init__(self, failure: Failure, channel: Channel) -> None:
        super().__init__(
            failure.reason,
            where=f"@{channel.username}",
            hint="read it with a user account" if failure.kind == "refused" else "",
        )
        self.failure = failure


class _Kept(Struct, frozen=True):
    """The newest page as last read, and the headers that ask whether it has changed."""

    page: Page
    headers: dict[str, str]


class PreviewHistory:
    """The history that the web preview shows. Raises PreviewError."""

    # A page that leaves a post out may have failed to show it.
    is_sure = False

    def __init__(self, client: httpx2.AsyncClient, base_url: str, budget: Budget) -> None:
        self._client = client
        self._base_url = base_url
        self._budget = budget
        self._kept: dict[int, _Kept] = {}

    async def newest(self, channel: Channel, count: int, *, urgent: bool = False) -> Page:
        """The newest posts, as many as the first page has; ``count`` is ignored."""
        kept = self._kept.get(channel.id)
        response = await self._get(channel, {}, kept.headers if kept else {}, urgent=urgent)
        if response is None:
            if kept is None:
                raise _failed(channel, "server", "it says unchanged and was never read")
            return kept.page
        items = await self._read(channel, response)
        high = max((number for item in items for number in item.ids), default=0)
        page = Page(
            items=items,
            low=items[0].ids[0] if items else 1,
            high=high,
            is_last=len(items) < PAGE // 2,
            names=_names(channel, items),
        )
        self._kept[channel.id] = _Kept(page, _conditions(response))
        return page

    async def after(self, channel: Channel, message_id: int, *, urgent: bool = False) -> Page:
        """The posts among the ``PAGE`` ids that follow a message. Albums stand under their first
        id."""
        high = message_id + PAGE
        found = await self._until(channel, message_id, high + 1, urgent=urgent)
        items = tuple(item for item in found if message_id < item.ids[0] <= high)
        kept = self._kept.get(channel.id)
        return Page(
            items=items,
            low=message_id + 1,
            high=max([high, *(item.ids[-1] for item in items)]),
            is_last=kept is not None and high >= kept.page.high,
            names=_names(channel, found),
        )

    async def list_present(self, channel: Channel, ids: Sequence[int]) -> set[int]:
        """Look for each message on the page where it should be."""
        present: set[int] = set()
        wanted = sorted(ids)
        while wanted:
            first = wanted[0]
            page = await self.after(channel, first - 1)
            present |= page.ids.intersection(ids)
            wanted = [number for number in wanted if number > first - 1 + PAGE]
        return present

    async def complete(self, channel: Channel, item: Item, *, urgent: bool = False) -> Item:
        """The post unchanged: what a page leaves out is shown nowhere."""
        return item

    async def id_before(self, channel: Channel, moment: datetime) -> int:
        """The id of the last message before a time, found by binary search; 0 if there is none."""
        low, high = 0, (await self.newest(channel, PAGE)).high
        while low < high:
            middle = (low + high + 1) // 2
            items = await self._before(channel, middle + 1)
            dated = [(item.ids[-1], _published(item)) for item in items]
            known = [(number, at) for number, at in dated if at is not None and number <= middle]
            if known and max(known)[1] >= moment:
                high = min(middle - 1, min(known)[0])
                if min(known)[1] < moment:
                    return max(number for number, at in known if at < moment)
            else:
                low = middle
        return low

    async def _until(
        self, channel: Channel, message_id: int, before: int, *, urgent: bool
    ) -> tuple[Item, ...]:
        """The posts between two messages, from one page or, if pages are short, several."""
        found = items = await self._before(channel, before, urgent=urgent)
        while items and (low := items[0].ids[0]) > message_id + 1:
            items = await self._before(channel, low, urgent=urgent, may_end=True)
            items = tuple(item for item in items if item.ids[0] < low)
            found = items + found
        return found

    async def _before(
        self,
        channel: Channel,
        message_id: int,
        *,
        urgent: bool = False,
        may_end: bool = False,
    ) -> tuple[Item, ...]:
        """The page before a message. ``may_end``: an answer without any history means no posts, not
        an error."""
        response = await self._get(channel, {"before": str(message_id)}, {}, urgent=urgent)
        if response is None:
            raise _failed(channel, "server", "it says unchanged to a first question")
        if may_end and not _HISTORY.search(response.text):
            return ()
        return await self._read(channel, response)

    async def _get(
        self,
        channel: Channel,
        query: dict[str, str],
        conditions: dict[str, str],
        *,
        urgent: bool,
    ) -> httpx2.Response | None:
        """The server's answer; None if the page is unchanged."""
        if not _USERNAME.fullmatch(channel.username or ""):
            raise _failed(channel, "refused", "a web preview needs a public name")
        await take_turn(self._budget, urgent=urgent)
        url = f"{self._base_url}{channel.username}"
        try:
            async with asyncio.timeout(TIMEOUT):
                response = await self._client.get(url, params=query, headers=conditions)
        except TimeoutError as error:
            raise _failed(channel, "timeout", "the web preview did not answer in time") from error
        except httpx2.HTTPError as error:
            reason = f"the web preview cannot be reached: {error or type(error).__name__}"
            raise _failed(channel, "network", reason) from error
        _check(channel, response)
        return None if response.status_code == httpx2.codes.NOT_MODIFIED else response

    async def _read(self, channel: Channel, response: httpx2.Response) -> tuple[Item, ...]:
        page = response.content
        if len(page) > LONGEST or not _HISTORY.search(response.text):
            raise _failed(channel, "refused", "it has no web preview")
        items = await asyncio.to_thread(_items, channel, page)
        known = {names.id for names in _channels(items)} - {None}
        if channel.channel_id is not None and known - {channel.channel_id}:
            raise _failed(channel, "refused", NAME_MOVED)
        return items


def open_client(route: Route) -> httpx2.AsyncClient:
    """The HTTP client for previews. It follows no redirection, since that means that a channel has
    no preview; requests go through the proxies of ``route``, if there are any."""
    return httpx2.AsyncClient(
        transport=ProxiedWeb(route) if route.proxies else None,
        follow_redirects=False,
        timeout=TIMEOUT,
        headers={
            "User-Agent": f"Mozilla/5.0 (compatible; Dateline/{__version__})",
            "Accept-Language": "en",
        },
    )


def _check(channel: Channel, response: httpx2.Response) -> None:
    status = response.status_code
    if status in (httpx2.codes.OK, httpx2.codes.NOT_MODIFIED):
        return
    if status == httpx2.codes.TOO_MANY_REQUESTS or (status >= 500 and _wait(response)):
        seconds = _wait(response) or BUSY_DELAY
        failure = Failure(kind="flood", reason=f"the web preview answers {status}", seconds=seconds)
        raise PreviewError(failure, channel)
    if status >= 500:
        raise _failed(channel, "server", f"the web preview answers {status}")
    if response.is_redirect:
        raise _failed(channel, "refused", "it has no web preview")
    raise _failed(channel, "refused", f"the web preview answers {status}")


def _wait(response: httpx2.Response) -> float:
    """The seconds in ``Retry-After``; 0 if there are none."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _failed(channel: Channel, kind: FailureKind, reason: str) -> PreviewError:
    return PreviewError(Failure(kind=kind, reason=reason), channel)


def _conditions(response: httpx2.Response) -> dict[str, str]:
    """The request headers that ask whether this page has changed."""
    pairs = (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
    return {ask: response.headers[says] for says, ask in pairs if says in response.headers}


def _items(channel: Channel, page: bytes) -> tuple[Item, ...]:
    """The posts of a page that are this channel's, oldest first, with those that cannot be read."""
    name = f"{channel.username}.html"
    given = f"@{channel.username}" if channel.channel_id is None else str(channel.channel_id)
    try:
        found = list(registry.read(io.BytesIO(page), name=name, format="tme_html", channel=given))
    except InputError as error:
        raise _failed(channel, "server", error.what) from error
    items = [item for each in found if (item := _item(channel, each)) is not None]
    if found and not items:
        # Were it taken for an empty page, the channel would seem to have no posts.
        raise _failed(channel, "server", "none of the posts on its page can be read")
    return tuple(sorted(items, key=lambda item: item.ids[0]))


def _item(channel: Channel, found: Document | Problem | Skipped) -> Item | None:
    if isinstance(found, Document):
        document = replace(found, source=replace(found.source, file=None))
        return Item(
            ids=document.album_ids or (document.message_id or 0,),
            state=(document.content_hash, document.edited_at, len(document.media)),
            document=document,
        )
    if isinstance(found, Problem) and found.raw is not None and found.message_id is not None:
        error = InputError(found.what, where=found.place, hint=found.hint)
        ids = (found.message_id,)
        unread = Unread(ids=ids, error=error, form=found.format, raw=found.raw)
        return Item(ids=ids, state=("unread", found.raw), unread=unread)
    log.error("a part of a page cannot be read", channel=channel.username, problem=str(found))
    return None


def _channels(items: Iterable[Item]) -> list[PostChannel]:
    documents = (item.document for item in items)
    return [each.channel for each in documents if each is not None and each.channel is not None]


def _published(item: Item) -> datetime | None:
    return times.from_partial(item.document.published_at) if item.document else None


def _names(channel: Channel, items: Iterable[Item]) -> Names:
    known = _channels(items)
    return Names(
        channel_id=next((item.id for item in known if item.id is not None), channel.channel_id),
        username=channel.username,
        title=next((item.title for item in known if item.title), channel.title),
        source="preview",
    )
