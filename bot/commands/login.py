"""``dateline login``: logs the watching account in, on a terminal or in two steps without one.

Between the steps the code's hash is stored in DATA_DIR (mode 0600): a code is valid only together
with it, and with the session that requested it.
"""

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from telethon import errors, utils

from bot import logs
from bot.process import private_files
from bot.settings import Settings
from bot.telegram import clients, failures, sessions, signin
from bot.telegram.clients import Client
from storage.errors import DatelineError, ServiceError, UsageError

Ask = Callable[[str, bool], Awaitable[str]]

ATTEMPTS = 3
_WHERE = "login"
_REFUSALS = {
    "PHONE_NUMBER_INVALID": ("this is no phone number", "give it as +49301234567"),
    "PHONE_NUMBER_BANNED": ("Telegram has banned this number", "use another account"),
    "PHONE_NUMBER_UNOCCUPIED": (
        "no Telegram account has this number",
        "sign up with Telegram's own app first",
    ),
    "PHONE_NUMBER_FLOOD": ("too many codes were asked for", "try again tomorrow"),
    "PHONE_PASSWORD_FLOOD": ("too many attempts", "try again tomorrow"),
    "PHONE_CODE_INVALID": ("the code is wrong", "run `dateline login --code CODE` again"),
    "PHONE_CODE_EMPTY": ("the code is empty", "run `dateline login --code CODE` again"),
    "PHONE_CODE_EXPIRED": (
        "the code has expired",
        "ask for a new one with `dateline login --phone NUMBER`",
    ),
    "PASSWORD_HASH_INVALID": ("the two-step password is wrong", "try again"),
}
_WRONG_ANSWERS = ("PHONE_CODE_INVALID", "PHONE_CODE_EMPTY", "PASSWORD_HASH_INVALID")


class Pending(Struct, frozen=True, kw_only=True):
    """A login in progress: the number, the hash of its code, and whether only the password is
    missing."""

    phone: str
    phone_code_hash: str
    needs_password: bool = False


async def login(
    settings: Settings,
    *,
    phone: str | None = None,
    code: str | None = None,
    password: str | None = None,
    ask: Ask | None = None,
) -> str:
    """Log the account in as far as the given values suffice; returns a line to print.

    ``ask(question, secret)`` asks on a terminal; None if there is none. Raises UsageError for
    values that are missing or wrong, ServiceError for what Telegram refuses.
    """
    try:
        said = await _log_in_anew(settings, phone, code, password, ask)
    except DatelineError as error:
        error.hint = signin.naming(error.hint, settings)
        raise
    return signin.naming(said, settings)


async def _log_in_anew(
    settings: Settings,
    phone: str | None,
    code: str | None,
    password: str | None,
    ask: Ask | None,
) -> str:
    settings.require("api_id", "api_hash")
    logs.configure_for(settings)
    steps = _Steps(settings, ask)
    session = sessions.session_path(settings.data_dir, "user")
    try:
        said = await _log_in(settings, steps, phone, code, password)
    except failures.NotLoggedInError:
        # The server lets nobody in by this session any more: another is made in its place.
        sessions.remove(session)
        said = await _log_in(settings, steps, phone, code, password)
    if not steps.are_left():
        # By this a service whose account was gone sees that there is one again.
        sessions.write_notes(session, {"login": secrets.token_hex(8)})
    return said


async def _log_in(
    settings: Settings, steps: "_Steps", phone: str | None, code: str | None, password: str | None
) -> str:
    async with clients.opened(settings, "user") as client:
        await clients.connect(client)
        me = await signin.whoami(client)
        if me is not None:
            steps.forget()
            return f"already logged in as {utils.get_display_name(me)}"
        said = await steps.go(client, phone, code, password)
        client.session.assure()
        return said


