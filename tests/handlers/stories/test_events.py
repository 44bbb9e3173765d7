"""Posts of one event come together in other words, within their time, and nothing else does."""

import itertools
import math
import random

import pytest

from handlers.stories import events, threads
from handlers.stories.events import DAY, HOUR, Event, Joined, Window
from handlers.stories.gist import likeness
from handlers.stories.threads import Threads

MORNING = 1_700_000_000
BACKGROUND = [
    "Мэрия сообщила о ремонте моста через реку",
    "В порту открыли новую школу, сообщила мэрия",
    "Сегодня в городе ждут снега и сильного ветра",
    "The mayor said that the tram would be late",
    "A choir sang in the harbour on Sunday, the council said",
    "The council opened a new school near the bridge",
] * 20

FIRE = "Крупный пожар в пекарне Ватрушкина: горит крыша, эвакуировали 17 человек"
FIRE_AGAIN = "Пожар на пекарне Ватрушкина потушили, из горящего здания вывели 17 человек"
FIRE_LATER = "Владелец Ватрушкин оценил ущерб от пожара в пекарне в 2 миллиона"
TRAM = "Трамвай сошёл с рельсов у музея, движение на линии закрыто до полудня"


class Thread:
    """Posts on their way into events."""

    def __init__(self) -> None:
        self.threads = Threads()
        for text in BACKGROUND:
            self._count(threads.read_post(text))
        self._ids = itertools.count(1)

    def _count(self, reading: threads.PostTerms) -> None:
        self.threads.count(reading.terms.times, russian=reading.terms.russian)

    def post(self, text: str, *, hours: float = 0, told: int | None = None) -> events.Joined:
        reading = threads.read_post(text)
        self._count(reading)
        at = MORNING + int(hours * HOUR)
        about = self.threads.weigh(reading)
        return self.threads.join(next(self._ids), at, about, terms=reading.terms, told=told)


@pytest.fixture
def thread() -> Thread:
    return Thread()


FOREIGN = {
    "Turkish": (
        "Kuzey limanında dün gece çıkan yangın için ekipler bölgeye gönderildi, iki kişi yaralandı",
        "Kuzey limanında çıkan yangında iki kişi yaralandı, ekipler yangın için gönderildi",
        "Eğitim bakanlığı bu yıl okullar için yeni bir ders kitabı hazırladı ve dağıttı",
        "Merkez bankası faiz oranını bu ay için değiştirmedi ve piyasalar bir süre bekleyecek",
        "Bakan Orta Ova iline bir ziyaret yaptı ve çiftçilerle bu yılki hasat için görüştü",
        "Milli takım dostluk maçı için bu hafta kampa girdi ve bir oyuncu sakatlandı",
        "Belediye meclisi yeni bir park için karar aldı ve ağaç dikimi bu ay başlayacak",
    ),
    "Hebrew": (
        "שריפה גדולה במחסן עצים ליד הנמל הצפוני, שלושה לוחמי אש נפגעו על פי הדיווח",
        "שלושה לוחמי אש נפגעו בשריפה גדולה במחסן עצים ליד הנמל הצפוני על פי הדיווח",
        "בית המשפט דחה היום את העתירה של העובדים על פי החלטה של השופט כי אין עילה",
        "המשטרה עצרה היום חשוד על פי צו של בית המשפט כי נמצא נשק בביתו",
        "הקבוצה ניצחה היום במשחק של הליגה על פי החלטה של השופט בתוספת הזמן",
        "מזג האוויר של סוף השבוע יהיה נאה על פי התחזית כי הגשמים יפסקו היום",
    ),
}


@pytest.mark.parametrize("language", FOREIGN)
def test_the_small_words_of_a_language_that_few_write_join_nothing(language: str) -> None:
    """They are rare in the archive, as names are."""
    known = Thread()
    for script in known.threads.frequencies.values():
        for number in range(500):  # posts of other languages
            script.count({2 * number + 10_000, 4, 8})
    fire, again, *others = FOREIGN[language]
    first = known.post(fire).event
    assert known.post(again, hours=0.1).event == first
    events_of = [known.post(text, hours=n / 2).event for n, text in enumerate(others, 1)]
    assert len({first, *events_of}) == len(others) + 1


def test_other_words_for_one_event_join(thread: Thread) -> None:
    first = thread.post(FIRE).event
    assert thread.post(FIRE_AGAIN, hours=1).event == first
    assert thread.post(TRAM, hours=1).event != first


def test_english_posts_join_too(thread: Thread) -> None:
    first = thread.post("A fire broke out in the Vatrushkin bakery, 17 people were led out").event
    assert thread.post("17 people were led out of the burning Vatrushkin bakery").event == first
    assert thread.post("A tram derailed near the museum, nobody was hurt").event != first


