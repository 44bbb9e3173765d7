from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.document import Block, Document
from storage.query.words import analysis, name_keys
from storage.query.words.quotes import find_quotes, list_speakers
from storage.structs import replace

MakeDocument = Callable[..., Document]

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
    *(
        (
            f"Порт будет открыт в мае {dash} {who}",
            who.removeprefix("глава порта "),
            "Порт будет открыт в мае",
        )
        for dash in "—–-"
        for who in ("Песков", "глава порта Иван Марлин")
    ),
    *(
        (
            f"Паром {dash} новый {dash} пойдёт в мае {dash} Иван Марлин",
            "Иван Марлин",
            f"Паром {dash} новый {dash} пойдёт в мае",
        )
        for dash in "—–-"
    ),
    ("«Порт будет открыт в мае» — Иван Марлин.", "Иван Марлин", "Порт будет открыт в мае"),
    ("Песков: «Порт открыт»", "Песков", "Порт открыт"),
    ("🎙 Песков: порт", "Песков", "порт"),
    *(
        (f"{name}: порт будет открыт в мае", name, "порт будет открыт в мае")
        for name in ("С. Марлин", "С.В. Марлин", "С.-П. Марлин", "С. В. Марлин")
    ),
    ("J. Marlin said the port would open in May.", "J. Marlin", "the port would open in May."),
    ("Порт откроют в мае, заявил С. Марлин.", "С. Марлин", "Порт откроют в мае"),
    ("Порт откроют в мае, заявила А. Зорина.", "А. Зорина", "Порт откроют в мае"),
    ("По словам А. Зориной, порт откроют в мае.", "А. Зориной", "порт откроют в мае."),
    *(
        (
            f"По {word} Ивана Зорина, порт будет открыт в мае.",
            "Ивана Зорина",
            "порт будет открыт в мае.",
        )
        for word in ("мнению", "утверждению", "убеждению")
    ),
    ("❗️По словам Ивана Зорина, порт открыт с мая.", "Ивана Зорина", "порт открыт с мая."),
    ("— По словам Ивана Зорина, порт открыт с мая.", "Ивана Зорина", "порт открыт с мая."),
    (
        "Порт ждёт судна. По словам Ивана Зорина, он рад этому очень.",
        "Ивана Зорина",
        "он рад этому очень.",
    ),
    ("«Порт открыт с мая», по словам Ивана Зорина…", "Ивана Зорина", "Порт открыт с мая"),
    (
        "The port will open in May, according to John Marlin.",
        "John Marlin",
        "The port will open in May",
    ),
    (
        "According to Governor John Marlin, the port will open in May.",
        "John Marlin",
        "the port will open in May.",
    ),
    *(
        (f"Иван Зорин {adverb} заявил, что порт открыт с мая.", "Иван Зорин", "порт открыт с мая.")
        for adverb in ("также", "ранее", "затем", "вчера")
    ),
    *(
        (f"John Marlin {adverb} said that the port was open.", "John Marlin", "the port was open.")
        for adverb in ("later", "also", "has", "had")
    ),
    *(
        (
            f"John Marlin {verb} the port will open in May.",
            "John Marlin",
            "the port will open in May.",
        )
        for verb in ("said", "says", "believes", "thinks")
    ),
    ('John Marlin said: "The port will open."', "John Marlin", "The port will open."),
    ('John Marlin said "the port will open" to all.', "John Marlin", "the port will open"),
    ('John Marlin said that "the port will open."', "John Marlin", "the port will open."),
    ('John Marlin said that "Dawn" will open in May.', "John Marlin", '"Dawn" will open in May.'),
    ("John Marlin told reporters that the port was open.", "John Marlin", "the port was open."),
    (
        '"The port will open in May", John Marlin added on Monday.',
        "John Marlin",
        "The port will open in May",
    ),
    ("The port will open, John Marlin said.", "John Marlin", "The port will open"),
    (
        "The port will open in May, said John Marlin, its head.",
        "John Marlin",
        "The port will open in May",
    ),
    (
        "The port will open in May, said John Marlin on Monday.",
        "John Marlin",
        "The port will open in May",
    ),
    (
        "Иван Зорин сказал, что «новый порт» откроют в мае.",
        "Иван Зорин",
        "«новый порт» откроют в мае.",
    ),
    ("Иван Зорин сказал: «Порт откроют в мае». И ушёл.", "Иван Зорин", "Порт откроют в мае"),
    ("Иван Зорин сказал: «Порт «Заря» откроют в мае».", "Иван Зорин", "Порт «Заря» откроют в мае"),
    (
        "Мы ждём, что порт будет открыт», — сказал Иван Зорин.",
        "Иван Зорин",
        "Мы ждём, что порт будет открыт",
    ),
    ("«Порт откроют в мае», Иван Зорин заявил.", "Иван Зорин", "Порт откроют в мае"),
    ("Порт откроют в мае, Иван Зорин заявил.", "Иван Зорин", "Порт откроют в мае"),
    ("«**Порт откроют в мае**», — заявил Иван Зорин!", "Иван Зорин", "Порт откроют в мае"),
    ("*Порт откроют в мае*, — заявил Иван Зорин.", "Иван Зорин", "Порт откроют в мае"),
    (
        "«Мы ждём, – сказал Олег, – и порт открыт», — сообщил Иван Зорин.",
        "Иван Зорин",
        "Мы ждём, – сказал Олег, – и порт открыт",
    ),
    (
        "Порт откроют в мае, заявил Иван Зорин, он добавил, что рад.",
        "Иван Зорин",
        "Порт откроют в мае",
    ),
    (
        "Порт откроют в мае, сказал Зорину глава порта Иван Марлин.",
        "Иван Марлин",
        "Порт откроют в мае",
    ),
    (
        "Порт откроют в мае, сообщил для прессы глава порта Иван Марлин.",
        "Иван Марлин",
        "Порт откроют в мае",
    ),
    ("Зорина заявила, что порт открыт с мая.", "Зорина", "порт открыт с мая."),
    ("Паром пойдёт в мае, сообщила Зорина.", "Зорина", "Паром пойдёт в мае"),
    ("Министр Иванова заявила, что порт открыт с мая.", "Иванова", "порт открыт с мая."),
]

