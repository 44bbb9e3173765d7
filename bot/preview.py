"""Public channels without an account: their pages at ``https://t.me/s/<username>``.

A page holds some twenty posts; ``?before=ID`` gives the page that ends before a message. Requests
are paced like those of an account and conditional where the server says what to compare.
"""

import asyncio
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import httpx
import structlog

from bot.budget import Budget
from bot.history import Item, Names, Page, take_turn
from bot.retry import Failure, FailureKind
from bot.version import __version__
from handlers.normalize import registry
from storage import moments
from storage.document import Document
from storage.errors import InputError, ServiceError
from storage.records import Channel

PAGE = 20
"""How many ids are looked at at once: most pages are as long as that."""
LONGEST = 8 * 1024 * 1024
TIMEOUT = 20.0
BUSY_DELAY = 60.0

_HISTORY = re.compile(r"tgme_channel_history|tgme_widget_message")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}")

log = structlog.get_logger("preview")


class PreviewError(ServiceError):
    """A page could not be read; ``failure`` says why, for those who decide what next."""

    def __init__(self, failure: Failure, channel: Channel) -> None:
        super().__init__(
            failure.reason,
            where=f"@{channel.username}",
            hint="read it with a user account" if failure.kind == "refused" else "",
        )
        self.failure = failure


@dataclass(frozen=True, slots=True)
class _Kept:
    """The newest page as it was read, and what to ask whether it has changed."""

    page: Page
    headers: dict[str, str]


class PreviewHistory:
    """The history that the web preview shows. Raises PreviewError."""

    # A page that leaves a post out may have failed to show it.
    is_sure = False

    def __init__(self, client: httpx.AsyncClient, base_url: str, budget: Budget) -> None:
        self._client = client
        self._base_url = base_url
        self._budget = budget
        self._kept: dict[int, _Kept] = {}

    async def newest(self, channel: Channel, count: int, *, urgent: bool = False) -> Page:
        """The newest posts, as many as the first page has."""
        kept = self._kept.get(channel.id)
        response = await self._get(channel, {}, kept.headers if kept else {}, urgent=urgent)
        if response is None:
            if kept is None:
                raise _failed(channel, "server", "it says unchanged and was never read")
            return kept.page
        documents = await self._read(channel, response)
        items = _items(documents)
        high = max((number for item in items for number in item.ids), default=0)
        page = Page(
            items=items,
            low=items[0].ids[0] if items else 1,
            high=high,
            is_last=len(items) < PAGE // 2,
            names=_names(channel, documents),
        )
        self._kept[channel.id] = _Kept(page, _conditions(response))
        return page

    async def after(self, channel: Channel, message_id: int, *, urgent: bool = False) -> Page:
        """The posts among the ``PAGE`` ids that follow. Albums stand under their first id."""
        high = message_id + PAGE
        documents = await self._until(channel, message_id, high + 1, urgent=urgent)
        items = tuple(item for item in _items(documents) if message_id < item.ids[0] <= high)
        kept = self._kept.get(channel.id)
        return Page(
            items=items,
            low=message_id + 1,
            high=max([high, *(item.ids[-1] for item in items)]),
            is_last=kept is not None and high >= kept.page.high,
            names=_names(channel, documents),
        )

    async def find_present(self, channel: Channel, ids: Sequence[int]) -> set[int]:
        """Looks for each on the page where it should be."""
        present: set[int] = set()
        wanted = sorted(ids)
        while wanted:
            first = wanted[0]
            page = await self.after(channel, first - 1)
            present |= page.ids.intersection(ids)
            wanted = [number for number in wanted if number > first - 1 + PAGE]
        return present

    async def id_before(self, channel: Channel, moment: datetime) -> int:
        """The last message before a time, found by halving."""
        low, high = 0, (await self.newest(channel, PAGE)).high
        while low < high:
            middle = (low + high + 1) // 2
            documents = await self._before(channel, middle + 1)
            dated = [(_last_id(document), _published(document)) for document in documents]
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
    ) -> list[Document]:
        """What lies between two messages: one page, or several where pages are short."""
        found = documents = await self._before(channel, before, urgent=urgent)
        while documents and (low := min(map(_first_id, documents))) > message_id + 1:
            documents = await self._before(channel, low, urgent=urgent, may_end=True)
            documents = [item for item in documents if _first_id(item) < low]
            found = documents + found
        return found

    async def _before(
        self,
        channel: Channel,
        message_id: int,
        *,
        urgent: bool = False,
        may_end: bool = False,
    ) -> list[Document]:
        """The page before a message. ``may_end``: one with no history at all shows no posts."""
        response = await self._get(channel, {"before": str(message_id)}, {}, urgent=urgent)
        if response is None:
            raise _failed(channel, "server", "it says unchanged to a first question")
        if may_end and not _HISTORY.search(response.text):
            return []
        return await self._read(channel, response)

    async def _get(
        self,
        channel: Channel,
        query: dict[str, str],
        conditions: dict[str, str],
        *,
        urgent: bool,
    ) -> httpx.Response | None:
        """A page's answer; None where it is as it was."""
        if not _USERNAME.fullmatch(channel.username or ""):
            raise _failed(channel, "refused", "a web preview needs a public name")
        await take_turn(self._budget, urgent=urgent)
        url = f"{self._base_url}{channel.username}"
        try:
            async with asyncio.timeout(TIMEOUT):
                response = await self._client.get(url, params=query, headers=conditions)
        except TimeoutError as error:
            raise _failed(channel, "timeout", "the web preview did not answer in time") from error
        except httpx.HTTPError as error:
            reason = f"the web preview cannot be reached: {error or type(error).__name__}"
            raise _failed(channel, "network", reason) from error
        _check(channel, response)
        return None if response.status_code == httpx.codes.NOT_MODIFIED else response

    async def _read(self, channel: Channel, response: httpx.Response) -> list[Document]:
        page = response.content
        if len(page) > LONGEST or not _HISTORY.search(response.text):
            raise _failed(channel, "refused", "it has no web preview")
        documents = await asyncio.to_thread(_documents, channel, page)
        known = {document.channel.id for document in documents if document.channel} - {None}
        if channel.channel_id is not None and known - {channel.channel_id}:
            raise _failed(channel, "refused", "its name belongs to another channel now")
        return documents


