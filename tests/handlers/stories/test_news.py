"""What of a post of an event is news: a number, a name, a negation, a turn; all else is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stories import news

FIRE = "A fire in the port of Marby killed 12 people, the mayor Ivo Kalen said on Monday evening."
ОЖАР = "Пожар в порту города Марбы унёс жизни 12 человек, сообщил мэр Иво Кален."
DENIED = "The mayor of Marby did not resign after the fire in the port, his office said."


def kind(shown: str, post: str) -> str | None:
    found = news.what_is_new([news.read(shown)], news.read(post))
    return None if found is None else found.kind


RAID = "An air raid alert in Marby and Olda"


@pytest.mark.parametrize(
    ("shown", "post"),
    [
        (FIRE, FIRE),
        (FIRE, "12 people killed by fire in Marby, mayor Kalen said on Monday."),
        (RAID, "The air raid alert over Marby and Olda"),
        (FIRE, "TASS: a fire in the port killed 12 people."),
        ("Порт РФ горит, там есть пожар", "Порт России горит: там пожар"),
        (FIRE, "At least 12 people were killed in the port of Marby in a big fire that evening."),
        (FIRE, "Marby's mayor Kalen said the fire killed 12 people."),
        ("Fire killed three people in Olda", "Three killed by fire in Olda, police said"),
        ("Ship hit in Olda port, the army said", "Ship hit in port of Olda, the army says"),
        ("Ship hit in Olda port, the army said", "Ship hit in port of Olda, an official says"),
        (FIRE, "The port of Marby was on fire, 12 people are dead, mayor Ivo Kalen says."),
        ("Drones seen over the port of Marby", "Drones are over the port of Marby"),
        ("Grain rose 3 percent in Marby", "Grain is up 3 percent in Marby"),
        ("Ukraine buys the ship for the port, they say.", "Ukrainian port buys a ship, they say."),
        (ОЖАР, "Число погибших при пожаре в порту Марбы — 12 человек, заявил мэр города Кален."),
        (ОЖАР, "Мэр Иво Кален рассказал о пожаре в порту Марбы, унёсшем жизни 12 человек."),
        ("Суд не отпустил капитана судна под залог.", "Капитана судна под залог не отпустил суд."),
        ("В порту Олды вырос вывоз зерна", "Источник мэра: вырос вывоз зерна в порту"),
        ("В порту Олды вырос вывоз зерна", "Эксперты порта Олды: вырос вывоз зерна в порту"),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_no_news(shown: str, post: str) -> None:
    assert kind(shown, post) is None


@pytest.mark.parametrize(
    ("shown", "post", "expected"),
    [
        (FIRE, FIRE.replace("12", "13"), "number"),
        (RAID, "The air raid alert in Marby and Olda is over", "turn"),
        (RAID, "The air raid alert in Marby and Olda is still out", "turn"),
        (RAID, f"{RAID}: an exercise", "turn"),
        ("Fire killed three workers in Olda", "Fire killed three soldiers in Olda", "turn"),
        ("Fire killed three men in Olda", "Fire killed three children in Olda", "turn"),
        ("Ship hit in Olda port, the army said", "Ship hit in Olda port, the mayor said", "turn"),
        ("Minister Ann Falk resigned in Olda", "Minister Ann Falk was sacked in Olda", "turn"),
        ("Minister Falk resigned in Olda", "Deputy minister Falk resigned in Olda", "turn"),
        ("Sources: port of Olda will be shut", "The port of Olda will be shut", "negation"),
        ("В порту Олды снизили сбор до 12%", "В порту Олды снизили сбор на 12 пунктов", "negation"),
        ("В порту Олды сбор снизили до 12", "В порту Олды сбор снизили на 12", "negation"),
        ("Lost in Olda port:\nferries — 1\nboats — 0", "Lost in Olda port:\nferries — 0\nboats — 1",
         "number"),
        ("Rates in Olda port today:\ncrown 81 ▲\nmark 92 ▼",
         "Rates in Olda port today:\ncrown 81 ▼\nmark 92 ▲", "negation"),
        (RAID, "All clear in Marby and Olda after the air raid", "turn"),
        (RAID, "End of the air raid alert in Marby and Olda", "turn"),
        ("Power is out in the east of Marby", "Power is back in the east of Marby", "turn"),
        ("Power is out in the east of Marby", "Power is back, in the east of Marby", "turn"),
        ("Gas for the east of Marby is off", "Gas for the east of Marby is on", "turn"),
        ("Power is out in the east of Marby", "Power's back in the east of Marby", "turn"),
        ("Power is out in the east of Marby", "Power’s back in the east of Marby", "turn"),
        ("Тревога в Залесске и порту Олда", "Чисто в Залесске и порту Олда", "turn"),
        ("Gas for the east of Marby is off", "Gas for the east of Marby is on again", "turn"),
        ("Тревога в Залесске и порту Олда", "Тревога в Залесске и порту Олда позади", "turn"),
        ("Мост через Олду у Марбы перекрыт", "Мост через Олду у Марбы открыт", "negation"),
        (FIRE, FIRE.replace("12", "1.2"), "number"),
        (FIRE, FIRE.replace("Monday", "Tuesday"), "number"),
        (FIRE, FIRE.replace("12 people", "12 people and 3 dogs"), "number"),
        ("Fire: 12 killed, 5 burned in port", "Fire: 5 killed, 12 burned in port", "number"),
        (FIRE, FIRE.replace("Ivo Kalen", "Ann Olsen"), "name"),
        (FIRE, FIRE.replace("Marby", "Olda"), "name"),
        (FIRE, "Olda: the fire in the port killed 12 people on Monday evening.", "name"),
        ("Port of Iran burns, they say today", "Port of Iraq burns, they say today", "name"),
        ("В порту Ирана большой пожар", "В порту Ирака большой пожар", "name"),
        (ОЖАР, ОЖАР.replace("Кален", "Олдин"), "name"),
        (ОЖАР, "Захарова рассказала о пожаре в порту, унёсшем жизни 12 человек.", "name"),
        (ОЖАР, "Пожар в порту тушила бригада ОКО, погибли 12 человек.", "name"),
        (FIRE, FIRE.replace("said", "did not say"), "negation"),
        (DENIED, "The mayor of Marby did resign after the fire in the port.", "negation"),
        ("The mayor didn't sign the paper today", "The mayor did sign the paper today", "negation"),
        ("Суд не освободил капитана судна", "Суд освободил капитана судна вечером", "negation"),
        ("The ministry opens the port for all ships", "The ministry closes the port for all ships",
         "negation"),
        ("Boats go to the north of the bay today", "Boats go to the south of the bay today",
         "negation"),
        ("Nobody knows what became of the boat crew", "Police confirm what became of the boat crew",
         "turn"),
        ("Капитан судна пострадал при пожаре в порту", "Капитан судна скончался после пожара",
         "turn"),
        # What the first says in passing does not tell of what the second says.
        ("The match kicks off in Olda at the harbour", "The match in Olda at the harbour cancelled",
         "turn"),
        ("The council of Olda passed a bill that bans rallies in the port",
         "The council of Olda passed a bill that allows rallies in the port", "negation"),
        ("Суд Олды принял решение запретить марш в порту",
         "Суд Олды принял решение разрешить марш в порту", "negation"),
        # What happened is told in a word that no list of turns has.
        (FIRE, "The fire in the port of Marby is the biggest that people there remember.", "turn"),
        ("Olda and Vestria talk in Larn today", "Olda and Vestria talk of peace in Larn", "turn"),
        ("The ship Asta ran aground near Larn", "The ship Asta sank off Larn today", "turn"),
        ("Сухогруз «Аста» сел на мель у Ларна", "Сухогруз «Аста» затонул у Ларна", "turn"),
        ("Парламент Олды принял закон о связи", "Президент Олды подписал закон о связи", "turn"),
        # Words that mean the same tell nothing new, but for names: their people may be verbs.
        ("Poland sends paint for the ship in Olda", "Crews polish the ship in Olda for Poland",
         "turn"),
        # Nor one that stands apart, before a colon or behind a dash, and is not who tells it.
        ("В порту Олды горит склад зерна", "Поджог: в порту Олды горит склад зерна", "turn"),
        ("В порту Олды горит склад зерна", "В порту Олды горит склад зерна — диверсия", "turn"),
        ("Grain burns in the port of Olda", "Grain burns in the port of Olda - arson", "turn"),
        (ОЖАР, "Пожар в порту Марбы, как во сне и на око, погибли 12 человек.", "turn"),
        # Nor one of three letters, one that begins like another or like a word of titles.
        ("Рейс из Олды, пассажиры в порту", "Рейс из Олды сел, пассажиры в порту", "turn"),
        ("Olda played the final in the port", "Olda won the final in the port today", "turn"),
        ("Олда прервала контракт на ввоз зерна", "Олда прервала контроль ввоза зерна", "turn"),
        ("Совет Олды обсудил бюджет на год", "Совет Олды обсудил выборы на год", "turn"),
        # The place that both begin with is none of the two.
        ("В Олде Брун победил Кроля в финале", "В Олде Кроль победил Бруна в финале", "turn"),
        ("In Olda Brun beat Krol in the final", "In Olda Krol beat Brun in the final", "turn"),
        ("Talks of Olda and Vestria in Larn were useful, Vestria says",
         "Talks of Olda and Vestria in Larn were useless, Vestria says", "turn"),
        # The same words, by others or of others.
        ("Brun says Vestria shelled Olda border post", "Vestria says Olda shelled a border post",
         "turn"),
        ("Брун: Вестрия обстреляла пост Олды у границы",
         "Вестрия: пост Вестрии обстреляла у границы Олда", "turn"),
        ("Larn beats Marby in the final of the cup", "Marby beats Larn in the final of the cup",
         "turn"),
        (FIRE, "12 people killed.", "unclear"),
        (FIRE, ОЖАР, "unclear"),
        (FIRE, "", "unclear"),
        (FIRE, "fire " * 2000, "unclear"),
    ],
)  # fmt: skip
def test_what_is_new_rings(shown: str, post: str, expected: str) -> None:
    assert kind(shown, post) == expected


def test_what_is_new_is_named_where_it_stands() -> None:
    post = "⚡️ Update: fire in the port of Marby killed 13 people, the mayor Ann Kalen said."
    found = news.what_is_new([news.read(FIRE)], news.read(post[2:], start=2))
    assert found is not None
    assert [post[start:end] for start, end in found.fresh] == ["13", "Ann"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Iraq", "Iraqi"), ("Iraq", "Iraqis"), ("Japan", "Japanese"), ("Russia", "Russian")),
        *(("Russia", "Russians"), ("Marby", "Marbys"), ("Cuba", "Cubans"), ("Oman", "Omani")),
        *(("Mali", "Malian"), ("Italy", "Italian"), ("Canada", "Canadians"), ("China", "Chinese")),
        *(("Iran", "Iranians"), ("Syria", "Syrian"), ("Kale", "Kalens"), ("USA", "America")),
        *(("Malda", "Maldan"), ("Korea", "Korean"), ("Korea", "Koreans"), ("Oman", "Omanis")),
        *(("UK", "Britain"), ("Россия", "РФ"), ("Китая", "КНР"), ("Марбы", "Марбе")),
    ],
)
def test_a_country_and_its_people_are_one_name(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        shown, post = (f"the port of {name} is said to be on fire" for name in (first, second))
        assert kind(shown, post) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Iran", "Iraq"), ("Olda", "Olga"), ("Norway", "Norwayish"), ("Ali", "Alian")],
)
def test_names_that_look_alike_are_two(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        shown, post = (f"the port of {name} is said to be on fire" for name in (first, second))
        assert kind(shown, post) == "name"


@pytest.mark.parametrize(
    ("post", "fresh"),
    [
        ("The ships Cardo and Delta left the port of Olda", ["Cardo", "Delta"]),
        ("The ships Cardo, Delta left the port of Olda", ["Cardo, Delta"]),
        ("The ships Cardo Delta left the port of Olda", ["Cardo Delta"]),
        ("The ships (Cardo)/ Delta left the port of Olda", ["Cardo", "Delta"]),
        ("The 12 Cardo ships left the port of Olda", ["12 Cardo"]),
        ("Delta and ship Aldor left the port of Olda", ["Delta"]),
    ],
)
def test_what_is_new_side_by_side_is_one_piece(post: str, fresh: list[str]) -> None:
    shown = "The ships Aldor and Berta left the port of Olda"
    found = news.what_is_new([news.read(shown)], news.read(post))
    assert found is not None
    assert [post[start:end] for start, end in found.fresh] == fresh


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("Fire killed 5 people and burned 12 boats in Olda", "number"),
        ("People killed by fire in Olda: 12; burned boats 5", None),
        ("Fire in Olda: 12 people, 5 boats", None),
        ("In fire that killed boats 12 people burned in Olda", None),
        ("Fire killed people in Olda; 12 boats and 5 people burned", "number"),
        ("Fire killed 12, people who burned 5 boats in Olda", None),
    ],
)
def test_a_figure_is_known_by_what_stands_beside_it(post: str, expected: str | None) -> None:
    assert kind("Fire killed 12 people and burned 5 boats in Olda", post) == expected


@pytest.mark.parametrize("joint", ["и", "а", "но", "или", "and", "but", "or", "?"])
def test_a_word_between_clauses_ends_what_stands_beside_a_figure(joint: str) -> None:
    shown = "On a pier 12 people burned in Olda port"
    assert kind(shown, "Today 12 people burned in Olda port") is None
    assert kind(shown, f"Today 12 {joint} people burned in Olda port") == "number"


WALL = "The old harbour wall near Olda broke again"


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("harbour wall there these their", None),  # two of five words
        ("harbour wall there these their ships", "unclear"),
        ("harbour moved onto barges ships", "unclear"),
        ("harbour wall broke now", "unclear"),  # too few words
        ("harbour wall broke now too", None),
        (("harbour wall broke " * 400)[: news.LONGEST], None),
        (("harbour wall broke " * 400)[: news.LONGEST + 1], "unclear"),
    ],
)
def test_what_is_enough_to_be_compared(post: str, expected: str | None) -> None:
    assert kind(WALL, post) == expected


TURNS = """
опроверг фейк fake hoax denied denies deny false untrue
подтвердил confirmed
погибли убиты умер dead deaths died dies killed fatal
ранены пострадали травма injured wounded hurt
арестован задержан detained arrested
отменил cancelled revoked withdrew
отложили отложен отложена перенесли postponed delayed
приостановил suspends
возобновил resumed
отставка resigned
уволен увольнение dismissed fired sacked
учебная учения drill drills exercise
заместитель замминистра вице deputy vice acting
повторный снова вновь again another
взрыв explosion blast
потушен ликвидирован extinguished contained
сдался капитулировал surrenders
перемирие ceasefire truce
приговорил осужден sentenced convicted
оправдан acquitted
"""


def turn_of(word: str) -> str | None:
    (found, *_) = [key for kind, key in news.read(f"x {word} y").places if kind == "turn"] or [None]
    return found


def test_each_turn_is_told_by_any_of_its_words() -> None:
    rows = [{turn_of(word) for word in line.split()} for line in TURNS.split("\n") if line]
    assert all(len(row) == 1 for row in rows), rows
    turns = {turn for row in rows for turn in row}
    assert None not in turns and len(turns) == len(rows)


@pytest.mark.parametrize(
    "word", ["falsehood", "deadly", "diesel", "hurtful", "firing", "blaster", "порт", "boat"]
)
def test_other_words_are_no_turn(word: str) -> None:
    assert turn_of(word) is None


def test_all_that_was_shown_counts() -> None:
    both = [news.read(FIRE), news.read(FIRE.replace("12", "13"))]
    assert news.what_is_new(both, news.read(FIRE.replace("12", "13"))) is None
    assert news.what_is_new([], news.read(FIRE)) == news.UNCLEAR


def test_what_is_new_is_told_against_the_message_that_lacks_least() -> None:
    place, number = FIRE.replace("Marby", "Mellenburg"), FIRE.replace("evening.", "evening: 13.")
    post = place.replace("evening.", "evening: 13.")
    for shown in ((place, number), (number, place)):
        found = news.what_is_new([news.read(one) for one in shown], news.read(post))
        assert found is not None
        assert [post[slice(*piece)] for piece in found.fresh] == ["13"]


@pytest.mark.parametrize(
    ("shown", "post"),
    [
        # What one only says may be, and another says of something else, is told as done.
        (
            [
                "Вестрия может выйти из соглашения о зерновом коридоре, если не снимут санкции",
                "Вестрия передала предложение о соглашении и зерновом коридоре",
            ],
            "Вестрия вышла из соглашения о зерновом коридоре",
        ),
        (
            [
                "Vestria may quit the grain corridor agreement if the port stays closed",
                "Vestria handed over a proposal on the grain corridor agreement",
            ],
            "Vestria quits the grain corridor agreement",
        ),
        # The other way round than the message that it is most like, whatever others begin with.
        (
            [
                "Norland offers Vestria two helicopters for the ferry, the ambassador says",
                "The Vestrian ambassador has been summoned to the ministry of Norland",
            ],
            "Norland's ambassador summoned in Vestria; Vestrian ambassador summoned in Norland",
        ),
    ],
)
def test_what_several_messages_say_of_other_matters_is_not_told(
    shown: list[str], post: str
) -> None:
    found = news.what_is_new([news.read(one) for one in shown], news.read(post))
    assert found is not None
    assert found.kind in ("turn", "negation")


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_and_is_no_news_to_who_saw_it(one: str, other: str) -> None:
    read = news.read(one)
    found = news.what_is_new([news.read(other), read], read)
    assert found is None or found.kind == "unclear"
    assert all(0 <= a < b <= len(one) for a, b in read.places.values())


@pytest.mark.parametrize(
    ("sign", "expected"),
    [
        *((f"{sign} ", "number") for sign in ",;:.!?…()\n"),
        *((f" {word} ", "number") for word in ("—", "–", "-", "and", "but", "or", "?")),
        *((sign, None) for sign in (" ", " -", "- ", "-", "'s ", ' "')),
    ],
)
def test_a_figure_is_known_by_words_of_its_clause(sign: str, expected: str | None) -> None:
    shown = "On ships: fire killed 12 people and burned 5 boats in Olda"
    assert kind(shown, f"In Olda: 12 ships{sign}killed, burned 5 boats") == expected


@pytest.mark.parametrize(
    "teller",
    ["ТАСС", "РИА", "Новости", "Интерфакс", "МСК", "UPD", "TASS", "Interfax", "Reuters",
     "Bloomberg"],
)  # fmt: skip
def test_who_tells_it_is_no_name_in_it(teller: str) -> None:
    told = ОЖАР if teller[0] > "z" else FIRE
    assert kind(told, f"{told} {teller}") is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ru", "Пожар в порту", True),
        ("en", "Fire in the café", True),
        ("fr", "Fire in the port", False),
        (None, "Fire in the port of Málda", True),
        (None, "Пожар в порту", True),
        (None, "La Vestrie a bombardé un poste", False),
        (None, "Vestria'nın karakolu vurduğu iddia", False),
        (None, "Пожежа у порту гасять всі", False),
        (None, "【辟谣】拉恩近海发生地震", False),
        (None, "زلزال قرب لارن", False),
        (None, "Σεισμός κοντά", False),
        (None, "Порт Олда жоқ", False),
    ],
)
def test_a_short_text_of_another_language_is_not_compared(
    language: str | None, text: str, expected: bool
) -> None:
    assert news.is_known(language, text) is expected


@pytest.mark.parametrize(
    ("shown", "post"),
    [
        (
            "Рейс из Олды в Марбу задержали: задержка рейса — четыре часа, сказал порт Олды",
            "Рейс из Олды в Марбу: капитан рейса арестован, сказал порт Олды",
        ),
        (
            "У Олды умеренный ветер, катер «Чайка» стоит в порту Олды у причала",
            "У Олды погиб катер «Чайка» в порту Олды у причала",
        ),
        (
            "Цены на зерно в порту Ростова упали, пишет порт Ростова о зерне",
            "Цены на зерно в порту Ростова выросли, пишет порт Ростова о зерне",
        ),
        (
            "The container ship waits in the port of Marby with its fire crew aboard",
            "The fire aboard the ship in the port of Marby is extinguished, its crew waits",
        ),
    ],
)
def test_a_word_that_only_begins_like_another_hides_nothing(shown: str, post: str) -> None:
    assert kind(shown, post) is not None


@pytest.mark.parametrize(
    ("shown", "post"),
    [
        (
            (
                "В Бранте объявлена воздушная тревога",
                "В Ольме объявлена воздушная тревога",
                "В Бранте отбой воздушной тревоги",
            ),
            "В Ольме отбой воздушной тревоги",
        ),
        (
            (
                "Air alert in Brant declared on Sunday",
                "Air alert in Olma declared on Sunday",
                "Air alert in Brant lifted on Sunday",
            ),
            "Air alert in Olma lifted on Sunday",
        ),
    ],
)
def test_what_happened_in_another_place_was_not_told_of_this_one(
    shown: tuple[str, ...], post: str
) -> None:
    told = [news.read(text) for text in shown]
    assert news.what_is_new(told, news.read(post)) is not None
    assert news.what_is_new([*told, news.read(post)], news.read(post)) is None
