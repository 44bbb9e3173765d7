"""What is said of proxies that are tried: each by itself, and web previews behind them."""

import re
import secrets
from pathlib import Path

import pytest

from bot import settings
from bot.commands.checking import proxies
from bot.demo import process
from bot.proxies.links import read_proxies
from bot.sandbox.proxies.mtproto import MtprotoServer
from bot.sandbox.proxies.servers import SocksServer
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from storage.errors import ServiceError
from storage.structs import replace

DEAD = "socks5://127.0.0.1:9"
WORKS = r"PROXY: {}: works \((\d+) ms\)"


@pytest.fixture
def make(sandbox: Sandbox, tmp_path: Path) -> Settings:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    (tmp_path / "no.env").touch()
    environment = process.environment_for(sandbox, bot, tmp_path, "")
    return settings.load(environment, tmp_path / "no.env")


def with_proxies(known: Settings, *links: str) -> Settings:
    return replace(known, proxy=read_proxies(" ".join(links)))


async def told(known: Settings) -> tuple[list[str], ServiceError | None]:
    findings, error = await proxies.look(known)
    return [str(one) for one in findings], error


async def test_each_proxy_is_tried_and_what_carries_previews_is_named(
    make: Settings, sandbox: Sandbox
) -> None:
    async with SocksServer().serve() as server:
        works = f"socks5://127.0.0.1:{server.port}"
        lines, error = await told(with_proxies(make, DEAD, works))
        assert error is None
        assert lines[0] == f"PROXY: warning: {DEAD}: Connection refused"
        match = re.fullmatch(WORKS.format(works), lines[1])
        assert match is not None
        assert int(match[1]) < 1000 * proxies.TIMEOUT
        assert lines[2:] == [f"PROXY: web previews go through {DEAD}"]
        assert (server.served, server.asked) == (1, [("127.0.0.1", sandbox.port)])
        assert not sandbox.calls


async def test_behind_a_proxy_for_telegram_alone_previews_are_off(
    make: Settings, sandbox: Sandbox
) -> None:
    async with MtprotoServer(secrets.token_bytes(16), "plain", sandbox.port).serve() as server:
        assert isinstance(server, MtprotoServer)
        lines, error = await told(with_proxies(make, server.link))
        assert (error, len(lines)) == (None, 2)
        assert re.fullmatch(WORKS.format(f"mtproto://127.0.0.1:{server.port}"), lines[0])
        assert lines[1] == (
            "PROXY: warning: web previews are off: an MTProto proxy carries no web pages, and"
            " nothing goes around it"
        )
        assert server.centres == [2]


async def test_where_none_works_it_is_an_error_that_names_them_all(make: Settings) -> None:
    other = "http://127.0.0.1:9"
    lines, error = await told(with_proxies(make, DEAD, other))
    assert lines == []
    assert str(error) == (
        "PROXY: no proxy works, and nothing goes around them: "
        f"{DEAD}: Connection refused; {other}: Connection refused; name others"
    )


async def test_one_that_says_nothing_is_left_in_time(
    make: Settings, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxies, "TIMEOUT", 0.5)
    async with SocksServer().serve() as server:
        server.freeze()
        lines, error = await told(with_proxies(make, f"socks5://127.0.0.1:{server.port}"))
    assert lines == []
    assert "no answer before Telegram answered" in str(error)
