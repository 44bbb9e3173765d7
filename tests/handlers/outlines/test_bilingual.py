"""What Russian and English texts say in terms of both."""

import pytest

from handlers.outlines import bilingual


def shared(russian: str, english: str) -> set[str]:
    """The keys of the terms that both texts have."""
    one = bilingual.read(russian, is_russian=True)
    return {*one} & {*bilingual.read(english, is_russian=False)}


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("о беженцах", "the refugee"),
        ("перемирия", "a ceasefire"),
        ("перемирия", "a cease-fire"),
        ("в Норвегии", "Norway’s"),
        ("норвежские", "Norwegian"),
        ("Гамбии", "in Gambia"),
        ("из США", "the U.S. says"),
        ("власти США", "the US says"),
        ("в ООН", "the U.N. says"),
        ("в Нью-Йорке", "in New York"),
        ("Теракт", "a terror attack"),
        ("и Куклачёву", "and Kuklachev"),
        ("в Верхнеплютове", "in Verkhneplyutovo"),
        ("погибли 2 500", "2,500 died"),
        ("до 1,5 млн", "to 1.5 million"),
        ("в TikTok", "on TikTok"),
    ],
)
def test_what_both_languages_can_say_is_the_same_term(russian: str, english: str) -> None:
    assert shared(russian, english)


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Он пришёл", "He came"),
        ("в 2026 году", "by 2026 it"),
        ("у нас", "tell us"),
        ("баржа Куклачёва", "a barge of Kuznetsov"),
        ("Топор Live", "a live briefing"),
        ("https://example.org/norway в порту", "Norway"),
        ("4,5 баллов", "45 points"),
    ],
)
def test_what_only_looks_alike_is_not(russian: str, english: str) -> None:
    assert not shared(russian, english)


def test_figures_and_names_are_anchors_and_words_are_none() -> None:
    terms = bilingual.read("В Осло 12 беженцев встретил Куклачёв", is_russian=True)
    anchors = {key for key, said in terms.items() if said.term.is_anchor}
    assert {"#12", f"~{bilingual.sound('kuklachev')}"} <= anchors
    refugee = bilingual.read("refugee", is_russian=False).keys()
    assert refugee <= terms.keys() and not refugee & anchors


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zelenskyy", "zelensky"),
        ("scholz", "sholts"),
        ("johnson", "dzhonson"),
        ("phillips", "filips"),
        ("khan", "han"),
        ("wagner", "vagner"),
    ],
)
def test_names_sound_the_same_however_they_are_spelt(one: str, other: str) -> None:
    assert bilingual.sound(one) == bilingual.sound(other)


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("Ахмедов", "Ahmedov"),
        ("Бейкерс", "Backers"),
        ("Вяземский", "Wyazemsky"),
        ("Гаврилюк", "Gavriliuk"),
        ("Джабаров", "Djabarov Dzhabarov Jabarov"),
        ("Ельцин", "Yeltsin Eltzin"),
        ("Фёдоров", "Fyodorov Fedorov"),
        ("Жуков", "Zhukov Joukov"),
        ("Зубков", "Zubkov Subkov"),
        ("Касымов", "Qasimov Kasymov"),
        ("Коростелёв", "Corostelev"),
        ("Ксения", "Xenia"),
        ("Лысенко", "Lysenko"),
        ("Максимов", "Maximov Maksimov"),
        ("Мюллер", "Muller Mueller"),
        ("Подъячев", "Podyachev"),
        ("Сикорский", "Cikorski Sikorsky"),
        ("Филиппов", "Philippov Filipov"),
        ("Хабибуллин", "Khabibullin Habibulin"),
        ("Царнаев", "Tsarnaev Tzarnaev"),
        ("Чайковский", "Tchaikovsky Chaikovsky"),
        ("Швейцер", "Schweitzer Shveitser"),
        ("Щербаков", "Shcherbakov Scherbakov Sherbakov"),
        ("Эренбург", "Ehrenburg Erenburg"),
        ("Юлаев", "Yulaev Iulaev"),
        ("Яковлев", "Yakovlev Iakovlev"),
    ],
)
def test_a_name_is_the_same_in_both_languages(russian: str, english: str) -> None:
    for name in english.split():
        assert shared(f"и {russian}", f"and {name}"), name


@pytest.mark.parametrize(
    "names",
    [
        "zhukov shukov chukov",
        "boris moris doris",
        "karin garin",
        "petrov vetrov",
        "lenin lemin",
        "maltsev maltev makhev",
        "filin pilin",
        "sadov savov sakov",
        "harkov arkov",
    ],
)
def test_other_names_sound_otherwise(names: str) -> None:
    assert len({bilingual.sound(name) for name in names.split()}) == len(names.split())


@pytest.mark.parametrize("sign", [".", "!", "?", ":", "…", "\n", ",", " —", " и", " 12"])
def test_a_capital_that_opens_a_sentence_makes_no_name(sign: str) -> None:
    terms = bilingual.read(f"Суда ушли{sign} Слава рад", is_russian=True)
    is_name = f"~{bilingual.sound('slava')}" in terms
    assert is_name is (sign not in set(".!?:…\n"))


@pytest.mark.parametrize(
    ("text", "is_russian", "is_english"),
    [
        ("Паром сел на мель у мыса", True, False),
        ("The ferry is aground off the point", False, True),
        ("Пором сів на мілину біля мису", False, False),
        ("Die Fähre liegt auf Grund", False, False),
        ("", False, False),
    ],
)
def test_the_language_is_told_by_letters_and_small_words(
    text: str, is_russian: bool, is_english: bool
) -> None:
    assert (bilingual.is_russian(text), bilingual.is_english(text)) == (is_russian, is_english)


ENGLISH = """
the and with from after against during says said were are they this that by for an to who will
"""


@pytest.mark.parametrize("word", ENGLISH.split())
def test_an_english_text_has_a_word_of_its_own(word: str) -> None:
    assert bilingual.is_english(f"A {word.upper()} port")
    assert not bilingual.is_english(f"{word} {word} port")


SMALL = "a as at has his in is it its of off on out over was"


@pytest.mark.parametrize("word", SMALL.split())
def test_and_another_small_one(word: str) -> None:
    assert bilingual.is_english(f"the {word} port")
    assert not bilingual.is_english(f"a {word} port")


@pytest.mark.parametrize("letter", "іїєґўјљњћђџѓќѕІЇ")
def test_letters_of_other_cyrillic_alphabets_are_not_russian(letter: str) -> None:
    assert bilingual.is_russian("паром на мели")
    assert not bilingual.is_russian(f"паром на мели {letter}")


@pytest.mark.parametrize(
    ("russian", "english"),
    [("США", "US"), ("ООН", "UN"), ("ЕС", "EU"), ("Великобритания", "UK"), ("США", "U.S.A.")],
)
def test_capitals_name_what_they_stand_for(russian: str, english: str) -> None:
    assert shared(f"власти {russian}", f"the {english} says")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("12 500", {"#12500"}),
        ("12.500,5", {"#12500.5"}),
        ("12,5", {"#12.5"}),
        ("1,250,000", {"#1250000"}),
        ("5", set()),
        ("1999 2026", set()),
        ("1899 2100", {"#1899", "#2100"}),
        ("12 5000", {"#12", "#5000"}),
    ],
)
def test_figures_are_read_however_their_thousands_are_parted(text: str, figures: set[str]) -> None:
    for is_russian in (True, False):
        assert bilingual.read(text, is_russian=is_russian).keys() == figures
