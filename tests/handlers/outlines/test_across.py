"""Stories told in Russian and in English find each other, and others do not."""

import math
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
    ("sizes", "is_enough"), [((7, 1), True), ((1, 7), True), ((6, 6), False), ((1, 1), False)]
)
def test_a_larger_story_is_the_same_with_less_likeness(
    sizes: tuple[int, int], is_enough: bool
) -> None:
    """Four terms of 32: an eighth, where .16 is enough; seven posts add .1 for each doubling."""
    one, other = (
        across._Story(
            best=posted(1, of), size=size, first=0.0, last=0.0,
            posts=(
                across._weighed(told(words=3, names=1, own_words=28, of=of), lambda _: 1.0),
            ),
        )
        for of, size in zip(("one", "other"), sizes, strict=True)
    )  # fmt: skip
    assert (across._nearest(one, [other], lambda _: 1.0) == other.best) is is_enough


@pytest.mark.parametrize(("place", "found"), [(119, FERRY_RU), (120, None)])
def test_the_hundred_and_twenty_weightiest_are_compared(place: int, found: str | None) -> None:
    others = [f"Паромы на Волге встали из-за льда {n}" for n in range(130)]
    assert find(FERRY, [*others[:place], FERRY_RU, *others[place:]]) == found


@pytest.mark.parametrize(("place", "is_read"), [(0, True), (2, True), (3, False)])
def test_of_a_story_its_middle_and_the_two_first_other_posts_are_read(
    place: int, is_read: bool
) -> None:
    middle = "Barley is cheaper in the third week of the year, the exchange says again"
    texts = [f"{middle} {n}" for n in range(6)]
    texts.insert(place, FERRY)
    shown = [posted(n, text) for n, text in enumerate(texts, 1)]
    found = find_counterparts([shown], [[posted(1, FERRY_RU)]], archive())
    assert bool(found) is is_read


@pytest.mark.parametrize(
    ("key", "words", "posts", "expected"),
    [
        # The words of a term are counted in the script of most posts, and as in one post more.
        ("port", ((1, 2), ()), (100, 10), math.log(102 / 31)),
        ("ru:порт", ((1, 2), ()), (100, 10), 0.7 * math.log(102 / 31)),
        ("en:port", ((9,), (4,)), (10, 100), 0.7 * math.log(102 / 8)),
        ("port", ((9,), (4,)), (10, 100), math.log(102 / 8)),
        ("port", ((7,), (4,)), (100, 10), math.log(102 / 1)),
        # Two words of one post make no two posts.
        ("port", ((1, 2, 3), ()), (100, 10), math.log(102 / 101)),
        # What has no word there weighs as much as something rare.
        ("port", ((), (4,)), (100, 10), 6.0),
        ("ru:порт", ((), (4,)), (100, 10), 0.7 * 6.0),
        ("en:port", ((1,), ()), (10, 100), 0.7 * 6.0),
    ],
)
def test_a_term_weighs_more_the_rarer_it_is_and_if_both_languages_have_it(
    key: str, words: tuple[Sequence[int], Sequence[int]], posts: tuple[int, int], expected: float
) -> None:
    russian, other = posts
    archive = {
        False: Frequencies(other, {4: 7, 9: 3}),
        True: Frequencies(russian, {1: 10, 2: 20, 3: 90, 9: 3}),
    }
    weigh = across.weigher(archive)
    term = Term(key, False, (frozenset(words[0]), frozenset(words[1])))
    assert [weigh(term), weigh(term)] == pytest.approx([expected] * 2)


def test_without_an_archive_all_terms_are_as_rare() -> None:
    nothing = (frozenset[int](), frozenset[int]())
    weights = [across.weigher({})(Term(key, False, nothing)) for key in ("port", "en:port")]
    assert weights == pytest.approx([6.0, 0.7 * 6.0])


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [("para", True), ("bullet", True), ("hashtags", False), ("cta", False), ("location", False)],
)
def test_what_stands_beside_what_is_told_is_not_compared(kind: Any, is_told: bool) -> None:
    document = posted(1, "The ferry sails").document
    shown = replace(document, body=(*document.body, Block(type=kind, text="Subscribe")))
    assert ("Subscribe" in across._text(shown)) is is_told
