"""/about and /privacy: what the bot says of itself and of what it keeps."""

import dataclasses
from typing import Any

import pytest

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
    ann.services = dataclasses.replace(ann.services, authors=authors)
    await ann.say("/alert ferry")
    told = await ann.read("/privacy")
    assert said in told
    assert "1 alert and your digests" in told
    assert "/mydata" in told
    assert "/forgetme" in told


async def test_it_says_until_when_backups_hold_it(ann: Any) -> None:
    ann.services = dataclasses.replace(ann.services, backups_kept=7)
    assert (await ann.read("/privacy")).endswith("The daily backups hold it until 30 Nov.")


async def test_it_is_said_in_russian(ann: Any) -> None:
    ann.language = "ru"
    assert (await ann.read("/privacy")).startswith("Что я храню")
