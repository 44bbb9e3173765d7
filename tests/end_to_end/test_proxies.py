"""Behind a block: every kind of proxy serves, and nothing is lost when one dies."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.demo import process as demo_process
from bot.sandbox.proxies.mtproto import MtprotoServer
from bot.sandbox.proxies.servers import HttpServer, ProxyServer, SocksServer

SHORT = (
    "-c",
    "import asyncio, sys; from pathlib import Path; from bot import settings;"
    "from bot.app import run;"
    "from bot.proxies.route import Route;"
    "known = settings.load(dict(__import__('os').environ), Path('no.env'));"
    "sys.exit(asyncio.run(run.run(known, route=Route(known.proxy, patience=2.0))))",
)
"""The service, as `dateline run` starts it, that leaves a proxy after two seconds."""
KEY = secrets.token_bytes(16)
PASSWORD = "hunter2"


class Proxies:
    """One of each kind, in the order of their links."""

    def __init__(self, port: int) -> None:
        login = ("ann", PASSWORD)
        self.socks = SocksServer(login)
        self.http = HttpServer(login)
        kinds = {"plain": "", "padded": "", "tls": "www.example.org"}
        mtproto = [MtprotoServer(KEY, kind, port, domain=name) for kind, name in kinds.items()]
        self.all: list[ProxyServer] = [self.socks, self.http, *mtproto]

    def links(self) -> list[str]:
        address = f"ann:{PASSWORD}@127.0.0.1"
        first = [f"socks5://{address}:{self.socks.port}", f"http://{address}:{self.http.port}"]
        return [*first, *(each.link for each in self.all if isinstance(each, MtprotoServer))]


@pytest.fixture
async def proxies(stage: Any) -> AsyncIterator[Proxies]:
    made = Proxies(stage.sandbox.port)
    async with contextlib.AsyncExitStack() as stack:
        for server in made.all:
            await stack.enter_async_context(server.serve())
        yield made


async def test_posts_come_through_every_kind_of_proxy_while_one_after_the_other_dies(
    stage: Any, proxies: Proxies
) -> None:
    (stage.folder / "no.env").touch()
    environment = {**stage.environment, "PROXY": proxies.links()[-1]}
    await demo_process.log_in(environment, stage.folder, "+15550000001")
    assert proxies.all[-1].served
    proxy = " ".join(proxies.links())
    service = stage.process(PROXY=proxy, LOG_LEVEL="debug", ADMINS=str(stage.ann.id))
    await service.start(program=SHORT)
    await service.wait_ready(120)
    await stage.chat.ask("/alert ferry")
    posts = []
    for number, server in enumerate(proxies.all, 1):
        if number > 1:
            posts += [await stage.news.post(f"Ferry {number}.{part} is delayed") for part in "ab"]
            await proxies.all[number - 2].stop()
        posts += [await stage.news.post(f"Ferry {number}.{part} has sailed") for part in "cd"]
        await stage.wait_stored(*posts)
        await stage.wait_drained()
        await stage.sandbox.wait_for(
            lambda s=server: s.open == stage.sandbox.connection_count or None
        )
        answer = await stage.chat.ask("/status")
        assert f"127.0.0.1:{server.port} ({number}/5)" in answer.text
    said = "\n".join(message.text for message in stage.alerts())
    for post in posts:
        assert said.count(post.text) == 1, post.text
    assert len(stage.alerts()) == len(posts)
    received = [message.text for message in stage.sandbox.ledger.received_by(stage.ann)]
    written = "\n".join([*service.lines, *received])
    assert not any(word in written for word in (PASSWORD, KEY.hex(), str(KEY), "www.example.org"))
    assert not stage.sandbox.unknown_calls


async def test_a_proxy_that_is_none_is_named_and_nothing_is_reached_directly(
    stage: Any,
) -> None:
    process = stage.process(PROXY=f"http://a:1 socks5://ann:{PASSWORD}@")
    await process.start("check")
    assert await process.wait() == 2
    assert list(process.lines) == [
        "dateline: error: PROXY: the proxy at place 2 of 2 names no host; see .env.example"
    ]
    process = stage.process(PROXY=f"socks5://ann:{PASSWORD}@127.0.0.1:9")
    await process.start("check")
    assert await process.wait() == 1
    (line,) = process.find_lines("PROXY: ")
    assert "socks5://127.0.0.1:9: Connection refused" in line
    assert not any(PASSWORD in said for said in process.lines)
    assert not stage.sandbox.calls
