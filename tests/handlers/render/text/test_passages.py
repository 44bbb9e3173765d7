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


def test_two_pieces_are_shown_unless_more_are_asked_for() -> None:
    text = FILLER * 60 + "".join(f"The {word} came. {FILLER * 40}" for word in ("a1", "b2", "c3"))
    assert shown(passage(text, spans_of(text, "a1", "b2", "c3"))) == ["a1", "b2"]


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


WORDS = [f"w{number:03}" for number in range(200)]
"""A piece around the hundredth of them goes from 77 to 124."""


@pytest.mark.parametrize(
    ("matches", "expected"),
    [
        ([100], [(77, 124)]),
        # Within a piece another match has none of its own, wherever it stands there.
        ([100, 77], [(77, 124)]),
        ([100, 124], [(77, 124)]),
        # Beyond it it has, and what overlaps or touches is one.
        ([100, 76], [(53, 124)]),
        ([100, 125], [(77, 149)]),
        ([100, 148], [(77, 172)]),
        ([60, 100, 125], [(37, 124)]),
        ([40, 100, 130], [(17, 64), (77, 124)]),
        ([40, 65, 130], [(17, 89)]),
        # The ends of the opening and of the text stay as they are.
        ([4], [(0, 4)]),
        ([5], [(0, 29)]),
        ([28], [(0, 52)]),
        ([198], [(175, 199)]),
        ([175], [(152, 199)]),
        ([174], [(151, 198)]),
    ],
)
def test_just_what_is_shown(matches: list[int], expected: list[tuple[int, int]]) -> None:
    made = passage(" ".join(WORDS), [(5 * one, 5 * one + 4) for one in matches], opening=24)
    pieces = [piece.strip("… ").split() for piece in made.text.split("\n\n")]
    ranges = expected if expected[0][0] == 0 else [(0, 4), *expected]
    assert pieces == [WORDS[first : last + 1] for first, last in ranges]
    assert made.text.endswith(" …") is (pieces[-1][-1] != WORDS[-1])


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(20, 29)], [(0, 29)]),
        ([(500, 504), (620, 639)], [(77, 151)]),
        ([(500, 504), (520, 539)], [(77, 124)]),
    ],
)
def test_quotations_are_shown_whole(
    spans: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    """What an end goes through is not in view yet."""
    made = passage(" ".join(WORDS), spans, opening=24)
    pieces = [piece.strip("… ").split() for piece in made.text.split("\n\n")]
    ranges = expected if expected[0][0] == 0 else [(0, 4), *expected]
    assert pieces == [WORDS[first : last + 1] for first, last in ranges]


ENDLESS = "x" * 300


@pytest.mark.parametrize(
    ("text", "match", "expected"),
    [
        (f"{ENDLESS}two words{ENDLESS}", "two words", f"… {'x' * 120}two words{'x' * 120} …"),
        (f"{ENDLESS}two words {ENDLESS}", "two words", f"… {'x' * 120}two words …"),
        (f"{ENDLESS} two words{ENDLESS}", "two words", f"… two words{'x' * 120} …"),
        # A sign of many marks is not cut within, but what matched is shown.
        (f"{ENDLESS} two{chr(0x301) * 300}", "two", "… two …"),
    ],
)
def test_a_word_without_an_end_is_cut_beside_the_match(
    text: str, match: str, expected: str
) -> None:
    opening, piece = passage(text, spans_of(text, match), opening=24).text.split("\n\n")
    assert opening == f"{'x' * 24} …"
    assert piece == expected


def test_where_the_opening_ends_within_a_word_what_follows_goes_on_there() -> None:
    text = f"{'x' * 30} embargo {FILLER * 10}"
    made = passage(text, spans_of(text, "embargo"), opening=24)
    assert made.text.startswith(f"{'x' * 30} embargo Ordinary")


def test_an_opening_has_this_length_unless_another_is_asked_for() -> None:
    assert passage("x" * 700, []).text == f"{'x' * 600} …"


def test_of_what_matched_in_the_opening_to_its_very_end_there_is_no_piece() -> None:
    text = f"{'word ' * 5}embargo {'word ' * 60}embargo {'word ' * 30}"
    made = passage(text, spans_of(text, "embargo"), opening=32)
    assert made.text == f"{'word ' * 5}embargo …"


@pytest.mark.parametrize("place", [0, 1, 3])
def test_blank_lines_stand_in_the_pieces_too(place: int) -> None:
    lines = [f"Line {number} of it." for number in range(60)]
    lines[40] = "At last the embargo ended."
    text = "\n".join(lines)
    above = text.index(lines[38 + place])
    made = passage(text, spans_of(text, "embargo"), opening=40, gaps=(text.index("Line 1"), above))
    assert made.text.startswith("Line 0 of it.\n\nLine 1 of it.")
    assert f"{lines[37 + place]}\n\n{lines[38 + place]}" in made.text
    assert shown(made) == ["embargo"]


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
