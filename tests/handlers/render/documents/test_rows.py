import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.documents import rows
from storage.document import (
    Author,
    Block,
    Channel,
    Dateline,
    Document,
    Forward,
    Link,
    Media,
    Source,
)
from storage.structs import replace


def document(title: str, body: tuple[str, ...] = ()) -> Document:
    return Document(
        kind="post",
        doc_id="tg:1700000001/7",
        source=Source(type="telethon"),
        channel=Channel(id=1700000001, username="embassy_example", title="Embassy (made up)"),
        message_id=7,
        title=title,
        body=tuple(Block(type="para", text=text) for text in body),
        content_hash="0" * 16,
    )


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+7 900",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u00a0=1",
        "＝1",
        "|calc",
        "\ufeff=1",
    ],
)
def test_formula_is_defused(text: str) -> None:
    assert rows.safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "plain", "a=b", "2024-01-01", -5, 7, None])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert rows.safe_cell(value) == ("" if value is None else str(value))


def test_row_has_a_cell_for_each_column() -> None:
    cells = dict(zip(rows.HEADER, rows.row(document("Head", ("One", "Two"))), strict=True))
    assert cells["body"] == "One\nTwo"
    assert cells["channel"] == "Embassy (made up)"
    assert cells["views"] == cells["deck"] == ""


FULL: dict[str, object] = {
    "published_at": "2024-03-01T10:00:05Z",
    "published_precision": "second",
    "edited_at": "2024-03-02T10:00:05Z",
    "deleted_at": "2024-03-03T10:00:05Z",
    "url": "https://t.me/embassy_example/7",
    "forwarded_from": Forward(name="Mast"),
    "dateline": Dateline(raw="OSLO, May 5. /TASS/."),
    "deck": "Deck",
    "hashtags": ("#a", "#b"),
    "links": (Link(text="x", url="https://a.example"), Link(text="y", url=None)),
    "media": (Media(type="photo"), Media(type="video")),
    "views": 12,
    "lang": "en",
    "author": Author(kind="user", id=5, name="Ann"),
}


def test_each_column_has_what_it_is_called_for() -> None:
    full = replace(document("Head", ("One",)), **FULL)  # type: ignore[arg-type]
    assert dict(zip(rows.HEADER, rows.row(full), strict=True)) == {
        "doc_id": "tg:1700000001/7",
        "kind": "post",
        "published_at": "2024-03-01T10:00:05Z",
        "published_precision": "second",
        "edited_at": "2024-03-02T10:00:05Z",
        "deleted_at": "2024-03-03T10:00:05Z",
        "channel": "Embassy (made up)",
        "channel_username": "embassy_example",
        "channel_id": "1700000001",
        "message_id": "7",
        "url": "https://t.me/embassy_example/7",
        "forwarded_from": "Mast",
        "dateline": "OSLO, May 5. /TASS/.",
        "title": "Head",
        "deck": "Deck",
        "body": "One",
        "hashtags": "#a #b",
        "links": "https://a.example",
        "media": "photo video",
        "views": "12",
        "lang": "en",
        "content_hash": "0" * 16,
        "author": "Ann",
    }


def test_what_a_document_lacks_is_an_empty_cell() -> None:
    bare = Document(
        kind="post",
        doc_id="txt:1",
        source=Source(type="text"),
        published_precision="none",
        content_hash="0",
    )
    cells = dict(zip(rows.HEADER, rows.row(bare), strict=True))
    filled = {name for name, cell in cells.items() if cell}
    assert filled == {"doc_id", "kind", "published_precision", "content_hash"}


@given(st.text(), st.lists(st.text(), max_size=3))
def test_no_cell_starts_a_formula_and_each_comes_back(title: str, body: list[str]) -> None:
    cells = rows.row(document(title, tuple(body)))
    assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in cells if cell)
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    assert tuple(next(csv.reader(io.StringIO(out.getvalue(), newline="")))) == cells
