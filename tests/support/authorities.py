"""A real authority of RFC 3161 on this machine: OpenSSL's, behind HTTP on 127.0.0.1."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

HAS_OPENSSL = shutil.which("openssl") is not None
_CONFIGURATION = """
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = certificate.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""
_CERTIFICATE = (
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 3650"
    " -subj /CN=Invented -addext extendedKeyUsage=critical,timeStamping"
)
_REPLY = "openssl ts -reply -config tsa.conf -queryfile query -out answer"


@cache
def _make_certificate() -> dict[str, bytes]:
    """The files of a key and its certificate: one for all authorities of a process."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(_CERTIFICATE.split(), cwd=folder, check=True, capture_output=True)
        return {name: (Path(folder) / name).read_bytes() for name in ("key.pem", "certificate.pem")}


class Authority:
    """Answers at ``url``. ``bent``: a reply in place of its own; ``asked``: the queries so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = ""
        self.bent: bytes | None = None
        self.asked: list[bytes] = []
        self.last = b""
        (folder / "tsa.conf").write_text(_CONFIGURATION)
        (folder / "serial").write_text("01")
        for name, content in _make_certificate().items():
            (folder / name).write_bytes(content)

    @property
    def certificate(self) -> Path:
        return self._folder / "certificate.pem"

    def sign(self, query: bytes) -> bytes:
        """The answer to a query."""
        (self._folder / "query").write_bytes(query)
        subprocess.run(_REPLY.split(), cwd=self._folder, check=True, capture_output=True)
        return (self._folder / "answer").read_bytes()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert "content-type: application/timestamp-query" in head
        length = next(line for line in head.split("\r\n") if line.startswith("content-length"))
        query = await reader.readexactly(int(length.partition(":")[2]))
        self.asked.append(query)
        if self.bent is None:
            self.last = await asyncio.to_thread(self.sign, query)
            told = b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
            told += b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(self.last)
            writer.write(told + self.last)
        else:
            writer.write(self.bent)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Authority]:
    """An authority that serves meanwhile."""
    authority = await asyncio.to_thread(Authority, folder)
    server = await asyncio.start_server(authority.serve, "127.0.0.1", 0)
    async with server:
        authority.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hunter2"
        yield authority
