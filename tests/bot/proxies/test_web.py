"""Which proxies carry web pages, and what is said where none does."""

import httpx2
import pytest

from bot.proxies.links import read_proxies
from bot.proxies.route import Route
from bot.proxies.web import CONNECT_TIMEOUT, ProxiedWeb, carriers

SECRET = "00112233445566778899aabbccddeeff"
MTPROTO = f"https://t.me/proxy?server=m.example&port=443&secret={SECRET}"


@pytest.mark.parametrize(
    ("proxies", "left", "found"),
    [
        ("", 0, []),
        (MTPROTO, 0, []),
        (f"{MTPROTO} socks5://a:1 http://b:2", 0, ["socks5://a:1", "http://b:2"]),
        (f"{MTPROTO} socks5://a:1 http://b:2", 1, ["socks5://a:1", "http://b:2"]),
        (f"{MTPROTO} socks5://a:1 http://b:2", 2, ["http://b:2", "socks5://a:1"]),
    ],
)
def test_the_present_one_is_tried_first_and_mtproto_never(
    proxies: str, left: int, found: list[str]
) -> None:
    route = Route(read_proxies(proxies))
    for _ in range(left):
        route.leave(route.present)
    assert [str(proxy) for proxy in carriers(route)] == found


@pytest.mark.parametrize("asked", [None, 90.0])
async def test_a_proxy_is_left_in_time_whatever_the_page_may_take(
    asked: float | None, unused_tcp_port: int
) -> None:
    transport = ProxiedWeb(Route(read_proxies(f"http://127.0.0.1:{unused_tcp_port}")))
    request = httpx2.Request("GET", "http://127.0.0.1:9/")
    request.extensions["timeout"] = httpx2.Timeout(asked).as_dict()
    with pytest.raises(httpx2.ConnectError):
        await transport.handle_async_request(request)
    waits = {"connect": CONNECT_TIMEOUT, "read": asked, "write": asked, "pool": asked}
    assert request.extensions["timeout"] == waits
    await transport.aclose()


async def test_nothing_goes_around_proxies_that_carry_no_pages() -> None:
    async with httpx2.AsyncClient(transport=ProxiedWeb(Route(read_proxies(MTPROTO)))) as client:
        with pytest.raises(httpx2.ConnectError, match="carries no web pages, and nothing goes"):
            await client.get("http://127.0.0.1:9/")


@pytest.mark.parametrize("scheme", ["socks5", "http"])
async def test_proxies_that_nobody_serves_are_named_without_their_password(
    scheme: str, unused_tcp_port: int
) -> None:
    proxies = read_proxies(f"{scheme}://u:secret@127.0.0.1:{unused_tcp_port}")
    async with httpx2.AsyncClient(transport=ProxiedWeb(Route(proxies))) as client:
        with pytest.raises(httpx2.ConnectError) as caught:
            await client.get("http://127.0.0.1:9/", timeout=0.001)
    assert str(caught.value) == f"{scheme}://127.0.0.1:{unused_tcp_port}: it cannot be reached"
