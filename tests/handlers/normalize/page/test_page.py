"""A page's posts: which of them are known to begin where they do. All texts are invented."""

import pytest

from handlers.normalize.page.page import read_page

HEADER = "The Old Town – Telegram\nThe Old Town\n1.2K subscribers\nTown news\nJoin\n"
LAMP = "A lamp burns in the tower again"
FERRY = "The ferry leaves at nine.\nThe tide decides.\nIt has always done so."
TWICE = f"{FERRY}\nThe tide decides.\nIt has always done so."
BLANK = "The bridge\n\nis open\n\nRead in full"


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        (LAMP, [True]),
        (FERRY, [True]),
        (TWICE, [True]),
        (f"Forwarded from Harbour\n{FERRY}", [True]),
        (f"{HEADER}{FERRY}", [True]),
        (f"{LAMP}\n{TWICE}", [True, False]),
        (f"{TWICE}\n{TWICE}", [True, True]),
        (f"{LAMP}\nForwarded from Harbour\n{TWICE}", [True, True]),
        (f"{BLANK}\nThe lamp\n\nburns", [True, False]),
        (f"{HEADER}{BLANK}\nThe lamp\n\nburns", [True, False]),
    ],
)
def test_the_first_post_begins_for_certain_and_others_where_something_says_so(
    text: str, certain: list[bool]
) -> None:
    documents = read_page(text, file="page.txt", file_hash="ab" * 32)
    assert ["boundary_inferred" not in one.flags for one in documents] == certain


CALENDAR = "The tide decides.\nIt has always done so.\nRopes are new.\n" * 2
ENDS = "The crew is paid now.\nThe mill wheels turn.\nThe bell rings twice."


@pytest.mark.parametrize(
    ("single", "long", "posts"),
    [
        (0, 1, 2),  # The last lines are one post, as what stands above has several lines.
        (1, 4, 6),  # One of five is a fifth, but not more.
        (1, 3, 7),  # Each of the last lines may be a post.
        (2, 8, 11),
        (2, 7, 12),
    ],
)
def test_where_posts_of_one_line_are_seldom_the_last_lines_are_one_post(
    single: int, long: int, posts: int
) -> None:
    texts = ["The lamp burns.\n"] * single + [CALENDAR] * long
    page = "".join(f"Forwarded from Harbour\n{text}" for text in texts) + ENDS
    documents = read_page(page, file="page.txt", file_hash="ab" * 32)
    assert len(documents) == posts
