"""/about and /privacy: what the bot says of itself and of what it keeps."""

from typing import Any

import pytest

from storage.chats import personal
from storage.structs import replace
from storage.version import __version__


async def test_it_says_what_it_is(ann: Any) -> None:
    said = await ann.read("/about")
    assert f"I am Dateline {__version__}" in said
    assert "Watched: 0 channels." in said


@pytest.mark.parametrize(
    ("authors", "said"),
    [
        ("channels", "I do not keep which person wrote them"),
        ("pseudonym", "I keep a pseudonym in place of who wrote them"),
        ("full", "I keep who wrote them"),
    ],
)
async def test_it_says_what_is_kept(ann: Any, authors: Any, said: str) -> None:
    ann.services = replace(ann.services, authors=authors)
    await ann.say("/alert ferry")
    told = await ann.read("/privacy")
    assert said in told
    assert "1 alert and your digests" in told
    assert "/mydata" in told
    assert "/forgetme" in told


SAID = {
    "subscriber": "settings that you chose",
    "caller": "Telegram number",
    "alert": "1 alert",
    "removed_alert": "1 alert",
    "mute": "1 alert",
    "told": "What I sent you",
    "plan": "digests, reviews",
    "collection": "collections",
    "collected": "notes",
    "silence": "silences",
    "surge": "surges",
    "digest_snapshot": "What I sent you",
    "wish": "asked the operator",
    "link": "links",
    "feed": "feeds",
    "managed": "groups and channels you manage",
    "question": "What I sent you",
    "backfill": "asked the operator",
    "own_post": "What I sent you",
    "folded": "What I sent you",
    "event_told": "What I sent you",
    "delivery": "What I sent you",
}
"""What is said of each table that ``/mydata`` hands out."""


async def test_it_names_whatever_is_kept(ann: Any) -> None:
    await ann.say("/alert ferry")
    told = await ann.read("/privacy")
    assert set(SAID) == set(personal.TOLD)
    assert [table for table, said in SAID.items() if said not in told] == []


async def test_it_says_until_when_backups_hold_it(ann: Any) -> None:
    ann.services = replace(ann.services, backups_kept=7)
    assert (await ann.read("/privacy")).endswith("The daily backups hold it until 30 Nov.")


async def test_it_is_said_in_russian(ann: Any) -> None:
    ann.language = "ru"
    assert (await ann.read("/privacy")).startswith("Что я храню")
