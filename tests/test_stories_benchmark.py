"""``benchmarks/stories.py --pairs`` measures any labelled set."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

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


EVENTS = """
{"id": "1", "date": "2026-05-02T08:00:00Z", "channel": "a", "text": "**Vatrushkin** bakery burns", "event": "x"}
{"id": "2", "date": "2026-05-02T09:00:00Z", "channel": "b", "text": "The bakery Vatrushkin burned down", "event": "x"}
{"id": "3", "text": "A tram derailed near the old museum", "event": "y", "topics": ["z"]}
"""  # noqa: E501


def test_events_are_measured_beside_plainer_ways(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(EVENTS, encoding="utf-8")
    command = [sys.executable, str(PROGRAM), "--events", str(path), "--background", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    figures = dict(line.split(" ", 1) for line in ended.stdout.splitlines())
    for name in ("pair_precision", "pair_recall", "pair_f1", "b3_f1"):
        assert float(figures[name]) == 1
    assert float(figures["copies_pair_recall"]) == 0
    assert "tfidf_pair_f1" in figures


def test_a_post_without_event_is_one_line_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"text": "x"}\n', encoding="utf-8")
    command = [sys.executable, str(PROGRAM), "--events", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert f"{path}:1: " in ended.stderr
