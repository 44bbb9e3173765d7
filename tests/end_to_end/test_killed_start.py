"""A first start that is killed, at one moment after the other: the next one serves."""

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Any

from bot.demo.process import clean_environment

KILLED = Path(__file__).resolve().parents[1] / "support" / "killed.py"
STEP = 11
"""A start has some fifty moments; which of them are tried is another thing each time."""


async def test_a_first_start_that_is_killed_is_followed_by_one_that_serves(
    ready_stage: Any, tmp_path_factory: Any
) -> None:
    stage = ready_stage
    work = tmp_path_factory.mktemp("killed")
    plan = {
        "template": str(stage.folder), "work": str(work), "first": ["run"], "then": [["run"]],
        "moments": [random.randint(1, STEP), STEP],  # noqa: S311
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
    assert len(tries) > 3
    for one in tries:
        ((status, lines),) = one["then"]
        assert status == 0, one
        assert "dateline: ready" in lines
        assert "Traceback" not in lines
