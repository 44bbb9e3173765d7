from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import QueryError
from storage.query.reading import doubts, filters
from storage.query.reading.syntax import MOST_CHARACTERS, MOST_WORDS, SUGGESTION, parse
from storage.query.tree import And, Exact, Near, Not, Or, Prefix, Words

NOW = datetime(2024, 5, 1, 22, 30, tzinfo=UTC)


def word(form: str) -> Words:
    return Words((form,))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Зерно", "зерно"),
        ("  grain \t EXPORT\n", "grain export"),
        ("grain AND export", "grain export"),
        ("grain & export", "grain export"),
        ("grain И export", "grain export"),
        ("a OR b", "a OR b"),
        ("a|b||c", "a OR b OR c"),
        ("a ИЛИ b | c", "a OR b OR c"),
        ("a b OR c", "a b OR c"),
        ("a (b OR c)", "a (b OR c)"),
        ("((a))", "a"),
        ("a (b (c d))", "a b c d"),
        ("a a A", "a"),
        ("a -b", "a -b"),
        ("a –b", "a -b"),
        ("a —b", "a -b"),
        ("a NOT b", "a -b"),
        ("a НЕ b", "a -b"),
        ("a -(b c)", "a -(b c)"),
        ("a -(b OR c)", "a -(b OR c)"),
        ("a --(b)", None),
        ("a NOT NOT b", "a b"),
        ('"a b"', '"a b"'),
        ("«a b»", '"a b"'),
        ("“a b”", '"a b"'),
        ("„a b“", '"a b"'),
        ('"слово"', "слово"),
        ("‘a b’", '"a b"'),
        ("'a b'", '"a b"'),
        ("‹a b›", '"a b"'),
        ("‚a b‘", '"a b"'),
        ("「a b」", '"a b"'),
        ("＂a b＂", '"a b"'),
        ("«Завод «Волна»»", '"завод волна"'),
        ("«Завод «Волна» -газ", '"завод волна" -газ'),
        ("«a b» «c»", '"a b" c'),
        ('«a "b c" d»', '"a b c d"'),
        ("'90s", "90s"),
        ("rock 'n' roll", "rock n roll"),
        ("o'neil's 'big ship'", 'oneil "big ship"'),
        ("финансово-экономический", '"финансово экономический" OR финансовоэкономический'),
        ("Су-57", '"су 57" OR cy57 OR "cy 57"'),
        ("石油价格", '"石油价格" OR "石油價格"'),
        ("在2024年", '"在 2024 年"'),
        ("石 油", "石 油"),
        ("don't", "dont"),
        ("don’t", "dont"),
        ("Ёлка", "елка"),
        ("газ*", "газ*"),
        ("=Сталь", "=сталь"),
        ("#BRICS", "#brics"),
        ("#Мир_Труд", "#мир_труд"),
        ("#1", "1"),
        ("🇷🇺 👍🏽", "🇷🇺 👍"),
        ("a NEAR b", "a NEAR/10 b"),
        ("a РЯДОМ/3 b", "a NEAR/3 b"),
        ('"a b" NEAR/2 c', '"a b" NEAR/2 c'),
        ("a near/5 b", "a NEAR/5 b"),
        ("a рядом/5 b", "a NEAR/5 b"),
        ("a near b", "a near b"),
        ("NEAR-EAST", '"near east" OR neareast'),
        ("a NEAR/2 (b OR c)", "a NEAR/2 b OR a NEAR/2 c"),
        ("(a OR b) NEAR/2 (c)", "a NEAR/2 c OR b NEAR/2 c"),
        ("x -(a NEAR/2 b)", "x -(a NEAR/2 b)"),
        ("a b NEAR/2 c d", "a b NEAR/2 c d"),
        ('"U.S. navy" NEAR b', '"us navy" NEAR/10 b ==US OR "u s navy" NEAR/10 b'),
        ("U.S./U.K. NEAR b", '"us uk" NEAR/10 b ==US ==UK OR "u s u k" NEAR/10 b'),
        (
            '("U.S. navy" OR c) NEAR b',
            '"us navy" NEAR/10 b ==US OR "u s navy" NEAR/10 b OR c NEAR/10 b',
        ),
        (
            "(IT OR c) NEAR (WHO OR d)",
            "it NEAR/10 who ==IT ==WHO OR it NEAR/10 d ==IT OR c NEAR/10 who ==WHO OR c NEAR/10 d",
        ),
        ("channel:@MID_Russia", "channel:mid_russia"),
        ("channel:https://t.me/s/MID_Russia", "channel:mid_russia"),
        ("channel:-1001234", "channel:1234"),
        ('from:"Russian MFA 🇷🇺"', 'from:"russian mfa"'),
        ("LANG:RU", "lang:ru"),
        ("channel:@mid_russia, oil", "channel:mid_russia oil"),
        ("channel:a,b", "channel:a OR channel:b"),
        ("oil channel:a|b", "oil (channel:a OR channel:b)"),
        ("oil -lang:ru,en", "oil -(lang:ru OR lang:en)"),
        ("title:a|b", "title:a OR title:b"),
        ("has:photo|video", "has:photo OR has:video"),
        ("канал:mid_russia", "channel:mid_russia"),
        ("от:port язык:русский", "from:port lang:ru"),
        ("Есть:Фото это:своё", "has:photo is:original"),
        ("место:Вена заголовок:«мир и труд»", 'place:вена title:"мир и труд"'),
        ("a после:2024-05 до:2024-06 за:2024-05", "a after:2024-05 before:2024-06 on:2024-05"),
        ("lang：ru （a ｜ b）", "lang:ru (a OR b)"),
        ("a \u200e-b \u2066OR\u2069 c", "a -b OR c"),
        ("has:Photo is:edited", "has:photo is:edited"),
        ("who:Лавровым,Smith, oil", "(who:лавровым OR who:smith) oil"),
        ('кто:"Сергей  Лавров"', 'who:"сергей лавров"'),
        ('place:"Санкт-Петербург"', 'place:"санкт петербург"'),
        ("title:grain", "title:grain"),
        ('title:"a b"', 'title:"a b"'),
        ("https://t.me/x", '"https t me x"'),
        ("10:30", '"10 30"'),
        ("a after:2024-05-01", "a after:2024-05-01"),
        ("after:2024 (a OR b)", "(a OR b) after:2024"),
        ("(a after:2024)", "a after:2024"),
        ("on:2024-05-01", "on:2024-05-01"),
        ("or and not near", "or and not near"),
    ],
)  # fmt: skip
def test_canonical_text(text: str, canonical: str | None) -> None:
    if canonical is None:
        with pytest.raises(QueryError):
            parse(text)
        return
    query = parse(text)
    assert query.text == canonical
    assert parse(canonical) == query


