"""A post redacted beside the running service: gone from every file, and from what was sent."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

PATIENCE = 120.0
REST = "The quorvboat and цюхслово were seen there"
WORDS = ("zyxwharf", "quorvboat", "цюхслово")


def traces(folder: Path) -> dict[str, list[str]]:
    """Which files hold a word of the post, as text or in JSON."""
    found = {}
    for path in folder.rglob("*"):
        held = path.read_bytes().lower() if path.is_file() else b""
        forms = {word: (word.encode(), json.dumps(word)[1:-1].encode()) for word in WORDS}
        found[path.name] = [word for word, shown in forms.items() if any(s in held for s in shown)]
    return {name: words for name, words in found.items() if words}


async def dateline(stage: Any, *arguments: str) -> tuple[int, str]:
    """A command in a process of its own, beside the service: its status and what it printed."""
    service = stage.process()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=stage.folder,
        env=service._environment,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate()
    return child.returncode or 0, out.decode()


async def test_a_post_is_redacted_beside_the_service_and_in_what_was_sent(ready_stage: Any) -> None:
    stage = ready_stage
    service = stage.process(RECONCILE_INTERVAL="0.5")
    await service.start()
    await service.wait_ready(PATIENCE)
    await stage.chat.ask("/alert pier OR ferry", timeout=PATIENCE)
    post = await stage.news.post(f"Zyxwharf pier is closed\n{REST}")
    await stage.wait_stored(post)
    sent = await stage.chat.wait_for("Zyxwharf pier is closed", timeout=PATIENCE)
    await stage.chat.ask("/search pier", timeout=PATIENCE)
    await stage.wait_drained()
    data = stage.folder / "data"
    assert traces(data)

    link = f"https://t.me/harbour/{post.id}"
    status, said = await dateline(stage, "redact", link, "--reason", "asked for", "--json")
    done = json.loads(said)
    assert (status, done["is_new"], done["chats"], done["edited"]) == (0, True, 1, 1)
    assert traces(data) == {}

    async with asyncio.timeout(PATIENCE):
        while "[redacted" not in sent.text:  # noqa: ASYNC110 - an edit tells nobody
            await asyncio.sleep(0.05)
    assert "asked for" in sent.text
    assert "quorvboat" not in sent.text
    # It is read again by every scan, and edited in its channel.
    await post.edit(f"Zyxwharf pier is closed still\n{REST}")
    later = await stage.news.post("The ferry sails")
    await stage.wait_stored(later)
    await stage.chat.wait_for("The ferry sails", timeout=PATIENCE)
    assert "[redacted" in (await stage.chat.ask(f"/why {link}", timeout=PATIENCE)).text
    assert traces(data) == {}
    assert await service.stop(timeout=PATIENCE) == 0
    assert traces(data) == {}
    assert (await dateline(stage, "verify"))[0] == 0
