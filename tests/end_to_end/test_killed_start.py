"""A first start, and a login, that are killed at one moment after the other: the next one works."""

import asyncio
import json
import random
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.demo.process import clean_environment

PHONE, CODE = "+15550000001", "12345"
KILLED = Path(__file__).resolve().parents[1] / "support" / "killed.py"
ROWS = {
    "run": (["run"], [["run"]], 11),
    "login": (
        ["login", "--phone", PHONE],
        [["login", "--phone", PHONE], ["login", "--code", CODE]],
        4,
    ),
}
"""What is killed, what comes then, and every how many moments: which those are is another thing
each time. A start has some fifty, a login thirteen."""


@pytest.mark.parametrize(("first", "then", "step"), ROWS.values(), ids=ROWS)
async def test_what_is_killed_as_it_begins_works_the_next_time(
    stage: Any, tmp_path_factory: Any, first: list[str], then: list[list[str]], step: int
) -> None:
    template, work = tmp_path_factory.mktemp("template"), tmp_path_factory.mktemp("killed")
    if first == ["run"]:
        await stage.log_in()
        shutil.copytree(stage.folder, template, dirs_exist_ok=True)
    plan = {
        "template": str(template), "work": str(work), "first": first, "then": then,
        "moments": [random.randint(1, step), step],  # noqa: S311
        "environment": {**stage.environment, "DATA_DIR": "data"},
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(KILLED),
        env=clean_environment({}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate(json.dumps(plan).encode())
    tries = [json.loads(line) for line in said.splitlines()]
    assert process.returncode == 0
    assert tries[-1]["first"] == 0
    assert len(tries) > 2  # a login that is killed at every fourth of its moments has two, or three
    assert all(one["first"] != 0 for one in tries[:-1])
    for one in tries:
        assert [status for status, _ in one["then"]] == [0] * len(then), one
        assert ("dateline: ready" if first == ["run"] else "logged in as") in one["then"][-1][1]
