"""An endpoint that speaks LibreTranslate's protocol, over real HTTP on this machine."""

import asyncio
import contextlib
import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

SILENCE = (0, b"")
"""In place of an answer: the connection stays, and nothing comes."""


def written(status: int, body: bytes, location: str, *, packed: bool) -> bytes:
    body = gzip.compress(body) if packed else body
    head = (
        f"HTTP/1.1 {status} X",
        *(["Content-Encoding: gzip"] if packed else []),
        f"Content-Length: {len(body)}",
        f"Location: {location}",
        "Content-Type: application/json",
        "Connection: close",
    )
    return "\r\n".join([*head, "", ""]).encode() + body


@dataclass
class Endpoint:
    """``asked`` is what it was asked; ``answers`` what it answers next: a status and a body, None
    for an end of the connection. Without any it turns words about. It packs what it answers, as
    servers do, unless it is asked for it plain."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            assert head.startswith("POST /translate HTTP/1.1\r\n"), head
            length = next(
                int(line.partition(":")[2])
                for line in head.splitlines()
                if line.lower().startswith("content-length:")
            )
            given = json.loads(await reader.readexactly(length))
            self.asked.append(given)
            made = {"translatedText": f"<{given['target']}> {given['q'][::-1]}"}
            answer = self.answers.pop(0) if self.answers else (200, json.dumps(made).encode())
            if answer == SILENCE:
                await reader.read()
            elif answer is not None:
                packed = "\r\naccept-encoding: identity\r\n" not in head.lower()
                writer.write(written(*answer, self.url, packed=packed))
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def endpoint() -> AsyncIterator[Endpoint]:
    """One that answers until the context ends."""
    made = Endpoint()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()
