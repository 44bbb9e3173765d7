"""Of what a story's weight is made."""

import math
from datetime import UTC, datetime

import pytest

from handlers.outlines.newslike import PLAIN
from handlers.outlines.posted import Posted
from handlers.outlines.weight import NOTICE, Period, Weight, count_terms, weigh
from handlers.stories.officials import is_official
from storage.document import Block, Channel, Document, Forward, Source
from storage.structs import replace

UNTIL = datetime(2026, 11, 22, 12, tzinfo=UTC)
PERIOD = Period(
    until=UNTIL, channels=3, posts=7, counts={2: 1, 4: 7}, archive=1007, before={2: 1, 4: 900}
)


def post(
    title: str = "Harbour News",
    at: str | None = "2026-11-22T12:00:00Z",
    term: int = 2,
    text: str = "",
) -> Posted:
    document = Document(
        kind="post",
        doc_id="tg:1/1",
        source=Source(type="telethon"),
        channel=Channel(id=1, title=title),
        body=(Block(type="para", text=text),),
        published_at=at,
        content_hash="0" * 16,
    )
    return Posted(document=document, story="tg:1/1", gist={term: 255})


@pytest.mark.parametrize(
    ("title", "official"),
    [
        ("МИД Примерии", True),
        ("Посольство Примерии в Образцово", True),
        ("Ministry of Examples 🇺🇳", True),
        ("Example Embassy", True),
        ("MFA Exampleland", True),
        ("Harbour News", False),
        ("Мидии и другие моллюски", False),
        ("", False),
    ],
)
def test_official_channels_are_guessed_from_their_titles(title: str, official: bool) -> None:
    assert is_official(post(title).document, {}) is official
    assert is_official(post(title).document, {"1": not official}) is not official


def test_parts_lie_between_nothing_and_all() -> None:
    weight = weigh([post()], PERIOD)
    assert weight.recency == 1.0
    assert weight.sources == 0.5  # one of three channels: log2(2) of log2(4)
    assert weight.volume == pytest.approx(1 / 3)
    assert weight.official == 0.0
    assert 0 < weight.total <= 100


def test_what_the_archive_knows_well_is_not_new() -> None:
    assert weigh([post(term=2)], PERIOD).novelty > weigh([post(term=4)], PERIOD).novelty


def test_half_a_day_halves_recency_and_no_time_has_none() -> None:
    assert weigh([post(at="2026-11-22T00:00:00Z")], PERIOD).recency == 0.5
    assert weigh([post(at="2026-11-22")], PERIOD).recency == 0.0
    assert weigh([post(at=None), post(at="2026-11-22T00:00:00Z")], PERIOD).recency == 0.5


def test_a_second_more_or_less_puts_no_story_before_another() -> None:
    times = [f"2026-11-21T23:59:{second:02}Z" for second in (1, 30, 59)]
    assert len({weigh([post(at=at)], PERIOD).recency for at in times}) == 1
    later = weigh([post(at="2026-11-22T00:01:00Z")], PERIOD).recency
    assert later > weigh([post(at=times[0])], PERIOD).recency


def test_a_period_without_anything_divides_by_nothing() -> None:
    empty = Period(until=UNTIL, channels=0, posts=0)
    assert weigh([replace(post(), gist={})], empty).novelty == 0.0


def test_each_part_counts_for_its_share_of_a_hundred() -> None:
    parts = ("sources", "official", "novelty", "recency", "volume")
    nothing = dict.fromkeys(parts, 0.0)
    shares = [Weight(**{**nothing, part: 1.0}).total for part in parts]
    assert shares == [30, 15, 5, 10, 40]
    assert Weight(**dict.fromkeys(parts, 0.5)).total == 50


