"""Signing in, signing out, and being refused."""

from pathlib import Path
from typing import Any

import pytest
from telethon import errors
from telethon.sessions import SQLiteSession
from telethon.tl import functions

from bot.sandbox.server import Sandbox


async def test_a_bot_signs_in_by_its_token(sandbox: Sandbox, sign_in: Any) -> None:
    bot = sandbox.add_bot("dateline_bot")

    client = await sign_in(bot)
    me = await client.get_me()

    assert (me.id, me.username, me.bot) == (bot.id, "dateline_bot", True)


async def test_a_wrong_token_is_refused(sandbox: Sandbox, new_client: Any) -> None:
    client = new_client()
    await client.connect()

    with pytest.raises(errors.AccessTokenInvalidError):
        await client.sign_in(bot_token="1:nobody")


async def test_a_person_signs_in_by_phone_and_code(sandbox: Sandbox, sign_in: Any) -> None:
    ann = sandbox.add_user("Ann", phone="+1 555 000 0001", username="ann")

    client = await sign_in(ann)
    me = await client.get_me()

    assert (me.id, me.first_name, me.phone) == (ann.id, "Ann", "15550000001")


async def test_a_wrong_code_is_refused_and_the_right_one_still_works(
    sandbox: Sandbox, new_client: Any
) -> None:
    ann = sandbox.add_user("Ann", code="54321")
    client = new_client()
    await client.connect()
    await client.send_code_request(ann.phone)

    with pytest.raises(errors.PhoneCodeInvalidError):
        await client.sign_in(ann.phone, "11111")
    me = await client.sign_in(ann.phone, "54321")

    assert me.id == ann.id


async def test_a_code_works_in_a_second_process(
    sandbox: Sandbox, new_client: Any, tmp_path: Path
) -> None:
    ann = sandbox.add_user("Ann")
    first = new_client(SQLiteSession(str(tmp_path / "user")))
    await first.connect()
    sent = await first.send_code_request(ann.phone)
    await first.disconnect()

    second = new_client(SQLiteSession(str(tmp_path / "user")))
    await second.connect()
    me = await second.sign_in(ann.phone, "12345", phone_code_hash=sent.phone_code_hash)

    assert me.id == ann.id


async def test_a_code_of_another_request_has_expired(sandbox: Sandbox, new_client: Any) -> None:
    ann = sandbox.add_user("Ann")
    client = new_client()
    await client.connect()

    with pytest.raises(errors.PhoneCodeExpiredError):
        await client.sign_in(ann.phone, "12345", phone_code_hash="other")


async def test_an_unknown_phone_has_no_account(sandbox: Sandbox, new_client: Any) -> None:
    client = new_client()
    await client.connect()
    await client.send_code_request("+15559999999")

    with pytest.raises(errors.PhoneNumberUnoccupiedError):
        await client.sign_in("+15559999999", "12345")


async def test_a_phone_that_is_none_is_invalid(sandbox: Sandbox, new_client: Any) -> None:
    client = new_client()
    await client.connect()

    with pytest.raises(errors.PhoneNumberInvalidError):
        await client.send_code_request("+12")


async def test_a_two_step_password_is_asked_for_and_checked(
    sandbox: Sandbox, new_client: Any
) -> None:
    ann = sandbox.add_user("Ann", password="снег и ветер")
    client = new_client()
    await client.connect()
    await client.send_code_request(ann.phone)

    with pytest.raises(errors.SessionPasswordNeededError):
        await client.sign_in(ann.phone, "12345")
    with pytest.raises(errors.PasswordHashInvalidError):
        await client.sign_in(password="дождь")
    assert not await client.is_user_authorized()
    me = await client.sign_in(password="снег и ветер")

    assert me.id == ann.id


async def test_a_key_that_nobody_signed_in_with_is_unregistered(
    sandbox: Sandbox, new_client: Any
) -> None:
    client = new_client()
    await client.connect()

    with pytest.raises(errors.AuthKeyUnregisteredError):
        await client(functions.updates.GetStateRequest())
    assert await client.get_me() is None


async def test_revoked_keys_are_unregistered(sandbox: Sandbox, sign_in: Any) -> None:
    bot = sandbox.add_bot("dateline_bot")
    client = await sign_in(bot)

    bot.sign_out_everywhere()

    with pytest.raises(errors.AuthKeyUnregisteredError):
        await client(functions.updates.GetStateRequest())
    assert not sandbox.is_online(bot)


async def test_logging_out_ends_the_session(sandbox: Sandbox, sign_in: Any) -> None:
    ann = sandbox.add_user("Ann")
    client = await sign_in(ann)

    assert await client.log_out()

    assert not sandbox.is_online(ann)


async def test_a_session_file_stays_signed_in(
    sandbox: Sandbox, sign_in: Any, new_client: Any, tmp_path: Path
) -> None:
    ann = sandbox.add_user("Ann")
    client = await sign_in(ann, SQLiteSession(str(tmp_path / "user")))
    await client.disconnect()

    again = new_client(SQLiteSession(str(tmp_path / "user")))
    await again.connect()

    assert (await again.get_me()).id == ann.id


async def test_a_client_without_the_servers_key_makes_no_connection(
    sandbox: Sandbox, new_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(connection_retries=1)
    monkeypatch.setattr("telethon.crypto.rsa._server_keys", {})

    with pytest.raises(ConnectionError, match="auth_key generation failed"):
        await client.connect()
