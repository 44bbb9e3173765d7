"""An authority that does not answer holds nothing up for long, and its address is told nobody."""

import asyncio
from typing import Any

import httpx2
import leaping
import pytest

from bot.anchoring import authority
from bot.anchoring.timestamps import RefusedError

URL = "https://ann:s3cret@stamps.example.org/hunter2"


class Web:
    """One that never answers, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def stream(self, *_: Any, **__: Any) -> "Web":
        return self

    async def __aenter__(self) -> None:
        if self._error is not None:
            raise self._error
        await asyncio.Event().wait()

    async def __aexit__(self, *_: object) -> None:
        return None


@pytest.mark.parametrize(
    ("web", "seconds", "said"),
    [
        (Web(), 30, "no answer in time"),
        (Web(httpx2.ConnectError(f"no way to {URL}")), 0, "it can't be asked: ConnectError"),
        (Web(httpx2.InvalidURL(URL)), 0, "it can't be asked: InvalidURL"),
        (Web(ValueError(URL)), 0, "it can't be asked: ValueError"),
    ],
    ids=["silent", "away", "no address", "no sense"],
)
def test_why_nothing_was_stamped_is_said_after_half_a_minute_at_most(
    web: Any, seconds: float, said: str
) -> None:
    async def play() -> float:
        with pytest.raises(RefusedError) as raised:
            await authority.stamp(web, URL, bytes(32))
        assert raised.value.what == said
        return leaping.now()

    assert leaping.run(play()) == seconds
