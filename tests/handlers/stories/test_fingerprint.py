"""Which texts say the same. The posts are invented."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stories import fingerprint, judgement
from storage.stories.stories import COMMON

FERRY = (
    "Паром «Северянка» вновь вышел на линию после двухнедельного перерыва, сообщил порт Гавани.\n\n"
    "Первый рейс состоялся утром, на борту было 112 пассажиров и 14 машин. До конца недели судно "
    "будет ходить дважды в день, затем вернётся обычное расписание. Ледокол сопровождает его "
    "только в узкой части пролива, где толщина льда ещё достигает полуметра, пояснил капитан порта."
)
GRAIN = (
    "Grain exports through the northern terminal grew by a third in October, the port authority "
    "said on Monday. Most of the wheat went to three buyers around the gulf, while barley sales "
    "stayed where they were a year ago. A second berth opens next spring and should take vessels "
    "of up to sixty thousand tonnes, according to the harbour master."
)
SHORT = "❗️Ледокол «Полярник» выведет из пролива 7 судов до конца недели, сообщили в порту Гавани"
HEADLINE = "⚡️Парламент Островии ввёл особое положение в трёх портах — министр Зотов"


def changed(text: str, every: int) -> str:
    words = text.split(" ")
    return " ".join("иначе" if place % every == 2 else word for place, word in enumerate(words))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FERRY, FERRY + "\n\nПодписаться на «Гавань» | Прислать новость"),
        (FERRY, "⚡️ Срочно: " + FERRY),
        (FERRY, "Forwarded from Гавань\n" + FERRY + "\n#порт #паром"),
        (FERRY, FERRY + "\n" + FERRY),
        (FERRY, changed(FERRY, 10)),
        (FERRY, changed(FERRY, 5)),
        (FERRY, FERRY[:150] + "…\n\nЧитать далее"),
        (FERRY, FERRY[:110]),
        (FERRY, FERRY.replace("ё", "е").replace("«", '"').replace("»", '"').upper()),
        (FERRY, FERRY.replace("112 пассажиров", "121 пассажир")),
        (GRAIN, GRAIN[:140] + "... Read in full"),
        (GRAIN, "BREAKING: " + GRAIN + "\n\nUPD: the authority confirmed the figures."),
        (GRAIN, changed(GRAIN, 6)),
        (SHORT, SHORT + "\n\n👉 @gavan_daily"),
        (SHORT, "Гавань сообщает:\n" + SHORT.strip("❗️")),
        (SHORT, SHORT.replace("выведет", "вскоре выведет")),
        (HEADLINE, HEADLINE + ". Подробности позже."),
        (HEADLINE, "Парламент Островии ввел особое положение в трех портах"),
        ("Отбой тревоги", "отбой тревоги!"),
    ],
)
def test_copies_say_the_same(one: str, other: str) -> None:
    assert fingerprint.same_story(one, other)
    assert set(fingerprint.sketch(one)) & set(fingerprint.sketch(other)) or len(one) < 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FERRY, GRAIN),
        (SHORT, SHORT.replace("7", "9")),
        (SHORT, SHORT.replace("Полярник", "Скиталец")),
        (SHORT, SHORT.replace("выведет", "не выведет")),
        (SHORT, SHORT.replace("до конца", "после конца")),
        (HEADLINE, HEADLINE.replace("ввёл", "отменил")),
        (HEADLINE, HEADLINE.replace("Островии", "Загории")),
        (HEADLINE, HEADLINE.replace("министр Зотов", "министр Липин")),
        ("Порт Гавани закроют 5 декабря на ремонт причала, сообщила мэрия",
         "Порт Гавани закроют 5 января на ремонт причала, сообщила мэрия"),
        ("Марк Липин посетит порт Гавани на следующей неделе, сообщила мэрия города",
         "Иван Зотов посетит порт Гавани на следующей неделе, сообщила мэрия города"),
        ("⚡️Воздушная тревога в Гавани", "⚡️Воздушная тревога в Заречье"),
        ("⚡️ Breaking: fire in the old port of Leeds", "⚡️ Breaking: fire at a school in Quito"),
        ("The council opened the north bridge to traffic on the eve of the fair, police said",
         "The council closed the north bridge to traffic on the eve of the fair, police said"),
        ("Снег идёт\n\nПодписаться на «Гавань» | Прислать новость",
         "Паром идёт\n\nПодписаться на «Гавань» | Прислать новость"),
        ("Срочно\n\nЧитать далее", "Коротко\n\nЧитать далее"),
        ("", ""),
        ("❗️", "❗️"),
        ("", FERRY),
        ("Olda", "Olda burned"),
        ("Olda burned", "Olda burned down today"),
        ("Olda burned", "Olda burned down in a big fire today, the mayor said"),
    ],
)  # fmt: skip
def test_what_only_looks_alike_does_not(one: str, other: str) -> None:
    assert not fingerprint.same_story(one, other)


HELD = "Мэр Гавани {} откроет новый причал на следующей неделе, сообщила мэрия города"


@pytest.mark.parametrize(
    ("name", "other", "is_same"),
    [
        ("Зотов", "Зотова", True),
        ("Зотовым", "Зотову", True),
        ("Липину", "Липин", True),
        ("Зотов", "Зорин", False),
        ("Зотов", "Котов", False),
        ("Марков", "Маркин", True),  # two letters at the end are a case's, or may be
        ("Маркони", "Мартини", False),
        ("Липа", "Лист", False),
        ("Лим", "Лин", False),
    ],
)
def test_a_name_in_another_case_of_grammar_is_no_other_name(
    name: str, other: str, is_same: bool
) -> None:
    assert fingerprint.same_story(HELD.format(name), HELD.format(other)) is is_same
    assert fingerprint.same_story(HELD.format(other), HELD.format(name)) is is_same


def test_a_post_that_quotes_another_is_a_post_of_its_own() -> None:
    quote = " ".join(FERRY.split()[8:22])
    comment = (
        "Напомним, что обещали нам другое: ещё в ноябре мэрия говорила о новом судне, а купили "
        "старое. Вот что пишут теперь."
    )
    assert not fingerprint.same_story(FERRY, f"{comment}\n{quote}")
    assert not fingerprint.same_story(FERRY, f"{GRAIN}\n{quote}")


def test_the_same_report_on_another_day_is_another_story() -> None:
    report = (
        "Сводка порта Гавани на {} ноября. За сутки принято {} судов и отправлено {} судов, на "
        "рейде ожидают {} танкера и {} сухогрузов. Перевалка зерна составила {} тонн, контейнеров "
        "{} штук. Происшествий на акватории не было, ледовая обстановка лёгкая, видимость хорошая."
    )
    one = report.format(11, 14, 12, 3, 8, 5400, 310)
    assert not fingerprint.same_story(one, report.format(12, 17, 15, 2, 9, 6100, 290))
    assert fingerprint.same_story(one, report.format(11, 14, 12, 3, 8, 5450, 310))


def test_a_part_shares_hashes_with_the_whole() -> None:
    whole = set(fingerprint.sketch(FERRY))
    assert len(whole & set(fingerprint.sketch(FERRY[:130]))) >= 2


WRITTEN = st.text("abёЁЖж1² \n.,!@İ\u0301", max_size=60)


@given(WRITTEN)
def test_a_sketch_is_of_the_lowest_hashes_of_three_words_in_a_row(text: str) -> None:
    words = [word.folded.encode() for word in fingerprint.read(text).words]
    numbers = [
        [
            int.from_bytes(blake2b(word, digest_size=12).digest()[at : at + 4], "big") & 0x7FFFFFFF
            for at in (0, 4, 8)
        ]
        for word in words
    ]
    hashes = {
        one[0] ^ two[1] ^ three[2]
        for one, two, three in zip(numbers, numbers[1:], numbers[2:], strict=False)
    }
    assert fingerprint.sketch(text)[: fingerprint.LOWEST] == tuple(
        sorted(hashes)[: fingerprint.LOWEST]
    )


def test_sketches_are_short_and_stay_as_they_are() -> None:
    assert fingerprint.sketch("снег идёт") == ()
    assert fingerprint.sketch("Снег идёт с утра") == fingerprint.sketch("снег ИДЕТ, с утра!")
    assert fingerprint.sketch("one two three") == (1101922083,)
    long = " ".join(f"word{n}" for n in range(5000))
    assert len(fingerprint.sketch(long)) == fingerprint.MOST
    assert all(0 <= value < 1 << fingerprint.HASH_BITS for value in fingerprint.sketch(long))


SENTENCES = st.lists(
    st.sampled_from(
        [
            "паром",
            "вышел",
            "лёд",
            "7",
            "Гавань",
            "не",
            "порт",
            "the",
            "port",
            "opens",
            "12",
            "Leeds",
            "утром",
            "ночью",
        ]
    ),
    max_size=40,
).map(" ".join)
TEXTS = st.one_of(SENTENCES, st.text(max_size=120))


@given(TEXTS, TEXTS)
def test_alikeness_is_symmetric(one: str, other: str) -> None:
    assert fingerprint.same_story(one, other) == fingerprint.same_story(other, one)


@given(TEXTS)
def test_a_text_says_what_it_says(text: str) -> None:
    has_words = bool(fingerprint.read(text).words)
    assert fingerprint.same_story(text, text) == has_words
    assert fingerprint.same_story(text, f"{text} {text}") == has_words


@given(TEXTS)
def test_white_space_and_pictures_change_no_sketch(text: str) -> None:
    assert fingerprint.sketch(text) == fingerprint.sketch("⚡️ " + text.replace(" ", "  "))


BARGE = "The old barge of Marby has run aground near the pier"


@pytest.mark.parametrize(
    ("line", "is_call"),
    [
        ("Subscribe to us", True),
        ("Подписаться на канал", True),
        ("Подробности на сайте", True),
        ("Our chat is open to all", True),
        ("Join us", True),
        ("Follow us: https://t.me/harbour", True),
        ("#ferry #marby", True),
        ("➡️ —", True),
        ("Read more", True),
        ("Subscribe" + " now" * 11, True),
        ("Subscribe" + " now" * 12, False),
        ("Subscribe" + " now" * 11 + " #boats", True),
        ("Subscribe " + "x" * 150, True),
        ("Subscribe " + "x" * 151, False),
        ("They subscribed nothing", True),
        ("The mast is gone", False),
        ("Join them", False),
    ],
)
def test_a_call_below_a_post_is_none_of_its_words(line: str, is_call: bool) -> None:
    words = [word.folded for word in fingerprint.read(f"{BARGE}\n{line}").words]
    assert (words == [word.folded for word in fingerprint.read(BARGE).words]) == is_call


@pytest.mark.parametrize(
    ("end", "is_call"),
    [
        ("Read more", True),
        ("Читать далее", True),
        ("Читайте полностью >>", True),
        ("Read in full" + "." * 18, True),
        ("Read in full" + "." * 19, False),
        ("Read more of it", False),
    ],
)
def test_a_call_at_the_end_of_a_line_is_none_of_its_words(end: str, is_call: bool) -> None:
    words = [word.folded for word in fingerprint.read(f"{BARGE}. {end}").words]
    assert (words == [word.folded for word in fingerprint.read(BARGE).words]) == is_call


@pytest.mark.parametrize(("text", "words"), [("One boat sinks today", 4), ("A boat sinks", 5)])
def test_a_post_of_a_call_and_few_words_is_all_of_it(text: str, words: int) -> None:
    assert len(fingerprint.read(f"{text}\nSubscribe now").words) == words


CHINESE = "拉恩港口三日发生大火，消防部门表示十二人受伤，港口已关闭。"


@pytest.mark.parametrize("cry", ["【快讯】", "快讯：", "【突发】\n", "❗️【最新消息】", "速报｜"])
def test_a_cry_before_writing_without_spaces_is_no_other_story(cry: str) -> None:
    both = set(fingerprint.sketch(CHINESE)).intersection(fingerprint.sketch(cry + CHINESE))
    assert len(both) >= COMMON
    assert fingerprint.same_story(CHINESE, cry + CHINESE)
    verdict = judgement.judge(
        CHINESE, cry + CHINESE, same_channel=False, is_word=lambda word: False
    )
    assert verdict.kind == "fold"


@pytest.mark.parametrize(
    "other",
    [
        f"【辟谣】{CHINESE}",
        f"外交部：{CHINESE}",
        CHINESE.replace("十二", "十三"),
        CHINESE.replace("已", "未"),
        "快讯快讯",
    ],
)
def test_all_else_before_or_in_such_writing_is_another(other: str) -> None:
    assert not fingerprint.same_story(CHINESE, other)
    assert set(fingerprint.sketch(CHINESE)).isdisjoint(fingerprint.sketch(other))


@pytest.mark.parametrize(
    ("size", "begins", "covers"),
    [
        (2, 0, False),
        (3, 1, True),
        (6, 1, True),
        (7, 1, False),
        (8, 2, True),
        (9, 2, False),
        (24, 14, True),
        (24, 13, False),
        (50, 38, True),
        (50, 37, False),
    ],
)
def test_half_must_stand_in_the_other_and_no_long_piece_apart(
    size: int, begins: int, covers: bool
) -> None:
    (word,) = fingerprint.read("port").words
    known, new = range(begins), range(1000, 1000 + max(0, size - 2 - begins))
    large = fingerprint.Reading([word] * 100, [*known])
    for shingles in ([*known, *new], [*new, *known]):
        assert fingerprint._covers(fingerprint.Reading([word] * size, shingles), large) is covers
