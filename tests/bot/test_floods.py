"""Whose wait a FLOOD_WAIT is."""

from bot.floods import Floods


def test_one_chat_that_must_wait_is_its_own_affair() -> None:
    floods = Floods()
    assert not floods.met(1, until=30.0, now=0.0)
    assert not floods.met(1, until=60.0, now=31.0)


def test_two_chats_that_must_wait_with_nothing_sent_between_mean_everybody() -> None:
    floods = Floods()
    floods.met(1, until=30.0, now=0.0)
    assert floods.met(2, until=31.0, now=1.0)


def test_a_message_that_got_through_between_them_clears_the_first() -> None:
    floods = Floods()
    floods.met(1, until=30.0, now=0.0)
    floods.passed(started=0.5)
    assert not floods.met(2, until=31.0, now=1.0)


def test_a_message_sent_before_the_wait_proves_nothing() -> None:
    floods = Floods()
    floods.met(1, until=30.0, now=1.0)
    floods.passed(started=0.5)
    assert floods.met(2, until=31.0, now=2.0)


def test_a_wait_that_is_over_does_not_count() -> None:
    floods = Floods()
    floods.met(1, until=30.0, now=0.0)
    assert not floods.met(2, until=90.0, now=31.0)
