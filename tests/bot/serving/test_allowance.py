"""How often a minute somebody may ask for something."""

from bot.serving.allowance import Allowance


def test_a_minutes_share_may_be_used_at_once_and_comes_back_evenly() -> None:
    allowance = Allowance(4)
    assert [allowance.take(1, 100.0) for _ in range(5)] == [True] * 4 + [False]
    assert allowance.wait(1, 100.0) == 15.0
    assert not allowance.take(1, 114.0)
    assert allowance.wait(1, 115.0) == 0.0
    assert allowance.take(1, 115.0)
    assert allowance.take(2, 100.0)


def test_who_has_it_all_again_is_forgotten_and_who_waits_is_not() -> None:
    allowance = Allowance(1)
    for key in range(4096):
        allowance.take(key, 0.0)
    allowance.take(5000, 59.0)
    assert not allowance.take(7, 59.0)
    allowance.take(5001, 61.0)
    assert len(allowance._buckets) == 2
    assert not allowance.take(5000, 61.0)
