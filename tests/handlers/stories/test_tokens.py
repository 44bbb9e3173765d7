"""Texts as tokens to compare. All texts are invented."""

import pytest

from handlers.stories import tokens


def keys(text: str, *, same_channel: bool = False) -> str:
    return " ".join(token.key for token in tokens.read(text, same_channel=same_channel))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Pier is OPEN", "the pier is open"),
        ("don’t donʼt don't", "don't don't don't"),
        ("Ёлка, всё и все", "елка всё и все"),
        ("e\u0301te\u0301", "été"),
        ("हिन्दी समाचार", "हिन्दी समाचार"),
        ("colour colours coloured colouring our hour", "color colors colored coloring our hour"),
        ("realise realises realised", "realize realizes realized"),
        ("realising realisation", "realizing realization"),
        ("rise vise centre centres", "rise vise center centers"),
        ("defence programme programmes", "defense program programs"),
        ("1,000 and 1.000 and 4,5 and 4.5", "1,000 and 1.000 and 4.5 and 4.5"),
        ("−7 –7 +7 - 7 + 7 — 7", "-7 -7 +7 - 7 +7 - 7"),
        ("a-7 7-8 x+1", "a 7 7 8 x 1"),
        ("18:30 1/2 12.05.2024 300+", "18:30 1/2 12.05.2024 300+"),
        ("50% $5 №3 > 2 → 3", "50 % $ 5 № 3 > 2 → 3"),
        ("why? so!", "why ? so"),
        ("why？ why؟ why՞ 5％ 5٪", "why ? why ? why ? 5 % 5 %"),
        ("told by @Harbour_News", "told by @harbour_news"),
        ("mail ann@example.org", "mail ann example org"),
        ("https://www.Example.org/a?utm_source=x&id=3", "example.org/a&id=3"),
        ("www.example.org/a/.", "example.org/a"),
        ("http://example.org/?si=a", "example.org/"),
        ("“quoted” (in brackets) — dash", "quoted in brackets dash"),
    ],
)  # fmt: skip
def test_what_of_a_text_counts(text: str, expected: str) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize("link", ["https://t.me/port/5", "t.me/port/5", "www.telegram.me/port/5"])
def test_links_into_telegram_count_within_a_channel(link: str) -> None:
    assert keys(f"see {link}") == "see"
    assert (
        keys(f"see {link}", same_channel=True)
        == f"see {link.removeprefix('https://').removeprefix('www.')}"
    )


@pytest.mark.parametrize(
    ("text", "is_name", "is_figure"),
    [
        ("Pier", True, False),
        ("pier", False, False),
        ("5", False, True),
        ("?", False, False),
        ("@pier", True, False),
        ("example.org", False, False),
        ("https://example.org", True, False),
    ],
)
def test_what_a_token_is(text: str, is_name: bool, is_figure: bool) -> None:
    token = tokens.read(f"  {text}")[0]
    assert (token.is_name, token.is_figure, token.start) == (is_name, is_figure, 2)
    assert token.end == 2 + (len(text) if "." not in text or "/" in text else len("example"))


@pytest.mark.parametrize(
    ("line", "says"),
    [("words", True), ("5", True), ("🔥🔥", False), ("@pier", False), ("?", False), ("", False),
     ("https://example.org", False), ("t.me/pier", False)],
)  # fmt: skip
def test_what_says_something(line: str, says: bool) -> None:
    assert tokens.says_something(line) is says


@pytest.mark.parametrize(
    ("earlier", "later", "agree"),
    [
        ("The pier 🔴", "The pier 🔴", True),
        ("The pier 🔴", "The pier", True),
        ("The pier 🔴", "The pier 🟡", False),
        ("The pier 🟢", "The pier", False),
        ("🟢 The pier", "The pier", False),
        ("🔥 The pier", "⚡ The pier", True),
        ("The pier 🔥", "The pier", True),
        ("The 🐟 pier", "The pier", True),
        ("The 🐟 pier", "The 🐈 pier", False),
        ("🐟 The pier", "🐈 The pier", True),
        ("🇫🇷 The pier", "🇩🇪 The pier", False),
        ("🇫🇷 The pier", "The pier", True),
        ("The pier ✅", "The pier ❌", False),
        ("The pier ❌", "The pier", False),
        ("The pier\n🐟", "The pier\n🐈", True),
        ("crown 81 ▲ mark 92 ▼", "crown 81 ▼ mark 92 ▲", False),
        ("crown 81 ▲ mark 92 ▼", "crown 81 ▲ mark 92 ▼ lira 3 ▲", True),
    ],
)
def test_emoji_that_say_something_new(earlier: str, later: str, agree: bool) -> None:
    assert tokens.signs_agree(earlier, later) is agree
    assert tokens.signs_agree(later, earlier) is agree


