"""A page as a browser gets it over HTTP: its policy lets its own style stand, and nothing else."""

import asyncio
import zlib
from pathlib import Path

import pytest

from tests.bot.feeds.test_serving import Server, database, post, server
from tests.handlers.render.answers.test_digest_html_in_a_browser import BROWSER

__all__ = ["database", "server"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.end_to_end,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here (Debian: apt install chromium)"),
]

PAPER = b"\x16\x18\x1b"
"""The page's own colour in the dark; a page without its style has another one."""


def first_pixel(png: bytes) -> bytes:
    """The colour of the corner of a picture: no filter of PNG changes that of the first pixel."""
    packed, place = b"", 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + length]
        place += 12 + length
    return zlib.decompress(packed)[1:4]


async def shot(url: str, folder: Path) -> tuple[bytes, str]:
    """The corner's colour of a page in the dark, and what the browser has to say."""
    picture = folder / "page.png"
    process = await asyncio.create_subprocess_exec(
        *(str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
        *("--enable-logging=stderr", f"--user-data-dir={folder / 'profile'}"),
        *("--window-size=390,800", "--blink-settings=preferredColorScheme=0"),
        *(f"--screenshot={picture}", url),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), 60)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return first_pixel(picture.read_bytes()), said.decode()


async def test_a_page_has_its_own_style_and_no_other(server: Server, tmp_path: Path) -> None:
    await server.store(post(1, '<style>*{background:red}</style><img src="http://127.0.0.1:9/">'))
    told = await server.get(f"/feeds/{await server.add('background')}.json")
    colour, said = await shot(told.json()["items"][0]["url"], tmp_path)
    assert colour == PAPER
    assert "Content Security Policy" not in said
    assert "ERR_" not in said
