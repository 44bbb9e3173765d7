"""What a post is about, as a vector."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stories import gist
from handlers.stories.gist import Frequencies

BACKGROUND = [
    "Мэрия сообщила о ремонте моста через реку",
    "Мэрия сообщила о новом трамвае в порту",
    "Мэрия сообщила о выставке кошек в музее",
    "The mayor opened a new school in the harbour",
]


def known() -> Frequencies:
    found = Frequencies()
    for text in BACKGROUND:
        found.count(gist.read(text).times)
    return found


def likeness(one: str, other: str) -> float:
    frequencies = known()
    return gist.likeness(*(frequencies.weigh(gist.read(text).times) for text in (one, other)))


def test_forms_of_words_are_one_term() -> None:
    assert likeness("Сгорела пекарня", "Пекарни сгорели") == pytest.approx(1, abs=1e-2)


def test_rare_words_weigh_more_than_frequent_ones() -> None:
    text = "Мэрия сообщила: сгорела пекарня"
    assert likeness(text, "Сгорела пекарня") > 3 * likeness(text, "Мэрия сообщила")


def test_figures_weigh_twice() -> None:
    text = "Пекарня 17"
    assert likeness(text, "17") == pytest.approx(2 * likeness(text, "Пекарня"), rel=1e-2)


@pytest.mark.parametrize("address", ["https://example.org/news/17", "t.me/example", "@example"])
def test_addresses_are_no_words(address: str) -> None:
    assert gist.read(f"Сгорела пекарня {address}") == gist.read("Сгорела пекарня")


def test_what_stands_far_below_is_not_read() -> None:
    text = "слово " * 60
    assert gist.read(text + "пекарня") == gist.read(text)


@pytest.mark.parametrize(
    ("text", "russian"), [("Сгорела дача BMW", True), ("A Ладa burned", False), ("", False)]
)
def test_the_script_of_a_post_is_told(text: str, russian: bool) -> None:
    assert gist.read(text).russian is russian


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=400))
def test_what_is_packed_comes_back_as_it_was(texts: list[str], text: str) -> None:
    frequencies = Frequencies()
    for one in (*texts, text):
        frequencies.count(gist.read(one).times)
    again = Frequencies.unpack(frequencies.posts, frequencies.pack())
    found = frequencies.weigh(gist.read(text).times)
    assert again.counts == frequencies.counts
    assert gist.unpack(gist.pack(found)) == found
    assert list(gist.unpack(gist.pack(found))) == list(found)
    assert 0 <= gist.likeness(found, found) <= 1.05


def test_old_posts_fade_where_there_are_many() -> None:
    found = Frequencies(Frequencies.MOST_POSTS + 1, {2: 9, 4: 1})
    found.settle()
    assert found.posts == Frequencies.MOST_POSTS // 2
    assert found.counts == {2: 4}


def test_a_term_weighs_by_its_rarity_its_figures_and_how_often_it_stands() -> None:
    frequencies = Frequencies(98, {2: 9, 5: 9, 6: 1000})
    weights = {2: math.log(100 / 10), 4: math.log(100), 5: 2 * math.log(10), 6: math.log(100 / 99)}
    weights[4] *= 1 + math.log(3)
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    found = frequencies.weigh({6: 1, 5: 1, 4: 3, 2: 1})
    assert list(found.items()) == [
        (term, round(255 * weights[term] / length)) for term in (4, 5, 2, 6)
    ]
    assert list(frequencies.weigh({8: 1, 4: 1})) == [4, 8]
    assert gist.likeness({2: 255}, {2: 255}) == 1
    assert gist.product({2: 3, 4: 5}, {2: 7, 6: 9}) == 21
    assert gist.figures({2: 1, 3: 1, 5: 1}) == {3, 5}


def test_words_are_counted_by_their_beginnings_and_figures_whole() -> None:
    assert set(gist.read("пекарня пекарни пекар").times.values()) == {3}
    assert len(gist.read("пекар пека").times) == 2
    assert len(gist.read("1234567 1234568 12345").times) == 3
    assert all(term & 1 for term in gist.read("17 2024 5км").times)
    assert not any(term & 1 for term in gist.read("a17 пекарня").times)
    assert gist.read("Ёлка").times == gist.read("елка").times
    assert len(gist.read(" ".join(f"w{number}" for number in range(70))).times) == 64


def test_the_first_letters_are_read() -> None:
    assert len(gist.read("a" * 346 + " bcd").times) == 2
    assert gist.read("x " + "a" * 345 + " bcde").times == gist.read("x " + "a" * 345 + " bc").times
    # An address is taken out of twice as much before it is cut.
    text = "https://example.org/" + "a" * 300 + " пекарня"
    assert gist.read(text).times == gist.read("пекарня").times
    assert gist.read("https://example.org/" + "a" * 680 + " пекарня").times == {}


def test_what_is_rare_is_forgotten_where_there_is_much() -> None:
    most = dict.fromkeys(range(2, 2 * Frequencies.MOST_TERMS + 2, 2), 1)
    kept = Frequencies(5, {**most})
    kept.settle()
    assert (kept.posts, kept.counts) == (5, most)
    full = Frequencies(Frequencies.MOST_POSTS, {**most, 1: 3})
    full.settle()
    assert (full.posts, full.counts) == (Frequencies.MOST_POSTS, {1: 3})
    faded = Frequencies(Frequencies.MOST_POSTS + 2, {2: 1, 4: 2, 6: 3})
    faded.settle()
    assert (faded.posts, faded.counts) == (Frequencies.MOST_POSTS // 2 + 1, {4: 1, 6: 1})


def test_figures_have_odd_numbers_and_words_even_ones() -> None:
    both = {2: 1, 3: 1, 4: 1, 7: 1}
    assert gist.words(both) == {2, 4}
    assert gist.figures(both) == {3, 7}


def test_a_word_spelt_as_in_another_language_makes_no_post_of_it() -> None:
    """Polish posts with "to" are weighed among Polish posts, though most posts have an English
    "to": else their other small words would look rare, and make them alike."""
    known = Frequencies()
    for number in range(200):
        known.count(gist.read(f"ship{number} sails to the port of olda{number}").times)
    posts = [
        f"statek{n} rano{n} wypływa z portu{n} do Oldy{n} i to się liczy{n}" for n in range(20)
    ]
    for post in posts:
        known.count(gist.read(post).times)
    weighed = known.weigh(gist.read(posts[0]).times)
    small = {gist.number(word) for word in ("się", "do", "to", "i", "z")}
    assert all(weight < gist.ONE / 20 for term, weight in weighed.items() if term in small)
    english = known.weigh(gist.read("ship7 sails to the port of olda7 again today").times)
    assert english[gist.number("ship7")] > english[gist.number("the")]


@pytest.mark.parametrize("fewer", [{}, {8: 28, 10: 25}, {8: 55, 10: 40, 12: 31}])
def test_a_short_post_with_one_small_word_is_one_of_its_language(fewer: dict[int, int]) -> None:
    """In "Mayor of Olda pardons son" no other word is as small as "of"; still it is in the language
    that nearly all posts are in."""
    counts = {2: 900, 4: 60, 6: 30, **dict.fromkeys(range(8, 20, 2), 1), **fewer}
    known = Frequencies(1_000, counts)
    weighed = known.weigh(dict.fromkeys(counts, 1))
    assert weighed[4] > 0.4 * weighed[18]
    assert not known.is_foreign(counts)


def test_a_short_post_of_words_that_nothing_else_has_is_one_of_its_language() -> None:
    known = Frequencies(1_000, {2: 900})
    assert not known.is_foreign(range(2, 20, 2))
    assert known.is_foreign(range(4, 20, 2))


def test_a_long_post_with_one_small_word_is_in_another_language() -> None:
    counts = {2: 900, 4: 15, 6: 9, **dict.fromkeys(range(8, 52, 2), 1)}
    known = Frequencies(1_000, counts)
    weighed = known.weigh(dict.fromkeys(counts, 1))
    assert weighed[4] < 0.2 * weighed[50]
