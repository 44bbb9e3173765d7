"""What signing in says where it fails."""

import asyncio
from pathlib import Path

import pytest
from telethon.errors import PhoneCodeInvalidError, PhoneMigrateError, rpc_message_to_error
from telethon.tl.types import RpcError

from bot import settings as loading
from bot.demo import process
from bot.sandbox.server import Sandbox
from bot.sandbox.world.accounts import Bot
from bot.settings import Settings
from bot.telegram import clients, failures, sessions, signin
from bot.telegram.clients import NotReachedError
from bot.telegram.failures import NotLoggedInError
from storage.errors import DatelineError, ServiceError, UsageError


def refused(name: str, code: int = 400) -> Exception:
    error: Exception = rpc_message_to_error(RpcError(code, name), None)
    return error


@pytest.fixture
def bot_settings(sandbox: Sandbox, tmp_path: Path) -> tuple[Bot, Settings]:
    """A bot, and the settings of an instance that it serves."""
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    (tmp_path / "none.env").touch()
    environment = process.environment_for(sandbox, bot, tmp_path, "")
    return bot, loading.load(environment, tmp_path / "none.env")


ASKED = "users.getUsers"
PATIENCE = 30.0
COPY = "copy the token from @BotFather again"


@pytest.mark.parametrize(
    ("error", "kind", "line"),
    [
        (
            TimeoutError(),
            NotReachedError,
            "API: Telegram did not answer: no reply in time; check the network",
        ),
        (
            ConnectionError("disconnected"),
            NotReachedError,
            "API: Telegram did not answer: disconnected; check the network",
        ),
        (
            refused("FLOOD_WAIT_77", 420),
            ServiceError,
            "API: Telegram asks to wait 77 seconds; try again then",
        ),
        *[
            (refused(name), ServiceError, f"BOT_TOKEN: Telegram refuses the token ({name}); {COPY}")
            for name in ("ACCESS_TOKEN_INVALID", "ACCESS_TOKEN_EXPIRED", "BOT_TOKEN_INVALID")
        ],
        (
            refused("USER_DEACTIVATED", 401),
            ServiceError,
            f"BOT_TOKEN: Telegram refuses the token (USER_DEACTIVATED); {COPY}",
        ),
        *[
            (
                refused(name),
                UsageError,
                f"API_ID: Telegram refuses API_ID and API_HASH ({name}); "
                "copy both from https://my.telegram.org again",
            )
            for name in ("API_ID_INVALID", "API_ID_PUBLISHED_FLOOD")
        ],
        (
            refused("PHONE_NUMBER_BANNED"),
            ServiceError,
            "API: Telegram refuses: PHONE_NUMBER_BANNED; see the log",
        ),
    ],
)
def test_an_error_is_one_line_with_what_to_do(
    error: Exception, kind: type[DatelineError], line: str
) -> None:
    explained = signin.explain(error, where="API")
    assert (type(explained), str(explained)) == (kind, line)


def test_an_error_of_our_own_stays_what_it_is() -> None:
    own = UsageError("there is none", where="X")
    assert signin.explain(own, where="API") is own


async def test_where_nobody_is_logged_in_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotLoggedInError) as caught:
        async with signin.signed_in_user(Settings(data_dir=tmp_path)):
            pass
    assert str(caught.value) == "user account: no user is logged in; run `dateline login`"
    assert caught.value.reason == ""


@pytest.mark.parametrize(
    ("name", "reason", "said"),
    [
        ("", "SESSION_REVOKED", "the login is not valid any more (SESSION_REVOKED); run"),
        ("Ann Mast", "USER_DEACTIVATED_BAN", "the login of Ann Mast is not valid any more (USER_"),
        ("", "AUTH_KEY_DUPLICATED", "any more (AUTH_KEY_DUPLICATED); stop the other copy"),
    ],
)
def test_a_login_that_has_ended_is_named_with_what_to_do(name: str, reason: str, said: str) -> None:
    error = failures.not_logged_in("user", reason, name=name)
    assert (error.where, error.reason) == ("user account", reason)
    assert said in str(error)


