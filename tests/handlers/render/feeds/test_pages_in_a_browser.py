"""The pages of a post and a story in a real browser: on a phone and a desk, light and dark."""

import json
import re
from html import escape, unescape
from pathlib import Path

import pytest

from handlers.render.feeds import pages
from handlers.texts.languages import words_of
from storage.document import Block, Forward, Media
from tests.handlers.render.answers.test_digest_html_in_a_browser import (
    FRAME,
    HEAD,
    MEASURE,
    POLICY,
    SCHEMES,
    WIDTHS,
    look,
    pytestmark,
)
from tests.handlers.render.feeds.test_feeds import HERE, make

__all__ = ["pytestmark"]

LONG = "Donaudampfschifffahrtsgesellschaft" * 6


def made() -> list[str]:
    """The pages of a post with all that it may have, and of its story."""
    post = make(
        f"Паром «Рассвет» снова ходит {LONG}",
        body=(Block(type="para", text=LONG, gap=2), Block(type="para", text="שלום", gap=2)),
        forwarded_from=Forward(name=LONG, date="2026-11-22T09:00:00Z"),
        media=(Media(type="document", name=f"{LONG}.pdf"),),
        edited_at="2026-11-22T11:00:00Z",
    )
    members = [pages.Member(document=post, path="/posts/a/b/c")] * 5
    words = words_of("ru")
    return [
        pages.post_page(post, HERE, words, "/stories/a/b/c", 4),
        pages.story_page(members, HERE, words, 7),
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_they_are_read_with_ease(tmp_path: Path, scheme: str) -> None:
    frames = ""
    for page in made():
        allowed = page.replace(POLICY, f"{POLICY}; script-src 'unsafe-inline'")
        inner = escape(allowed.replace("</body>", f"{MEASURE}</body>"))
        frames += "".join(FRAME.format(width=width, page=inner) for width in WIDTHS)
    path = tmp_path / "pages.html"
    path.write_text(HEAD + frames, encoding="utf-8")
    shown = await look(path, scheme=scheme)
    every = [
        json.loads(unescape(one)) for one in re.findall(r'<pre id="measured">(.*?)</pre>', shown)
    ]
    assert sorted(one["width"] for one in every) == sorted(WIDTHS * 2), shown[-500:]
    for measured in every:
        assert measured["reach"] <= measured["width"]
        assert (measured["paper"] > 0.5) == (scheme == "light")
        assert measured["contrast"] >= 4.5
        assert measured["size"] >= 15
        assert measured["line"] <= 700
        assert measured["texts"] > 5
        assert measured["hidden"] == 0
