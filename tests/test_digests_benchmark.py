"""``benchmarks/digests.py`` measures any file of titles, or of posts with roundups among them."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

PROGRAM = Path(__file__).parents[1] / "benchmarks" / "digests.py"
ROW = (
    '{"lang": "en", "title": "Bakery burns in Mellen", '
    '"text": "Why? The old bakery burns in Mellen again."}\n'
)


def measure(path: Path, option: str = "--titles") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), option, str(path)]
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


def test_roundups_are_held_against_the_ten_first_stories(tmp_path: Path) -> None:
    start = datetime(2026, 11, 22, 6, tzinfo=UTC)
    names = ("ferry", "bakery", "orchard", "museum", "brewery", "quarry", "theatre", "viaduct")
    places = ("Mellen", "Arbor", "Tarn", "Quill", "Oster", "Fenwick", "Ludgate", "Brix")
    lines = [
        f"The {name} of {place} was closed by {name} keepers of {place}"
        for name in names
        for place in places
    ]
    rows = [(n, f"Channel {n % 3}", line) for n, line in enumerate(lines)]
    main = "Main news by the evening\n" + "\n".join(f"🔹 {line}" for line in lines[-2:])
    rows += [(200, "Channel 1", f"{main}\n🔹 Something that no channel has told of before")]
    path = tmp_path / "posts.jsonl"
    path.write_text(
        "".join(
            json.dumps(
                {
                    "id": f"{minute}",
                    "date": (start + timedelta(minutes=minute)).isoformat(),
                    "channel": channel,
                    "text": text,
                }
            )
            + "\n"
            for minute, channel, text in rows
        ),
        encoding="utf-8",
    )
    ended = measure(path, "--weights")
    figures = dict(line.split(" ", 1) for line in ended.stdout.splitlines())
    assert figures["items_1"] == "2", ended.stderr
    assert 0 <= float(figures["recall_1"]) <= 1
    assert float(figures["channels_recall_1"]) <= 1
    assert ended.stdout.splitlines()[-1].startswith("1 roundups: ")
