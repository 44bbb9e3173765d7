"""What is left of somebody on the disk after /forgetme, in every byte of every file."""

import asyncio
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.backups import forgotten
from storage import database
from storage.documents import documents

NUMBER = 0x7E_57_1D_5A_3C
"""As large as SQLite needs six bytes for, and like nothing else."""
WORDS = ("zyxwina", "quuxdottir", "zyxwina_q", "flurbish", "grobnitz", "Щукинская")


def traces(folder: Path) -> dict[str, list[str]]:
    """Which files tell of her, and by what."""
    looked_for = {word: word.encode() for word in WORDS}
    looked_for |= {f"{word} in JSON": ascii(word)[1:-1].encode() for word in WORDS}
    looked_for |= {
        "the id as text": str(NUMBER).encode(),
        "the id in 8 bytes": NUMBER.to_bytes(8, "big"),
        "the id in 6 bytes": NUMBER.to_bytes(6, "big"),
        "the id in 8 bytes, low first": NUMBER.to_bytes(8, "little"),
    }
    files = {path.name: path.read_bytes().lower() for path in folder.iterdir() if path.is_file()}
    found = {
        name: [what for what, sought in looked_for.items() if sought.lower() in held]
        for name, held in files.items()
    }
    return {name: what for name, what in found.items() if what}


async def test_nothing_is_left_of_whom_is_forgotten_and_others_go_on(ready_stage: Any) -> None:
    stage = ready_stage
    zyx = stage.sandbox.add_user(
        "Zyxwina", last_name="Quuxdottir", username="zyxwina_q", number=NUMBER
    )
    forum = stage.sandbox.add_group(
        "Open Forum", username="open_forum", members=[stage.watcher, zyx, stage.ann]
    )
    service = await stage.run(
        CHANNELS="@harbour @open_forum",
        AUTHORS="full",
        RECONCILE_INTERVAL="0.5",
        ADMINS=str(stage.ann.id),
        SEND_RATE="500",
    )
    chat = zyx.chat_with(stage.bot)
    await chat.start()
    await stage.chat.ask("/alert harbour OR ferry")
    await chat.ask("/alert flurbish OR ferry")
    await chat.ask("/alert grobnitz")
    await chat.ask("/digest daily 08:00 Europe/Berlin")
    said = await forum.say(zyx, "The ferry is late again, says the harbour")
    posts = [await stage.news.post(f"The ferry number {n} left the harbour") for n in range(30)]
    await stage.wait_stored(said, *posts)
    await chat.wait_for("ferry number 29")
    await chat.ask("/search flurbish OR Щукинская")
    await chat.ask("/search ferry")
    # What is said to others names her as well.
    await stage.chat.ask(f"/admit {NUMBER}")
    await stage.chat.ask("/search late")
    await stage.wait_drained()
    data = stage.folder / "data"
    assert {"dateline.db", "dateline.db-wal"} & traces(data).keys()

    question = await chat.ask("/forgetme")
    async with asyncio.timeout(120):
        await chat.press(question, "fy", timeout=120)
        await chat.wait_for("is deleted")
    assert traces(data) == {}
    db = await database.open_database(f"sqlite:///{data / 'dateline.db'}")
    try:
        async with db.reader() as conn:
            name = f"tg:{forum.id}/{said.id}"
            post = (await documents.find_documents(conn, [name]))[name]
    finally:
        await db.close()
    assert (post.title, post.author and post.author.name) == (said.text, "deleted")

    note = data / "forgotten"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    when = forgotten.read([note]).when(NUMBER)
    assert when is not None
    assert (datetime.now(UTC) - when).total_seconds() < 120

    before = len(stage.alerts())
    last = await stage.news.post("Ferry and harbour are closed tonight")
    await stage.chat.wait_for("closed tonight")
    await stage.wait_stored(last)
    assert len(stage.alerts()) == before + 1
    assert not [message for message in chat.messages if "closed tonight" in message.text]
    await service.stop()
    assert traces(data) == {}
