"""Links to searches and alerts: what they lead to, and that walking them teaches nothing."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.alerts import sharing
from storage.connection import Database
from storage.structs import replace
from storage.subscribers import links

LONG = "embargo " + "OR ".join(f"wombat{n} " for n in range(20)).strip()


def payload(message) -> str:
    return re.search(r"start=([A-Za-z0-9_-]{1,64})$", message.text.text)[1]


@pytest.mark.parametrize("query", ["oil price", "нефть", LONG])
async def test_a_search_is_shared(ann, store, make_post, query: str) -> None:
    (found,) = await ann.say(f"/search {query}")
    (link,) = (await ann.press(found.keyboard, "Share")).reply
    bob = replace(ann, chat_id=2, sender_id=2)
    assert await bob.read(f"/start {payload(link)}") == await ann.read(f"/search {query}")
    assert bool(link.keyboard) == (query == LONG)


async def test_links_that_lead_nowhere_all_say_the_same(ann) -> None:
    (found,) = await ann.say(f"/search {LONG}")
    (link,) = (await ann.press(found.keyboard, "Share")).reply
    bob = replace(ann, chat_id=2, sender_id=2)
    await bob.say("/start")
    welcome = await bob.read("/start")
    dead = f"This link leads nowhere: it has ended, or was removed.\n\n{welcome}"
    for number in range(50):
        assert await bob.read(f"/start l_{number}") == dead
    assert await bob.read("/start q_!") == welcome
    late = replace(bob, now=bob.now + timedelta(days=31))
    assert await late.read(f"/start {payload(link)}") == dead
    assert "nowhere" not in await bob.read(f"/start {payload(link)}")
    await bob.press(link.keyboard, "Remove")  # It is no link of his.
    assert "nowhere" not in await bob.read(f"/start {payload(link)}")
    await ann.press(link.keyboard, "Remove")
    assert await bob.read(f"/start {payload(link)}") == dead


async def test_who_manages_no_group_makes_no_links_of_it(
    member, manager, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "KEPT", 2)
    await manager.say("/share@dateline_bot oil")
    of_all, of_long = [await member.say(f"/search@dateline_bot {it}") for it in ("oil", LONG)]
    for _ in range(3):
        assert (await member.press(of_all[0].keyboard, "Share")).reply
        pressed = await member.press(of_long[0].keyboard, "Share")
        assert not pressed.reply
        assert pressed.toast == "Only administrators of this chat may do that."
    assert (await manager.press(of_long[0].keyboard, "Share")).reply
    async with database.reader() as conn:
        made = await links.list_links(conn, manager.chat_id, now=manager.now, invites=False)
    assert sorted(link.target for link in made) == sorted(["oil", LONG])


async def test_an_alert_is_shared_by_a_token_alone(ann, active) -> None:
    await ann.say("/alert oil")
    (alert,) = await active()
    (link,) = (await ann.press_data(f"ha|{alert.id}")).reply
    bob = replace(ann, chat_id=2, sender_id=2)
    assert (await bob.press_data(f"ha|{alert.id}")).reply == ()
    assert "oil" in await bob.read(f"/start {payload(link)}")


@pytest.mark.parametrize("query", ["oil price", "нефть", LONG, "oil after:7d"])
async def test_what_is_typed_is_shared_and_the_link_can_be_removed(ann, query: str) -> None:
    (link,) = await ann.say(f"/share {query}")
    bob = replace(ann, chat_id=2, sender_id=2)
    assert await bob.read(f"/start {payload(link)}") == await ann.read(f"/search {query}")
    assert query.split()[0] in await ann.read("/links")
    await ann.press(link.keyboard, "Remove")
    assert (await ann.read("/links")).startswith("There are no links.")


async def test_a_small_operator_in_what_is_shared_is_said(ann) -> None:
    (link,) = await ann.say("/share oil or gas")
    made, said = link.text.text.rsplit("\n", 1)
    assert "start=l_" in made
    assert said.endswith("Did you mean /share oil OR gas?")
    assert link.keyboard


async def test_what_cannot_be_read_is_not_shared(ann) -> None:
    assert "quotation mark is not closed" in await ann.read('/share "oil')
    assert "What shall the link lead to?" in await ann.read("/share")
    assert (await ann.read("/links")).startswith("There are no links.")


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=15))
def test_what_fits_is_read_back(query: str) -> None:
    packed = sharing.inline_payload(query)
    assert packed is None or re.fullmatch(r"[A-Za-z0-9_-]{1,64}", packed)