def test_posts_may_come_out_of_order(thread: Thread) -> None:
    first = thread.post(FIRE_AGAIN, hours=1).event
    assert thread.post(FIRE).event == first


@pytest.mark.parametrize(("hours", "joins"), [(5, True), (30, False), (-30, False)])
def test_more_likeness_is_asked_for_the_longer_ago_it_was(
    thread: Thread, hours: float, joins: bool
) -> None:
    first = thread.post(FIRE).event
    assert (thread.post(FIRE_AGAIN, hours=hours).event == first) is joins


def test_no_event_is_longer_than_two_days(thread: Thread) -> None:
    found = [thread.post(FIRE, hours=hours).event for hours in range(0, 200, 5)]
    assert len(set(found)) == 4
    for event in thread.threads.window.events.values():
        assert event.last - event.first <= events.LONGEST


def test_after_hours_other_figures_tell_another_event(thread: Thread) -> None:
    report = "Сводка обстановки: сбито {} дронов над портом и музеем, пострадавших нет"
    first = thread.post(report.format(15)).event
    assert thread.post(report.format(15), hours=24).event == first
    assert thread.post(report.format(43), hours=48).event != first


def test_a_copy_joins_whatever_it_says_while_the_event_lasts(thread: Thread) -> None:
    first = thread.post(FIRE).event
    assert thread.post("Смотрите!", hours=40, told=first).event == first
    assert thread.post("Смотрите!", hours=60, told=first).event != first


def test_events_that_turn_out_to_be_one_are_merged_under_the_older_name() -> None:
    window = events.Window()
    both = {2: 180, 4: 180}
    posts = [{2: 255}, {4: 255}, both, both, {4: 255}]
    joined = [
        window.join(number, MORNING, gist, asked=0.25) for number, gist in enumerate(posts, start=1)
    ]
    assert [one.event for one in joined] == [1, 2, 1, 1, 1]
    assert [one.merged for one in joined] == [(), (), (), (2,), ()]
    assert sorted(window.events[1].posts) == [1, 2, 3, 4, 5]


def test_a_merge_that_another_process_recorded_is_followed() -> None:
    window = events.Window()
    window.add(1, MORNING, {2: 255}, 1)
    window.add(2, MORNING, {4: 255}, 2)
    window.merge(2, 1)
    window.merge(7, 1)
    assert window.join(3, MORNING, {4: 255}, asked=0.25).event == 1


def test_a_window_that_is_filled_again_joins_as_the_first_did() -> None:
    texts = [FIRE, TRAM, FIRE_AGAIN, FIRE_LATER, *BACKGROUND[:6]]
    chance = random.Random(4)  # noqa: S311
    posts = [(chance.choice(texts), chance.uniform(0, 90)) for _ in range(80)]
    whole, rest = Thread(), Thread()
    kept = {}
    for number, (text, hours) in enumerate(posts, start=1):
        joined = whole.post(text, hours=hours)
        rest.post(text, hours=hours)
        kept[number] = joined.event
        if number == 40:
            old = rest.threads.window
            rest.threads.window = events.Window()
            for event in old.events.values():
                for post in sorted(event.posts.values(), key=lambda post: post.id):
                    rest.threads.window.add(post.id, post.at, post.gist, event.id)
    again = rest.threads.window.events
    assert {id: sorted(event.posts) for id, event in again.items()} == {
        id: sorted(event.posts) for id, event in whole.threads.window.events.items()
    }


