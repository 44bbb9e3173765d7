"""What ``dateline redact`` writes of what it did, as text and as JSON."""

import json
from datetime import UTC, datetime

import pytest

from bot.commands import redact
from storage.documents.redactions import Redaction
from storage.redaction.others import Other
from storage.redaction.redacting import Redacted
from storage.structs import replace

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DONE = Redacted(
    doc_id="tg:77/1", redaction=Redaction(redacted_at=AT, reason="by court"), is_new=True
)


def test_posts_that_say_the_same_are_objects() -> None:
    other = Other(doc_id="tg:78/2", url=None, how="copy")
    done = replace(DONE, others=(other,))

    said = json.loads(redact._as_json(done))

    assert said["others"] == [{"doc_id": "tg:78/2", "url": None, "how": "copy"}]
    assert (said["redacted_at"], said["reason"]) == ("2026-01-02T03:04:05Z", "by court")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"versions": 1}, "1 version taken out"),
        ({"versions": 2}, "2 versions taken out"),
        ({"problems": 1}, "1 post set aside taken out"),
        ({"problems": 2}, "2 posts set aside taken out"),
        ({"messages": 1}, "1 message that told of it masked"),
        ({"messages": 2}, "2 messages that told of it masked"),
        ({"digests": 1}, "1 digest masked"),
        ({"digests": 2}, "2 digests masked"),
        ({"dropped": 1}, "1 alert that waited dropped"),
        ({"dropped": 2}, "2 alerts that waited dropped"),
        ({"chats": 1}, "1 chat were sent it before"),
        ({"chats": 2}, "2 chats were sent it before"),
        ({"edited": 1}, "1 sent message to be edited by the service"),
        ({"versions": 2, "edited": 2}, "2 versions taken out, 2 sent messages to be edited"),
    ],
)
def test_what_it_did_is_counted_in_words(fields: dict[str, int], told: str) -> None:
    done = replace(DONE, **fields)
    assert redact._as_text(done).startswith(f"tg:77/1: redacted; {told}")
