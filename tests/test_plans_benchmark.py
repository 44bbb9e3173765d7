"""``benchmarks/plans.py`` in short: some weeks of plans in zones whose clocks change then."""

from datetime import UTC, datetime, timedelta
from types import ModuleType

import programs
import pytest


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    return programs.load_benchmark("plans")


@pytest.mark.slow
def test_every_period_is_told_once_through_restarts(benchmark: ModuleType) -> None:
    start = datetime(2027, 3, 20, tzinfo=UTC)  # Clocks in Europe change on the 28th.
    count, year = benchmark.simulate(100, start, start + timedelta(days=9), seed=2, lives=40)
    assert count["delivered"] == count["due"] > 150
    assert [count[name] for name in ("twice", "missed", "unasked", "gaps", "late")] == [0] * 5
    assert year.stops > 1


def test_what_is_missed_and_doubled_is_counted(benchmark: ModuleType) -> None:
    dues = [10, 20, 30, 40]
    spans = [(0, 10, 10), (5, 22, 20), (31, 40, 40)]
    count = benchmark._judge_plan(dues, spans, [])
    assert (count["due"], count["delivered"], count["twice"], count["missed"]) == (4, 2, 1, 1)
    assert (count["unasked"], count["gaps"], count["late"]) == (0, 2, 1)
    assert benchmark._judge_plan(dues, [(11, 19, 19)], [(18, 20)])["unasked"] == 1