@pytest.mark.parametrize(
    ("moves", "calls", "succeeds"), [(0, 1, True), (1, 2, True), (2, 3, True), (3, 3, False)]
)
async def test_a_call_is_made_again_where_the_client_has_moved(
    moves: int, calls: int, succeeds: bool
) -> None:
    made: list[int] = []

    async def call() -> str:
        made.append(1)
        if len(made) <= moves:
            raise refused("PHONE_MIGRATE_4", 303)
        return "done"

    if succeeds:
        assert await signin.at_home(call) == "done"
    else:
        with pytest.raises(PhoneMigrateError):
            await signin.at_home(call)
    assert len(made) == calls


async def test_another_failure_is_raised_at_once() -> None:
    made: list[int] = []

    async def call() -> None:
        made.append(1)
        raise refused("PHONE_CODE_INVALID")

    with pytest.raises(PhoneCodeInvalidError):
        await signin.at_home(call)
    assert made == [1]


@pytest.mark.parametrize(
    ("name", "folder", "hint"),
    [
        ("user", "data", "run `dateline login`"),
        ("north", "data/account-north", "run `dateline login --account north`"),
    ],
)
def test_each_account_has_a_data_folder_of_its_own(name: str, folder: str, hint: str) -> None:
    settings = Settings(data_dir=Path("data"), database_url="postgresql://db/news")
    found = signin.for_account(settings, name)
    assert found.data_dir == Path(folder)
    assert signin.naming("run `dateline login`", found) == hint
    again = hint.replace("login", "setup")
    assert signin.naming("run `dateline setup`", found) == again


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "x" * 33])
def test_a_name_that_is_no_folders_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no name for an account"):
        signin.for_account(Settings(database_url="postgresql://db/news"), name)


async def test_a_login_that_telegram_has_ended_names_whose_it_was(
    bot_settings: tuple[Bot, Settings],
) -> None:
    _, settings = bot_settings
    sessions.make_private(settings.data_dir)
    async with clients.opened(settings, "user") as client:
        await clients.connect(client)
    path = sessions.session_path(settings.data_dir, "user")
    told: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "the login is not valid any more"),
        ({"name": "Ann Mast"}, "the login of Ann Mast is not valid any more"),
    )
    for notes, said in told:
        sessions.write_notes(path, notes)
        with pytest.raises(NotLoggedInError, match=said):
            async with signin.signed_in_user(settings):
                pass


def test_over_sqlite_one_account_watches() -> None:
    with pytest.raises(UsageError, match="over SQLite one account watches"):
        signin.for_account(Settings(database_url="sqlite:///data/dateline.db"), "north")


@pytest.mark.slow
async def test_a_session_that_a_bot_has_lost_is_closed_and_made_anew(
    bot_settings: tuple[Bot, Settings],
) -> None:
    bot, settings = bot_settings
    path = sessions.session_path(settings.data_dir, "bot")
    logins = []
    for is_lost in (False, True, False):
        if is_lost:
            bot.sign_out_everywhere()
        async with signin.signed_in_bot(settings) as client:
            me = await signin.whoami(client)
            assert me is not None
            assert me.id == bot.id
            logins.append(client.session.auth_key.key)
        assert path.exists()
    first, second, third = logins
    assert first != second == third


@pytest.mark.slow
@pytest.mark.parametrize(("refusals", "wait", "calls"), [(4, 0, 5), (5, 0, 5), (1, 61, 1)])
async def test_who_one_is_is_asked_five_times_unless_it_takes_more_than_a_minute(
    bot_settings: tuple[Bot, Settings],
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    refusals: int,
    wait: int,
    calls: int,
) -> None:
    bot, settings = bot_settings
    monkeypatch.setattr(signin, "backoff", lambda _: 0.0)
    async with signin.signed_in_bot(settings) as client:
        before = sandbox.count_calls(ASKED)
        if wait:
            sandbox.faults.flood_wait(ASKED, wait, times=refusals)
        else:
            sandbox.faults.fail(ASKED, "INTERNAL", code=500, times=refusals)
        async with asyncio.timeout(PATIENCE):
            if refusals < calls:
                me = await signin.whoami(client)
                assert me is not None and me.id == bot.id
            else:
                with pytest.raises(ServiceError):
                    await signin.whoami(client)
        assert sandbox.count_calls(ASKED) - before == calls
