"""The account that watches is gone: logged out, banned, closed. Nothing ends with it.

Public channels are read from their web previews, the others wait; the operators are told once,
whatever is started again meanwhile. Who watches is decided when the service starts. So where that
changes while it runs, the service begins anew, within the process.
"""

import asyncio
import contextlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

import structlog

from bot.app.account_care import CAUSE as FREEZE_CAUSE
from bot.settings import Settings
from bot.telegram import sessions, signin
from bot.telegram.clients import Client
from bot.telegram.failures import NotLoggedInError
from bot.watching.sharing.sharing import Sharing
from handlers.conversation.account_care import Gone
from handlers.operators.notices import Notices, Value
from handlers.operators.troubles import GONE, GONE_CAUSE, Troubles
from handlers.render.text.names import name_of
from storage import facts
from storage.channels import accounts, channels
from storage.connection import Connection, Database
from storage.errors import ServiceError, StorageError
from storage.records import Channel

LOOK_SECONDS = 2.0
"""Between two looks whether an account was logged in."""
MOST_NAMED = 10
_FACT = "account_gone"
_LOST = "account_lost"

log = structlog.get_logger("app")


class BeginAnewError(Exception):
    """The service has to begin anew: the account is gone (``error`` says how), or, with None, one
    may have been logged in, or whatever the ``reason`` says."""

    def __init__(
        self,
        error: NotLoggedInError | None = None,
        *,
        reason: str = "an account may have been logged in",
    ) -> None:
        super().__init__(str(error or reason))
        self.error = error


class Absence:
    """What is done about the account that watches being gone, and about its coming back.

    ``error`` is why there is none; None where one is signed in, or none is wanted. ``sharing``:
    with whom the channels are shared, where several watch.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        notices: Notices,
        troubles: Troubles,
        error: NotLoggedInError | None,
        sharing: Sharing | None = None,
    ) -> None:
        self._sharing = sharing
        self._session = sessions.session_path(settings.data_dir, "user")
        self._database = database
        self._notices = notices
        self._troubles = troubles
        self._error = error
        self._seen = self._read_login()
        self.gone: Gone | None = None

    async def begin(self, *, has_account: bool) -> bool:
        """Tell what is new; whether an account is back that was gone.

        Raises NotLoggedInError if no account has ever watched: then the operator must log in.
        """
        self._troubles.end(FREEZE_CAUSE)
        if self._error is not None:
            self.gone = await self._tell_gone(self._error)
            self._troubles.begin(GONE_CAUSE, reason="user", text=GONE)
            return False
        self._troubles.end(GONE_CAUSE)
        return has_account and await self._tell_back()

    async def _tell_gone(self, error: NotLoggedInError) -> Gone:
        async with self._database.transaction() as tx:
            if not error.reason or await accounts.find_first(tx) is None:
                raise error
            known = await find_gone(tx, self._fact())
            if known is not None:
                return known
            now = datetime.now(UTC)
            gone = Gone(since=now, reason=error.reason, hint=error.hint)
            values = {"since": now.isoformat(), "reason": gone.reason, "hint": gone.hint}
            await facts.set_value(tx, self._fact(), json.dumps(values))
            name, said = await self._explain(tx)
            said |= {"reason": gone.reason, "hint": gone.hint}
            await self._notices.add(tx, f"account:{now.isoformat()}", name, **said)
        log.error("the account watches no more", error=str(error))
        return gone

    async def _explain(self, tx: Connection) -> tuple[str, dict[str, Value]]:
        """Which notice tells what becomes of its channels, and what that is."""
        watched = await channels.list_channels(tx, watched=True)
        others = await self._sharing.list_others_serving(tx) if self._sharing else frozenset()
        if not others:
            waiting = list_waiting(watched)
            return ("account_lost_waiting", {"channels": waiting}) if waiting else (_LOST, {})
        members = await accounts.list_members(tx)
        waiting = list_waiting(
            channel
            for channel in watched
            if channel.reference is None
            and others.isdisjoint(members.get(channel.channel_id or 0, ()))
        )
        said: dict[str, Value] = {"account": self.name}
        if waiting:
            return "account_lost_shared_waiting", said | {"channels": waiting}
        return "account_lost_shared", said

    async def name_beside_others(self) -> str:
        """What the account is called, where other accounts can read its channels; else nothing."""
        if self._sharing is None:
            return ""
        with contextlib.suppress(StorageError):
            async with self._database.reader() as conn:
                return self.name if await self._sharing.list_others_serving(conn) else ""
        return ""

    @property
    def name(self) -> str:
        """What the account is called, as far as is known."""
        return self._read_notes().get("name") or signin.UNNAMED

    def _fact(self) -> str:
        """Where it stands that the account is gone: where several watch, of each by itself."""
        number = self._read_notes().get("id") if self._sharing is not None else None
        return f"{_FACT}:{number}" if number else _FACT

    async def _tell_back(self) -> bool:
        async with self._database.transaction() as tx:
            gone = await find_gone(tx, self._fact())
            if gone is None:
                return False
            await facts.remove_value(tx, self._fact())
            await self._notices.add(tx, f"account_back:{gone.since.isoformat()}", "account_back")
        log.info("the account watches again")
        return True

    async def wait_back(self) -> None:
        """Wait until an account was logged in. Raises BeginAnewError then."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await asyncio.to_thread(self._read_login) not in (None, self._seen):
                raise BeginAnewError

    def _read_login(self) -> str | None:
        return self._read_notes().get("login")

    def _read_notes(self) -> dict[str, str]:
        with contextlib.suppress(ServiceError):
            return sessions.read_notes(self._session)
        return {}


async def stay_watching(user: Client) -> None:
    """Wait until the account is gone. Raises BeginAnewError then."""
    await user.wait_ended()
    raise BeginAnewError(signin.lost(user))


async def find_gone(conn: Connection, fact: str = _FACT) -> Gone | None:
    """How the account is gone, as the operators were told; None where it is not. ``fact`` is where
    that stands."""
    value = await facts.find_value(conn, fact)
    if value is None:
        return None
    fields = json.loads(value)
    since = datetime.fromisoformat(fields["since"])
    return Gone(since=since, reason=fields["reason"], hint=fields["hint"])


def list_waiting(watched: Iterable[Channel]) -> str:
    """The channels that only an account can read, by name; some of them where they are many."""
    names = sorted(name_of(channel) for channel in watched if channel.username is None)
    more = "" if len(names) <= MOST_NAMED else f", … ({len(names)})"
    return ", ".join(names[:MOST_NAMED]) + more
