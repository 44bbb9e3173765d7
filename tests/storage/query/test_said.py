from collections.abc import Callable

import pytest

from storage.document import Document
from storage.query import said
from storage.query.reading.syntax import parse

TEXT = (
    "Паром пойдёт в мае, заявил министр Олег Зорин.\n"
    "Anna Mill said that the ferry would be late in May.\n"
    "«Зерно подешевеет уже к осени», — сказал Зорин."
)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("who:zorin", "💬 Олег Зорин: Паром пойдёт в мае · 💬 Зорин: Зерно подешевеет уже к осени"),
        ("who:zorin зерно", "💬 Зорин: Зерно подешевеет уже к осени"),
        ("who:zorin -зерно", "💬 Олег Зорин: Паром пойдёт в мае"),
        ("who:mill,zorin (ferry OR зерно)", "💬 Anna Mill: the ferry would be late in May."
                                            " · 💬 Зорин: Зерно подешевеет уже к осени"),
        ("who:mill паром", ""),
        ("паром", ""),
        ("-who:mill паром", ""),
    ],
)  # fmt: skip
def test_quotes_that_answer(make_document: Callable[..., Document], query: str, shown: str) -> None:
    marked = said.mark_quotes(make_document(TEXT), parse(query))
    assert marked.text == shown
    assert all(marked.text[start:end].strip() for start, end in marked.spans)
