"""Furniture takes no text: what names a network, a subscription or a source may be a headline."""

import pytest

from handlers.normalize import text
from handlers.normalize.article import furniture
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


OPENINGS = {
    "nav": """
        http://port.example/a?b=c|https://port.example|www.port.example/a|All news|News|Latest news
        Top news|Home|Menu|Search|Log in|Login|Sign in|Sign up|Print|Share|Share:|Все новости
        Новости|Лента новостей|Главная|Меню|Поиск|Печать|Поделиться:|En|Eng / Rus / Укр|Ru/Ua|Англ
        Follow us on X|Find us on Facebook|Like this|Watch it on YouTube|Share this on Instagram
        Read us on X/Twitter.|Follow Port News on Twitter|Join The Port News on Telegram!
        On Telegram|Us on Facebook:|Subscribe to us|Subscribe to our newsletter
        Subscribe to our daily newsletters|Subscribe to our feed|Subscribe to the newsletter
        Subscribe to newsletter|Make a charitable donation today|Port - make a charitable donation
        Disclaimer: all of it is invented|Home > News|Home » News|Главная / Порт|Reuters|TASS:
        Reuters News|Port News on Facebook Port News on Twitter and more
    """,
    "counter": """
        12 345|12:30|1.2K views|3 visitors online|1 view|2 comments|5 shares|7 просмотров
        8м просмотр|8 комментариев|100 RUB|1.5 USD|2 EUR|3 BYN|4 UAH|5 KZT|6 ₽|7 $|8€|9 руб.|9руб
    """,
    "copyright": """
        © Port 2024 News|(c) Port, 2024|Copyright Port 1999|All rights reserved
        2024 Port. All rights reserved.|Все права защищены|Порт. Все права защищены, 2024
    """,
    "credit": """
        Photo: Ann Lee|Image by: Ann|Picture credit: Ann|Фото: Анна|Иллюстрация: Анна|Credit: Ann
        © Ann Lee|© Port 1800|(c) Ann Lee|photo|Telephoto|фото|By Ann Lee|By J. Ann Lee Roe
        Source: port.example|Via: Ann Lee|Text: Ann of the Port|By: Ann and Bob|Автор: Анна и Борис
        Источник: Анна|Author: Ann de Roe – Port
    """,
    "page_time": "12 March 2024|12 March 2024, 15:30",
}
TAILS = {
    "tail": """
        Read more: the port opens|… Read more|... see also a thing.|Читайте также: порт
        Tag|Tag: a, b|Tags: port|Теги: порт|Подробнее|Подробнее: порт|Source|via
        Источник|Source: Ann Lee|www.port.example|https://port.example
    """,
    "tail and all after it": """
        Comment|Comments:|Комментарии:|Leave a comment here|Leave a reply|Share|Share:
        Share this with all|Поделиться|A user at the port|User at the port|Related news
        Related articles|Читайте также|Читайте также:|Read also:|Автор: Анна Ли|Author: Ann Lee
    """,
    "all after it": "Author:|автор:",
    "copyright": "© Port 2024|All rights reserved",
    "credit": "© Port|© Ann Lee",
    "page_time": "12 March 2024",
}
NO_FURNITURE = """
    Port opens|Read more. Then sail.|Related ports|10 pounds|By Ann|Source: the port|Follow the port
    Share of trade|Subscribe to the port|Newsletters|Homeless|Us on the pier|Port on Facebook
"""


def rows(table: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (one.strip(), kind)
        for kind, lines in table.items()
        for one in lines.strip().replace("\n", "|").split("|")
    ]


@pytest.mark.parametrize(("line", "kind"), rows(OPENINGS))
def test_a_line_above_a_text_is_furniture_by_its_look(line: str, kind: str) -> None:
    assert furniture.opening_kind(line) == furniture.opening_kind(f" {line} ") == kind


@pytest.mark.parametrize(("line", "kind"), rows(TAILS))
def test_a_line_below_a_text_is_furniture_by_its_look(line: str, kind: str) -> None:
    own = kind.removesuffix("all after it").removesuffix(" and ") or None
    assert furniture.tail_kind(line) == furniture.tail_kind(f" {line} ") == own
    assert furniture.begins_tail(f" {line} ") is kind.endswith("all after it")


@pytest.mark.parametrize("line", [line for line, _ in rows({"": NO_FURNITURE})])
def test_a_line_that_is_like_furniture_is_text(line: str) -> None:
    assert furniture.opening_kind(line) is furniture.tail_kind(line) is None
    assert not furniture.begins_tail(line)


@pytest.mark.parametrize(
    ("line", "is_furniture"),
    [
        (f"https://{'a' * 292}", True),
        (f"https://{'a' * 293}", False),
        ("1" * 40, True),
        ("1" * 41, False),
        (f"On Telegram{'!' * 79}", True),
        (f"On Telegram{'!' * 80}", False),
    ],
)
def test_long_lines_are_text(line: str, is_furniture: bool) -> None:
    assert (furniture.opening_kind(line) is not None) is is_furniture


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Mayor Ann Lee/TASS", True), ("Ann Lee / Port News", True), ("The pier © Ann", True),
        ("The pier (Photo by Ann)", True), ("Пирс (фото Анны)", True), ("Photo: Ann Lee", True),
        ("The pier. Фото: Анна ", True), ("The pier, photo: Ann", True), ("photo:A", False),
        ("a/b", False), ("Ann Lee/TASS said so", False), ("The pier opens", False),
        ("12/20", False), ("The pier (photograph by Ann)", False), ("The telephoto: a pier", False),
    ],
)  # fmt: skip
def test_who_took_a_photograph_is_named(line: str, names: bool) -> None:
    assert furniture.names_photographer(line) is names


@pytest.mark.parametrize(
    ("line", "is_name"),
    [
        ("Ann Lee", True), ("Ann J. Lee", True), ("Анна Ли", True), (" Ann O’Lee-Roe ", True),
        ("Ann", False), ("Ann Lee Roe Doe", False), ("ann Lee", False), ("Ann lee", False),
        (f"Ann {'L' * 44}", True), (f"Ann {'L' * 45}", False),
    ],
)  # fmt: skip
def test_two_or_three_capitalised_words_may_be_a_name(line: str, is_name: bool) -> None:
    assert furniture.is_name(line) is is_name
