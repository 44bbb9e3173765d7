import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query.words.quotes import find_quotes

SAID = [
    ("💬 Sergey Marlin: We sail at dawn.", "Sergey Marlin", "We sail at dawn."),
    ("🎙 Министр Анна Зорина: порт открыт.", "Анна Зорина", "порт открыт."),
    ("Песков: порт будет открыт в мае", "Песков", "порт будет открыт в мае"),
    (
        "«Порт будет открыт. Мы готовы!» — заявил глава порта Иван Марлин журналистам.",
        "Иван Марлин",
        "Порт будет открыт. Мы готовы!",
    ),
    ('"Мы готовы к приёму судов", - сказала Зорина.', "Зорина", "Мы готовы к приёму судов"),
    (
        "Суда вернутся в порт в мае, сообщил РИА Новости капитан Олег Марлин.",
        "Олег Марлин",
        "Суда вернутся в порт в мае",
    ),
    (
        "Глава порта Иван Марлин заявил журналистам, что «Заря» выйдет в мае. Её ждут.",
        "Иван Марлин",
        "«Заря» выйдет в мае.",
    ),
    (
        "Паром пойдёт в мае, заявил советник Анны Зориной Иван Марлин.",
        "Иван Марлин",
        "Паром пойдёт в мае",
    ),
    (
        "Паром пойдёт в мае, заявил глава Росморя Зорин.",
        "Зорин",
        "Паром пойдёт в мае",
    ),
    (
        "По словам Ивана Зорина, порт открыт с мая.",
        "Ивана Зорина",
        "порт открыт с мая.",
    ),
    ("Порт будет открыт с мая, по словам Ивана Зорина.", "Ивана Зорина", "Порт будет открыт с мая"),
    ("⚡️Порт будет открыт в мае — Песков", "Песков", "Порт будет открыт в мае"),
    ("Порт откроют, — С. Марлин.", None, None),
    (
        "Курс вернётся «к обычным для нас значениям», заявил С. В. Марлин",
        "С. В. Марлин",
        "Курс вернётся «к обычным для нас значениям»",
    ),
    (
        "Harbour Minister John Marlin said on Monday that the port would open in May.",
        "John Marlin",
        "the port would open in May.",
    ),
    ("“We are ready to sail,” John Marlin told reporters.", "John Marlin", "We are ready to sail"),
    ('"We are ready to sail," said John Marlin.', "John Marlin", "We are ready to sail"),
    ("The port will open in May, John Marlin said.", "John Marlin", "The port will open in May"),
    (
        "According to John Marlin, the port will open in May.",
        "John Marlin",
        "the port will open in May.",
    ),
]

NOT_SAID = [
    "Он заявил, что порт будет открыт в мае.",
    "«Порт будет открыт в мае», — сказала она.",
    "Министр заявил, что порт будет открыт в мае.",
    "В Минобороны сообщили, что порт будет открыт в мае.",
    "Берлин заявил, что порт будет открыт в мае.",
    "Порт будет открыт в мае, сообщило агентство «Марлин».",
    "Порт будет открыт в мае — Bloomberg",
    "Порт будет открыт в мае, пишет Марлин Таймс.",
    "Иван Марлин не заявлял, что порт будет открыт в мае.",
    "Иван Марлин якобы заявил, что порт будет открыт в мае.",
    "Если Иван Марлин заявил, что порт открыт, то это так.",
    "Представитель Ивана Зорина заявил, что порт будет открыт в мае.",
    "Мать Иванова заявила, что порт будет открыт в мае.",
    "Иван Марлин ответил на слова о том, что порт закрыт.",
    "Об этом заявил Иван Марлин.",
    "Иван Марлин заявил о готовности порта.",
    "Иван Марлин: краткая биография",
    "Состав экипажа: Иван Марлин, Олег Зорин",
    "Куда пойдёт паром и что он повезёт — посчитал моряк Иван Зорин.",
    "А летом будущего года, добавил Иван Зорин, паром пойдёт дальше.",
    "По словам Анны Зориной, вице-президента порта, паром пойдёт в мае.",
    "Зорин заявил, что паром пойдёт в мае, но в каком году, Зорин не уточнил.",
    "John Marlin announced plans for new ports that might harm the fish there.",
    "«Паром пойдёт в мае», — сказал глава порта в ответ на вопрос службы Марлинс.",
    "Паром пойдёт в мае, считает директор Росмаря РФ.",
    "He said that the port would open in May.",
    "The White House said that the port would open in May.",
    "The ministry said that the port would open in May.",
    "His pupil, a sailor, said Marlin was one of the best captains.",
    "John Marlin allegedly said that the port would open in May.",
    "John Marlin said on Monday in Oslo.",
    "",
]


@pytest.mark.parametrize(("text", "who", "said"), SAID)
def test_who_says_what(text: str, who: str | None, said: str | None) -> None:
    found = [(text[slice(*one.who)], text[one.start : one.end]) for one in find_quotes(text)]
    assert found == ([] if who is None else [(who, said)])


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_is_doubtful_is_nobodys(text: str) -> None:
    assert find_quotes(text) == []


def test_a_surname_is_known_by_the_full_name_elsewhere() -> None:
    text = "Порт открыл Иван Квило.\n«Мы готовы к приёму судов», — сказал Квило."
    (quote,) = find_quotes(text)
    assert quote.name == ("иван", "квило")
    assert find_quotes(text.partition("\n")[2]) == []


def test_each_line_and_sentence_has_its_own_speaker() -> None:
    text = (
        "Суда вернутся в порт в мае, сообщил Олег Марлин. Он рад.\n"
        "Иван Зорин добавил, что груза хватит всем судам.\n"
        "💬 Анна Зорина: Мы ждём."
    )
    assert [" ".join(one.name) for one in find_quotes(text)] == [
        "олег марлин",
        "иван зорин",
        "анна зорина",
    ]


PIECES = (
    "«", "»", '"', "“", "”", " — ", ", ", ": ", ". ", "\n", "💬 ", "заявил", "said", "что", "that",
    "Иван", "Марлин", "John", "Marlin", "По словам", "according to", "порт открыт в мае",
    "the port is open", "С.", "Mr.", " ", "\u202e", "\ud800", "\u00a0",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_read_and_quotes_lie_in_it_in_order(text: str) -> None:
    at = 0
    for quote in find_quotes(text):
        assert at <= min(quote.start, quote.who[0])
        assert quote.start < quote.end <= len(text)
        assert text[quote.start : quote.end] == text[quote.start : quote.end].strip()
        assert quote.end <= quote.who[0] or quote.who[1] <= quote.start
        assert quote.name
        at = min(quote.start, quote.who[0])
