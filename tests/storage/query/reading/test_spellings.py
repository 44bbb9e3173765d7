"""Every way to write a word finds it, in the matcher, the index and on the document."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from string import ascii_lowercase

import pytest

from storage.connection import Database
from storage.document import Document
from storage.documents import documents, search
from storage.errors import QueryError
from storage.query import evaluate, snippet, tree
from storage.query.matching.matcher import Matcher
from storage.query.reading.syntax import parse
from storage.query.words import alphabets, analysis

TEXTS = (
    ("Tell us who asked for it", "большой воз сена"),
    ("The U.S. navy and the WHO met", "ВОЗ сообщила"),
    ("US navy, UK port, a PhD's view", "G. H. Larch spoke"),
    ("U.K. agreed, says the Ph.D. holder", "По С.Ш.А. и А.Б. Лиственскому"),
    ("Complex C-300 and F-16 seen", "тeплоход Заря"),
    ("Комплекс С300, самолёт F16", "теплоход Заря, площадь 30 м²"),
    ("Вывезено 15 000 тонн", "15 мая 300 человек; мая 15 300; № 21 400; 2024 36 700"),
    ("Вывезено 15000 тонн", "30 м2 площади"),
    ("15,000 tons, 1.000.000 bags, 3,14 and 2,5", "Лоцман¹ прибыл, 15\u2009000 тонн"),
    ("ⓝⓔⓦⓢ dock #маи\u0306ский #пор\u200bтовое", "обʼєкт #भारत #ท่าเรือ"),
    ("об'єкт", "https://dock.example.org/a#mooring"),
    ("об’єкт #שָׁלוֹם", "ΑLPHA"),
    ("Прошли 100км и 5млн", "10kg, 20 kg, 5G, 100 км/ч; Škoda"),
    ("대통령은 정부에서 서울로", "Вучић и Ђоковић; шкода"),
    ("Vučić, Đoković, Djokovic", "Muenchen; Muller"),
)


@pytest.fixture
def posts(make_document: Callable[..., Document]) -> list[Document]:
    """A post of each of the texts, the second of them below the title; ids from 0."""
    return [
        make_document("\n".join(text), message_id=number, content_hash=f"{number:016x}")
        for number, text in enumerate(TEXTS)
    ]


FOUND = (
    ("us", {0, 1, 2}),
    ("g.h", {2}),
    ("=US", {0, 1, 2}),
    ("US", {1, 2}),
    ("U.S.", {1, 2}),
    ("u.s.", {1, 2}),
    ("==US", {1, 2}),
    ("==us", {0}),
    ("WHO", {1}),
    ("who", {0, 1}),
    ("ВОЗ", {0, 1}),
    ("==ВОЗ", {1}),
    ("==Воз", set()),
    ("==Заря", {4, 5}),
    ("==ЗАРЯ", set()),
    ("US navy", {1, 2}),
    ('"US navy"', {1, 2}),
    ('"U.S. navy"', {1, 2}),
    ("U.S. NEAR/2 navy", {1, 2}),
    ("(U.S. OR U.K.) NEAR/2 agreed", {3}),
    ("title:U.S.", {1, 2}),
    ('title:"US navy"', {1, 2}),
    ("uk", {2, 3}),
    ("U.K.", {2, 3}),
    ("PhD", {2, 3}),
    ("Ph.D.", {2, 3}),
    ("G.H. Larch", {2}),
    ('"G.H. Larch"', {2}),
    ("США", {3}),
    ("Б. Лиственский", {3}),
    ("С-300", {4, 5}),
    ("C300", {4, 5}),
    ('"комплекс С-300"', {5}),
    ('"complex С300"', {4}),
    ("F-16", {4, 5}),
    ("f16", {4, 5}),
    ("=f-16", {4, 5}),
    ('"самолёт F-16"', {5}),
    ("F16 NEAR/1 seen", {4}),
    ("теплоход", {4, 5}),
    ('"теплохода Заря"', {4, 5}),
    ("15000", {6, 7, 8}),
    ('"15 000"', {6, 7, 8}),
    ("15,000", {6, 7, 8}),
    ("15 000 тонн", {6, 7, 8}),
    ('"15000 тонн"', {6, 7, 8}),
    ("=15,000", {6, 7, 8}),
    ("1500*", {6, 7, 8}),
    ("title:15000", {6, 7, 8}),
    ("title:15000 лоцман", {8}),
    ("1000000", {8}),
    ("15300 OR 21400 OR 36700 OR 314 OR 25", set()),
    ('"мая 15 300"', {6}),
    ("м", {5}),
    ("м2", {5, 7}),
    ("м²", {5, 7}),
    ('"30 м² площади"', {7}),
    ("лоцман", {8}),
    ('"лоцман прибыл"', {8}),
    ("news", {9}),
    ("#майский", {9}),
    ("#портовое", {9}),
    ("#भारत", {9}),
    ("#ท่าเรือ", {9}),
    ("#שלום", {11}),
    ("#mooring", set()),
    ("mooring", {10}),
    ("об'єкт", {9, 10, 11}),
    ("обʼєкт", {9, 10, 11}),
    ("alpha", {11}),
    ("комплекс -С-300", set()),
    ("100км", {12}),
    ("100 км", {12}),
    ('"100 km"', {12}),
    ('"прошли 100 км"', {12}),
    ("5 млн", {12}),
    ("10 kg", {12}),
    ("20kg", {12}),
    ('"10 км" OR "5 kg" OR "100 кг" OR "1 км"', set()),
    ("5 G", set()),
    ("대통령", {13}),
    ("정부", {13}),
    ("서울", {13}),
    ('"대통령 정부"', {13}),
    ("대통 OR 사", set()),
    ("Вучић", {13, 14}),
    ("Vučić", {13, 14}),
    ("Vučic\u0301", {13, 14}),
    ("Ђоковић", {13, 14}),
    ("Đoković", {13, 14}),
    ("Škoda", {12}),
    ("München", {14}),
    ("Müller", {14}),
    ("Mühle", set()),
)


@pytest.mark.slow
async def test_every_spelling_is_found(
    posts: list[Document], database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=True)
    analysed = [analysis.analyse_document(post) for post in posts]
    for text, found in FOUND:
        query = parse(text)
        assert parse(query.text) == query
        matcher = Matcher()
        matcher.add(1, query)
        assert {number for number, post in enumerate(posts) if matcher.match(post)} == found, text
        met = [evaluate.matches(query, *pair) for pair in zip(posts, analysed, strict=True)]
        assert {number for number, answers in enumerate(met) if answers} == found, text
        async with database.reader() as reader:
            listed = [document.message_id async for document in search.iterate(reader, query)]
            assert await search.count(reader, query) == len(found), text
        assert set(listed) == found, text
        assert all(snippet.matched(posts[number], query) for number in found), text


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("ferry 234 000", "ferry (234 000 OR 234000)"),
        ("1000 234 000", "1000 (234 000 OR 234000)"),
        ("ferr* 234 000", "ferr* (234 000 OR 234000)"),
        ("1 234 000 ferry", '("1 234 000" OR 1234000) ferry'),
        ("234 00", "234 00"),
        ("234 -000", "234 -000"),
        ("title:234 000", "title:234 000"),
    ],
)
def test_only_groups_of_digits_are_a_number(typed: str, asked: str) -> None:
    assert parse(typed).text == asked


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("тeплоход", "теплоход"),
        ("pоссия", "россия"),
        ("сovid", "covid"),
        ("кiев", "кіев"),
        ("αpple", "apple"),
        ("с300", "c300"),
        ("т72", "t72"),
        ("ту22м3", "ty22m3"),
        ("α10", "a10"),
        *(
            (word, word)
            for word in ("оса", "oca", "нато", "vipы", "су57и", "covid19", "сосна", "αλφα")
        ),
    ],
)
def test_a_word_has_one_alphabet_where_its_letters_have_twins(typed: str, form: str) -> None:
    assert alphabets.one_alphabet(typed) == form
    assert alphabets.one_alphabet(form) == form


@pytest.mark.parametrize(
    ("text", "is_spelled"),
    [
        # C-300 is two words and one: forty words are as many as may be saved.
        (" ".join([*(f"w{n}" for n in range(37)), "C-300"]), True),
        (" ".join([*(f"w{n}" for n in range(38)), "C-300"]), False),
        # So are 500 characters: with "c 300" OR c300 in brackets it has eighteen more than before.
        (f"{'w' * 482} C-300", True),
        (f"{'w' * 483} C-300", False),
    ],
)
def test_other_spellings_are_asked_for_where_that_can_be_saved(text: str, is_spelled: bool) -> None:
    found = parse(text)
    assert ("c300" in found.text) is is_spelled
    assert parse(found.text) == found


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ('"15000 ships"', '"15 000 ships"'),
        ("15000 NEAR/2 ships", '"15 000" NEAR/2 ships'),
        ("1000 NEAR/1 ships", '"1 000" NEAR/1 ships'),
        ('"of 1500000 ships"', '"of 1 500 000 ships"'),
        ('"200000 ships"', '"200 000 ships"'),
        ('"19990 ships"', '"19 990 ships"'),
        ('"2000 ships"', '"2 000 ships"'),
        # Years, and what is no number in groups.
        ('"2024 ships"', None),
        ('"1999 ships"', None),
        ('"150 ships"', None),
        ('"0150 ships"', None),
        ('"1234567890123456 ships"', None),
        ("2024 NEAR/1 ships", None),
        ("15000", None),  # it stands beside the words of a text
    ],
)
def test_a_number_in_a_row_is_also_one_of_groups(text: str, also: str | None) -> None:
    assert parse(text).text == (text if also is None else f"{text} OR {also}")


def test_words_written_as_two_leave_room_for_the_other_spellings() -> None:
    """Else a long saved query would lose what it found before."""
    few = "München вице-премьер airstrike lockdown turnout NGOs cyberattack"
    assert '"air strike"' in parse(few).text
    long = parse(f"{few} {' '.join(f'wort{letter}' for letter in ascii_lowercase)}")
    assert '"air strike"' not in long.text
    assert "muenchen" in long.text
    assert "вицепремьер" in long.text
    assert parse(long.text) == long


def test_what_is_too_long_in_every_spelling_is_asked_for_as_it_stands() -> None:
    many = " ".join(f"w{n}" for n in range(34))
    found = parse(f"{many} C-300 title:C-300 channel:harbour after:2024")
    assert found.text == f'{many} "c 300" title:"c 300" channel:harbour after:2024'


def test_what_is_asked_for_as_it_stands_keeps_the_reader_s_days() -> None:
    many = " ".join(f"w{n}" for n in range(34))
    zone = timezone(timedelta(hours=5))
    now = datetime(2026, 3, 5, 22, tzinfo=UTC)
    found = parse(f"{many} C-300 title:C-300 channel:pier on:yesterday", now=now, zone=zone)
    assert "c300" not in found.text
    day = datetime(2026, 3, 5, tzinfo=zone)
    assert (found.after, found.before) == (day, day + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("(München OR Köln OR Fürth) NEAR/3 (Zürich OR Lübeck OR Düren)", 18),
        ("(a OR b OR c OR d) NEAR (e OR f OR g OR h OR i)", 40),
        ("(15000 OR 16000 OR 17000 OR 18000) NEAR (e OR f OR g OR h OR i)", 40),
    ],
)
def test_near_keeps_each_alternative_where_not_every_spelling_has_room(
    text: str, terms: int
) -> None:
    query = parse(text)
    assert tree.count_words(query.root) == terms
    assert parse(query.text).root == query.root


def test_near_of_too_many_alternatives_is_refused_and_not_cut() -> None:
    five = " OR ".join("abcde")
    with pytest.raises(QueryError, match="more than 40 terms"):
        parse(f"({five}) NEAR ({five})")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Süd", "sud"),
        ("x -Süd", "x -sud"),
        ("blü", "blu"),
        ('"Tür Köln"', '"tur koln" OR "tur koeln"'),
        ("Süden", "suden OR sueden"),
    ],
)
def test_umlauts_are_not_written_out_where_that_is_another_word(text: str, asked: str) -> None:
    assert parse(text).text == asked


@pytest.mark.parametrize(
    ("refused", "asked"),
    [
        ("re-sign", '"re sign"'),
        ("сто-лица", '"сто лица"'),
        ("Waehrung", "waehrung"),
        ("schøn", "schon"),
        ("Bücher*", "bucher*"),
        ("G7", "g7"),
        ("20летний", "20летний"),
        ('"G 7"', '"g 7"'),
        ("(g 7)", "(g 7)"),
        ("(5-й OR ship)", '("5 й" OR ship)'),
        ("title:re-sign", 'title:"re sign"'),
        ("F-16", '("f 16" OR f16)'),
        ("Müller", "(muller OR mueller)"),
        ("(ship -G7)", '(ship -(g7 OR "g 7"))'),
    ],
)
def test_what_may_be_another_word_hides_no_post(refused: str, asked: str) -> None:
    query = parse(f"oil -{refused} G7")
    assert query.text == f'oil -{asked} (g7 OR "g 7")'
    assert parse(query.text) == query


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("oil ban NEAR/2 dawn", False),
        ("oil -(ban NEAR/2 dawn)", True),
        ("oil -(export NEAR/1 ban)", True),
        ("oil -(oil NEAR/2 dawn)", False),
        ("oil -(crane OR ban NEAR/2 dawn)", True),
        ("oil -(crane OR oil NEAR/2 dawn)", False),
        ("oil -(dawn -(ban NEAR/2 dawn))", False),
        ("oil ban NEAR/25 dawn", True),
        ("oil -(oil -(ban NEAR/2 steel))", False),
    ],
)
async def test_what_is_refused_is_near_to_words_of_the_text_alone(
    query: str,
    is_found: bool,
    database: Database,
    make_document: Callable[..., Document],
    now: datetime,
) -> None:
    """What #ExportBan also says stands behind the last word of the text."""
    post = make_document("Port\n#ExportBan keeps oil ashore until dawn", content_hash="0" * 16)
    asked = parse(query)
    matcher = Matcher()
    matcher.add(1, asked)
    assert bool(matcher.match(post)) is is_found
    assert evaluate.matches(asked, post, analysis.analyse_document(post)) is is_found
    async with database.transaction() as tx:
        await documents.store_documents(tx, [post], stored_at=now, live=True)
    async with database.reader() as reader:
        assert await search.count(reader, asked) == is_found


