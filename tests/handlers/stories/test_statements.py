"""Words that make another statement."""

import pytest

from handlers.stories import statements


@pytest.mark.parametrize(
    "word", ["7", "2024", "су34", "5й", "января", "марта", "среду", "два", "march", "friday", "six"]
)
def test_figures_and_days_are_numbers(word: str) -> None:
    assert statements.is_number(word)


@pytest.mark.parametrize("word", ["порт", "марка", "marching", "sixth", "маяк"])
def test_other_words_are_not(word: str) -> None:
    assert not statements.is_number(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("открыл", "закрыли"),
        ("ввел", "отменил"),
        ("до", "после"),
        ("вырос", "упал"),
        ("завтра", "сегодня"),
        ("север", "запад"),
        ("opened", "closed"),
        ("rises", "fell"),
        ("before", "after"),
    ],
)
def test_opposites_exclude_each_other_both_ways(one: str, other: str) -> None:
    assert statements.are_opposed(one, other)
    assert statements.are_opposed(other, one)
    assert not statements.are_opposed(one, one)


OPPOSITES = """
ввели вводят введен | отменил сняли
открыли | закрыт
начался стартовал | завершил закончил прекратил
повысил поднял вырос | снизил упал сократил
больше более | меньше менее
подтвердил | опроверг
арестован задержан | освобожден отпустили
разрешил одобрил | запретил отклонил
победил выиграл | проиграл
въезд | выезд
ввоз импорт | вывоз экспорт
до | после
за | против
вчера | сегодня | завтра
утром | ночью вечером
север | юг южный | запад | восток
жив | погиб убит умер
opens opened reopened | closed
imposed introduces | lifted cancels
started began begins | ended ends finished stops
rises rose raised increases | falls fell dropped cuts
higher up | lower down
more | less
confirmed | denied denies
arrested detained | released freed
approved allows | rejected banned forbids
wins won beats | loses lost
import | export
before | after
for | against
yesterday | today | tomorrow
morning | evening night
north | south | west | east
alive survived | dead died killed
"""


@pytest.mark.parametrize("line", OPPOSITES.strip().split("\n"))
def test_each_side_excludes_the_others_and_not_itself(line: str) -> None:
    sides = [side.split() for side in line.split("|")]
    for place, side in enumerate(sides):
        for word in side:
            assert not any(statements.are_opposed(word, same) for same in side)
            others = [other for n, them in enumerate(sides) if n != place for other in them]
            assert all(statements.are_opposed(word, other) for other in others), word


@pytest.mark.parametrize(
    "word", ["upper", "downs", "forest", "warmth", "cute", "lesser", "moreover", "banner"]
)
def test_words_that_begin_like_a_side_are_none(word: str) -> None:
    assert not statements.sides_of(word)


BEGIN_ALIKE = """
ростов ростовский ростех открытка открытость начальник прекрасный снизу арестович задержка
задержался принялась подписчик подписка подписывайтесь выездной завтрак утрата вечеринка
североатлантический запретграм югра восторг животные живопись живет умеренный умеров
closely closer impossible startling startup endless stopgap fallout droplet allowance attendee
important nightmare nightclub southpaw westminster easter rostov
"""
NEGATIONS = "не not never didn't nicht kein jamais nunca değil لم نیست немає 没有 未被 nie"
NO_NEGATIONS = "未来 无人机 нетто nothing2 note ما notice"


@pytest.mark.parametrize("word", BEGIN_ALIKE.split())
def test_what_only_begins_like_one_of_two_opposites_is_none(word: str) -> None:
    assert statements.sides_of(word) == frozenset()


@pytest.mark.parametrize("word", NEGATIONS.split())
def test_negations_of_many_languages_are_one_list(word: str) -> None:
    assert statements.is_negation(word)


@pytest.mark.parametrize("word", NO_NEGATIONS.split())
def test_what_only_begins_like_a_negation_is_none(word: str) -> None:
    assert not statements.is_negation(word)
