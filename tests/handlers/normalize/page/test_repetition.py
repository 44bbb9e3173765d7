"""Lines that come again, against the same questions asked slowly."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.page.repetition import Repetition

TEXTS = ["a", "ab", "abc", "abcd", "b", "bc", "bcd", ""]
PAGES = st.lists(st.sampled_from(TEXTS), max_size=14)


def begins(text: str, longer: str) -> bool:
    return 1 < len(text) < len(longer) and longer.startswith(text)


@given(PAGES, st.data())
def test_runs_of_lines_are_the_same(page: list[str], data: st.DataObject) -> None:
    first, second, count = (data.draw(st.integers(0, len(page))) for _ in range(3))
    is_inside = max(first, second) + count <= len(page)
    expected = is_inside and page[first : first + count] == page[second : second + count]
    assert Repetition(page).same(first, second, count) is expected


@given(PAGES)
def test_squares_are_runs_that_come_again_at_once(page: list[str]) -> None:
    again = Repetition(page)
    for start in range(len(page) + 2):
        later = [at for at in range(start + 1, len(page)) if page[at] == page[start]][:8]
        lengths = [at - start for at in later]
        expected = [
            n for n in lengths if page[start : start + n] == page[start + n : start + 2 * n]
        ]
        assert list(again.squares(start)) == expected


@given(PAGES)
def test_openings_are_later_places_and_the_last_line_that_begins_one(page: list[str]) -> None:
    again = Repetition(page)
    for start in range(len(page)):
        expected = [at for at in range(start + 1, len(page)) if page[at] == page[start]][:8]
        if start < len(page) - 1 and begins(page[-1], page[start]):
            expected.append(len(page) - 1)
        assert list(again.openings(start)) == expected


@given(PAGES, st.integers(0, 15))
def test_sources_are_the_nearest_lines_before(page: list[str], window: int) -> None:
    again = Repetition(page)
    for line, text in enumerate(page):
        before = range(line - 1, max(0, line - window) - 1, -1)
        equal = [at for at in before if page[at] == text][:6]
        longer = [at for at in before if begins(text, page[at])][:6]
        assert list(again.sources(line, window)) == equal + longer


@given(PAGES, st.data())
def test_the_next_source_is_the_first_in_a_range(page: list[str], data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.integers(0, len(page))) for _ in range(2))
    again = Repetition(page)
    for line, text in enumerate(page):
        fits = (at for at in range(start, end) if page[at] == text or begins(text, page[at]))
        assert again.next_source(line, start, end) == next(fits, None)


def test_few_of_many_places_are_tried() -> None:
    again = Repetition(["ab"] * 10 + ["abc"] * 10 + ["ab"])
    assert list(again.openings(0)) == [*range(1, 9)]
    assert list(again.sources(20, 20)) == [*range(9, 3, -1), *range(19, 13, -1)]
