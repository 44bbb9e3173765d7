"""Whatever comes back as a button's data: a step of ours or a toast, never an error."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from handlers import buttons, registry
from handlers.conversation import behalf
from handlers.conversation.requests import Press, PressResult, Request
from handlers.conversation.services import Services
from handlers.render.text import keyboards
from handlers.texts.languages import words_of
from handlers.texts.words import Words
from storage.connection import Database
from storage.database import open_database
from storage.structs import replace
from storage.subscribers import alerts, mutes, subscribers

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN, GROUP = 1, -1_001_700_000_001
FIELDS = st.one_of(
    st.sampled_from(["", "-", "0", "1", "2", "off", "z", "l", "q", "d", "c", "p", "s", "newest"]),
    st.sampled_from(["9" * 18, "9" * 19, "-1", "¹", "٣", "1e9", "22:00-07:00", "../..", "UTC"]),
    st.integers(0, 2**70).map(str),
    st.text(max_size=20),
    st.text(alphabet="abcdefz0123456789:-|/", max_size=61),
)
DATA = st.tuples(st.sampled_from(sorted(buttons.VERBS)), st.lists(FIELDS, max_size=5)).map(
    lambda drawn: keyboards.data(drawn[0], *drawn[1])
)


@dataclass
class Desk:
    """A database in which Ann and a group that she manages have set up things, on one loop."""

    runner: asyncio.Runner
    services: Services

    def press(self, data: str, *, chat_id: int = ANN) -> PressResult:
        press = Press(
            chat_id=chat_id, sender_id=ANN, data=data, now=NOW, is_private=chat_id > 0, message_id=5
        )
        return self.runner.run(buttons.press(press, self.services))


def make_services(database: Database) -> Services:
    async def role_of(chat_id: int, user_id: int) -> Any:
        return "manager"

    return Services(database=database, bot_username="dateline_bot", role_of=role_of)


async def prepare(services: Services) -> None:
    for text in ("/start", "/alert ferry", "/search ferry"):
        await registry.answer(
            Request(chat_id=ANN, sender_id=ANN, text=text, now=NOW, name="Ann"), services
        )
    async with services.database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=GROUP, name="Crew", now=NOW)
        for chat_id in (ANN, GROUP):
            alert = await alerts.add_alert(tx, chat_id=chat_id, query="harbour", now=NOW)
            await mutes.add_mutes(tx, [alert.id], "harbour", "Harbour News")


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory, put_database: Callable[[Path], str]) -> Path:
    """The file of what they have set up; not to be changed."""
    path = tmp_path_factory.mktemp("set_up") / "dateline.db"
    with asyncio.Runner() as runner:
        database = runner.run(open_database(put_database(path)))
        runner.run(prepare(make_services(database)))
        runner.run(database.close())
    return path


@pytest.fixture
def desk(tmp_path: Path, set_up: Path) -> Iterator[Desk]:
    copy = shutil.copy(set_up, tmp_path / "dateline.db")
    with asyncio.Runner() as runner:
        database = runner.run(open_database(f"sqlite:///{copy}"))
        yield Desk(runner, make_services(database))
        runner.run(database.close())


@pytest.mark.parametrize("chat_id", [ANN, GROUP])
def test_any_fields_of_any_verb_lead_to_a_step_or_a_toast(desk: Desk, chat_id: int) -> None:
    @examples(400)
    @example("sm|" + "x" * 61)
    @given(DATA)
    def press(data: str) -> None:
        result = desk.press(data, chat_id=chat_id)
        assert result.toast is None or 0 < len(result.toast) <= buttons.TOAST_UNITS
        desk.press(f"{GROUP}:{data}", chat_id=ANN)

    press()


@given(st.binary(max_size=80))
@example(b"sm|\xff")
@example(b"sm|\0")
@example(b"")
def test_bytes_are_data_of_ours_only_where_we_may_have_written_them(raw: bytes) -> None:
    text = keyboards.read_data(raw)
    if text is not None:
        assert text.encode() == raw
        assert 0 < len(raw) <= 64
        assert "\0" not in text
        about, data = behalf.split_data(text)
        assert about is None or -(2**63) < about < 0
        assert isinstance(keyboards.fields_of(data)[0], str)


@pytest.mark.parametrize(
    "raw", [None, b"", b"\xff\xfe", b"sm|\xd0", b"sm|\0", b"al|1\n", b"sm|" + b"x" * 62]
)
def test_what_no_button_of_ours_says_is_an_old_button(raw: bytes | None) -> None:
    assert keyboards.read_data(raw) is None


@pytest.mark.parametrize("verb", sorted(buttons.VERBS))
def test_too_few_fields_are_an_old_button(desk: Desk, verb: str) -> None:
    words: Words = words_of("en")
    needed = buttons.VERBS[verb].fields
    for count in range(needed):
        assert desk.press(keyboards.data(verb, *["1"] * count)).toast == words.old_button


def test_a_press_long_after_leads_somewhere_too(desk: Desk) -> None:
    press = Press(chat_id=ANN, sender_id=ANN, data="ap|1|0", now=NOW + timedelta(days=4000))
    assert desk.runner.run(buttons.press(press, desk.services)).edit is not None


# How many fields each button has at least: those of former versions hang in chats for years.
LEAST_FIELDS = {
    0: "gn ab aa fy fn",
    1: "sa pk pn pd dh gl ga gc gt gv gr gu al ai sm wo cl cr ws wf wx ay an us hs ha hr lp ch wb"
    " wy wn ir rn qt qe qc pu pb gh av kp kl kr ku fp fc tr mp hu ip cw yl jl wu gp",
    2: "sp dp dw da dr gk rp aq ar xq xs xk zq mu mx ml uf bp bo ap st cc cu cm cx wr uq ur lr qa"
    " az xu aw kc kf fr lu fu ik iu uu cd ce yc yr yu jc jr ju",
    3: "so sf pw gs zs ba au cf co ak cv ko kb et vc",
    4: "gw cp as ep eu",
    5: "ac",
}
FIELDS_OF = {verb: count for count, verbs in LEAST_FIELDS.items() for verb in verbs.split()}
ANYONES = (
    "sp so sf dp dw da dr rp xk ml uf cp ai ab bp ba bo cl cc cr co hs rn qa qt qe qc kp kl kc kf"
    " tr mp vc cd ce cw"
)


def test_each_button_has_as_many_fields_as_ever() -> None:
    assert {verb: found.fields for verb, found in buttons.VERBS.items()} == FIELDS_OF


async def refused(person: Any, toast: str) -> set[str]:
    """Which buttons do nothing for somebody but say this."""
    found = set()
    for verb, count in FIELDS_OF.items():
        if (await person.press_data(keyboards.data(verb, *["x"] * count))).toast == toast:
            found.add(verb)
    return found


async def test_in_a_group_what_is_everybodys_is_pressed_by_all(member: Any, manager: Any) -> None:
    words = words_of("en")
    assert await refused(member, words.managers_only) == FIELDS_OF.keys() - ANYONES.split()
    assert await refused(manager, words.managers_only) == set()


async def test_in_a_channel_only_its_managers_press_but_what_they_alone_see(
    member: Any, database: Database
) -> None:
    words = words_of("en")
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=-50, is_channel=True, now=NOW)
    assert await refused(member, words.managers_only) == FIELDS_OF.keys() - {"ml"}


async def test_who_is_not_let_in_may_only_ask_and_be_forgotten(ann: Any, private: Any) -> None:
    stranger = private(ann)
    await stranger.say("/start")
    refusals = await refused(stranger, words_of("en").old_button)
    assert FIELDS_OF.keys() - refusals == {"aa", "fy", "fn"}


@pytest.mark.parametrize("data", ["", "no such verb|1", "ap", "ap|1", "-7:ap|1|0"])
async def test_what_no_button_of_today_says_is_an_old_one(ann: Any, data: str) -> None:
    assert (await ann.press_data(data)).toast == words_of("en").old_button


async def test_a_button_that_does_nothing_says_nothing(ann: Any, member: Any) -> None:
    for person in (ann, member):
        assert await person.press_data(keyboards.NOTHING) == PressResult()


@pytest.mark.parametrize(
    "data",
    ["sm|xx", "sm|z||Nowhere|0", "sm|z||Europe|x", "st|l|xx", "st|z|Nowhere", "st|p|soon",
     "st|p|08:00 Nowhere", "st|q|never", "st|u|2", "st|d|never", "st|b|99", "st|x|1"],
)  # fmt: skip
def test_what_no_button_sets_is_an_old_button_and_changes_nothing(desk: Desk, data: str) -> None:
    async def read() -> Any:
        async with desk.services.database.reader() as conn:
            return await subscribers.get_subscriber(conn, ANN)

    before = desk.runner.run(read())
    assert desk.press(data) == PressResult(toast=words_of("en").old_button)
    assert desk.runner.run(read()) == before


@pytest.mark.parametrize(
    "data", ["sm|-", "sm|l", "sm|q", "st|l|ru", "st|q|22:00-07:00", "st|u|1", "st|b|10", "st|d|off"]
)
def test_a_chat_that_was_forgotten_has_no_settings(desk: Desk, data: str) -> None:
    stranger = 77
    assert desk.press(data, chat_id=stranger).toast == words_of("en").old_button


OPERATORS = (
    "ACCESS_ALLOW ACCESS_DENY CHANNEL_OFFICIAL CHANNEL_REMOVE CHANNEL_RESTORE INVITES_PAGE"
    " INVITES_REMOVE INVITES_RESTORE INVITE_REVOKE READ_ASK READ_BACK READ_STATE READ_STOP"
    " UNWATCH_UNDO USERS_ASK USERS_PAGE USERS_RESTORE USERS_REVOKE WATCH_OTHER WISH_DENY WISH_WATCH"
)


@pytest.mark.parametrize("name", OPERATORS.split())
def test_what_only_operators_may_press_is_refused_to_others(desk: Desk, name: str) -> None:
    data = keyboards.data(getattr(keyboards, name), "0", "1", "1")
    refused = PressResult(toast=words_of("en").operators_only)
    assert desk.press(data) == refused
    desk.services = replace(desk.services, admins=frozenset({ANN}))
    assert desk.press(data) != refused


def test_no_other_button_is_for_operators_alone() -> None:
    verbs = {getattr(keyboards, name) for name in OPERATORS.split()}
    assert {name for name, verb in buttons.VERBS.items() if verb.operators} == verbs
