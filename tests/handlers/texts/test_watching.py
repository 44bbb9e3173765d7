"""What the status says of lengths of time and of trouble."""

import pytest

from handlers.texts.watching import WatchingWords


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "0.0 s"),
        (0.04, "0.0 s"),
        (0.26, "0.3 s"),
        (0.99, "1.0 s"),
        (1, "1 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (119, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7199, "1 h"),
        (86399, "23 h"),
        (86400, "1 d"),
        (2 * 86400 - 1, "1 d"),
    ],
)
def test_a_length_of_time_is_told_in_its_largest_full_unit(seconds: float, said: str) -> None:
    assert WatchingWords.of("en").span(seconds) == said


def test_tenths_are_written_as_the_language_does() -> None:
    assert WatchingWords.of("ru").span(0.5).startswith("0,5")


def test_trouble_that_has_no_translation_is_told_as_it_is() -> None:
    for language in ("en", "ru"):
        assert WatchingWords.of(language).trouble_of("nobody knows this") == "nobody knows this"
