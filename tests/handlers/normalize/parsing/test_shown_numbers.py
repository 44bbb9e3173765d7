"""Numbers as Telegram shows them to people."""

import pytest

from handlers.normalize.parsing import shown_numbers


@pytest.mark.parametrize(
    ("shown", "count"),
    [("18.9M", 18_900_000), ("436.6K", 436_600), ("214", 214), ("1 024", 1024), 
     ("2.1B", 2_100_000_000), ("", None), ("many", None), ("K", None), ("1.2.3K", None),
     ("1,5K", 1_500), ("12,75M", 12_750_000), ("1 024,5K", 1_024_500), ("1,2,3K", None),
     ("1,024", 1024), ("1.024", 1024), ("1,024.5", 10_245), (",", None), ("0", 0), ("0K", 0)],
)  # fmt: skip
def test_rounded_counts(shown: str, count: int | None) -> None:
    assert shown_numbers.count(shown) == count


def test_sizes_durations_and_places() -> None:
    assert shown_numbers.size("01:00, 21.4 MB") == round(21.4 * 1024**2)
    assert shown_numbers.size("1012.2 KB") == round(1012.2 * 1024)
    assert shown_numbers.size("soon") is None
    assert shown_numbers.duration("1:02:03") == 3723
    assert shown_numbers.duration("0:52") == 52
    assert shown_numbers.duration("52") is None
    assert shown_numbers.place("https://maps.example/maps?q=-1.5,2&z=16") == "geo:-1.5,2"
    assert shown_numbers.place("https://maps.example/") is None


@pytest.mark.parametrize(
    ("shown", "power"),
    [(unit, power) for power, units in enumerate(("B Б", "KB КБ", "MB МБ", "GB ГБ"))
     for unit in units.split()],
)  # fmt: skip
def test_a_size_is_told_in_either_alphabet(shown: str, power: int) -> None:
    assert shown_numbers.size(f"2 {shown}") == 2 * 1024**power
    assert shown_numbers.size(f"2,5{shown}") == round(2.5 * 1024**power)
