"""Posts of one event come together in other words, within their time, and nothing else does."""

import itertools
import random

import pytest

from handlers.stories import events, threads
from handlers.stories.events import HOUR
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

    def _count(self, reading: threads.Reading) -> None:
        self.threads.count(reading.terms.times, russian=reading.terms.russian)

    def post(self, text: str, *, hours: float = 0, told: int | None = None) -> events.Joined:
        reading = threads.read_post(text)
        self._count(reading)
        at = MORNING + int(hours * HOUR)
        about, russian = self.threads.weigh(reading), reading.terms.russian
        return self.threads.join(next(self._ids), at, about, russian=russian, told=told)


@pytest.fixture
def thread() -> Thread:
    return Thread()


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
