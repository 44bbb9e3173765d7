"""Which stories go on from others, and which are only alike."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.outlines import themes
from handlers.outlines.across import weigher
from handlers.outlines.posted import Posted
from handlers.stories.gist import Frequencies
from tests.handlers.outlines.test_outline import posted

weigh = weigher({True: Frequencies(posts=400), False: Frequencies()})

PROTEST = (
    "В Марлине полиция вытеснила протестующих с проспекта Зорина, задержаны сорок человек",
    "Протестующие в Марлине вернулись к парламенту, полиция закрыла проспект Зорина",
)
LATER = (
    "Протестующие в Марлине снова вышли на проспект Зорина, полиция применила водометы",
    "Оппозиция Марлина обещает, что протесты у проспекта Зорина будут идти до выборов",
)
FIRE = ("Крупный пожар на складе в городе Северове потушен, площадь составила тысячу метров",)
OTHER_FIRE = ("Крупный пожар на складе в городе Южнове потушен, площадь составила сотню метров",)
DRONES = ("Ночью над Марлинской и Зоринской областями сбиты беспилотники, сообщили военные",)
MORE_DRONES = (
    "Ночью над Марлинской и Зоринской областями сбиты десять беспилотников, пострадавших нет",
)


def story(texts: Sequence[str]) -> list[Posted]:
    return [posted(number, f"\n{text}") for number, text in enumerate(texts, 1)]


def are_of_one_theme(one: Sequence[str], other: Sequence[str]) -> bool:
    first, second = story(one), story(other)
    middles = [themes.middle(post.gist for post in group) for group in (first, second)]
    names = [themes.read_names(group, weigh) for group in (first, second)]
    return themes.list_likely(middles[0], {7: middles[1]}) == [7] and themes.share_names(*names)


def test_a_course_of_events_is_of_one_theme() -> None:
    assert are_of_one_theme(PROTEST, LATER)
    assert are_of_one_theme(LATER, PROTEST)


@pytest.mark.parametrize(
    ("one", "other"),
    [(FIRE, OTHER_FIRE), (DRONES, MORE_DRONES), (PROTEST, FIRE), (LATER, DRONES)],
)
def test_what_is_only_alike_is_not(one: Sequence[str], other: Sequence[str]) -> None:
    assert not are_of_one_theme(one, other)


def test_the_likest_comes_first_and_nothing_is_like_nothing() -> None:
    protest, later, fire = (
        themes.middle(post.gist for post in story(texts)) for texts in (PROTEST, LATER, FIRE)
    )
    assert themes.list_likely(protest, {1: later, 2: protest, 3: fire, 4: {}}) == [2, 1]
    assert themes.list_likely({}, {1: later}) == []


def test_three_earlier_stories_are_compared_by_their_names_and_no_more() -> None:
    story = {1: 10, 2: 10}
    others = {name: {1: 10, 2: 10, 3: own} for name, own in ((7, 4), (5, 1), (6, 3), (9, 2))}
    assert themes.list_likely(story, others) == [5, 9, 6]


@pytest.mark.parametrize(("weight", "counts"), [(3.0, True), (2.99, False)])
def test_the_rare_names_of_a_storys_first_six_posts_are_read(weight: float, counts: bool) -> None:
    names = themes.read_names(story([PROTEST[0]] * 8), lambda _: weight)
    assert len(names) == 6
    assert [bool(post) for post in names] == [counts] * 6


@pytest.mark.parametrize(
    ("alike", "order"),
    [
        ([], [0, 1, 2, 3, 4]),
        ([(0, 3)], [0, 3, 1, 2, 4]),
        ([(1, 4), (0, 3)], [0, 3, 1, 4, 2]),
        ([(0, 2), (2, 4)], [0, 2, 4, 1, 3]),
        ([(2, 4), (0, 4)], [0, 2, 4, 1, 3]),
    ],
)
def test_a_theme_stands_under_its_first_story(
    alike: list[tuple[int, int]], order: list[int]
) -> None:
    assert themes.in_themes(alike, 5) == order


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_no_story_is_lost_in_themes(alike: list[tuple[int, int]]) -> None:
    order = themes.in_themes(alike, 10)
    assert sorted(order) == list(range(10))
    assert order[0] == 0
