"""What is answered to whom: limits, waiting and headers, without a server around them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from feed_server import ANN, NOW, post
from structlog.testing import capture_logs

from bot.feeds import application
from bot.feeds.application import Application
from handlers.conversation.services import Services
from storage.connection import Database
from storage.database import open_database
from storage.documents import documents
from storage.errors import StorageError
from storage.subscribers import feeds, subscribers

URL = "https://feeds.example.org"
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
NEVER = f"/feeds/{'A' * 43}.atom"


class Clock:
    """Stands still unless it is set: limits count seconds, and answers tell the time."""

    def __init__(self) -> None:
        self.seconds, self.now = 1000.0, NOW

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()

    class Standing(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.now

    monkeypatch.setattr(application, "time", clock)
    monkeypatch.setattr(application, "datetime", Standing)
    return clock


class Desk:
    """The application, and whoever asks it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.begun = 0
        self.go = asyncio.Event()
        self.go.set()
        self.fails: Exception | None = None
        services = Services(database=database, bot_username="bot", feeds_url=URL)
        self._application = Application(services, self._ask)

    async def _ask(self, work: Coroutine[Any, Any, Any]) -> Any:
        self.begun += 1
        with contextlib.closing(work):
            await self.go.wait()
            if self.fails is not None:
                raise self.fails
            return await work

    async def get(
        self, path: str, *, of: str = HERE, method: str = "GET", **headers: str
    ) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = httpx2.Request(method, URL + path, headers=named)
        transport = httpx2.ASGITransport(
            self._application.routes, raise_app_exceptions=False, client=(of, 1)
        )
        answer = await transport.handle_async_request(request)
        await answer.aread()
        return answer

    async def codes(self, path: str, times: int, *, of: str = HERE) -> list[int]:
        return [(await self.get(path, of=of)).status_code for _ in range(times)]

    async def store(self, number: int, title: str) -> None:
        async with self.database.transaction() as tx:
            await documents.store_documents(tx, [post(number, title)], stored_at=NOW, live=True)

    async def add(self, target: str) -> str:
        async with self.database.transaction() as tx:
            await subscribers.add_subscriber(tx, chat_id=ANN, now=NOW)
            secret = await feeds.add_feed(tx, chat_id=ANN, kind="query", target=target, now=NOW)
        assert secret is not None
        return secret


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def desk(database: Database) -> Desk:
    return Desk(database)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - what is asked is nobody's event
            await asyncio.sleep(0)


@pytest.mark.slow
async def test_an_address_asks_three_hundred_times_a_minute(desk: Desk, clock: Clock) -> None:
    assert await desk.codes("/", 302) == [404] * 300 + [429] * 2
    assert await desk.codes("/", 1, of=ELSEWHERE) == [404]
    clock.seconds += 0.2
    assert await desk.codes("/", 2) == [404, 429]


async def test_a_feed_is_asked_for_thirty_times_a_minute_by_anybody(
    desk: Desk, clock: Clock
) -> None:
    path = f"/feeds/{await desk.add('oil')}"
    assert await desk.codes(path + ".atom", 29) == [200] * 29
    assert await desk.codes(path + ".json", 2, of=ELSEWHERE) == [200, 429]
    assert await desk.codes(path + ".atom", 1) == [429]
    assert await desk.codes(NEVER, 1) == [404]  # Another is counted apart.
    clock.seconds += 2.0
    assert await desk.codes(path + ".atom", 2) == [200, 429]


async def test_four_are_read_for_at_once_and_the_others_wait(desk: Desk, clock: Clock) -> None:
    desk.go.clear()
    askers = [f"192.0.2.{number}" for number in range(5)]
    async with asyncio.timeout(60):
        asked = [asyncio.create_task(desk.get(NEVER, of=one)) for one in askers]
        await until(lambda: desk.begun == 4)
        for _ in range(50):
            await asyncio.sleep(0)
        assert desk.begun == 4
        desk.go.set()
        assert [(await one).status_code for one in asked] == [404] * 5
    assert desk.begun == 5


async def test_of_one_address_32_wait_and_of_all_64(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "WAIT_SECONDS", 600.0)  # However busy the machine is.
    desk.go.clear()
    answered: list[tuple[str, int]] = []

    async def ask(of: str) -> None:
        answered.append((of, (await desk.get(NEVER, of=of)).status_code))

    async with asyncio.timeout(120), asyncio.TaskGroup() as asked:
        for _ in range(4):
            asked.create_task(ask("192.0.2.9"))
        await until(lambda: desk.begun == 4)
        for _ in range(33):
            asked.create_task(ask(HERE))
        await until(lambda: answered == [(HERE, 503)])
        for number in range(33):
            asked.create_task(ask(f"198.51.100.{number}"))
        await until(lambda: len(answered) == 2)
        assert answered[1] == ("198.51.100.32", 503)
        desk.go.set()
    assert sorted(code for _, code in answered[2:]) == [404, *[404] * 29, *[429] * 38]


