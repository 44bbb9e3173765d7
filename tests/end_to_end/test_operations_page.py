"""The page about operating, word for word: its blocks are run in a shell, in an empty folder."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from addresses import free_address

from bot.demo.process import clean_environment

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?<!<!-- by hand -->\n)^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
PATIENCE = 480.0
READY = '{"ready":true,"reasons":[]}'


def install(folder: Path) -> None:
    """What the block that is left to the reader does: here it is there already."""
    place = folder / "venv" / "bin"
    place.mkdir(parents=True)
    program = place / "dateline"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m bot "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (folder / "source").symlink_to(ROOT)


async def run_shell(script: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Run it in a session of its own, of which nothing is left; gives its end and what it said."""
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await shell.communicate()
    except TimeoutError:
        pytest.fail(f"it does not end: {(folder / 'dateline.log').read_text('utf-8')[-2000:]}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    assert shell.returncode is not None
    return shell.returncode, said.decode()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page asks by curl")
async def test_the_page_about_operating_goes_word_for_word(stage: Any, tmp_path: Path) -> None:
    folder, address = tmp_path / "empty", free_address()
    folder.mkdir()
    install(folder)
    async with stage.sandbox.serve_previews() as previews:
        environment = clean_environment(
            {
                "TELEGRAM_SERVER": stage.sandbox.address,
                "TELEGRAM_SERVER_KEY": str(stage.sandbox.public_key_path),
                "PREVIEW_BASE_URL": previews.address,
                "PYTHONPATH": str(ROOT),
            }
        )
        script = "".join(BLOCKS).replace("127.0.0.1:9090", address)
        ended, said = await run_shell(script, folder, environment)
    assert ended == 0, said
    for words in (
        "everything is fine",
        "dateline_ready 1.0",
        "first.db: 0 documents",
        "restored: ",
    ):
        assert words in said, words
    assert said.count(READY) == 2
    log = (folder / "dateline.log").read_text(encoding="utf-8")
    assert log.count("dateline: ready as @lookout_bot, watching 1 channel") == 2
    private = [folder / ".env", folder / "data", folder / "backups" / "first.db"]
    assert [path.stat().st_mode & 0o077 for path in private] == [0, 0, 0]


def test_the_page_leaves_out_only_the_installation() -> None:
    assert PAGE.count("```sh\n") == len(BLOCKS) + 1 == PAGE.count("<!-- by hand -->") + 7