@pytest.mark.parametrize(
    ("counts", "before", "posts", "archive", "novelty"),
    [
        # now: (counts + ½) / (posts + 1); before: of what is older, in as many posts as are older.
        ({2: 3}, {2: 3}, 6, 106, math.log((3.5 / 7) / (0.5 / 101)) / 5),
        ({2: 3}, {2: 13}, 6, 106, math.log((3.5 / 7) / (10.5 / 101)) / 5),
        ({2: 3}, {2: 1}, 6, 106, math.log((3.5 / 7) / (0.5 / 101)) / 5),
        ({2: 3}, {}, 6, 3, 0.0),
        ({2: 6}, {2: 6}, 6, 10_006, 1.0),
        ({2: 0}, {2: 900}, 6, 1006, 0.0),
    ],
)
def test_novelty_is_how_much_oftener_a_term_stands_than_before(
    counts: dict[int, int], before: dict[int, int], posts: int, archive: int, novelty: float
) -> None:
    period = replace(PERIOD, counts=counts, before=before, posts=posts, archive=archive)
    assert weigh([post(term=2)], period).novelty == pytest.approx(novelty)


def test_novelty_is_that_of_the_six_heaviest_terms() -> None:
    new, old = dict.fromkeys(range(7), 1), dict.fromkeys(range(7, 14), 1000)
    period = replace(PERIOD, counts=new, before=old, posts=7, archive=1007)
    light = replace(post(), gist={**{n: 90 - n for n in range(6)}, **dict.fromkeys(old, 80)})
    assert weigh([light], period).novelty == weigh([replace(light, gist={0: 1})], period).novelty
    # What several posts say is added up.
    heavy = replace(post(), gist=dict.fromkeys(old, 80))
    assert weigh([light, heavy], period).novelty == 0.0


def test_a_forward_is_no_source_and_no_official_word() -> None:
    own, other = post("Ministry of Examples"), post("Mill")
    other = replace(other, document=replace(other.document, channel=Channel(id=2, title="Mill")))
    forward = replace(
        own, document=replace(own.document, forwarded_from=Forward(name="Ministry of Examples"))
    )
    assert (weigh([own], PERIOD).sources, weigh([own], PERIOD).official) == (0.5, PLAIN)
    assert weigh([own, other], PERIOD).official == 1.0
    told = weigh([forward, other], PERIOD)
    assert (told.sources, told.official) == (0.5, 0.0)
    assert weigh([own, other], PERIOD).sources == pytest.approx(math.log2(3) / 2)
    assert weigh([own, own], PERIOD).volume == pytest.approx(math.log2(3) / 3)
    assert weigh([forward], PERIOD).sources == 0.0


def test_what_is_of_the_future_is_as_recent_as_can_be() -> None:
    assert weigh([post(at="2026-11-22T13:00:00Z")], PERIOD).recency == 1.0
    assert weigh([post(at="2026-11-22T09:00:00Z")], PERIOD).recency == pytest.approx(0.5**0.25)


def test_terms_are_counted_by_posts() -> None:
    assert count_terms([post(term=2), post(term=2), post(term=4)]) == {2: 2, 4: 1}


CALL_US = "The reading room is looking for a guide. Letters to desk@olda.example"


def test_a_notice_of_one_channel_alone_weighs_less() -> None:
    notice, plain = post(text=CALL_US), post(text="The reading room is closed")
    assert weigh([plain], PERIOD).total - weigh([notice], PERIOD).total == pytest.approx(NOTICE)
    # Not where the channel tells more of it, nor where another channel tells it too.
    assert weigh([notice, plain], PERIOD).notice == 0.0
    other = replace(notice, document=replace(notice.document, channel=Channel(id=2, title="Mill")))
    assert weigh([notice, other], PERIOD).notice == 0.0


def test_the_notice_of_an_office_does_not_outweigh_the_news_of_two_channels() -> None:
    notice = post("Ministry of Examples", text=CALL_US)
    news = post(text="Gunmen attacked a post near Olda", at="2026-11-22T00:00:00Z")
    other = replace(news, document=replace(news.document, channel=Channel(id=2, title="Mill")))
    assert weigh([news, other], PERIOD).total > weigh([notice], PERIOD).total
    assert weigh([news], PERIOD).total > weigh([notice], PERIOD).total
