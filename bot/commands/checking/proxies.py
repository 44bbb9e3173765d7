"""What ``dateline check`` says of the proxies. No session is opened: Telegram is asked for what it
gives to anybody."""

import asyncio
import logging
import secrets
import time
from collections import defaultdict

from telethon.client.telegrambaseclient import DEFAULT_DC_ID, DEFAULT_IPV4_IP, DEFAULT_PORT
from telethon.network import MTProtoPlainSender
from telethon.tl.functions import ReqPqMultiRequest

from bot.commands.checking.findings import Finding, warning
from bot.proxies import web
from bot.proxies.links import Proxy
from bot.proxies.route import Route
from bot.settings import Server, Settings
from bot.telegram.failures import CALL_ERRORS
from bot.telegram.proxied import RoutedConnection, doubt
from storage.backoff import Backoff
from storage.errors import ServiceError

TELEGRAM = Server(dc_id=DEFAULT_DC_ID, host=DEFAULT_IPV4_IP, port=DEFAULT_PORT)
TIMEOUT = 15.0
"""Seconds for one proxy, with Telegram's answer through it."""


async def look(settings: Settings) -> tuple[list[Finding], ServiceError | None]:
    """Try each proxy; what is found of each, and the error where none works."""
    server = settings.telegram_server or TELEGRAM
    answers = await asyncio.gather(*(ask_through(proxy, server) for proxy in settings.proxy))
    findings, reasons = [], []
    for proxy, answer in zip(settings.proxy, answers, strict=True):
        if isinstance(answer, str):
            reasons.append(f"{proxy}: {answer}")
            findings.append(warning("PROXY", reasons[-1]))
        else:
            findings.append(Finding(where="PROXY", what=f"{proxy}: works ({answer * 1000:.0f} ms)"))
    if len(reasons) == len(answers):
        what = "no proxy works, and nothing goes around them: " + "; ".join(reasons)
        return [], ServiceError(what, where="PROXY", hint="name others")
    return [*findings, _look_at_previews(settings)], None


def _look_at_previews(settings: Settings) -> Finding:
    carriers = web.carriers(Route(settings.proxy))
    if not carriers:
        return warning("PROXY", f"web previews are off: {web.NO_CARRIER}")
    return Finding(where="PROXY", what=f"web previews go through {carriers[0]}")


async def ask_through(proxy: Proxy, server: Server) -> float | str:
    """The seconds until a data centre has answered through a proxy, or why it has not."""
    route, begun_at = Route([proxy]), time.monotonic()
    begin = staticmethod(lambda _: None)
    given = {"backoff": Backoff(), "route": route, "account": "check", "begin": begin}
    loggers: object = defaultdict(lambda: logging.getLogger("telethon"))
    kind = type("Connection", (RoutedConnection,), given)
    connection = kind(server.host, server.port, server.dc_id, loggers=loggers)
    try:
        async with asyncio.timeout(TIMEOUT):
            await connection.connect()
            sender = MTProtoPlainSender(connection, loggers=loggers)
            await sender.send(ReqPqMultiRequest(secrets.randbits(127)))
    except TimeoutError:
        return f"no answer{doubt(proxy)}"
    except (EOFError, *CALL_ERRORS):
        return route.take_reason() or "it passes on what is not Telegram's"
    finally:
        await connection.disconnect()
    return time.monotonic() - begun_at
