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