async def test_who_waits_too_long_is_told_to_come_again(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "AT_ONCE", 1)
    monkeypatch.setattr(application, "WAIT_SECONDS", 0.01)
    desk = Desk(desk.database)
    desk.go.clear()
    first = asyncio.create_task(desk.get(NEVER))
    await until(lambda: desk.begun == 1)
    for path in (NEVER, "/api/search"):
        late = await desk.get(path)
        assert (late.status_code, late.headers["retry-after"]) == (503, "60")
        assert late.headers["connection"] == "close"
    assert late.json()["status"] == 503
    desk.go.set()
    assert (await first).status_code == 404


SAFE = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
}


async def test_every_answer_has_the_headers_that_keep_it_to_its_reader(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.store(1, "Oil price falls")
    path = f"/feeds/{await desk.add('oil')}"
    told = await desk.get(path + ".json")
    page = told.json()["items"][0]["url"].removeprefix(URL)
    shown = await desk.get(page)
    answers = [
        (told, 200, "application/feed+json"),
        (await desk.get(path + ".atom"), 200, "application/atom+xml; charset=utf-8"),
        (shown, 200, "text/html; charset=utf-8"),
        (await desk.get(page, If_None_Match=shown.headers["etag"]), 304, None),
        (await desk.get("/"), 404, "text/plain; charset=utf-8"),
        (await desk.get(page, method="POST"), 405, "text/plain; charset=utf-8"),
    ]
    monkeypatch.setattr(application, "MOST_BYTES", 10)
    answers.append((await desk.get(page), 503, "text/plain; charset=utf-8"))
    for answer, status, mime in answers:
        assert answer.status_code == status
        assert (answer.headers.get("content-type") or "").startswith(mime or "")
        assert {name: answer.headers.get(name) for name in SAFE} == SAFE
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "GET" in answers[5][0].headers["allow"]


async def test_what_is_larger_than_all_feeds_is_not_sent(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/feeds/{await desk.add('oil')}.atom"
    size = len((await desk.get(path)).content)
    for most, status in ((size, 200), (size - 1, 503)):
        monkeypatch.setattr(application, "MOST_BYTES", most)
        assert (await desk.get(path)).status_code == status


async def test_the_same_time_means_the_same_body(desk: Desk, clock: Clock) -> None:
    path = f"/feeds/{await desk.add('oil')}.json"
    times = []
    for number in range(3):  # All within one second.
        if number:
            await desk.store(number, f"Oil price falls, {number}")
        given = await desk.get(path)
        assert (await desk.get(path)).headers["last-modified"] == given.headers["last-modified"]
        times.append(given.headers["last-modified"])
    assert len(set(times)) == 3
    for at in times[:-1]:
        assert (await desk.get(path, If_Modified_Since=at)).status_code == 200
    assert (await desk.get(path, If_Modified_Since=times[-1])).status_code == 304
    assert (await desk.get(path, If_None_Match='"x"', If_Modified_Since=at)).status_code == 200


async def test_the_times_of_the_feeds_asked_for_last_are_remembered(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "KNOWN", 2)
    paths = [f"/feeds/{await desk.add('oil')}.json" for _ in range(3)]
    first = [(await desk.get(path)).headers["last-modified"] for path in paths]
    clock.now = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
    again = [(await desk.get(path)).headers["last-modified"] for path in reversed(paths)]
    assert [at == before for at, before in zip(again, reversed(first), strict=True)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("error", "status"),
    [(TimeoutError(), 503), (StorageError("the disk is full"), 503), (RuntimeError(), 500)],
    ids=lambda given: type(given).__name__,
)
async def test_what_cannot_be_read_now_can_be_asked_for_again(
    desk: Desk, clock: Clock, error: Exception, status: int
) -> None:
    path = f"/feeds/{await desk.add('oil')}.atom"
    desk.fails = error
    with capture_logs() as logged:
        answers = [await desk.get(path) for _ in range(5)]  # More than may be read for at once.
    assert len(logged) == 5
    assert [one.status_code for one in answers] == [status] * 5
    desk.fails = None
    assert await desk.codes(path, 1) == [200]
