"""A disk of a service's own that can be filled: a real small file system where one can be mounted,
else a limit on the size of the files that the running process may write."""

import contextlib
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

SIZE = "12m"
_MOUNT = 'mount -t tmpfs -o size="$1",mode=700 tmpfs "$0" && echo mounted && exec sleep 86400'
_RUN = ("run",)


def _without_room(arguments: Sequence[str]) -> Sequence[str]:
    command = ["-m", "bot", *arguments]
    return (
        "-c",
        "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0));"
        f"os.execv(sys.executable, [sys.executable, *{command!r}])",
    )


class Disk(Protocol):
    """``data`` is the folder as this process sees it; ``program`` what Python is to run for a
    service that sees the disk there."""

    data: Path
    program: Sequence[str]

    def command(self, *arguments: str) -> Sequence[str]:
        """What Python is to run for another command that sees the disk there."""

    def fill(self, pid: int | None = None) -> None:
        """Leave the service no room to write more, whose process is ``pid`` if it has one yet."""

    def make_room(self, pid: int) -> None:
        """Give back what ``fill`` took."""

    def bring_back(self) -> None:
        """Put what is on the disk into the folder that it stands over; the service has ended."""


class MountedDisk:
    """A tmpfs over the folder, in a mount namespace that the process ``keeper`` holds."""

    def __init__(self, folder: Path, keeper: int) -> None:
        self._folder = folder
        self.data = Path(f"/proc/{keeper}/root{folder}")
        self._ballast = self.data / "ballast"
        self._inside = ["nsenter", "-t", str(keeper), "-U", "-m", "--preserve-credentials"]
        self.program = self.command(*_RUN)

    def command(self, *arguments: str) -> Sequence[str]:
        """What Python is to run for another command that sees the disk there."""
        command = [*self._inside, sys.executable, "-m", "bot", *arguments]
        return ("-c", f"import os; os.execvp('nsenter', {command!r})")

    def fill(self, pid: int | None = None) -> None:
        """Write until nothing more fits."""
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

    def make_room(self, pid: int) -> None:
        """Remove what was written for that."""
        self._ballast.unlink(missing_ok=True)

    def bring_back(self) -> None:
        """Copy the files out: SQLite would follow the way to them to others of the same names."""
        shutil.copytree(self.data, self._folder, dirs_exist_ok=True)


class LimitedDisk:
    """The folder itself, and a limit on the size of the files of the running process."""

    program: Sequence[str] = ("-m", "bot", "run")

    def __init__(self, folder: Path) -> None:
        self.data = folder
        self._is_full = False

    def command(self, *arguments: str) -> Sequence[str]:
        """What Python is to run for another command, that can write nothing where the disk is
        full."""
        return _without_room(arguments) if self._is_full else ("-m", "bot", *arguments)

    def fill(self, pid: int | None = None) -> None:
        """Let no file grow any more."""
        if pid is None:
            self._is_full = True
            self.program = self.command(*_RUN)
            return
        _limit(pid, max(path.stat().st_size for path in self.data.iterdir()))

    def make_room(self, pid: int) -> None:
        """Let them grow again."""
        _limit(pid, resource.RLIM_INFINITY)

    def bring_back(self) -> None:
        """They are there."""


def _limit(pid: int, size: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextlib.contextmanager
def small_disk(folder: Path, size: str = SIZE) -> Iterator[Disk]:
    """A disk over ``folder`` that holds what is in it, until the context ends."""
    keeper = subprocess.Popen(  # noqa: S603
        ["unshare", "-Urm", "sh", "-c", _MOUNT, str(folder), size],  # noqa: S607
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        said = keeper.stdout.readline() if keeper.stdout else b""
        if said == b"mounted\n":
            mounted = MountedDisk(folder, keeper.pid)
            shutil.copytree(folder, mounted.data, dirs_exist_ok=True)
            yield mounted
        else:
            yield LimitedDisk(folder)
    finally:
        keeper.kill()
        keeper.communicate()
