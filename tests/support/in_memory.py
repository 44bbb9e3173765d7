"""The files that tests make, kept in memory where there is room: on a disk thousands of small
databases that are written safely cost half of the time."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4_000_000_000
"""Bytes that must be free there: more than the tests of a whole run have at one time."""


def keep_files() -> None:
    """Have pytest, and every process that it starts, make the folders of tests in memory. Who says
    where they are to be (``PYTEST_DEBUG_TEMPROOT``) has them there."""
    if "PYTEST_DEBUG_TEMPROOT" not in os.environ and has_room():
        folder = MEMORY / f"dateline-tests-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)


def has_room() -> bool:
    """Whether files of a whole run have room in memory."""
    try:
        return shutil.disk_usage(MEMORY).free > ROOM and os.access(MEMORY, os.W_OK)
    except OSError:
        return False
