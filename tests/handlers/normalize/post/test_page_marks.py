"""Lines of a flattened page that are not a post's own text."""

import pytest

from handlers.normalize.post import page_marks


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Forwarded from Harbour News", "Harbour News"),
        ("Forwarded from X", "X"),
        ("Forwarded from  X", None),
        ("Forwarded from ", None),
        ("Forwarded from", None),
        (" Forwarded from X", None),
        ("He was Forwarded from X", None),
    ],
)
def test_a_forward_names_its_origin(line: str, name: str | None) -> None:
    assert page_marks.forward_name(line) == name


VIEW, HIDDEN = page_marks.VIEW, page_marks.HIDDEN


@pytest.mark.parametrize(
    ("first", "second", "is_pair"),
    [
        (HIDDEN, VIEW, True),
        (f" {HIDDEN} ", f"\t{VIEW}", True),
        (HIDDEN, None, True),
        (HIDDEN, "The ferry", False),
        ("The ferry", VIEW, False),
        ("The ferry", None, False),
    ],
)
def test_what_ends_a_post_that_is_not_shown(first: str, second: str | None, is_pair: bool) -> None:
    assert page_marks.is_hidden_pair(first, second) == is_pair


@pytest.mark.parametrize("mark", page_marks.PLACEHOLDERS)
@pytest.mark.parametrize(
    ("second", "stands"), [(VIEW, True), (f" {VIEW} ", True), (None, True), ("The ferry", False)]
)
def test_what_stands_for_a_medium(mark: str, second: str | None, stands: bool) -> None:
    assert page_marks.placeholder(f" {mark}", second) == (mark if stands else None)
    assert page_marks.placeholder(HIDDEN, second) is None


@pytest.mark.parametrize(
    ("line", "is_counter"),
    [
        ("7.15K photos", True),
        (" 1 subscriber ", True),
        ("12 345 подписчиков", True),
        ("3\xa0фото", True),
        ("2М подписчика", True),
        ("2 members", True),
        ("1 audio", True),
        ("photos", False),
        ("7 ferries", False),
        ("7 photos of it", False),
        ("He has 7 photos", False),
    ],
)
def test_counters_of_a_channel(line: str, is_counter: bool) -> None:
    assert page_marks.is_counter(line) == is_counter


@pytest.mark.parametrize(
    ("line", "is_button"),
    [
        ("Download Telegram", True),
        (" JOIN ", True),
        ("Join Channel", True),
        ("Подписаться", True),
        ("Join us", False),
        ("", False),
    ],
)
def test_buttons_that_end_a_header(line: str, is_button: bool) -> None:
    assert page_marks.is_button(line) == is_button


@pytest.mark.parametrize(
    ("line", "are_reactions"),
    [
        ("👍62👏2🥰1", True),
        ("👍62", True),
        (" 👍 62 👏 2 ", True),
        ("👍1.2K❤️33", True),
        ("❤️7", True),
        ("👍", False),
        ("👍👏2", False),
        ("👍62 people", False),
        ("62👍", False),
        ("5️⃣2", False),
        ("", False),
        ("  ", False),
        ("👍1" * 120, False),
    ],
)
def test_counted_reactions(line: str, are_reactions: bool) -> None:
    assert page_marks.is_reactions(line) == are_reactions


@pytest.mark.parametrize(
    ("line", "is_number"),
    [
        ("20", True),
        (" 1.2K ", True),
        ("3M", True),
        ("1234567", False),
        ("20 s", False),
        ("", False),
    ],
)
def test_a_bare_number(line: str, is_number: bool) -> None:
    assert page_marks.is_bare_number(line) == is_number
