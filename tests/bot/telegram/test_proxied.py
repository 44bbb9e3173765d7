"""Real clients through real proxies: what gets through, and what is said of what does not."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import settings
from bot.commands.checking import proxies as checking
from bot.demo import process
from bot.proxies.links import read_proxies
from bot.proxies.route import Route
from bot.sandbox.proxies.mtproto import MtprotoServer
from bot.sandbox.proxies.servers import HttpServer, ProxyServer, SocksServer
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.telegram import clients, signin
from bot.telegram.clients import NotReachedError
from bot.watching import web_preview
from bot.watching.budget import Budget
from bot.watching.web_preview import PreviewError, PreviewHistory
from storage.records import Channel

KEY = secrets.token_bytes(16)
LOGIN = ("ann", "hunter2: ж@/")
ENCODED = "ann:hunter2%3A%20%D0%B6%40%2F"
DOMAIN = "www.example.org"
CHANNEL = Channel(id=1, username="harbour", added_at=datetime(2026, 11, 22, tzinfo=UTC))


def server_of(kind: str, sandbox: Sandbox, **options: Any) -> ProxyServer:
    if kind == "socks5":
        return SocksServer(LOGIN, **options)
    if kind == "http":
        return HttpServer(LOGIN, **options)
    domain = DOMAIN if kind == "tls" else ""
    return MtprotoServer(KEY, kind, sandbox.port, domain=domain, **options)


def link_to(kind: str, server: ProxyServer) -> str:
    if isinstance(server, MtprotoServer):
        return server.link
    return f"{kind}://{ENCODED}@127.0.0.1:{server.port}"


Make = Callable[..., Settings]


@pytest.fixture
def make(sandbox: Sandbox, tmp_path: Path) -> Make:
    """Gives settings with this for PROXY; a bot is there."""
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")

    def settings_with(proxy: str, **changes: str) -> Settings:
        changes["PROXY"] = proxy
        environment = process.environment_for(sandbox, bot, tmp_path, "@harbour", **changes)
        (tmp_path / "no.env").touch()
        return settings.load(environment, tmp_path / "no.env")

    return settings_with


KINDS = ("socks5", "http", "plain", "padded", "tls")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_gets_through(kind: str, sandbox: Sandbox, make: Make) -> None:
    server = server_of(kind, sandbox)
    await server.start()
    async with signin.signed_in_bot(make(link_to(kind, server))) as bot:
        assert (await bot.get_me()).username == "lookout_bot"
        assert sandbox.connection_count == server.open == 1
        if isinstance(server, MtprotoServer):
            assert server.centres == [2]
    await server.stop()


@pytest.mark.parametrize("kind", ["socks5", "http"])
async def test_a_name_is_resolved_by_the_proxy(kind: str, sandbox: Sandbox, make: Make) -> None:
    name = "known-to-the-proxy.invalid"
    async with server_of(kind, sandbox, names={name: "127.0.0.1"}).serve() as server:
        known = make(link_to(kind, server), TELEGRAM_SERVER=f"2@{name}:{sandbox.port}")
        async with signin.signed_in_bot(known):
            assert server.asked == [(name, sandbox.port)]


def wrongly(link: str) -> str:
    """The same link with another secret."""
    return link.replace(KEY.hex(), secrets.token_hex(16)).replace("hunter2", "hunter3")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("socks5", "it refuses the user name and the password"),
        ("http", "it refuses the user name and the password"),
        ("plain", "it hung up: its secret may be wrong"),
        ("padded", "it hung up: its secret may be wrong"),
        ("tls", "it hung up: its secret may be wrong"),
    ],
)
async def test_a_wrong_secret_is_named(
    kind: str, said: str, sandbox: Sandbox, make: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    async with server_of(kind, sandbox).serve() as server:
        link = wrongly(link_to(kind, server))
        with pytest.raises(NotReachedError, match=said) as caught:
            async with signin.signed_in_bot(make(link)):
                pass
        assert str(caught.value).startswith("PROXY: the proxy does not work: ")
        assert f"127.0.0.1:{server.port}" in str(caught.value)
        findings, error = await checking.look(make(link))
        assert (findings, said in str(error)) == ([], True)
        assert server.refused
        written = f"{caught.value!r} {error} {capfd.readouterr()}"
        assert not any(word in written for word in ("hunter", link[-32:], DOMAIN))
        assert not sandbox.calls


async def test_a_web_site_is_no_proxy(sandbox: Sandbox, make: Make) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            await reader.readexactly(517)
            writer.write(b"\x16\x03\x03\x00\x7a" + bytes(122) + b"\x14\x03\x03\x00\x01\x01")
            writer.write(b"\x17\x03\x03\x00\x05hello")
            await reader.read()
        writer.close()

    site = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = site.sockets[0].getsockname()[1]
    secret = f"ee{KEY.hex()}{DOMAIN.encode().hex()}"
    with pytest.raises(NotReachedError, match="it does not know the secret, or the clock"):
        async with signin.signed_in_bot(
            make(f"tg://proxy?server=127.0.0.1&port={port}&secret={secret}")
        ):
            pass
    site.close()


async def test_the_first_that_works_is_taken_and_all_that_fail_are_named(
    sandbox: Sandbox, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "CONNECT_TIMEOUT", 3.0)
    monkeypatch.setattr(checking, "TIMEOUT", 3.0)
    mute = MtprotoServer(bytes(16), "padded", sandbox.port, is_mute=True)
    async with server_of("tls", sandbox).serve() as works, mute.serve():
        silent = mute.link.replace("dd00", "dd01")
        known = make(f"socks5://127.0.0.1:9 {silent} {link_to('tls', works)}")
        async with signin.signed_in_bot(known) as bot:
            assert str(bot.route) == f"mtproto://127.0.0.1:{works.port} (3/3)"
        findings, error = await checking.look(known)
        assert error is None
        assert [finding.is_warning for finding in findings] == [True, True, False, False]
        await works.stop()
        with pytest.raises(NotReachedError, match="none of the proxies works") as caught:
            async with signin.signed_in_bot(known):
                pass
        whole = str(caught.value)
        assert "socks5://127.0.0.1:9: " in whole
        assert f"mtproto://127.0.0.1:{mute.port}: no answer: its secret may be wrong" in whole
        assert f"mtproto://127.0.0.1:{works.port}: " in whole
        assert "\n" not in whole


@pytest.mark.parametrize("kind", ["socks5", "http"])
async def test_previews_go_through_the_first_that_carries_them(kind: str, sandbox: Sandbox) -> None:
    harbour = sandbox.add_channel("Harbour News", username="harbour")
    await harbour.post("The ferry sails")
    async with server_of(kind, sandbox).serve() as server, sandbox.serve_previews() as pages:
        there = link_to(kind, server)
        dead = f"tg://proxy?server=h&port=1&secret={KEY.hex()} socks5://127.0.0.1:9"
        async with web_preview.open_client(Route(read_proxies(f"{dead} {there}"))) as web:
            history = PreviewHistory(web, pages.address, Budget(100))
            page = await history.newest(CHANNEL, 20)
        assert [item.ids for item in page.items] == [(1,)]
        assert server.served == 1
        async with web_preview.open_client(Route(read_proxies(dead.split()[0]))) as web:
            history = PreviewHistory(web, pages.address, Budget(100))
            with pytest.raises(PreviewError, match="MTProto proxy carries no web pages"):
                await history.newest(CHANNEL, 20)
