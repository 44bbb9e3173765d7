"""What is said of others in the same words, told by the words that differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.outlines.likewise import (
    are_of_others,
    are_turned_round,
    is_worded_otherwise,
    read_filled,
)

STORM = "Storm warning for the coast of Mellen: up to 20 knots tonight"


@pytest.mark.parametrize(
    ("head", "line", "filled"),
    [
        (STORM, STORM.replace("Mellen", "Olda"), "Olda"),
        (STORM, STORM.replace("Mellen", "Olda").replace("20", "30"), "Olda … 30"),
        ("Olda beats Brun by 2 to 1", "Mellen beats Larn by 2 to 1", "Mellen … Larn"),
        ("EU sanctions port chief Ivo Kalen", "UK sanctions port chief Ivo Kalen", "UK"),
        ("France bans the import of grain", "Germany bans the import of grain", "Germany"),
        (
            "Президент поздравил Президента Республики Олда с праздником",
            "Президент поздравил Президента Ларнской Республики с праздником",
            "Ларнской",
        ),
        (
            "ЕС ввёл санкции против министра транспорта",
            "Великобритания ввела санкции против министра транспорта",
            "Великобритания ввела",
        ),
        ("Обстріляли Ольську область 17 раз", "Обстріляли Ларнську область 9 раз", "Ларнську … 9"),
    ],
)  # fmt: skip
def test_a_form_that_is_filled_in_of_others_is_told_by_what_differs(
    head: str, line: str, filled: str
) -> None:
    assert read_filled(head, line) == filled


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Повітряна тривога в Меленській області", "Відбій тривоги в Меленській області"),
        (STORM, STORM),
        (STORM, STORM.replace("20", "30")),
        (STORM, "No storm for the coast of Olda: at most 20 knots tonight"),
        ("Talks in Olda begin today at noon", "Talks in Larn end today at noon"),
        ("Brun will visit Olda on Monday", "Brun will not visit Larn on Monday"),
        ("Fire in Olda burns 12 houses", "Blast in Olda burns 12 houses"),
        ("Пожар в Олде уничтожил склад зерна", "Взрыв в Олде уничтожил склад зерна"),
        ("Source: Olda quits the grain deal", "Olda denies quitting the grain deal"),
        (STORM, "Kalen flies to Larn"),
        (STORM, ""),
        ("", STORM),
    ],
)
def test_another_statement_is_none(head: str, line: str) -> None:
    assert read_filled(head, line) == ""


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_lines_are_read(head: str, line: str) -> None:
    assert are_of_others(head, head) is False
    assert all(piece in line for piece in read_filled(head, line).split(" … "))


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (
            "Court in Olma acquits former port chief Pyotr Belov",
            "Court in Olma sentences former mayor Ivan Belov to seven years",
        ),
        (
            "Суд в Ольме оправдал Петра Белова, бывшего главу порта",
            "Суд в Ольме приговорил Ивана Белова, бывшего мэра, к 7 годам",
        ),
    ],
)
def test_another_turn_of_events_is_not_the_same_of_others(head: str, line: str) -> None:
    assert read_filled(head, line) == ""


EXPELS = "Olda expels two Larnian diplomats for spying"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (EXPELS, "Larn expels two Oldan diplomats in response", True),
        ("Орвелла высылает двух послов Меллена", "Меллен высылает двух послов Орвеллы", True),
        ("Свисток: «Якорь» — «Дюна» 3:1", "Свисток: «Дюна» — «Якорь» 3:1", False),
        ("Финальный свисток в матче: «Якорь» — «Дюна» 3:1",
         "Финальный свисток в матче: «Дюна» — «Якорь» 3:1", True),
        (EXPELS, EXPELS, False),
        (EXPELS, "Olda expels two Brunian diplomats for spying", False),
        ("Holm and Doran sign a treaty on visas", "Doran and Holm sign a treaty on visas", False),
        ("", EXPELS, False),
    ],
)  # fmt: skip
def test_two_who_change_places_are_told(one: str, other: str, expected: bool) -> None:
    assert are_turned_round(one, other) is expected
    assert are_turned_round(other, one) is expected


LEAVE = "משרד החוץ: אזרחים מתבקשים לעזוב את אולדה מיד"
DEAD = "وزارة الصحة: ارتفاع عدد القتلى في أولدا إلى 12"
PERMITS = "Bakanlık, yurttaşların Olda'ya seyahat etmesine izin verdi"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (LEAVE, LEAVE.replace("אולדה", "לרן"), True),
        (DEAD, DEAD.replace("القتلى", "الجرحى"), True),
        (DEAD, DEAD.replace("12", "14"), False),
        (PERMITS, PERMITS.replace("verdi", "vermedi"), True),
        (PERMITS, f"SON DAKİKA: {PERMITS}", False),
        (PERMITS, f"{PERMITS} (video)", False),
        ("外交部反对将奥尔达列入名单，称其不当", "外交部不反对将奥尔达列入名单，称其不当", True),
        ("Premier Joost Vaal bevestigt aftreden", "Premier Joost Vaal ontkent aftreden", True),
        (PERMITS, "Holm fährt morgen nach Larn", False),
        ("Olda", "Larn", False),
        (LEAVE, LEAVE, False),
        ("", LEAVE, False),
    ],
)
def test_a_few_other_words_may_say_otherwise(one: str, other: str, expected: bool) -> None:
    assert is_worded_otherwise(one, other) is expected
    assert is_worded_otherwise(other, one) is expected
