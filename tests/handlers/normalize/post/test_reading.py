"""What can't be read of a file comes as a small file by itself, which reads as it would have."""

import io
import json

import pytest

from handlers.normalize import registry
from handlers.normalize.post.problems import Problem
from handlers.normalize.post.reading import Item, Reading
from storage.document import Document
from storage.errors import InputError

TAGS = "<i>" * 9_000

PREVIEW = """<meta property="og:title" content="Harbour">
<div class="tgme_widget_message" data-post="harbour/1">
<div class="tgme_widget_message_text">One</div>
<a class="tgme_widget_message_date"><time datetime="2024-01-01T00:00:00Z"></time></a></div>
<div class="tgme_widget_message" data-post="harbour/2">
<div class="tgme_widget_message_text">Two{odd}</div>
<a class="tgme_widget_message_date"><time datetime="2024-01-02T00:00:00Z"></time></a></div>"""

PAGE = """<div class="page_header"><div class="text bold">Harbour</div></div>
<div class="message service"><div class="body details">3 May 2024</div></div>
<div class="message default clearfix" id="message1"><div class="body">
<div class="date details" title="03.05.2024 10:00:00">10:00</div>
<div class="from_name">Harbour</div>
<div class="text">One</div></div></div>
<div class="message default clearfix" id="message2"><div class="body">
<div class="date details" title="03.05.2024 11:00:00">11:00</div>
<div class="from_name">Harbour</div>
<div class="text">Two{odd}</div></div></div>"""


def read(text: str | bytes, format: str) -> list[Item]:
    raw = text.encode() if isinstance(text, str) else text
    return list(
        registry.read(io.BytesIO(raw), name="a", format=format, channel="@harbour", all_chats=True)
    )


@pytest.mark.parametrize(("page", "format"), [(PREVIEW, "tme_html"), (PAGE, "desktop_html")])
def test_a_message_of_a_page_alone_reads_as_in_its_page(page: str, format: str) -> None:
    plain, odd = read(page.format(odd=""), format), read(page.format(odd=TAGS), format)
    (problem,) = [item for item in odd if isinstance(item, Problem)]
    assert problem.raw is not None
    assert [item for item in odd if not isinstance(item, Problem)] == plain[:1]
    assert read(problem.raw.replace(TAGS.encode(), b""), format) == plain[1:]


def test_a_message_of_an_export_without_an_id_is_kept_with_its_chat() -> None:
    messages = [
        {"id": 1, "type": "message", "date_unixtime": "1704067200", "text": "One"},
        {"type": "message", "date_unixtime": "1704067201", "text": "Two"},
    ]
    export = {"name": "Harbour", "type": "public_channel", "id": 77, "messages": messages}
    problem, first = read(json.dumps(export), "desktop_json")
    assert isinstance(problem, Problem) and problem.raw is not None
    alone = json.loads(problem.raw)
    assert alone == {**export, "messages": messages[1:]}
    alone["messages"][0]["id"] = 2
    (document,) = read(json.dumps(alone), "desktop_json")
    assert isinstance(document, Document) and document.doc_id == "tg:77/2"
    assert isinstance(first, Document)


@pytest.mark.parametrize(
    "line",
    [
        '{"_": "Message", "peer_id": {"channel_id": 5}, "message": "no id"}',
        '{"no": "message"}',
        "[[1, 2]]",
    ],
)
def test_a_line_that_is_no_message_is_kept(line: str) -> None:
    (problem,) = read(line, "telethon")
    assert isinstance(problem, Problem) and problem.raw is not None
    (again,) = read(problem.raw, "telethon")
    assert isinstance(again, Problem) and again.what == problem.what


@pytest.mark.parametrize(
    ("error", "what", "hint"),
    [
        (InputError("no date", hint="give one"), "no date", "give one"),
        (KeyError("id"), "it cannot be read (KeyError: 'id')", "it was left out"),
        (ValueError("x" * 999), f"it cannot be read (ValueError: {'x' * 999}"[:300], "…"),
    ],
)
def test_whatever_a_part_of_a_file_holds_is_a_problem_that_says_so(
    error: Exception, what: str, hint: str
) -> None:
    def make() -> Document:
        raise error

    reading = Reading(file="a.json", format="telethon")
    problem = reading.attempt(make, "line 7", lambda: "{\ud800}", message_id=7)
    assert isinstance(problem, Problem)
    assert (problem.what, problem.message_id) == (what, 7)
    assert hint in ("…", problem.hint)
    assert (problem.file, problem.place, problem.format) == ("a.json", "line 7", "telethon")
    assert problem.raw == b"{\xed\xa0\x80}"


def test_what_has_no_text_of_its_own_is_a_problem_without() -> None:
    problem = Reading(file="a").problem("line 7", "no date")
    assert (problem.hint, problem.raw, problem.message_id) == ("", None, None)
