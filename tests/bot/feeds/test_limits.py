"""How often something may be asked for."""

import pytest

from bot.feeds.limits import Allowance, asker


def test_what_was_taken_comes_back_evenly_and_no_more_than_all_of_it() -> None:
    allowance = Allowance(3, 60.0)
    assert [allowance.take("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert allowance.take("b", 0.0)
    assert not allowance.take("a", 19.0)
    assert allowance.take("a", 20.0)
    assert not allowance.take("a", 20.0)
    assert [allowance.take("a", 1e6) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_goes_back_gives_nothing() -> None:
    allowance = Allowance(1, 60.0)
    assert allowance.take("a", 100.0)
    assert not allowance.take("a", 0.0)


def test_so_many_are_remembered() -> None:
    allowance = Allowance(1, 60.0, known=2)
    assert [allowance.take(name, 0.0) for name in "abc"] == [True] * 3
    assert not allowance.take("c", 0.0)
    assert not allowance.take("b", 0.0)
    assert allowance.take("a", 0.0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        (None, "", True),
    ],
)
def test_addresses_are_counted_by_who_has_them(one: str, other: str, same: bool) -> None:
    assert (asker(one) == asker(other)) is same
