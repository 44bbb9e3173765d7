"""A channel page's header. All names are invented."""

import pytest

from handlers.normalize.page import header
from handlers.normalize.page.header import Top

COUNTERS = ["1.2K subscribers", "5 photos"]
KINDS = {"n": "nav", "s": "section", "c": "counter"}


@pytest.mark.parametrize(
    ("page", "title", "kinds"),
    [
        (["Town – Telegram", "Town", *COUNTERS, "All the news", "Join"], "Town", "nsccsn"),
        (["Town - Telegram", "Town", "5 photos", "Join"], "Town", "nscn"),
        (["Town — Telegram", *COUNTERS, "post"], None, "ncc"),
        (["Town", *COUNTERS, "post"], "Town", "scc"),
        (["Town", "Old", *COUNTERS], "Town", "sscc"),
        (["Town", "Old", "Hall", *COUNTERS], None, ""),
        ([*COUNTERS, "Join"], None, "ccn"),
        (["Town", "5 photos", *["text"] * 23, "Join", "post"], "Town", "sc" + "s" * 23 + "n"),
        (["Town", "5 photos", *["text"] * 24, "Join", "post"], None, ""),
        (["Town", *COUNTERS, *["text"] * 24, "Join"], "Town", "scc" + "s" * 24 + "n"),
        (["Town", *COUNTERS, *["text"] * 25, "Join"], "Town", "scc"),
        (["Town", "5 photos"], None, ""),
        (["Join", "5 photos", "text"], None, ""),
        (["Town", "5 photos", "post"], None, ""),
        (["Town", "text", "Join"], None, ""),
        ([], None, ""),
    ],
)
def test_where_a_header_ends(page: list[str], title: str | None, kinds: str) -> None:
    expected = tuple(KINDS[kind] for kind in kinds)
    assert header.read(page) == Top(count=len(kinds), title=title, kinds=expected)  # type: ignore[arg-type]
