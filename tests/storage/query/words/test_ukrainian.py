"""Ukrainian words: the forms of one are one."""

import pytest

from storage.query.words import forms

FORMS = """
україна україни україні україну україною
війна війни війні війну війною
міністр міністра міністром міністри міністрів міністрам
область області
армія армії армію армією арміями
вибори виборів
український українська українських українському
київ києва києву києвом
москва москві
партія партій партії
радость радості
другой другі
поліція поліції поліцією
харків харкова харкову харкові харковом харкове
львів львова львові львовом
чернігів чернігова чернігові черніговом
миколаїв миколаєва миколаєві миколаєвом
тернопіль тернополя тернополі тернополем
рік року роки років роком
дім дому домі домів
схід сходу сході
бій бою боїв боєм бої
договір договору договорів договором
острів острова острови острові
сіль солі
ніч ночі
дорога доріг
школа шкіл школі
особа осіб особі
слово слів слові
війна воєн війнами
українець українця українців
жінка жінок жінки жінками
наслідок наслідку наслідки
"""


@pytest.mark.parametrize("line", FORMS.strip().splitlines())
def test_the_forms_of_a_word_find_each_other(line: str) -> None:
    words = line.split()
    for asked in words:
        for told in words:
            assert forms.normal_form(told) in forms.expand(asked), (asked, told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("рік", "рик"),
        ("ліс", "лис"),
        ("місто", "міст"),
        ("кіт", "кит"),
        ("мир", "міра"),
        ("ліс", "лось"),
        ("світ", "свита"),
        ("петро", "петрів"),
        ("харків", "хоркіт"),
        ("гір", "гирло"),
    ],
)
def test_other_words_stay_apart(asked: str, told: str) -> None:
    assert forms.normal_form(told) not in forms.expand(asked)
    assert forms.normal_form(asked) not in forms.expand(told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("друг", "другі"),
        ("дорога", "дорогі"),
        ("добро", "добрі"),
        ("головня", "головні"),
        ("простить", "прості"),
        ("название", "названій"),
        ("название", "названі"),
        ("введение", "введеній"),
        ("батьков", "батькові"),
        ("староста", "старості"),
        ("творить", "творі"),
    ],
)
def test_another_russian_word_does_not_find_adjectives_and_to_whom_is_given(
    asked: str, told: str
) -> None:
    assert forms.normal_form(told) not in forms.expand(asked)


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        ("рок", "рік"),
        ("рок", "років"),
        ("рік", "рок"),
        ("сход", "схід"),
        ("схід", "сход"),
        ("заход", "заходів"),
        ("захід", "заход"),
        ("табор", "табір"),
        ("робот", "роботі"),
        ("роботі", "робот"),
        ("голова", "голів"),
        ("голів", "голова"),
        ("мост", "міст"),
        ("нос", "ніс"),
    ],
)
def test_a_word_that_is_left_out_hides_no_twin(refused: str, told: str) -> None:
    assert forms.normal_form(told) in forms.expand(refused)
    assert forms.normal_form(told) not in forms.surely(refused)


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        ("рік", "років"),
        ("робіт", "роботі"),
        ("міст", "моста"),
        ("міст", "мості"),
        ("харків", "харкова"),
        ("дім", "дому"),
        ("війна", "воєн"),
        ("слово", "слів"),
    ],
)
def test_a_word_that_is_left_out_hides_its_forms(refused: str, told: str) -> None:
    assert forms.normal_form(told) in forms.surely(refused)
