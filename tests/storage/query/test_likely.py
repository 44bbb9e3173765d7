"""What somebody may have meant: the other layout, the other alphabet, a letter amiss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query import likely

LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"
RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (LATIN_KEYS, RUSSIAN_KEYS),
        (RUSSIAN_KEYS, LATIN_KEYS),
        ("ghbdtn 42!", "привет 42!"),
        ("Руддщ", "Hello"),
        ("ё", "`"),
        ("port порт", None),
        ("42 []", None),
        ("", None),
    ],
)
def test_a_text_as_its_keys_write_it_in_the_other_layout(text: str, other: str | None) -> None:
    assert likely.other_layout(text) == other


@pytest.mark.parametrize(
    ("form", "russian"),
    [
        ("shcherba", ["щерба", "щэрба", "щерьба", "щэрьба"]),
        ("schuka", ["щука"]),
        ("yuriy", ["юрий"]),
        ("bely", ["белий", "белй", "белы", "бэлий", "бэлй", "бэлы"]),
        ("belyy", ["белый", "бэлый"]),
        ("nikki", ["никки", "никкий", "никьки", "никький"]),
        ("yozh", ["еж", "ежь"]),
        ("kha", ["ха"]),
        ("tsar", ["цар", "царь"]),
        ("chad", ["чад", "чадь"]),
        ("shum", ["шум", "шумь"]),
        ("yaya", ["яя"]),
        ("yeye", ["ее"]),
        ("iura", ["юра"]),
        ("mariam", ["мариям", "марям", "мариямь", "марямь"]),
        ("rock", ["рок", "рокь"]),
        ("phil", ["фил", "филь"]),
        ("max", ["макс", "макьс", "максь"]),
        ("qo", ["ко"]),
        ("wo", ["во"]),
        ("jo", ["йо", "джо", "дьжо"]),
        ("tyl", ["тйл", "тыл", "тйль", "тыль"]),
        ("eho", ["ехо", "его", "эхо", "эго"]),
        ("cap", ["кап", "цап", "капь", "цапь"]),
        ("bidu", ["биду"]),
        ("fogi", ["фоги", "фогий"]),
        ("kolo", ["коло"]),
        ("mono", ["моно"]),
        ("zova", ["зова"]),
    ],
)
def test_a_latin_name_as_russian_may_write_it(form: str, russian: list[str]) -> None:
    assert sorted(likely.other_alphabet(form)) == sorted(russian)


@pytest.mark.parametrize(
    ("form", "latin"),
    [
        ("юрий", ["yury", "yuriy", "yurii", "iury", "iuriy", "iurii"]),
        ("белый", ["bely", "byely"]),
        ("макс", ["max", "maks"]),
        ("щука", ["shchuka", "shchuca"]),
        ("жаба", ["zhaba"]),
        ("мех", ["mekh", "meh", "myekh", "myeh"]),
        ("цоб", ["tsob"]),
        ("чоп", ["chop"]),
        ("шум", ["shum"]),
        ("яна", ["yana", "iana"]),
        ("йод", ["yod", "iod"]),
        ("мыло", ["mylo"]),
        ("эфа", ["efa"]),
        ("объем", ["obem", "obyem"]),
        ("семья", ["semya", "semia", "syemya", "syemia"]),
        ("вор", ["vor", "wor"]),
        ("газ", ["gaz"]),
        ("дикт", ["dikt", "dict"]),
        ("зло", ["zlo"]),
        ("нота", ["nota"]),
        ("суп", ["sup"]),
    ],
)
def test_a_russian_name_as_latin_letters_may_write_it(form: str, latin: list[str]) -> None:
    assert sorted(likely.other_alphabet(form)) == sorted(latin)


def test_the_likeliest_way_to_write_comes_first_and_few_of_many() -> None:
    assert likely.other_alphabet("elena")[0] == "елена"
    assert likely.other_alphabet("elena")[:2] == ["елена", "елэна"]
    assert len(likely.other_alphabet("ввввввв")) == 32
    for form in ("port5", "порт-порт", "naïve", "portпорт", "їжак"):
        assert likely.other_alphabet(form) == []
    assert likely.other_alphabet("") == [""]


def edits(form: str, letters: str) -> set[str]:
    """All forms one letter more, less or another away, or with two letters in other order."""
    cuts = [(form[:at], form[at:]) for at in range(len(form) + 1)]
    return {
        *(a + letter + b for a, b in cuts for letter in letters),
        *(a + letter + b[1:] for a, b in cuts if b for letter in letters if letter != b[0]),
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
    }


@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6)
    | st.text("абвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=6)
)
def test_a_letter_amiss(form: str) -> None:
    russian = "".join(map(chr, range(ord("а"), ord("я") + 1)))
    letters = "abcdefghijklmnopqrstuvwxyz" if form.isascii() else russian
    assert set(likely.misspelled(form)) == edits(form, letters)


def test_what_is_of_no_alphabet_has_no_letter_amiss() -> None:
    assert list(likely.misspelled("port5")) == list(likely.misspelled("portпорт")) == []
