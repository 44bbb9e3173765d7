"""The digest's page in a real browser: at the width of a phone and of a desk, light and dark."""

import asyncio
import json
import re
import shutil
from html import escape, unescape
from pathlib import Path

import pytest

from handlers.render.answers.digest_html import digest_html
from handlers.texts.languages import words_of
from tests.handlers.render.answers.test_digest_html import HERE, made

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.end_to_end,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here (Debian: apt install chromium)"),
]
SCHEMES = {"dark": 0, "light": 1}
"""How Chromium numbers what ``prefers-color-scheme`` asks for."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
LONG = "Паром «Рассвет» снова ходит по расписанию " + "Donaudampfschifffahrtsgesellschaft" * 6
MEASURE = """<script>
const luminance = (color) => {
  const [r, g, b] = color.match(/[\\d.]+/g).map((c) => c / 255)
    .map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
for (const one of document.querySelectorAll("summary")) one.click();
setTimeout(() => {
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  const texts = [...document.body.querySelectorAll("*")]
    .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
    .filter((node) => node.tagName !== "SCRIPT");
  const contrast = (node) => {
    const ink = luminance(getComputedStyle(node).color);
    return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
  };
  const made = document.createElement("pre");
  made.id = "measured";
  made.textContent = JSON.stringify({
    width: innerWidth,
    reach: document.documentElement.scrollWidth,
    paper,
    contrast: Math.min(...texts.map(contrast)),
    size: Math.min(...texts.map((node) => parseFloat(getComputedStyle(node).fontSize))),
    texts: texts.length,
    hidden: texts.filter((node) => !node.getClientRects().length).length,
    line: Math.max(...texts.map((node) => node.getBoundingClientRect().width)),
  });
  parent.document.body.append(made);
}, 0);
</script>"""

WIDTHS = (390, 1280)
HEAD = '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
FRAME = '<iframe style="border: 0; width: {width}px; height: 800px" srcdoc="{page}"></iframe>'
"""A window cannot be as narrow as a phone, what stands in it can."""


def page() -> str:
    return digest_html(made(LONG), HERE, words_of("ru"))


async def look(path: Path, *, scheme: str = "light") -> str:
    """The page as the browser has it when all its scripts, if any, have run."""
    process = await asyncio.create_subprocess_exec(
        *(str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={path.parent / 'profile'}",
        "--window-size=1400,900",
        f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
        *("--virtual-time-budget=2000", "--dump-dom", path.as_uri()),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        shown, _ = await asyncio.wait_for(process.communicate(), 60)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return shown.decode()


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_it_is_read_with_ease(tmp_path: Path, scheme: str) -> None:
    path = tmp_path / "page.html"
    allowed = page().replace(POLICY, f"{POLICY}; script-src 'unsafe-inline'")
    inner = escape(allowed.replace("</body>", f"{MEASURE}</body>"))
    frames = "".join(FRAME.format(width=width, page=inner) for width in WIDTHS)
    path.write_text(HEAD + frames, encoding="utf-8")
    shown = await look(path, scheme=scheme)
    found = re.findall(r'<pre id="measured">(.*?)</pre>', shown)
    every = [json.loads(unescape(one)) for one in found]
    assert sorted(one["width"] for one in every) == sorted(WIDTHS), shown[-500:]
    for measured in every:
        assert measured["reach"] <= measured["width"]
        assert (measured["paper"] > 0.5) == (scheme == "light")
        assert measured["contrast"] >= 4.5
        assert measured["size"] >= 15
        assert measured["line"] <= 700
        assert measured["texts"] > 20
        assert measured["hidden"] == 0


@pytest.mark.parametrize("guarded", [True, False])
async def test_it_asks_nothing_of_anybody(tmp_path: Path, guarded: bool) -> None:
    """Not even for what somebody had brought into it; that the test sees what is asked for is
    shown by the page without its policy."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    foreign = (
        f'<img src="{address}/img"><link rel="stylesheet" href="{address}/css">'
        f'<style>body {{ background: url("{address}/url") }}</style>'
        f'<iframe src="{address}/frame"></iframe><script src="{address}/js"></script>'
        f'<script>document.title = "ran"; fetch("{address}/fetch")</script>'
    )
    path = tmp_path / "page.html"
    told = page() if guarded else page().replace(POLICY, "")
    path.write_text(told.replace("</body>", f"{foreign}</body>"), encoding="utf-8")
    shown = await look(path)
    server.close()
    await server.wait_closed()
    paths = {line.split()[1].decode() for line in asked if line}
    assert paths == (set() if guarded else {"/img", "/css", "/url", "/frame", "/js", "/fetch"})
    assert ("<title>ran</title>" in shown) is not guarded
