"""An alert that a post was changed. All texts are invented."""

from datetime import UTC, datetime

import pytest

from handlers.render.alerts.changes import MOST_UNITS, change_text
from handlers.render.text.rich import utf16_length
from storage.document import Channel, Document, Forward, Source
from storage.records import Alert
from storage.structs import replace

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
POST = Document(
    kind="post",
    doc_id="tg:100/5",
    source=Source(type="telethon"),
    channel=Channel(id=100, username="harbour", title="Harbour News"),
    message_id=5,
    published_at="2026-11-22T13:05:00Z",
    title="The ferry leaves at nine",
    content_hash="0" * 16,
)
ALERTS = (Alert(id=1, chat_id=1, query="ferry", created_at=NOW),)


def told(former: Document, document: Document) -> str:
    return change_text(
        document, ALERTS, former=former, language="en", timezone="Europe/Berlin", now=NOW
    ).text


def changed(title: str = "The ferry leaves at ten", **more: object) -> Document:
    return replace(POST, **{"title": title, "edited_at": "2026-11-22T13:31:00Z", **more})  # type: ignore[arg-type]


def test_what_it_said_and_says_stands_below_where_it_is_from() -> None:
    assert told(POST, changed()) == (
        "🔔 ferry\n"
        "Harbour News · today 14:05\n"
        "✏️ changed: today 14:05 → 14:31 (26 min)\n"
        "\n"
        "The ferry leaves at nine ten"
    )
    forward = Forward(name="Port Office")
    lines = told(POST, changed(forwarded_from=forward)).split("\n")
    assert lines[2] == "↪ Forwarded from Port Office"
    gone = told(POST, changed(deleted_at="2026-11-22T14:31:00Z")).split("\n\n")[0]
    assert gone.split("\n")[-1].startswith("🗑 ")


@pytest.mark.parametrize(
    ("former", "last", "line"),
    [
        ("2026-11-22T13:10:00Z", "2026-11-22T13:31:00Z", "changed: today 14:10 → 14:31 (21 min)"),
        ("2026-11-21T22:50:00Z", "2026-11-21T22:59:00Z",
         "changed: yesterday 23:50 → 23:59 (9 min)"),
        ("2026-11-21T22:50:00Z", "2026-11-21T23:10:00Z",
         "changed: yesterday 23:50 → today 0:10 (20 min)"),
        ("2026-07-01T10:00:00Z", "2026-11-22T10:00:00Z",
         "changed: 1 Jul 12:00 → today 11:00 (144 d)"),
        ("2026-11-22T13:31:00Z", "2026-11-22T13:31:00Z", "changed"),
        ("2026-11-22T13:10:00Z", None, "changed"),
        (None, "2026-11-22T13:31:00Z", "changed: today 14:05 → 14:31 (26 min)"),
    ],
)  # fmt: skip
def test_when_it_was_changed(former: str | None, last: str | None, line: str) -> None:
    found = told(replace(POST, edited_at=former), changed(edited_at=last))
    assert found.split("\n")[2] == f"✏️ {line}"


def test_what_has_no_time_was_just_changed() -> None:
    undated = replace(POST, published_at=None)
    assert told(undated, changed(published_at=None)).split("\n")[2] == "✏️ changed"


def test_what_says_again_what_it_said_says_so() -> None:
    found = told(POST, changed("The ferry leaves at nine"))
    assert found.split("\n\n")[-1] == "It says again what it said before."


def test_a_long_text_is_cut() -> None:
    text = told(POST, changed("x" * 5000))
    assert 3700 < utf16_length(text) <= MOST_UNITS == 3800
    assert text.endswith("…")
