"""What a later post is to somebody who was told of an earlier one."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stories import judgement
from storage.query.words import russian

STRIKE = (
    "The pilots of Nordair strike on 4.5 percent less pay, their union in Marby said on Friday."
)
LONG = (
    "The council of Marby has nearly all of the money for its bridge, treasurer Odd Falk said. "
    "Work will begin in March. Twelve of the fifteen pillars stand already. The ferry goes on "
    "until then, and tickets cost as much as before."
)
SNOW = (
    "Министерство дорог Олдании закрыло перевал Тарн на двое суток: ожидается −7 градусов и снег."
)
KNOWN = {
    "министерство",
    "закрыло",
    "открыло",
    "перевал",
    "суток",
    "недель",
    "ожидается",
    "градусов",
}


def is_word(word: str) -> bool:
    return word in KNOWN


def verdict(earlier: str, later: str, *, same_channel: bool = False) -> str:
    return judgement.judge(earlier, later, same_channel=same_channel, is_word=is_word).kind


@pytest.mark.parametrize("same_channel", [False, True])
@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (STRIKE, f"❗️ {STRIKE}"),
        (STRIKE, f"BREAKING: {STRIKE.upper()}"),
        (STRIKE, STRIKE.replace("4.5", "4,5")),
        (STRIKE, STRIKE.replace(", their", " — their")),
        (STRIKE, f"{STRIKE}\n\n{STRIKE}"),
        (STRIKE, f"«{STRIKE}»"),
        (
            LONG,
            LONG.partition(" Work")[0],
        ),
        (
            LONG,
            "Twelve of the fifteen pillars stand already. The ferry goes on until th… Read more",
        ),
        (LONG, LONG.replace(". ", ".\n\n")),
        (SNOW, SNOW.replace("Министерство", "Минстерство")),
        (SNOW, SNOW.replace("ё", "е")),
        (f"{SNOW} 🟢", f"{SNOW} 🟢🟢"),
    ],
)
def test_what_says_nothing_new_folds(earlier: str, later: str, *, same_channel: bool) -> None:
    assert verdict(earlier, later, same_channel=same_channel) == "fold"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (STRIKE, STRIKE.replace("4.5", "45")),
        (STRIKE, STRIKE.replace("4.5", "4.6")),
        (STRIKE, STRIKE.replace("strike", "do not strike")),
        (STRIKE, STRIKE.replace("less", "more")),
        (STRIKE, STRIKE.replace("Friday", "Monday")),
        (STRIKE, STRIKE.replace("Nordair", "Sudair")),
        (STRIKE, STRIKE.replace("said on Friday.", "said on Friday?")),
        (LONG, LONG.replace("nearly all", "all")),
        (LONG.replace("nearly all", "all"), LONG),
        (LONG, LONG.replace("Odd Falk", "Eva Holm")),
        (LONG, "The fifteen pillars stand already. The ferry goes on until then."),
        (LONG, "Work will begin."),
        (LONG, LONG.replace("Work will begin in March. ", "")),
        (LONG, f"{LONG} The mayor wept."),
        (SNOW, SNOW.replace("−7", "+7")),
        (SNOW, SNOW.replace("закрыло", "открыло")),
        (SNOW, SNOW.replace("Тарн", "Тарк")),
        (SNOW, SNOW.replace("двое суток", "двое недель")),
        (f"🔴 {SNOW}", f"🟢 {SNOW}"),
        (f"🇳🇴 {SNOW}", f"🇸🇪 {SNOW}"),
        (
            "Названа причина падения моста в Марби вчера утром:",
            "Названа причина падения моста в Марби вчера утром:",
        ),
        ("", ""),
        ("👍", "👍"),
    ],
)
@pytest.mark.parametrize("same_channel", [False, True])
def test_what_says_anything_else_reaches_the_reader(
    earlier: str, later: str, *, same_channel: bool
) -> None:
    assert verdict(earlier, later, same_channel=same_channel) != "fold"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("@alice_desk", "@bob_desk"),
        ("https://example.org/2025", "https://example.org/2026"),
        ("<1500", ">1500"),
        ("≈1500", "≠1500"),
        ("3:1", "1:3"),
        ("2/3", "2-3"),
        ("½", "¼"),
        ("🏆", "💔"),
        ("जाएगा", "जाएगी"),
        ("עַד", "עֵד"),
        ("#Olda", "#Marby"),
    ],
)
def test_marks_names_and_signs_say_something(one: str, other: str) -> None:
    text = "The pilots of Nordair agree on {} for the rest of the year."
    assert verdict(text.format(one), text.format(other)) != "fold"
    assert verdict(text.format(one), f"⚡️ {text.format(one)}") == "fold"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("say that us pilots strike", "say that US pilots strike"),
        ("would polish the text of it", "would Polish the text of it"),
        ("fell by 1,250 tonnes in May", "fell by 1.250 tonnes in May"),
        ("rose by − 7 points in a day", "rose by 7 points in a day"),
        ("took 100+ people to the hill", "took 100 people to the hill"),
        ("costs ₺90 in the whole of Olda", "costs ₹90 in the whole of Olda"),
        ("pardon impossible, to send away", "pardon, impossible to send away"),
        ("are at https://a.example/?page=2 now", "are at https://a.example/?page=3 now"),
        ("see the weather in Olda: ☀️", "see the weather in Olda: 🌧"),
        ("see the levels of the river", "✅ see the levels of the river"),
        ("were scarred by the fire in Olda", "were scared by the fire in Olda"),
        ("уехали, и всё готово ещё вчера", "уехали, и все готово ещё вчера"),
        ("судья Волков уехал вчера из Марби", "судья Волхов уехал вчера из Марби"),
        ("сбили над рекой десять дронов ночью", "сбили над рекой десять тронов ночью"),
        ("ไม่มีใครอยู่ใกล้ a b c d", "ไม่มีใครอยู่ไกล้ a b c d"),
    ],
)
@pytest.mark.parametrize("same_channel", [False, True])
def test_capitals_signs_commas_and_single_letters_say_something(
    one: str, other: str, *, same_channel: bool
) -> None:
    one, other = (
        f"The council of Marby wrote: they {one}",
        f"The council of Marby wrote: they {other}",
    )
    assert verdict(one, other, same_channel=same_channel) != "fold"
    assert verdict(other, one, same_channel=same_channel) != "fold"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (f"Fake:\n{STRIKE}", STRIKE),
        (f"{STRIKE} The airline denies this.", STRIKE),
        (f"Spokesman Falk: {STRIKE}", STRIKE),
        (f"{STRIKE}\nClosed on Friday:\nOlda\nMarby", f"{STRIKE}\nClosed on Friday:\nOlda"),
        (f"Flash floods, and {STRIKE}", f"Floods, and {STRIKE}"),
    ],
)
def test_what_turns_the_rest_is_no_part_to_be_cut_off(earlier: str, later: str) -> None:
    assert verdict(earlier, later) != "fold"


@pytest.mark.parametrize(
    "later",
    [
        STRIKE.replace("union", "Union"),
        STRIKE.replace("Nordair", "NORDAIR"),
        STRIKE.title(),
        f"{STRIKE} #strike #Nordair",
        f"DEVELOPING: {STRIKE}",
        f"✈️ {STRIKE} 🌾",
    ],
)
def test_capitals_tags_and_emoji_that_say_nothing_fold(later: str) -> None:
    assert verdict(STRIKE, later) == "fold"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Уряд Олданії закрив перевал Тарн через сніг",
            "Уряд Олданії відкрив перевал Тарн через сніг",
        ),
        ("У місті затримали директора заводу вночі", "У місті затримали директори заводу вночі"),
        (
            "El ministro dijo que está cerrado el puerto",
            "El ministro dijo que esta cerrado el puerto",
        ),
        ("أعلنت الحكومة إغلاق الميناء يوم الجمعة", "أعلنت الحكومة فتح الميناء يوم الجمعة"),
        ("政府宣布周五关闭奥尔达港口", "政府宣布周五开放奥尔达港口"),
        ("政府は金曜日に港を閉鎖すると発表した。", "政府は金曜日に港を閉鎖しないと発表した。"),
    ],
)
def test_unsure_of_a_language_it_sends(one: str, other: str) -> None:
    assert verdict(one, other) != "fold"
    assert verdict(one, f"❗️ {one}") == "fold"


def test_a_link_into_telegram_is_a_place_within_one_channel() -> None:
    one, other = f"{STRIKE} Write to t.me/help", f"{STRIKE} Write to t.me/desk"
    assert verdict(one, other, same_channel=True) != "fold"
    assert verdict(one, other) == "fold"


def test_the_same_letter_written_in_two_ways_is_the_same() -> None:
    assert verdict(SNOW, unicodedata.normalize("NFD", SNOW)) == "fold"


def test_links_into_telegram_say_nothing() -> None:
    assert verdict(f"{STRIKE} https://t.me/one/1", f"{STRIKE} t.me/other/2") == "fold"


@pytest.mark.parametrize(("same_channel", "kind"), [(False, "fold"), (True, "send")])
def test_a_post_of_few_words_folds_only_with_its_copy_in_another_channel(
    kind: str, *, same_channel: bool
) -> None:
    assert verdict("🔴 Тревога: Марби", "🔴 Тревога — Марби!", same_channel=same_channel) == kind
    assert verdict("No comment.", "No comments.", same_channel=same_channel) == "send"


def test_a_follow_up_says_where_the_new_words_are() -> None:
    later = STRIKE.replace("less", "more") + " Flights to Olda are cancelled."
    found = judgement.judge(STRIKE, later, same_channel=True, is_word=is_word)
    assert found.kind == "follow"
    assert [later[start:end] for start, end in found.fresh] == [
        "more",
        "Flights to Olda are cancelled",
    ]


@pytest.mark.parametrize(
    ("new", "places"),
    [
        ("Olda, Marby", ["Olda, Marby"]),
        ("Olda — Marby", ["Olda", "Marby"]),
        ("Olda; Marby", ["Olda; Marby"]),
    ],
)
def test_new_words_two_signs_apart_are_one_place_and_farther_apart_two(
    new: str, places: list[str]
) -> None:
    later = f"{STRIKE} {new}"
    found = judgement.judge(STRIKE, later, same_channel=True, is_word=is_word)
    assert found.kind == "follow"
    assert [later[start:end] for start, end in found.fresh] == places


@pytest.mark.parametrize(
    "later",
    [
        STRIKE.replace("Nordair", "Sudair"),
        "«Their union in Marby said» — so much for Nordair. We asked its passengers.",
        "A bakery in Marby burned down on Friday, nobody was hurt, the fire brigade of Olda said.",
    ],
)
def test_another_statement_is_sent_by_itself(later: str) -> None:
    assert verdict(STRIKE, later) == "send"


@pytest.mark.parametrize(("size", "kind"), [(40, "follow"), (1399, "send")])
def test_a_few_words_said_a_thousand_times_are_not_laid_beside_each_other(
    size: int, kind: str
) -> None:
    earlier = ["ferry" if n * n % 7 % 2 else "harbour" for n in range(size)]
    assert verdict(" ".join(earlier), " ".join([*earlier, "sinks"])) == kind
    assert verdict(" ".join([*earlier, "sinks"]), " ".join([*earlier, "sinks"])) == "fold"


WORDS = st.lists(
    st.sampled_from(
        ["ferry", "Marby", "not", "4.5", "45", "−7", "7", "all", "nearly", "снег", "нет"]
    ),
    min_size=1,
    max_size=30,
)


@given(WORDS, st.data())
def test_a_word_changed_added_or_taken_out_between_others_never_folds(
    words: list[str], data: st.DataObject
) -> None:
    earlier = ["Begin", *words, "end"]
    place = data.draw(st.integers(1, len(words)))
    other = data.draw(st.sampled_from(["harbour", "никогда", "8.5", "+9"]))
    for later in (
        [*earlier[:place], other, *earlier[place:]],
        [*earlier[:place], other, *earlier[place + 1 :]],
    ):
        assert verdict(" ".join(earlier), " ".join(later)) != "fold"


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts_are_judged(earlier: str, later: str) -> None:
    assert verdict(earlier, later) in ("fold", "follow", "send")


@pytest.mark.parametrize("tag", ["#Olda", "#Strikebreakers", "#Nordairport"])
def test_a_hashtag_that_names_something_else_says_something(tag: str) -> None:
    assert verdict(STRIKE, f"{STRIKE} {tag}") != "fold"
    assert verdict(STRIKE, f"{tag} {STRIKE}") != "fold"


LATE = [
    "the",
    "ferry",
    "from",
    "olda",
    "was",
    "late",
    "today",
    "because",
    "of",
    "heavy",
    "wind",
    "over",
    "bay",
    "and",
    "people",
    "waited",
    "long",
    "hours",
]
BOATS = [
    "seven",
    "quick",
    "boats",
    "took",
    "them",
    "away",
    "then",
    "home",
    "over",
    "calm",
    "water",
    "after",
    "dinner",
    "when",
    "moon",
    "rose",
    "bright",
]


@pytest.mark.parametrize(
    ("words", "changed", "kind"),
    [(8, 1, "follow"), (8, 2, "follow"), (8, 3, "send"), (12, 3, "follow"), (12, 4, "send")],
)
def test_a_text_of_which_a_quarter_is_changed_follows(words: int, changed: int, kind: str) -> None:
    earlier = LATE[:words]
    later = [*earlier[: words - changed - 1], *BOATS[:changed], earlier[-1]]
    verdict = judgement.judge(
        " ".join(earlier), " ".join(later), same_channel=False, is_word=russian.is_word
    )
    assert verdict.kind == kind


@pytest.mark.parametrize(("words", "kind"), [(9, "follow"), (8, "send")])
def test_a_longer_version_keeps_nine_tenths(words: int, kind: str) -> None:
    later = [*LATE[:5], *LATE[15 - words : 10], *BOATS]
    verdict = judgement.judge(
        " ".join(LATE[:10]), " ".join(later), same_channel=False, is_word=russian.is_word
    )
    assert verdict.kind == kind


@pytest.mark.parametrize(
    "cry",
    ["Just in", "Breaking news", "BREAKING", "Developing", "Urgent", "Flash", "Срочно",
     "Экстренно", "ВАЖНО", "Главное", "Молния", "Внимание"],
)  # fmt: skip
def test_a_word_that_only_cries_says_nothing_new(cry: str) -> None:
    told = SNOW if cry[0] > "z" else STRIKE
    assert verdict(told, f"{cry}: {told}") == verdict(f"{cry}! {told}", told) == "fold"


CRIES = """
just in/Breaking news/BREAKING/Developing/Urgent/Flash/Срочно/Экстренно/Важно/Главное/Молния
Внимание
"""


@pytest.mark.parametrize("cry", CRIES.strip().replace("\n", "/").split("/"))
def test_a_word_that_only_cries_is_no_word_of_the_sentence(cry: str) -> None:
    for text in (STRIKE, SNOW):
        assert verdict(text, f"{cry}: {text}") == verdict(f"{cry}\n{text}", text) == "fold"
        # Said of the rest, it is one.
        assert verdict(text, f"{cry} {text}") != "fold"


@pytest.mark.parametrize(
    "call",
    ["read more", "Read on", "READ IN FULL", "читать далее", "Читайте дальше", "читать полностью",
     "Подробнее"],
)  # fmt: skip
def test_a_call_to_read_on_says_nothing_and_cuts(call: str) -> None:
    for text in (STRIKE, SNOW):
        assert verdict(text, f"{text}\n{call} »") == verdict(text, f"{text} … {call}") == "fold"
    assert verdict(LONG, f"{LONG[:70]}… {call}") == "fold"
    assert verdict(LONG, f"{LONG[:70]} {call}er") != "fold"


PASS = "The pass of Tarn is shut for two days and nights, since much snow is expected there."


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("since much snow is exp…", "fold"),
        ("since much snow is e… Read more", "fold"),
        # What stands there besides is new, and so is another word.
        ("since much snow is exp rain…", "follow"),
        ("since much snow is rain…", "follow"),
        ("since much snow is expected there now…", "follow"),
        ("since much snow is exp", "follow"),
    ],
)
def test_only_the_beginning_of_the_next_word_is_a_cut_one(end: str, kind: str) -> None:
    assert verdict(PASS, f"{PASS.partition(' since')[0]} {end}") == kind


_CALLS = r"(?:read (?:more|on|in full)|чита(?:ть|йте) (?:далее|дальше|полностью)|подробнее)"
_SLOWLY = re.compile(rf"(?:\.\.\.|…)\W*{_CALLS}?\W*$|\W{_CALLS}\W*$", re.IGNORECASE)
_ENDINGS = (
    "...",
    "…",
    ".",
    " ",
    "\n",
    "_",
    "»",
    "a",
    "7",
    "READ MORE",
    "read in full",
    "Подробнее",
)


@given(st.lists(st.sampled_from((*_ENDINGS, "читайте полностью", "😀")), max_size=8).map("".join))
def test_where_a_text_breaks_off(text: str) -> None:
    found = _SLOWLY.search(text)
    assert judgement.breaks_off_at(text) == (found.start() if found else None)


@pytest.mark.parametrize("sign", ["…", "...", ".", " …", "[…", "\n", "…read more"])
def test_thousands_of_dots_hold_nobody_up(sign: str) -> None:
    """Each costs the same: where one was tried against all others, this would take hours."""
    text = f"x{sign * 20_000}x"
    assert judgement.breaks_off_at(text) is None
    assert judgement.judge(text, f"y{text}", same_channel=False, is_word=bool) == judgement.SEND


QUAKE = "拉恩近海发生5.9级地震，暂无人员伤亡报告"


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (QUAKE, f"【快讯】{QUAKE}", "fold"),
        (f"【最新】{QUAKE}", QUAKE, "fold"),
        (f"【突发】{QUAKE}", f"快讯：{QUAKE}", "fold"),
        (QUAKE, f"【辟谣】{QUAKE}", "send"),
        (QUAKE, f"【更正】{QUAKE}", "send"),
        (QUAKE, f"日本媒体：{QUAKE}", "send"),
        (QUAKE, QUAKE.replace("5.9", "5.8"), "send"),
        (QUAKE, QUAKE.replace("暂无", "已有"), "send"),
        (QUAKE, f"最新{QUAKE}", "send"),
    ],
)
def test_a_cry_in_front_says_nothing_in_writing_without_spaces(
    earlier: str, later: str, expected: str
) -> None:
    assert (verdict(earlier, later) == "fold") is (expected == "fold")
    assert verdict(earlier, later, same_channel=True) != "fold"


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Das Amt warnt ab sofort vor Reisen nach Olda", "EILMELDUNG:"),
        ("Le ministre confirme la mort de deux otages à Olda", "ALERTE -"),
        ("El Gobierno confirma el cierre del puerto de Olda", "ÚLTIMA HORA |"),
        ("Bakan Emre Solak bugün görevinden istifa etti", "SON DAKİKA:"),
        ("Samolot z Oldy lądował awaryjnie w Mellen", "PILNE:"),
        ("Парламент Олди ухвалив закон про порт", "ТЕРМІНОВО!"),
        ("وزارة الصحة: ارتفاع عدد القتلى في أولدا", "عاجل |"),
        ("سخنگوی وزارت حمله به اولدا را محکوم کرد", "فوری:"),
        ("משרד החוץ: אזרחים מתבקשים לעזוב את אולדה", "מבזק:"),
        ("外務省、オルダ全域に退避勧告を発表", "速報："),
        ("Premier Joost Vaal bevestigt zijn aftreden", "BREKEND:"),
    ],
)
def test_a_word_that_only_calls_for_attention_is_nothing_new(text: str, head: str) -> None:
    assert verdict(text, f"{head} {text}") == verdict(f"{head}\n{text}", text) == "fold"
    assert verdict(text, f"{head} {text.replace(text.split()[-1], 'Larn')}") != "fold"


def test_a_text_without_spaces_is_compared_without_what_stands_below_it() -> None:
    assert not judgement.is_short("外交部发言人反对将奥尔达列入名单")
    assert judgement.is_short("无可奉告")
    assert judgement.is_short("No comment.")


def test_capitals_of_turkish_are_its_letters() -> None:
    text = "İdlip ve İzmir için sefer iptal edildi"
    assert verdict(text, text.replace("İ", "i").replace("i", "İ", 1)) != "send"


@pytest.mark.parametrize("lie", ["Враньё", "Nonsense", "Lüge", "Mentira", "Kłamstwo", "كذب"])
def test_what_another_calls_a_lie_is_no_part_of_it(lie: str) -> None:
    assert verdict(f"{lie}. They did it all by themselves.\n{STRIKE}", STRIKE) != "fold"