@pytest.mark.parametrize(
    ("text", "asked", "in_title"),
    [
        ("MPs", "mps OR ==MP", "title:mps OR title:mp"),
        ("PoWs", "pows OR pow", "title:pows OR title:pow"),
        ('"MPs vote"', '"mps vote"', 'title:"mps vote"'),
        ("cease-fire", '"cease fire" OR ceasefire', 'title:"cease fire" OR title:ceasefire'),
        ("ceasefire", 'ceasefire OR "cease fire"', 'title:ceasefire OR title:"cease fire"'),
        ("кто-то", '"кто то"', 'title:"кто то"'),
        ("Kiev", "kiev OR kyiv", "title:kiev OR title:kyiv"),
        ("US", "==US", "title:us"),
        ("U.S.", "==US", 'title:us ==US OR title:"u s"'),
        ("U.S", "==US", 'title:us ==US OR title:"u s"'),
        ("a.m", '==AM OR "a m"', 'title:"a m"'),
        ("p.m.", "==PM", 'title:pm ==PM OR title:"p m"'),
        ("צה״ל", "צהל", "title:צהל"),
        ("C-300", '"c 300" OR c300', 'title:"c 300" OR title:c300'),
        ("F16", 'f16 OR "f 16"', 'title:f16 OR title:"f 16"'),
        ("5km", '5km OR "5 km" OR "5 км"', 'title:5km OR title:"5 km" OR title:"5 км"'),
        ("covid19", 'covid19 OR "covid 19"', 'title:covid19 OR title:"covid 19"'),
        ("Müller", "muller OR mueller", "title:muller OR title:mueller"),
        ("Muenchen", "muenchen OR munchen", "title:muenchen OR title:munchen"),
        ('"U.S. navy"', '"us navy" ==US OR "u s navy"', 'title:"us navy" ==US OR title:"u s navy"'),
        ("Ph.D", 'phd OR "ph d"', 'title:phd OR title:"ph d"'),
        ("who", "who", "title:who"),
        ("WHO", "==WHO", "title:who"),
        ("no-fly", '"no fly" OR nofly', 'title:"no fly" OR title:nofly'),
        ('"cease-fire deal"', '"cease fire deal"', 'title:"cease fire deal"'),
        ("a-b", '"a b"', 'title:"a b"'),
        ("15,5", '"15 5"', 'title:"15 5"'),
    ],
)
def test_what_a_word_asks_for_of_the_whole_and_of_the_title(
    text: str, asked: str, in_title: str
) -> None:
    """A word in capitals is asked for as it is written, but in titles: there others are, too."""
    assert str(parse(text).root) == asked
    assert str(parse(f"title:{text}").root) == in_title
