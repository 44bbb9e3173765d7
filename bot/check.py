"""``dateline check``: every problem that would keep ``run`` from serving, at once."""

import sys

from bot import logs, sessions, signin
from bot.sessions import SessionInUseError
from bot.settings import Settings, SettingsError
from storage.errors import DatelineError


async def check(settings: Settings) -> list[DatelineError]:
    """The problems found, none if all is fine: UsageError for settings, others for logins.

    A session in use by another process is not opened: the service that holds it is its proof.
    """
    problems: list[DatelineError] = []
    logs.configure_for(settings)
    try:
        settings.require("api_id", "api_hash", "bot_token")
    except SettingsError as error:
        problems += error.problems
    try:
        sessions.make_private(settings.data_dir)
    except DatelineError as error:
        return [*problems, error]
    if settings.api_id and settings.api_hash:
        problems += await _check_user(settings)
        if settings.bot_token:
            problems += await _check_bot(settings)
    return list({str(problem): problem for problem in problems}.values())


async def _check_user(settings: Settings) -> list[DatelineError]:
    try:
        async with signin.signed_in_user(settings):
            return []
    except SessionInUseError as error:
        _tell_in_use(error)
        return []
    except DatelineError as error:
        return [error]


async def _check_bot(settings: Settings) -> list[DatelineError]:
    try:
        async with signin.signed_in_bot(settings):
            return []
    except SessionInUseError as error:
        _tell_in_use(error)
        return []
    except DatelineError as error:
        return [error]


def _tell_in_use(error: SessionInUseError) -> None:
    sys.stderr.write(f"dateline: {error.where}: {error.what}: not opened\n")
