"""Places as datelines name them, by their look. All are invented or big."""

import pytest

from handlers.normalize.datelines import places


@pytest.mark.parametrize(
    "text",
    [
        *("AB", "Oslo", "OSLO", "New York", "THE HAGUE", "St. Petersburg", "U.S.", "г. Тула"),
        *("KYIV, Ukraine", "Rio de Janeiro", "Ростов-на-Дону", "Tver [Kalinin]", "McAllen"),
        *("LaCrosse", "DeKalb", "Anna-Maria", "ABERDEEN OF OLDA NOW IN"),
    ],
)
def test_what_has_the_look_of_a_place(text: str) -> None:
    assert places.is_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "A B C D",
        "Bcdf",
        "Monday",
        "MONDAY",
        "Mon-Repos",
        "ElmPress",
        "springfield",
        "of Oslo",
        "The Hague",
        "Oslo is",
        "Oslo.",
        "Вторник",
        "Bcdf, Oslo",
    ],
)
def test_what_has_not(text: str) -> None:
    assert not places.is_place(text)


@pytest.mark.parametrize(
    ("place", "alone", "dashed", "short", "clear"),
    [
        ("Oslo", True, True, True, False),
        ("OSLO", True, True, True, True),
        ("NEW YORK", True, True, True, True),
        ("New York", True, True, True, True),
        ("Нижний Новгород", True, True, True, True),
        ("Jane Roe", False, False, False, False),
        ("Jane Roe, Ontario", False, False, False, False),
        ("JANE ROE, ONTARIO", True, True, True, True),
        ("Ivanov", False, True, True, False),
        ("Иванов", False, True, True, False),
        ("Ivanov, Russia", True, True, True, False),
        ("Киев", True, True, True, False),  # it ends as a surname does, and is known
    ],
)
def test_how_sure_a_place_is(
    place: str, alone: bool, dashed: bool, short: bool, clear: bool
) -> None:
    found = (
        places.stands_alone(place, dashed=False),
        places.stands_alone(place, dashed=True),
        places.is_short(place),
        places.is_clear(place),
    )
    assert found == (alone, dashed, short, clear)


@pytest.mark.parametrize(
    ("place", "may_be"),
    [
        ("ROMEO", True),
        ("ROME", False),  # too short
        ("SPRINGFIELD", True),
        ("ABBA BABA CACA", True),
        ("ABBA BABA CACA DADA", False),
        ("UPDATE", False),
        ("UPDATE NOW", False),
        ("NATO SUMMIT", False),
        ("REUTERS", False),
        ("МОСКВА", False),
        ("BCDFG", False),
        ("KYIV, Ukraine", True),
    ],
)
def test_a_name_in_capitals_before_a_dash(place: str, may_be: bool) -> None:
    assert places.may_be_alone(place) == may_be


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ("OSLO, May 5. x", ["OSLO"]),
        ("BOSTON, Mass. The x", ["BOSTON", "BOSTON, Mass."]),
        ("PORTLAND, Ore, The", ["PORTLAND", "PORTLAND, Ore"]),
        ("BOSTON Mass. The x", []),
        ("Mass. The x", []),
        ("OSLO (AP) - x", ["OSLO"]),
        ("OSLO /TASS/", ["OSLO"]),
        ("OSLO - The", ["OSLO"]),
        ("OSLO-BERGEN - x", ["OSLO-BERGEN"]),
        ("NEW YORK--(x", ["NEW YORK"]),
        ("lower, x", []),
        ("OSLO", []),
        ("Oslo" + " Oslo" * 14 + "-Bygdøys - x", []),
    ],
)
def test_places_before_a_separator(window: str, found: list[str]) -> None:
    for start in (0, 3):
        listed = list(places.list_places("xx "[:start] + window, start))
        assert [place for place, _ in listed] == found
        assert [end - start for _, end in listed] == [len(place) for place in found]


OPENERS = """
a an at by for from in it its of on our the this that these to we when while with as but if he
she they read watch question updated posted published source photo author mon tue wed thu fri
sat sun montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi
vendredi samedi dimanche lunes martes miércoles jueves viernes monday tuesday wednesday
thursday friday saturday sunday понедельник вторник среда четверг пятница суббота воскресенье
в во на о об по при с со из за это этот эта как когда он она они мы вопрос фото источник
"""


@pytest.mark.parametrize("word", OPENERS.split())
def test_a_word_that_opens_sentences_opens_no_place(word: str) -> None:
    assert not places.is_place(f"{word.title()} Oslo")
    assert not places.is_place(f"{word.upper()}-Oslo")


CITIES = """
New San Los Saint St. Santa Rio Tel Abu Kuala Buenos Hong Addis Phnom Cape Port Mexico Нижний
Великий Новый Ростов Южно Тель Абу
"""


@pytest.mark.parametrize("word", CITIES.split())
def test_a_city_of_two_words_is_no_person(word: str) -> None:
    assert places.is_clear(f"{word} Elmo") and places.is_clear(f"{word}\xa0Elmo")
    assert not places.is_clear(f"{word}x Elmo")


SURNAMES = """
ов ев ёв ин ын ова ева ёва ина ына ский ская ко ян швили дзе ov ev sky
"""


@pytest.mark.parametrize("ending", SURNAMES.split())
def test_what_ends_like_a_surname_is_unsure(ending: str) -> None:
    assert not places.stands_alone(f"Лар{ending}", dashed=False)
    assert places.stands_alone(f"Лар{ending}т", dashed=False)


LINKS = "of the on upon de del la el al and и на над"


@pytest.mark.parametrize("link", LINKS.split())
def test_small_words_link_a_name(link: str) -> None:
    assert places.is_place(f"Elmo {link} Larch") and places.is_place(f"Elmo of {link} Larch")
    assert not places.is_place(f"Elmo {link}") and not places.is_place(f"Elmo {link}x Larch")


SHORT = "St ST Ft FT Mt MT г пос с"


@pytest.mark.parametrize("short", SHORT.split())
def test_a_name_may_begin_with_a_short_word(short: str) -> None:
    for place in (f"{short}. Elmo", f"{short}.Elmo", f"Port {short}. Elmo", f"{short}. A.B."):
        assert places.is_place(place), place
    assert not places.is_place(f"{short}x. Elmo")


@pytest.mark.parametrize("beginning", ["Mc", "Mac", "De", "Di", "Du", "La", "Le"])
def test_some_names_have_a_capital_within(beginning: str) -> None:
    assert places.is_place(f"{beginning}Larch")
    assert not places.is_place(f"Elm{beginning}Larch")


@pytest.mark.parametrize("vowel", "aeiouyаеёиоуыэюяіїєäöüåøæáàâãéèêëîíïóôõúûýığőűəąę")
def test_a_place_has_a_vowel(vowel: str) -> None:
    assert places.is_place(f"Kr{vowel}k") and places.is_place(f"KR{vowel.upper()}K")
    assert not places.is_place("Krk")
