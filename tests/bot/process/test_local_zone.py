"""Whatever the machine calls its time zone, every command works."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo.process import clean_environment
from bot.process import local_zone

ZONE = "/usr/share/zoneinfo/Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("Europe/Berlin", True),
        (":Europe/Berlin", True),
        ("", True),
        ("UTC", True),
        pytest.param(
            ZONE, True, marks=pytest.mark.skipif(not Path(ZONE).exists(), reason="no such file")
        ),
        ("Nowhere/At_all", False),
        ("<+03>-3", False),
        ("/etc/passwd", False),
        (":/dev/null", False),
        ("/etc", False),
        ("Europe", False),
        ("../../etc/passwd", False),
        ("a" * 5000, False),
    ],
)
def test_a_zone_that_cannot_be_read_is_none(name: str, stays: bool) -> None:
    environment = {"TZ": name}
    local_zone.drop_unreadable(environment)
    assert environment == ({"TZ": name} if stays else {})


@pytest.mark.slow
@pytest.mark.end_to_end
def test_a_command_works_where_the_zone_is_no_zone(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "search", "ferry"],
        cwd=tmp_path,
        env=clean_environment({"TZ": ":/etc/passwd", "DATA_DIR": str(tmp_path)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "dateline: nothing found for ferry\n")
