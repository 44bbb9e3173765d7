"""What the figures of a text count. All texts are invented."""

import pytest

from handlers.stories import tokens
from handlers.stories.leads import counted
from handlers.stories.leads.counted import Counted


def read(text: str) -> frozenset[Counted]:
    return counted.read(text, tokens.read(text))


@pytest.mark.parametrize(
    ("text", "behind", "before"),
    [
        ("it took 12 people in Mellen", ("people", "mellen"), "took"),
        ("it took 12 small mill houses down", ("small", "mill"), "took"),
        ("12-people", ("people",), ""),
        ("it took 12 in by the mill", ("mill",), "took"),
        ("old 12 or 15", (), "old"),
        *((f"12{stop}people", (), "") for stop in (*",;:.!…()\n", " – ", " — ", " - ")),
        *((f"toll{stop}12", (), "") for stop in ",;:.!…()\n"),
        *((f"toll{stop}12", (), "toll") for stop in (" – ", " — ", " - ")),
        *((f"12{stop}人", (), "") for stop in "。，；：！、"),
        ("造成12人死亡", ("人", "死亡"), "造成"),
        ("共有 12 人", ("人",), "共有"),
        ("造成12ひと", ("ひ", "と"), "造成"),
        ("toll is $12 people", ("$", "people"), "toll"),
        ("12% of people in Mellen", ("%", "people"), ""),
        ("12 € people", ("€", "people"), ""),
        ("12 people €", ("people",), ""),
        ("€ of 12 people", ("people",), ""),
        ("at 10:30 people", (":",), ""),
        ("lost 10:3 people", ("people",), "lost"),
        ("ship 10:30", (":",), "ship"),
        ("ship 5.05.2026 people", ("/",), "ship"),
        ("5/05/26", ("/",), ""),
        ("5.05 people", ("people",), ""),
        ("sail 5 june people", ("/",), "sail"),
        ("5 people june", ("people", "june"), ""),
    ],
)
def test_what_stands_beside_a_figure_in_its_clause(
    text: str, behind: tuple[str, ...], before: str
) -> None:
    first = min(read(text), key=lambda one: text.index(one.figure.partition(" ")[0][:2]))
    assert (first.behind, first.before) == (behind, before)


def test_a_date_is_a_figure_with_its_month() -> None:
    assert {one.figure for one in read("5 june, 5.05.2026 and 7 ships")} == {
        "5 june",
        "5.05.2026",
        "7",
    }


def test_of_many_figures_the_first_are_read() -> None:
    assert {one.figure for one in read(" ".join(map(str, range(100, 140))))} == {
        str(number) for number in range(100, 124)
    }


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("12 houses", "15 house", True),
        ("12 houses", "15 people", False),
        ("12 houses", "15", False),
        ("toll 12", "toll 15", True),
        ("toll 12", "price 15", False),
        ("12", "15", False),
        ("12 houses burnt", "15 houses burnt", True),
        ("12 houses burnt", "15 houses stand", False),
        ("12 houses", "15 houses stand", True),
        ("took 12 houses", "took 15 houses", True),
        ("took 12 houses", "gave 15 houses", False),
        ("took 12 houses", "15 houses", True),
        ("took 12 houses burnt", "gave 15 houses burnt", True),
        ("took 12 houses down", "gave 15 houses", True),
        ("12 ris", "15 rose", True),
        ("12 dead", "15 killed", True),
        ("12 inborn", "15 inbred", False),
        ("12 injured", "15 injuries", True),
        ("12 inter", "15 intern", True),
        ("12 men", "15 mends", False),
        ("成12", "成15", True),
        ("成12", "造成15", False),
        ("造成12", "使造15", True),
        ("造成12", "made 15", False),
        ("12 interned", "15 internal", True),
        ("12 cons", "15 cone", False),
        ("12% up", "15% up", True),
        ("$12", "$15", True),
        ("$12", "€15", False),
        ("死亡12人", "死亡15人", True),
        ("12人死亡", "15人受伤", False),
        ("12人死亡", "15人共死", True),
        ("12死", "15死亡", True),
        ("12 houses, 13 ships", "13 ships, 12 boats", False),
        ("12 houses, 15 houses", "15 houses", False),
        ("12 houses of 15", "15 houses of 12", False),
        ("12 houses of 15", "16 houses of 15", True),
    ],
)
def test_two_figures_differ_where_they_count_the_same(one: str, other: str, expected: bool) -> None:
    assert counted.differ(read(one), read(other)) is expected
    assert counted.differ(read(other), read(one)) is expected
