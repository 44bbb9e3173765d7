"""A program asks a running service by a token, from its making to its end; a post is translated."""

import asyncio
import sys
from typing import Any

import httpx2
from libretranslate import endpoint
from plain_web import plain_web

PATIENCE = 120.0


def has_translate(message: Any) -> bool:
    return any("🌐" in button.text for row in message.buttons or () for button in row)


async def dateline(stage: Any, *arguments: str) -> str:
    """What a command prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=stage.folder, env=stage.environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return said.decode()


async def test_a_program_asks_by_a_token_until_it_is_revoked(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run(FEEDS_ADDRESS="127.0.0.1:0")
    line = await service.wait_line("feeds are served")
    url = next(word for word in line.split() if "http://" in word).rpartition("=")[2]
    posts = [await stage.news.post(f"The ferry sails, says captain {number}") for number in (1, 2)]
    await stage.wait_stored(*posts)
    first = f"tg:{posts[0].channel.id}/{posts[0].id}"

    secret = (await dateline(stage, "token", "add", "desk", "--channels", "@harbour")).strip()
    narrow = (await dateline(stage, "token", "add", "poor", "--scopes", "documents")).strip()
    async with plain_web() as web:

        async def get(path: str, token: str, **headers: str) -> httpx2.Response:
            return await web.get(
                f"{url}{path}", headers={"Authorization": f"Bearer {token}", **headers}
            )

        found = await get("/api/search?q=ferry&limit=1", secret)
        assert [one["title"] for one in found.json()["results"]] == [posts[1].text]
        following = await get(f"/api/search?q=ferry&cursor={found.json()['next']}", secret)
        assert [one["doc_id"] for one in following.json()["results"]] == [first]
        known = {"If-None-Match": found.headers["etag"]}
        assert (await get("/api/search?q=ferry&limit=1", secret, **known)).status_code == 304
        assert (await get(f"/api/documents/{first}", narrow)).json()["title"] == posts[0].text
        assert (await get(f"/api/stories/{first}", narrow)).status_code == 403
        assert (await web.get(f"{url}/api/search?q=ferry")).status_code == 401

        await dateline(stage, "redact", first)
        assert (await get(f"/api/documents/{first}", narrow)).status_code == 404
        await dateline(stage, "token", "revoke", "desk")
        assert (await get("/api/search?q=ferry", secret)).status_code == 401
    assert not service.find_lines(secret.removeprefix("dateline_"))


async def test_a_post_is_translated_at_a_press_and_the_original_stays(ready_stage: Any) -> None:
    stage = ready_stage
    async with endpoint() as there:
        key = stage.folder / "translator.key"
        key.write_text("k-e-y\n")
        service = await stage.run(TRANSLATE_URL=there.url, TRANSLATE_KEY_FILE=str(key))
        await stage.chat.ask("/start")
        await stage.chat.ask("/alert bateau")
        text = "Le bateau s'est échoué ce matin devant le port, mais personne n'est blessé."
        await stage.news.post(text)
        alert = await stage.chat.wait_for("🔔", timeout=PATIENCE)
        await stage.chat.press(alert, "⋯", timeout=PATIENCE)
        await stage.chat.wait_for(has_translate, timeout=PATIENCE)
        await stage.chat.press(alert, "🌐 Translate", timeout=PATIENCE)
        answer = await stage.chat.wait_for("Translated by a machine", timeout=PATIENCE)
        assert text[::-1] in answer.text
        assert text in alert.text
        (asked,) = there.asked
        assert (asked["q"], asked["target"], asked["api_key"]) == (text, "en", "k-e-y")
        assert not service.find_lines("k-e-y")
    assert not stage.sandbox.unknown_calls
