"""A step is tried again while the database cannot be used, and no longer than it is waited for."""

import asyncio

import leaping
import pytest

from bot.process.patience import patiently
from storage.errors import NotFoundError, StorageError, UnavailableError


class Step:
    """Fails so often, then gives its number."""

    def __init__(self, failures: int, error: StorageError) -> None:
        self.failures, self.error, self.tries = failures, error, 0

    async def __call__(self) -> int:
        self.tries += 1
        if self.tries <= self.failures:
            raise self.error
        return self.tries


LOCKED = UnavailableError("held", cause="lock")


async def test_what_passes_is_waited_for() -> None:
    step = Step(2, LOCKED)
    assert await patiently(step, asyncio.get_running_loop().time() + 60.0) == 3


@pytest.mark.parametrize(
    ("error", "seconds"), [(LOCKED, 0.0), (NotFoundError("gone"), 60.0), (StorageError("?"), 60.0)]
)
async def test_what_does_not_pass_or_not_in_time_is_not_tried_again(
    error: StorageError, seconds: float
) -> None:
    step = Step(1, error)
    with pytest.raises(type(error)):
        await patiently(step, asyncio.get_running_loop().time() + seconds)
    assert step.tries == 1


def test_it_is_tried_again_after_ever_longer_pauses_of_five_seconds_at_most() -> None:
    tries: list[float] = []

    async def refused() -> None:
        tries.append(leaping.now())
        raise LOCKED

    async def play() -> None:
        with pytest.raises(UnavailableError):
            await patiently(refused, asyncio.get_running_loop().time() + 22.0)

    leaping.run(play())
    assert tries == [0, 0.2, 0.6, 1.4, 3, 6.2, 11.2, 16.2, 21.2]
