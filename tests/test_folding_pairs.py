"""Pairs of posts that differ in one thing, and copies: ``benchmarks/folding_pairs.py``."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

PROGRAM = Path(__file__).parents[1] / "benchmarks" / "folding_pairs.py"


def test_of_pairs_that_differ_none_is_hidden_and_few_copies_come_twice() -> None:
    command = [sys.executable, str(PROGRAM), "--count", "130", "--seed", "5"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "\nhidden 0/260\n" in f"\n{said}"
    doubled, copies = said.rpartition("doubled ")[2].strip().split("/")
    assert copies == "130"
    assert int(doubled) <= 0.05 * 130
