import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.documents import rows
from storage.document import Block, Channel, Document, Source


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


@given(st.text(), st.lists(st.text(), max_size=3))
def test_no_cell_starts_a_formula_and_each_comes_back(title: str, body: list[str]) -> None:
    cells = rows.row(document(title, tuple(body)))
    assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in cells if cell)
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    assert tuple(next(csv.reader(io.StringIO(out.getvalue(), newline="")))) == cells
