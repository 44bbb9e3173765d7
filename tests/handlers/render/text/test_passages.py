"""The part of a text that is shown: the opening, and what matched."""

import re

import pytest

from handlers.render.text.passages import AROUND, passage
from handlers.render.text.rich import RichText

FILLER = "Ordinary words go on and on here. "


def spans_of(text: str, *words: str) -> list[tuple[int, int]]:
    pattern = "|".join(words)
    return [match.span() for match in re.finditer(pattern, text)]


def shown(text: RichText) -> list[str]:
    return [text.text[span.start : span.end] for span in text.spans]


def test_a_short_text_is_shown_whole_with_matches_in_bold() -> None:
    text = "New sanctions were agreed.\nThe sanctions are harsh."
    made = passage(text, spans_of(text, "sanctions"))
    assert made.text == text
    assert shown(made) == ["sanctions", "sanctions"]
    assert all(span.kind == "bold" for span in made.spans)


def test_a_long_text_is_cut_after_a_sentence() -> None:
    made = passage("Sanctions came. " + FILLER * 50, [(0, 9)])
    assert made.text.startswith("Sanctions came. Ordinary")
    assert made.text.endswith("here. …")
    assert len(made.text) <= 610


def test_a_match_far_down_is_shown_with_its_surroundings() -> None:
    text = FILLER * 60 + "At last the embargo ended. " + FILLER * 20
    made = passage(text, spans_of(text, "embargo"))
    assert shown(made) == ["embargo"]
    opening, piece = made.text.split("\n\n")
    assert opening.startswith("Ordinary words")
    assert "At last the embargo ended." in piece
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert len(made.text) < 1000


def test_each_word_that_matched_is_in_view_once() -> None:
    text = "Oil rose. " + FILLER * 40 + "Sanctions fell. " + FILLER * 40 + "Oil and sanctions."
    made = passage(text, spans_of(text, "Oil", "Sanctions", "sanctions"))
    assert shown(made) == ["Oil", "Sanctions"]


def test_pieces_that_touch_are_made_one() -> None:
    text = FILLER * 30 + "The embargo and the quota ended. " + FILLER * 30
    made = passage(text, spans_of(text, "embargo", "quota"))
    assert shown(made) == ["embargo", "quota"]
    assert made.text.count("\n\n") == 1


def test_there_are_never_too_many_marks_for_a_message() -> None:
    text = "ab " * 150
    assert len(passage(text, spans_of(text, "ab")).spans) == 60


@pytest.mark.parametrize(
    ("opening", "first", "second", "marks"),
    [
        (50, 20, 0, [50, 10, 0]),
        (30, 20, 9, [30, 20, 9]),
        (30, 20, 20, [30, 20, 10]),
        (0, 20, 20, [0, 20, 20]),
        (60, 1, 1, [60, 0, 0]),
        (70, 1, 0, [60, 0, 0]),
    ],
)
def test_the_marks_of_a_message_are_spent_from_its_top(
    opening: int, first: int, second: int, marks: list[int]
) -> None:
    gap = FILLER * 40
    text = f"{'ab ' * opening}{gap}{'cdef ' * first}{gap}{'ghij ' * second}{gap}"
    made = passage(text, spans_of(text, "ab", "cdef", "ghij"))
    assert [shown(made).count(word) for word in ("ab", "cdef", "ghij")] == marks
    assert all(one in ("ab", "cdef", "ghij") for one in shown(made))


def test_of_a_match_that_is_cut_what_is_in_view_is_marked() -> None:
    """What was seen already gets no piece of its own, so it may reach beyond the opening."""
    text = "Long quotations came. Long quotation that goes on. " + FILLER * 40
    beyond = text.index(" Ordinary words go") + 20
    made = passage(text, [(0, 4), (22, beyond)], opening=70)
    assert made.text == "Long quotations came. Long quotation that goes on. …"
    assert shown(made) == ["Long", "Long quotation that goes on."]


@pytest.mark.parametrize("text", ["", "   ", "🇷🇺"])
def test_texts_with_hardly_anything(text: str) -> None:
    assert passage(text, []).text == text.strip()


@pytest.mark.parametrize(("pieces", "shown_"), [(0, 1), (1, 1), (2, 2), (3, 3), (9, 4)])
def test_so_many_matches_further_down_are_shown(pieces: int, shown_: int) -> None:
    words = ("embargo", "ferry", "grain", "tanker")
    text = FILLER * 60 + "".join(f"At last the {word} came. {FILLER * 40}" for word in words)
    made = passage(text, spans_of(text, *words), pieces=pieces)
    assert shown(made) == list(words[:shown_])


@pytest.mark.parametrize("shift", range(20))
def test_around_a_match_stand_as_many_whole_words_as_there_is_room_for(shift: int) -> None:
    words = "a bc def ghij klmno " * 20
    text = f"{FILLER * 20}{words[shift:]}embargo{words[shift:]}{FILLER}"
    (at, end) = text.index("embargo"), text.index("embargo") + len("embargo")
    _, piece = passage(text, [(at, end)]).text.split("\n\n")
    before, after = piece.removeprefix("… ").removesuffix(" …").split("embargo")
    assert text[:at].endswith(f" {before}")
    assert text[end:].startswith(f"{after} ")
    word_before = text[:at].removesuffix(before).split()[-1]
    word_after = text[end:].removeprefix(after).split()[0]
    assert len(before) <= AROUND <= len(f"{word_before} {before}")
    assert len(after) <= AROUND < len(f"{after} {word_after}")
