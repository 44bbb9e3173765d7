"""Of what a story's weight is made."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.outlines.posted import Posted
from handlers.outlines.weight import Period, weigh
from handlers.stories.officials import is_official
from storage.document import Channel, Document, Source

UNTIL = datetime(2026, 11, 22, 12, tzinfo=UTC)
PERIOD = Period(
    until=UNTIL, channels=3, posts=7, counts={2: 1, 4: 7}, archive=1007, before={2: 1, 4: 900}
)


def post(
    title: str = "Harbour News", at: str | None = "2026-11-22T12:00:00Z", term: int = 2
) -> Posted:
    document = Document(
        kind="post",
        doc_id="tg:1/1",
        source=Source(type="telethon"),
        channel=Channel(id=1, title=title),
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


def test_a_period_without_anything_divides_by_nothing() -> None:
    empty = Period(until=UNTIL, channels=0, posts=0)
    assert weigh([replace(post(), gist={})], empty).novelty == 0.0
