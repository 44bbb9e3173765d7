"""Feeds and pages over HTTP: what is given to whom, and what is given to nobody."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import feedparser
import httpx2
import pytest
from feed_server import ANN, Server, post, served

from bot.feeds import application, listening, serving
from bot.feeds.turns import Turns
from storage.connection import Database
from storage.database import open_database
from storage.errors import ServiceError
from storage.subscribers import feeds


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def server(database: Database) -> AsyncIterator[Server]:
    async with served(database) as running:
        yield running


async def test_what_is_known_is_not_sent_again(server: Server) -> None:
    await server.store(post(1, "Oil price falls"))
    path = f"/feeds/{await server.add('oil')}.atom"
    first = await server.get(path)
    assert first.status_code == 200
    assert first.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert [entry.title for entry in feedparser.parse(first.content).entries] == ["Oil price falls"]
    tag, at = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If_None_Match": tag}, {"If_None_Match": f'"x", W/{tag}'}, {
        "If_Modified_Since": at
    }):  # fmt: skip
        again = await server.get(path, **headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    await server.store(post(2, "Oil is dear"))
    for headers in ({"If_None_Match": tag}, {"If_Modified_Since": at}, {
        "If_None_Match": tag, "If_Modified_Since": at
    }):  # fmt: skip
        changed = await server.get(path, **headers)
        assert changed.status_code == 200
        assert len(feedparser.parse(changed.content).entries) == 2
    assert changed.headers["last-modified"] != at
    other = await server.get(path.replace(".atom", ".json"))
    assert other.json()["version"] == "https://jsonfeed.org/version/1.1"
    assert len(other.json()["items"]) == 2


async def test_whatever_is_no_feed_is_answered_alike(server: Server) -> None:
    await server.store(post(1, "Oil price falls"))
    secret = await server.add("oil")
    told = await server.get(f"/feeds/{secret}.json")
    page = httpx2.URL(told.json()["items"][0]["url"]).raw_path.decode()
    assert (await server.get(page)).status_code == 200
    async with server.database.transaction() as tx:
        (feed,) = await feeds.list_feeds(tx, ANN)
    guessed = [
        "/", "/feeds/", "/feeds/x.atom", f"/feeds/{secret}", f"/feeds/{secret}.rss",
        f"/feeds/{feed.secret_hash[:43]}.atom", f"/feeds/{'A' * 43}.atom", f"/feeds/{secret}x.atom",
        page[:-1], page.replace("/posts/", "/stories/"),
        f"/posts/{feed.name}/{'0' * 64}/tg:100%2F1",
        "/%00", "/..%2f..%2fetc/passwd", "/feeds/%d0%b1.atom", "/openapi.json", "/docs",
    ]  # fmt: skip
    answers = [await server.get(path) for path in guessed]
    async with server.database.transaction() as tx:
        await feeds.remove_feed(tx, feed.name, ANN, now=feed.created_at)
    answers += [await server.get(f"/feeds/{secret}.json"), await server.get(page)]

    def seen(answer: httpx2.Response) -> object:
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        return answer.status_code, answer.content, headers

    assert [seen(answer) for answer in answers] == [seen(answers[0])] * len(answers)
    assert answers[0].status_code == 404


async def test_pages_run_nothing_and_load_nothing(server: Server) -> None:
    await server.store(post(1, "Oil <script>alert(1)</script> falls"))
    told = await server.get(f"/feeds/{await server.add('oil')}.json")
    page = await server.web.get(told.json()["items"][0]["url"])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in page.text
    assert "server" not in page.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_nothing_is_taken(server: Server, method: str) -> None:
    path = f"/feeds/{await server.add('oil')}.atom"
    answer = await server.web.request(method, server.url + path, content=b"x" * 100)
    assert answer.status_code == 405
    assert (await server.web.head(server.url + path)).status_code == 200


async def spoken(place: tuple[str, int], said: bytes) -> bytes:
    """What is answered to these bytes until the connection ends."""
    reader, writer = await asyncio.open_connection(*place)
    with contextlib.suppress(ConnectionError):
        writer.write(said)
        await writer.drain()
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000,
        b"\x16\x03\x01\x00\xa5\x01\x00\x00",
        b"\x00" * 50_000,
    ],
)
async def test_too_much_ends_the_connection(
    database: Database, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(serving, "IDLE_SECONDS", 0)
    async with served(database) as server, asyncio.timeout(120):
        answer = await spoken(server.place, said)
        assert len(answer) < 5_000
        assert (await server.get("/")).status_code == 404


async def test_who_says_nothing_is_cut_off(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "CONNECTION_SECONDS", 1.0)
    monkeypatch.setattr(serving, "OF_ONE", 2)
    async with served(database) as server, asyncio.timeout(120):
        slow = [asyncio.create_task(spoken(server.place, b"GET / HT")) for _ in range(5)]
        assert await asyncio.gather(*slow) == [b""] * 5
        assert (await server.get("/")).status_code == 404


async def test_floods_are_told_to_come_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of few, none is soon given back.
    monkeypatch.setattr(application, "BY_ADDRESS", 4)
    monkeypatch.setattr(application, "BY_FEED", 1)
    async with served(database) as server:
        path = f"/feeds/{await server.add('oil')}.atom"
        codes = [(await server.get(path)).status_code for _ in range(3)]
        assert codes == [200, 429, 429]
        answers = [await server.get("/") for _ in range(4)]
        codes = [one.status_code for one in answers]
        assert codes[0] == 404 and codes[-1] == 429
        assert answers[-1].headers["retry-after"] == "60"


async def test_for_who_hung_up_while_waiting_nothing_is_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "WAIT_SECONDS", 120.0)  # However busy the machine is.
    monkeypatch.setattr(application, "AT_ONCE", 1)
    monkeypatch.setattr(application, "WAITING_OF_ONE", 3)
    held, go, read, kept = asyncio.Event(), asyncio.Event(), [], []
    real = application.reading.read_feed

    async def slow(secret: str, *given: Any, **named: Any) -> Any:
        read.append(secret)
        held.set()
        await go.wait()
        return await real(secret, *given, **named)

    def turns(*given: Any, **named: Any) -> Turns:
        kept.append(Turns(*given, **named))
        return kept[0]

    monkeypatch.setattr(application.reading, "read_feed", slow)
    monkeypatch.setattr(application, "Turns", turns)
    async with asyncio.timeout(120), served(database) as server:
        first = asyncio.create_task(server.get("/feeds/first.atom"))
        await held.wait()
        gone = [await asyncio.open_connection(*server.place) for _ in range(2)]
        for _, writer in gone:
            writer.write(b"GET /feeds/gone.atom HTTP/1.1\r\nHost: a\r\n\r\n")
        while kept[0].waiting < 2:  # noqa: ASYNC110 - it waits on another thread
            await asyncio.sleep(0.01)
        for _, writer in gone:
            writer.close()
            await writer.wait_closed()
        # Whoever has gone keeps the place: of three more one finds the last that is left.
        asked = [asyncio.create_task(server.get("/feeds/last.atom")) for _ in range(3)]
        ends = asyncio.as_completed(asked)
        refused = [await next(ends), await next(ends)]
        assert [one.status_code for one in refused] == [503, 503]
        assert refused[0].headers["retry-after"] == "60"
        go.set()
        assert ((await first).status_code, (await next(ends)).status_code) == (404, 404)
    assert read == ["first", "last"]


async def test_an_address_that_is_taken_is_said(database: Database) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(ServiceError, match="FEEDS_ADDRESS"):
            async with served(database, feeds_address=taken):
                pass


@pytest.fixture
def threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert not [one for one in threading.enumerate() if one not in before and "feeds" in one.name]


async def test_it_ends_with_its_task_though_somebody_is_connected(
    threads: None, database: Database
) -> None:
    async with (
        asyncio.timeout(120),
        served(database, feeds_url="https://feeds.example.org/x/") as s,
    ):
        assert s.url == "https://feeds.example.org/x"
    async with asyncio.timeout(120):
        async with served(database) as server:
            _, writer = await asyncio.open_connection(*server.place)
            writer.write(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError):
            await asyncio.open_connection(*server.place)
        writer.close()


@pytest.mark.parametrize("address", ["127.0.0.1:0", ":0"])
def test_small_packets_are_sent_at_once(address: str) -> None:
    with listening.listen(address).bound as made:
        assert made.proto == socket.IPPROTO_TCP  # without that asyncio sets no TCP_NODELAY