def test_days_that_are_over_are_forgotten(thread: Thread) -> None:
    first = thread.post(FIRE).event
    later = thread.post(TRAM, hours=72).event
    thread.threads.window.drop([MORNING // events.DAY])
    assert set(thread.threads.window.events) == {later}
    assert thread.post(FIRE, hours=1).event != first


HALF = {2: 180, 4: 180}


@pytest.mark.parametrize(
    ("gap", "asked"),
    [(0, 0.25), (6, 0.25), (7, 0.27), (16, 0.45), (28.5, 0.7), (29, 0.7), (48, 0.7)],
)
def test_each_further_hour_asks_for_more_likeness(gap: float, asked: float) -> None:
    assert events.enough(gap, 0.25) == pytest.approx(asked)


def test_how_much_likeness_is_asked_for_at_once() -> None:
    assert (events.asked_of(russian=True), events.asked_of(russian=False)) == (0.25, 0.22)


@pytest.mark.parametrize(
    ("hour", "days"),
    [
        (0, [-2, -1, 0, 1, 2]),
        (1, [-2, -1, 0, 1, 2]),
        (23, [-2, -1, 0, 1, 2]),
        (24, [-1, 0, 1, 2, 3]),
    ],
)
def test_posts_of_an_event_lie_within_two_days(hour: int, days: list[int]) -> None:
    assert list(events.days_around(hour * HOUR)) == days


def test_an_event_is_what_its_posts_are_about_together() -> None:
    window = Window()
    window.add(1, 10, {2: 255}, 1)
    window.add(2, 30, {4: 255}, 1)
    window.add(2, 30, {4: 255}, 1)  # it is there already
    event = window.events[1]
    assert (event.first, event.last, set(event.posts)) == (10, 30, {1, 2})
    assert event.likeness({2: 255}, 1.0) == pytest.approx(math.sqrt(0.5))
    assert event.likeness({6: 255}, 0.0) == 0
    assert event.likeness(HALF, 0.7) == pytest.approx(1, abs=0.01)
    assert window.events[1].posts[1].gist == {2: 255}  # its own stays as it is
    assert Event(9, 0, 0).likeness({2: 255}, 0.0) == 0


def test_an_event_of_one_post_is_as_like_as_that_post() -> None:
    window = Window()
    window.add(1, 10, HALF, 1)
    nearest = likeness(HALF, {2: 255})
    assert window.events[1].likeness({2: 255}, nearest) == pytest.approx(nearest, abs=0.01)


@pytest.mark.parametrize(
    ("first", "last", "spans"),
    [(0, 0, True), (-47 * HOUR, 0, True), (-48 * HOUR, 0, False), (0, 48 * HOUR, True),
     (0, 48 * HOUR + 1, False), (5, 9, True)],
)  # fmt: skip
def test_an_event_spans_two_days_at_most(first: int, last: int, spans: bool) -> None:
    assert Event(1, 0, HOUR).spans(first, last) is spans


@pytest.mark.parametrize(("weight", "is_like"), [(115, True), (114, False)])
def test_two_events_are_one_where_enough_is_alike(weight: int, is_like: bool) -> None:
    window = Window()
    rest = round(math.sqrt(255**2 - weight**2))
    window.add(1, 0, {2: 255}, 1)
    window.add(2, 0, {2: weight, 4: rest}, 2)
    assert window.events[1].is_like(window.events[2]) is is_like
    assert not Event(8, 0, 0).is_like(Event(9, 0, 0))


def test_merged_events_bear_the_name_of_the_second() -> None:
    window = Window()
    window.add(1, 10, {2: 255}, 1)
    window.add(2, 50, {4: 255}, 2)
    window.merge(2, 1)
    window.merge(5, 1)  # is not there
    assert set(window.events) == {1}
    assert (window.events[1].first, window.events[1].last) == (10, 50)
    assert {post.event.id for post in window.events[1].posts.values()} == {1}
    window.merge(1, 7)
    assert set(window.events) == {7}
    assert (window.events[7].first, window.events[7].last, len(window.events[7].posts)) == (
        10,
        50,
        2,
    )


def test_a_post_joins_what_it_is_told_of_unless_that_is_over() -> None:
    window = Window()
    window.add(1, 0, {2: 255}, 1)
    assert window.join(2, HOUR, {4: 255}, asked=0.25, told=1) == Joined(event=1)
    assert window.join(3, 49 * HOUR, {6: 255}, asked=0.25, told=1) == Joined(event=3)
    assert window.join(4, HOUR, {2: 255}, asked=0.25, told=9) == Joined(event=1)
    assert window.join(5, HOUR, {2: 255}, asked=0.25, barred=[1]) == Joined(event=5)
    assert window.join(6, HOUR, {8: 255}, asked=0.25) == Joined(event=6)


def test_a_post_between_two_like_events_makes_them_one() -> None:
    window = Window()
    window.add(1, 0, {2: 220, 4: 128}, 1)
    window.add(2, 0, {2: 220, 6: 128}, 2)
    assert window.join(3, HOUR, {2: 255}, asked=0.25) == Joined(event=1, merged=(2,))
    assert set(window.events) == {1}
    window.add(4, 0, {10: 255}, 4)
    window.add(5, 0, {12: 255}, 5)
    joined = window.join(6, HOUR, {10: 180, 12: 180}, asked=0.25)
    assert joined == Joined(event=4)  # they have nothing in common but this post


@pytest.mark.parametrize(("later", "event"), [(47, 0), (48, 900)])
def test_of_a_term_the_last_48_posts_are_looked_at(later: int, event: int) -> None:
    window = Window()
    window.add(0, 0, {2: 255}, 0)
    for number in range(1, later + 1):
        window.add(number, 0, {100 + 2 * number: 254, 2: 10}, number)
    assert window.join(900, 0, {2: 255}, asked=0.25) == Joined(event=event)


@pytest.mark.parametrize(("shared", "event"), [(60, 2), (64, 1)])
def test_little_in_common_of_the_heaviest_terms_is_nothing(shared: int, event: int) -> None:
    light = dict.fromkeys(range(100, 180, 2), 30)
    mine, theirs = (
        {2: shared, **dict.fromkeys(range(first, first + 38, 2), 40), **light}
        for first in (200, 300)
    )
    assert likeness(mine, theirs) > 0.5
    window = Window()
    window.add(1, 0, mine, 1)
    assert window.join(2, 0, theirs, asked=0.25) == Joined(event=event)


def test_days_that_are_dropped_take_the_events_of_no_other_day() -> None:
    window = Window()
    window.add(1, 0, {2: 255}, 1)
    window.add(2, DAY - 1, {2: 255}, 2)
    window.add(3, DAY, {2: 255}, 2)
    window.drop([0, 5])
    assert set(window.events) == {2}
    assert window.join(4, DAY, {2: 255}, asked=0.25) == Joined(event=2)
    window.drop([1])
    assert window.events == {}


@pytest.mark.parametrize("posts", [events.HOLDERS - 1, events.HOLDERS, events.HOLDERS + 3])
def test_of_a_term_no_more_posts_are_kept_than_are_looked_at(posts: int) -> None:
    window = Window()
    for id in range(posts):
        window.add(id, id, {2: 255}, id)
    ((holders, weights),) = window._days[0].values()
    newest = list(range(posts))[-events.HOLDERS :]
    assert [post.id for post in holders] == newest
    assert len(weights) == len(newest)


def test_the_same_figure_alone_joins_nothing(thread: Thread) -> None:
    first = thread.post("Без комментариев. 7143").event
    assert thread.post("Курс кроны: доллар 7143, евро 8012").event != first
    assert thread.post("Никто не пострадал, сказали на складе 7143").event != first


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("В посёлке Осинки сгорели 12 сараев", "В посёлке Лугово сгорели 5 сараев"),
        ("In Olda thieves took 319 bicycles", "In Marby thieves took 41 bicycles"),
        ("In Olda 12 houses burned", "In Marby 5 houses burned"),
        ("In Olda 12 old houses burned down", "In Mellen Larn 5 old houses burned down"),
        ("In Mellen Larn 12 old houses burned down", "In Olda 5 old houses burned down"),
        ("Матч в Тарне окончен со счётом 2:1", "Матч в Вельске окончен со счётом 0:3"),
        ("Der Pegel in Brulm steigt auf 412 Zentimeter", "Der Pegel in Olda steigt auf 380 "
         "Zentimeter"),
    ],
)  # fmt: skip
def test_a_form_that_is_filled_in_of_another_place_is_another_event(
    thread: Thread, first: str, second: str
) -> None:
    assert thread.post(first).event != thread.post(second, hours=1).event


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("В посёлке Осинки сгорели 12 сараев", "В посёлке Осинки сгорели 15 сараев"),
        ("In Olda thieves took 319 bicycles", "In Olda thieves took 320 bicycles"),
        ("In Olda thieves took 319 bicycles", "In Olda burglars took 319 bicycles"),
    ],
)
def test_a_figure_that_is_corrected_is_of_the_same_event(
    thread: Thread, first: str, second: str
) -> None:
    assert thread.post(first).event == thread.post(second, hours=1).event


