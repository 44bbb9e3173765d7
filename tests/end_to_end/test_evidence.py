"""The running service makes the chain and posts its heads once; evidence is given beside it."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage.database import open_database
from storage.document import Document, Source
from storage.documents import documents

HASTY = "bot.anchoring.anchors.LOOK_SECONDS = 0.2"


async def store(stage: Any, number: int, *, days_ago: int) -> None:
    """Store a document as if the service had done so days ago."""
    folder = stage.folder / "data"
    folder.mkdir(exist_ok=True)
    database = await open_database(stage.database_url)
    document = Document(
        kind="post",
        doc_id=f"tg:999/{number}",
        source=Source(type="telethon"),
        title=f"Post {number}",
        content_hash=f"{number:016x}",
    )
    at = datetime.now(UTC) - timedelta(days=days_ago)
    async with database.transaction() as tx:
        await documents.store_documents(tx, [document], stored_at=at, live=True)
    await database.close()


async def dateline(stage: Any, *arguments: str | Path) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *map(str, arguments),
        cwd=stage.folder,
        env=stage.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_a_head_is_posted_once_whatever_is_killed(ready_stage: Any) -> None:
    stage = ready_stage
    ledger = stage.sandbox.add_channel("Ledger", username="ledger")
    ledger.add_member(stage.bot, admin=True)
    await store(stage, 1, days_ago=3)
    service = await stage.run(HASTY, EVIDENCE_CHANNEL="@ledger")
    await ledger.wait_for("head 1", sender=stage.bot, timeout=120)
    await service.kill()
    service = await stage.run(HASTY, EVIDENCE_CHANNEL="@ledger")
    await service.kill()
    await store(stage, 2, days_ago=2)
    await stage.run(HASTY, EVIDENCE_CHANNEL="@ledger")
    await ledger.wait_for("head 2", sender=stage.bot, timeout=120)
    await stage.wait_drained()

    assert [post.text.split(":")[1].split(".")[0] for post in ledger.posts] == [
        " head 1",
        " head 2",
    ]
    assert not stage.sandbox.unknown_calls


async def test_evidence_is_given_beside_the_running_service(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    post = await stage.news.post("The ferry sails")
    await stage.wait_stored(post)
    await post.edit("The ferry does not sail")

    async def is_edited(conn: Any) -> bool:
        row = await conn.fetch_one("SELECT count(*) AS n FROM chain_entry WHERE kind = 'edited'")
        return bool(row["n"])

    await stage.wait_database(is_edited)
    out = stage.folder / "out"
    status, said = await dateline(stage, "evidence", post.link, "-o", out)
    assert (status, said) == (0, f"dateline: evidence of 1 post in {out}\n")
    told = json.loads((out / "posts/000001/post.json").read_text())
    assert [one["what"] for one in told["entries"]] == ["stored", "edited"]
    assert told["url"] == "https://t.me/harbour/1"
    status, said = await dateline(stage, "evidence", "verify", out)
    assert status == 0 and "is as it was signed; 1 post, key " in said
    (out / "posts/000001/text.txt").write_text("The ferry sails")
    status, said = await dateline(stage, "evidence", "verify", out)
    assert status == 1
    assert "changed: posts/000001/text.txt\n" in said