class _Steps:
    """The steps of a login, with the state between them."""

    def __init__(self, settings: Settings, ask: Ask | None) -> None:
        self._file = settings.data_dir / "login.json"
        self._session = sessions.session_path(settings.data_dir, "user")
        self._ask = ask

    async def go(
        self, client: Client, phone: str | None, code: str | None, password: str | None
    ) -> str:
        pending = self._read()
        if pending and phone and utils.parse_phone(phone) != pending.phone:
            pending = None
        if pending and pending.needs_password and not code:
            return await self._enter_password(client, password)
        if code:
            if pending is None:
                raise UsageError(
                    "no code was asked for",
                    where="--code",
                    hint="run `dateline login --phone NUMBER` first",
                )
            return await self._enter_code(client, pending, code, password)
        pending = await self._send_code(client, phone)
        if self._ask is None:
            return f"a code was sent to +{pending.phone}; run `dateline login --code CODE`"
        return await self._ask_code(client, pending, password)

    async def _send_code(self, client: Client, phone: str | None) -> Pending:
        if not phone and self._ask is None:
            raise UsageError(
                "no phone number was given", where="--phone", hint="give it as +49301234567"
            )
        given = phone or await self._question("Phone number", secret=False)
        number = utils.parse_phone(given)
        if not number:
            raise UsageError(
                f"{given!r} is no phone number", where="--phone", hint="give it as +49301234567"
            )
        sent = await self._call(lambda: client.send_code_request(number))
        pending = Pending(phone=number, phone_code_hash=sent.phone_code_hash)
        self._write(pending)
        return pending

    async def _ask_code(self, client: Client, pending: Pending, password: str | None) -> str:
        question = "Code that Telegram has sent to the account"
        for _ in range(ATTEMPTS - 1):
            code = await self._question(question, secret=False)
            try:
                return await self._enter_code(client, pending, code, password)
            except _WrongAnswerError as error:
                question = f"{error.what[:1].upper()}{error.what[1:]}. Code"
        code = await self._question(question, secret=False)
        return await self._enter_code(client, pending, code, password)

    async def _enter_code(
        self, client: Client, pending: Pending, code: str, password: str | None
    ) -> str:
        try:
            me = await self._call(
                lambda: client.sign_in(
                    phone=pending.phone, code=code, phone_code_hash=pending.phone_code_hash
                )
            )
        except errors.SessionPasswordNeededError:
            self._write(
                Pending(
                    phone=pending.phone,
                    phone_code_hash=pending.phone_code_hash,
                    needs_password=True,
                )
            )
            return await self._enter_password(client, password)
        return await self._done(client, me)

    async def _enter_password(self, client: Client, password: str | None) -> str:
        if password is None and self._ask is None:
            raise UsageError(
                "this account has a two-step password",
                where="login",
                hint="run `dateline login --password-stdin` and write it to stdin",
            )
        if password is not None:
            if not password:
                raise UsageError("the password is empty", where="--password-stdin", hint="write it")
            return await self._try_password(client, password)
        question = "Two-step password (not shown)"
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._try_password(client, await self._question(question, secret=True))
            except _WrongAnswerError as error:
                question = f"{error.what[:1].upper()}{error.what[1:]}. Password (not shown)"
        return await self._try_password(client, await self._question(question, secret=True))

    async def _try_password(self, client: Client, secret: str) -> str:
        if not secret:
            raise _WrongAnswerError("the password is empty", where=_WHERE, hint="write it")
        me = await self._call(lambda: client.sign_in(password=secret))
        return await self._done(client, me)

    async def _done(self, client: Client, me: object) -> str:
        self.forget()
        name = utils.get_display_name(me)
        await clients.within(client.disconnect())
        notes = {"name": name, "id": str(getattr(me, "id", ""))}
        sessions.write_notes(self._session, notes)
        return f"logged in as {name}"

    async def _question(self, question: str, *, secret: bool) -> str:
        if self._ask is None:
            raise UsageError(f"{question} is missing", where=_WHERE, hint="see `dateline login -h`")
        return (await self._ask(question, secret)).strip()

    async def _call(self, make: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await signin.at_home(make)
        except errors.SessionPasswordNeededError:
            raise
        except failures.CALL_ERRORS as error:
            raise _explain(error) from error

    def _read(self) -> Pending | None:
        try:
            return Pending(**private_files.read_json(self._file))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise ServiceError(
                "holds no login under way",
                where=str(self._file),
                hint="remove it and start again with `dateline login --phone NUMBER`",
            ) from error

    def _write(self, pending: Pending) -> None:
        private_files.write_whole(self._file, json.dumps(asdict(pending)).encode())

    def are_left(self) -> bool:
        """Whether the login is still in progress."""
        return self._file.exists()

    def forget(self) -> None:
        """Delete the state between two steps."""
        self._file.unlink(missing_ok=True)


class _WrongAnswerError(ServiceError):
    """The code or the password is wrong; another one may be tried."""


def _explain(error: BaseException) -> DatelineError:
    name = failures.failure_of(error).reason
    if name not in _REFUSALS:
        return signin.explain(error, where=_WHERE)
    what, hint = _REFUSALS[name]
    kind = _WrongAnswerError if name in _WRONG_ANSWERS else ServiceError
    return kind(what, where=_WHERE, hint=hint)
