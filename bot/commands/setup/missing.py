"""What is missing before the service can run."""

from bot.commands.check import list_wanted
from bot.commands.checking import machine
from bot.settings import Settings
from bot.telegram import sessions, signin
from storage.errors import SettingsError, UsageError


async def list_missing(settings: Settings) -> list[UsageError]:
    """What has to be given yet, each with where it comes from. Nobody is asked, nothing opened."""
    missing: list[UsageError] = []
    try:
        settings.require("api_id", "api_hash", "bot_token")
    except SettingsError as error:
        missing += error.problems
    missing += machine.list_wrong_forms(settings)
    if not has_account(settings):
        missing.append(
            UsageError(
                "no user is logged in",
                where="user account",
                hint=signin.naming("run `dateline login`", settings),
            )
        )
    if not (await list_wanted(settings))[0]:
        missing.append(
            UsageError("no channel is watched", where="CHANNELS", hint="name some in .env")
        )
    return missing


def has_account(settings: Settings) -> bool:
    """Whether a user account was logged in here, as far as the session file says."""
    path = sessions.session_path(settings.data_dir, "user")
    return "name" in sessions.read_notes(path)
