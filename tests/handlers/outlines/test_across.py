"""Stories told in Russian and in English find each other, and others do not."""

from collections.abc import Sequence
from typing import Any

import pytest

from handlers.outlines import across
from handlers.outlines.across import find_counterparts, speaks_russian
from handlers.outlines.bilingual import Said, Term, Terms
from handlers.outlines.posted import Posted
from handlers.stories.gist import Frequencies, read
from storage.document import Block
from storage.structs import replace
from tests.handlers.outlines.test_outline import posted

FERRY = "The ferry Example has run aground off Norway, 340 passengers were rescued by helicopters"
FERRY_RU = "У берегов Норвегии сел на мель паром «Пример»: вертолёты спасли 340 пассажиров"
OTHERS_RU = (
    "В Норвегии выросли цены на бензин: литр стоит 24 кроны, сообщает статистика страны",
    "Парламент Норвегии одобрил бюджет на следующий год, за него голосовали 88 депутатов",
    "Паромы на Волге встали из-за льда, пассажиров перевозят автобусами",
)


def archive() -> dict[bool, Frequencies]:
    """In which a word of the texts is rare, and small words are not."""
    russian = Frequencies()
    for n in range(400):
        russian.count(read(f"и в на из за у сообщает страны год лет слово{n}").times)
    return {True: russian, False: Frequencies()}


def find(shown: str, others: Sequence[str], *, minutes: int = 0) -> str | None:
    """The text that is found for one."""
    groups = [[posted(n, text, channel=2, minutes=minutes)] for n, text in enumerate(others, 1)]
    found = find_counterparts([[posted(1, shown)]], groups, archive())
    return found[0].document.title if found else None


@pytest.mark.parametrize(("shown", "told"), [(FERRY, FERRY_RU), (FERRY_RU, FERRY)])
def test_a_story_is_found_in_the_other_language(shown: str, told: str) -> None:
    assert (
        find(shown, [*OTHERS_RU, "Barley is cheaper in the third week of the year", told]) == told
    )


def test_what_shares_only_a_country_is_not_the_same() -> None:
    assert find(FERRY, OTHERS_RU) is None


def test_words_alone_are_not_enough() -> None:
    unnamed = "The ferry has run aground, the passengers were rescued by a helicopter of the fleet"
    assert find(unnamed, ["Паром сел на мель, пассажиров спас вертолёт флота"]) is None


def test_it_is_looked_for_within_a_day() -> None:
    assert find(FERRY, [FERRY_RU], minutes=23 * 60) == FERRY_RU
    assert find(FERRY, [FERRY_RU], minutes=25 * 60) is None


def test_other_languages_are_left_alone() -> None:
    ukrainian = "Біля берегів Норвегії сів на мілину пором «Приклад»: врятовано 340 пасажирів"
    assert speaks_russian([posted(1, ukrainian)]) is None
    assert find(FERRY, [ukrainian]) is None
    assert find(ukrainian, [FERRY]) is None


def test_a_story_without_words_or_dates_is_in_nobodys_way() -> None:
    silent = posted(1, "")
    assert speaks_russian([silent]) is None
    undated = Posted(document=posted(2, FERRY_RU).document, story="tg:1/2")
    assert find_counterparts([[posted(1, FERRY)]], [[silent], [undated]], archive())


def told(*, words: int, names: int, own_words: int = 0, own_names: int = 0, of: str) -> Terms:
    """The terms of a text: so many that both have, so many of its own."""
    keys = [
        *((f"word {n}", False) for n in range(words)),
        *((f"name {n}", True) for n in range(names)),
        *((f"{of} word {n}", False) for n in range(own_words)),
        *((f"{of} name {n}", True) for n in range(own_names)),
    ]
    nothing = (frozenset[int](), frozenset[int]())
    return {key: Said(Term(key, named, nothing), n) for n, (key, named) in enumerate(keys)}


def likeness(one: Terms, other: Terms) -> float:
    first, second = (across._weighed(terms, lambda _: 1.0) for terms in (one, other))
    found = across._likeness(first, second, lambda _: 1.0)
    assert across._likeness(second, first, lambda _: 1.0) == found
    return found


@pytest.mark.parametrize(
    ("shared", "one", "other", "expected"),
    [
        ({"words": 2, "names": 2}, {}, {}, 1),
        ({"words": 3, "names": 1}, {}, {}, 1),
        ({"words": 2, "names": 1}, {}, {}, 0),
        ({"words": 1, "names": 3}, {}, {}, 0),
        ({"words": 4, "names": 0}, {}, {}, 0),
        ({"words": 2, "names": 2}, {"own_words": 2}, {"own_words": 2}, 4 / 6),
        ({"words": 2, "names": 2}, {"own_names": 2}, {"own_names": 2}, 4 / 6 * 3 / 4),
        # Who says more names does not disagree with who says fewer.
        ({"words": 2, "names": 2}, {"own_names": 5}, {}, 4 / 6),
        ({"words": 2, "names": 2}, {"own_names": 5}, {"own_words": 5}, 4 / 9),
    ],
)
def test_the_likeness_is_less_as_far_as_names_disagree(
    shared: dict[str, int], one: dict[str, int], other: dict[str, int], expected: float
) -> None:
    found = likeness(told(**shared, **one, of="one"), told(**shared, **other, of="other"))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("words", "names", "own_words", "own_names", "is_enough"),
    [
        (3, 1, 16, 0, True),
        (3, 1, 15, 1, False),  # 0.2, but one name of two
        (2, 3, 19, 1, True),  # 0.2, and three names of four
    ],
)
def test_a_likeness_that_is_enough_is_not_where_names_disagree(
    words: int, names: int, own_words: int, own_names: int, is_enough: bool
) -> None:
    shared = {"words": words, "names": names}
    own = {"own_words": own_words, "own_names": own_names}
    one, other = (told(**shared, **own, of=of) for of in ("one", "other"))
    assert (likeness(one, other) >= across.LEAST) is is_enough


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [("para", True), ("bullet", True), ("hashtags", False), ("cta", False), ("location", False)],
)
def test_what_stands_beside_what_is_told_is_not_compared(kind: Any, is_told: bool) -> None:
    document = posted(1, "The ferry sails").document
    shown = replace(document, body=(*document.body, Block(type=kind, text="Subscribe")))
    assert ("Subscribe" in across._text(shown)) is is_told
