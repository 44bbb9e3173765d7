"""Signs that settle a language, and those that speak against one."""

import pytest

from handlers.normalize.post import language_signs
from handlers.normalize.post.language_signs import FEWEST_LETTERS, identify

RUSSIAN = ["вышел", "новый", "пароход", "и", "это", "был", "первый", "рейс", "на", "север"]
ENGLISH = [
    "the",
    "ship",
    "left",
    "this",
    "harbour",
    "and",
    "that",
    "was",
    "all",
    "of",
    "it",
    "for",
    "now",
]


@pytest.mark.parametrize(
    ("script", "words", "language"),
    [
        ("CYRILLIC", RUSSIAN, "ru"),
        ("LATIN", ENGLISH, "en"),
        ("LATIN", RUSSIAN, None),
        ("CYRILLIC", ENGLISH, None),
        ("HAN", ["字"] * 40, None),
        *((script, [letter * 40], code) for script, letter, code in (
            ("ARMENIAN", "ա", "hy"), ("GEORGIAN", "ა", "ka"), ("GREEK", "α", "el"),
            ("HEBREW", "א", "he"), ("HANGUL", "가", "ko"))),
        *((script, [letter * 39], None) for script, letter in (
            ("ARMENIAN", "ա"), ("GEORGIAN", "ა"), ("GREEK", "α"), ("HEBREW", "א"))),
        ("HEBREW", ["א" * 40, "װ"], None),  # Yiddish
        # Only so many words are looked at for letters.
        ("GREEK", ["α"] * 40, "el"),
        ("GREEK", [""] * 40 + ["α" * 40], None),
    ],
)  # fmt: skip
def test_what_signs_settle(script: str, words: list[str], language: str | None) -> None:
    assert FEWEST_LETTERS == 40
    assert identify(script, words) == language


FILL = ["аааааааааа"] * 4


@pytest.mark.parametrize(
    ("words", "is_russian"),
    [
        (["и", "ыы", *FILL], True),
        (["и", "ы", *FILL], False),  # one sign of it is chance
        (["и", "ы", "что", *FILL], True),
        (["ыы", *FILL], False),  # no little word
        (["в", "ыы", *FILL], False),  # no и
        (["и", "ьоы", *FILL], False),  # ьо is no ь
        (["и", "ыы", "ъ", *FILL], False),
        (["и", "ыыыыы", "ъ", *FILL], True),
        (["и", "ыы", "і", *FILL], False),
        (["и", "ыы", *["ааа"] * 18], True),  # a little word in twenty
        (["и", "ыы", *["ааа"] * 19], False),
        (["и", "ыы", "а" * 197], True),  # a sign in a hundred letters
        (["и", "ыы", "а" * 198], False),
    ],
)
def test_what_is_russian(words: list[str], is_russian: bool) -> None:
    assert identify("CYRILLIC", words) == ("ru" if is_russian else None)


LONG = ["abcdefghij"] * 9


@pytest.mark.parametrize(
    ("words", "is_english"),
    [
        (["the", "and", *LONG], True),
        (["the", "of", *LONG], False),
        (["The", "AND", *LONG], True),
        (["the", "and", *LONG, "abc", "abc"], True),
        (["the", "and", *LONG, "abc", "abc", "abc"], False),
        (["the", "and", "of", *LONG, *["abc"] * 8], True),
        (["the", "and", "of", *LONG, *["abc"] * 9], False),
        (["the", "and", "é", *LONG], False),
    ],
)
def test_what_is_english(words: list[str], is_english: bool) -> None:
    assert identify("LATIN", words) == ("en" if is_english else None)


@pytest.mark.parametrize(
    "word", ["что", "его", "для", "об", "к", "году", "года", "была", "были", "будет", "также"]
)
def test_a_little_word_is_a_sign_of_russian(word: str) -> None:
    assert identify("CYRILLIC", ["и", "ы", word, *FILL]) == "ru"


