from collections.abc import Callable

import pytest

from storage.document import Document, Media
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


@pytest.mark.parametrize(
    ("query", "bold"),
    [
        ("who:zorin", ["Олег Зорин", "Зорин"]),
        ("who:zorin зерно", ["Зорин", "Зерно"]),
        ("who:zorin (зерно OR паром)", ["Олег Зорин", "Паром", "Зорин", "Зерно"]),
        ("who:mill ==May", ["Anna Mill", "May"]),
        ("who:mill ==may", []),
        ("who:mill title:ferry", []),
        ("who:mill порт", []),  # it stands in what is attached
        ("who:mill statement", []),  # and this in the title
        ("who:mill after:2030", ["Anna Mill"]),  # dates are not asked here
    ],
)
def test_who_said_it_and_what_matched_are_marked(
    make_document: Callable[..., Document], query: str, bold: list[str]
) -> None:
    plan = Media(type="document", name="порт.pdf")
    document = make_document(f"Statement on the ferry\n{TEXT}", media=(plan,))
    marked = said.mark_quotes(document, parse(query))
    assert [marked.text[start:end] for start, end in marked.spans] == bold
    assert len(said.list_quotes(document, parse(query))) == marked.text.count("💬")


def test_a_long_quotation_is_cut_around_what_matched(
    make_document: Callable[..., Document],
) -> None:
    document = make_document(f"«{'Слово ' * 30}зерно {'слово ' * 30}», — сказал Олег Зорин.")
    shown = said.mark_quotes(document, parse("who:zorin зерно"), 60).text
    assert "зерно" in shown
    assert len(shown) < 90
