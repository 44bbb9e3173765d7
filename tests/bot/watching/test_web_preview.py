"""The web preview of a public channel, read from a local web server in the shape of t.me."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from noted_budget import NotedBudget

from bot.proxies.route import Route
from bot.watching import web_preview
from bot.watching.budget import Budget
from bot.watching.retrial import documents_of
from bot.watching.web_preview import PAGE, PreviewError, PreviewHistory
from storage.errors import InputError
from storage.records import Channel, NewProblem
from storage.structs import replace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HARBOUR = Channel(id=1, username="harbour", added_at=NOW)
POST = """<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message js-widget_message" data-post="harbour/{id}"{view}>
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name"
 href="https://t.me/harbour"><span dir="auto">Harbour News</span></a></div>
<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>
<div class="tgme_widget_message_footer"><a class="tgme_widget_message_date"
 href="https://t.me/harbour/{id}"><time datetime="{at}" class="time">12:00</time></a></div>
</div></div></div>"""

VIEW = ' data-view="{}"'.format(base64.b64encode(b'{"c":-10700}').decode())


class Pages:
    """A web server with a channel's posts: ``answer`` is what it says instead, if anything."""

    def __init__(self) -> None:
        self.posts: dict[int, str] = {}
        self.telling: set[int] = set()  # Posts that tell the channel's number, 10,700.
        self.answer: str | None = None
        self.size = 20
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.address = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await self._head(reader):
            first, *rest = head.split("\r\n")
            target = first.split(" ")[1]
            headers = dict(line.lower().split(": ", 1) for line in rest if ": " in line)
            self.requests.append((target, headers))
            writer.write(self._respond(target, headers).encode())
            await writer.drain()
        writer.close()

    async def _head(self, reader: asyncio.StreamReader) -> str:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:
            return ""

    def _respond(self, target: str, headers: dict[str, str]) -> str:
        if self.answer is not None:
            return self.answer
        before = int(parse_qs(urlsplit(target).query).get("before", ["1000000"])[0])
        shown = [number for number in sorted(self.posts) if number < before][-self.size :]
        tag = f'"{hash(tuple((n, self.posts[n]) for n in shown))}"'
        if headers.get("if-none-match") == tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n"
        posts = "".join(
            POST.format(
                id=number,
                text=self.posts[number],
                at=(NOW + timedelta(minutes=number)).isoformat(),
                view=VIEW if number in self.telling else "",
            )
            for number in shown
        )
        body = f'<html><section class="tgme_channel_history">{posts}</section></html>'
        return (
            f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
        )


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    made = Pages()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/s/"
    async with server:
        yield made


@pytest.fixture
async def history(pages: Pages) -> AsyncIterator[PreviewHistory]:
    async with web_preview.open_client(Route()) as client:
        yield PreviewHistory(client, pages.address, Budget(1000))


async def test_the_newest_page_is_read(pages: Pages, history: PreviewHistory) -> None:
    pages.posts = {number: f"Post {number}" for number in range(1, 41)}
    page = await history.newest(HARBOUR, 50)
    assert (page.low, page.high, page.is_last) == (21, 40, False)
    document = page.items[0].document
    assert document is not None
    assert (document.doc_id, document.title) == ("tg:@harbour/21", "Post 21")
    assert page.names is not None
    assert (page.names.title, page.names.source) == ("Harbour News", "preview")


@pytest.mark.parametrize("urgent", [None, False, True])
async def test_only_what_is_urgent_is_asked_for_as_such(pages: Pages, urgent: bool | None) -> None:
    pages.posts = {number: f"Post {number}" for number in range(1, 100)}
    pages.size = 8
    given = {} if urgent is None else {"urgent": urgent}
    budget = NotedBudget()
    async with web_preview.open_client(Route()) as client:
        history = PreviewHistory(client, pages.address, budget)
        await history.newest(HARBOUR, 50, **given)
        assert budget.take_noted() == {bool(urgent)}
        await history.after(HARBOUR, 30, **given)
        assert len(budget.urgent) > 1
        assert budget.take_noted() == {bool(urgent)}
        await history.list_present(HARBOUR, [1, 90])
        await history.id_before(HARBOUR, NOW + timedelta(minutes=30))
        assert budget.take_noted() == {False}


@pytest.mark.parametrize(
    ("known", "telling", "expected"),
    [
        (None, set(), None),
        (None, {2, 3}, 10_700),
        (None, {1}, 10_700),
        (10_005, set(), 10_005),
        (10_700, {3}, 10_700),
    ],
)
async def test_a_channels_number_is_what_a_post_tells_or_what_is_known(
    pages: Pages,
    history: PreviewHistory,
    known: int | None,
    telling: set[int],
    expected: int | None,
) -> None:
    pages.posts, pages.telling = {number: f"Post {number}" for number in (1, 2, 3)}, telling
    channel = replace(HARBOUR, channel_id=known)
    for page in (await history.newest(channel, 50), await history.after(channel, 0)):
        assert page.names is not None
        assert (page.names.channel_id, page.names.username) == (expected, "harbour")


async def test_history_is_read_on_without_a_gap(pages: Pages, history: PreviewHistory) -> None:
    pages.posts = {number: f"Post {number}" for number in range(1, 100) if number % 7}
    newest = await history.newest(HARBOUR, 50)
    cursor, seen = 0, []
    while cursor < newest.high:
        page = await history.after(HARBOUR, cursor)
        assert (page.low, page.high) == (cursor + 1, cursor + PAGE)
        seen += sorted(page.ids)
        cursor = page.high
    assert seen == sorted(pages.posts)
    assert page.is_last


