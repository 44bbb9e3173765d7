"""Ends a command by SIGKILL at one moment after the other, and runs another after each.

    python killed.py < PLAN

The plan is JSON: ``template``, a folder that is copied for each try; ``work``, where the copies
stand; ``environment``; ``first``, the arguments of the command that is killed; ``then``, those of
the commands that come afterwards; ``moments``, at which it is killed: the first, and in what steps.
A moment is a call to the system that makes, opens to write, renames or removes a file, begins to
listen or to connect, or opens a database. A line of JSON is printed for each: ``moment``, ``first``
(a status, below 0 for a signal) and of each of ``then`` a status with all that it said. ``run`` is
ended by SIGTERM when it is ready.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import warm

CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
EVENTS = {
    "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "shutil.copyfile",
    "socket.bind", "socket.connect", "sqlite3.connect", "fcntl.flock", "fcntl.lockf", "fcntl.fcntl",
}  # fmt: skip


class Moments:
    """Counts them, and ends the process at the one that is ``last``."""

    def __init__(self, last: int) -> None:
        self._last = last
        self.count = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """One more, if it is one."""
        is_one = event in EVENTS
        if event == "open":
            _, mode, flags = arguments
            is_one = bool((flags or 0) & CHANGING) or bool(set(mode or "") & set("wax+"))
        self.count += is_one
        if is_one and self.count >= self._last:
            os.kill(os.getpid(), signal.SIGKILL)


def obey(arguments: list[str], folder: Path, out: int, last: int | None) -> NoReturn:
    """Be a process that was started with these arguments."""
    os.chdir(folder)
    for number in (1, 2):
        os.dup2(out, number)
    sys.stdout = sys.__stdout__ = warm.stream(1)
    sys.stderr = sys.__stderr__ = warm.stream(2)
    sys.argv[1:] = arguments
    if last is not None:
        sys.addaudithook(Moments(last))
    from bot.__main__ import main

    try:
        status = main()
    except SystemExit as error:
        status = int(error.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
        status = 70
    sys.stdout.flush()
    os._exit(status)


def run(arguments: list[str], folder: Path, last: int | None = None) -> tuple[int, str]:
    """Its status, and what it said."""
    source, target = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(source)
        obey(arguments, folder, target, last)
    os.close(target)
    said = ""
    with os.fdopen(source, errors="replace") as lines:
        for line in lines:
            said += line
            if line.startswith("dateline: ready"):
                os.kill(pid, signal.SIGTERM)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), said


def main() -> None:
    """Carry out the plan."""
    plan = json.load(sys.stdin)
    os.environ.update(plan["environment"])
    warm.load(warm.SERVICE)
    template, work = Path(plan["template"]), Path(plan["work"])
    moment, step = plan["moments"]
    while True:
        folder = work / str(moment)
        shutil.copytree(template, folder)
        first, _ = run(plan["first"], folder, moment)
        told = [run(arguments, folder) for arguments in plan["then"]]
        sys.stdout.write(json.dumps({"moment": moment, "first": first, "then": told}) + "\n")
        sys.stdout.flush()
        if first != -signal.SIGKILL:
            return
        shutil.rmtree(folder)
        moment += step


if __name__ == "__main__":
    main()