@pytest.mark.parametrize(
    "word",
    [*["в", "и", "на", "с", "по", "не", "за", "из", "о", "от", "у", "до", "как"], "В", "Как"],
)
def test_few_russian_texts_lack_all_links(word: str) -> None:
    filled = ["ыы", "иаааааааааа", *FILL]
    assert identify("CYRILLIC", filled) is None
    assert identify("CYRILLIC", [word, *filled]) == "ru"


ONLY_ENGLISH = [
    *("the", "and", "that", "with", "this", "from"),
    *("which", "have", "been", "were", "are", "their"),
]
ENGLISH_TOO = ["is", "of", "to", "for", "by", "not", "has", "its", "was", "our", "will"]


@pytest.mark.parametrize("word", [*ONLY_ENGLISH, *ENGLISH_TOO])
def test_a_little_word_is_a_sign_of_english(word: str) -> None:
    filled = ["the", "and", *LONG, "abc", "abc", "abc"]
    assert identify("LATIN", filled) is None
    assert identify("LATIN", [word, *filled]) == "en"
    alone = identify("LATIN", ["the", word, *LONG])
    assert alone == ("en" if word in ONLY_ENGLISH else None)


@pytest.mark.parametrize(
    ("code", "letters"),
    [
        ("ar", "ټډړږښڼځڅېۍٹڈڑںےەڕڵۆێ"),
        ("fa", "ټډړږښڼځڅېۍٹڈڑںھہۂےەڕڵۆێ"),
        ("he", "װױײ"),
        ("tr", "ýňə"),
    ],
)
def test_each_letter_of_a_like_alphabet_speaks_against(code: str, letters: str) -> None:
    assert all(language_signs.speaks_against(code, letter) for letter in letters)
    assert all(language_signs.speaks_against("tr", word) for word in ("we", "və", "bilen", "bilan"))


@pytest.mark.parametrize(
    ("code", "text", "speaks"),
    [
        ("ar", "ټ", True), ("ar", "ب", False), ("fa", "ھ", True), ("ar", "ھ", False),
        ("hi", "ळ", True), ("hi", "ल", False), ("tr", "ý", True), ("tr", "biz we siz", True),
        ("tr", "wem", False), ("tr", "bilen", True), ("en", "ý", False), ("he", "ײ", True),
    ],
)  # fmt: skip
def test_what_speaks_against_a_language(code: str, text: str, speaks: bool) -> None:
    assert language_signs.speaks_against(code, text) is speaks
    if speaks:
        assert language_signs.has_foreign_letters(code, text)


@pytest.mark.parametrize(
    ("code", "own", "foreign"),
    [
        ("ar", "ب", "پچژکی"), ("be", "ўіё’", "ищъ"), ("bg", "ъщ", "ыэё"), ("kk", "әғқңөұүһі", "ѓ"),
        ("mk", "ѓѕјљњќџ", "йщъыьэюя"), ("ru", "ёъыэ", "іўґј"), ("sr", "ђјљњћџ", "йщъыьэюя"),
        ("uk", "ґєії", "ыъэё"), ("cs", "áčďéěíňóřšťúůýž", "äñ"), ("de", "äöüß", "éñ"),
        ("en", "az", "éäñ"), ("es", "áéíóúüñ", "çä"), ("fr", "àâæçéèêëîïôœùûüÿ", "äñ"),
        ("it", "àèéìíòóùú", "çñ"), ("nl", "ëïéèêöüáó", "çñ"), ("pl", "ąćęłńóśźż", "äñ"),
        ("pt", "ãáàâçéêíóôõúü", "ñä"), ("ro", "ăâîșțşţ", "éñ"), ("sv", "åäöé", "çñ"),
        ("tr", "çğıiöşüâîû", "äñ"), ("xx", "äñé", ""),
    ],
)  # fmt: skip
def test_letters_that_an_alphabet_has_and_lacks(code: str, own: str, foreign: str) -> None:
    assert not language_signs.has_foreign_letters(code, own)
    assert not language_signs.has_foreign_letters(code, "12_ .,")
    assert all(language_signs.has_foreign_letters(code, letter) for letter in foreign)