def test_trees() -> None:
    assert parse("grains").root == word("grains")
    assert parse("a b OR -c d").root == Or(
        (And((word("a"), word("b"))), And((Not(word("c")), word("d"))))
    )
    assert parse('"big grains"').root == Words(("big", "grains"))
    assert parse("=big").root == Exact("big")
    assert parse("big*").root == Prefix("big")
    assert parse("a NEAR/4 b").root == Near(word("a"), word("b"), 4)
    assert parse("title:a").root == Words(("a",), title=True)


@pytest.mark.parametrize(
    ("text", "column", "what", "hint"),
    [
        ("", 0, "is empty", "write a word"),
        (" \n", 0, "is empty", ""),
        ("(a", 0, "not closed", "did you mean: (a)"),
        ("a)", 1, "never opened", "did you mean: a"),
        ("a ()", 2, "brackets are empty", "did you mean: a"),
        ('x "a b', 2, "not closed", 'did you mean: x "a b"'),
        ('""', 0, "no word between", ""),
        ("a OR", 2, "OR needs", "did you mean: a"),
        ("OR a", 0, "OR needs", ""),
        ("a OR OR b", 5, "OR needs", ""),
        ("a AND", 2, "AND needs", ""),
        ("AND a", 0, "AND needs", ""),
        ("a -in:text", 2, "in:text cannot be refused", "did you mean: a in:text"),
        ("a NOT in:text", 2, "in:text cannot be refused", "did you mean: a in:text"),
        ("a (-in:text)", 3, "in:text cannot be refused", ""),
        ("in:text", 0, "in:text needs a word beside it", "write a word"),
        ("a OR in:text", 5, "in:text needs a word beside it", "write a word"),
        ("a in:media", 2, "in: takes text alone", "did you mean: a channel:media"),
        ("a AND AND b", 2, "AND needs", "did you mean: a AND b"),
        ("a AND OR b", 2, "AND needs", ""),
        ("(a AND) b", 3, "AND needs", ""),
        ("a (AND b)", 3, "AND needs", ""),
        ("a NOT", 2, "NOT needs", "did you mean: a"),
        ("a NOT AND b", 2, "NOT needs", "did you mean: a AND b"),
        ("a NOT OR b", 2, "NOT needs", "did you mean: a OR b"),
        ("(a NOT) b", 3, "NOT needs", "did you mean: (a) b"),
        ("a NOT NEAR b", 6, "NEAR needs", "did you mean: a NOT b"),
        ("a -", 2, "dash stands alone", "did you mean: a"),
        ("-", 0, "dash stands alone", "-word"),
        ("a - b", 2, "dash stands alone", "did you mean: a -b"),
        ("Москва — столица", 7, "dash stands alone", "did you mean: Москва столица"),
        ("a --b", 2, "dash stands alone", "did you mean: a -b"),
        ("-a", 0, "what to leave out", "must occur"),
        ("a OR -b", 0, "what to leave out", ""),
        ("NOT a NOT b", 0, "what to leave out", ""),
        ("!", 0, "no word in '!'", "leave it out"),
        ("a ! b", 2, "no word in '!'", "did you mean: a b"),
        ("п*", 0, "3 letters", ""),
        ("gra*in", 3, "end of a word", "did you mean: gra*"),
        ("a*b", 1, "end of a word", "did you mean: a"),
        ('"a b*"', 0, "whole words", ""),
        ("финансово-эк*", 0, "takes one word", 'did you mean: "финансово эк"'),
        ("пресс-служб*", 0, "takes one word", "did you mean: пресс служб*"),
        ("=a-b", 0, "takes one word", ""),
        ("a NEAR", 2, "NEAR needs", ""),
        ("a NEAR AND b", 2, "NEAR needs", ""),
        ("a NEAR OR b", 2, "NEAR needs", ""),
        ("a NEAR НЕ b", 2, "NEAR needs", ""),
        ("a NEAR NEAR b", 2, "NEAR needs", ""),
        ("(a NEAR) b", 3, "NEAR needs", ""),
        ("NEAR a", 0, "NEAR needs", ""),
        ("a NEAR/0 b", 2, "1 to 50", "NEAR/1"),
        ("a NEAR/99 b", 2, "1 to 50", "did you mean: a NEAR/50 b"),
        ("a NEAR/2 b NEAR/2 c", 11, "joins two", "did you mean: a NEAR/2 b b NEAR/2 c"),
        ("(a b NEAR c NEAR d)", 12, "joins two", "did you mean: (a b NEAR c c NEAR d)"),
        ('a NEAR "b c" NEAR/3 d e', 13, "joins two", 'mean: a NEAR "b c" "b c" NEAR/3 d e'),
        ("a NEAR (b OR c) NEAR d", 16, "joins two", "mean: a NEAR (b OR c) (b OR c) NEAR d"),
        ("a NEAR/2 has:photo", 9, "words and phrases only", ""),
        ("a NEAR/2 -b", 2, "NEAR needs", ""),
        (r"/(\S{2}券)/", 0, "regular expressions are not understood", "write words, a phrase"),
        ("/foo/", 0, "regular expressions are not understood", "sanction*"),
        ("/fo+.*/i", 0, "regular expressions are not understood", "write words"),
        (" a OR /b[ae]r/ -x", 6, "regular expressions are not understood", "write words"),
        (r"\bнефть\b газ", 0, "regular expressions", "did you mean: нефть газ"),
        (r"санкци.* ^газов\w+", 9, "regular expressions", "mean: санкци* газов*"),
        (r".*sanction\w+", 0, "regular expressions", "did you mean: sanction*"),
        ("gr[ae]y x", 0, "regular expressions", "did you mean: (gray OR grey) x"),
        ("нефт(ь|и)", 0, "regular expressions", "did you mean: (нефть OR нефти)"),
        ("a газ.{0,30}oil", 5, "regular expressions", "did you mean: a газ NEAR/10 oil"),
        (r'"gas\s+oil"', 4, "regular expressions", 'did you mean: "gas oil"'),
        (r"oil\s", 3, "regular expressions", "write words"),
        (r"gas \s oil", 4, "regular expressions", "write words"),
        (r"\d{3}", 0, "regular expressions", "write words"),
        ("[А-Я]{3}", 0, "regular expressions", "write words"),
        ("(?:a|b)c", 0, "regular expressions", "write words"),
        ("==US*", 0, "==WORD takes one word", "did you mean: ==US"),
        ("==US-UK", 0, "==WORD takes one word", 'did you mean: "us uk"'),
        ("*gas*", 0, "an asterisk stands at the end", "did you mean: gas*"),
        ("chanel:x", 0, "no filter chanel:", "did you mean: channel:x"),
        ("foo:bar", 0, "no filter foo:", 'did you mean: "foo:bar"'),
        ("x chanel:a has:foto (", 2, "no filter chanel:", "did you mean: x channel:a has:photo"),
        ("x chanel:a has:foto (y", 2, "no filter", "did you mean: x channel:a has:photo (y)"),
        ("has:foto", 0, "knows no 'foto'", "did you mean: has:photo"),
        ("is:banana", 0, "knows no 'banana'", "edited"),
        ("lang:russian", 0, "no language code", "lang:ru"),
        ("channel:", 0, "needs a value", ""),
        ("channel:!!!", 0, "names no channel", ""),
        ("place:!!!", 0, "names no place", ""),
        ("who:!!!", 0, "names no speaker", ""),
        ('who:"a b c d e f g"', 0, "names no speaker", ""),
        ("said:lavrov", 0, "no filter said:", "did you mean: who:lavrov"),
        ("title:grain*", 6, "words and phrases only", "did you mean: title:grain"),
        ("title:(a OR b) c", 0, "title: needs a value", "mean: (title:a OR title:b) c"),
        ("channel: x", 0, "channel: needs a value", "did you mean: channel:x"),
        ("a channel:", 2, "channel: needs a value", "did you mean: a"),
        ("channel:mid-x", 0, "names no channel", 'did you mean: channel:"mid-x"'),
        ("channel:t.me/+AbC", 0, "names no channel", "write channel:username"),
        ("since:2024 a", 0, "no filter since:", "did you mean: after:2024 a"),
        ("has:edited", 0, "knows no 'edited'", "did you mean: is:edited"),
        ("is:forward", 0, "knows no 'forward'", "did you mean: has:forward"),
        ("has:photo,foto", 10, "knows no 'foto'", "did you mean: has:photo,photo"),
        ("lang:ua", 0, "no language code", "did you mean: lang:uk"),
        ("lang:xx", 0, "no post is known to be in 'xx'", "choose of ar"),
        ("a NEAR 5 b", 2, "number after a slash", "did you mean: a NEAR/5 b"),
        ("a NEAR /5 b", 2, "number after a slash", "did you mean: a NEAR/5 b"),
        ("a NEAR5 b", 2, "number after a slash", "did you mean: a NEAR/5 b"),
        ("a NEAR/5b", 2, "number after a slash", "did you mean: a NEAR/5 b"),
        ("a NEAR/ b", 2, "number after a slash", "did you mean: a NEAR/10 b"),
        ("a NEAR/12345 b", 2, "1 to 50", "did you mean: a NEAR/50 b"),
        ("a NEAR/2 =b", 9, "words and phrases only", "did you mean: a NEAR/2 b"),
        ("a NEAR/2 (b OR has:photo)", 9, "words and phrases only", "mean: a (b OR has:photo)"),
        ("=слово*", 0, "whole word", "did you mean: слово*"),
        ("#tag*", 0, "hashtag is asked for whole", "did you mean: tag*"),
        ("#tag-more", 0, "hashtag ends here", "did you mean: #tag more"),
        ("oil~2", 0, "by likeness", "did you mean: oil"),
        ('"a b"~5', 5, "by likeness", 'did you mean: "a b"'),
        ("oil !gas", 4, "exclamation mark", "did you mean: oil -gas"),
        ("wom?n", 0, "question mark", "did you mean: wom*"),
        ("[a OR b] c", 0, "brackets are", "did you mean: (a OR b) c"),
        ("x {a OR b} c", 2, "brackets are", "did you mean: x (a OR b) c"),
        ("[a|b]", 0, "brackets are", "did you mean: (a|b)"),
        (")a", 0, "never opened", "did you mean: a"),
        ("a OR )b(", 2, "OR needs", "did you mean: a b"),
        ("a after:soon", 2, "no date", "after:2024-05-31"),
        ("a after:2024-02-30", 2, "no date", "did you mean: a after:2024-02-29"),
        ("before:31.02.2026", 0, "no date", "did you mean: before:2026-02-28"),
        ("after:2026-13-01", 0, "no date", "did you mean: after:2026-01-13"),
        ("after:2026-13", 0, "no date", "did you mean: after:2026-12"),
        ("on:2024/05/31", 0, "no date", "did you mean: on:2024-05-31"),
        ("on:05/31/2024", 0, "no date", "did you mean: on:2024-05-31"),
        ("on:31.05.24", 0, "no date", "did you mean: on:2024-05-31"),
        ("on:20240531", 0, "no date", "did you mean: on:2024-05-31"),
        ("a after:7d", 2, "only a full date", "did you mean: a"),
        ("after:7d", 0, "only a full date", "leave it out"),
        ("a OR after:2024", 5, "date stands beside OR", "did you mean: (a) after:2024"),
        ("after:2024 OR a", 11, "date stands beside OR", ""),
        ("a -after:2024", 3, "date stands beside OR or NOT", "did you mean: a before:2024"),
        ("a on:2024 OR b", 10, "date stands beside OR", "did you mean: (a OR b) on:2024"),
        ("x" * 501, 500, "longer than 500", ""),
    ],
)  # fmt: skip
def test_errors_point_at_the_place_and_say_what_to_do(
    text: str, column: int, what: str, hint: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert what in caught.value.what
    assert hint in caught.value.hint
    assert caught.value.column == column


def test_limits_have_clear_words() -> None:
    with pytest.raises(QueryError, match="levels of brackets"):
        parse("(" * 9 + "a" + ")" * 9)
    with pytest.raises(QueryError, match="levels of brackets"):
        parse("a " + "NOT " * 9 + "b")
    with pytest.raises(QueryError, match="longer than 500"):
        parse(" | ".join(f"словечко{n}" for n in range(39)))
    words = [f"w{n}" for n in range(MOST_WORDS)]
    for text in (" ".join(words), f'"{" ".join(words)}"', f'"{" ".join(words[1:])}" -w0'):
        assert parse(text)
        with pytest.raises(QueryError, match=f"more than {MOST_WORDS} terms"):
            parse(f"{text} more")


MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("text", "zone", "after", "before"),
    [
        ("after:2024-05-01", UTC, "2024-05-01T00:00", None),
        ("before:2024-05-01", UTC, None, "2024-05-01T00:00"),
        ("on:2024-05-01", UTC, "2024-05-01T00:00", "2024-05-02T00:00"),
        ("on:2024-05-01", MOSCOW, "2024-04-30T21:00", "2024-05-01T21:00"),
        ("on:2024-5-1", UTC, "2024-05-01T00:00", "2024-05-02T00:00"),
        ("on:2024-12", UTC, "2024-12-01T00:00", "2025-01-01T00:00"),
        ("on:2024", UTC, "2024-01-01T00:00", "2025-01-01T00:00"),
        ("on:2023", UTC, "2023-01-01T00:00", "2024-01-01T00:00"),
        ("on:today", UTC, "2024-05-01T00:00", "2024-05-02T00:00"),
        ("on:сегодня", MOSCOW, "2024-05-01T21:00", "2024-05-02T21:00"),
        ("on:вчера", UTC, "2024-04-30T00:00", "2024-05-01T00:00"),
        ("after:7d", UTC, "2024-04-24T00:00", None),
        ("after:2w", UTC, "2024-04-17T00:00", None),
        ("after:7д", UTC, "2024-04-24T00:00", None),
        ("on:31.05.2024", UTC, "2024-05-31T00:00", "2024-06-01T00:00"),
        ("до:05.2024", UTC, None, "2024-05-01T00:00"),
        (
            "after:2024-01 after:2024-03 before:2024-06 before:2024-05",
            UTC, "2024-03-01T00:00", "2024-05-01T00:00",
        ),
    ],
)  # fmt: skip
def test_dates_are_the_askers(
    text: str, zone: ZoneInfo, after: str | None, before: str | None
) -> None:
    query = parse(f"a {text}", now=NOW, zone=zone)
    told = [
        moment and moment.astimezone(UTC).isoformat(timespec="minutes").removesuffix("+00:00")
        for moment in (query.after, query.before)
    ]
    assert told == [after, before]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("after:7days", "after:7d"),
        ("after:7 days", "after:7d"),
        ("после:7 дней", "после:7д"),
        ("after:-7d", "after:7d"),
        ("after:48h", "after:2d"),
        ("after:5лет", "after:5г"),
        ("after:24", "after:24d"),
        ("after:week", "after:7d"),
        ("on:yesteday", "on:yesterday"),
        ("on:today.", "on:today"),
    ],
)
def test_a_date_amiss_is_told_the_nearest(text: str, nearest: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, now=NOW)
    assert caught.value.hint == f"{SUGGESTION}{nearest}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("oil or gas", "oil OR gas"),
        ("нефть или  газ", "нефть ИЛИ газ"),
        ("нефть Или (газ уголь) не вода", "нефть ИЛИ (газ уголь) НЕ вода"),
        ("oil not gas", "oil NOT gas"),
        ("нефть не «старый газ»", "нефть НЕ «старый газ»"),
        ("oil OR gas", None),
        ("oil and gas", None),
        ("не прошло", None),
        ('"trick or treat"', None),
        ("title:or gas", None),
        ("oil or", None),
        ("oil or or gas", None),
        ("(oil", None),
        ("a or after:2024", None),
    ],
)
def test_small_operators_may_be_meant(text: str, meant: str | None) -> None:
    assert doubts.with_operators(text, now=NOW) == meant


