"""What of a post of an event is news: a number, a name, a negation, a turn; all else is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stories import news

FIRE = "A fire in the port of Marby killed 12 people, the mayor Ivo Kalen said on Monday evening."
ОЖАР = "Пожар в порту города Марбы унёс жизни 12 человек, сообщил мэр Иво Кален."
DENIED = "The mayor of Marby did not resign after the fire in the port, his office said."


def kind(shown: str, post: str) -> str | None:
    found = news.what_is_new([news.read(shown)], news.read(post))
    return None if found is None else found.kind


@pytest.mark.parametrize(
    ("shown", "post"),
    [
        (FIRE, FIRE),
        (FIRE, "12 people killed by fire in Marby, mayor Kalen said on Monday."),
        (FIRE, "TASS: a fire in the port killed 12 people."),
        ("Порт РФ горит, там есть пожар", "Порт России горит: там пожар"),
        (FIRE, "At least 12 people were killed in the port of Marby in a big fire that evening."),
        (FIRE, "The fire in the port of Marby is the biggest that people there remember."),
        (FIRE, "Marby's mayor Kalen said the fire killed 12 people."),
        ("Ukraine buys the ship for the port, they say.", "Ukrainian port buys a ship, they say."),
        (ОЖАР, "Число погибших при пожаре в порту Марбы — 12 человек, заявил мэр города Кален."),
        (ОЖАР, "Мэр Иво Кален рассказал о пожаре в порту Марбы, унёсшем жизни 12 человек."),
        (ОЖАР, "Пожар в порту Марбы, как во сне и на око, погибли 12 человек."),
        ("Суд не отпустил капитана судна под залог.", "Капитана судна под залог не отпустил суд."),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_no_news(shown: str, post: str) -> None:
    assert kind(shown, post) is None


@pytest.mark.parametrize(
    ("shown", "post", "expected"),
    [
        (FIRE, FIRE.replace("12", "13"), "number"),
        (FIRE, FIRE.replace("12", "1.2"), "number"),
        (FIRE, FIRE.replace("Monday", "Tuesday"), "number"),
        (FIRE, FIRE.replace("12 people", "12 people and 3 dogs"), "number"),
        ("Fire: 12 killed, 5 burned in port", "Fire: 5 killed, 12 burned in port", "number"),
        (FIRE, FIRE.replace("Ivo Kalen", "Ann Olsen"), "name"),
        (FIRE, FIRE.replace("Marby", "Olda"), "name"),
        (FIRE, "Olda: the fire in the port killed 12 people on Monday evening.", "name"),
        ("Port of Iran burns, they say today", "Port of Iraq burns, they say today", "name"),
        ("В порту Ирана большой пожар", "В порту Ирака большой пожар", "name"),
        (ОЖАР, ОЖАР.replace("Кален", "Олдин"), "name"),
        (ОЖАР, "Захарова рассказала о пожаре в порту, унёсшем жизни 12 человек.", "name"),
        (ОЖАР, "Пожар в порту тушила бригада ОКО, погибли 12 человек.", "name"),
        (FIRE, FIRE.replace("said", "did not say"), "negation"),
        (DENIED, "The mayor of Marby did resign after the fire in the port.", "negation"),
        ("The mayor didn't sign the paper today", "The mayor did sign the paper today", "negation"),
        ("Суд не освободил капитана судна", "Суд освободил капитана судна вечером", "negation"),
        ("The ministry opens the port for all ships", "The ministry closes the port for all ships",
         "negation"),
        ("Boats go to the north of the bay today", "Boats go to the south of the bay today",
         "negation"),
        ("Nobody knows what became of the boat crew", "Police confirm what became of the boat crew",
         "turn"),
        ("Капитан судна пострадал при пожаре в порту", "Капитан судна скончался после пожара",
         "turn"),
        (FIRE, "12 people killed.", "unclear"),
        (FIRE, ОЖАР, "unclear"),
        (FIRE, "", "unclear"),
        (FIRE, "fire " * 2000, "unclear"),
    ],
)  # fmt: skip
def test_what_is_new_rings(shown: str, post: str, expected: str) -> None:
    assert kind(shown, post) == expected


def test_what_is_new_is_named_where_it_stands() -> None:
    post = "⚡️ Update: fire in the port of Marby killed 13 people, the mayor Ann Kalen said."
    found = news.what_is_new([news.read(FIRE)], news.read(post[2:], start=2))
    assert found is not None
    assert [post[start:end] for start, end in found.fresh] == ["13", "Ann"]


def test_all_that_was_shown_counts() -> None:
    both = [news.read(FIRE), news.read(FIRE.replace("12", "13"))]
    assert news.what_is_new(both, news.read(FIRE.replace("12", "13"))) is None
    assert news.what_is_new([], news.read(FIRE)) == news.UNCLEAR


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_and_is_no_news_to_who_saw_it(one: str, other: str) -> None:
    read = news.read(one)
    found = news.what_is_new([news.read(other), read], read)
    assert found is None or found.kind == "unclear"
    assert all(0 <= a < b <= len(one) for a, b in read.places.values())