def open_client() -> httpx.AsyncClient:
    """The web client for previews: follows no redirection, for one says that there is none."""
    return httpx.AsyncClient(
        follow_redirects=False,
        timeout=TIMEOUT,
        headers={
            "User-Agent": f"Mozilla/5.0 (compatible; Dateline/{__version__})",
            "Accept-Language": "en",
        },
    )


def _check(channel: Channel, response: httpx.Response) -> None:
    status = response.status_code
    if status in (httpx.codes.OK, httpx.codes.NOT_MODIFIED):
        return
    if status == httpx.codes.TOO_MANY_REQUESTS or (status >= 500 and _wait(response)):
        seconds = _wait(response) or BUSY_DELAY
        failure = Failure(kind="flood", reason=f"the web preview answers {status}", seconds=seconds)
        raise PreviewError(failure, channel)
    if status >= 500:
        raise _failed(channel, "server", f"the web preview answers {status}")
    if response.is_redirect:
        raise _failed(channel, "refused", "it has no web preview")
    raise _failed(channel, "refused", f"the web preview answers {status}")


def _wait(response: httpx.Response) -> float:
    """The seconds of ``Retry-After``; 0 where it names none."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _failed(channel: Channel, kind: FailureKind, reason: str) -> PreviewError:
    return PreviewError(Failure(kind=kind, reason=reason), channel)


def _conditions(response: httpx.Response) -> dict[str, str]:
    """The headers that ask whether this page has changed."""
    pairs = (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
    return {ask: response.headers[says] for says, ask in pairs if says in response.headers}


def _documents(channel: Channel, page: bytes) -> list[Document]:
    """The posts of a page that are this channel's."""
    name = f"{channel.username}.html"
    given = f"@{channel.username}" if channel.channel_id is None else str(channel.channel_id)
    try:
        found = list(registry.read(io.BytesIO(page), name=name, format="tme_html", channel=given))
    except InputError as error:
        raise _failed(channel, "server", error.what) from error
    documents = [item for item in found if isinstance(item, Document)]
    for problem in (item for item in found if not isinstance(item, Document)):
        log.error("a post cannot be read", channel=channel.username, problem=str(problem))
    return [replace(document, source=replace(document.source, file=None)) for document in documents]


def _items(documents: Sequence[Document]) -> tuple[Item, ...]:
    items = [
        Item(
            ids=document.album_ids or (document.message_id or 0,),
            mark=(document.content_hash, document.edited_at, len(document.media)),
            document=document,
        )
        for document in documents
    ]
    return tuple(sorted(items, key=lambda item: item.ids[0]))


def _first_id(document: Document) -> int:
    return min((document.message_id or 0, *document.album_ids))


def _last_id(document: Document) -> int:
    return max((document.message_id or 0, *document.album_ids))


def _published(document: Document) -> datetime | None:
    return moments.from_partial(document.published_at)


def _names(channel: Channel, documents: Sequence[Document]) -> Names:
    known = [document.channel for document in documents if document.channel is not None]
    return Names(
        channel_id=next((item.id for item in known if item.id is not None), channel.channel_id),
        username=channel.username,
        title=next((item.title for item in known if item.title), channel.title),
        source="preview",
    )
