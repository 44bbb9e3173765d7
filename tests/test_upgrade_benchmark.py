"""``benchmarks/upgrade.py`` in short, and what ``upgrade-check`` says of the same database."""

import asyncio
from pathlib import Path
from types import ModuleType

import programs
import pytest

from storage.upgrading import looking


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    return programs.load_benchmark("upgrade")


@pytest.mark.slow
def test_every_migration_is_measured_and_the_room_was_foretold(
    benchmark: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "dateline.db"
    benchmark.make(path, since=56, documents=300, deliveries=5000)
    monkeypatch.setattr(benchmark, "WORTH_TELLING", 0)
    told = looking.look(path)
    weights = {step.version: step for step in told.steps}
    assert (weights[60].rebuilds, weights[60].rows) == (("delivery",), 5000)
    assert told.documents == 300
    asyncio.run(benchmark.measure(path, since=56, indexing=True))
    figures = dict(line.split(" ", 1) for line in capsys.readouterr().out.splitlines())
    room = int(figures["0060_small_rows_room"])
    assert room / 2 < told.needed, "no less room is foretold than is taken, by far"
    assert figures["summary"].startswith(f"{len(told.steps)} migrations, ")
    assert looking.look(path).steps == ()
