"""An authority of RFC 3161, asked over HTTP."""

import asyncio
import secrets

import httpx2

from bot.anchoring import timestamps
from bot.anchoring.timestamps import RefusedError, Stamp

TIMEOUT = 30.0
LARGEST = 1 << 20
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


async def stamp(web: httpx2.AsyncClient, url: str, imprint: bytes) -> tuple[bytes, Stamp]:
    """Have a SHA-256 stamped; gives the answer as it came, and what it says.

    Raises RefusedError for whatever is no stamp of this request; what it says holds nothing of the
    address, which may be a secret.
    """
    nonce = secrets.randbits(63) | 1
    try:
        async with asyncio.timeout(TIMEOUT):
            answer = await _ask(web, url, timestamps.request(imprint, nonce))
    except TimeoutError:
        raise RefusedError("no answer in time") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        raise RefusedError(f"it can't be asked: {type(error).__name__}") from None
    return answer, timestamps.read_answer(answer, imprint=imprint, nonce=nonce)


async def _ask(web: httpx2.AsyncClient, url: str, query: bytes) -> bytes:
    headers = {"Content-Type": _QUERY, "Accept": _REPLY}
    async with web.stream("POST", url, content=query, headers=headers) as reply:
        if reply.status_code != httpx2.codes.OK:
            raise RefusedError(f"it answers {reply.status_code}")
        taken = b""
        async for piece in reply.aiter_bytes():
            taken += piece
            if len(taken) > LARGEST:
                raise RefusedError("its answer is too long")
    return taken
