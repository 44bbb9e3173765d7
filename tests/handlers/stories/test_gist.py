"""What a post is about, as a vector."""

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