@pytest.mark.parametrize(
    "text", ["after:9999-12-31", "on:9999", "after:9999d", "on:0001", "after:0000", "on:31.12.9999"]
)
def test_dates_at_the_ends_of_time_never_break(text: str) -> None:
    try:
        parse(text, now=NOW)
    except QueryError as error:
        assert "no date" in error.what


PIECES = (
    "oil", "газ", "OR", "ИЛИ", "AND", "NOT", "НЕ", "или", "not", "(", ")", "-", "—", '"', "«", "»",
    "'", "’", "|", "&", "NEAR", "NEAR/3", "near/9", "NEAR/99", "РЯДОМ", "5", "/5", "title:",
    "channel:", "канал:", "lang:", "lang:ru", "lang:ua", "has:photo|foto", "is:", "is:edited",
    "place:", "after:", "after:7d", "before:31.02.2026", "on:2024-13-40", "on:2024", "за:вчера",
    "foo:bar", "=", "=a", "=a-b", "*", "ab*", "санкц*", "a-b*", "#", "#tag", "#a-b", "~2", "!x",
    "wom?n", "[", "]", "{a OR b}", "🇷🇺", "👍🏽", "石油", "\u200e", "\u00ad", "\u0301", "\x00",
    "d", ",", "…",
)  # fmt: skip


