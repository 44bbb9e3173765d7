"""Words as lexemes: which forms find which, and what a query asks the index for."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.query.words import analysis, english, forms, irregular, russian

ROOT = Path(__file__).parents[4]

FOUND = [
    # Fleeting vowels, suppletion, ё.
    ("посол", "послами"),
    ("послов", "посол"),
    ("день", "дней"),
    ("дни", "днем"),
    ("человек", "людьми"),
    ("люди", "человека"),
    ("идти", "шел"),
    ("шел", "идут"),
    ("год", "лет"),
    ("ребенок", "дети"),
    ("хороший", "лучше"),
    # A form of two lexemes is found by both.
    ("сталь", "стали"),
    ("стать", "стали"),
    ("стали", "сталью"),
    ("стали", "станет"),
    ("суд", "суда"),
    ("судно", "суда"),
    ("банка", "банк"),
    ("осел", "осела"),
    ("дел", "делами"),
    ("статью", "статьях"),
    ("лет", "годы"),
    ("тома", "томами"),
    # Participles, gerunds and short forms are their verb's and their adjective's.
    ("подписать", "подписанный"),
    ("подписать", "подписав"),
    ("готовый", "готовы"),
    # Names.
    ("путин", "путиным"),
    ("лавров", "лавровым"),
    ("лаврову", "лавров"),
    ("захарова", "захаровой"),
    ("астана", "астане"),
    ("россия", "россией"),
    # Names that the dictionary lacks.
    ("зеленский", "зеленскому"),
    ("байденом", "байден"),
    ("байден", "байдену"),
    ("хуситы", "хуситов"),
    ("эрдоганом", "эрдогану"),
    ("мидом", "мид"),
    # English.
    ("foot", "feet"),
    ("feet", "foot"),
    ("go", "went"),
    ("gone", "goes"),
    ("leaf", "leaves"),
    ("leave", "left"),
    ("left", "left"),
    ("see", "saw"),
    ("found", "founded"),
    ("find", "found"),
    ("crises", "crisis"),
    ("large", "largest"),
    ("good", "best"),
    ("sanction", "sanctioned"),
    ("control", "controlling"),
    ("make", "making"),
    ("country", "countries"),
    ("die", "died"),
    ("agree", "agreed"),
    ("firemen", "fireman"),
    ("number", "numbers"),
    ("numbers", "number"),
    ("stranger", "strangers"),
    ("strangers", "stranger"),
    ("lighter", "lighters"),
    ("strange", "stranger"),
]

APART = [
    ("посол", "после"),
    ("послами", "после"),
    ("сталь", "стал"),
    ("сталь", "станет"),
    ("день", "дела"),
    ("дела", "день"),
    ("дел", "день"),
    ("стать", "статей"),
    ("стал", "статью"),
    ("лет", "летом"),
    ("мира", "миро"),
    ("лавров", "лавр"),
    ("узкий", "уже"),
    ("тема", "тем"),
    ("заявить", "заявлять"),
    ("подписать", "подписаться"),
    ("банк", "банкой"),
    ("дроны", "дронова"),
    ("international", "internal"),
    ("university", "universe"),
    ("united", "unit"),
    ("news", "new"),
    ("hope", "hopping"),
    ("work", "worker"),
    ("numb", "number"),
    ("number", "numb"),
]


@pytest.fixture(autouse=True, scope="module")
def _dictionary() -> None:
    forms.load()


def found(word: str, form: str) -> bool:
    return forms.normal_form(form) in forms.expand(word)


@pytest.mark.parametrize(("word", "form"), FOUND)
def test_a_word_finds_its_forms(word: str, form: str) -> None:
    assert found(word, form)


@pytest.mark.parametrize(("word", "form"), APART)
def test_a_word_does_not_find_another_word(word: str, form: str) -> None:
    assert not found(word, form)


@pytest.mark.parametrize(
    ("form", "term"),
    [
        ("послами", "посол"),
        ("после", "после"),
        ("стали", "сталь|стать"),
        ("шел", "идти"),
        ("байденом", "байден"),
        ("feet", "foot"),
        ("saw", "saw|see"),
        ("covid19", "covid19"),
        ("2024", "2024"),
        ("\U0001f1f7\U0001f1fa", "\U0001f1f7\U0001f1fa"),
        ("київ", "києв"),
        ("", ""),
    ],
)
def test_a_form_has_one_normal_form(form: str, term: str) -> None:
    assert forms.normal_form(form) == term


@pytest.mark.parametrize(
    ("word", "terms"),
    [
        ("посол", {"посол"}),
        ("после", {"после"}),
        ("сталь", {"сталь", "сталь|стать"}),
        ("путин", {"путин", "путин|путина"}),
        ("хуситов", {"хусит", "хуситов"}),
        ("foot", {"foot"}),
        ("see", {"see", "saw|see"}),
        ("2024", {"2024"}),
    ],
)
def test_a_query_asks_for_every_term_of_its_word(word: str, terms: set[str]) -> None:
    assert forms.expand(word) == terms


WORDS = st.one_of(
    st.sampled_from(sorted({word for pair in FOUND + APART for word in pair})),
    st.text("абвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=12),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
    st.text(max_size=6),
)


@settings(deadline=None)
@example("нем")
@given(WORDS)
def test_a_word_finds_itself(word: str) -> None:
    assert found(word, word)
    assert not forms.lexemes(word).isdisjoint(forms.readings(word))


@pytest.mark.parametrize(
    ("word", "form", "is_there"),
    [
        ("сталь", "сталью", True),
        ("сталь", "стали", False),
        ("стали", "стали", True),
        ("банк", "банка", True),
        ("путин", "путина", True),
        ("путиным", "путина", True),
        ("полк", "полку", False),
        ("суда", "суда", True),
        ("суда", "судна", False),
        ("байден", "байденом", True),
        ("песков", "пескову", True),
        ("поляков", "полякова", True),
        ("весть", "вестями", True),
        ("майка", "майкой", True),
        ("зима", "зимой", True),
        ("утро", "утром", True),
        ("ряд", "рядом", False),
        ("analysis", "analyses", True),
        ("газа", "газа", True),
        ("газа", "газом", False),
        ("сахара", "сахаром", False),
        ("saw", "saw", True),
        ("saw", "seen", False),
        ("see", "saw", False),
        ("see", "seen", True),
        ("man", "men", True),
        ("lose", "lost", True),
        ("shoot", "shot", True),
        ("lost", "lose", False),
        ("leave", "left", False),
        ("rise", "rose", False),
        ("ממשלה", "הממשלה", True),
        ("ממשלה", "בממשלה", False),
        ("הפסקה", "פסקה", False),
        ("מונופול", "במונופול", True),
        ("고양", "고양이", False),
        ("전쟁", "전쟁은", True),
        ("미국", "미국이", True),
        ("전쟁", "전쟁의", True),
        ("전쟁", "전쟁을", True),
        ("정치", "정치가", False),
        ("대통령", "대통령이", True),
        ("حرية", "بحرية", False),
        ("حرية", "والحرية", True),
        ("روسيا", "وروسيا", True),
        ("جهات", "وجهات", False),
        ("روسيا", "بروسيا", False),
        ("أوكرانيا", "وأوكرانيا", True),
    ],
)
def test_a_word_surely_is_there_where_texts_mostly_mean_it(
    word: str, form: str, *, is_there: bool
) -> None:
    word, form = analysis.fold(word), analysis.fold(form)
    assert (forms.normal_form(form) in forms.surely(word)) is is_there


@settings(deadline=None)
@example("הפסקה")
@example("고양")
@example("том")
@given(WORDS)
def test_what_surely_is_a_word_is_also_found_by_it(word: str) -> None:
    assert forms.normal_form(word) in forms.surely(word)
    assert forms.surely(word) <= forms.expand(word)


def _expanded(word: str) -> set[str]:
    """What ``expand`` gives, by asking each form of each lexeme for its readings."""
    asked = forms.lexemes(word)
    every = {
        forms.normal_form(form)
        for lexeme in asked
        for form in (*russian.list_forms(lexeme), *english.list_forms(lexeme))
        if lexeme in forms.readings(form)
    }
    return {forms.normal_form(word), *asked, *every}


@settings(deadline=None)
@given(WORDS)
def test_a_word_is_expanded_to_every_reading_of_every_form(word: str) -> None:
    assert forms.expand(word) == _expanded(word)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_the_index_and_the_matcher_agree(word: str, form: str) -> None:
    assert found(word, form) == (not forms.lexemes(word).isdisjoint(forms.readings(form)))


@settings(deadline=None)
@given(WORDS)
def test_readings_are_sorted_and_never_none(form: str) -> None:
    readings = forms.readings(form)
    assert readings
    assert list(readings) == sorted(set(readings))


@pytest.mark.parametrize("lemma", ["посол", "сталь", "стать", "день", "человек", "новый", "мочь"])
def test_a_lemma_finds_every_form_but_function_words(lemma: str) -> None:
    known = set(russian.list_forms(lemma))
    assert len(known) > 5
    missed = {form for form in known if not found(lemma, form)}
    assert missed <= {"после", "статей", "статью"}


@pytest.mark.parametrize(
    ("word", "particles"),
    [
        ("정부", "는 가 를 와 로"),
        ("물가", "는 가 를 와 로"),
        ("부산", "은 이 을 과 으로"),
        ("가격", "은 이 을 과 으로"),
        ("서울", "은 이 을 과 로"),
    ],
)
def test_which_particles_follow_depends_on_how_a_korean_word_ends(
    word: str, particles: str
) -> None:
    asked = {f"{word}{one}" for one in f"의 에 에서 에게 까지 부터 {particles}".split()}
    assert forms.lexemes(word) == {word} | asked


def test_every_irregular_form_is_found_by_its_word_and_finds_it() -> None:
    for form, words in irregular.list_forms().items():
        for word in words:
            assert found(word, form), (word, form)
            assert found(form, word), (form, word)


@pytest.mark.parametrize("letters", ["е", "ами", "ing", "ies"])
def test_a_word_of_any_length_is_taken(letters: str) -> None:
    word = letters * 20_000
    assert found(word, word)


def test_what_is_called_a_word_itself_is_an_irregular_form() -> None:
    assert irregular.list_words_themselves() <= irregular.list_forms().keys()


@settings(deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=15))
def test_english_rules_leave_something_of_every_word(word: str) -> None:
    assert english.stem(word)


@pytest.mark.slow
def test_real_posts_need_few_terms(shared_files: Callable[[str], list[Path]]) -> None:
    lines = (
        json.loads(line)["text"]
        for path in shared_files("corpus/telethon/nktkln_*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    check_terms(lines)


@pytest.mark.slow
def test_the_words_of_our_own_texts_need_few_terms() -> None:
    files = [ROOT / "README.ru.md", *(ROOT / "storage" / "languages").rglob("*.po")]
    check_terms(path.read_text(encoding="utf-8") for path in files)


def check_terms(texts: Iterable[str]) -> None:
    words = {
        word for text in texts for word in re.findall("[а-я]+", text.lower().replace("ё", "е"))
    }
    sizes = [len(forms.expand(word)) for word in words]
    assert len(sizes) > 1000
    assert sum(sizes) / len(sizes) < 2.5
    assert max(sizes) <= 20
