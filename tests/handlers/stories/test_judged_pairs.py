"""Pairs of posts in many shapes and languages: what may be hidden of them, and what never is."""

import pytest
from judged_pairs import OTHERS, SAME, TURNED, TURNS, Change, pair

from handlers.stories import judgement, news
from storage.query.words import russian


def judged(earlier: str, later: str, *, same_channel: bool = False) -> judgement.Verdict:
    return judgement.judge(earlier, later, same_channel=same_channel, is_word=russian.is_word)


def rings(earlier: str, later: str) -> bool:
    """Whether it rings for a reader who wants one message for an event."""
    return news.what_is_new([news.read(earlier)], news.read(later)) is not None


@pytest.mark.parametrize("change", OTHERS)
def test_what_says_it_otherwise_is_never_hidden(change: Change) -> None:
    one, other = pair(change)
    for same_channel in (False, True):
        assert judged(one, other, same_channel=same_channel).kind != "fold"
        if change[1]:  # else the other way round it is cut, and says less
            assert judged(other, one, same_channel=same_channel).kind != "fold"


@pytest.mark.parametrize("change", TURNS)
def test_what_turns_it_round_is_not_counted_as_the_same_event(change: Change) -> None:
    one, other = pair(change)
    assert rings(one, other)
    assert rings(other, one)


@pytest.mark.parametrize(("above", "text", "below"), TURNED)
def test_what_was_turned_round_is_not_taken_for_told(above: str, text: str, below: str) -> None:
    for gap in (" ", "\n", "\n\n"):
        whole = gap.join(filter(None, (above, text, below)))
        assert judged(whole, text).kind != "fold"
        assert judged(whole, text, same_channel=True).kind != "fold"


@pytest.mark.parametrize("change", SAME)
def test_what_says_the_same_is_one_message(change: Change) -> None:
    one, other = pair(change)
    for same_channel in (False, True):
        assert judged(one, other, same_channel=same_channel).kind == "fold"
