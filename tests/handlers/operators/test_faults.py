"""Whose fault it is: a table of what became of a channel's last posts."""

import pytest

from handlers.operators import faults

WELL = None
ODD, OTHER = "TypeError: no #", "ValueError: too big"


@pytest.mark.parametrize(
    ("outcomes", "ours"),
    [
        ([], False),
        ([ODD], False),
        ([ODD, ODD], False),
        ([ODD, ODD, ODD], True),
        ([ODD, ODD, OTHER], False),
        ([ODD, ODD, WELL, ODD], False),
        ([WELL, ODD, ODD, ODD], False),
        ([ODD, OTHER, ODD, OTHER], False),
        ([ODD, OTHER, ODD, OTHER, ODD], True),
        ([ODD, *[WELL] * 45, ODD, ODD, OTHER, ODD], True),
        ([ODD, *[WELL] * 46, ODD, ODD, OTHER, ODD], False),
        ([ODD, *[WELL] * 60, ODD, ODD, ODD], False),
        ([WELL] * 100, False),
    ],
)
def test_three_alike_in_a_row_or_five_of_fifty_are_ours(
    outcomes: list[str | None], ours: bool
) -> None:
    assert faults.are_ours(outcomes) is ours
