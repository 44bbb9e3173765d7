"""``benchmarks/year.py`` and ``soak.py`` in short: what is forgotten goes; what grows is seen."""

from argparse import Namespace
from pathlib import Path

import pytest
from programs import load_benchmark

from storage.structs import replace


@pytest.fixture
def unrested(monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.retention import turns

    monkeypatch.setattr(turns, "SHARE", 0.0)
    monkeypatch.setattr(turns, "LEAST_REST", 0.0)


@pytest.mark.slow
async def test_what_is_older_than_it_is_kept_goes_day_by_day(
    unrested: None, tmp_path: Path
) -> None:
    year = load_benchmark("year")
    given = Namespace(days=60, posts=1, messages=2, keep=20, keep_sent=25, seed=1)
    months = await year.Year(tmp_path / "year.db", given).run(given.days)
    assert all(20 <= month.documents <= 22 for month in months)
    assert [month.messages for month in months] == [50, 50]


def test_growth_is_told_from_noise() -> None:
    soak = load_benchmark("soak")
    calm = soak.Sample(memory_mb=200, descriptors=30, threads=11, tasks=60, wal_mb=4, lag_ms=90)
    noisy = [
        replace(calm, memory_mb=200 + number % 7, lag_ms=90 * (number % 3)) for number in range(50)
    ]
    assert soak.grown(noisy) == {}
    growing = [replace(calm, memory_mb=200 + number, tasks=60 + number) for number in range(100)]
    assert set(soak.grown(growing)) == {"memory_mb", "tasks"}