NOT_SAID = [
    "Песков: порт будет открыт",
    "Песков: «Порт»",
    "Песков:",
    "💬 Песков: ",
    "Песков сказал: порт будет открыт в мае",
    "Порт открыт — Песков",
    "Порт будет открыт в мае — не знает Песков",
    "Зорин сказал: порт будет открыт в мае — Песков",
    "Порт будет открыт в мае — мать Иванова",
    "Мать Иванова: порт будет открыт в мае",
    # Зорина may be a man's name in the genitive.
    "Вчера Зорина заявила, что порт открыт с мая.",
    "Паром пойдёт в мае, сообщила мать Зорина.",
    "С. Порт: порт будет открыт в мае",
    "J. The said the port would open in May.",
    "J. Marlin B. said that the port would open in May.",
    "По словам «Ивана Зорина», порт будет открыт в мае.",
    "По словам Ивана Зорина порт будет открыт в мае.",
    "По словам Ивана Зорина, паром пойдёт.",
    "Порт, по словам Ивана Зорина, будет открыт в мае.",
    "Порт будет открыт в мае по словам Ивана Зорина.",
    "According to John Marlin, governor of the port, the ship will sail.",
    "The port will open in May, according to the ministry.",
    "Иван Зорин ранее в интервью заявил, что порт будет открыт в мае.",
    "Иван Зорин сообщил по данным порта, что паром пойдёт в мае.",
    "Иван Зорин сказал о порте: «Он будет открыт в мае».",
    "Иван Зорин сказал «порт».",
    "Иван Зорин сказал, что рад.",
    "Порт и паром, сообщил Иван Зорин.",
    "Порт новый и большой, сообщил Иван Зорин.",
    "Мы ждём парома, сказал он, а порт открыт с мая, сообщил Иван Зорин.",
    "Порт откроют в мае, сообщил для прессы Иван Марлин.",
    "The port will open in May, said of it John Marlin.",
    "Порт открыт с мая, сообщил со ссылкой на Ивана глава порта Зорин.",
    'John Marlin said of Anna "the port would open in May" to all.',
    "John Marlin said in the port would open in May.",
    "John Marlin told the port would open in May.",
    "John Marlin told quickly that the port would open in May.",
    "John Marlin of Oslo said that the port would open in May.",
    "The port will open in May, John Marlin said on Monday.",
    "The port will open in May, said John Marlin's friend.",
    '"The port," John Marlin said.',
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


FURTHER = "Порт и суда.\n" * 80


@pytest.mark.parametrize("text", [text for text, *_ in SAID])
def test_who_says_what_is_the_same_far_down_in_a_text(text: str) -> None:
    by = len(FURTHER)
    moved = [
        replace(one, who=(one.who[0] + by, one.who[1] + by), start=one.start + by, end=one.end + by)
        for one in find_quotes(text)
    ]
    assert find_quotes(f"{FURTHER}{text}\n{FURTHER}") == moved


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_is_doubtful_is_nobodys(text: str) -> None:
    assert find_quotes(text) == []


def test_a_surname_is_known_by_the_full_name_elsewhere() -> None:
    text = "Порт открыл Иван Квило.\n«Мы готовы к приёму судов», — сказал Квило."
    (quote,) = find_quotes(text)
    assert quote.name == ("иван", "квило")
    assert find_quotes(text.partition("\n")[2]) == []


@pytest.mark.parametrize(
    ("surname", "is_sure"), [("Соколовская", True), ("Зорина", False), ("Меркель", False)]
)
def test_a_womans_surname_behind_another_word_may_be_a_mans_in_another_case(
    surname: str, *, is_sure: bool
) -> None:
    known = f"Порт открыла Анна {surname}.\n"
    assert len(find_quotes(f"{known}Порт открыт с мая, заявила {surname}.")) == 1
    assert len(find_quotes(f"{known}Порт открыт с мая, заявила вчера {surname}.")) == is_sure


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


@pytest.mark.parametrize(("words", "found"), [(110, 1), (120, 0)])
def test_a_statement_without_marks_has_an_end(words: int, found: int) -> None:
    assert len(find_quotes(f"Порт открыт, {'очень ' * words}рады, сообщил Иван Зорин.")) == found


@pytest.mark.parametrize(("length", "found"), [(10, 0), (11, 1), (4_000, 1), (4_001, 0)])
def test_lines_that_are_too_short_or_too_long_quote_nobody(length: int, found: int) -> None:
    line = f"💬Ян Лин: {'да' * length}"[:length]
    assert len(find_quotes(f"Порт открыт.\n{line}\nПаром идёт.")) == found


def test_of_a_sentence_what_follows_a_denial_elsewhere_is_said() -> None:
    text = "Если паром пойдёт, это хорошо. Иван Зорин заявил, что порт открыт с мая."
    (quote,) = find_quotes(text)
    assert text[quote.start : quote.end] == "порт открыт с мая."


@pytest.mark.parametrize(
    ("asked", "is_by"),
    [
        ("зорин", True),
        ("зорину", True),
        ("иван зорин", True),
        ("олег зорин", False),
        ("зорин марлин", False),
        ("марлин", False),
    ],
)
def test_whose_a_quote_is(asked: str, is_by: bool) -> None:
    (quote,) = find_quotes("Иван Зорин заявил, что порт открыт с мая.")
    groups = [
        frozenset(f"who:{key}" for key in group) for group in name_keys.asked_of(asked.split())
    ]
    assert groups
    assert quote.is_by(groups) == is_by


def told(title: str, body: str, make_document: MakeDocument) -> set[str]:
    block = Block(type="para", text=body, gap=1)
    marks = analysis.analyse_document(make_document(title=title, body=(block,))).marks
    return {mark for mark in marks if mark.startswith("who:")}


@given(
    st.lists(st.sampled_from(PIECES), max_size=5).map("".join),
    st.lists(st.sampled_from((*PIECES, " - ", " – ")), max_size=30).map("".join),
)
def test_no_document_is_taken_for_one_without_quotes(
    make_document: MakeDocument, title: str, body: str
) -> None:
    speakers = list_speakers(f"{title}\n{body}")
    keys = {key for speaker in speakers for key in name_keys.held_of(speaker)}
    assert told(title, body, make_document) == {f"who:{key}" for key in keys}


@pytest.mark.parametrize("text", [text for text, who, _ in SAID if who is not None])
def test_who_is_quoted_is_told_of_a_document(text: str, make_document: MakeDocument) -> None:
    assert told(text, "", make_document)
    assert told("Порт", text, make_document)


def test_who_is_quoted_is_listed_once() -> None:
    text = "💬 Анна Зорина: Мы ждём.\n💬 Анна Зорина: Ждём.\n💬 Олег Марлин: Да."
    assert list_speakers(text) == {("анна", "зорина"), ("олег", "марлин")}


@pytest.mark.parametrize("length", range(90, 140, 3))
def test_a_name_is_read_whole_however_far_behind_the_verb_it_stands(length: int) -> None:
    between = ("в порту " * 20)[:length].rpartition(" ")[0]
    text = f"Порт откроют в мае, сообщил {between} Иван Петрович Марлин."
    found = [text[slice(*quote.who)] for quote in find_quotes(text)]
    assert found in ([], ["Иван Петрович Марлин"])
    assert found or length > 100


MEN = """
заявил сообщил сказал отметил подчеркнул добавил рассказал объяснил пояснил написал ответил указал
напомнил предупредил признал уточнил констатировал прокомментировал объявил пообещал призвал заверил
заметил подтвердил посоветовал предположил возразил резюмировал признался пожаловался уверен убежден
убеждён
"""
WOMEN = """
заявила сообщила сказала отметила подчеркнула добавила рассказала объяснила пояснила написала
ответила указала напомнила предупредила признала уточнила констатировала прокомментировала объявила
пообещала призвала заверила заметила подтвердила посоветовала предположила возразила резюмировала
призналась пожаловалась уверена убеждена
"""
BOTH = """
заявляет сообщает говорит отмечает подчеркивает подчёркивает добавляет рассказывает объясняет
поясняет утверждает считает полагает уверяет указывает напоминает предупреждает пишет признаёт
признает уточняет обещает призывает
"""
ENGLISH = """
said says told added noted stressed stated emphasized emphasised argued warned claimed insisted
announced declared explained wrote tweeted acknowledged admitted believes thinks argues warns claims
insists notes adds explains writes
"""


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("Порт открыт с мая, {} Иван Зорин.", MEN + BOTH),
        ("Порт открыт с мая, {} Анна Зорина.", WOMEN + BOTH),
        ("The port will open in May, {} John Marlin.", ENGLISH),
        ("John Marlin {} that the port will open in May.", ENGLISH),
    ],
)
def test_verbs_by_which_somebody_says_something(template: str, words: str) -> None:
    for verb in words.split():
        assert len(find_quotes(template.format(verb))) == 1, verb


