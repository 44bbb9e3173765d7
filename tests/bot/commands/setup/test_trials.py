"""What is typed while setting up is tried with Telegram, and what is wrong is said of what."""

from pathlib import Path
from typing import Any

import pytest

from bot import settings as loading
from bot.commands.setup import trials
from bot.demo import process
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from storage.errors import DatelineError


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Settings:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    (tmp_path / "none.env").touch()
    environment = process.environment_for(sandbox, bot, tmp_path, "")
    return loading.load(environment, tmp_path / "none.env")


@pytest.mark.parametrize(
    ("trial", "method", "reason", "where"),
    [
        (trials.try_application, "auth.exportLoginToken", "API_ID_INVALID", "API_ID"),
        (trials.try_application, "auth.exportLoginToken", "SOMETHING_NEW", "API_ID"),
        (trials.try_token, "auth.importBotAuthorization", "ACCESS_TOKEN_INVALID", "BOT_TOKEN"),
        (trials.try_token, "auth.importBotAuthorization", "SOMETHING_NEW", "BOT_TOKEN"),
    ],
)
async def test_what_is_refused_names_what_was_typed(
    sandbox: Sandbox, settings: Settings, trial: Any, method: str, reason: str, where: str
) -> None:
    fault = sandbox.faults.fail(method, reason)
    with pytest.raises(DatelineError) as caught:
        await trial(settings)
    assert (caught.value.where, fault.hits) == (where, 1)
    await trial(settings)
