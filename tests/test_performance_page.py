"""The page of figures and what writes them."""

from pathlib import Path
from types import ModuleType

import pytest
from programs import load_benchmark

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")


def load() -> ModuleType:
    return load_benchmark("performance")


def test_each_benchmark_is_there_and_has_its_place_on_the_page() -> None:
    performance = load()
    for name, both in performance.COMMANDS.items():
        assert all((ROOT / "benchmarks" / arguments[0]).is_file() for arguments in both)
        assert "nine lives" in performance.put(PAGE, name, "nine lives")


def test_figures_take_the_place_of_former_ones_and_nothing_else_changes() -> None:
    performance = load()
    once = performance.put(PAGE, "outbox", "zyxfirst")
    twice = performance.put(once, "outbox", "second \nline")
    assert "zyxfirst" not in twice
    assert twice == once.replace("```text\nzyxfirst\n```", "```text\nsecond\nline\n```")


def test_a_page_without_the_place_is_refused() -> None:
    with pytest.raises(ValueError, match="substring"):
        load().put("no figures here", "outbox", "some")
