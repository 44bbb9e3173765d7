"""The operator's translator: an endpoint with LibreTranslate's protocol (POST /translate).

It is sent a text and its source and target languages, nothing about the person. Its answer is used
as plain text; anything else counts as a failure.
"""

import asyncio
import json
import ssl
from typing import Any

import httpx2
import structlog

from bot.serving.allowance import Allowance
from handlers.conversation.translation import TranslationError

SECONDS = 15.0
"""The longest time that a translation may take."""
PER_MINUTE = 10
"""Translations a minute for one person."""
AT_ONCE = 4
MOST_BYTES = 200_000
"""Answers are read up to this size; a longer one is no translation of a post."""
_PLAIN = {"Accept-Encoding": "identity"}

log = structlog.get_logger("translator")


class Translator:
    """``url``: the base address, to which ``translate`` is appended; ``key``: the API key, if one
    is needed."""

    def __init__(self, url: str, key: str | None) -> None:
        self._url, self._key = url, key
        self._allowance = Allowance(PER_MINUTE)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._trust: ssl.SSLContext | None = None

    async def translate(self, person: int, text: str, source: str | None, target: str) -> str:
        """See ``handlers.conversation.translation``."""
        if not self._allowance.take(person, asyncio.get_running_loop().time()):
            raise TranslationError("often")
        asked = {"q": text, "source": source or "auto", "target": target, "format": "text"}
        if self._key is not None:
            asked["api_key"] = self._key
        if self._trust is None:
            self._trust = await asyncio.to_thread(httpx2.create_ssl_context)
        try:
            async with asyncio.timeout(SECONDS), self._turns:
                status, body = await self._ask(asked, self._trust)
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL) as error:
            log.warning("nothing was translated", reason=type(error).__name__)
            raise TranslationError("down") from None
        made = _read(body) if status == 200 else None
        if made is None:
            log.warning("nothing was translated", reason=f"it answered {status}")
            raise TranslationError("refused" if 400 <= status < 429 else "down")
        return made

    async def _ask(self, asked: dict[str, str], trust: ssl.SSLContext) -> tuple[int, bytes]:
        """The answer's status and its body, cut off after ``MOST_BYTES``. Redirects are not
        followed."""
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=SECONDS, verify=trust) as web,
            web.stream("POST", f"{self._url}translate", json=asked, headers=_PLAIN) as answer,
        ):
            body = b""
            async for piece in answer.aiter_raw():  # A packed one would grow beyond any limit.
                body += piece
                if len(body) > MOST_BYTES:
                    break
            return answer.status_code, body


def _read(body: bytes) -> str | None:
    """The translation in an answer; None if there is none."""
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    made = told.get("translatedText") if isinstance(told, dict) else None
    return made if isinstance(made, str) and made.strip() else None
