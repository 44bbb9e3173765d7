"""What is attached to a post, in words and as a preview."""

from datetime import UTC, datetime

import pytest

from handlers.render.alerts.alerts import alert_message
from handlers.render.text.attachments import attachments_line, preview_address
from handlers.texts.languages import words_of
from storage.document import Author, Block, Channel, Document, Media, Source
from storage.records import Alert

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PHOTO, GONE = Media(type="photo"), Media(type="photo", state="missing")
VIDEO = Media(type="video", duration=129.6)
POLL = Media(type="poll", title="Shall it sail?")
PUBLIC, CLOSED = Channel(id=100, username="harbour"), Channel(id=100)
ANN = Author(kind="user", id=1, name="Ann")


def post(*media: Media, title: str | None = None, **fields: object) -> Document:
    given = {
        "kind": "post",
        "doc_id": "tg:100/5",
        "source": Source(type="telethon"),
        "channel": PUBLIC,
        "message_id": 5,
        "title": title,
        "media": media,
        "content_hash": "0" * 16,
    }
    return Document(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("media", "line"),
    [
        ((), ""),
        ((PHOTO,), "[photo]"),
        ((PHOTO, PHOTO, VIDEO, PHOTO), "[2 × photo] [video 2:10] [photo]"),
        ((Media(type="voice", duration=5),), "[voice message 0:05]"),
        ((Media(type="video", duration=3723.0),), "[video 1:02:03]"),
        ((Media(type="video", duration=float("nan")),), "[video]"),
        ((Media(type="video", duration=-1.0),), "[video]"),
        ((Media(type="video", duration=1e300),), "[video]"),
        ((POLL,), "[poll] Shall it sail?"),
        ((Media(type="document", name="a\u202eb\n.pdf"),), "[file] ab .pdf"),
        (
            (Media(type="audio", title="Ann – Song", name="x.mp3", duration=60),),
            "[audio 1:00] Ann – Song",
        ),
        ((Media(type="webpage", title="A page"),), "[link] A page"),
        ((Media(type="photo", title="a photo has no title"),), "[photo]"),
        ((Media(type="contact", name="Ann", title="+1555"),), "[contact] Ann +1555"),
        ((Media(type="contact", name="Ann"),), "[contact] Ann"),
        ((Media(type="contact", title="+1555"),), "[contact] +1555"),
        ((Media(type="contact"),), "[contact]"),
        ((Media(type="invoice", title="Chart\nof the bay"),), "[invoice] Chart of the bay"),
        ((Media(type="paid", state="hidden"),), "[paid media]"),
        ((Media(type="unknown", name="fact-check", title="It stands"),), "[fact-check] It stands"),
    ],
)
def test_what_is_attached_in_words(media: tuple[Media, ...], line: str) -> None:
    assert attachments_line(post(*media), words_of("en")) == line


def test_a_page_that_the_text_links_and_a_title_that_it_says_are_not_said_again() -> None:
    page = Media(type="webpage", title="A page")
    assert attachments_line(post(page, title="See there"), words_of("en")) == ""
    assert attachments_line(post(POLL, title="Shall it sail?"), words_of("en")) == "[poll]"
    quiz = Media(type="poll", title="Shall it sail?\nIt shall, said Ann")
    assert attachments_line(post(quiz, title="Shall it sail?"), words_of("en")) == (
        "[poll] It shall, said Ann"
    )
    offer = Media(type="invoice", title="Chart\nof the bay")
    body = (Block(type="para", text="of the bay"),)
    assert attachments_line(post(offer, title="Chart", body=body), words_of("en")) == "[invoice]"


@pytest.mark.parametrize(
    ("document", "address"),
    [
        (post(PHOTO), "https://t.me/harbour/5"),
        (post(Media(type="document"), VIDEO), "https://t.me/harbour/5"),
        (post(PHOTO, deleted_at="2026-11-22T14:00:00Z"), "https://t.me/harbour/5"),
        (post(GONE), None),
        (post(POLL), None),
        (post(), None),
        (post(PHOTO, channel=CLOSED), None),
        (post(PHOTO, author=ANN), None),
        (post(PHOTO, url="https://example.org/5"), None),
        (post(PHOTO, url="https://t.me/c/100/5"), None),
    ],
)
def test_which_posts_are_previewed(document: Document, address: str | None) -> None:
    assert preview_address(document) == address


QUESTION = (Block(type="subhead", text="Shall it sail?"), Block(type="bullet", text="Yes"))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (post(PHOTO, title="The ferry"), "The ferry"),
        (post(PHOTO, title="The ferry", channel=CLOSED), "[photo]\nThe ferry"),
        (post(PHOTO), "[photo]"),
        (post(POLL, body=QUESTION), "[poll] Shall it sail?\nYes"),
        (post(POLL, title="Shall it sail?", body=QUESTION[1:]), "[poll] Shall it sail?\nYes"),
        (
            post(Media(type="giveaway", title="A sextant"), title="A sextant"),
            "[giveaway] A sextant",
        ),
        (
            post(title="Head", flags=("text_withheld",)),
            "Head\nNot all of it could be read: see the post.",
        ),
        (post(POLL, title="A caption", body=QUESTION), "[poll]\nA caption\nShall it sail?\nYes"),
    ],
)
def test_an_alert_says_what_its_preview_does_not_show(document: Document, words: str) -> None:
    alert = Alert(id=1, chat_id=1, query="has:media", created_at=NOW)
    message = alert_message(document, [alert], language="en", timezone="UTC", now=NOW)
    assert message.text.text.partition("\n\n")[2] == words
    assert message.preview == preview_address(document)
