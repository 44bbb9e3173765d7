"""`dateline import` of one export, on one processor and on all: ``--posts N``.

The export is Telegram Desktop's, of ``--channels`` channels one behind the other, each with a post
every ``--apart`` seconds (by which many posts of a day stand side by side in the archive). For each
way: seconds by the clock, seconds of processor of the import and of the process that reads ahead of
it, and the most memory of each. ``ratio`` is by the clock, and says something on a quiet machine
alone; ``by processor`` is what a quiet machine would give: all the work of one process, against
that of the busier one of two.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from posts import RUSSIAN, Corpus

START = 1_609_459_200
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Used:
    """What a process used: seconds of processor, and megabytes at most."""

    seconds: float = 0.0
    most: int = 0

    def look(self, pid: int) -> None:
        """Note what it has used by now, if it is there."""
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            told = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()
        except OSError:
            return
        self.seconds = (int(stat[11]) + int(stat[12])) / _TICK
        self.most = max(self.most, int(told[0]) >> 10) if told else self.most


def write_export(path: Path, posts: int, channels: int, apart: int, seed: int) -> None:
    """An export of ``posts`` posts."""
    corpus = Corpus(seed)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"chats": {"list": [\n')
        for channel in range(1, channels + 1):
            head = {"name": f"Channel {channel}", "type": "public_channel", "id": 1_000 + channel}
            file.write(json.dumps(head)[:-1] + ', "messages": [\n')
            messages = _messages(corpus, 1_000 + channel, posts // channels, apart)
            file.writelines(_separated(json.dumps(one, ensure_ascii=False) for one in messages))
            file.write("]}" + (",\n" if channel < channels else "\n"))
        file.write("]}}\n")


def _separated(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield line if number == 0 else ",\n" + line


def _messages(corpus: Corpus, channel: int, count: int, apart: int) -> Iterator[dict[str, object]]:
    for number in range(1, count + 1):
        lang = "ru" if number % 100 < 100 * RUSSIAN else "en"
        first, *rest = corpus.paragraphs(lang)
        below = "\n\n" + "\n\n".join(rest)
        yield {
            "id": number, "type": "message", "from": f"Channel {channel}",
            "date": "2021-01-01T00:00:00", "date_unixtime": str(START + number * apart + channel),
            "from_id": f"channel{channel}", "text": [{"type": "bold", "text": first}, below],
            "text_entities": [{"type": "bold", "text": first}, {"type": "plain", "text": below}],
        }  # fmt: skip


def run(path: Path, data: Path, cores: set[int]) -> tuple[float, Used, Used]:
    """Import the file on these processors: seconds, and what the import and its reader used."""
    began, here, reader = time.monotonic(), Used(), Used()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "import", str(path), "--json"],
        cwd=Path(__file__).resolve().parents[1],
        env={**os.environ, "DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
    )
    os.sched_setaffinity(process.pid, cores)
    while process.poll() is None:
        here.look(process.pid)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        for child in children.read_text().split() if children.exists() else ():
            reader.look(int(child))
        time.sleep(0.02)
    assert process.returncode == 0
    return time.monotonic() - began, here, reader


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--channels", type=int, default=20)
    parser.add_argument("--apart", type=int, default=180, help="seconds between a channel's posts")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    all_cores = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        write_export(path, asked.posts, asked.channels, asked.apart, asked.seed)
        print(f"{asked.posts} posts, {path.stat().st_size >> 20} MB, {len(all_cores)} processors")
        print("processors   clock   import    reader   most memory (MB)")
        found = []
        for cores in ({min(all_cores)}, all_cores):
            clock, here, reader = run(path, Path(folder) / f"data{len(cores)}", cores)
            found.append((clock, here, reader))
            print(
                f"{len(cores):10} {clock:7.1f} {here.seconds:8.1f} {reader.seconds:9.1f}"
                f"   {here.most} + {reader.most}"
            )
        (alone, whole, _), (clock, here, reader) = found
        print(f"ratio {alone / clock:.2f}")
        print(f"by processor {whole.seconds / max(here.seconds, reader.seconds):.2f}")


if __name__ == "__main__":
    main()
