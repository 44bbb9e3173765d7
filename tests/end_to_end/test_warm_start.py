"""A warm start reads none of the service's code again: that is what it is for."""

import os
import subprocess
import sys
from pathlib import Path

import warm

from bot.demo.process import clean_environment

PROGRAM = """
import sys
import warm
warm.load(warm.SERVICE)
known = set(sys.modules)
from bot.__main__ import main
sys.argv[1:] = ["run"]
print(main(), *sorted(set(sys.modules) - known))
"""


def test_what_a_start_imports_is_there_before_it(tmp_path: Path) -> None:
    environment = clean_environment({})
    environment["PYTHONPATH"] += f"{os.pathsep}{Path(warm.__file__).parent}"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    status, *read = done.stdout.split()
    assert status == "2"
    assert "API_ID" in done.stderr
    assert [name for name in read if name.startswith(("bot.app", "telethon"))] == []
