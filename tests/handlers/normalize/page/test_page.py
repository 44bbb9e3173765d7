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
