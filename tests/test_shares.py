"""The quick look's processes run every test, and each about as many as another."""

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
import quick
import shares


def test_each_file_is_in_one_share_and_all_have_as_many_tests() -> None:
    files = set(shares.TESTS.rglob("test_*.py"))
    dealt = [shares.list_share(number) for number in range(1, shares.COUNT + 1)]
    assert set().union(*dealt) == files
    assert all(not one & other for one, other in combinations(dealt, 2))
    counts = [
        sum(path.read_text(encoding="utf-8").count("def test_") for path in share)
        for share in dealt
    ]
    assert min(counts) > 700
    assert max(counts) - min(counts) < 0.05 * sum(counts)


def _list_names(folder: Path) -> set[str]:
    """What the whole quick look would run."""
    asked = (str(folder), "--collect-only", "-q", "-p", "no:cacheprovider")
    environment = {**os.environ, "EXAMPLES": "quick", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        [sys.executable, quick.__file__, *asked],
        cwd=shares.TESTS.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {line for line in done.stdout.splitlines() if "::" in line}


@pytest.mark.end_to_end
def test_all_shares_are_run(tmp_path: Path) -> None:
    names = _list_names(tmp_path)
    files = {shares.TESTS.parent / name.partition("::")[0] for name in names}
    dealt = [shares.list_share(number) for number in range(1, shares.COUNT + 1)]
    assert all(len(files & share) > len(share) / 2 for share in dealt)


def test_the_task_starts_them() -> None:
    task = (shares.TESTS.parent / "do").read_text(encoding="utf-8")
    assert "tests/support/quick.py" in task
