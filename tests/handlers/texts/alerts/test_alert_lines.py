"""What alerts say of lengths of time."""

import pytest

from handlers.texts.alerts.alert_lines import alert_lines_words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 s"),
        (1.4, "1 s"),
        (59.4, "59 s"),
        (59.5, "1 min"),
        (89, "1 min"),
        (91, "2 min"),
        (3599, "60 min"),
        (3600, "1 h"),
        (5401, "2 h"),
        (86399, "24 h"),
        (86400, "1 d"),
        (10 * 86400, "10 d"),
    ],
)
def test_a_length_of_time_is_told_in_its_largest_unit(seconds: float, said: str) -> None:
    assert alert_lines_words("en").span(seconds) == said
