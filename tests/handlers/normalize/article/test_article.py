"""An article's paragraphs, headings and times. All texts are invented."""

import pytest

from handlers.normalize.article.article import read_article
from handlers.normalize.post import guards
from storage.document import Document

HEAD = "Towns open bridge"
OPENING = "The two towns have opened a bridge that took nine years to build, the mayor said."


def read(text: str) -> Document:
    return read_article(text, file="article.txt", file_hash="cd" * 32)


def body(text: str) -> list[str]:
    return [block.text for block in read(f"{HEAD}\n\n{OPENING}\n\n{text}").body][1:]


def line(size: int, end: str = "") -> str:
    return ("Word " * size)[: size - len(end) - 1] + "x" + end


@pytest.mark.parametrize(
    ("above", "below", "is_wrapped"),
    [
        (line(36), "goes on.", True),
        (line(35), "goes on.", False),
        (line(120), "goes on.", True),
        (line(121), "goes on.", False),
        (line(60), "Goes on.", False),
        (line(60, ","), "Goes on.", True),
        (line(60, " the"), "Goes on.", True),
        (line(60, " Из"), "Goes on.", True),
        (line(60, " pier"), "Goes on.", False),
        *((line(60, end), "goes on.", False) for end in ".!?…:;»”\"')"),
        (line(60) + "  ", "goes on.", True),
    ],
)
def test_a_line_that_leaves_its_sentence_open_goes_on_in_the_next(
    above: str, below: str, is_wrapped: bool
) -> None:
    expected = [f"{above}\n{below}"] if is_wrapped else [above, below]
    assert body(f"{above}\n{below}") == expected
    assert body(f"{above}\n\n{below}") == [above, below]


def test_only_the_last_line_of_a_paragraph_counts() -> None:
    long = line(60)
    assert body(f"{long}\nshort.\nGoes on.") == [f"{long}\nshort.", "Goes on."]
    assert body(f"{long}\n{line(70).lower()}\nand on.") == [f"{long}\n{line(70).lower()}\nand on."]


def test_of_lines_that_say_what_they_are_those_below_one_break_go_on() -> None:
    rows = [
        guards.assign(HEAD, "title"),
        guards.assign("a", "body"),
        "b\nc",
        "\u200bForwarded from x",
    ]
    found = read(f"{rows[0]}\n\n{rows[1]}\n{rows[2]}\n{rows[3]}\n\nd")
    assert [block.text for block in found.body] == ["a\nb\nc", "Forwarded from x", "d"]


@pytest.mark.parametrize(
    ("heading", "is_one"),
    [
        ("The way over", True),
        ("Who walks?", True),
        ("who walks", False),
        ("The way over.", False),
        ("The way over!", False),
        ("X" * 79, True),
        ("X" * 80, False),
    ],
)
def test_a_short_line_over_a_paragraph_heads_it(heading: str, is_one: bool) -> None:
    found = read(f"{HEAD}\n\n{OPENING}\n\n{heading}\n\n{OPENING} {OPENING}")
    assert [block.type for block in found.body] == ["para", "subhead" if is_one else "para", "para"]


def test_no_line_heads_one_that_is_shorter_or_ends_in_no_sentence() -> None:
    for below in ("Short.", "No way back.", "The way over it and back again has been closed"):
        found = read(f"{HEAD}\n\n{OPENING}\n\nThe way over\n\n{below}")
        assert [block.type for block in found.body] == ["para"] * 3


@pytest.mark.parametrize(
    ("header", "time", "at", "precision", "flags"),
    [
        ("2024-05-05", "5 May 2024, 16:30", "2024-05-05T16:30", "minute", ("zone_unknown",)),
        ("2024-05-05", "5 May 2024", "2024-05-05", "day", ()),
        ("2024-05-05", "6 May 2024, 16:30", "2024-05-05", "day", ("date_conflict",)),
        ("2024-05", "5 May 2024, 16:30", "2024-05-05T16:30", "minute", ("zone_unknown",)),
        ("2024-05", "5 June 2024, 16:30", "2024-05", "month", ("date_conflict",)),
        ("2024-05", "5 May 2024", "2024-05", "month", ()),
        ("2024", "5 May 2024, 16:30", "2024", "year", ()),
    ],
)
def test_a_header_is_made_exact_by_a_time_that_agrees(
    header: str, time: str, at: str, precision: str, flags: tuple[str, ...]
) -> None:
    found = read(f" date {header} {HEAD}\n{time}\n\n{OPENING}\n\n{OPENING}")
    assert (found.published_at, found.published_precision, found.flags) == (at, precision, flags)
    assert found.header_date == header


@pytest.mark.parametrize(("paragraphs", "is_dateline"), [(0, True), (1, True), (2, False)])
def test_a_dateline_below_two_paragraphs_opens_no_article(
    paragraphs: int, is_dateline: bool
) -> None:
    above = "".join(f"{OPENING}\n\n" for _ in range(paragraphs))
    found = read(f"{above}OSLO, May 5. /TASS/. {OPENING}\n\n{OPENING}")
    assert (found.dateline is not None) == is_dateline
