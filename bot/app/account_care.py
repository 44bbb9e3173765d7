"""Looks after the watching account: asks how it is kept, and says once when it is frozen.

While it is frozen, it goes on where it is let; channels that it may not read are read from their
web previews, or wait. Nothing ends, and nothing is tried in its place.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from bot.telegram import care, clients, failures, signin
from bot.telegram.clients import Client
from handlers.conversation.account_care import AccountCare, Freeze
from handlers.operators.notices import Value
from handlers.operators.troubles import FROZEN, Troubles
from storage.errors import DatelineError

LOOK_SECONDS = 3600.0
FROZEN_LOOK_SECONDS = 600.0
THAWED_SECONDS = 2 * 3600.0
"""Where Telegram does not say itself that an account is frozen, it is not any more after this time
without a refusal."""
CAUSE = "frozen"


async def _nobody() -> str:
    return ""


async def stay_signed_in(client: Client) -> None:
    """Raise NotLoggedInError when a client has disconnected for good: it does so only without a
    login."""
    await client.wait_ended()
    raise signin.lost(client)


class AccountWatch:
    """Asks how the account is kept every hour, and at once when it is refused as frozen.

    ``channels()`` counts those that it is in, ``say(key, name, **values)`` queues a notice to the
    operators, ``thawed()`` is called when it is frozen no more; ``others()`` gives what the
    account is called where other accounts read its channels meanwhile. ``last`` is the last answer.
    """

    def __init__(
        self,
        client: Client,
        troubles: Troubles,
        *,
        channels: Callable[[], int | None],
        say: Callable[..., None],
        thawed: Callable[[], None],
        others: Callable[[], Awaitable[str]] = _nobody,
    ) -> None:
        self._others = others
        self._client = client
        self._troubles = troubles
        self._channels = channels
        self._say = say
        self._thawed = thawed
        self._is_premium: bool | None = None
        self.last: AccountCare | None = None

    async def run(self) -> None:
        """Go on for ever; cancel it to stop."""
        met = self._client.freezing.is_met
        while True:
            await self._ask()
            if met.is_set() or self._freeze is not None:
                await self._sit_out()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await met.wait()

    @property
    def _freeze(self) -> Freeze | None:
        return self.last.freeze if self.last is not None else None

    async def _ask(self) -> None:
        """What cannot be asked now stays as it was: whatever fails here, the service goes on."""
        if self._is_premium is None:
            with contextlib.suppress(*failures.CALL_ERRORS, DatelineError):
                self._is_premium = bool((await signin.get_me(self._client)).premium)
        with contextlib.suppress(*failures.CALL_ERRORS):
            self.last = await care.ask_care(
                partial(clients.call, self._client),
                premium=bool(self._is_premium),
                channels=self._channels(),
            )

    async def _sit_out(self) -> None:
        """Say that the account is frozen, and wait until it is not."""
        self._client.freezing.is_met.set()
        await self._tell(self._freeze or Freeze())
        self._troubles.begin(CAUSE, reason="user", text=FROZEN)
        was_told = self._freeze is not None
        while self._lasts(was_told=was_told):
            await asyncio.sleep(FROZEN_LOOK_SECONDS)
            await self._ask()
        self._client.freezing.over()
        self._troubles.end(CAUSE)
        self._say(f"thawed:{datetime.now(UTC).isoformat()}", "account_thawed")
        self._thawed()

    def _lasts(self, *, was_told: bool) -> bool:
        if self._freeze is not None:
            return True
        since = asyncio.get_running_loop().time() - self._client.freezing.refused_at
        return not was_told and since < THAWED_SECONDS

    async def _tell(self, freeze: Freeze) -> None:
        """One that was told before a restart is not told again."""
        key = f"frozen:{(freeze.since or datetime.now(UTC)).date().isoformat()}"
        values: dict[str, Value] = {"appeal": freeze.appeal}
        if account := await self._others():
            self._say(f"{key}:{account}", "account_frozen_shared", **values, account=account)
            return
        if freeze.until is not None:
            values["until"] = freeze.until
        self._say(key, "account_frozen_until" if freeze.until else "account_frozen", **values)
