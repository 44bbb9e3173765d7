"""Furniture takes no text: what names a network, a subscription or a source may be a headline."""

import pytest

from handlers.normalize import text
from storage.document import Document

BODY = (
    "MOSCOW, April 17. /TASS/. The port of Ternovo opens in May, the minister said on Monday.\n\n"
    "The first ferry sails on the same day."
)
HEADLINES = [
    "Ministry warns of fake accounts on Telegram",
    "Court blocks channel on Telegram",
    "Minister to speak on Telegram, Facebook and X",
    "Why readers subscribe to local papers",
    "Government asks citizens to subscribe to the new alert service",
    "Subscribe to our Telegram channel and read the news first",
    "Follow the money: how the port was built",
    "Read this before you sail",
    "Share of trade with Asia grows",
    "Search for missing crew goes on",
    "Photo exhibition opens in the port",
    "Source of the leak found, ministry says",
    "Source: the port closes in May",
    "МИД предупредил о фейках в Telegram",
    "Подписаться на рассылку МЧС можно с мая",
    "Новости порта: паром вернулся",
    "Фото с места аварии опубликовал губернатор",
    "Источник: порт закроют в мае",
    "Автор проекта: порт будет готов",
    "Автор: порт построят к маю",
]
LONG = (
    "The ministry said that those who want the news should follow it on Telegram, where it posts "
    "every day about the port, and subscribe to the alerts of the emergency service."
)


def read(written: str) -> Document:
    (document,) = text.read_text(written, file="a.txt", file_hash="0" * 16)
    return document


@pytest.mark.parametrize("line", HEADLINES)
def test_a_headline_that_looks_like_furniture_is_the_title(line: str) -> None:
    document = read(f"{line}\n\n{BODY}")
    assert (document.title, document.furniture) == (line, ())


@pytest.mark.parametrize("line", [*HEADLINES, LONG])
def test_such_a_line_between_paragraphs_takes_nothing(line: str) -> None:
    document = read(f"Port opens\n\n{BODY}\n\n{line}\n\nThe last paragraph of it, and its end.")
    said = "\n".join(document.texts())
    assert line in said
    assert "The last paragraph" in said


@pytest.mark.parametrize("line", [LONG, "More on Telegram", "Источник: порт закроют в мае"])
def test_such_a_line_at_the_end_is_text(line: str) -> None:
    assert line in read(f"Port opens\n\n{BODY}\n\n{line}").texts()


@pytest.mark.parametrize(
    "line",
    [
        "Join us on Telegram",
        "Subscribe to our channel",
        "Follow us on Telegram",
        "Subscribe",
        "Print",
    ],
)
def test_a_whole_line_of_navigation_is_no_title(line: str) -> None:
    document = read(f"{line}\n\nPort opens\n\n{BODY}")
    assert document.title == "Port opens"
    assert [part.text for part in document.furniture] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Source: Reuters",
        "Source: Port of Ternovo – The Harbour – In English",
        "Источник: РИА Новости",
        "Author: Ann Keeper",
        "Via: port.example",
    ],
)
def test_who_is_named_is_a_credit(line: str) -> None:
    document = read(f"Port opens\n\n{BODY}\n\n{line}")
    assert line not in document.texts()
    assert [part.text for part in document.furniture] == [line]
