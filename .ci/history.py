"""Writes down every change of the migrations on main, from git, for the tests of upgrades.

``tests/storage/sqlite/history/landings.txt`` gets a line for each change in its order, and each
script that was changed after it had landed is kept beside it as it stood. Run by ``./do history``
with the whole history there; the tests need none.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]

from former_schemas import FOLDER, LANDINGS, digest  # noqa: E402

_SCRIPT = re.compile(r"storage/(?!postgres/)(?:\w+/)*migrations/(\d{4}_\w+)\.sql$")
_HEAD = """\
# Every change of the migrations on main, in its order: commit, day, script, digest of its
# statements.
# Written by `./do history`.
"""


def git(*arguments: str) -> str:
    """What git says."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return done.stdout


def changes() -> Iterator[tuple[str, str, str, str]]:
    """Commit, day, script and its text, for each change of a script but in its comments."""
    known: dict[str, str] = {}
    pathspecs = (":(glob)storage/**/migrations/*.sql", ":(exclude)storage/postgres")
    for line in git(
        "log", "--reverse", "--first-parent", "--format=%h %cs", "--abbrev=7", "--", *pathspecs
    ).splitlines():
        commit, day = line.split()
        for listed in git("ls-tree", "-r", commit, "storage").splitlines():
            if found := _SCRIPT.search(listed):
                sql = git("cat-file", "blob", listed.split()[2])
                if known.get(found[1]) != digest(sql):
                    known[found[1]] = digest(sql)
                    yield commit, day, found[1], sql


def main() -> None:
    """Write the list, and the scripts of before."""
    FOLDER.mkdir(exist_ok=True)
    lines = []
    for commit, day, name, sql in changes():
        lines.append(f"{commit} {day} {name} {digest(sql)}\n")
        present = ROOT / "storage/sqlite/migrations" / f"{name}.sql"
        if digest(present.read_text(encoding="utf-8")) != digest(sql):
            (FOLDER / f"{name}.{digest(sql)}.sql").write_text(sql, encoding="utf-8")
    LANDINGS.write_text(_HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
