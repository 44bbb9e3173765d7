"""Addresses that hear how the service does, on a real HTTP server."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from plain_web import plain_web
from structlog.testing import capture_logs

from bot.health import webhooks
from bot.health.webhooks import Address, Heartbeat, Notifier
from handlers.operators.alarm import News

SINCE = datetime(2026, 1, 5, 12, tzinfo=UTC)
NEWS = News(reason="write", since=SINCE, is_over=False, text="the disk is full")
OVER = News(reason="write", since=SINCE, is_over=True, text="the disk is full")


@dataclass
class Listener:
    """What a server heard; ``answer`` says what it answers to a path and how often it was asked."""

    answer: Callable[[str, int], str] = lambda *_: "200 OK"
    heard: list[tuple[str, str, Any]] = field(default_factory=list)
    url: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _ = head.split(" ", 2)
        fields = dict(
            line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line
        )
        body = await reader.readexactly(int(fields.get("content-length", "0")))
        self.heard.append((method, path, json.loads(body) if body else None))
        answer = self.answer(path, len(self.heard))
        writer.write(
            f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()
        self._news.set()

    async def wait(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.heard) < count:
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def listening(answer: Callable[[str, int], str] | None = None) -> AsyncIterator[Listener]:
    listener = Listener(answer) if answer else Listener()
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    async with server:
        listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/secret?key=hunter2"
        yield listener


@pytest.fixture
async def web() -> AsyncIterator[httpx2.AsyncClient]:
    async with plain_web() as client:
        yield client


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_news_is_posted_in_order(web: httpx2.AsyncClient) -> None:
    async with listening() as listener:
        notifier = Notifier(Address("NOTIFY_URL", listener.url, web))
        async with running(notifier.run()):
            notifier.tell(NEWS)
            notifier.tell(OVER)
            await listener.wait(2)
    since = "2026-01-05T12:00:00Z"
    assert [(method, path) for method, path, _ in listener.heard] == [
        ("POST", "/secret?key=hunter2")
    ] * 2
    assert [body for _, _, body in listener.heard] == [
        {"reason": "write", "since": since, "over": False},
        {"reason": "write", "since": since, "over": True},
    ]


async def test_news_that_is_not_taken_is_offered_again_and_at_last_given_up(
    web: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "DELAYS", (0.0, 0.01))
    said = ["500 Oh", "200 OK", "500 Oh", "404 No", "500 Oh", "200 OK"]
    async with listening(lambda _, count: said[count - 1]) as listener:
        notifier = Notifier(Address("NOTIFY_URL", listener.url, web))
        with capture_logs() as logs:
            async with running(notifier.run()):
                for news in (NEWS, OVER, NEWS):
                    notifier.tell(news)
                await listener.wait(6)
    overs = [body["over"] for _, _, body in listener.heard]
    assert overs == [False, False, True, True, True, False]
    events = [entry["event"] for entry in logs]
    assert events[:4] == ["is not heard", "is heard again", "is not heard", "nobody took the news"]
    assert "hunter2" not in str(logs)
    assert "/secret" not in str(logs)


@pytest.mark.parametrize("code", ["301 Moved", "302 Found", "307 Again", "308 Moved"])
async def test_a_redirection_is_followed_with_what_is_posted(
    web: httpx2.AsyncClient, code: str
) -> None:
    def answer(path: str, _: int) -> str:
        return "204 None" if path == "/there" else f"{code}\r\nLocation: /there"

    async with listening(answer) as listener:
        assert await Address("NOTIFY_URL", listener.url, web).ask("POST", {"over": True})
    assert listener.heard[1] == ("POST", "/there", {"over": True})


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://127.0.0.1:1/x", "/secret", ":"]
)
async def test_a_redirection_that_leads_nowhere_is_a_failure(
    web: httpx2.AsyncClient, location: str
) -> None:
    async with listening(lambda *_: f"302 Found\r\nLocation: {location}") as listener:
        address = Address("HEARTBEAT_URL", listener.url, web)
        with capture_logs() as logs:
            assert not await address.ask("GET")
            assert not await address.ask("GET")
    assert len(logs) == 1
    assert "hunter2" not in str(logs)
    assert len(listener.heard) <= 2 * (webhooks.REDIRECTIONS + 1)


@pytest.mark.parametrize(("steps", "is_taken"), [(5, True), (6, False)])
async def test_five_redirections_are_followed_and_no_more(
    web: httpx2.AsyncClient, steps: int, is_taken: bool
) -> None:
    def answer(_: str, count: int) -> str:
        return "204 None" if count > steps else f"307 Again\r\nLocation: /{count}"

    async with listening(answer) as listener:
        assert await Address("NOTIFY_URL", listener.url, web).ask("POST", {}) is is_taken
    assert len(listener.heard) == 6


async def test_the_heartbeat_is_asked_for_while_all_is_well_and_not_while_it_is_not(
    web: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(webhooks, "LOOK_SECONDS", 0.01)
    well, looks = True, asyncio.Semaphore(0)

    async def is_ready() -> bool:
        looks.release()
        return well

    async with listening() as listener:
        address = Address("HEARTBEAT_URL", listener.url, web)
        async with running(Heartbeat(address, is_ready).run()):
            await listener.wait(3)
            well = False
            looks = asyncio.Semaphore(0)
            await looks.acquire()
            count = len(listener.heard)
            for _ in range(10):
                await looks.acquire()
            assert len(listener.heard) == count
            well = True
            await listener.wait(count + 2)
    assert {method for method, _, _ in listener.heard} == {"GET"}


async def test_an_address_that_is_down_or_says_nothing_keeps_nothing_waiting(
    web: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, capture_logs() as logs:
        port = silent.getsockname()[1]
        address = Address("NOTIFY_URL", f"http://127.0.0.1:{port}/hunter2", web)
        assert not await address.ask("POST", {})
        silent.close()
        assert not await address.ask("POST", {})
    assert [entry["reason"] for entry in logs] == ["no answer in time"]
