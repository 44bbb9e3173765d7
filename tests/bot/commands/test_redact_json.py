"""What ``dateline redact --json`` writes of a post that others repeat."""

import json
from datetime import UTC, datetime

from bot.commands import redact
from storage.documents.redactions import Redaction
from storage.redaction.others import Other
from storage.redaction.redacting import Redacted


def test_posts_that_say_the_same_are_objects() -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    redaction = Redaction(redacted_at=at, reason="by court")
    other = Other(doc_id="tg:78/2", url=None, how="copy")
    done = Redacted(doc_id="tg:77/1", redaction=redaction, is_new=True, others=(other,))

    said = json.loads(redact._as_json(done))

    assert said["others"] == [{"doc_id": "tg:78/2", "url": None, "how": "copy"}]
    assert (said["redacted_at"], said["reason"]) == ("2026-01-02T03:04:05Z", "by court")
