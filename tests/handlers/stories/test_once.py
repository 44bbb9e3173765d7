"""Whether a post of an event rings for a reader who wants one message for an event."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stories import news, once, placing
from handlers.stories.once import Compared, Into, Judge, Ring, Wanted
from storage.records import EventMessage
from storage.structs import replace

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRE = "A fire in the port of Marby killed 12 people, the mayor Ivo Kalen said."
AGAIN = "The mayor Ivo Kalen: 12 people killed in the port of Marby by a fire."


def told(text: str, channel: int = 1, **how: object) -> Compared:
    return Compared(claims=news.read(text), channel=channel, **how)  # type: ignore[arg-type]


KNOWN = {
    "first": told(FIRE),
    "more": told(FIRE.replace("12", "15"), 2),
    "file": told(FIRE, attached=frozenset({"list.pdf"})),
}
FIRST = EventMessage(story="first", post="first", alerts=frozenset({1}), at=NOON)
MORE = EventMessage(
    story="more", post="more", alerts=frozenset({1}), at=NOON + timedelta(minutes=5), follows=True
)
ALOUD = Wanted(alerts=[1])


def decide(
    post: Compared, *got: EventMessage, wanted: Wanted = ALOUD, minutes: int = 6
) -> once.Decision:
    return judge(post, got, KNOWN, wanted=wanted, minutes=minutes)


def judge(
    post: Compared,
    got: Sequence[EventMessage],
    known: Mapping[str, Compared],
    *,
    wanted: Wanted = ALOUD,
    minutes: int = 0,
) -> once.Decision:
    now = NOON + timedelta(minutes=minutes)
    return Judge({**known, "new": post}).decide("new", got, wanted, now=now)


def test_the_first_of_an_event_rings_by_itself() -> None:
    assert decide(told(AGAIN)) == once.FIRST


@pytest.mark.parametrize(
    ("channel", "minutes", "text", "rings"),
    [
        (1, 30, FIRE, True),
        (1, 5, FIRE, False),
        (2, 30, FIRE, False),
        (1, 30, AGAIN, False),
    ],
)
def test_a_channel_that_repeats_its_words_gives_the_next_alarm(
    channel: int, minutes: int, text: str, rings: bool
) -> None:
    """The first may be over since."""
    one, other = (
        Compared(
            claims=news.read(words),
            channel=of,
            wording=replace(placing.word(words, of, ()), at=NOON + timedelta(minutes=after)),
        )
        for words, of, after in ((FIRE, 1, 0), (text, channel, minutes))
    )
    found = judge(other, [FIRST], {"first": one})
    assert isinstance(found, Ring) is rings


RAID = "🔴 Воздушная тревога объявлена в Залесске и порту Олда"
RELAYED = "🔴 Воздушная тревога в Залесске и порту Олда"
OVER = "🟢 Отбой воздушной тревоги в Залесске и порту Олда"


def at(minutes: int, text: str, channel: int) -> Compared:
    wording = replace(placing.word(text, channel, ()), at=NOON + timedelta(minutes=minutes))
    return replace(told(text, channel), wording=wording)


@pytest.mark.parametrize(
    ("shown", "post", "rings"),
    [
        ([at(0, RAID, 1), at(40, OVER, 1)], at(90, RAID, 2), True),
        ([at(0, RAID, 1), at(40, OVER, 1)], at(90, RELAYED, 2), True),
        ([at(0, RAID, 1), at(40, OVER, 1)], at(90, RAID, 1), True),
        ([at(0, RAID, 1), at(10, OVER, 1)], at(15, RAID, 2), False),
        ([at(0, RAID, 1), at(40, OVER, 1)], at(90, OVER, 2), False),
        ([at(0, RAID, 1), at(40, OVER, 1), at(80, RAID, 1)], at(90, RAID, 2), False),
        ([at(0, RAID, 1), at(40, OVER, 1), at(90, RAID, 2)], at(130, OVER, 2), True),
        ([at(0, RAID, 1), at(40, OVER, 1), at(90, RAID, 1)], at(130, OVER, 3), True),
        ([at(0, RAID, 1), at(40, OVER, 1), at(45, RAID, 1)], at(50, OVER, 2), False),
        (
            [at(0, RAID, 1), at(40, OVER, 1), at(90, RAID, 2), at(130, OVER, 2)],
            at(170, OVER, 3),
            False,
        ),
        (
            [at(0, RAID, 1), at(40, OVER, 1), at(90, RAID, 2), at(130, OVER, 2)],
            at(170, RELAYED, 1),
            True,
        ),
        ([at(0, RAID, 1)], at(90, RELAYED, 2), False),
        ([at(0, FIRE, 1), at(40, FIRE.replace("12", "15"), 1)], at(90, AGAIN, 2), False),
    ],
)
def test_what_was_over_is_told_when_it_is_so_again(
    shown: list[Compared], post: Compared, rings: bool
) -> None:
    got = [replace(FIRST, post=str(number)) for number, _ in enumerate(shown)]
    known = {str(number): one for number, one in enumerate(shown)}
    found = judge(post, got, known)
    assert isinstance(found, Ring) is rings


@pytest.mark.parametrize(
    ("post", "got"),
    [
        (told(AGAIN, 3), [FIRST]),
        (told(AGAIN.replace("12", "15"), 3), [FIRST, MORE]),
        (told(AGAIN, 3, attached=frozenset()), [FIRST]),
        (told(AGAIN, 1, is_official=True), [FIRST]),
        (told(AGAIN, 2, is_official=True), [FIRST, MORE]),
        (told(AGAIN, 3), [replace(FIRST, alerts=frozenset({1, 2}))]),
    ],
)
def test_what_says_nothing_new_goes_into_the_first_message(
    post: Compared, got: list[EventMessage]
) -> None:
    assert decide(post, *got) == Into(FIRST if got[0] is FIRST else got[0])


@pytest.mark.parametrize(
    ("post", "got", "wanted", "reason"),
    [
        (told(AGAIN.replace("12", "15"), 3), [FIRST], ALOUD, "number"),
        (told(AGAIN.replace("Ivo", "Ann"), 3), [FIRST], ALOUD, "name"),
        (told("12 killed in Marby", 3), [FIRST], ALOUD, "unclear"),
        (told(AGAIN, 3, is_official=True), [FIRST], ALOUD, "official"),
        (told(AGAIN, 3, attached=frozenset({"list.pdf"})), [FIRST], ALOUD, "attached"),
        (told(AGAIN, 3), [FIRST], Wanted(alerts=[2]), "first"),
        (told(AGAIN, 3), [FIRST], Wanted(alerts=[1, 2]), "first"),
        (told(AGAIN, 3), [replace(FIRST, silent=True)], ALOUD, "sound"),
        (told(AGAIN, 3), [replace(FIRST, takes=False)], ALOUD, "full"),
        (told(AGAIN, 3), [replace(FIRST, post="gone")], ALOUD, "unclear"),
    ],
)
def test_what_rings_answers_the_first_message(
    post: Compared, got: list[EventMessage], wanted: Wanted, reason: str
) -> None:
    found = decide(post, *got, wanted=wanted)
    assert isinstance(found, Ring)
    assert (found.reason, found.after, found.rings) == (reason, got[0], True)


def test_who_wants_it_silent_has_it_counted_at_a_silent_message() -> None:
    silent = replace(FIRST, silent=True)
    assert decide(told(AGAIN, 3), silent, wanted=Wanted(alerts=[1], silent=True)) == Into(silent)


def test_where_the_first_can_take_no_more_the_next_does() -> None:
    full = replace(FIRST, takes=False)
    assert decide(told(AGAIN, 3), full, MORE) == Into(MORE)


@pytest.mark.parametrize(("minutes", "rings"), [(14, False), (15, True)])
def test_news_rings_at_most_once_in_ten_minutes(minutes: int, rings: bool) -> None:
    found = decide(told(AGAIN.replace("12", "17"), 3), FIRST, MORE, minutes=minutes)
    assert isinstance(found, Ring)
    assert found.rings is rings


def test_the_first_message_and_the_latest_are_compared() -> None:
    many = [FIRST, *[replace(MORE, post=f"p{n}") for n in range(40)], MORE]
    assert decide(told(AGAIN, 3), *many) == Into(FIRST)
    assert decide(told(AGAIN.replace("12", "15"), 3), *many) == Into(FIRST)


@pytest.mark.parametrize(
    ("first", "post"),
    [
        ("The council of Marby may close the old bridge over the Tarn on Friday.",
         "The council of Marby closed the old bridge over the Tarn on Friday."),
        ("Marby plans to lift the ban on grain exports, the minister said.",
         "Marby lifted the ban on grain exports, the minister said."),
        ("Совет Марби может закрыть старый мост через реку.",
         "Совет Марби закрыл старый мост через реку."),
        ("Марби планирует снять запрет на вывоз зерна.",
         "Марби сняла запрет на вывоз зерна."),
    ],
)  # fmt: skip
def test_what_may_be_and_what_is_are_told_apart(first: str, post: str) -> None:
    for one, other in ((first, post), (post, first)):
        known = {"first": told(one)}
        found = judge(told(other, 3), [FIRST], known, minutes=6)
        assert isinstance(found, Ring), other


def test_a_month_makes_nothing_doubtful() -> None:
    places = news.read("The mayor closed the bridge in May, after all.").places
    assert "turn" not in {kind for kind, _ in places}


_SAID = (RAID, RELAYED, OVER, FIRE, AGAIN, FIRE.replace("12", "15"), f"Reportedly: {FIRE}")


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, Compared], list[tuple[EventMessage, ...]]]:
    """Posts of an event, and what each of some readers was shown of it."""
    minutes = st.integers(0, 200)
    made = draw(
        st.lists(
            st.builds(at, minutes, st.sampled_from(_SAID), st.integers(1, 3)),
            min_size=2,
            max_size=6,
        )
    )
    known = {str(number): one for number, one in enumerate(made)}
    message = st.builds(
        EventMessage,
        story=st.just("first"),
        post=st.sampled_from([*known, "gone"]),
        alerts=st.sampled_from([frozenset({1}), frozenset({1, 2})]),
        at=st.just(NOON),
        follows=st.booleans(),
        silent=st.booleans(),
        takes=st.booleans(),
    )
    return known, draw(st.lists(st.lists(message, max_size=5).map(tuple), max_size=6))


@pytest.mark.slow
@given(histories(), st.sampled_from([ALOUD, Wanted(alerts=[2]), Wanted(alerts=[1], silent=True)]))
def test_each_reader_gets_what_they_would_get_as_the_only_one(
    history: tuple[dict[str, Compared], list[tuple[EventMessage, ...]]], wanted: Wanted
) -> None:
    known, readers = history
    shared = Judge(known)
    for got in readers:
        alone = Judge(known).decide("0", got, wanted, now=NOON)
        assert shared.decide("0", got, wanted, now=NOON) == alone


def test_a_post_is_compared_once_however_many_readers_were_shown_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compare, compared = news.what_is_new, list[news.Claims]()

    def note(shown: Sequence[news.Claims], post: news.Claims) -> news.News | None:
        compared.append(post)
        return compare(shown, post)

    monkeypatch.setattr(news, "what_is_new", note)
    posts = [at(0, RAID, 1), at(40, OVER, 1), at(90, RAID, 2)]
    got = [replace(FIRST, post=str(number)) for number in range(len(posts))]
    known = {str(number): one for number, one in enumerate(posts)}
    shared = Judge({**known, "new": at(95, RELAYED, 3)})
    times = []
    for _ in range(20):
        assert isinstance(shared.decide("new", got, ALOUD, now=NOON), Into)
        times.append(len(compared))
    assert times[0] == times[-1] > 0