@examples(300)
@given(
    st.text(max_size=80)
    | st.text(alphabet='ab" ()-*=#:/|&ИЛНЕRO«»NEAR/5', max_size=40)
    | st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
)
def test_any_text_parses_or_is_a_query_error_and_canonical_text_is_stable(text: str) -> None:
    try:
        query = parse(text, now=NOW)
    except QueryError as error:
        assert 0 <= error.column <= len(text)
        assert error.what
        if error.hint.startswith(SUGGESTION):
            assert parse(error.hint.removeprefix(SUGGESTION), now=NOW)
        return
    again = parse(query.text, now=NOW)
    assert again == query
    assert parse(query.written, now=NOW) == query
    assert len(query.text) <= 3 * MOST_CHARACTERS


def test_a_query_that_is_too_long_is_refused_where_it_gets_so() -> None:
    with pytest.raises(QueryError) as refused:
        parse("a" * (MOST_CHARACTERS + 1), now=NOW)
    error = refused.value
    assert error.what == f"the query is longer than {MOST_CHARACTERS} characters"
    assert (error.column, error.hint) == (MOST_CHARACTERS, "ask for fewer words")


def test_every_filter_is_understood() -> None:
    examples = {
        "channel": "channel:harbour", "from": "from:mill", "by": "by:ann", "lang": "lang:ru",
        "has": "has:photo", "is": "is:edited", "place": "place:Вена",
        "who": "who:lavrov", "link": "link:example.org", "in": "grain in:text",
        "title": "title:grain", "before": "before:2024", "after": "after:2024", "on": "on:2024",
    }  # fmt: skip
    assert set(examples) == filters.NAMES
    for text in examples.values():
        assert parse(text).text


