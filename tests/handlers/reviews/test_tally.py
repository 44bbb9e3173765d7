"""What rose and fell, by posts that were counted."""

from collections.abc import Iterable

import pytest

from handlers.reviews.tally import LEAST_CHANNELS, TOGETHER, Tally, Trend, find_trends
from handlers.reviews.words import Said

Post = tuple[int, str, str]
"""Its channel, its story, its words."""


def tally(posts: Iterable[Post]) -> Tally:
    made = Tally()
    for number, (channel, story, words) in enumerate(posts):
        made.add(f"p{number}", channel, story, Said(frozenset(words.split()), frozenset()))
    return made


def posts(count: int, words: str, *, channels: int = 4, start: int = 0) -> list[Post]:
    return [(n % channels, f"s{start + n}", words) for n in range(count)]


def filler(count: int = 200) -> list[Post]:
    return posts(count, "harbour", start=10_000)


def rising(now: list[Post], before: list[Post], most: int = 5) -> list[Trend]:
    return find_trends(
        tally([*now, *filler()]),
        tally([*before, *filler()]),
        rising=True,
        most=most,
        is_topical=lambda word: word != "late",
    )


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (20, 0, True),
        (12, 0, True),
        (30, 4, True),
        (4, 0, False),  # too few
        (20, 18, False),  # as ever
        (20, 11, False),  # not twice as often
        (6, 2, False),  # by chance
    ],
)
def test_only_what_is_much_more_often_rises(now: int, before: int, told: bool) -> None:
    found = rising(posts(now, "ferry"), posts(before, "ferry"))
    assert [(one.words, one.posts, one.before) for one in found] == [
        (("ferry",), now, before)
    ] * told


@pytest.mark.parametrize(("before", "least"), [(0, 9), (1, 14), (2, 17), (4, 22), (8, 30)])
def test_the_more_there_was_before_the_more_it_takes(before: int, least: int) -> None:
    had = posts(before, "ferry")
    assert not rising(posts(least - 1, "ferry"), had)
    assert rising(posts(least, "ferry"), had)


def test_what_one_channel_says_much_is_no_trend() -> None:
    assert not rising(posts(30, "ferry", channels=LEAST_CHANNELS - 1), [])
    assert rising(posts(30, "ferry", channels=LEAST_CHANNELS), [])


def test_where_there_is_one_channel_it_is_enough() -> None:
    now, before = tally(posts(30, "ferry", channels=1)), tally(posts(60, "crane", channels=1))
    found = find_trends(now, before, rising=True, most=5, is_topical=bool)
    assert [one.words for one in found] == [("ferry",)]


def test_copies_are_one_statement() -> None:
    assert not rising([(channel, "one", "ferry") for channel in range(30)], [])


def test_words_that_say_nothing_of_a_week_are_left_out() -> None:
    assert [one.words for one in rising(posts(30, "ferry late"), [])] == [("ferry",)]


def test_words_of_the_same_posts_are_told_together() -> None:
    together = posts(20, "anchor boat crane ferry quay")
    apart = posts(14, "storm", start=500)
    first, second = rising([*together, *apart], [])
    assert len(first.words) == TOGETHER
    assert set(first.words) < {"anchor", "boat", "crane", "ferry", "quay"}
    assert second.words == ("storm",)


def test_so_many_are_told_the_surest_first() -> None:
    now = [one for n in range(6) for one in posts(14 + 2 * n, f"w{n}", start=1000 * n)]
    assert [one.words for one in rising(now, [], most=3)] == [("w5",), ("w4",), ("w3",)]


def test_what_fell_says_how_much_it_was() -> None:
    now, before = tally(filler()), tally([*posts(30, "ferry"), *filler()])
    (found,) = find_trends(before, now, rising=False, most=5, is_topical=bool)
    assert (found.posts, found.before) == (0, 30)
    assert found.places == tuple(range(30))


def test_of_nothing_nothing_is_told() -> None:
    assert not find_trends(Tally(), Tally(), rising=True, most=5, is_topical=bool)


@pytest.mark.parametrize(
    ("now", "others_now", "before", "others_before", "told"),
    [
        # Half a post more with the word, and half a one without it, in either span.
        (18, 2, 15, 20, True),  # 2.05 times; 2.10 as counted
        (40, 5, 8, 10, False),  # 1.97 times; 2.00 as counted
    ],
)
def test_how_much_more_often_is_taken_with_care_where_there_is_little(
    now: int, others_now: int, before: int, others_before: int, told: bool
) -> None:
    more, less = (
        tally([*posts(with_it, "ferry"), *filler(without)])
        for with_it, without in ((now, others_now), (before, others_before))
    )
    found = find_trends(more, less, rising=True, most=5, is_topical=lambda word: word == "ferry")
    assert bool(found) is told
