"""A flattened page cut at its certain marks. All texts are invented."""

import pytest

from handlers.normalize.page import parts
from handlers.normalize.page.parts import Part
from handlers.normalize.post.lines import Line

VIEW = "VIEW IN TELEGRAM"
BIG = "Media is too big"
ODD = "This media is not supported in your browser"
HIDDEN = "Please open Telegram to view this post"
FROM = "Forwarded from Port"


def told(part: Part) -> str:
    """A part in short: its lines in the file, its texts, and what marks it."""
    marks = [
        ">" + part.forward if part.forward else "",
        "p" * len(part.placeholders),
        "r" if part.reply else "",
        "h" if part.hidden else "",
        "c" * len(part.counters),
        "!" if part.certain else "",
    ]
    texts = ",".join(line.text for line in part.lines)
    return f"{part.start}-{part.end} {texts} {''.join(marks)}".strip()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("a|b", ["0-2 a,b !"]),
        ("", []),
        (f"{FROM}|a|{FROM}|b", ["0-2 a >Port!", "2-4 b >Port!"]),
        (f"a|{FROM}|b", ["0-1 a !", "1-3 b >Port!"]),
        (f"{FROM}|{FROM}|b", ["0-1  >Port!", "1-3 b >Port!"]),
        (f"{BIG}|{VIEW}|a", ["0-3 a p!"]),
        (f"{BIG}|{VIEW}|{ODD}|{VIEW}|a", ["0-5 a pp!"]),
        (f"a|{BIG}|{VIEW}|b", ["0-1 a !", "1-4 b p"]),
        (f"{FROM}|{BIG}|{VIEW}|b", ["0-4 b >Portp!"]),
        (f"{BIG}|a", ["0-2 Media is too big,a !"]),
        (f"a|{BIG}", ["0-1 a !", "1-2  p"]),
        (f"a|{HIDDEN}|{VIEW}|b", ["0-3 a h!", "3-4 b !"]),
        (f"a|{HIDDEN}", ["0-2 a h!"]),
        (f"{HIDDEN}|{VIEW}|b", ["0-2  h!", "2-3 b !"]),
        ("a|👍6|b", ["0-2 a c!", "2-3 b"]),
        ("👍6|a", ["0-2 👍6,a !"]),
        (f"a|20|{FROM}|b", ["0-2 a c!", "2-4 b >Port!"]),
        ("a|20", ["0-2 a c!"]),
        ("a|20|b", ["0-3 a,20,b !"]),
        ("20|a|20", ["0-3 20,a,20 !"]),
        (f"a|{HIDDEN}|{VIEW}|👍6", ["0-3 a h!", "3-4 👍6 !"]),
        ("Mill|words|a|b", ["0-4 a,b r!"]),
        ("a|Mill|words|b", ["0-1 a !", "1-4 b r"]),
        ("a|Mill|words", ["0-3 a,Mill,words !"]),
        ("Mill|words|Mill|more|a", ["0-5 Mill,more,a r!"]),
        (f"{BIG}|{VIEW}|Mill|words|b", ["0-5 Mill,words,b p!"]),
        (f"Mill|{FROM}|b", ["0-1 Mill !", "1-3 b >Port!"]),
        (f"{FROM}|a|Port|words|b", ["0-2 a >Port!", "2-5 b r"]),
    ],
)
def test_marks_cut_a_page(page: str, expected: list[str]) -> None:
    lines = [Line(text=text) for text in page.split("|") if text]
    found = parts.cut(lines, range(len(lines)), names=["Mill"])
    assert [told(part) for part in found] == expected


def test_lines_keep_their_numbers_in_the_file() -> None:
    lines = [Line(text=text) for text in ("a", FROM, "b", "c")]
    first, second = parts.cut(lines, [2, 5, 6, 9])
    assert (first.start, first.end, first.rows) == (2, 3, [2])
    assert (second.start, second.end, second.rows) == (5, 10, [6, 9])
    assert (first.opened, second.opened) == (False, True)
