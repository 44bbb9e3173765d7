"""The part of the outbox that one deliverer sends."""

import pytest

from bot.delivering.portion import Portion


@pytest.mark.parametrize(
    ("shares", "seconds"),
    [(None, 0.05), (16, 0.05), (8, 0.1), (6, 0.05 * 16 / 6), (4, 0.2), (1, 0.2), (0, 0.2)],
)
def test_several_deliverers_write_together_as_often_as_one(
    shares: int | None, seconds: float
) -> None:
    mine = None if shares is None else frozenset(range(shares))
    assert Portion(mine).record_tick == pytest.approx(seconds)
