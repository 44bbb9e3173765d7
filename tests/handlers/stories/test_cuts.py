"""A copy that was cut, and what was cut off. All texts are invented."""

import pytest

from handlers.stories import cuts, tokens


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("[The pier is open. The mill is shut.]", True),
        ("[The pier is open.] The mill is shut.", True),
        ("[The pier is] open. The mill is shut.", False),
        ("The old pier is open again. [The mill is shut.]", True),
        ("The pier is open. So it is. [The mill is shut.]", True),
        ("The pier is open. [The mill is shut.]", False),
        ("The pier is open. The [mill is shut.]", False),
        ("The old pier is open again. [The mill is shut.] So is the dock.", True),
        ("Ann Roe said: [the mill is shut.]", False),
        ("Ann Roe said. [The mill is shut.]", False),
        ("[The pier is open.] It is a fake.", False),
        ("[The pier is open.] It was denied.", False),
        ("Reportedly so. [The pier is open.]", False),
        ("[Пирс открыт.] Это фейк.", False),
        ("[Пирс открыт.] Мэр опроверг это.", False),
        ("[Пирс открыт.] Мельница стоит.", True),
        ("[Пирс открыт.] Там были ученики.", True),
        ("[Пирс открыт.] Там были учения.", False),
        ("[The pier is open.] It was refused a year ago by the mayor of Marby himself.", True),
        ("[Пирс открыт.] Мэр города в прошлом году отказался от этого на всех собраниях.", True),
        ("[We sell:]\nships\nboats", False),
        ("[We sell ships]\nand boats", False),
        ("[We sell ships,]\nand boats.", False),
        ("[We sell ships;]\nand boats.", False),
        ("[We sell ships]\nand boats.", True),
        ("[We sell ships.]\nand boats", True),
        ("[We sell ships!]\nand boats", True),
        ("[We sell “ships”]\nand (boats.)", True),
        ("[We sell ships]\nand boats\nfor much.", False),
        ("[We sell ships] and\nboats.", False),
    ],
)
def test_what_a_cut_leaves_says_what_it_said(text: str, is_cut: bool) -> None:
    begin, end = text.index("["), text.index("]") - 1
    plain = text.replace("[", "").replace("]", "")
    found = tokens.read(plain)
    inside = [at for at, token in enumerate(found) if begin <= token.start and token.end <= end]
    assert cuts.is_cut(plain, found, inside[0], inside[-1], is_truncated=False) is is_cut


def test_a_copy_that_says_that_it_goes_on_may_end_anywhere() -> None:
    text = "The pier is open today. So is the mill. It is no fake."
    found = tokens.read(text)
    assert cuts.is_cut(text, found, 0, 2, is_truncated=True) is False  # a doubt
    found = found[:9]
    assert cuts.is_cut(text, found, 0, 2, is_truncated=True)
    assert not cuts.is_cut(text, found, 0, 2, is_truncated=False)
    assert not cuts.is_cut(text, found, 1, 6, is_truncated=True)
