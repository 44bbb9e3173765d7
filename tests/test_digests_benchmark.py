"""``benchmarks/digests.py --titles`` measures any file of titles."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

PROGRAM = Path(__file__).parents[1] / "benchmarks" / "digests.py"
ROW = (
    '{"lang": "en", "title": "Bakery burns in Mellen", '
    '"text": "Why? The old bakery burns in Mellen again."}\n'
)


def measure(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), "--titles", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_heads_are_measured_beside_first_sentences(tmp_path: Path) -> None:
    path = tmp_path / "titles.jsonl"
    path.write_text(ROW, encoding="utf-8")
    figures = dict(line.split(" ", 1) for line in measure(path).stdout.splitlines())
    assert (figures["en_rouge1"], figures["en_lead_rouge1"]) == ("0.7273", "0.0000")
    assert (figures["en_rouge2"], figures["en_rougeL"]) == ("0.6667", "0.7273")


def test_what_is_no_title_is_one_line_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "titles.jsonl"
    path.write_text(f'{ROW}{{"lang": "en", "title": 3, "text": "x"}}\n', encoding="utf-8")
    ended = measure(path)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert f"{path}:2: " in ended.stderr
