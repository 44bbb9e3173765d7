"""The steps of the Dockerfile in their order in a clean folder, for machines without an engine.

What it copies is copied, what it runs is run, with its folders put below the scratch folder; users
are not made, and nothing of the base is there but this machine's ``python3``. What comes out must
show the demo. That no file outside of it is written, and the rights in it, an engine alone shows.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("/opt/dateline", "/src")


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Each instruction and what it says, in lines joined."""
    lines = re.sub(r"^#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ")
    for line in lines.splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, rest.strip()


def placed(command: str, root: Path) -> str:
    for place in PLACES:
        command = re.sub(rf"(?<![\w.]){place}(?=[\s/;&]|$)", f"{root}{place}", command)
    return command


def build(root: Path) -> None:
    """The first stage. Raises CalledProcessError where a step fails."""
    folder = root
    stages = 0
    arguments = dict[str, str]()
    for word, rest in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        stages += word == "FROM"
        if stages != 1:
            continue
        if word == "ARG":
            arguments |= dict([rest.split("=", 1)])
        elif word == "WORKDIR":
            folder = Path(placed(rest, root))
            folder.mkdir(parents=True)
        elif word == "COPY":
            *sources, target = rest.split()
            copy([ROOT / source for source in sources], folder / target)
        elif word == "RUN":
            given = {**os.environ, **arguments}
            subprocess.run(["sh", "-ec", placed(rest, root)], cwd=folder, env=given, check=True)


def copy(sources: list[Path], target: Path) -> None:
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def environment(root: Path) -> dict[str, str]:
    """What the second stage sets."""
    found = {"HOME": str(root)}
    for word, rest in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        if word == "ENV":
            found |= dict(pair.split("=", 1) for pair in rest.split())
    (root / "data").mkdir()
    path = f"{root}/opt/dateline/bin:{os.environ['PATH']}"
    return found | {"PATH": path, "DATA_DIR": str(root / "data")}


def command(dockerfile: str, word: str) -> list[str]:
    """The words of an instruction that is written as a list, such as ENTRYPOINT."""
    for found, rest in instructions(dockerfile):
        if found == word:
            return [str(part) for part in json.loads(rest[rest.index("[") :])]
    raise LookupError(word)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        build(root)
        entry = command((ROOT / "Dockerfile").read_text(encoding="utf-8"), "ENTRYPOINT")
        shown = subprocess.run(
            [*entry, "demo"],
            env=environment(root),
            cwd=root / "data",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        last = shown.stdout.splitlines()[-1]
        if not re.fullmatch(r"demo: [1-9]\d* documents, 1 alert, 1 search, 1 digest", last):
            sys.exit(f"the Dockerfile's steps, without an engine: the demo ended with {last!r}")
        print(f"the Dockerfile's steps, without an engine: {last}")


if __name__ == "__main__":
    main()