@pytest.mark.parametrize(
    "word",
    ["якобы", "фейк", "Фейки", "если", "будто", "ложно", "дипфейк", "Пародия", "allegedly",
     "falsely", "fake", "deepfake", "If"],
)  # fmt: skip
def test_what_is_doubted_or_supposed_is_nobodys(word: str) -> None:
    assert find_quotes(f"{word}, Иван Зорин заявил, что порт открыт с мая.") == []


@pytest.mark.parametrize(
    "text",
    [
        "По словам {} Ивана Зорина, порт открыт с мая.",
        "Порт открыт с мая, по словам {} Ивана Зорина.",
        "According to {} John Marlin, the port will open in May.",
        "The port will open in May, according to {} John Marlin.",
    ],
)
def test_words_of_whom_nobody_is_sure_are_nobodys(text: str) -> None:
    assert len(find_quotes(text.format(""))) == 1
    assert find_quotes(text.format("якобы")) == find_quotes(text.format("allegedly")) == []


@pytest.mark.parametrize("word", ["ложное", "deepfaked", "iffy", "пародиях", "якобинец"])
def test_a_word_that_only_begins_like_a_doubt_is_none(word: str) -> None:
    assert len(find_quotes(f"{word}, Иван Зорин заявил, что порт открыт с мая.")) == 1
