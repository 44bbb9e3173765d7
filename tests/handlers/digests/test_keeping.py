"""What is kept of a digest or a review for its buttons."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.digests.keeping import keep
from handlers.outlines.outline import Outline
from handlers.reviews.review import Review
from storage.query.reading.syntax import parse
from storage.structs import decoder

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUTLINE = Outline(posts=("tg:7/1", "tg:7/2"), channels=1, rest=("tg:7/1", "tg:7/2"))
GIVEN: dict[str, Any] = {
    "subject": "digest",
    "made": OUTLINE,
    "chat_id": 1,
    "after": NOW - timedelta(hours=1),
    "until": NOW,
    "query": None,
    "title": "Morning",
    "maker": "plan 1",
}


def test_what_is_kept_is_what_was_made() -> None:
    kept = keep(**{**GIVEN, "query": parse("oil"), "short": True})
    assert decoder(Outline)(json.loads(kept.outline)) == OUTLINE
    assert (kept.chat_id, kept.since, kept.until) == (1, NOW - timedelta(hours=1), NOW)
    assert (kept.query, kept.title, kept.short) == ("oil", "Morning", True)
    plain = keep(**GIVEN)
    assert (plain.query, plain.short) == (None, False)


def test_one_that_is_made_again_keeps_its_buttons() -> None:
    later = {"made": Outline(posts=("tg:7/3",), channels=1), "title": "Another name"}
    assert keep(**{**GIVEN, **later}).token == keep(**GIVEN).token


@pytest.mark.parametrize(
    "other",
    [
        {"subject": "review"},
        {"chat_id": 2},
        {"after": NOW - timedelta(hours=2)},
        {"until": NOW + timedelta(seconds=1)},
        {"query": parse("oil")},
        {"maker": "plan 2"},
    ],
)
def test_buttons_of_another_lead_elsewhere(other: dict[str, Any]) -> None:
    token = keep(**GIVEN).token
    assert keep(**{**GIVEN, **other}).token != token
    assert token.isalnum() and len(token) <= 18  # so long may it be in a button


def test_a_review_is_kept_like_a_digest() -> None:
    made = Review(posts=3, channels=2, compared=False)
    kept = keep(**{**GIVEN, "subject": "review", "made": made})
    assert decoder(Review)(json.loads(kept.outline)) == made
