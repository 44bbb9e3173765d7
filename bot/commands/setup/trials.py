"""What was typed, tried with Telegram at once."""

from telethon.tl.functions.auth import ExportLoginTokenRequest

from bot.settings import Settings
from bot.telegram import clients, failures, sessions, signin
from storage.errors import UsageError


async def try_application(settings: Settings) -> None:
    """Have Telegram look at ``API_ID`` and ``API_HASH``.

    It compares them where somebody asks to be let in by another device, a request that nobody has
    to answer (core.telegram.org/api/qr-login). Raises UsageError where they do not fit, and
    NotReachedError.
    """
    settings.require("api_id", "api_hash")
    sessions.make_private(settings.data_dir)
    async with clients.opened(settings, "user") as client:
        await clients.connect(client)
        if await signin.whoami(client) is not None:
            return
        request = ExportLoginTokenRequest(settings.api_id, settings.api_hash, except_ids=[])
        try:
            await clients.call(client, request)
        except failures.CALL_ERRORS as error:
            raise signin.explain(error, where="API_ID") from error


async def try_token(settings: Settings) -> str:
    """Log the bot in; gives its user name. Raises ServiceError where the token is refused."""
    async with signin.signed_in_bot(settings) as bot:
        me = await signin.whoami(bot)
        if me is None or not me.username:
            raise UsageError("no bot answers to it", where="BOT_TOKEN", hint="copy it again")
        return str(me.username)