@pytest.mark.parametrize(
    "text",
    [
        "and/or", "/start", "km/h", "C++", "a.b", "what?", "$100 100$", "US$", "[срочно]",
        "[e-mail]", "AT&T", r"\o/", "word [1] x", "s/he", "(a|b)", "title:(a OR b)", "NOT(a|b) c",
        "e.g. x", "U.S.", "3.5", "example.org/a?b=c", "(a b)",
    ],
)  # fmt: skip
def test_what_people_write_besides_is_no_regular_expression(text: str) -> None:
    try:
        assert parse(text).text
    except QueryError as error:
        assert "regular expressions" not in error.what


@pytest.mark.parametrize(
    ("last", "canonical"),
    [
        ("channel:a,b", "(channel:a OR channel:b)"),
        ("-lang:ru,en", "-(lang:ru OR lang:en)"),
        ("title:a|b", "(title:a OR title:b)"),
        ("(x OR has:photo,video)", "(x OR has:photo OR has:video)"),
        ("title:München", "title:munchen"),
        ("München", "munchen"),
        ("7км NEAR/2 8км", "7km NEAR/2 8km"),
        ("before:2024", "before:2024"),
        ("x in:text", "x in:text"),
    ],
)
def test_a_long_query_asks_for_words_as_typed_and_for_all_else_whole(
    last: str, canonical: str
) -> None:
    """With all their spellings the words would be too many; the values of filters are no
    spellings."""
    numbers = [f"{number}км" for number in range(100, 130)]
    found = parse(f"{' '.join(numbers)} {last}")
    assert found.text == f"{' '.join(numbers).replace('км', 'km')} {canonical}"
    assert parse(found.text).root == found.root
