"""What is said of others in the same words, told by the words that differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.outlines.likewise import are_of_others, read_filled

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
