"""``benchmarks/stories.py --pairs`` measures any labelled set."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[1] / "benchmarks" / "stories.py"
LONG = "The ferry sails at noon from the old pier, the harbour office said on Monday"
SAME = f'{{"a": "{LONG}.", "b": "{LONG}. Read in full", "same": true}}'
OTHER = f'{{"a": "{LONG}.", "b": "Ein ganz anderer Text", "same": false}}'


def measure(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), "--pairs", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([SAME, "", OTHER], "precision 1.0000  recall 1.0000"),
        (["\ufeff" + SAME, OTHER.replace("false", "true")], "precision 1.0000  recall 0.5000"),
        ([SAME.replace("true", "false")], "precision 0.0000  recall -"),
        ([], "precision -  recall -"),
    ],
)
def test_a_labelled_set_is_measured(tmp_path: Path, lines: list[str], said: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert said in measure(path).stdout


@pytest.mark.parametrize(
    "line", ["no json", "[]", '{"a": "x", "b": 3, "same": true}', '{"a": "x"}']
)
def test_what_is_no_pair_is_one_line_with_its_place(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(f"{SAME}\n{line}\n", encoding="utf-8")
    ended = measure(path)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert f"{path}:2: " in ended.stderr
