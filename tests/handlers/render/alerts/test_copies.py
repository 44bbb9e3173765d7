"""The posts that one row of results, or one alert, stands for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.render.alerts.copies import Copy, Opened, copies_message
from handlers.render.text.dates import Here
from handlers.texts.languages import words_of
from storage.document import Channel, Document, Source

HERE = Here(ZoneInfo("UTC"), datetime(2026, 11, 22, 12, tzinfo=UTC))
EN = words_of("en")


def post(number: int) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:{number}/1",
        source=Source(type="telethon"),
        channel=Channel(id=number, username=f"pier{number}", title=f"Pier {number}"),
        message_id=1,
        published_at="2026-11-22T10:00:00Z",
        published_precision="second",
        published_basis="api",
        title="The ferry is late " + "again " * 40,
        content_hash="",
    )


def opened(*copies: Copy, count: int = 3, page: int = 0) -> Opened:
    return Opened(copies=copies, count=count, page=page, verb="cp", fields=("t", 5), back="sp|t|0")


def test_each_copy_has_its_sign_its_head_and_first_words() -> None:
    copies = (Copy(post(1)), Copy(post(2), is_folded=True), Copy(post(3), True, is_event=True))
    head, *entries = copies_message(opened(*copies), HERE, EN).text.text.split("\n\n")
    assert len(head.split("\n")) == 3
    firsts = [entry.split("\n")[0] for entry in entries]
    assert [first[:8] for first in firsts] == ["Pier 1 ·", "＝ Pier 2", "≈ Pier 3"]
    assert all(len(entry.split("\n")[1]) == 120 for entry in entries)


@pytest.mark.parametrize(
    ("copy", "lines"),
    [
        (Copy(post(1)), 1),
        (Copy(post(1), is_folded=True), 2),
        (Copy(post(1), is_event=True), 2),
        (Copy(post(1), True, True), 2),
    ],
)
def test_what_the_signs_mean_is_said_where_they_stand(copy: Copy, lines: int) -> None:
    head, _ = copies_message(opened(copy), HERE, EN).text.text.split("\n\n")
    assert len(head.split("\n")) == lines


@pytest.mark.parametrize(
    ("count", "page", "turning"),
    [
        (8, 0, []),
        (9, 0, [("1 / 2", "-"), ("Next ›", "cp|t|5|1")]),
        (9, 1, [("‹ Prev", "cp|t|5|0"), ("2 / 2", "-")]),
    ],
)
def test_pages_are_turned_and_lead_back(
    count: int, page: int, turning: list[tuple[str, str]]
) -> None:
    keyboard = copies_message(opened(Copy(post(1)), count=count, page=page), HERE, EN).keyboard
    found = [[(button.text, button.data) for button in row] for row in keyboard]
    assert found == [*([turning] if turning else []), [("‹ Back", "sp|t|0")]]