@pytest.mark.parametrize(("newest", "is_last"), [(19, True), (20, True), (21, False)])
async def test_the_last_page_reaches_the_newest_post(
    pages: Pages, history: PreviewHistory, newest: int, is_last: bool
) -> None:
    pages.posts = {number: f"Post {number}" for number in (1, newest)}
    assert not (await history.after(HARBOUR, 0)).is_last, "nobody knows which is the newest"
    await history.newest(HARBOUR, 50)
    assert (await history.after(HARBOUR, 0)).is_last is is_last


async def test_a_page_that_has_not_changed_is_not_sent_again(
    pages: Pages, history: PreviewHistory
) -> None:
    pages.posts = {1: "One"}
    first = await history.newest(HARBOUR, 50)
    assert await history.newest(HARBOUR, 50) is first
    assert "if-none-match" in pages.requests[-1][1]
    pages.posts[2] = "Two"
    assert (await history.newest(HARBOUR, 50)).high == 2


async def test_what_is_there_is_found_by_its_id(pages: Pages, history: PreviewHistory) -> None:
    pages.posts = {1: "One", 3: "Three", 60: "Sixty"}
    assert await history.list_present(HARBOUR, [1, 2, 3, 60, 61]) == {1, 3, 60}


async def test_the_post_before_a_time_is_found(pages: Pages, history: PreviewHistory) -> None:
    pages.posts = {number: f"Post {number}" for number in range(1, 200, 3)}
    assert await history.id_before(HARBOUR, NOW + timedelta(minutes=100)) == 97
    assert await history.id_before(HARBOUR, NOW) == 0
    assert await history.id_before(HARBOUR, NOW + timedelta(minutes=500)) == 199


@pytest.mark.parametrize(
    ("answer", "kind", "seconds", "words"),
    [
        ("302 Found\r\nLocation: /harbour", "refused", 0, "it has no web preview"),
        ("404 Not Found", "refused", 0, "answers 404"),
        ("200 OK", "refused", 0, "it has no web preview"),
        ("500 Oops", "server", 0, "answers 500"),
        ("429 Slow Down\r\nRetry-After: 7", "flood", 7, "answers 429"),
        ("429 Slow Down", "flood", 60, "answers 429"),
        ("429 Slow Down\r\nRetry-After: soon", "flood", 60, "answers 429"),
        ("503 Busy\r\nRetry-After: 9", "flood", 9, "answers 503"),
        ("500 Broken\r\nRetry-After: 9", "flood", 9, "answers 500"),
        ("503 Busy\r\nRetry-After: soon", "server", 0, "answers 503"),
    ],
)
async def test_a_page_that_cannot_be_read_says_why(
    pages: Pages, history: PreviewHistory, answer: str, kind: str, seconds: float, words: str
) -> None:
    pages.answer = f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(PreviewError, match=words) as caught:
        await history.newest(HARBOUR, 50)
    assert (caught.value.failure.kind, caught.value.failure.seconds) == (kind, seconds)
    hint = "read it with a user account" if kind == "refused" else ""
    assert (caught.value.where, caught.value.hint) == ("@harbour", hint)


async def test_a_server_that_is_not_there_is_the_networks_fault() -> None:
    async with web_preview.open_client(Route()) as client:
        history = PreviewHistory(client, "http://127.0.0.1:9/s/", Budget(10))
        with pytest.raises(PreviewError) as caught:
            await history.newest(HARBOUR, 50)
    assert caught.value.failure.kind == "network"


async def test_only_a_public_name_is_asked_for(history: PreviewHistory) -> None:
    with pytest.raises(PreviewError, match="public name"):
        await history.newest(Channel(id=2, channel_id=5, added_at=NOW), 50)


async def test_a_post_that_cannot_be_read_is_kept_in_its_place(
    pages: Pages, history: PreviewHistory
) -> None:
    pages.posts = {number: f"Post {number}" for number in range(1, 6)}
    pages.posts[3] = "<b>" * 9_000
    page = await history.newest(HARBOUR, 50)
    assert [item.ids for item in page.items] == [(number,) for number in range(1, 6)]
    (odd,) = [item.unread for item in page.items if item.unread]
    assert odd.ids == (3,)
    assert "tags in one message" in str(odd.error)
    kept = NewProblem(
        place="tg:@harbour/3", form=odd.form, raw=odd.raw, error="", kind="", given="@harbour"
    )
    with pytest.raises(InputError, match="tags in one message"):
        documents_of(kept)
    # A version that takes more of it reads it as it stood on its page.
    smaller = odd.raw.replace(b"<b>" * 8_999, b"")
    (document,) = documents_of(replace(kept, raw=smaller))
    assert (document.doc_id, document.published_at) == ("tg:@harbour/3", "2026-11-22T12:03:00Z")


async def test_a_page_of_which_no_post_can_be_told_is_no_empty_page(
    pages: Pages, history: PreviewHistory
) -> None:
    body = (
        '<section class="tgme_channel_history"><div class="tgme_widget_message">?</div></section>'
    )
    pages.answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    with pytest.raises(PreviewError, match="none of the posts"):
        await history.newest(HARBOUR, 50)


async def test_a_first_question_that_is_answered_unchanged_is_a_failure_of_the_server(
    pages: Pages, history: PreviewHistory
) -> None:
    pages.answer = "HTTP/1.1 304 Not Modified\r\n\r\n"
    for asked in (history.newest(HARBOUR, 5), history._before(HARBOUR, 3)):
        with pytest.raises(PreviewError, match="it says unchanged") as caught:
            await asked
        assert caught.value.failure.kind == "server"
