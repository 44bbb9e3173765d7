"""Documents as files: each form whole, in pieces that can stand in a row."""

import csv
import io
import json

import pytest

from handlers.render.documents import canonical, files, json_lines, rows
from storage.document import Block, Document, Source

ONE, TWO = (
    Document(
        kind="post",
        doc_id=f"tg:1700000001/{number}",
        source=Source(type="telethon"),
        message_id=number,
        title=title,
        body=(Block(type="para", text='Second "line", Зерно'),),
        content_hash="0" * 16,
    )
    for number, title in ((7, "Harbour"), (8, "Broken \ud800 half"))
)


def written(format: files.Format, *documents: Document) -> bytes:
    return files.opening(format) + b"".join(files.pieces(documents, format))


def test_each_form_has_a_type_of_its_own() -> None:
    assert files.FORMATS == ("txt", "jsonl", "csv")
    assert files.MIMES == {
        "txt": "text/plain", "jsonl": "application/x-ndjson", "csv": "text/csv",
    }  # fmt: skip


@pytest.mark.parametrize("format", files.FORMATS)
def test_a_piece_is_a_document_and_pieces_in_a_row_are_a_file(format: files.Format) -> None:
    assert files.pieces([], format) == []
    assert len(files.pieces([ONE, TWO], format)) == 2
    assert files.pieces([ONE, TWO], format) == [
        *files.pieces([ONE], format), *files.pieces([TWO], format),
    ]  # fmt: skip
    assert bool(files.opening(format)) == (format == "csv")


def test_a_table_begins_with_the_mark_of_utf_8_and_the_names_of_its_columns() -> None:
    content = written("csv", ONE, TWO)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    expected = [list(rows.row(one)) for one in (ONE, TWO)]
    assert read[0] == list(rows.HEADER)
    assert read[1:] == [[cell.replace("\ud800", "?") for cell in row] for row in expected]


def test_lines_of_json_are_documents() -> None:
    lines = written("jsonl", ONE, TWO).decode().splitlines()
    assert lines == [json_lines.dump(one).replace("\ud800", "?") for one in (ONE, TWO)]
    assert [json.loads(line)["message_id"] for line in lines] == [7, 8]


def test_texts_are_parted_by_an_empty_line_and_what_is_no_text_is_a_question_mark() -> None:
    text = written("txt", ONE, TWO).decode()
    assert text == canonical.canonical(ONE) + "\n\n" + (
        canonical.canonical(TWO).replace("\ud800", "?") + "\n\n"
    )
    assert "Broken ? half" in text
