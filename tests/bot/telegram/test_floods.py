"""Whose wait a FLOOD_WAIT is."""

from bot.telegram.floods import Floods


def test_one_chat_that_must_wait_is_its_own_affair() -> None:
    floods = Floods()
    assert not floods.met(1, until=30.0, now=0.1, started=0.0)
    assert not floods.met(1, until=60.0, now=31.1, started=31.0)


def test_two_chats_that_must_wait_with_nothing_sent_between_mean_everybody() -> None:
    floods = Floods()
    floods.met(1, until=30.0, now=0.1, started=0.0)
    assert floods.met(2, until=31.0, now=1.1, started=1.0)


def test_a_message_that_got_through_between_them_clears_the_first() -> None:
    floods = Floods()
    floods.met(1, until=30.0, now=0.1, started=0.0)
    floods.passed(started=0.5)
    assert not floods.met(2, until=31.0, now=1.1, started=1.0)


def test_what_counts_is_when_messages_were_sent_not_when_their_answers_came() -> None:
    floods = Floods()
    floods.passed(started=0.5)
    assert not floods.met(1, until=30.0, now=0.6, started=0.4)
    assert not floods.met(2, until=30.0, now=0.8, started=0.7)
    floods.passed(started=0.75)
    assert not floods.met(3, until=30.0, now=0.9, started=0.9)
    assert floods.met(4, until=30.0, now=0.95, started=0.91)


def test_a_message_sent_before_the_wait_proves_nothing() -> None:
    floods = Floods()
    floods.met(1, until=30.0, now=1.1, started=1.0)
    floods.passed(started=0.5)
    assert floods.met(2, until=31.0, now=2.1, started=2.0)


def test_a_wait_that_is_over_does_not_count() -> None:
    floods = Floods()
    floods.met(1, until=30.0, now=0.1, started=0.0)
    assert not floods.met(2, until=90.0, now=31.1, started=31.0)


def test_without_a_time_of_sending_the_time_of_the_answer_counts() -> None:
    floods = Floods()
    floods.passed(started=0.5)
    assert not floods.met(1, until=30.0, now=1.0)
    assert floods.met(2, until=30.0, now=2.0)
