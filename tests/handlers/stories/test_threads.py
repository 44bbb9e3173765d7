"""How a post is read that is put into an event."""

import pytest

from handlers.stories import threads
from handlers.stories.gist import read

FOOT = "Follow the Harbour desk"


@pytest.fixture(scope="module")
def lines() -> frozenset[tuple[str, ...]]:
    """What a channel writes around all its posts."""
    bodies = ("ferry late", "quay dry", "crane fell", "barge sank", "rain at noon")
    return threads.learn([f"HARBOUR desk\n{body}\n\n—\n{FOOT}" for body in bodies])


def test_standing_lines_are_those_around_many_posts(lines: frozenset[tuple[str, ...]]) -> None:
    assert lines == {("harbour", "desk"), ("follow", "the", "harbour", "desk")}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"Harbour Desk\nA mast broke\n{FOOT}\n", "A mast broke"),
        (f"A mast broke\n\n{FOOT}", "A mast broke"),
        (f"A mast broke\n{FOOT}\nat sea", f"A mast broke\n{FOOT}\nat sea"),
        ("A mast\n—\nbroke", "A mast\nbroke"),
        (f"Harbour desk\n{FOOT}", f"Harbour desk\n{FOOT}"),
        ("A mast broke", "A mast broke"),
        ("", ""),
    ],
)
def test_a_post_is_read_without_them(
    lines: frozenset[tuple[str, ...]], text: str, own: str
) -> None:
    assert threads.read_post(text, lines).terms == read(own)
    assert threads.read_post(text).terms == read(text)


def test_a_roundup_is_known_by_its_own_words(lines: frozenset[tuple[str, ...]]) -> None:
    roundup = "The main news of the day\n" + "\n".join(f"• Boat {n} is late" for n in range(9))
    assert threads.read_post(roundup).is_roundup
    assert not threads.read_post("A mast broke", lines).is_roundup
