"""Web pages through the proxies that carry them: an MTProto proxy carries Telegram alone.

Nothing goes around the proxies: where none of them carries pages, there are none.
"""

import httpx2

from bot.proxies.links import Proxy
from bot.proxies.route import Route

NO_CARRIER = "an MTProto proxy carries no web pages, and nothing goes around it"
CONNECT_TIMEOUT = 8.0

_UNREACHED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError)


def carriers(route: Route) -> list[Proxy]:
    """The proxies that carry web pages, in the order in which they are tried: the present first."""
    able = [proxy for proxy in route.proxies if proxy.kind != "mtproto"]
    return sorted(able, key=lambda proxy: proxy != route.present)


class ProxiedWeb(httpx2.AsyncBaseTransport):
    """Makes requests through the first proxy that can be reached."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._transports: dict[Proxy, httpx2.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Make a request. Raises httpx2.HTTPError."""
        timeouts = {**request.extensions.get("timeout", {}), "connect": CONNECT_TIMEOUT}
        request.extensions["timeout"] = timeouts
        error: httpx2.TransportError = httpx2.ConnectError(NO_CARRIER, request=request)
        for proxy in carriers(self._route):
            try:
                return await self._transport(proxy).handle_async_request(request)
            except _UNREACHED as found:
                error = httpx2.ConnectError(f"{proxy}: {_reason(found)}", request=request)
        raise error

    def _transport(self, proxy: Proxy) -> httpx2.AsyncHTTPTransport:
        if proxy not in self._transports:
            login = (proxy.username or "", proxy.password or "") if proxy.username else None
            self._transports[proxy] = httpx2.AsyncHTTPTransport(
                proxy=httpx2.Proxy(str(proxy), auth=login)
            )
        return self._transports[proxy]

    async def aclose(self) -> None:
        """Close what is open."""
        for transport in self._transports.values():
            await transport.aclose()


def _reason(error: httpx2.TransportError) -> str:
    """Why it cannot be used; what it says in words of its own is not repeated."""
    return "it refuses" if isinstance(error, httpx2.ProxyError) else "it cannot be reached"
