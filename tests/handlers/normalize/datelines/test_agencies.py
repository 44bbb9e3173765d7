"""News agencies as datelines name them. Those that are not big are invented."""

import pytest

from handlers.normalize.datelines import agencies
from handlers.normalize.datelines.agencies import Agency


@pytest.mark.parametrize(
    ("window", "name", "length", "bracketed", "known"),
    [
        ("(AP) —", "AP", 4, True, True),
        ("/TASS/.", "TASS", 6, True, True),
        ("/ TASS/.", "TASS", 7, True, True),
        ("/Корр. ТАСС Анна Роу/", "ТАСС", 21, True, True),
        ("(Corr. Elm Wire Anna Roe)", "Elm Wire", 25, True, False),
        ("(Xinhua correspondent Anna)", "Xinhua", 27, True, True),
        ("/TASS, Anna Roe/", "TASS", 16, True, True),
        ("(Elm News)", "Elm News", 10, True, False),
        ("(Reuters/service)", "Reuters/service", 17, True, True),
        ("(Reuters / ABC)", "Reuters / ABC", 15, True, True),
        ("(Elm/Oak)", "Elm/Oak", 9, True, False),
        ("(dpa)", "dpa", 5, True, True),
        ("TASS.", "TASS", 4, False, True),
        ("Reuters/ENA -", "Reuters/ENA", 11, False, True),
        ("RIA Elm, x", "RIA Elm", 7, False, True),
        ("RIA Elm. x", "RIA", 3, False, True),
        ("dpa -", "dpa", 3, False, True),
    ],
)
def test_agencies_in_brackets_and_known_ones(
    window: str, name: str, length: int, bracketed: bool, known: bool
) -> None:
    for before in ("", "OSLO "):
        end = len(before) + length
        expected = Agency(name=name, end=end, bracketed=bracketed, known=known)
        assert agencies.read(before + window, len(before)) == expected


@pytest.mark.parametrize(
    "window",
    [
        "(elm news)",
        "(5 May 2022)",
        "(ap)",
        "(TASS/XY9x!)",
        "(Elm/oak)",
        "(AP",
        "()",
        "",
        "nothing",
        "reuters -",
        "Trending",
        "Elm -",
    ],
)
def test_what_names_no_agency(window: str) -> None:
    assert agencies.read(window, 0) is None


@pytest.mark.parametrize(
    ("window", "name", "start"),
    [
        (". ElmPress. x", "ElmPress", 2),
        (", ElmPress - x", "ElmPress", 2),
        (" - ElmPress, Anna Roe. x", "ElmPress", 3),
        (". Elm News - The", "Elm News", 2),
        (". Агентство Вяз - x", "Агентство Вяз", 2),
        (" ENA - x", "ENA", 1),
        (". " + "E" * 30 + ". x", "E" * 30, 2),
    ],
)
def test_names_that_look_like_an_agencys(window: str, name: str, start: int) -> None:
    expected = Agency(name=name, end=start + len(name), bracketed=False, known=False)
    assert agencies.read_unlisted(window, 0) == expected


@pytest.mark.parametrize(
    "window", [". NATO. x", ". Elm. x", ". ElmPress x", "ElmPress. x", ". " + "E" * 31 + ". x"]
)
def test_names_that_do_not(window: str) -> None:
    assert agencies.read_unlisted(window, 0) is None


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("TASS", True),
        (" tass ", True),
        ("TASS, Reuters", True),
        ("TASS/AP", True),
        ("TASS and Reuters", False),
        ("ENA", False),
        ("Elm", False),
        ("", False),
    ],
)
def test_the_name_of_known_ones_and_nothing_else(text: str, is_name: bool) -> None:
    assert agencies.is_name(text) == is_name


def test_a_name_that_is_spelled_out() -> None:
    text = "Elm News Agency (ENA)"
    found = agencies.read_spelled(f"x {text} -", 2)
    assert found == Agency(name=text, end=2 + len(text), bracketed=True, known=True)
    assert agencies.read_spelled("Elm (ENA)", 0) is None


@pytest.mark.parametrize(
    ("name", "says_so"),
    [
        ("Elm News", True),
        ("News", True),
        ("News of Elm", True),
        ("example.com", True),
        ("Elm", False),
        ("example.xyz", False),
        ("elm.example.com", False),
    ],
)
def test_what_calls_itself_an_agency(name: str, says_so: bool) -> None:
    assert agencies.calls_itself_one(name) == says_so


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("KAZINFORM The mayor said", True),
        ("KazInform The mayor said", False),
        ("KAZINFORM. The mayor said", False),
        ("KAZINFORM The Mayor said", False),
        ("TASS The mayor said", True),
        ("RIA The mayor said", False),
    ],
)
def test_an_agency_right_before_the_text(text: str, stands: bool) -> None:
    agency = agencies.read_known(f"OSLO. {text}", 6)
    assert agency is not None
    assert agencies.stands_before_text(f"OSLO. {text}", agency) == stands


OF_AGENCIES = """
Agency Agencia Agencea Agenzia Agence News Press Presse Prensa Wire Newswire Service Media Агентство
Новости Пресс Информ Медиа
"""


@pytest.mark.parametrize("word", OF_AGENCIES.split())
def test_a_word_that_only_agencies_have_in_their_names(word: str) -> None:
    assert agencies.calls_itself_one(f"Elm {word}") and agencies.calls_itself_one(f"{word} of Elm")
    assert not agencies.calls_itself_one(f"Elm {word}x")
    for name in (f"Elm {word}", f"Elm Oak {word} News", f"{word} Elm Oak"):
        found = agencies.read_unlisted(f". {name} - x", 0)
        assert found is not None and found.name == name


DOMAINS = "com org net info ru az by ge kg kz uz"


@pytest.mark.parametrize("domain", DOMAINS.split())
def test_an_address_of_an_agency(domain: str) -> None:
    assert agencies.calls_itself_one(f"elm-news1.{domain}")
    assert not agencies.calls_itself_one(f"elm.{domain}x")
