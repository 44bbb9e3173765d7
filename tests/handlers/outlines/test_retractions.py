"""A channel that takes back or corrects what it posted: the story says so, and nothing is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.outlines.outline import Outline, make_outline
from handlers.outlines.posted import Posted
from handlers.outlines.retractions import MOST, MOST_ALONE, Corrections, is_retraction
from handlers.outlines.weight import Period, count_terms
from handlers.stories.gist import Frequencies, read
from storage.document import Block, Channel, Document, Link, Reply, Source

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FREQUENCIES = Frequencies()


def posted(
    number: int, text: str, at: str = "09:00", *, channel: int = 1, **fields: object
) -> Posted:
    own = {name: fields.pop(name) for name in ("reply_to", "links", "deleted_at") if name in fields}
    document = Document(
        kind="post",
        doc_id=f"tg:{channel}/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=channel, username=f"harbour{channel}", title=f"Harbour {channel}"),
        message_id=number,
        body=tuple(Block(type="para", text=line) for line in text.split("\n")),
        published_at=f"2026-11-22T{at}:00Z",
        content_hash=f"{number:016x}",
        **own,  # type: ignore[arg-type]
    )
    gist = FREQUENCIES.weigh(read(text).times)
    return Posted(document=document, **{"story": document.doc_id, "gist": gist, **fields})  # type: ignore[arg-type]


def outline(*posts: Posted, asked: bool = False, most: int = 10) -> Outline:
    period = Period(
        until=NOON, channels=2, posts=len(posts), counts=count_terms(posts), asked=asked
    )
    return make_outline(posts, period, most=most)


@pytest.mark.parametrize(
    "text",
    [
        "Posted at 13:33 in error. We apologise.",
        "The message about the strike was posted by mistake",
        "We withdraw our report on the blast in Marby.",
        "Please disregard our previous alert.",
        "Our earlier report was wrong",
        "Earlier report was wrong: the mayor did not resign.",
        "We mistakenly reported a blast in Marby",
        "⚠️ CORRECTION: 241 people were aboard",
        "Удалено как ошибочное",
        "Пост о взрыве удалён как ошибочный.",
        "Опровергаем наше сообщение о закрытии порта",
        "Сообщение о приостановке выдачи виз, размещённое в 13:33, ошибочно.",
        "Исправление: на борту был 241 человек",
        "ОПРОВЕРЖЕНИЕ. Порт работает",
        "Отзываем новость об отставке мэра",
        "Ми помилково повідомили про вибух",
        "Rectificatif : le maire n'a pas démissionné",
        "Message publié par erreur",
        "Berichtigung: Der Bürgermeister bleibt",
        "Wir ziehen unsere Meldung über den Brand zurück.",
        "La noticia sobre el puerto fue publicada por error",
        "Errata corrige: il porto è aperto",
        "Düzeltme: 241 kişi",
        "⚠️ تصحيح: عدد الركاب 241",
        "اصلاحیه: بندر باز است",
        "更正：渡轮上有241人",
        "误发，请忽略",
        "פורסם בטעות",
    ],
)
def test_what_a_channel_says_of_its_own_post_takes_it_back(text: str) -> None:
    assert is_retraction(posted(1, text))
    assert not is_retraction(posted(1, text, deleted_at="2026-11-22T10:00:00Z"))


@pytest.mark.parametrize(
    "text",
    [
        "We withdraw from the treaty, the president says",
        "The minister withdrew from the race",
        "Earlier reports of a blast were false, police say",
        "Correctional officers strike in Marby",
        "The correction in the market goes on",
        "The ministry published the list by mistake",
        "The last post in Marby was the wrong place to fight",
        "МИД опроверг сообщения о выходе из соглашения",
        "Минфин по ошибке опубликовал данные",
        "Министерство ошибочно сообщило о приостановке выдачи виз",
        "Поправка к закону о печати принята",
        "Сообщения о взрыве не соответствуют действительности, заявил мэр",
        "Das Ministerium hat den Entwurf zurückgezogen",
        "Le gouvernement retire le projet de loi",
        "El ministro retira su propuesta",
        "外交部否认退出协议",
    ],
)
def test_what_others_deny_or_did_by_mistake_is_news(text: str) -> None:
    assert not is_retraction(posted(1, text))


VISAS = "Норландия приостановила выдачу виз гражданам Вестрии, сообщило посольство в Карсове"
MAYOR = "Mayor Iva Kalen of Marby resigns after the vote on the harbour budget"


@pytest.mark.parametrize(
    ("wrong", "at", "taken_back"),
    [
        (VISAS, "09:33", "Сообщение о выдаче виз, размещённое в 12:33, ошибочно."),
        (VISAS, "09:33", "Размещено в 12:33 по ошибке"),
        (VISAS, "09:33", "Пост, что Норландия приостановила выдачу виз удалено как ошибочное"),
        (MAYOR, "09:20", "Correction: Mayor Iva Kalen of Marby does not resign"),
        (MAYOR, "09:20", "Posted at 09:20 in error"),
        ("Le maire de Marby, Iva Kalen, démissionne", "09:20",
         "Rectificatif : le maire de Marby, Iva Kalen, ne démissionne pas"),
        ("Der Hafen von Marby ist wegen Sturms gesperrt", "09:20",
         "Berichtigung: Der Hafen von Marby ist nicht gesperrt"),
    ],
)  # fmt: skip
def test_a_story_says_that_it_was_taken_back_hours_later(
    wrong: str, at: str, taken_back: str
) -> None:
    made = outline(
        posted(1, "Barley is cheaper for the third week in a row", "08:00", event=1),
        posted(2, wrong, at, event=2),
        posted(3, wrong, "09:50", channel=2, event=2),
        posted(4, "Two ferries are late because of fog off Example Point", "10:00", event=3),
        posted(5, taken_back, "11:50", event=4),
    )
    story = next(one for one in made.stories if "tg:1/2" in one.posts)
    assert story.posts == ("tg:1/2", "tg:2/3", "tg:1/5")
    assert story.head.rstrip("…") in wrong
    assert [step.doc_id for step in story.corrections] == ["tg:1/5"]
    assert "tg:1/5" not in {step.doc_id for step in story.steps}
    assert not made.corrections
    others = [one for one in made.stories if one is not story]
    assert not any(one.corrections for one in others)


@pytest.mark.parametrize("by", ["answer", "link", "private link"])
def test_an_answer_or_a_link_tells_what_is_corrected(by: str) -> None:
    fields: dict[str, object] = {
        "answer": {"reply_to": Reply(message_id=2)},
        "link": {"links": (Link(text="here", url="https://t.me/harbour1/2?single"),)},
        "private link": {"links": (Link(text="here", url="https://t.me/c/1/2"),)},
    }[by]  # type: ignore[assignment]
    made = outline(
        posted(2, VISAS, "09:10"),
        posted(3, MAYOR, "09:20"),
        posted(4, "Удалено как ошибочное", "11:00", **fields),
    )
    story = next(one for one in made.stories if "tg:1/2" in one.posts)
    assert [step.doc_id for step in story.corrections] == ["tg:1/4"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"channel": 2, "reply_to": Reply(channel_id=1, message_id=2)},
        {"channel": 2, "links": (Link(text="here", url="https://t.me/harbour1/2"),)},
    ],
)
def test_what_corrects_nobody_knows_what_stands_above_all_and_marks_no_story(
    fields: dict[str, object],
) -> None:
    """Nor can a channel mark what another one posted."""
    made = outline(
        posted(2, VISAS, "09:10"),
        posted(3, MAYOR, "09:20"),
        posted(4, "Удалено как ошибочное", "11:00", **fields),
    )
    assert [one.text for one in made.corrections] == ["Удалено как ошибочное"]
    assert not any(story.corrections for story in made.stories)
    assert set(made.rest) == {made.corrections[0].doc_id}


@pytest.mark.parametrize("asked", [False, True])
def test_the_previous_post_is_known_only_where_none_was_left_out(asked: bool) -> None:
    made = outline(
        posted(2, VISAS, "09:10"),
        posted(3, MAYOR, "09:20"),
        posted(4, "Отзываем предыдущее сообщение", "09:30"),
        asked=asked,
    )
    marked = [story.doc_id for story in made.stories if story.corrections]
    assert marked == ([] if asked else ["tg:1/3"])


def test_of_two_posts_of_one_minute_none_is_marked() -> None:
    made = outline(
        posted(2, VISAS, "08:33"),
        posted(3, MAYOR, "09:33"),
        posted(4, "Posted at 12:33 in error", "10:30"),
    )
    assert not any(story.corrections for story in made.stories)
    assert made.corrections


def test_a_correction_of_one_word_or_without_blanks_is_told() -> None:
    made = outline(posted(2, "Berichtigung.", "09:33"), posted(3, "误发", channel=2))
    assert sorted(one.text for one in made.corrections) == ["Berichtigung.", "误发"]


def test_a_flood_of_corrections_leaves_room_for_the_news() -> None:
    floods = [
        posted(10 * n + k, f"Correction: {'abcdefgh'[k] * 4} {n}", "10:00", channel=n)
        for n in range(1, 6)
        for k in range(6)
    ]
    made = outline(posted(2, MAYOR, "09:33", channel=9), *floods, most=40)
    assert len(made.corrections) == MOST_ALONE
    channels = [one.doc_id.partition("/")[0] for one in made.corrections]
    assert max(map(channels.count, channels)) <= MOST
    assert any("tg:9/2" in story.posts for story in made.stories)


def test_a_brief_line_says_that_it_was_taken_back() -> None:
    made = outline(
        posted(2, VISAS, "09:33"),
        posted(3, "Сообщение о выдаче виз, размещённое в 12:33, ошибочно.", "11:00"),
        most=0,
    )
    assert not made.briefs
    made = outline(
        *(posted(20 + n, f"{MAYOR} {n}", channel=n + 2, event=7, mine=True) for n in range(3)),
        posted(2, VISAS, "09:33"),
        posted(3, "Сообщение о выдаче виз, размещённое в 12:33, ошибочно.", "11:00"),
        most=1,
    )
    assert [[step.doc_id for step in one.corrections] for one in made.briefs] == [["tg:1/3"]]


TEXTS = (VISAS, MAYOR, "Correction: Mayor Iva Kalen stays", "Posted at 09:20 in error", "Fog", "")


@given(
    kinds=st.lists(
        st.tuples(st.sampled_from(TEXTS), st.integers(1, 3), st.integers(0, 5)), max_size=14
    ),
    whole=st.booleans(),
)
def test_no_post_is_lost_or_told_twice(kinds: list[tuple[str, int, int]], whole: bool) -> None:
    start = NOON - timedelta(hours=6)
    posts = [
        posted(n, text, f"{start + timedelta(minutes=7 * n):%H:%M}", channel=channel, event=event)
        for n, (text, channel, event) in enumerate(kinds)
    ]
    groups = [([post for post in posts if post.event == event], event) for event in range(6)]
    gathered = Corrections(posts).gather([one for one in groups if one[0]], whole=whole)
    told = [post.document.doc_id for group, _ in gathered for post in group]
    assert sorted(told) == sorted(post.document.doc_id for post in posts)
    made = outline(*posts)
    names = [*(name for story in made.stories for name in story.posts), *made.rest]
    assert sorted(names) == sorted(told)
