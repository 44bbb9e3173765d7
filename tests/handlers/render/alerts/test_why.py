"""When it is told that a post came late."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.render.alerts import why
from handlers.render.alerts.why import LATE, Explanation
from storage.document import Document, Source
from storage.records import Alert
from storage.structs import replace

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
POST = Document(
    kind="post",
    doc_id="tg:7/5",
    source=Source(type="telethon"),
    published_at="2026-01-02T12:00:00Z",
    published_precision="second",
    published_basis="api",
    content_hash="0" * 16,
)
ALERT = Alert(id=1, chat_id=5, query="oil", created_at=NOON)
FOUND = Explanation(document=POST, read_at=NOON, is_watched=True, count=1, matching=(ALERT,))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (timedelta(), None),
        (LATE - timedelta(seconds=1), None),
        (LATE, 600.0),
        (timedelta(hours=1), 3600.0),
    ],
)
def test_a_post_that_was_read_ten_minutes_later_came_late(
    after: timedelta, told: float | None
) -> None:
    late = replace(FOUND, read_at=NOON + after)
    assert why._lateness(late) == told
    assert why._lateness(replace(late, is_watched=False)) is None
    assert why._lateness(replace(late, matching=())) is None
    assert why._lateness(replace(late, document=replace(POST, published_at=None))) is None
