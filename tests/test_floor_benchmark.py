"""``benchmarks/floor.py`` in short: what nobody finds who counts posts, however much is known."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.floor import Known, find_limit

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "floor.py"


@pytest.mark.end_to_end
def test_more_is_found_where_more_may_be_false_and_where_more_is_usual() -> None:
    told = subprocess.run(
        [sys.executable, SCRIPT, "--short"], capture_output=True, text=True, check=True
    ).stdout
    found = {
        line.split()[0]: float(line.split()[-1]) for line in told.splitlines() if "_all" in line
    }
    assert 0 <= found["limit_1e-4"] <= found["false_0.5"] <= found["false_1.0"] < 0.5


@pytest.mark.parametrize(
    ("number", "channels", "is_rare"), [(5, 3, True), (5, 2, False), (4, 4, False), (30, 3, True)]
)
def test_what_is_rare_takes_five_posts_of_three_channels(
    number: int, channels: int, is_rare: bool
) -> None:
    posts = [(5000 + n, n % channels) for n in range(number)]
    known = Known([0.1] * 3, [0.1] * 3, [0.0] * 3)
    assert (known.tail(6000, posts) < 1e-6) is is_rare


@pytest.mark.parametrize("allowed", [0, 1, 5, 20])
def test_the_limit_lets_through_as_many_as_are_allowed_and_once_in_six_hours(allowed: int) -> None:
    rng = random.Random(3)  # noqa: S311
    day = 86_400
    rare = [[(n * day + more, rng.uniform(1e-6, 1e-3)) for n in range(30) for more in (0, 600)]]
    limit = find_limit(rare, allowed)
    days = {now // day for now, tail in rare[0] if tail < limit}
    assert len(days) == allowed
