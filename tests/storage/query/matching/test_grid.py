"""Rows of groups against what each would say alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query.matching import grid
from storage.query.matching.grid import Grid, Groups

KEYS = "abcdefgh"
some = st.frozensets(st.sampled_from(KEYS), min_size=1, max_size=4)
rows = st.builds(Groups, st.lists(some, min_size=1, max_size=4), st.just(frozenset()) | some)


def is_met(asked: Groups, keys: set[str]) -> bool:
    return all(group & keys for group in asked.groups) and not asked.refused & keys


@given(asked=st.lists(rows, max_size=20), gone=st.sets(st.integers(0, 19)),
       keys=st.sets(st.sampled_from(KEYS)))  # fmt: skip
def test_a_row_is_met_as_it_would_be_alone(
    asked: list[Groups], gone: set[int], keys: set[str]
) -> None:
    held: Grid[int] = Grid()
    seats = {number: held.add(number, one) for number, one in enumerate(asked)}
    for number in gone & seats.keys():
        held.remove(seats.pop(number))
    wanted = [number for number in seats if is_met(asked[number], keys)]
    assert sorted(held.met(keys)[0]) == wanted


@pytest.mark.parametrize(
    "wanted",
    [[0], [1], [199], [0, 199], [7, 100], [*range(3, 200, 17)], [*range(3, 200, 7)], [*range(200)]],
)
def test_few_and_many_of_many_rows_are_found(wanted: list[int]) -> None:
    """Numbers that stand for rows, and rows themselves."""
    held: Grid[str] = Grid()
    for number in range(200):
        asked = Groups([frozenset((str(number), "all"))], frozenset())
        held.add(number if number % 3 else f"row {number}", asked)
    numbers, rows = held.met({str(number) for number in wanted})
    assert sorted(numbers) == [number for number in wanted if number % 3]
    assert rows == [f"row {number}" for number in wanted if not number % 3]


def test_a_seat_is_for_a_number_or_a_row_in_turn() -> None:
    held: Grid[str] = Grid()
    seat = held.add(7, Groups([frozenset("a")], frozenset()))
    other = held.add("other", Groups([frozenset("a")], frozenset()))
    assert held.met({"a"}) == ([7], ["other"])
    seat.put("seven")
    other.put(8)
    assert held.met({"a"}) == ([8], ["seven"])
    seat.put(9)
    assert held.met({"a"}) == ([9, 8], [])
    held.remove(seat)
    assert held.met({"a"}) == ([8], [])


def test_there_is_room_for_more_than_a_block_and_seats_are_used_again() -> None:
    held: Grid[int] = Grid()
    one = Groups([frozenset("a"), frozenset("bc")], frozenset("d"))
    seats = [held.add(number, one) for number in range(grid.ROWS + 5)]
    assert sorted(held.met({"a", "c"})[0]) == [*range(grid.ROWS + 5)]
    assert held.met({"a", "c", "d"}) == ([], [])
    held.remove(seats[3])
    held.add(-1, one)
    assert min(held.met({"a", "b"})[0]) == -1
    assert len(vars(held)["_blocks"]) == 2


def test_blocks_are_filled_again_before_there_is_another() -> None:
    held: Grid[int] = Grid()
    one = Groups([frozenset("a")], frozenset())
    seats = [held.add(number, one) for number in range(2 * grid.ROWS)]
    for number in (0, 1, grid.ROWS, 2, grid.ROWS + 1):
        held.remove(seats[number])
    for number in (-1, -2, -3, -4, -5):
        assert len(vars(held)["_blocks"]) == 2
        held.add(number, one)
    held.add(-6, one)
    assert len(vars(held)["_blocks"]) == 3
    left = {*range(2 * grid.ROWS)} - {0, 1, 2, grid.ROWS, grid.ROWS + 1}
    assert sorted(held.met({"a"})[0]) == [*range(-6, 0), *sorted(left)]