def gist(*words: int, figures: tuple[int, ...] = (1,)) -> dict[int, int]:
    """A gist of these words and figures, which are told apart by being even or odd."""
    return dict.fromkeys([*(2 * word for word in words), *(2 * each + 1 for each in figures)], 9)


@pytest.mark.parametrize(
    ("other", "is_otherwise"),
    [
        (gist(1, 2, 3, 4, 9, figures=(2,)), True),
        (gist(1, 2, 3, 8, 9, figures=(2,)), True),
        (gist(1, 2, 7, 8, 9, figures=(2,)), False),
        (gist(1, 2, 3, 4, 5, figures=(2,)), False),
        (gist(1, 2, 3, 4, figures=(2,)), False),
        (gist(1, 2, 3, 4, 9, figures=(1,)), False),
        (gist(1, 2, 3, 4, 9, figures=(1, 2)), False),
        (gist(1, 2, 3, 4, 9, figures=()), False),
        (gist(1, 2, 3, 4, 9, figures=(2, 3, 4, 5, 6)), True),
        (gist(1, 2, 3, 4, 9, figures=(2, 3, 4, 5, 6, 7)), False),
    ],
)
def test_a_form_has_most_words_in_common_few_others_and_no_figure(
    other: dict[int, int], is_otherwise: bool
) -> None:
    for figures, expected in (((1,), is_otherwise), ((), False)):
        one = gist(1, 2, 3, 4, 5, figures=figures)
        assert events._is_filled_otherwise(one, other) is expected
        assert events._is_filled_otherwise(other, one) is expected
    small = gist(1, 2, 3, 4, figures=(1,))
    assert not events._is_filled_otherwise(small, gist(1, 2, 8, 9, figures=(2,)))
    assert events._is_filled_otherwise(small, gist(1, 2, 3, 9, figures=(2,)))