def test_decisive_signs_in_order() -> None:
    assert tokens.decisive_signs("🔥 🔴 the 🇫🇷 pier ⬆ 🟢") == ["🔴", "🇫🇷", "⬆", "🟢"]


@pytest.mark.parametrize(
    "text",
    [
        "One.| Two!| Three?|\nfour|\nFive…|",
        "He said: “No.”| And left.|",
        "Mr. A. Roe met gen. Lee at 5 p.m. yesterday.|",
        "В г. Порту ул. Мира, 5 тыс. руб. и т.д.| Всё|",
        "A pier (the old one.)| Closed|",
        "U.S. ships came.| So did e.g. boats|",
        "no end|",
        "It costs 4.5.|\nThat is much|",
        f"Nobody waits for {'.' * 100_000}this|",
    ],
)
def test_where_sentences_end(text: str) -> None:
    plain = text.replace("|", "")
    ends = [at - number for number, at in enumerate(at for at, c in enumerate(text) if c == "|")]
    assert sorted(set(tokens.sentence_ends(plain))) == ends


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("a b a b", "a b"),
        ("a b a b a b a b", "a b"),
        ("a b a", "a b a"),
        ("a a a", "a a a"),
        ("a b a c", "a b a c"),
        ("a a", "a"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_what_a_text_says_twice_counts_once(text: str, once: str) -> None:
    assert " ".join(token.key for token in tokens.once(tokens.read(text))) == once


ABBREVIATED = """
г гг ул им св тыс млн млрд руб корп обл ст стр т др пр см mr mrs ms dr st gen col lt sen rep gov no
vs u.s u.k e.g i.e p.m А Ё Z
"""


@pytest.mark.parametrize("word", ABBREVIATED.split())
def test_a_full_stop_behind_an_abbreviation_ends_no_sentence(word: str) -> None:
    for opening in ("Here ", "Here (", "Here «", 'Here "', ""):
        for written in (word, word.upper()):
            text = f"{opening}{written}. Then it is"
            assert set(tokens.sentence_ends(text)) == {len(text)}
    text = f"Here x{word.replace('.', '')}x. Then it is"
    assert len(set(tokens.sentence_ends(text))) == 2


CALLS = "❗❕‼⁉⚡🔥📌📍🗣💬🎙➡👉👇🔹🔸🔷🔶🚨📢📣🕯⭐✨💥🔔📰🗞📷📸🎥📹🎬📺📲📱🌐🔗▪▫◾◽"


@pytest.mark.parametrize("sign", CALLS)
def test_emoji_that_only_call_say_nothing_new(sign: str) -> None:
    assert tokens.signs_agree("The 🐟 pier", f"The 🐟 {sign} pier")
    assert tokens.signs_agree("The 🐟 pier", f"{sign} The 🐟 pier")


@pytest.mark.parametrize("sign", "🔴🟢🟡🟠🔵⬆⬇📈📉✅❌➕➖🔼🔽▲▼🆘☢")
def test_emoji_that_decide_say_something_wherever_they_stand(sign: str) -> None:
    assert tokens.decisive_signs(f"{sign} The pier") == [sign]
    assert not tokens.signs_agree(f"{sign} The 🐟 pier", "The 🐟 pier")
    # Some even where the other text has none.
    assert tokens.signs_agree(f"{sign} The pier", "The pier") is (
        sign not in "🟢✅❌📈📉⬆⬇➕➖🔼🔽🆘☢"
    )


@pytest.mark.parametrize("sign", "?%‰°$£¥¢฿₴№<>≤≥≠≈~±×=←⇿")
def test_a_sign_is_a_token(sign: str) -> None:
    assert keys(f"a {sign} b") == f"a {sign} b"


@pytest.mark.parametrize(
    "written", ["utm_source", "fbclid", "gclid", "yclid", "ysclid", "igsh", "si"]
)
def test_what_only_counts_visitors_is_no_part_of_an_address(written: str) -> None:
    assert keys(f"https://example.org/a?{written}=5") == "example.org/a"
    assert keys(f"https://example.org/a?id=1&{written}=5&n=2") == "example.org/a?id=1&n=2"
    assert keys(f"https://example.org/a?x{written}=5") == f"example.org/a?x{written}=5"


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("labour labours laboured labouring", "labor labors labored laboring"),
        ("organise organised organises organising organisation",
         "organize organized organizes organizing organization"),
        *((word, word) for word in ("labourer", "organiser", "centred", "defences", "programmed",
                                    "flour", "wise", "epicentre")),
    ],
)  # fmt: skip
def test_british_words_are_spelt_as_american_ones(words: str, plain: str) -> None:
    assert keys(words) == plain
