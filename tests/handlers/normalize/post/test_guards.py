"""Lines of text that would read as markup: written so that they don't, and read back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.normalize.post import guards, page_marks
from handlers.normalize.post.guards import GUARD, Role

MARKUP = [
    "Forwarded from Harbour News",
    " date 2024-03-01",
    "date 2024 and more",
    page_marks.VIEW,
    page_marks.HIDDEN,
    page_marks.TOO_BIG,
    page_marks.NOT_IN_BROWSER,
    f"  {page_marks.VIEW} ",
]
TEXT = [
    "",
    " ",
    "The ferry sails",
    "Forwarded from",
    "It was forwarded from Harbour News",
    "date 24",
    "a date 2024",
    f"a {page_marks.VIEW}",
]
ROLES: tuple[Role, ...] = ("title", "deck", "body")


@pytest.mark.parametrize("line", MARKUP)
def test_markup_is_guarded(line: str) -> None:
    assert guards.reads_as_markup(line)
    assert guards.reads_as_markup(GUARD + line)
    assert guards.protect(line) == GUARD + line
    assert guards.unprotect(GUARD + line) == line


@pytest.mark.parametrize("line", TEXT)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert not guards.reads_as_markup(line)
    assert guards.protect(line) == line
    assert guards.unprotect(line) == line
    assert guards.unprotect(GUARD + line) == GUARD + line  # it is a character of the line's own
    assert guards.role(line) is None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("line", MARKUP + TEXT)
def test_a_line_may_say_what_it_is(role: Role, line: str) -> None:
    said = guards.assign(line, role)
    assert guards.role(said) == role
    assert guards.unprotect(said) == line
    assert guards.protect(said) == GUARD + said  # where that is a text's own
    assert guards.unprotect(guards.protect(said)) == said


@example([GUARD, GUARD, "\u2061"])
@given(st.lists(st.sampled_from([GUARD, "\u2061", "\u2062", "\u2063", "a", *MARKUP]), max_size=5))
def test_every_line_comes_back(pieces: list[str]) -> None:
    line = "".join(pieces)
    assert guards.unprotect(guards.protect(line)) == line
