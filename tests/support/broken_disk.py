"""A disk of a service's own that fails as disks do: Linux makes its file system read-only."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SIZE = 60 << 20
PATIENCE = 20.0
"""The most seconds that the system takes to let a device go that was unmounted."""
FAILED = 8
"""What e2fsck ends with where it could not look at the device."""


class BrokenDisk:
    """A file system in a file, mounted over a folder."""

    def __init__(self, device: str, folder: Path) -> None:
        self._device = device
        self._folder = folder

    def mount(self) -> None:
        """Mount it, to be made read-only by an error."""
        run("mount", "-o", "errors=remount-ro", self._device, str(self._folder))

    def unmount(self) -> None:
        """To be called when nothing uses it any more."""
        run("umount", str(self._folder))

    def fail(self) -> None:
        """Let it meet an error."""
        Path(f"/sys/fs/ext4/{Path(self._device).name}/trigger_fs_error").write_text("x")

    def mend(self) -> None:
        """What one does about it: unmount, check, mount."""
        self.unmount()
        until = time.monotonic() + PATIENCE
        while self._is_in_use() and time.monotonic() < until:
            time.sleep(0.05)
        self.mount()

    def _is_in_use(self) -> bool:
        """Whether the system has not let the device go yet; if it has, it was checked."""
        checking = ["e2fsck", "-p", self._device]
        return bool(subprocess.run(checking, capture_output=True, check=False).returncode & FAILED)


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextlib.contextmanager
def broken_disk(folder: Path) -> Iterator[BrokenDisk]:
    """A disk over ``folder`` with all that is in it; the test is skipped where none can be made."""
    image = folder.with_name(f"{folder.name}.img")
    image.touch()
    os.truncate(image, SIZE)
    try:
        run("mkfs.ext4", "-q", "-F", str(image))
        device = run("losetup", "--show", "--find", str(image))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no file system can be made in a file here: {error}")
    kept = shutil.copytree(folder, folder.with_name(f"{folder.name}.before"))
    disk = BrokenDisk(device, folder)
    try:
        try:
            disk.mount()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"nothing can be mounted here: {error.stderr}")
        try:
            folder.chmod(0o700)
            shutil.copytree(kept, folder, dirs_exist_ok=True)
            yield disk
        finally:
            disk.unmount()
    finally:
        run("losetup", "--detach", device)
